"""Numbers as they are printed: the very text, and the exact value that this text has.

A claim is proved again as it is printed, so that its text and its value travel together and are never made from each
other twice. Arithmetic: exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .decimals import decimal_value, enclosure_decimals, exact_decimal, render_decimal
from .exact import parse_printed_decimal


def _ordinary(mantissa: int, exponent: int) -> bool:
    """Whether m·10^e is certainly a decimal of FORMAT.md, section 1, where exponents have four digits."""
    return -4000 < exponent < 4000 and mantissa.bit_length() < 4000


@dataclass(frozen=True, slots=True)
class Decimal:
    """A printed number. value: what the text says."""

    value: Fraction
    text: str

    @staticmethod
    def of(text: str) -> Decimal:
        """Raises InputError for a text that is no decimal of FORMAT.md, section 1."""
        return Decimal(parse_printed_decimal(text), text)

    @staticmethod
    def scaled(mantissa: int, exponent: int) -> Decimal:
        """mantissa·10^exponent."""
        if not _ordinary(mantissa, exponent):
            return Decimal.of(render_decimal(mantissa, exponent))
        return Decimal(decimal_value(mantissa, exponent), render_decimal(mantissa, exponent))

    @staticmethod
    def exactly(x: Fraction) -> Decimal:
        """A number that has a terminating decimal."""
        text = exact_decimal(x)
        if text is None:
            raise ValueError("expected a terminating decimal")
        return Decimal(x, text)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A printed interval [low, high] in which the number lies. low, high (lower, upper): what the two texts say."""

    low: Fraction
    high: Fraction
    text: tuple[str, str]

    @staticmethod
    def of(low: str, high: str) -> Enclosure:
        """Raises InputError for texts that are no decimals of FORMAT.md, section 1."""
        if low == high == "0":
            return ZERO
        return Enclosure(parse_printed_decimal(low), parse_printed_decimal(high), (low, high))

    @staticmethod
    def scaled(low: int, high: int, exponent: int) -> Enclosure:
        """[low, high]·10^exponent."""
        texts = render_decimal(low, exponent), render_decimal(high, exponent)
        if not (_ordinary(low, exponent) and _ordinary(high, exponent)):
            return Enclosure.of(*texts)
        return Enclosure(decimal_value(low, exponent), decimal_value(high, exponent), texts)

    @staticmethod
    def exactly(low: Fraction, high: Fraction) -> Enclosure:
        """An interval whose ends have terminating decimals."""
        ends = Decimal.exactly(low), Decimal.exactly(high)
        return Enclosure(low, high, (ends[0].text, ends[1].text))

    @staticmethod
    def around(low: Fraction, high: Fraction) -> Enclosure:
        """[low, high] rounded outward; see `enclosure_decimals`."""
        return Enclosure.of(*enclosure_decimals(low, high))

    @property
    def lower(self) -> Fraction:
        return self.low

    @property
    def upper(self) -> Fraction:
        return self.high

    def __contains__(self, x: object) -> bool:
        return isinstance(x, int | float | Fraction) and self.low <= x <= self.high

    def __float__(self) -> float:
        """Binary64 nearest to the middle: for plots and tables, not proved."""
        return float(self.middle)

    def __str__(self) -> str:
        """``[LO, HI]``, or the number where both are the same."""
        return self.text[0] if self.text[0] == self.text[1] else f"[{', '.join(self.text)}]"

    def __repr__(self) -> str:
        return f"Enclosure({self.text[0]!r}, {self.text[1]!r})"

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return self.low, self.high

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    @property
    def width(self) -> Fraction:
        return self.high - self.low

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def disjoint(self, other: Enclosure) -> bool:
        return self.high < other.low or other.high < self.low

    def within(self, other: Enclosure) -> bool:
        return other.low <= self.low and self.high <= other.high

    def hull(self, other: Enclosure) -> Enclosure:
        """The smallest printed interval that contains both."""
        low = self if self.low <= other.low else other
        high = self if self.high >= other.high else other
        return Enclosure(low.low, high.high, (low.text[0], high.text[1]))


ZERO = Enclosure(Fraction(0), Fraction(0), ("0", "0"))
