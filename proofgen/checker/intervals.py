"""Closed intervals, in two kinds.

Of what is claimed and of the few numbers that claims are compared with the ends are rational numbers (Interval): exact
as long as possible, else of BITS significant bits.  What is computed with has integer ends in a unit of its own (Real);
complex numbers of one unit are the Discs of blocks.py.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from .verdicts import BITS, Rejected, Undecided


def up(a: int, b: int) -> int:
    """ceil(a/b), b > 0."""
    return -(-a // b)


def extremes(p: int, q: int, r: int, s: int) -> tuple[int, int]:
    """The least and the largest product of a number in [p, q] and one in [r, s]."""
    if p >= 0:
        return (p if r >= 0 else q) * r, (q if s >= 0 else p) * s
    if q <= 0:
        return (p if s >= 0 else q) * s, (q if r >= 0 else p) * r
    if r >= 0:
        return p * s, q * s
    if s <= 0:
        return q * r, p * r
    return min(p * s, q * r), max(p * r, q * s)


def hypot_up(a: int, b: int) -> int:
    """An integer >= |a + ib|: the smallest, or for large numbers at most 2^-62 of itself above."""
    s = a * a + b * b
    excess = s.bit_length() - 128
    if excess > 0:
        half = excess + 1 >> 1
        return isqrt(s >> 2 * half) + 1 << half
    return isqrt(s - 1) + 1 if s else 0


def round_down(x: Fraction) -> Fraction:
    """A dyadic number <= x with BITS significant bits."""
    p, q = x.numerator, x.denominator
    shift = BITS - p.bit_length() + q.bit_length()
    if abs(shift) > 1 << 13:
        raise Undecided("a number is too large or too small for this checker")
    return Fraction((p << shift) // q, 1 << shift) if shift >= 0 else Fraction(p // (q << -shift) << -shift)


class Interval:
    """The closed interval [lo, hi]."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Fraction | int, hi: Fraction | int | None = None) -> None:
        self.lo, self.hi = Fraction(lo), Fraction(lo if hi is None else hi)
        size = self.lo.denominator.bit_length() + self.lo.numerator.bit_length()
        size = max(size, self.hi.denominator.bit_length() + self.hi.numerator.bit_length())
        if size > 4 * BITS or (self.lo != self.hi and size > 2 * BITS + 64):
            self.lo, self.hi = round_down(self.lo), -round_down(-self.hi)

    def __add__(self, o: Interval) -> Interval:
        return Interval(self.lo + o.lo, self.hi + o.hi)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __sub__(self, o: Interval) -> Interval:
        return Interval(self.lo - o.hi, self.hi - o.lo)

    def __mul__(self, o: Interval) -> Interval:
        ends = (self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi)
        return Interval(min(ends), max(ends))

    def __truediv__(self, o: Interval) -> Interval:
        if o.lo <= 0 <= o.hi:
            raise Undecided("a denominator is not certainly nonzero")
        return self * Interval(1 / o.hi, 1 / o.lo)

    def __abs__(self) -> Interval:
        return Interval(max(self.lo, -self.hi, Fraction(0)), max(-self.lo, self.hi))

    def __contains__(self, x: Fraction | int) -> bool:
        return self.lo <= x <= self.hi

    def __and__(self, o: Interval) -> Interval:
        """What two enclosures of one number have in common."""
        lo, hi = max(self.lo, o.lo), min(self.hi, o.hi)
        if lo > hi:
            raise Undecided("two enclosures of one number are disjoint")
        return Interval(lo, hi)

    def widen(self, r: Fraction) -> Interval:
        return Interval(self.lo - r, self.hi + r)

    def rounded(self, F: int) -> Real:
        return real(self.lo, F).up_to(real(self.hi, F))

    def within(self, o: Interval) -> bool:
        return o.lo <= self.lo and self.hi <= o.hi

    def __eq__(self, o: object) -> bool:
        return isinstance(o, Interval) and (self.lo, self.hi) == (o.lo, o.hi)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi))


class Real:
    """A real number known to lie in [lo, hi], integers in units of 2^-F; results have the unit of the operands, which
    is one, and are rounded outwards."""

    __slots__ = ("F", "hi", "lo")

    def __init__(self, lo: int, hi: int, F: int) -> None:
        self.lo, self.hi, self.F = lo, hi, F

    def of(self, x: Fraction | int) -> Real:
        """Another number in this unit."""
        return real(x, self.F)

    @property
    def exact(self) -> Interval:
        return Interval(Fraction(self.lo, 1 << self.F), Fraction(self.hi, 1 << self.F))

    @property
    def size(self) -> int:
        """The largest absolute value."""
        return max(-self.lo, self.hi)

    @property
    def zero(self) -> bool:
        return self.lo == self.hi == 0

    @property
    def exponent(self) -> int:
        return self.size.bit_length() - self.F

    def middle(self) -> tuple[int, int]:
        """m and r with [lo, hi] in m +- r."""
        m = (self.lo + self.hi) >> 1
        return m, self.hi - m

    def over(self, k: int) -> Real:
        return Real(self.lo // k, up(self.hi, k), self.F)

    def by(self, k: int) -> Real:
        return Real(k * self.lo, k * self.hi, self.F) if k >= 0 else Real(k * self.hi, k * self.lo, self.F)

    def widen(self, r: int) -> Real:
        return Real(self.lo - r, self.hi + r, self.F)

    def up_to(self, o: Real) -> Real:
        return Real(self.lo, o.hi, self.F)

    def finer(self, bits: int) -> Real:
        return Real(self.lo << bits, self.hi << bits, self.F + bits)

    def coarser(self, bits: int) -> Real:
        return Real(self.lo >> bits, -(-self.hi >> bits), self.F - bits)

    def ceil(self) -> int:
        return up(self.hi, 1 << self.F)

    def sqrt(self) -> Real:
        if self.lo < 0:
            raise Rejected("the argument of a sqrt is not positive")
        top = self.hi << self.F
        return Real(isqrt(self.lo << self.F), isqrt(top - 1) + 1 if top else 0, self.F)

    def __add__(self, o: Real) -> Real:
        assert self.F == o.F
        return Real(self.lo + o.lo, self.hi + o.hi, self.F)

    def __neg__(self) -> Real:
        return Real(-self.hi, -self.lo, self.F)

    def __sub__(self, o: Real) -> Real:
        assert self.F == o.F
        return Real(self.lo - o.hi, self.hi - o.lo, self.F)

    def __mul__(self, o: Real) -> Real:
        F, p, q, r, s = self.F, self.lo, self.hi, o.lo, o.hi
        assert o.F == F
        lo, hi = (p * r, q * s) if p >= 0 and r >= 0 else extremes(p, q, r, s)
        if hi.bit_length() - 2 * F > 8192 or lo.bit_length() - 2 * F > 8192:
            raise Undecided("a number is too large for this checker")
        return Real(lo >> F, -(-hi >> F), F)

    def __truediv__(self, o: Real) -> Real:
        assert self.F == o.F
        if o.lo <= 0 <= o.hi:
            raise Undecided("a denominator is not certainly nonzero")
        if o.hi < 0:
            return -self / -o
        lo, hi = self.lo << self.F, self.hi << self.F
        return Real(lo // (o.hi if lo >= 0 else o.lo), up(hi, o.lo if hi >= 0 else o.hi), self.F)

    def __abs__(self) -> Real:
        return Real(max(self.lo, -self.hi, 0), self.size, self.F)

    def __and__(self, o: Real) -> Real:
        """What two enclosures of one number have in common."""
        assert self.F == o.F
        lo, hi = max(self.lo, o.lo), min(self.hi, o.hi)
        if lo > hi:
            raise Undecided("two enclosures of one number are disjoint")
        return Real(lo, hi, self.F)

    def __eq__(self, o: object) -> bool:
        return isinstance(o, Real) and (self.lo, self.hi, self.F) == (o.lo, o.hi, o.F)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi, self.F))


Vector = list[Real]


def real(x: Fraction | int, F: int) -> Real:
    p, q = x.numerator << F, x.denominator
    return Real(p // q, -(-p // q), F)


def around(m: int, r: int, F: int) -> Real:
    """m +- r."""
    return Real(m - r, m + r, F)


def split(v: Vector) -> tuple[list[int], list[int]]:
    """m and r with every number in m +- r."""
    mid = [(x.lo + x.hi) >> 1 for x in v]
    return mid, [x.hi - m for x, m in zip(v, mid, strict=True)]


ZERO, ONE = Interval(0), Interval(1)


def exactly(lo: Fraction, hi: Fraction) -> Interval:
    """An interval that is never rounded: a claim, or something that must contain something else."""
    result = Interval.__new__(Interval)
    result.lo, result.hi = lo, hi
    return result
