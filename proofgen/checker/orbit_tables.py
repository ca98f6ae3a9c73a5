"""Arithmetic of matrices with one error for all entries (section 18)."""

from __future__ import annotations

from .intervals import up
from .orbit_numbers import Table
from .products import added, small_product
from .verdicts import Matrix, Rejected


def real_table(A: Matrix, err: int) -> Table:
    return Table(A, [[0] * len(A[0]) for _ in A], err)


def real_product(A: Matrix, e: int, B: Matrix, t: int, F: int) -> tuple[Matrix, int]:
    rows, columns = max(sum(map(abs, r)) for r in A), max(sum(map(abs, c)) for c in zip(*B, strict=True))
    return [[x >> F for x in r] for r in small_product(A, B)], (rows * t + columns * e + len(B) * e * t >> F) + 2


def rows_scaled(s: list[int], e: int, A: Matrix, t: int, F: int) -> tuple[Matrix, int]:
    most, size = max(map(abs, s)), max(abs(x) for row in A for x in row)
    return [[a * x >> F for x in row] for a, row in zip(s, A, strict=True)], (most * t + size * e + e * t >> F) + 2


def divided(A: Table, a: int, e: int, F: int) -> Table:
    """A real table over a number within e of a != 0."""
    least = abs(a) - e
    if least <= 0:
        raise Rejected("the amplitude 0 is a sample")
    size = max(abs(x) for row in A.re for x in row)
    err = up((A.err << F) + (up(size << F, abs(a)) + 1) * e, least) + 2
    return Table([[(x << F) // a for x in row] for row in A.re], A.im, err)


def difference(A: Table, B: Table) -> Table:
    return total(A, B, -1)


def total(A: Table, B: Table, factor: int = 1) -> Table:
    """A + factor B, for a factor 1 or -1."""
    re, im = (added(p, q, factor) for p, q in ((A.re, B.re), (A.im, B.im)))
    return Table(re, im, A.err + B.err)


def real_times(A: Table, B: Table, F: int) -> Table:
    """A real, B complex."""
    re, err = real_product(A.re, A.err, B.re, B.err, F)
    im, other = real_product(A.re, A.err, B.im, B.err, F)
    return Table(re, im, max(err, other))


def number_times(c: int, e: int, B: Table, F: int) -> Table:
    """A real number within e of c, times B."""
    size = max(abs(x) for part in (B.re, B.im) for row in part for x in row)
    err = (abs(c) * B.err + size * e + e * B.err >> F) + 2
    re, im = ([[c * x >> F for x in row] for row in part] for part in (B.re, B.im))
    return Table(re, im, err)
