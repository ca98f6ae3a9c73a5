"""What a real crossing of x = 0 is: a transcritical point, a pitchfork (in a window around it), or not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from ..bundle.circle_branch import CircleBranch
from ..bundle.gain_branch import GainBranch
from ..bundle.json_text import Files
from ..bundle.kinds import Point
from ..bundle.listing import Listed
from ..bundle.zero_crossing import is_about
from ..claims.hopf_point import WITH_BOX, WITH_WITNESS, Printer
from ..claims.rows import Row, named_points
from ..claims.zero_crossing import PlainCrossing, ZeroCrossingContent, zero_crossing_content
from ..codegen.network import NetworkEmission
from ..numbers.balls import working_precision
from ..numbers.printed import Enclosure
from ..problem.problem import AnyProblem
from ..proof.failure import Failure, FailureCode
from ..proof.zero_crossing import prove_zero_crossing
from ..search.location import REAL, CrossingApprox
from .fields import KINDS
from .open_point import looked_for
from .task import Task
from .window import Theorem, narrow_parameter, proved_in_window
from .workshop import Setting, Workshop, workers

ClosedBranch = TypeVar("ClosedBranch", GainBranch, CircleBranch)
MOST_NAMED = 200  # variables up to which a window around each real crossing costs no more than the other points do


def lines_of_equilibria(problem: AnyProblem) -> bool:
    """Whether it is known without more what a real crossing of x = 0 is: all points of a line are equilibria."""
    return bool(getattr(problem, "lines_of_equilibria", False))


def zero_crossing(shop: Workshop, crossing: CrossingApprox) -> ZeroCrossingContent | PlainCrossing:
    """One real crossing on x = 0: named and printed, or plain with the reason."""
    problem = shop.setting.problem
    if problem.interval is None:
        shop = shop.around(crossing.gamma)
    odd, locus = KINDS[problem.kind].odd(problem), shop.locus
    theorem: Theorem[PlainCrossing] = Theorem(
        locus=locus,
        block=lambda w, value: w.nearest_real(value.real),
        prove=lambda field, basis, witness, Gamma, k: prove_zero_crossing(field, odd, basis, witness, Gamma, k, locus),
        print=lambda proof, data, bits, problem: zero_crossing_content(
            proof, data, Printer(bits, problem.proof.digits, WITH_BOX if problem.has_box else WITH_WITNESS), locus
        ),
        narrow=_narrow,
        leave_open=_plain,
    )
    with working_precision(shop.setting.precision):
        outcome = proved_in_window(shop, crossing, theorem)
    if not isinstance(outcome, ZeroCrossingContent | PlainCrossing):
        raise ValueError("the theorem prints real crossings")
    return outcome


def _narrow(shop: Workshop, content: ZeroCrossingContent) -> bool:
    """Whether γ* and the coefficient are enclosed to the digits asked for; with a box more bits are no help."""
    problem, a = shop.setting.problem, content.claims.coefficient
    goal = Fraction(1, 10**problem.proof.digits)
    close = a.width <= goal * max(abs(a.low), abs(a.high))
    return problem.has_box or (close and narrow_parameter(shop, content))


def _plain(crossing: CrossingApprox, failure: Failure, shop: Workshop) -> PlainCrossing:
    return PlainCrossing(failure.code, failure.reason, looked_for(crossing, shop))


def name_crossings(
    run: Callable[..., Iterator[Any]], crossings: Sequence[CrossingApprox], before: int
) -> dict[int, ZeroCrossingContent | PlainCrossing]:
    """The real ones among the crossings, by their positions; before: how many candidates there are of other kinds."""
    real = [index for index, crossing in enumerate(crossings) if crossing.kind == REAL]
    found = {}
    for number, (index, outcome) in enumerate(
        zip(real, run(zero_crossing, [crossings[index] for index in real]), strict=True)
    ):
        named = isinstance(outcome, ZeroCrossingContent)
        found[index] = replace(outcome, candidate=before + number) if named else outcome
    return found


def named_on_line(
    task: Task, emission: NetworkEmission, enclosures: Sequence[Enclosure]
) -> tuple[list[ZeroCrossingContent], list[PlainCrossing]]:
    """What happens at the real crossings of x = 0 where the branch has a closed form; each enclosure holds one."""
    if not enclosures:
        return [], []
    problem = task.problem
    if problem.interval is None and problem.dimension > MOST_NAMED:
        reason = f"of more than {MOST_NAMED} variables nothing more is tried on the whole line"
        return [], [PlainCrossing(FailureCode.LARGE_NETWORK, reason, enclosure) for enclosure in enclosures]
    setting = Setting(problem, emission, task.precision, trivial=True, method=task.existence)
    with task.watch("proof"), workers(setting, task.jobs) as run:
        return name_enclosed(run, enclosures, problem.dimension)


def with_crossings(
    points: Sequence[Point], rows: Sequence[Row], files: Files, printed: Callable[[list[Listed]], ClosedBranch]
) -> tuple[ClosedBranch, list[Point]]:
    """The branch, printed with the certificates of its real crossings in its list, and all certificates in its order.
    points: the others."""
    at_crossings: list[Point] = [point for _, point in named_points(rows, files)]
    branch = printed([Listed(point.id, None, point.claims.parameter) for point in at_crossings])
    place = {point.id: number for number, point in enumerate(branch.claims.points)}
    return branch, sorted([*points, *at_crossings], key=lambda point: place[point.id])


def name_enclosed(
    run: Callable[..., Iterator[Any]], enclosures: Sequence[Enclosure], dimension: int
) -> tuple[list[ZeroCrossingContent], list[PlainCrossing]]:
    """Of enclosures that hold one real crossing of x = 0 each: those that are named, and those that stay plain."""
    approx = [
        CrossingApprox(REAL, float(x.middle), np.zeros(dimension), 0.0, 0.0, 0, 0.0, 0, True, "") for x in enclosures
    ]
    named: list[ZeroCrossingContent] = []
    plain: list[PlainCrossing] = []
    for enclosure, outcome in zip(enclosures, run(zero_crossing, approx), strict=True):
        if isinstance(outcome, PlainCrossing):
            plain.append(replace(outcome, parameter=enclosure))
        elif is_about(outcome.claims, enclosure):
            named.append(outcome)
        else:
            reason = "what is proved is not shown to be about this crossing: enclosures are too wide"
            plain.append(PlainCrossing(FailureCode.REAL_PARTS_NOT_SEPARATED, reason, enclosure))
    return named, plain
