"""A window around a candidate (Method P), with better and better witnesses."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from flint import arb

from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.window import WindowData, window_content
from ..codegen.normal_form import load_hopf
from ..numbers.balls import working_precision
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.field import FieldBalls
from ..proof.hopf_point import HopfPointProof, UndecidedPoint
from ..proof.pieces import ROOM
from ..proof.spectrum import Basis
from ..proof.tube import BranchWitness
from ..proof.window import prove_by_window
from ..search.local_witness import LocalWitness, local_witness, with_radius
from ..search.location import CrossingApprox
from .open_point import left_open, left_open_known
from .refine import bits_for, refine_point
from .workshop import (
    LARGE,
    Workshop,
    parameter_range,
    point_of_fraction,
    with_wide_tube,
)

WINDOWS = (-8, -11, -13, -15, -18, -24, -30, -36)  # half-widths tried, as powers of two times the interval's length
LARGE_WINDOWS = (-30, -37)  # for large fields
MOST_LIMBS = 17  # at 1024 bits


def window_point(shop: Workshop, crossing: CrossingApprox) -> PointContent | OpenPoint:
    """Method P with better and better witnesses, until proved and narrow or the largest precision is reached."""
    problem = shop.setting.problem
    guess = None if shop.setting.trivial else crossing.x
    w = local_witness(shop.field, crossing.gamma, guess, 0.0)
    if w is None or (k := w.nearest_pair(crossing.omega)) < 0:
        return left_open(crossing, Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found"), shop)
    best: PointContent | OpenPoint | None = None
    most = max(problem.proof.max_precision, shop.setting.precision)
    for limbs in range(2, MOST_LIMBS + 1):
        bits = max(shop.setting.precision, bits_for(limbs))
        if best is not None and bits > most:
            break
        with working_precision(bits):
            better = _refined(shop.evaluator_at(bits), w, k)
            outcome = _try_windows(shop, crossing, better or w, k, bits)
        if isinstance(outcome, PointContent) and _narrow(shop, outcome):
            return outcome
        improved = isinstance(outcome, PointContent) or not isinstance(best, PointContent)
        best = outcome if improved or best is None else best
        hopeless = isinstance(outcome, OpenPoint) and not outcome.proved_crossing and limbs >= 4
        if better is None or hopeless:
            break
        w = better
    if best is None:
        raise AssertionError("the first attempt always counts")
    return best


def _refined(evaluator: FieldBalls, w: LocalWitness, k: int) -> LocalWitness | None:
    """A better witness, None where there is none: also where the field is not defined."""
    try:
        return refine_point(evaluator, w, k)
    except ProofFailure:
        return None


def _narrow(shop: Workshop, content: PointContent) -> bool:
    """Whether γ* and ω are enclosed to the digits asked for."""
    goal = Fraction(1, 10**shop.setting.problem.proof.digits)
    gamma, omega = content.parameter, content.claims.omega
    return gamma.width <= goal * max(abs(gamma.high), shop.length) and omega.width <= goal * omega.high


def _try_windows(
    shop: Workshop, crossing: CrossingApprox, w: LocalWitness, k: int, bits: int
) -> PointContent | OpenPoint:
    """The largest window that works, at the working precision in force."""
    unit = math.floor(math.log2(float(shop.length)))
    low, high = parameter_range(shop.setting.problem)
    evaluator = shop.evaluator_at(bits)
    failure = Failure(FailureCode.INTERVAL_END, "the point is too close to an end of the parameter interval")
    for power in LARGE_WINDOWS if shop.field.n >= LARGE else WINDOWS:
        h = 2.0 ** (unit + power)
        if w.gamma - Fraction(h) < low or w.gamma + Fraction(h) > high:
            continue
        wide = with_radius(shop.field, w, h)
        if wide is None:
            continue
        Gamma = arb(point_of_fraction(w.gamma), (1 + ROOM) * h)
        try:
            used, proof = with_wide_tube(wide, _attempt(evaluator, Gamma, k))
        except UndecidedPoint as error:
            return left_open_known(error, bits)
        except ProofFailure as error:
            failure = error.failure
            if failure.code is FailureCode.NO_CROSSING:
                break  # a smaller window would not hold Γ* either
            continue
        problem = shop.setting.problem
        content = window_content(proof, WindowData(used, h), bits, problem.proof.digits, problem.has_box)
        if isinstance(content, PointContent):
            return content
        failure = Failure(content, "the printed enclosures do not prove it any more")
    return left_open(crossing, failure, shop)


def _attempt(evaluator: FieldBalls, Gamma: arb, k: int) -> Callable[[Basis, BranchWitness], HopfPointProof]:
    return lambda basis, branch: prove_by_window(evaluator, load_hopf(), basis, branch, Gamma, k)
