"""The points of a run, proved and open, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..bundle.json_text import Files
from ..bundle.kinds import Point
from .bautin import BautinContent
from .circle_branch import PrintedCirclePoint
from .fold import FoldContent
from .gain_branch import PrintedGainPoint
from .hopf_point import OpenPoint, PointContent
from .map_point import MapContent
from .open_row import OpenRow
from .singular import PrintedSingular
from .zero_branch import PrintedPoint
from .zero_crossing import ZeroCrossingContent

Located = PointContent | FoldContent | MapContent | ZeroCrossingContent  # with a witness of its own
WithWitness = Located | BautinContent
Proved = WithWitness | PrintedPoint | PrintedGainPoint | PrintedCirclePoint | PrintedSingular
Opened = OpenPoint | OpenRow
Item = Proved | Opened
Row = tuple[str, Item]


def numbered(proved: Sequence[Proved], opened: Sequence[Opened]) -> list[Row]:
    """Proved and open points, those of a kind numbered together by the lower ends of `parameter`."""
    items: list[Item] = [*proved, *opened]
    items.sort(key=lambda item: item.parameter.low)
    numbers, rows = Counter[str](), list[Row]()
    for item in items:
        prefix = item.row.prefix
        numbers[prefix] += 1
        rows.append((f"{prefix}-{numbers[prefix]:04d}", item))
    return rows


def named_points(rows: Sequence[Row], files: Files) -> list[tuple[int, Point]]:
    """(candidate, certificate) of the points with witnesses of their own; their arrays are added to ``files``."""
    return [(item.candidate, item.point(name, files)) for name, item in rows if isinstance(item, WithWitness)]
