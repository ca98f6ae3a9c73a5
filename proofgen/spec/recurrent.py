"""The arrays of recurrent networks, with the names that PyTorch gives them, and how a parameter moves them. Exact.

Of one layer and direction: weight_ih (gH × I), weight_hh (gH × H), bias_ih, bias_hh (gH), the g gates below each other;
and u, the constant input (I). Every array X becomes X + γX'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import InputError, UnsupportedError
from ..numbers.exact import ExactMatrix
from .data_files import at, describe, read_matrix, read_vector, sized
from .enters import OneWeight, parameter_terms, size
from .equations import TIMES, read_time
from .tensor_files import MissingArrayError

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
WEIGHTS = ("weight_hh", "weight_ih", "bias_hh", "bias_ih")
ENTERS = (
    'expected { gain = "weight_hh" }, { input = 1 }, { array = "weight_hh", row, column }, { array = "bias_hh", row }, '
    '{ towards = "FILE" }, "alpha" or { directions = { weight_hh = …, … } }'
)
Arrays = dict[str, ExactMatrix]


@dataclass(frozen=True)
class RecurrentEnters:
    """How γ enters: "gain" (X becomes γX), "entry" (γ is added at a place of X, of a vector without a column), "input"
    (γ is the entry ``row`` of u), "alpha" (γ is alpha of an RNN), "towards" (X becomes X + γ(Y − X) for all arrays Y of
    a file), "directions" (X + γX' for the arrays X' ``given``, mostly not read yet)."""

    how: str
    array: str = ""
    row: int = 0
    column: int = 1
    file: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)

    def about(self, *names: str) -> bool:
        """Whether γ enters one of these arrays by name."""
        return self.array in names or not self.given.keys().isdisjoint(names)


def recurrent_time(value: object) -> str | Fraction:
    """Of `TIMES`, or the step of an Euler map. Raises InputError."""
    if isinstance(value, dict) or value in TIMES:
        return read_time(value)
    expected = 'expected "discrete" or, but of an LSTM, "continuous" or { euler = "0.1" }, an Euler step of this flow'
    raise InputError(expected, value=describe(value))


def recurrent_enters(value: object) -> RecurrentEnters:
    """How the parameter enters. Raises InputError."""

    def is_place(x: object) -> bool:
        return isinstance(x, int) and not isinstance(x, bool) and x >= 1

    keys = len(value) if isinstance(value, dict) else 0
    match value:
        case "alpha":
            return RecurrentEnters("alpha", "alpha")
        case {"gain": str(name)} if keys == 1 and name in WEIGHTS:
            return RecurrentEnters("gain", name)
        case {"input": row} if keys == 1 and is_place(row):
            return RecurrentEnters("input", "input", row)
        case {"array": str(name), "row": row, "column": column} if (
            keys == 3 and name in ("weight_hh", "weight_ih") and is_place(row) and is_place(column)
        ):
            return RecurrentEnters("entry", name, row, column)
        case {"array": str(name), "row": row} if keys == 2 and name in ("bias_hh", "bias_ih") and is_place(row):
            return RecurrentEnters("entry", name, row)
        case {"towards": str(file)} if keys == 1:
            return RecurrentEnters("towards", file=file)
        case {"directions": dict(given)} if keys == 1 and given and given.keys() <= {*WEIGHTS, "input"}:
            return RecurrentEnters("directions", given=given)
    raise InputError(ENTERS, value=describe(value))


@dataclass(frozen=True)
class RecurrentWeights:
    """What a spec says of them: a file, with prefix and layer, or arrays by their names, mostly not read yet; u: the
    constant input."""

    state_dict: str | None
    prefix: str
    layer: int | None
    arrays: Mapping[str, Any]
    u: Any


def read_recurrent(
    given: RecurrentWeights, family: str, enters: RecurrentEnters, base_dir: Path
) -> tuple[Arrays, Arrays]:
    """X and X' by their names, those that are 0 left out; weight_ih and input only where u is given or moves.

    Raises InputError.
    """
    inputs = given.u is not None or enters.about("weight_ih", "input")
    arrays = _read_file(given, base_dir) if given.state_dict is not None else _inline(given, family, base_dir)
    read = _checked(arrays, family, "network")
    read |= _with_input(given, read, inputs, enters, base_dir)
    if enters.how == "alpha":
        return read, {}
    if enters.how == "towards":
        return read, _towards(given, read, family, enters.file, base_dir)
    if enters.how == "directions":
        return read, at("parameter.enters.directions", partial(_directions, read, enters, base_dir))
    return at("parameter.enters", partial(_moved, read, enters))


def _with_input(
    given: RecurrentWeights, read: Arrays, inputs: bool, enters: RecurrentEnters, base_dir: Path
) -> Arrays:
    """The input, where it plays a part; else weight_ih is forgotten."""
    u = None if given.u is None else at("network.input", lambda: read_vector(given.u, base_dir))
    W = read.get("weight_ih")
    if not inputs or (u is not None and u.is_zero() and not enters.about("weight_ih", "input") and W is None):
        read.pop("weight_ih", None)
        return {}
    if W is None:
        raise InputError("an input needs weight_ih", key="network.input")
    if u is None:
        u = ExactMatrix.zeros(W.shape[1], 1)
    if W.shape[1] != u.shape[0]:
        expected = f"expected {W.shape[0]} × {u.shape[0]}, by the neurons and the entries of input"
        raise InputError(f"{size(W.shape)} entries; {expected}", key="network.weight_ih")
    return {"input": u}


def _checked(arrays: Arrays, family: str, key: str) -> Arrays:
    """The arrays, which fit together. Raises InputError."""
    rows, columns = arrays["weight_hh"].shape
    gates = GATES[family]
    if rows != gates * columns:
        names = [name for name, count in GATES.items() if rows == count * columns]
        hint = f': these are the weights of family = "{names[0]}"' if names else ""
        shape = "a square matrix" if gates == 1 else f"{gates} times as many rows as columns"
        raise InputError(f"{size((rows, columns))} entries; expected {shape}{hint}", key=f"{key}.weight_hh")
    for name in ("bias_hh", "bias_ih"):
        if name in arrays:
            at(f"{key}.{name}", partial(sized, arrays[name], rows, "row of the weights" if gates > 1 else "neuron"))
    if "weight_ih" in arrays and arrays["weight_ih"].shape[0] != rows:
        found = size(arrays["weight_ih"].shape)
        raise InputError(f"{found} entries; expected {rows} rows, as many as weight_hh has", key=f"{key}.weight_ih")
    return arrays


def _inline(given: RecurrentWeights, family: str, base_dir: Path) -> Arrays:
    there = {name: value for name, value in given.arrays.items() if value is not None}
    if "weight_hh" not in there:
        raise InputError("missing; expected the recurrent weights, or state_dict = FILE", key="network.weight_hh")
    if "bias" in there and family == "gru":
        why = "the two biases of a GRU do not add up; expected bias_hh and bias_ih"
        raise InputError(why, key="network.bias")
    if "bias" in there and not there.keys().isdisjoint(("bias_hh", "bias_ih")):
        raise InputError("expected either bias or bias_hh and bias_ih, not both", key="network.bias")
    return {
        "bias_ih" if name == "bias" else name: at(
            f"network.{name}", partial(read_vector if name.startswith("bias") else read_matrix, value, base_dir)
        )
        for name, value in there.items()
    }


def _read_file(given: RecurrentWeights, base_dir: Path) -> Arrays:
    """The arrays of a state_dict."""
    inline = [name for name, value in given.arrays.items() if value is not None]
    if inline:
        raise InputError("expected either state_dict or arrays, not both", key=f"network.{inline[0]}")
    return at("network.state_dict", partial(_of_state_dict, str(given.state_dict), given, base_dir))


def _of_state_dict(file: str, given: RecurrentWeights, base_dir: Path) -> Arrays:
    def find(name: str) -> ExactMatrix | None:
        try:
            kind = read_vector if name.startswith("bias") else read_matrix
            return kind(f"{file}:{given.prefix}{name}", base_dir)
        except MissingArrayError:  # no other error: what cannot be read is not missing
            return None

    ending = pytorch_ending(find, lambda name: f"the file has {given.prefix}{name}", given.layer)
    found = {name: find(f"{name}{ending}") for name in WEIGHTS}
    if found["weight_hh"] is None:
        read_matrix(f"{file}:{given.prefix}weight_hh{ending}", base_dir)  # raises the error that lists what is there
    return {name: array for name, array in found.items() if array is not None}


def pytorch_ending(find: Callable[[str], ExactMatrix | None], what: Callable[[str], str], layer: int | None) -> str:
    """What the names of the arrays end with: "_l0" in a module of one layer, "" in a cell.

    find: the array of a name, or None; what: how a message calls one; layer: of a module, None where it has only one.
    Raises UnsupportedError for what is not covered.
    """
    ending = f"_l{layer or 0}"
    if layer is None and find("weight_hh_l0") is None:
        ending = ""
    refused = {f"weight_hr{ending}": "proj_size", f"weight_hh{ending or '_l0'}_reverse": "a second direction"}
    if layer is None:
        refused["weight_hh_l1"] = "a second layer"
    for name, feature in refused.items():
        if find(name) is not None:
            raise UnsupportedError(f"{what(name)}: {feature} is not supported")
    return ending


def _moved(arrays: Arrays, enters: RecurrentEnters) -> tuple[Arrays, Arrays]:
    name = enters.array
    if enters.how == "gain":
        if name not in arrays or arrays[name].is_zero():
            raise InputError(f"{name} is 0 here; expected an array that is not", key="gain", value=name)
        return {key: array for key, array in arrays.items() if key != name}, {name: arrays[name]}
    shape = arrays[name].shape if name in arrays else (arrays["weight_hh"].shape[0], 1)
    if enters.how == "input" and enters.row <= shape[0] and arrays["input"].entry(enters.row - 1, 0):
        expected = f"expected 0 as the entry {enters.row} of input, as the parameter stands there"
        raise InputError(expected, key="input", value=enters.row)
    term = parameter_terms(OneWeight(enters.row, enters.column), shape)[0]
    return arrays, {name: ExactMatrix.from_fractions(
        [[term.coefficient * ((i, j) == term.unit) for j in range(1, shape[1] + 1)] for i in range(1, shape[0] + 1)]
    )}  # fmt: skip


def _directions(own: Arrays, enters: RecurrentEnters, base_dir: Path) -> Arrays:
    """X' as a spec gives them."""
    if enters.about("weight_ih") and enters.about("input"):
        raise InputError("expected either weight_ih or input, whose product would not be linear in the parameter")
    rows, found = own["weight_hh"].shape[0], Arrays()
    for name, value in enters.given.items():
        read = read_matrix if name.startswith("weight") else read_vector
        array = at(name, partial(read, value, base_dir))
        expected = own[name].shape if name in own else (rows, 1)
        if array.shape != expected:
            raise InputError(f"{size(array.shape)} entries; expected {size(expected)}", key=name)
        if not array.is_zero():
            found[name] = array
    if not found:
        raise InputError("all of them are 0; expected one that is not")
    return found


def _towards(given: RecurrentWeights, own: Arrays, family: str, file: str, base_dir: Path) -> Arrays:
    """Y − X for the arrays Y of another file."""
    key = "parameter.enters.towards"
    other = at(key, lambda: _checked(_of_state_dict(file, given, base_dir), family, file))
    if "input" not in own:
        other.pop("weight_ih", None)
    directions = {}
    for name in WEIGHTS:
        if name in own or name in other:
            shape = (own[name] if name in own else other[name]).shape
            zero = ExactMatrix.zeros(*shape)
            if other.get(name, zero).shape != shape:
                raise InputError(f"{name} has {size(other[name].shape)} entries there; expected {size(shape)}", key=key)
            change = other.get(name, zero) + own.get(name, zero).scaled(Fraction(-1))
            if not change.is_zero():
                directions[name] = change
    if not directions:
        raise InputError("the arrays are the same in both files; expected another checkpoint", key=key, value=file)
    return directions
