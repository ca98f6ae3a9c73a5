"""What a piece around a Hopf point is like before it is proved (Theorem H): binary64, UNTRUSTED (MATHEMATICS.md).

The letters are those of its section 15.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.threads import one_blas_thread
from .form_width import collatz_approx, controls_of, factored, jacobians, sampled_defect, sampled_values
from .predictor import cubic_along, newton_approx
from .quadratic_form import quadratic_form, rounded_form

SHIFTS = (0.5, 1.0, 2.0, 4.0)  # κ, relative to the distance of the other eigenvalues from the axis
KEPT, BRANCH_KEPT = 0.92, 0.5  # q and g, relative to what the remainders leave of the least eigenvalues
REMAINDER_ROOM = 1.2  # of ε
LEAST_USED = 1e-3  # share of the speed, where nothing but the pair moves
RADIUS_ROOM = 30.0  # r over 2/g times f along the predictor: the bound of f is far from sharp, and r hardly matters


@dataclass(frozen=True)
class CrossingCandidate:
    """γ̃, h, c_0, …, c_3 (None on the trivial branch), r, G, g; P, q, κ, U, V (columns); the factors of G and of P.

    share: by what h may be multiplied for a piece with little to spare, below 1 where this one is too wide.
    """

    gamma: float
    half: float
    curve: Array | None
    radius: float
    G: Array
    branch_margin: float
    P: Array
    margin: float
    shift: float
    U: Array
    V: Array
    factors: tuple[list[tuple[Array, float]], list[tuple[Array, float]]]
    share: float


def crossing_candidate(
    field: FieldApprox, gamma: float, half: float, guess: Array | None, omega: float
) -> CrossingCandidate | None:
    """A candidate for |γ − γ̃| ≤ half around a pair near ±iω; guess: near x, None on the trivial branch."""
    with one_blas_thread(), np.errstate(all="ignore"):
        curve = None
        if guess is not None:
            x = newton_approx(field, guess, gamma)
            curve = None if x is None else cubic_along(field, gamma, x, half)
            if curve is None:
                return None
        A = jacobians(field, gamma, half, curve)
        if not all(np.all(np.isfinite(M)) for M in A):
            return None
        try:
            pair = _pair(A[0], omega)
            G = rounded_form(np.asarray(np.linalg.inv(A[0])) / 2)
        except np.linalg.LinAlgError:
            return None
        if pair is None:
            return None
        U, V, far = pair
        rest = np.abs((A[1] + A[2]) / 2 - A[0])
        branch_margin = BRANCH_KEPT * (_least(controls_of(G, A)) - REMAINDER_ROOM * collatz_approx(np.abs(G), rest))
        found: list[tuple[float, float, float, Array]] = []
        for shift in (sign * factor * far for factor in SHIFTS for sign in (1, -1)):
            P = quadratic_form(A[0] - shift * U @ V.T)
            if P is not None:
                P = rounded_form(P)
                margin, used = _judged(A, P, U, V, shift, rest)
                found.append((used, margin, shift, P))
        if not found or not branch_margin > 0:
            return None
        used, margin, shift, P = min(found, key=lambda item: item[0])
        if not margin > 0:
            return None
        eta = sampled_defect(G, curve, sampled_values(field, gamma, half, curve))
        radius = 2 * RADIUS_ROOM * eta / branch_margin
        whole = CrossingCandidate(
            gamma, half, curve, radius, G, branch_margin, P, margin, shift, U, V, ([], []), 0.95 / max(used, LEAST_USED)
        )
        return _with_factors(whole, A)


def crossing_factors(field: FieldApprox, candidate: CrossingCandidate) -> CrossingCandidate:
    """A candidate that was stored without its factors."""
    with one_blas_thread(), np.errstate(all="ignore"):
        return _with_factors(candidate, jacobians(field, candidate.gamma, candidate.half, candidate.curve))


def _with_factors(c: CrossingCandidate, A: list[Array]) -> CrossingCandidate:
    B = [M - c.shift * c.U @ c.V.T for M in A]
    return replace(c, factors=(factored(controls_of(c.G, A)), factored(controls_of(c.P, B))))


def _pair(A: Array, omega: float) -> tuple[Array, Array, float] | None:
    """U and V for the eigenvalue nearest to iω, VᵀU ≈ I, and how far the others are from the axis."""
    values, right = np.linalg.eig(A)
    left = np.linalg.inv(right)
    k = int(np.argmin(np.abs(values - 1j * omega)))
    if not values[k].imag > 0:
        return None
    away = np.minimum(np.abs(values - values[k]), np.abs(values - values[k].conjugate()))
    others = np.abs(values.real)[away > 1e-9]
    far = float(np.min(others)) if len(others) else float(abs(values[k]))
    q, p = right[:, k], left[k]
    turn = np.exp(-0.5j * np.angle(q @ q))  # so that Re q and Im q are orthogonal
    q, p = q * turn, p / turn
    U, V = np.array([q.real, q.imag]).T, 2 * np.array([p.real, -p.imag]).T
    return U, V, max(far, 1e-6)


def _least(controls: list[Array]) -> float:
    return min(float(np.linalg.eigvalsh(M)[0]) for M in controls)


def _judged(A: list[Array], P: Array, U: Array, V: Array, shift: float, rest: Array) -> tuple[float, float]:
    """q, and what share of the critical pair's speed the bounds of Theorem H use up."""
    least = _least(controls_of(P, [M - shift * U @ V.T for M in A]))
    margin = KEPT * (least - REMAINDER_ROOM * collatz_approx(np.abs(P), rest))
    if not margin > 0.02:
        return 0.0, 4.0
    motion, norm = (A[2] - A[1]) / 2, np.linalg.norm  # hA_1
    N = V.T @ motion @ U
    F, K = motion @ U - U @ N, V.T @ motion - N @ V.T
    EU = rest @ np.abs(U)
    inner, size_PU = np.abs(V).T @ EU, norm(P @ U)
    phi = 2 / margin * (norm(P @ F) + norm(np.abs(P) @ EU) + size_PU * norm(inner))
    k = norm(K) + norm(rest.T @ np.abs(V)) + norm(inner) * norm(V)
    kept = 1 - 2 / margin * size_PU * k
    middle = V.T @ A[0] @ U
    slow = abs(middle[0, 1] - middle[1, 0]) / 2
    speed = abs(N[0, 0] + N[1, 1]) / 2
    if not kept > 0.1:
        return float(margin), 4.0
    tau = k * phi / kept
    off = math.hypot(N[0, 0] - N[1, 1], N[0, 1] + N[1, 0]) / 2 + norm(inner) + tau
    if not slow - tau > 0:
        return float(margin), 4.0
    return float(margin), float(((inner[0, 0] + inner[1, 1]) / 2 + tau + off * off / (slow - tau)) / max(speed, 1e-300))
