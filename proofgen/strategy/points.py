"""One candidate after the other, by the method asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..bundle.fold import FoldPoint
from ..bundle.newton_ball import NewtonBallPoint
from ..bundle.window import WindowPoint
from ..claims.fold import FoldContent
from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.rows import Opened
from ..numbers.balls import working_precision
from ..progress import Progress
from ..search.location import CrossingApprox
from .fold import fold_point
from .newton_ball import newton_ball_point
from .window import window_point
from .workshop import Setting, Workshop, workers

Proved = PointContent | FoldContent


@dataclass(frozen=True)
class Way:
    """A way to prove that a point exists. method: that its certificates name."""

    method: str
    prove: Callable[[Workshop, CrossingApprox], Proved | Opened]


# kind of crossing → what `--method` can ask for → a way
WAYS: Mapping[str, Mapping[str, Way]] = {
    "hopf": {
        "spectral": Way(WindowPoint.method, window_point),
        "newton-kantorovich": Way(NewtonBallPoint.method, newton_ball_point),
    },
    "fold": dict.fromkeys(("spectral", "newton-kantorovich"), Way(FoldPoint.method, fold_point)),
}
EXISTENCE = tuple(WAYS["hopf"])  # what `--method` can ask for


def certified_by_ways(existence: str) -> frozenset[str]:
    """The methods that certificates of points may name."""
    return frozenset(ways[existence].method for ways in WAYS.values())


def prove_point(shop: Workshop, crossing: CrossingApprox) -> Proved | Opened:
    """One candidate: proved and printed, or open with the reason."""
    with working_precision(shop.setting.precision):
        return WAYS[crossing.kind][shop.setting.method].prove(shop, crossing)


def prove_points(
    setting: Setting, crossings: Sequence[CrossingApprox], jobs: int, progress: Progress
) -> tuple[list[PointContent], list[OpenPoint]]:
    """Hopf points alone: proved (by the lower ends of `parameter`) and open."""
    with workers(setting, jobs) as run:
        proved, opened = candidate_points(run, crossings, progress)
    hopf = [content for content in proved if isinstance(content, PointContent)]
    return hopf, [item for item in opened if isinstance(item, OpenPoint)]


def candidate_points(
    run: Callable[..., Iterator[Any]], crossings: Sequence[CrossingApprox], progress: Progress
) -> tuple[list[Proved], list[Opened]]:
    proved: list[Proved] = []
    opened: list[Opened] = []
    for index, outcome in enumerate(run(prove_point, crossings)):
        progress("points", index + 1, len(crossings))
        if isinstance(outcome, Opened):
            opened.append(replace(outcome, candidate=index))
        elif all(_told_apart(outcome, other) for other in proved):  # else the search met it twice
            proved.append(replace(outcome, candidate=index))
    proved.sort(key=lambda content: content.parameter.ends)
    return proved, opened


def _told_apart(one: Proved, two: Proved) -> bool:
    """At a fold 0 is an eigenvalue, so that it is no Hopf point."""
    if isinstance(one, FoldContent) and isinstance(two, FoldContent):
        return one.claims.told_apart(two.claims)
    if isinstance(one, PointContent) and isinstance(two, PointContent):
        return one.claims.told_apart(two.claims)
    return True
