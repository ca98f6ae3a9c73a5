"""A window around a candidate (Method P), with better and better witnesses; of flows and of maps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Generic, TypeVar, cast

from flint import arb

from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.rows import Located, Opened
from ..claims.window import WindowData, window_content
from ..claims.zero_crossing import PlainCrossing
from ..codegen.normal_form import load_hopf
from ..numbers.balls import working_precision
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.field import FieldBalls
from ..proof.hopf_point import UndecidedPoint
from ..proof.locus import IMAGINARY_AXIS, Locus
from ..proof.pieces import ROOM
from ..proof.spectrum import Basis
from ..proof.tube import BranchWitness
from ..proof.window import prove_by_window
from ..search.balance import levelled
from ..search.local_witness import LocalWitness, local_witness, with_radius
from ..search.location import CrossingApprox
from .open_point import left_open, left_open_known
from .refine import refine_point
from .task import bits_for
from .workshop import (
    LARGE,
    Workshop,
    parameter_range,
    point_of_fraction,
    with_wide_tube,
)

WINDOWS = (-8, -11, -13, -15, -18, -24, -30, -36)  # half-widths tried, as powers of two times the interval's length
LARGE_WINDOWS = (-30, -33, -37, -44, -51)  # for large fields
MOST_LIMBS = 17  # at 1024 bits
L = TypeVar("L")


# no smaller window helps, more bits may
SETTLED = (FailureCode.STRONG_RESONANCE, FailureCode.COEFFICIENT_ENCLOSES_ZERO)


@dataclass(frozen=True)
class Theorem(Generic[L]):
    """What is proved in a window. block: of a witness, by the eigenvalue; prove: of field, basis, witness, Γ and the
    block; print: of the proof, the data, the bits and the problem; narrow: of what is printed, whether it is enclosed
    well enough; leave_open: of a crossing and a reason."""

    locus: Locus
    block: Callable[[LocalWitness, complex], int]
    prove: Callable[[FieldBalls, Basis, BranchWitness, arb, int], Any]
    print: Callable[[Any, WindowData, int, Any], Located | FailureCode]
    narrow: Callable[[Workshop, Any], bool]
    leave_open: Callable[[CrossingApprox, Failure, Workshop], L]


def window_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
    """A Hopf point."""
    return proved_in_window(shop, crossing, HOPF)


def proved_in_window(shop: Workshop, crossing: CrossingApprox, theorem: Theorem[L]) -> Located | L:
    """Method P, where eigenvalues are many orders of magnitude apart also with eigenvectors of other lengths."""
    guess = None if shop.setting.trivial else crossing.x
    w = local_witness(shop.field, crossing.gamma, guess, 0.0)
    if w is None or (k := theorem.block(w, crossing.eigenvalue)) < 0:
        failure = Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
        return theorem.leave_open(crossing, failure, shop)
    found = _with_better_ones(shop, crossing, w, k, theorem)
    if isinstance(found, Located) or (basis := levelled(w.basis)) is None:
        return found
    again = _with_better_ones(shop, crossing, replace(w, basis=basis), k, theorem)
    return again if isinstance(again, Located) else found


def _with_better_ones(
    shop: Workshop, crossing: CrossingApprox, w: LocalWitness, k: int, theorem: Theorem[L]
) -> Located | L:
    """With better and better witnesses, until proved and narrow or the largest precision is reached."""
    problem = shop.setting.problem
    best: Located | L | None = None
    most = max(problem.proof.max_precision, shop.setting.precision)
    for limbs in range(2, MOST_LIMBS + 1):
        bits = max(shop.setting.precision, bits_for(limbs))
        if best is not None and bits > most:
            break
        with working_precision(bits):
            better = _refined(shop.evaluator_at(bits), w, k, theorem.locus)
            outcome = _try_windows(shop, crossing, better or w, k, bits, theorem)
        if isinstance(outcome, Located) and theorem.narrow(shop, outcome):
            return outcome
        improved = isinstance(outcome, Located) or not isinstance(best, Located)
        best = outcome if improved or best is None else best
        if better is None or (limbs >= 4 and _hopeless(outcome)):
            break
        w = better
    if best is None:
        raise AssertionError("the first attempt always counts")
    return best


def _hopeless(outcome: object) -> bool:
    """Whether more bits will hardly help."""
    if isinstance(outcome, PlainCrossing):
        return True
    if isinstance(outcome, OpenPoint):
        return not outcome.proved_crossing
    return isinstance(outcome, Opened) and outcome.code not in SETTLED


def _refined(evaluator: FieldBalls, w: LocalWitness, k: int, locus: Locus) -> LocalWitness | None:
    """A better witness, None where there is none: also where the field is not defined."""
    try:
        return refine_point(evaluator, w, k, locus)
    except ProofFailure:
        return None


def narrow_parameter(shop: Workshop, content: Located) -> bool:
    """Whether γ* is enclosed to the digits asked for."""
    gamma = content.parameter
    return gamma.width <= Fraction(1, 10**shop.setting.problem.proof.digits) * max(abs(gamma.high), shop.length)


def _narrow(shop: Workshop, content: PointContent) -> bool:
    """The same of γ* and ω."""
    omega = content.claims.omega
    goal = Fraction(1, 10**shop.setting.problem.proof.digits)
    return narrow_parameter(shop, content) and omega.width <= goal * omega.high


def _try_windows(
    shop: Workshop, crossing: CrossingApprox, w: LocalWitness, k: int, bits: int, theorem: Theorem[L]
) -> Located | L:
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
            used, proof = with_wide_tube(wide, _attempt(evaluator, Gamma, k, theorem))
        except UndecidedPoint as error:
            return cast(L, left_open_known(error, bits))  # which only Hopf points raise
        except ProofFailure as error:
            failure = error.failure
            if failure.code is FailureCode.NO_CROSSING or failure.code in SETTLED:
                break  # a smaller window would not hold Γ* either
            continue
        content = theorem.print(proof, WindowData(used, h), bits, shop.setting.problem)
        if isinstance(content, Located):
            return content
        failure = Failure(content, "the printed enclosures do not prove it any more")
    return theorem.leave_open(crossing, failure, shop)


def _attempt(evaluator: FieldBalls, Gamma: arb, k: int, theorem: Theorem[L]) -> Callable[[Basis, BranchWitness], Any]:
    return lambda basis, branch: theorem.prove(evaluator, basis, branch, Gamma, k)


HOPF: Theorem[Opened] = Theorem(
    locus=IMAGINARY_AXIS,
    block=lambda w, value: w.nearest_pair(value),
    prove=lambda field, basis, witness, Gamma, k: prove_by_window(field, load_hopf(), basis, witness, Gamma, k),
    print=lambda proof, data, bits, problem: window_content(
        proof, data, bits, problem.proof.digits, problem.has_box
    ),
    narrow=_narrow,
    leave_open=left_open,
)
