"""Recurrent networks of PyTorch as maps. torch is never imported here: a module is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentError, UnsupportedError
from ..numbers.exact import ExactMatrix
from ..spec.data_files import at
from ..spec.limits import Kind
from ..spec.rnn import pytorch_layer
from .numbers import exact, text
from .problem import Enters, Problem, gain, problem_of

_LATER = ("gru", "lstm")
_MODULES = ("RNN", "RNNCell")


def recurrent(
    weights: Any,
    *,
    kind: str = "rnn",
    interval: Any = None,
    parameter: Enters | None = None,
    input: Any = None,
    alpha: Any = 1,
    activation: str | None = None,
    prefix: str = "",
    start: Any = None,
    name: str = "gain",
    title: str = "recurrent network",
    precision: int | None = None,
    digits: int | None = None,
) -> Problem:
    """The map h ↦ (1 − alpha)h + alpha σ(W_hh h + W_ih u + b_ih + b_hh) of a recurrent network with constant input u.

    weights: a module RNN or RNNCell of torch, with one layer and one direction; or a state_dict, a mapping of its names
    (weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0; without _l0 for a cell) to arrays of NumPy or torch, whose
    names begin with ``prefix``. kind: "rnn" (not supported yet: "gru", "lstm"). input: u, 0 where it is left out.
    alpha: 1 for torch, below it for a leaky network. activation: σ, "tanh" by default; a state_dict does not say it.
    parameter: `gain` for γ W_hh (the default), or `entry` for γ added to one entry of W_hh. interval: its range; may
    be left out for a gain where no bias and no input is left, then all real γ are meant.
    start: a rough fixed point at the left end. Numbers are exact, as for `network`. Raises InputError, whose message
    names the argument.
    """
    if kind in _LATER:
        raise UnsupportedError('not supported yet; expected "rnn"', key="kind", value=kind)
    if kind != "rnn":
        raise ArgumentError('expected "rnn"', key="kind", value=kind)
    if hasattr(weights, "state_dict"):
        activation = _activation_of(weights, activation)
        weights = weights.state_dict()
    if not isinstance(weights, Mapping):
        expected = "expected a module RNN or RNNCell of torch, or its state_dict"
        raise ArgumentError(expected, key="weights", value=type(weights).__name__)
    document: dict[str, Any] = {"family": "rnn", "alpha": text(alpha, "alpha"), "activation": activation or "tanh"}
    document |= at("weights", lambda: _arrays(weights, prefix))
    for key, value in (("input", input), ("start", start)):
        document |= {} if value is None else {key: exact(value, "vector", key)}
    return problem_of(document, name, interval, title, precision, digits, enters=_enters(parameter or gain()))


def _activation_of(module: Any, activation: str | None) -> str:
    """That of a module, which says it itself."""
    kind = type(module).__name__
    if kind not in _MODULES:
        expected = f"expected {' or '.join(_MODULES)} (perhaps a part of it), or a state_dict"
        raise UnsupportedError(f"a module {kind}; {expected}", key="weights")
    if activation is not None:
        raise ArgumentError("expected none: the module has its own", key="activation")
    return str(module.nonlinearity)


def _arrays(weights: Mapping[str, Any], prefix: str) -> dict[str, ExactMatrix]:
    def find(name: str) -> ExactMatrix | None:
        array = weights.get(f"{prefix}{name}")
        kind: Kind = "vector" if name.startswith("bias") else "matrix"
        return None if array is None else exact(array, kind, f"{prefix}{name}")

    ending, weight_hh = pytorch_layer(find, lambda name: f"it has {prefix}{name}")
    if weight_hh is None:
        there = ", ".join(sorted(map(str, weights))[:8]) or "nothing"
        found = [name for name in map(str, weights) if name.endswith((".weight_hh_l0", ".weight_hh"))]
        hint = f' (did you mean prefix="{found[0].rpartition(".")[0]}."?)' if found else ""
        raise ArgumentError(f"no {prefix}weight_hh_l0 or {prefix}weight_hh; it has {there}{hint}")
    others = {name: find(f"{name}{ending}") for name in ("weight_ih", "bias_hh", "bias_ih")}
    return {"weight_hh": weight_hh} | {name: array for name, array in others.items() if array is not None}


def _enters(way: Enters) -> dict[str, Any]:
    match way:
        case Enters("gain"):
            return {"gain": "weight_hh"}
        case Enters("entry") if "antisymmetric" not in way.value:
            return {"array": "weight_hh", **way.value}
    expected = "expected gain() or entry(row, column): other ways are not supported yet for recurrent networks"
    raise UnsupportedError(expected, key="parameter")
