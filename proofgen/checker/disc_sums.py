"""Products and sums of complex numbers that are known by discs, integers in units that are kept beside them; those of
the closed forms of sections 23 and 25."""

from __future__ import annotations

from .blocks import Discs
from .intervals import Interval, around, hypot_up, up
from .verdicts import Disc, Rejected

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


def squares(q: Discs, conjugate: bool) -> Discs:
    """q o q, or q o conj q."""
    centres = [(x * x + y * y, 0) if conjugate else (x * x - y * y, 2 * x * y) for x, y, _ in q.values]
    return Discs.of(centres, 2 * q.unit, [square_error(x) for x in q.values], 2 * q.unit)


def square_error(x: Disc) -> int:
    return (2 * hypot_up(x[0], x[1]) + x[2]) * x[2]


class Sums:
    """Of eigenvectors q, p with p^H q within defect/one of 1: S = sum conj(p_l) q_l |q_l|^2/(p^H q) and
    norm = q^H q > 0."""

    def __init__(self, q: Discs, p: Discs, one: int, defect: int) -> None:
        self.q, self.p, self.one, self.defect, self.unit = q, p, one, defect, q.unit + p.unit
        self.pq = [product(y, x) for x, y in zip(q.values, p.values, strict=True)]
        sizes = [(x[0] * x[0] + x[1] * x[1], 0, square_error(x)) for x in q.values]
        self.S = self.over_pq([product(x, y) for x, y in zip(self.pq, sizes, strict=True)], 2 * q.unit)
        self.norm = around(sum(x for x, _, _ in sizes), sum(e for _, _, e in sizes), 2 * q.unit).exact
        if self.norm.lo <= 0:
            raise Rejected("q^H q > 0 does not hold")

    def over_pq(self, terms: list[Disc], unit: int) -> Complex:
        """The sum of the terms, which have conj(p_l) q_l or its like as a factor and others in units of 2^-unit."""
        return over_pq(terms, self.unit + unit, self.one, self.defect)

    def quadratic(self, zeta_1: Complex, g: Discs, zeta_2: Complex, h: Discs) -> Complex:
        """sum conj(p_l) (2 zeta_1 q_l g_l + zeta_2 conj(q_l) h_l)/(p^H q)."""
        with_g = [product(x, y) for x, y in zip(self.pq, g.values, strict=True)]
        with_h = [product(product(y, conj(x)), z)
                  for x, y, z in zip(self.q.values, self.p.values, h.values, strict=True)]  # fmt: skip
        first, second = times(zeta_1, self.over_pq(with_g, g.unit)), times(zeta_2, self.over_pq(with_h, h.unit))
        two = Interval(2)
        return two * first[0] + second[0], two * first[1] + second[1]
