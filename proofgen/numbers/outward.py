"""Numbers of a claim as they are printed: rounded outward and widened, so that another implementation lands inside.

A checker bounds the same quantity by the same theorem in another order of operations. Where this program has the
radius ρ, it has at most κρ + (roundings); what is printed must be no narrower than that, so every enclosure is widened
by a factor κ and by 2^−(precision − 24) relative, and every bound by about as much. Arithmetic: balls to exact
integers to decimals.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from .balls import ball, dyadic_ends, enclosure
from .decimals import exact_decimal, mantissa_above, mantissa_below, quotient_decimals, quotient_mantissas
from .printed import ZERO, Decimal, Enclosure

SHORT = Fraction(5, 4)  # κ of what follows from a ball in a few operations
DERIVED = Fraction(2)  # κ of what long computations give
WIDENED = 2  # radii of an enclosure within which `claim` of it lies, and a checker's enclosure too
UPPER, LOWER = Fraction(5, 4), Fraction(255, 256)  # factors of printed upper and lower bounds
COMMON_BITS = 24  # roundings of 2^24 operations are less than this many last bits
LEAST_BITS = 8  # at any precision the room for roundings is at most 2^−8 relative


def claim(
    x: arb, precision: int, factor: Fraction = SHORT, relative: Fraction = Fraction(0)
) -> Enclosure:
    """The widened, outward-rounded enclosure of a ball; no narrower than ``relative`` times its middle."""
    if x.is_zero():
        return ZERO
    low, high, unit = dyadic_ends(x)
    bits = max(precision - COMMON_BITS, LEAST_BITS)
    more, parts = 1, 1 << bits  # what is relative to the middle: more/parts of it
    if relative and relative * parts > 1:
        more, parts = relative.numerator, relative.denominator
    # in halves of the unit and parts of q: the middle, and the radius times the factor with what is added to it
    q, middle = factor.denominator * parts, low + high
    radius = (high - low) * factor.numerator * parts + abs(middle) * factor.denominator * more
    low, high, q = _over(middle * q - radius, middle * q + radius, q, unit - 1)
    if low == high:
        return Enclosure.of(*quotient_decimals(low, high, q))
    return Enclosure.scaled(*quotient_mantissas(low, high, q))


def _over(low: int, high: int, denominator: int, unit: int) -> tuple[int, int, int]:
    """low·2^unit/denominator and high·2^unit/denominator: numerators, and what they are divided by."""
    return (low << unit, high << unit, denominator) if unit >= 0 else (low, high, denominator << -unit)


def roomy(x: arb, precision: int) -> arb:
    """The ball with 2^−precision more: what is 0, or nearly so, is so for a checker only to within its roundings."""
    return arb(x, ball(Fraction(1, 1 << precision)))


def upper_bound(x: arb) -> Decimal:
    _, high, unit = dyadic_ends(x)
    _, numerator, denominator = _over(0, high * UPPER.numerator, UPPER.denominator, unit)
    return Decimal.scaled(*mantissa_above(numerator, denominator))


def lower_bound(x: arb) -> Decimal:
    low, _, unit = dyadic_ends(x)
    numerator, _, denominator = _over(low * LOWER.numerator, 0, LOWER.denominator, unit)
    return Decimal.scaled(*mantissa_below(numerator, denominator))


def exact_or_claim(x: arb, precision: int) -> Enclosure:
    """A short exact value (such as d = 1) is claimed as itself."""
    lower, upper = enclosure(x)
    text = exact_decimal(lower, 20) if lower == upper else None
    return Enclosure.of(text, text) if text is not None else claim(x, precision)
