"""Emit the specialised Flint evaluator of a network (`templates/evaluator/field/network*.py.jinja`).

The text is made from SymPy expressions and integers only; no text of a spec is copied into code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat

from ..numbers.exact import ExactMatrix
from ..problem.cell import CellProblem
from ..problem.network import Layer, Problem, Term
from ..proof.field import Expansion
from .activation_code import activation_code
from .emitted_field import EmittedField
from .environment import assembled, python_environment
from .loading import load_emitted
from .network_jets import EmittedLayer, jacobian_jet, network_jets

DATA, TEMPLATE = "field/network_data.py.jinja", "field/network.py.jinja"
INLINE_DIMENSION = 12  # larger matrices stay in the problem's arrays


@dataclass(frozen=True)
class NetworkEmission:
    """data, field: the emitted text of weights and biases, and of what is computed with them; normal_forms: what is
    printed behind it; activations in the order of their numbers; outside: arrays that the text needs, by name."""

    data: str
    field: str
    normal_forms: tuple[str, ...]
    activations: tuple[str, ...]
    outside: dict[str, ExactMatrix]

    @property
    def source(self) -> str:
        """The whole text, `evaluator.py` of a bundle."""
        return assembled(self.data, self.field, *self.normal_forms)


def emit_network(problem: Problem, problem_sha256: str, *normal_forms: str) -> NetworkEmission:
    """Specialise the template to a problem of any number of layers; normal_forms: of the theorems that are meant.

    Raises UnsupportedError as `derive_activation`.
    """
    names = activation_names(problem)
    codes = [activation_code(name) for name in names]
    layers = [
        _emitted_layer(number, layer, shape, names, codes)
        for number, (layer, shape) in enumerate(zip(problem.layers, problem.shapes, strict=True), start=1)
    ]
    matrices = [matrix for layer in zip(layers, problem.layers, strict=True) for matrix in _matrices(problem, *layer)]
    leak = problem.leak_entries()
    constant = all(entry == leak[0] for entry in leak)
    leak_column = ExactMatrix.from_fractions([[entry] for entry in leak])
    outside = {name: exact for m in matrices for name, exact in m.pop("outside").items()}
    context: dict[str, Any] = {
        "n": problem.dimension,
        "problem_sha256": problem_sha256,
        "field_text": f"x' = {'-D x + ' if any(leak) else ''}h_{len(layers)}",
        "layers": layers,
        "nonlinear": [index for index, layer in enumerate(layers) if not layer.linear],
        "shapes": [f"({layer.rows}, {layer.columns})" for layer in layers],
        "matrices": matrices,
        "outside": bool(outside),
        "has_box": any(matrix["box"] for matrix in matrices),
        "has_radii": any(matrix["radii"] for matrix in matrices),
        "activations": numbered(codes),
        "leak": any(leak),
        "leak_constant": constant,
        "leak_times": _leak_times(leak[0] if constant else None),
        "leak_numerators": list(leak_column.numerators.flat),
        "leak_denominator": leak_column.denominator,
        "jets": network_jets(tuple(layers)),
        "matrix_lines": jacobian_jet(tuple(layers)),
    }
    data, field = (python_environment().get_template(name).render(context) for name in (DATA, TEMPLATE))
    return NetworkEmission(data, field, normal_forms, tuple(names), outside)


def activation_names(problem: Problem) -> list[str]:
    """The activations in the order of their numbers in the emitted text, which begin with 1."""
    return list(dict.fromkeys(layer.activation for layer in problem.layers))


def _emitted_layer(
    number: int, layer: Layer, shape: tuple[int, int], names: list[str], codes: list[dict[str, Any]]
) -> EmittedLayer:
    index = names.index(layer.activation)
    identity = tuple(_factor(t.coefficient) for t in layer.parameter if t.matrix is None and t.unit is None)
    units = tuple((t.unit[0] - 1, t.unit[1] - 1, _factor(t.coefficient)) for t in layer.parameter if t.unit is not None)
    has_matrix = any(t.matrix is not None for t in layer.parameter)
    return EmittedLayer(
        number, *shape, index + 1, codes[index]["affine"], layer.bias is not None, identity, units, has_matrix,
        layer.bias_parameter is not None,
    )  # fmt: skip


def _factor(coefficient: Fraction) -> str:
    """The factor as it stands before a ball."""
    return "" if coefficient == 1 else f"({_fraction_code(coefficient)})*"


def _matrices(problem: Problem, emitted: EmittedLayer, layer: Layer) -> list[dict[str, Any]]:
    shape = (emitted.rows, emitted.columns)
    box = problem.weight_box(layer.weights, shape)
    result = [described(f"W{emitted.number}", problem.combine(layer.weights, shape), box)]
    if layer.bias is not None:
        radius = problem.radius_of(layer.bias)
        bias_box = radius if isinstance(radius, ExactMatrix) else (radius, radius)
        result.append(described(f"b{emitted.number}", problem.arrays[layer.bias], bias_box))
    none = Fraction(0)
    if layer.bias_parameter is not None:
        result.append(described(f"c{emitted.number}", problem.arrays[layer.bias_parameter], (none, none)))
    matrix_terms: list[Term] = [term for term in layer.parameter if term.matrix is not None]
    if matrix_terms:
        result.append(described(f"E{emitted.number}", problem.combine(matrix_terms, shape), (none, none)))
    return result


def described(name: str, matrix: ExactMatrix, box: tuple[Fraction, Fraction] | ExactMatrix) -> dict[str, Any]:
    """What `field/arrays.py.jinja` prints of an array; outside: those that stay in the problem's arrays."""
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
    return f"arb({value.numerator})" + (f"/{value.denominator}" if value.denominator != 1 else "")


def _leak_times(constant: Fraction | None) -> Callable[[str, str], str]:
    """Code of D_ii · y."""

    def code(i: str, y: str) -> str:
        factor = f"_leak({i})" if constant is None else f"({_fraction_code(constant)})"
        if constant == 1:
            return y
        return factor if y == "1" else f"{factor}*{y}"

    return code


def numbered(codes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is known of activations (`activation_code`), with their numbers in the emitted text."""
    return [{"number": number, **code} for number, code in enumerate(codes, start=1)]


def network_data(emission: NetworkEmission) -> dict[str, arb_mat]:
    """The balls of weights and biases (with their boxes) at the precision in force, by name, such as "W1" and "b1"."""
    return data_of(load_emitted(emission.data), emission)


def data_of(module: Any, emission: NetworkEmission) -> dict[str, arb_mat]:
    """The same, of emitted text that is loaded already."""
    numerators = {name: matrix.numerators.ravel().tolist() for name, matrix in emission.outside.items()}
    return module.data(numerators) if numerators else module.data()  # type: ignore[no-any-return]


def network_balls(problem: Problem | CellProblem, emission: NetworkEmission) -> EmittedField:
    """The emitted field with its data at the precision in force; z of an expansion: the arguments of the layers,
    or the steps of a cell."""
    module = load_emitted(assembled(emission.data, emission.field))
    data = data_of(module, emission)

    def expand(gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None) -> Expansion:
        return module.Expansion(data, gamma, x, order, known)  # type: ignore[no-any-return]

    return EmittedField(problem.dimension, module, expand)
