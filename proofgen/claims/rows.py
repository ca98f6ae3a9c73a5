"""The points of a run, proved and open, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..bundle.json_text import Files
from ..bundle.kinds import Point
from .bautin import BautinContent
from .fold import FoldContent
from .hopf_point import OpenPoint, PointContent
from .map_point import MapContent
from .open_row import OpenRow
from .zero_crossing import ZeroCrossingContent

if TYPE_CHECKING:  # whole methods of proof, of which a run needs one
    from .circle_branch import PrintedCirclePoint
    from .gain_branch import PrintedGainPoint
    from .singular import PrintedSingular
    from .zero_branch import PrintedPoint

Located = PointContent | FoldContent | MapContent | ZeroCrossingContent  # with a witness of its own
WithWitness = Located | BautinContent
Proved: TypeAlias = "WithWitness | PrintedPoint | PrintedGainPoint | PrintedCirclePoint | PrintedSingular"
Opened = OpenPoint | OpenRow
Item: TypeAlias = "Proved | Opened"
Row: TypeAlias = "tuple[str, Item]"


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
