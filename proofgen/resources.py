"""Where templates and example specs are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _resource(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def templates_directory() -> Path:
    return _resource("templates")


def proofs_directory() -> Path:
    return _resource("proofs")
