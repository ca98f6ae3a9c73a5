"""Eigenvalues of an exact matrix that are 0 exactly (section 23): there are as many as its kernel has dimensions. If
so many discs are apart from all others and only these may hold 0, all of their eigenvalues are 0."""

from __future__ import annotations

from collections.abc import Collection
from math import isqrt, prod

from .budget import OPERATION, Budget, bytes_of, digits_in
from .context import Checker
from .similarity import Spectrum
from .verdicts import Matrix

# 2^e - 1 for these e has no small divisors, so that pivots are invertible; that these are primes is not used
EXPONENTS = (127, 521, 607, 1279, 2203, 3217, 4423, 9689, 11213, 19937, 44497)


def all_zero(checker: Checker, A: Spectrum, W: Matrix, indices: Collection[int]) -> bool:
    """Whether all eigenvalues of W in the discs of these indices are 0.  No other disc holds 0."""
    checker.bundle.budget.spend(len(indices) * A.n * (10 * OPERATION + 4 * digits_in(A.F) ** 2))
    for i in indices:
        x, y = A.centres[i]
        for j, (u, v) in enumerate(A.centres):
            if j not in indices and A.distance(x - u, y - v) <= A.g[i] + A.g[j]:
                return False
    return rank_at_most(W, A.n - len(indices), checker.bundle.budget)


def rank_at_most(W: Matrix, r: int, budget: Budget) -> bool:
    """Whether all minors of r + 1 rows and columns of an integer matrix vanish (if not, or if it is not found, False).
    By Hadamard's inequality they are less than N in absolute value, and if elimination modulo N ends after at most r
    pivots, each of them invertible modulo N, all are divisible by N: row operations and exchanges carry W into a matrix
    with at most r nonzero rows, and the minors of r + 1 rows are combinations of those of that matrix."""
    n, bits = len(W), max(abs(x).bit_length() for row in W for x in row)
    budget.spend(n * n * (OPERATION + digits_in(bits) ** 2) + n * n * digits_in(bits + n.bit_length()) ** 2)
    largest = prod(sorted((isqrt(sum(x * x for x in row)) + 1 for row in W), reverse=True)[: r + 1])
    exponent = next((e for e in EXPONENTS if largest < (1 << e) - 1), None)
    if r < 0 or exponent is None:
        return False
    N = (1 << exponent) - 1
    budget.spend((r + 1) * n * n * (OPERATION + 2 * digits_in(exponent) ** 2))
    budget.hold(bytes_of(n * n, exponent))
    rows = [[x % N for x in row] for row in W]
    for _ in range(r):
        pivot = next(((i, j) for i, row in enumerate(rows) for j, x in enumerate(row) if x), None)
        if pivot is None:
            return True
        i, j = pivot
        top = rows.pop(i)
        try:
            inverse = pow(top[j], -1, N)
        except ValueError:
            return False
        rows = [[(x - f * y) % N for x, y in zip(row, top, strict=True)] if (f := row[j] * inverse % N) else row
                for row in rows]  # fmt: skip
    return not any(map(any, rows))
