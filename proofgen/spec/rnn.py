"""Vanilla and leaky recurrent networks in discrete time, with the names that PyTorch gives to weights.

    h ↦ (1 − α)h + α σ(W_hh h + W_ih u + b_ih + b_hh),     α = 1 for `torch.nn.RNN`,   u constant.

Exact: b_ih + b_hh and W_ih u are added as rational numbers, not in the format of the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import InputError, UnsupportedError
from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Term
from .data_files import at, describe, read_matrix, read_vector, sized
from .enters import OneWeight, parameter_terms, size
from .tensor_files import MissingArrayError

RNN_ENTERS = 'expected { gain = "weight_hh" } or { array = "weight_hh", row, column }'
RnnEnters = OneWeight | str  # an entry of weight_hh, or "gain"
ONE = Fraction(1)


def rnn_enters(value: object) -> RnnEnters:
    """How the parameter enters. Raises InputError."""
    if not isinstance(value, dict):
        raise InputError(RNN_ENTERS, value=describe(value))
    if value == {"gain": "weight_hh"}:
        return "gain"
    if value.get("array") == "weight_hh" and value.keys() == {"array", "row", "column"}:
        row, column = value["row"], value["column"]
        if all(isinstance(x, int) and not isinstance(x, bool) and x >= 1 for x in (row, column)):
            return OneWeight(row, column)
    known = {"input", "towards", "array", "gain"} & value.keys()
    if known:
        raise UnsupportedError(f"this parameter is not supported yet; {RNN_ENTERS}", value=describe(value))
    raise InputError(RNN_ENTERS, value=describe(value))


@dataclass(frozen=True)
class RnnWeights:
    """What a spec says of them: a file with prefix, or arrays, mostly not read yet; u is the constant input."""

    state_dict: str | None
    prefix: str
    weight_hh: Any
    weight_ih: Any
    bias: Any
    bias_hh: Any
    bias_ih: Any
    u: Any


def read_rnn(given: RnnWeights, base_dir: Path) -> tuple[ExactMatrix, ExactMatrix | None]:
    """W_hh and the whole bias W_ih u + b_ih + b_hh, None where there is none. Raises InputError."""
    if given.state_dict is not None:
        given = _of_state_dict(given, base_dir)
    if given.weight_hh is None:
        raise InputError("missing; expected the recurrent weights, or state_dict = FILE", key="network.weight_hh")
    weights = _read("weight_hh", given.weight_hh, base_dir)
    n, columns = weights.shape
    if n != columns:
        gated = {3: ": these are the weights of a GRU", 4: ": these are the weights of an LSTM"}
        hint = f"{gated[n // columns]}, not supported yet" if n in (3 * columns, 4 * columns) else ""
        raise InputError(f"{size(weights.shape)} entries; expected a square matrix{hint}", key="network.weight_hh")
    if n < 2:
        raise InputError("one neuron; expected at least two", key="network.weight_hh")
    if given.bias is not None and (given.bias_hh is not None or given.bias_ih is not None):
        raise InputError("expected either bias or bias_hh and bias_ih, not both", key="network.bias")
    summands = []
    for key in ("bias", "bias_hh", "bias_ih"):
        value = getattr(given, key)
        if value is not None:
            vector = _read(key, value, base_dir, vector=True)
            summands.append(_entries(at(f"network.{key}", partial(sized, vector, n))))
    if given.u is not None:
        summands += _from_input(given, n, base_dir)
    total = [sum(entries, Fraction(0)) for entries in zip(*summands, strict=True)] if summands else []
    bias = ExactMatrix.from_fractions([[entry] for entry in total]) if any(total) else None
    return weights, bias


def _from_input(given: RnnWeights, n: int, base_dir: Path) -> list[list[Fraction]]:
    """W_ih u, as a list of one vector, none where u = 0."""
    u = _entries(_read("input", given.u, base_dir, vector=True))
    if given.weight_ih is None:
        if any(u):
            raise InputError("an input needs weight_ih", key="network.input")
        return []
    W = _read("weight_ih", given.weight_ih, base_dir)
    if W.shape != (n, len(u)):
        expected = f"expected {n} × {len(u)}, by the neurons and the entries of input"
        raise InputError(f"{size(W.shape)} entries; {expected}", key="network.weight_ih")
    return [[sum((w * x for w, x in zip(row, u, strict=True)), Fraction(0)) for row in W.fractions()]]


def _of_state_dict(given: RnnWeights, base_dir: Path) -> RnnWeights:
    """The arrays of a file by PyTorch's names: those of the layer 0 of a module, or those of a cell."""
    arrays = ("weight_hh", "weight_ih", "bias", "bias_hh", "bias_ih")
    inline = [key for key in arrays if getattr(given, key) is not None]
    if inline:
        raise InputError("expected either state_dict or arrays, not both", key=f"network.{inline[0]}")

    def reference(name: str) -> str:
        return f"{given.state_dict}:{given.prefix}{name}"

    def find(name: str) -> ExactMatrix | None:
        try:
            return (read_vector if name.startswith("bias") else read_matrix)(reference(name), base_dir)
        except MissingArrayError:  # no other error: what cannot be read is not missing
            return None

    def read() -> tuple[str, ExactMatrix, ExactMatrix | None, ExactMatrix | None]:
        ending, weight_hh = pytorch_layer(find, lambda name: f"the file has {given.prefix}{name}")
        if weight_hh is None:
            weight_hh = read_matrix(reference("weight_hh"), base_dir)  # says what there is
        return ending, weight_hh, find(f"bias_hh{ending}"), find(f"bias_ih{ending}")

    ending, weight_hh, bias_hh, bias_ih = at("network.state_dict", read)
    return RnnWeights(
        None, "", weight_hh, reference(f"weight_ih{ending}"), None, bias_hh, bias_ih, given.u
    )  # fmt: skip


def pytorch_layer(
    find: Callable[[str], ExactMatrix | None], what: Callable[[str], str]
) -> tuple[str, ExactMatrix | None]:
    """What the names of the arrays end with ("_l0" in a module of one layer, "" in a cell), and weight_hh.

    find: the array of a name, or None; what: how a message calls one. Raises UnsupportedError for other modules.
    """
    weight_hh = find("weight_hh_l0")
    ending = "" if weight_hh is None else "_l0"
    refused = {f"weight_hr{ending}": "proj_size", "weight_hh_l0_reverse": "a second direction"}
    refused["weight_hh_l1"] = "a second layer"
    for name, feature in refused.items():
        if find(name) is not None:
            raise UnsupportedError(f"{what(name)}: {feature} is not supported")
    return ending, find("weight_hh") if weight_hh is None else weight_hh


def _read(key: str, value: Any, base_dir: Path, vector: bool = False) -> ExactMatrix:
    return at(f"network.{key}", lambda: (read_vector if vector else read_matrix)(value, base_dir))


def _entries(vector: ExactMatrix) -> list[Fraction]:
    return [row[0] for row in vector.fractions()]


def rnn_layers(
    weights: ExactMatrix, bias: ExactMatrix | None, alpha: Fraction, activation: str, enters: RnnEnters
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    """α σ((W⁰ + γE)h + b) as layers, with their arrays; the rest of the map is (1 − α)h. Raises InputError."""
    if not 0 < alpha <= 1:
        raise InputError("expected a number in (0, 1]", key="network.alpha", value=str(alpha))
    arrays = {"W1": weights} | ({} if bias is None else {"b1": bias})
    own: tuple[Term, ...] = (Term(ONE, "W1"),)
    if enters == "gain":
        arrays = {"W1": ExactMatrix.zeros(*weights.shape), "E1": weights} | ({} if bias is None else {"b1": bias})
        direction: tuple[Term, ...] = (Term(ONE, "E1"),)
    else:
        assert isinstance(enters, OneWeight)
        direction = at("parameter.enters", lambda: parameter_terms(enters, weights.shape))
    layers = [Layer(activation, own, direction, None if bias is None else "b1")]
    if alpha != 1:  # a linear layer α I
        arrays["W2"] = ExactMatrix.identity(weights.shape[0], alpha)
        layers.append(Layer("identity", (Term(ONE, "W2"),), ()))
    return tuple(layers), arrays
