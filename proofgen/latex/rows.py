"""Displays of several enclosures: as many in a row as fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .numbers import Tex

LINE = 74  # letters in a row of a display
MOST_COLUMNS = 4
_COMMAND = re.compile(r"\\[A-Za-z]+ ?")
_MARKS = re.compile(r"\\,|[{}_^$&]")


def letters(tex: str) -> int:
    """About how many letters wide a formula is."""
    return len(_MARKS.sub("", _COMMAND.sub("x", tex)))


def rows(lefts: Sequence[str], rights: Sequence[str], end: str = ".") -> Tex:
    """A display of LEFT RIGHT, LEFT RIGHT, …, aligned in columns; no lefts: of the right sides alone."""
    parts = [f"{left}&{right}" for left, right in zip(lefts or [""] * len(rights), rights, strict=True)]
    widest = max(letters(part) for part in parts) + 2
    columns = max(1, min(MOST_COLUMNS, (LINE + 2) // widest))
    columns = -(-len(parts) // -(-len(parts) // columns))  # rows of about the same length
    lines = [",&\\quad ".join(parts[i : i + columns]) for i in range(0, len(parts), columns)]
    body = ", \\\\\n    ".join(lines)
    return Tex(f"\\[\n  \\begin{{aligned}}\n    {body}{end}\n  \\end{{aligned}}\n\\]")
