"""Lower bounds of the eigenvalues of a symmetric integer matrix from an untrusted Cholesky factor.

M − θI = LLᵀ + R exactly, with any L whatever, gives λ_min(M) ≥ θ − |R|_∞, because LLᵀ is positive semidefinite and
|R|_2 ≤ |R|_∞ for a symmetric R. Integers only; a matrix comes with the exponent e of its unit 2^−e.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz_mat


@dataclass(frozen=True)
class Scaled:
    """The matrix entries·2^−exponent."""

    entries: fmpz_mat
    exponent: int

    @property
    def n(self) -> int:
        return int(self.entries.nrows())


@dataclass(frozen=True)
class Factor:
    """L·2^−exponent and θ of an attempt to show M − θI ⪰ 0. UNTRUSTED."""

    L: fmpz_mat
    exponent: int
    theta: Fraction


def is_symmetric(M: fmpz_mat) -> bool:
    return bool(M.nrows() == M.ncols() and M.transpose() == M)


def least_eigenvalue_bound(M: Scaled, factor: Factor) -> Fraction:
    """θ − |M − θI − LLᵀ|_∞ ≤ λ_min(M); θ is rounded down to the unit at hand. M must be symmetric."""
    if not is_symmetric(M.entries) or factor.L.nrows() != M.n:
        raise ValueError("a symmetric matrix and a factor with as many rows are expected")
    unit = max(M.exponent, 2 * factor.exponent)
    theta = (factor.theta.numerator << unit) // factor.theta.denominator
    square = factor.L * factor.L.transpose()
    R = M.entries * (1 << (unit - M.exponent)) - square * (1 << (unit - 2 * factor.exponent))
    worst = 0
    for i, row in enumerate(R.tolist()):
        numbers = [int(x) for x in row]
        numbers[i] -= theta
        worst = max(worst, sum(map(abs, numbers)))
    return Fraction(theta - worst, 1 << unit)


def positive_eigenvalues(form: Scaled, W: Scaled) -> int | None:
    """How many eigenvalues of a symmetric P are positive: W is untrusted, and G = WPWᵀ is nearly diagonal.

    Where every |G_ii| is larger than the sum of the other moduli of its row, G is invertible and stays so while these
    shrink to 0; by Sylvester's law P has as many positive eigenvalues as G has positive diagonal entries. None where
    that is not so.
    """
    if not is_symmetric(form.entries):
        raise ValueError("a symmetric matrix is expected")
    count = 0
    for i, row in enumerate((W.entries * form.entries * W.entries.transpose()).tolist()):
        numbers = [int(x) for x in row]
        if 2 * abs(numbers[i]) <= sum(map(abs, numbers)):
            return None
        count += numbers[i] > 0
    return count


def integers(rows: Sequence[Sequence[int]]) -> fmpz_mat:
    return fmpz_mat([list(row) for row in rows])
