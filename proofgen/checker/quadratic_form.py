"""Theorem L (section 17): integers for what is definite, bounds of what is left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, ldexp, sqrt
from operator import mul

from .budget import OPERATION, Budget, bytes_of, size_of
from .form_motion import Rest
from .intervals import Vector, split, up
from .products import absolute, transpose
from .verdicts import Matrix, Rejected

FACTOR_BITS = 28  # of the entries of a Cholesky factor, behind the point; more where little is to be shown
SHORT = 40  # bits behind the point of matrices of moduli
STEPS = 4  # of the iteration for a vector in the bound of Collatz
Product = Callable[[Matrix, Matrix], Matrix]


@dataclass(frozen=True)
class Form:
    """P in units 2^-shift, its moduli, and these transposed."""

    P: Matrix
    shift: int
    size: Matrix
    turned: Matrix

    @staticmethod
    def of(rows: Matrix, shift: int) -> Form:
        """A symmetric one from its lower triangle, row by row."""
        n = len(rows)
        P = [[rows[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
        size = absolute(P)
        return Form(P, shift, size, size)

    @staticmethod
    def general(P: Matrix, shift: int) -> Form:
        """Any matrix."""
        size = absolute(P)
        return Form(P, shift, size, transpose(size))

    def times(self, v: Sequence[int]) -> list[int]:
        """P v in the units of v and P."""
        return [sum(map(mul, row, v)) for row in self.P]

    def size_times(self, v: Sequence[int]) -> list[int]:
        """|P| v for v >= 0, rounded up to the units of v."""
        one = 1 << self.shift
        return [up(sum(map(mul, row, v)), one) for row in self.size]

    def turned_times(self, v: Sequence[int]) -> list[int]:
        """The same with |P|^T."""
        one = 1 << self.shift
        return [up(sum(map(mul, row, v)), one) for row in self.turned]

    def moved(self, v: Vector) -> int:
        """|P v|_2, rounded up, in the units of v."""
        one = 1 << self.shift
        mid, rad = split(v)
        return length([up(abs(x), one) + r for x, r in zip(self.times(mid), self.size_times(rad), strict=True)])


def cholesky(M: list[list[float]]) -> list[list[float]]:
    """The lower triangle of L with L L^T near M (of which the lower triangle is used), in floating point: a guess."""
    L: list[list[float]] = []
    for i, given in enumerate(M):
        row: list[float] = []
        for j in range(i):
            other = L[j]
            row.append((given[j] - sum(map(mul, row, other))) / other[j])  # `map` ends with the shorter, `row`
        rest = given[i] - sum(map(mul, row, row))
        if not 0 < rest < 1e300:
            raise Rejected("PA + A^T P > (q + epsilon) I is not shown at an end: no Cholesky factor")
        row.append(sqrt(rest))
        L.append(row)
    return L


def require_definite(M: Matrix, shift: int, need: Fraction, product: Product, budget: Budget) -> None:
    """lambda_min(M) > need for a symmetric M in units 2^-shift: M - theta I = L L^T + R exactly, with L from floating
    point, gives lambda_min(M) >= theta - |R|_inf, as L L^T is semidefinite."""
    n, bits = len(M), FACTOR_BITS + max(0, need.denominator.bit_length() - need.numerator.bit_length())
    budget.spend(n**3 * 8 + n * n * 4 * OPERATION)  # measured: 7.5 ns n^3 for the factor
    budget.fits(4 * bytes_of(n * n, 2 * bits + size_of(M)))
    theta = need * Fraction(129, 128)
    try:
        F = [[ldexp(float(x), -shift) for x in row[: i + 1]] for i, row in enumerate(M)]
        for i, row in enumerate(F):
            row[i] -= float(theta)
        L = [[round(ldexp(x, bits)) for x in row] + [0] * (n - len(row)) for row in cholesky(F)]
    except (OverflowError, ValueError):
        raise Rejected("PA + A^T P is too large to be factorised") from None
    unit = max(shift, 2 * bits)
    a, b, diagonal = unit - shift, unit - 2 * bits, (theta.numerator << unit) // theta.denominator
    worst = 0
    for i, (exact, square) in enumerate(zip(M, product(L, transpose(L)), strict=True)):
        rest = [(x << a) - (y << b) for x, y in zip(exact, square, strict=True)]
        rest[i] -= diagonal
        worst = max(worst, sum(map(abs, rest)))
    if not Fraction(diagonal - worst, 1 << unit) > need:
        raise Rejected("PA + A^T P > (q + epsilon) I is not shown at an end: the factor leaves too much")


@dataclass(frozen=True)
class Moduli:
    """|W| by rows and by columns in units 2^-SHORT, rounded up."""

    rows: Matrix
    columns: Matrix

    @staticmethod
    def of(mid: Matrix, rad: Matrix, F: int) -> Moduli:
        """Of a transposed box of middles and radii in units 2^-F."""
        one = 1 << (F - SHORT)
        columns = [[up(abs(x) + r, one) for x, r in zip(*pair, strict=True)] for pair in zip(mid, rad, strict=True)]
        return Moduli(transpose(columns), columns)

    def lengths(self) -> list[int]:
        """|row|_2."""
        return [isqrt(sum(map(mul, row, row))) + 1 for row in self.rows]


def times_moduli(rows: Matrix | None, v: Sequence[int], length: int) -> list[int]:
    """|W| v, rounded up; `rows` None stands for 0 with so many rows."""
    if rows is None or not any(v):
        return [0] * length
    return [up(sum(map(mul, row, v)), 1 << SHORT) for row in rows]


@dataclass(frozen=True)
class Stage:
    """A layer diag(s)(W + t E) over the tube, in units 2^-F: |s_0|, h|s_1|, bend >= |s - s_0 - t s_1|, h swing with
    swing >= |s - s_0|, and h|s_0|; the part of bend that is there for x beside c, in proportion to r."""

    W: Moduli
    E: Moduli | None
    s0: list[int]
    s1: list[int]
    bend: list[int]
    swing: list[int]
    moved: list[int]
    aside: list[int]


def deviation(stages: Sequence[Stage], v: list[int], F: int, turned: bool = False) -> list[int]:
    """E v (turned: E^T v) for v >= 0: with M = M_0 + t M_1 + rest for each layer, |M_0| <= a, h|M_1| <= b, |rest| <= e,
    what the product of all layers differs by from its part of first order in t.  Zeroth, first and rest are the bounds
    of the product so far."""
    zeroth, first, rest = v, [0] * len(v), [0] * len(v)
    for s in reversed(stages) if turned else stages:
        W, E = (s.W.columns, s.E and s.E.columns) if turned else (s.W.rows, s.E and s.E.rows)
        n = len(W)

        def weighted(x: list[int], y: list[int]) -> list[int]:
            return [up(p * q, 1 << F) for p, q in zip(x, y, strict=True)]

        # e (zeroth + first + rest) + b (first + rest) + a rest, and so on
        far, near = added(first, rest), added(zeroth, first, rest)
        if turned:
            of_W = (
                weighted(s.s0, zeroth),
                added(weighted(s.s0, first), weighted(s.s1, zeroth)),
                added(weighted(s.s0, rest), weighted(s.s1, far), weighted(s.bend, near)),
            )
            of_E = weighted(s.moved, zeroth), added(weighted(s.moved, far), weighted(s.swing, near))
            a, b, c = (times_moduli(W, x, n) for x in of_W)
            d, e = (times_moduli(E or None, x, n) for x in of_E)
            zeroth, first, rest = a, added(b, d), added(c, e)
        else:
            zero_W, zero_E = times_moduli(W, zeroth, n), times_moduli(E or None, zeroth, n)
            first_W, far_W, near_W = (times_moduli(W, x, n) for x in (first, far, near))
            rest_W, far_E, near_E = times_moduli(W, rest, n), *(times_moduli(E or None, x, n) for x in (far, near))
            zeroth, first, rest = (
                weighted(s.s0, zero_W),
                added(weighted(s.s0, first_W), weighted(s.s1, zero_W), weighted(s.moved, zero_E)),
                added(weighted(s.s0, rest_W), weighted(s.s1, far_W), weighted(s.moved, far_E),
                      weighted(s.bend, near_W), weighted(s.swing, near_E)),
            )  # fmt: skip
    return rest


def remainder(form: Form, rest: Rest, change: int, F: int, budget: Budget) -> Fraction:
    """epsilon >= |PE + E^T P^T|_2 for all |E_ij| <= (E of the field)_ij + change: max (Hv)_i/v_i for a vector v > 0
    and H = |P|E + E^T|P|^T, which is symmetric and not below |PE + E^T P^T| (Collatz)."""
    n, best = len(form.P), None
    v, sums = [1 << F] * n, form.size_times([1 << F] * n)
    for _ in range(STEPS):
        budget.spend(n * n * 8 * 8)
        weighted = form.turned_times(v)
        straight, turned = form.size_times(rest.times(v)), rest.turned(weighted)
        total_v, total_w = up(change * sum(v), 1 << F), up(change * sum(weighted), 1 << F)
        image = [x + y + up(total_v * s, 1 << F) + total_w for x, y, s in zip(straight, turned, sums, strict=True)]
        quotient = max(Fraction(x, y) for x, y in zip(image, v, strict=True))
        best = quotient if best is None else min(best, quotient)
        top = max(image)
        if not top:
            return Fraction(0)
        v = [(x << F) // top + (1 << F - 20) for x in image]
    assert best is not None
    return best


def added(*columns: Sequence[int]) -> list[int]:
    return list(map(sum, zip(*columns, strict=True)))


def length(v: Sequence[int]) -> int:
    """|v|_2, rounded up."""
    return isqrt(sum(map(mul, v, v))) + 1 if any(v) else 0
