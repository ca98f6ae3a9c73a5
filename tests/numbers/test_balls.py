"""Predicates are one-sided, conversions are exact, enclosures contain."""

from __future__ import annotations

from fractions import Fraction

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


def test_midpoints() -> None:
    matrix = arb_mat([[arb(1, 0.5), 2], [3, 4]])
    assert balls.midpoints_approx(matrix).tolist() == [[1, 2], [3, 4]]
