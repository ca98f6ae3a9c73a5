"""What a piece with a quadratic form is like before it is proved: binary64, UNTRUSTED (MATHEMATICS.md, section 14)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.threads import one_blas_thread
from .predictor import cubic_along, value_at
from .quadratic_form import cholesky_approx, forms_near_the_axis, quadratic_form, rounded_form

SAMPLES = 9
ROUNDING = 3e-16  # of f and c, relative
LEAST_DEFINITE = 1e-9
LEAST_MARGIN, MOST_MARGIN = 1e-3, 0.4  # q, relative to the least eigenvalue of PA + AᵀP
RADIUS_ROOM = 1.2  # r over 2η/q
BEND_ROOM = 1.1  # of the part of ε that comes from the motion along the predictor
SPARE = 0.05  # of PA + AᵀP ≈ I that a good piece leaves over
STEPS = 4  # of the iteration for the Collatz bound


@dataclass(frozen=True)
class Experience:
    """What proofs of pieces before say of the next, for a P of norm 1: ε grows by about ``slope`` for each unit of r, a
    proved η exceeded the sampled one by ``excess`` at a half-width ``half``, and grows with its 4th power from there.
    bend: ε for r = 0 is about so many times what the matrices at the ends say. spread: r is larger by so
    much: what is proved of the equilibria at the ends has to lie in tubes, and with a box of weights it is wide.
    """

    slope: float = 3.0
    excess: float = 0.0
    half: float = 1.0
    bend: float = BEND_ROOM
    spread: float = 1.0

    def excess_at(self, half: float) -> float:
        """Below ``half`` it is hoped to be smaller, though not by the 4th power; not so with a box of weights, which
        leaves a part that does not shrink."""
        ratio = half / self.half
        return self.excess * ratio ** (4 if ratio > 1 else 2 if self.spread == 1 else 0)


@dataclass(frozen=True)
class FormCandidate:
    """γ̃, h, c_0, …, c_3 (None on the trivial branch), r, q, P and the factors L, θ for the two control matrices.

    curved: about ε for r = 0, by the matrices at the ends; sampled: about η; share: by what h may be multiplied for a
    piece with little to spare, below 1 where this one is too wide; bend: C, None where it is 0.
    """

    gamma: float
    half: float
    curve: Array | None
    radius: float
    margin: float
    P: Array
    factors: list[tuple[Array, float]]
    curved: float
    sampled: float
    share: float
    bend: Array | None = None


def form_candidate(
    field: FieldApprox, gamma: float, half: float, guess: Array | None, experience: Experience, has_centre: bool
) -> FormCandidate | None:
    """A candidate for |γ − γ̃| ≤ half; guess: near the equilibrium, None on the trivial branch; has_centre: of
    `proof.tube_field.TubeField`.

    None where the equilibrium or P is not found.
    """
    with one_blas_thread(), np.errstate(all="ignore"):
        curve = None
        if guess is not None:
            curve = cubic_along(field, gamma, guess, half)
            if curve is None:
                return None
        A = jacobians(field, gamma, half, curve)
        if not all(np.all(np.isfinite(matrix)) for matrix in A):
            return None
        values = sampled_values(field, gamma, half, curve)
        bend = (A[1] + A[2] - 2 * A[0]) / 4 if has_centre else None
        plain = quadratic_form(A[0])
        best = None if plain is None else _judged(gamma, half, curve, A, bend, values, plain, experience)
        if best is None or best.share < 1:
            for P in forms_near_the_axis(A[0]):
                found = _judged(gamma, half, curve, A, bend, values, P, experience)
                if found is not None and (best is None or found.share > best.share):
                    best = found
        return best


def _judged(
    gamma: float,
    half: float,
    curve: Array | None,
    A: list[Array],
    bend: Array | None,
    values: list[Array],
    P: Array,
    experience: Experience,
) -> FormCandidate | None:
    """The candidate with this P; None where its form is not definite at γ̃."""
    whole = P @ A[0]
    definite = float(np.linalg.eigvalsh(whole + whole.T)[0])
    if not definite > LEAST_DEFINITE:
        return None
    P = rounded_form(P, definite)
    controls = controls_of(P, A, bend)
    least = min(float(np.linalg.eigvalsh(M)[0]) for M in controls)
    kept = factored(controls)
    curved = collatz_approx(np.abs(P), np.abs((A[2] + A[1]) / 2 - A[0] if bend is None else bend))
    eta = sampled_defect(P, curve, values)
    size = norm_approx(P)
    reach = 2 * RADIUS_ROOM * experience.spread * (eta + size * experience.excess_at(half))  # r = reach/q
    slope = size * experience.slope
    margin = min(max(math.sqrt(slope * reach), LEAST_MARGIN * definite), MOST_MARGIN * definite)
    share = _share(definite, definite - least, experience.bend * curved, margin + slope * reach / margin)
    radius = max(reach / margin, 1e-300)
    return FormCandidate(gamma, half, curve, radius, margin, P, kept, curved, eta, share, bend)


def factors_again(field: FieldApprox, candidate: FormCandidate) -> list[tuple[Array, float]]:
    """The factors of a candidate that was stored without them."""
    with one_blas_thread(), np.errstate(all="ignore"):
        A = jacobians(field, candidate.gamma, candidate.half, candidate.curve)
        return factored(controls_of(candidate.P, A, candidate.bend))


def sampled_values(field: FieldApprox, gamma: float, half: float, curve: Array | None) -> list[Array]:
    """f along the predictor; nothing on the trivial branch."""
    offsets = np.linspace(-half, half, SAMPLES).tolist()
    return [] if curve is None else [field.f(value_at(curve, d), gamma + d) for d in offsets]


def sampled_defect(P: Array, curve: Array | None, values: list[Array]) -> float:
    """The largest |Pf| of some values along the predictor, with room for their rounding."""
    if curve is None:
        return 0.0
    largest = max(float(np.linalg.norm(P @ value)) for value in values)
    return largest + ROUNDING * norm_approx(P) * float(1 + np.linalg.norm(curve[0]))


def jacobians(field: FieldApprox, gamma: float, half: float, curve: Array | None) -> list[Array]:
    """At the middle, the left and the right end."""
    return [field.jacobian(_at(field, curve, s * half), gamma + s * half) for s in (0, -1, 1)]


def controls_of(P: Array, A: list[Array], bend: Array | None = None) -> list[Array]:
    """PA_s + A_sᵀPᵀ for the two control matrices; A: at the middle, the left and the right end; bend: C."""
    motion, centre = (A[2] - A[1]) / 2, A[0] if bend is None else A[0] + bend
    products = [P @ (centre + s * motion) for s in (-1, 1)]
    return [product + product.T for product in products]


def factored(controls: list[Array]) -> list[tuple[Array, float]]:
    """The Cholesky factors of those that have one."""
    return [factor for factor in map(cholesky_approx, controls) if factor is not None]


def _at(field: FieldApprox, curve: Array | None, delta: float) -> Array:
    return np.zeros(field.n) if curve is None else value_at(curve, delta)


def _share(definite: float, linear: float, quadratic: float, tube: float) -> float:
    """The largest s ≤ 3 with s·linear + s²(quadratic + tube) ≤ (1 − SPARE)·definite: how the needs of a piece grow."""
    linear, square, have = max(linear, 1e-6 * definite), quadratic + tube, (1 - SPARE) * definite
    if not (math.isfinite(linear) and math.isfinite(square)):
        return 0.1
    return min(3.0, 2 * have / (linear + math.sqrt(linear * linear + 4 * square * have)))


def norm_approx(P: Array) -> float:
    """Of Frobenius."""
    return float(np.linalg.norm(P))


def collatz_approx(size_P: Array, deviation: Array) -> float:
    """About the largest eigenvalue of |P|Ē + Ēᵀ|P|."""
    v, best = np.ones(len(size_P)), math.inf
    for _ in range(STEPS):
        image = size_P @ (deviation @ v) + deviation.T @ (size_P @ v)
        best = min(best, float(np.max(image / v)))
        top = float(np.max(image))
        if not top > 0:
            return 0.0
        v = image / top + 1e-6
    return best
