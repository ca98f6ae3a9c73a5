#!/usr/bin/env python3
"""Independent checker of proofgen bundles:  python -I check.py DIR_OR_CERTIFICATE [...] [--json] [--engine E]

The format and the theorems (A, B, Lemma C, H1-H4) are those of proofs/FORMAT.md; its letters are the names
used here.  The file imports the standard library only and shares no code with the prover.  A witness is
never trusted: from the exact problem and the witness every bound is computed again, and a claim is accepted
only if the checker's own enclosure lies inside the claimed one.  There is no floating point.  Matrix products
are exact integer products; other numbers are rationals, or integers in units of 2^-F rounded in the safe
direction (a radius or an upper bound up, a lower bound down).

What soundness rests on, in the order of the file: intervals and elementary functions; activations; readers;
matrix products; the problem, a network or equations; class Spectrum (Theorems A and B, Lemma C); the jets of a
Field, which is a Network or a System of equations; classes Chart and Tube (section 12); class Checker (H1-H4, the
branch, summary and manifest).  Reports and the command only print.

Exit codes: 0 accepted, 1 rejected, 2 bad usage, 3 incomplete (nothing refuted, something not decided).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import keyword
import os
import re
import stat
import struct
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from heapq import heappop, heappush
from itertools import chain, islice, pairwise
from math import comb, isqrt, lcm, prod
from operator import mul
from pathlib import Path
from reprlib import Repr
from typing import Any, BinaryIO, NamedTuple, NoReturn, cast

# One budget for all that a bundle makes this program do (class Budget).  A unit of work is a product of two numbers of
# 30 bits, about a nanosecond; an operation of Python costs some hundreds.  So a small bundle ends within a minute.
# Larger ones hold many numbers in files (a matrix for each piece), and need work in proportion to these: twenty
# times what the slowest of proofs/certificates needs is allowed for each number, up to MOST_WORK, an hour.
MAX_WORK, WORK_PER_NUMBER, MOST_WORK = 4 * 10**10, 10**7, 36 * 10**11
MAX_MEMORY = 600 << 20  # bytes of all that is held at one time
OPERATION, NUMBER_BYTES = 300, 40  # of an operation of Python, of a small integer in a list
MAX_JSON, MAX_OTHER = 16 << 20, 512 << 20  # bytes of one JSON file, of one other file
MAX_DIMENSION, MAX_ENTRIES, MAX_PRECISION = 1500, 1 << 22, 1024  # neurons; numbers of an array; bits
FINER = 640  # bits of a unit that shows what is positive by its form
MAX_DEGREE = 64  # exponents that are taken together at a step
BITS = MAX_PRECISION + 64  # significant bits kept of scalars that are not exact
GUARD = 32  # extra bits of moduli
MAX_NAMES, MAX_TERMS, MAX_LIMBS, MAX_LAYERS = 20_000, 100, 32, 64
MAX_EXPRESSION, MAX_DEPTH, MAX_OPERATIONS, MAX_LIST, MAX_FIELD = 10_000, 100, 20_000, 500, 100  # section 14
MAX_UNIT = 1 << 16  # bits of a common denominator

Matrix = list[list[int]]
Disc = tuple[int, int, int]  # real part, imaginary part, radius, in a common unit
Ball = tuple[int, int]  # a real number and a radius, in a common unit
Vector = list[Ball]
Span = tuple[int, int]  # the two ends of an interval, in a common unit


class Rejected(Exception):
    """The bundle is malformed, or a claim is false or not supported by the witness."""


class Undecided(Exception):
    """Nothing is refuted, but this checker cannot decide."""


class Usage(Exception):
    """The command was not given something that can be checked."""


class Budget:
    """Work and memory spent on one bundle, in the units of MAX_WORK and in bytes: `kept` to the end, or `held` by
    what is at work."""

    def __init__(self) -> None:
        self.work, self.allowance, self.kept, self.held, self.exhausted = 0, MAX_WORK, 0, 0, False

    def grant(self, numbers: int) -> None:
        """So many numbers of a file belong to the bundle."""
        self.allowance = min(self.allowance + WORK_PER_NUMBER * numbers, max(MOST_WORK, MAX_WORK))

    def spend(self, work: int) -> None:
        self.work += work
        if self.work > self.allowance:
            self.refuse("the bundle needs more work than this checker spends on one of its size")

    def keep(self, size: int) -> None:
        self.kept += size
        self.fits(0)

    def hold(self, size: int) -> None:
        self.held += size
        self.fits(0)

    def fits(self, size: int) -> None:
        if self.kept + self.held + size > MAX_MEMORY:
            self.refuse("the bundle needs more memory than this checker spends on one")

    def refuse(self, message: str) -> NoReturn:
        self.exhausted = True
        raise Undecided(message)


def digits_in(bits: int) -> int:
    """Of 30 bits each: one product of two numbers with so many bits costs the square."""
    return bits // 30 + 1


def bytes_of(entries: int, bits: int) -> int:
    """Memory of so many integers in lists."""
    return entries * (NUMBER_BYTES + bits // 7)


# ---------------------------------------------------------------------------------------------------------
# Scalars: closed intervals with rational ends; exact (lo = hi) as long as possible, else rounded outwards
# ---------------------------------------------------------------------------------------------------------


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
    """Smallest integer >= |a + ib|."""
    s = a * a + b * b
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

    def within(self, o: Interval) -> bool:
        return o.lo <= self.lo and self.hi <= o.hi

    def __eq__(self, o: object) -> bool:
        return isinstance(o, Interval) and (self.lo, self.hi) == (o.lo, o.hi)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi))


class Real:
    """The closed interval [lo, hi] in fixed point: integers in units of 2^-F, rounded outwards."""

    __slots__ = ("F", "hi", "lo")

    def __init__(self, lo: int, hi: int, F: int) -> None:
        self.lo, self.hi, self.F = lo, hi, F

    def of(self, x: Fraction | int) -> Real:
        p, q = x.numerator << self.F, x.denominator
        return Real(p // q, up(p, q), self.F)

    def over(self, k: int) -> Real:
        return Real(self.lo // k, up(self.hi, k), self.F)

    def widen(self, r: int) -> Real:
        return Real(self.lo - r, self.hi + r, self.F)

    @property
    def tiny(self) -> bool:
        return self.lo >= -16 and self.hi <= 16

    @property
    def exponent(self) -> int:
        return max(-self.lo, self.hi).bit_length() - self.F

    def middle(self) -> tuple[Real, int]:
        m = (self.lo + self.hi) >> 1
        return Real(m, m, self.F), self.hi - m

    def up_to(self, o: Real) -> Real:
        return Real(self.lo, o.hi, self.F)

    def ceil(self) -> int:
        return up(self.hi, 1 << self.F)

    def sqrt(self) -> Real:
        if self.lo < 0:
            raise Rejected("the argument of a sqrt is not positive")
        top = self.hi << self.F
        return Real(isqrt(self.lo << self.F), isqrt(top - 1) + 1 if top else 0, self.F)

    def __add__(self, o: Real) -> Real:
        return Real(self.lo + o.lo, self.hi + o.hi, self.F)

    def __neg__(self) -> Real:
        return Real(-self.hi, -self.lo, self.F)

    def __sub__(self, o: Real) -> Real:
        return Real(self.lo - o.hi, self.hi - o.lo, self.F)

    def __mul__(self, o: Real) -> Real:
        lo, hi = extremes(self.lo, self.hi, o.lo, o.hi)
        lo, hi = lo >> self.F, -(-hi >> self.F)
        if max(-lo, hi).bit_length() > self.F + (1 << 13):
            raise Undecided("a number is too large for this checker")
        return Real(lo, hi, self.F)

    def __truediv__(self, o: Real) -> Real:
        if o.lo <= 0 <= o.hi:
            raise Undecided("a denominator is not certainly nonzero")
        if o.hi < 0:
            return -self / -o
        lo, hi = self.lo << self.F, self.hi << self.F
        return Real(lo // (o.hi if lo >= 0 else o.lo), up(hi, o.lo if hi >= 0 else o.hi), self.F)

    def __abs__(self) -> Real:
        return Real(max(self.lo, -self.hi, 0), max(-self.lo, self.hi), self.F)

    def __eq__(self, o: object) -> bool:
        return isinstance(o, Real) and (self.lo, self.hi, self.F) == (o.lo, o.hi, o.F)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi, self.F))


ZERO, ONE = Interval(0), Interval(1)


def scaled(mid: int, rad: int, unit: int) -> Interval:
    """[mid - rad, mid + rad]/unit."""
    return Interval(Fraction(mid - rad, unit), Fraction(mid + rad, unit))


def exactly(lo: Fraction, hi: Fraction) -> Interval:
    """An interval that is never rounded: a claim, or something that must contain something else."""
    result = Interval(0)
    result.lo, result.hi = lo, hi
    return result


def hull(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))


def widened(a: Interval, r: Fraction) -> Interval:
    return Interval(a.lo - r, a.hi + r)


# --- elementary functions at a point: argument reduction, Taylor sum, remainder ---


def series(p: Real, ratio: Real, divisor: Callable[[int], int]) -> Real:
    """Sum of p ratio^k/divisor(k) for |ratio| <= 1/2: the tail after K terms is at most 2|p ratio^K|."""
    if abs(ratio + ratio).hi > p.of(1).hi:
        raise Undecided("a series whose terms do not halve")
    lo, hi, F, low, high, k = p.lo, p.hi, p.F, 0, 0, 0
    while not (lo >= -16 and hi <= 16):  # in integers, as most of the time is spent here
        d = divisor(k)
        low, high, k = low + lo // d, high + up(hi, d), k + 1
        lo, hi = extremes(lo, hi, ratio.lo, ratio.hi)
        lo, hi = lo >> F, -(-hi >> F)
    return Real(low, high, F).widen(2 * max(-lo, hi))


@lru_cache
def factorial(k: int) -> int:
    return 1 if k < 2 else k * factorial(k - 1)


def halvings(x: Real) -> int:
    """s with |x| / 2^s <= 2^-8."""
    if x.exponent > 12:
        raise Undecided("an argument of exp, sin or cos is too large for this checker")
    return max(0, x.exponent + 9)


def exp_at(x: Real) -> Real:
    """e^x = (e^(x/2^s))^(2^s); far out e^-4096 < 2^-5909."""
    if x.hi <= -(4096 << x.F):
        return x.of(0).up_to(x.of(Fraction(1, 1 << 5909)))
    if x.lo < 0 or x == x.of(0):
        return x.of(1) / exp_at(-x) if x.lo < 0 else x.of(1)
    s = halvings(x)
    y = series(x.of(1), x.over(1 << s), factorial)
    for _ in range(s):
        y = y * y
    return y


def artanh(x: Real) -> Real:
    """Sum of x^(2k+1)/(2k+1), |x| < 1/2."""
    return series(x, x * x, lambda k: 2 * k + 1)


def log_at(x: Real) -> Real:
    """log(m 2^e) = 2 artanh((m-1)/(m+1)) + 2e artanh(1/3), as log 2 = 2 artanh(1/3)."""
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    e, one = x.exponent, x.of(1)
    m = x * x.of(Fraction(2) ** -e)  # in [1/2, 2], so |(m-1)/(m+1)| <= 1/3
    return x.of(2) * artanh((m - one) / (m + one)) + x.of(2 * e) * (artanh(one.over(3)) if e else x.of(0))


def cos_sin_at(x: Real) -> tuple[Real, Real]:
    """Taylor at x/2^s, then cos 2t = 1 - 2 sin^2 t, sin 2t = 2 sin t cos t, s times."""
    s = halvings(x)
    t = x.over(1 << s)
    c = series(x.of(1), -(t * t), lambda k: factorial(2 * k))
    y = series(t, -(t * t), lambda k: factorial(2 * k + 1))
    for _ in range(s):
        c, y = x.of(1) - x.of(2) * y * y, x.of(2) * y * c
    return c, y


def atan_at(x: Real) -> Real:
    """Three times atan x = 2 atan(x/(1 + sqrt(1 + x^2))), then the Taylor sum; |argument| < 0.2 by then."""
    t, one = x, x.of(1)
    for _ in range(3):
        t = t / (one + (one + t * t).sqrt())
    return x.of(8) * series(t, -(t * t), lambda k: 2 * k + 1)


@lru_cache(64)
def pi_for(one: Real) -> Real:
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""
    x, y = (series(t, -(t * t), lambda k: 2 * k + 1) for t in (one.over(5), one.over(239)))
    return one.of(16) * x - one.of(4) * y


def erf_at(x: Real) -> Real:
    """erf x = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1)/(2k+1)!!  (ratio 2x^2/(2k+3), at most 1/2 from k = 2x^2 on);
    far out 1 - erf x <= e^(-x^2)."""
    if x.hi < 0:
        return -erf_at(-x)
    if x.lo > 0 and x.lo * x.lo >> 2 * x.F > min(x.F, 961):  # where e^(-x^2) is below the unit, or x > 31
        return (x.of(1) - exp_of(-(x * x))).up_to(x.of(1))
    total, p, square, k = x.of(0), x, x * x, 0
    limit = 2 * square.ceil()
    while k < limit or not p.tiny:
        total, p, k = total + p, (p * x.of(2) * square).over(2 * k + 3), k + 1
    return x.of(2) / pi_for(x.of(1)).sqrt() * (total.widen(2 * abs(p).hi) / exp_of(square))


def tanh_at(x: Real) -> Real:
    """1 - 2/(e^2x + 1)."""
    if x.hi < 0:
        return -tanh_at(-x)
    if x.lo >= 2048 << x.F:  # 1 - tanh x <= 2 e^-2x
        return (x.of(1) - x.of(Fraction(1, 1 << 5900))).up_to(x.of(1))
    return x.of(1) - x.of(2) / (exp_of(x + x) + x.of(1))


# On an interval: the value in the middle, and a bound of the derivative.


def exp_of(x: Real) -> Real:
    """e^(m+t) - e^m is at most e^m (r + r^2) for |t| <= r <= 1."""
    (m, r), one = x.middle(), x.of(1)
    if r > one.hi:
        raise Undecided("an argument of exp varies too much for this checker")
    t = m.of(0).widen(r)
    return exp_at(m) * (one + t + abs(t) * t) if r else exp_at(m)


def log_of(x: Real) -> Real:
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    m, r = x.middle()
    return log_at(m) + m.of(0).widen(r) / x if r else log_at(m)


def cos_sin_of(x: Real) -> tuple[Real, Real]:
    m, r = x.middle()
    c, s = cos_sin_at(m)
    return c.widen(r), s.widen(r)


# ---------------------------------------------------------------------------------------------------------
# A function f and its first three derivatives over a Span (lo, hi), which is [lo, hi] in units of 2^-F
# ---------------------------------------------------------------------------------------------------------


FUNCTIONS = frozenset(["exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf", "exprel"])
Function = str | int | Fraction  # one of these; the k-th power; the power exp(b log(.)) for a rational b
THIN = 1 << 10  # so many units of 2^-F are treated like a point


def span_times(a: Span, b: Span, F: int) -> Span:
    lo, hi = extremes(*a, *b)
    if hi.bit_length() > 2 * F + (1 << 13) or lo.bit_length() > 2 * F + (1 << 13):
        raise Undecided("a number is too large for this checker")
    return lo >> F, -(-hi >> F)


def span_sum(a: Span | None, b: Span | None) -> Span | None:
    """None is 0."""
    return b if a is None else a if b is None else (a[0] + b[0], a[1] + b[1])


def span_of(x: Fraction, F: int) -> Span:
    p, q = x.numerator << F, x.denominator
    return p // q, up(p, q)


def total(*terms: Span | None) -> Span | None:
    result: Span | None = None
    for x in terms:
        result = span_sum(result, x)
    return result


def opposite(a: Span | None) -> Span | None:
    return None if a is None else (-a[1], -a[0])


def power_of(z: Span, k: int, F: int) -> Span:
    """z^k by monotonicity; z excludes 0 if k < 0."""
    if k < 0:
        one = 1 << 2 * F
        return power_of((one // z[1], -(one // -z[0])), -k, F)
    a, b, shift = z[0] ** k, z[1] ** k, F * (k - 1)
    if max(abs(a), abs(b)).bit_length() > shift + F + (1 << 13):
        raise Undecided("a number is too large for this checker")
    if k % 2 == 0 and z[0] < 0:
        a, b = (0 if z[1] > 0 else b), max(a, b)
    return (a >> shift, -(-b >> shift)) if k else (1 << F, 1 << F)


def long_power(z: Span, k: int, F: int) -> Span:
    """The same for a large |k|, rounded on the way."""
    if abs(k) <= MAX_DEGREE:
        return power_of(z, k, F)
    if k < 0:
        return long_power(power_of(z, -1, F), -k, F)
    step = long_power(power_of(z, MAX_DEGREE, F), k // MAX_DEGREE, F)
    return span_times(step, power_of(z, k % MAX_DEGREE, F), F)


def exprel_at(u: Real) -> list[Real]:
    """exprel^(k)(u) = integral of t^k e^(tu) over [0, 1] = (e^u - k exprel^(k-1)(u))/u by parts, and for small u
    sum_j u^j/(j! (j + k + 1)), where every term but the first two is less than half of the one before."""
    one = u.of(1)
    if abs(u).hi >= one.hi:
        e = exp_of(u)
        values = [(e - one) / u]
        for k in range(1, 4):
            values.append((e - u.of(k) * values[-1]) / u)
        return values
    lo, hi, F, low, high, j = one.lo, one.hi, u.F, [0] * 4, [0] * 4, 0
    while not (lo >= -16 and hi <= 16):  # p = u^j/j! in [lo, hi]
        for k in range(4):
            low[k] += lo // (j + k + 1)
            high[k] += up(hi, j + k + 1)
        lo, hi = extremes(lo, hi, u.lo, u.hi)
        lo, hi, j = (lo >> F) // (j + 1), up(-(-hi >> F), j + 1), j + 1
    return [Real(x, y, F).widen(2 * max(-lo, hi)) for x, y in zip(low, high, strict=True)]


def values_at(f: Function, x: Real) -> list[Real]:
    """A function and its first three derivatives at a number x, or an interval of a few units, of its domain."""
    one, two, six = x.of(1), x.of(2), x.of(6)
    match f:
        case "exp":
            return [exp_of(x)] * 4
        case "exprel":
            return exprel_at(x)
        case "log":
            inverse = one / x
            return [log_of(x), inverse, -inverse * inverse, two * inverse * inverse * inverse]
        case "sin" | "cos":
            cos, sin = cos_sin_of(x)
            return [sin, cos, -sin, -cos] if f == "sin" else [cos, -sin, -cos, sin]
        case "sinh" | "cosh":
            e, g = exp_of(x), exp_of(-x)
            both = [(e - g).over(2), (e + g).over(2)]
            return both * 2 if f == "sinh" else both[::-1] * 2
        case "tanh":  # t' = 1 - t^2
            t = tanh_at(x)
            w = one - t * t
            return [t, w, -two * t * w, -two * w * (one - x.of(3) * t * t)]
        case "tan":  # t' = 1 + t^2
            cos, sin = cos_sin_of(x)
            t = sin / cos
            w = one + t * t
            return [t, w, two * t * w, two * w * (one + x.of(3) * t * t)]
        case "atan":
            g = one / (one + x * x)
            return [atan_at(x), g, -two * x * g * g, (six * x * x - two) * g * g * g]
        case "erf":
            g = two / pi_for(one).sqrt() * exp_of(-(x * x))
            return [erf_at(x), g, -two * x * g, (x.of(4) * x * x - two) * g]
    b = Fraction(1, 2) if f == "sqrt" else Fraction(f)
    if f != "sqrt" and x.hi <= one.lo:  # from x^(b - 3) upwards, which is more precise
        powers = [exp_of(x.of(b - 3) * log_of(x))]
        for _ in range(3):
            powers.insert(0, powers[0] * x)
    else:
        powers, inverse = [x.sqrt() if f == "sqrt" else exp_of(x.of(b) * log_of(x))], one / x
        for _ in range(3):
            powers.append(powers[-1] * inverse)
    return [x.of(falling(b, k)) * power for k, power in enumerate(powers)]


@lru_cache(1024)
def falling(b: Fraction | int, k: int) -> Fraction:
    """b (b - 1) ... (b - k + 1)."""
    return Fraction(1) if k == 0 else falling(b, k - 1) * (b - k + 1)


@lru_cache(256)
def turning(f: Function, F: int) -> list[list[tuple[Span, Span]]]:
    """For k = 0..3 the points where the k-th derivative has an extremum, and its value there; between them it is
    monotone."""
    one = Real(1 << F, 1 << F, F)
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
    return [[((x.lo, x.hi), (y.lo, y.hi)) for x, y in row] for row in points]


def waves(s: int, z: Span, F: int) -> list[Span]:
    """The extrema of cos(x + s pi/2) that may lie in z: (-1)^j where x/pi + s/2 = j."""
    one = Real(1 << F, 1 << F, F)
    q = Real(*z, F) / pi_for(one) + one.of(Fraction(s, 2))
    first, last = up(q.lo, 1 << F), q.hi >> F
    return [(one.lo, one.lo) if j % 2 == 0 else (-one.lo, -one.lo) for j in range(first, min(last, first + 1) + 1)]


# Terms of series and products of each, against those of exp: measured at 192 to 9000 bits.
WEIGHTS = {"exp": 1, "log": 3, "sin": 2, "cos": 2, "tan": 3, "tanh": 1, "sinh": 2, "cosh": 2, "atan": 2, "sqrt": 1,
           "erf": 5, "exprel": 3}  # fmt: skip


def cost_of(f: Function, z: Span, F: int) -> int:
    """Work of `derivatives`."""
    bits = max(abs(z[0]), abs(z[1])).bit_length()
    if isinstance(f, int):  # before and after the shift numbers have |f| times as many bits
        return 30 * OPERATION + 8 * digits_in(max(bits, 2 * F) * abs(f) if f < 0 else bits * f) ** 2
    size, terms, weight = bits - F, F // 8 + 10, 4 if isinstance(f, Fraction) else WEIGHTS[f]
    if f == "erf" and size < 6:  # the terms grow up to k = 2x^2
        terms += 4 << 2 * max(size, 0)
    grown = min(6000, 3 << max(size, 0)) if size < 13 else 0  # e^x has up to so many bits before the point
    ends = 1 if z[1] - z[0] <= THIN else 2
    return ends * weight * terms * (20 * OPERATION + 5 * digits_in(F + max(size, 0) + grown) ** 2)


def outside(f: Function, z: Span, F: int) -> str | None:
    """The domain condition (section 14) that f does not certainly fulfil on z."""
    if isinstance(f, int):
        return "the denominator is not shown to exclude 0" if f < 0 and z[0] <= 0 <= z[1] else None
    if f in ("log", "sqrt") or isinstance(f, Fraction):
        return "the argument of a log, sqrt or power is not shown to be positive" if z[0] <= 0 else None
    if f == "tan":
        lo, hi = derivatives("cos", z, F)[0]
        return "the cosine in a tan is not shown to exclude 0" if lo <= 0 <= hi else None
    return None


def derivatives(f: Function, z: Span, F: int) -> list[Span]:
    """f^(k) over z, k = 0..3: the hull of the values at the two ends and at the extrema between them."""
    problem = outside(f, z, F)
    if problem:
        raise (Rejected if z[0] == z[1] else Undecided)(problem)
    if isinstance(f, int):
        factors = [int(falling(f, k)) for k in range(4)]
        powers = [power_of(z, f - k, F) if c else (0, 0) for k, c in enumerate(factors)]
        return [(c * a, c * b) if c >= 0 else (c * b, c * a) for c, (a, b) in zip(factors, powers, strict=True)]
    if f in ("sin", "cos") and z[1] - z[0] >= 7 << F:  # more than a period
        return [(-1 << F, 1 << F)] * 4
    if max(abs(z[0]), abs(z[1])).bit_length() > 2 * F - 64:
        raise Undecided("the argument is too large for this checker")
    if z[1] - z[0] <= THIN:
        return [(x.lo, x.hi) for x in values_at(f, Real(*z, F))]
    ends, result = [values_at(f, Real(x, x, F)) for x in z], list[Span]()
    within = (ends[0][0].lo, ends[1][0].hi) if f == "tan" else z
    for k, (x, y) in enumerate(zip(*ends, strict=True)):
        if f in ("sin", "cos"):
            inner = waves(k + (3 if f == "sin" else 0), z, F)
        else:
            inner = [value for (lo, hi), value in turning(f, F)[k] if lo <= within[1] and within[0] <= hi]
        spans = [(x.lo, x.hi), (y.lo, y.hi), *inner]
        result.append((min(lo for lo, _ in spans), max(hi for _, hi in spans)))
    return result


# ---------------------------------------------------------------------------------------------------------
# Reading (sections 1 and 2): nothing outside the bundle, nothing large, nothing lenient
# ---------------------------------------------------------------------------------------------------------

DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:e(-?)(0|[1-9][0-9]*))?")


def fraction(s: str, where: str) -> Fraction:
    """The exact value of a decimal (section 1)."""
    match = DECIMAL.fullmatch(s) if len(s) <= 4096 else None
    if match is None or len(match[5] or "") > 4:
        raise Rejected(f"{where}: not a decimal of the format: {short(s)}")
    digits, mantissa = match[2] + (match[3] or ""), 0
    for i in range(0, len(digits), 500):  # by pieces: Python limits the digits of one conversion
        piece = digits[i : i + 500]
        mantissa = mantissa * 10 ** len(piece) + int(piece)
    exponent = int(match[5] or "0") * (-1 if match[4] else 1)
    if abs(exponent) > 4096:
        raise Rejected(f"{where}: the exponent of a decimal is too large: {short(s)}")
    exponent -= len(match[3] or "")
    value = Fraction(mantissa * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))
    return -value if match[1] else value


def shown(text: str) -> str:
    """Untrusted text, safe to print: no control character, no character that turns the direction of writing."""
    return ascii(text)[1:-1] if not (text.isascii() and text.isprintable()) else text


def short(value: object) -> str:
    """An untrusted value, safe and short enough to print; of a long one only the beginning is looked at."""
    if isinstance(value, str):
        value = value[:60]
    text = ascii(value) if isinstance(value, str | int | None) else shown(Repr().repr(value))
    return text if len(text) <= 60 else text[:57] + "..."


class Float(str):
    """A floating-point literal; only the timings of summary.json may hold one."""


def read_json(data: bytes, where: str, floats: bool = False) -> Any:
    """Strict JSON: UTF-8, no duplicate keys, no NaN or Infinity, no long integers, no floating point."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            raise Rejected(f"{where}: duplicate key")
        return result

    def integer(s: str) -> int:
        if len(s) > 24:
            raise Rejected(f"{where}: an integer has too many digits")
        return int(s)

    def refuse(s: str) -> Any:
        raise Rejected(f"{where}: {short(s)} is not a number of the format")

    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_constant=refuse,
                          parse_float=Float if floats else refuse)  # fmt: skip
    except RecursionError:
        raise Rejected(f"{where}: nested too deeply") from None
    except ValueError as error:
        raise Rejected(f"{where}: not JSON ({short(str(error))})") from None


def parse(value: Any, spec: Any, where: str) -> Any:
    """Read a value by its specification: {name: spec} is an object with exactly these keys, [spec] an array, and
    otherwise a function that returns what was read.  Anything else is refused."""
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            raise Rejected(f"{where}: expected an object")
        for name in sorted(set(value) ^ set(spec)):
            raise Rejected(f"{where}: {'unknown' if name in value else 'missing'} key {short(name)}")
        return {name: parse(value[name], spec[name], f"{where}: {name}") for name in spec}
    if isinstance(spec, list):
        if not isinstance(value, list):
            raise Rejected(f"{where}: expected an array")
        return [parse(v, spec[0], where) for v in value]
    return spec(value, where)


def anything(value: Any, where: str) -> Any:
    return value


def text(value: Any, where: str) -> str:
    if type(value) is not str or len(value) > 5000:
        raise Rejected(f"{where}: expected a short string")
    return value


def count(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= 10**6:
        raise Rejected(f"{where}: expected a count, found {short(value)}")
    return value


def boolean(value: Any, where: str) -> bool:
    if type(value) is not bool:
        raise Rejected(f"{where}: expected true or false")
    return value


def decimal(value: Any, where: str) -> Fraction:
    if type(value) is not str:
        raise Rejected(f"{where}: expected a decimal, found {short(value)}")
    return fraction(value, where)


def enclosure(value: Any, where: str) -> Interval:
    if value == ["0", "0"]:  # most entries of equilibria
        return ZERO
    ends = parse(value, [decimal], where)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise Rejected(f"{where}: not an enclosure [LO, HI] with LO <= HI")
    return exactly(*ends)


def number(value: Any, where: str) -> Fraction:
    """A decimal or a dyadic."""
    if not isinstance(value, list):
        return decimal(value, where)
    if [type(x) for x in value] != [int, int] or abs(value[0]) >= 1 << 64 or abs(value[1]) > 4096:
        raise Rejected(f"{where}: bad dyadic {short(value)}")
    return int(value[0]) * Fraction(2) ** int(value[1])


def name_of(value: Any, where: str) -> str:
    if type(value) is not str or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,29}", value):
        raise Rejected(f"{where}: {short(value)} is not a name")
    if value in FUNCTIONS or keyword.iskeyword(value):
        raise Rejected(f"{where}: {short(value)} is the name of a function or a reserved word")
    return value


def source(value: Any, where: str) -> str:
    if type(value) is not str or len(value) > MAX_EXPRESSION:
        raise Rejected(f"{where}: expected an expression of at most {MAX_EXPRESSION} characters")
    return value


def plain(value: Any, where: str) -> Any:
    """Anything without floating-point numbers."""
    if isinstance(value, Float):
        raise Rejected(f"{where}: {short(str(value))} is a floating-point number")
    for x in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        plain(x, where)
    return value


def seconds(value: Any, where: str) -> Any:
    if type(value) not in (int, Float):
        raise Rejected(f"{where}: {short(value)} is not a number")
    return value


def never(value: Any, where: str) -> Any:
    if value is not None:
        raise Rejected(f"{where}: found {short(value)}, expected null")


def optional(spec: Any) -> Callable[[Any, str], Any]:
    return lambda value, where: None if value is None else parse(value, spec, where)


def each(spec: Any) -> Callable[[Any, str], Any]:
    """An object with any keys."""
    return lambda value, where: parse(value, dict.fromkeys(value, spec) if isinstance(value, dict) else {}, where)


def one_of(*values: Any) -> Callable[[Any, str], Any]:
    def read(value: Any, where: str) -> Any:
        if not any(type(value) is type(v) and value == v for v in values):
            raise Rejected(f"{where}: found {short(value)}, expected one of {values}")
        return value

    return read


@dataclass(frozen=True)
class Array:
    """Integers in units 1/unit; a vector is one row."""

    rows: Matrix
    unit: int
    shape: tuple[int, ...]


class Stored(NamedTuple):
    """The numbers of a file, 8 bytes each; the denominator of integers, None for binary64."""

    data: memoryview
    shape: tuple[int, ...]
    denominator: Fraction | None


def binary64(data: memoryview, where: str, budget: Budget | None = None) -> tuple[list[int], int]:
    """Integers in units 1/unit, a power of two."""
    floats = struct.unpack(f"<{len(data) // 8}d", data)  # not iter_unpack: it made the collector of CPython 3.11 crash
    try:
        unit = max(x.as_integer_ratio()[1] for x in floats)
        most = int(max(map(abs, floats)))
    except (ValueError, OverflowError):
        raise Rejected(f"{where}: a NaN or an infinity") from None
    if budget:
        bits = unit.bit_length() + most.bit_length()
        budget.spend(len(floats) * (2 * OPERATION + bits))
        budget.fits(bytes_of(len(floats), bits))
    return [p * (unit // q) for p, q in (x.as_integer_ratio() for x in floats)], unit


class Bundle:
    """Read access to the files of one bundle: regular files below `root`, never through a link."""

    def __init__(self, root: Path) -> None:
        self.root, self.budget = root, Budget()
        self.used: set[str] = set()
        self.sizes: dict[str, int] = {}  # numbers of the array files
        self.cache: dict[tuple[str, str, Fraction | None], Array] = {}  # of problem.json

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.root / name)

    def json(self, name: str, floats: bool = False) -> tuple[Any, str]:
        """A JSON file, its size and digits counted, and its digest."""
        data = self.read(name, MAX_JSON)
        self.budget.fits(25 * len(data))  # [[],[],...
        value = read_json(data, name, floats)
        weigh(value, self.budget)
        return value, hashlib.sha256(data).hexdigest()

    def digest(self, name: str, limit: int) -> str:
        """Of a file that is not held."""
        result = hashlib.sha256()
        with self.opened(name, limit) as file:
            while block := file.read(1 << 20):
                self.budget.spend(3 * len(block))
                result.update(block)
        return result.hexdigest()

    def read(self, name: str, limit: int) -> bytes:
        with self.opened(name, limit) as file:
            size = os.fstat(file.fileno()).st_size
            self.budget.spend(3 * size + 200 * OPERATION)
            self.budget.fits(size)
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Undecided(f"{name}: longer than {limit} bytes, which is beyond this checker")
        return data

    @contextmanager
    def opened(self, name: str, limit: int) -> Iterator[BinaryIO]:
        parts = name.split("/")
        self.used.add(name)
        if len(parts) > 4 or any(not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", p) for p in parts):
            raise Rejected(f"{short(name)} is not a path of a bundle")
        try:
            for i in range(1, len(parts)):
                if not stat.S_ISDIR(os.lstat(self.root.joinpath(*parts[:i])).st_mode):
                    raise Rejected(f"{'/'.join(parts[:i])}: not a directory, or a link")
            path = self.root.joinpath(*parts)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise Rejected(f"{name}: not a regular file, or a link")
            flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            with open(os.open(path, os.O_RDONLY | flags), "rb") as file:
                info = os.fstat(file.fileno())
                if not stat.S_ISREG(info.st_mode):
                    raise Rejected(f"{name}: not a regular file")
                if info.st_size > limit:
                    raise Undecided(f"{name}: longer than {limit} bytes, which is beyond this checker")
                yield file
        except OSError as error:
            raise Rejected(f"{name}: cannot be read ({error.strerror})") from None

    def names(self, directory: str) -> list[str]:
        path = self.root / directory
        if not os.path.lexists(path):
            return []
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise Rejected(f"{directory}: not a directory, or a link")
        with os.scandir(path) as entries:
            result = [entry.name for entry in islice(entries, MAX_NAMES + 1)]
        if len(result) > MAX_NAMES:
            raise Undecided(f"{directory}: more than {MAX_NAMES} files")
        return sorted(result)

    def stored(self, value: Any, where: str, most: int = MAX_ENTRIES) -> Stored:
        """The data of an array reference: a NumPy 1.0 file with the stated digest (section 2), not too large."""
        integers = isinstance(value, dict) and "denominator" in value
        ref = parse(value, REFERENCE | ({"denominator": decimal} if integers else {}), where)
        file, shape = ref["file"], tuple(ref["shape"])
        if not re.fullmatch(r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy", file):
            raise Rejected(f"{where}: {short(file)} is not of the form arrays/NAME.npy")
        if len(shape) not in (1, 2) or min(shape) <= 0:
            raise Rejected(f"{where}: bad shape {short(shape)}")
        data = self.read(file, 8 * most + 4096)
        if hashlib.sha256(data).hexdigest() != ref["sha256"]:
            raise Rejected(f"{where}: the SHA-256 digest of {file} is not the stated one")
        start = 10 + int.from_bytes(data[8:10], "little")
        head = re.fullmatch(rb"\x93NUMPY\x01\x00..\{'descr': '(<f8|<i8)', 'fortran_order': False, 'shape': "
                            rb"\((\d{1,7}),(?: (\d{1,7}))?\), \} *\n", data[:start], re.DOTALL)  # fmt: skip
        size = prod(shape)
        if not head or tuple(int(s) for s in head.groups()[1:] if s) != shape or len(data) != start + 8 * size:
            raise Rejected(f"{where}: {file} is not a NumPy 1.0 file of shape {shape}")
        denominator = ref.get("denominator", Fraction(1)) if head[1] == b"<i8" else None
        if integers and denominator is None:
            raise Rejected(f"{where}: a binary64 array has no denominator")
        if denominator is not None and (denominator < 1 or denominator.denominator != 1):
            raise Rejected(f"{where}: {file}: a bad denominator")
        if file not in self.sizes:
            self.sizes[file] = size
            self.budget.grant(size)
        return Stored(memoryview(data)[start:], shape, denominator)

    def array(self, value: Any, where: str) -> Array:
        """An array reference; one file is one array however often it is named."""
        data, shape, denominator = self.stored(value, where)
        key = value["file"], value["sha256"], denominator
        if key in self.cache:
            return self.cache[key]
        self.budget.fits(2 * bytes_of(prod(shape), 64))
        if denominator is None:
            flat, unit = binary64(data, where, self.budget)
        else:
            flat, unit = list(struct.unpack(f"<{len(data) // 8}q", data)), denominator.numerator
        rows = [flat[i : i + shape[-1]] for i in range(0, len(flat), shape[-1])]
        self.budget.keep(bytes_of(prod(shape), size_of(rows)) + (len(rows) << 6))
        self.cache[key] = Array(rows, unit, shape)
        return self.cache[key]

    def exact_array(self, value: Any, where: str) -> Array:
        """An array reference, or inline decimals and dyadics."""
        if not isinstance(value, dict) or "entries" not in value:
            return self.array(value, where)
        rows = parse(value, {"entries": [anything]}, where)["entries"]
        # A row of a matrix is a list whose first entry is not an integer (a dyadic begins with one).
        nested = bool(rows) and all(isinstance(r, list) and not (r and type(r[0]) is int) for r in rows)
        entries = parse(rows if nested else [rows], [[number]], where)
        if not entries[0] or any(len(row) != len(entries[0]) for row in entries):
            raise Rejected(f"{where}: the rows are empty or differ in length")
        unit = self.multiple({x.denominator for x in chain(*entries)}, where)
        bits = unit.bit_length() + max(x.numerator.bit_length() for x in chain(*entries))
        self.budget.keep(bytes_of(len(entries) * len(entries[0]), bits) + (len(rows) << 6))
        self.budget.spend(len(entries) * len(entries[0]) * (2 * OPERATION + digits_in(unit.bit_length()) ** 2))
        shape = (len(rows), len(entries[0])) if nested else (len(rows),)
        return Array([[x.numerator * (unit // x.denominator) for x in row] for row in entries], unit, shape)

    def multiple(self, denominators: Iterable[int], where: str) -> int:
        """The least common multiple, of a size that is bounded."""
        unit = 1
        for q in denominators:
            self.budget.spend(OPERATION + 4 * digits_in(max(q, unit).bit_length()) ** 2)
            unit = lcm(unit, q)
            if unit.bit_length() > MAX_UNIT:
                raise Undecided(f"{where}: the common denominator is beyond this checker")
        return unit

    def limb_sum(self, value: Any, where: str, shape: tuple[int, ...]) -> tuple[Matrix, int]:
        """The exact sum of binary64 arrays: integers, and s with unit 2^-s."""
        references = parse(value, [anything], where)
        if not 0 < len(references) <= MAX_LIMBS:
            raise Rejected(f"{where}: expected 1 to {MAX_LIMBS} arrays")
        self.budget.hold(2 * bytes_of(prod(shape), 64))
        total, unit = [0] * prod(shape), 1
        for reference in references:
            data, found, denominator = self.stored(reference, where)
            if denominator is not None or found != shape:
                raise Rejected(f"{where}: expected binary64 arrays of shape {shape}")
            flat, u = binary64(data, where, self.budget)
            common = max(unit, u)  # all are powers of two
            total = [x * (common // unit) + y * (common // u) for x, y in zip(total, flat, strict=True)]
            unit = common
        return [total[i : i + shape[-1]] for i in range(0, len(total), shape[-1])], unit.bit_length() - 1


def weigh(value: Any, budget: Budget) -> None:
    """Count what a JSON value costs to hold and to read: its objects, and the digits of its decimals and dyadics."""
    work = size = 0
    todo = [value]
    while todo:
        x = todo.pop()
        if isinstance(x, dict):
            todo += x.values()
            size += 200 * len(x)
        elif isinstance(x, list):
            todo += x
            size += 8 * len(x)
            if len(x) == 2 and type(x[0]) is type(x[1]) is int:
                size += min(abs(x[1]), 4096) // 4
        digits = 0
        if isinstance(x, str):
            size += 2 * len(x)
            match = DECIMAL.fullmatch(x) if len(x) <= 4096 else None
            digits = len(x) + min(int(match[5][:5]) if match[5] else 0, 4096) if match else 0
        size += 250 + digits
        work += 4 * OPERATION + digits * (50 + digits)  # 2 digits^2/81 for each product, quotient and comparison
        if work > MAX_WORK or size > MAX_MEMORY:
            break
    budget.spend(work)
    budget.keep(size)


def added(A: Matrix, B: Matrix, factor: int) -> Matrix:
    return [[a + factor * b for a, b in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


Spec = Any  # what `parse` understands
REFERENCE: dict[str, Spec] = {"file": text, "sha256": text, "shape": [count]}
TERMS: dict[str, dict[str, Spec]] = {
    "identity": {"coefficient": decimal, "identity": one_of(True)},
    "matrix": {"coefficient": decimal, "matrix": text, "transpose": boolean},
    "unit": {"coefficient": decimal, "unit": [count]},
}
HEAD: dict[str, Spec] = {"format": anything, "version": anything}
PROBLEM = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": optional(enclosure)},
    "leak": anything, "arrays": anything, "weight_radius": anything,
    "layers": [{"activation": text, "weights": [anything], "parameter": [anything], "bias": optional(text)}],
}  # fmt: skip
EQUATIONS = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": name_of, "interval": enclosure}, "variables": [name_of],
    "constants": [{"name": name_of, "expression": source}], "definitions": [{"name": name_of, "expression": source}],
    "equations": [source],
}  # fmt: skip
HEAD = HEAD | {"problem": {"file": one_of("problem.json"), "sha256": text}, "method": text, "precision": count}
WITNESS: dict[str, Spec] = {"pairs": count, "X": anything, "Y": anything, "d": anything}
BRANCH = HEAD | {
    "claims": {
        "interval": optional(enclosure), "complete": boolean, "real_crossings": [enclosure],
        "points": [{"id": text, "pair": optional(count), "parameter": enclosure}],
        "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    },
    "bounds": optional({"rho": decimal, "norm_N": decimal, "max_disc_radius": decimal}),
    "witness": optional(WITNESS),
}  # fmt: skip
PIECES = BRANCH | {
    "claims": BRANCH["claims"] | {"start": optional([enclosure]), "interval": enclosure,
                                   "points": [{"id": text, "pair": never, "parameter": enclosure}]},
    "bounds": never,
    "witness": optional({
        "pieces": [{
            "interval": enclosure, "centre": number, "radius": optional(number), "pairs": count,
            "kind": one_of("clear", "hopf", "real"), "index": optional(count), "point": optional(text),
            "crossing": optional(count),
        }],
        "x": anything, "slope": anything, "X": anything, "Y": anything, "d": anything,
    }),
}  # fmt: skip
POINT: dict[str, Spec] = {
    "parameter": enclosure, "omega": enclosure, "first_lyapunov_coefficient": enclosure, "crossing_speed": enclosure,
    "unstable_eigenvalues": count, "stable_eigenvalues": count,
    "criticality": one_of("supercritical", "subcritical"),
}  # fmt: skip
CERTIFICATE = HEAD | {
    "id": text,
    "claims": POINT | {"spectral_gap": optional(decimal), "equilibrium": [enclosure]},
    "bounds": {
        "rho": decimal, "norm_N": decimal, "eigenvalue": [enclosure], "disc_radius": decimal, "isolation": decimal,
        "separation": optional(decimal), "delta_right": decimal, "delta_left": decimal, "pq_defect": decimal,
        "q_norm_squared": enclosure, "im_S": enclosure, "resolvent_gap": optional(decimal),
    },
    "witness": WITNESS | {"pair": count},
}  # fmt: skip
CERTIFICATE_LAYERED = CERTIFICATE | {
    "claims": CERTIFICATE["claims"] | {"window": optional(enclosure), "uniqueness_radius": optional(decimal)},
    "bounds": {
        "rho": decimal, "branch_gap": optional(decimal), "branch_residual": optional(decimal),
        "branch_radius": optional(decimal), "window_disc_radius": optional(decimal),
        "window_clearance": optional(decimal), "window_slope": optional(enclosure), "real_part": optional(enclosure),
        "disc_radius": decimal, "isolation": decimal, "delta_right": decimal, "delta_left": decimal,
        "pq_defect": decimal, "q_norm_squared": enclosure, "gap_0": decimal, "gap_2": decimal, "terms": [enclosure],
        "Y": optional(decimal), "Z": optional(decimal), "r_min": optional(decimal),
    },
}  # fmt: skip
CERTIFICATES = {
    "zero-branch": CERTIFICATE,
    "spectral": CERTIFICATE_LAYERED | {"witness": WITNESS | {
        "pair": count, "gamma": number, "half_width": number, "x": anything, "slope": anything,
        "radius": optional(number),
    }},
    "newton-kantorovich": CERTIFICATE_LAYERED | {"witness": WITNESS | {
        "pair": count, "gamma": number, "omega": number, "x": anything, "a": anything, "b": anything,
        "phi": anything, "A": anything, "R": number,
    }},
}  # fmt: skip
SUMMARY: dict[str, Spec] = {
    "format": anything, "version": anything, "title": text, "dimension": count,
    "status": one_of("proved", "incomplete"), "complete": boolean,
    "interval": optional(enclosure), "points": [anything],
    "method": one_of("zero-branch", "pieces"),
    "real_crossings": [enclosure], "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    "options": each(plain), "timing": each(seconds), "versions": each(text),
}  # fmt: skip


def document(value: Any, kind: str, specs: dict[str, Any], where: str) -> Any:
    """A file of the bundle; its format, version and method are looked at before anything else.  `specs` is the
    specification, or one for each method."""
    if not isinstance(value, dict) or value.get("format") != kind or type(value.get("version")) is not int:
        raise Rejected(f"{where}: `format` is not {kind!r}, or there is no version")
    method = text(value.get("method", "zero-branch"), f"{where}: method")
    if value["version"] != 1 or ("format" not in specs and method not in specs):
        raise Undecided(f"{where}: this version or method is unknown to this checker")
    return parse(value, specs if "format" in specs else specs[method], where)


# ---------------------------------------------------------------------------------------------------------
# Exact matrix products
# ---------------------------------------------------------------------------------------------------------

Engine = Callable[[Matrix, Matrix], Matrix]


def size_of(A: Matrix) -> int:
    """Bits of the largest entry."""
    return max((max(max(row), -min(row)) for row in A if row), default=0).bit_length()


def python_product(A: Matrix, B: Matrix) -> Matrix:
    """AB with each row of B packed into one long integer (Kronecker substitution): an entry of AB is less than
    2^(8L-1) in absolute value, so the L-byte digits of the packed row of AB, made positive, do not interfere."""
    width = len(B[0])
    L = (size_of(A) + size_of(B) + len(B).bit_length() + 9) // 8
    bias = int.from_bytes((b"\0" * (L - 1) + b"\x80") * width, "little")  # 2^(8L-1) in every place
    half = 1 << (8 * L - 1)
    packed = [int.from_bytes(b"".join((x + half).to_bytes(L, "little") for x in row), "little") - bias for row in B]
    result = []
    for row in A:
        digits = (sum(map(mul, row, packed)) + bias).to_bytes(L * width, "little")
        result.append([int.from_bytes(digits[i : i + L], "little") - half for i in range(0, L * width, L)])
    return result


def engine_of(name: str) -> Engine:
    """`python`, `flint` (FLINT's exact integer matrices), or `auto`: flint where importable."""
    if name == "python":
        return python_product
    try:
        from flint import fmpz_mat
    except ImportError:
        if name == "flint":
            raise Usage("--engine flint: python-flint is not importable") from None
        return python_product

    def flint_product(A: Matrix, B: Matrix) -> Matrix:
        return [[int(x) for x in row] for row in (fmpz_mat(A) * fmpz_mat(B)).tolist()]

    return flint_product


def transpose(A: Matrix) -> Matrix:
    return [list(column) for column in zip(*A, strict=True)]


def absolute(A: Matrix) -> Matrix:
    return [[abs(x) for x in row] for row in A]


# ---------------------------------------------------------------------------------------------------------
# The problem (section 3)
# ---------------------------------------------------------------------------------------------------------


@dataclass
class Layer:
    activation: str
    W: Matrix  # W^0 = W/W_unit, exactly
    W_unit: int
    E: Matrix | None  # None: gamma does not enter
    E_unit: int
    b: Array | None
    b_radius: list[Fraction]
    delta: Matrix | None  # Delta, in the same units; None: 0


@dataclass
class Problem:
    title: str
    n: int
    interval: Interval | None
    leak: list[Fraction]
    layers: list[Layer]
    sha256: str
    multiply: Engine
    box: dict[str, Fraction]  # the largest radius of each array that is not exact
    budget: Budget

    def product(self, A: Matrix, B: Matrix) -> Matrix:
        rows, inner, width, a, b = len(A), len(B), len(B[0]), size_of(A), size_of(B)
        each = digits_in(a) * digits_in(b) + (40 if rows <= 8 else 4)
        self.budget.spend(rows * inner * width * each + (rows + inner) * width * OPERATION + 10 * OPERATION)
        self.budget.fits(bytes_of(rows * width, a + b) + inner * width * (a + b) // 4)
        if len(A) <= 8:  # not worth the packing
            columns = list(zip(*B, strict=True))
            return [[sum(map(mul, row, column)) for column in columns] for row in A]
        return self.multiply(A, B)

    @cached_property
    def sigma(self) -> tuple[Interval, Interval, Interval]:
        return sigma_at_zero(self.layers[0].activation, self.budget.spend)

    @cached_property
    def one_shifted_layer(self) -> bool:
        """Whether the network is one layer W^0 + gamma I without leak."""
        first = self.layers[0]
        identity = [[first.E_unit * (i == j) for j in range(self.n)] for i in range(self.n)]
        return len(self.layers) == 1 and not any(self.leak) and identity == first.E

    def require_zero_branch(self) -> None:
        """The method zero-branch is for x' = sigma((W^0 + gamma I)x + b), sigma(0) = 0, sigma'(0) != 0."""
        if not self.one_shifted_layer:
            raise Rejected("the method zero-branch is only for one layer W^0 + gamma I without leak")
        assert self.sigma

    @cached_property
    def trivial(self) -> bool:
        """x = 0 is an equilibrium for all gamma, as there is no bias and every sigma(0) = 0, exactly."""
        return all(layer.b is None and vanishes(layer.activation, self.budget.spend) for layer in self.layers)

    def field(self, F: int) -> Field:
        """f and its jets, in units of 2^-F."""
        return Network(self, F)


Term = tuple[Fraction, str | None, bool, tuple[int, int] | None]  # coefficient, array, transposed, unit


def read_term(t: Any, arrays: dict[str, Array], where: str) -> Term:
    kind = next((key for key in ("identity", "unit") if isinstance(t, dict) and key in t), "matrix")
    t = parse(t, TERMS[kind], where)
    if kind == "matrix" and (t["matrix"] not in arrays or len(arrays[t["matrix"]].shape) != 2):
        raise Rejected(f"{where}: {short(t['matrix'])} is not a matrix of `arrays`")
    if kind == "unit" and len(t["unit"]) != 2:
        raise Rejected(f"{where}: a unit term has one row and one column")
    return t["coefficient"], t.get("matrix"), t.get("transpose", False), tuple(t["unit"]) if kind == "unit" else None


def sum_of(bundle: Bundle, terms: list[Term], arrays: dict[str, Array], rows: int, columns: int,
           where: str) -> tuple[Matrix, int]:  # fmt: skip
    """The exact sum of terms of one shape, and its unit."""
    unit = bundle.multiple((c.denominator * (arrays[a].unit if a is not None else 1) for c, a, _, _ in terms), where)
    bits = unit.bit_length() + max((size_of(arrays[a].rows) for _, a, _, _ in terms if a is not None), default=0)
    bits += max((c.numerator.bit_length() for c, _, _, _ in terms), default=0)
    bundle.budget.spend(rows * columns * (len(terms) + 1) * (OPERATION + digits_in(bits) * 2))
    bundle.budget.keep(bytes_of(rows * columns, bits) + (rows << 6))
    W = [[0] * columns for _ in range(rows)]
    for c, a, transposed, place in terms:
        if a is not None:
            entries = transpose(arrays[a].rows) if transposed else arrays[a].rows
            if (len(entries), len(entries[0])) != (rows, columns):
                raise Rejected(f"{where}: {short(a)} is not an array of shape {rows} x {columns} here")
            W = added(W, entries, int(c * (unit // arrays[a].unit)))
        elif place is not None:
            if not (1 <= place[0] <= rows and 1 <= place[1] <= columns):
                raise Rejected(f"{where}: the unit term {place} is outside of the matrix")
            W[place[0] - 1][place[1] - 1] += int(c * unit)
        elif rows != columns:
            raise Rejected(f"{where}: an identity term in a matrix that is not square")
        else:
            W = added(W, [[int(i == j) for j in range(rows)] for i in range(rows)], int(c * unit))
    return W, unit


Radii = dict[str, Fraction | Array]  # of all entries of an array of `weights` and `bias`, or of each; missing: 0


def read_radii(value: Any, bundle: Bundle, arrays: dict[str, Array], used: list[Any], where: str) -> Radii:
    """`weight_radius`: a decimal for all arrays of `weights` and `bias`, or for some of them a decimal or an array."""
    radii: Radii = {}
    if not isinstance(value, dict):
        if decimal(value, f"{where}: weight_radius") < 0:
            raise Rejected(f"{where}: weight_radius < 0")
        value = {name: value for name in arrays if name in used}
    for name, radius in value.items():
        if name not in used or name not in arrays:
            raise Rejected(f"{where}: weight_radius names {short(name)}, which is no array of weights or bias")
        if isinstance(radius, dict):
            array = bundle.exact_array(radius, f"{where}: weight_radius of {short(name)}")
            radii[name] = array
            if array.shape != arrays[name].shape or any(x < 0 for row in array.rows for x in row):
                raise Rejected(f"{where}: weight_radius of {short(name)} has another shape, or a negative entry")
        else:
            uniform = decimal(radius, f"{where}: weight_radius")
            radii[name] = uniform
            if uniform < 0:
                raise Rejected(f"{where}: weight_radius < 0")
    return radii


def delta_of(bundle: Bundle, weights: list[Term], radii: Radii, rows: int, columns: int,
             unit: int) -> tuple[Matrix, int]:  # fmt: skip
    """Delta_ij = sum |c| r over the distinct array entries in W^0_ij, in units 1/(unit * factor), and the factor."""
    coefficients: dict[str, list[Fraction]] = {}  # of the array entries a_ij and a_ji in W^0_ij
    for c, a, transposed, _ in weights:
        if a is not None:
            coefficients.setdefault(a, [Fraction(0), Fraction(0)])[transposed] += c
    total, budget = [[Fraction(0)] * columns for _ in range(rows)], bundle.budget
    budget.fits(rows * columns * 300)
    for a, (plain, flipped) in coefficients.items():
        r = radii.get(a, Fraction(0))

        def radius(i: int, j: int, r: Fraction | Array = r) -> Fraction:
            return r if isinstance(r, Fraction) else Fraction(r.rows[i][j], r.unit)

        for i, row in enumerate(total):
            bits = max(x.numerator.bit_length() + x.denominator.bit_length() for x in row)
            budget.spend(columns * (20 * OPERATION + 16 * digits_in(bits) ** 2))
            budget.fits(rows * columns * (300 + bits // 7))
            for j in range(columns):
                if i == j:
                    row[j] += abs(plain + flipped) * radius(i, j)
                else:
                    row[j] += abs(plain) * radius(i, j) if plain else 0
                    row[j] += abs(flipped) * radius(j, i) if flipped else 0
    factor = bundle.multiple({unit, *(x.denominator for row in total for x in row)}, "weight_radius") // unit
    bits = (unit * factor).bit_length()
    budget.spend(rows * columns * (4 * OPERATION + digits_in(bits) ** 2))
    budget.keep(2 * bytes_of(rows * columns, bits))
    return [[int(x * unit * factor) for x in row] for row in total], factor


def read_layer(bundle: Bundle, layer: Any, arrays: dict[str, Array], columns: int, radii: Radii, where: str) -> Layer:
    weights, parameter = ([read_term(t, arrays, f"{where}: {kind}") for t in layer[kind]]
                          for kind in ("weights", "parameter"))  # fmt: skip
    if max(len(weights), len(parameter)) > MAX_TERMS:
        raise Rejected(f"{where}: more than {MAX_TERMS} terms")
    shapes = (arrays[a].shape[:: -1 if flipped else 1] for _, a, flipped, _ in weights + parameter if a is not None)
    rows = next(shapes, (columns,))[0]
    W, unit = sum_of(bundle, weights, arrays, rows, columns, where)
    E, E_unit = sum_of(bundle, parameter, arrays, rows, columns, where)
    b = None if layer["bias"] is None else arrays.get(layer["bias"])
    if layer["bias"] is not None and (b is None or b.shape != (rows,)):
        raise Rejected(f"{where}: bias is not an array of shape [{rows}]")
    delta: Matrix | None = None
    if any(radii.get(a) for _, a, _, _ in weights if a is not None):
        delta, factor = delta_of(bundle, weights, radii, rows, columns, unit)
        W, unit = [[x * factor for x in row] for row in W], unit * factor
    r = Fraction(0) if layer["bias"] is None else radii.get(layer["bias"], Fraction(0))
    b_radius = [r] * rows if isinstance(r, Fraction) else [Fraction(x, r.unit) for x in r.rows[0]]
    return Layer(layer["activation"], W, unit, E if any(map(any, E)) else None, E_unit, b, b_radius, delta)


def read_problem(bundle: Bundle, engine: Engine) -> Problem:
    where = "problem.json"
    raw, sha256 = bundle.json(where)
    if isinstance(raw, dict) and raw.get("format") == "proofgen-equations":
        return read_equations(raw, sha256, engine, where, bundle.budget)
    p = document(raw, "proofgen-problem", PROBLEM, where)
    n, names = p["dimension"], p["arrays"]
    if not isinstance(names, dict) or len(names) > 100 or n < 2 or len(p["title"]) > 500:
        raise Rejected(f"{where}: dimension < 2, too long a title, or bad arrays")
    if not 0 < len(p["layers"]) <= MAX_LAYERS:
        raise Rejected(f"{where}: expected 1 to {MAX_LAYERS} layers")
    if n > MAX_DIMENSION:
        raise Undecided(f"{where}: a dimension above {MAX_DIMENSION} is beyond this checker")
    arrays = {name: bundle.exact_array(value, f"{where}: array {short(name)}") for name, value in names.items()}

    def names_in(kind: str) -> list[Any]:
        return [t.get("matrix") for layer in p["layers"] for t in layer[kind] if isinstance(t, dict)]

    uncertain = names_in("weights") + [layer["bias"] for layer in p["layers"]]
    radii = read_radii(p["weight_radius"], bundle, arrays, uncertain, where)
    positive = [a for a, r in radii.items() if (any(map(any, r.rows)) if isinstance(r, Array) else r)]
    if any(name is not None and name in positive for name in [*names_in("parameter"), p["leak"]]):
        raise Rejected(f"{where}: with weight_radius > 0 an array of weights or bias is also in parameter or leak")
    layers, columns = [], n
    for index, value in enumerate(p["layers"]):
        layers.append(read_layer(bundle, value, arrays, columns, radii, f"{where}: layer {index + 1}"))
        columns, entries = len(layers[-1].W), sum(len(layer.W) * len(layer.W[0]) for layer in layers)
        if entries > 4 * MAX_DIMENSION**2:
            raise Undecided(f"{where}: layers of this size are beyond this checker")
    if columns != n:
        raise Rejected(f"{where}: the last layer has {columns} rows, not {n}")
    if all(layer.E is None for layer in layers):
        raise Rejected(f"{where}: gamma enters no layer")
    leak, known = [Fraction(0)] * n, type(p["leak"]) is str and p["leak"] in names
    if known and DECIMAL.fullmatch(p["leak"]):
        raise Rejected(f"{where}: leak is a decimal and the name of an array")
    if known:
        vector = arrays[p["leak"]]
        if vector.shape != (n,):
            raise Rejected(f"{where}: leak is not an array of shape [{n}]")
        leak = [Fraction(x, vector.unit) for x in vector.rows[0]]
    elif p["leak"] is not None:
        leak = [decimal(p["leak"], f"{where}: leak")] * n
    box = {a: Fraction(max(map(max, r.rows)), r.unit) if isinstance(r, Array) else r
           for a, r in radii.items() if a in positive}  # fmt: skip
    bundle.cache.clear()
    return Problem(p["title"], n, p["parameter"]["interval"], leak, layers, sha256, engine, box, bundle.budget)


# ---------------------------------------------------------------------------------------------------------
# Equations (section 14): expressions are read into one graph, in which equal subexpressions are one node
# ---------------------------------------------------------------------------------------------------------

TOKEN = re.compile(r" *(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-z][A-Za-z0-9_]*)|(\*\*|[-+*/()]))")
MAX_RATIONAL, MAX_LITERAL = 10**4096, Fraction(10) ** 300
AT_ZERO = dict.fromkeys(["sin", "tan", "tanh", "sinh", "atan", "erf"], 0) | dict.fromkeys(
    ["exp", "cos", "cosh", "exprel"], 1
)
AT_ONE = {"log": 0, "sqrt": 1}


class Node(NamedTuple):
    """`number` f, `variable` a, `parameter`, `+` or `*` of the nodes a and b, `neg` of a, or `call` of f at a."""

    op: str
    a: int = 0
    b: int = 0
    f: Function = 0


class Graph:
    """The nodes, each after those that it is made of."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self.nodes: list[Node] = []
        self.index: dict[Node, int] = {}
        self.origin: list[str] = []  # where a node was first read
        self.operations = 0

    def add(self, node: Node, origin: str) -> int:
        if node not in self.index:
            self.index[node] = len(self.nodes)
            self.nodes.append(node)
            self.origin.append(origin)
        return self.index[node]

    def weigh(self, *numbers: Fraction | None, power: int = 1) -> None:
        """Count an operation on rational numbers."""
        bits = [max(x.numerator.bit_length(), x.denominator.bit_length()) for x in numbers if x is not None]
        self.budget.spend(10 * OPERATION + 8 * digits_in(max(bits, default=0) * max(abs(power), 1)) ** 2)

    def operands(self, i: int) -> tuple[int, ...]:
        op, a, b, _ = self.nodes[i]
        return (a, b) if op in ("+", "*") else (a,) if op in ("neg", "call") else ()

    def reached(self, roots: Iterable[int]) -> list[int]:
        """All nodes that occur in the roots."""
        found = set(roots)
        for i in reversed(range(len(self.nodes))):
            if i in found:
                found.update(self.operands(i))
        return sorted(found)

    def factors(self, i: int) -> tuple[int, dict[int, int]]:
        """A sign, and exponents of nodes whose product is the node i (a product or an integer power other than 0)."""
        sign, found, exponents, heap = 1, dict[int, int](), {i: 1}, [-i]
        while heap:  # a node comes after all that it is a factor of, so once
            j = -heappop(heap)
            k, op, f = exponents[j], self.nodes[j].op, self.nodes[j].f
            times = f if op == "call" and isinstance(f, int) and (f > 0 or j == i) else 0 if op == "call" else 1
            if op not in ("*", "neg", "call") or not times or abs(k * times) > MAX_DEGREE:
                found[j] = k
                continue
            sign = -sign if op == "neg" and k % 2 else sign
            for x in self.operands(j):
                if x not in exponents:
                    heappush(heap, -x)
                exponents[x] = exponents.get(x, 0) + k * times
        return sign, found

    @cached_property
    def constant(self) -> list[bool]:
        """Whether neither a variable nor the parameter occurs in a node."""
        result = list[bool]()
        for i, node in enumerate(self.nodes):
            result.append(node.op not in ("variable", "parameter") and all(result[j] for j in self.operands(i)))
        return result

    def at_zero(self) -> list[Fraction | None]:
        """The values at x = 0 that are known rational numbers, for all gamma (section 14, The trivial branch)."""
        known = list[Fraction | None]()
        for i, (op, _, _, f) in enumerate(self.nodes):
            values = [known[j] for j in self.operands(i)]
            self.weigh(*values, power=f if isinstance(f, int) and op == "call" else 1)
            x, value = values[0] if values else None, None
            if op == "number":
                value = Fraction(f)
            elif op == "variable" or (op == "*" and 0 in values):
                value = Fraction(0)
            elif op == "call" and f == 0 and isinstance(f, int):
                value = Fraction(1)
            elif x is None or None in values:
                pass
            elif op == "call" and isinstance(f, int):
                value = x**f if x or f >= 0 else None
            elif op == "call":
                table = {0: AT_ZERO, 1: AT_ONE}.get(int(x) if x.denominator == 1 else -1, {})
                found = 1 if isinstance(f, Fraction) and x == 1 else table.get(str(f))
                value = None if found is None else Fraction(found)
            else:
                value = -x if op == "neg" else x + (values[1] or 0) if op == "+" else x * (values[1] or 0)
            known.append(value if value is not None and moderate(value) else None)
        return known


def moderate(x: Fraction) -> bool:
    return max(abs(x.numerator), x.denominator) < MAX_RATIONAL


@dataclass
class Value:
    """A subexpression as it is read: its node, its value if it is rational in the sense of section 14 (Powers), and
    the place in the text where it begins."""

    node: int
    rational: Fraction | None
    start: int


class Reader:
    """One expression of the format, by recursive descent with Python's precedences; nothing of it is run."""

    def __init__(self, graph: Graph, names: dict[str, tuple[int, Fraction | None]], text: str, where: str) -> None:
        self.graph, self.names, self.text, self.where, self.depth = graph, names, text.rstrip(" "), where, 0
        if len(text) > MAX_EXPRESSION:
            raise Rejected(f"{where}: longer than {MAX_EXPRESSION} characters")
        self.tokens: list[tuple[str, int, int]] = []  # text, start, end
        end = 0
        while end < len(self.text):
            match = TOKEN.match(self.text, end)
            if match is None:
                self.refuse(f"{short(self.text[end : end + 12])} is not of the format", end)
            end = match.end()
            token = match[1] or match[2] or match[3]
            self.tokens.append((token, end - len(token), end))
        self.at = 0

    def read(self) -> Value:
        value = self.sum()
        if self.at < len(self.tokens):
            self.refuse(f"unexpected {short(self.peek())}")
        return value

    # --- tokens ---

    def refuse(self, message: str, place: int | None = None) -> NoReturn:
        if place is None:
            place = self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)
        raise Rejected(f"{self.where}, character {place + 1}: {message}")

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            self.refuse("the expression ends too early")
        self.at += 1
        return token

    def operation(self) -> None:
        self.graph.operations += 1
        if self.graph.operations > MAX_OPERATIONS:
            self.refuse(f"the problem has more than {MAX_OPERATIONS} operations")

    def nested(self, rule: Callable[[], Value]) -> Value:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"nested more than {MAX_DEPTH} deep")
        value = rule()
        self.depth -= 1
        return value

    # --- grammar ---

    def sum(self) -> Value:
        left = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            left = self.combined(sign, left, self.product())
        return left

    def product(self) -> Value:
        left = self.signed()
        while self.peek() in ("*", "/"):
            sign = self.take()
            left = self.combined(sign, left, self.signed())
        return left

    def signed(self) -> Value:
        if self.peek() not in ("+", "-"):
            return self.power()
        start, sign = self.tokens[self.at][1], self.take()
        self.operation()
        value = self.nested(self.signed)
        if sign == "-":
            value = self.made(Node("neg", value.node), None if value.rational is None else -value.rational, start)
        return value

    def power(self) -> Value:
        base = self.atom()
        if self.peek() != "**":
            return base
        self.take()
        self.operation()
        exponent = self.nested(self.signed)
        b, x = exponent.rational, base.rational
        if b is None:
            log = self.made(Node("call", base.node, f="log"), None, base.start)
            product = self.made(Node("*", exponent.node, log.node), None, base.start)
            return self.made(Node("call", product.node, f="exp"), None, base.start)
        if b.denominator != 1:
            return self.made(Node("call", base.node, f=b), None, base.start)
        k = b.numerator
        if abs(k) > 64:
            self.refuse(f"an integer exponent of absolute value above 64: {short(b.numerator)[:20]}")
        if x == 0 and k < 0:
            self.refuse("division by zero")
        self.graph.weigh(x, power=k)
        return self.made(Node("call", base.node, f=k), None if x is None else x**k, base.start)

    def atom(self) -> Value:
        start = self.tokens[self.at][1] if self.at < len(self.tokens) else 0
        token = self.take()
        if token == "(":
            value = self.nested(self.sum)
            self.close()
            return Value(value.node, value.rational, start)
        if token[0] in "0123456789.":
            self.operation()
            return self.made(Node("number"), self.literal(token), start)
        if self.peek() == "(" and token in FUNCTIONS:
            self.take()
            self.operation()
            argument = self.nested(self.sum)
            self.close()
            return self.made(Node("call", argument.node, f=token), None, start)
        if token not in self.names:
            self.at -= 1
            self.refuse(f"{short(token)} is not defined here")
        self.operation()
        return Value(*self.names[token], start)

    def close(self) -> None:
        if self.peek() != ")":
            self.refuse(f"expected ')', found {short(self.peek())}")
        self.take()

    def literal(self, token: str) -> Fraction:
        mantissa, _, exponent = token.lower().partition("e")
        whole, _, part = mantissa.partition(".")
        sign, exponent = "-" if exponent[:1] == "-" else "", exponent.lstrip("+-").lstrip("0") or "0"
        value = fraction(f"{whole.lstrip('0') or '0'}.{part or '0'}e{sign}{exponent}", self.where)
        if value and not 1 / MAX_LITERAL <= value <= MAX_LITERAL:
            self.refuse(f"the literal {short(token)} is not 0 and not between 1e-300 and 1e300")
        return value

    # --- nodes ---

    def combined(self, sign: str, left: Value, right: Value) -> Value:
        self.operation()
        x, y, start, a, b = left.rational, right.rational, left.start, left.node, right.node
        value: Fraction | None = None
        if sign == "/" and y == 0:
            self.refuse("division by zero")
        if x is not None and y is not None:
            self.graph.weigh(x, y)
            value = x + y if sign == "+" else x - y if sign == "-" else x * y if sign == "*" else x / y
            return self.made(Node("number"), value, start)
        if sign == "-":
            b = self.made(Node("neg", b), None if y is None else -y, right.start).node
        elif sign == "/":
            b = self.made(Node("call", b, f=-1), None if y is None else 1 / y, right.start).node
        if sign in "+-":
            return self.made(Node("+", a, b), None, start)
        scale, (a, b) = self.scaled(a, b)
        result = self.made(Node("call", a, f=2) if a == b else Node("*", a, b), None, start)
        if scale == -1:
            return self.made(Node("neg", result.node), None, start)
        if scale != 1:
            result = self.made(Node("*", self.made(Node("number"), scale, start).node, result.node), None, start)
        return result

    def scaled(self, *factors: int) -> tuple[Fraction, list[int]]:
        """Signs and numbers of factors in front of them, so that (-x)*x and (2*x)*(x/3) are seen to be squares."""
        nodes, scale, result = self.graph.nodes, Fraction(1), list[int]()
        if "number" in (nodes[i].op for i in factors):
            return scale, list(factors)
        for i in factors:
            while True:
                op, a, b, _ = nodes[i]
                if op == "*" and nodes[b].op == "number":
                    a, b = b, a
                if op == "neg":
                    scale, i = -scale, a
                elif op == "*" and nodes[a].op == "number":
                    scale, i = scale * Fraction(nodes[a].f), b
                else:
                    break
            result.append(i)
        return (scale, result) if moderate(scale) else (Fraction(1), list(factors))

    def made(self, node: Node, rational: Fraction | None, start: int) -> Value:
        """The node, or the number that it is."""
        if rational is not None:
            if not moderate(rational):
                self.refuse("a rational number with a numerator or denominator above 10^4096")
            node = Node("number", f=rational)
        end = self.tokens[self.at - 1][2]
        return Value(self.graph.add(node, f"{self.where}: {short(self.text[start:end])}"), rational, start)


# --- activations (section 7): expressions in the one variable z ---

NAMES = {
    "tanh": "tanh(z)", "sin": "sin(z)", "arctan": "atan(z)", "erf": "erf(z)", "silu": "z*(1 + tanh(z/2))/2",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2", "identity": "z", "logistic": "(1 + tanh(z/2))/2",
    "softplus": "log(1 + exp(z))",
}  # fmt: skip
POWER = re.compile(r"\*\* *(?:[+-]? *[0-9]{1,2}|\( *[+-]? *[0-9]{1,2} *\)) *(?=[-+/)]|$|\*(?!\*))")


@lru_cache(64)
def activation(text: str) -> tuple[Graph, int]:
    """The nodes of an activation, and the last one."""
    text = NAMES.get(text, text)
    if len(text) > 2000 or "exprel" in text or "**" in POWER.sub("", text):
        raise Rejected("the activation is too long, or holds `exprel` or a power that is not an integer literal")
    graph = Graph()
    graph.budget.allowance //= 100  # as a problem has up to MAX_LAYERS of them, which are read once
    z = graph.add(Node("variable"), "z")
    return graph, Reader(graph, {"z": (z, None)}, text, "the activation").read().node


@lru_cache(1024)
def sigma_over(text: str, z: Span, F: int, spend: Callable[[int], None]) -> list[Span]:
    """sigma and its first three derivatives over z, in finer units where values on the way are large: there quotients
    such as 1/(1 + e^-z) are far below the unit."""
    root, jets = activation(text)[1], activation_jets(text, z, F, spend)
    bits = max(max(-jet[0][0], jet[0][1]).bit_length() for jet in jets) - F
    if bits <= 16:
        return jets[root]
    extra = 3 * min(bits, 1000)
    fine = activation_jets(text, (z[0] << extra, z[1] << extra), F + extra, spend)[root]
    return [(lo >> extra, -(-hi >> extra)) for lo, hi in fine]


def activation_jets(text: str, z: Span, F: int, spend: Callable[[int], None]) -> list[list[Span]]:
    """The same for every node, by Leibniz' rule and Faa di Bruno's formula."""
    (graph, _), jets, one = activation(text), list[list[Span]](), 1 << F

    def times(k: int, x: Span, y: Span) -> Span:
        return span_times((k * x[0], k * x[1]), y, F)

    for op, a, b, f in graph.nodes:
        x, y = (jets[a], jets[b]) if op not in ("variable", "number") else ([], [])
        match op:
            case "+":
                jet = [span_total(p, q) for p, q in zip(x, y, strict=True)]
            case "neg":
                jet = [(-q, -p) for p, q in x]
            case "*":
                jet = [span_total(*(times(comb(k, i), x[i], y[k - i]) for i in range(k + 1))) for k in range(4)]
            case "call":
                spend(cost_of(f, x[0], F))
                s0, s1, s2, s3 = derivatives(f, x[0], F)
                square, cube = power_of(x[1], 2, F), power_of(x[1], 3, F)
                jet = [s0, times(1, s1, x[1]), span_total(times(1, s2, square), times(1, s1, x[2])),
                       span_total(times(1, s3, cube), times(3, s2, times(1, x[1], x[2])), times(1, s1, x[3])),
                       ]  # fmt: skip
            case _:
                jet = [z, (one, one)] if op == "variable" else [span_of(Fraction(f), F), (0, 0)]
                jet += [(0, 0)] * 2
        bits = max(max(abs(lo), abs(hi)).bit_length() for lo, hi in jet)
        spend(40 * OPERATION + 40 * digits_in(bits) ** 2)
        jets.append(jet)
    return jets


def span_total(*terms: Span) -> Span:
    return sum(lo for lo, _ in terms), sum(hi for _, hi in terms)


def vanishes(text: str, spend: Callable[[int], None]) -> bool:
    """sigma(0) = 0, exactly."""
    graph, root = activation(text)
    return graph.at_zero()[root] == 0 or sigma_over(text, (0, 0), BITS, spend)[0] == (0, 0)


def sigma_at_zero(text: str, spend: Callable[[int], None] | None = None) -> tuple[Interval, Interval, Interval]:
    """sigma_1, sigma_2, sigma_3; sigma(0) = 0 and sigma_1 != 0 are proved."""
    spend = spend or Budget().spend
    c = [Interval(Fraction(lo, 1 << BITS), Fraction(hi, 1 << BITS)) for lo, hi in sigma_over(text, (0, 0), BITS, spend)]
    if 0 not in c[0] or c[1] == ZERO:
        raise Rejected("the activation has sigma(0) != 0 or sigma'(0) = 0, to which the method does not apply")
    if not vanishes(text, spend) or 0 in c[1]:
        raise Undecided("sigma(0) = 0 and sigma'(0) != 0 could not be established for this activation")
    return c[1], c[2], c[3]


@dataclass
class Equations(Problem):
    """x_i' = the node roots[i]; no layers, and exact."""

    graph: Graph = field(default_factory=Graph)
    constants: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)

    def require_zero_branch(self) -> None:
        raise Rejected("the method zero-branch is only for networks")

    @cached_property
    def trivial(self) -> bool:
        """Every equation is the known number 0 at x = 0."""
        known = self.graph.at_zero()
        return all(known[root] == 0 for root in self.roots)

    def field(self, F: int) -> Field:
        return System(self, F)


def read_equations(raw: Any, sha256: str, engine: Engine, where: str, budget: Budget | None = None) -> Equations:
    p = document(raw, "proofgen-equations", EQUATIONS, where)
    n, interval, parameter = p["dimension"], p["parameter"]["interval"], p["parameter"]["name"]
    if not 2 <= n <= MAX_FIELD or len(p["title"]) > 500 or interval.lo >= interval.hi:
        raise Rejected(f"{where}: the dimension is not 2 to {MAX_FIELD}, or the title too long, or the interval empty")
    if len(p["variables"]) != n or len(p["equations"]) != n:
        raise Rejected(f"{where}: expected {n} variables and {n} equations")
    if max(len(p["constants"]), len(p["definitions"])) > MAX_LIST:
        raise Rejected(f"{where}: more than {MAX_LIST} constants or definitions")
    every = [*p["variables"], parameter, *(x["name"] for kind in ("constants", "definitions") for x in p[kind])]
    if len(set(every)) != len(every):
        raise Rejected(f"{where}: the names of variables, parameter, constants and definitions are not distinct")
    budget = budget or Budget()
    graph, names, constants = Graph(budget), dict[str, tuple[int, Fraction | None]](), list[int]()

    def read(expression: str, place: str) -> Value:
        return Reader(graph, names, expression, f"{where}: {place}").read()

    for x in p["constants"]:
        value = read(x["expression"], f"constant {x['name']}")
        names[x["name"]] = value.node, value.rational
        constants.append(value.node)
    for j, name in enumerate(p["variables"]):
        names[name] = graph.add(Node("variable", j), name), None
    names[parameter] = graph.add(Node("parameter"), parameter), None
    for x in p["definitions"]:
        value = read(x["expression"], f"definition {x['name']}")
        names[x["name"]] = value.node, value.rational
    roots = [read(text, f"equation {i + 1}").node for i, text in enumerate(p["equations"])]
    return Equations(p["title"], n, interval, [], [], sha256, engine, {}, budget, graph, constants, roots)


# ---------------------------------------------------------------------------------------------------------
# Theorem A: all eigenvalues of every W in the box, from one similarity
# ---------------------------------------------------------------------------------------------------------
#
# The complex index a+ of the pair a is the column 2a, a- is 2a + 1, and a real index is its own column.
# Lists over "groups" have one entry for a pair and one for a real index, since moduli agree at a+ and a-.


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


class Basis:
    """The witness of a similarity: X, Y in units of 2^-X_unit, 2^-Y_unit, centres d in units of 2^-d_unit."""

    def __init__(self, product: Engine, budget: Budget, m: int, X: tuple[Matrix, int], Y: tuple[Matrix, int],
                 d: tuple[Matrix, int]) -> None:  # fmt: skip
        self.product, self.budget, self.m, self.n = product, budget, m, len(X[0])
        bits = size_of(X[0]) + size_of(Y[0])
        budget.spend(self.n**2 * (12 * OPERATION + 8 * digits_in(bits + 4 * GUARD) ** 2))
        budget.hold(5 * bytes_of(self.n**2, bits))
        self.X, self.X_unit = X
        self.Y, self.Y_unit = Y
        self.d, self.d_unit = d  # a row for each pair, imaginary part > 0, and one for each real index
        for a, (_, im) in enumerate(self.d):
            if (im <= 0) if a < m else im:
                raise Rejected(f"witness: row {a} of d has a bad imaginary part")
        # |(XP)_lj| and |(P^-1 Y)_jl| for groups j, rounded up; units 2^-(X_unit + GUARD), 2^-(Y_unit + 1 + GUARD)
        pairs, reals = range(m), range(2 * m, self.n)
        self.X_abs = [[hypot_up(row[2 * a] << GUARD, row[2 * a + 1] << GUARD) for a in pairs]
                      + [abs(row[j]) << GUARD for j in reals] for row in self.X]  # fmt: skip
        self.Y_abs = [[hypot_up(x << GUARD, y << GUARD) for x, y in zip(*self.Y[2 * a : 2 * a + 2], strict=True)]
                      for a in pairs] + [[abs(x) << GUARD + 1 for x in self.Y[j]] for j in reals]  # fmt: skip
        self.R = [[((1 << self.X_unit + self.Y_unit) if i == j else 0) - x for j, x in enumerate(row)]
                  for i, row in enumerate(product(self.Y, self.X))]  # fmt: skip

    def grouped(self, v: Sequence[int]) -> list[int]:
        """Sums over the two indices of each pair."""
        return [v[2 * a] + v[2 * a + 1] for a in range(self.m)] + list(v[2 * self.m :])

    def group(self, i: int) -> int:
        return i // 2 if i < 2 * self.m else i - self.m

    def centre(self, i: int) -> tuple[int, int]:
        re, im = self.d[self.group(i)]
        return re, -im if i < 2 * self.m and i % 2 else im

    def times_X(self, vectors: list[list[Disc]]) -> list[list[Disc]]:
        """XPy for several y, in units smaller by 2^-X_unit."""
        columns, m, product = list[list[int]](), self.m, self.product
        for y in vectors:  # Py has the entries y_a+ + y_a-, i(y_a+ - y_a-)
            real, imag = [re for re, _, _ in y], [im for _, im, _ in y]
            for a in range(0, 2 * m, 2):
                (p, q, _), (u, v, _) = y[a], y[a + 1]
                real[a], real[a + 1], imag[a], imag[a + 1] = p + u, v - q, q + v, p - u
            columns += [real, imag]
        mid = transpose(product(self.X, transpose(columns)))
        rad = product([self.grouped([rad for _, _, rad in y]) for y in vectors], transpose(self.X_abs))
        return [[(p, q, up(e, 1 << GUARD)) for p, q, e in zip(mid[2 * j], mid[2 * j + 1], row, strict=True)]
                for j, row in enumerate(rad)]  # fmt: skip

    def times_Y(self, vectors: list[list[Disc]]) -> list[list[Disc]]:
        """P^-1 Y v for several v, in units smaller by 2^-(Y_unit + 1)."""
        columns, m, product, result = list[list[int]](), self.m, self.product, list[list[Disc]]()
        for v in vectors:
            columns += [[re for re, _, _ in v], [im for _, im, _ in v]]
        mid = transpose(product(self.Y, transpose(columns)))
        rad = product([[rad for _, _, rad in v] for v in vectors], transpose(self.Y_abs))
        for j, row in enumerate(rad):
            real, imag, y = mid[2 * j], mid[2 * j + 1], []
            for a in range(0, 2 * m, 2):  # a+ is (top - i bottom)/2, a- is (top + i bottom)/2
                e = up(row[a // 2], 1 << GUARD)
                y.append((real[a] + imag[a + 1], imag[a] - real[a + 1], e))
                y.append((real[a] - imag[a + 1], imag[a] + real[a + 1], e))
            y += [(2 * real[i], 2 * imag[i], up(row[i - m], 1 << GUARD)) for i in range(2 * m, self.n)]
            result.append(y)
        return result

    def complex(self, v: Vector) -> list[Disc]:
        """P^-1 Y v, in the units of v.  The error of a pair's entry is known by its real and its imaginary part, which
        is less than the sum of moduli that complex errors would need."""
        discs, shift = self.times_Y([[(x, 0, r) for x, r in v]])[0], self.Y_unit + 1
        if any(r for _, r in v):
            real = self.product([[r for _, r in v]], transpose(absolute(self.Y)))[0]
            own = [hypot_up(real[i & ~1], real[i | 1]) if i < 2 * self.m else 2 * real[i] for i in range(self.n)]
            discs = [(re, im, min(e, r)) for (re, im, e), r in zip(discs, own, strict=True)]
        return [rounded(*disc, shift) for disc in discs]

    def real(self, y: list[Disc]) -> tuple[Vector, Vector]:
        """The real and the imaginary part of XPy."""
        discs = [rounded(*disc, self.X_unit) for disc in self.times_X([y])[0]]
        return [(re, rad) for re, _, rad in discs], [(im, rad) for _, im, rad in discs]

    def spread(self, r: int) -> list[int]:
        """Bounds of |(XPy)_l| for |y_i| <= r."""
        weights = [2] * self.m + [1] * (self.n - 2 * self.m)
        return [up(r * sum(map(mul, row, weights)), 1 << self.X_unit + GUARD) for row in self.X_abs]


@dataclass
class Eigenvectors:
    q: list[Disc]
    p: list[Disc]  # the entries of p^H
    delta: int  # the largest delta_i
    delta_left: int
    defect: int  # |p^H q - 1| is at most this


class Spectrum(Basis):
    """Theorem A for one witness and all matrices W of a box, or W + tau W' with |tau| <= h (`motion`).
    Integers in units of 2^-F: r, rho, s, e, o, g, nu, t, c, norm_N, |N_ij|, Re(N_ii - d_i) (`sway`)."""

    def __init__(self, basis: Basis, W: Matrix, W_unit: int, delta: Matrix | None, bits: int, relative: bool = True,
                 motion: tuple[Matrix, Matrix, int] | None = None) -> None:  # fmt: skip
        self.__dict__.update(basis.__dict__)
        n, m = self.n, self.m
        # N = YWX exactly, in units 1/N_unit
        N, N_unit = self.similar(W), W_unit << self.X_unit + self.Y_unit
        self.F = F = bits + (abs(N_unit.bit_length() - size_of(N)) if relative and size_of(N) else 0)
        self.one, size = 1 << F, max(size_of(N), N_unit.bit_length(), size_of(delta or [])) + self.d_unit + F
        self.budget.spend((3 if motion else 1) * n * n * (60 * OPERATION + 8 * digits_in(size) ** 2))
        self.budget.hold(3 * bytes_of(n * n, F))
        static = self.moduli(N, N_unit, delta, self.d)
        if motion:
            W_moving, radii, h = motion
            moving = self.moduli(self.similar(W_moving), 1 << bits + self.X_unit + self.Y_unit, radii,
                                 [[0, 0]] * (n - m))  # fmt: skip
            static = [([a + up(h * b, self.one) for a, b in zip(x[0], y[0], strict=True)],
                       x[1] + up(h * y[1], self.one),
                      (x[2][0], x[2][1] + up(h * (abs(y[2][0]) + y[2][1]), self.one)))
                      for x, y in zip(static, moving, strict=True)]  # fmt: skip
        self.N_abs, self.e, self.sway, self.r = list[list[int]](), list[int](), Vector(), list[int]()
        for group, (row, e, sway) in enumerate(static):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)
            entries = complex_row(self.R[i], self.R[i + 1] if copies == 2 else None, m)
            r = sum(self.modulus(x, y, 2 << self.X_unit + self.Y_unit) for x, y in entries)
            self.N_abs += [row, swapped(row, m)][:copies]
            self.e += [e] * copies
            self.sway += [sway] * copies
            self.r += [r] * copies
        self.rho = max(self.r)
        if self.rho >= self.one:
            raise Rejected(f"Theorem A: rho < 1 does not hold: rho = {show(Fraction(self.rho, self.one))}")
        sums = [sum(row) for row in self.N_abs]
        self.norm_N = max(sums)
        self.nu = [max(column) for column in zip(*self.N_abs, strict=True)]
        self.s = [up(r << F, self.one - self.rho) for r in self.r]
        self.o = [total - self.N_abs[i][i] for i, total in enumerate(sums)]
        self.s_nu = [up(s * nu, self.one) for s, nu in zip(self.s, self.nu, strict=True)]
        self.t = [o + up(s * self.norm_N, self.one) for o, s in zip(self.o, self.s, strict=True)]
        self.g = [e + t for e, t in zip(self.e, self.t, strict=True)]
        columns = [sum(column) for column in zip(*self.N_abs, strict=True)]
        s_total = sum(self.s)
        self.c = [columns[j] - self.N_abs[j][j] + up(self.nu[j] * s_total, self.one) for j in range(n)]

    def similar(self, W: Matrix) -> Matrix:
        return self.product(self.Y, self.product(W, self.X))

    def moduli(self, N: Matrix, N_unit: int, delta: Matrix | None, d: Matrix) -> list[tuple[list[int], int, Ball]]:
        """For every group i: bounds of |N_ij| over the box, of |N_ii - d_i|, and Re(N_ii - d_i).  Over the box N moves
        by at most |Y| Delta |X|, which is added to |Re| and |Im| (N and Delta are in units of one W_unit)."""
        uncertain = delta if delta and any(map(any, delta)) else None
        box = self.product(absolute(self.Y), self.product(uncertain, absolute(self.X))) if uncertain else None
        result, m, u = [], self.m, 2 * N_unit
        for group in range(self.n - m):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)

            def rows(Q: Matrix, i: int = i, copies: int = copies) -> tuple[list[int], list[int] | None]:
                return Q[i], Q[i + 1] if copies == 2 else None

            entries = complex_row(*rows(N), m)
            radii = complex_radii(*rows(box), m) if box else [(0, 0)] * self.n
            row = [self.modulus(abs(x) + rx, abs(y) + ry, u) for (x, y), (rx, ry) in zip(entries, radii, strict=True)]
            (x, y), (rx, ry), (re, im) = entries[i], radii[i], d[group]
            x, y, unit = (x << self.d_unit) - u * re, (y << self.d_unit) - u * im, u << self.d_unit
            e = self.modulus(abs(x) + (rx << self.d_unit), abs(y) + (ry << self.d_unit), unit)
            result.append((row, e, ((x << self.F) // unit, up(rx << self.F, u) + 1)))
        return result

    def modulus(self, re: int, im: int, unit: int) -> int:
        """|re + i im|/unit, rounded up."""
        return up(hypot_up(re << GUARD, im << GUARD) << self.F, unit << GUARD)

    def distance(self, x: int, y: int) -> int:
        """|x + iy| for x, y in units of the centres, rounded down to units of 2^-F."""
        return isqrt(x * x + y * y << 2 * self.F) >> self.d_unit

    def disc(self, i: int) -> tuple[Fraction, Fraction, Fraction]:
        """Centre and radius of K_i."""
        (x, y), unit = self.centre(i), 1 << self.d_unit
        return Fraction(x, unit), Fraction(y, unit), Fraction(self.g[i], self.one)

    def re(self, i: int) -> Interval:
        return widened(scaled(self.centre(i)[0], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def im(self, i: int) -> Interval:
        return widened(scaled(self.centre(i)[1], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def separation(self, k: int, pair: bool) -> int | None:
        """min (|Re d_j - Re d_k| - g_j - g_k) over all j that do not belong to k, in units of 2^-F."""
        own, x = (k, k ^ 1) if pair else (k,), self.centre(k)[0]
        return min((((abs(self.centre(j)[0] - x) << self.F) >> self.d_unit) - self.g[j] - self.g[k]
                    for j in range(self.n) if j not in own), default=None)  # fmt: skip

    def isolated_real(self, i: int) -> bool:
        gap = self.separation(i, False)
        return i >= 2 * self.m and (gap is None or gap > 0)

    # --- Theorem B ---

    def eigenvectors(self, k: int) -> tuple[list[int], list[int]]:
        """delta_i, delta'_i of Theorem B for k = a+, 0 at i = k."""
        F, one, n = self.F, self.one, self.n
        self.budget.spend(n * (40 * OPERATION + 10 * digits_in(F) ** 2))
        x, y = self.centre(k)
        eta = [self.distance(x - u, y - v) - self.g[k] - self.e[i] - self.s_nu[i]
               for i, (u, v) in enumerate(map(self.centre, range(n)))]  # fmt: skip
        eta[k] = one
        for i in range(n):
            if i != k and eta[i] <= max(self.t[i], self.c[i]):
                raise Rejected(f"Theorem B: eta_i > max(t_i, c_i) does not hold for i = {i}: {self.show(eta[i])} <= "
                               f"{self.show(max(self.t[i], self.c[i]))}")  # fmt: skip
        result = []
        right = [self.N_abs[i][k] + up(self.s[i] * self.nu[k], one) for i in range(n)]  # m_ik
        left = [self.N_abs[k][i] + up(self.s[k] * self.nu[i], one) for i in range(n)]  # m_ki
        others = [i for i in range(n) if i != k]
        for entries, sums in ((right, self.t), (left, self.c)):
            slope = max(up(sums[i] << F, eta[i]) for i in others)
            if slope >= one:
                raise Rejected("Theorem B: max(t_i/eta_i) < 1 could not be verified")
            delta = up(max(up(entries[i] << F, eta[i]) for i in others) << F, one - slope)
            result.append([up((entries[i] << F) + sums[i] * delta, eta[i]) if i != k else 0 for i in range(n)])
        return result[0], result[1]

    def show(self, x: int) -> str:
        return show(Fraction(x, self.one))

    def vectors(self, k: int) -> Eigenvectors:
        """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, in units of 2^-F."""
        F, pair = self.F, k < 2 * self.m
        delta, left = self.eigenvectors(k)
        right, extra = self.grouped(delta), self.s[k] + up(sum(map(mul, left, self.s)), self.one)
        q, p, shift = list[Disc](), list[Disc](), self.Y_unit + 1
        for row, bound in zip(self.X, self.X_abs, strict=True):
            e = up(sum(map(mul, bound, right)), 1 << self.X_unit + GUARD)
            q.append(((row[k] << F) >> self.X_unit, (row[k + 1] << F) >> self.X_unit if pair else 0, e + 2))
        for i, bounds in enumerate(zip(*self.Y_abs, strict=True)):
            e = up(sum(map(mul, bounds, self.grouped(left))) + extra * max(bounds), 1 << shift + GUARD)
            re, im = (self.Y[k][i], -self.Y[k + 1][i]) if pair else (2 * self.Y[k][i], 0)
            p.append(((re << F) >> shift, (im << F) >> shift, e + 2))
        defect = up(sum(map(mul, delta, left)), self.one)
        if defect >= self.one:
            raise Rejected("Theorem B: |p^H q - 1| < 1 does not hold")
        return Eigenvectors(q, p, max(delta), max(left), defect)

    def isolated(self, k: int) -> bool:
        """K_k is disjoint from all other discs, for a pair from its conjugate too."""
        x, y = self.centre(k)
        return all(self.distance(x - u, y - v) > self.g[k] + self.g[j]
                   for j, (u, v) in enumerate(map(self.centre, range(self.n))) if j != k)  # fmt: skip

    def re_lambda(self, j: int) -> Interval:
        """Re lambda for the eigenvalues in K_j: Re d_j +- g_j, and if Theorem B's conditions hold, which imply that K_j
        is isolated, Re N_jj +- (s_j nu_j + sum m_ji delta_i), from row j of (M - lambda)u = 0 with u_j = 1."""
        disc = self.re(j)
        try:
            delta = self.eigenvectors(j)[0]
        except Rejected:
            return disc
        tail = sum((x + up(self.s[j] * nu, self.one)) * d
                   for x, nu, d in zip(self.N_abs[j], self.nu, delta, strict=True))  # fmt: skip
        (x, r), centre = self.sway[j], scaled(self.centre(j)[0], 0, 1 << self.d_unit)
        better = centre + scaled(x, r + self.s_nu[j] + up(tail, self.one), self.one)
        return disc & better

    def re_isolated(self, k: int) -> Interval:
        """Re lambda for the eigenvalue of an isolated K_k: the discs at a point need not lie inside those over a tube,
        as rounding is not monotone, so this is shown again."""
        if not self.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, at the centre is not disjoint from all others")
        return self.re_lambda(k)

    def clearance(self, j: int, best: bool = False) -> Fraction:
        """A lower bound of the distance of the eigenvalues in K_j from the axis (section 12, Distance from the axis),
        not positive if they may reach it or cross it; the better one is looked for if asked, or needed."""
        x, own = self.centre(j)[0], self.re(j)
        if best or 0 in own:
            own = self.re_lambda(j)
        return own.lo if x > 0 else -own.hi

    def beta(self) -> int:
        """Lemma T: min (|d_i| - e_i - o_i)."""
        return min(self.distance(*self.centre(i)) - self.e[i] - self.o[i] for i in range(self.n))

    def gap(self) -> int:
        """Lemma T, weighted: 1 - max (e_i + o_i)/|d_i|, or 0 where a centre may be 0."""
        far = [self.distance(*self.centre(i)) for i in range(self.n)]
        if min(far) <= 0:
            return 0
        return self.one - max(up(self.e[i] + self.o[i] << self.F, far[i]) for i in range(self.n))

    def weighted_modulus(self, y: list[Disc]) -> int:
        """max |y_i|/|d_i|."""
        return max(up(modulus_of([disc]) << self.F, self.distance(*self.centre(i))) for i, disc in enumerate(y))

    # --- Lemma C ---

    def resolvent(self, z: tuple[int, int], dz: int, r: list[Disc]) -> tuple[list[Disc] | None, int]:
        """Lemma C for every point within dz (units 2^-F) of z (in units of the centres): y in r's units, beta."""
        F, distances, y = self.F, [], []
        for i in range(self.n):
            u, v = self.centre(i)
            distances.append(self.distance(z[0] - u, z[1] - v) - dz)
        beta = min(x - g for x, g in zip(distances, self.g, strict=True))
        if beta <= 0:
            return None, beta
        for i, (p, q, rad) in enumerate(r):
            u, v = self.centre(i)
            u, v = z[0] - u, z[1] - v
            w, size = u * u + v * v, hypot_up(p, q)
            x = ((p * u + q * v) << self.d_unit) // w, ((q * u - p * v) << self.d_unit) // w  # r/(z0 - d)
            error = up((rad << F) + up(size * dz << F, distances[i] + dz), distances[i])
            y.append((*x, error + 2 if size or rad else 0))
        norms = [max(hypot_up(re, im) + rad for re, im, rad in v) for v in (r, y)]
        error = up(max(self.s) * norms[0] + max(self.g) * norms[1], beta)
        return [(re, im, rad + error) for re, im, rad in y], beta


# ---------------------------------------------------------------------------------------------------------
# Layered networks (section 12): jets in fixed point.  A Ball (m, r) is [m - r, m + r] in units of 2^-F
# ---------------------------------------------------------------------------------------------------------


def fix(x: Fraction, F: int) -> Ball:
    m = (x.numerator << F) // x.denominator
    return m, int(m * x.denominator != x.numerator << F)


def ball(lo: int, hi: int) -> Ball:
    m = (lo + hi) >> 1
    return m, hi - m


def meet(a: Ball, b: Ball) -> Ball:
    """An interval that holds all points of both."""
    lo, hi = max(a[0] - a[1], b[0] - b[1]), min(a[0] + a[1], b[0] + b[1])
    if lo > hi:
        raise Undecided("two enclosures of one number are disjoint")
    return ball(lo, hi)


def plus(*vectors: Vector) -> Vector:
    return [(sum(x for x, _ in balls), sum(r for _, r in balls)) for balls in zip(*vectors, strict=True)]


def minus(u: Vector, v: Vector) -> Vector:
    return [(x - y, r + e) for (x, r), (y, e) in zip(u, v, strict=True)]


def wider(v: Vector, radii: Iterable[int]) -> Vector:
    return [(x, r + e) for (x, r), e in zip(v, radii, strict=True)]


def times_i(y: list[Disc]) -> list[Disc]:
    """-iy."""
    return [(im, -re, e) for re, im, e in y]


def largest(v: Iterable[Ball]) -> int:
    return max(abs(x) + r for x, r in v)


def modulus_of(v: Iterable[Disc]) -> int:
    return max(hypot_up(re, im) + rad for re, im, rad in v)


@dataclass
class Box:
    """An interval matrix, transposed: to be multiplied from the right by rows."""

    mid: Matrix
    rad: Matrix
    size: Matrix  # |mid|

    @staticmethod
    def of(rows: Matrix, unit: int, F: int, delta: Matrix | None = None) -> Box:
        """Entries and their radii in units 1/unit."""
        mid = [[(x << F) // unit for x in column] for column in zip(*rows, strict=True)]
        rad = [[int((x << F) % unit != 0) for x in column] for column in zip(*rows, strict=True)]
        if delta:
            rad = [
                [e + up(x << F, unit) for e, x in zip(*pair, strict=True)]
                for pair in zip(rad, transpose(delta), strict=True)
            ]
        return Box(mid, rad, absolute(mid))


@dataclass
class Stage:
    """A layer at a point or over a box: h_(l-1), W_l(gamma), z_l, and sigma_l, its derivatives at z_l."""

    h: Vector
    W: Box
    z: Vector
    sigma: list[Vector]


@dataclass
class State:
    """What is known of f at a point or over a box: of a network the layers, of equations the nodes of their graph."""

    x: Vector
    f: Vector
    stages: list[Stage] = field(default_factory=list)
    values: list[Span] = field(default_factory=list)
    calls: dict[int, list[Span]] = field(default_factory=dict)  # derivatives of the functions, at their arguments


@dataclass
class Jets:
    """Coefficients of f for directions, pairs and triples; and z_u of each layer for directions."""

    first: list[Vector]
    second: list[Vector]
    third: list[Vector]
    z: list[list[Vector]]


class Field:
    """f(x, gamma) and its jets in interval arithmetic."""

    def __init__(self, p: Problem, F: int) -> None:
        self.p, self.F, self.n, self.one, self.budget = p, F, p.n, 1 << F, p.budget
        self.units = [[(int(i == j) << F, 0) for j in range(p.n)] for i in range(p.n)]
        self.unit_index = {id(e): i for i, e in enumerate(self.units)}

    def times(self, u: Vector, v: Vector) -> Vector:
        """Componentwise."""
        F = self.F
        return [((x * y) >> F, (((abs(x) + r) * e + r * abs(y)) >> F) + 2) if (x or r) and (y or e) else (0, 0)
                for (x, r), (y, e) in zip(u, v, strict=True)]  # fmt: skip

    def scale(self, v: Vector, c: Ball) -> Vector:
        return self.times(v, [c] * len(v))

    def apply(self, W: Box, vectors: list[Vector]) -> list[Vector]:
        """Products with W, whose columns are those with `units` themselves."""
        F, product, units = self.F, self.p.product, self.unit_index
        others, images = [v for v in vectors if id(v) not in units], iter(list[Vector]())
        if others:
            mid = product([[x for x, _ in v] for v in others], W.mid)
            far = product([[abs(x) + r for x, r in v] for v in others], W.rad)
            near = product([[r for _, r in v] for v in others], W.size)
            images = iter([[(x >> F, ((a + b) >> F) + 2 if x or a or b else 0) for x, a, b in zip(*rows, strict=True)]
                           for rows in zip(mid, far, near, strict=True)])  # fmt: skip
        return [list(zip(W.mid[units[id(v)]], W.rad[units[id(v)]], strict=True)) if id(v) in units else next(images)
                for v in vectors]  # fmt: skip

    def at(self, gamma: Ball, x: Vector) -> State:
        """Over a box."""
        raise NotImplementedError

    def over(self, gamma: Ball, x: Vector, slope: Vector, h: int, spread: list[int]) -> tuple[State, State]:
        """At gamma and x +- spread; and over gamma + t and x + t slope +- spread for |t| <= h, centred (section 12)."""
        raise NotImplementedError

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        """Directions (u_i, flag_i), where the flag is the component along gamma (0 for those of triples)."""
        raise NotImplementedError


class Network(Field):
    """A network (section 3), with the weights in their box."""

    def __init__(self, p: Problem, F: int) -> None:
        super().__init__(p, F)
        self.layers = []
        for x in p.layers:
            entries, bits = len(x.W) * len(x.W[0]), size_of(x.W) + x.W_unit.bit_length() + size_of(x.E or [])
            self.budget.spend(entries * (10 * OPERATION + digits_in(bits + F) * digits_in(bits)))
            self.budget.keep((3 if x.E is None else 6) * bytes_of(entries, F))
            b = [fix(Fraction(y, x.b.unit), F) for y in x.b.rows[0]] if x.b else [(0, 0)] * len(x.W)
            b = wider(b, [up(r.numerator << F, r.denominator) for r in x.b_radius])
            E = None if x.E is None else Box.of(x.E, x.E_unit, F)
            self.layers.append((x.activation, Box.of(x.W, x.W_unit, F, x.delta), E, b))
        self.leak = [fix(-x, F) for x in p.leak]

    def weights(self, W: Box, E: Box | None, gamma: Ball) -> Box:
        """W + gamma E."""
        if E is None:
            return W
        (c, e), F = gamma, self.F
        entries, bits = len(W.mid) * len(W.mid[0]), max(size_of(W.size), size_of(E.size))
        self.budget.spend(entries * (6 * OPERATION + digits_in(bits) * digits_in(F)))
        self.budget.hold(3 * bytes_of(entries, max(bits, F)))
        mid = [[x + ((c * y) >> F) for x, y in zip(*rows, strict=True)] for rows in zip(W.mid, E.mid, strict=True)]
        rad = [[r + (((abs(c) + e) * t + e * y) >> F) + 2 if y or t else r for r, t, y in zip(*rows, strict=True)]
               for rows in zip(W.rad, E.rad, E.size, strict=True)]  # fmt: skip
        return Box(mid, rad, absolute(mid))

    def sigma(self, text: str, z: Ball) -> list[Ball]:
        """sigma^(k)([z]), k = 0..3, in sigma^(k)(m) + [-r, r] sigma^(k+1)([z]) and in the plain enclosure."""
        (m, r), F, spend = z, self.F, self.budget.spend
        values = [ball(*x) for x in sigma_over(text, (m - r, m + r), F, spend)]
        if r > 256:
            for k, x in reversed(list(enumerate(sigma_over(text, (m, m), F, spend)[:3]))):
                y, e = ball(*x)
                values[k] = meet(values[k], (y, e + up(r * largest([values[k + 1]]), 1 << F)))
        return values

    def at(self, gamma: Ball, x: Vector, clip: list[Vector] | None = None) -> State:
        """All layers; `clip` holds other enclosures of z_l."""
        stages, h = [], x
        for index, (text, W0, E, b) in enumerate(self.layers):
            W = self.weights(W0, E, gamma)
            z = plus(self.apply(W, [h])[0], b)
            if clip:
                z = [meet(u, v) for u, v in zip(z, clip[index], strict=True)]
            sigma = [list(v) for v in zip(*(self.sigma(text, y) for y in z), strict=True)]
            stages.append(Stage(h, W, z, sigma))
            h = sigma[0]
        return State(x, plus(h, self.times(self.leak, x)), stages)

    def over(self, gamma: Ball, x: Vector, slope: Vector, h: int, spread: list[int]) -> tuple[State, State]:
        still, wide = self.at(gamma, wider(x, spread)), (gamma[0], gamma[1] + h)
        if not h:
            return still, still
        box = wider(plus(x, self.scale(slope, (0, h))), spread)
        rough = self.jets(self.at(wide, box), [slope], [1]).z
        clip = [plus(stage.z, self.scale(z[0], (0, h))) for stage, z in zip(still.stages, rough, strict=True)]
        return still, self.at(wide, box, clip)

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        times, where = self.times, {pair: i for i, pair in enumerate(pairs)}
        H1, H2, H3, z_all = u, [[(0, 0)] * self.n for _ in pairs], [[(0, 0)] * self.n for _ in triples], []
        for (_, _, E, _), stage in zip(self.layers, at.stages, strict=True):
            _, s1, s2, s3 = stage.sigma
            Z = self.apply(stage.W, H1 + H2 + H3)
            Z1, Z2, Z3 = Z[: len(u)], Z[len(u) : len(u) + len(pairs)], Z[len(u) + len(pairs) :]
            if E is not None and any(flags):
                E_h, *E_H = self.apply(E, [stage.h, *H1])
                Z1 = [plus(z, E_h) if flag else z for z, flag in zip(Z1, flags, strict=True)]
                Z2 = [plus(z, *([E_H[j]] * flags[i]), *([E_H[i]] * flags[j]))
                      for z, (i, j) in zip(Z2, pairs, strict=True)]  # fmt: skip
            H3 = []
            for z, (i, j, k) in zip(Z3, triples, strict=True):
                mixed = plus(*(times(Z1[a], Z2[where[b, c]]) for a, b, c in ((i, j, k), (j, i, k), (k, i, j))))
                cube = times(Z1[i], times(Z1[j], Z1[k]))
                H3.append(plus(times(s3, cube), times(s2, mixed), times(s1, z)))
            H2 = [plus(times(s2, times(Z1[i], Z1[j])), times(s1, z)) for z, (i, j) in zip(Z2, pairs, strict=True)]
            H1 = [times(s1, z) for z in Z1]
            bits = max((largest(v) for v in chain(H1, H2, H3)), default=0).bit_length()
            each = 3 * len(u) + 10 * len(pairs) + 30 * len(triples)
            self.budget.spend(len(s1) * each * (2 * OPERATION + digits_in(bits) ** 2))
            z_all.append(Z1)
        return Jets([plus(h, times(self.leak, v)) for h, v in zip(H1, u, strict=True)], H2, H3, z_all)


# ---------------------------------------------------------------------------------------------------------
# Equations (section 14): jets over the graph.  A Span (lo, hi) is [lo, hi] in units of 2^-F
# ---------------------------------------------------------------------------------------------------------


class System(Field):
    """x' = f(x, gamma) given by equations; values, and coefficients of jets, for every node that is not constant."""

    def __init__(self, p: Equations, F: int) -> None:
        graph = p.graph
        sizes = [(x.f.numerator.bit_length(), x.f.denominator.bit_length()) for x in graph.nodes
                 if x.op == "number" and isinstance(x.f, Fraction) and x.f]  # fmt: skip
        extra = [max((s * (q - r) for q, r in sizes), default=0) for s in (1, -1)]  # for large and small constants
        super().__init__(p, F + min(sum(max(x, 0) for x in extra), 2048))
        self.graph, self.roots, self.start = graph, p.roots, [(0, 0)] * len(graph.nodes)
        self.latest: tuple[tuple[Ball, Vector], State] | None = None
        for i in graph.reached([*p.roots, *p.constants]):
            if graph.constant[i]:
                self.start[i] = self.value(i, self.start, {}, [])
        held = self.count(self.start, len(self.start))
        self.budget.held -= held
        self.active = [(i, *graph.nodes[i]) for i in graph.reached(p.roots) if not graph.constant[i]]
        masks = [0] * len(graph.nodes)  # bit j: x_j occurs; bit n: gamma
        for i, op, a, _, _ in self.active:
            masks[i] = 1 << (a if op == "variable" else self.n) if op in ("variable", "parameter") else 0
            for j in graph.operands(i):
                masks[i] |= masks[j]
        self.budget.spend(len(self.active) * (self.n + 20) * OPERATION)
        self.budget.keep(held + 16 * len(self.start) + len(self.active) * (200 + 8 * (self.n + 1)))
        self.concerned = [[x for x in self.active if masks[x[0]] >> j & 1] for j in range(self.n + 1)]

    def value(self, i: int, v: list[Span], calls: dict[int, list[Span]], inputs: list[Span]) -> Span:
        """The value of a node from those of its operands."""
        op, a, b, f = self.graph.nodes[i]
        match op:
            case "+":
                return v[a][0] + v[b][0], v[a][1] + v[b][1]
            case "*":
                return span_times(v[a], v[b], self.F)
            case "neg":
                return -v[a][1], -v[a][0]
            case "number":
                return span_of(Fraction(f), self.F)
            case "variable":
                return inputs[a]
            case "parameter":
                return inputs[-1]
        self.budget.spend(cost_of(f, v[a], self.F))
        try:
            if outside(f, v[a], self.F):
                calls[i] = self.closer(f, a, v[a], inputs)
            else:
                calls[i] = derivatives(f, v[a], self.F)
        except (Rejected, Undecided) as error:
            shown = show(Interval(Fraction(v[a][0], self.one), Fraction(v[a][1], self.one)), 4)
            raise Undecided(f"{self.graph.origin[i]}, argument in {shown}: {error}") from None
        return calls[i][0]

    def closer(self, f: Function, argument: int, known: Span, inputs: list[Span]) -> list[Span]:
        """f and its derivatives where the domain is not shown by the span known of its argument: in finer units, where
        e^-300 and 1 + tanh(-150) are not 0, and with equal factors of a product taken together."""
        graph, F, v = self.graph, self.F + FINER, dict[int, Span]()
        spend = self.budget.spend
        spend(len(graph.nodes) * OPERATION)
        for i in graph.reached([argument]):
            op, a, b, g = graph.nodes[i]
            spend(cost_of(g, v[a], F) if op == "call" else 4 * OPERATION + digits_in(2 * F) ** 2)
            match op:
                case "+":
                    v[i] = v[a][0] + v[b][0], v[a][1] + v[b][1]
                case "neg":
                    v[i] = -v[a][1], -v[a][0]
                case "number":
                    v[i] = span_of(Fraction(g), F)
                case "variable" | "parameter":
                    lo, hi = inputs[a if op == "variable" else -1]
                    v[i] = lo << FINER, hi << FINER
                case "call" if not isinstance(g, int) or g == 0:
                    v[i] = derivatives(g, v[a], F)[0]
                case _:
                    sign, factors = graph.factors(i)
                    spend(sum(cost_of(k, v[j], F) for j, k in factors.items()))
                    if any(outside(k, v[j], F) for j, k in factors.items()):
                        raise Undecided("the denominator is not shown to exclude 0")
                    spans = [long_power(v[j], k, F) for j, k in factors.items()]
                    v[i] = reduce(lambda x, y: span_times(x, y, F), spans, (sign << F, sign << F))
        lo, hi = v[argument]
        z = max(lo, known[0] << FINER), min(hi, known[1] << FINER)
        if z[0] > z[1]:
            raise Undecided("two enclosures of one number are disjoint")
        return [(lo >> FINER, -(-hi >> FINER)) for lo, hi in derivatives(f, z, F)]

    def at(self, gamma: Ball, x: Vector) -> State:
        if self.latest is None or self.latest[0] != (gamma, x):  # often asked for twice in a row
            self.latest = (gamma, list(x)), self.evaluated(gamma, x)
        return self.latest[1]

    def over(self, gamma: Ball, x: Vector, slope: Vector, h: int, spread: list[int]) -> tuple[State, State]:
        """Every value lies in its plain enclosure and in (that at gamma) + [-h, h] (its derivative along (slope, 1));
        both are formed from the intersected enclosures of the operands, node by node."""
        still = self.evaluated(gamma, wider(x, spread))
        if not h:
            return still, still
        box = wider(plus(x, self.scale(slope, (0, h))), spread)
        return still, self.evaluated((gamma[0], gamma[1] + h), box, still.values, slope, h)

    def evaluated(self, gamma: Ball, x: Vector, still: list[Span] | None = None, slope: Vector | None = None,
                  h: int = 0) -> State:  # fmt: skip
        v, calls, F = list(self.start), dict[int, list[Span]](), self.F
        inputs = [(m - r, m + r) for m, r in [*x, gamma]]
        u = self.direction(slope, 1) if slope else []
        moving: list[Span | None] = [None] * len(v)
        for i, op, a, b, _ in self.active:
            v[i] = self.value(i, v, calls, inputs)
            if still is None:
                continue
            moving[i] = self.first(i, op, a, b, v, calls, moving, u)
            lo, hi = still[i]
            if (slope_ := moving[i]) is not None:
                change = span_times((-h, h), slope_, F)
                lo, hi = lo + change[0], hi + change[1]
            lo, hi = max(lo, v[i][0]), min(hi, v[i][1])
            if lo > hi:
                raise Undecided(f"{self.graph.origin[i]}: two enclosures are disjoint")
            v[i] = lo, hi
        self.count(v, len(self.active))
        for values in calls.values():
            self.count(values, 4)
        self.count(moving, len(self.active) if slope else 0)
        return State(x, [ball(*v[root]) for root in self.roots], values=v, calls=calls)

    def count(self, spans: Iterable[Span | None], computed: int, products: int = 2) -> int:
        """Work and memory of so many computed spans, by their real sizes; the memory."""
        sizes = [max(abs(x[0]), abs(x[1])).bit_length() for x in spans if x]
        size = sum(bytes_of(2, bits) for bits in sizes) + 72 * len(sizes)
        squares = sum(digits_in(bits) ** 2 for bits in sizes)
        self.budget.spend((computed * 2 * OPERATION + 2 * squares) * products)
        self.budget.hold(size)
        return size

    def direction(self, u: Vector, flag: int) -> list[Span | None]:
        """The coefficients of the variables and the parameter; None is 0."""
        spans = [None if m == r == 0 else (m - r, m + r) for m, r in u]
        return [*spans, (flag << self.F, flag << self.F) if flag else None]

    def first(self, i: int, op: str, a: int, b: int, v: list[Span], calls: dict[int, list[Span]],
              d: list[Span | None], u: list[Span | None]) -> Span | None:  # fmt: skip
        """The coefficient of the direction u at a node, from those of its operands."""
        F = self.F
        match op:
            case "+":
                return span_sum(d[a], d[b])
            case "*":
                x, y = d[a], d[b]
                return span_sum(None if x is None else span_times(x, v[b], F),
                                None if y is None else span_times(v[a], y, F))  # fmt: skip
            case "neg":
                return opposite(d[a])
            case "variable":
                return u[a]
            case "parameter":
                return u[-1]
        z = d[a]
        return None if z is None else span_times(calls[i][1], z, F)

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        v, calls, size = at.values, at.calls, len(at.values)

        def product(*factors: Span | None) -> Span | None:
            result = factors[0]
            for x in factors[1:]:
                if result is None or x is None:
                    return None
                result = span_times(result, x, self.F)
            return result

        def output(d: list[Span | None]) -> Vector:
            return [(0, 0) if (x := d[root]) is None else ball(*x) for root in self.roots]

        D1, D2, D3 = list[list[Span | None]](), dict[tuple[int, int], list[Span | None]](), list[Vector]()
        concerned, held = [], 0  # the nodes whose coefficients may be other than 0
        for vector, flag in zip(u, flags, strict=True):
            direction, d = self.direction(vector, flag), list[Span | None]([None] * size)
            support = [j for j, x in enumerate(direction) if x is not None]
            concerned.append(self.concerned[support[0]] if len(support) == 1 else self.active)
            for i, op, a, b, _ in concerned[-1]:
                d[i] = self.first(i, op, a, b, v, calls, d, direction)
            held += self.count(d, len(concerned[-1]))
            D1.append(d)
        for i, j in pairs:
            x, y, d = D1[i], D1[j], list[Span | None]([None] * size)
            concerned.append(min(concerned[i], concerned[j], key=len))
            for node, op, a, b, _ in concerned[-1]:
                if op == "+":
                    d[node] = span_sum(d[a], d[b])
                elif op == "neg":
                    d[node] = opposite(d[a])
                elif op == "*":
                    d[node] = total(product(d[a], v[b]), product(v[a], d[b]), product(x[a], y[b]), product(y[a], x[b]))
                elif op == "call":
                    _, s1, s2, _ = calls[node]
                    d[node] = total(product(s2, product(x[a], y[a])), product(s1, d[a]))
            held += self.count(d, len(concerned[-1]), 4)
            D2[i, j] = d
        for i, j, k in triples:
            split = [(D1[p], D2[q]) for p, q in ((i, (j, k)), (j, (i, k)), (k, (i, j)))]
            x, y, z, d = D1[i], D1[j], D1[k], list[Span | None]([None] * size)
            for node, op, a, b, _ in self.active:
                if op == "+":
                    d[node] = span_sum(d[a], d[b])
                elif op == "neg":
                    d[node] = opposite(d[a])
                elif op == "*":
                    mixed = [product(p[s], q[t]) for p, q in split for s, t in ((a, b), (b, a))]
                    d[node] = total(product(d[a], v[b]), product(v[a], d[b]), *mixed)
                elif op == "call":
                    _, s1, s2, s3 = calls[node]
                    mixed = [product(s2, total(*(product(p[a], q[a]) for p, q in split)))]
                    d[node] = total(product(s3, product(x[a], y[a], z[a])), product(s1, d[a]), *mixed)
            held += self.count(d, len(self.active), 12)
            D3.append(output(d))
        self.budget.held -= held
        return Jets([output(d) for d in D1], [output(D2[pair]) for pair in pairs], D3, [])


@dataclass
class Section:
    """Everything over gamma~ +- h and x in c(gamma) +- spread (section 12, Centred evaluation)."""

    state: State
    along: Vector  # A x~' + d f/d gamma, the derivative of f along (x~', 1)
    bend: Vector  # the second derivative
    A: Spectrum


class Chart:
    """A centre (gamma~, x~), the line c(gamma) = x~ + (gamma - gamma~) x~' and a basis."""

    def __init__(self, net: Field, basis: Basis, gamma: Fraction, x: Vector, slope: Vector) -> None:
        self.net, self.basis, self.x, self.slope = net, basis, x, slope
        self.middle, self.gamma = gamma, fix(gamma, net.F)

    def centre(self, t: Ball) -> Vector:
        """c(gamma), gamma = gamma~ + t."""
        return plus(self.x, self.net.scale(self.slope, t))

    def over(self, h: int, spread: list[int]) -> Section:
        net, n = self.net, self.net.n
        still, state = net.over(self.gamma, self.x, self.slope, h, spread)
        jets = net.jets(state, [self.slope, *net.units], [1] + [0] * n, [(0, i) for i in range(n + 1)])
        A0 = net.jets(still, net.units, [0] * n).first if h else jets.first[1:]

        def parts(columns: list[Vector]) -> tuple[Matrix, Matrix]:
            return transpose([[x for x, _ in v] for v in columns]), transpose([[r for _, r in v] for v in columns])

        A = Spectrum(self.basis, parts(A0)[0], 1 << net.F, parts(A0)[1], net.F, False,
                     (*parts(jets.second[1:]), h) if h else None)  # fmt: skip
        along, bend = jets.first[0], jets.second[0]
        if net.p.trivial and not any(spread) and not any(x or r for x, r in chain(self.x, self.slope)):
            along = bend = [(0, 0)] * n  # as f(0, gamma) = 0 for all gamma
        return Section(state, along, bend, A)

    def contract(self, p: list[Disc], v_re: Vector, v_im: Vector, defect: int) -> Ball:
        """Re p^H v/p^H q, as |p^H q - 1| <= defect.  The real and imaginary parts of v are kept apart: where p is
        nearly imaginary, a wide real part of v does no harm."""
        F, re, im, rad, size = self.net.F, 0, 0, 0, 0
        for (x, y, e), (u, r), (v, t) in zip(p, v_re, v_im, strict=True):
            re += x * u - y * v
            im += x * v + y * u
            far = hypot_up(r, t)
            tail = e * (hypot_up(u, v) + far)
            rad += abs(x) * r + abs(y) * t + tail
            size += hypot_up(x, y) * far + tail
        rad += up((hypot_up(re, im) + size) * defect, (1 << F) - defect)
        return re >> F, up(rad, 1 << F) + 1 if re or rad else 0

    def speed(self, section: Section, k: int, v: Eigenvectors) -> Interval:
        """Re lambda' = Re p^H ((d A/d gamma) q + B(q, x'))/p^H q, x' = x~' + y, (0 - A) y = A x~' + d f/d gamma."""
        net, A = self.net, section.A
        y, beta = A.resolvent((0, 0), 0, A.complex(section.along))
        if not any(x or r for x, r in section.along):  # so on the branch x = 0, even where A is singular
            y = [(0, 0, 0)] * A.n
        if y is None:
            raise Rejected(f"Lemma C at z = 0: beta > 0 does not hold: {A.show(beta)}")
        q = [[(re, e) for re, _, e in v.q], [(im, e) for _, im, e in v.q]]
        if k >= 2 * A.m:
            q[1] = [(0, 0)] * net.n
        directions, pairs = [self.slope, *q, A.real(y)[0]], [(0, 1), (0, 2), (1, 3), (2, 3)]
        s = net.jets(section.state, directions, [1, 0, 0, 0], pairs).second
        return scaled(*self.contract(v.p, plus(s[0], s[2]), plus(s[1], s[3]), v.defect), A.one)


class Tube:
    """Lemma T over |gamma - gamma~| <= h: exactly one equilibrium c(gamma) + XPy with |y_i| <= r.

    In its plain form (certificates), or in the better of this and the weighted form (pieces): then `beta` is
    1 - max (e_i + o_i)/|d_i|, and `sizes` are those of max |(P^-1 Y v)_i|/|d_i|.
    """

    def __init__(self, chart: Chart, h: int, r: Fraction | None, weighted: bool = False) -> None:
        self.chart, self.h, self.bound, self.trivial, self.weighted = chart, h, r, r is None, False
        if h <= 0 or (r is not None and r <= 0):
            raise Rejected("the half-width and the radius of a tube are not positive")
        self.r = 0 if r is None else up(r.numerator << chart.net.F, r.denominator)  # rounded up for boxes
        self.section = chart.over(h, chart.basis.spread(self.r))
        self.A, self.beta, self.sizes = self.section.A, 0, [0] * 4
        if r is None:
            return
        centre = chart.net.at(chart.gamma, chart.x)
        along = chart.net.jets(centre, [chart.slope], [1]).first[0]
        parts = [self.A.complex(v) for v in (centre.f, self.section.along, along, self.section.bend)]
        self.beta, self.sizes = self.A.beta(), [modulus_of(y) for y in parts]
        if weighted and (gap := self.A.gap()) > 0:
            plain = self.beta, self.sizes
            reach = self.radius(h) if self.beta > 0 else None
            self.beta, self.sizes, self.weighted = gap, [self.A.weighted_modulus(y) for y in parts], True
            if reach is not None and reach < self.radius(h):
                (self.beta, self.sizes), self.weighted = plain, False
        if self.beta <= 0 or Fraction(self.radius(h), chart.net.one) >= r:
            raise Rejected(f"beta > 0 and eta/beta < r do not hold: beta = {self.A.show(self.beta)}, "
                           f"eta = {self.A.show(self.residual(h))}, r = {show(r)}")  # fmt: skip

    def size(self, v: Vector) -> int:
        """|P^-1 Y v|, with or without weights."""
        y = self.A.complex(v)
        return self.A.weighted_modulus(y) if self.weighted else modulus_of(y)

    def residual(self, h: int) -> int:
        """eta for |gamma - gamma~| <= h, from the mean value theorem, or better from Taylor's at gamma~:
        f(c(gamma), gamma) = f + t f_1 + t^2 f_2/2, t = gamma - gamma~, f_2 over the tube (componentwise)."""
        start, drift, first, second = self.sizes
        one = self.chart.net.one
        return start + up(h * min(drift, first + up(h * second, 2 * one)), one)

    def radius(self, h: int) -> int:
        """|y_i| <= eta/beta for |gamma - gamma~| <= h."""
        return 0 if self.trivial else up(self.residual(h) << self.chart.net.F, self.beta)

    def from_centre(self, gamma: Interval) -> Ball:
        """gamma - gamma~."""
        net, (g, e) = self.chart.net, self.chart.gamma
        (lo, r), (hi, s) = fix(gamma.lo, net.F), fix(gamma.hi, net.F)
        return ball(lo - r - g - e, hi + s - g + e)

    def over(self, gamma: Interval) -> Section:
        """Everything at (gamma, x(gamma)) for all gamma of a part of the interval, seen from its middle gamma' and
        c(gamma'): the steps from there stay over the part, so derivatives over it will do."""
        chart, net, middle = self.chart, self.chart.net, (gamma.lo + gamma.hi) / 2
        (m, r), half = self.from_centre(gamma), gamma.hi - middle
        if max(gamma.hi - chart.middle, chart.middle - gamma.lo) * net.one > self.h:
            raise Rejected(f"{show(gamma)} does not lie in the interval of its tube")
        there = Chart(net, chart.basis, middle, chart.centre(self.from_centre(Interval(middle))), chart.slope)
        return there.over(up(half.numerator << net.F, half.denominator), chart.basis.spread(self.radius(abs(m) + r)))

    def contains(self, gamma: Interval, x: list[Interval]) -> bool:
        """The box x lies in the tube at these gamma: v = x - c(gamma) = XPy, |y_i| <= |P^-1 Y v|_i + s_i |P^-1 Y v|."""
        net, A = self.chart.net, self.A
        ends = [(fix(y.lo, net.F)[0], -fix(-y.hi, net.F)[0]) for y in x]
        y = A.complex(minus([ball(*e) for e in ends], self.chart.centre(self.from_centre(gamma))))
        far = modulus_of(y)
        most = max(modulus_of([disc]) + up(s * far, net.one) for disc, s in zip(y, A.s, strict=True))
        return self.bound is not None and Fraction(most, net.one) <= self.bound

    def equilibrium(self, gamma: Fraction) -> Vector:
        """x(gamma) for one gamma of the interval: |y_i - y^_i| <= ||P^-1 Y f(x^)||/beta for a point x^ = c + XPy^ of
        the tube, here c after one step y^ = -diag(1/d) P^-1 Y f(c)."""
        net, A, point = self.chart.net, self.A, fix(gamma, self.chart.net.F)
        c, y = self.chart.centre(self.from_centre(Interval(gamma))), list[Disc]()
        for i, (a, b, _) in enumerate(A.complex(net.at(point, c).f)):
            u, v = A.centre(i)
            w = u * u + v * v  # positive, as beta > 0
            step = (-((a * u + b * v) << A.d_unit) // w, -((b * u - a * v) << A.d_unit) // w, 0)
            y.append((y[i - 1][0], -y[i - 1][1], 0) if i < 2 * A.m and i % 2 else step)
        if self.bound is None or Fraction(modulus_of(y), net.one) > self.bound:
            y = [(0, 0, 0)] * A.n
        x = plus(c, A.real(y)[0])
        error = up(self.size(net.at(point, x).f) << net.F, self.beta)
        return wider(x, A.spread(error))

    def crossing(self, k: int) -> tuple[Interval, Fraction | None]:
        """K_k is isolated, from the real axis too if k = a+, all others are clear of the axis, and Re lambda' != 0
        over Gamma: Re lambda', and the least clearance."""
        A, own = self.A, (k, k ^ 1) if k < 2 * self.A.m else (k,)
        if not A.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, is not disjoint from all others")
        if k < 2 * A.m and A.im(k).lo <= 0:
            raise Rejected("Im d_k - g_k > 0 does not hold over Gamma")
        clear = self.clearance(own)
        if clear is not None and clear <= 0:
            raise Rejected(f"a disc that does not belong to k = {k} is not clear of the axis: {show(clear)}")
        speed = self.chart.speed(self.section, k, A.vectors(k))
        if 0 in speed:
            raise Rejected(f"Re lambda' != 0 over Gamma does not hold: {show(speed)}")
        return speed, clear

    def clearance(self, own: tuple[int, ...], best: bool = True) -> Fraction | None:
        A = self.A
        return min((A.clearance(j, best) for j in range(A.n) if j not in own and (j >= 2 * A.m or j % 2 == 0)),
                   default=None)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------
# Reports
# ---------------------------------------------------------------------------------------------------------


def digits_of(x: Fraction, digits: int, upwards: bool) -> str:
    """x to so many significant decimals, rounded in the given direction."""
    if x == 0:
        return "0"
    if x < 0:
        return "-" + digits_of(-x, digits, not upwards)
    e = (x.numerator.bit_length() - x.denominator.bit_length()) * 30103 // 100000 - 1
    while x >= Fraction(10) ** (e + 1):
        e += 1
    q = x / Fraction(10) ** (e - digits + 1)
    m = up(q.numerator, q.denominator) if upwards else q.numerator // q.denominator
    if m == 10**digits:
        m, e = m // 10, e + 1
    s = str(m)
    if -5 <= e < digits:
        s = "0." + "0" * (-e - 1) + s if e < 0 else s[: e + 1] + "." + s[e + 1 :]
        return s.rstrip("0").rstrip(".") if "." in s else s
    return f"{s[0]}.{s[1:].rstrip('0') or '0'}e{e}"


def show(x: Fraction | Interval | None, digits: int = 7) -> str:
    if x is None:
        return "null"
    if isinstance(x, Interval):
        return f"[{digits_of(x.lo, digits, False)}, {digits_of(x.hi, digits, True)}]"
    return digits_of(x, digits, False)


def exact(x: Fraction) -> str:
    """An upper bound of 17 digits where the number itself has too many."""
    long = max(x.numerator, x.denominator).bit_length() > 2000
    return digits_of(x, 17, True) if long else str(x)


@dataclass
class Failure:
    verdict: str  # "rejected" or "incomplete"
    step: str
    statement: str
    left: str | None = None
    relation: str | None = None
    right: str | None = None

    def __str__(self) -> str:
        sides = f": {self.left} {self.relation} {self.right} does not hold" if self.relation else ""
        return f"{self.step}: {self.statement}{sides}"


@dataclass
class Item:
    """One checked file: which steps were verified, and what failed."""

    name: str
    steps: dict[str, bool] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    step: str = "format"

    @property
    def verdict(self) -> str:
        verdicts = {f.verdict for f in self.failures}
        return "rejected" if "rejected" in verdicts else "incomplete" if verdicts else "accepted"

    def begin(self, step: str) -> None:
        self.step = step
        self.steps.setdefault(step, True)

    def fail(self, statement: str, left: str | None = None, relation: str | None = None, right: str | None = None,
             verdict: str = "rejected") -> None:  # fmt: skip
        self.steps[self.step] = False
        self.failures.append(Failure(verdict, self.step, shown(statement), left, relation, right))

    @property
    def brief(self) -> bool:
        """So many failures that the numbers of others are not worth their digits."""
        return len(self.failures) >= 20

    def require(self, holds: bool, statement: str) -> None:
        if not holds:
            self.fail(statement)

    def compare(self, statement: str, left: Fraction, relation: str, right: Fraction) -> None:
        """left <= right, left < right or left >= right."""
        if not {"<=": left <= right, "<": left < right, ">=": left >= right}[relation]:
            digits = 7
            if self.brief:
                return self.fail(statement)
            while left != right and digits < 50 and show(left, digits) == show(right, digits):
                digits += 8
            self.fail(statement, show(left, digits), relation, show(right, digits))

    def inside(self, name: str, own: Interval, claim: Interval) -> None:
        """The checker's enclosure lies inside the claimed one."""
        if not own.within(claim):
            disjoint = own.hi < claim.lo or claim.hi < own.lo
            digits = 7
            if self.brief:
                return self.fail(f"the claim {name} is false or not supported by the witness")
            while digits < 60 and (show(own.lo, digits) == show(claim.lo, digits)) == (own.lo != claim.lo):
                digits += 8
            self.fail(f"the claim {name} is {'false' if disjoint else 'not supported by the witness'}",
                      show(own, digits), "inside", show(claim, digits))  # fmt: skip

    def guard(self, action: Callable[..., object], *arguments: object) -> bool:
        """Run a step; what it raises becomes a failure.  True if nothing failed so far."""
        try:
            action(*arguments)
        except Rejected as error:
            self.fail(str(error))
        except Undecided as error:
            self.fail(str(error), verdict="incomplete")
        except (MemoryError, RecursionError) as error:
            self.fail(f"the checker ran out of resources ({type(error).__name__})", verdict="incomplete")
        except Exception as error:  # never a traceback and never an acceptance
            self.fail(f"defect of the checker: {type(error).__name__}: {short(str(error))}", verdict="incomplete")
        return not self.failures


@dataclass
class Report:
    """What was checked at one path."""

    path: str
    usage: str | None = None
    title: str = ""
    box: dict[str, Fraction] = field(default_factory=dict)  # the largest radius of each array that is not exact
    items: list[Item] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.usage:
            return 2
        verdicts = {item.verdict for item in self.items}
        if not verdicts:
            return 1
        return 1 if "rejected" in verdicts else 3 if "incomplete" in verdicts else 0

    @property
    def verdict(self) -> str:
        return ("accepted", "rejected", "not checked", "incomplete")[self.exit_code]

    def to_dict(self) -> dict[str, Any]:
        entries = [{"name": i.name, "verdict": i.verdict, "steps": i.steps, "facts": i.facts,
                    "failures": [asdict(f) for f in i.failures]} for i in self.items]  # fmt: skip
        return {"path": self.path, "verdict": self.verdict, "exit_code": self.exit_code, "usage": self.usage,
                "title": self.title, "weight_radius": {a: exact(r) for a, r in self.box.items()},
                "items": entries}  # fmt: skip

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1)


# ---------------------------------------------------------------------------------------------------------
# Certificates (section 6)
# ---------------------------------------------------------------------------------------------------------


@dataclass
class Certificate:
    """A parsed certificate and, as it is checked, what has been computed of its point."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    spectrum: Spectrum
    k: int  # the complex index a+ of the certified pair
    delta: list[int] = field(default_factory=list)  # delta_i of Theorem B
    delta_left: list[int] = field(default_factory=list)  # delta'_i
    pq_defect: int = 0
    q: list[Disc] = field(default_factory=list)  # units 2^-(X_unit + F)
    p: list[Disc] = field(default_factory=list)  # the entries of p^H, units 2^-(Y_unit + 1 + F)
    g: list[Disc] | None = None  # (zI - W)^-1 (q o q)

    @property
    def parameter(self) -> Interval:
        return -self.spectrum.re(self.k)


@dataclass
class Point:
    """A certificate of the methods spectral and newton-kantorovich."""

    item: Item
    id: str
    method: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    witness: dict[str, Any]
    basis: Basis
    net: Field
    k: int
    chart: Chart
    parameter: Interval = ZERO  # Gamma*, as verified
    z: Vector = field(default_factory=list)  # of the first layer, at the equilibrium

    def compare(self, key: str, value: int | Fraction, relation: str) -> None:
        """A printed bound; lower bounds are also positive."""
        if self.bounds[key] is None:
            raise Rejected(f"the bound {key} is null")
        value = value if isinstance(value, Fraction) else Fraction(value, self.net.one)
        self.item.compare(key, value, relation, self.bounds[key])
        if relation == ">=":
            self.item.compare(f"{key} > 0", Fraction(0), "<", self.bounds[key])

    def forget(self) -> None:
        """What the branch does not need, as a bundle may have thousands of points."""
        del self.basis, self.chart, self.witness

    def nulls(self, *keys: str) -> None:
        for key in keys:
            self.item.require((self.claims | self.bounds)[key] is None, f"{key} is not null")


def fineness(claims: Any) -> int:
    """Bits behind the point, rounded up to a multiple of 64, of the narrowest claimed enclosure: a unit must be finer
    by some 64 bits more."""
    if isinstance(claims, Interval):
        width = claims.hi - claims.lo
        return max(0, width.denominator.bit_length() - width.numerator.bit_length() + 64 >> 6) << 6 if width else 0
    every = claims.values() if isinstance(claims, dict) else claims if isinstance(claims, list) else ()
    return max(map(fineness, every), default=0)


SHARED = 4000  # from so many entries of eigenvectors on, H4 is worth more than a process


def shared_out(jobs: int, count: int, work: Callable[[Iterable[int]], Any]) -> list[Any] | None:
    """`work` of `jobs` consecutive parts of 0, ..., count - 1, each in a process of its own: what it returned for each,
    as JSON.  None if there are no such processes, or anything went wrong in one: then the caller does the same work
    alone, so that no report depends on the number of processes."""
    jobs = min(jobs, count)
    ends = [count * k // jobs for k in range(jobs + 1)] if jobs > 1 and hasattr(os, "fork") else []
    parent, children, results = os.getpid(), list[tuple[int, int]](), list[Any]()

    def still_wanted(first: int, last: int) -> Iterable[int]:
        for i in range(first, last):
            if os.getppid() != parent:
                return
            yield i

    try:
        for first, last in pairwise(ends):
            here, there = os.pipe()
            children.append((os.fork(), here))
            if children[-1][0] == 0:
                try:
                    os.close(here)
                    with open(there, "w") as file:
                        json.dump(work(still_wanted(first, last)), file)
                    os._exit(0)
                finally:
                    os._exit(1)
            os.close(there)
    except OSError:
        results.append(None)
    for child, here in children:
        results.append(None)
        with open(here) as file, suppress(ChildProcessError, ValueError):
            data = file.read()
            if os.waitpid(child, 0)[1] == 0:
                results[-1] = json.loads(data)
    return results if results and None not in results else None


class Checker:
    """Everything that one bundle's files have in common."""

    def __init__(self, bundle: Bundle, problem: Problem, jobs: int = 1) -> None:
        self.bundle, self.problem, self.jobs = bundle, problem, jobs
        self.spectra: dict[str, Spectrum | Exception] = {}
        self.fields: dict[int, Field] = {}

    def read(self, name: str, kind: str, spec: Any) -> dict[str, Any]:
        raw: dict[str, Any] = document(self.bundle.json(name)[0], kind, spec, name)
        if raw["problem"]["sha256"] != self.problem.sha256:
            raise Rejected(f"{name}: the digest is not that of problem.json")
        if raw["precision"] > MAX_PRECISION:
            raise Rejected(f"{name}: a precision above {MAX_PRECISION} bits")
        return raw

    def spectrum(self, witness: dict[str, Any], precision: int, where: str) -> Spectrum:
        """Theorem A, once for each different witness."""
        m, n, bits, held = witness["pairs"], self.problem.n, max(precision, 128) + 64, self.bundle.budget.held
        if 2 * m > n:
            raise Rejected(f"{where}: more pairs than columns")
        key = json.dumps([bits, m, witness["X"], witness["Y"], witness["d"]])
        if key not in self.spectra:
            try:
                X, Y, d = (self.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
                           for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
                layer = self.problem.layers[0]
                basis = Basis(self.problem.product, self.problem.budget, m, X, Y, d)
                self.spectra[key] = Spectrum(basis, layer.W, layer.W_unit, layer.delta, bits)
                self.bundle.budget.keep(self.bundle.budget.held - held)
            except (Rejected, Undecided) as error:
                self.spectra[key] = error
            self.bundle.budget.held = held
        found = self.spectra[key]
        if isinstance(found, Exception):
            raise found
        return found

    def certificate(self, name: str, item: Item) -> Certificate | Point:
        """Read points/NAME.json and its witness."""
        where = f"points/{name}.json"
        c = self.read(where, "proofgen-certificate", CERTIFICATES)
        witness, k = c["witness"], 2 * c["witness"]["pair"]
        self.bundle.budget.spend((self.problem.n + 40) * 400 * OPERATION)
        if c["id"] != name or not re.fullmatch(r"hopf-[0-9]{4,6}", name):
            raise Rejected(f"{where}: `id` is not the name of the file")
        if len(c["claims"]["equilibrium"]) != self.problem.n:
            raise Rejected(f"{where}: equilibrium has the wrong length")
        if k >= 2 * witness["pairs"]:
            raise Rejected(f"{where}: the witness has no such pair; a real eigenvalue is not a Hopf point")
        if c["method"] != "zero-branch":
            return self.layered(c, item, where)
        if len(c["bounds"]["eigenvalue"]) != 2:
            raise Rejected(f"{where}: eigenvalue has the wrong length")
        self.problem.require_zero_branch()
        item.begin("Theorem A")
        return Certificate(item, name, c["claims"], c["bounds"], self.spectrum(witness, c["precision"], where), k)

    def field(self, precision: int) -> Field:
        F = max(precision, 128) + 64
        if F not in self.fields:
            self.fields[F] = self.problem.field(F)
        return self.fields[F]

    def wide(self, net: Field, gamma: Fraction, x: Sequence[Fraction]) -> Field:
        """A field with finer units where values are large: there derivatives such as 2z'^2/z^3 meet numbers far below
        the unit (the units of all numbers are the same)."""
        if not isinstance(net, System):
            return net
        state = net.at(fix(gamma, net.F), [fix(y, net.F) for y in x])
        bits = max((max(abs(lo), abs(hi)).bit_length() for lo, hi in state.values), default=0) - net.F
        return net if bits <= 16 else self.field(net.F - 64 + 3 * min(bits, 1000))

    def layered(self, c: dict[str, Any], item: Item, where: str) -> Point:
        """The witness of a certificate of section 11."""
        witness, n, bits = c["witness"], self.problem.n, fineness([c["claims"], c["bounds"]])
        net = self.field(max(c["precision"], min(bits, 4 * MAX_PRECISION)))
        m, zero = witness["pairs"], [(0, 0)] * n
        if 2 * m > n or len(c["bounds"]["terms"]) != 3:
            raise Rejected(f"{where}: more pairs than columns, or not three terms")
        X, Y, d = (self.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
                   for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
        basis = Basis(self.problem.product, self.problem.budget, m, X, Y, d)
        trivial = witness["x"] is None
        x = zero if trivial else self.vector(net, witness["x"], f"{where}: x", n)
        net = self.wide(net, witness["gamma"], [Fraction(y, net.one) for y, _ in x])
        x = zero if trivial else self.vector(net, witness["x"], f"{where}: x", n)
        slope = zero
        if c["method"] == "spectral":
            if [witness["slope"] is None, witness["radius"] is None] != [trivial, trivial]:
                raise Rejected(f"{where}: x, slope and radius are null together")
            slope = zero if trivial else self.vector(net, witness["slope"], f"{where}: slope", n)
        item.begin("Theorem A")
        chart = Chart(net, basis, witness["gamma"], x, slope)
        k = 2 * witness["pair"]
        return Point(item, c["id"], c["method"], c["claims"], c["bounds"], witness, basis, net, k, chart)

    def vector(self, net: Field, value: Any, where: str, n: int) -> Vector:
        (row,), shift = self.bundle.limb_sum(value, where, (n,))
        return [fix(Fraction(x, 1 << shift), net.F) for x in row]

    # --- one point ---

    def spectral(self, c: Certificate) -> None:
        """H2, gamma* and omega: Im d_k > g_k and |Re d_j - Re d_k| > g_j + g_k for j outside the pair, so K_k
        holds one simple eigenvalue mu; gamma* = -Re mu, omega = |sigma_1| Im mu; others lie off the axis.
        H3: lambda(gamma) = sigma_1 (mu + gamma), so d = sigma_1."""
        A, k, item, claims, bounds = c.spectrum, c.k, c.item, c.claims, c.bounds
        sigma_1 = self.problem.sigma[0]
        item.begin("Theorem A")
        item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
        item.compare("rho", bounds["rho"], "<", Fraction(1))
        item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
        item.begin("H2")
        re, im, gap = A.re(k), A.im(k), A.separation(k, True)
        if im.lo <= 0:
            raise Rejected(f"Im d_k - g_k > 0 does not hold: {show(im.lo)}")
        if gap is not None and gap <= 0:
            raise Rejected(f"|Re d_j - Re d_k| - g_j - g_k > 0 does not hold for all j: {A.show(gap)}")
        item.compare("disc_radius", Fraction(A.g[k], A.one), "<=", bounds["disc_radius"])
        item.inside("eigenvalue (real part)", re, bounds["eigenvalue"][0])
        item.inside("eigenvalue (imaginary part)", im, bounds["eigenvalue"][1])
        item.compare("isolation", im.lo, ">=", bounds["isolation"])
        item.compare("isolation", Fraction(0), "<", bounds["isolation"])
        item.inside("parameter", -re, claims["parameter"])
        item.inside("omega", abs(sigma_1) * im, claims["omega"])
        item.compare("omega > 0", Fraction(0), "<", claims["omega"].lo)
        for key, group, factor in (("separation", bounds, ONE), ("spectral_gap", claims, abs(sigma_1))):
            claim = group[key]
            if claim is None or gap is None:
                item.require(claim is None and gap is None, f"{key} is null exactly when n = 2")
                continue
            item.compare(key, (factor * Interval(Fraction(gap, A.one))).lo, ">=", claim)
            item.compare(key, Fraction(0), "<", claim)
        above = sum(A.centre(j)[0] > A.centre(k)[0] for j in range(A.n) if j not in (k, k + 1))
        n_u = above if sigma_1.lo > 0 else A.n - 2 - above
        for key, value in (("unstable_eigenvalues", n_u), ("stable_eigenvalues", A.n - 2 - n_u)):
            item.require(claims[key] == value, f"the claim {key} = {claims[key]} is false: {value}")
        item.facts |= {"parameter": show(-re), "omega": show(abs(sigma_1) * im), "unstable_eigenvalues": n_u}
        item.begin("H3")
        item.inside("crossing_speed", sigma_1, claims["crossing_speed"])
        item.require(0 not in claims["crossing_speed"], "the claim crossing_speed does not exclude 0")
        item.begin("Theorem B")
        c.delta, c.delta_left = A.eigenvectors(k)
        item.compare("delta_right", Fraction(max(c.delta), A.one), "<=", bounds["delta_right"])
        item.compare("delta_left", Fraction(max(c.delta_left), A.one), "<=", bounds["delta_left"])
        defect = sum(map(mul, c.delta, c.delta_left))
        c.pq_defect = up(defect, A.one)
        item.compare("pq_defect", Fraction(defect, A.one**2), "<=", bounds["pq_defect"])
        item.compare("pq_defect", bounds["pq_defect"], "<", Fraction(1))
        if c.pq_defect >= A.one:
            raise Rejected("|p^H q - 1| < 1 does not hold")

    def vectors(self, A: Spectrum, group: list[Certificate]) -> None:
        """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, for all points at once."""
        F, product, shift = A.F, self.problem.product, 1 << GUARD
        right = product([A.grouped(c.delta) for c in group], transpose(A.X_abs))
        left = product([A.grouped(c.delta_left) for c in group], A.Y_abs)
        largest = [max(column) for column in zip(*A.Y_abs, strict=True)]
        for c, dq, dp in zip(group, right, left, strict=True):
            k, extra = c.k, A.s[c.k] + up(sum(map(mul, c.delta_left, A.s)), A.one)
            c.q = [(row[k] << F, row[k + 1] << F, up(e, shift)) for row, e in zip(A.X, dq, strict=True)]
            c.p = [(x << F, -y << F, up(e + extra * big, shift)) for x, y, e, big
                   in zip(A.Y[k], A.Y[k + 1], dp, largest, strict=True)]  # fmt: skip

    def resolvents(self, A: Spectrum, group: list[Certificate]) -> None:
        """Lemma C with z = 2i nu - gamma* (nu = Im mu): g = (zI - W)^-1 (q o q), for all points at once."""
        squares = [[(x * x - y * y, 2 * x * y, (2 * hypot_up(x, y) + e) * e) for x, y, e in c.q] for c in group]
        solved, rights = [], A.times_Y(squares)
        for c, r in zip(group, rights, strict=True):
            x, y = A.centre(c.k)
            solution, beta = A.resolvent((x, 2 * y), 2 * A.g[c.k], r)  # |z - z_0| = |Re e + 2i Im e| <= 2|e|
            c.item.begin("H4")
            if solution is None:
                c.item.fail(f"Lemma C: resolvent_gap > 0 does not hold: {A.show(beta)}")
                continue
            if c.bounds["resolvent_gap"] is None:
                c.item.fail("resolvent_gap is null, but sigma''(0) = 0 is not established",
                            verdict="incomplete" if 0 in self.problem.sigma[1] else "rejected")  # fmt: skip
            else:
                c.item.compare("resolvent_gap", Fraction(beta, A.one), ">=", c.bounds["resolvent_gap"])
                c.item.compare("resolvent_gap", Fraction(0), "<", c.bounds["resolvent_gap"])
            solved.append((c, solution))
        if solved:
            for (c, _), g in zip(solved, A.times_X([y for _, y in solved]), strict=True):
                c.g = g

    def equilibria(self, A: Spectrum, group: list[Certificate]) -> None:
        """H1: x* = -W(gamma*)^-1 b, that is Lemma C with z = -gamma*, r = P^-1 Y b, x* = XPy; 0 if b = 0."""
        b, radii, n, values = self.problem.layers[0].b, self.problem.layers[0].b_radius, A.n, []
        if b is None or not (any(radii) or any(b.rows[0])):
            values = [(c, [ZERO] * n) for c in group]
        else:
            error = int(any((x << A.F) % b.unit for x in b.rows[0]))
            (r,) = A.times_Y([[((x << A.F) // b.unit, 0, error + up(r.numerator << A.F, r.denominator))
                               for x, r in zip(b.rows[0], radii, strict=True)]])  # fmt: skip
            solved = []
            for c in group:
                solution, beta = A.resolvent((A.centre(c.k)[0], 0), A.g[c.k], r)
                c.item.begin("H1")
                if solution is None:
                    c.item.fail(f"Lemma C at z = -gamma*: beta > 0 does not hold: {A.show(beta)}")
                else:
                    solved.append((c, solution))
            unit = 1 << (A.F + A.Y_unit + 1 + A.X_unit)
            for (c, _), discs in zip(solved, A.times_X([y for _, y in solved]) if solved else [], strict=True):
                values.append((c, [scaled(re, rad, unit) for re, _, rad in discs]))
        for c, x in values:
            c.item.begin("H1")
            for i, (own, claim) in enumerate(zip(x, c.claims["equilibrium"], strict=True)):
                if not own.within(claim):
                    c.item.inside(f"equilibrium[{i}]", own, claim)

    def h4(self, c: Certificate) -> None:
        """H4.  With nu = Im mu > 0, W(gamma*) q = i nu q, S = sum conj(p_l) q_l |q_l|^2/(p^H q) and
        G = sum conj(p_l) conj(q_l) g_l/(p^H q), the formula of FORMAT.md is (v = -sigma_2 nu^2 q o q,
        h = -(sigma_2 nu^2/sigma_1) g, sum conj(p_l) conj(q_l) q_l^2 = S p^H q; conjugation when sigma_1 < 0)

            l1 = nu^2/(2 |sigma_1| q^H q) ((3 sigma_2^2/sigma_1 - sigma_3) Im S - 2 nu (sigma_2^2/sigma_1) Re G).
        """
        A, item, claims, bounds = c.spectrum, c.item, c.claims, c.bounds
        sigma_1, sigma_2, sigma_3 = self.problem.sigma
        item.begin("H4")
        s_re = s_im = s_rad = im_rad = qq = qq_rad = g_re = g_im = g_rad = 0
        for i, ((x, y, eq), (u, v, ep)) in enumerate(zip(c.q, c.p, strict=True)):
            square, a, b = x * x + y * y, hypot_up(x, y), hypot_up(u, v)
            s_re += (u * x - v * y) * square
            s_im += (u * y + v * x) * square
            outer, inner = (b + ep) * (a + eq), b * a  # bounds of |p||q|
            worst = outer * (a + eq) ** 2 - inner * a * a
            s_rad += worst
            # To first order Im changes by Im((2|q|^2 conj(p) - conj(q)^2 p) dq) + Im(q|q|^2 dp)
            real, imag = x * x - y * y, 2 * x * y  # q^2
            s, t = 2 * square * u - real * u + imag * v, 2 * square * v + real * v + imag * u
            im_rad += hypot_up(s, t) * eq + worst - 3 * inner * a * eq
            qq += square
            qq_rad += (2 * a + eq) * eq
            if c.g is not None:
                p, q, e = c.g[i]
                s, t, size = u * x + v * y, v * x - u * y, hypot_up(p, q)  # conj(p_l) conj(q_l)
                g_re += s * p - t * q
                g_im += s * q + t * p
                g_rad += outer * (size + e) - inner * size

        def change(re: int, im: int, rad: int) -> int:
            """|S/(p^H q) - S| for S in the disc, as |p^H q - 1| <= pq_defect."""
            return up((hypot_up(re, im) + rad) * c.pq_defect, A.one - c.pq_defect)

        x_unit, y_unit = A.X_unit + A.F, A.Y_unit + 1 + A.F
        im_S = scaled(s_im, im_rad + change(s_re, s_im, s_rad), 1 << (y_unit + 3 * x_unit))
        qq_ball = scaled(qq, qq_rad, 1 << 2 * x_unit)
        if qq_ball.lo <= 0:
            raise Rejected("q^H q > 0 does not hold")
        item.inside("q_norm_squared", qq_ball, bounds["q_norm_squared"])
        item.compare("q_norm_squared", Fraction(0), "<", bounds["q_norm_squared"].lo)
        item.inside("im_S", im_S if sigma_1.lo > 0 else -im_S, bounds["im_S"])
        nu, curvature = A.im(c.k), sigma_2 * sigma_2 / sigma_1
        bracket = (Interval(3) * curvature - sigma_3) * im_S
        if c.g is not None:
            unit = y_unit + x_unit + 2 * x_unit + A.Y_unit + 1 + A.X_unit
            re_G = scaled(g_re, g_rad + change(g_re, g_im, g_rad), 1 << unit)
            bracket = bracket - Interval(2) * nu * curvature * re_G
        elif sigma_2 != ZERO:
            raise Undecided("Lemma C was not established")
        elif bounds["resolvent_gap"] is not None:
            item.fail("resolvent_gap is not null although sigma''(0) = 0")
        self.criticality(item, claims, nu * nu * bracket / (Interval(2) * abs(sigma_1) * qq_ball))

    # --- one point of a layered network (sections 12 and 13) ---

    def prove(self, c: Point) -> None:
        item, trivial = c.item, c.witness["x"] is None
        item.require(not trivial or self.problem.trivial, "x = 0 is claimed, but f(0, gamma) = 0 is not shown")
        section, gamma, omega = self.ball(c) if c.method == "newton-kantorovich" else self.window(c, trivial)
        self.hopf(c, section, gamma, omega)

    def window(self, c: Point, trivial: bool) -> tuple[Section, Interval, Interval | None]:
        """H1, H3, gamma* of section 12: Lemma T over Gamma, one pair near the axis, Re lambda' != 0; then
        lambda(gamma~) and the mean value theorem give Gamma*, which lies in Gamma."""
        item, k, chart, bounds, net, claims = c.item, c.k, c.chart, c.bounds, c.net, c.claims
        middle, half = c.witness["gamma"], c.witness["half_width"]
        item.begin("Lemma T")
        c.nulls("uniqueness_radius", "Y", "Z", "r_min")
        gammas, range_ = exactly(middle - half, middle + half), self.problem.interval
        item.require(range_ is None or gammas.within(range_), "the window lies outside the interval of the problem")
        tube = Tube(chart, up(half.numerator << net.F, half.denominator), None if trivial else c.witness["radius"])
        A = tube.section.A
        if trivial:
            c.nulls("branch_gap", "branch_residual", "branch_radius")
        else:
            c.compare("branch_gap", tube.beta, ">=")
            c.compare("branch_residual", tube.residual(tube.h), "<=")
            c.compare("branch_radius", tube.radius(tube.h), "<=")
            item.compare("branch_radius < r", bounds["branch_radius"], "<", c.witness["radius"])
        item.begin("window")
        speed, clear = tube.crossing(k)
        c.compare("window_disc_radius", A.g[k], "<=")
        if clear is None:
            c.nulls("window_clearance")
        else:
            c.compare("window_clearance", clear, ">=")
        if bounds["window_slope"] is None or bounds["real_part"] is None:
            raise Rejected("window_slope or real_part is null")
        item.inside("window_slope", speed, bounds["window_slope"])
        item.require(0 not in bounds["window_slope"], "window_slope does not exclude 0")
        real_part = tube.over(Interval(middle)).A.re_isolated(k)
        item.inside("real_part", real_part, bounds["real_part"])
        gamma = Interval(middle) - real_part / speed
        if not gamma.within(gammas):
            raise Rejected(f"Gamma* = {show(gamma)} does not lie in Gamma = {show(gammas)}")
        if claims["window"] is None:
            raise Rejected("window is null")
        item.require(claims["window"].within(gammas), "the claim window is not inside Gamma")
        item.require(claims["parameter"].within(claims["window"]), "window does not contain the claimed parameter")
        return tube.over(gamma), gamma, None

    def hopf(self, c: Point, section: Section, gamma: Interval, omega: Interval | None) -> None:
        """H2, H3, H4 at gamma* in Gamma*; the section encloses the equilibrium."""
        item, claims, k, net, A = c.item, c.claims, c.k, c.net, section.A
        item.begin("H1")
        c.parameter, c.z = gamma, section.state.stages[0].z if section.state.stages else []
        item.inside("parameter", gamma, claims["parameter"])
        for i, (x, r) in enumerate(section.state.x):
            item.inside(f"equilibrium[{i}]", scaled(x, r, net.one), claims["equilibrium"][i])
        item.begin("Theorem A")
        c.compare("rho", A.rho, "<=")
        item.compare("rho < 1", c.bounds["rho"], "<", Fraction(1))
        item.begin("H2")  # i omega lies in K_k, as K_k and its partner are the only discs that meet the axis
        others = [j for j in range(A.n) if j not in (k, k + 1)]
        im = A.im(k)
        if im.lo <= 0:
            raise Rejected(f"Im d_k - g_k > 0 does not hold: {show(im.lo)}")
        for j in others:
            if A.re(j).lo <= 0 <= A.re(j).hi:
                raise Rejected(f"|Re d_j| - g_j > 0 does not hold for j = {j}")
        c.compare("disc_radius", A.g[k], "<=")
        item.compare("isolation", im.lo, ">=", c.bounds["isolation"])
        item.compare("isolation > 0", Fraction(0), "<", c.bounds["isolation"])
        omega = im if omega is None else im & omega
        item.inside("omega", omega, claims["omega"])
        item.compare("omega > 0", Fraction(0), "<", claims["omega"].lo)
        gap = min((A.clearance(j, True) for j in others), default=None)
        if gap is None or claims["spectral_gap"] is None:
            item.require(gap is claims["spectral_gap"] is None, "spectral_gap is null exactly when n = 2")
        else:
            item.compare("spectral_gap", gap, ">=", claims["spectral_gap"])
            item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
        n_u = sum(A.centre(j)[0] > 0 for j in others)
        for key, count_ in (("unstable_eigenvalues", n_u), ("stable_eigenvalues", A.n - 2 - n_u)):
            item.require(claims[key] == count_, f"the claim {key} = {claims[key]} is false: {count_}")
        item.facts |= {"parameter": show(gamma), "omega": show(omega), "unstable_eigenvalues": n_u}
        item.begin("Theorem B")  # its conditions imply that K_k is isolated, so that i omega is simple
        v = A.vectors(k)
        c.compare("delta_right", v.delta, "<=")
        c.compare("delta_left", v.delta_left, "<=")
        c.compare("pq_defect", v.defect, "<=")
        item.compare("pq_defect < 1", c.bounds["pq_defect"], "<", Fraction(1))
        item.begin("H3")
        item.inside("crossing_speed", c.chart.speed(section, k, v), claims["crossing_speed"])
        item.require(0 not in claims["crossing_speed"], "the claim crossing_speed does not exclude 0")
        item.begin("H4")
        self.lyapunov(c, section, v, omega)

    def lyapunov(self, c: Point, section: Section, v: Eigenvectors, omega: Interval) -> None:
        """l1 = Re(c_1 + c_2 + c_3)/(2 omega q^H q); with q = q_1 + i q_2, B(q, q^-) = B_11 + B_22,
        B(q, q) = B_11 - B_22 + 2i B_12 and C(q, q, q^-) = C_111 + C_122 + i (C_112 + C_222)."""
        net, A, item, claims, k, contract = c.net, section.A, c.item, c.claims, c.k, c.chart.contract
        q1, q2 = [(re, e) for re, _, e in v.q], [(im, e) for _, im, e in v.q]
        pairs = [(0, 0), (0, 1), (1, 1)]
        jets = net.jets(section.state, [q1, q2], [0, 0], pairs, [(0, 0, 0), (0, 1, 1), (0, 0, 1), (1, 1, 1)])
        (b11, b12, b22), (c111, c122, c112, c222) = jets.second, jets.third
        y = A.centre(k)[1]
        first, second = A.complex(plus(b11, b22)), [
            (t - u, s - w, e + r) for (t, s, e), (u, w, r)
            in zip(A.complex(minus(b11, b22)), times_i(A.complex(plus(b12, b12))), strict=True)
        ]  # fmt: skip
        # -g = (0 - A)^-1 B(q, q^-);  h = (2i omega - A)^-1 B(q, q) with i omega in K_k
        g, gap_0 = A.resolvent((0, 0), 0, first)
        h, gap_2 = A.resolvent((0, 2 * y), 2 * A.g[k], second)
        if g is None or h is None:
            raise Rejected(f"Lemma C: beta > 0 does not hold: {A.show(min(gap_0, gap_2))}")
        c.compare("gap_0", gap_0, ">=")
        c.compare("gap_2", gap_2, ">=")
        (g1, _), (h1, h2) = A.real(g), A.real(h)
        last = net.jets(section.state, [q1, q2, g1, h1, h2], [0] * 5,
                        [(0, 2), (1, 2), (0, 3), (1, 4), (0, 4), (1, 3)]).second  # fmt: skip
        terms = [
            contract(v.p, plus(c111, c122), plus(c112, c222), v.defect),
            contract(v.p, plus(last[0], last[0]), plus(last[1], last[1]), v.defect),
            contract(v.p, plus(last[2], last[3]), minus(last[4], last[5]), v.defect),
        ]
        total = ZERO
        for i, term in enumerate(terms):
            own = scaled(*term, net.one)
            item.inside(f"terms[{i}]", own, c.bounds["terms"][i])
            total = total + own
        qq = sum(re * re + im * im for re, im, _ in v.q)
        error = sum((2 * hypot_up(re, im) + e) * e for re, im, e in v.q)
        q_norm = scaled(qq, error, 1 << 2 * net.F)
        if q_norm.lo <= 0:
            raise Rejected("q^H q > 0 does not hold")
        item.inside("q_norm_squared", q_norm, c.bounds["q_norm_squared"])
        item.compare("q_norm_squared > 0", Fraction(0), "<", c.bounds["q_norm_squared"].lo)
        self.criticality(item, claims, total / (Interval(2) * omega * q_norm))

    @staticmethod
    def criticality(item: Item, claims: dict[str, Any], l1: Interval) -> None:
        claim = claims["first_lyapunov_coefficient"]
        item.inside("first_lyapunov_coefficient", l1, claim)
        item.require(0 not in claim, "the claim first_lyapunov_coefficient does not exclude 0")
        sign = "supercritical" if claim.hi < 0 else "subcritical"
        item.require(claims["criticality"] == sign, f"the claim {claims['criticality']} is false: {sign}")
        item.facts["first_lyapunov_coefficient"] = show(l1)

    def ball(self, c: Point) -> tuple[Section, Interval, Interval | None]:
        """Section 13: one zero of F within R of u, by Newton-Kantorovich; gamma*, x* and omega lie within r_min."""
        item, net, claims, bounds, w, n = c.item, c.net, c.claims, c.bounds, c.witness, self.problem.n
        item.begin("Newton-Kantorovich")
        c.nulls("window", "branch_gap", "branch_residual", "branch_radius", "window_disc_radius", "window_clearance",
                "window_slope", "real_part")  # fmt: skip
        if w["x"] is None:
            raise Rejected("the witness has no x")
        a, b, phi = (self.vector(net, w[key], key, n) for key in ("a", "b", "phi"))
        rows, shift = self.bundle.limb_sum(w["A"], "A", (3 * n + 2, 3 * n + 2))
        A_N, one, zero = Box.of(rows, 1 << shift, net.F), net.one, [(0, 0)] * n
        gamma, omega = fix(w["gamma"], net.F), fix(w["omega"], net.F)
        R = up(w["R"].numerator << net.F, w["R"].denominator)
        if R <= 0:
            raise Rejected("R > 0 does not hold")

        def dot(u: Vector, v: Vector) -> Ball:
            terms = net.times(u, v)
            return sum(x for x, _ in terms), sum(r for _, r in terms)

        def opposite(v: Vector) -> Vector:
            return [(-x, r) for x, r in v]

        at = net.at(gamma, c.chart.x)
        Aa, Ab = net.jets(at, [a, b], [0, 0]).first
        normal = dot(phi, b)
        F_u = [dot(phi, a), (normal[0] - one, normal[1]), *at.f, *plus(Aa, net.scale(b, omega)),
               *minus(Ab, net.scale(a, omega))]  # fmt: skip
        Y = largest(net.apply(A_N, [F_u])[0])
        # DF over the ball, column by column: gamma, omega, x, a, b
        a_, b_, omega_ = wider(a, [R] * n), wider(b, [R] * n), (omega[0], omega[1] + R)
        at = net.at((gamma[0], gamma[1] + R), wider(c.chart.x, [R] * n))
        pairs = [(i, j) for j in (n, n + 1) for i in [*range(n), n + 2]]
        jets = net.jets(at, [*net.units, a_, b_, zero], [0] * (n + 2) + [1], pairs)
        A, B_a, B_b = jets.first[:n], jets.second[: n + 1], jets.second[n + 1 :]
        corner: Vector = [(0, 0), (0, 0)]
        columns = [corner + jets.first[n + 2] + B_a[n] + B_b[n], corner + zero + b_ + opposite(a_)]
        columns += [corner + A[i] + B_a[i] + B_b[i] for i in range(n)]
        columns += [[phi[i], (0, 0), *zero, *A[i], *opposite(net.scale(net.units[i], omega_))] for i in range(n)]
        columns += [[(0, 0), phi[i], *zero, *net.scale(net.units[i], omega_), *A[i]] for i in range(n)]
        products = net.apply(A_N, columns)
        Z = max(sum(abs(one * (i == j) - v[i][0]) + v[i][1] for j, v in enumerate(products)) for i in range(3 * n + 2))
        c.compare("Y", Y, "<=")
        c.compare("Z", Z, "<=")
        item.compare("Z < 1", bounds["Z"], "<", Fraction(1))
        if one <= Z or Y * one + Z * R > R * one:
            raise Rejected(f"Z < 1 and Y + Z R <= R do not hold: Y = {show(Fraction(Y, one))}, "
                           f"Z = {show(Fraction(Z, one))}, R = {show(w['R'])}")  # fmt: skip
        r = up(Y * one, one - Z)
        c.compare("r_min", r, "<=")
        unique = claims["uniqueness_radius"]
        if unique is None:
            raise Rejected("uniqueness_radius is null")
        item.require(Fraction(r, one) <= unique <= w["R"], "the claim uniqueness_radius is not in [r_min, R]")
        frequency = widened(Interval(w["omega"]), Fraction(r, one))
        if frequency.lo <= 0:
            raise Rejected("omega > 0 does not hold")
        section = c.chart.over(r, [r] * n)
        # f(x*, gamma*) = 0 = f(0, gamma*) and A, between x* and 0, is invertible: x* = 0
        if self.problem.trivial and not any(x or e for x, e in c.chart.x):
            if min(section.A.distance(*section.A.centre(j)) - section.A.g[j] for j in range(n)) <= 0:
                raise Rejected("A is not invertible over the box, so x* = 0 does not follow")
            section = c.chart.over(r, [0] * n)
        return section, widened(Interval(w["gamma"]), Fraction(r, one)), frequency

    def points(self, names: Iterable[str]) -> list[tuple[Item, Certificate | Point | None]]:
        """Check certificates: those with one witness together."""
        result: list[tuple[Item, Certificate | Point | None]] = []
        groups: dict[int, list[Certificate]] = {}
        for name in names:
            item = Item(f"points/{shown(name)}")
            item.begin("format")
            parsed: list[Certificate | Point] = []
            budget = self.bundle.budget
            item.guard(lambda name=name, item=item, to=parsed: to.append(self.certificate(name, item)))
            result.append((item, parsed[0] if parsed else None))
            if budget.exhausted:
                break
            for c in parsed:
                if isinstance(c, Point):
                    item.guard(self.prove, c)
                    c.forget()
                    budget.held = 0
                elif item.guard(self.spectral, c):
                    groups.setdefault(id(c.spectrum), []).append(c)
        for group in groups.values():
            A, batch = group[0].spectrum, Item("")
            size = 4 * (A.F + A.X_unit + A.Y_unit)  # q and p, g, and products of four of them
            self.bundle.budget.spend(len(group) * A.n * (200 * OPERATION + 30 * digits_in(size) ** 2))
            self.bundle.budget.hold(9 * len(group) * bytes_of(A.n, A.F + A.X_unit + A.Y_unit))
            done = batch.guard(self.vectors, A, group) and batch.guard(self.equilibria, A, group)
            if done and self.problem.sigma[1] != ZERO:
                batch.guard(self.resolvents, A, group)
            if not batch.failures and self.h4_shared_out(group):
                continue
            for c in group:
                c.item.failures += batch.failures
                if not batch.failures:
                    c.item.guard(self.h4, c)
        return result

    def h4_shared_out(self, group: list[Certificate]) -> bool:
        """H4 of many points in several processes, if nothing fails there."""

        def work(indices: Iterable[int]) -> list[Any]:
            for i in indices:
                if not group[i].item.guard(self.h4, group[i]):
                    raise Rejected("to be reported by the one process that does it all again")
            return [[c.item.steps, c.item.facts] for c in group]

        parts = shared_out(self.jobs if len(group) * self.problem.n >= SHARED else 1, len(group), work)
        for part in parts or ():
            for c, (steps, facts) in zip(group, part, strict=True):
                c.item.steps |= steps
                c.item.facts |= facts
        return parts is not None

    # --- the branch (section 5) ---

    def branch(self, item: Item, files: list[str], checked: dict[str, Certificate | Point | None]) -> dict[str, Any]:
        """Check branch.json and return its claims.  `files` are the names in points/; `checked` holds None for a
        certificate that was not accepted."""
        where, p = "branch.json", self.problem
        item.begin("format")
        branch = self.read(where, "proofgen-branch", {"zero-branch": BRANCH, "pieces": PIECES})
        claims: dict[str, Any] = branch["claims"] | {"method": branch["method"]}
        crossings = claims["real_crossings"]
        listed, pieces = claims["points"], [piece["interval"] for piece in claims["unsettled"]]
        item.facts |= {"complete": claims["complete"], "points": len(listed), "real_crossings": len(crossings),
                       "unsettled": len(pieces)}  # fmt: skip
        item.begin("points")
        item.require(claims["interval"] == p.interval, "the interval is not the one of problem.json")
        item.require(not (claims["complete"] and pieces), "`complete` is true although something is unsettled")
        ids = [point["id"] for point in listed]
        if sorted(ids) != files or len(set(ids)) != len(ids):
            raise Rejected(f"the listed points are not the certificates in points/: {short(ids)} and {short(files)}")
        item.require(ids == sorted(ids, key=lambda s: (len(s), s)), "the points are not numbered in increasing order")
        if branch["method"] == "pieces":
            certified = self.in_order(item, listed, checked)
            for c in certified:
                inside_ = c.parameter.within(claims["interval"])
                item.require(inside_, f"{c.id}: gamma* is not certainly in the interval")
            self.distinct(certified)
            self.pieces(item, branch, certified)
            return claims
        p.require_zero_branch()
        low = p.interval.lo if p.interval else None
        high = p.interval.hi if p.interval else None

        def outside(x: Interval) -> bool:
            return (low is not None and x.hi < low) or (high is not None and x.lo > high)

        def inside(x: Interval) -> bool:  # on the exact ends: an Interval may round them outwards
            return low is None or high is None or (low <= x.lo and x.hi <= high)

        def clipped(x: Interval) -> Interval:
            return x if low is None or high is None else Interval(max(x.lo, low), min(x.hi, high))

        if branch["witness"] is None:
            item.begin("norm")
            item.require(branch["bounds"] is None, "without a witness there are no bounds")
            item.require(not (ids or crossings), "without a witness there are no points and no real crossings")
            layer = p.layers[0]
            delta = layer.delta or [[0]] * p.n  # every |mu| <= ||W||_inf <= norm
            norm = max(
                Fraction(sum(map(abs, row)) + sum(r), layer.W_unit) for row, r in zip(layer.W, delta, strict=True)
            )
            own = Interval(-norm, norm)
            if not outside(own):  # else no eigenvalue can have real part 0 in the range
                if claims["complete"] or len(pieces) != 1:
                    raise Rejected("without a witness `unsettled` holds exactly one interval, and nothing is complete")
                item.inside("unsettled ([-norm_W, norm_W])", clipped(own), pieces[0])
            return claims

        item.begin("Theorem A")
        A, bounds = self.spectrum(branch["witness"], branch["precision"], where), branch["bounds"]
        if bounds is None:
            raise Rejected(f"{where}: a witness without bounds")
        item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
        item.compare("rho", bounds["rho"], "<", Fraction(1))
        item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
        item.compare("max_disc_radius", Fraction(max(A.g), A.one), "<=", bounds["max_disc_radius"])

        # Every eigenvalue lies in a disc K_j, so the values of gamma in question lie in the intervals
        # -Re d_j +- g_j.  Each of those is outside the range, or settled by a listed point or crossing, or unsettled.
        item.begin("points")
        gammas = [-A.re(j) for j in range(A.n)]
        settled: dict[int, str] = {}
        for point, c in zip(listed, self.in_order(item, listed, checked), strict=True):
            j = c.k if isinstance(c, Certificate) and c.spectrum is A else self.matching(A, c)
            own = c.parameter & gammas[j]
            item.require(not outside(own), f"{point['id']} lies outside the interval")
            item.require(inside(own), f"{point['id']} is not certainly in the interval")
            item.require(point["pair"] in (None, j // 2), f"{point['id']} does not belong to pair {point['pair']}")
            if j in settled:
                raise Rejected(f"{point['id']} and {settled[j]} are the same Hopf point")
            settled[j] = settled[j ^ 1] = point["id"]

        item.begin("real crossings")
        self.bundle.budget.spend(len(crossings) * A.n * (20 * OPERATION + 4 * digits_in(A.F) ** 2))
        previous: Interval | None = None
        for claim in crossings:
            found = [j for j in range(2 * A.m, A.n) if j not in settled and gammas[j].within(claim)]
            if previous is not None and previous.hi >= claim.lo:
                raise Rejected(f"the real crossings {show(previous)}, {show(claim)} are not disjoint and increasing")
            if len(found) != 1 or not A.isolated_real(found[0]):
                raise Rejected(f"no isolated real disc proves the real crossing {show(claim)}")
            for j in range(A.n):  # exactly one gamma in the claimed enclosure
                touches = abs(A.centre(j)[1]) * A.one <= A.g[j] << A.d_unit
                if j != found[0] and touches and gammas[j].lo <= claim.hi and claim.lo <= gammas[j].hi:
                    raise Rejected(f"the real crossing {show(claim)} may hold a second singular value")
            if outside(gammas[found[0]]) or (claims["complete"] and not inside(gammas[found[0]])):
                raise Rejected(f"the real crossing {show(claim)} is not in the interval")
            settled[found[0]] = "a real crossing"
            previous = claim

        item.begin("completeness")
        cover = self.merged([*pieces, *crossings, *(x["parameter"] for x in listed)])
        for j in range(A.n):
            if j in settled or outside(gammas[j]):
                continue
            if claims["complete"]:
                item.fail(f"the claim `complete` is not supported: an eigenvalue may be on the axis "
                          f"at gamma in {show(gammas[j])}, which is not listed")  # fmt: skip
                break
            # the part of the claimed enclosures that is proved to be covered, from the left
            own = clipped(gammas[j])
            before = bisect_right(cover, own.lo, key=lambda x: x[0])
            at = max(own.lo, cover[before - 1][1]) if before else own.lo
            if at < own.hi or not before or cover[before - 1][1] < own.lo:
                item.fail(f"gamma in {show(own)} is neither settled nor in `unsettled` (covered up to {show(at)})")
        return claims

    def merged(self, intervals: list[Interval]) -> list[tuple[Fraction, Fraction]]:
        """Their union, as disjoint intervals in increasing order."""
        bits = max((max(x.numerator.bit_length(), x.denominator.bit_length()) for y in intervals for x in (y.lo, y.hi)),
                   default=0)  # fmt: skip
        comparisons = len(intervals) * (len(intervals).bit_length() + 2)
        self.bundle.budget.spend(comparisons * (3 * OPERATION + digits_in(bits) ** 2))
        result = list[tuple[Fraction, Fraction]]()
        for x in sorted(intervals, key=lambda x: x.lo):
            if result and x.lo <= result[-1][1]:
                result[-1] = result[-1][0], max(result[-1][1], x.hi)
            else:
                result.append((x.lo, x.hi))
        return result

    def in_order(self, item: Item, listed: list[Any], checked: dict[str, Certificate | Point | None],
                 ) -> list[Certificate | Point]:  # fmt: skip
        """The accepted certificates of the listed points.  What is in order are the lower ends of the enclosures of
        the parameter: of points at one gamma, or with enclosures that overlap, nothing more is known."""
        last: Fraction | None = None
        result = []
        for point in listed:
            c = checked.get(point["id"])
            if c is None:
                raise Undecided(f"rests on {short(point['id'])}, which is not accepted")
            item.inside(f"points: parameter of {point['id']}", c.parameter, point["parameter"])
            ordered = last is None or point["parameter"].lo >= last
            item.require(ordered, f"{point['id']} is not in the order of the lower ends of the parameter")
            last = point["parameter"].lo
            result.append(c)
        return result

    def distinct(self, points: list[Certificate | Point]) -> None:
        """No Hopf point is listed twice: of any two, the certificates enclose gamma*, omega or an entry of x* in
        disjoint intervals.  (omega belongs to the point: +-i omega are the only eigenvalues on the axis.)"""
        near: list[Certificate | Point] = []  # points whose gamma* may be that of one still to come
        for c in sorted(points, key=lambda c: c.claims["parameter"].lo):
            near = [other for other in near if other.claims["parameter"].hi >= c.claims["parameter"].lo]
            self.bundle.budget.spend(len(near) * (self.problem.n + 2) * 10 * OPERATION)
            for other in near:
                pairs = zip(*([x.claims["omega"], *x.claims["equilibrium"]] for x in (c, other)), strict=True)
                if not any(x.hi < y.lo or y.hi < x.lo for x, y in pairs):
                    raise Rejected(f"{other.id} and {c.id} are not shown to be two Hopf points, not one: their "
                                   "enclosures of gamma, omega and the equilibrium overlap")  # fmt: skip
            near.append(c)

    def matching(self, A: Spectrum, c: Certificate | Point) -> int:
        """The isolated disc a+ of A that holds the eigenvalue of a certificate with another witness: the only one
        which its disc K_k, or the rectangle -gamma + i omega/|sigma_1| of its claims, meets."""
        self.bundle.budget.spend(A.n * (100 * OPERATION + 40 * digits_in(A.F) ** 2))
        discs = [A.disc(j) for j in range(A.n)]
        u, v, r = Fraction(0), Fraction(0), Fraction(0)

        def meets(x: Interval, y: Interval, r: Fraction) -> list[int]:
            """The discs within r of a rectangle."""
            gaps = [(max(x.lo - u, u - x.hi, Fraction(0)), max(y.lo - v, v - y.hi, Fraction(0))) for u, v, _ in discs]
            return [j for j, ((s, t), disc) in enumerate(zip(gaps, discs, strict=True))
                    if s * s + t * t <= (r + disc[2]) ** 2]  # fmt: skip

        if isinstance(c, Point):
            found = meets(-c.claims["parameter"], c.claims["omega"] / abs(self.problem.sigma[0]), Fraction(0))
            # sigma(z) = 0 at the equilibrium; if sigma' != 0 between z and 0 then z = 0, which is the zero branch
            for z, e in c.z:
                between = ball(min(z - e, 0), max(z + e, 0))
                sigma = cast(Network, c.net).sigma(self.problem.layers[0].activation, between)
                if 0 in scaled(*sigma[1], c.net.one):
                    raise Rejected(f"{c.id} is not shown to lie on the branch W(gamma)x + b = 0")
        else:
            u, v, r = c.spectrum.disc(c.k)
            found = meets(Interval(u), Interval(v), r)
        if len(found) == 1:
            u, v, r = discs[found[0]]
        if len(found) != 1 or meets(Interval(u), Interval(v), r) != found or found[0] >= 2 * A.m or found[0] % 2:
            raise Rejected(f"{c.id} does not belong to one isolated disc of the branch's witness")
        return found[0]

    # --- the branch of a layered network (section 12, Pieces) ---

    def pieces(self, item: Item, branch: dict[str, Any], points: list[Certificate | Point]) -> None:
        claims, witness, net = branch["claims"], branch["witness"], self.field(branch["precision"])
        crossings, pieces, range_ = claims["real_crossings"], witness["pieces"] if witness else [], claims["interval"]
        item.facts["pieces"] = len(pieces)
        item.begin("pieces")
        item.require(all(x.hi < y.lo for x, y in pairwise(crossings)), "real_crossings are not increasing and disjoint")
        intervals = [piece["interval"] for piece in pieces]
        if witness and not pieces:
            raise Rejected("a witness without pieces")
        if any(x.lo >= x.hi or not x.within(range_) for x in intervals):
            raise Rejected("a piece is empty, or not in the interval")
        if any(x.hi > y.lo for x, y in pairwise(intervals)):
            raise Rejected("the pieces overlap, or are not in increasing order")
        shared = all(x.hi == y.lo for x, y in pairwise(intervals))
        covers = bool(pieces) and shared and (intervals[0].lo, intervals[-1].hi) == (range_.lo, range_.hi)
        if claims["complete"] and not covers:
            item.fail("`complete` is true, but the pieces do not share their ends and cover the interval")
        cover = self.merged([*intervals, *(x["interval"] for x in claims["unsettled"])])
        whole = any(lo <= range_.lo and range_.hi <= hi for lo, hi in cover)
        item.require(whole, "the pieces and `unsettled` do not cover the interval")

        trivial = bool(witness) and witness["x"] is None
        if trivial and (not self.problem.trivial or witness["slope"] is not None):
            raise Rejected("the branch x = 0 is claimed, but f(0, gamma) = 0 is not shown, or there is a slope")
        item.require((claims["start"] is None) == (trivial or not pieces), "start is null without a branch to identify")
        certified, used = {c.id: c for c in points}, list[Any]()
        arrays = self.arrays(witness, len(pieces)) if pieces else {}
        budget = self.bundle.budget

        def follow(item: Item, indices: Iterable[int]) -> list[Any]:
            """Pieces one after another, and the joints to the pieces before them: the points and crossings on them."""
            left, used, held, last = None, list[Any](), budget.held, 0
            for index in indices:
                budget.held = held + last
                budget.spend((net.n + 20) * 300 * OPERATION)
                piece, before = pieces[index], pieces[index - 1]
                name = f"piece {index} {show(piece['interval'])}"
                item.begin("pieces")
                tube = self.tube(net, arrays, index, piece, trivial, name)
                last = budget.held - held - last  # what this tube holds
                used += self.settle(item, tube, piece, name, crossings, certified)
                if trivial:
                    continue
                item.begin("joints")
                if index == 0:
                    self.start(item, tube, piece["interval"].lo, claims["start"])
                elif before["interval"].hi == piece["interval"].lo:
                    left = left or self.tube(net, arrays, index - 1, before, trivial, name)
                    self.joint(left, tube, piece["interval"].lo, name)
                left = tube
            return used

        def work(indices: Iterable[int]) -> list[Any]:
            own, spent = Item(item.name), budget.work
            found = follow(own, indices)
            if own.failures:
                raise Rejected("to be reported by the one process that does it all again")
            return [found, own.steps, budget.work - spent]

        parts = shared_out(self.jobs, len(pieces), work)
        if parts is None or budget.work + sum(part[2] for part in parts) > budget.allowance:
            used += follow(item, range(len(pieces)))
        else:
            for found, steps, spent in parts:
                budget.spend(spent)
                used += found
                item.steps |= steps
        item.begin("completeness")
        names = [x for x in used if x is not None]
        item.require(len(set(names)) == len(names), "two pieces have the same point or crossing")
        item.require(set(range(len(crossings))) <= set(names), "a real crossing belongs to no piece")
        if claims["complete"]:
            item.require(set(certified) <= set(names), "`complete` is true, but a certificate is the point of no piece")

    def arrays(self, witness: dict[str, Any], K: int) -> dict[str, Stored | None]:
        n, result = self.problem.n, dict[str, Stored | None]()
        for key, shape in (("x", (K, n)), ("slope", (K, n)), ("X", (K * n, n)), ("Y", (K * n, n)), ("d", (K * n, 2))):
            optional_ = key in ("x", "slope") and witness[key] is None
            found = None if optional_ else self.bundle.stored(witness[key], f"branch.json: {key}", MAX_OTHER // 8)
            if found:
                self.bundle.budget.hold(len(found.data))
            if found and (found.shape != shape or found.denominator is not None):
                raise Rejected(f"branch.json: {key} is not a binary64 array of shape {shape}")
            result[key] = found
        return result

    def tube(self, net: Field, arrays: dict[str, Stored | None], index: int, piece: dict[str, Any], trivial: bool,
             name: str) -> Tube:  # fmt: skip
        """Lemma T over a piece."""
        n, m = net.n, piece["pairs"]

        def part(key: str, rows: int) -> tuple[Matrix, int]:
            """Integers and s with unit 2^-s."""
            array = arrays[key]
            if array is None:
                raise Rejected(f"{name}: x and slope are not null together")
            width = array.shape[-1]
            data = array.data[8 * width * rows * index : 8 * width * rows * (index + 1)]
            flat, unit = binary64(data, name, self.bundle.budget)
            return [flat[i : i + width] for i in range(0, len(flat), width)], unit.bit_length() - 1

        if 2 * m > n or not piece["interval"].lo <= piece["centre"] <= piece["interval"].hi:
            raise Rejected(f"{name}: more pairs than columns, or the centre is not in the interval")
        if (piece["radius"] is None) != trivial:
            raise Rejected(f"{name}: the radius is null on the branch x = 0 only")
        d, d_unit = part("d", n)
        if any(d[2 * a + 1] != [d[2 * a][0], -d[2 * a][1]] for a in range(m)):
            raise Rejected(f"{name}: the centres of a pair are not conjugate")
        centres = d[: 2 * m : 2] + d[2 * m :], d_unit
        basis = Basis(self.problem.product, self.problem.budget, m, part("X", n), part("Y", n), centres)
        x, slope = [Fraction(0)] * n, [Fraction(0)] * n
        if not trivial:
            x, slope = ([Fraction(v, 1 << shift) for v in rows[0]] for rows, shift in (part("x", 1), part("slope", 1)))
        half = max(piece["interval"].hi - piece["centre"], piece["centre"] - piece["interval"].lo)
        try:
            net = self.wide(net, piece["centre"], x)
            F = net.F
            chart = Chart(net, basis, piece["centre"], [fix(y, F) for y in x], [fix(y, F) for y in slope])
            return Tube(chart, up(half.numerator << F, half.denominator), piece["radius"], weighted=True)
        except (Rejected, Undecided) as error:
            raise type(error)(f"{name}: {error}") from None

    @staticmethod
    def settle(item: Item, tube: Tube, piece: dict[str, Any], name: str, crossings: list[Interval],
               certified: dict[str, Certificate | Point]) -> list[Any]:  # fmt: skip
        """What is on the axis over a piece: nothing, or one pair or real eigenvalue once.  Its point or crossing."""
        A, kind, index, interval = tube.A, piece["kind"], piece["index"], piece["interval"]
        point, crossing = piece["point"], piece["crossing"]
        if (index is None, point is None, crossing is None) != (kind == "clear", kind != "hopf", kind != "real"):
            raise Rejected(f"{name}: index, point or crossing does not belong to the kind {kind}")
        if kind == "clear":
            clear = tube.clearance((), best=False)
            if clear is None or clear <= 0:
                raise Rejected(f"{name}: a disc is not clear of the axis: {show(clear)}")
            return []
        k = 2 * index if kind == "hopf" else index
        if (k >= 2 * A.m) if kind == "hopf" else not 2 * A.m <= k < A.n:
            raise Rejected(f"{name}: there is no such pair or real index")
        try:
            speed, _ = tube.crossing(k)
        except Rejected as error:
            raise Rejected(f"{name}: {error}") from None
        if kind == "hopf":
            c = certified.get(point)
            if not isinstance(c, Point):
                raise Rejected(f"{name}: {short(point)} is not a certificate of this branch")
            item.require(c.claims["parameter"].within(interval), f"{name}: {point} lies outside of it")
            x = c.claims["equilibrium"]
            if tube.trivial:
                item.require(all(y.lo == y.hi == 0 for y in x), f"{name}: the equilibrium of {point} is not 0")
            elif not tube.contains(c.claims["parameter"], x):
                raise Rejected(f"{name}: the equilibrium of {point} does not certainly lie in its tube")
            return [point]
        if not tube.trivial or crossing >= len(crossings):
            raise Rejected(f"{name}: a real crossing that is not on the branch x = 0, or not listed")
        middle = Interval(piece["centre"])
        own = middle - tube.chart.over(0, [0] * A.n).A.re_isolated(k) / speed
        item.inside(f"real_crossings[{crossing}]", own, crossings[crossing])
        # elsewhere in the claimed enclosure there might be a second one
        item.require(crossings[crossing].within(interval), f"{name}: the claimed crossing reaches out of it")
        return [crossing]

    @staticmethod
    def start(item: Item, tube: Tube, gamma: Fraction, claim: list[Interval] | None) -> None:
        """The branch passes through the claimed box, which lies in the tube, where there is no other equilibrium."""
        if claim is None or len(claim) != tube.A.n:
            raise Rejected("start is null or has the wrong length")
        for i, (x, r) in enumerate(tube.equilibrium(gamma)):
            item.inside(f"start[{i}]", scaled(x, r, tube.A.one), claim[i])
        if not tube.contains(Interval(gamma), claim):
            raise Rejected("start does not certainly lie in the tube of the first piece")

    @staticmethod
    def joint(left: Tube, right: Tube, gamma: Fraction, name: str) -> None:
        """The equilibrium of one piece at the common end lies in the tube of the other."""
        for one, other in ((left, right), (right, left)):
            x = [scaled(m, r, one.A.one) for m, r in one.equilibrium(gamma)]
            if other.contains(Interval(gamma), x):
                return
        raise Rejected(f"{name} is not shown to continue the branch of the piece before it")

    def summary(self, item: Item, branch: dict[str, Any] | None, points: dict[str, Certificate | Point | None]) -> None:
        """summary.json may claim only what the certificates claim."""
        where, proved = "summary.json", list[str]()
        item.begin("format")
        s = document(self.bundle.json(where, floats=True)[0], "proofgen-summary", SUMMARY, where)
        item.begin("claims")
        claims = branch or {"method": s["method"], "complete": False, "real_crossings": [], "unsettled": []}
        item.require(s["interval"] == self.problem.interval, "the interval is not the one of problem.json")
        same = (s["dimension"], s["title"]) == (self.problem.n, self.problem.title)
        item.require(same, "the dimension or title is not the one of problem.json")
        item.require(s["complete"] == claims["complete"], "`complete` is not what branch.json claims")
        item.require(s["real_crossings"] == claims["real_crossings"], "real_crossings differs from branch.json")
        same = len(s["unsettled"]) == len(claims["unsettled"]) and all(
            x["reason"].startswith(y["reason"]) and x == y | {"reason": x["reason"]}
            for x, y in zip(s["unsettled"], claims["unsettled"], strict=True))  # fmt: skip
        item.require(same, "unsettled differs from branch.json")
        item.require(s["method"] == claims["method"], "the method is not that of branch.json")
        for index, point in enumerate(s["points"], start=1):
            proof = isinstance(point, dict) and point.get("status") != "undecided"
            known = ("parameter", "omega", "first_lyapunov_coefficient")  # what an undecided point may state
            open_spec = {key: optional(enclosure if key in known else never) for key in POINT}
            spec = POINT if proof else open_spec
            point = parse(point, spec | {"id": text, "status": one_of("proved", "undecided"), "reason": optional(text),
                                         "code": optional(text), "certificate": optional(text),
                                         "tex": optional(text)}, where)  # fmt: skip
            name = point["id"]
            item.require(name == f"hopf-{index:04d}", f"{short(name)} is not hopf-{index:04d}, the next in order")
            item.require(point["tex"] in (None, f"points/{name}.tex"), "bad `tex`")
            item.require(not proof or point["reason"] is point["code"] is None, "a proved point needs no reason")
            item.require(point["certificate"] == (f"points/{name}.json" if proof else None), "bad `certificate`")
            if proof:
                c = points.get(name)
                if c is None:
                    raise Rejected(f"rests on the certificate {short(name)}, which is missing or not accepted")
                proved.append(name)
                for key in POINT:
                    item.require(point[key] == c.claims[key], f"{name}: {key} differs from the certificate")
        item.require(sorted(proved) == sorted(points), "the proved points are not the certificates in points/")
        undecided = len(proved) < len(s["points"])
        item.require(not (claims["complete"] and undecided), "a complete list has an undecided point")
        item.require(s["status"] == ("proved" if claims["complete"] else "incomplete"), "`status` is not supported")

    def manifest(self, item: Item) -> None:
        """MANIFEST.sha256: every listed digest, and every file that was used is listed."""
        item.begin("digests")
        listed: set[str] = set()
        *lines, end = self.bundle.read("MANIFEST.sha256", 1 << 24).decode("utf-8", "replace").split("\n")
        for line in lines:
            match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
            if end or match is None or match[2] in listed or match[2] in ("summary.json", "MANIFEST.sha256"):
                raise Rejected(f"MANIFEST.sha256: bad line {short(line)}, or the last one does not end")
            listed.add(match[2])
            if self.bundle.digest(match[2], MAX_OTHER) != match[1]:
                raise Rejected(f"MANIFEST.sha256: the digest of {short(match[2])} is not the stated one")
        for name in sorted(self.bundle.used - listed - {"summary.json", "MANIFEST.sha256"}):
            raise Rejected(f"MANIFEST.sha256: {short(name)} is not listed")


# ---------------------------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------------------------


def check_bundle(root: Path, single: str | None, engine: Engine, report: Report, jobs: int = 1) -> None:
    """Check all that a bundle claims, or one certificate of it."""
    bundle, start = Bundle(root), Item("problem")
    start.begin("format")
    problems: list[Problem] = []
    if not start.guard(lambda: problems.append(read_problem(bundle, engine))):
        report.items.append(start)
        return
    report.title, report.box = problems[0].title, problems[0].box
    checker = Checker(bundle, problems[0], jobs)
    if single is not None:
        report.items += [item for item, _ in checker.points([single])]
        return
    files: list[str] = []
    listing = Item("points")
    listing.begin("format")
    if not listing.guard(lambda: files.extend(x[:-5] for x in bundle.names("points") if x.endswith(".json"))):
        report.items.append(listing)
        return
    results = checker.points(files)
    report.items += [item for item, _ in results]
    if bundle.budget.exhausted:
        return
    accepted = {name: c if item.verdict == "accepted" else None
                for name, (item, c) in zip(files, results, strict=True)}  # fmt: skip
    branch: list[dict[str, Any]] = []
    if bundle.exists("branch.json"):
        item = Item("branch")
        item.guard(lambda: branch.append(checker.branch(item, files, accepted)))
        report.items.append(item)
        if bundle.budget.exhausted:
            return
    elif not files:
        start.fail("the bundle is empty: it has no points and no branch.json")
        report.items.append(start)
    if bundle.exists("summary.json"):
        item = Item("summary")
        item.guard(checker.summary, item, branch[0] if branch else None, accepted)
        if any(i.verdict == "incomplete" for i in report.items):  # then it rests on something not decided
            for failure in item.failures:
                failure.verdict = "incomplete"
        report.items.append(item)
    if files and not bundle.exists("branch.json"):
        start.fail("there is no branch.json: nothing is said about completeness", verdict="incomplete")
        report.items.append(start)
    if bundle.exists("MANIFEST.sha256"):
        item = Item("manifest")
        item.guard(checker.manifest, item)
        report.items.append(item)


def check_path(path: str | os.PathLike[str], engine: str = "auto", jobs: int = 1) -> Report:
    """Check a bundle directory or one certificate points/NAME.json of a bundle.  jobs: processes at once; more than
    one is only for a process that has no other threads."""
    report, target = Report(os.fspath(path)), Path(path)
    try:
        multiply = engine_of(engine)
        if target.is_dir():
            check_bundle(target, None, multiply, report, jobs)
        elif not target.is_file():
            raise Usage(f"{short(report.path)}: no such directory or certificate")
        elif target.suffix != ".json" or target.absolute().parent.name != "points":
            raise Usage(f"{short(report.path)}: not a bundle directory and not a certificate points/NAME.json of one")
        else:
            check_bundle(target.absolute().parent.parent, target.stem, multiply, report)
    except Usage as error:
        report.usage = str(error)
    except (OSError, ValueError) as error:
        report.usage = f"{short(report.path)}: cannot be read ({short(str(error))})"
    return report


def table(report: Report) -> str:
    """The report for a human: plain ASCII, so that no bundle can send control characters to a terminal."""
    if report.usage:
        return f"error: {report.usage}"
    lines = [f"{ascii(report.path)[1:-1]}: {ascii(report.title)[1:-1]}"]
    if report.box:
        radii = ", ".join(f"{ascii(a)[1:-1]} {show(r)}" for a, r in report.box.items())
        lines.append(f"  for every network whose weights and biases differ by at most the radii (largest: {radii})")
    columns = ("parameter", "omega", "first_lyapunov_coefficient", "unstable_eigenvalues")
    if any(i.name.startswith("points/") for i in report.items):
        lines.append(f"  {'':18}{'gamma':26}{'omega':26}{'l1':30}n_u")
    for i in report.items:
        name = ascii(i.name)[1:-1]
        if i.facts and i.name.startswith("points/"):
            cells = [str(i.facts.get(key, "-")) for key in columns]
            lines.append(f"  {name:18}{cells[0]:26}{cells[1]:26}{cells[2]:30}{cells[3]}")
            name = ""
        elif i.facts:
            lines.append(f"  {name:18}" + ", ".join(f"{key} {value}" for key, value in i.facts.items()))
            name = ""
        steps = " ".join(f"{step} {'ok' if ok else 'FAILED'}," for step, ok in i.steps.items())
        lines.append(f"  {name:18}{steps} {i.verdict}")
        lines += [f"      {f.verdict.upper()} {f}" for f in i.failures[:5]]
        if len(i.failures) > 5:
            lines.append(f"      and {len(i.failures) - 5} more failures")
    return "\n".join([*lines, f"  {report.verdict.upper()}"])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check.py", description="Check bundles of proofgen (proofs/FORMAT.md).")
    parser.add_argument("paths", nargs="+", metavar="DIR_OR_CERTIFICATE")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--engine", choices=("auto", "python", "flint"), default="auto", help="integer matrix products")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes may run at once")
    arguments = parser.parse_args(argv)
    reports = [check_path(path, arguments.engine, arguments.jobs) for path in arguments.paths]
    codes = {report.exit_code for report in reports}
    code = next(c for c in (2, 1, 3, 0) if c in codes)
    if arguments.json:
        print(json.dumps({"format": "proofgen-check", "version": 1, "exit_code": code,
                          "reports": [report.to_dict() for report in reports]}, indent=1))  # fmt: skip
    else:
        for report in reports:
            print(table(report), file=sys.stderr if report.usage else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
