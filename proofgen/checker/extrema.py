"""A function and its derivatives over wide arguments: by their values at the ends and at the extrema between them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from .elementary import exp_of, log_of
from .functions import Function, values_at
from .intervals import Real, real, up
from .series import pi_for


def between(f: Function, z: Real) -> list[Real]:
    """f^(k) over z, k = 0..3; f is no integer power, and z lies in its domain."""
    F, ends, result = z.F, [values_at(f, Real(x, x, z.F)) for x in (z.lo, z.hi)], list[Real]()
    within = ends[0][0].up_to(ends[1][0]) if f == "tan" else z
    for k, (x, y) in enumerate(zip(*ends, strict=True)):
        if f in ("sin", "cos"):
            inner = waves(k + (3 if f == "sin" else 0), z)
        else:
            inner = [value for at, value in turning(f, F)[k] if at.lo <= within.hi and within.lo <= at.hi]
        values = [x, y, *inner]
        result.append(Real(min(v.lo for v in values), max(v.hi for v in values), F))
    return result


@lru_cache(256)
def turning(f: Function, F: int) -> list[list[tuple[Real, Real]]]:
    """For k = 0..3 the points where the k-th derivative has an extremum, and its value there; between them it is
    monotone."""
    one = real(1, F)
    points: list[list[tuple[Real, Real]]] = [[], [], [], []]

    def add(k: int, square: Fraction | int, value: Real, odd: bool = False) -> None:
        x = one.of(Fraction(square)).sqrt() if square else one.of(0)
        points[k] += [(x, value), (-x, -value if odd else value)] if square else [(x, value)]

    def root(p: int, q: int) -> Real:
        return one.of(Fraction(p, q)).sqrt()

    if f in ("sinh", "cosh"):
        for k in (0, 2) if f == "cosh" else (1, 3):
            add(k, 0, one)
    elif f == "tan":  # at t = tan x = 0; the first entry is t
        add(1, 0, one)
        add(3, 0, one.of(2))
    elif f == "atan":
        add(1, 0, one)
        add(2, Fraction(1, 3), -root(81, 192), odd=True)
        add(3, 0, one.of(-2))
        add(3, 1, one.of(Fraction(1, 2)))
    elif f == "erf":
        g = one.of(2) / pi_for(one).sqrt()
        add(1, 0, g)
        add(2, Fraction(1, 2), -root(2, 1) * g * exp_of(one.of(Fraction(-1, 2))), odd=True)
        add(3, 0, one.of(-2) * g)
        add(3, Fraction(3, 2), one.of(4) * g * exp_of(one.of(Fraction(-3, 2))))
    elif f == "tanh":  # at t^2 = 1/3 and 2/3, x = artanh t = log((1 + t)/(1 - t))/2
        add(1, 0, one)
        add(3, 0, one.of(-2))
        for k, p, value in ((2, 1, -root(16, 27)), (3, 2, one.of(Fraction(2, 3)))):
            x = log_of((one + root(p, 3)) / (one - root(p, 3))).over(2)
            points[k] += [(x, value), (-x, -value if k == 2 else value)]
    return points


def waves(s: int, z: Real) -> list[Real]:
    """The extrema of cos(x + s pi/2) that may lie in z: (-1)^j where x/pi + s/2 = j."""
    one = z.of(1)
    q = z / pi_for(one) + one.of(Fraction(s, 2))
    first, last = up(q.lo, one.lo), q.hi >> z.F
    return [one if j % 2 == 0 else -one for j in range(first, min(last, first + 1) + 1)]
