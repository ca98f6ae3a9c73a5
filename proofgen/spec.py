"""Spec files (TOML) → the exact `Problem` they describe.

A spec is untrusted: it is parsed, never executed, and bounded in size. Numbers are exact: decimals
mean what is written, also TOML floats (``0.1`` is 1/10). Arithmetic: exact rationals only.

Every failure is an InputError (or UnsupportedError) whose message names the file, the key, the
value and what was expected.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from .data_files import (
    MAX_DIMENSION,
    TomlFloat,
    describe,
    exact_from_array,
    exact_number,
    located,
    read_matrix,
    read_vector,
)
from .errors import InputError, UnsupportedError
from .exact import ExactMatrix
from .models.asymmetric_rnn import asymmetric_rnn
from .models.matlab_random import check_seed, paper_matrices
from .problem import MAX_PRECISION, MIN_PRECISION, Problem, ProofOptions

MAX_SPEC_BYTES = 16 * 2**20
MAX_TITLE, MAX_ACTIVATION = 200, 2000
MAX_DIGITS = 250

_FAMILY = "asymmetric-rnn"
_RANDOM_TABLE = "a table { generator, seed, dimension, perturbation }"
_LATER_FAMILIES = ("layered", "equations")

T = TypeVar("T")


def load(path: str | Path) -> Problem:
    """The problem that a spec file describes. Data files are looked up beside the spec.

    Raises InputError (UnsupportedError where this version cannot prove it yet).
    """
    source = str(path)
    try:
        file = Path(path)
        if file.is_dir():
            raise InputError("is a directory; expected a spec file (TOML)", source=source)
        if not file.exists():
            raise InputError("no such file; expected a spec file (TOML)", source=source)
        if not file.is_file():
            raise InputError("not a regular file; expected a spec file (TOML)", source=source)
        with file.open("rb") as stream:
            content = stream.read(MAX_SPEC_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", source=source) from None
    except ValueError:
        raise InputError("expected a file name", source=source) from None
    if len(content) > MAX_SPEC_BYTES:
        limit = f"{MAX_SPEC_BYTES // 2**20} MiB (large matrices go into .npy files)"
        raise InputError(f"the spec is too large; expected at most {limit}", source=source)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"line {line} is not UTF-8; expected a TOML file in UTF-8", source=source) from None
    return load_text(text, file.parent, source)


def load_text(text: str, base_dir: str | Path = ".", source_name: str = "spec") -> Problem:
    """The problem that the text of a spec describes.

    base_dir: where data files are looked up; source_name: what messages call the spec, its
    stem is the default title. Raises InputError.
    """
    try:
        raw = _parse_toml(text)
        _check_family(raw)
        spec = _validate(raw)
        return _problem(spec, Path(base_dir), source_name)
    except InputError as error:
        raise type(error)(
            _on_one_line(error.expected, 1000),
            source=error.source or source_name,
            key=_on_one_line(error.key, 200) if error.key else None,
            value=describe(error.value),
        ) from None


def _on_one_line(text: str, limit: int) -> str:
    """Text that may quote the spec, without line breaks and control characters, and not too long."""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return text if text.isprintable() else ascii(text)[1:-1]


# The form of a spec ----------------------------------------------------------------------------


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
    if value > 1:
        raise UnsupportedError("not supported by this version; supported: layers = 1", value=value)
    return value


def _radius(value: object) -> Fraction:
    radius = exact_number(value)
    if radius < 0:
        raise InputError("expected a nonnegative decimal", value=value)
    return radius


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
        raise InputError(
            "expected a letter followed by at most 29 letters, digits or underscores", value=value
        )
    return value


def _activation(value: object) -> str:
    from .symbolic.activations import normalised_activation, validate_activation  # SymPy is slow to import

    if not isinstance(value, str):
        raise InputError(
            'expected the name of an activation such as "tanh", or an expression in z', value=value
        )
    if len(value) > MAX_ACTIVATION:
        raise InputError(f"expected at most {MAX_ACTIVATION} characters", value=value)
    text = normalised_activation(value)
    validate_activation(text)
    return text


def _enters(value: object) -> str:
    if value == "identity":
        return "identity"
    if isinstance(value, dict) and value.keys() & {"row", "column", "matrix"}:
        raise UnsupportedError('not supported by this version; supported: enters = "identity"', value=value)
    raise InputError('expected "identity"', value=value)


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


class _MatlabRandom(_Table):
    generator: Annotated[str, Field(pattern="^matlab$", description='"matlab"')]
    seed: Annotated[int, _checked(check_seed), Field(description="an integer seed")]
    dimension: Annotated[int, _checked(_dimension), Field(description="the number of neurons")]
    perturbation: Annotated[Fraction, _checked(exact_number), Field(description='a decimal such as "0.1"')]


class _Network(_Table):
    family: Annotated[str, Field(description=f'"{_FAMILY}"')]
    activation: Annotated[str, _checked(_activation)] = "tanh"
    random: Annotated[_MatlabRandom | None, Field(description=_RANDOM_TABLE)] = None
    R1: Any = None
    R2: Any = None
    bias: Any = None
    layers: Annotated[int, _checked(_layer_count)] = 1


class _Parameter(_Table):
    name: Annotated[str, _checked(_parameter_name)] = "gamma"
    enters: Annotated[str, _checked(_enters)] = "identity"
    shift: Annotated[Fraction, _checked(exact_number)] = Fraction(0)
    interval: Annotated[tuple[Fraction, Fraction] | None, _checked(_interval)] = None


class _Proof(_Table):
    precision: Annotated[int, _integer(MIN_PRECISION, MAX_PRECISION)] = ProofOptions.precision
    max_precision: Annotated[int | None, _integer(MIN_PRECISION, MAX_PRECISION)] = None
    digits: Annotated[int, _integer(1, MAX_DIGITS)] = ProofOptions.digits
    weight_radius: Annotated[Fraction, _checked(_radius)] = Fraction(0)


class _Spec(_Table):
    title: Annotated[str | None, _checked(_title)] = None
    network: Annotated[_Network, Field(description="a table [network]")]
    parameter: Annotated[_Parameter, Field(description="a table [parameter]")] = _Parameter()
    proof: Annotated[_Proof, Field(description="a table [proof]")] = _Proof()


# From text to the form -------------------------------------------------------------------------


def _parse_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=TomlFloat)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        if "line" not in reason:
            reason += f", line {text.count(chr(10)) + 1}"
        raise InputError(f"not valid TOML: {reason}") from None
    except RecursionError:
        raise InputError("not valid TOML: arrays or tables nested too deeply") from None
    except ValueError:
        raise InputError("not valid TOML: an integer or a date out of range") from None


def _check_family(raw: dict[str, Any]) -> None:
    """Refuse other families first: their keys would only look unknown."""
    network = raw.get("network")
    if not isinstance(network, dict) or "family" not in network:
        return
    family = network["family"]
    if isinstance(family, str) and family in _LATER_FAMILIES:
        raise UnsupportedError(
            f'not supported by this version; supported: "{_FAMILY}"', key="network.family", value=family
        )
    if family != _FAMILY:
        close = difflib.get_close_matches(str(family), [_FAMILY, *_LATER_FAMILIES], n=1)
        hint = f' (did you mean "{close[0]}"?)' if close and close[0] != _FAMILY else ""
        raise InputError(f'expected "{_FAMILY}"{hint}', key="network.family", value=family)


def _validate(raw: dict[str, Any]) -> _Spec:
    try:
        return _Spec.model_validate(raw)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        misspelt = [error for error in errors if error["type"] == "extra_forbidden"]
        raise _as_input_error((misspelt or errors)[0]) from None


def _as_input_error(error: ErrorDetails) -> InputError:
    location = [str(part) for part in error["loc"]]
    key = ".".join(location)
    if error["type"] == "extra_forbidden":
        return InputError(_unknown_key(location), key=key)
    refused = error.get("ctx", {}).get("error")
    if isinstance(refused, InputError):
        return type(refused)(refused.expected, key=key, value=describe(refused.value))
    expected = f"expected {_description(location)}"
    if error["type"] == "missing":
        return InputError(f"missing; {expected}", key=key)
    return InputError(expected, key=key, value=describe(error["input"]))


def _unknown_key(location: Sequence[str]) -> str:
    parent = _table_at(location[:-1])
    name, known = location[-1], list(parent.model_fields)
    lowered = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1)
    if close:
        return f"unknown key; did you mean {lowered[close[0]]!r}?"
    for table, fields in _tables(_Spec, "the top level"):
        if name in fields:
            return f"unknown key; it belongs to {table}"
    return f"unknown key; expected one of {', '.join(known)}"


def _tables(table: type[BaseModel], name: str) -> Iterator[tuple[str, list[str]]]:
    yield name, list(table.model_fields)
    for key in table.model_fields:
        inner = _inner_table(table, key)
        if inner is not None:
            path = key if name == "the top level" else f"{name.strip('[]')}.{key}"
            yield from _tables(inner, f"[{path}]")


def _inner_table(table: type[BaseModel], key: str) -> type[BaseModel] | None:
    field = table.model_fields.get(key)
    if field is None:
        return None
    for candidate in (field.annotation, *get_args(field.annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _table_at(location: Sequence[str]) -> type[BaseModel]:
    table: type[BaseModel] = _Spec
    for key in location:
        table = _inner_table(table, key) or table
    return table


def _description(location: Sequence[str]) -> str:
    field = _table_at(location[:-1]).model_fields.get(location[-1])
    return (field.description if field else None) or "another value"


# From the form to the problem ------------------------------------------------------------------


def _problem(spec: _Spec, base_dir: Path, source_name: str) -> Problem:
    network = spec.network
    r1, r2 = _weights(network, base_dir)
    bias = None if network.bias is None else _at("network.bias", lambda: read_vector(network.bias, base_dir))
    layers, arrays = asymmetric_rnn(r1, r2, bias, activation=network.activation, shift=spec.parameter.shift)
    return Problem(
        title=spec.title or _default_title(source_name),
        dimension=r1.shape[0],
        layers=layers,
        arrays=arrays,
        parameter_name=spec.parameter.name,
        interval=spec.parameter.interval,
        weight_radius=spec.proof.weight_radius,
        proof=_proof_options(spec.proof),
    )


def _weights(network: _Network, base_dir: Path) -> tuple[ExactMatrix, ExactMatrix | None]:
    if network.random is None:
        if network.R1 is None:
            raise InputError("missing; expected either R1 (and R2), or random = { … }", key="network.R1")
        r1 = _at("network.R1", lambda: read_matrix(network.R1, base_dir))
        r2 = None if network.R2 is None else _at("network.R2", lambda: read_matrix(network.R2, base_dir))
        return r1, r2
    for key, value in (("R1", network.R1), ("R2", network.R2)):
        if value is not None:
            raise InputError("expected either R1 and R2 or random, not both", key=f"network.{key}")
    return _random_weights(network.random)


def _random_weights(random: _MatlabRandom) -> tuple[ExactMatrix, ExactMatrix]:
    r1, r2 = paper_matrices(random.seed, random.dimension, float(random.perturbation))
    try:
        return exact_from_array(r1), exact_from_array(r2)
    except InputError as error:
        raise InputError(
            f"R2 = perturbation * randn(n, n): {error.expected}", key="network.random.perturbation"
        ) from None


def _at(key: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except InputError as error:
        raise located(error, key) from None


def _proof_options(proof: _Proof) -> ProofOptions:
    most = proof.max_precision
    if most is None:
        most = max(ProofOptions.max_precision, proof.precision)
    if most < proof.precision:
        raise InputError(
            f"expected at least the precision to begin with, {proof.precision}",
            key="proof.max_precision",
            value=most,
        )
    return ProofOptions(precision=proof.precision, max_precision=most, digits=proof.digits)


def _default_title(source_name: str) -> str:
    stem = Path(source_name).stem.strip() or "spec"
    return "".join(c if c.isprintable() else "_" for c in stem)[:MAX_TITLE]
