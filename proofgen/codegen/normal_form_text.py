"""The texts of `normal_form`, by SymPy (`templates/evaluator/normal_form`).

Made from SymPy expressions and integers only; the activation appears in a comment as SymPy prints it.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ..symbolic import circle_branch as cb
from ..symbolic import gain_branch as gb
from ..symbolic.activations import Activation, derive_activation, s, z
from ..symbolic.lyapunov import (
    ZeroBranchFormula,
    c_1,
    c_2,
    c_3,
    flip_formula,
    general_formula,
    h,
    neimark_sacker_formula,
    p_bar,
    q,
    q_bar,
    zero_branch_formula,
)
from .environment import python_environment
from .printer import flint_assignments, flint_code


def hopf_text() -> str:
    """ℓ1 by the n-dimensional formula."""
    formula = general_formula()
    return python_environment().get_template("normal_form/hopf.py.jinja").render(
        ell1_text=f"ℓ1 = {formula}",
        ell1_code=flint_code(formula, {c_1: "c_1", c_2: "c_2", c_3: "c_3"}),
    )  # fmt: skip


def neimark_sacker_text() -> str:
    """a of a Neimark–Sacker point of a map."""
    return _of_map("neimark_sacker", "a", neimark_sacker_formula())


def flip_text() -> str:
    """c of a flip of a map."""
    return _of_map("flip", "c", flip_formula())


def _of_map(name: str, letter: str, formula: sp.Expr) -> str:
    return python_environment().get_template(f"normal_form/{name}.py.jinja").render(
        text=f"{letter} = {formula}", code=flint_code(formula, {c_1: "c_1", c_2: "c_2", c_3: "c_3"}),
    )  # fmt: skip


def zero_branch_text(name: str) -> str:
    """The closed form of ℓ1 on the zero branch of one layer with this activation."""
    activation = derive_activation(name)
    formula: ZeroBranchFormula = zero_branch_formula(*activation.derivatives_at_zero)
    names = {q: "q_l", q_bar: "q_l.conjugate()", p_bar: "p_bar_l", h: "h_l"}
    slope_lines, (slope_code,) = flint_assignments([(activation.in_s or activation.derivatives)[0]], {z: "z", s: "s"})
    return python_environment().get_template("normal_form/zero_branch.py.jinja").render(
        activation_text=activation.expression,
        in_s=activation.in_s is not None,
        sigma_code=flint_code(activation.expression, {z: "z"}),
        slope_lines=slope_lines,
        slope_code=slope_code,
        at_zero_codes=[flint_code(value) for value in activation.derivatives_at_zero],
        quadratic=formula.t_summand != 0,
        B_qq_code=flint_code(formula.B_qq, names),
        t_code=flint_code(formula.t_summand, names),
        ell1_text=f"ℓ1 = {formula.first_lyapunov_coefficient}",
        ell1_code=flint_code(formula.first_lyapunov_coefficient),
    )  # fmt: skip


def gain_branch_text(name: str, outside: bool) -> str:
    """The closed form of ℓ1 on x = 0 of −δx + σ(γWx), or outside: −δx + γWσ(x), with this activation."""
    activation = derive_activation(name)
    formula = gb.gain_branch_formula(outside, *activation.derivatives_at_zero)
    summand = {gb.g: "g_l", gb.h: "h_l", gb.alpha: "alpha", gb.zeta: "zeta"}
    letters = {gb.kappa: "kappa", gb.kappa_bar: "kappa.conjugate()", gb.S: "S", gb.U: "U"}
    field_text = "−δx + γWσ(x)" if outside else "−δx + σ(γWx)"
    return _closed_form("gain_branch", field_text, activation, formula, summand, letters)


def circle_branch_text(name: str, outside: bool) -> str:
    """The closed form of c1 where the argument of σ is 0, of ρx + ησ(Vx + b), or outside: ρx + ηVσ(x)."""
    activation = derive_activation(name)
    formula = cb.circle_branch_formula(outside, *activation.derivatives_at_zero)
    summand = {cb.g: "g_l", cb.h: "h_l", cb.zeta1: "zeta_1", cb.zeta2: "zeta_2"}
    letters = {cb.eta: "eta", cb.nu: "nu", cb.nu_bar: "nu.conjugate()", cb.S: "S", cb.U: "U"}
    field_text = "ρx + ηVσ(x)" if outside else "ρx + ησ(Vx + b)"
    return _closed_form("circle_branch", field_text, activation, formula, summand, letters)


def _closed_form(
    name: str, field_text: str, activation: Activation, formula: gb.GainBranchFormula | cb.CircleBranchFormula,
    summand: Mapping[sp.Symbol, str], letters: Mapping[sp.Symbol, str],
) -> str:  # fmt: skip
    """A closed form in S and U as code. summand: names in u_summand beside q and p; letters: those in c1."""
    return python_environment().get_template(f"normal_form/{name}.py.jinja").render(
        field_text=field_text,
        activation_text=activation.expression,
        at_zero_codes=[flint_code(value) for value in activation.derivatives_at_zero],
        quadratic=formula.u_summand != 0,
        u_code=flint_code(formula.u_summand, {q: "q_l", q_bar: "q_l.conjugate()", p_bar: "p_bar_l", **summand}),
        c1_text=str(formula.c1),
        c1_code=flint_code(formula.c1, letters),
    )  # fmt: skip
