"""JSON (section 1): nothing large, nothing lenient."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from reprlib import Repr
from typing import Any

from .intervals import ZERO, Interval, exactly
from .verdicts import Rejected, Undecided

DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:e(-?)(0|[1-9][0-9]*))?")


def fraction(s: str, where: str) -> Fraction:
    """The exact value of a decimal (section 1)."""
    match = DECIMAL.fullmatch(s) if len(s) <= 4096 else None
    if match is None or len(match[5] or "") > 4:
        raise Rejected(f"{where}: not a decimal of the format: {short(s)}")
    digits, mantissa = match[2] + (match[3] or ""), 0
    for i in range(0, len(digits), 500):  # by pieces: Python limits the digits of one conversion
        piece = digits[i : i + 500]
        mantissa = mantissa * 10 ** len(piece) + int(piece)
    exponent = int(match[5] or "0") * (-1 if match[4] else 1)
    if abs(exponent) > 4096:
        raise Rejected(f"{where}: the exponent of a decimal is too large: {short(s)}")
    exponent -= len(match[3] or "")
    value = Fraction(mantissa * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))
    return -value if match[1] else value


def shown(text: str) -> str:
    """Untrusted text, safe to print: no control character, no character that turns the direction of writing."""
    return ascii(text)[1:-1] if not (text.isascii() and text.isprintable()) else text


def short(value: object) -> str:
    """An untrusted value, safe and short enough to print; of a long one only the beginning is looked at."""
    if isinstance(value, str):
        value = value[:60]
    text = ascii(value) if isinstance(value, str | int | None) else shown(Repr().repr(value))
    return text if len(text) <= 60 else text[:57] + "..."


class Float(str):
    """A floating-point literal; only the timings of summary.json may hold one."""


def read_json(data: bytes, where: str, floats: bool = False) -> Any:
    """Strict JSON: UTF-8, no duplicate keys, no NaN or Infinity, no long integers, no floating point."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            raise Rejected(f"{where}: duplicate key")
        return result

    def integer(s: str) -> int:
        if len(s) > 24:
            raise Rejected(f"{where}: an integer has too many digits")
        return int(s)

    def refuse(s: str) -> Any:
        raise Rejected(f"{where}: {short(s)} is not a number of the format")

    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_constant=refuse,
                          parse_float=Float if floats else refuse)  # fmt: skip
    except RecursionError:
        raise Rejected(f"{where}: nested too deeply") from None
    except ValueError as error:
        raise Rejected(f"{where}: not JSON ({short(str(error))})") from None


def parse(value: Any, spec: Any, where: str) -> Any:
    """Read a value by its specification: {name: spec} is an object with exactly these keys, [spec] an array, and
    otherwise a function that returns what was read.  Anything else is refused."""
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            raise Rejected(f"{where}: expected an object")
        for name in sorted(set(value) ^ set(spec)):
            raise Rejected(f"{where}: {'unknown' if name in value else 'missing'} key {short(name)}")
        return {name: parse(value[name], spec[name], f"{where}: {name}") for name in spec}
    if isinstance(spec, list):
        if not isinstance(value, list):
            raise Rejected(f"{where}: expected an array")
        return [parse(v, spec[0], where) for v in value]
    return spec(value, where)


def anything(value: Any, where: str) -> Any:
    return value


def text(value: Any, where: str) -> str:
    if type(value) is not str or len(value) > 5000:
        raise Rejected(f"{where}: expected a short string")
    return value


def count(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= 10**6:
        raise Rejected(f"{where}: expected a count, found {short(value)}")
    return value


def boolean(value: Any, where: str) -> bool:
    if type(value) is not bool:
        raise Rejected(f"{where}: expected true or false")
    return value


def decimal(value: Any, where: str) -> Fraction:
    if type(value) is not str:
        raise Rejected(f"{where}: expected a decimal, found {short(value)}")
    return fraction(value, where)


def enclosure(value: Any, where: str) -> Interval:
    if value == ["0", "0"]:  # most entries of equilibria
        return ZERO
    ends = parse(value, [decimal], where)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise Rejected(f"{where}: not an enclosure [LO, HI] with LO <= HI")
    return exactly(*ends)


def number(value: Any, where: str) -> Fraction:
    """A decimal or a dyadic."""
    if not isinstance(value, list):
        return decimal(value, where)
    if [type(x) for x in value] != [int, int] or abs(value[0]) >= 1 << 64 or abs(value[1]) > 4096:
        raise Rejected(f"{where}: bad dyadic {short(value)}")
    return int(value[0]) * Fraction(2) ** int(value[1])


def plain(value: Any, where: str) -> Any:
    """Anything without floating-point numbers."""
    if isinstance(value, Float):
        raise Rejected(f"{where}: {short(str(value))} is a floating-point number")
    for x in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        plain(x, where)
    return value


def seconds(value: Any, where: str) -> Any:
    if type(value) not in (int, Float):
        raise Rejected(f"{where}: {short(value)} is not a number")
    return value


def never(value: Any, where: str) -> Any:
    if value is not None:
        raise Rejected(f"{where}: found {short(value)}, expected null")


def optional(spec: Any) -> Callable[[Any, str], Any]:
    return lambda value, where: None if value is None else parse(value, spec, where)


def each(spec: Any) -> Callable[[Any, str], Any]:
    """An object with any keys."""
    return lambda value, where: parse(value, dict.fromkeys(value, spec) if isinstance(value, dict) else {}, where)


def one_of(*values: Any) -> Callable[[Any, str], Any]:
    def read(value: Any, where: str) -> Any:
        if not any(type(value) is type(v) and value == v for v in values):
            raise Rejected(f"{where}: found {short(value)}, expected one of {values}")
        return value

    return read


Spec = Any  # what `parse` understands

HEAD: dict[str, Spec] = {"format": anything, "version": anything}


def document(value: Any, kind: str, spec: Any, where: str) -> Any:
    """A file of the bundle; its format, version and method are looked at before anything else.  `spec` is the
    specification, or a function that gives that of a method, None if the method is unknown."""
    if not isinstance(value, dict) or value.get("format") != kind or type(value.get("version")) is not int:
        raise Rejected(f"{where}: `format` is not {kind!r}, or there is no version")
    method = text(value.get("method", "zero-branch"), f"{where}: method")
    found = None if value["version"] != 1 else spec(method) if callable(spec) else spec
    if found is None:
        raise Undecided(f"{where}: this version or method is unknown to this checker")
    return parse(value, found, where)
