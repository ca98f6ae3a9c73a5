"""Numbers of a claim as they are printed: rounded outward and widened, so that another implementation lands inside.

Every enclosure is widened by a quarter of its radius, or doubled where it comes from longer ball arithmetic, and by
2^−(precision − 24) relative; every bound by about as much. Arithmetic: balls to exact fractions to decimals.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from .balls import ball, enclosure
from .decimals import exact_decimal, lower_decimal, upper_decimal
from .printed import ZERO, Decimal, Enclosure

DERIVED = Fraction(2)  # widening of what long computations give


def claim(
    x: arb, precision: int, factor: Fraction = Fraction(5, 4), relative: Fraction = Fraction(0)
) -> Enclosure:
    """The widened, outward-rounded enclosure of a ball; no narrower than ``relative`` times its middle."""
    if x.is_zero():
        return ZERO
    lower, upper = enclosure(x)
    middle, radius = (lower + upper) / 2, (upper - lower) / 2
    widened = radius * factor + abs(middle) * max(relative, Fraction(1, 1 << max(precision - 24, 8)))
    return Enclosure.around(middle - widened, middle + widened)


def roomy(x: arb, precision: int) -> arb:
    """The ball with 2^−precision more: what is 0, or nearly so, is so for a checker only to within its roundings."""
    return arb(x, ball(Fraction(1, 1 << precision)))


def upper_bound(x: arb) -> Decimal:
    return Decimal.of(upper_decimal(enclosure(x)[1] * Fraction(5, 4)))


def lower_bound(x: arb) -> Decimal:
    return Decimal.of(lower_decimal(enclosure(x)[0] * Fraction(255, 256)))


def exact_or_claim(x: arb, precision: int) -> Enclosure:
    """A short exact value (such as d = 1) is claimed as itself."""
    lower, upper = enclosure(x)
    text = exact_decimal(lower, 20) if lower == upper else None
    return Enclosure.of(text, text) if text is not None else claim(x, precision)
