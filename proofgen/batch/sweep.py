"""Sweeps: lists and ranges of values for keys of a spec. Arithmetic: exact rationals only.

No library for parameter grids: they make floats of the ends and steps, and the values here are part of a theorem.
"""

from __future__ import annotations

import copy
import hashlib
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..numbers.decimals import exact_decimal
from ..spec.data_files import TomlFloat, describe, exact_number

MAX_VALUES = 10_000_000
MAX_AXES = 100
MAX_TEXT = 1000  # of a value as tables show it
_RANGE = {"from", "to", "step"}
_PART = re.compile(r"([A-Za-z0-9_-]+)((?:\[[1-9][0-9]{0,5}\])*)")
Path = tuple[str | int, ...]  # tables by name, entries of arrays counted from 0


@dataclass(frozen=True)
class Decimals:
    """A range of decimals, made when asked for: strings, or TOML floats."""

    first: Fraction
    step: Fraction
    count: int
    floats: bool

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> object:
        text = exact_decimal(self.first + range(self.count)[index] * self.step)
        assert text is not None  # sums of decimals are decimals
        return TomlFloat(text) if self.floats else text


Values = range | tuple[object, ...] | Decimals


@dataclass(frozen=True)
class Axis:
    """A key of a spec, such as ``network.random.seed``, and the values it takes. path: the key, parsed."""

    key: str
    path: Path
    values: Values

    @property
    def column(self) -> str:
        """What tables call the key; "network" is the column of names."""
        return "network table" if self.key == "network" else self.key


def read_axes(table: dict[str, Any], place: str) -> tuple[Axis, ...]:
    """The axes of a table of sweeps, in order; keys may be dotted text or nested tables. Raises InputError."""
    axes: list[Axis] = []
    flat = _flat(table, "")
    if len(flat) > MAX_AXES:
        raise InputError(f"{len(flat)} keys; expected at most {MAX_AXES}", key=place)
    for key, value in flat:
        where = f"{place}.{key}"
        axes.append(Axis(key, _path(key, where), _values(value, where)))
    for k, axis in enumerate(axes):
        for other in axes[:k]:
            shorter = min(len(axis.path), len(other.path))
            if axis.path[:shorter] == other.path[:shorter]:
                raise InputError(f"sets the same value as {other.key}", key=f"{place}.{axis.key}")
    return tuple(axes)


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, dict) and not (value and value.keys() <= _RANGE):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, value))
    return found


def _path(key: str, place: str) -> Path:
    path: list[str | int] = []
    for part in key.split("."):
        match = _PART.fullmatch(part)
        if match is None:
            expected = "expected a key of a spec, such as network.random.seed or network.layer[2].bias"
            raise InputError(expected, key=place)
        path.append(match[1])
        path += [int(number) - 1 for number in re.findall("[0-9]+", match[2])]
    return tuple(path)


def _values(value: object, place: str) -> Values:
    if isinstance(value, dict):
        return _range(value, place)
    if not isinstance(value, list) or not value:
        expected = "expected a list of values, or a range { from, to, step }"
        raise InputError(expected, key=place, value=describe(value))
    return tuple(value)


def _range(value: dict[str, Any], place: str) -> Values:
    for end in ("from", "to"):
        if end not in value:
            raise InputError("missing; expected a range { from, to, step }", key=f"{place}.{end}")
    numbers: dict[str, Fraction] = {}
    for name, given in value.items():
        try:
            numbers[name] = exact_number(given)
        except InputError as error:
            raise InputError(error.expected, key=f"{place}.{name}", value=error.value) from None
    step = numbers.get("step", Fraction(1))
    if step <= 0 or numbers["to"] < numbers["from"]:
        raise InputError("expected from ≤ to and a positive step", key=place)
    count = (numbers["to"] - numbers["from"]) // step + 1
    if count > MAX_VALUES:
        raise InputError(f"{count} values; expected at most {MAX_VALUES}", key=place)
    if all(isinstance(given, int) for given in value.values()):
        return range(value["from"], value["to"] + 1, int(step))
    return Decimals(numbers["from"], step, count, not any(isinstance(given, str) for given in value.values()))


def with_values(document: dict[str, Any], assignments: list[tuple[Axis, object]]) -> dict[str, Any]:
    """A copy of a spec's tables in which keys have the values given; missing tables are made. Raises InputError."""
    changed: dict[str, Any] = copy.deepcopy(document)
    for axis, value in assignments:
        place: Any = changed
        for part, after in zip(axis.path, axis.path[1:], strict=False):
            if isinstance(part, str) and isinstance(place, dict) and isinstance(after, str):
                place = place.setdefault(part, {})
            else:
                place = _entry(place, part, axis)
        last = axis.path[-1]
        if isinstance(last, int) or not isinstance(place, dict):
            _entry(place, last, axis)
        place[last] = value
    return changed


def _entry(place: Any, part: str | int, axis: Axis) -> Any:
    try:
        if isinstance(place, dict) and isinstance(part, str):
            return place[part]
        if isinstance(place, list) and isinstance(part, int):
            return place[part]
        raise KeyError
    except (KeyError, IndexError):
        raise InputError("the spec has no such table or entry of an array", key=axis.key) from None


def written(value: object) -> object:
    """A swept value as tables show it: integers and text as they are, others as text; what is long with its digest."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else _text(value)
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}… (SHA-256 {hashlib.sha256(text.encode()).hexdigest()})"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_text(item)}" for key, item in value.items()) + "}"
    return str(value) if not isinstance(value, TomlFloat) else value.text
