"""A function f and its first three derivatives over an interval."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from importlib import import_module

from .budget import OPERATION, digits_in
from .elementary import atan_at, cos_sin_of, erf_at, exp_of, log_of, tanh_at
from .intervals import Real, around, extremes
from .series import pi_for
from .verdicts import Rejected, Undecided

MAX_DEGREE = 64  # exponents that are taken together at a step

FUNCTIONS = frozenset(["exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf", "exprel"])
Function = str | int | Fraction  # one of these; the k-th power; the power exp(b log(.)) for a rational b
THIN = 1 << 10  # so many units of 2^-F are treated like a point


def power_of(z: Real, k: int) -> Real:
    """z^k by monotonicity; z excludes 0 if k < 0."""
    if k < 0:
        return power_of(reciprocal(z), -k)
    a, b, F, shift = z.lo**k, z.hi**k, z.F, z.F * (k - 1)
    if max(abs(a), abs(b)).bit_length() > shift + F + (1 << 13):
        raise Undecided("a number is too large for this checker")
    if k % 2 == 0 and z.lo < 0:
        a, b = (0 if z.hi > 0 else b), max(a, b)
    return Real(a >> shift, -(-b >> shift), F) if k else z.of(1)


def reciprocal(z: Real) -> Real:
    one = 1 << 2 * z.F
    return Real(one // z.hi, -(one // -z.lo), z.F)


def long_power(z: Real, k: int) -> Real:
    """The same for a large |k|, rounded on the way."""
    if abs(k) <= MAX_DEGREE:
        return power_of(z, k)
    if k < 0:
        return long_power(power_of(z, -1), -k)
    return long_power(power_of(z, MAX_DEGREE), k // MAX_DEGREE) * power_of(z, k % MAX_DEGREE)


def exprel_at(u: Real, top: int = 3) -> list[Real]:
    """exprel^(k)(u), k = 0..top, = integral of t^k e^(tu) over [0, 1]; u exprel^(k)(u) + k exprel^(k-1)(u) = e^u by
    parts: upwards from (e^u - 1)/u, or for |u| < 1 downwards from that of order top, sum_j u^j/(j! (j + top + 1)),
    where every term from j = 2 on is less than half of the one before, as in e^u = sum_j u^j/j!."""
    one = u.of(1)
    if abs(u).hi >= one.hi:
        e = exp_of(u)
        values = [(e - one) / u]
        for k in range(1, top + 1):
            values.append((e - u.of(k) * values[-1]) / u)
        return values
    lo, hi, F, e_low, e_high, low, high, j = one.lo, one.hi, u.F, 0, 0, 0, 0, 0
    while not (lo >= -16 and hi <= 16):  # u^j/j! in [lo, hi]
        e_low, e_high, low, high = e_low + lo, e_high + hi, low + lo // (j + top + 1), high - -hi // (j + top + 1)
        lo, hi = extremes(lo, hi, u.lo, u.hi)
        lo, hi, j = (lo >> F) // (j + 1), -((-hi >> F) // (j + 1)), j + 1
    e, last = (Real(x, y, F).widen(2 * max(-lo, hi)) for x, y in ((e_low, e_high), (low, high)))
    values = [last]
    for k in range(top, 0, -1):
        values.insert(0, (e - u * values[0]).over(k))
    return values


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
def integer_factors(f: int) -> list[int]:
    return [int(falling(f, k)) for k in range(4)]


# Terms of series and products of each, against those of exp: measured at 192 to 9000 bits.
WEIGHTS = {"exp": 1, "log": 3, "sin": 2, "cos": 2, "tan": 3, "tanh": 1, "sinh": 2, "cosh": 2, "atan": 2, "sqrt": 1,
           "erf": 5, "exprel": 3}  # fmt: skip


def cost_of(f: Function, z: Real) -> int:
    """Work of `derivatives`."""
    F, bits = z.F, z.size.bit_length()
    if isinstance(f, int):  # before and after the shift numbers have |f| times as many bits
        return 30 * OPERATION + 8 * digits_in(max(bits, 2 * F) * abs(f) if f < 0 else bits * f) ** 2
    size, terms, weight = bits - F, F // 8 + 10, 4 if isinstance(f, Fraction) else WEIGHTS[f]
    if f == "erf" and size < 6:  # the terms grow up to k = 2x^2
        terms += 4 << 2 * max(size, 0)
    grown = min(6000, 3 << max(size, 0)) if size < 13 else 0  # e^x has up to so many bits before the point
    ends = 1 if z.hi - z.lo <= THIN else 2
    return ends * weight * terms * (20 * OPERATION + 5 * digits_in(F + max(size, 0) + grown) ** 2)


def outside(f: Function, z: Real) -> str | None:
    """The domain condition (section 14) that f does not certainly fulfil on z."""
    if isinstance(f, int):
        return "the denominator is not shown to exclude 0" if f < 0 and z.lo <= 0 <= z.hi else None
    if f in ("log", "sqrt") or isinstance(f, Fraction):
        return "the argument of a log, sqrt or power is not shown to be positive" if z.lo <= 0 else None
    if f == "tan":
        cos = derivatives("cos", z)[0]
        return "the cosine in a tan is not shown to exclude 0" if cos.lo <= 0 <= cos.hi else None
    return None


def derivatives(f: Function, z: Real) -> list[Real]:
    """f^(k) over z, k = 0..3: the hull of the values at the two ends and at the extrema between them."""
    problem = outside(f, z)
    if problem:
        raise (Rejected if z.lo == z.hi else Undecided)(problem)
    if isinstance(f, int):
        factors, inverse = integer_factors(f), reciprocal(z) if f < 0 else z
        return [power_of(inverse, abs(f - k)).by(c) if c else z.of(0) for k, c in enumerate(factors)]
    if f in ("sin", "cos") and z.hi - z.lo >= 7 << z.F:  # more than a period
        return [around(0, 1 << z.F, z.F)] * 4
    if z.size.bit_length() > 2 * z.F - 64:
        raise Undecided("the argument is too large for this checker")
    if z.hi - z.lo <= THIN:
        return values_at(f, z)
    wide: list[Real] = import_module(".extrema", __package__).between(f, z)  # which rests on this file
    return wide
