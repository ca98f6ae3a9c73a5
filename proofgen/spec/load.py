"""Spec files (TOML) → the exact `Problem` they describe.

A spec is untrusted: it is parsed, never executed, and bounded in size. Numbers are exact: decimals
mean what is written, also TOML floats (``0.1`` is 1/10). Arithmetic: exact rationals only.

Every failure is an InputError (or UnsupportedError) whose message names the file, the key, the
value and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from ..errors import InputError, printable
from ..numbers.exact import ExactMatrix
from ..problem.cell import CellProblem
from ..problem.network import Layer, Problem
from ..problem.problem import AnyProblem
from .alike import default_title, proof_options, read_start, source_of
from .asymmetric_rnn import asymmetric_rnn
from .cell import read_cell
from .data_files import at, describe, exact_from_array, exact_number, read_matrix, read_vector, sized
from .enters import Entrance, NamedMatrix
from .equations_spec import equations_problem
from .euler import euler_network, euler_rnn
from .form import (
    AsymmetricNetwork,
    CellNetwork,
    EquationsNetwork,
    EquationsParameterTable,
    LayeredNetwork,
    LayerTable,
    MatlabRandom,
    ParameterTable,
    RecurrentNetwork,
    RecurrentParameterTable,
    RnnNetwork,
    Spec,
    parse_toml,
    read_document,
)
from .form_values import Enters, MatrixValue
from .layered import GivenLayer, layered
from .limits import MAX_ENTRIES
from .matlab_random import paper_matrices
from .plane import has_two_parameters
from .plane_spec import plane_problem
from .recurrent import RecurrentWeights, read_recurrent
from .rnn import rnn_layers
from .weight_radius import with_radius

MAX_SPEC_BYTES = 16 * 2**20

T = TypeVar("T")


def load(path: str | Path) -> AnyProblem:
    """The problem that a spec file describes. Data files are looked up beside the spec.

    Raises InputError (UnsupportedError where this version cannot prove it yet).
    """
    return load_text(read_text(path), Path(path).parent, str(path))


def read_text(path: str | Path, what: str = "a spec file (TOML)") -> str:
    """The text of a file in UTF-8, of bounded size. what: the expectation that messages name. Raises InputError."""
    source = str(path)
    try:
        file = Path(path)
        if file.is_dir():
            raise InputError(f"is a directory; expected {what}", source=source)
        if not file.exists():
            beside = file.with_name(f"{file.name}.toml")
            hint = f" (did you mean {beside}?)" if beside.is_file() else ""
            raise InputError(f"no such file; expected {what}{hint}", source=source)
        if not file.is_file():
            raise InputError(f"not a regular file; expected {what}", source=source)
        with file.open("rb") as stream:
            content = stream.read(MAX_SPEC_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", source=source) from None
    except ValueError:
        raise InputError("expected a file name", source=source) from None
    if len(content) > MAX_SPEC_BYTES:
        limit = f"{MAX_SPEC_BYTES // 2**20} MiB (large matrices go into .npy files)"
        raise InputError(f"the file is too large; expected at most {limit}", source=source)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"line {line} is not UTF-8; expected a TOML file in UTF-8", source=source) from None


def load_text(text: str, base_dir: str | Path = ".", source_name: str = "spec") -> AnyProblem:
    """The problem that the text of a spec describes.

    base_dir: where data files are looked up; source_name: what messages call the spec, its
    stem is the default title. Raises InputError.
    """
    return located_in(source_name, lambda: _of_tables(parse_toml(text), Path(base_dir), source_name))


def load_document(document: dict[str, Any], base_dir: str | Path, source_name: str) -> AnyProblem:
    """The same for the tables of a spec, as `spec_form.parse_toml` gives them."""
    return located_in(source_name, lambda: _of_tables(document, Path(base_dir), source_name))


def located_in(source_name: str, read: Callable[[], T]) -> T:
    """What ``read`` returns; its InputError names the source and quotes on one line, at bounded length."""
    try:
        return read()
    except InputError as error:
        raise type(error)(
            _on_one_line(error.expected, 1000),
            source=error.source or source_name,
            key=_on_one_line(error.key, 200) if error.key else None,
            value=describe(error.value),
        ) from None


def _on_one_line(text: str, limit: int) -> str:
    """Text that may quote the spec, without line breaks and control characters, and not too long."""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return printable(text)


# From the form to the problem ------------------------------------------------------------------


def _of_tables(raw: dict[str, Any], base_dir: Path, source_name: str) -> AnyProblem:
    """Of the tables of a spec."""
    if has_two_parameters(raw):
        return plane_problem(raw, lambda spec: _problem(spec, base_dir, source_name), base_dir, source_name)
    return _problem(read_document(raw), base_dir, source_name)


def _problem(spec: Spec, base_dir: Path, source_name: str) -> AnyProblem:
    network, parameter = spec.network, spec.parameter
    if isinstance(network, EquationsNetwork) or isinstance(parameter, EquationsParameterTable):
        assert isinstance(network, EquationsNetwork) and isinstance(parameter, EquationsParameterTable)
        return equations_problem(network, parameter, spec, base_dir, source_name)
    if isinstance(network, RecurrentNetwork) or isinstance(parameter, RecurrentParameterTable):
        assert isinstance(network, RecurrentNetwork) and isinstance(parameter, RecurrentParameterTable)
        return _recurrent(network, parameter, spec, base_dir, source_name)
    if isinstance(network, LayeredNetwork):
        layers, arrays = _layered(network, parameter, base_dir)
        dimension = arrays["W1"].shape[1]
    else:
        layers, arrays = _asymmetric(network, parameter, base_dir)
        dimension = arrays["R1"].shape[0]
    leak: Fraction | str = Fraction(0)
    if network.leak is not None:
        given = at("network.leak", lambda: _leak(network.leak, dimension, base_dir))
        if isinstance(given, ExactMatrix):
            arrays["leak"] = given
        leak = "leak" if isinstance(given, ExactMatrix) else given
    if isinstance(network.time, Fraction):
        layers, arrays, leak = euler_network(layers, arrays, leak, dimension, network.time)
    start = read_start(network.start, dimension, base_dir)
    gains = any(not any(term.matrix for term in layer.weights) for layer in layers)
    problem = Problem(
        title=spec.title or default_title(source_name),
        dimension=dimension,
        layers=layers,
        arrays=arrays,
        parameter_name=parameter.name,
        interval=parameter.interval,
        proof=proof_options(spec),
        leak=leak,
        start=start,
        discrete=network.time != "continuous",
        source=source_of(spec),
    )
    return with_radius(spec.proof.weight_radius, problem, gains)


def _recurrent(
    network: RnnNetwork | CellNetwork, parameter: RecurrentParameterTable, spec: Spec, base_dir: Path, source_name: str
) -> Problem | CellProblem:
    network = euler_rnn(network, parameter.enters) if isinstance(network, RnnNetwork) else network
    given = RecurrentWeights(
        network.state_dict, network.prefix, network.layer,
        {name: getattr(network, name) for name in ("weight_hh", "weight_ih", "bias", "bias_hh", "bias_ih")},
        network.input,
    )  # fmt: skip
    arrays, directions = read_recurrent(given, network.family, parameter.enters, base_dir)
    title, hidden = spec.title or default_title(source_name), (arrays | directions)["weight_hh"].shape[1]
    if isinstance(network, CellNetwork) or spec.proof.weight_radius != 0 or parameter.enters.how == "alpha":
        cell = read_cell(network, parameter, arrays, directions, title, proof_options(spec), spec.source)
        start = read_start(network.start, cell.dimension, base_dir, "entry of the state")
        return with_radius(spec.proof.weight_radius, replace(cell, start=start))
    layers, layer_arrays = rnn_layers(arrays, directions, network.alpha, network.activation, parameter.enters)
    if not any(layer.parameter or layer.bias_parameter for layer in layers):
        raise InputError("the parameter changes nothing", key="parameter.enters")
    discrete = network.time == "discrete"
    return Problem(
        title=title,
        dimension=hidden,
        layers=layers,
        arrays=layer_arrays,
        parameter_name=parameter.name,
        interval=parameter.interval,
        proof=proof_options(spec),
        leak=network.alpha - int(discrete),  # F = (1 − α)x + α σ(…), or f = −αx + α σ(…)
        start=read_start(network.start, hidden, base_dir),
        discrete=discrete,
        source=spec.source,
    )


def _asymmetric(
    network: AsymmetricNetwork, parameter: ParameterTable, base_dir: Path
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    r1, r2 = _weights(network, base_dir)
    bias = None if network.bias is None else at("network.bias", lambda: read_vector(network.bias, base_dir))
    return asymmetric_rnn(
        r1,
        r2,
        bias,
        activation=network.activation,
        shift=parameter.shift,
        layers=network.layers,
        entrance=_entrance(parameter.enters, "", "parameter.enters", base_dir),
    )


def _layered(
    network: LayeredNetwork, parameter: ParameterTable, base_dir: Path
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    default = Entrance("none")  # unless a layer needs it
    if any(table.enters is None for table in network.layer):
        default = _entrance(parameter.enters, "", "parameter.enters", base_dir)
    given, entries = [], 0
    for number, table in enumerate(network.layer, 1):
        layer = _given_layer(table, number, default, base_dir)
        more = table.enters is not None and isinstance(table.enters.weights, MatrixValue)
        entries += layer.weights.numerators.size * (2 if more else 1)
        if entries > MAX_ENTRIES:
            expected = f"expected at most {MAX_ENTRIES} matrix entries in all layers together"
            raise InputError(expected, key=f"network.layer[{number}]")
        given.append(layer)
    return layered(given, parameter.shift)


def _given_layer(table: LayerTable, number: int, default: Entrance, base_dir: Path) -> GivenLayer:
    key = f"network.layer[{number}]"
    weights = at(f"{key}.weights", lambda: read_matrix(table.weights, base_dir))
    bias = None if table.bias is None else at(f"{key}.bias", lambda: read_vector(table.bias, base_dir))
    if table.enters is None:
        return GivenLayer(weights, bias, table.activation, default, own=False)
    entrance = _entrance(table.enters, str(number), f"{key}.enters", base_dir)
    return GivenLayer(weights, bias, table.activation, entrance, own=True)


def _entrance(enters: Enters, number: str, key: str, base_dir: Path) -> Entrance:
    """With its arrays, which are called E and c with the number of the layer that they belong to."""
    weights, bias = enters.weights, enters.bias
    c = None
    if bias is not None:
        c = NamedMatrix(f"c{number}", at(f"{key}.bias", lambda: read_vector(bias.value, base_dir)))
    if not isinstance(weights, MatrixValue):
        return Entrance(weights, c)
    return Entrance(NamedMatrix(f"E{number}", at(f"{key}.matrix", lambda: read_matrix(weights.value, base_dir))), c)


_DATA_FILE = re.compile(r"\.(npy|npz|csv|mat|safetensors|pth?)(:|$)", re.IGNORECASE)
_LEAK = "expected a number, a decimal string, an array of them, or a data file"


def _leak(value: object, dimension: int, base_dir: Path) -> Fraction | ExactMatrix:
    """A number, or a vector: text is a decimal unless it names a data file."""
    if isinstance(value, list | ExactMatrix) or (isinstance(value, str) and _DATA_FILE.search(value)):
        return sized(read_vector(value, base_dir), dimension)
    try:
        return exact_number(value, _LEAK)
    except InputError as error:
        expected = f"{error.expected}, or an array or a data file" if isinstance(value, str) else error.expected
        raise InputError(expected, value=error.value) from None


def _weights(network: AsymmetricNetwork, base_dir: Path) -> tuple[ExactMatrix, ExactMatrix | None]:
    if network.random is None:
        if network.R1 is None:
            raise InputError("missing; expected either R1 (and R2), or random = { … }", key="network.R1")
        r1 = at("network.R1", lambda: read_matrix(network.R1, base_dir))
        r2 = None if network.R2 is None else at("network.R2", lambda: read_matrix(network.R2, base_dir))
        return r1, r2
    for key, value in (("R1", network.R1), ("R2", network.R2)):
        if value is not None:
            raise InputError("expected either R1 and R2 or random, not both", key=f"network.{key}")
    return _random_weights(network.random)


def _random_weights(random: MatlabRandom) -> tuple[ExactMatrix, ExactMatrix]:
    r1, r2 = paper_matrices(random.seed, random.dimension, float(random.perturbation))
    try:
        return exact_from_array(r1), exact_from_array(r2)
    except InputError as error:
        raise InputError(
            f"R2 = perturbation * randn(n, n): {error.expected}", key="network.random.perturbation"
        ) from None
