"""Documents as dataclasses: a field for each key, in the order of the file; its type says how it is written and read.

    Enclosure ["LO", "HI"]   Decimal "1.5"   Fraction [m, e] = m·2^e or a decimal   ArrayReference {file, sha256, shape}
    int a count   bool   str   None null   tuple a list   a dataclass an object   Mapping an object of plain values
    a class with `as_json` and `from_json(value, where)`: by these

What is read is untrusted: each value is of its type, or there is an InputError that names the key. Keys that no field
names are passed over.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from ..errors import InputError
from ..numbers.exact import parse_printed_decimal
from ..numbers.printed import ZERO, Decimal, Enclosure

T = TypeVar("T")
Json = dict[str, Any]
Reader = Callable[[Any, str], Any]
MOST = 10**6  # of a count
ARRAY_FILE = re.compile(r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?(0|[1-9][0-9]*))?")


@dataclass(frozen=True)
class ArrayReference:
    """A file of binary64 numbers in the bundle, with its SHA-256."""

    file: str
    sha256: str
    shape: tuple[int, ...]


Limbs = tuple[ArrayReference, ...]  # arrays of which the exact sum is meant


# --- writing ---------------------------------------------------------------------------------


def written(value: object) -> Any:
    """A value as JSON."""
    return _writer(typing.cast(Any, type(value)))(value)


_TEXT_OF = attrgetter("text")
_PLAIN = frozenset({str, int, bool, type(None)})  # what is written as it is


def _as_it_is(value: Any) -> Any:
    return value


def _written_tuple(values: tuple[Any, ...]) -> list[Any]:
    """Its entries are of one type, nearly always."""
    if set(map(type, values)) == {Enclosure}:
        return list(map(list, map(_TEXT_OF, values)))
    if values and set(map(type, values)) == {type(values[0])}:
        return list(map(_writer(typing.cast(Any, type(values[0]))), values))
    return [written(item) for item in values]


@cache
def _writer(kind: type[Any]) -> Callable[[Any], Any]:
    """How values of a type are written."""
    if kind is type(None) or issubclass(kind, str | int):
        return _as_it_is
    if issubclass(kind, Enclosure):
        return lambda value: list(value.text)
    if issubclass(kind, Decimal):
        return lambda value: value.text
    if issubclass(kind, Fraction):
        return dyadic
    if issubclass(kind, tuple):
        return _written_tuple
    if issubclass(kind, Mapping):
        return dict
    if hasattr(kind, "as_json"):
        return lambda value: value.as_json()
    if dataclasses.is_dataclass(kind):
        return _object_writer([field.name for field in dataclasses.fields(kind)])
    raise TypeError(f"no JSON for a {kind.__name__}")


def _object_writer(names: list[str]) -> Callable[[Any], Json]:
    def write(value: Any) -> Json:
        parts = ((name, getattr(value, name)) for name in names)
        return {name: part if type(part) in _PLAIN else written(part) for name, part in parts}

    return write


def dyadic(x: Fraction) -> list[int] | str:
    """[m, e] with x = m·2^e for a dyadic number; its exact decimal where m has more than 64 bits."""
    exponent = 1 - x.denominator.bit_length()
    numerator = x.numerator
    while numerator and numerator % 2 == 0:
        numerator, exponent = numerator // 2, exponent + 1
    return Decimal.exactly(x).text if abs(numerator) >= 2**64 else [numerator, exponent]


# --- reading ---------------------------------------------------------------------------------


def read_as(kind: type[T], document: Any, where: str = "") -> T:
    """A document as a dataclass. Raises InputError."""
    value: T = _reader(typing.cast(Any, kind))(document, where)
    return value


def require_length(entries: tuple[Any, ...], n: int, key: str) -> None:
    if len(entries) != n:
        raise InputError(f"expected {n} enclosures", key=key)


def is_decimal(value: Any) -> bool:
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def fraction(value: Any, key: str) -> Fraction:
    """The value of a decimal string."""
    if not isinstance(value, str):
        raise InputError("expected a decimal string", key=key)
    try:
        return parse_printed_decimal(value)
    except InputError as error:
        raise InputError(error.expected if is_decimal(value) else "expected a decimal string", key=key) from None


def enclosure(value: Any, key: str) -> Enclosure:
    """[LO, HI] with LO ≤ HI."""
    if not isinstance(value, list) or len(value) != 2:
        raise InputError("expected an enclosure [LO, HI]", key=key)
    if value == ["0", "0"]:
        return ZERO  # nearly all of them, where x* = 0 has hundreds of entries
    lower, upper = fraction(value[0], key), fraction(value[1], key)
    if lower > upper:
        raise InputError("expected LO ≤ HI", key=key)
    return Enclosure(lower, upper, (value[0], value[1]))


def count(value: Any, key: str, most: int = MOST) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise InputError(f"expected an integer from 0 to {most}", key=key)
    return value


def number(value: Any, key: str) -> Fraction:
    """[m, e], or the decimal of a number with more bits."""
    if not is_dyadic(value):
        return fraction(value, key)
    mantissa, exponent = value
    if abs(mantissa) >= 2**64 or abs(exponent) > 4096:
        raise InputError("expected a dyadic number [m, e] with |m| < 2^64 and |e| ≤ 4096", key=key)
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


def is_dyadic(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value)


def _array(value: Any, key: str) -> ArrayReference:
    if not isinstance(value, dict):
        raise InputError("expected array references", key=key)
    file, digest, shape = value.get("file"), value.get("sha256"), value.get("shape")
    if not (
        isinstance(file, str) and ARRAY_FILE.fullmatch(file) and isinstance(digest, str) and _DIGEST.fullmatch(digest)
        and isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape)
    ):  # fmt: skip
        raise InputError("expected array references", key=key)
    return ArrayReference(file, digest, tuple(shape))


def _plain(kind: type, words: str) -> Reader:
    def read(value: Any, key: str) -> Any:
        if type(value) is not kind:
            raise InputError(f"expected {words}", key=key)
        return value

    return read


_READERS: dict[Any, Reader] = {
    Enclosure: enclosure,
    Decimal: lambda value, key: Decimal(fraction(value, key), value),
    Fraction: number,
    ArrayReference: _array,
    int: count,
    bool: _plain(bool, "true or false"),
    str: _plain(str, "a string"),
    type(None): _plain(type(None), "null"),
}


@cache
def _reader(kind: Any) -> Reader:
    """How a value of a type is read."""
    if kind in _READERS:
        return _READERS[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _tuple_reader(inner)
    if origin in (typing.Union, types.UnionType):
        (other,) = (item for item in inner if item is not type(None))
        read = _reader(other)
        return lambda value, key: None if value is None else read(value, key)
    if origin is Mapping:
        return _plain(dict, "an object")
    if hasattr(kind, "from_json"):
        own: Reader = kind.from_json
        return own
    return _object_reader(kind)


def _tuple_reader(inner: tuple[Any, ...]) -> Reader:
    first = _reader(inner[0])
    length = None if inner[-1] is Ellipsis else len(inner)

    def read(value: Any, key: str) -> Any:
        if not isinstance(value, list):
            raise InputError("expected an array", key=key)
        if length is not None and len(value) != length:
            raise InputError(f"expected {length} entries", key=key)
        return tuple([first(item, key) for item in value])

    return read


def _object_reader(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    fields = [
        (field.name, _reader(hints[field.name]), field.default is not dataclasses.MISSING)
        for field in dataclasses.fields(kind)
    ]

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise InputError("expected an object", key=where or None)
        found = {}
        for name, reader, optional in fields:
            key = f"{where}.{name}" if where else name
            if name in value:
                found[name] = reader(value[name], key)
            elif not optional:
                raise InputError("this key is missing", key=key)
        return kind(**found)

    return read
