"""Symmetric integer matrices: lower bounds of eigenvalues from an untrusted Cholesky factor, upper bounds of norms.

M − θI = LLᵀ + R exactly, with any L whatever, gives λ_min(M) ≥ θ − |R|_∞, because LLᵀ is positive semidefinite and
|R|_2 ≤ |R|_∞ for a symmetric R. Integers only; a matrix comes with the exponent e of its unit 2^−e.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from flint import fmpz_mat

KEPT = 45  # bits of the entries of a power of a matrix


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


def symmetric_norm_bound(P: Scaled) -> Fraction:
    """|P|_2 ≤ |P⁴|_F^{1/4} for a symmetric P; P² and P⁴ may be rounded, with the error added."""
    if not is_symmetric(P.entries):
        raise ValueError("a symmetric matrix is expected")
    square, error = rounded(Scaled(P.entries * P.entries, 2 * P.exponent))
    # |P²|_2 ≤ |S|_2 + e and |S|_2² = |S²|_2 ≤ |S²|_F
    again = square.entries * square.entries
    total = sum(int(x) ** 2 for x in again.entries())
    of_square = isqrt(isqrt(total) + 1) + 1 + error
    return _root_up(Fraction(of_square, 1), square.exponent)


def rounded(M: Scaled) -> tuple[Scaled, int]:
    """Entries of at most KEPT bits, and a bound of the 2-norm of the change, in the new unit."""
    numbers = [int(x) for x in M.entries.entries()]
    cut = max(0, max((abs(x) for x in numbers), default=0).bit_length() - KEPT)
    if not cut:
        return M, 0
    n, m = M.entries.nrows(), M.entries.ncols()
    return Scaled(fmpz_mat(n, m, [x >> cut for x in numbers]), M.exponent - cut), max(n, m)


def _root_up(x: Fraction, exponent: int) -> Fraction:
    """An upper bound of √(x·2^−exponent)."""
    value = x / Fraction(2) ** exponent
    scale = 1 << 80
    return Fraction(isqrt(-(-value.numerator * scale * scale // value.denominator)) + 1, scale)


def integers(rows: Sequence[Sequence[int]]) -> fmpz_mat:
    return fmpz_mat([list(row) for row in rows])
