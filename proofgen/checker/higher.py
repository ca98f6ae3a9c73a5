"""The fourth and the fifth derivative of a function, from its value and the first three (functions.py)."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from .elementary import exp_of, log_of
from .functions import Function, cost_of, exprel_at, falling, outside, power_of, reciprocal
from .intervals import Real
from .verdicts import Undecided


def fourth_and_fifth(f: Function, z: Real, known: list[Real]) -> list[Real]:
    """Over z, which lies in the domain; known: f and its first three derivatives there.  By formulas in interval
    arithmetic, and by monotonicity where both derivatives have one sign."""
    problem = outside(f, z)
    if problem:
        raise Undecided(problem)
    if isinstance(f, int):
        inverse = reciprocal(z) if f < 0 else z
        factors = [int(falling(f, k)) for k in (4, 5)]
        return [power_of(inverse, abs(f - k)).by(c) if c else z.of(0) for k, c in zip((4, 5), factors, strict=True)]
    if f in ("exp", "sin", "cos", "sinh", "cosh"):  # f'''' = f
        return known[:2]
    t, one = known[0], z.of(1)
    if f in ("tanh", "tan"):  # t' = 1 -+ t^2
        s = power_of(t, 2) if f == "tan" else -power_of(t, 2)
        w = one + s
        return [t.by(8) * (z.of(2) + s.by(3)) * w, (z.of(16) + s.by(120) * w) * w]
    square = power_of(z, 2)
    if f == "atan":  # with g = f' = 1/(1 + z^2)
        g = known[1]
        return [z.by(24) * (one - square) * power_of(g, 4),
                (z.of(24) - square.by(240) + power_of(z, 4).by(120)) * power_of(g, 5)]  # fmt: skip
    if f == "erf":  # with g = f', g' = -2 z g
        g = known[1]
        return [z.by(4) * (z.of(3) - square.by(2)) * g, (z.of(12) - square.by(48) + power_of(z, 4).by(16)) * g]
    ends = [at_number(f, Real(x, x, z.F)) for x in (z.lo, z.hi)]
    return [Real(min(x.lo, y.lo), max(x.hi, y.hi), z.F) for x, y in zip(*ends, strict=True)]


def at_number(f: Function, z: Real) -> list[Real]:
    """Of exprel, whose derivatives are positive, and of log and powers, whose derivatives are multiples of powers."""
    if f == "exprel":
        return exprel_at(z, 5)[4:]
    if f == "log":
        inverse = z.of(1) / z
        return [-power_of(inverse, 4).by(6), power_of(inverse, 5).by(24)]
    b = Fraction(1, 2) if f == "sqrt" else Fraction(f)
    fifth = exp_of(z.of(b - 5) * log_of(z))
    return [z.of(falling(b, 4)) * fifth * z, z.of(falling(b, 5)) * fifth]


def taylor(f: Function, z: Real, known: list[Real], order: int) -> list[Real]:
    """f^(k)(z)/k! for k = 0..order, order at most 5."""
    values = known if order < 4 else [*known, *fourth_and_fifth(f, z, known)]
    return [x.over(factorial(k)) for k, x in enumerate(values[: order + 1])]


def cost_of_taylor(f: Function, z: Real) -> int:
    return 3 * cost_of(f, z)
