"""Layers of any sizes, ``h_l = σ_l((W_l + γE_l) h_{l−1} + b_l + γc_l)``.

The last one gives back as many numbers as come in.

Exact: sums such as ``W_l + shift·I`` are described, not formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import InputError
from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Term
from .enters import Entrance, entering, size


@dataclass(frozen=True)
class GivenLayer:
    """One layer as it is given; ``own``: the entrance is the layer's own and not ``[parameter].enters``."""

    weights: ExactMatrix
    bias: ExactMatrix | None
    activation: str
    entrance: Entrance
    own: bool


def layered(
    given: Sequence[GivenLayer], shift: Fraction = Fraction(0)
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    """The layers and the arrays (W1, b1, W2, …, and those of the parameter) they refer to.

    shift: its multiple of I is added to every layer in which γ enters. Raises InputError whose key names the
    layer (from 1) for sizes that do not fit, for fewer than two neurons, and where γ enters no layer.
    """
    n = columns = given[0].weights.shape[1]
    if n < 2:
        raise InputError(_TOO_FEW, key="network.layer[1].weights")
    layers, arrays = [], {}
    for number, layer in enumerate(given, 1):
        key = f"network.layer[{number}]"
        shape = layer.weights.shape
        if shape[1] != columns:
            expected = f"expected {columns} columns, as many as layer {number - 1} has rows"
            raise InputError(f"{size(shape)} entries; {expected}", key=f"{key}.weights")
        arrays[f"W{number}"] = layer.weights
        bias = None if layer.bias is None else f"b{number}"
        if layer.bias is not None:
            if layer.bias.shape != (shape[0], 1):
                expected = f"expected {shape[0]}, as many as the weights have rows"
                raise InputError(f"{layer.bias.shape[0]} entries; {expected}", key=f"{key}.bias")
            arrays[f"b{number}"] = layer.bias
        weights, parameter, c = _entering(layer, number, (Term(Fraction(1), f"W{number}"),))
        arrays |= layer.entrance.arrays
        if shift and (parameter or c is not None):
            if shape[0] != shape[1]:
                raise InputError(
                    f"a multiple of I is added to each layer in which γ enters, but layer {number} is {size(shape)}; "
                    "expected 0, or γ in square layers only",
                    key="parameter.shift",
                )
            weights += (Term(shift),)
        layers.append(Layer(layer.activation, weights, parameter, bias, c))
        columns = shape[0]
    if columns != n:
        found, expected = size(given[-1].weights.shape), f"expected {n} rows: the last layer gives back n = {n} numbers"
        raise InputError(f"{found} entries; {expected}", key=f"network.layer[{len(given)}].weights")
    if not any(layer.parameter or layer.bias_parameter for layer in layers):
        raise InputError("γ enters nowhere; expected a layer into which it enters", key="parameter.enters")
    return tuple(layers), arrays


_TOO_FEW = "one column, so one neuron; a Hopf bifurcation needs at least two (n >= 2)"


def _entering(
    layer: GivenLayer, number: int, weights: tuple[Term, ...]
) -> tuple[tuple[Term, ...], tuple[Term, ...], str | None]:
    try:
        return entering(layer.entrance, weights, layer.weights.shape)
    except InputError as error:
        key = f"network.layer[{number}].enters" if layer.own else "parameter.enters"
        where = "" if layer.own else f"layer {number}, which has no enters of its own: "
        key = f"{key}.{error.key}" if error.key else key
        raise InputError(where + error.expected, key=key, value=error.value) from None
