"""One candidate after the other, by the method asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..claims.hopf_point import OpenPoint, PointContent
from ..numbers.balls import working_precision
from ..progress import Progress
from ..search.location import CrossingApprox
from .newton_ball import newton_ball_point
from .window import window_point
from .workshop import Setting, Workshop, workers

# what `--method` can ask for → how a point is proved to exist
EXISTENCE: dict[str, Callable[[Workshop, CrossingApprox], PointContent | OpenPoint]] = {
    "spectral": window_point, "newton-kantorovich": newton_ball_point
}  # fmt: skip


def prove_point(shop: Workshop, crossing: CrossingApprox) -> PointContent | OpenPoint:
    """One candidate: proved and printed, or open with the reason."""
    with working_precision(shop.setting.precision):
        return EXISTENCE[shop.setting.method](shop, crossing)


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
