"""Approximate eigenvectors of W⁰ and their refinement: binary64, UNTRUSTED.

A witness is a list of binary64 arrays ("limbs") whose exact sum is meant. Each refinement adds a limb
from residuals that a proof attempt left behind, about 50 more bits each time.
"""

from __future__ import annotations

import numpy as np

from ..approx.field import Array
from ..approx.threads import one_blas_thread
from .eigenvalues import eigen
from .witness import WitnessLimbs


def eigenbasis_approx(W: Array, units: Array | None = None) -> WitnessLimbs | None:
    """Eigenvectors in real block form: Re v, Im v for each pair, then real ones; increasing γ = −Re μ.

    units: of the components, in which eigenvectors have the norm 1. None when LAPACK fails or the eigenvectors are
    singular in binary64. One BLAS thread, so that the result does not depend on the number of cores.
    """
    with one_blas_thread(), np.errstate(all="ignore"):
        try:
            found = eigen(W)
        except np.linalg.LinAlgError:
            return None
        values, vectors, rows = found.values, found.X, np.ones(len(W)) if units is None else units
        if units is not None and np.any(units != 1):
            vectors = vectors / np.linalg.norm(vectors / units[:, None], axis=0)
        upper = [int(k) for k in np.nonzero(values.imag > 0)[0]]
        real = [int(k) for k in np.nonzero(values.imag == 0)[0]]
        upper.sort(key=lambda k: (-values[k].real, values[k].imag))
        real.sort(key=lambda k: -values[k].real)
        columns: list[Array] = []
        for k in upper:
            columns += [vectors[:, k].real.astype(np.float64), vectors[:, k].imag.astype(np.float64)]
        columns += [vectors[:, k].real.astype(np.float64) for k in real]
        X = np.ascontiguousarray(np.column_stack(columns), dtype=np.float64)
        d = np.array([[values[k].real, values[k].imag] for k in upper + real], dtype=np.float64)
        try:
            Y = np.asarray(np.linalg.inv(X / rows[:, None]) / rows[None, :], dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
    if not (np.all(np.isfinite(X)) and np.all(np.isfinite(Y)) and np.all(np.isfinite(d))):
        return None
    return WitnessLimbs(len(upper), [X], [Y], [d])


def refine_eigenbasis(witness: WitnessLimbs, N_minus_D: Array, R: Array) -> WitnessLimbs | None:
    """One Newton-like step from N − D (N = YWX) and R = I − YX, both given to 53 bits.

    X ← X + XQ with Q_ij = E_ij/(d_j − d_i), E = (N − D) + RD in complex indices, d ← d + diag E,
    Y ← Y + (R − Q)Y. Entries between (nearly) equal centres get no correction, and
    the centre of a pair stays above the real axis. None when not finite.
    """
    m = witness.pairs
    n = R.shape[0]
    d = np.sum(witness.d, axis=0)
    with one_blas_thread(), np.errstate(all="ignore"):
        P = np.zeros((n, n), dtype=complex)
        for a in range(m):
            P[2 * a : 2 * a + 2, 2 * a : 2 * a + 2] = [[1, 1], [1j, -1j]]
        for a in range(2 * m, n):
            P[a, a] = 1
        P_inverse = np.linalg.inv(P)
        centres = np.empty(n, dtype=complex)
        centres[0 : 2 * m : 2] = d[:m, 0] + 1j * d[:m, 1]
        centres[1 : 2 * m : 2] = d[:m, 0] - 1j * d[:m, 1]
        centres[2 * m :] = d[m:, 0]
        E = P_inverse @ N_minus_D @ P + (P_inverse @ R @ P) * centres[None, :]
        differences = centres[None, :] - centres[:, None]
        scale = np.max(np.abs(centres), initial=0.0)
        usable = np.abs(differences) > 1e-13 * scale
        Q = np.where(usable, E / np.where(usable, differences, 1), 0)
        Q_real = np.real(P @ Q @ P_inverse)
        X_limb = np.sum(witness.X, axis=0) @ Q_real
        Y_limb = (R - Q_real) @ np.sum(witness.Y, axis=0)
        shift = np.diag(E)
        d_limb = np.array(
            [[shift[2 * a].real, max(shift[2 * a].imag, -d[a, 1] / 2)] for a in range(m)]
            + [[shift[j].real, 0.0] for j in range(2 * m, n)]
        )
    if not all(np.all(np.isfinite(limb)) for limb in (X_limb, Y_limb, d_limb)):
        return None
    return WitnessLimbs(m, [*witness.X, X_limb], [*witness.Y, Y_limb], [*witness.d, d_limb])
