"""Numbers and arrays of Python as what they are exactly: floats mean the dyadic rational that they store."""

from __future__ import annotations

import decimal
import numbers
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import ArgumentError, InputError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix
from ..spec.data_files import exact_array, exact_number
from ..spec.limits import MAGNITUDES, Kind, check_rows, has_magnitude

_EXPECTED = {
    "matrix": "expected a matrix: a NumPy or torch array, or rows of numbers and decimal strings",
    "vector": "expected a vector: a NumPy or torch array, or numbers and decimal strings",
}


def number(value: object, argument: str) -> Fraction:
    """An int, a float, a Fraction, a Decimal, a decimal string, or a number of NumPy. Raises ArgumentError."""
    if isinstance(value, np.generic):
        value = value.item()
    try:
        if isinstance(value, str):
            return exact_number(value)
        if isinstance(value, numbers.Rational | float | decimal.Decimal) and not isinstance(value, bool):
            exact = Fraction(value)
            if not has_magnitude(exact):
                raise InputError(f"expected {MAGNITUDES}", value=value)
            if exact_decimal(exact) is not None:
                return exact
    except InputError as error:
        raise ArgumentError(error.expected, key=argument, value=error.value) from None
    except (ValueError, OverflowError):  # NaN and infinities
        pass
    expected = "expected a finite number that has a decimal (floats mean exactly what they store), or a decimal string"
    raise ArgumentError(expected, key=argument, value=value)


def text(value: object, argument: str) -> str:
    """The decimal of a number."""
    return str(exact_decimal(number(value, argument), 10**5))


def pair(value: Any, argument: str) -> list[str]:
    """Two numbers, such as the ends of an interval."""
    try:
        low, high = value
    except (TypeError, ValueError):
        raise ArgumentError('expected two numbers, such as ("-1", "1")', key=argument, value=value) from None
    return [text(low, argument), text(high, argument)]


def is_array(value: object) -> bool:
    """Whether a value is an array of NumPy or torch, or behaves like one."""
    return isinstance(value, np.ndarray) or (hasattr(value, "shape") and hasattr(value, "__array__"))


def _is_row(value: Any) -> bool:
    return is_array(value) and len(value.shape) > 0


def numpy_of(value: Any) -> np.ndarray[Any, Any]:
    """An array of NumPy or torch, on whatever device, as one of NumPy with the same numbers.
    Raises InputError."""
    if not hasattr(value, "detach"):
        return np.asarray(value)
    try:
        value = value.detach().cpu()
        value = value.float() if "bfloat16" in str(value.dtype) else value  # exact: NumPy has no bfloat16
        return np.asarray(value.numpy())
    except (TypeError, RuntimeError):  # sparse, quantized, without data, of a type that NumPy does not know
        kind = f"a tensor of {value.dtype}, {value.layout}, on {value.device}"
        raise InputError(f"{kind}; expected a plain dense one of floats or integers: {_DENSE}") from None


_DENSE = "tensor.to_dense(), .dequantize() or .float() gives one"


def exact(value: Any, kind: Kind, argument: str) -> ExactMatrix:
    """A matrix, or a vector as one column, of what an array or nested sequences hold. Raises ArgumentError."""
    try:
        if is_array(value):
            array = numpy_of(value)
            if array.dtype.kind not in "OUS":
                return exact_array(array, kind)
            value = array.tolist()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise InputError(_EXPECTED[kind], value=type(value).__name__)
        rows = value if kind == "matrix" else [[entry] for entry in value]
        if any(isinstance(row, str) or not (isinstance(row, Sequence) or _is_row(row)) for row in rows):
            raise InputError(_EXPECTED[kind])
        rows = [list(row) for row in rows]
        check_rows(rows, "rows of equal length")
        return ExactMatrix.from_fractions([[number(entry, argument) for entry in row] for row in rows])
    except ArgumentError:
        raise
    except InputError as error:
        raise ArgumentError(error.expected, key=argument, value=error.value) from None


