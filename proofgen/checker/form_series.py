"""Vectors that move with gamma: Taylor's formula of order three around a centre (section 17)."""

from __future__ import annotations

from dataclasses import dataclass

from .intervals import Real, Vector, around
from .jets import plus, wider


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
