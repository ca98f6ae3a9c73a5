"""Decimal strings that are rounded outward: what is printed is true.

Arithmetic: exact integers and fractions. Grammar of the strings: `proofs/FORMAT.md`, section 1.
"""

from __future__ import annotations

import math
from fractions import Fraction

_PLAIN_EXPONENTS = range(-5, 16)
_FAR = 1e-6  # much more than the error of the difference of two logarithms in binary64
_POWERS: list[int] = [10**k for k in range(700)]


def floor_log10(x: Fraction) -> int:
    """The integer k with 10^k ≤ |x| < 10^(k+1). Raises ValueError for 0."""
    return _leading(x.numerator, x.denominator)


def _leading(numerator: int, denominator: int) -> int:
    """`floor_log10` of a quotient, which need not be reduced; denominator > 0."""
    if numerator == 0:
        raise ValueError("0 has no decimal exponent")
    numerator = abs(numerator)
    estimate = math.log10(numerator) - math.log10(denominator)
    exponent = math.floor(estimate)
    if _FAR < estimate - exponent < 1 - _FAR:
        return exponent
    while not _reaches(numerator, denominator, exponent):
        exponent -= 1
    while _reaches(numerator, denominator, exponent + 1):
        exponent += 1
    return exponent


def _reaches(numerator: int, denominator: int, exponent: int) -> bool:
    """numerator/denominator ≥ 10^exponent"""
    if exponent <= 0:
        return numerator * _power(-exponent) >= denominator
    return numerator >= denominator * _power(exponent)


def _floor(numerator: int, denominator: int, exponent: int) -> int:
    """The largest integer m with m·10^exponent ≤ numerator/denominator."""
    if exponent <= 0:
        return numerator * _power(-exponent) // denominator
    return numerator // (denominator * _power(exponent))


def _power(exponent: int) -> int:
    """10^exponent, exponent ≥ 0."""
    return _POWERS[exponent] if exponent < len(_POWERS) else int(10**exponent)


def floor_to(x: Fraction, exponent: int) -> int:
    """The largest integer m with m·10^exponent ≤ x."""
    return _floor(x.numerator, x.denominator, exponent)


def ceil_to(x: Fraction, exponent: int) -> int:
    """The smallest integer m with m·10^exponent ≥ x."""
    return -_floor(-x.numerator, x.denominator, exponent)


def decimal_value(mantissa: int, exponent: int) -> Fraction:
    """What `render_decimal` says."""
    return Fraction(mantissa * _power(exponent)) if exponent >= 0 else Fraction(mantissa, _power(-exponent))


def render_decimal(mantissa: int, exponent: int) -> str:
    """``mantissa · 10^exponent`` as text: plain for ordinary sizes, else with an ``e``."""
    if mantissa == 0:
        return "0"
    sign, digits = ("-" if mantissa < 0 else ""), str(abs(mantissa))
    leading = exponent + len(digits) - 1
    if leading not in _PLAIN_EXPONENTS:
        fraction = digits[1:]
        return f"{sign}{digits[0]}{'.' + fraction if fraction else ''}e{leading}"
    if exponent >= 0:
        return sign + digits + "0" * exponent
    if -exponent >= len(digits):
        digits = "0" * (-exponent - len(digits) + 1) + digits
    return f"{sign}{digits[:exponent]}.{digits[exponent:]}"


def exact_decimal(x: Fraction, longest: int = 4000) -> str | None:
    """The terminating decimal equal to x, or None when there is none (within ``longest`` characters)."""
    denominator, twos, fives = x.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    if denominator != 1 or places > longest:
        return None
    mantissa = x.numerator * 10**places // x.denominator
    while mantissa and mantissa % 10 == 0 and places > 0:
        mantissa, places = mantissa // 10, places - 1
    text = render_decimal(mantissa, -places)
    return text if len(text) <= longest else None


def enclosure_decimals(lower: Fraction, upper: Fraction, digits: int = 2) -> tuple[str, str]:
    """Decimals LO ≤ lower ≤ upper ≤ HI; rounding adds at most about 10^−digits of the width.

    A point is printed exactly when it is a short terminating decimal, otherwise to 40 digits.
    """
    common = math.lcm(lower.denominator, upper.denominator)
    low, high = (x.numerator * (common // x.denominator) for x in (lower, upper))
    return quotient_decimals(low, high, common, digits)


def quotient_decimals(lower: int, upper: int, denominator: int, digits: int = 2) -> tuple[str, str]:
    """The same of lower/denominator and upper/denominator, which need not be reduced; denominator > 0."""
    if lower == upper:
        exact = exact_decimal(Fraction(lower, denominator), 60)
        if exact is not None:
            return exact, exact
    low, high, exponent = quotient_mantissas(lower, upper, denominator, digits)
    return render_decimal(low, exponent), render_decimal(high, exponent)


def quotient_mantissas(lower: int, upper: int, denominator: int, digits: int = 2) -> tuple[int, int, int]:
    """m, M, e with m·10^e ≤ lower/denominator ≤ upper/denominator ≤ M·10^e; rounding adds about 10^−digits of the
    width, or the fortieth digit of a point."""
    if lower > upper:
        raise ValueError("an enclosure needs lower ≤ upper")
    leading = _leading(upper - lower or lower, denominator)
    exponent = leading - (40 if lower == upper else digits)
    return _floor(lower, denominator, exponent), -_floor(-upper, denominator, exponent), exponent


def upper_decimal(x: Fraction, significant: int = 4) -> str:
    """A decimal ≥ x with ``significant`` digits."""
    return render_decimal(*mantissa_above(x.numerator, x.denominator, significant))


def mantissa_above(numerator: int, denominator: int, significant: int = 4) -> tuple[int, int]:
    """m, e with m·10^e ≥ the quotient, m of ``significant`` digits; denominator > 0."""
    if numerator == 0:
        return 0, 0
    exponent = _leading(numerator, denominator) - significant + 1
    return -_floor(-numerator, denominator, exponent), exponent


def mantissa_below(numerator: int, denominator: int, significant: int = 4) -> tuple[int, int]:
    """m, e with m·10^e ≤ the quotient, m of ``significant`` digits; denominator > 0."""
    if numerator == 0:
        return 0, 0
    exponent = _leading(numerator, denominator) - significant + 1
    return _floor(numerator, denominator, exponent), exponent
