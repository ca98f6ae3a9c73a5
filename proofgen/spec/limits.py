"""How large what is read of a spec, a data file or an array of Python may be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from ..errors import InputError

MAX_DIMENSION = 2000
MAX_LAYERS = 64
MAX_ENTRIES = 4 * MAX_DIMENSION**2  # of all matrices of a network together
MIN_MAGNITUDE, MAX_MAGNITUDE = Fraction(1, 10**300), Fraction(10) ** 300
MAGNITUDES = "0 or an absolute value between 1e-300 and 1e300"

Kind = Literal["matrix", "vector"]


def has_magnitude(number: Fraction) -> bool:
    """Whether a number is as `MAGNITUDES` says."""
    return not number or MIN_MAGNITUDE <= abs(number) <= MAX_MAGNITUDE


def check_dimensions(shape: Sequence[int]) -> None:
    """Raises InputError."""
    if any(not 0 <= size <= MAX_DIMENSION for size in shape):
        raise InputError(f"size {times(shape)} is too large; expected at most {MAX_DIMENSION} in each direction")


def check_rows(rows: Sequence[Sequence[object]], expected: str) -> None:
    """Rows of a matrix have entries, as many each, and not too many. Raises InputError."""
    if not rows or not rows[0]:
        raise InputError("the matrix is empty; expected at least one entry")
    check_dimensions((len(rows), max(len(row) for row in rows)))
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise InputError(f"row {i} has {len(row)} entries, row 1 has {len(rows[0])}; expected {expected}")


def as_shape(shape: tuple[int, ...], kind: Kind) -> tuple[int, ...]:
    """The shape checked; a row or column counts as a vector. Raises InputError."""
    check_dimensions(shape)
    if kind == "matrix" and len(shape) != 2:
        raise InputError(f"an array of {len(shape)} dimensions; expected a matrix (2)")
    if not shape:
        raise InputError("a single number; expected an array")
    if math.prod(shape) == 0:
        raise InputError("the array is empty; expected at least one entry")
    if kind == "vector":
        if len(shape) > 2 or (len(shape) == 2 and 1 not in shape):
            raise InputError(f"an array of size {times(shape)}; expected a vector")
        return (math.prod(shape),)
    return shape


def times(shape: Sequence[int]) -> str:
    """``3 × 4``."""
    return " × ".join(str(size) for size in shape)
