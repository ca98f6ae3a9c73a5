"""Exact decimals and matrices against Python's own fractions and decimals."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.errors import InputError
from proofgen.numbers.exact import ExactMatrix, parse_decimal
from proofgen.problem.network import Layer, Problem, Term

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FINITE = st.floats(allow_nan=False, allow_infinity=False)  # subnormals and all exponents included
RATIONALS = st.fractions(max_denominator=10**6)
ONE = Fraction(1)


def matrices(entries: st.SearchStrategy[float], size: int = 4) -> st.SearchStrategy[list[list[float]]]:
    def rows(columns: int) -> st.SearchStrategy[list[list[float]]]:
        return st.lists(st.lists(entries, min_size=columns, max_size=columns), min_size=1, max_size=size)

    return st.integers(1, size).flatmap(rows)


def squares(n: int) -> st.SearchStrategy[list[list[Fraction]]]:
    return st.lists(st.lists(RATIONALS, min_size=n, max_size=n), min_size=n, max_size=n)


PAIRS = st.integers(1, 4).flatmap(lambda n: st.tuples(squares(n), squares(n)))

# Decimals ---------------------------------------------------------------------------------------


@UNTIMED
@given(
    sign=st.sampled_from(["", "+", "-"]),
    whole=st.text("0123456789", max_size=30),
    fraction=st.none() | st.text("0123456789", max_size=30),
    exponent=st.none() | st.integers(-400, 400),
)
def test_decimals_agree_with_the_decimal_module(
    sign: str, whole: str, fraction: str | None, exponent: int | None
) -> None:
    text = sign + whole + ("" if fraction is None else f".{fraction}")
    text += "" if exponent is None else f"e{exponent}"
    if not whole and not fraction:
        with pytest.raises(InputError):
            parse_decimal(text)
    else:
        assert parse_decimal(text) == Fraction(decimal.Decimal(text))


@UNTIMED
@given(FINITE)
def test_shortest_decimals_of_floats(value: float) -> None:
    assert parse_decimal(repr(value)) == Fraction(repr(value))


@UNTIMED
@given(st.text(max_size=12))
def test_any_text_is_a_decimal_or_refused(text: str) -> None:
    try:
        value = parse_decimal(text)
    except InputError:
        return
    assert value == Fraction(text.strip().replace("\N{MINUS SIGN}", "-"))


NOT_DECIMALS = [
    "1e",
    "e5",
    "nan",
    "inf",
    "-Infinity",
    "1_000",
    "0x10",
    "1/3",
    "1,5",
    "٣",
    "1e401",
    "1e-401",
    "1e9999999",
    "--1",
    "0.1f",
    "true",
    ".",
    "-",
]


@pytest.mark.parametrize("text", [*NOT_DECIMALS, "", " ", "1 2", "1\n2", "1" * 401])
def test_not_decimals(text: str) -> None:
    with pytest.raises(InputError, match="expected"):
        parse_decimal(text)


# Binary floats ----------------------------------------------------------------------------------


@UNTIMED
@given(matrices(FINITE))
def test_binary64_is_exact(rows: list[list[float]]) -> None:
    exact = ExactMatrix.from_binary64(np.array(rows))
    assert exact.fractions() == [[Fraction(*value.as_integer_ratio()) for value in row] for row in rows]


@UNTIMED
@given(matrices(FINITE))
def test_binary64_round_trip(rows: list[list[float]]) -> None:
    exact = ExactMatrix.from_binary64(np.array(rows))
    known, back = exact.as_binary64(), ExactMatrix(exact.numerators, exact.denominator).as_binary64()
    assert back is not None and known is not None
    assert back.tolist() == known.tolist() == rows
    assert (known.dtype, known.tobytes()) == (back.dtype, back.tobytes())


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4"])
def test_what_is_known_of_a_matrix_is_its_own(dtype: str) -> None:
    """Neither the array that it was made from, nor one that was given out."""
    array = np.array([[1.5, -0.0], [0.25, 3]], dtype=dtype)
    exact = ExactMatrix.from_binary64(array)
    array[0, 0] = 7
    for _ in range(2):
        given = exact.as_binary64()
        assert given is not None and given.dtype == np.float64 and str(given.tolist()) == "[[1.5, 0.0], [0.25, 3.0]]"
        given[0, 0] = 8
    assert (exact + exact).as_binary64().tolist() == [[3.0, 0.0], [0.5, 6.0]]  # type: ignore[union-attr]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f8", ">f8"])
def test_binary64_layouts(order: str, dtype: str) -> None:
    array = np.asarray([[1.5, 5e-324, 0.0], [-0.0, 1.7976931348623157e308, -0.1]], dtype=dtype, order=order)  # type: ignore[call-overload]
    exact = ExactMatrix.from_binary64(array)
    assert exact.entry(0, 1) == Fraction(1, 2**1074)
    assert exact.entry(1, 1) == Fraction(2**1024 - 2**971)
    assert exact.entry(1, 2) == Fraction(*(-0.1).as_integer_ratio())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_exact_value(value: float) -> None:
    with pytest.raises(ValueError, match="no exact value"):
        ExactMatrix.from_binary64(np.array([[value]]))


@pytest.mark.parametrize(
    "value", [Fraction(1, 3), Fraction(2**53 + 1), Fraction(1, 2**1075), Fraction(2**1024)]
)
def test_not_a_binary64(value: Fraction) -> None:
    assert ExactMatrix.from_fractions([[value]]).as_binary64() is None


@UNTIMED
@given(PAIRS)
def test_approximation_is_correctly_rounded(pair: tuple[list[list[Fraction]], list[list[Fraction]]]) -> None:
    rows, _ = pair
    approx = ExactMatrix.from_fractions(rows).to_binary64_approx()
    assert approx.tolist() == [[float(value) for value in row] for row in rows]


# Arithmetic -------------------------------------------------------------------------------------


@UNTIMED
@given(PAIRS, RATIONALS)
def test_arithmetic(pair: tuple[list[list[Fraction]], list[list[Fraction]]], factor: Fraction) -> None:
    a, b = pair
    n = len(a)
    left, right = ExactMatrix.from_fractions(a), ExactMatrix.from_fractions(b)
    assert left.fractions() == a
    assert (left + right).fractions() == [[a[i][j] + b[i][j] for j in range(n)] for i in range(n)]
    assert left.scaled(factor).fractions() == [[factor * value for value in row] for row in a]
    assert left.transposed.fractions() == [[a[j][i] for j in range(n)] for i in range(n)]
    reduced = left.scaled(Fraction(6, 4)).reduced()
    assert reduced.fractions() == left.scaled(Fraction(3, 2)).fractions()
    assert math.gcd(reduced.denominator, *reduced.numerators.ravel().tolist()) == 1


def test_constants() -> None:
    assert ExactMatrix.identity(2, Fraction(1, 3)).fractions() == [[Fraction(1, 3), 0], [0, Fraction(1, 3)]]
    assert ExactMatrix.zeros(2, 3).is_zero()
    assert not ExactMatrix.identity(2).is_zero()


def test_shapes_must_fit() -> None:
    with pytest.raises(ValueError, match="do not add"):
        ExactMatrix.zeros(2, 3) + ExactMatrix.zeros(3, 2)
    with pytest.raises(ValueError, match="two-dimensional"):
        ExactMatrix(np.zeros(3, dtype=object))


def test_matrices_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ExactMatrix.identity(2).numerators[0, 0] = 5


# The weights of a problem -----------------------------------------------------------------------

ASYMMETRIC = (Term(ONE, "R1"), Term(-ONE, "R1", transpose=True), Term(ONE, "R2"))


def problem(r1: ExactMatrix, r2: ExactMatrix, radius: Fraction = Fraction(0)) -> Problem:
    layer = Layer("tanh", ASYMMETRIC, (Term(ONE),))
    return Problem("test", r1.shape[0], (layer,), {"R1": r1, "R2": r2}, weight_radius=radius)


@UNTIMED
@given(PAIRS, RATIONALS)
def test_weights_are_exact(pair: tuple[list[list[Fraction]], list[list[Fraction]]], shift: Fraction) -> None:
    a, b = pair
    n = len(a)
    exact = problem(ExactMatrix.from_fractions(a), ExactMatrix.from_fractions(b))
    weights = exact.combine([*ASYMMETRIC, Term(shift)])
    assert weights.fractions() == [
        [a[i][j] - a[j][i] + b[i][j] + (shift if i == j else 0) for j in range(n)] for i in range(n)
    ]


def test_rounding_would_be_seen() -> None:
    r1 = ExactMatrix.from_binary64(np.array([[0.0, 1.0], [2.0**-80, 0.0]]))
    weights = problem(r1, ExactMatrix.zeros(2, 2)).combine(ASYMMETRIC)
    assert weights.entry(0, 1) == 1 - Fraction(1, 2**80)
    assert weights.as_binary64() is None


@UNTIMED
@given(
    radius=st.fractions(0, 1, max_denominator=1000),
    coefficients=st.lists(st.tuples(RATIONALS, st.sampled_from(["R1", "R2"]), st.booleans()), max_size=5),
)
def test_weight_box_is_attained(radius: Fraction, coefficients: list[tuple[Fraction, str, bool]]) -> None:
    """The radii are the exact maxima over the corners of the box, entry by entry."""
    zero = ExactMatrix.zeros(2, 2)
    terms = [Term(c, name, flip) for c, name, flip in coefficients]
    exact = problem(zero, zero, radius)
    units = {
        (name, i, j): ExactMatrix.from_fractions(
            [[ONE if (r, s) == (i, j) else Fraction(0) for s in (0, 1)] for r in (0, 1)]
        )
        for name in ("R1", "R2")
        for i in (0, 1)
        for j in (0, 1)
    }
    # the weights are linear in the arrays: the maximum of |entry| is r·Σ|partial derivative|
    total = [[Fraction(0)] * 2 for _ in range(2)]
    for (name, _, _), unit in units.items():
        arrays = {"R1": zero, "R2": zero, name: unit}
        derivative = Problem("test", 2, (), arrays).combine(terms)
        for i in (0, 1):
            for j in (0, 1):
                total[i][j] += abs(derivative.entry(i, j))
    diagonal, off_diagonal = exact.weight_box(terms)
    assert diagonal == radius * total[0][0] == radius * total[1][1]
    assert off_diagonal == radius * total[0][1] == radius * total[1][0]


def test_weight_box_of_the_asymmetric_network() -> None:
    zero = ExactMatrix.zeros(3, 3)
    assert problem(zero, zero, Fraction(1, 10)).weight_box(ASYMMETRIC) == (Fraction(1, 10), Fraction(3, 10))
