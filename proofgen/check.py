#!/usr/bin/env python3
"""Independent checker of proofgen bundles:  python -I check.py DIR_OR_CERTIFICATE [...] [--json] [--engine E]

The format and the theorems (A, B, Lemma C, H1-H4) are those of proofs/FORMAT.md; its letters are the names
used here.  The file imports the standard library only and shares no code with the prover.  A witness is
never trusted: from the exact network and the witness every bound is computed again, and a claim is accepted
only if the checker's own enclosure lies inside the claimed one.  There is no floating point.  Matrix products
are exact integer products; other numbers are rationals, or integers in units of 2^-F rounded in the safe
direction (a radius or an upper bound up, a lower bound down).

What soundness rests on, in the order of the file: intervals and elementary functions; activations; readers;
matrix products; the problem; class Spectrum (Theorems A and B, Lemma C); class Checker (H1-H4, the branch,
summary and manifest).  Reports and the command only print.

Exit codes: 0 accepted, 1 rejected, 2 bad usage, 3 incomplete (nothing refuted, something not decided).
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import re
import stat
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice
from math import isqrt, lcm
from operator import mul
from pathlib import Path
from typing import Any, TypeVar, cast

MAX_JSON, MAX_OTHER = 64 << 20, 512 << 20  # bytes of one JSON file, of one other file
MAX_DIMENSION, MAX_PRECISION = 1500, 1024  # beyond these the answer is "incomplete"
MAX_WORK = 5 * 10**11  # bit operations (in units of 30 x 30 bits) spent on one matrix product
BITS = MAX_PRECISION + 64  # significant bits kept of scalars that are not exact
GUARD = 32  # extra bits of moduli
MAX_NAMES, MAX_TERMS, MAX_LIMBS = 10**5, 100, 32
MAX_UNIT, MAX_BITS = 1 << 16, 1 << 31  # bits of a common denominator, of all numerators of an array

Matrix = list[list[int]]
Disc = tuple[int, int, int]  # real part, imaginary part, radius, in a common unit


class Rejected(Exception):
    """The bundle is malformed, or a claim is false or not supported by the witness."""


class Undecided(Exception):
    """Nothing is refuted, but this checker cannot decide."""


class Usage(Exception):
    """The command was not given something that can be checked."""


# ---------------------------------------------------------------------------------------------------------
# Scalars: closed intervals with rational ends; exact (lo = hi) as long as possible, else rounded outwards
# ---------------------------------------------------------------------------------------------------------


def up(a: int, b: int) -> int:
    """ceil(a/b), b > 0."""
    return -(-a // b)


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

    @property
    def exact(self) -> bool:
        return self.lo == self.hi

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

    def of(self, x: Fraction | int) -> Interval:
        """The number x of the same kind."""
        return Interval(x)

    def over(self, k: int) -> Interval:
        """Divided by the integer k > 0."""
        return Interval(self.lo / k, self.hi / k)

    def widen(self, r: Fraction) -> Interval:
        return Interval(self.lo - r, self.hi + r)

    @property
    def tiny(self) -> bool:
        return max(-self.lo, self.hi) <= Fraction(1, 1 << (BITS + 40))

    @property
    def exponent(self) -> int:
        """e with |x| < 2^(e+1)."""
        x = max(-self.lo, self.hi)
        return x.numerator.bit_length() - x.denominator.bit_length()

    def middle(self) -> tuple[Interval, Fraction]:
        m = Interval((self.lo + self.hi) / 2) if self.lo != self.hi else self
        return m, max(self.hi - m.lo, m.hi - self.lo)

    def ceil(self) -> int:
        return up(self.hi.numerator, self.hi.denominator)

    def sqrt(self) -> Interval:
        if self.lo < 0:
            raise Rejected("the argument of a sqrt is not positive")
        ends = []
        for x, sign in ((self.lo, -1), (self.hi, 1)):  # sqrt(p/q) = sqrt(p q)/q, first exactly, else with BITS bits
            p, q = x.numerator * x.denominator, x.denominator
            shift = 0 if isqrt(p) ** 2 == p else BITS + q.bit_length()
            root = isqrt(p << 2 * shift)
            ends.append(Fraction(root + (shift > 0 and sign > 0), q << shift))
        return Interval(*ends)

    def __abs__(self) -> Interval:
        return Interval(max(self.lo, -self.hi, Fraction(0)), max(-self.lo, self.hi))

    def __contains__(self, x: Fraction | int) -> bool:
        return self.lo <= x <= self.hi

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
        return -16 <= self.lo and self.hi <= 16

    @property
    def exponent(self) -> int:
        return max(-self.lo, self.hi).bit_length() - self.F

    def middle(self) -> tuple[Real, int]:
        m = (self.lo + self.hi) >> 1
        return Real(m, m, self.F), self.hi - m

    def ceil(self) -> int:
        return up(self.hi, 1 << self.F)

    def sqrt(self) -> Real:
        if self.lo < 0:
            raise Rejected("the argument of a sqrt is not positive")
        return Real(isqrt(self.lo << self.F), isqrt(self.hi << self.F) + 1, self.F)

    def __add__(self, o: Real) -> Real:
        return Real(self.lo + o.lo, self.hi + o.hi, self.F)

    def __neg__(self) -> Real:
        return Real(-self.hi, -self.lo, self.F)

    def __sub__(self, o: Real) -> Real:
        return Real(self.lo - o.hi, self.hi - o.lo, self.F)

    def __mul__(self, o: Real) -> Real:
        ends = (self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi)
        lo, hi = min(ends) >> self.F, -(-max(ends) >> self.F)
        if max(-lo, hi).bit_length() > self.F + (1 << 13):
            raise Undecided("a number is too large for this checker")
        return Real(lo, hi, self.F)

    def __truediv__(self, o: Real) -> Real:
        if o.lo <= 0 <= o.hi:
            raise Undecided("a denominator is not certainly nonzero")
        one = 1 << 2 * self.F
        return self * Real(one // o.hi, up(one, o.lo) if o.lo > 0 else -(one // -o.lo), self.F)

    def __abs__(self) -> Real:
        return Real(max(self.lo, -self.hi, 0), max(-self.lo, self.hi), self.F)

    def __eq__(self, o: object) -> bool:
        return isinstance(o, Real) and (self.lo, self.hi, self.F) == (o.lo, o.hi, o.F)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi, self.F))


N = TypeVar("N", Interval, Real)
Cached = TypeVar("Cached", bound=Callable[..., Any])


def cached(f: Cached) -> Cached:
    return cast(Cached, lru_cache(1024)(f))


ZERO, ONE = Interval(0), Interval(1)


def scaled(mid: int, rad: int, unit: int) -> Interval:
    """[mid - rad, mid + rad]/unit."""
    return Interval(Fraction(mid - rad, unit), Fraction(mid + rad, unit))


def hull(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))


def widened(a: Interval, r: Fraction) -> Interval:
    return Interval(a.lo - r, a.hi + r)


# --- elementary functions at a point: argument reduction, Taylor sum, remainder; either kind of number ---


def series(p: N, ratio: N, divisor: Callable[[int], int]) -> N:
    """Sum of p ratio^k/divisor(k) for |ratio| <= 1/2: the tail after K terms is at most 2|p ratio^K|."""
    assert abs(ratio + ratio).hi <= p.of(1).hi
    total, k = p.of(0), 0
    while not p.tiny:
        total, p, k = total + p.over(divisor(k)), p * ratio, k + 1
    return total.widen(2 * abs(p).hi)


@lru_cache
def factorial(k: int) -> int:
    return 1 if k < 2 else k * factorial(k - 1)


def halvings(x: N) -> int:
    """s with |x| / 2^s <= 2^-8."""
    if x.exponent > 12:
        raise Undecided("an argument of exp, sin or cos is too large for this checker")
    return max(0, x.exponent + 9)


@cached
def exp_at(x: N) -> N:
    """e^x = (e^(x/2^s))^(2^s)."""
    if x.lo < 0 or x == x.of(0):
        return x.of(1) / exp_at(-x) if x.lo < 0 else x.of(1)
    s = halvings(x)
    y = series(x.of(1), x.over(1 << s), factorial)
    for _ in range(s):
        y = y * y
    return y


def artanh(x: N) -> N:
    """Sum of x^(2k+1)/(2k+1), |x| < 1/2."""
    return series(x, x * x, lambda k: 2 * k + 1)


@cached
def log_at(x: N) -> N:
    """log(m 2^e) = 2 artanh((m-1)/(m+1)) + 2e artanh(1/3), as log 2 = 2 artanh(1/3)."""
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    e, one = x.exponent, x.of(1)
    m = x * x.of(Fraction(2) ** -e)  # in [1/2, 2], so |(m-1)/(m+1)| <= 1/3
    return x.of(2) * artanh((m - one) / (m + one)) + x.of(2 * e) * (artanh(one.over(3)) if e else x.of(0))


@cached
def cos_sin_at(x: N) -> tuple[N, N]:
    """Taylor at x/2^s, then cos 2t = 1 - 2 sin^2 t, sin 2t = 2 sin t cos t, s times."""
    s = halvings(x)
    t = x.over(1 << s)
    c = series(x.of(1), -(t * t), lambda k: factorial(2 * k))
    y = series(t, -(t * t), lambda k: factorial(2 * k + 1))
    for _ in range(s):
        c, y = x.of(1) - x.of(2) * y * y, x.of(2) * y * c
    return c, y


@cached
def atan_at(x: N) -> N:
    """Three times atan x = 2 atan(x/(1 + sqrt(1 + x^2))), then the Taylor sum; |argument| < 0.2 by then."""
    t, one = x, x.of(1)
    for _ in range(3):
        t = t / (one + (one + t * t).sqrt())
    return x.of(8) * series(t, -(t * t), lambda k: 2 * k + 1)


@cached
def pi_for(one: N) -> N:
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""
    x, y = (series(t, -(t * t), lambda k: 2 * k + 1) for t in (one.over(5), one.over(239)))
    return one.of(16) * x - one.of(4) * y


@cached
def erf_at(x: N) -> N:
    """erf x = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1)/(2k+1)!!  (ratio 2x^2/(2k+3), at most 1/2 from k = 2x^2 on)."""
    if x.exponent > 5:
        raise Undecided("an argument of erf is too large for this checker")
    total, p, square, k = x.of(0), x, x * x, 0
    limit = 2 * square.ceil()
    while k < limit or not p.tiny:
        total, p, k = total + p, (p * x.of(2) * square).over(2 * k + 3), k + 1
    return x.of(2) / pi_for(x.of(1)).sqrt() * (total.widen(2 * abs(p).hi) / exp_of(square))


@cached
def tanh_at(x: N) -> N:
    return x.of(1) - x.of(2) / (exp_of(x + x) + x.of(1))


# On an interval: the value in the middle, and a bound of the derivative.


def exp_of(x: N) -> N:
    """e^(m+t) - e^m is at most e^m (r + r^2) for |t| <= r <= 1."""
    (m, r), one = x.middle(), x.of(1)
    if r > one.hi:
        raise Undecided("an argument of exp varies too much for this checker")
    t = m.of(0).widen(r)
    return exp_at(m) * (one + t + abs(t) * t) if r else exp_at(m)


def log_of(x: N) -> N:
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    m, r = x.middle()
    return log_at(m) + m.of(0).widen(r) / x if r else log_at(m)


def lipschitz(f: Callable[[N], N], x: N, slope: int = 1) -> N:
    m, r = x.middle()
    return f(m).widen(slope * r)


def cos_sin_of(x: N) -> tuple[N, N]:
    m, r = x.middle()
    c, s = cos_sin_at(m)
    return c.widen(r), s.widen(r)


# ---------------------------------------------------------------------------------------------------------
# Activations (section 7): Taylor coefficients at a number z
# ---------------------------------------------------------------------------------------------------------

NAMES = {
    "tanh": "tanh(z)", "sin": "sin(z)", "arctan": "atan(z)", "erf": "erf(z)", "silu": "z*(1 + tanh(z/2))/2",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2", "identity": "z", "logistic": "(1 + tanh(z/2))/2",
    "softplus": "log(1 + exp(z))",
}  # fmt: skip


def total_of(zero: N, terms: Iterable[N]) -> N:
    for term in terms:
        zero = zero + term
    return zero


def jet_mul(a: list[N], b: list[N]) -> list[N]:
    zero = a[0].of(0)
    return [total_of(zero, (a[i] * b[k - i] for i in range(k + 1))) for k in range(len(a))]


def jet_div(a: list[N], b: list[N]) -> list[N]:
    zero, q = a[0].of(0), list[N]()
    if b[0] == zero:
        raise Rejected("the activation divides by zero at z = 0")
    for k in range(len(a)):
        q.append((a[k] - total_of(zero, (b[i] * q[k - i] for i in range(1, k + 1)))) / b[0])
    return q


def taylor(name: str, x: N, order: int) -> list[N]:
    """Coefficients f^(k)(x)/k!, k = 0..order, mostly from a differential equation of f."""
    one, places = x.of(1), range(order)
    if name == "exp":
        e = exp_of(x)
        return [e.over(factorial(k)) for k in range(order + 1)]
    if name in ("sinh", "cosh"):
        e, f = exp_of(x), exp_of(-x)
        values = ((e - f).over(2), (e + f).over(2))
        return [values[(k + (name == "cosh")) % 2].over(factorial(k)) for k in range(order + 1)]
    if name in ("sin", "cos"):
        cos, sin = cos_sin_of(x)
        cycle = (sin, cos, -sin, -cos)
        return [cycle[(k + (name == "cos")) % 4].over(factorial(k)) for k in range(order + 1)]
    if name in ("tanh", "tan"):  # t' = 1 - t^2, t' = 1 + t^2
        sign = -1 if name == "tanh" else 1
        cos, sin = cos_sin_of(x) if name == "tan" else (one, lipschitz(tanh_at, x))
        c = [sin / cos if name == "tan" else sin]
        for k in places:
            square = total_of(x.of(0), (c[i] * c[k - i] for i in range(k + 1)))
            c.append((x.of(int(k == 0)) + (square if sign > 0 else -square)).over(k + 1))
        return c
    if name == "log":
        c = [log_of(x), one / x]
        for k in range(1, order):
            c.append((-c[k] * c[1] * x.of(k)).over(k + 1))
        return c[: order + 1]
    if name == "sqrt":  # s' = s/(2x)
        c = [x.sqrt()]
        for k in places:
            c.append((c[k] / x * x.of(1 - 2 * k)).over(2 * k + 2))
        return c
    if name == "atan":  # g = f' satisfies (1 + (x+h)^2) g = 1
        c, g = [lipschitz(atan_at, x)], [one / (one + x * x)]
        for k in places:
            c.append(g[k].over(k + 1))
            g.append(-(x.of(2) * x * g[k] + (g[k - 1] if k else x.of(0))) * g[0])
        return c
    # erf: g = f' satisfies g' = -2 (x+h) g
    c, g = [lipschitz(erf_at, x, 2)], [x.of(2) / pi_for(one).sqrt() * exp_of(-(x * x))]
    for k in places:
        c.append(g[k].over(k + 1))
        g.append((-x.of(2) * (x * g[k] + (g[k - 1] if k else x.of(0)))).over(k + 1))
    return c


FUNCTIONS = frozenset(["exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf"])


def evaluate(node: ast.AST, text: str, budget: list[int], z: N, order: int) -> list[N]:
    """The Taylor coefficients at z of an expression.  Python's parser only builds the tree: nothing of it is ever run."""
    zero, one, zeros = z.of(0), z.of(1), [z.of(0)] * order

    def sub(child: ast.AST) -> list[N]:
        return evaluate(child, text, budget, z, order)

    budget[0] -= 1
    if budget[0] < 0:
        raise Undecided("the activation is too long for this checker")
    match node:
        case ast.Name(id="z"):
            return [z, one, *zeros[1:]]
        case ast.Constant():  # read exactly from the text, not from the parser's floating-point value
            literal = text[node.col_offset : node.end_col_offset].lower().replace("e+", "e")
            return [z.of(fraction(literal, "activation")), *zeros]
        case ast.UnaryOp(op=ast.UAdd()):
            return sub(node.operand)
        case ast.UnaryOp(op=ast.USub()):
            return [-c for c in sub(node.operand)]
        case ast.BinOp(op=ast.Add()):
            return [a + b for a, b in zip(sub(node.left), sub(node.right), strict=True)]
        case ast.BinOp(op=ast.Sub()):
            return [a - b for a, b in zip(sub(node.left), sub(node.right), strict=True)]
        case ast.BinOp(op=ast.Mult()):
            return jet_mul(sub(node.left), sub(node.right))
        case ast.BinOp(op=ast.Div()):
            return jet_div(sub(node.left), sub(node.right))
        case ast.BinOp(op=ast.Pow()):
            literal = text[node.right.col_offset : node.right.end_col_offset]
            exponent = re.fullmatch(r"([+-]?) *([0-9]{1,2})", literal)
            if exponent is None or int(exponent[2]) > 64:
                raise Rejected("an exponent of the activation is not an integer literal of absolute value <= 64")
            base, result = sub(node.left), [one, *zeros]
            for bit in f"{int(exponent[2]):b}":
                result = jet_mul(result, result)
                result = jet_mul(result, base) if bit == "1" else result
            return jet_div([one, *zeros], result) if exponent[1] == "-" else result
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            u = sub(argument)
            c, h = taylor(name, u[0], order), [zero, *u[1:]]
            if all(x == zero for x in u[2:]):  # f(u_0 + u_1 h)
                power = one
                for k in range(order + 1):
                    c[k], power = c[k] * power, power * u[1]
                return c
            result = [c[order], *zeros]  # f(u_0 + h) = c_0 + h (c_1 + h (c_2 + h ...))
            for k in reversed(range(order)):
                product = jet_mul(result, h)
                result = [product[0] + c[k], *product[1:]]
            return result
    raise Rejected(f"the activation holds {short(type(node).__name__)}, which is not of the format")


@lru_cache(64)
def expression(text: str) -> tuple[ast.AST, str]:
    """The tree of an activation, and its text."""
    text = NAMES.get(text, text)
    try:
        if len(text) > 2000 or not re.fullmatch(r"[0-9A-Za-z.+*/() -]*", text):
            raise Rejected("the activation is too long, or holds a character that is not of the format")
        return ast.parse(text.strip(), mode="eval").body, text.strip()
    except (MemoryError, RecursionError):
        raise Undecided("the activation is nested too deeply for this checker") from None
    except (SyntaxError, ValueError) as error:
        raise Rejected(f"the activation is not an expression of the format ({type(error).__name__})") from None


def coefficients_at(text: str, z: N, order: int) -> list[N]:
    try:
        return evaluate(*expression(text), [1000], z, order)
    except RecursionError:
        raise Undecided("the activation is nested too deeply for this checker") from None


def activation(text: str) -> tuple[Interval, Interval, Interval]:
    """sigma_1, sigma_2, sigma_3; sigma(0) = 0 and sigma_1 != 0 are proved."""
    c = coefficients_at(text, ZERO, 3)
    if 0 not in c[0] or c[1] == ZERO:
        raise Rejected("the activation has sigma(0) != 0 or sigma'(0) = 0, to which the method does not apply")
    if not c[0].exact or 0 in c[1]:
        raise Undecided("sigma(0) = 0 and sigma'(0) != 0 could not be established for this activation")
    return c[1], Interval(2) * c[2], Interval(6) * c[3]


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


def short(value: object) -> str:
    """An untrusted value, safe and short enough to print."""
    shown = ascii(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


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
    ends = parse(value, [decimal], where)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise Rejected(f"{where}: not an enclosure [LO, HI] with LO <= HI")
    result = Interval(0)
    result.lo, result.hi = ends  # a claim is never rounded
    return result


def number(value: Any, where: str) -> Fraction:
    """A decimal or a dyadic."""
    if not isinstance(value, list):
        return decimal(value, where)
    if [type(x) for x in value] != [int, int] or abs(value[0]) >= 1 << 64 or abs(value[1]) > 4096:
        raise Rejected(f"{where}: bad dyadic {short(value)}")
    return int(value[0]) * Fraction(2) ** int(value[1])


def never(value: Any, where: str) -> Any:
    raise Rejected(f"{where}: found {short(value)}, expected null")


def optional(spec: Any) -> Callable[[Any, str], Any]:
    return lambda value, where: None if value is None else parse(value, spec, where)


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


class Bundle:
    """Read access to the files of one bundle: regular files below `root`, never through a link."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.used: set[str] = set()

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.root / name)

    def read(self, name: str, limit: int) -> bytes:
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
                if not stat.S_ISREG(info.st_mode) or info.st_size > limit:
                    raise Rejected(f"{name}: not a regular file of at most {limit} bytes")
                data = file.read(limit + 1)
        except OSError as error:
            raise Rejected(f"{name}: cannot be read ({error.strerror})") from None
        if len(data) > limit:
            raise Rejected(f"{name}: longer than {limit} bytes")
        return data

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

    def array(self, value: Any, where: str, witness: bool = False) -> Array:
        """An array reference: a NumPy 1.0 file with the stated digest (section 2)."""
        integers = isinstance(value, dict) and "denominator" in value
        ref = parse(value, REFERENCE | ({"denominator": decimal} if integers else {}), where)
        file, shape = ref["file"], tuple(ref["shape"])
        if not re.fullmatch(r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy", file):
            raise Rejected(f"{where}: {short(file)} is not of the form arrays/NAME.npy")
        if len(shape) not in (1, 2) or not 0 < min(shape) <= max(shape) <= MAX_DIMENSION:
            raise Rejected(f"{where}: bad shape {short(shape)}")
        data = self.read(file, 8 * MAX_DIMENSION**2 + 4096)
        if hashlib.sha256(data).hexdigest() != ref["sha256"]:
            raise Rejected(f"{where}: the SHA-256 digest of {file} is not the stated one")
        start = 10 + int.from_bytes(data[8:10], "little")
        head = re.fullmatch(rb"\x93NUMPY\x01\x00..\{'descr': '(<f8|<i8)', 'fortran_order': False, 'shape': "
                            rb"\((\d{1,7}),(?: (\d{1,7}))?\), \} *\n", data[:start], re.DOTALL)  # fmt: skip
        size = shape[0] * (shape[1] if len(shape) == 2 else 1)
        if not head or tuple(int(s) for s in head.groups()[1:] if s) != shape or len(data) != start + 8 * size:
            raise Rejected(f"{where}: {file} is not a NumPy 1.0 file of shape {shape}")
        if head[1] == b"<i8":
            denominator = ref.get("denominator", Fraction(1))
            if witness or denominator < 1 or denominator.denominator != 1:
                raise Rejected(f"{where}: {file}: a witness of integers, or a bad denominator")
            flat, unit = list(struct.unpack(f"<{size}q", data[start:])), denominator.numerator
        elif integers:
            raise Rejected(f"{where}: a binary64 array has no denominator")
        else:
            try:
                ratios = [x.as_integer_ratio() for x in struct.unpack(f"<{size}d", data[start:])]
            except (ValueError, OverflowError):
                raise Rejected(f"{where}: {file} holds a NaN or an infinity") from None
            unit = max(q for _, q in ratios)  # all are powers of two
            flat = [p * (unit // q) for p, q in ratios]
        return Array([flat[i : i + shape[-1]] for i in range(0, size, shape[-1])], unit, shape)

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
        unit = lcm(*{x.denominator for x in chain(*entries)})
        if len(entries) * len(entries[0]) * unit.bit_length() > MAX_BITS:
            raise Undecided(f"{where}: too many digits for this checker")
        shape = (len(rows), len(entries[0])) if nested else (len(rows),)
        return Array([[x.numerator * (unit // x.denominator) for x in row] for row in entries], unit, shape)

    def limb_sum(self, value: Any, where: str, shape: tuple[int, int]) -> tuple[Matrix, int]:
        """The exact sum of binary64 arrays: integers, and s with unit 2^-s."""
        references = parse(value, [anything], where)
        if not 0 < len(references) <= MAX_LIMBS:
            raise Rejected(f"{where}: expected 1 to {MAX_LIMBS} arrays")
        total, unit = [[0] * shape[1] for _ in range(shape[0])], 1
        for reference in references:
            limb = self.array(reference, where, witness=True)
            if limb.shape != shape:
                raise Rejected(f"{where}: expected arrays of shape {shape}")
            if limb.unit > unit:
                total, unit = [[x * (limb.unit // unit) for x in row] for row in total], limb.unit
            total = added(total, limb.rows, unit // limb.unit)
        return total, unit.bit_length() - 1


def added(A: Matrix, B: Matrix, factor: int) -> Matrix:
    return [[a + factor * b for a, b in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


Spec = Any  # what `parse` understands
REFERENCE: dict[str, Spec] = {"file": text, "sha256": text, "shape": [count]}
IDENTITY_TERM: dict[str, Spec] = {"coefficient": decimal, "identity": one_of(True)}
MATRIX_TERM: dict[str, Spec] = {"coefficient": decimal, "matrix": text, "transpose": boolean}
HEAD: dict[str, Spec] = {"format": anything, "version": anything}
PROBLEM = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": optional(enclosure)},
    "leak": anything, "arrays": anything, "weight_radius": decimal,
    "layers": [{"activation": text, "weights": [anything], "parameter": [anything], "bias": optional(text)}],
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
SUMMARY: dict[str, Spec] = {
    "format": anything, "version": anything, "title": text, "dimension": count,
    "status": one_of("proved", "incomplete"), "complete": boolean,
    "interval": optional(enclosure), "method": text, "points": [anything],
    "real_crossings": [enclosure], "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    "options": anything, "timing": anything, "versions": anything,
}  # fmt: skip


def document(value: Any, kind: str, spec: Any, where: str) -> Any:
    """A file of the bundle; its format, version and method are looked at before anything else."""
    if not isinstance(value, dict) or value.get("format") != kind or type(value.get("version")) is not int:
        raise Rejected(f"{where}: `format` is not {kind!r}, or there is no version")
    if value["version"] != 1 or ("method" in spec and value.get("method", "zero-branch") != "zero-branch"):
        raise Undecided(f"{where}: this version or method is unknown to this checker")
    return parse(value, spec, where)


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
class Problem:
    title: str
    n: int
    interval: Interval | None
    W: Matrix  # W^0 = W/W_unit, exactly
    W_unit: int
    b: Array | None
    radius: Fraction  # of every entry of every array
    off_diagonal: Fraction  # Delta_ij, i != j
    diagonal: Fraction  # Delta_ii
    sigma: tuple[Interval, Interval, Interval]
    sha256: str
    multiply: Engine

    def product(self, A: Matrix, B: Matrix) -> Matrix:
        if len(A) * len(B) * len(B[0]) * (size_of(A) // 30 + 1) * (size_of(B) // 30 + 1) > MAX_WORK:
            raise Undecided("the numbers of the witness have too many bits for this checker")
        return self.multiply(A, B)


def read_problem(bundle: Bundle, engine: Engine) -> Problem:
    where, data = "problem.json", bundle.read("problem.json", MAX_JSON)
    p = document(read_json(data, where), "proofgen-problem", PROBLEM, where)
    n, radius, names = p["dimension"], p["weight_radius"], p["arrays"]
    if not isinstance(names, dict) or len(names) > 100 or n < 2 or radius < 0 or len(p["title"]) > 500:
        raise Rejected(f"{where}: dimension < 2, weight_radius < 0, too long a title, or bad arrays")
    if n > MAX_DIMENSION or p["leak"] is not None or len(p["layers"]) != 1:
        raise Undecided(f"{where}: only one layer without leak, of dimension <= {MAX_DIMENSION}, is known here")
    layer = p["layers"][0]
    arrays = {name: bundle.exact_array(value, f"{where}: array {short(name)}") for name, value in names.items()}
    terms: dict[str, list[tuple[Fraction, str | None, bool]]] = {"parameter": [], "weights": []}
    for kind, found in terms.items():
        for t in layer[kind]:
            identity = isinstance(t, dict) and "identity" in t
            t = parse(t, IDENTITY_TERM if identity else MATRIX_TERM, f"{where}: {kind}")
            if not identity and (t["matrix"] not in arrays or arrays[t["matrix"]].shape != (n, n)):
                raise Rejected(f"{where}: {short(t['matrix'])} is not an {n} x {n} array")
            found.append((t["coefficient"], t.get("matrix"), t.get("transpose", False)))
    if terms["parameter"] != [(Fraction(1), None, False)]:
        raise Undecided(f"{where}: only W^0 + gamma I is known to this checker")
    if len(terms["weights"]) > MAX_TERMS:
        raise Undecided(f"{where}: more than {MAX_TERMS} terms are beyond this checker")
    unit = lcm(*(c.denominator * (arrays[a].unit if a is not None else 1) for c, a, _ in terms["weights"]))
    if unit.bit_length() > MAX_UNIT or n * n * unit.bit_length() > MAX_BITS:
        raise Undecided(f"{where}: the common denominator of the weights is beyond this checker")
    W = [[0] * n for _ in range(n)]
    coefficients: dict[str, list[Fraction]] = {}  # of the array entries a_ij and a_ji in W^0_ij
    for c, a, transposed in terms["weights"]:
        if a is None:
            W = added(W, [[int(i == j) for j in range(n)] for i in range(n)], int(c * unit))
        else:
            rows = transpose(arrays[a].rows) if transposed else arrays[a].rows
            W = added(W, rows, int(c * (unit // arrays[a].unit)))
            coefficients.setdefault(a, [Fraction(0), Fraction(0)])[transposed] += c
    b = None if layer["bias"] is None else arrays.get(layer["bias"])
    if layer["bias"] is not None and (b is None or b.shape != (n,)):
        raise Rejected(f"{where}: bias is not an array of shape [{n}]")
    off_diagonal = radius * sum((abs(c) + abs(t) for c, t in coefficients.values()), Fraction(0))
    diagonal = radius * sum((abs(c + t) for c, t in coefficients.values()), Fraction(0))
    return Problem(p["title"], n, p["parameter"]["interval"], W, unit, b, radius, off_diagonal, diagonal,
                   activation(layer["activation"]), hashlib.sha256(data).hexdigest(), engine)  # fmt: skip


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


class Spectrum:
    """Theorem A for one witness.  Integers in units of 2^-F: r, rho, s, e, o, g, nu, t, c, norm_N, |N_ij|."""

    def __init__(self, problem: Problem, m: int, X: tuple[Matrix, int], Y: tuple[Matrix, int],
                 d: tuple[Matrix, int], bits: int) -> None:  # fmt: skip
        self.problem, self.n, self.m = problem, problem.n, m
        self.X, self.X_unit = X
        self.Y, self.Y_unit = Y
        self.d, self.d_unit = d
        n, product = self.n, problem.product
        for a, (_, im) in enumerate(self.d):
            if (im <= 0) if a < m else im:
                raise Rejected(f"witness: row {a} of d has a bad imaginary part")
        # R = I - YX, N = YWX, exactly, in units 1/R_unit and 1/N_unit
        extra = 64 if problem.off_diagonal or problem.diagonal else 0
        R_unit, N_unit = 1 << self.X_unit + self.Y_unit, problem.W_unit << self.X_unit + self.Y_unit + extra
        YX = product(self.Y, self.X)
        R = [[(R_unit if i == j else 0) - x for j, x in enumerate(row)] for i, row in enumerate(YX)]
        N = product(self.Y, product(problem.W, self.X))
        if extra:
            N = [[x << extra for x in row] for row in N]
        self.F = F = bits + max(0, N_unit.bit_length() - size_of(N)) if size_of(N) else bits
        self.one = 1 << F
        # |(XP)_lj| and |(P^-1 Y)_jl| for groups j, rounded up; units 2^-(X_unit + GUARD), 2^-(Y_unit + 1 + GUARD)
        pairs, reals = range(m), range(2 * m, n)
        self.X_abs = [[hypot_up(row[2 * a] << GUARD, row[2 * a + 1] << GUARD) for a in pairs]
                      + [abs(row[j]) << GUARD for j in reals] for row in self.X]  # fmt: skip
        self.Y_abs = [[hypot_up(x << GUARD, y << GUARD) for x, y in zip(*self.Y[2 * a : 2 * a + 2], strict=True)]
                      for a in pairs] + [[abs(x) << GUARD + 1 for x in self.Y[j]] for j in reals]  # fmt: skip
        box, box_modulus = self.box(N_unit) if extra else (None, None)
        self.N_abs, self.e, self.r = [], [], []
        for group in range(n - m):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)

            def rows(Q: Matrix, i: int = i, copies: int = copies) -> tuple[list[int], list[int] | None]:
                return Q[i], Q[i + 1] if copies == 2 else None

            entries = complex_row(*rows(N), m)
            radii = complex_radii(*rows(box), m) if box else [(0, 0)] * n
            row = [self.modulus(x, y, 2 * N_unit) for (x, y) in entries]
            if box and box_modulus:  # over the box, the better of two bounds
                row = [min(p + q, self.modulus(abs(x) + rx, abs(y) + ry, 2 * N_unit)) for p, q, (x, y), (rx, ry)
                       in zip(row, box_modulus[group], entries, radii, strict=True)]  # fmt: skip
            (x, y), (rx, ry), (re, im), u = entries[i], radii[i], self.d[group], 2 * N_unit
            x, y = abs((x << self.d_unit) - u * re), abs((y << self.d_unit) - u * im)
            e = self.modulus(x + (rx << self.d_unit), y + (ry << self.d_unit), u << self.d_unit)
            if box_modulus:
                e = min(e, self.modulus(x, y, u << self.d_unit) + box_modulus[group][i])
            r = sum(self.modulus(x, y, 2 * R_unit) for x, y in complex_row(*rows(R), m))
            self.N_abs += [row, swapped(row, m)][:copies]
            self.e += [e] * copies
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

    def modulus(self, re: int, im: int, unit: int) -> int:
        """|re + i im|/unit, rounded up."""
        return up(hypot_up(re << GUARD, im << GUARD) << self.F, unit << GUARD)

    def box(self, N_unit: int) -> tuple[Matrix, Matrix]:
        """Bounds of Y(W - W^0)X over the box, entrywise: |Y| Delta |X| in real indices (units 1/N_unit) and
        |P^-1 Y| Delta |XP| in complex indices (units 2^-F).  Delta is constant off the diagonal and on it."""
        p, n, m = self.problem, self.n, self.m
        result = []
        for left, right, unit, scale in (
            (absolute(self.Y), absolute(self.X), self.X_unit + self.Y_unit, N_unit),
            (self.Y_abs, self.X_abs, self.X_unit + self.Y_unit + 1 + 2 * GUARD, self.one),
        ):
            rows, columns, both = [sum(x) for x in left], [sum(x) for x in zip(*right, strict=True)], p.off_diagonal
            less, same = p.off_diagonal - p.diagonal, p.product(left, right)
            q = lcm(both.denominator, less.denominator)
            b, c = int(both * q) * scale, int(less * q) * scale
            result.append([[up(b * u * v - c * w, q << unit) for v, w in zip(columns, row, strict=True)]
                           for u, row in zip(rows, same, strict=True)])  # fmt: skip
        groups = [self.group(i) for i in range(n)]
        return result[0], [[row[j] for j in groups] for row in result[1][: n - m]]

    def group(self, i: int) -> int:
        return i // 2 if i < 2 * self.m else i - self.m

    def centre(self, i: int) -> tuple[int, int]:
        re, im = self.d[self.group(i)]
        return re, -im if i < 2 * self.m and i % 2 else im

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

    def grouped(self, v: Sequence[int]) -> list[int]:
        """Sums over the two indices of each pair."""
        return [v[2 * a] + v[2 * a + 1] for a in range(self.m)] + list(v[2 * self.m :])

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
            y.append((*x, error + 2))
        norms = [max(hypot_up(re, im) + rad for re, im, rad in v) for v in (r, y)]
        error = up(max(self.s) * norms[0] + max(self.g) * norms[1], beta)
        return [(re, im, rad + error) for re, im, rad in y], beta

    def times_X(self, vectors: list[list[Disc]]) -> list[list[Disc]]:
        """XPy for several y, in units smaller by 2^-X_unit."""
        columns, m, product = [], self.m, self.problem.product
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
        columns, m, product, result = [], self.m, self.problem.product, []
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
        self.failures.append(Failure(verdict, self.step, statement, left, relation, right))

    def require(self, holds: bool, statement: str) -> None:
        if not holds:
            self.fail(statement)

    def compare(self, statement: str, left: Fraction, relation: str, right: Fraction) -> None:
        """left <= right, left < right or left >= right."""
        if not {"<=": left <= right, "<": left < right, ">=": left >= right}[relation]:
            digits = 7
            while left != right and digits < 50 and show(left, digits) == show(right, digits):
                digits += 8
            self.fail(statement, show(left, digits), relation, show(right, digits))

    def inside(self, name: str, own: Interval, claim: Interval) -> None:
        """The checker's enclosure lies inside the claimed one."""
        if not own.within(claim):
            disjoint = own.hi < claim.lo or claim.hi < own.lo
            digits = 7
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
                "title": self.title, "items": entries}  # fmt: skip

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


class Checker:
    """Everything that one bundle's files have in common."""

    def __init__(self, bundle: Bundle, problem: Problem) -> None:
        self.bundle, self.problem = bundle, problem
        self.spectra: dict[str, Spectrum | Exception] = {}

    def read(self, name: str, kind: str, spec: Any) -> dict[str, Any]:
        raw: dict[str, Any] = document(read_json(self.bundle.read(name, MAX_JSON), name), kind, spec, name)
        if raw["problem"]["sha256"] != self.problem.sha256:
            raise Rejected(f"{name}: the digest is not that of problem.json")
        if raw["precision"] > MAX_PRECISION:
            raise Undecided(f"{name}: a precision above {MAX_PRECISION} bits is beyond this checker")
        return raw

    def spectrum(self, witness: dict[str, Any], precision: int, where: str) -> Spectrum:
        """Theorem A, once for each different witness."""
        m, n, bits = witness["pairs"], self.problem.n, max(precision, 128) + 64
        if 2 * m > n:
            raise Rejected(f"{where}: more pairs than columns")
        key = json.dumps([bits, m, witness["X"], witness["Y"], witness["d"]])
        if key not in self.spectra:
            try:
                X, Y, d = (self.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
                           for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
                self.spectra[key] = Spectrum(self.problem, m, X, Y, d, bits)
            except (Rejected, Undecided) as error:
                self.spectra[key] = error
        found = self.spectra[key]
        if isinstance(found, Exception):
            raise found
        return found

    def certificate(self, name: str, item: Item) -> Certificate:
        """Read points/NAME.json and its witness."""
        where = f"points/{name}.json"
        c = self.read(where, "proofgen-certificate", CERTIFICATE)
        witness, k = c["witness"], 2 * c["witness"]["pair"]
        if c["id"] != name or not re.fullmatch(r"hopf-[0-9]{4,6}", name):
            raise Rejected(f"{where}: `id` is not the name of the file")
        if len(c["claims"]["equilibrium"]) != self.problem.n or len(c["bounds"]["eigenvalue"]) != 2:
            raise Rejected(f"{where}: equilibrium or eigenvalue has the wrong length")
        if k >= 2 * witness["pairs"]:
            raise Rejected(f"{where}: the witness has no such pair; a real eigenvalue is not a Hopf point")
        item.begin("Theorem A")
        return Certificate(item, name, c["claims"], c["bounds"], self.spectrum(witness, c["precision"], where), k)

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
        c.pq_defect = up(sum(map(mul, c.delta, c.delta_left)), A.one)
        item.compare("pq_defect", Fraction(c.pq_defect, A.one), "<=", bounds["pq_defect"])
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
        b, radius, n, values = self.problem.b, self.problem.radius, A.n, []
        if b is None or (radius == 0 and not any(b.rows[0])):
            values = [(c, [ZERO] * n) for c in group]
        else:
            error = int(any((x << A.F) % b.unit for x in b.rows[0]))
            error += up(radius.numerator << A.F, radius.denominator)
            (r,) = A.times_Y([[((x << A.F) // b.unit, 0, error) for x in b.rows[0]]])
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
            s_rad += (b + ep) * (a + eq) ** 3 - b * a**3
            # To first order Im changes by Im((2|q|^2 conj(p) - conj(q)^2 p) dq) + Im(q|q|^2 dp)
            real, imag = x * x - y * y, 2 * x * y  # q^2
            s, t = 2 * square * u - real * u + imag * v, 2 * square * v + real * v + imag * u
            im_rad += hypot_up(s, t) * eq + (b + ep) * (a + eq) ** 3 - b * a**3 - 3 * b * a * a * eq
            qq += square
            qq_rad += (2 * a + eq) * eq
            if c.g is not None:
                p, q, e = c.g[i]
                s, t, size = u * x + v * y, v * x - u * y, hypot_up(p, q)  # conj(p_l) conj(q_l)
                g_re += s * p - t * q
                g_im += s * q + t * p
                g_rad += (b + ep) * (a + eq) * (size + e) - b * a * size

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
        l1 = nu * nu * bracket / (Interval(2) * abs(sigma_1) * qq_ball)
        item.inside("first_lyapunov_coefficient", l1, claims["first_lyapunov_coefficient"])
        claim = claims["first_lyapunov_coefficient"]
        item.require(0 not in claim, "the claim first_lyapunov_coefficient does not exclude 0")
        sign = "supercritical" if claim.hi < 0 else "subcritical"
        item.require(claims["criticality"] == sign, f"the claim {claims['criticality']} is false: {sign}")
        item.facts["first_lyapunov_coefficient"] = show(l1)

    def points(self, names: Iterable[str]) -> list[tuple[Item, Certificate | None]]:
        """Check certificates: those with one witness together."""
        result: list[tuple[Item, Certificate | None]] = []
        groups: dict[int, list[Certificate]] = {}
        for name in names:
            item = Item(f"points/{name}")
            item.begin("format")
            parsed: list[Certificate] = []
            item.guard(lambda name=name, item=item, to=parsed: to.append(self.certificate(name, item)))
            result.append((item, parsed[0] if parsed else None))
            for c in parsed:
                if item.guard(self.spectral, c):
                    groups.setdefault(id(c.spectrum), []).append(c)
        for group in groups.values():
            A, batch = group[0].spectrum, Item("")
            done = batch.guard(self.vectors, A, group) and batch.guard(self.equilibria, A, group)
            if done and self.problem.sigma[1] != ZERO:
                batch.guard(self.resolvents, A, group)
            for c in group:
                c.item.failures += batch.failures
                if not batch.failures:
                    c.item.guard(self.h4, c)
        return result

    # --- the branch (section 5) ---

    def branch(self, item: Item, files: list[str], checked: dict[str, Certificate | None]) -> dict[str, Any]:
        """Check branch.json and return its claims.  `files` are the names in points/; `checked` holds None for a
        certificate that was not accepted."""
        where, p = "branch.json", self.problem
        item.begin("format")
        branch = self.read(where, "proofgen-branch", BRANCH)
        claims: dict[str, Any] = branch["claims"]
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
            item.require(not (ids or crossings or claims["complete"]), "without a witness nothing is proved")
            rows = max(Fraction(sum(map(abs, row)), p.W_unit) for row in p.W)
            norm = rows + (p.n - 1) * p.off_diagonal + p.diagonal  # every |mu| <= ||W||_inf <= norm
            if len(pieces) != 1:
                raise Rejected("without a witness `unsettled` holds exactly one interval")
            own = Interval(-norm, norm)
            if not outside(own):
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
        last: Fraction | None = None
        for point in listed:
            c = checked.get(point["id"])
            if c is None:
                raise Undecided(f"rests on {point['id']}, which is not accepted")
            own = -c.spectrum.re(c.k)
            item.inside(f"points: parameter of {point['id']}", own, point["parameter"])
            item.require(last is None or own.lo > last, f"{point['id']} is not in increasing order of the parameter")
            last = own.hi
            inside_range = inside(own)
            item.require(not outside(own), f"{point['id']} lies outside the interval")
            item.require(inside_range or not claims["complete"], f"{point['id']} is not certainly in the interval")
            j = c.k if c.spectrum is A else self.matching(A, c)
            item.require(point["pair"] in (None, j // 2), f"{point['id']} does not belong to pair {point['pair']}")
            if j in settled:
                raise Rejected(f"{point['id']} and {settled[j]} are the same Hopf point")
            settled[j] = settled[j ^ 1] = point["id"]

        item.begin("real crossings")
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
        for j in range(A.n):
            if j in settled or outside(gammas[j]):
                continue
            if claims["complete"]:
                item.fail(f"the claim `complete` is not supported: an eigenvalue may be on the axis "
                          f"at gamma in {show(gammas[j])}, which is not listed")  # fmt: skip
                break
            # the part of the claimed enclosures that is proved to be covered, from the left
            at, own = clipped(gammas[j]).lo, clipped(gammas[j])
            for piece in sorted(pieces + crossings + [x["parameter"] for x in listed], key=lambda x: x.lo):
                at = max(at, piece.hi) if piece.lo <= at else at
            if at < own.hi or not any(own.lo in piece for piece in pieces + crossings
                                      + [x["parameter"] for x in listed]):  # fmt: skip
                item.fail(f"gamma in {show(own)} is neither settled nor in `unsettled` (covered up to {show(at)})")
        return claims

    @staticmethod
    def matching(A: Spectrum, c: Certificate) -> int:
        """The isolated disc a+ of A that holds the eigenvalue of a certificate with another witness: the only one
        which its disc K_k meets."""
        x, y, r = c.spectrum.disc(c.k)
        discs = [A.disc(j) for j in range(A.n)]

        def meet(x: Fraction, y: Fraction, r: Fraction) -> list[int]:
            return [j for j, (u, v, s) in enumerate(discs) if (x - u) ** 2 + (y - v) ** 2 <= (r + s) ** 2]

        found = meet(x, y, r)
        if len(found) != 1 or meet(*discs[found[0]]) != found or found[0] >= 2 * A.m or found[0] % 2:
            raise Rejected(f"{c.id} does not belong to one isolated disc of the branch's witness")
        return found[0]

    def summary(self, item: Item, branch: dict[str, Any] | None, points: dict[str, Certificate | None]) -> None:
        """summary.json may claim only what the certificates claim."""
        where, proved, last = "summary.json", [], None
        item.begin("format")
        raw = read_json(self.bundle.read(where, MAX_JSON), where, floats=True)
        s = document(raw, "proofgen-summary", SUMMARY, where)
        item.begin("claims")
        claims = branch or {"complete": False, "real_crossings": [], "unsettled": []}
        item.require(s["interval"] == self.problem.interval, "the interval is not the one of problem.json")
        same = (s["dimension"], s["title"]) == (self.problem.n, self.problem.title)
        item.require(same, "the dimension or title is not the one of problem.json")
        item.require(s["complete"] == claims["complete"], "`complete` is not what branch.json claims")
        item.require(s["real_crossings"] == claims["real_crossings"], "real_crossings differs from branch.json")
        item.require([x["interval"] for x in s["unsettled"]] == [x["interval"] for x in claims["unsettled"]],
                     "unsettled differs from branch.json")  # fmt: skip
        for point in s["points"]:
            proof = isinstance(point, dict) and point.get("status") != "undecided"
            known = ("parameter", "omega", "first_lyapunov_coefficient")  # what an undecided point may state
            open_spec = {key: optional(enclosure if key in known else never) for key in POINT}
            spec = POINT if proof else open_spec
            point = parse(point, spec | {"id": text, "status": one_of("proved", "undecided"), "reason": optional(text),
                                         "code": optional(text), "certificate": optional(text),
                                         "tex": optional(text)}, where)  # fmt: skip
            name = point["id"]
            item.require(last is None or (len(last), last) < (len(name), name), f"{short(name)} is out of order")
            last = name
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
        for line in self.bundle.read("MANIFEST.sha256", 1 << 24).decode("utf-8", "replace").splitlines():
            match = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
            if match is None or match[2] in listed:
                raise Rejected(f"MANIFEST.sha256: bad line {short(line)}")
            listed.add(match[2])
            if hashlib.sha256(self.bundle.read(match[2], MAX_OTHER)).hexdigest() != match[1]:
                raise Rejected(f"MANIFEST.sha256: the digest of {short(match[2])} is not the stated one")
        for name in sorted(self.bundle.used - listed - {"summary.json", "MANIFEST.sha256"}):
            raise Rejected(f"MANIFEST.sha256: {short(name)} is not listed")


# ---------------------------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------------------------


def check_bundle(root: Path, single: str | None, engine: Engine, report: Report) -> None:
    """Check all that a bundle claims, or one certificate of it."""
    bundle, start = Bundle(root), Item("problem")
    start.begin("format")
    problems: list[Problem] = []
    if not start.guard(lambda: problems.append(read_problem(bundle, engine))):
        report.items.append(start)
        return
    report.title = problems[0].title
    checker = Checker(bundle, problems[0])
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
    accepted = {name: c if item.verdict == "accepted" else None
                for name, (item, c) in zip(files, results, strict=True)}  # fmt: skip
    branch: list[dict[str, Any]] = []
    if bundle.exists("branch.json"):
        item = Item("branch")
        item.guard(lambda: branch.append(checker.branch(item, files, accepted)))
        report.items.append(item)
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


def check_path(path: str | os.PathLike[str], engine: str = "auto") -> Report:
    """Check a bundle directory or one certificate points/NAME.json of a bundle."""
    report, target = Report(os.fspath(path)), Path(path)
    try:
        multiply = engine_of(engine)
        if target.is_dir():
            check_bundle(target, None, multiply, report)
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
    arguments = parser.parse_args(argv)
    reports = [check_path(path, arguments.engine) for path in arguments.paths]
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
