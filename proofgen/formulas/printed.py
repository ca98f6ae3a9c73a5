"""Formulas printed by SymPy: the letters that it prints with, and what all kinds of fields show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..plain import ENCODING, plain
from ..symbolic import lyapunov as ly
from ..symbolic.activations import derive_activation, s
from ..symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from ..symbolic.subsets import Subset, subsets
from .formula import Formula, Right, formula

Wu, Wv, Ww, Wx1, xl, ul = sp.symbols("Wu Wv Ww Wx1 x_l u_l")

SIGMA = dict(zip(sigma_derivatives, (r"\sigma'", r"\sigma''", r"\sigma'''"), strict=True))

SIGMA_ZERO = dict(zip(sigma_derivatives, (r"\sigma_1", r"\sigma_2", r"\sigma_3"), strict=True))

SIGMA_TEXT = dict(zip(sigma_derivatives, ("σ'", "σ''", "σ'''"), strict=True))

SIGMA_ZERO_TEXT = dict(zip(sigma_derivatives, ("σ₁", "σ₂", "σ₃"), strict=True))

LATEX: dict[sp.Symbol, str] = {
    Wu: r"(Wu)_l", Wv: r"(Wv)_l", Ww: r"(Ww)_l", Wx1: r"(Wx')_l",
    xl: "x_l", ul: "u_l",
    ly.omega: r"\omega", ly.nu: r"\nu", ly.q: "q_l", ly.q_bar: r"\bar q_l", ly.p_bar: r"\bar p_l", ly.h: "h_l",
    ly.im_S: r"\operatorname{Im}(S)", ly.re_T: r"\operatorname{Re}(T)", ly.q_norm_squared: r"q^{\mathsf H} q",
}  # fmt: skip

TEXT: dict[sp.Symbol, str] = {
    Wu: "(Wu)_l", Wv: "(Wv)_l", Ww: "(Ww)_l", Wx1: "(Wx')_l",
    ly.omega: "ω", ly.nu: "ν", ly.q: "q_l", ly.q_bar: "q̄_l", ly.p_bar: "p̄_l", ly.h: "h_l",
    ly.im_S: "Im(S)", ly.re_T: "Re(T)", ly.q_norm_squared: "qᴴq",
}  # fmt: skip

_LAST = {
    Wu: "1", Wv: "2", Ww: "3", Wx1: "4", xl: "5", ul: "6", ly.q_norm_squared: "7", ly.im_S: "8", ly.re_T: "9",
}  # fmt: skip


def printed(
    right: sp.Expr,
    names: Mapping[sp.Symbol, str] | None = None,
    text_names: Mapping[sp.Symbol, str] | None = None,
    encoding: str | None = None,
) -> Right:
    """The right side of a formula; encoding: of the terminal, None for that in force."""
    names = names or LATEX
    last = {symbol: sp.Symbol(f"zz{name}") for symbol, name in _LAST.items()}  # SymPy sorts factors by name
    latex = sp.latex(
        right.xreplace(last),
        fold_func_brackets=True,
        inv_trig_style="full",
        symbol_names={last.get(symbol, symbol): name for symbol, name in names.items()},
    )
    encoding = encoding or ENCODING.get()
    shown = {symbol: sp.Symbol(plain(name, encoding)) for symbol, name in (text_names or TEXT).items()}
    drawn = sp.pretty(right.xreplace(shown), use_unicode=plain("⎛", encoding) == "⎛", wrap_line=False)
    return [latex, drawn]


def printed_formula(
    left: str,
    left_text: str,
    right: sp.Expr,
    names: Mapping[sp.Symbol, str] | None = None,
    text_names: Mapping[sp.Symbol, str] | None = None,
) -> Formula:
    return formula(left, left_text, printed(right, names, text_names))


def activation_rights(text: str, encoding: str) -> dict[str, Any]:
    """What `shared.activation_formulas` shows of an activation: right sides, and whether σ' = 1 ("affine")."""
    activation = derive_activation(text)
    return {
        "sigma": printed(activation.expression, encoding=encoding),
        "derivatives": [printed(_factored(derivative), encoding=encoding) for derivative in activation.derivatives],
        "in_s": [
            printed(_in_powers(power, activation.polynomial), encoding=encoding) for power in activation.in_s or ()
        ],
        "affine": bool(activation.derivatives[0] == 1),
    }


def jet_right(subset: Subset, encoding: str) -> Right:
    """Faà di Bruno's formula for h_S, S = {1, …, m}."""
    order = len(subset)
    indices = {item: "".join(map(str, item)) for item in subsets(order)}
    names = {z_symbol(item): f"z_{{{index}}}" for item, index in indices.items()} | SIGMA
    text = {z_symbol(item): f"z_{index}" for item, index in indices.items()} | SIGMA_TEXT
    return printed(faa_di_bruno(order)[subset], names, text, encoding)


def _factored(expression: sp.Expr) -> sp.Expr:
    return sp.factor(expression) if expression.is_rational_function() and sp.count_ops(expression) < 60 else expression


@cache
def _in_powers(expression: sp.Expr, polynomial: sp.Expr) -> sp.Expr:
    """σ^(k) = P·Q with P = σ' expanded and Q factored, e.g. −2s(1 − s²)."""
    quotient = sp.factor(sp.cancel(expression / polynomial))
    if not quotient.is_polynomial(s):
        return expression
    expanded = sp.expand(polynomial)
    if expanded.subs(s, 0) == 0:  # s(1 − s)
        expanded = sp.Mul(s, sp.expand(expanded / s), evaluate=False)
    factors = () if quotient == 1 else sp.Mul.make_args(quotient)
    return sp.Mul(*factors, *sp.Mul.make_args(expanded), evaluate=False) if factors else expanded


@cache
def collected(ell1: sp.Expr) -> sp.Expr:
    """ℓ1 as (coefficient)·Im S + (coefficient)·Re T, each coefficient factored."""
    expanded = sp.expand(ell1)
    parts = [sp.factor(expanded.coeff(symbol)) * symbol for symbol in (ly.im_S, ly.re_T)]
    total = sp.Add(*parts)
    if sp.cancel(sp.together(total - ell1)) != 0:
        raise AssertionError("the first Lyapunov coefficient is linear in Im S and Re T")
    return total
