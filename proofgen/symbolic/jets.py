"""Jets of one layer, or of one operation of an expression graph: Faà di Bruno's formula and Leibniz' rule, by SymPy.

For directions u_1, …, u_m put x(ε) = x + Σ ε_i u_i and follow the coefficient of every
square-free monomial in ε (MATHEMATICS.md, section 4). B(u, v) and C(u, v, w) are the
coefficients of ε_1ε_2 and ε_1ε_2ε_3 of f.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sympy as sp

from .subsets import Subset, subsets

sigma_derivatives = sp.symbols("sigma1 sigma2 sigma3", real=True)


def z_symbol(subset: Subset) -> sp.Symbol:
    """z_1, z_12, …: the coefficient of Π ε_i in the argument of σ."""
    return sp.Symbol("z_" + "".join(map(str, subset)))


@lru_cache(maxsize=4)
def faa_di_bruno(order: int) -> Mapping[Subset, sp.Expr]:
    """h_S for every subset S: coefficients of σ(z_0 + Σ_S z_S ε^S), in σ', σ'', σ''' and z_S.

    Faà di Bruno: the sum over all partitions of S of σ^(k) times the z of its k parts. Order at most 3.
    """
    if not 1 <= order <= 3:
        raise ValueError(f"jets are derived up to order 3, not {order}")
    result: dict[Subset, sp.Expr] = {}
    for subset in subsets(order):
        terms = [sp.Mul(sigma_derivatives[len(parts) - 1], *map(z_symbol, parts)) for parts in partitions(subset)]
        result[subset] = sp.Add(*terms)
    return result


def partitions(subset: Subset) -> list[list[Subset]]:
    """Of a set into non-empty sets: the first element alone, or added to one part of a partition of the others."""
    if not subset:
        return [[]]
    found: list[list[Subset]] = []
    for parts in partitions(subset[1:]):
        found.append([subset[:1], *parts])
        found += [[*parts[:i], subset[:1] + part, *parts[i + 1 :]] for i, part in enumerate(parts)]
    return found


def factor_symbol(letter: str, subset: Subset) -> sp.Symbol:
    """a, a_1, a_12, …: the coefficients of a factor of a product."""
    return sp.Symbol(letter + "".join(map(str, subset)))


@lru_cache(maxsize=4)
def leibniz(order: int) -> Mapping[Subset, sp.Expr]:
    """The coefficients (ab)_S of a product for every subset S, by differentiating in ε at 0."""
    epsilon = sp.symbols(f"epsilon1:{order + 1}")

    def factor(letter: str) -> sp.Expr:
        terms = [factor_symbol(letter, subset) * sp.Mul(*(epsilon[i - 1] for i in subset)) for subset in subsets(order)]
        return sp.Add(factor_symbol(letter, ()), *terms)

    whole, at_zero = factor("a") * factor("b"), dict.fromkeys(epsilon, 0)
    return {
        subset: sp.expand(sp.diff(whole, *(epsilon[i - 1] for i in subset)).subs(at_zero)) for subset in subsets(order)
    }
