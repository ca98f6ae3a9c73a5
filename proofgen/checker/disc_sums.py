"""Products and sums of complex numbers that are known by discs, integers in units that are kept beside them."""

from __future__ import annotations

from .intervals import Interval, around, hypot_up, up
from .verdicts import Disc

Complex = tuple[Interval, Interval]


def product(x: Disc, y: Disc) -> Disc:
    (a, b, r), (u, v, s) = x, y
    return a * u - b * v, a * v + b * u, hypot_up(a, b) * s + hypot_up(u, v) * r + r * s


def conj(x: Disc) -> Disc:
    return x[0], -x[1], x[2]


def over_pq(terms: list[Disc], unit: int, one: int, defect: int) -> Complex:
    """The sum of the terms, in units of 2^-unit, over p^H q, which is within defect/one of 1."""
    re, im, rad = (sum(parts) for parts in zip(*terms, strict=True))
    rad += up((hypot_up(re, im) + rad) * defect, one - defect)
    return around(re, rad, unit).exact, around(im, rad, unit).exact


def times(x: Complex, y: Complex) -> Complex:
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]
