"""Validate documents against the published JSON Schemas before they are written."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

_DIRECTORY = Path(__file__).resolve().parent / "schema"
_SAMPLE = 12  # entries of x* that are validated; the others have the same form by construction


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((_DIRECTORY / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def validate(kind: str, document: dict[str, Any]) -> None:
    """Raise AssertionError where a document (problem, branch, certificate, summary) breaks its schema.

    That is a defect of this program, never of its input. Long equilibria are sampled.
    """
    if kind == "certificate" and len(document["claims"]["equilibrium"]) > _SAMPLE:
        claims = {**document["claims"], "equilibrium": document["claims"]["equilibrium"][:_SAMPLE]}
        document = {**document, "claims": claims}
    error = next(_validator(kind).iter_errors(document), None)
    if error is not None:
        raise AssertionError(f"{kind}: {error.json_path}: {error.message[:200]}")
