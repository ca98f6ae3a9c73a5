"""Enclosures and bounds as LaTeX, rounded outward, and re-proved as printed.

What a reader sees is a true statement: `Printed` carries the exact ends of the printed interval, which
contains the certificate's, and a condition (ω > 0, 0 ∉ ℓ1, ρ < 1, …) is tested on these ends; digits are
added until it holds. Arithmetic: exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..errors import InputError
from ..numbers.decimals import ceil_to, exact_decimal, floor_log10, floor_to

DIGITS = 12
BOUND_DIGITS = 3
MOST_DIGITS = 60
STYLES = ("compact", "interval")
_PLAIN = range(-4, 9)  # leading exponents printed without a power of ten
Condition = Callable[[Fraction, Fraction], bool]


class Tex(str):
    """Text that is LaTeX already; every other string is escaped on its way into a template."""

    __slots__ = ()


@dataclass(frozen=True)
class Printed:
    """A printed number or interval: its LaTeX (for math mode) and the exact ends of what is printed."""

    lower: Fraction
    upper: Fraction
    latex: Tex

    @property
    def relation(self) -> Tex:
        """``= 1`` for an exact value, ``\\in …`` for an interval."""
        return Tex(("= " if self.lower == self.upper else r"\in ") + self.latex)


def always(lower: Fraction, upper: Fraction) -> bool:
    return True


def positive(lower: Fraction, upper: Fraction) -> bool:
    return lower > 0


def negative(lower: Fraction, upper: Fraction) -> bool:
    return upper < 0


def nonzero(lower: Fraction, upper: Fraction) -> bool:
    return lower > 0 or upper < 0


def below_one(lower: Fraction, upper: Fraction) -> bool:
    return upper < 1


def overlapping(enclosures: Sequence[tuple[Fraction, Fraction]]) -> bool:
    """Whether some of them meet, so that their order is not that of what they enclose."""
    ends = sorted(enclosures)
    return any(left[1] >= right[0] for left, right in pairwise(ends))


def enclosure(
    lower: Fraction, upper: Fraction, holds: Condition = always, *, digits: int = DIGITS, style: str = "compact"
) -> Printed:
    """[lower, upper] rounded outward to about ``digits`` significant digits, more where ``holds`` needs them.

    Raises InputError when the condition fails for the exact ends: then the claim itself is wrong.
    """
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}")
    if lower > upper or not holds(lower, upper):
        raise InputError("an enclosure of the certificate does not prove what it is used for")
    for extra in range(MOST_DIGITS):
        printed = _rounded(lower, upper, digits, extra, style)
        if holds(printed.lower, printed.upper):
            return printed
    raise InputError("an enclosure of the certificate cannot be printed with a readable number of digits")


def upper_bound(x: Fraction, holds: Condition = always, *, digits: int = BOUND_DIGITS) -> Printed:
    """An upper bound ≥ x; the condition sees it as both ends."""
    return _bound(x, holds, digits, ceil_to)


def lower_bound(x: Fraction, holds: Condition = always, *, digits: int = BOUND_DIGITS) -> Printed:
    """A lower bound ≤ x; the condition sees it as both ends."""
    return _bound(x, holds, digits, floor_to)


def exactly(x: Fraction) -> Printed:
    """A decimal with all its digits. Raises InputError for a number that has no end."""
    if exact_decimal(x) is None:
        raise InputError("a number of the certificate that is meant exactly cannot be printed")
    return Printed(x, x, _exact(x))


def number(mantissa: int, exponent: int) -> Tex:
    """``mantissa · 10^exponent`` in LaTeX, without trailing zeros after the point."""
    if mantissa == 0:
        return Tex("0")
    while exponent < 0 and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    sign, digits = "-" if mantissa < 0 else "", str(abs(mantissa))
    text, power = _placed(digits, exponent)
    return Tex(sign + text.removesuffix(".") + power)


def _bound(x: Fraction, holds: Condition, digits: int, rounding: Callable[[Fraction, int], int]) -> Printed:
    if not holds(x, x):
        raise InputError("a bound of the certificate does not prove what it is used for")
    if x == 0:
        return Printed(x, x, Tex("0"))
    while digits <= MOST_DIGITS:
        exponent = floor_log10(x) - digits + 1
        mantissa = rounding(x, exponent)
        value = mantissa * Fraction(10) ** exponent
        if holds(value, value):
            return Printed(value, value, number(mantissa, exponent))
        digits += 1
    raise InputError("a bound of the certificate cannot be printed with a readable number of digits")


def _rounded(lower: Fraction, upper: Fraction, digits: int, extra: int, style: str) -> Printed:
    digits += extra
    if lower == upper:
        exact = exact_decimal(lower, digits + 4)
        if exact is not None:
            return Printed(lower, upper, _exact(lower))
    exponent = floor_log10(max(abs(lower), abs(upper))) - digits + 1
    if upper > lower:
        exponent = max(exponent, floor_log10(upper - lower) - 1 - extra)
    if style == "compact":
        # 10.358_{57}^{58} reads better than 10.358_{579}^{580}: one digit less where that shortens the tail
        for finest, tail in ((exponent, 2), (exponent + 1, 2), (exponent, 3)):
            shared = _compact(floor_to(lower, finest), ceil_to(upper, finest), finest, tail)
            if shared is not None:
                return shared
        middle = _middle(lower, upper, digits, extra)
        if middle is not None:
            return middle
    low, high, scale = floor_to(lower, exponent), ceil_to(upper, exponent), Fraction(10) ** exponent
    text = Tex(f"[{number(low, exponent)},\\, {number(high, exponent)}]")
    return Printed(low * scale, high * scale, text)


def _exact(x: Fraction) -> Tex:
    exponent = 0
    while (x * Fraction(10) ** -exponent).denominator != 1:
        exponent -= 1
    return number(int(x * Fraction(10) ** -exponent), exponent)


def _compact(low: int, high: int, exponent: int, longest_tail: int) -> Printed | None:
    """Common digits, then the rest of the lower end below and of the upper end above: −0.12_{53}^{41}."""
    scale = Fraction(10) ** exponent
    if low == high:
        return Printed(low * scale, high * scale, number(low, exponent))
    if low == 0 or high == 0 or (low < 0) != (high < 0):
        return None
    a, b = str(abs(low)), str(abs(high))
    if len(a) != len(b):
        return None
    common = next(i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
    tail = len(a) - common
    if tail > longest_tail or common < 1:
        return None
    leading = exponent + len(a) - 1
    if leading not in _PLAIN or (exponent > 0):
        head, power = _with_point(a[:common], 1), rf"\cdot 10^{{{leading}}}"
    elif leading >= 0:
        if tail > len(a) - 1 - leading:
            return None  # the point would fall into the tail
        head, power = _with_point(a[:common], leading + 1), ""
    else:
        head, power = "0." + "0" * (-leading - 1) + a[:common], ""
    sign = "-" if low < 0 else ""
    text = Tex(f"{sign}{head}_{{{a[common:]}}}^{{{b[common:]}}}{power}")
    return Printed(low * scale, high * scale, text)


def _with_point(digits: str, whole: int) -> str:
    return f"{digits[:whole]}.{digits[whole:]}"


def _middle(lower: Fraction, upper: Fraction, digits: int, extra: int) -> Printed | None:
    """m ± r for a narrow interval whose ends share no digits, such as [0.9999, 1.0001]; extra: digits more of both."""
    centre = (lower + upper) / 2
    if centre == 0 or upper - lower > abs(centre) / 1000:
        return None
    exponent = max(floor_log10(centre) - digits + 1, floor_log10(upper - lower) - extra if upper > lower else -(10**6))
    middle = round(centre / Fraction(10) ** exponent)
    value = middle * Fraction(10) ** exponent
    radius = max(upper - value, value - lower)
    if radius == 0:
        return None
    bound = upper_bound(radius, digits=2 + extra)
    text = Tex(rf"{number(middle, exponent)} \pm {bound.latex}")
    return Printed(value - bound.upper, value + bound.upper, text)


def _placed(digits: str, exponent: int) -> tuple[str, str]:
    """Digits with a decimal point, and the power of ten that goes with them."""
    leading = exponent + len(digits) - 1
    if leading not in _PLAIN:
        stripped = digits.rstrip("0") or "0"
        return _with_point(stripped, 1), rf"\cdot 10^{{{leading}}}"
    if exponent >= 0:
        return digits + "0" * exponent, ""
    if leading >= 0:
        return _with_point(digits, leading + 1), ""
    return "0." + "0" * (-leading - 1) + digits, ""
