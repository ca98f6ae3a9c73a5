"""Jets of one layer, or of one function in an expression graph: Faà di Bruno's formula, in SymPy.

For directions u_1, …, u_m put x(ε) = x + Σ ε_i u_i and follow the coefficient of every
square-free monomial in ε (MATHEMATICS.md, section 4). B(u, v) and C(u, v, w) are the
coefficients of ε_1ε_2 and ε_1ε_2ε_3 of f.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sympy as sp

from .subsets import Subset, partitions, subsets

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
