"""The points of a run, proved and open, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..bundle.json_text import Files, Json
from ..numbers.exact import parse_printed_decimal
from . import hopf_point as general
from .hopf_point import OpenPoint, PointContent

Row = tuple[str, PointContent | OpenPoint]

PIECES = "pieces"


def numbered(proved: Sequence[PointContent], opened: Sequence[OpenPoint]) -> list[Row]:
    """Proved and open points, numbered together by the lower ends of `parameter`."""

    def position(item: PointContent | OpenPoint) -> Fraction:
        pair = item.claims["parameter"] if isinstance(item, PointContent) else item.parameter
        return parse_printed_decimal(pair[0])

    items: list[PointContent | OpenPoint] = [*proved, *opened]
    items.sort(key=position)
    return [(f"hopf-{number:04d}", item) for number, item in enumerate(items, start=1)]


def store_points(rows: Sequence[Row], problem_sha256: str, files: Files) -> dict[str, Json]:
    points: dict[str, Json] = {}
    for name, item in rows:
        if isinstance(item, PointContent):
            points[name] = general.point_document(name, item, problem_sha256, files)
            files.add_json(f"points/{name}.json", points[name])
    return points
