"""Theorems O3 and O4: exponents in discs, and the sign of gamma'(a)/a (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import isqrt

from .intervals import Interval, Real, around, hypot_up, up
from .orbit_numbers import Polynomial, Upward, hull
from .orbit_strip import geometric
from .orbit_witness import Piece
from .verdicts import Matrix, Rejected


@dataclass
class Exponents:
    """outside: number of multipliers of j >= 3 outside of the unit circle, None where a disc meets the axis;
    kappa: enclosures of the nontrivial critical exponent, cell by cell."""

    outside: int | None
    kappa: list[Interval]


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
    traces = list[Interval]()
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
        traces.append(around(middle, e, F).exact)
    on_axis = on_axis or any(found != sides[0] for found in sides)
    error = sum(G[j][j] for j in range(n)) + sum(g[2:]) * (1 if apart else 2 * (n - 2))
    outside = None if on_axis else sum(side > 0 for side in sides[0])
    return Exponents(outside, [trace.widen(Fraction(error, 1 << F)) for trace in traces])


def critical_radius(L: list[tuple[int, int, int]], g_c: int, F: int) -> int:
    """Some s <= 1/2 with (s + c_n) g_c < s^2 - s |tr| - |det|."""
    (a, b, c, d), U = L, Upward(F)
    size = [hypot_up(abs(x) + e, abs(y) + e) for x, y, e in L]
    trace = hypot_up(abs(a[0] + d[0]) + a[2] + d[2], abs(a[1] + d[1]) + a[2] + d[2])
    re = a[0] * d[0] - a[1] * d[1] - b[0] * c[0] + b[1] * c[1]
    im = a[0] * d[1] + a[1] * d[0] - b[0] * c[1] - b[1] * c[0]
    taxi = [abs(x) + abs(y) for x, y, _ in L]  # of Re xy and Im xy alike
    spread = sum(taxi[i] * L[j][2] + taxi[j] * L[i][2] + 2 * L[i][2] * L[j][2] for i, j in ((0, 3), (1, 2)))
    determinant = up(hypot_up(abs(re) + spread, abs(im) + spread), 1 << F)
    c_n = max(size[3] + size[1], size[0] + size[2])
    linear, constant = trace + g_c, determinant + U.times(c_n, g_c)
    root = (linear + U.sqrt(linear * linear + (4 * constant << F))) // 2 + 1
    s = root + (root >> 6) + 4
    if 2 * s > 1 << F or s * s <= (linear * s) + (constant << F):
        raise Rejected("Theorem O3: the critical exponents are not enclosed")
    return s


def slopes(piece: Piece, radius: int) -> Interval:
    """gamma'(a)/a on the amplitudes a > 0 of a piece; radius: of gamma, in units of 2^-F."""
    F, gamma, nu = piece.F, piece.gamma, piece.nu
    if piece.single or nu.lo <= 0:
        raise Rejected("only a piece with a strip has a direction")
    if piece.centre:
        return slopes_further_on(piece, radius)
    U = Upward(F)
    odd = sum(U.times(U.exp(nu * nu.of(m)), gamma.sizes[m][0]) for m in range(1, gamma.degree + 1, 2))
    error = Fraction(8 * U.times(radius + odd, sum_of_squares(nu + nu)), 1 << F)
    terms = [Interval(4 * m) * coefficient(gamma, 2 * m) for m in range(1, gamma.degree // 2 + 1)]
    found = [second_kind_sum(terms, c, delta, F).widen(error) for c, delta in cells_of(piece, piece.slope_cells)]
    return reduce(hull, found) * Interval(1 / piece.half_width**2)


def slopes_further_on(piece: Piece, radius: int) -> Interval:
    """(O')."""
    F, gamma, width = piece.F, piece.gamma, piece.half_width
    if piece.centre <= width:
        raise Rejected("a further piece has positive amplitudes")
    error = Fraction(2 * Upward(F).times(radius, sum_of_squares(piece.nu)), 1 << F)
    terms = [Interval(m) * coefficient(gamma, m) for m in range(1, gamma.degree + 1)]
    found = []
    for x, delta in cells_of(piece, piece.slope_cells):
        a = Interval(piece.centre + width * (x - delta), piece.centre + width * (x + delta))
        found.append(second_kind_sum(terms, x, delta, F).widen(error) / (a * Interval(width)))
    return reduce(hull, found)


def coefficient(gamma: Polynomial, m: int) -> Interval:
    value = gamma.table.re[m][0]
    return Interval(Fraction(value, 1 << gamma.F), Fraction(value + 1, 1 << gamma.F))


def sum_of_squares(nu: Real) -> int:
    """sum m^2 e^(-m nu), m >= 1, rounded up."""
    z, rest = geometric(nu)
    return (z * (z.of(1) + z) / (rest * rest * rest)).hi


def second_kind_sum(terms: list[Interval], c: Fraction, delta: Fraction, F: int) -> Interval:
    """sum terms_m U_{m-1} for arguments within delta of c, by |U_{m-1}'| <= (m^3 - m)/3 and |U_{m-1}| <= m."""
    value = Interval(0)
    for m, (term, (u, e)) in enumerate(zip(terms, second_kind(c, len(terms), F), strict=True), start=1):
        reach = min(delta * Fraction(m**3 - m, 3), Fraction(2 * m)) + Fraction(e, 1 << F)
        middle = Fraction(u, 1 << F)
        value = value + term * Interval(middle - reach, middle + reach)
    return value


def second_kind(c: Fraction, count: int, F: int) -> list[tuple[int, int]]:
    """U_0(c) .. U_{count-1}(c): values and errors."""
    return recurrence(c, 2, count, F)


