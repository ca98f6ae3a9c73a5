"""Complex rows of a real matrix whose first columns go in pairs (section 8, Complex indices), and discs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .intervals import hypot_up, up
from .verdicts import Disc


def complex_row(top: Sequence[int], bottom: Sequence[int] | None, m: int) -> list[tuple[int, int]]:
    """Twice the row a+ (of rows top, bottom) or the real row (bottom None) of P^-1 Q P."""
    row = []
    if bottom is None:
        for b in range(m):
            re, im = 2 * top[2 * b], 2 * top[2 * b + 1]
            row += [(re, im), (re, -im)]
        return row + [(2 * x, 0) for x in top[2 * m :]]
    for b in range(m):
        alpha, beta, mu, nu = top[2 * b], top[2 * b + 1], bottom[2 * b], bottom[2 * b + 1]
        row += [(alpha + nu, beta - mu), (alpha - nu, -beta - mu)]
    return row + [(x, -y) for x, y in zip(top[2 * m :], bottom[2 * m :], strict=True)]


def complex_radii(top: Sequence[int], bottom: Sequence[int] | None, m: int) -> list[tuple[int, int]]:
    """The same for bounds of |Q_ij|: radii of the real and imaginary parts."""
    row = []
    for b in range(m):
        alpha, beta = top[2 * b : 2 * b + 2]
        mu, nu = bottom[2 * b : 2 * b + 2] if bottom else (beta, alpha)
        row += [(alpha + nu, beta + mu)] * 2
    rest = zip(top[2 * m :], (bottom or top)[2 * m :], strict=True)
    return row + [(x, y) if bottom else (2 * x, 0) for x, y in rest]


def swapped(row: list[int], m: int) -> list[int]:
    """Moduli of the row a- from those of a+."""
    return [row[i ^ 1] if i < 2 * m else x for i, x in enumerate(row)]


def rounded(re: int, im: int, rad: int, shift: int) -> Disc:
    """A disc in units 2^shift times as large."""
    return re >> shift, im >> shift, up(rad, 1 << shift) + 2 if re or im or rad else 0


def modulus_of(v: Iterable[Disc]) -> int:
    return max(hypot_up(re, im) + rad for re, im, rad in v)
