"""Where templates and example specs are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

_PACKAGE = Path(__file__).resolve().parent


def _resource(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def templates_directory() -> Path:
    return _resource("templates")


def proofs_directory() -> Path:
    return _resource("proofs")


@cache
def python_environment() -> jinja2.Environment:
    """Templates of Python source (`templates/evaluator`); an undefined name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_directory() / "evaluator"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
