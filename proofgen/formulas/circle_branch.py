"""The closed forms of maps whose multipliers follow from one matrix, as documents show them: printed by SymPy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from ..errors import UnsupportedError
from ..problem.circle_branch import circle_map
from ..problem.network import Problem
from ..symbolic import circle_branch as cb
from ..symbolic.activations import derive_activation
from ..symbolic.lyapunov import p_bar, q, q_bar, q_norm_squared
from .layered import NetworkDerivation, derive_network, network_text

_LATEX = {
    cb.eta: r"\eta", cb.nu: r"\nu", cb.nu_bar: r"\bar\nu", cb.zeta1: r"\zeta_1", cb.zeta2: r"\zeta_2", cb.S: "S",
    cb.U: "U", q: "q_l", q_bar: r"\bar q_l", p_bar: r"\bar p_l", cb.g: "g_l", cb.h: "h_l",
    q_norm_squared: r"q^{\mathsf H}q", cb.sigma1: r"\sigma_1", cb.sigma2: r"\sigma_2", cb.sigma3: r"\sigma_3",
}  # fmt: skip
_TEXT = {
    cb.eta: "η", cb.nu: "ν", cb.nu_bar: "ν̄", cb.zeta1: "ζ₁", cb.zeta2: "ζ₂", q: "q_l", q_bar: "q̄_l", p_bar: "p̄_l",
    cb.g: "g_l", cb.h: "h_l", q_norm_squared: "qᴴq", cb.sigma1: "σ₁", cb.sigma2: "σ₂", cb.sigma3: "σ₃",
}  # fmt: skip


@dataclass(frozen=True)
class CircleDerivation(NetworkDerivation):
    """The network, and what belongs to its branch.

    gain, outside, has_bias: as `CircleMap`; rho, eta: LaTeX of ρ and η; V: of the matrix V(γ); sigma: σ_1, σ_2, σ_3;
    circle_c1, circle_u: LaTeX for this σ; quadratic: U is not 0; plain_c1, plain_u: for a terminal.
    """

    gain: bool
    outside: bool
    has_bias: bool
    rho: str
    eta: str
    V: str
    sigma: tuple[str, str, str]
    circle_c1: str
    circle_u: str
    quadratic: bool
    plain_c1: str
    plain_u: str


def derive_circle(problem: Problem) -> CircleDerivation:
    """Raises UnsupportedError for other networks."""
    found = circle_map(problem)
    if found is None:
        raise UnsupportedError("not a map whose multipliers follow from one matrix", key="parameter.enters")
    values = derive_activation(problem.layers[0].activation).derivatives_at_zero
    special = cb.circle_branch_formula(found.outside, *values)
    names = {symbol: sp.Symbol(text) for symbol, text in _TEXT.items()}
    index = "" if len(problem.layers) == 1 else f"_{{{found.layer}}}"
    return CircleDerivation(
        **vars(derive_network(problem)),
        gain=found.gain,
        outside=found.outside,
        has_bias=found.bias,
        rho=_rational(found.rest),
        eta=_rational(found.step),
        V=f"W{index}",
        sigma=(sp.latex(values[0]), sp.latex(values[1]), sp.latex(values[2])),
        circle_c1=_latex(special.c1),
        circle_u=_latex(special.u_summand),
        quadratic=special.u_summand != 0,
        plain_c1=str(special.c1.xreplace(names)).replace("**", "^").replace("*", "·"),
        plain_u=str(special.u_summand.xreplace(names)).replace("**", "^").replace("*", "·"),
    )


def _rational(x: Fraction) -> str:
    text: str = sp.latex(sp.Rational(x.numerator, x.denominator))
    return text


def _latex(expression: sp.Expr) -> str:
    text: str = sp.latex(expression, symbol_names=_LATEX)
    return text


def circle_text(d: CircleDerivation) -> str:
    """The formulas for a terminal."""
    field = "ρx + ηVσ(x)" if d.outside else "ρx + ησ(Vx + b)" if d.has_bias else "ρx + ησ(Vx)"
    matrix, moved = ("γW", "ρ + τγμ") if d.gain else ("W + γI", "ρ + τ(μ + γ)")
    roots = (
        "τγ = (−ρα ± √(ρ²α² + (1 − ρ²)|μ|²))/|μ|²" if d.gain else "τγ = −(ρ + τα) ± √(1 − (τβ)²), if |τβ| < 1"
    )
    blocks = [
        f"Where the argument of σ is 0 in {field}, V = {matrix}: D_xF = ρI + τV, τ = ησ₁; an eigenvalue μ = α + iβ of "
        f"W gives the multiplier m = {moved}, on the unit circle at {roots}",
        "With ν = (m − ρ)/τ, Wq = μq, pᴴW = μpᴴ, S = Σ_l p̄_l q_l |q_l|²/(pᴴq)",
        *([f"and g, h of (z₁I − W)g = q∘q̄, (z₂I − W)h = q∘q: U = Σ_l {d.plain_u}/(pᴴq)"] if d.quadratic else []),
        f"c1 = {d.plain_c1};   Neimark–Sacker: a = Re(m̄ c1),   flip: c = c1/3",
    ]
    return network_text(d) + "\n" + "\n\n".join(blocks) + "\n"
