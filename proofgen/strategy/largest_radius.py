"""How far all weights may move at once: the largest weight radius for which everything that is proved at 0 stays so.

Found by bisection over whole proof runs: every radius that is accepted is one for which the whole proof succeeded, so
the result is a theorem; that a larger radius failed is only what this method could not do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..bundle.rows import may_be_one
from ..errors import AbandonedError, ArgumentError
from ..problem.problem import AnyProblem
from .fields import KINDS
from .result import Result

SMALLEST, LARGEST = -40, 6  # powers of ten that are tried
DIGITS = 3

Prove = Callable[[AnyProblem, bool], Result]


@dataclass(frozen=True)
class LargestRadius:
    """radius: 0 where nothing is proved at radius 0, or only there; result: of the proof for it."""

    radius: Fraction
    result: Result


def largest_radius(problem: Any, prove: Prove) -> LargestRadius:
    """The largest radius of three digits, rounded down, that replaces the problem's own.

    prove: a whole proof run; with True it may raise AbandonedError where it could not prove everything. Raises
    UnsupportedError for fields given by equations, which have no weights.
    """
    why = KINDS[problem.kind].without_radius(problem)
    if why is not None:
        raise ArgumentError(why, key="largest_radius")
    exact = prove(replace(problem, weight_radius=Fraction(0)), False)
    best = LargestRadius(Fraction(0), exact)
    if not _proved(exact):
        return best

    def accepted(mantissa: int, exponent: int) -> bool:
        nonlocal best
        radius = mantissa * Fraction(10) ** exponent
        try:
            result = prove(replace(problem, weight_radius=radius), exact.proved)
        except AbandonedError:
            return False
        holds = still_proved(exact, result)
        if holds and radius > best.radius:
            best = LargestRadius(radius, result)
        return holds

    power = -6
    if accepted(1, power):
        while power < LARGEST and accepted(1, power + 1):
            power += 1
    else:
        while power > SMALLEST and not accepted(1, power - 1):
            power -= 1
        power -= 1
    if best.radius == 0:
        return best
    low, high = 10 ** (DIGITS - 1), 10**DIGITS  # low is proved, high is not
    while high - low > 1:
        middle = (low + high) // 2
        if accepted(middle, power - DIGITS + 1):
            low = middle
        else:
            high = middle
    return best


def still_proved(before: Result, after: Result) -> bool:
    """Whether every point that ``before`` proves is one of those that ``after`` proves, and completeness is not lost.

    The network of ``before`` lies in the box of ``after``, so its γ* and ω lie in both enclosures of its point; points
    are matched by that, each with one of its own.
    """
    if before.bundle.summary.complete and not after.bundle.summary.complete:
        return False
    left = _proved(after)
    for point in _proved(before):
        matching = [other for other in left if type(point.row) is type(other.row) and may_be_one(point, other)]
        if len(matching) != 1:
            return False
        left.remove(matching[0])
    return True


def _proved(result: Result) -> list[Any]:
    return [point.claims for point in result.bundle.points.values()]
