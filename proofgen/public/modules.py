"""Layers from matrices, lists of them, and modules of torch (which is never imported here: a module is looked at)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ArgumentError
from ..numbers.exact import ExactMatrix
from .numbers import exact, is_array

Layer = tuple[ExactMatrix, ExactMatrix | None, str]
_ACTIVATIONS = {
    "Tanh": "tanh", "Sigmoid": "logistic", "Softplus": "softplus", "SiLU": "silu", "GELU": "gelu",
    "Identity": "identity",
}  # fmt: skip
_SETTINGS: dict[str, dict[str, object]] = {  # what these must be set to
    "Softplus": {"beta": 1}, "GELU": {"approximate": "none"},
}  # fmt: skip


def layers_of(weights: Any, bias: Any, activation: str | Sequence[str] | None) -> list[Layer]:
    """(weights, bias, activation) of every layer. Raises ArgumentError."""
    if hasattr(weights, "state_dict"):
        if bias is not None:
            raise ArgumentError("expected none: the module has its own", key="bias")
        return _module_layers(weights, activation)
    several = isinstance(weights, Sequence) and bool(weights) and _is_matrix(weights[0])
    given = list(weights) if several else [weights]
    biases = list(bias) if several and bias is not None else [bias] * len(given)
    names = [activation or "tanh"] * len(given) if isinstance(activation, str | None) else list(activation)
    for key, values in (("bias", biases), ("activation", names)):
        if len(values) != len(given):
            raise ArgumentError(f"{len(values)} given; expected {len(given)}, one for each layer", key=key)
    return [
        (exact(w, "matrix", "weights"), None if b is None else exact(b, "vector", "bias"), name)
        for w, b, name in zip(given, biases, names, strict=True)
    ]


def _is_matrix(value: Any) -> bool:
    if is_array(value):
        return len(value.shape) == 2
    if not isinstance(value, Sequence) or not value:
        return False
    return isinstance(value[0], Sequence) and not isinstance(value[0], str)


def _module_layers(module: Any, activation: str | Sequence[str] | None) -> list[Layer]:
    parts = list(module) if type(module).__name__ == "Sequential" else [module]
    layers: list[tuple[ExactMatrix, ExactMatrix | None, str | None]] = []
    for number, part in enumerate(parts):
        kind = type(part).__name__
        if kind == "Linear":
            own = getattr(part, "bias", None)
            bias = None if own is None else exact(own, "vector", "weights")
            layers.append((exact(part.weight, "matrix", "weights"), bias, None))
            continue
        wanted = _SETTINGS.get(kind, {})
        if kind not in _ACTIVATIONS or not layers or layers[-1][2] is not None or any(
            getattr(part, key, value) != value for key, value in wanted.items()
        ):
            expected = f"expected Linear, each followed by one of {', '.join(_ACTIVATIONS)} or nothing"
            raise ArgumentError(f"part {number + 1} is {kind}; {expected}", key="weights")
        layers[-1] = (*layers[-1][:2], _ACTIVATIONS[kind])
    open_ones = [name is None for _, _, name in layers]
    if activation is None:
        return [(w, b, name or "identity") for w, b, name in layers]
    if not isinstance(activation, str) or not all(open_ones):
        raise ArgumentError("expected none, or one name for a module that has no activations", key="activation")
    return [(w, b, activation) for w, b, _ in layers]
