"""A vector field given by its equations: the names and texts of a spec, checked.

The texts are read by `proofgen.symbolic.graph`; here is what can be said before that. Exact: no number is rounded.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..errors import InputError
from .data_files import TomlFloat, at, describe, exact_number

MAX_DIMENSION, MAX_NAMES = 100, 500
TIMES = ("continuous", "discrete")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}")


def read_time(value: object) -> str | Fraction:
    """Of `TIMES`, or the step ε of an Euler map. Raises InputError."""
    if isinstance(value, dict) and value.keys() == {"euler"}:
        step = at("euler", lambda: exact_number(value["euler"]))
        if step <= 0:
            raise InputError('expected a positive step, such as "0.1"', key="euler", value=str(step))
        return step
    if not isinstance(value, str) or value not in TIMES:
        expected = (
            "expected \"continuous\", for x' = f(x), \"discrete\", for the map x ↦ f(x), or { euler = \"0.1\" }, for "
            "x ↦ x + 0.1 f(x)"
        )
        raise InputError(expected, value=describe(value))
    return value


def read_names(value: object, functions: Sequence[str], parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The variables. parameters: names that are taken, with what has them. Raises InputError."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_DIMENSION:
        expected = f'expected an array of 1 to {MAX_DIMENSION} names, such as ["x", "y"]'
        raise InputError(expected, value=describe(value))
    taken = dict(parameters)
    for name in value:
        check_name(name, functions, taken)
        taken[name] = "a variable"
    return tuple(value)


def check_name(name: object, functions: Sequence[str], taken: dict[str, str]) -> None:
    """Raise InputError unless a name can stand in an expression and is not taken."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(
            "expected a name: a letter followed by at most 29 letters, digits or underscores", value=describe(name)
        )
    if name in functions:
        raise InputError("this is the name of a function; expected another name", value=name)
    if keyword.iskeyword(name):
        reason = f"a reserved word cannot stand in an expression; expected another name, such as {name}_"
        raise InputError(reason, value=name)
    if name in taken:
        raise InputError(f"this name is taken by {taken[name]}; expected different names", value=name)


def read_table(
    value: object, what: str, functions: Sequence[str], taken: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """(name, text) of constants or definitions, in order; the names are added to ``taken``. Raises InputError."""
    if value is None:
        return ()
    example = '{ a = "1", b = "8/3" }' if what == "constant" else '{ r2 = "x**2 + y**2" }'
    if not isinstance(value, dict):
        raise InputError(f"expected a table of names and expressions, such as {example}", value=describe(value))
    if len(value) > MAX_NAMES:
        raise InputError(f"{len(value)} entries; expected at most {MAX_NAMES}")
    found = []
    for name, text in value.items():
        check_name(name, functions, taken)
        found.append((name, _text(text, name)))
        taken[name] = f"another {what}"
    return tuple(found)


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return normalised(value)
    if isinstance(value, int | TomlFloat) and not isinstance(value, bool):
        exact_number(value)
        return value.text.replace("_", "").lstrip("+") if isinstance(value, TomlFloat) else str(value)
    raise InputError("expected a number or an expression as a string", key=name, value=describe(value))


def read_equations(value: object, variables: Sequence[str]) -> tuple[str, ...]:
    """The right-hand sides, one for every variable. Raises InputError."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise InputError('expected an array of expressions, such as ["y", "-x"]', value=describe(value))
    if len(value) != len(variables):
        expected = f"expected {len(variables)}, one for every variable ({', '.join(variables[:8])})"
        raise InputError(f"{len(value)} equations; {expected}")
    return tuple(normalised(text) for text in value)


def normalised(text: str) -> str:
    """The text as it is stored: single blanks, ASCII minus signs."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").split())


def read_box(value: object, variables: Sequence[str]) -> tuple[tuple[Fraction, Fraction], ...] | None:
    """(low, high) for every variable, None where nothing is given. Raises InputError."""
    if value is None:
        return None
    expected = f'expected {len(variables)} pairs of decimals, the smaller first, such as [["-1", "1"], …]'
    if not isinstance(value, list) or len(value) != len(variables):
        raise InputError(expected, value=describe(value))
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError(expected, value=describe(pair))
        low, high = (exact_number(end, expected) for end in pair)
        if low > high:
            raise InputError(expected, value=f"[{low}, {high}]")
        pairs.append((low, high))
    return tuple(pairs)
