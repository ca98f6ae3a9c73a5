"""The files of this folder, each loaded where a bundle needs it, and which of them a verdict rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

IMPORT = re.compile(r"^from \.(\w+) import", re.MULTILINE)  # at the beginning of a line: what a file always loads


class Parts:
    """Loads files by their names, and keeps these."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = set(names)

    def __call__(self, name: str) -> Any:
        self.names.add(name)
        return import_module(f".{name}", __package__)


@lru_cache(100)
def source(name: str) -> tuple[int, list[str]]:
    """The lines of a file, and what it always loads."""
    text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    return len(text.splitlines()), IMPORT.findall(text)


def rests_on(names: set[str]) -> dict[str, int]:
    """The named files and all that they load, with their lines."""
    todo, found = ["__init__", *names], dict[str, int]()
    while todo:
        name = todo.pop()
        if f"{name}.py" not in found:
            found[f"{name}.py"], others = source(name)
            todo += others
    return dict(sorted(found.items()))
