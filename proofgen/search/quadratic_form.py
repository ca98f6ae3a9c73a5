"""A symmetric P with PA + AᵀP positive definite, and Cholesky factors, in binary64. UNTRUSTED."""

from __future__ import annotations

import math

import numpy as np

from ..approx.field import Array

ITERATIONS = 60  # of Newton's method for the matrix sign, at most
ISOLATED, SCALES = 2.0, (10.0, 1.0)  # see `forms_near_the_axis`
FORM_BITS, MOST_FORM_BITS = 24, 50  # of the largest entry of P, see `rounded_form`


def quadratic_form(A: Array) -> Array | None:
    """P with PA + AᵀP = ½(I + SᵀS), S = sign A: definite, and near I where A is nearly normal. None where it fails."""
    solved = _solved(A, np.eye(len(A)))
    return None if solved is None else solved[0]


def forms_near_the_axis(A: Array) -> list[Array]:
    """P for a matrix with one eigenvalue or pair much nearer to the axis than all others; no form where there is none.

    With its spectral projector Π and its real part ±α the forms are s·α·P_c + P_n with P_c for ΠᵀΠ and P_n for
    (I − Π)ᵀ(I − Π) on the right of Lyapunov's equation. P_c grows like 1/α, and in `quadratic_form` with it everything
    that A moves by; here the form is of moderate size, at the price that PA + AᵀP is about s·α at the critical pair. So
    a piece may come close to the crossing: by √α rather than by α where eigenvectors move.
    """
    try:
        values, V = np.linalg.eig(A)
        W = np.linalg.inv(V)
    except np.linalg.LinAlgError:
        return []
    order = np.argsort(np.abs(values.real))
    count = 1 if values[order[0]].imag == 0 else 2
    alpha = float(np.abs(values.real[order[0]]))
    if len(order) <= count or not 0 < ISOLATED * alpha < np.abs(values.real[order[count]]):
        return []
    critical = order[:count]
    projector = (V[:, critical] @ W[critical]).real
    rest = np.eye(len(A)) - projector
    solved = _solved(A, projector.T @ projector, rest.T @ rest)
    return [] if solved is None else [scale * alpha * solved[0] + solved[1] for scale in SCALES]


def _solved(A: Array, *right: Array) -> list[Array] | None:
    """P with PA + AᵀP = Q for each Q, by Newton's iteration for S = sign A from S = A,

        S ← ½(cS + (cS)⁻¹),   Q ← ½(cQ + S⁻ᵀQS⁻¹/c),

    which keeps PS + SᵀP = Q within each half plane. What is in Q between the two half planes dies out (Q = I becomes
    ½(I + SᵀS)), so that nothing blows up where λ_i + λ_j = 0. At the end P = ½QS.
    """
    S, Qs = np.array(A, dtype=np.float64), list(right)
    for _ in range(ITERATIONS):
        try:
            inverse = np.linalg.inv(S)
        except np.linalg.LinAlgError:
            return None
        c = float(np.sqrt(np.linalg.norm(inverse) / np.linalg.norm(S)))
        if not np.isfinite(c):
            return None
        if abs(c - 1) < 1e-2:
            c = 1.0  # quadratic convergence at the end
        Qs = [0.5 * (c * Q + inverse.T @ Q @ inverse / c) for Q in Qs]
        following = 0.5 * (c * S + inverse / c)
        change = float(np.linalg.norm(following - S)) / float(np.linalg.norm(following))
        S = following
        if not np.isfinite(change):
            return None
        if change < 1e-9:
            products = [0.5 * Q @ S for Q in Qs]
            return [np.asarray((P + P.T) / 2) for P in products]
    return None


def rounded_form(P: Array, least: float = 1.0) -> Array:
    """P with few bits, as exact products with it are then cheap: FORM_BITS of the largest entry, and more where the
    form is definite by ``least`` < 1 only."""
    bits = min(MOST_FORM_BITS, FORM_BITS + max(0, math.ceil(-math.log2(max(least, 1e-12)))))
    unit = 2.0 ** (bits - math.ceil(math.log2(float(np.max(np.abs(P))))))
    return np.asarray(np.rint(P * unit) / unit)


def cholesky_approx(M: Array, share: float = 0.98) -> tuple[Array, float] | None:
    """L with LLᵀ near M − θI for θ = ``share`` of the least eigenvalue of M, and θ; None unless that is positive."""
    theta = share * float(np.linalg.eigvalsh(M)[0])
    if not theta > 0:
        return None
    try:
        return np.asarray(np.linalg.cholesky(M - theta * np.eye(len(M))), dtype=np.float64), theta
    except np.linalg.LinAlgError:
        return None


def congruence_approx(P: Array) -> Array:
    """W with few bits and WPWᵀ near a diagonal matrix of entries ±1."""
    values, vectors = np.linalg.eigh(P)
    W = np.asarray((vectors / np.sqrt(np.maximum(np.abs(values), np.finfo(float).tiny))).T)
    unit = 2.0 ** (MOST_FORM_BITS - math.ceil(math.log2(float(np.max(np.abs(W))))))
    return np.asarray(np.rint(W * unit) / unit)
