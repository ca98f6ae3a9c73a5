"""`problem.json` of a network (FORMAT.md, section 3), written and read.

What is read is untrusted input: bounded, or InputError.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix, is_dyadic
from ..numbers.printed import Decimal
from ..numbers.radius import Radius, WeightRadius
from ..problem.network import Layer, Problem, Term
from ..spec.limits import MAX_DIMENSION, MAX_ENTRIES, MAX_LAYERS
from ..symbolic.validation import validate_activation
from .codec import ARRAY_FILE, ArrayReference, Json, count, dyadic, enclosure, fraction, is_decimal, read_as, written
from .codec import is_dyadic as is_pair
from .codec import number as exact_number
from .json_text import Files, head
from .untrusted import get, read

INLINE_DIMENSION = 12
MAX_ARRAY_BYTES = 8 * MAX_DIMENSION**2 + 4096
MAX_ARRAYS = 300
MAX_TERMS = 100
FORMAT = "proofgen-problem"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


# --- writing ---------------------------------------------------------------------------------


def write_network(problem: Problem, files: Files) -> Json:
    """`problem.json`; large matrices are added to ``files``."""
    vectors = {problem.leak, *(name for layer in problem.layers for name in (layer.bias, layer.bias_parameter))}
    return {
        **head(problem, FORMAT),
        "leak": _leak_text(problem.leak),
        "layers": [_layer_document(layer) for layer in problem.layers],
        "arrays": {
            name: array_document(name, array, files, name in vectors) for name, array in problem.arrays.items()
        },
        "weight_radius": radius_document(problem.weight_radius, files, vectors),
    }


def radius_document(radius: WeightRadius, files: Files, vectors: Collection[object]) -> str | Json:
    """Of all arrays, or by array; vectors: the names of those that are vectors."""

    def document(name: str, radius: Fraction | ExactMatrix) -> str | Json:
        if isinstance(radius, Fraction):
            return _decimal(radius)
        return array_document(f"{name}-radius", radius, files, name in vectors)

    return _decimal(radius) if isinstance(radius, Fraction) else {a: document(a, r) for a, r in radius.items()}


def _leak_text(leak: Fraction | str) -> str | None:
    if isinstance(leak, str):
        return leak
    return _decimal(leak) if leak else None


def _layer_document(layer: Layer) -> Json:
    return {
        "activation": layer.activation,
        "weights": [_term_document(term) for term in layer.weights],
        "parameter": [_term_document(term) for term in layer.parameter],
        "bias": layer.bias,
        **({} if layer.bias_parameter is None else {"bias_parameter": layer.bias_parameter}),
    }


def _term_document(term: Term) -> Json:
    coefficient = _decimal(term.coefficient)
    if term.unit is not None:
        return {"coefficient": coefficient, "unit": list(term.unit)}
    if term.matrix is None:
        return {"coefficient": coefficient, "identity": True}
    return {"coefficient": coefficient, "matrix": term.matrix, "transpose": term.transpose}


def _decimal(x: Fraction) -> str:
    """Of a number of a spec, which has a terminating decimal."""
    return Decimal.exactly(x).text


def array_document(name: str, array: ExactMatrix, files: Files, vector: bool) -> Json:
    """A flat list or one-dimensional file for a vector; rows of one entry for a matrix of one column."""
    rows, _ = array.shape
    if max(array.shape) <= INLINE_DIMENSION:
        return _inline(array, vector)
    binary64 = array.as_binary64()
    if binary64 is not None:
        reference: Json = written(files.add_array(name, binary64.reshape(rows) if vector else binary64))
        return reference
    reduced = array.reduced()
    if all(abs(x) < 2**63 for x in reduced.numerators.ravel().tolist()) and reduced.denominator < 10**400:
        integers = reduced.numerators.astype(np.int64)
        stored = files.add_array(name, integers.reshape(rows) if vector else integers)
        return {**written(stored), "denominator": str(reduced.denominator)}
    return _inline(array, vector)


def _inline(array: ExactMatrix, vector: bool) -> Json:
    entries = [[_entry(x) for x in row] for row in array.fractions()]
    return {"entries": [row[0] for row in entries] if vector else entries}


def _entry(x: Fraction) -> str | list[int]:
    """A decimal when that is short, else the dyadic pair [m, e] = m·2^e, else a long decimal."""
    text = exact_decimal(x, 12)
    if text is not None:
        return text
    return dyadic(x) if is_dyadic(x) else _decimal(x)


# --- reading ---------------------------------------------------------------------------------


def stored_arrays(document: Json) -> Mapping[str, ArrayReference]:
    """The arrays of a document that are files, by their names."""
    return {name: read_as(ArrayReference, array) for name, array in document["arrays"].items() if "file" in array}


def read_network(base: Path, document: Json) -> Problem:
    """The problem of a bundle; arrays are read from its directory."""
    n = count(get(document, "dimension", int), "dimension", MAX_DIMENSION)
    if n < 2:
        raise InputError("expected a dimension of at least 2", key="dimension")
    title = get(document, "title", str)
    if len(title) > 500:
        raise InputError("expected at most 500 characters", key="title")
    parameter = get(document, "parameter", dict)
    name = get(parameter, "name", str, "parameter")
    interval = get(parameter, "interval", (list, type(None)), "parameter")
    arrays = _arrays(base, get(document, "arrays", dict))
    problem = Problem(
        title=title,
        dimension=n,
        layers=_layers(get(document, "layers", list), arrays, n),
        arrays=arrays,
        parameter_name=name[:100],
        interval=None if interval is None else enclosure(interval, "parameter.interval").ends,
        leak=_leak(get(document, "leak", (str, type(None))), arrays, n),
        discrete=_discrete(document),
    )
    shapes = {name: arrays[name].shape for name in problem.uncertain}
    problem = replace(problem, weight_radius=read_radii(base, document.get("weight_radius"), shapes))
    if not any(_enters(problem, layer, shape) for layer, shape in zip(problem.layers, problem.shapes, strict=True)):
        raise InputError("expected a layer into which the parameter enters", key="layers")
    return problem


def _discrete(document: Json) -> bool:
    if document.get("time", "discrete") != "discrete":
        raise InputError('expected "discrete", or no such key', key="time")
    return "time" in document


def read_radii(base: Path, value: Any, shapes: Mapping[str, tuple[int, int]]) -> WeightRadius:
    """`weight_radius`; shapes: of the arrays that it may name. Raises InputError."""
    if not isinstance(value, dict):
        return _nonnegative(value, "weight_radius")
    radii: dict[str, Radius] = {}
    for name, radius in value.items():
        if name not in shapes:
            raise InputError("expected names of arrays of weights and biases", key="weight_radius", value=name)
        key = f"weight_radius.{name}"
        if not isinstance(radius, dict):
            radii[name] = _nonnegative(radius, key)
            continue
        array = exact_array(base, radius, key)
        if array.shape != shapes[name] or min(array.numerators.ravel().tolist()) < 0:
            raise InputError("expected nonnegative radii, one for every entry of the array", key=key)
        radii[name] = array
    return radii


def _nonnegative(value: Any, key: str) -> Fraction:
    radius = fraction(value, key)
    if radius < 0:
        raise InputError("expected a nonnegative decimal", key=key)
    return radius


def _enters(problem: Problem, layer: Layer, shape: tuple[int, int]) -> bool:
    terms, c = layer.parameter, layer.bias_parameter
    if c is not None and not problem.arrays[c].is_zero():
        return True
    if len(terms) == 1 and terms[0].matrix is None:
        return terms[0].coefficient != 0
    return bool(terms) and not problem.combine(terms, shape).is_zero()


def _leak(value: str | None, arrays: dict[str, ExactMatrix], n: int) -> Fraction | str:
    if value is None:
        return Fraction(0)
    if is_decimal(value):
        return fraction(value, "leak")
    if value not in arrays or arrays[value].shape != (n, 1):
        raise InputError(f"expected null, a decimal or the name of a vector of {n} entries", key="leak", value=value)
    return value


# --- layers ----------------------------------------------------------------------------------


def _layers(documents: list[Any], arrays: dict[str, ExactMatrix], n: int) -> tuple[Layer, ...]:
    if not 1 <= len(documents) <= MAX_LAYERS:
        raise InputError(f"expected 1 to {MAX_LAYERS} layers", key="layers")
    layers, columns = [], n
    for number, document in enumerate(documents):
        layer, columns = _layer(document, f"layers[{number}]", arrays, columns)
        layers.append(layer)
    if columns != n:
        raise InputError(
            f"it gives {columns} components; expected {n}, the dimension", key=f"layers[{len(layers) - 1}]"
        )
    return tuple(layers)


def _layer(document: Any, where: str, arrays: dict[str, ExactMatrix], columns: int) -> tuple[Layer, int]:
    """A layer that takes ``columns`` numbers, and how many it gives."""
    activation = get(document, "activation", str, where)
    try:
        validate_activation(activation)
    except InputError as error:
        raise error.within(key=f"{where}.activation") from None
    groups = {
        key: _terms(get(document, key, list, where), f"{where}.{key}", arrays) for key in ("weights", "parameter")
    }
    shapes = [shape for terms in groups.values() for term in terms if (shape := _shape(term, arrays)) is not None]
    rows = shapes[0][0] if shapes else columns
    for key, terms in groups.items():
        for number, term in enumerate(terms):
            _check_shape(term, (rows, columns), f"{where}.{key}[{number}]", arrays)
    vectors = {"bias": get(document, "bias", (str, type(None)), where), "bias_parameter": None}
    if "bias_parameter" in document:
        vectors["bias_parameter"] = get(document, "bias_parameter", str, where)
    for key, name in vectors.items():
        if name is not None and (name not in arrays or arrays[name].shape != (rows, 1)):
            raise InputError(f"expected the name of a vector of {rows} entries", key=f"{where}.{key}", value=name)
    return Layer(activation, groups["weights"], groups["parameter"], **vectors), rows


def _terms(documents: list[Any], key: str, arrays: dict[str, ExactMatrix]) -> tuple[Term, ...]:
    if len(documents) > MAX_TERMS:
        raise InputError(f"expected at most {MAX_TERMS} terms", key=key)
    return tuple(_term(document, f"{key}[{number}]", arrays) for number, document in enumerate(documents))


def _term(document: Any, key: str, arrays: dict[str, ExactMatrix]) -> Term:
    coefficient = fraction(get(document, "coefficient", str, key), f"{key}.coefficient")
    kinds = document.keys() - {"coefficient"}
    if kinds == {"identity"} and document["identity"] is True:
        return Term(coefficient)
    if kinds == {"unit"}:
        unit = document["unit"]
        if not isinstance(unit, list) or len(unit) != 2 or any(type(x) is not int or x < 1 for x in unit):
            raise InputError("expected a row and a column, counted from 1", key=f"{key}.unit")
        return Term(coefficient, unit=(unit[0], unit[1]))
    if kinds != {"matrix", "transpose"}:
        raise InputError('expected "identity": true, or "unit", or "matrix" and "transpose"', key=key)
    name = get(document, "matrix", str, key)
    if name not in arrays:
        raise InputError("expected the name of an array", key=f"{key}.matrix", value=name)
    return Term(coefficient, name, bool(get(document, "transpose", bool, key)))


def _shape(term: Term, arrays: dict[str, ExactMatrix]) -> tuple[int, int] | None:
    if term.matrix is None:
        return None
    rows, columns = arrays[term.matrix].shape
    return (columns, rows) if term.transpose else (rows, columns)


def _check_shape(term: Term, shape: tuple[int, int], key: str, arrays: dict[str, ExactMatrix]) -> None:
    found, expected = _shape(term, arrays), f"{shape[0]} × {shape[1]}"
    if found is not None and found != shape:
        raise InputError(f"the array {term.matrix} gives {found[0]} × {found[1]}; expected {expected}", key=key)
    if term.unit is not None and not (term.unit[0] <= shape[0] and term.unit[1] <= shape[1]):
        raise InputError(f"expected an entry of a {expected} matrix", key=f"{key}.unit")
    if found is None and term.unit is None and shape[0] != shape[1]:
        raise InputError(f"expected no identity in a layer that is {expected}", key=key)


# --- arrays ----------------------------------------------------------------------------------


def _arrays(base: Path, documents: Json) -> dict[str, ExactMatrix]:
    if len(documents) > MAX_ARRAYS:
        raise InputError(f"expected at most {MAX_ARRAYS} arrays", key="arrays")
    arrays: dict[str, ExactMatrix] = {}
    entries = 0
    for name, document in documents.items():
        if not _NAME.fullmatch(name):
            raise InputError("expected names of letters, digits, '_', '.' and '-'", key="arrays")
        arrays[name] = exact_array(base, document, f"arrays.{name}")
        entries += arrays[name].numerators.size
        if entries > MAX_ENTRIES:
            raise InputError(f"expected at most {MAX_ENTRIES} entries in all arrays together", key="arrays")
    return arrays


def exact_array(base: Path, document: Any, key: str) -> ExactMatrix:
    """An array of `problem.json`: a file, or inline entries. Raises InputError."""
    if not isinstance(document, dict):
        raise InputError("expected an array", key=key)
    if "file" in document:
        return _stored_array(base, document, key)
    rows = get(document, "entries", list, key)
    if not rows:
        raise InputError("expected at least one entry", key=key)
    vector = not isinstance(rows[0], list) or is_pair(rows[0])
    table = [[entry] for entry in rows] if vector else rows
    if len(table) > MAX_DIMENSION or any(
        not isinstance(row, list) or len(row) != len(table[0]) or not 0 < len(row) <= MAX_DIMENSION for row in table
    ):
        raise InputError("expected rows of equal length", key=key)
    return ExactMatrix.from_fractions([[exact_number(entry, key) for entry in row] for row in table])


def _stored_array(base: Path, document: Json, key: str) -> ExactMatrix:
    file, digest = get(document, "file", str, key), get(document, "sha256", str, key)
    shape = get(document, "shape", list, key)
    if not ARRAY_FILE.fullmatch(file):
        raise InputError('expected a file name of the form "arrays/NAME.npy"', key=f"{key}.file", value=file)
    if len(shape) not in (1, 2) or any(type(size) is not int or not 0 < size <= MAX_DIMENSION for size in shape):
        raise InputError("expected one or two sizes", key=f"{key}.shape")
    denominator = fraction(document.get("denominator", "1"), f"{key}.denominator")
    if denominator < 1 or denominator.denominator != 1:
        raise InputError("expected an integer of at least 1", key=f"{key}.denominator")
    data = read(base, file, MAX_ARRAY_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError("the file does not have the SHA-256 digest that problem.json names", source=str(base / file))
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False, max_header_size=4096)
        plain = array.dtype.str in ("<f8", "<i8") and list(array.shape) == shape
        if not plain or (array.dtype.kind == "f" and (denominator != 1 or not np.isfinite(array).all())):
            raise ValueError
    except Exception:  # a hostile header makes numpy fail in many ways
        raise InputError("expected finite <f8 or <i8 data of the stated shape", source=str(base / file)) from None
    table = array.reshape(len(array), -1)
    if array.dtype.kind == "f":
        return ExactMatrix.from_binary64(table)
    return ExactMatrix(table.astype(object), int(denominator))
