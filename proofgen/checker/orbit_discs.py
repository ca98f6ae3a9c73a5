"""Elementary functions on discs |z - c| <= r, c real, that hold all values for complex arguments (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .elementary import cos_sin_of, exp_of, log_of
from .functions import Function, derivatives
from .intervals import Real
from .orbit_numbers import LARGE
from .series import pi_for
from .verdicts import Rejected, Undecided


@dataclass
class Disc:
    """c: known to be in an interval; r >= 0, in the same units."""

    c: Real
    r: int

    @property
    def size(self) -> int:
        return self.c.size + self.r

    @property
    def radius(self) -> Real:
        return Real(self.r, self.r, self.c.F)

    def __add__(self, o: Disc) -> Disc:
        return Disc(self.c + o.c, self.r + o.r)

    def __neg__(self) -> Disc:
        return Disc(-self.c, self.r)

    def __mul__(self, o: Disc) -> Disc:
        return Disc(self.c * o.c, -(-(self.c.size * o.r + o.c.size * self.r + self.r * o.r) >> self.c.F))

    def times(self, x: Real) -> Disc:
        return self * Disc(x, 0)

    def inverse(self) -> Disc:
        """The inverses fill a disc if r < |c|."""
        rest = self.c * self.c - self.radius * self.radius
        if least(self.c) <= self.r or rest.lo <= 0:
            raise Rejected("a denominator is not shown to exclude 0 on a complex neighbourhood")
        return Disc(self.c / rest, (self.radius / rest).hi)

    def power(self, k: int) -> Disc:
        """By (|c| + r)^j - |c|^j for products, one after the other."""
        if k < 0:
            return self.inverse().power(-k)
        result, square, rest = Disc(self.c.of(1), 0), self, k
        while rest:
            result = result * square if rest & 1 else result
            rest >>= 1
            square = square * square if rest else square
            if square.size >> self.c.F + LARGE:
                raise Undecided("a bound is too large for this checker")
        return result


def least(x: Real) -> int:
    """A lower bound of |x|."""
    return max(x.lo, -x.hi, 0)


def call_on(f: Function, z: Disc) -> tuple[Disc, Disc]:
    """f and f' on a disc; raises Rejected where f is not shown to be holomorphic on it."""
    if isinstance(f, int):
        return z.power(f), z.power(f - 1).times(z.c.of(f)) if f else Disc(z.c.of(0), 0)
    if f == "exp":
        e = exp_disc(z)
        return e, e
    if f in ("log", "sqrt") or isinstance(f, Fraction):
        return of_right_half_plane(f, z)
    value, slope, *_ = derivatives(f, z.c)
    one, r = z.c.of(1), z.radius
    if f in ("sin", "cos", "sinh", "cosh"):
        return wave(value, slope, r), wave(slope, value, r)
    if f in ("tanh", "tan"):
        known = tangent(value, slope, r)
        square = known.power(2)
        return known, Disc(one, 0) + (square if f == "tan" else -square)
    if f == "atan":
        rest = one + z.c * z.c - abs(z.c) * r
        if rest.lo <= z.r:
            raise Rejected("an atan is not shown to be holomorphic on a complex neighbourhood")
        q = r / rest  # |atan u| <= artanh |u|
        return Disc(value, log_of((one + q) / (one - q)).over(2).hi), (Disc(one, 0) + z.power(2)).inverse()
    if f == "erf":  # |e^(-z^2)| <= e^(r^2)
        factor = one.of(2) / pi_for(one).sqrt()
        return Disc(value, (r * factor * exp_of(r * r)).hi), exp_disc(-z.power(2)).times(factor)
    if f == "exprel":  # |f^(k)(z)| <= f^(k)(c + r), the integral of t^k e^(tz) over [0, 1]
        end = Real(z.c.hi + z.r, z.c.hi + z.r, z.c.F)
        far = derivatives(f, end)
        return Disc(value, (r * far[1]).hi), Disc(slope, (r * far[2]).hi)
    raise Undecided("this checker has no bound of a function in the complex plane")


def exp_disc(z: Disc) -> Disc:
    e = exp_of(z.c)
    return Disc(e, (e * (exp_of(z.radius) - e.of(1))).hi)


def of_right_half_plane(f: Function, z: Disc) -> tuple[Disc, Disc]:
    """log, sqrt and powers with other exponents."""
    one, r = z.c.of(1), z.radius
    if z.c.lo <= z.r:
        raise Rejected("the argument of a log, sqrt or power is not shown to have a positive real part")
    if f == "sqrt":  # |sqrt z - sqrt c| = |z - c|/|sqrt z + sqrt c|
        root = z.c.sqrt()
        known = Disc(root, (r / root).hi)
        return known, (known + known).inverse()
    rest = one - r / z.c
    if rest.lo <= 0:
        raise Rejected("the argument of a log, sqrt or power is not shown to have a positive real part")
    known = Disc(log_of(z.c), (-log_of(rest)).hi)
    if f == "log":
        return known, z.inverse()
    b = one.of(Fraction(f))
    power = exp_disc(known.times(b))
    return power, (power * z.inverse()).times(b)


def wave(value: Real, slope: Real, r: Real) -> Disc:
    """f(c + w) for f'' = f or -f: f(c) cosh w + f'(c) sinh w, or with cos and sin."""
    e, g = exp_of(r), exp_of(-r)
    cosh, sinh = (e + g).over(2), (e - g).over(2)
    return Disc(value, (abs(value) * (cosh - r.of(1)) + abs(slope) * sinh).hi)


def tangent(t: Real, slope: Real, r: Real) -> Disc:
    """(t + w)/(1 +- t w) = t + w f'(c)/(1 +- t w), |w| <= tan r."""
    if 2 * r.hi >= pi_for(r.of(1)).lo:
        raise Rejected("a tan or tanh is not shown to be holomorphic on a complex neighbourhood")
    cos, sin = cos_sin_of(r)
    rest = cos - abs(t) * sin
    if cos.lo <= 0 or rest.lo <= 0:
        raise Rejected("a tan or tanh is not shown to be holomorphic on a complex neighbourhood")
    return Disc(t, (sin * abs(slope) / rest).hi)
