"""Printed numbers are outward and follow the grammar of FORMAT.md."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofgen.errors import InputError
from proofgen.numbers.decimals import (
    decimal_value,
    enclosure_decimals,
    exact_decimal,
    floor_log10,
    mantissa_below,
    render_decimal,
    upper_decimal,
)
from proofgen.numbers.exact import parse_decimal
from proofgen.numbers.printed import Decimal, Enclosure

GRAMMAR = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?(0|[1-9][0-9]*))?")
sizes = st.builds(lambda m, e: m * Fraction(10) ** e, st.fractions(max_denominator=10**9), st.integers(-60, 60))


@given(sizes, sizes)
def test_enclosures_are_outward_and_narrow(x: Fraction, y: Fraction) -> None:
    lower, upper = min(x, y), max(x, y)
    texts = enclosure_decimals(lower, upper)
    assert all(GRAMMAR.fullmatch(text) for text in texts)
    low, high = (parse_decimal(text) for text in texts)
    assert low <= lower <= upper <= high
    width = upper - lower
    assert high - low <= width * Fraction(12, 10) if width else high - low <= abs(x) / 10**38


@given(sizes)
def test_bounds_are_one_sided(x: Fraction) -> None:
    up, down = parse_decimal(upper_decimal(x)), decimal_value(*mantissa_below(x.numerator, x.denominator))
    assert down <= x <= up
    assert up - down <= abs(x) / 400


@given(sizes.filter(bool))
def test_floor_log10(x: Fraction) -> None:
    k = floor_log10(x)
    assert Fraction(10) ** k <= abs(x) < Fraction(10) ** (k + 1)


@pytest.mark.parametrize("k", [-400, -30, -1, 0, 1, 17, 300, 1000])
@pytest.mark.parametrize("nearly", [Fraction(0), Fraction(1, 10**9), Fraction(1, 10**40)])
def test_floor_log10_beside_powers_of_ten(k: int, nearly: Fraction) -> None:
    """Where the logarithm in binary64 cannot tell."""
    power = Fraction(10) ** k
    assert floor_log10(power * (1 + nearly)) == k
    assert not nearly or floor_log10(-power * (1 - nearly)) == k - 1


@given(st.integers(-(10**30), 10**30), st.integers(-500, 900))
def test_a_decimal_and_its_value(mantissa: int, exponent: int) -> None:
    """They are made side by side, not from each other, and are the same number."""
    number = Decimal.scaled(mantissa, exponent)
    assert number == Decimal.of(render_decimal(mantissa, exponent))
    assert Enclosure.scaled(mantissa, mantissa + 1, exponent) == Enclosure.of(number.text, render_decimal(mantissa + 1, exponent))


def test_a_decimal_that_the_format_has_not() -> None:
    with pytest.raises(InputError):
        Decimal.scaled(1, 10_000)
    with pytest.raises(InputError):
        Enclosure.scaled(1, 2, -10_001)


@given(st.integers(-(10**30), 10**30), st.integers(-60, 60))
def test_render_is_exact(mantissa: int, exponent: int) -> None:
    text = render_decimal(mantissa, exponent)
    assert GRAMMAR.fullmatch(text)
    assert parse_decimal(text) == mantissa * Fraction(10) ** exponent


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("1", "1"), ("-1/8", "-0.125"), ("1/1000000", "1e-6"), ("250", "250"), ("1/5", "0.2")],
)
def test_exact_decimals(value: str, text: str) -> None:
    assert exact_decimal(Fraction(value)) == text


def test_no_terminating_decimal() -> None:
    assert exact_decimal(Fraction(1, 3)) is None


def test_ends_in_the_wrong_order() -> None:
    with pytest.raises(ValueError, match="lower"):
        enclosure_decimals(Fraction(1), Fraction(0))
