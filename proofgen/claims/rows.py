"""The points of a run, proved and open, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from ..bundle.json_text import Files
from ..bundle.kinds import Point
from .hopf_point import OpenPoint, PointContent
from .zero_branch import PrintedPoint

Item = PointContent | PrintedPoint | OpenPoint
Row = tuple[str, Item]


def numbered(proved: Sequence[PointContent | PrintedPoint], opened: Sequence[OpenPoint]) -> list[Row]:
    """Proved and open points, numbered together by the lower ends of `parameter`."""
    items: list[Item] = [*proved, *opened]
    items.sort(key=lambda item: item.parameter.low)
    return [(f"hopf-{number:04d}", item) for number, item in enumerate(items, start=1)]


def named_points(rows: Sequence[Row], files: Files) -> list[tuple[int, Point]]:
    """(candidate, certificate) of the points with witnesses of their own; their arrays are added to ``files``."""
    return [(item.candidate, item.point(name, files)) for name, item in rows if isinstance(item, PointContent)]
