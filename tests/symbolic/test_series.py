"""Truncated series against derivatives by SymPy and mpmath, over points and over intervals."""

from __future__ import annotations

from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from flint import arb

from proofgen.approx.plane import _Floats
from proofgen.numbers.balls import working_precision
from proofgen.proof.plane_field import _Balls
from proofgen.symbolic.series import algebra, taylor

FUNCTIONS = ["exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf", "exprel", 2, 5, -1, -3]
CENTRES = [Fraction(7, 10), Fraction(3, 2), Fraction(1, 1000)]


def known(function: str | int, z: Fraction) -> list[mp.mpf]:
    """Taylor coefficients by mpmath, to 30 digits."""
    if isinstance(function, int):
        f = lambda t: t**function  # noqa: E731
    elif function == "exprel":
        f = lambda t: mp.expm1(t) / t  # noqa: E731
    else:
        f = getattr(mp, function)
    with mp.workdps(60):  # Cauchy's sums over a circle: every function is analytic in one four times as large
        centre = mp.mpf(z.numerator) / z.denominator
        radius, nodes = min(centre, mp.mpf(7) / 100) / 4, 64
        points = [mp.expjpi(mp.mpf(2) * j / nodes) for j in range(nodes)]
        values = [f(centre + radius * w) for w in points]
        return [
            mp.re(sum(v * w**-k for v, w in zip(values, points, strict=True))) / nodes / radius**k for k in range(6)
        ]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("z", CENTRES)
def test_coefficients_of_functions_are_enclosed_narrowly(function: str | int, z: Fraction) -> None:
    with working_precision(160):
        found = taylor(function, arb(z.numerator) / z.denominator, 5, _Balls())
        for mine, other in zip(found, known(function, z), strict=True):
            with mp.workdps(60):
                theirs = arb(mp.nstr(mp.re(other), 50))
            assert abs(mine - theirs) < arb("1e-18") * (1 + abs(theirs))
            assert mine.rad() < arb("1e-25") * (1 + abs(theirs))
    floats = taylor(function, float(z), 5, _Floats())
    assert [float(x) for x in floats] == pytest.approx([float(x.mid()) for x in found], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_intervals_contain_the_coefficients_of_their_points(function: str | int) -> None:
    with working_precision(100):
        wide = taylor(function, arb("0.7", "0.01"), 5, _Balls())
        for point in (Fraction(69, 100), Fraction(7, 10), Fraction(709, 1000)):
            exact = taylor(function, arb(point.numerator) / point.denominator, 5, _Balls())
            assert all(x.overlaps(y) and (x - y).contains(0) for x, y in zip(wide, exact, strict=True))
            assert all(x.contains(y.mid()) for x, y in zip(wide, exact, strict=True))
        assert all(x.rad() < 2 * (1 + abs(x)) for x in wide)


def test_powers_of_balls_around_zero_are_defined() -> None:
    with working_precision(64):
        square = taylor(2, arb(0, 1), 2, _Balls())
        assert square[0].is_finite() and not square[0] < 0 and square[0].contains(1) and square[2] == 1
        assert not taylor(-1, arb(0, 1), 1, _Balls())[0].is_finite()


def test_composition_and_products_are_those_of_sympy() -> None:
    """exp(sin(x) y) at x = 1/2 + 2w − v, y = 1/3 + wv + 3w, all coefficients to w³v²."""
    through = algebra((3, 2))
    w, v = sp.symbols("w v")
    x, y = sp.Rational(1, 2) + 2 * w - v, sp.Rational(1, 3) + w * v + 3 * w
    series_x, series_y = through.zero, through.zero
    with working_precision(128):
        for monomial, value in (((0, 0), arb(1) / 2), ((1, 0), arb(2)), ((0, 1), arb(-1))):
            series_x[through.index[monomial]] = value
        for monomial, value in (((0, 0), arb(1) / 3), ((1, 1), arb(1)), ((1, 0), arb(3))):
            series_y[through.index[monomial]] = value
        sine = through.compose(taylor("sin", series_x[0], 5, _Balls()), series_x)
        inner = through.multiply(sine, series_y)
        found = through.compose(taylor("exp", inner[0], 5, _Balls()), inner)
        function = sp.exp(sp.sin(x) * y)
        for (i, j), k in through.index.items():
            exact = sp.diff(function, w, i, v, j).subs({w: 0, v: 0}) / sp.factorial(i) / sp.factorial(j)
            text = str(sp.N(exact, 35))
            assert found[k].rad() < arb("1e-25") and abs(found[k] - arb(text)) < arb("1e-25")


def test_an_algebra_is_closed_under_divisors() -> None:
    through = algebra((2, 1, 1), (3, 0, 0))
    assert set(through.monomials) == {(i, j, k) for i in range(3) for j in range(2) for k in range(2)} | {(3, 0, 0)}
    assert through.monomials[0] == (0, 0, 0) and through.order == 4
