"""Recurrent networks of PyTorch as maps. torch is never imported here: a module is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentError, UnsupportedError
from ..numbers.exact import ExactMatrix
from ..spec.data_files import at
from ..spec.limits import Kind
from ..spec.recurrent import GATES, WEIGHTS, pytorch_ending
from .numbers import exact, text
from .problem import Enters, Problem, gain, problem_of

_MODULES = {"RNN": "rnn", "RNNCell": "rnn", "GRU": "gru", "GRUCell": "gru", "LSTM": "lstm", "LSTMCell": "lstm"}


def recurrent(
    weights: Any,
    *,
    kind: str | None = None,
    interval: Any = None,
    parameter: Enters | Mapping[str, Any] | str | None = None,
    input: Any = None,
    alpha: Any = 1,
    activation: str | None = None,
    prefix: str = "",
    start: Any = None,
    time: str | Mapping[str, Any] = "discrete",
    weight_radius: Any = None,
    name: str = "gain",
    title: str = "recurrent network",
    precision: int | None = None,
    digits: int | None = None,
) -> Problem:
    """The map, or flow, of a recurrent network with constant input u: an RNN, a GRU or an LSTM as PyTorch defines them.

    weights: a module RNN, GRU or LSTM of torch, or a cell, with one layer and one direction; or a state_dict, a mapping
    of its names (weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0; without _l0 for a cell) to arrays of NumPy or
    torch, whose names begin with ``prefix``. kind: "rnn" (the default of a state_dict), "gru" or "lstm"; a module says
    it. input: u, 0 where it is left out. alpha: of an RNN h ↦ (1 − alpha)h + alpha σ(…), 1 for torch, below it for a
    leaky network. activation: of an RNN, "tanh" by default; a state_dict does not say it. parameter: `gain` for γ W_hh
    (the default), `entry` for γ added to one entry of W_hh, "alpha", or a table as in a spec, such as {"input": 1}.
    interval: its range; may be left out for a gain of an RNN without bias and input, then all real γ are meant.
    start: a rough fixed point at the left end, of an LSTM h and then c. time: "continuous" for an RNN or a GRU as a
    flow, {"euler": "0.1"} for the Euler map of this flow. weight_radius: how well weights and biases are known, as for
    `network`; numbers are exact as there. Raises InputError, whose message names the argument.
    """
    if hasattr(weights, "state_dict"):
        kind, activation = _kind_of(weights, kind), _activation_of(weights, activation)
        weights = weights.state_dict()
    kind = "rnn" if kind is None else kind
    if kind not in GATES:
        raise ArgumentError(f"expected one of {', '.join(GATES)}", key="kind", value=kind)
    if not isinstance(weights, Mapping):
        expected = "expected a module RNN, GRU or LSTM of torch, or its state_dict"
        raise ArgumentError(expected, key="weights", value=type(weights).__name__)
    if isinstance(time, Mapping):
        time = {str(key): text(value, "time") for key, value in time.items()}
    document: dict[str, Any] = {"family": kind, "time": time}
    if kind == "rnn":
        document |= {"alpha": text(alpha, "alpha"), "activation": activation or "tanh"}
    elif activation is not None or alpha != 1:
        raise ArgumentError('only of kind "rnn"', key="alpha" if activation is None else "activation")
    document |= at("weights", lambda: _arrays(weights, prefix))
    for key, value in (("input", input), ("start", start)):
        document |= {} if value is None else {key: exact(value, "vector", key)}
    enters = _enters(gain() if parameter is None else parameter)
    return problem_of(document, name, interval, title, precision, digits, weight_radius, enters=enters)


def _kind_of(module: Any, kind: str | None) -> str:
    """That of a module, which says it itself."""
    name = type(module).__name__
    if name not in _MODULES:
        expected = f"expected one of {', '.join(_MODULES)} (perhaps a part of it), or a state_dict"
        raise UnsupportedError(f"a module {name}; {expected}", key="weights")
    if kind not in (None, _MODULES[name]):
        raise ArgumentError(f"expected none: the module is a {name}", key="kind", value=kind)
    return _MODULES[name]


def _activation_of(module: Any, activation: str | None) -> str | None:
    """That of a module of kind "rnn", which says it itself."""
    if _MODULES[type(module).__name__] != "rnn":
        return activation
    if activation is not None:
        raise ArgumentError("expected none: the module has its own", key="activation")
    return str(module.nonlinearity)


def _arrays(weights: Mapping[str, Any], prefix: str) -> dict[str, ExactMatrix]:
    def find(name: str) -> ExactMatrix | None:
        array = weights.get(f"{prefix}{name}")
        kind: Kind = "vector" if name.startswith("bias") else "matrix"
        return None if array is None else exact(array, kind, f"{prefix}{name}")

    ending = pytorch_ending(find, lambda name: f"it has {prefix}{name}", None)
    if find(f"weight_hh{ending}") is None:
        there = ", ".join(sorted(map(str, weights))[:8]) or "nothing"
        named = [name for name in map(str, weights) if name.endswith((".weight_hh_l0", ".weight_hh"))]
        hint = f' (did you mean prefix="{named[0].rpartition(".")[0]}."?)' if named else ""
        raise ArgumentError(f"no {prefix}weight_hh_l0 or {prefix}weight_hh; it has {there}{hint}")
    found = {name: find(f"{name}{ending}") for name in WEIGHTS}
    return {name: array for name, array in found.items() if array is not None}


def _enters(way: Enters | Mapping[str, Any] | str) -> dict[str, Any] | str:
    match way:
        case "alpha":
            return way
        case Enters("gain"):
            return {"gain": "weight_hh"}
        case Enters("entry") if "antisymmetric" not in way.value:
            return {"array": "weight_hh", **way.value}
        case Mapping():
            return dict(way)
    expected = 'expected gain(), entry(row, column) or a table such as {"input": 1} for recurrent networks'
    raise UnsupportedError(expected, key="parameter")
