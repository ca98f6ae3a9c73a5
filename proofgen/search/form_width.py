"""What a piece with a quadratic form is like before it is proved: binary64, UNTRUSTED (MATHEMATICS.md, section 14)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.threads import one_blas_thread
from .predictor import cubic_along, value_at
from .quadratic_form import cholesky_approx, quadratic_form

SAMPLES = 9
ROUNDING = 1e-15  # of f, relative
RADIUS_ROOM = 1.2  # r over 2η/q
BEND_ROOM = 1.1  # of the part of ε that comes from the motion along the predictor
SPARE = 0.05  # of PA + AᵀP ≈ I that a good piece leaves over
STEPS = 4  # of the iteration for the Collatz bound


@dataclass(frozen=True)
class Experience:
    """What proofs of pieces before say of the next: ε grows by about ``slope`` for each unit of r, and a proved η is
    larger than a sampled one by about ``excess``·h⁴."""

    slope: float = 10.0
    excess: float = 0.0


@dataclass(frozen=True)
class FormCandidate:
    """γ̃, h, c_0, …, c_3 (None on the trivial branch), r, q, P and the factors L, θ for the two control matrices.

    curved: about ε for r = 0; sampled: about η; share: by what h may be multiplied for a piece with little to spare,
    below 1 where this one is too wide.
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


def form_candidate(
    field: FieldApprox, gamma: float, half: float, guess: Array | None, experience: Experience
) -> FormCandidate | None:
    """A candidate for |γ − γ̃| ≤ half; guess: near the equilibrium, None on the trivial branch.

    None where the equilibrium or P is not found.
    """
    with one_blas_thread(), np.errstate(all="ignore"):
        curve = None
        if guess is not None:
            curve = cubic_along(field, gamma, guess, half)
            if curve is None:
                return None
        A = [field.jacobian(_at(field, curve, s * half), gamma + s * half) for s in (0, -1, 1)]
        if not all(np.all(np.isfinite(matrix)) for matrix in A):
            return None
        P = quadratic_form(A[0])
        if P is None:
            return None
        motion, bend = (A[2] - A[1]) / 2, (A[2] + A[1]) / 2 - A[0]
        controls = [P @ (A[0] + s * motion) for s in (-1, 1)]
        factors = [cholesky_approx(C + C.T) for C in controls]
        least = min(float(np.linalg.eigvalsh(C + C.T)[0]) for C in controls)
        curved = BEND_ROOM * collatz_approx(np.abs(P), np.abs(bend))
        eta = 0.0
        if curve is not None:
            offsets = np.linspace(-half, half, SAMPLES).tolist()
            eta = max(float(np.linalg.norm(P @ field.f(value_at(curve, d), gamma + d))) for d in offsets)
            eta += ROUNDING * float(np.linalg.norm(P) * (1 + np.linalg.norm(curve[0])))
        reach = 2 * RADIUS_ROOM * (eta + experience.excess * half**4)  # r = reach/q
        slope = experience.slope
        margin = min(max(math.sqrt(slope * reach), 1e-3), 0.2)
        share = _share(1 - least, curved, margin + slope * reach / margin)
        kept = [factor for factor in factors if factor is not None]
        if len(kept) < 2 and share >= 1:
            return None
        return FormCandidate(gamma, half, curve, reach / margin, margin, P, kept, curved, eta, share)


def _at(field: FieldApprox, curve: Array | None, delta: float) -> Array:
    return np.zeros(field.n) if curve is None else value_at(curve, delta)


def _share(linear: float, quadratic: float, tube: float) -> float:
    """The largest s ≤ 3 with s·linear + s²(quadratic + tube) ≤ 1 − SPARE: how the needs of a piece grow with h."""
    linear, square = max(linear, 1e-6), quadratic + tube
    if not (math.isfinite(linear) and math.isfinite(square)):
        return 0.1
    have = 1 - SPARE
    return min(3.0, 2 * have / (linear + math.sqrt(linear * linear + 4 * square * have)))


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
