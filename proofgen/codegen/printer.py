"""SymPy expressions as python-flint source text. Exact: a Float is an error, 1/3 is ``arb(1)/3``.

Integer powers, exp, tanh, erf and cosh are calls of functions in `templates/evaluator/util.py.jinja`: in python-flint
``**`` of a ball around 0 and tanh of a wide one are NaN, and products and exp of a wide ball may contain negative
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

_METHODS = {sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tan: "tan", sp.sinh: "sinh", sp.atan: "atan"}
_HELPERS = {sp.exp: "_increasing(arb.exp, ", sp.tanh: "_increasing(arb.tanh, ", sp.erf: "_increasing(arb.erf, ",
            sp.cosh: "_cosh("}  # fmt: skip
_ADD, _MUL, _POWER, _ATOM = 1, 2, 3, 4


def flint_code(expression: sp.Expr, names: Mapping[sp.Symbol, str] | None = None) -> str:
    """Source text that evaluates ``expression`` on balls; it yields a ball, never a Python float.

    names: how symbols are written (default: their SymPy name). Raises TypeError for anything
    that has no exact meaning here (a Float, an unknown function).
    """
    text, _ = _print(sp.sympify(expression), names or {})
    return f"arb({text})" if expression.is_Integer else text


def flint_assignments(
    expressions: Sequence[sp.Expr], names: Mapping[sp.Symbol, str] | None = None, prefix: str = "t"
) -> tuple[list[tuple[str, str]], list[str]]:
    """Common subexpressions as (name, code) lines, and the code of each expression."""
    shared, reduced = sp.cse(list(expressions), symbols=sp.numbered_symbols(prefix, start=1))
    return [(str(name), flint_code(value, names)) for name, value in shared], [
        flint_code(value, names) for value in reduced
    ]


def _wrapped(expression: sp.Expr, names: Mapping[sp.Symbol, str], level: int) -> str:
    text, own = _print(expression, names)
    return text if own >= level else f"({text})"


def _print(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> tuple[str, int]:
    if e.is_Float:
        raise TypeError(f"a rounded number has no place in a proof: {e}")
    if e.is_Integer:
        return (str(int(e)), _ATOM) if e >= 0 else (str(int(e)), _ADD)
    if e.is_Rational:
        return f"arb({int(e.p)})/{int(e.q)}", _MUL
    if e is sp.pi:
        return "arb.pi()", _ATOM
    if e is sp.E:
        return "arb(1).exp()", _ATOM
    if e is sp.I:
        return "acb(0, 1)", _ATOM
    if e.is_Symbol:
        return names.get(e, e.name), _ATOM
    if e.is_Add:
        return _sum(e, names), _ADD
    if e.is_Mul:
        return _product(e, names)
    if e.is_Pow:
        return _power(e, names)
    if e.func in _HELPERS and len(e.args) == 1:
        return f"{_HELPERS[e.func]}{_ball(e.args[0], names)})", _ATOM
    if e.func in _METHODS and len(e.args) == 1:
        return f"{_ball_atom(e.args[0], names)}.{_METHODS[e.func]}()", _ATOM
    raise TypeError(f"no ball arithmetic for {e.func.__name__}")


def _sum(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> str:
    text = ""
    for term in e.as_ordered_terms():
        if term.could_extract_minus_sign():
            piece = _wrapped(-term, names, _MUL)
            text += f" - {piece}" if text else f"-{piece}"
        else:
            text += f" + {_wrapped(term, names, _MUL)}" if text else _wrapped(term, names, _MUL)
    return text


def _product(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> tuple[str, int]:
    if e.could_extract_minus_sign():
        return f"-{_wrapped(-e, names, _MUL)}", _ADD
    numerator, denominator = sp.fraction(e, exact=True)  # e^(−z) is no denominator e^z
    if denominator != 1:
        top = "arb(1)" if numerator == 1 else _wrapped(numerator, names, _MUL)
        top = f"arb({top})" if numerator.is_Integer and numerator != 1 else top
        return f"{top}/{_wrapped(denominator, names, _POWER)}", _MUL
    return "*".join(_wrapped(factor, names, _POWER) for factor in e.as_ordered_factors()), _MUL


def _power(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> tuple[str, int]:
    base, exponent = e.as_base_exp()
    if base is sp.E:
        return f"{_HELPERS[sp.exp]}{_ball(exponent, names)})", _ATOM
    if exponent.is_Rational and exponent < 0:
        return f"arb(1)/{_wrapped(base ** (-exponent), names, _POWER)}", _MUL
    if exponent.is_Integer:
        return f"_power({_ball(base, names)}, {int(exponent)})", _ATOM
    if exponent.is_Rational and exponent.q == 2:
        root = f"{_ball_atom(base, names)}.sqrt()"
        return (root, _ATOM) if exponent.p == 1 else (f"_power({root}, {int(exponent.p)})", _ATOM)
    raise TypeError(f"no ball arithmetic for the power {e}")


def _ball_atom(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> str:
    """Code that yields a ball and can take a method call or ``**``."""
    return _ball(e, names) if e.is_Rational else _wrapped(e, names, _ATOM)


def _ball(e: sp.Expr, names: Mapping[sp.Symbol, str]) -> str:
    """Code that yields a ball, as an argument of a call."""
    text, _ = _print(e, names)
    return f"arb({text})" if e.is_Rational else text
