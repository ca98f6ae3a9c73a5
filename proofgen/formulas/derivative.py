"""∂/∂x of expressions in real symbols, step by step as `sympy.diff` does it and with the same results.

`sympy.diff` asks of every derivative inside another whether it vanishes identically, of which most of its time is the
deduction; here only 0 itself vanishes.
"""

from __future__ import annotations

import sympy as sp


def derivative(expression: sp.Expr, by: sp.Symbol) -> sp.Expr:
    """For expressions of sums, products, powers and functions of one argument, or of which only the last varies."""
    if expression == by:
        return sp.S.One
    if by not in expression.free_symbols:
        return sp.S.Zero
    args = expression.args
    if expression.is_Add:
        return sp.Add(*(derivative(term, by) for term in args))
    if expression.is_Mul:
        inner = [(k, derivative(factor, by)) for k, factor in enumerate(args)]
        return sp.Add(*(sp.Mul(*args[:k], d, *args[k + 1 :]) for k, d in inner if d is not sp.S.Zero))
    if expression.is_Pow:
        base, exponent = expression.base, expression.exp
        of_base, of_exponent = derivative(base, by), derivative(exponent, by)
        along = sp.S.Zero if of_exponent is sp.S.Zero else of_exponent * sp.log(base)
        return expression * (along + of_base * exponent / base)
    inner = [(k, derivative(argument, by)) for k, argument in enumerate(args, start=1)]
    return sp.Add(*(expression.fdiff(k) * d for k, d in inner if d is not sp.S.Zero))
