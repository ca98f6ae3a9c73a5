"""problem.json: the exact problem."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix, is_dyadic
from ..problem.equations import EquationsProblem
from ..problem.network import Layer, Problem, Term
from ..problem.problem import AnyProblem
from .json_text import VERSION, Files, Json

INLINE_DIMENSION = 12


def describe(problem: AnyProblem) -> tuple[Files, Json, str]:
    """A new bundle with `problem.json` and its arrays, the document, and the SHA-256 of its file."""
    files = Files()
    document = problem_document(problem, files)
    return files, document, files.add_json("problem.json", document)


def problem_document(problem: AnyProblem, files: Files) -> Json:
    """`problem.json`; large matrices are added to ``files``."""
    if isinstance(problem, EquationsProblem):
        return _equations_document(problem)
    interval = None if problem.interval is None else [plain_decimal(end) for end in problem.interval]
    vectors = {problem.leak, *(layer.bias for layer in problem.layers)}
    return {
        "format": "proofgen-problem",
        "version": VERSION,
        "title": problem.title,
        "dimension": problem.dimension,
        "parameter": {"name": problem.parameter_name, "interval": interval},
        "leak": _leak(problem.leak),
        "layers": [_layer(layer) for layer in problem.layers],
        "arrays": {name: _exact_array(name, array, files, name in vectors) for name, array in problem.arrays.items()},
        "weight_radius": _weight_radius(problem, files, vectors),
    }


def _weight_radius(problem: Problem, files: Files, vectors: set[str | Fraction | None]) -> str | Json:
    def written(name: str, radius: Fraction | ExactMatrix) -> str | Json:
        if isinstance(radius, Fraction):
            return plain_decimal(radius)
        return _exact_array(f"{name}-radius", radius, files, name in vectors)

    radius = problem.weight_radius
    return plain_decimal(radius) if isinstance(radius, Fraction) else {a: written(a, r) for a, r in radius.items()}


def _equations_document(problem: EquationsProblem) -> Json:
    def named(pairs: Sequence[tuple[str, str]]) -> list[Json]:
        return [{"name": name, "expression": text} for name, text in pairs]

    return {
        "format": "proofgen-equations",
        "version": VERSION,
        "title": problem.title,
        "dimension": problem.dimension,
        "parameter": {"name": problem.parameter_name, "interval": [plain_decimal(end) for end in problem.interval]},
        "variables": list(problem.variables),
        "constants": named(problem.constants),
        "definitions": named(problem.definitions),
        "equations": list(problem.equations),
    }


def _leak(leak: Fraction | str) -> str | None:
    if isinstance(leak, str):
        return leak
    return plain_decimal(leak) if leak else None


def _layer(layer: Layer) -> Json:
    return {
        "activation": layer.activation,
        "weights": [_term(term) for term in layer.weights],
        "parameter": [_term(term) for term in layer.parameter],
        "bias": layer.bias,
    }


def _term(term: Term) -> Json:
    coefficient = plain_decimal(term.coefficient)
    if term.unit is not None:
        return {"coefficient": coefficient, "unit": list(term.unit)}
    if term.matrix is None:
        return {"coefficient": coefficient, "identity": True}
    return {"coefficient": coefficient, "matrix": term.matrix, "transpose": term.transpose}


def plain_decimal(x: Fraction) -> str:
    text = exact_decimal(x)
    if text is None:
        raise ValueError("specs hold terminating decimals only")
    return text


def _exact_array(name: str, array: ExactMatrix, files: Files, vector: bool) -> Json:
    """A flat list or one-dimensional file for a vector; rows of one entry for a matrix of one column."""
    rows, _ = array.shape
    if max(array.shape) <= INLINE_DIMENSION:
        return _inline(array, vector)
    binary64 = array.as_binary64()
    if binary64 is not None:
        return files.add_array(name, binary64.reshape(rows) if vector else binary64)
    reduced = array.reduced()
    if all(abs(x) < 2**63 for x in reduced.numerators.ravel().tolist()) and reduced.denominator < 10**400:
        integers = reduced.numerators.astype(np.int64)
        reference = files.add_array(name, integers.reshape(rows) if vector else integers)
        return {**reference, "denominator": str(reduced.denominator)}
    return _inline(array, vector)


def _inline(array: ExactMatrix, vector: bool) -> Json:
    entries = [[_number(x) for x in row] for row in array.fractions()]
    return {"entries": [row[0] for row in entries] if vector else entries}


def _number(x: Fraction) -> str | list[int]:
    """A decimal when that is short, else the dyadic pair [m, e] = m·2^e, else a long decimal."""
    text = exact_decimal(x, 12)
    if text is not None:
        return text
    if is_dyadic(x):
        mantissa, exponent = x.numerator, 1 - x.denominator.bit_length()
        if x.denominator == 1:
            exponent = (mantissa & -mantissa).bit_length() - 1
            mantissa >>= exponent
        if abs(mantissa) < 2**64:
            return [mantissa, exponent]
    return plain_decimal(x)
