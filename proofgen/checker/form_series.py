"""Vectors that move with gamma along a cubic curve: Taylor's formula around a centre (section 17)."""

from __future__ import annotations

from dataclasses import dataclass

from .intervals import Real, Vector, around, split
from .jets import Field, plus, wider


@dataclass
class Series:
    """v_0, ..., v_3 at a centre, and bounds of |v_3(xi) - v_3|."""

    v: list[Vector]
    drift: list[int]


def recentred(v: list[Vector], t: int) -> list[Vector]:
    """The coefficients around t of the cubic polynomial with these around 0."""
    c0, c1, c2, c3 = v
    one, two, three = (around(k * t, 0, c0[0].F) for k in (1, 2, 3))
    return [
        plus(c0, times(one, plus(c1, times(one, plus(c2, times(one, c3)))))),
        plus(c1, times(two, c2), times(one, times(three, c3))),
        plus(c2, times(three, c3)),
        c3,
    ]


def over_part(series: Series, eta: int) -> list[Vector]:
    """v, v_1, v_2, v_3 over the part of half-width eta: Taylor's formula with v_3(xi)."""
    v0, v1, v2, v3 = series.v
    third = wider(v3, series.drift)
    one, two, three = (around(0, k * eta, v0[0].F) for k in (1, 2, 3))
    return [
        plus(v0, times(one, plus(v1, times(one, plus(v2, times(one, third)))))),
        plus(v1, times(two, v2), times(three, times(one, third))),
        plus(v2, times(three, third)),
        third,
    ]


def times(factor: Real, v: Vector) -> Vector:
    return [factor * x for x in v]


def divided(v: Vector, k: int) -> Vector:
    return [x.over(k) for x in v]


def centres(h: int, parts: int) -> list[tuple[int, int]]:
    """Middles and half-widths of so many parts of [-h, h]."""
    width = h // parts
    return [(width * (2 * i + 1 - parts), width) for i in range(parts)]


def part_along(net: Field, gamma: Real, curve: list[Vector], t: int, eta: int) -> Series:
    """f along c around gamma~ + t, to second order: f_1 = A c' + d f/d gamma, f_2 = (D^2 f[(c', 1)^2] + A c'')/2."""
    c = Series(recentred(curve, t), [0] * net.n)
    middle = net.at(gamma + around(t, 0, net.F), c.v[0])
    along, slope, half_bend, _ = over_part(c, eta)
    over = net.at(gamma + around(t, eta, net.F), along)
    jets = net.jets(over, [slope, half_bend], [1, 0], [(0, 0)])
    f2 = plus(divided(jets.second[0], 2), jets.first[1])
    mid, rad = split(f2)
    f1 = net.jets(middle, [c.v[1]], [1]).first[0]
    return Series([middle.f, f1, [around(x, 0, net.F) for x in mid]], rad)
