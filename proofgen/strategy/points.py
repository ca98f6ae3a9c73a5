"""One candidate after the other, by the method asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..bundle.flip import FlipPoint
from ..bundle.fold import FoldPoint
from ..bundle.neimark_sacker import NeimarkSackerPoint
from ..bundle.newton_ball import NewtonBallPoint
from ..bundle.rows import told_apart
from ..bundle.window import WindowPoint
from ..bundle.zero_crossing import PitchforkPoint, TranscriticalPoint
from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.rows import Located, Opened
from ..numbers.balls import working_precision
from ..problem.problem import AnyProblem
from ..progress import Progress
from ..search.location import FLIP, FOLD, HOPF, NEIMARK_SACKER, CrossingApprox
from .fold import fold_point
from .map_point import flip_point, neimark_sacker_point
from .newton_ball import newton_ball_point
from .window import window_point
from .workshop import Setting, Workshop, workers


@dataclass(frozen=True)
class Way:
    """A way to prove that a point exists. method: that its certificates name."""

    method: str
    prove: Callable[[Workshop, CrossingApprox], Located | Opened]


# kind of crossing → what `--method` can ask for → a way
WAYS: Mapping[str, Mapping[str, Way]] = {
    HOPF: {
        "spectral": Way(WindowPoint.method, window_point),
        "newton-kantorovich": Way(NewtonBallPoint.method, newton_ball_point),
    },
    FOLD: dict.fromkeys(("spectral", "newton-kantorovich"), Way(FoldPoint.method, fold_point)),  # of maps, too
    NEIMARK_SACKER: {"spectral": Way(NeimarkSackerPoint.method, neimark_sacker_point)},
    FLIP: {"spectral": Way(FlipPoint.method, flip_point)},
}
OF_MAPS = (NEIMARK_SACKER, FLIP)  # what is proved of a map, and of no flow
OF_CROSSINGS = frozenset({TranscriticalPoint.method, PitchforkPoint.method})  # see `zero_crossing.name_crossings`


def certified_by_ways(existence: str) -> frozenset[str]:
    """The methods that certificates of points may name."""
    return OF_CROSSINGS | {ways[existence].method for ways in WAYS.values() if existence in ways}


def sought(problem: AnyProblem) -> frozenset[str]:
    """The kinds of crossings that are proved points."""
    return frozenset((*OF_MAPS, FOLD)) if problem.discrete else frozenset(WAYS) - frozenset(OF_MAPS)


def prove_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
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
) -> tuple[list[Located], list[Opened]]:
    proved: list[Located] = []
    opened: list[Opened] = []
    for index, outcome in enumerate(run(prove_point, crossings)):
        progress("points", index + 1, len(crossings))
        if isinstance(outcome, Opened):
            opened.append(replace(outcome, candidate=index))
        elif all(_told_apart(outcome, other) for other in proved):  # else the search met it twice
            proved.append(replace(outcome, candidate=index))
    proved.sort(key=lambda content: content.parameter.ends)
    return proved, opened


def _told_apart(one: Located, two: Located) -> bool:
    """Points of two kinds differ: each is where one pair or real eigenvalue is alone on the axis or the circle."""
    return type(one.claims) is not type(two.claims) or told_apart(one.claims, two.claims)
