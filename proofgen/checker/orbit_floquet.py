"""Theorems O3 and O4: exponents in discs, and the sign of gamma'(a)/a (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import isqrt

from .intervals import Interval, around, hypot_up, up
from .orbit_numbers import Polynomial, Upward, hull
from .orbit_strip import geometric
from .orbit_witness import Piece
from .verdicts import Matrix, Rejected


@dataclass
class Exponents:
    """outside: number of multipliers of j >= 3 outside of the unit circle, None where a disc meets the axis;
    trace: Re tr Lam_c in the last cell, the only one of a single orbit; error: |kappa - Re tr Lam_c| is at most this,
    in units of 2^-F."""

    outside: int | None
    trace: Interval
    error: int


def cells_of(piece: Piece, cells: int) -> list[tuple[Fraction, Fraction]]:
    """Centres and half widths of cells of cos(theta)."""
    if piece.single:
        return [(Fraction(0), Fraction(0))]
    return [(Fraction(2 * q + 1 - cells, cells), Fraction(1, cells)) for q in range(cells)]


def chebyshev(x: Fraction, degree: int, F: int) -> list[tuple[int, int]]:
    """T_0(x) .. T_degree(x): values and errors; the recurrence multiplies an error by at most 2|x| + 1."""
    return recurrence(x, 1, degree + 1, F)


def recurrence(x: Fraction, first: int, count: int, F: int) -> list[tuple[int, int]]:
    """1, first x, and what 2x y_k - y_{k-1} makes of them."""
    one, t = 1 << F, (x.numerator << F) // x.denominator
    values = [(one, 0), (first * t, first)]
    while len(values) < count:
        (a, e), (b, s) = values[-2:]
        values.append(((2 * t * b >> F) - a, up(2 * (abs(t) * s + abs(b) + s), one) + e + 1))
    return values[:count]


def over_cell(q: Polynomial, x: Fraction, delta: Fraction) -> list[tuple[int, int, int]]:
    """Every entry of a polynomial without tau for |cos(theta) - x| <= delta: real and imaginary part, and an error of
    each, by |T_m'| <= m^2 and |T_m| <= 1."""
    F, T = q.F, chebyshev(x, q.degree, q.F)
    result = []
    for i in range(q.size):
        re = im = err = 0
        for m, (t, e) in enumerate(T):
            a, b, size = q.table.re[m][i], q.table.im[m][i], q.sizes[m][i]
            re += a * t
            im += b * t
            reach = min(delta * m * m, Fraction(2))
            err += size * e + (abs(t) + e) * q.table.err + up(size * reach.numerator << F, reach.denominator)
        result.append((re >> F, im >> F, up(err, 1 << F) + 1))
    return result


def distance_from_turns(re: int, im: int, e: int, F: int) -> int:
    """A lower bound of |ik - z| over all integers k, for z within e of re + i im in each part."""
    k = (im + (1 << F - 1)) >> F
    x = max(0, abs(re) - e)
    return min(isqrt(x * x + max(0, abs(im - (i << F)) - e) ** 2) for i in (k - 1, k, k + 1))


def exponents(piece: Piece, G: Matrix) -> Exponents:
    """Raises Rejected unless the critical pair is apart from the other exponents."""
    n, F = piece.n, piece.F
    g = [sum(row) for row in G]
    g_c, sides, on_axis, apart = max(g[:2]), list[list[int]](), False, True
    trace = Interval(0)
    for x, delta in cells_of(piece, piece.cells):
        L = over_cell(piece.Lam, x, delta)
        s = critical_radius([L[0], L[1], L[n], L[n + 1]], g_c, F)
        others = [L[j * n + j] for j in range(2, n)]
        for (re, im, e), r in zip(others, g[2:], strict=True):
            if distance_from_turns(re, im, e, F) <= s + r:
                raise Rejected("Theorem O3: an exponent is not shown to be apart from the critical pair")
        found = [(re - e > r) - (re + e < -r) for (re, _, e), r in zip(others, g[2:], strict=True)]
        on_axis = on_axis or 0 in found
        sides.append(found)
        apart = apart and all(
            distance_from_turns(p[0] - q[0], p[1] - q[1], p[2] + q[2], F) > g[2 + i] + g[2 + j]
            for i, p in enumerate(others) for j, q in enumerate(others[:i]))  # fmt: skip
        middle, e = L[0][0] + L[n + 1][0], L[0][2] + L[n + 1][2]
        trace = around(middle, e, F).exact
    on_axis = on_axis or any(found != sides[0] for found in sides)
    error = sum(G[j][j] for j in range(n)) + sum(g[2:]) * (1 if apart else 2 * (n - 2))
    return Exponents(None if on_axis else sum(side > 0 for side in sides[0]), trace, error)


def critical_radius(L: list[tuple[int, int, int]], g_c: int, F: int) -> int:
    """Some s <= 1/2 with (s + c_n) g_c < s^2 - s |tr| - |det|."""
    (a, b, c, d), U = L, Upward(F)
    size = [hypot_up(abs(x) + e, abs(y) + e) for x, y, e in L]
    trace = hypot_up(abs(a[0] + d[0]) + a[2] + d[2], abs(a[1] + d[1]) + a[2] + d[2])
    re = a[0] * d[0] - a[1] * d[1] - b[0] * c[0] + b[1] * c[1]
    im = a[0] * d[1] + a[1] * d[0] - b[0] * c[1] - b[1] * c[0]
    spread = sum(2 * (size[i] * L[j][2] + size[j] * L[i][2] + 2 * L[i][2] * L[j][2]) for i, j in ((0, 3), (1, 2)))
    determinant = up(hypot_up(abs(re) + spread, abs(im) + spread), 1 << F)
    c_n = max(size[3] + size[1], size[0] + size[2])
    linear, constant = trace + g_c, determinant + U.times(c_n, g_c)
    root = (linear + U.sqrt(linear * linear + (4 * constant << F))) // 2 + 1
    s = root + (root >> 6) + 4
    if 2 * s > 1 << F or s * s <= (linear * s) + (constant << F):
        raise Rejected("Theorem O3: the critical exponents are not enclosed")
    return s


def slopes(piece: Piece, radius: int) -> Interval:
    """gamma'(a)/a on (0, a_0] by (O); radius: of gamma, in units of 2^-F."""
    F, gamma, U = piece.F, piece.gamma, Upward(piece.F)
    if piece.single or piece.centre or piece.nu.lo <= 0:
        raise Rejected("only a piece around the Hopf point has a direction")
    nu = piece.nu
    odd = sum(U.times(U.exp(nu * nu.of(m)), gamma.sizes[m][0]) for m in range(1, gamma.degree + 1, 2))
    z, rest = geometric(nu + nu)
    factor = (z * (z.of(1) + z) / (rest * rest * rest)).hi
    error = Fraction(8 * U.times(radius + odd, factor), 1 << F)
    found = []
    for c, delta in cells_of(piece, piece.slope_cells):
        value = Interval(0)
        for m, (u, e) in enumerate(second_kind(c, gamma.degree // 2, F), start=1):
            reach = min(delta * Fraction(m**3 - m, 3), Fraction(2 * m)) + Fraction(e, 1 << F)
            coefficient = gamma.table.re[2 * m][0]
            exact = Interval(Fraction(coefficient, 1 << F), Fraction(coefficient + 1, 1 << F))
            middle = Fraction(u, 1 << F)
            value = value + Interval(4 * m) * exact * Interval(middle - reach, middle + reach)
        found.append(Interval(value.lo - error, value.hi + error))
    return reduce(hull, found) * Interval(1 / piece.half_width**2)


def second_kind(c: Fraction, count: int, F: int) -> list[tuple[int, int]]:
    """U_0(c) .. U_{count-1}(c): values and errors."""
    return recurrence(c, 2, count, F)


