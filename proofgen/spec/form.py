"""The tables and keys of a spec, and what is wrong where they are not as expected.

TOML text → a frozen `Spec`, in which every number is exact and every name is checked; matrices stay as they
were written, `proofgen.spec.load` reads them. Arithmetic: exact rationals only.

Every failure is an InputError (or UnsupportedError) whose message names the key, the value and what was expected.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ..errors import InputError
from ..problem.options import MAX_PRECISION, MIN_PRECISION, OrbitOptions, ProofOptions
from .amplitudes import amplitude_or_auto, amplitudes, hopf_names
from .data_files import TomlFloat, describe, exact_number
from .equations import TIMES, read_time
from .form_values import (
    Enters,
    GivenRadius,
    check_activation,
    check_dimension,
    check_enters,
    check_interval,
    check_layer_count,
    check_parameter_name,
    check_title,
    check_weight_radius,
    checked,
    integer,
    misspelt,
)
from .limits import MAX_LAYERS
from .matlab_random import check_seed
from .recurrent import ENTERS as RECURRENT_ENTERS
from .recurrent import RecurrentEnters, recurrent_enters, recurrent_time

MAX_DIGITS = 250
LONGEST = 10**6  # seconds for the orbits of a point
FAMILIES = ("asymmetric-rnn", "layered", "rnn", "gru", "lstm", "equations")
_RANDOM_TABLE = "a table { generator, seed, dimension, perturbation }"
_LAYER_TABLES = f"1 to {MAX_LAYERS} tables [[network.layer]], one for every layer"

T = TypeVar("T")


def read_form(text: str) -> Spec:
    """The form that the text of a spec (TOML) fills in. Raises InputError."""
    return read_document(parse_toml(text))


def read_document(raw: dict[str, Any]) -> Spec:
    """The form that the tables of a spec fill in, as `parse_toml` gives them. Raises InputError."""
    if "group" in raw and "network" not in raw:
        raise InputError("this is a run file, which 'proofgen batch' proves; expected a spec", key="group")
    return _validate(raw, _family(raw))


# Tables ---------------------------------------------------------------------------------------


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True,
        defer_build=True,  # only the form of the family that a spec names
    )  # fmt: skip


class MatlabRandom(_Table):
    generator: Annotated[str, Field(pattern="^matlab$", description='"matlab"')]
    seed: Annotated[int, checked(check_seed), Field(description="an integer seed")]
    dimension: Annotated[int, checked(check_dimension), Field(description="the number of neurons")]
    perturbation: Annotated[Fraction, checked(exact_number), Field(description='a decimal such as "0.1"')]


class _Network(_Table):
    family: Annotated[str, Field(description=" or ".join(f'"{family}"' for family in FAMILIES))]
    time: Annotated[str | Fraction, checked(read_time)] = TIMES[0]
    leak: Any = None
    start: Any = None


class AsymmetricNetwork(_Network):
    activation: Annotated[str, checked(check_activation)] = "tanh"
    random: Annotated[MatlabRandom | None, Field(description=_RANDOM_TABLE)] = None
    R1: Any = None
    R2: Any = None
    bias: Any = None
    layers: Annotated[int, checked(check_layer_count)] = 1


class LayerTable(_Table):
    weights: Annotated[Any, Field(description="the matrix of the layer")]
    bias: Any = None
    activation: Annotated[str, checked(check_activation), Field(description='the activation, such as "tanh"')]
    enters: Annotated[Enters | None, checked(check_enters)] = None


class LayeredNetwork(_Network):
    layer: Annotated[list[LayerTable], Field(min_length=1, max_length=MAX_LAYERS, description=_LAYER_TABLES)]


class RecurrentNetwork(_Table):
    """One layer and direction of a module of PyTorch."""

    family: Annotated[str, Field(description='"rnn", "gru" or "lstm"')]
    state_dict: Annotated[str | None, Field(description='a file such as "model.safetensors"')] = None
    prefix: Annotated[str, Field(description='what the names of its tensors begin with, such as "encoder.rnn."')] = ""
    layer: Annotated[int | None, integer(0, MAX_LAYERS)] = None
    weight_hh: Any = None
    weight_ih: Any = None
    bias: Any = None
    bias_hh: Any = None
    bias_ih: Any = None
    input: Any = None
    start: Any = None
    time: Annotated[str | Fraction, checked(recurrent_time)] = "discrete"


class RnnNetwork(RecurrentNetwork):
    alpha: Annotated[Fraction, checked(exact_number), Field(description='a decimal such as "0.2"')] = Fraction(1)
    activation: Annotated[str, checked(check_activation)] = "tanh"


class CellNetwork(RecurrentNetwork):
    """A GRU or an LSTM."""


class RecurrentParameterTable(_Table):
    name: Annotated[str, checked(check_parameter_name)] = "gain"
    enters: Annotated[RecurrentEnters, checked(recurrent_enters), Field(description=RECURRENT_ENTERS)]
    interval: Annotated[tuple[Fraction, Fraction] | None, checked(check_interval)] = None


class EquationsNetwork(_Table):
    family: Annotated[str, Field(description='"equations"')]
    time: Annotated[str | Fraction, checked(read_time)] = TIMES[0]
    variables: Annotated[Any, Field(description='the names of the components of x, such as ["x", "y"]')]
    equations: Annotated[Any, Field(description="an array of one expression for every variable")]
    constants: Any = None
    definitions: Any = None
    start: Any = None
    box: Any = None


class ParameterTable(_Table):
    name: Annotated[str, checked(check_parameter_name)] = "gamma"
    enters: Annotated[Enters, checked(check_enters)] = Enters("identity")
    shift: Annotated[Fraction, checked(exact_number)] = Fraction(0)
    interval: Annotated[tuple[Fraction, Fraction] | None, checked(check_interval)] = None


class EquationsParameterTable(_Table):
    name: Annotated[str, checked(check_parameter_name)] = "gamma"
    interval: Annotated[
        tuple[Fraction, Fraction],
        checked(check_interval),
        Field(description='the range of the parameter, such as ["-1", "1"]'),
    ]


class ProofTable(_Table):
    precision: Annotated[int, integer(MIN_PRECISION, MAX_PRECISION)] = ProofOptions.precision
    max_precision: Annotated[int | None, integer(MIN_PRECISION, MAX_PRECISION)] = None
    digits: Annotated[int, integer(1, MAX_DIGITS)] = ProofOptions.digits
    weight_radius: Annotated[GivenRadius, checked(check_weight_radius)] = Fraction(0)


class OrbitsTable(_Table):
    branch: Annotated[Fraction | str | None, checked(amplitude_or_auto)] = None
    at: Annotated[tuple[Fraction, ...], checked(amplitudes)] = ()
    points: Annotated[tuple[str, ...] | None, checked(hopf_names)] = None
    time_limit: Annotated[int, integer(1, LONGEST)] = OrbitOptions.time_limit


class Spec(_Table):
    title: Annotated[str | None, checked(check_title)] = None
    source: Annotated[str, checked(check_title)] = ""
    network: Annotated[
        AsymmetricNetwork | LayeredNetwork | RnnNetwork | CellNetwork | EquationsNetwork,
        Field(description="a table [network]"),
    ]
    parameter: Annotated[
        ParameterTable | RecurrentParameterTable | EquationsParameterTable, Field(description="a table [parameter]")
    ] = ParameterTable()
    proof: Annotated[ProofTable, Field(description="a table [proof]")] = ProofTable()
    orbits: Annotated[OrbitsTable, Field(description="a table [orbits]")] = OrbitsTable()


class AsymmetricSpec(Spec):
    network: Annotated[AsymmetricNetwork, Field(description="a table [network]")]
    parameter: Annotated[ParameterTable, Field(description="a table [parameter]")] = ParameterTable()


class LayeredSpec(Spec):
    network: Annotated[LayeredNetwork, Field(description="a table [network]")]
    parameter: Annotated[ParameterTable, Field(description="a table [parameter]")] = ParameterTable()


class RnnSpec(Spec):
    network: Annotated[RnnNetwork, Field(description="a table [network]")]
    parameter: Annotated[RecurrentParameterTable, Field(description="a table [parameter] with enters and interval")]


class CellSpec(Spec):
    network: Annotated[CellNetwork, Field(description="a table [network]")]
    parameter: Annotated[
        RecurrentParameterTable, Field(description="a table [parameter] with enters and interval")
    ]


class EquationsSpec(Spec):
    network: Annotated[EquationsNetwork, Field(description="a table [network]")]
    parameter: Annotated[
        EquationsParameterTable, Field(description='a table [parameter] with interval = ["LO", "HI"]')
    ]


_FORMS: dict[str, type[Spec]] = {
    "asymmetric-rnn": AsymmetricSpec, "layered": LayeredSpec, "rnn": RnnSpec, "gru": CellSpec, "lstm": CellSpec,
    "equations": EquationsSpec,
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
        unknown = [error for error in errors if error["type"] == "missing" and error["loc"] == ("network", "family")]
        raise _as_input_error((unknown or misspelt or errors)[0], family) from None


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


def _unknown_key(location: Location, family: str) -> str:
    known = list(_table_at(location[:-1], family).model_fields)
    name = str(location[-1])
    hint = misspelt(name, known)
    if hint:
        return hint
    for candidate in (family, *FAMILIES):
        for table, fields in _tables(_FORMS[candidate], ""):
            if name in fields:
                other = "" if candidate == family else f' of the family "{candidate}"; here it is "{family}"'
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
