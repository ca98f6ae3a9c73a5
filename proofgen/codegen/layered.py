"""Emit the specialised Flint evaluator of a layered network (`templates/evaluator/layered.py.jinja`).

Every jet is unrolled layer by layer from Faà di Bruno's formula as SymPy derived it; terms that vanish (a linear
layer, a layer without γ, mixed coefficients at the input) are not emitted. The text is made from SymPy expressions
and integers only; no text of a spec is copied into code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, arb_mat

from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Problem, Term
from ..symbolic.activations import Activation, derive_activation, s, z
from ..symbolic.jets import Subset, faa_di_bruno, sigma_derivatives, subsets, z_symbol
from ..symbolic.lyapunov import c_1, c_2, c_3, general_formula
from .environment import python_environment
from .loading import load_emitted
from .printer import flint_assignments, flint_code

TEMPLATE = "layered.py.jinja"
INLINE_DIMENSION = 12  # larger matrices stay in the problem's arrays


@dataclass(frozen=True)
class LayeredEmission:
    """The emitted module's text; activations in the order of their numbers; outside: arrays that it needs, by name."""

    source: str
    activations: tuple[Activation, ...]
    outside: dict[str, ExactMatrix]


@dataclass(frozen=True)
class _EmittedLayer:
    """What the emission needs to know of one layer."""

    number: int
    rows: int
    columns: int
    activation: int
    linear: bool
    has_bias: bool
    identity: list[str]  # coefficient factors of γI, such as "" or "2*"
    units: list[tuple[int, int, str]]
    E: bool

    @property
    def enters(self) -> bool:
        return bool(self.identity or self.units or self.E)

    @property
    def weights_code(self) -> str:
        if not self.enters:
            return f'balls["W{self.number}"]'
        E = f', balls["E{self.number}"]' if self.E else ""
        return f'weights_{self.number}(balls["W{self.number}"], gamma{E})'

    @property
    def activation_text(self) -> str:
        return f"activation_{self.activation}"

    @property
    def parameter_text(self) -> str:
        parts = [f"{c or '+'}γI".replace("*", " ").replace("+γ", "γ") for c in self.identity]
        parts += [f"{c or ''}γ at ({r + 1}, {k + 1})".replace("*", " ") for r, k, c in self.units]
        return " and ".join([*parts, "γE"] if self.E else parts)


def emit_layered(problem: Problem, problem_sha256: str) -> LayeredEmission:
    """Specialise the template to a problem of any number of layers. Raises UnsupportedError as `derive_activation`."""
    names: list[str] = []
    for layer in problem.layers:
        if layer.activation not in names:
            names.append(layer.activation)
    activations = tuple(derive_activation(name) for name in names)
    layers = [
        _emitted_layer(number, layer, shape, names, activations)
        for number, (layer, shape) in enumerate(zip(problem.layers, problem.shapes, strict=True), start=1)
    ]
    matrices = [matrix for layer in zip(layers, problem.layers, strict=True) for matrix in _matrices(problem, *layer)]
    leak = problem.leak_entries()
    constant = all(entry == leak[0] for entry in leak)
    leak_column = ExactMatrix.from_fractions([[entry] for entry in leak])
    outside = {name: exact for m in matrices for name, exact in m.pop("outside").items()}
    formula = general_formula()
    source = python_environment().get_template(TEMPLATE).render(
        n=problem.dimension,
        problem_sha256=problem_sha256,
        field_text=f"x' = {'-D x + ' if any(leak) else ''}h_{len(layers)}",
        layers=layers,
        shapes=[f"({layer.rows}, {layer.columns})" for layer in layers],
        matrices=matrices,
        outside=bool(outside),
        has_box=any(matrix["box"] for matrix in matrices),
        has_radii=any(matrix["radii"] for matrix in matrices),
        activations=[_activation_code(number, a) for number, a in enumerate(activations, start=1)],
        leak=any(leak),
        leak_constant=constant,
        leak_times=_leak_times(leak[0] if constant else None),
        leak_numerators=list(leak_column.numerators.flat),
        leak_denominator=leak_column.denominator,
        jets=_jets(layers),
        matrix_lines=_matrix_jet(layers),
        ell1_text=f"ℓ1 = {formula}",
        ell1_code=flint_code(formula, {c_1: "c_1", c_2: "c_2", c_3: "c_3"}),
    )  # fmt: skip
    return LayeredEmission(source, activations, outside)


def _emitted_layer(
    number: int, layer: Layer, shape: tuple[int, int], names: list[str], activations: tuple[Activation, ...]
) -> _EmittedLayer:
    index = names.index(layer.activation)
    identity = [_factor(t.coefficient) for t in layer.parameter if t.matrix is None and t.unit is None]
    units = [(t.unit[0] - 1, t.unit[1] - 1, _factor(t.coefficient)) for t in layer.parameter if t.unit is not None]
    has_matrix = any(t.matrix is not None for t in layer.parameter)
    linear = activations[index].derivatives[0] == 1
    return _EmittedLayer(
        number, *shape, index + 1, linear, layer.bias is not None, identity, units, has_matrix
    )


def _factor(coefficient: Fraction) -> str:
    """The factor as it stands before a ball."""
    return "" if coefficient == 1 else f"({_fraction_code(coefficient)})*"


def _matrices(problem: Problem, emitted: _EmittedLayer, layer: Layer) -> list[dict[str, Any]]:
    shape = (emitted.rows, emitted.columns)
    box = problem.weight_box(layer.weights, shape)
    result = [_described(f"W{emitted.number}", problem.combine(layer.weights, shape), box)]
    if layer.bias is not None:
        radius = problem.radius_of(layer.bias)
        bias_box = radius if isinstance(radius, ExactMatrix) else (radius, radius)
        result.append(_described(f"b{emitted.number}", problem.arrays[layer.bias], bias_box))
    matrix_terms: list[Term] = [term for term in layer.parameter if term.matrix is not None]
    if matrix_terms:
        none = Fraction(0)
        result.append(_described(f"E{emitted.number}", problem.combine(matrix_terms, shape), (none, none)))
    return result


def _described(name: str, matrix: ExactMatrix, box: tuple[Fraction, Fraction] | ExactMatrix) -> dict[str, Any]:
    reduced = matrix.reduced()
    rows, columns = reduced.shape
    inline = max(rows, columns) <= INLINE_DIMENSION
    outside, radii = {name: reduced}, None
    if isinstance(box, ExactMatrix) and not box.is_zero():
        bounds = box.reduced()
        outside[f"{name}_RADII"] = bounds
        radii = {"denominator": bounds.denominator, "numerators": bounds.numerators.tolist()}
    return {
        "name": name, "rows": rows, "columns": columns, "denominator": reduced.denominator,
        "inline": inline, "numerators": reduced.numerators.tolist(), "radii": radii,
        "box": [_fraction_code(x) for x in box] if not isinstance(box, ExactMatrix) and any(box) else None,
        "outside": {} if inline else outside,
    }  # fmt: skip


def _fraction_code(value: Fraction) -> str:
    return flint_code(sp.Rational(value.numerator, value.denominator))


def _leak_times(constant: Fraction | None) -> Callable[[str, str], str]:
    """Code of D_ii · y."""

    def code(i: str, y: str) -> str:
        factor = f"_leak({i})" if constant is None else f"({_fraction_code(constant)})"
        if constant == 1:
            return y
        return factor if y == "1" else f"{factor}*{y}"

    return code


def _activation_code(number: int, activation: Activation) -> dict[str, Any]:
    derivatives = []
    for order in range(3):
        expression = (activation.in_s or activation.derivatives)[order]
        lines, codes = flint_assignments([expression], {z: "z", s: "s"}, prefix=f"t{order + 1}_")
        derivatives.append((lines, codes[0]))
    return {
        "number": number,
        "text": str(activation.expression),
        "in_s": activation.in_s is not None,
        "linear": activation.derivatives[0] == 1 and activation.expression == z,
        "code": flint_code(activation.expression, {z: "z"}),
        "derivatives": derivatives,
    }


# --- jets --------------------------------------------------------------------------------------

GAMMA = "γ"
_JETS: list[tuple[str, tuple[str, ...], str]] = [
    ("parameter_derivative", (GAMMA,), "∂f/∂γ"),
    ("jacobian_parameter", ("u", GAMMA), "(∂A/∂γ) u"),
    ("B", ("u", "v"), "B(u, v) = D²f[u, v]"),
    ("C", ("u", "v", "w"), "C(u, v, w) = D³f[u, v, w]"),
]


def _jets(layers: list[_EmittedLayer]) -> list[dict[str, Any]]:
    return [_jet(name, directions, text, layers) for name, directions, text in _JETS]


def _jet(name: str, directions: tuple[str, ...], text: str, layers: list[_EmittedLayer]) -> dict[str, Any]:
    """One jet, unrolled: blocks of code lines for each layer, and the name of the result."""
    order = len(directions)
    gamma = directions.index(GAMMA) + 1 if GAMMA in directions else None
    jet = _UnrolledJet(order, gamma)
    known: dict[Subset, str] = {(k,): d for k, d in enumerate(directions, start=1) if d != GAMMA}
    blocks = []
    whole = tuple(range(1, order + 1))
    for layer in layers:
        lines, known = jet.layer(layer, known, last=layer is layers[-1])
        if lines:
            blocks.append({"number": layer.number, "lines": lines})
    result = known.get(whole, "[acb(0)] * DIMENSION")
    return {"name": name, "arguments": [d for d in directions if d != GAMMA], "text": text,
            "blocks": blocks, "result": result}  # fmt: skip


@dataclass(frozen=True)
class _UnrolledJet:
    """Code of one jet. ``known`` maps subsets of directions to the name of h_S before a layer; missing means 0."""

    order: int
    gamma: int | None

    def layer(
        self, layer: _EmittedLayer, known: dict[Subset, str], last: bool
    ) -> tuple[list[str], dict[Subset, str]]:
        lines: list[str] = []
        index = layer.number - 1
        whole = tuple(range(1, self.order + 1))
        zs: dict[Subset, str] = {}
        for subset in subsets(self.order):
            terms = []
            if subset in known:
                terms.append(f"_times(e.W[{index}], {known[subset]})")
            if self.gamma in subset and layer.enters:
                terms += self._parameter(layer, tuple(i for i in subset if i != self.gamma), known)
            if terms:
                name = "z_" + "".join(map(str, subset))
                zs[subset] = name
                if len(terms) == 1:
                    lines.append(f"{name} = {terms[0]}")
                else:
                    lines.append(f"{name} = [x + y for x, y in zip({', '.join(terms)}, strict=True)]")
        after: dict[Subset, str] = {}
        for subset in [whole] if last else subsets(self.order):
            line = self._through_sigma(layer, subset, zs)
            if line:
                after[subset] = "h_" + "".join(map(str, subset))
                lines.append(f"{after[subset]} = {line}")
        return lines if after else [], after

    def _parameter(self, layer: _EmittedLayer, rest: Subset, known: dict[Subset, str]) -> list[str]:
        index = layer.number - 1
        if not rest:
            h = f"[acb(y) for y in e.inputs[{index}]]"
        elif rest in known:
            h = known[rest]
        else:
            return []
        E = f', e.data["E{layer.number}"]' if layer.E else ""
        return [f"parameter_{layer.number}({h}{E})"]

    def _through_sigma(self, layer: _EmittedLayer, subset: Subset, zs: dict[Subset, str]) -> str | None:
        """Code of h_S from the z's: Faà di Bruno, with absent coefficients and derivatives put to 0."""
        expression = faa_di_bruno(self.order)[subset]
        absent = {z_symbol(other): 0 for other in subsets(self.order) if other not in zs}
        expression = expression.subs(absent)
        if layer.linear:
            expression = expression.subs(dict(zip(sigma_derivatives, (1, 0, 0), strict=True)))
            used = [other for other in zs if expression == z_symbol(other)]
            return zs[used[0]] if used else None
        if expression == 0:
            return None
        sources = {}
        for k, symbol in enumerate(sigma_derivatives):
            if expression.has(symbol):
                sources[symbol.name] = f"e.sigma[{layer.number - 1}][{k}]"
        names: dict[sp.Symbol, str] = {}
        for other, name in zs.items():
            if expression.has(z_symbol(other)):
                names[z_symbol(other)] = f"y_{''.join(map(str, other))}"
                sources[names[z_symbol(other)]] = name
        code = flint_code(sp.expand(expression), names)
        variables, lists = ", ".join(sources), ", ".join(sources.values())
        return f"[{code} for {variables} in zip({lists}, strict=True)]"


def _matrix_jet(layers: list[_EmittedLayer]) -> list[str]:
    """Code of the derivative of A along (u, gamma): the jet of order two with that and all unit directions.

    H_2: first-order coefficients of the unit directions, H_12: the mixed ones, h_1: the list for u.
    """
    lines: list[str] = []
    for layer in layers:
        index = layer.number - 1
        first = layer is layers[0]
        E = f', e.data["E{layer.number}"]' if layer.E else ""
        lines.append(f"# layer {layer.number}")
        lines.append(f"z_1 = [x.real for x in _times(e.W[{index}], {'u' if first else 'h_1'})]")
        lines.append(f"Z_2 = e.W[{index}]" + ("" if first else " * H_2"))
        zero = f"arb_mat({layer.rows}, DIMENSION)"
        lines.append(f"Z_12 = {zero}" if first else f"Z_12 = e.W[{index}] * H_12")
        if layer.enters:
            moved = f"parameter_{layer.number}([acb(y) for y in e.inputs[{index}]]{E})"
            lines.append("if gamma:")
            lines.append(f"    z_1 = [x + y.real for x, y in zip(z_1, {moved}, strict=True)]")
            H = "_identity(DIMENSION)" if first else "H_2"
            lines.append(f"    Z_12 = Z_12 + parameter_matrix_{layer.number}({H}{E})")
        if layer.linear:
            lines.append("h_1, H_2, H_12 = [acb(y) for y in z_1], Z_2, Z_12")
            continue
        bent = f"_scaled_rows([sigma2*y for sigma2, y in zip(e.sigma[{index}][1], z_1, strict=True)], Z_2)"
        lines.append(f"H_12 = {bent} + _scaled_rows(e.sigma[{index}][0], Z_12)")
        if layer is not layers[-1]:
            lines.append(f"H_2 = _scaled_rows(e.sigma[{index}][0], Z_2)")
            lines.append(f"h_1 = [acb(sigma1*y) for sigma1, y in zip(e.sigma[{index}][0], z_1, strict=True)]")
    return lines


class LayeredEvaluator:
    """The emitted module, loaded, with the balls of its data at one precision.

    Functions of ``module`` take an Expansion made by `expand`. Use it at the working precision at which it was made.
    """

    def __init__(self, problem: Problem, emission: LayeredEmission) -> None:
        module = load_emitted(emission.source)
        self.module: Any = module
        self.n = problem.dimension
        numerators = {name: matrix.numerators.ravel().tolist() for name, matrix in emission.outside.items()}
        self.data: dict[str, arb_mat] = module.data(numerators) if numerators else module.data()

    def expand(self, gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None = None) -> Any:
        """All layers at the boxes of γ and x, with σ', … up to σ^(order); known: other enclosures of z_1, …"""
        return self.module.Expansion(self.data, gamma, x, order, known)
