"""Predicates are one-sided, conversions are exact, enclosures contain."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import flint
import numpy as np
import pytest
from flint import arb, arb_mat
from hypothesis import given
from hypothesis import strategies as st

from proofgen.numbers import balls
from proofgen.numbers.exact import ExactMatrix

NOT_FINITE = [arb("nan"), arb.pos_inf(), arb.neg_inf(), arb(0, arb.pos_inf())]


@pytest.mark.parametrize("x", [*NOT_FINITE, arb(0), arb(0, 1), arb(1, 1)])
def test_nothing_uncertain_is_positive(x: arb) -> None:
    assert not balls.proves_positive(x)
    assert not balls.proves_negative(-x)


@pytest.mark.parametrize("x", NOT_FINITE)
def test_nan_and_infinity_pass_no_predicate(x: arb) -> None:
    for y in (x, -x):
        assert not balls.proves_nonzero(y)
        assert not balls.proves_less(y, arb(1))
        assert not balls.proves_less(arb(1), y)
        with pytest.raises(ValueError, match="not finite"):
            balls.enclosure(y)


def test_certain_signs() -> None:
    assert balls.proves_positive(arb(1, 0.5))
    assert balls.proves_negative(arb(-1, 0.5))
    assert balls.proves_less(arb(1, 0.25), arb(2, 0.25))
    assert not balls.proves_less(arb(1, 0.75), arb(2, 0.75))


def test_precision_is_restored_after_errors() -> None:
    before = flint.ctx.prec
    with pytest.raises(RuntimeError), balls.working_precision(300):
        assert flint.ctx.prec == 300
        with balls.working_precision(90):
            assert flint.ctx.prec == 90
        assert flint.ctx.prec == 300
        raise RuntimeError
    assert flint.ctx.prec == before


@given(st.fractions(), st.integers(30, 300))
def test_ball_contains_the_rational_and_is_narrow(x: Fraction, bits: int) -> None:
    with balls.working_precision(bits):
        lower, upper = balls.enclosure(balls.ball(x))
    assert lower <= x <= upper
    assert upper - lower <= abs(x) / 2 ** (bits - 3)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_limbs_add_exactly(values: list[float]) -> None:
    high, low = np.array(values).reshape(2, 2), np.array(values[::-1]).reshape(2, 2)
    total = balls.binary64_matrix([high, low], 4400)
    for i in range(2):
        for j in range(2):
            assert balls.point_fraction(total[i, j]) == Fraction(high[i, j]) + Fraction(low[i, j])


@given(st.lists(st.fractions(), min_size=6, max_size=6))
def test_matrix_ball_contains(values: list[Fraction]) -> None:
    rows = [values[:3], values[3:]]
    with balls.working_precision(60):
        matrix = balls.exact_matrix_ball(ExactMatrix.from_fractions(rows))
        for i in range(2):
            for j in range(3):
                lower, upper = balls.enclosure(matrix[i, j])
                assert lower <= rows[i][j] <= upper


def test_largest_and_smallest_bound_every_point() -> None:
    values = [arb(1, 0.5), arb(2, 0.25), arb(-3, 1)]
    assert balls.point_fraction(balls.largest(values)) >= Fraction(9, 4)
    assert balls.point_fraction(balls.smallest(values)) <= -4
    assert not balls.largest([*values, arb("nan")]).is_finite()
    assert not balls.smallest([*values, arb("nan")]).is_finite()
    assert not balls.smallest([]).is_finite()


ENDS = st.tuples(st.integers(-8, 8), st.integers(0, 6))
SPECIAL = {"nan": arb("nan"), "infinity": arb.pos_inf(), "anything": arb(0, arb.pos_inf())}


@given(st.lists(ENDS, min_size=1, max_size=9), st.lists(st.sampled_from(sorted(SPECIAL)), max_size=1), st.randoms())
def test_largest_and_smallest_are_those_of_the_ends(pairs: list[tuple[int, int]], special: list[str], random: Random) -> None:
    """Whatever the order, and however the balls overlap."""
    values = [arb(middle, radius) for middle, radius in pairs]
    lows, highs = [m - r for m, r in pairs], [m + r for m, r in pairs]
    found = balls.largest(values), balls.smallest(values)
    assert found == (max(values, key=lambda x: x.upper()).upper(), min(values, key=lambda x: x.lower()).lower())
    assert max(highs) <= found[0] <= max(highs) + 1e-6 and min(lows) - 1e-6 <= found[1] <= min(lows)
    values += [SPECIAL[name] for name in special]
    random.shuffle(values)
    assert balls.largest(values) == (arb.pos_inf() if special else found[0])
    assert balls.smallest([-x for x in values]) == (arb.neg_inf() if special else -found[0])


def test_midpoints() -> None:
    matrix = arb_mat([[arb(1, 0.5), 2], [3, 4]])
    assert balls.midpoints_approx(matrix).tolist() == [[1, 2], [3, 4]]
