"""Decimal strings that are rounded outward: what is printed is true.

Arithmetic: exact fractions. Grammar of the strings: `proofs/FORMAT.md`, section 1.
"""

from __future__ import annotations

from fractions import Fraction

_PLAIN_EXPONENTS = range(-5, 16)


def floor_log10(x: Fraction) -> int:
    """The integer k with 10^k ≤ |x| < 10^(k+1). Raises ValueError for 0."""
    if x == 0:
        raise ValueError("0 has no decimal exponent")
    numerator, denominator = abs(x.numerator), x.denominator
    guess = int((numerator.bit_length() - denominator.bit_length()) * 0.30102999566398120) - 1
    value = Fraction(numerator, denominator)
    while value >= Fraction(10) ** (guess + 1):
        guess += 1
    while value < Fraction(10) ** guess:
        guess -= 1
    return guess


def _scaled(x: Fraction, exponent: int) -> tuple[int, int]:
    """x·10^(−exponent) as (numerator, denominator)."""
    if exponent >= 0:
        return x.numerator, x.denominator * 10**exponent
    return x.numerator * 10**-exponent, x.denominator


def floor_to(x: Fraction, exponent: int) -> int:
    """The largest integer m with m·10^exponent ≤ x."""
    numerator, denominator = _scaled(x, exponent)
    return numerator // denominator


def ceil_to(x: Fraction, exponent: int) -> int:
    """The smallest integer m with m·10^exponent ≥ x."""
    numerator, denominator = _scaled(x, exponent)
    return -(-numerator // denominator)


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
    if lower > upper:
        raise ValueError("an enclosure needs lower ≤ upper")
    if lower == upper:
        exact = exact_decimal(lower, 60)
        if exact is not None:
            return exact, exact
        exponent = floor_log10(lower) - 40
    else:
        exponent = floor_log10(upper - lower) - digits
    return render_decimal(floor_to(lower, exponent), exponent), render_decimal(ceil_to(upper, exponent), exponent)


def upper_decimal(x: Fraction, significant: int = 4) -> str:
    """A decimal ≥ x with ``significant`` digits."""
    if x == 0:
        return "0"
    exponent = floor_log10(x) - significant + 1
    return render_decimal(ceil_to(x, exponent), exponent)


def lower_decimal(x: Fraction, significant: int = 4) -> str:
    """A decimal ≤ x with ``significant`` digits."""
    if x == 0:
        return "0"
    exponent = floor_log10(x) - significant + 1
    return render_decimal(floor_to(x, exponent), exponent)
