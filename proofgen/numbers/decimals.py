"""Decimal strings that are rounded outward: what is printed is true.

Arithmetic: exact integers and fractions. Grammar of the strings: `proofs/FORMAT.md`, section 1.
"""

from __future__ import annotations

import math
from fractions import Fraction

_PLAIN_EXPONENTS = range(-5, 16)


def floor_log10(x: Fraction) -> int:
    """The integer k with 10^k ≤ |x| < 10^(k+1). Raises ValueError for 0."""
    return _leading(x.numerator, x.denominator)


def _leading(numerator: int, denominator: int) -> int:
    """`floor_log10` of a quotient, which need not be reduced; denominator > 0."""
    if numerator == 0:
        raise ValueError("0 has no decimal exponent")
    numerator = abs(numerator)
    exponent = int((numerator.bit_length() - denominator.bit_length()) * 0.30102999566398120)
    while not _reaches(numerator, denominator, exponent):
        exponent -= 1
    while _reaches(numerator, denominator, exponent + 1):
        exponent += 1
    return exponent


def _reaches(numerator: int, denominator: int, exponent: int) -> bool:
    """numerator/denominator ≥ 10^exponent"""
    up, down = _powers(exponent)
    return numerator * up >= denominator * down


def _floor(numerator: int, denominator: int, exponent: int) -> int:
    """The largest integer m with m·10^exponent ≤ numerator/denominator."""
    up, down = _powers(exponent)
    return numerator * up // (denominator * down)


def _powers(exponent: int) -> tuple[int, int]:
    """Integers u, v with 10^−exponent = u/v, one of them 1."""
    power: int = 10 ** abs(exponent)
    return (1, power) if exponent >= 0 else (power, 1)


def floor_to(x: Fraction, exponent: int) -> int:
    """The largest integer m with m·10^exponent ≤ x."""
    return _floor(x.numerator, x.denominator, exponent)


def ceil_to(x: Fraction, exponent: int) -> int:
    """The smallest integer m with m·10^exponent ≥ x."""
    return -_floor(-x.numerator, x.denominator, exponent)


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
    if lower > upper:
        raise ValueError("an enclosure needs lower ≤ upper")
    if lower == upper:
        exact = exact_decimal(Fraction(lower, denominator), 60)
        if exact is not None:
            return exact, exact
        exponent = _leading(lower, denominator) - 40
    else:
        exponent = _leading(upper - lower, denominator) - digits
    low, high = _floor(lower, denominator, exponent), -_floor(-upper, denominator, exponent)
    return render_decimal(low, exponent), render_decimal(high, exponent)


def upper_decimal(x: Fraction, significant: int = 4) -> str:
    """A decimal ≥ x with ``significant`` digits."""
    return quotient_above(x.numerator, x.denominator, significant)


def quotient_above(numerator: int, denominator: int, significant: int = 4) -> str:
    """A decimal ≥ the quotient with ``significant`` digits; denominator > 0."""
    if numerator == 0:
        return "0"
    exponent = _leading(numerator, denominator) - significant + 1
    return render_decimal(-_floor(-numerator, denominator, exponent), exponent)


def quotient_below(numerator: int, denominator: int, significant: int = 4) -> str:
    """A decimal ≤ the quotient with ``significant`` digits; denominator > 0."""
    if numerator == 0:
        return "0"
    exponent = _leading(numerator, denominator) - significant + 1
    return render_decimal(_floor(numerator, denominator, exponent), exponent)
