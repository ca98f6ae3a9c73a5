"""Is σ real analytic at 0 with σ(0) = 0 exactly? Needed for the zero branch (FORMAT.md, section 8).

Values at z = 0 are exact rationals as long as possible and balls otherwise; σ(0) = 0 must come out
as an exact rational, every denominator nonzero and every argument of log and sqrt positive. Derivatives at 0
come from Taylor series with ball coefficients: a second computation, independent of SymPy.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from flint import arb, arb_series

from ..numbers.balls import ball, proves_nonzero, proves_positive, working_precision
from ..symbolic.named import activation_text
from ..symbolic.parse import interpret, parse

_Value = Fraction | arb
BITS = 256
_AT_ZERO = {"exp": 1, "sin": 0, "cos": 1, "tan": 0, "tanh": 0, "sinh": 0, "cosh": 1, "atan": 0, "erf": 0}


def _ball(x: _Value) -> arb:
    return ball(x) if isinstance(x, Fraction) else x


def _apply(name: str, x: arb) -> arb:
    result: arb = getattr(x, name)()
    return result


class _AtZero:
    def number(self, value: Fraction) -> _Value:
        return value

    def variable(self, name: str) -> _Value:
        return Fraction(0)

    def add(self, x: _Value, y: _Value) -> _Value:
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x + y
        return _ball(x) + _ball(y)

    def multiply(self, x: _Value, y: _Value) -> _Value:
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x * y
        if any(isinstance(v, Fraction) and v == 0 for v in (x, y)):
            return Fraction(0)
        return _ball(x) * _ball(y)

    def divide(self, x: _Value, y: _Value) -> _Value:
        if not proves_nonzero(_ball(y)):
            raise ArithmeticError("a denominator is not proved nonzero at z = 0")
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x / y
        return Fraction(0) if isinstance(x, Fraction) and x == 0 else _ball(x) / _ball(y)

    def power(self, x: _Value, exponent: int) -> _Value:
        if exponent < 0:
            return self.divide(Fraction(1), self.power(x, -exponent))
        return x**exponent

    def function(self, name: str, x: _Value) -> _Value:
        if name in ("log", "sqrt"):
            if not proves_positive(_ball(x)):
                raise ArithmeticError(f"the argument of {name} is not proved positive at z = 0")
            if isinstance(x, Fraction) and x == 1:
                return Fraction(0 if name == "log" else 1)
            return _apply(name, _ball(x))
        if isinstance(x, Fraction) and x == 0:
            return Fraction(_AT_ZERO[name])
        if name == "tan" and not proves_nonzero(_ball(x).cos()):
            raise ArithmeticError("cos is not proved nonzero in tan at z = 0")
        return _apply(name, _ball(x))


@lru_cache(maxsize=64)
def zero_branch_obstacle(activation: str) -> str | None:
    """Why ``W(γ)x + b = 0`` is not a branch of equilibria of ``x' = σ(W(γ)x + b)``, or None when it is."""
    try:
        with working_precision(BITS):
            value = interpret(parse(activation_text(activation)), _AtZero())
    except ArithmeticError as error:
        return f"σ is not proved analytic at 0: {error}"
    if isinstance(value, Fraction):
        if value == 0:
            return None
        shown = f"σ(0) = {value} ≠ 0" if max(abs(value.numerator), value.denominator) < 10**20 else "σ(0) ≠ 0"
        return f"{shown}, so W(γ)x + b = 0 does not give equilibria of x' = σ(W(γ)x + b)"
    if proves_nonzero(value):
        return "σ(0) ≠ 0, so W(γ)x + b = 0 does not give equilibria of x' = σ(W(γ)x + b)"
    return "σ(0) = 0 is not established in exact arithmetic"


class _Series:
    """Power series in z with ball coefficients, up to the third power."""

    def number(self, value: Fraction) -> arb_series:
        return arb_series([ball(value)], prec=4)

    def variable(self, name: str) -> arb_series:
        return arb_series([0, 1], prec=4)

    def add(self, x: arb_series, y: arb_series) -> arb_series:
        return x + y

    def multiply(self, x: arb_series, y: arb_series) -> arb_series:
        return x * y

    def divide(self, x: arb_series, y: arb_series) -> arb_series:
        return x / y

    def power(self, x: arb_series, exponent: int) -> arb_series:
        return x**exponent if exponent >= 0 else 1 / x**-exponent

    def function(self, name: str, x: arb_series) -> arb_series:
        if name == "tanh":
            return 1 - 2 / ((2 * x).exp() + 1)
        if name in ("sinh", "cosh"):
            sign = -1 if name == "sinh" else 1
            return (x.exp() + sign * (-x).exp()) / 2
        result: arb_series = getattr(x, name)()
        return result


@lru_cache(maxsize=64)
def derivatives_at_zero(activation: str) -> tuple[arb, arb, arb] | None:
    """Balls of the first three derivatives of σ at 0, or None where they are not finite.

    Call it only where `zero_branch_obstacle` is None: then σ is analytic at 0.
    """
    try:
        with working_precision(BITS):
            series = interpret(parse(activation_text(activation)), _Series())
            found = series[1], 2 * series[2], 6 * series[3]
    except (ArithmeticError, ValueError):
        return None
    return found if all(x.is_finite() for x in found) else None
