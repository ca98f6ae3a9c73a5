"""Eigenvalues of an exact matrix that are 0 exactly (MATHEMATICS.md, section 21): as many discs, apart from all others,
as the kernel has dimensions.

Arithmetic: exact integers; discs are balls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt, prod

from flint import fmpz_mat

from ..numbers.balls import proves_positive, smallest
from ..numbers.exact import ExactMatrix
from .spectrum import Spectrum

# A checker does it again by elimination modulo 2^e − 1 with one of these e; how much work it may be, in products of two
# 30-bit digits
EXPONENTS, MOST_WORK = (127, 521, 607, 1279, 2203, 3217, 4423, 9689, 11213, 19937, 44497), 2 * 10**10


def nullity(W: ExactMatrix) -> int:
    """The dimension of the kernel of a square matrix; 0 where it would cost a checker too much to see it."""
    rows = [[int(x) for x in row] for row in W.numerators]
    n, rank = len(rows), int(fmpz_mat(rows).rank())
    bits = prod(sorted((isqrt(sum(x * x for x in row)) + 1 for row in rows), reverse=True)[: rank + 1]).bit_length()
    exponent = next((e for e in EXPONENTS if bits < e), None)
    if exponent is None or (rank + 1) * n**2 * (300 + 2 * (exponent // 30 + 1) ** 2) > MOST_WORK:
        return 0
    return n - rank


def all_zero(spectrum: Spectrum, blocks: Sequence[int], dimension: Callable[[], int]) -> bool:
    """Whether all eigenvalues in the discs of some blocks, among them all that may be 0, are 0. dimension: of the
    kernel."""
    others = [j for j in range(len(spectrum.d)) if j not in blocks]
    apart = all(
        proves_positive(smallest([abs(spectrum.d[k] - spectrum.d[j]) - spectrum.g[k] - spectrum.g[j]]))
        for k in blocks
        for j in others
    )
    return apart and sum(map(spectrum.multiplicity, blocks)) == dimension()
