"""Lemma C by entries (section 28), in rectangles; also at an eigenvalue, where one coordinate is left out."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

from .budget import OPERATION, digits_in
from .complexes import Complex
from .intervals import Real, real, up
from .local_spectrum import LocalSpectrum
from .verdicts import Matrix


def combined(rows: Matrix, unit: int, v: list[Complex]) -> list[Complex]:
    """A real matrix, in units of 2^-unit, times v."""
    result = list[Complex]()
    for row in rows:
        parts = list[Real]()
        for part in ([z.re for z in v], [z.im for z in v]):
            pairs = [(x * y.lo, x * y.hi) if x >= 0 else (x * y.hi, x * y.lo) for x, y in zip(row, part, strict=True)]
            lo, hi = sum(x for x, _ in pairs), sum(x for _, x in pairs)
            parts.append(Real(lo >> unit, -(-hi >> unit), part[0].F))
        result.append(Complex(*parts))
    return result


def spend(A: LocalSpectrum) -> None:
    """What one product with X or Y, or one step of `solved`, costs."""
    bits = max(A.F, A.X_unit, A.Y_unit) + 64
    A.budget.spend(A.n * A.n * (8 * OPERATION + 8 * digits_in(bits) ** 2))


def coordinates(A: LocalSpectrum, v: list[Complex]) -> list[Complex]:
    """P^-1 Y v."""
    spend(A)
    y = combined(A.Y, A.Y_unit, v)
    for a in range(0, 2 * A.m, 2):
        top, bottom = y[a], y[a + 1]
        turned = Complex(-bottom.im, bottom.re)
        y[a], y[a + 1] = (Complex(z.re.over(2), z.im.over(2)) for z in (top - turned, top + turned))
    return y


def vector_of(A: LocalSpectrum, y: list[Complex]) -> list[Complex]:
    """XPy."""
    spend(A)
    v = list(y)
    for a in range(0, 2 * A.m, 2):
        difference = y[a] - y[a + 1]
        v[a], v[a + 1] = y[a] + y[a + 1], Complex(-difference.im, difference.re)
    return combined(A.X, A.X_unit, v)


def solved(A: LocalSpectrum, z: Complex, near: tuple[int, int], r: list[Complex],
           without: int | None = None) -> tuple[list[Complex] | None, int]:  # fmt: skip
    """(z - M)y = (I + S)r: y, and beta.  near: a point close to all z, in units of the centres.  With `without` it is
    the solution with y_j = 0 for that j, if there is one; then row j is not needed.

    First as a whole: |y - y~| <= (s |r| + g |y~|)/beta.  Then row by row, where M = N + SN: (z - N_jj) y_j =
    r_j + e_j, |e_j| <= sum over i != j of |N_ji||y_i| + s_j (|r| + max_l sum_i |N_li||y_i|)."""
    F, n, unit = A.F, A.n, 1 << A.d_unit
    rows = [j for j in range(n) if j != without]
    dz = (z - Complex(real(Fraction(near[0], unit), F), real(Fraction(near[1], unit), F))).size
    beta = min(A.distance(near[0] - A.centres[j][0], near[1] - A.centres[j][1]) - dz - A.g[j] for j in rows)
    if beta <= 0:
        return None, beta
    spend(A)
    offsets = [z - Complex(real(Fraction(u, unit), F), real(Fraction(v, unit), F)) for u, v in A.centres]
    zero, far = real(0, F), max(x.size for x in r)
    y = [Complex(zero, zero) if j == without else r[j] / offsets[j] for j in range(n)]
    size = max(A.s[j] for j in rows) * far + max(A.g[j] for j in rows) * max(x.size for x in y)
    for j in rows:
        y[j] = y[j].widen(up(size, beta))
    for _ in range(2):
        sizes = [x.size for x in y]
        grown = [up(sum(map(mul, row, sizes)), A.one) for row in A.N_abs]
        most = far + max(grown)
        for j in rows:
            error = grown[j] - (A.N_abs[j][j] * sizes[j] >> F) + up(A.s[j] * most, A.one)
            y[j] = y[j] & (r[j].widen(error) / (offsets[j] - Complex(*A.sway[j])))
    return y, beta

