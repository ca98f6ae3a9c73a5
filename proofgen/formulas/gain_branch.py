"""The closed form of ℓ1 on x = 0 of rate networks with a gain, as documents show it: printed by SymPy."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..errors import UnsupportedError
from ..problem.network import Problem
from ..symbolic import gain_branch as gb
from ..symbolic.activations import derive_activation
from ..symbolic.lyapunov import p_bar, q, q_bar, q_norm_squared
from .layered import NetworkDerivation, derive_network, network_text

_LATEX = {
    gb.kappa: r"\kappa", gb.kappa_bar: r"\bar\kappa", gb.alpha: r"\alpha", gb.zeta: r"\zeta", gb.S: "S", gb.U: "U",
    q: "q_l", q_bar: r"\bar q_l", p_bar: r"\bar p_l", gb.g: "g_l", gb.h: "h_l", q_norm_squared: r"q^{\mathsf H}q",
    gb.sigma1: r"\sigma_1", gb.sigma2: r"\sigma_2", gb.sigma3: r"\sigma_3",
}  # fmt: skip
_TEXT = {
    gb.kappa: "κ", gb.kappa_bar: "κ̄", gb.alpha: "α", gb.zeta: "ζ", q: "q_l", q_bar: "q̄_l", p_bar: "p̄_l",
    gb.g: "g_l", gb.h: "h_l", q_norm_squared: "qᴴq", gb.sigma1: "σ₁", gb.sigma2: "σ₂", gb.sigma3: "σ₃",
}  # fmt: skip


@dataclass(frozen=True)
class GainDerivation(NetworkDerivation):
    """The network, and what belongs to its branch.

    outside: γW stands outside of σ; delta: LaTeX of δ; W: of the matrix; sigma: σ_1, σ_2, σ_3; c1, u_summand: LaTeX for
    any σ; special_c1, special_u: for this one; quadratic: U is not 0.
    """

    outside: bool
    delta: str
    W: str
    sigma: tuple[str, str, str]
    c1: str
    u_summand: str
    special_c1: str
    special_u: str
    quadratic: bool
    has_bias: bool
    plain_c1: str
    plain_u: str


def derive_gain(problem: Problem) -> GainDerivation:
    """Raises UnsupportedError for other networks."""
    gain = problem.rate_gain
    if gain is None:
        raise UnsupportedError("not a rate network with a gain", key="parameter.enters")
    values = derive_activation(problem.layers[0].activation).derivatives_at_zero
    generic, special = gb.gain_branch_formula(gain.outside), gb.gain_branch_formula(gain.outside, *values)
    names = {symbol: sp.Symbol(text) for symbol, text in _TEXT.items()}
    return GainDerivation(
        **vars(derive_network(problem)),
        outside=gain.outside,
        delta=sp.latex(sp.Rational(gain.leak.numerator, gain.leak.denominator)),
        W="E" if len(problem.layers) == 1 else "E_{2}",
        sigma=(sp.latex(values[0]), sp.latex(values[1]), sp.latex(values[2])),
        c1=_latex(generic.c1),
        u_summand=_latex(generic.u_summand),
        special_c1=_latex(special.c1),
        special_u=_latex(special.u_summand),
        quadratic=special.u_summand != 0,
        has_bias=False,
        plain_c1=str(special.c1.xreplace(names)).replace("**", "^").replace("*", "·"),
        plain_u=str(special.u_summand.xreplace(names)).replace("**", "^").replace("*", "·"),
    )


def _latex(expression: sp.Expr) -> str:
    text: str = sp.latex(expression, symbol_names=_LATEX)
    return text


def gain_text(d: GainDerivation) -> str:
    """The formulas for a terminal."""
    field = "−δx + γWσ(x)" if d.outside else "−δx + σ(γWx)"
    blocks = [
        f"On x = 0 of {field}: A = σ₁γW − δI; an eigenvalue μ = α + iβ of W gives one on the axis at γ = δ/(σ₁α)",
        "With κ = γμ, ζ = α + 2iβ, Wq = μq, pᴴW = μpᴴ, g = (αI − W)⁻¹(q∘q̄), h = (ζI − W)⁻¹(q∘q), "
        "S = Σ_l p̄_l q_l |q_l|²/(pᴴq)",
        *([f"U = Σ_l {d.plain_u}/(pᴴq)"] if d.quadratic else []),
        f"c1 = {d.plain_c1},   ℓ1 = Re c1/ω",
    ]
    return network_text(d) + "\n" + "\n\n".join(blocks) + "\n"
