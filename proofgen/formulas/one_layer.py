"""One source of formulas for `proofgen derive` and for the certificates.

Everything on the right of an equals sign is printed by SymPy from the expressions of `activations`, `jets` and
`lyapunov` (`one_layer_rights`; kept by `symbolic.kept`). Typed in are only definitions: the vector field, the general
formula of the first Lyapunov coefficient, S and T.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from ..errors import UnsupportedError
from ..problem.network import Problem
from ..symbolic.kept import kept
from ..symbolic.named import NAMED
from .formula import (
    DISPLAY_DIMENSION,
    GENERAL_FORMULA_TEXT,
    Display,
    Formula,
    Right,
    _array_name,
    _pmatrix,
    display,
    formula,
    parameter_symbol,
    term_combination,
)
from .names import NumberedState
from .shared import UTF_8, activation_formulas, encoding_now, jet_formulas
from .weight_box import StatedBox, stated_box


@dataclass(frozen=True)
class Derivation(NumberedState):
    """All formulas of one problem (one layer, γ on the identity).

    parameter: LaTeX of γ; parameter_renamed: the spec's name cannot stand for itself in formulas;
    sigma, derivatives (in z), in_s (as polynomials in s, or empty), at_zero (values σ_k and their sum form);
    jets: Faà di Bruno; jacobian, bilinear, trilinear, parameter_terms, slope: componentwise; the others
    belong to the first Lyapunov coefficient: quadratic says whether σ''(0) ≠ 0 (then B_qq, W_k, t_summand matter).
    weights, bias: shown matrices for n ≤ 6; jacobian_matrix: D_x f written out for n ≤ 6
    (two lines of an align).
    entry_range: smallest and largest entry of W⁰, exactly.
    """

    shown_as: ClassVar[str] = "one layer"  # in `latex.kinds.FIELDS`
    title: str
    dimension: int
    parameter: str
    parameter_text: str
    parameter_renamed: bool
    has_bias: bool
    weight_formula: str
    weight_formula_text: str
    sigma: Formula
    derivatives: tuple[Formula, ...]
    in_s: tuple[Formula, ...]
    at_zero: tuple[Formula, ...]
    jets: tuple[Formula, ...]
    jacobian: Formula
    bilinear: Formula
    trilinear: Formula
    parameter_terms: tuple[Formula, ...]
    slope: Formula
    quadratic: bool
    sigma1_positive: bool
    B_qq: Formula
    W_k: Formula
    coefficient_S: Formula
    t_summand: Formula
    ell1_generic: Formula
    ell1_odd: Formula
    ell1: Formula
    t_summand_special: Formula
    weights: Display | None
    bias: Display | None
    jacobian_matrix: str | None
    entry_range: tuple[Fraction, Fraction]
    box: StatedBox | None


@kept([(UTF_8,)])
def _rights_for_any(encoding: str) -> dict[str, Right]:
    from .one_layer_rights import rights_for_any  # SymPy is slow to import

    return rights_for_any(encoding)


@kept((name, UTF_8) for name in NAMED)
def _rights_for(activation: str, encoding: str) -> dict[str, Any]:
    from .one_layer_rights import rights_for

    return rights_for(activation, encoding)


def derive(problem: Problem) -> Derivation:
    """Derive everything that a certificate of ``problem`` shows. Raises UnsupportedError beyond one layer."""
    if len(problem.layers) != 1:
        raise UnsupportedError("derivations are shown for one layer", key="network.layers")
    layer = problem.layers[0]
    rights, special = _rights_for_any(encoding_now()), _rights_for(layer.activation, encoding_now())
    W0 = problem.combine(layer.weights)
    parameter, parameter_text, renamed = parameter_symbol(problem.parameter_name)
    numerators = W0.numerators.ravel().tolist()
    small = problem.dimension <= DISPLAY_DIMENSION
    shown = display(W0) if small else None
    bias = None if layer.bias is None else problem.arrays[layer.bias]
    sigma, derivatives, in_s = activation_formulas(layer.activation)
    return Derivation(
        title=problem.title,
        dimension=problem.dimension,
        parameter=parameter,
        parameter_text=parameter_text,
        parameter_renamed=renamed,
        has_bias=layer.bias is not None,
        weight_formula=term_combination(layer.weights, latex=True),
        weight_formula_text=term_combination(layer.weights, latex=False),
        sigma=sigma,
        derivatives=derivatives,
        in_s=in_s,
        at_zero=tuple(
            formula(rf"\sigma_{k}", f"σ{'₁₂₃'[k - 1]}", right) for k, right in enumerate(special["at_zero"], start=1)
        ),
        jets=jet_formulas(),
        jacobian=formula(r"(Au)_l", "(A u)_l", rights["jacobian"]),
        bilinear=formula(r"B(u,v)_l", "B(u,v)_l", rights["bilinear"]),
        trilinear=formula(r"C(u,v,w)_l", "C(u,v,w)_l", rights["trilinear"]),
        parameter_terms=(
            formula(rf"(\partial_{{{parameter}}} f)_l", f"(∂f/∂{parameter_text})_l", rights["f_gamma"]),
            formula(rf"(\partial_{{{parameter}}} A\,u)_l", f"(∂A/∂{parameter_text} u)_l", rights["A_gamma"]),
            formula(r"B(u,x')_l", "B(u,x')_l", rights["moving"]),
        ),
        slope=formula(
            rf"\Bigl(\tfrac{{d}}{{d{parameter}}}A\,u\Bigr)_l", f"(dA/d{parameter_text} u)_l", rights["slope"]
        ),
        quadratic=special["quadratic"],
        sigma1_positive=special["sigma1_positive"],
        B_qq=formula("B(q,q)_l", "B(q,q)_l", rights["B_qq"]),
        W_k=formula(r"\bigl(W A^{-1}B(q,\bar q)\bigr)_l", "(W A⁻¹B(q,q̄))_l", rights["W_k"]),
        coefficient_S=formula("c_S", "c_S", rights["coefficient_S"]),
        t_summand=formula("t_l", "t_l", rights["t_summand"]),
        ell1_generic=formula(r"\ell_1", "ℓ1", rights["ell1_generic"]),
        ell1_odd=formula(r"\ell_1", "ℓ1", rights["ell1_odd"]),
        ell1=formula(r"\ell_1", "ℓ1", special["ell1"]),
        t_summand_special=formula("t_l", "t_l", special["t_summand_special"]),
        weights=shown,
        bias=None if bias is None or not small else display(bias),
        jacobian_matrix=None if shown is None else _jacobian_matrix(shown, parameter),
        entry_range=(Fraction(min(numerators), W0.denominator), Fraction(max(numerators), W0.denominator)),
        box=stated_box(problem, lambda name: _array_name(name, latex=True)),
    )  # fmt: skip


# --- small matrices, for reading ---------------------------------------------------------------


def _jacobian_matrix(weights: Display, parameter: str) -> str:
    """D_x f = diag(σ'(z_1), …, σ'(z_n)) (W⁰ + γI), written out on two aligned lines (LaTeX)."""
    n = len(weights.rows)
    rows = tuple(
        tuple(f"{entry}{{+}}{parameter}" if i == j else entry for j, entry in enumerate(row))
        for i, row in enumerate(weights.rows)
    )
    relation = "=" if weights.exact else r"\approx"
    matrix = rf"\text{{\footnotesize$\setlength{{\arraycolsep}}{{3pt}}{_pmatrix(rows)}$}}"
    return (
        rf"D_xf &= \operatorname{{diag}}\bigl(\sigma'(z_1), \dots, \sigma'(z_{n})\bigr)\,W({parameter}), \\"
        rf" W({parameter}) &{relation} {matrix}"
    )


# --- documents ---------------------------------------------------------------------------------


def derivation_text(derivation: Derivation) -> str:
    """The same formulas for a terminal."""
    d = derivation
    blocks: list[str] = [
        f"{d.title}\n{'=' * len(d.title)}",
        f"x' = f(x, {d.parameter_text}) = σ(W({d.parameter_text})x{' + b' if d.has_bias else ''}),   "
        f"W({d.parameter_text}) = W⁰ + {d.parameter_text}I,   W⁰ = {d.weight_formula_text},   x ∈ ℝ^{d.dimension}",
        "Activation",
        d.sigma.text,
        *(item.text for item in d.derivatives),
    ]
    if d.in_s:
        blocks += ["As polynomials in s = σ(z)", *(item.text for item in d.in_s)]
    blocks += ["At z = 0: σ₁ = σ'(0), σ₂ = σ''(0), σ₃ = σ'''(0)", *(item.text for item in d.at_zero)]
    blocks += [
        "Jets of the layer (Faà di Bruno): coefficients of σ(z_0 + Σ z_S ε^S) at ε^S",
        *(item.text for item in d.jets),
        "Derivatives of f, neuron by neuron (σ', σ'', σ''' at z_l)",
        d.jacobian.text,
        d.bilinear.text,
        d.trilinear.text,
        *(item.text for item in d.parameter_terms),
    ]
    if d.weights is not None:
        kind = "exact" if d.weights.exact else "rounded to four decimals for display"
        lines = "\n".join("  " + "  ".join(f"{entry:>10}" for entry in row) for row in d.weights.rows)
        blocks.append(f"W⁰ ({kind})\n{lines}")
    blocks += [
        "First Lyapunov coefficient, A q = iωq, pᴴ A = iω pᴴ",
        GENERAL_FORMULA_TEXT,
        f"On the branch W({d.parameter_text})x{' + b' if d.has_bias else ''} = 0: z = 0, A = σ₁W, Wq = iνq, ν = ω/σ₁",
        d.slope.text,
        d.B_qq.text,
        d.W_k.text,
        "With S = Σ_l p̄_l q_l² q̄_l / (pᴴq), T = Σ_l t_l / (pᴴq), h = (2iωI − A)⁻¹B(q,q)",
        d.coefficient_S.text,
        d.t_summand.text,
        "for any σ (p, q of any length):",
        d.ell1_generic.text,
        "for σ''(0) = 0:",
        d.ell1_odd.text,
        "for this activation:",
        *([d.t_summand_special.text] if d.quadratic else []),
        d.ell1.text,
    ]
    return "\n\n".join(blocks) + "\n"
