"""Eigenvalues and eigenvectors, also of matrices whose rates are of very different sizes. Binary64, UNTRUSTED.

LAPACK's errors are relative to the norm of the (balanced) matrix: with rates from 1e-3 to 1e9 nothing of the slow
eigenvalues is left. One step of Newton's method from what it gives, in the eigenvectors' coordinates, has errors
relative to what an eigenvalue is a sum of, |y||J||x|.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..approx.field import Array

ComplexArray = npt.NDArray[np.complex128]
SMALL, NO_SIZE = 1e-4, 1e-12  # of the largest: components with a unit of their own, and those that may be 0
GRADED = 1e-5  # |y||J||x| of some eigenvalue over the norm: below it eigenvalues are refined


@dataclass(frozen=True)
class Eigen:
    """values; vectors as columns of X; Y: the inverse of X, None where there is none; rates: for each eigenvalue
    |y||J||x|, but at most ‖J‖_∞: what rounding is relative to."""

    values: ComplexArray
    X: ComplexArray
    Y: ComplexArray | None
    rates: Array


def eigen(J: Array) -> Eigen:
    """Raises LinAlgError if LAPACK fails."""
    values, X = np.linalg.eig(J)
    found = _with_rates(J, values.astype(np.complex128), X.astype(np.complex128))
    if found.Y is None or not np.any(found.rates < GRADED * _norm(J)):
        return found
    N, R = found.Y @ J @ found.X, np.eye(len(J)) - found.Y @ found.X
    E = N - np.diag(found.values) + R * found.values[None, :]
    differences = found.values[None, :] - found.values[:, None]
    usable = np.abs(differences) > 1e-13 * (np.abs(found.values)[None, :] + np.abs(found.values)[:, None])
    X = found.X + found.X @ np.where(usable, E / np.where(usable, differences, 1), 0)
    values = found.values + np.diag(E)
    real, upper = found.values.imag == 0, np.flatnonzero(found.values.imag > 0)
    values[real], X[:, real] = values[real].real, X[:, real].real
    values[upper + 1], X[:, upper + 1] = np.conj(values[upper]), np.conj(X[:, upper])  # LAPACK's order
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(X)) and np.all(values[upper].imag > 0)):
        return found
    return _with_rates(J, values, X / np.linalg.norm(X, axis=0))


def relative_units(x: Array) -> Array:
    """Units for the components of a vector: 1, but for one much smaller than 1 and the largest its own size."""
    size = max(1.0, float(np.max(np.abs(x), initial=0.0)))
    small = (np.abs(x) < SMALL * size) & (np.abs(x) > NO_SIZE * size)
    return np.where(small, np.abs(x) / size, 1.0)


def _with_rates(J: Array, values: ComplexArray, X: ComplexArray) -> Eigen:
    norm = _norm(J)
    try:
        Y: ComplexArray = np.linalg.inv(X).astype(np.complex128)
    except np.linalg.LinAlgError:
        return Eigen(values, X, None, np.full(len(J), norm))
    rates = np.einsum("ki,ik->k", np.abs(Y), np.abs(J) @ np.abs(X))
    return Eigen(values, X, Y, np.where(rates < norm, rates, norm))


def _norm(J: Array) -> float:
    return float(np.max(np.sum(np.abs(J), axis=1), initial=0.0))
