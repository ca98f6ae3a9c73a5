"""The functions of one argument that equations may use, with derivatives by SymPy.

exprel(u) = (e^u − 1)/u is entire, exprel^(k)(u) = ∫_0^1 t^k e^{tu} dt; code uses that form, not quotients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from .activations import algebraic_ode, s, z

w = sp.Symbol("w", real=True)  # 1/z


@dataclass(frozen=True)
class FunctionRule:
    """φ and φ', φ'', φ''' as expressions in z (or in w = 1/z where inverse is True; in s = φ(z) where in_s is True)."""

    expression: sp.Expr
    derivatives: tuple[sp.Expr, sp.Expr, sp.Expr]
    in_s: bool = False
    inverse: bool = False


@lru_cache(maxsize=64)
def function_rule(name: str) -> FunctionRule:
    """The rule of a function of the grammar other than exprel."""
    expression = getattr(sp, name)(z)
    first = sp.diff(expression, z)
    derivatives = first, sp.diff(first, z), sp.diff(first, z, 2)
    polynomial = algebraic_ode(expression) if name in ("exp", "tanh") else None
    if polynomial is None:
        return FunctionRule(expression, derivatives)
    chain = [sp.factor(polynomial)]
    for _ in range(2):
        chain.append(sp.factor(sp.diff(chain[-1], s) * polynomial))
    return FunctionRule(expression, (chain[0], chain[1], chain[2]), in_s=True)


@lru_cache(maxsize=256)
def power_rule(exponent: int) -> FunctionRule:
    """The rule of z^k for an integer k other than 0 and 1."""
    first = sp.diff(z**exponent, z)
    derivatives = [first, sp.diff(first, z), sp.diff(first, z, 2)]
    if exponent > 0:
        return FunctionRule(z**exponent, (derivatives[0], derivatives[1], derivatives[2]))
    turned = [sp.expand(d.subs(z, 1 / w)) for d in derivatives]
    return FunctionRule(w**-exponent, (turned[0], turned[1], turned[2]), inverse=True)


def exprel_by_quotient() -> sp.Expr:
    """(e^z − 1)/z, from which tests compute derivatives of exprel away from 0."""
    return (sp.exp(z) - 1) / z
