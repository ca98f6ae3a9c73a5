"""Validate documents against the published JSON Schemas before they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from .codec import Json

_DIRECTORY = Path(__file__).resolve().parent / "schema"
_SAMPLE = 12  # entries of x* that are validated; the others have the same form by construction


def _read(name: str) -> Json:
    schema: Json = json.loads((_DIRECTORY / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _retrieve(uri: str) -> Json:
    """What the schemas share, by its name; nothing else is looked up, anywhere."""
    shared = _read("shared")
    if uri != shared["$id"]:
        raise LookupError(uri)
    return shared


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_read(kind), retriever=_retrieve, mask="the value")


def validate(kind: str, document: dict[str, Any]) -> None:
    """Raise AssertionError where a document (problem, branch, certificate, orbit, summary) breaks its schema.

    That is a defect of this program, never of its input. Long equilibria are sampled.
    """
    if kind == "certificate" and len(document["claims"].get("equilibrium", ())) > _SAMPLE:
        claims = {**document["claims"], "equilibrium": document["claims"]["equilibrium"][:_SAMPLE]}
        document = {**document, "claims": claims}
    error = first_error(kind, document)
    if error is not None:
        raise AssertionError(f"{kind}: {error[0]}: {error[1]}")


def validate_bundle(
    problem: Json, branch: Json, summary: Json, points: Mapping[str, Json], orbits: Mapping[str, Json]
) -> None:
    """`validate` for all documents of a bundle. points, orbits: id → certificate."""
    validate("problem", problem)
    validate("branch", branch)
    validate("summary", summary)
    for certificate in points.values():
        validate("certificate", certificate)
    for certificate in orbits.values():
        validate("orbit", certificate)


def first_error(kind: str, document: dict[str, Any]) -> tuple[str, str] | None:
    """(place, what is wrong) where a document breaks its schema, or None."""
    try:
        error = next(_validator(_schema_name(kind, document)).iter_errors(document), None)
    except UnicodeEncodeError:  # of the validator, which takes UTF-8
        return "$", "half a surrogate pair is no character"
    if error is None:
        return None
    error = _deepest(error)
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    return f"${place}", str(error.message)[:200]


def _deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Of alternatives that all fail, the error of the one that went farthest: most likely the one that was meant."""
    inner = [_deepest(found) for alternative in getattr(error.kind, "context", ()) for found in alternative[:1]]
    return max([error, *inner], key=lambda found: len(found.instance_path))


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name.removesuffix(".schema.json") for path in _DIRECTORY.glob("*.schema.json"))


def _schema_name(kind: str, document: dict[str, Any]) -> str:
    """KIND-METHOD where there is a file for the method (of a problem: the format), else KIND."""
    method = str(document.get("format" if kind == "problem" else "method")).removeprefix("proofgen-")
    name = f"{kind}-{method}"
    return name if name in _names() else kind


def has_own_schema(kind: str, document: Json) -> bool:
    """Whether a document is of a kind whose schema says more than the types do."""
    return _schema_name(kind, document) != kind
