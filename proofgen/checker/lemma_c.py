"""Lemma C by entries (section 28), also at an eigenvalue, where one coordinate is left out."""

from __future__ import annotations

from math import isqrt
from operator import mul

from .blocks import Discs
from .budget import OPERATION, digits_in
from .intervals import hypot_up, up
from .local_spectrum import LocalSpectrum
from .verdicts import Disc, Undecided


def solved(A: LocalSpectrum, z: tuple[int, int], dz: int, r: Discs,
           without: int | None = None) -> tuple[Discs | None, int]:  # fmt: skip
    """(z - M)y = (I + S)r for every point within dz (units 2^-F) of z (in units of the centres): y, and beta.  With
    `without` it is the solution with y_j = 0 for that j, if there is one; then row j is not needed.

    First as a whole: |y - y~| <= (s |r| + g |y~|)/beta.  Then row by row, where M = N + SN: (z - N_jj) y_j =
    r_j + e_j, |e_j| <= sum over i != j of |N_ji||y_i| + s_j (|r| + max_l sum_i |N_li||y_i|)."""
    F, n, offsets = A.F, A.n, [(z[0] - u, z[1] - v) for u, v in A.centres]
    rows = [j for j in range(n) if j != without]
    A.budget.spend(n * n * (2 * OPERATION + 2 * digits_in(F) ** 2) * 2)
    distances = [A.distance(u, v) - dz for u, v in offsets]
    beta = min(distances[j] - A.g[j] for j in rows)
    if beta <= 0:
        return None, beta
    y: list[Disc] = [(0, 0, 0)] * n
    for j in rows:
        y[j] = quotient(A, r.values[j], offsets[j], (0, 0, dz))
    far = r.modulus()
    error = up(max(A.s[j] for j in rows) * far + max(A.g[j] for j in rows) * Discs(y, r.unit).modulus(), beta)
    for j in rows:
        re, im, rad = y[j]
        y[j] = re, im, rad + error
    for _ in range(2):
        sizes = Discs(y, r.unit).moduli()
        grown = [up(sum(map(mul, row, sizes)), A.one) for row in A.N_abs]
        most = far + max(grown)
        for j in rows:
            own = grown[j] - (A.N_abs[j][j] * sizes[j] >> F) + up(A.s[j] * most, A.one)
            (u, e), (v, f) = (part.middle() for part in A.sway[j])
            (p, q, rad), moved = r.values[j], (u, v, hypot_up(e, f) + dz)
            better = quotient(A, (p, q, rad + own), offsets[j], moved)
            y[j] = min(y[j], better, key=lambda disc: disc[2])
    return Discs(y, r.unit), beta


def quotient(A: LocalSpectrum, x: Disc, offset: tuple[int, int], moved: Disc) -> Disc:
    """x/w for w in offset - moved, where the offset is in units of the centres and `moved` in those of 2^-F."""
    F = A.F
    a, b = (c << F >> A.d_unit for c in offset)
    a, b, radius = a - moved[0], b - moved[1], moved[2] + 2
    size = a * a + b * b
    least = isqrt(size) - radius
    if least <= 0:
        raise Undecided("a denominator of Lemma C is not certainly nonzero")
    p, q, rad = x
    re, im = ((p * a + q * b) << F) // size, ((q * a - p * b) << F) // size
    return re, im, up((rad << F) + hypot_up(re, im) * radius, least) + 4
