"""Problems from arrays, from modules of torch and from equations, without a file.

They go the way of every spec: the same checks, and `Problem.to_toml` gives the spec that says the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ArgumentError, InputError
from ..numbers.exact import ExactMatrix
from ..problem.problem import AnyProblem
from ..spec import load as spec_load
from ..spec.enters import size
from ..spec.written import WRITERS, nowhere
from .modules import layers_of
from .numbers import exact, is_array, pair, text

FILE_FROM = 12 * 12 + 1  # entries from which on an array goes into a file of its own
_ARGUMENTS = {
    r"network\.(R1|layer\[\d+\]\.weights)": "weights", r"network\.layer\[\d+\]\.(bias|activation)": r"\1",
    r"network\.layer\[\d+\]\.enters(\.\w+)?": "parameter", r"parameter\.enters(\.\w+)?": "parameter",
    r"network\.variables": "equations", r"network\.(equations|definitions|box)(.*)": r"\1\2",
    r"parameter\.names": "parameter", r"parameter\.box": "interval", r"parameter\.name": "name",
    r"(network|parameter|proof)\.(\w+)": r"\2",
}  # fmt: skip
_OTHER_WAYS = (
    "gain(), entry(row, column), matrix(E), bias(c), or None where γ does not enter, as in parameter=[gain(), None]"
)


@dataclass(frozen=True, repr=False)
class Problem:
    """What a theorem is about: x' = f(x, γ), exactly. exact: as the prover has it."""

    exact: AnyProblem

    @property
    def title(self) -> str:
        return self.exact.title

    @property
    def dimension(self) -> int:
        """How many neurons or variables."""
        return self.exact.dimension

    @property
    def parameter(self) -> str:
        """The name of the parameter."""
        return self.exact.parameter_name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters: one, or two."""
        return getattr(self.exact, "parameters", (self.exact.parameter_name,))

    @property
    def interval(self) -> tuple[Fraction, Fraction] | None:
        """The range of the parameter; None for the whole line."""
        return self.exact.interval

    def to_toml(self, path: str | os.PathLike[str] | None = None) -> str:
        """The spec that says the same. With ``path`` it is also written there, and large arrays beside it as .npy.

        Raises InputError where a file is there already, and UnsupportedError for numbers without a decimal of at most
        400 characters where no path is given.
        """
        write = WRITERS[self.exact.kind]
        if path is None:
            return write(self.exact, nowhere)
        target, arrays = Path(path), dict[str, np.ndarray[Any, Any]]()

        def store(name: str, matrix: ExactMatrix) -> str | None:
            array = matrix.as_binary64() if matrix.numerators.size >= FILE_FROM else None
            if array is None:
                return None
            arrays[f"{target.stem}-{name}.npy"] = array
            return f"{target.stem}-{name}.npy"

        written = write(self.exact, store)
        places = [target, *(target.with_name(name) for name in arrays)]
        for place in places:
            if os.path.lexists(place):
                raise ArgumentError("is there already; expected a new name", source=str(place), key="path")
        try:
            for name, array in arrays.items():
                np.save(target.with_name(name), array, allow_pickle=False)
            target.write_text(written, encoding="utf-8")
        except OSError as error:
            raise ArgumentError(f"cannot be written ({error.strerror})", source=str(path), key="path") from None
        return written

    def __repr__(self) -> str:
        if isinstance(getattr(self.exact, "parameters", None), tuple):
            return f"<Problem {self.title!r}: dimension {self.dimension}, parameters {self.parameter}>"
        low, high = self.interval or (None, None)
        where = "all real values" if low is None or high is None else f"[{float(low):g}, {float(high):g}]"
        return f"<Problem {self.title!r}: dimension {self.dimension}, {self.parameter} in {where}>"


@dataclass(frozen=True)
class Enters:
    """How the parameter enters the weights of a layer: see `identity`, `gain`, `entry`, `matrix`, `bias`."""

    kind: str
    value: Any = None


def identity() -> Enters:
    """W(γ) = W + γI."""
    return Enters("identity")


def gain() -> Enters:
    """W(γ) = γW."""
    return Enters("gain")


def entry(row: int, column: int, *, antisymmetric: bool = False) -> Enters:
    """γ is added to one weight (row, column; counted from 1), with antisymmetric=True also −γ to its mirror image."""
    return Enters("entry", {"row": row, "column": column} | ({"antisymmetric": True} if antisymmetric else {}))


def matrix(direction: Any) -> Enters:
    """W(γ) = W + γE for a matrix E of the size of W."""
    return Enters("matrix", direction)


def bias(direction: Any) -> Enters:
    """b(γ) = b + γc for a vector c: a constant input along c."""
    return Enters("bias", direction)


def load(spec: str | os.PathLike[str]) -> Problem:
    """The problem that a spec file (TOML) describes. Raises InputError."""
    if not isinstance(spec, str | os.PathLike):
        raise ArgumentError("expected the name of a file", key="spec", value=spec)
    return Problem(spec_load.load(os.fspath(spec)))


def network(
    weights: Any,
    *,
    bias: Any = None,
    activation: str | Sequence[str] | None = None,
    leak: Any = 0,
    parameter: Enters | Sequence[Enters | None] | None = None,
    interval: Any = None,
    start: Any = None,
    name: str = "gamma",
    title: str = "network",
    source: str | None = None,
    weight_radius: Any = None,
    precision: int | None = None,
    digits: int | None = None,
) -> Problem:
    """The network x' = −leak·x + h_L with the layers h_l = σ_l(W_l h_{l−1} + b_l), h_0 = x.

    weights: a matrix (n, n); or a list of matrices, first layer first; or a module of torch (Linear, or a Sequential
    of Linear and activations). bias: a vector, or a list of one vector or None for each layer. activation: a name or an
    expression in z, or one for each layer ("tanh"). leak: a number, or one for each neuron. parameter: how γ enters,
    `identity` by default, or a list with one for each layer, None where it does not enter. interval: its range; may be
    left out for one layer without leak and bias. start: a rough equilibrium at the left end. weight_radius: how well
    weights and biases are known: a number, "float16", … . source: where the numbers are from, which certificates print.
    Arrays of NumPy and torch, and floats, mean exactly the
    numbers they store; decimal strings mean exactly what they say. Raises InputError, whose message names the argument.
    """
    found = layers_of(weights, bias, activation)
    count = len(found)
    each = list(parameter) if isinstance(parameter, Sequence) else [parameter or identity()] * count
    if len(each) != count or not all(isinstance(way, Enters | None) for way in each):
        raise ArgumentError(f"expected identity(), gain(), … , or {count} of them or None", key="parameter")
    for number, ((W, _, _), way) in enumerate(zip(found, each, strict=True), 1):
        if W.shape[0] != W.shape[1] and count == 1:
            raise ArgumentError(f"{size(W.shape)} entries; expected a square matrix, or several layers", key="weights")
        if W.shape[0] != W.shape[1] and way == identity():
            expected = f"identity() needs a square layer, layer {number} is {size(W.shape)}; expected {_OTHER_WAYS}"
            raise ArgumentError(expected, key="parameter")
    tables = [_layer(*layer, way) for layer, way in zip(found, each, strict=True)]
    document: dict[str, Any] = {"family": "layered", "layer": tables}
    if is_array(leak) or (isinstance(leak, Sequence) and not isinstance(leak, str)):
        document["leak"] = exact(leak, "vector", "leak")
    else:
        document["leak"] = text(leak, "leak")
    if start is not None:
        document["start"] = exact(start, "vector", "start")
    return problem_of(document, name, interval, title, precision, digits, weight_radius, source=source)


def equations(
    equations: Mapping[str, str],
    *,
    parameter: str | Sequence[str] = "gamma",
    interval: Any,
    constants: Mapping[str, Any] | None = None,
    definitions: Mapping[str, str] | None = None,
    start: Any = None,
    box: Any = None,
    time: str = "continuous",
    title: str = "equations",
    source: str | None = None,
    precision: int | None = None,
    digits: int | None = None,
) -> Problem:
    """The vector field whose components have these names and right-hand sides.

    parameter, interval: its name and its range, or two of both, as in parameter=("I", "b"), interval=[(0, 1), (-1, 1)];
    constants: names and numbers or expressions; definitions: names for subexpressions, in order; start: a rough
    equilibrium at the left end of the interval; box: (low, high) for each variable, where to look for some; time:
    "discrete" for the map with these components; source: of the model, which certificates print. Raises InputError,
    whose message names the argument.
    """
    if not isinstance(equations, Mapping):
        expected = 'expected a dictionary such as {"x": "y", "y": "-x"}'
        raise ArgumentError(expected, key="equations", value=type(equations).__name__)
    document: dict[str, Any] = {
        "family": "equations", "time": time, "variables": list(equations), "equations": list(equations.values()),
    }  # fmt: skip
    if constants:
        document["constants"] = {
            key: value if isinstance(value, str) else text(value, f"constants: {key}")
            for key, value in constants.items()
        }
    if definitions:
        document["definitions"] = dict(definitions)
    if start is not None:
        document["start"] = exact(start, "vector", "start")
    if box is not None:
        document["box"] = [pair(ends, "box") for ends in box]
    return problem_of(document, parameter, interval, title, precision, digits, source=source)


def _layer(weights: ExactMatrix, bias: ExactMatrix | None, activation: str, way: Enters | None) -> dict[str, Any]:
    table: dict[str, Any] = {"weights": weights, "activation": activation}
    table |= {} if bias is None else {"bias": bias}
    match way:
        case None:
            return table | {"enters": "none"}
        case Enters("gain"):
            return table | {"enters": {"gain": True}}
        case Enters("entry"):
            return table | {"enters": way.value}
        case Enters("matrix"):
            return table | {"enters": {"matrix": exact(way.value, "matrix", "parameter")}}
        case Enters("bias"):
            return table | {"enters": {"bias": exact(way.value, "vector", "parameter")}}
    return table | {"enters": "identity"}


def problem_of(
    document: dict[str, Any],
    name: str | Sequence[str],
    interval: Any,
    title: str,
    precision: int | None,
    digits: int | None,
    radius: Any = None,
    enters: dict[str, Any] | str | None = None,
    source: str | None = None,
) -> Problem:
    """The problem of the table [network] of a spec, with its other tables; radius: that of the weights."""
    parameter = _parameter(name, interval)
    parameter |= {} if enters is None else {"enters": enters}
    proof = {key: value for key, value in (("precision", precision), ("digits", digits)) if value is not None}
    if radius is not None:
        named = isinstance(radius, str)
        proof["weight_radius"] = radius if named else text(radius, "weight_radius")  # type: ignore[assignment]
    tables: dict[str, Any] = {} if source is None else {"source": source}
    tables |= {"title": title, "network": document, "parameter": parameter, "proof": proof}
    return Problem(_named(lambda: spec_load.load_document(tables, ".", title)))


def _parameter(name: str | Sequence[str], interval: Any) -> dict[str, Any]:
    """The table [parameter] of one parameter, or of two."""
    if isinstance(name, str):
        return {"name": name} | ({} if interval is None else {"interval": pair(interval, "interval")})
    if not isinstance(interval, Sequence) or isinstance(interval, str) or len(interval) != 2:
        expected = "expected two ranges, one for each parameter, such as [(0, 1), (-1, 1)]"
        raise ArgumentError(expected, key="interval", value=interval)
    return {"names": list(name), "box": [pair(ends, "interval") for ends in interval]}


def _named(read: Callable[[], AnyProblem]) -> AnyProblem:
    """What ``read`` returns; its errors name arguments instead of keys of a spec."""
    try:
        return read()
    except InputError as error:
        key, _, rest = (error.key or "").partition(": ")
        argument = next((re.sub(old, new, key) for old, new in _ARGUMENTS.items() if re.fullmatch(old, key)), key)
        layer = re.search(r"layer\[(\d+)\]", key)
        where = [f"layer {layer[1]}"] if layer else []
        wanted = ": ".join([argument, *where, *([rest] if rest else [])])
        raise ArgumentError(error.expected, key=wanted or None, value=error.value) from None
