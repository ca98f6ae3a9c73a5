"""Single values of a spec: what each may be, as validators of the form. Every failure is an InputError.

Types and ranges are pydantic's own where a description says what was expected; what is checked here are exact numbers
(decimals are kept as text, which pydantic would make floats of), and values whose messages have to name a remedy.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, Literal, TypeVar

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from ..errors import InputError
from ..numbers.radius import NumberFormat, read_format
from ..symbolic.named import normalised_activation
from ..symbolic.validation import validate_activation
from .data_files import at, exact_number
from .enters import OneWeight
from .limits import MAX_DIMENSION, MAX_LAYERS

MAX_TITLE, MAX_ACTIVATION = 200, 2000

T = TypeVar("T")
GivenRadius = Fraction | NumberFormat | dict[str, Fraction | NumberFormat]  # by name of array


def checked(check: Callable[[object], T]) -> PlainValidator:
    """A pydantic validator that keeps the InputError of ``check`` for `_as_input_error`."""

    def validator(value: object) -> T:
        try:
            return check(value)
        except InputError as error:
            raise PydanticCustomError("input", "refused", {"error": error}) from None

    return PlainValidator(validator)


def integer(low: int, high: int) -> Any:
    return Field(ge=low, le=high, description=f"an integer between {low} and {high}")


def check_dimension(value: object) -> int:
    if value == 1 and isinstance(value, int) and not isinstance(value, bool):
        raise InputError("a Hopf bifurcation needs at least two neurons (n >= 2)", value=value)
    if isinstance(value, bool) or not isinstance(value, int) or not 2 <= value <= MAX_DIMENSION:
        raise InputError(f"expected an integer between 2 and {MAX_DIMENSION}", value=value)
    return value


def check_layer_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError("expected a positive integer", value=value)
    if value > MAX_LAYERS:
        raise InputError(f"expected at most {MAX_LAYERS} layers", value=value)
    return value


def check_radius(value: object) -> Fraction | NumberFormat:
    found = read_format(value) if isinstance(value, str) else None
    radius = exact_number(value) if found is None else found
    if isinstance(radius, Fraction) and radius < 0:
        raise InputError("expected a nonnegative decimal", value=value)
    return radius


def check_weight_radius(value: object) -> GivenRadius:
    if not isinstance(value, dict):
        return check_radius(value)
    return {name: at(name, partial(check_radius, radius)) for name, radius in value.items()}


def check_interval(value: object) -> tuple[Fraction, Fraction]:
    expected = 'expected two decimals, the smaller first, such as ["-1", "1"]'
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(expected, value=value)
    low, high = (exact_number(end, expected) for end in value)
    if low >= high:
        raise InputError(expected, value=f"[{', '.join(str(end) for end in value)}]")
    return low, high


def check_title(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_TITLE or not value.isprintable():
        raise InputError(f"expected one line of text of 1 to {MAX_TITLE} characters", value=value)
    return value.strip()


def check_parameter_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,29}", value):
        raise InputError("expected a letter followed by at most 29 letters, digits or underscores", value=value)
    return value


def check_activation(value: object) -> str:
    if not isinstance(value, str):
        raise InputError('expected the name of an activation such as "tanh", or an expression in z', value=value)
    if len(value) > MAX_ACTIVATION:
        raise InputError(f"expected at most {MAX_ACTIVATION} characters", value=value)
    return _checked_activation(value)


@lru_cache(maxsize=MAX_LAYERS)
def _checked_activation(value: str) -> str:
    text = normalised_activation(value)
    validate_activation(text)
    return text


@dataclass(frozen=True)
class MatrixValue:
    """A MATRIX or VECTOR of a spec, not read yet."""

    value: object


@dataclass(frozen=True)
class Enters:
    """How the parameter enters a layer: its weights (W⁰ + γE, or γW for "gain"), and its bias (b + γ·VECTOR)."""

    weights: Literal["identity", "none", "gain"] | OneWeight | MatrixValue
    bias: MatrixValue | None = None


_ENTERS = (
    'expected "identity", "none", { row, column }, { row, column, antisymmetric = true }, { matrix }, { gain = true } '
    "or { bias }"
)
_ENTERS_KEYS = ("row", "column", "antisymmetric", "matrix", "identity", "gain", "bias")


def check_enters(value: object) -> Enters:
    if value == "identity":
        return Enters("identity")
    if value == "none":
        return Enters("none")
    if not isinstance(value, dict) or not value.keys() & set(_ENTERS_KEYS):
        raise InputError(_ENTERS, value=value)
    for key in value:
        if key not in _ENTERS_KEYS:
            raise InputError(misspelt(key, _ENTERS_KEYS) or f"unknown key; {_ENTERS}", key=key)
    bias = MatrixValue(value["bias"]) if "bias" in value else None
    return Enters(_entering_weights({key: part for key, part in value.items() if key != "bias"}), bias)


def _entering_weights(value: dict[str, Any]) -> Literal["identity", "none", "gain"] | OneWeight | MatrixValue:
    """What a table says of the weights; a bias may stand beside it."""
    if not value:
        return "none"
    whole = [key for key in ("matrix", "identity", "gain") if key in value]
    if whole and len(value) > 1:
        raise InputError("expected one of matrix, identity, gain, and row with column, not both", value=value)
    for name in whole:
        if name == "matrix":
            return MatrixValue(value["matrix"])
        if value[name] is not True:
            raise InputError("expected true", key=name, value=value[name])
        return name
    for key in ("row", "column"):
        index = value.get(key)
        if key not in value:
            raise InputError(f"missing; expected the {key} of a weight, counted from 1", key=key)
        if isinstance(index, bool) or not isinstance(index, int) or not 1 <= index <= MAX_DIMENSION:
            raise InputError(f"expected the {key} of a weight, counted from 1", key=key, value=index)
    antisymmetric = value.get("antisymmetric", False)
    if not isinstance(antisymmetric, bool):
        raise InputError("expected true or false", key="antisymmetric", value=antisymmetric)
    return OneWeight(value["row"], value["column"], antisymmetric)


def misspelt(name: str, known: Sequence[str]) -> str | None:
    lowered = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1)
    return f"unknown key; did you mean {lowered[close[0]]!r}?" if close else None
