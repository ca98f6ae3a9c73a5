"""One candidate after the other, by the method asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..bundle.newton_ball import NewtonBallPoint
from ..bundle.window import WindowPoint
from ..claims.hopf_point import OpenPoint, PointContent
from ..numbers.balls import working_precision
from ..progress import Progress
from ..search.location import CrossingApprox
from .newton_ball import newton_ball_point
from .window import window_point
from .workshop import Setting, Workshop, workers


@dataclass(frozen=True)
class Way:
    """A way to prove that a point exists. method: that its certificates name."""

    method: str
    prove: Callable[[Workshop, CrossingApprox], PointContent | OpenPoint]


# kind of crossing → what `--method` can ask for → a way
WAYS: Mapping[str, Mapping[str, Way]] = {
    "hopf": {
        "spectral": Way(WindowPoint.method, window_point),
        "newton-kantorovich": Way(NewtonBallPoint.method, newton_ball_point),
    },
}
EXISTENCE = tuple(WAYS["hopf"])  # what `--method` can ask for


def certified_by_ways(existence: str) -> frozenset[str]:
    """The methods that certificates of points may name."""
    return frozenset(ways[existence].method for ways in WAYS.values())


def prove_point(shop: Workshop, crossing: CrossingApprox) -> PointContent | OpenPoint:
    """One candidate: proved and printed, or open with the reason."""
    with working_precision(shop.setting.precision):
        return WAYS[crossing.kind][shop.setting.method].prove(shop, crossing)


def prove_points(
    setting: Setting, crossings: Sequence[CrossingApprox], jobs: int, progress: Progress
) -> tuple[list[PointContent], list[OpenPoint]]:
    """The points alone: proved (by the lower ends of `parameter`) and open."""
    with workers(setting, jobs) as run:
        return candidate_points(run, crossings, progress)


def candidate_points(
    run: Callable[..., Iterator[Any]], crossings: Sequence[CrossingApprox], progress: Progress
) -> tuple[list[PointContent], list[OpenPoint]]:
    proved: list[PointContent] = []
    opened: list[OpenPoint] = []
    for index, outcome in enumerate(run(prove_point, crossings)):
        progress("Hopf points", index + 1, len(crossings))
        if isinstance(outcome, OpenPoint):
            opened.append(replace(outcome, candidate=index))
        elif all(outcome.claims.told_apart(other.claims) for other in proved):  # else the search met it twice
            proved.append(replace(outcome, candidate=index))
    proved.sort(key=lambda content: content.parameter.ends)
    return proved, opened
