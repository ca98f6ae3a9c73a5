"""Activations σ: their text, their SymPy form, their derivatives.

Every derivative is computed by SymPy. Where σ satisfies σ' = P(σ) with a polynomial P, the
derivatives are rewritten as polynomials in s = σ(z), found by an ansatz and verified.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy as sp

from ..errors import InputError, UnsupportedError
from .named import NAMED, activation_text
from .parse import FUNCTIONS, NON_SMOOTH, interpret, parse

z = sp.Symbol("z", real=True)
s = sp.Symbol("s", real=True)

class _SymPyAlgebra:
    def number(self, value: Fraction) -> sp.Expr:
        return sp.Rational(value.numerator, value.denominator)

    def variable(self, name: str) -> sp.Expr:
        return z

    def add(self, x: sp.Expr, y: sp.Expr) -> sp.Expr:
        return x + y

    def multiply(self, x: sp.Expr, y: sp.Expr) -> sp.Expr:
        return x * y

    def divide(self, x: sp.Expr, y: sp.Expr) -> sp.Expr:
        if y.is_zero:
            raise ZeroDivisionError("division by zero")
        return x / y

    def power(self, x: sp.Expr, exponent: int) -> sp.Expr:
        return x**exponent

    def function(self, name: str, x: sp.Expr) -> sp.Expr:
        return getattr(sp, name)(x)


@dataclass(frozen=True)
class Activation:
    """σ with its first three derivatives.

    expression, derivatives: SymPy expressions in z. polynomial: P with σ' = P(s), s = σ(z),
    or None; in_s: (σ', σ'', σ''') as factored polynomials in s, or None.
    derivatives_at_zero: (σ_1, σ_2, σ_3) = (σ', σ'', σ''')(0), exact SymPy numbers.
    """

    text: str
    expression: sp.Expr
    derivatives: tuple[sp.Expr, sp.Expr, sp.Expr]
    polynomial: sp.Expr | None
    in_s: tuple[sp.Expr, sp.Expr, sp.Expr] | None
    derivatives_at_zero: tuple[sp.Expr, sp.Expr, sp.Expr]


def shortened(value: sp.Expr) -> sp.Expr:
    """sp.simplify, which loads and tries much, where it can change anything: not products of powers with a number."""

    def plain(factor: sp.Expr) -> bool:
        base, exponent = factor.as_base_exp()
        return bool(factor.is_Rational or factor is sp.I or (base.is_Symbol and exponent.is_Integer))

    return value if all(map(plain, sp.Mul.make_args(value))) else sp.simplify(value)


def tame(value: sp.Expr) -> sp.Expr:
    """A simplified form of a constant where that is cheap, else the constant itself (equal in either case)."""
    large = [number for number in value.atoms(sp.Rational) if max(abs(number.p), number.q) > 10**12]
    return value if large or sp.count_ops(value) > 40 or value.atoms(sp.exp) else shortened(value)


def smooth_expression(text: str) -> sp.Expr:
    """σ by SymPy. Raises InputError for what is no smooth expression in z, as ReLU (MATHEMATICS.md, section 1)."""
    name = text.strip()
    if name.lower() in NON_SMOOTH:
        raise InputError(
            "this activation is not smooth: Hopf's theorem does not apply at a kink; expected a real "
            f"analytic one ({', '.join(NAMED)}, or an expression in z)",
            value=text,
        )
    if name.isidentifier() and name != "z" and name not in NAMED:
        close = difflib.get_close_matches(name.lower(), NAMED, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise InputError(
            f"unknown activation; expected one of {', '.join(NAMED)}, or an expression in z with "
            f"the functions {', '.join(FUNCTIONS)}{hint}",
            value=text,
        )
    try:
        expression = sp.sympify(interpret(parse(activation_text(name)), _SymPyAlgebra()))
    except InputError as error:
        raise InputError(error.expected, value=text) from None
    except (ArithmeticError, RecursionError) as error:
        raise InputError(f"expected a smooth expression in z: {error}", value=text) from None
    if expression.has(sp.Abs, sp.sign, sp.zoo, sp.nan, sp.oo, sp.I, sp.Float, sp.arg):
        raise InputError("expected a real expression that is smooth near z = 0", value=text)
    if z not in expression.free_symbols:
        raise InputError("expected an expression that depends on z", value=text)
    return expression


@lru_cache(maxsize=32)
def derive_activation(text: str) -> Activation:
    """σ and its derivatives by SymPy. Raises UnsupportedError where they do not exist at 0."""
    expression = smooth_expression(text)
    first = sp.diff(expression, z)
    derivatives = (first, sp.diff(first, z), sp.diff(first, z, 2))
    at_zero = tuple(tame(d.subs(z, 0)) for d in derivatives)
    if any(value.has(sp.zoo, sp.nan, sp.oo, sp.I) for value in at_zero):
        raise UnsupportedError("the derivatives at z = 0 are not finite real numbers", value=text)
    polynomial = algebraic_ode(expression)
    in_s = None
    if polynomial is not None:
        chain = [sp.factor(polynomial)]
        for _ in range(2):
            chain.append(sp.factor(sp.diff(chain[-1], s) * polynomial))
        in_s = (chain[0], chain[1], chain[2])
    return Activation(text.strip(), expression, derivatives, polynomial, in_s, at_zero)


def algebraic_ode(expression: sp.Expr, degree: int = 3) -> sp.Expr | None:
    """P(s) of degree ≤ ``degree`` with rational coefficients and σ' = P(σ), or None.

    An ansatz is fitted at a few points z and then verified as an identity in z.
    """
    unknowns = sp.symbols(f"a0:{degree + 1}")
    ansatz = sum((a * s**k for k, a in enumerate(unknowns)), sp.Integer(0))
    powers = [power.exp for power in expression.atoms(sp.Pow) if power.exp.is_Integer]
    if sp.count_ops(expression) > 30 or any(abs(power) > 6 for power in powers):
        return None
    t = sp.Symbol("t", positive=True)  # t = e^z turns tanh, logistic, … into rational functions
    rational = sp.together(expression.rewrite(sp.exp).subs(sp.exp(-z), 1 / t).subs(sp.exp(z), t))
    if z in rational.free_symbols or not rational.is_rational_function(t):
        return None
    difference = sp.together(t * sp.diff(rational, t) - ansatz.subs(s, rational))
    equations = sp.Poly(sp.numer(difference), t).coeffs()
    solutions = sp.solve(equations, unknowns, dict=True)
    if len(solutions) != 1 or any(a not in solutions[0] for a in unknowns):
        return None
    polynomial = ansatz.subs(solutions[0])
    return polynomial if sp.cancel(difference.subs(solutions[0])) == 0 else None  # a rational function of t
