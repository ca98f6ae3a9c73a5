"""Points that stay undecided."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..bundle.rows import RowClaims
from ..claims.hopf_point import OpenPoint
from ..claims.open_row import OpenRow
from ..numbers.outward import claim
from ..numbers.printed import Enclosure
from ..proof.failure import Failure
from ..proof.hopf_point import UndecidedPoint
from ..search.location import CrossingApprox
from .workshop import Workshop

CARVED = Fraction(1, 10**6)  # of the interval: half-width left unsettled around a point that is not proved
WORDS_OF_MAP = (
    ("an approximate equilibrium", "an approximate fixed point"), ("an equilibrium", "a fixed point"),
    ("equilibrium", "fixed point"), ("equilibria", "fixed points"),
)  # fmt: skip


def left_open_known(error: UndecidedPoint, precision: int) -> OpenPoint:
    ell1 = error.first_lyapunov_coefficient
    return OpenPoint(
        error.failure.code,
        error.failure.reason,
        claim(error.parameter, precision),
        claim(error.omega, precision),
        None if ell1 is None else claim(ell1, precision),
        proved_crossing=True,
    )


def left_open(crossing: CrossingApprox, failure: Failure, shop: Workshop) -> OpenPoint:
    """An undecided candidate; its parameter interval is where it was looked for, no enclosure of anything proved."""
    gamma, whole_line = Fraction(crossing.gamma), shop.setting.problem.interval is None
    half = CARVED * (max(abs(gamma), Fraction(1, 10**300)) if whole_line else shop.length)
    return OpenPoint(failure.code, failure.reason, Enclosure.around(gamma - half, gamma + half))


def looked_for(crossing: CrossingApprox, shop: Workshop) -> Enclosure:
    """Where a candidate of an interval is, no enclosure of anything proved."""
    gamma, half = Fraction(crossing.gamma), CARVED * shop.length
    return Enclosure.around(gamma - half, gamma + half)


def open_as(unknown: Callable[[Enclosure], RowClaims]) -> Callable[[CrossingApprox, Failure, Workshop], OpenRow]:
    """How a candidate of another kind is left open. unknown: its row, of where it was looked for."""
    return lambda crossing, failure, shop: OpenRow(failure.code, failure.reason, unknown(looked_for(crossing, shop)))


def of_map(text: str) -> str:
    """A reason that speaks of equilibria, in the words for a map."""
    for word, other in WORDS_OF_MAP:
        text = text.replace(word, other)
    return text
