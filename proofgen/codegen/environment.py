"""The templates of Python source."""

from __future__ import annotations

from functools import cache

import jinja2

from ..resources import templates_directory


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
