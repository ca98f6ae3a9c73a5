"""Read a bundle back: the JSON documents and the `Problem` they describe (proofs/FORMAT.md).

A bundle is untrusted input: sizes are bounded, no path leaves the directory, nothing is unpickled, and
whatever is missing or malformed becomes an InputError that names the file and the key. Nothing is proved
here; that the claims follow is the checker's business.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..data_files import MAX_DIMENSION
from ..errors import InputError
from ..exact import ExactMatrix, parse_printed_decimal
from ..problem import Layer, Problem, Term
from ..symbolic.activations import validate_activation

Json = dict[str, Any]
MAX_JSON_BYTES = 64 * 2**20
MAX_ARRAY_BYTES = 8 * MAX_DIMENSION**2 + 4096
MAX_POINTS = 100_000
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?(0|[1-9][0-9]*))?")
_ARRAY_FILE = re.compile(r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy")
_IDENTIFIER = re.compile(r"hopf-[0-9]{4,6}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def load_bundle(directory: str | Path) -> tuple[Json, Json, dict[str, Json], Json, Problem]:
    """(problem document, branch, points, summary, problem) of a bundle.

    points: id → certificate in the order of `branch.json`. Raises InputError for anything that is not a bundle.
    """
    base = Path(directory)
    if not base.is_dir():
        raise InputError("expected a directory written by 'proofgen prove'", source=str(directory))
    problem_document, digest = _read_json(base, "problem.json", "proofgen-problem")
    problem = _within(base / "problem.json", lambda: _problem(base, problem_document))
    branch, _ = _read_json(base, "branch.json", "proofgen-branch")
    _within(base / "branch.json", lambda: _check_branch(branch, digest))
    points: dict[str, Json] = {}
    for row in branch["claims"]["points"]:
        path = f"points/{row['id']}.json"
        certificate, _ = _read_json(base, path, "proofgen-certificate")
        _within(base / path, lambda c=certificate, r=row: _check_certificate(c, r["id"], digest, problem))  # type: ignore[misc]
        points[row["id"]] = certificate
    summary, _ = _read_json(base, "summary.json", "proofgen-summary")
    _within(base / "summary.json", lambda: _check_summary(summary, points))
    return problem_document, branch, points, summary, problem


def _within(path: Path, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except InputError as error:
        raise error.within(source=str(path)) from None


# --- files -----------------------------------------------------------------------------------


def _read(base: Path, relative: str, limit: int) -> bytes:
    path = base / relative
    try:
        if (base / relative).parent.resolve() != (base.resolve() / relative).parent:
            raise InputError("a link leads out of the bundle", source=str(path))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise InputError("expected a regular file", source=str(path))
            data = stream.read(limit + 1)
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise InputError(f"this file of the bundle {reason}", source=str(path)) from None
    if len(data) > limit:
        raise InputError(f"expected at most {limit} bytes", source=str(path))
    return data


def _read_json(base: Path, relative: str, form: str) -> tuple[Json, str]:
    """A document of the expected format and version 1, and the digest of its file."""
    data = _read(base, relative, MAX_JSON_BYTES)
    try:
        if relative == "summary.json":  # holds times in seconds
            document = json.loads(data.decode("utf-8"))
        else:
            document = json.loads(data.decode("utf-8"), parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a JSON document of a bundle ({str(error)[:80]})", source=str(base / relative)) from None
    if not isinstance(document, dict) or document.get("format") != form or document.get("version") != 1:
        raise InputError(f'expected a document with "format": "{form}" and "version": 1', source=str(base / relative))
    return document, hashlib.sha256(data).hexdigest()


def _no_number(text: str) -> None:
    raise ValueError(f"{text}: floating-point numbers do not occur")


# --- values ----------------------------------------------------------------------------------


def _get(document: Any, key: str, kind: type | tuple[type, ...], where: str = "") -> Any:
    name = f"{where}.{key}" if where else key
    if not isinstance(document, dict) or key not in document:
        raise InputError("this key is missing", key=name)
    value = document[key]
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise InputError(f"expected {' or '.join(_WORDS[item] for item in kinds)}", key=name)
    return value


_WORDS: dict[type, str] = {
    dict: "an object", list: "an array", str: "a string", int: "an integer", bool: "true or false", type(None): "null"
}  # fmt: skip


def _decimal(value: Any, key: str) -> Fraction:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise InputError("expected a decimal string", key=key)
    try:
        return parse_printed_decimal(value)
    except InputError as error:
        raise InputError(error.expected, key=key) from None


def _enclosure(value: Any, key: str) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError("expected an enclosure [LO, HI]", key=key)
    lower, upper = _decimal(value[0], key), _decimal(value[1], key)
    if lower > upper:
        raise InputError("expected LO ≤ HI", key=key)
    return lower, upper


def _optional(check: Callable[[Any, str], object], value: Any, key: str) -> None:
    if value is not None:
        check(value, key)


def _count(document: Json, key: str, where: str = "", most: int = 10**6) -> int:
    value = int(_get(document, key, int, where))
    if not 0 <= value <= most:
        raise InputError(f"expected an integer from 0 to {most}", key=f"{where}.{key}" if where else key)
    return value


# --- the problem -----------------------------------------------------------------------------


def _problem(base: Path, document: Json) -> Problem:
    n = _count(document, "dimension", most=MAX_DIMENSION)
    if n < 2:
        raise InputError("expected a dimension of at least 2", key="dimension")
    title = _get(document, "title", str)
    if len(title) > 500:
        raise InputError("expected at most 500 characters", key="title")
    parameter = _get(document, "parameter", dict)
    name = _get(parameter, "name", str, "parameter")
    interval = _get(parameter, "interval", (list, type(None)), "parameter")
    if document.get("leak") is not None:
        raise InputError("expected null", key="leak")
    layers = _get(document, "layers", list)
    if len(layers) != 1:
        raise InputError("expected one layer", key="layers")
    arrays = {
        key: _exact_array(base, value, f"arrays.{key}")
        for key, value in _get(document, "arrays", dict).items()
        if _checked_name(key)
    }
    radius = _decimal(document.get("weight_radius"), "weight_radius")
    if radius < 0:
        raise InputError("expected a nonnegative decimal", key="weight_radius")
    return Problem(
        title=title,
        dimension=n,
        layers=(_layer(layers[0], arrays, n),),
        arrays=arrays,
        parameter_name=name[:100],
        interval=None if interval is None else _enclosure(interval, "parameter.interval"),
        weight_radius=radius,
    )


def _checked_name(name: str) -> bool:
    if not _NAME.fullmatch(name):
        raise InputError("expected names of letters, digits, '_', '.' and '-'", key="arrays")
    return True


def _layer(document: Any, arrays: dict[str, ExactMatrix], n: int) -> Layer:
    activation = _get(document, "activation", str, "layers[0]")
    try:
        validate_activation(activation)
    except InputError as error:
        raise error.within(key="layers[0].activation") from None
    bias = _get(document, "bias", (str, type(None)), "layers[0]")
    if bias is not None and (bias not in arrays or arrays[bias].shape != (n, 1)):
        raise InputError(f"expected the name of a vector of {n} entries", key="layers[0].bias", value=bias)
    weights, parameter = (
        tuple(_term(term, f"layers[0].{key}", arrays, n) for term in _get(document, key, list, "layers[0]"))
        for key in ("weights", "parameter")
    )
    if len(weights) > 100 or parameter != (Term(Fraction(1)),):
        raise InputError("expected the parameter on the identity and at most 100 terms", key="layers[0]")
    return Layer(activation, weights, parameter, bias)


def _term(document: Any, key: str, arrays: dict[str, ExactMatrix], n: int) -> Term:
    if not isinstance(document, dict):
        raise InputError("expected an object", key=key)
    coefficient = _decimal(document.get("coefficient"), f"{key}.coefficient")
    if document.get("identity") is True:
        return Term(coefficient)
    name = _get(document, "matrix", str, key)
    if name not in arrays or arrays[name].shape != (n, n):
        raise InputError(f"expected the name of a {n} × {n} array", key=f"{key}.matrix", value=name)
    return Term(coefficient, name, bool(_get(document, "transpose", bool, key)))


def _exact_array(base: Path, document: Any, key: str) -> ExactMatrix:
    if not isinstance(document, dict):
        raise InputError("expected an array", key=key)
    if "file" in document:
        return _stored_array(base, document, key)
    rows = _get(document, "entries", list, key)
    if not rows:
        raise InputError("expected at least one entry", key=key)
    vector = not isinstance(rows[0], list) or _is_dyadic(rows[0])
    table = [[entry] for entry in rows] if vector else rows
    if len(table) > MAX_DIMENSION or any(
        not isinstance(row, list) or len(row) != len(table[0]) or not 0 < len(row) <= MAX_DIMENSION for row in table
    ):
        raise InputError("expected rows of equal length", key=key)
    return ExactMatrix.from_fractions([[_number(entry, key) for entry in row] for row in table])


def _is_dyadic(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value)


def _number(value: Any, key: str) -> Fraction:
    if not _is_dyadic(value):
        return _decimal(value, key)
    mantissa, exponent = value
    if abs(mantissa) >= 2**64 or abs(exponent) > 4096:
        raise InputError("expected a dyadic number [m, e] with |m| < 2^64 and |e| ≤ 4096", key=key)
    return Fraction(int(mantissa) << exponent) if exponent >= 0 else Fraction(int(mantissa), 1 << -exponent)


def _stored_array(base: Path, document: Json, key: str) -> ExactMatrix:
    file, digest = _get(document, "file", str, key), _get(document, "sha256", str, key)
    shape = _get(document, "shape", list, key)
    if not _ARRAY_FILE.fullmatch(file):
        raise InputError('expected a file name of the form "arrays/NAME.npy"', key=f"{key}.file", value=file)
    if len(shape) not in (1, 2) or any(type(size) is not int or not 0 < size <= MAX_DIMENSION for size in shape):
        raise InputError("expected one or two sizes", key=f"{key}.shape")
    denominator = _decimal(document.get("denominator", "1"), f"{key}.denominator")
    if denominator < 1 or denominator.denominator != 1:
        raise InputError("expected an integer of at least 1", key=f"{key}.denominator")
    data = _read(base, file, MAX_ARRAY_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError("the file does not have the SHA-256 digest that problem.json names", source=str(base / file))
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False, max_header_size=4096)
        plain = array.dtype.str in ("<f8", "<i8") and list(array.shape) == shape
        if not plain or (array.dtype.kind == "f" and (denominator != 1 or not np.isfinite(array).all())):
            raise ValueError
    except Exception:  # a hostile header makes numpy fail in many ways
        raise InputError("expected finite <f8 or <i8 data of the stated shape", source=str(base / file)) from None
    table = array.reshape(len(array), -1)
    if array.dtype.kind == "f":
        return ExactMatrix.from_binary64(table)
    return ExactMatrix(table.astype(object), int(denominator))


# --- claims ----------------------------------------------------------------------------------


def _check_reference(document: Json, digest: str) -> None:
    reference = _get(document, "problem", dict)
    if reference.get("sha256") != digest:
        raise InputError("belongs to another problem: the digest is not that of problem.json", key="problem.sha256")


def _check_branch(branch: Json, digest: str) -> None:
    _check_reference(branch, digest)
    claims = _get(branch, "claims", dict)
    _optional(_enclosure, _get(claims, "interval", (list, type(None)), "claims"), "claims.interval")
    _get(claims, "complete", bool, "claims")
    rows = _get(claims, "points", list, "claims")
    if len(rows) > MAX_POINTS:
        raise InputError(f"expected at most {MAX_POINTS} points", key="claims.points")
    for row in rows:
        identifier = _get(row, "id", str, "claims.points")
        if not _IDENTIFIER.fullmatch(identifier):
            raise InputError('expected an identifier such as "hopf-0001"', key="claims.points.id", value=identifier)
        _enclosure(row.get("parameter"), "claims.points.parameter")
    for crossing in _get(claims, "real_crossings", list, "claims"):
        _enclosure(crossing, "claims.real_crossings")
    for piece in _get(claims, "unsettled", list, "claims"):
        _enclosure(_get(piece, "interval", list, "claims.unsettled"), "claims.unsettled.interval")
        _get(piece, "reason", str, "claims.unsettled")
    bounds = _get(branch, "bounds", (dict, type(None)))
    if bounds is not None:
        for key in ("rho", "norm_N", "max_disc_radius"):
            _decimal(bounds.get(key), f"bounds.{key}")
    _count(branch, "precision")


def _check_certificate(certificate: Json, identifier: str, digest: str, problem: Problem) -> None:
    _check_reference(certificate, digest)
    if certificate.get("id") != identifier:
        raise InputError(f'expected "{identifier}", the name of the file', key="id")
    claims, bounds = _get(certificate, "claims", dict), _get(certificate, "bounds", dict)
    for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
        _enclosure(claims.get(key), f"claims.{key}")
    _optional(_decimal, claims.get("spectral_gap"), "claims.spectral_gap")
    for key in ("unstable_eigenvalues", "stable_eigenvalues"):
        _count(claims, key, "claims")
    _get(claims, "criticality", str, "claims")
    equilibrium = _get(claims, "equilibrium", list, "claims")
    if len(equilibrium) != problem.dimension:
        raise InputError(f"expected {problem.dimension} enclosures", key="claims.equilibrium")
    for entry in equilibrium if problem.layers[0].bias is not None else ():
        _enclosure(entry, "claims.equilibrium")
    for key in ("rho", "norm_N", "disc_radius", "isolation", "delta_right", "delta_left", "pq_defect"):
        _decimal(bounds.get(key), f"bounds.{key}")
    for key in ("separation", "resolvent_gap"):
        _optional(_decimal, bounds.get(key), f"bounds.{key}")
    for key in ("q_norm_squared", "im_S"):
        _enclosure(bounds.get(key), f"bounds.{key}")
    eigenvalue = _get(bounds, "eigenvalue", list, "bounds")
    if len(eigenvalue) != 2:
        raise InputError("expected two enclosures", key="bounds.eigenvalue")
    for part in eigenvalue:
        _enclosure(part, "bounds.eigenvalue")
    if problem.dimension > 2 and (claims.get("spectral_gap") is None or bounds.get("separation") is None):
        raise InputError("expected a decimal, since n > 2", key="claims.spectral_gap or bounds.separation")
    witness = _get(certificate, "witness", dict)
    for key in ("X", "Y", "d"):
        for reference in _get(witness, key, list, "witness"):
            file = _get(reference, "file", str, f"witness.{key}")
            value = _get(reference, "sha256", str, f"witness.{key}")
            if not _ARRAY_FILE.fullmatch(file) or not _DIGEST.fullmatch(value):
                raise InputError("expected array references", key=f"witness.{key}")
    _count(certificate, "precision")


def _check_summary(summary: Json, points: dict[str, Json]) -> None:
    seen = set()
    for row in _get(summary, "points", list):
        identifier = _get(row, "id", str, "points")
        seen.add(identifier)
        _optional(_enclosure, row.get("omega"), "points.omega")
        _optional(_enclosure, row.get("first_lyapunov_coefficient"), "points.first_lyapunov_coefficient")
        _enclosure(row.get("parameter"), "points.parameter")
        for key in ("omega", "first_lyapunov_coefficient"):
            if key not in row:
                raise InputError("this key is missing", key=f"points.{key}")
    if not points.keys() <= seen:
        raise InputError("a point of branch.json is missing", key="points")
