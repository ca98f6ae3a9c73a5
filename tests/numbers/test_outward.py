"""Claims and bounds as they are printed, against the same formulas in fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import example, given
from hypothesis import strategies as st

from proofgen.numbers.balls import ball, enclosure, working_precision
from proofgen.numbers.outward import (
    COMMON_BITS,
    DERIVED,
    LEAST_BITS,
    LOWER,
    SHORT,
    UPPER,
    claim,
    lower_bound,
    upper_bound,
)
from proofgen.numbers.printed import ZERO

WORDS = st.tuples(st.integers(-(2**70), 2**70), st.integers(-300, 300))
RADII = st.tuples(st.integers(0, 2**29), st.integers(-400, 300))


def made(middle: tuple[int, int], radius: tuple[int, int]) -> arb:
    with working_precision(128):
        return arb(ball(Fraction(middle[0]) * Fraction(2) ** middle[1]), ball(Fraction(radius[0]) * Fraction(2) ** radius[1]))


@given(WORDS, RADII, st.sampled_from([SHORT, DERIVED]), st.sampled_from([64, 128, 1024]), st.sampled_from([0, 1, 1000]))
@example((0, 0), (3, -5), SHORT, 128, 0)
@example((-7, 200), (0, 0), DERIVED, 64, 1)
def test_claims(middle: tuple[int, int], radius: tuple[int, int], factor: Fraction, precision: int, part: int) -> None:
    """No narrower than the factor and the roundings ask for, and hardly wider."""
    x = made(middle, radius)
    relative = Fraction(part, 10**6)
    said = claim(x, precision, factor, relative)
    low, high = enclosure(x)
    if low == high == 0:
        assert said == ZERO
        return
    centre, half = (low + high) / 2, (high - low) / 2
    half = half * factor + abs(centre) * max(relative, Fraction(1, 2 ** max(precision - COMMON_BITS, LEAST_BITS)))
    assert said.low <= centre - half and centre + half <= said.high
    assert said.high - said.low <= 2 * half * Fraction(102, 100)


@given(WORDS, RADII)
@example((0, 0), (0, 0))
@example((1, 0), (0, 0))
def test_bounds(middle: tuple[int, int], radius: tuple[int, int]) -> None:
    x = made(middle, radius)
    low, high = enclosure(x)
    above, below = upper_bound(x).value, lower_bound(x).value
    assert high * UPPER <= above <= high * UPPER + abs(high) * Fraction(1, 500)
    assert low * LOWER - abs(low) * Fraction(1, 500) <= below <= low * LOWER


@given(WORDS, RADII)
def test_ends_of_a_ball(middle: tuple[int, int], radius: tuple[int, int]) -> None:
    x = made(middle, radius)
    low, high = enclosure(x)
    exact = (Fraction(int(m)) * Fraction(2) ** int(e) for m, e in (x.mid().man_exp(), x.rad().man_exp()))
    centre, half = exact
    assert (low, high) == (centre - half, centre + half)


@pytest.mark.parametrize(("middle", "radius"), [("nan", "0"), ("inf", "0"), ("0", "inf")])
def test_what_is_not_finite_is_never_printed(middle: str, radius: str) -> None:
    x = arb(middle, radius)
    for print_it in (lambda: claim(x, 128), lambda: upper_bound(x), lambda: lower_bound(x)):
        with pytest.raises(ValueError, match="not finite"):
            print_it()
