"""MATRIX and VECTOR values of a spec: inline decimals, or a data file beside the spec.

Everything read here is untrusted: nothing is evaluated or unpickled, no path leaves the spec's
directory, and sizes are checked before data are read. Decimals mean exactly what is written,
binary floats exactly the dyadic rational they store.

Every function raises InputError (UnsupportedError for file formats of later versions), whose
``key`` is the place inside the value (file, row, entry; 1-based); `located` puts the spec's key
before it.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import InputError, UnsupportedError
from ..numbers.exact import ExactMatrix, parse_decimal
from .limits import MAGNITUDES, Kind, as_shape, check_dimensions, check_rows, has_magnitude
from .numpy_files import read_npy, read_npz
from .tensor_files import READABLE, Array, ShapeCheck, kind_of_entries, read_mat, read_safetensors, read_torch

MAX_FILE_BYTES = 256 * 2**20
T = TypeVar("T")
_FORMATS = ".npy, .npz, .csv, .mat, .safetensors, .pt and .pth"
_READERS: dict[str, Callable[[bytes, str, ShapeCheck], Array]] = {
    ".npy": read_npy, ".npz": read_npz, ".mat": read_mat, ".safetensors": read_safetensors,
    ".pt": read_torch, ".pth": read_torch,
}  # fmt: skip
_EXPECTED_INLINE = {
    "matrix": "expected an array of rows of numbers or decimal strings, or a data file",
    "vector": "expected an array of numbers or decimal strings, or a data file",
}


@dataclass(frozen=True)
class TomlFloat:
    """A float of a TOML file, kept as written; `0.1` means exactly 1/10."""

    text: str

    def __repr__(self) -> str:
        return self.text


def read_matrix(value: object, base_dir: Path) -> ExactMatrix:
    """The exact matrix that a MATRIX value means; at least 1 × 1."""
    return _read(value, base_dir, "matrix")


def read_vector(value: object, base_dir: Path) -> ExactMatrix:
    """The exact n × 1 matrix that a VECTOR value means; n at least 1."""
    return _read(value, base_dir, "vector")


def sized(vector: ExactMatrix, dimension: int, what: str = "neuron") -> ExactMatrix:
    """The vector, which has an entry for every neuron or variable. Raises InputError."""
    if vector.shape[0] != dimension:
        raise InputError(f"{vector.shape[0]} entries; expected {dimension}, one for every {what}")
    return vector


def exact_number(value: object, expected: str = "expected a number or a decimal string") -> Fraction:
    """The exact value of a TOML integer, a TOML float or a decimal string.

    Raises InputError for other types, and outside 0 and 1e-300 … 1e300 in absolute value.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | TomlFloat):
        raise InputError(expected, value=describe(value))
    if isinstance(value, int):
        number = Fraction(value)
    elif isinstance(value, str):
        number = parse_decimal(value)
    else:
        number = parse_decimal(value.text.replace("_", ""))
    if not has_magnitude(number):
        raise InputError(f"expected {MAGNITUDES}", value=describe(value))
    return number


def exact_from_array(array: npt.NDArray[np.generic]) -> ExactMatrix:
    """The exact values of a one- or two-dimensional array of floats or integers, checked."""
    if array.dtype.kind in "iu":
        values = array.astype(object)
        return ExactMatrix(values.reshape(len(values), -1) if values.size else np.empty((0, 0), object))
    floats = array.astype(np.float64)
    magnitudes = np.abs(floats)
    _refuse_first(~np.isfinite(floats), floats, "expected finite numbers")
    unusual = (magnitudes != 0) & ((magnitudes < 1e-300) | (magnitudes > 1e300))
    _refuse_first(unusual, floats, f"expected {MAGNITUDES}")
    return ExactMatrix.from_binary64(floats.reshape(len(floats), -1))


def exact_array(array: npt.NDArray[np.generic], kind: Kind) -> ExactMatrix:
    """The same with its sizes checked, as a matrix or as one column. Raises InputError."""
    what = kind_of_entries(array.dtype)
    if what is not None:
        raise InputError(f"the array has {what} entries; {READABLE}")
    return exact_from_array(array.reshape(as_shape(array.shape, kind)))


def located(error: InputError, place: str) -> InputError:
    """The same error with ``place: `` put before its key, and its value in a printable form."""
    key = f"{place}: {error.key}" if error.key else place
    return type(error)(error.expected, source=error.source, key=key, value=describe(error.value))


def at(place: str, read: Callable[[], T]) -> T:
    """What ``read`` returns; its InputError is `located` at the place."""
    try:
        return read()
    except InputError as error:
        raise located(error, place) from None


def describe(value: object) -> object:
    """The value, or a short word for one that would be long or misleading when printed."""
    if isinstance(value, bool):
        return _Word("true" if value else "false")
    if isinstance(value, list | tuple):
        return _Word("an array")
    if isinstance(value, dict):
        return _Word("a table")
    if isinstance(value, datetime.date | datetime.time):
        return _Word("a date or time")
    if isinstance(value, int) and value.bit_length() > 1000:
        return _Word("an integer of more than 300 digits")
    return value


@dataclass(frozen=True)
class _Word:
    word: str

    def __repr__(self) -> str:
        return self.word


def _read(value: object, base_dir: Path, kind: Kind) -> ExactMatrix:
    if isinstance(value, ExactMatrix):  # from Python: no text of a spec becomes one
        return value
    if isinstance(value, str):
        return _read_file(value, base_dir, kind)
    if not isinstance(value, list):
        raise InputError(_EXPECTED_INLINE[kind], value=describe(value))
    return _inline_matrix(value) if kind == "matrix" else _inline_vector(value)


# Inline values -------------------------------------------------------------------------------


def _inline_matrix(rows: list[object]) -> ExactMatrix:
    for i, row in enumerate(rows, 1):
        if not isinstance(row, list):
            raise InputError(_EXPECTED_INLINE["matrix"], key=f"row {i}", value=describe(row))
    return _exact_rows([row for row in rows if isinstance(row, list)], "rows of equal length")


def _inline_vector(entries: list[object]) -> ExactMatrix:
    if not entries:
        raise InputError("the vector is empty; expected at least one entry")
    check_dimensions((len(entries),))
    return ExactMatrix.from_fractions([[_entry(entry, f"entry [{i}]")] for i, entry in enumerate(entries, 1)])


def _exact_rows(rows: Sequence[Sequence[object]], expected: str) -> ExactMatrix:
    check_rows(rows, expected)
    return ExactMatrix.from_fractions(
        [
            [_entry(entry, f"entry [{i}, {j}]") for j, entry in enumerate(row, 1)]
            for i, row in enumerate(rows, 1)
        ]
    )


def _entry(value: object, place: str) -> Fraction:
    try:
        return exact_number(value)
    except InputError as error:
        raise located(error, place) from None


# Files ---------------------------------------------------------------------------------------


def _read_file(reference: str, base_dir: Path, kind: Kind) -> ExactMatrix:
    name, colon, member = reference.partition(":")
    suffix = PurePosixPath(name).suffix.lower()
    path = _inside(base_dir, reference, name)
    if suffix not in (".csv", *_READERS):
        raise UnsupportedError(
            f"expected an array, or the name of a data file; supported: {_FORMATS}", value=reference
        )
    if colon and suffix in (".npy", ".csv"):
        raise InputError(f"a {suffix} file holds one array; expected no ':' after its name", value=reference)
    try:
        content = open_and_read(path)
        if suffix == ".csv":
            return _parse_csv(content, kind)
        return exact_array(_READERS[suffix](content, member, lambda shape: as_shape(shape, kind)), kind)
    except InputError as error:
        raise located(error, reference) from None


def _inside(base_dir: Path, reference: str, name: str) -> Path:
    """The file's path; refuses absolute paths and, after following links, ones out of base_dir."""
    windows = PureWindowsPath(reference)
    if not name or "\0" in name or PurePosixPath(name).is_absolute() or windows.drive or windows.root:
        raise InputError("expected a file name relative to the spec's directory", value=reference)
    try:
        base = base_dir.resolve()
        path = (base / name).resolve()
    except RuntimeError:
        raise InputError("a link that leads back to itself; expected a file", value=reference) from None
    except (OSError, ValueError):
        raise InputError("expected a file name relative to the spec's directory", value=reference) from None
    if not path.is_relative_to(base) or ".." in PureWindowsPath(name).parts:
        raise InputError("the path leaves the spec's directory; expected a file inside it", value=reference)
    return path


def open_and_read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise InputError("no such file; file names are relative to the spec's directory")
        if not path.is_file():
            raise InputError("not a regular file")
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})") from None
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"the file is too large; expected at most {MAX_FILE_BYTES // 2**20} MiB")
    return content


def exact_from_csv(content: bytes) -> ExactMatrix:
    """The matrix of a CSV file."""
    return _parse_csv(content, "matrix")


def _refuse_first(bad: npt.NDArray[np.bool_], array: npt.NDArray[np.float64], expected: str) -> None:
    if bad.any():
        index = np.unravel_index(int(np.argmax(bad)), bad.shape)
        place = ", ".join(str(int(i) + 1) for i in index)
        value = float(array[index])
        shown = "NaN" if math.isnan(value) else repr(value)
        raise InputError(f"entry [{place}] is {shown}; {expected}")


def _parse_csv(content: bytes, kind: Kind) -> ExactMatrix:
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise InputError("not UTF-8; expected decimals separated by commas") from None
    except csv.Error as error:
        raise InputError(f"not readable as decimals separated by commas ({error})") from None
    rows = [line for line in lines if line]
    if kind == "vector":
        if len(rows) == 1:
            rows = [[entry] for entry in rows[0]]
        if any(len(row) != 1 for row in rows):
            raise InputError(
                f"{len(rows)} rows of several entries; expected a vector (one row or one column)"
            )
    return _exact_rows(rows, "lines of equally many decimals separated by commas")
