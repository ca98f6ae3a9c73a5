"""Complex matrices with one error for all entries, upper bounds, polynomials in e^(i tau), cos theta (section 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from operator import mul

from .elementary import cos_sin_of, exp_of
from .intervals import Interval, Real, hypot_up, up
from .problem import Problem
from .products import small_product
from .series import pi_for
from .verdicts import Matrix, Rejected, Undecided


@dataclass(frozen=True)
class Table:
    """re + i im in units of 2^-F; every real and every imaginary part is known up to err of them."""

    re: Matrix
    im: Matrix
    err: int

    def row(self, i: int, columns: int) -> Table:
        """Row i as a matrix with so many columns."""
        re, im = ([part[i][k : k + columns] for k in range(0, len(part[i]), columns)] for part in (self.re, self.im))
        return Table(re, im, self.err)


def product(problem: Problem, A: Table, B: Table, F: int) -> Table:
    """With a = a' + s, b = b' + t: |a'b' - ab| <= |a||t| + |b||s| + |s||t| for real and imaginary parts."""
    small = len(A.re) <= 8 and len(B.re[0]) <= 64
    times = small_product if small else problem.product
    rr, ii, ri, ir = times(A.re, B.re), times(A.im, B.im), times(A.re, B.im), times(A.im, B.re)
    rows = max(sum(map(abs, r)) + sum(map(abs, s)) for r, s in zip(A.re, A.im, strict=True))
    columns = max(sum(map(abs, r)) + sum(map(abs, s))
                  for r, s in zip(zip(*B.re, strict=True), zip(*B.im, strict=True), strict=True))  # fmt: skip
    err = (rows * B.err + columns * A.err + 2 * len(B.re) * A.err * B.err >> F) + 2
    re = [[x - y >> F for x, y in zip(r, s, strict=True)] for r, s in zip(rr, ii, strict=True)]
    im = [[x + y >> F for x, y in zip(r, s, strict=True)] for r, s in zip(ri, ir, strict=True)]
    return Table(re, im, err)


LARGE = 4096  # numbers above 2^LARGE prove nothing here, and products of them would grow without end


class Upward:
    """Upper bounds of nonnegative numbers, in units of 2^-F, rounded up."""

    def __init__(self, F: int) -> None:
        self.F, self.one = F, 1 << F

    def times(self, *factors: int) -> int:
        result = factors[0]
        for x in factors[1:]:
            result = self.moderate(-(-result * x >> self.F))
        return result

    def moderate(self, x: int) -> int:
        if x >> self.F + LARGE:
            raise Undecided("a bound is too large for this checker")
        return x

    def over(self, x: int, least: int) -> int:
        """x/y for every y >= least."""
        if least <= 0:
            raise Rejected("a divisor is not shown to be positive")
        return up(x << self.F, least)

    def product(self, A: Matrix, B: Matrix) -> Matrix:
        columns = list(zip(*B, strict=True))
        return [[self.moderate(-(-sum(map(mul, row, column)) >> self.F)) for column in columns] for row in A]

    def sqrt(self, x: int) -> int:
        """Of x in units of 2^-2F."""
        return isqrt(x - 1) + 1 if x else 0

    def exp(self, x: Real) -> int:
        return exp_of(x).hi


def hull(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))


def added(*matrices: Matrix) -> Matrix:
    return [[sum(entries) for entries in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)]


def scaled(A: Matrix, factor: int, F: int) -> Matrix:
    return [[-(-x * factor >> F) for x in row] for row in A]


@dataclass
class Polynomial:
    """sum c_km e^(ik tau) cos(m theta), rows x columns, |k| <= K, m <= d: coefficients in row m of ``table``, then k,
    then the entries; ``flat``: the same exactly, in units 1/unit, real and imaginary parts in turn."""

    K: int
    rows: int
    columns: int
    table: Table
    flat: Matrix
    F: int

    @property
    def degree(self) -> int:
        return len(self.flat) - 1

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @cached_property
    def sizes(self) -> Matrix:
        """|c_km|, rounded up."""
        e = self.table.err
        return [[hypot_up(abs(x) + e, abs(y) + e) for x, y in zip(*pair, strict=True)]
                for pair in zip(self.table.re, self.table.im, strict=True)]  # fmt: skip

    def coefficient(self, m: int, k: int) -> Table:
        if m > self.degree or abs(k) > self.K:
            zero = [[0] * self.columns for _ in range(self.rows)]
            return Table(zero, zero, 0)
        start = (k + self.K) * self.size
        cut = slice(start, start + self.size)
        return Table([self.table.re[m][cut]], [self.table.im[m][cut]], self.table.err).row(0, self.columns)

    def bound(self, rho: Real, eta: Real, derivative: bool = False) -> Matrix:
        """sum |c_km| e^(rho |k| + eta m), of the derivative by tau with a factor |k|."""
        U = Upward(self.F)
        over_theta = [U.exp(eta * eta.of(m)) for m in range(self.degree + 1)]
        over_tau = [U.exp(rho * rho.of(k)) * (k if derivative else 1) for k in range(self.K + 1)]
        column = [-(-sum(map(mul, over_theta, c)) >> self.F) for c in zip(*self.sizes, strict=True)]
        weights = [over_tau[abs(k)] for k in range(-self.K, self.K + 1)]
        entries = [-(-sum(map(mul, weights, column[i :: self.size])) >> self.F) for i in range(self.size)]
        return [entries[i : i + self.columns] for i in range(0, self.size, self.columns)]

    def at(self, cosines: Table) -> Table:
        """Coefficients of e^(ik tau) for cos(m theta) in the one row of ``cosines``: one row for each k."""
        m = self.degree + 1
        row, F, e, t = cosines.re[0][:m], self.F, cosines.err, self.table
        re, im = ([sum(map(mul, row, c)) >> F for c in zip(*part, strict=True)] for part in (t.re, t.im))
        largest = sum(max(map(abs, [*r, *s])) for r, s in zip(t.re, t.im, strict=True))
        weight = sum(map(abs, row))
        err = (weight * t.err + largest * e + m * t.err * e >> F) + 2
        return Table([re], [im], err).row(0, self.size)


ROOT_ERROR, FINER = 4, 48  # of a root of unity, in units of 2^-F; bits more with which it is found


def turns(N: int, F: int) -> list[tuple[int, int]]:
    """cos(2 pi j/N), sin(2 pi j/N), each within ROOT_ERROR units of 2^-F."""
    one = Real(1 << F + FINER, 1 << F + FINER, F + FINER)
    result = []
    for j in range(N):
        c, s = cos_sin_of(pi_for(one) * one.of(2 * j).over(N))
        if max(c.hi - c.lo, s.hi - s.lo) > 1 << FINER:
            raise Undecided("a root of unity is not precise enough")
        result.append((c.lo >> FINER, s.lo >> FINER))
    return result


@dataclass
class Waves:
    """cos k tau_j and sin k tau_j, k = 0 .. K, for the samples tau_j, 2j < N, within ROOT_ERROR."""

    cos: Matrix
    sin: Matrix

    def sums(self, problem: Problem, c: Matrix, err: int, F: int) -> tuple[Matrix, Matrix, int]:
        """Of sum_k c_k e^(ik tau), c_k real, rows k = -K .. K: the parts with cos and with sin over i, and an error."""
        K = len(c) // 2
        even = [c[K], *([x + y for x, y in zip(c[K + k], c[K - k], strict=True)] for k in range(1, K + 1))]
        odd = [[0] * len(c[K]), *([x - y for x, y in zip(c[K + k], c[K - k], strict=True)] for k in range(1, K + 1))]
        most = max(max(sum(map(abs, column)) for column in zip(*part, strict=True)) for part in (even, odd))
        rows = max(max(sum(map(abs, row)) for row in part) for part in (self.cos, self.sin))
        e = (rows * 2 * err + most * ROOT_ERROR + (K + 1) * ROOT_ERROR * 2 * err >> F) + 2
        first, second = ([[x >> F for x in row] for row in problem.product(wave, part)]
                         for wave, part in ((self.cos, even), (self.sin, odd)))  # fmt: skip
        return first, second, e


def waves(roots: Sequence[tuple[int, int]], K: int) -> Waves:
    N = len(roots)
    picked = [[roots[j * k % N] for k in range(K + 1)] for j in range(N // 2 + 1)]
    return Waves([[c for c, _ in row] for row in picked], [[s for _, s in row] for row in picked])


def cosines_at(roots: Sequence[tuple[int, int]], j: int, degree: int) -> Table:
    """cos(m theta_j) for m = 0 .. degree, as one row."""
    N = len(roots)
    return Table([[roots[j * m % N][0] for m in range(degree + 1)]], [[0] * (degree + 1)], ROOT_ERROR)

