"""The tables and keys of a spec, and what is wrong where they are not as expected.

TOML text → a frozen `Spec`, in which every number is exact and every name is checked; matrices stay as they
were written, `proofgen.spec.load` reads them. Arithmetic: exact rationals only.

Every failure is an InputError (or UnsupportedError) whose message names the key, the value and what was expected.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ..errors import InputError
from ..numbers.radius import NumberFormat, read_format
from ..problem.options import MAX_PRECISION, MIN_PRECISION, OrbitOptions, ProofOptions
from .amplitudes import amplitude_or_auto, amplitudes, hopf_names
from .data_files import TomlFloat, describe, exact_number, located
from .enters import OneWeight
from .equations import TIMES, read_time
from .limits import MAX_DIMENSION, MAX_LAYERS
from .matlab_random import check_seed

MAX_TITLE, MAX_ACTIVATION = 200, 2000
MAX_DIGITS = 250
LONGEST = 10**6  # seconds for the orbits of a point
FAMILIES = ("asymmetric-rnn", "layered", "equations")
_RANDOM_TABLE = "a table { generator, seed, dimension, perturbation }"
_LAYER_TABLES = f"1 to {MAX_LAYERS} tables [[network.layer]], one for every layer"

T = TypeVar("T")
GivenRadius = Fraction | NumberFormat | dict[str, Fraction | NumberFormat]  # by name of array


def read_form(text: str) -> Spec:
    """The form that the text of a spec (TOML) fills in. Raises InputError."""
    return read_document(parse_toml(text))


def read_document(raw: dict[str, Any]) -> Spec:
    """The form that the tables of a spec fill in, as `parse_toml` gives them. Raises InputError."""
    if "group" in raw and "network" not in raw:
        raise InputError("this is a run file, which 'proofgen batch' proves; expected a spec", key="group")
    return _validate(raw, _family(raw))


# Values ---------------------------------------------------------------------------------------


def _checked(check: Callable[[object], T]) -> PlainValidator:
    """A pydantic validator that keeps the InputError of ``check`` for `_as_input_error`."""

    def validator(value: object) -> T:
        try:
            return check(value)
        except InputError as error:
            raise PydanticCustomError("input", "refused", {"error": error}) from None

    return PlainValidator(validator)


def _integer(low: int, high: int) -> PlainValidator:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InputError(f"expected an integer between {low} and {high}", value=value)
        return value

    return _checked(check)


def _dimension(value: object) -> int:
    if value == 1 and isinstance(value, int) and not isinstance(value, bool):
        raise InputError("a Hopf bifurcation needs at least two neurons (n >= 2)", value=value)
    if isinstance(value, bool) or not isinstance(value, int) or not 2 <= value <= MAX_DIMENSION:
        raise InputError(f"expected an integer between 2 and {MAX_DIMENSION}", value=value)
    return value


def _layer_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError("expected a positive integer", value=value)
    if value > MAX_LAYERS:
        raise InputError(f"expected at most {MAX_LAYERS} layers", value=value)
    return value


def _radius(value: object) -> Fraction | NumberFormat:
    found = read_format(value) if isinstance(value, str) else None
    radius = exact_number(value) if found is None else found
    if isinstance(radius, Fraction) and radius < 0:
        raise InputError("expected a nonnegative decimal", value=value)
    return radius


def _weight_radius(value: object) -> GivenRadius:
    if not isinstance(value, dict):
        return _radius(value)
    radii = {}
    for name, radius in value.items():
        try:
            radii[name] = _radius(radius)
        except InputError as error:
            raise located(error, name) from None
    return radii


def _interval(value: object) -> tuple[Fraction, Fraction]:
    expected = 'expected two decimals, the smaller first, such as ["-1", "1"]'
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(expected, value=value)
    low, high = (exact_number(end, expected) for end in value)
    if low >= high:
        raise InputError(expected, value=f"[{', '.join(str(end) for end in value)}]")
    return low, high


def _title(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_TITLE or not value.isprintable():
        raise InputError(f"expected one line of text of 1 to {MAX_TITLE} characters", value=value)
    return value.strip()


def _parameter_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,29}", value):
        raise InputError("expected a letter followed by at most 29 letters, digits or underscores", value=value)
    return value


def _activation(value: object) -> str:
    if not isinstance(value, str):
        raise InputError('expected the name of an activation such as "tanh", or an expression in z', value=value)
    if len(value) > MAX_ACTIVATION:
        raise InputError(f"expected at most {MAX_ACTIVATION} characters", value=value)
    return _checked_activation(value)


@lru_cache(maxsize=MAX_LAYERS)
def _checked_activation(value: str) -> str:
    from ..symbolic.activations import normalised_activation, validate_activation  # SymPy is slow to import

    text = normalised_activation(value)
    validate_activation(text)
    return text


@dataclass(frozen=True)
class MatrixValue:
    """A MATRIX of a spec, not read yet."""

    value: object


Enters = Literal["identity", "none"] | OneWeight | MatrixValue
_ENTERS = 'expected "identity", "none", { row, column }, { row, column, antisymmetric = true } or { matrix }'
_ENTERS_KEYS = ("row", "column", "antisymmetric", "matrix")


def _enters(value: object) -> Enters:
    if value == "identity":
        return "identity"
    if value == "none":
        return "none"
    if not isinstance(value, dict) or not value.keys() & set(_ENTERS_KEYS):
        raise InputError(_ENTERS, value=value)
    for key in value:
        if key not in _ENTERS_KEYS:
            raise InputError(_misspelt(key, _ENTERS_KEYS) or f"unknown key; {_ENTERS}", key=key)
    if "matrix" in value:
        if len(value) > 1:
            raise InputError("expected either matrix or row and column, not both", value=value)
        return MatrixValue(value["matrix"])
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


# Tables ---------------------------------------------------------------------------------------


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


class MatlabRandom(_Table):
    generator: Annotated[str, Field(pattern="^matlab$", description='"matlab"')]
    seed: Annotated[int, _checked(check_seed), Field(description="an integer seed")]
    dimension: Annotated[int, _checked(_dimension), Field(description="the number of neurons")]
    perturbation: Annotated[Fraction, _checked(exact_number), Field(description='a decimal such as "0.1"')]


class _Network(_Table):
    family: Annotated[str, Field(description=" or ".join(f'"{family}"' for family in FAMILIES))]
    leak: Any = None
    start: Any = None


class AsymmetricNetwork(_Network):
    activation: Annotated[str, _checked(_activation)] = "tanh"
    random: Annotated[MatlabRandom | None, Field(description=_RANDOM_TABLE)] = None
    R1: Any = None
    R2: Any = None
    bias: Any = None
    layers: Annotated[int, _checked(_layer_count)] = 1


class LayerTable(_Table):
    weights: Annotated[Any, Field(description="the matrix of the layer")]
    bias: Any = None
    activation: Annotated[str, _checked(_activation), Field(description='the activation, such as "tanh"')]
    enters: Annotated[Enters | None, _checked(_enters)] = None


class LayeredNetwork(_Network):
    layer: Annotated[list[LayerTable], Field(min_length=1, max_length=MAX_LAYERS, description=_LAYER_TABLES)]


class EquationsNetwork(_Table):
    family: Annotated[str, Field(description='"equations"')]
    time: Annotated[str, _checked(read_time)] = TIMES[0]
    variables: Annotated[Any, Field(description='the names of the components of x, such as ["x", "y"]')]
    equations: Annotated[Any, Field(description="an array of one expression for every variable")]
    constants: Any = None
    definitions: Any = None
    start: Any = None
    box: Any = None


class ParameterTable(_Table):
    name: Annotated[str, _checked(_parameter_name)] = "gamma"
    enters: Annotated[Enters, _checked(_enters)] = "identity"
    shift: Annotated[Fraction, _checked(exact_number)] = Fraction(0)
    interval: Annotated[tuple[Fraction, Fraction] | None, _checked(_interval)] = None


class EquationsParameterTable(_Table):
    name: Annotated[str, _checked(_parameter_name)] = "gamma"
    interval: Annotated[
        tuple[Fraction, Fraction],
        _checked(_interval),
        Field(description='the range of the parameter, such as ["-1", "1"]'),
    ]


class ProofTable(_Table):
    precision: Annotated[int, _integer(MIN_PRECISION, MAX_PRECISION)] = ProofOptions.precision
    max_precision: Annotated[int | None, _integer(MIN_PRECISION, MAX_PRECISION)] = None
    digits: Annotated[int, _integer(1, MAX_DIGITS)] = ProofOptions.digits
    weight_radius: Annotated[GivenRadius, _checked(_weight_radius)] = Fraction(0)


class OrbitsTable(_Table):
    branch: Annotated[Fraction | str | None, _checked(amplitude_or_auto)] = None
    at: Annotated[tuple[Fraction, ...], _checked(amplitudes)] = ()
    points: Annotated[tuple[str, ...] | None, _checked(hopf_names)] = None
    time_limit: Annotated[int, _integer(1, LONGEST)] = OrbitOptions.time_limit


class Spec(_Table):
    title: Annotated[str | None, _checked(_title)] = None
    network: Annotated[AsymmetricNetwork | LayeredNetwork | EquationsNetwork, Field(description="a table [network]")]
    parameter: Annotated[ParameterTable | EquationsParameterTable, Field(description="a table [parameter]")] = (
        ParameterTable()
    )
    proof: Annotated[ProofTable, Field(description="a table [proof]")] = ProofTable()
    orbits: Annotated[OrbitsTable, Field(description="a table [orbits]")] = OrbitsTable()


class AsymmetricSpec(Spec):
    network: Annotated[AsymmetricNetwork, Field(description="a table [network]")]
    parameter: Annotated[ParameterTable, Field(description="a table [parameter]")] = ParameterTable()


class LayeredSpec(Spec):
    network: Annotated[LayeredNetwork, Field(description="a table [network]")]
    parameter: Annotated[ParameterTable, Field(description="a table [parameter]")] = ParameterTable()


class EquationsSpec(Spec):
    network: Annotated[EquationsNetwork, Field(description="a table [network]")]
    parameter: Annotated[
        EquationsParameterTable, Field(description='a table [parameter] with interval = ["LO", "HI"]')
    ]


_FORMS: dict[str, type[Spec]] = {
    "asymmetric-rnn": AsymmetricSpec, "layered": LayeredSpec, "equations": EquationsSpec
}  # fmt: skip


# From text to the form -------------------------------------------------------------------------


MAX_DEPTH = 30  # of tables and arrays in each other
_LONG_KEY = re.compile(rf"(?:\.[^.,=\[\]{{}}#\n]+){{{MAX_DEPTH}}}\.")  # takes tomllib quadratic time
_TOO_DEEP = "not valid TOML: arrays or tables nested too deeply"


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text; floats are kept as written. Raises InputError."""
    if _LONG_KEY.search(text):
        raise InputError(_TOO_DEEP)
    try:
        return _shallow(tomllib.loads(text, parse_float=TomlFloat))
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        if "line" not in reason:
            reason += f", line {text.count(chr(10)) + 1}"
        raise InputError(f"not valid TOML: {reason}") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    except ValueError:
        raise InputError("not valid TOML: an integer or a date out of range") from None


def _shallow(tables: dict[str, Any]) -> dict[str, Any]:
    """The same; whoever goes through them need not fear for the stack."""
    level: list[Any] = [tables]
    for _ in range(MAX_DEPTH):
        level = [part for whole in level for part in (whole.values() if isinstance(whole, dict) else whole)]
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return tables
    raise InputError(_TOO_DEEP)


def _family(raw: dict[str, Any]) -> str:
    """The family, checked first: the keys of others would only look unknown."""
    network = raw.get("network")
    if not isinstance(network, dict) or "family" not in network:
        return FAMILIES[0]  # whatever else is wrong is said by `_validate`
    family = network["family"]
    known = " or ".join(f'"{name}"' for name in FAMILIES)
    if not isinstance(family, str) or family not in FAMILIES:
        close = difflib.get_close_matches(str(family), FAMILIES, n=1)
        hint = f' (did you mean "{close[0]}"?)' if close else ""
        raise InputError(f"expected {known}{hint}", key="network.family", value=family)
    return family


def _validate(raw: dict[str, Any], family: str) -> Spec:
    try:
        return _FORMS[family].model_validate(raw)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        misspelt = [error for error in errors if error["type"] == "extra_forbidden"]
        raise _as_input_error((misspelt or errors)[0], family) from None


def _as_input_error(error: ErrorDetails, family: str) -> InputError:
    location = error["loc"]
    key = dotted(location)
    if error["type"] == "extra_forbidden":
        return InputError(_unknown_key(location, family), key=key)
    refused = error.get("ctx", {}).get("error")
    if isinstance(refused, InputError):
        inner = f"{key}.{refused.key}" if refused.key else key
        return type(refused)(refused.expected, key=inner, value=describe(refused.value))
    expected = f"expected {_description(location, family)}"
    if error["type"] == "missing":
        return InputError(f"missing; {expected}", key=key)
    return InputError(expected, key=key, value=describe(error["input"]))


Location = Sequence[int | str]


def dotted(location: Location) -> str:
    """``network.layer[2].bias`` for the second of several tables (counted from 0 in a location)."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _misspelt(name: str, known: Sequence[str]) -> str | None:
    lowered = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1)
    return f"unknown key; did you mean {lowered[close[0]]!r}?" if close else None


def _unknown_key(location: Location, family: str) -> str:
    known = list(_table_at(location[:-1], family).model_fields)
    name = str(location[-1])
    hint = _misspelt(name, known)
    if hint:
        return hint
    for candidate in (family, *FAMILIES):
        for table, fields in _tables(_FORMS[candidate], ""):
            if name in fields:
                other = "" if candidate == family else f' of the family "{candidate}"'
                return f"unknown key; it belongs to {table or 'the top level'}{other}"
    return f"unknown key; expected one of {', '.join(known)}"


def _tables(table: type[BaseModel], name: str) -> Iterator[tuple[str, list[str]]]:
    """Every table of a form as a header such as ``[network]``, ``[[network.layer]]``, with its keys."""
    yield name, list(table.model_fields)
    for key in table.model_fields:
        inner = _inner_table(table, key)
        if inner is not None:
            path = f"{name.strip('[]')}.{key}".removeprefix(".")
            yield from _tables(inner, f"[[{path}]]" if inner is LayerTable else f"[{path}]")


def _inner_table(table: type[BaseModel], key: str) -> type[BaseModel] | None:
    field = table.model_fields.get(key)
    if field is None:
        return None
    for candidate in (field.annotation, *get_args(field.annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _table_at(location: Location, family: str) -> type[BaseModel]:
    table: type[BaseModel] = _FORMS[family]
    for key in location:
        if isinstance(key, str):
            table = _inner_table(table, key) or table
    return table


def _description(location: Location, family: str) -> str:
    if isinstance(location[-1], int):
        return f"a table [[{dotted(location[:-1])}]]"
    field = _table_at(location[:-1], family).model_fields.get(location[-1])
    return (field.description if field else None) or "another value"
