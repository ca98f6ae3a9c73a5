"""A Bautin point near a binary64 one: the witness of a short piece of the curve, refined to the working precision, and
its proof. Refinement is UNTRUSTED and takes midpoints only (MATHEMATICS.md, section 23)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import acb, arb, arb_mat

from ..numbers.balls import current_precision, image, midpoints_approx, point_fraction
from ..proof.bautin import BautinProof, prove_bautin
from ..proof.failure import FailureCode, ProofFailure
from ..proof.hopf_curve import CurveWitness, derivative, hopf_system
from ..proof.plane_field import PlaneField, Unknowns
from ..proof.plane_normal_form import bordered, cubic_form, cubic_slope
from ..proof.spectrum import Basis, Spectrum, enclose_spectrum
from ..search.curve_witness import CurveData
from ..search.eigenbasis import eigenbasis_approx
from ..search.hopf_curve import HopfApprox
from ..search.witness import WitnessLimbs
from .refine import STEPS, iterated, refine_basis
from .workshop import (
    LIMB_BITS,
    basis_balls,
    basis_witness,
    exact_vector_of_limbs,
    limbs,
    point_of_fraction,
)

ROOM, WIDENINGS = 34, 5  # bits above the roundings at which tube and piece begin; times that they are widened
WIDENING_BITS = 6


@dataclass(frozen=True)
class _State:
    """A point of the curve at the working precision: midpoints."""

    s: arb
    u: list[arb]
    direction: list[arb]
    A: arb_mat  # ≈ DF⁻¹


def bautin_point(field: PlaneField, guess: HopfApprox) -> tuple[CurveData, BautinProof]:
    """At the working precision in force. Raises ProofFailure."""
    state, basis = _refined(field, guess)
    bits = current_precision()
    failure = ProofFailure(FailureCode.NO_CROSSING, "no short piece was found")
    sizes = [max(abs(float(y)), 1e-3) for y in state.u]
    for widening in range(WIDENINGS):
        small = ROOM + WIDENING_BITS * widening - bits
        data = CurveData(
            guess.along, point_fraction(state.s), Fraction(2) ** (math.frexp(max(abs(guess.s), 1e-3))[1] + small),
            limbs(state.u), limbs(state.direction), guess.phi, midpoints_approx(state.A),
            np.array([2.0 ** (math.frexp(size)[1] + small + 2) for size in sizes]), basis.limbs, basis.pair,
        )  # fmt: skip
        try:
            return data, prove_bautin(field, curve_witness(data))
        except ProofFailure as error:
            failure = error
    raise failure


def curve_witness(data: CurveData) -> CurveWitness:
    """The exact points of a witness."""
    phi, R = ([arb(x) for x in part.tolist()] for part in (data.phi, data.R))
    return CurveWitness(
        data.along, point_of_fraction(data.s), point_of_fraction(data.h), exact_vector_of_limbs(data.centre),
        exact_vector_of_limbs(data.direction), phi, arb_mat(data.A.tolist()), R, basis_witness(data.basis), data.pair,
    )  # fmt: skip


@dataclass(frozen=True)
class _CurveBasis:
    limbs: WitnessLimbs
    balls: Basis
    spectrum: Spectrum
    pair: int


def _refined(field: PlaneField, guess: HopfApprox) -> tuple[_State, _CurveBasis]:
    """Newton's method for Re c_1 = 0 along the curve."""
    s, u, last = arb(guess.s), [arb(x) for x in guess.u.tolist()], math.inf
    direction = [arb(0)] * len(u)
    for _ in range(STEPS):
        state = _on_curve(field, guess, s, u, direction)
        basis = _basis(field, guess, state)
        step = _step(field, guess, state, basis)
        size = abs(float(step)) / max(abs(guess.s), 1e-3)
        if size <= 2.0 ** (12 - current_precision()) or not size < last:
            return state, basis
        last = size
        s, u = (s + step).mid(), [(x + step * v).mid() for x, v in zip(state.u, state.direction, strict=True)]
        direction = state.direction
    return state, basis


def _on_curve(
    field: PlaneField, guess: HopfApprox, s: arb, u: list[arb], direction: list[arb]
) -> _State:
    """Newton-like steps for u(s), then for u'(s)."""
    phi, along = [arb(x) for x in guess.phi.tolist()], guess.along
    A = arb_mat(guess.A.tolist())

    def step_of_u(u: list[arb]) -> list[arb]:
        point = Unknowns.of(u, s, along)
        return image(A, hopf_system(field.expand(point.inputs, point.q), point, phi))

    u = iterated(u, step_of_u, np.maximum(np.abs(guess.u), 1e-3))
    point = Unknowns.of(u, s, along)
    DF, F_s = derivative(field.expand(point.inputs, point.q), point, phi, along)
    inverse = np.linalg.inv(midpoints_approx(DF))
    inverse_balls = arb_mat(inverse.tolist())

    def step_of_slope(slope: list[arb]) -> list[arb]:
        return image(inverse_balls, [x + y for x, y in zip(image(DF, slope), F_s, strict=True)])

    direction = iterated(direction, step_of_slope, np.ones(len(u)))
    return _State(s, u, direction, inverse_balls)


def _basis(field: PlaneField, guess: HopfApprox, state: _State) -> _CurveBasis:
    """An eigenbasis as close as the working precision is worth."""
    point = Unknowns.of(state.u, state.s, guess.along)
    A = field.expand(point.inputs, point.q).jacobian
    limbs_ = eigenbasis_approx(midpoints_approx(A))
    if limbs_ is None:
        raise ProofFailure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
    for _ in range(current_precision() // LIMB_BITS):
        better = refine_basis(A, limbs_)
        if better is None:
            break
        limbs_ = better
    basis = basis_balls(limbs_)
    distances = [abs(d - acb(0, state.u[1])) for d in basis.witness.d[: limbs_.pairs]]
    if not distances:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "no pair of eigenvalues was found at the point")
    pair = min(range(limbs_.pairs), key=lambda a: float(distances[a].mid()))
    return _CurveBasis(limbs_, basis, enclose_spectrum(A, basis.witness, basis), pair)


def _step(field: PlaneField, guess: HopfApprox, state: _State, basis: _CurveBasis) -> arb:
    """−Re c_1/(Re c_1)'."""
    u = Unknowns.of(state.u, state.s, guess.along)
    Y = basis.balls.witness.Y.table()
    top, bottom = Y[2 * basis.pair], Y[2 * basis.pair + 1]
    p_bar = [acb(re, -im) / 2 for re, im in zip(top, bottom, strict=True)]
    form = cubic_form(field, basis.balls, basis.spectrum, basis.pair, u, p_bar)
    h21, _ = bordered(form, u, form.c1)
    slope = cubic_slope(field, form, u, Unknowns.of(state.direction, arb(1), guess.along), h21).real
    step = -form.c1.real.mid() / slope.mid()
    if not step.is_finite():
        raise ProofFailure(FailureCode.NO_CROSSING, "Newton's method for the first Lyapunov coefficient fails")
    return step.mid()
