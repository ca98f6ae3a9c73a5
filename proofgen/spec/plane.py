"""Specs with two parameters, ``names`` and ``box`` in the table [parameter] (FORMAT.md, section 28). Exact.

A network with two parameters is read as two networks with one, one for each of `enters`, and written out as equations:

    x' = −Dx + h_L,   h_0 = x,   h_l = σ_l((W_l + α₁E_l¹ + α₂E_l²)h_{l−1} + b_l + α₁c_l¹ + α₂c_l²)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from ..errors import InputError, UnsupportedError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import MAX_DECIMAL_CHARS, ExactMatrix
from ..problem.network import Layer, Problem
from ..problem.plane import Range
from ..symbolic.named import NAMED
from .data_files import at, describe, exact_number
from .form_values import misspelt

NAMES = 'expected the names of two parameters, such as ["F", "T"] (one has name = "F" and interval)'
BOX = 'expected two ranges of decimals, one for each of names, such as [["0", "1"], ["-1", "1"]]'
TWO_WAYS = "expected two ways, one for each of names, such as [{ gain = true }, { bias = [1, 0] }]"
_KEYS = ("names", "box", "enters", "shift")
_REFUSED = {
    "name": "expected names, as box is for two parameters",
    "interval": "with two parameters, box has the ranges",
}
Raw = dict[str, Any]


@dataclass(frozen=True)
class PlaneParameters:
    names: tuple[str, str]
    box: tuple[Range, Range]


def has_two_parameters(raw: Raw) -> bool:
    """Whether the tables of a spec are about two parameters, rightly or not."""
    parameter = raw.get("parameter")
    return isinstance(parameter, dict) and not parameter.keys().isdisjoint(("names", "box"))


def read_parameters(raw: Raw) -> PlaneParameters:
    """The names and their ranges; what two parameters are not for is refused. Raises InputError."""
    parameter = raw["parameter"]
    for key in parameter:
        if key not in _KEYS:
            expected = _REFUSED.get(key) or misspelt(key, _KEYS) or f"unknown key; expected one of {', '.join(_KEYS)}"
            raise InputError(expected, key=f"parameter.{key}")
    for key, expected in (("names", NAMES), ("box", BOX)):
        if key not in parameter:
            raise InputError(f"missing; {expected}", key=f"parameter.{key}")
    _check_network(raw)
    names = at("parameter.names", partial(_read_names, parameter["names"]))
    return PlaneParameters(names, at("parameter.box", partial(_read_box, parameter["box"])))


def _check_network(raw: Raw) -> None:
    network = raw.get("network")
    family = network.get("family") if isinstance(network, dict) else None
    if family in ("gru", "lstm"):
        others = 'expected "rnn" with time = "continuous", "layered", "asymmetric-rnn" or "equations"'
        raise UnsupportedError(f"two parameters of a gated cell are not supported; {others}", key="network.family")
    if not isinstance(network, dict):
        return  # told by the form
    time = network.get("time", "discrete" if family == "rnn" else "continuous")
    if time != "continuous":
        expected = 'expected "continuous": with two parameters, Bautin points of flows are proved, none of maps'
        raise UnsupportedError(expected, key="network.time", value=describe(time))
    if "box" in network:
        expected = "with two parameters expected start, a rough equilibrium in the middle of parameter.box"
        raise InputError(expected, key="network.box")
    proof = raw.get("proof")
    if isinstance(proof, dict) and "weight_radius" in proof:
        raise UnsupportedError("a box of weights is for one parameter", key="proof.weight_radius")
    if "orbits" in raw:
        raise UnsupportedError("periodic orbits are proved for one parameter", key="orbits")


def _read_names(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(name, str) for name in value):
        raise InputError(NAMES, value=describe(value))
    return value[0], value[1]


def _read_box(value: object) -> tuple[Range, Range]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(BOX, value=describe(value))
    return _read_range(value[0]), _read_range(value[1])


def _read_range(value: object) -> Range:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(BOX, value=describe(value))
    low, high = (exact_number(end, BOX) for end in value)
    if low >= high:
        expected = "an empty range; expected the smaller end first, and a larger one"
        raise InputError(expected, value=f"[{', '.join(map(str, value))}]")
    return low, high


# Networks ---------------------------------------------------------------------------------------


def specs_of_one(raw: Raw, parameters: PlaneParameters) -> tuple[Raw, Raw]:
    """The specs in which one of the parameters of a network moves it, in the way that is its own."""
    network = raw["network"]
    enters = raw["parameter"].get("enters")
    tables = network.get("layer")
    layers = tables if isinstance(tables, list) and all(isinstance(table, dict) for table in tables) else []
    own = [number for number, table in enumerate(layers, 1) if "enters" in table]
    if enters is None and not own:
        raise InputError(f"missing; {TWO_WAYS}", key="parameter.enters")
    for key, value in (("parameter.enters", enters), *((_layer(n), layers[n - 1]["enters"]) for n in own)):
        if value is not None and (not isinstance(value, list) or len(value) != 2):
            raise InputError(TWO_WAYS, key=key, value=describe(value))

    def one(which: int) -> Raw:
        parameter = {"name": parameters.names[which], "interval": raw["parameter"]["box"][which]}
        parameter |= {} if enters is None else {"enters": enters[which]}
        parameter |= {key: raw["parameter"][key] for key in ("shift",) if key in raw["parameter"]}
        moved = [table | ({"enters": table["enters"][which]} if "enters" in table else {}) for table in layers]
        return raw | {"network": network | ({"layer": moved} if moved else {}), "parameter": parameter}

    _check_ways(raw["network"]["family"], enters, [layers[n - 1]["enters"] for n in own])
    return one(0), one(1)


def _layer(number: int) -> str:
    return f"network.layer[{number}].enters"


def of_one(which: int, error: InputError) -> InputError:
    """The error of a spec in which one of the parameters (0 or 1) moves, with the key of the spec of both."""
    key = re.sub(r"(\benters)\b", rf"\g<1>[{which + 1}]", error.key or "")
    return type(error)(error.expected, source=error.source, key=key or None, value=error.value)


def _check_ways(family: str, enters: Any, own: Sequence[Any]) -> None:
    """Raise UnsupportedError for ways whose product would not be a sum of what each of them does."""
    if family != "rnn":
        for key, ways in (("parameter.enters", enters), *(("network.layer.enters", pair) for pair in own)):
            _check_gains(key, ways)
        return
    arrays = [_arrays(way) for way in enters]
    common = arrays[0] & arrays[1]
    if any(isinstance(way, dict) and "towards" in way for way in enters):
        raise UnsupportedError("two parameters go with { directions = … }", key="parameter.enters", value="towards")
    if "alpha" in enters:
        raise UnsupportedError("alpha is a scale of time here: it moves no Hopf point", key="parameter.enters")
    gain = any(isinstance(way, dict) and "gain" in way for way in enters)
    product = {"weight_ih", "input"} <= arrays[0] | arrays[1] and arrays[0] != arrays[1]
    if product or (gain and common):
        raise UnsupportedError(f"both parameters enter one product; {_SUM}", key="parameter.enters")


_SUM = "expected ways that add up, such as a gain and a bias (or write the network as equations)"


def _check_gains(key: str, ways: Any) -> None:
    if not isinstance(ways, list) or not any(isinstance(way, dict) and "gain" in way for way in ways):
        return
    if all(way == "identity" or (isinstance(way, dict) and way.keys() != {"bias"}) for way in ways):
        raise UnsupportedError(f"both parameters enter the weights, one as their gain; {_SUM}", key=key)


def _arrays(way: object) -> set[str]:
    """The arrays of an RNN that a way is about."""
    match way:
        case {"gain": str(name)} | {"array": str(name)}:
            return {name}
        case {"input": _}:
            return {"input"}
        case {"directions": dict(given)}:
            return set(given)
    return set()


@dataclass(frozen=True)
class WrittenOut:
    """Variables, definitions and equations of a network."""

    variables: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    equations: tuple[str, ...]


def written_out(one: Problem, two: Problem, raw: Raw) -> WrittenOut:
    """A network in which two parameters move what they move in ``one`` and ``two``; raw: the spec of both."""
    n, names = one.dimension, (one.parameter_name, two.parameter_name)
    inputs = variables = tuple(f"x{i}" for i in range(1, n + 1))
    definitions, outputs = [], list[str]()
    for number, (layer, other, shape) in enumerate(zip(one.layers, two.layers, one.shapes, strict=True), 1):
        weights, bias, moved = _affine(((one, layer), (two, other)), shape, raw)
        last = number == len(one.layers)
        prefix = "" if len(one.layers) == 1 else f"{number}_"
        outputs = []
        for i in range(shape[0]):
            parts = [_linear(weights, i, inputs, bias)]
            for name, (E, c) in zip(names, moved, strict=True):
                term = _linear(E, i, inputs, c)
                parts += [f"{name}*({term})"] if term else []
            a = f"a{prefix}{i + 1}"
            definitions.append((a, _sum(parts) or "0"))
            value = re.sub(r"\bz\b", a, NAMED.get(layer.activation, layer.activation))
            if last:
                outputs.append(value)
            else:
                h = f"h{prefix}{i + 1}"
                definitions.append((h, value))
                outputs.append(h)
        inputs = tuple(outputs)
    leaks = one.leak_entries()
    equations = tuple(
        _sum([_times(-leak, x), value]) if leak else value
        for leak, x, value in zip(leaks, variables, outputs, strict=True)
    )
    return WrittenOut(variables, tuple(definitions), equations)


Matrices = tuple[ExactMatrix, ExactMatrix]


def _affine(
    both: tuple[tuple[Problem, Layer], tuple[Problem, Layer]], shape: tuple[int, int], raw: Raw
) -> tuple[ExactMatrix, ExactMatrix, list[Matrices]]:
    """W, b and (E, c) of each parameter, of one layer.

    What a parameter is the gain of is in the network where it stands still, and no part of W and b.
    """
    moved = [(p.combine(layer.parameter, shape), _column(p, layer.bias_parameter, shape[0])) for p, layer in both]
    moves = [bool(layer.parameter) or layer.bias_parameter is not None for _, layer in both]
    own = 1 if moves == [False, True] else 0  # a shift is in the layers that move
    problem, layer = both[own]
    W, b = problem.combine(layer.weights, shape), _column(problem, layer.bias, shape[0])
    (E, c), minus = moved[1 - own], Fraction(-1)
    if raw["network"]["family"] == "rnn":
        if "gain" in raw["parameter"]["enters"][1 - own]:
            W, b = W + E.scaled(minus), b + c.scaled(minus)
    elif both[1 - own][1].parameter and all(term.matrix is None for term in both[1 - own][1].weights):
        W = W + E.scaled(minus)
    return W, b, moved


def _column(problem: Problem, name: str | None, rows: int) -> ExactMatrix:
    return ExactMatrix.zeros(rows, 1) if name is None else problem.arrays[name]


def _linear(matrix: ExactMatrix, row: int, inputs: Sequence[str], column: ExactMatrix) -> str:
    """The affine form of a row; nothing where it is 0."""
    terms = [(matrix.entry(row, j), x) for j, x in enumerate(inputs)]
    return _sum([_times(coefficient, x) for coefficient, x in terms if coefficient] + _constant(column.entry(row, 0)))


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(term for term in terms if term).replace("+ -", "- ")


def _times(coefficient: Fraction, x: str) -> str:
    if abs(coefficient) == 1:
        return x if coefficient == 1 else f"-{x}"
    return f"{_number(coefficient)}*{x}"


def _constant(x: Fraction) -> list[str]:
    return [_number(x)] if x else []


def _number(x: Fraction) -> str:
    return exact_decimal(x, MAX_DECIMAL_CHARS) or f"{x.numerator}/{x.denominator}"
