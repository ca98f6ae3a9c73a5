"""A symmetric P with PA + AᵀP near I, and Cholesky factors, in binary64. UNTRUSTED."""

from __future__ import annotations

import numpy as np

from ..approx.field import Array

ITERATIONS = 60  # of Newton's method for the matrix sign, at most


def quadratic_form(A: Array) -> Array | None:
    """P with PA + AᵀP = ½(I + SᵀS), S = sign A: positive definite, and near I where A is nearly normal.

    Newton's iteration for sign A, A_0 = A, Q_0 = I,

        A ← ½(cA + (cA)⁻¹),   Q ← ½(cQ + A⁻ᵀQA⁻¹/c),

    keeps the equation PA + AᵀP = Q within each half plane, and the part of Q between the two half planes dies out: so
    nothing blows up where λ_i + λ_j = 0. At the end A = S and P = ½QS. Rounded to binary32; None where it fails.
    """
    S, Q = np.array(A, dtype=np.float64), np.eye(len(A))
    for _ in range(ITERATIONS):
        try:
            inverse = np.linalg.inv(S)
        except np.linalg.LinAlgError:
            return None
        c = float(np.sqrt(np.linalg.norm(inverse) / np.linalg.norm(S)))
        if not np.isfinite(c):
            return None
        if 0.5 < c < 2 and abs(c - 1) < 1e-2:
            c = 1.0  # quadratic convergence at the end
        Q = 0.5 * (c * Q + inverse.T @ Q @ inverse / c)
        following = 0.5 * (c * S + inverse / c)
        change = float(np.linalg.norm(following - S)) / float(np.linalg.norm(following))
        S = following
        if not np.isfinite(change):
            return None
        if change < 1e-9:
            P = 0.5 * Q @ S
            return np.asarray(((P + P.T) / 2).astype(np.float32).astype(np.float64))
    return None


def cholesky_approx(M: Array, share: float = 0.98) -> tuple[Array, float] | None:
    """L with LLᵀ near M − θI for θ = ``share`` of the least eigenvalue of M, and θ; None unless that is positive."""
    theta = share * float(np.linalg.eigvalsh(M)[0])
    if not theta > 0:
        return None
    try:
        return np.asarray(np.linalg.cholesky(M - theta * np.eye(len(M))), dtype=np.float64), theta
    except np.linalg.LinAlgError:
        return None
