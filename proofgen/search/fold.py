"""A fold to be proved: a numerical zero of the fold system with all that a proof starts from. Binary64, UNTRUSTED."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.threads import one_blas_thread
from .eigenbasis import eigenbasis_approx
from .extended import fold_system, fold_system_jacobian, newton
from .location import CrossingApprox
from .witness import WitnessLimbs

SMALLEST = 2.0**-16  # of the largest size among the entries of x, or of v
NOTHING = 2.0**-30  # below it all of x, or γ, counts as 0


@dataclass(frozen=True)
class FoldApprox:
    """u = (γ, x, v) and φ with F(u) ≈ 0, A ≈ DF(u)⁻¹, and the eigenbasis at (x, γ); index: the block of 0.

    sizes: 2n + 1 positive numbers in proportion to which the radii of a box around u are chosen; they follow the units
    of x, of γ and of the equations. left: l with l J ≈ 0, l ∂_γf ≈ 1.
    """

    u: Array
    phi: Array
    A: Array
    sizes: Array
    left: Array
    basis: WitnessLimbs
    index: int


def fold_approx(field: FieldApprox, crossing: CrossingApprox) -> FoldApprox | None:
    """The fold near a candidate; None where Newton's method or LAPACK fails, or 0 is no real eigenvalue."""
    with one_blas_thread(), np.errstate(all="ignore"):
        try:
            values, vectors = np.linalg.eig(field.jacobian(crossing.x, crossing.gamma))
            k = int(np.argmin(np.abs(values)))
            if values[k].imag != 0:
                return None
            v = vectors[:, k].real / np.linalg.norm(vectors[:, k].real)
            v = v * np.sign(v[int(np.argmax(np.abs(v)))])
            phi = np.ascontiguousarray(v, dtype=np.float64)

            def correction(u: Array) -> Array:
                D = fold_system_jacobian(field, u, phi)
                return np.asarray(np.linalg.solve(D, fold_system(field, u, phi)), dtype=np.float64)

            u = newton(correction, np.concatenate([[crossing.gamma], crossing.x, phi]))
            if u is None:
                return None
            D = fold_system_jacobian(field, u, phi)
            A = np.ascontiguousarray(np.linalg.inv(D), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        sizes = np.abs(A) @ (np.abs(D) @ np.abs(u))  # at least |u|, and in the units of u whatever those of F
        n = field.n
        for part in (slice(0, 1), slice(1, n + 1), slice(n + 1, 2 * n + 1)):  # entries that are 0 but for roundings
            largest = float(np.max(sizes[part]))
            sizes[part] = np.maximum(sizes[part], SMALLEST * (largest if largest > NOTHING else 1.0))
        basis = eigenbasis_approx(field.jacobian(u[1 : n + 1], float(u[0])))
    if basis is None or basis.pairs == len(basis.d[0]):
        return None
    if not all(np.all(np.isfinite(part)) for part in (u, A, sizes)):
        return None
    reals = np.abs(basis.d[0][basis.pairs :, 0])
    return FoldApprox(u, phi, A, sizes, A[0, :n].copy(), basis, basis.pairs + int(np.argmin(reals)))
