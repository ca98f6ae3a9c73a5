"""Complex rows of a real matrix whose first columns go in pairs (section 8, Complex indices), and discs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .intervals import Vector, around, hypot_up, up
from .verdicts import Disc

SHORT = 60  # bits of radii: more are not worth their cost


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


@dataclass(frozen=True)
class Discs:
    """Complex numbers: (re + i im) 2^-unit with an error of at most rad 2^-unit, for (re, im, rad) in `values`."""

    values: list[Disc] = field(default_factory=list)
    unit: int = 0

    @staticmethod
    def of(centres: Iterable[tuple[int, int]], unit: int, radii: Sequence[int], fine: int,
           target: int | None = None) -> Discs:  # fmt: skip
        """Centres in units of 2^-unit, radii in units of 2^-fine, rounded to units of 2^-target, by default so that the
        largest radius has SHORT bits."""
        if target is None:
            most = max(radii).bit_length()
            target = max(fine - max(most - SHORT, 0), 0) if most else unit
        if target < fine:
            step = 1 << fine - target
            radii = [up(e, step) for e in radii]
        elif target > fine:
            radii = [e << target - fine for e in radii]
        if target >= unit:
            shift = target - unit
            return Discs([(re << shift, im << shift, e) for (re, im), e in zip(centres, radii, strict=True)], target)
        shift = unit - target
        return Discs([(re >> shift, im >> shift, e + 2 if re or im or e else 0)
                      for (re, im), e in zip(centres, radii, strict=True)], target)  # fmt: skip

    def parts(self) -> tuple[Vector, Vector]:
        """Real and imaginary parts."""
        return ([around(re, e, self.unit) for re, _, e in self.values],
                [around(im, e, self.unit) for _, im, e in self.values])  # fmt: skip

    def modulus(self) -> int:
        """The largest, rounded up."""
        return max(self.moduli())

    def moduli(self) -> list[int]:
        return [hypot_up(re, im) + rad for re, im, rad in self.values]


def short(radii: Sequence[int]) -> tuple[list[int], int]:
    """Upper bounds of SHORT bits in units 2^s, and s."""
    spare = max(0, max(radii).bit_length() - SHORT)
    return [up(x, 1 << spare) for x in radii], spare
