"""The formulas of a network of any number of layers, for `proofgen derive` and for certificates of the general methods.

As in `derivation`, everything on the right of an equals sign is printed by SymPy from `activations`, `jets` and
`lyapunov`; typed in are definitions only (the vector field, the recursion of the layers, the general formula of ℓ1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Problem, Term
from .formula import (
    DISPLAY_DIMENSION,
    GENERAL_FORMULA_TEXT,
    MOVED,
    OF_MAPS,
    Display,
    Formula,
    display,
    fold_texts,
    opposite,
    parameter_symbol,
    term_combination,
)
from .names import NumberedState
from .recursion import LayeredFormulas, Step, layered_formulas
from .shared import activation_formulas, is_affine, jet_formulas
from .weight_box import StatedBox, stated_box


@dataclass(frozen=True)
class ActivationFormulas:
    """One activation: the layers that use it (from 1), σ, its derivatives in z, and as polynomials in s = σ(z)."""

    layers: tuple[int, ...]
    sigma: Formula
    derivatives: tuple[Formula, ...]
    in_s: tuple[Formula, ...]
    linear: bool


@dataclass(frozen=True)
class LayerFormulas:
    """One layer: W⁰ and E as combinations of the given arrays; small matrices for reading, and the range of entries.

    first: the first layer with the same weights, parameter and bias; given: W⁰ is one array as given; identity: W⁰ = I;
    gain: W(γ) = γE, and weights, given, matrix, entry_range are those of E; moves_bias: the bias is b + γc,
    bias_direction: c for reading.
    """

    number: int
    first: int
    given: bool
    identity: bool
    rows: int
    columns: int
    weights: str
    weights_text: str
    parameter: str | None
    parameter_text: str | None
    has_bias: bool
    matrix: Display | None
    direction: Display | None
    bias: Display | None
    entry_range: tuple[Fraction, Fraction]
    gain: bool = False
    moves_bias: bool = False
    bias_direction: Display | None = None


@dataclass(frozen=True)
class NetworkDerivation(NumberedState):
    """All formulas of one problem. leak: LaTeX of D x ("" when D = 0); jets: Faà di Bruno up to the third order;
    formulas: the affine step, and A, B, C and the derivatives by γ written out for this network; discrete: f is a map.
    """

    shown_as: ClassVar[str] = "layers"  # in `latex.kinds.FIELDS`
    title: str
    dimension: int
    parameter: str
    parameter_text: str
    parameter_renamed: bool
    leak: str
    leak_text: str
    leak_entries: tuple[Fraction, ...] | None
    layers: tuple[LayerFormulas, ...]
    activations: tuple[ActivationFormulas, ...]
    jets: tuple[Formula, ...]
    formulas: LayeredFormulas
    box: StatedBox | None
    discrete: bool

    @property
    def depth(self) -> int:
        return len(self.layers)


def derive_network(problem: Problem) -> NetworkDerivation:
    """Everything that a certificate of a layered network shows. Raises UnsupportedError as `derive_activation`."""
    discrete = problem.discrete
    problem = replace(problem, discrete=False)  # F of a map
    parameter, text, renamed = parameter_symbol(problem.parameter_name)
    texts = list(dict.fromkeys(layer.activation for layer in problem.layers))
    leak = problem.leak_entries()
    equal = all(entry == leak[0] for entry in leak)
    one = equal and leak[0] == 1
    scalar = term_combination((Term(leak[0]),), latex=True).removesuffix("I").removesuffix(r"\,") if equal else "D"
    shown = "" if not any(leak) else (" x" if one else f" {scalar}\\,x")
    leak_latex = shown.strip()
    leak_text = "" if not any(leak) else ("x" if one else (f"{leak[0]}·x" if equal else "D x"))
    layers = tuple(
        _layer(problem, number, layer, shape, text)
        for number, (layer, shape) in enumerate(zip(problem.layers, problem.shapes, strict=True), start=1)
    )
    activations = tuple(_activation(problem, activation) for activation in texts)
    linear = {number for activation in activations if activation.linear for number in activation.layers}
    steps = [
        Step(layer.number, layer.number in linear, layer.parameter is not None, layer.moves_bias) for layer in layers
    ]
    return NetworkDerivation(
        title=problem.title,
        dimension=problem.dimension,
        parameter=parameter,
        parameter_text=text,
        parameter_renamed=renamed,
        leak=leak_latex,
        leak_text=leak_text,
        leak_entries=None if equal else tuple(leak),
        layers=layers,
        activations=activations,
        jets=jet_formulas(),
        formulas=layered_formulas(steps, parameter, text, _applied(leak_latex), _applied(leak_text)),
        box=stated_box(problem, _array_tex),
        discrete=discrete,
    )


def _array_tex(name: str) -> str:
    return term_combination((Term(Fraction(1), name),), latex=True)


def _less(term: str) -> str:
    """ − term, or + the opposite."""
    return f" + {term[1:]}" if term[0] == "-" else f" − {term}"


def _applied(leak: str) -> str:
    """The leak applied to u instead of x."""
    return leak.removesuffix("x") + "u" if leak else ""


def _layer(problem: Problem, number: int, layer: Layer, shape: tuple[int, int], gamma: str) -> LayerFormulas:
    E = problem.combine(layer.parameter, shape)
    gain = not layer.weights and not E.is_zero()
    own = layer.parameter if gain else layer.weights
    W = problem.combine(own, shape)
    small = max(shape) <= DISPLAY_DIMENSION
    entries = W.numerators.ravel().tolist()
    bias, c = (None if name is None else problem.arrays[name] for name in (layer.bias, layer.bias_parameter))
    enters = not E.is_zero()
    plain = not layer.parameter or all(term.matrix is None for term in layer.parameter)
    alike = [(other, size) == (layer, shape) for other, size in zip(problem.layers, problem.shapes, strict=True)]
    return LayerFormulas(
        number=number,
        first=alike.index(True) + 1,
        given=len(own) == 1 and own[0] == Term(Fraction(1), own[0].matrix),
        identity=shape[0] == shape[1] and (W + ExactMatrix.identity(shape[0], Fraction(-1))).is_zero(),
        rows=shape[0],
        columns=shape[1],
        weights=term_combination(own, latex=True),
        weights_text=term_combination(own, latex=False),
        parameter=_direction(layer.parameter, latex=True) if enters else None,
        parameter_text=_direction(layer.parameter, latex=False) if enters else None,
        has_bias=bias is not None,
        matrix=display(W) if small else None,
        direction=display(E) if small and enters and not plain and not gain else None,
        bias=_row(bias) if bias is not None and shape[0] <= DISPLAY_DIMENSION else None,
        entry_range=(Fraction(min(entries), W.denominator), Fraction(max(entries), W.denominator)),
        gain=gain,
        moves_bias=c is not None,
        bias_direction=_row(c) if c is not None and shape[0] <= DISPLAY_DIMENSION else None,
    )


def _row(bias: ExactMatrix) -> Display:
    return display(bias)


def _direction(terms: tuple[Term, ...], *, latex: bool) -> str:
    return term_combination(terms, latex=latex)


def _activation(problem: Problem, text: str) -> ActivationFormulas:
    sigma, derivatives, in_s = activation_formulas(text)
    layers = tuple(number for number, layer in enumerate(problem.layers, start=1) if layer.activation == text)
    return ActivationFormulas(layers, sigma, derivatives, in_s, is_affine(text))


def network_text(d: NetworkDerivation) -> str:
    """The formulas for a terminal."""
    gamma = d.parameter_text
    last = d.depth
    notation = "For this network, with Σ_l' = diag σ_l'(z_l) and so on, ∘ component by component"
    written = [notation] if d.formulas.derivatives else []
    moving = any(layer.moves_bias for layer in d.layers)
    blocks = [
        f"{d.title}\n{'=' * len(d.title)}",
        f"{'x⁺' if d.discrete else MOVED} = f(x, {gamma}) = "
        f"{opposite(d.leak_text, '−') + ' + ' if d.leak_text else ''}h_{last},   "
        "h_0 = x,   "
        f"h_l = σ_l(z_l),   z_l = W_l({gamma}) h_(l−1) + b_l{f' + {gamma} c_l' if moving else ''},   "
        f"x ∈ ℝ^{d.dimension}",
    ]
    for layer in d.layers:
        moved = "" if layer.parameter_text is None else f" + {gamma}·({layer.parameter_text})"
        weights = f"{gamma}·({layer.weights_text})" if layer.gain else f"{layer.weights_text}{moved}"
        blocks.append(
            f"Layer {layer.number} ({layer.rows} × {layer.columns}): W_{layer.number}({gamma}) = "
            f"{weights}{', with bias' if layer.has_bias else ''}"
            f"{f', {gamma} in the bias' if layer.moves_bias else ''}"
        )
        if layer.matrix is not None:
            kind = "exact" if layer.matrix.exact else "rounded to four decimals for display"
            rows = "\n".join("  " + "  ".join(f"{entry:>10}" for entry in row) for row in layer.matrix.rows)
            name = f"E_{layer.number}" if layer.gain else f"W_{layer.number}⁰"
            blocks.append(f"{name} ({kind})\n{rows}")
    for activation in d.activations:
        which = ", ".join(map(str, activation.layers))
        blocks += [f"Activation of layer {which}", activation.sigma.text]
        if not activation.linear:
            blocks += [item.text for item in activation.derivatives]
        if activation.in_s and not activation.linear:
            blocks += ["As polynomials in s = σ(z)", *(item.text for item in activation.in_s)]
    blocks += [
        "Jets of a layer (Faà di Bruno): coefficients of σ(z_0 + Σ z_S ε^S) at ε^S",
        *(item.text for item in d.jets),
        f"From layer to layer, with E_l = dW_l/d{gamma}"
        f"{f' and c_l = db_l/d{gamma}' if moving else ''}",
        *(item.text for item in d.formulas.recursion),
        f"At the last layer: A u = h_u{_less(_applied(d.leak_text)) if d.leak_text else ''}, B(u,v) = h_uv, "
        f"C(u,v,w) = h_uvw, ∂f/∂{gamma} = h_{gamma}, (∂A/∂{gamma})u = h_u{gamma}",
        *written,
        *(item.text for item in d.formulas.derivatives),
    ]
    if d.discrete:
        return "\n\n".join([*blocks, *OF_MAPS, *fold_texts(gamma, True)]) + "\n"
    blocks += [
        "First Lyapunov coefficient, A q = iωq, pᴴ A = iω pᴴ",
        GENERAL_FORMULA_TEXT,
        "For p, q of any length, with the real parts t_1, t_2, t_3 of the three terms, each divided by pᴴq",
        d.formulas.l1.text,
        f"Crossing speed: λ'({gamma}) = pᴴ((∂A/∂{gamma})q + B(q, x'({gamma})))/pᴴq,   x'({gamma}) = −A⁻¹ ∂f/∂{gamma}",
        *fold_texts(gamma, False),
    ]
    return "\n\n".join(blocks) + "\n"
