"""One candidate point after the other: by windows (Method P) or Newton–Kantorovich balls (Method N)."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from flint import arb

from ..claims.hopf_point import NewtonData, OpenPoint, PointContent, point_content
from ..numbers.balls import proves_nonzero, working_precision
from ..numbers.decimals import enclosure_decimals
from ..numbers.exact import parse_printed_decimal
from ..numbers.outward import claim
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.hopf_point import GeneralHopfProof, UndecidedPoint
from ..proof.hopf_system import prove_newton_ball
from ..proof.newton_ball import prove_by_newton_ball
from ..proof.pieces import ROOM, Ends
from ..proof.spectrum import Basis
from ..proof.tube import BranchWitness, FieldEvaluator
from ..proof.window import prove_by_window
from ..search.candidates import hopf_system_zero
from ..search.extended import hopf_system_jacobian
from ..search.local_witness import LocalWitness, inverse_approx, local_witness, with_radius
from ..search.location import Crossing
from .refine import refine_point
from .workshop import (
    Workshop,
    basis_balls,
    newton_witness,
    parameter_range,
    point_of_fraction,
    printed_ball,
    with_wide_tube,
)

WINDOWS = (-8, -11, -13, -15, -18, -24, -30, -36)  # half-widths tried, as powers of two times the interval's length
LARGE, LARGE_WINDOWS = 50, (-30, -37)  # dimension from which fewer windows are tried
LIMB_BITS, GUARD_BITS = 53, 75
MOST_LIMBS = 17  # at 1024 bits
CARVED = Fraction(1, 10**6)  # of the interval: half-width left unsettled around a point that is not proved


def prove_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    """One candidate: proved and printed, or open with the reason."""
    if shop.setting.method == "newton-kantorovich":
        with working_precision(shop.setting.precision):
            return _newton_point(shop, crossing)
    return _window_point(shop, crossing)


def _window_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    """Method P with better and better witnesses, until proved and narrow or the largest precision is reached."""
    problem = shop.setting.problem
    guess = None if shop.setting.trivial else crossing.x
    w = local_witness(shop.field, crossing.gamma, guess, 0.0)
    if w is None or (k := w.nearest_pair(crossing.omega)) < 0:
        return _open(crossing, Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found"), shop)
    best: PointContent | OpenPoint | None = None
    most = max(problem.proof.max_precision, shop.setting.precision)
    for limbs in range(2, MOST_LIMBS + 1):
        bits = max(shop.setting.precision, LIMB_BITS * limbs + GUARD_BITS)
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


def _refined(evaluator: FieldEvaluator, w: LocalWitness, k: int) -> LocalWitness | None:
    """A better witness, None where there is none: also where the field is not defined."""
    try:
        return refine_point(evaluator, w, k)
    except ProofFailure:
        return None


def _narrow(shop: Workshop, content: PointContent) -> bool:
    """Whether γ* and ω are enclosed to the digits asked for."""
    goal = Fraction(1, 10**shop.setting.problem.proof.digits)
    low, high = content.parameter
    omega = [parse_printed_decimal(text) for text in content.claims["omega"]]
    return high - low <= goal * max(abs(high), shop.length) and omega[1] - omega[0] <= goal * omega[1]


def _try_windows(shop: Workshop, crossing: Crossing, w: LocalWitness, k: int, bits: int) -> PointContent | OpenPoint:
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
            return _open_known(crossing, error, bits)
        except ProofFailure as error:
            failure = error.failure
            if failure.code is FailureCode.NO_CROSSING:
                break  # a smaller window would not hold Γ* either
            continue
        problem = shop.setting.problem
        content = point_content(proof, used, h, bits, problem.proof.digits, problem.has_box)
        if isinstance(content, PointContent):
            return content
        failure = Failure(content, "the printed enclosures do not prove it any more")
    return _open(crossing, failure, shop)


def _attempt(evaluator: FieldEvaluator, Gamma: arb, k: int) -> Callable[[Basis, BranchWitness], GeneralHopfProof]:
    return lambda basis, branch: prove_by_window(evaluator, basis, branch, Gamma, k)


def _newton_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    try:
        zero = hopf_system_zero(shop.field, crossing)
        if shop.setting.trivial:
            zero = zero._replace(x=np.zeros(shop.field.n))
        inverse = inverse_approx(hopf_system_jacobian(shop.field, zero.u, zero.phi))
    except (ValueError, np.linalg.LinAlgError) as error:
        return _open(crossing, Failure(FailureCode.NEWTON_NOT_CONTRACTING, f"no numerical zero: {error}"), shop)
    w = local_witness(shop.field, zero.gamma, None if shop.setting.trivial else zero.x, 0.0)
    if w is None or (k := w.nearest_pair(zero.omega)) < 0:
        return _open(crossing, Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found"), shop)
    last = Failure(FailureCode.NEWTON_NOT_CONTRACTING, "no radius tried makes the map contract")
    scale = 2.0 ** math.floor(math.log2(max(1.0, float(np.max(np.abs(zero.u))))))
    for power in (-20, -28, -34) if shop.field.n >= LARGE else (-6, -10, -14, -20, -28, -34):
        R = scale * 2.0**power
        data = NewtonData(zero.gamma, zero.omega, zero.x, zero.a, zero.b, zero.phi, inverse, R, w.basis)
        witness = newton_witness(data)
        try:
            basis = basis_balls(w.basis)
            proof = prove_by_newton_ball(
                shop.evaluator, basis, prove_newton_ball(shop.evaluator, witness), k, shop.setting.trivial
            )
        except UndecidedPoint as error:
            return _open_known(crossing, error, shop.setting.precision)
        except ProofFailure as error:
            last = error.failure
            continue
        problem = shop.setting.problem
        content = point_content(proof, data, None, shop.setting.precision, problem.proof.digits, problem.has_box)
        if isinstance(content, PointContent):
            if not shop.setting.zero_branch and not _inside(content, parameter_range(problem)):
                reason = "the enclosure of γ* reaches over an end of the parameter interval"
                return _open(crossing, Failure(FailureCode.INTERVAL_END, reason), shop)
            if shop.setting.zero_branch and not _on_zero_branch(shop, content):
                reason = "the equilibrium is not proved to lie on the branch W(γ)x + b = 0"
                return _open(crossing, Failure(FailureCode.BRANCH_NOT_VERIFIED, reason), shop)
            return content
        last = Failure(content, "the printed enclosures do not prove it any more")
    return _open(crossing, last, shop)


def _inside(content: PointContent, ends: Ends) -> bool:
    """Whether γ* as printed lies in the interval, as a window does (on the zero branch its disc says so)."""
    low, high = content.parameter
    return ends[0] <= low and high <= ends[1]


def _on_zero_branch(shop: Workshop, content: PointContent) -> bool:
    """σ' ≠ 0 between 0 and every z_i over the printed enclosures: then σ(z) = 0 = σ(0) gives z = 0."""
    claims, evaluator = content.claims, shop.evaluator
    x = [printed_ball(pair) for pair in claims["equilibrium"]]
    z = evaluator.expand(printed_ball(claims["parameter"]), x, 0).z[0]
    return all(proves_nonzero(evaluator.module.activation_1(y.union(arb(0)), 1)[1]) for y in z)


def _open_known(crossing: Crossing, error: UndecidedPoint, precision: int) -> OpenPoint:
    ell1 = error.first_lyapunov_coefficient
    return OpenPoint(
        crossing.gamma,
        error.failure.code,
        error.failure.reason,
        claim(error.parameter, precision),
        claim(error.omega, precision),
        None if ell1 is None else claim(ell1, precision),
        proved_crossing=True,
    )


def _open(crossing: Crossing, failure: Failure, shop: Workshop) -> OpenPoint:
    """An undecided candidate; its parameter interval is where it was looked for, no enclosure of anything proved."""
    gamma, whole_line = Fraction(crossing.gamma), shop.setting.problem.interval is None
    half = CARVED * (max(abs(gamma), Fraction(1, 10**300)) if whole_line else shop.length)
    return OpenPoint(crossing.gamma, failure.code, failure.reason, list(enclosure_decimals(gamma - half, gamma + half)))
