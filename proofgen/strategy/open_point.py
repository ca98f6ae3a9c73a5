"""Points that stay undecided."""

from __future__ import annotations

from fractions import Fraction

from ..claims.hopf_point import OpenPoint
from ..numbers.outward import claim
from ..numbers.printed import Enclosure
from ..proof.failure import Failure
from ..proof.hopf_point import UndecidedPoint
from ..search.location import CrossingApprox
from .workshop import Workshop

CARVED = Fraction(1, 10**6)  # of the interval: half-width left unsettled around a point that is not proved


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
