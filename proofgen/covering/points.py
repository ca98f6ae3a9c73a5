"""One candidate point after the other: by windows (Method P) or Newton–Kantorovich balls (Method N)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from flint import arb

from ..balls import working_precision
from ..certificate_general import NewtonData, OpenPoint, PointContent, point_content
from ..claims import claim
from ..decimals import enclosure_decimals
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.hopf_point import UndecidedPoint, prove_by_newton_ball, prove_by_window
from ..proof.newton_kantorovich import prove_newton_ball
from ..search.candidates import Crossing, hopf_system_jacobian, hopf_system_zero
from ..search.local_witness import inverse_approx, local_witness
from .workshop import Workshop, basis_balls, newton_witness, parameter_range, with_wide_tube

WINDOWS = (-8, -13, -18, -24, -30, -36)  # half-widths tried, as powers of two times the interval's length
LARGE = 50  # dimension from which fewer windows are tried
CARVED = Fraction(1, 10**6)  # of the interval: half-width left unsettled around a point that is not proved


def prove_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    """One candidate: proved and printed, or open with the reason."""
    with working_precision(shop.setting.precision):
        if shop.setting.method == "newton-kantorovich":
            return _newton_point(shop, crossing)
        return _window_point(shop, crossing)


def _window_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    unit = math.floor(math.log2(float(shop.length)))
    ends = parameter_range(shop.setting.problem)
    last: ProofFailure | None = None
    windows = WINDOWS[2::2] if shop.field.n >= LARGE else WINDOWS
    for power in windows:
        h = 2.0 ** (unit + power)
        gamma = Fraction(crossing.gamma)
        if gamma - Fraction(h) < ends[0] or gamma + Fraction(h) > ends[1]:
            continue
        w = local_witness(shop.field, crossing.gamma, None if shop.setting.trivial else crossing.x, h)
        if w is None or (k := w.nearest_pair(crossing.omega)) < 0:
            continue
        try:
            Gamma = arb(w.gamma, h)
            w, proof = with_wide_tube(
                w, lambda basis, b, Gamma=Gamma, k=k: prove_by_window(shop.evaluator, basis, b, Gamma, k)  # type: ignore[misc]
            )
        except UndecidedPoint as error:
            return _open_known(crossing, error, shop.setting.precision)
        except ProofFailure as error:
            last = error
            continue
        content = point_content(proof, w, h, shop.setting.precision)
        if isinstance(content, PointContent):
            return content
        last = ProofFailure(content, "the printed enclosures do not prove it any more")
    if last is None:
        near_end = min(abs(crossing.gamma - float(end)) for end in ends) <= 2.0 ** (unit + windows[-1] + 1)
        last = (
            ProofFailure(FailureCode.INTERVAL_END, "the point is too close to an end of the parameter interval")
            if near_end
            else ProofFailure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
        )
    return _open(crossing, last.failure, shop)


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
        content = point_content(proof, data, None, shop.setting.precision)
        if isinstance(content, PointContent):
            return content
        last = Failure(content, "the printed enclosures do not prove it any more")
    return _open(crossing, last, shop)


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
    gamma, half = Fraction(crossing.gamma), shop.length * CARVED
    return OpenPoint(crossing.gamma, failure.code, failure.reason, list(enclosure_decimals(gamma - half, gamma + half)))
