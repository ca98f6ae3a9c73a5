"""The published schemas with the validator that the package does not use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DIRECTORY = Path(__file__).parent.parent / "proofgen" / "bundle" / "schema"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in DIRECTORY.glob("*.schema.json"))


def read(name: str) -> Any:
    return json.loads((DIRECTORY / f"{name}.schema.json").read_text(encoding="utf-8"))


def validator(name: str) -> Any:
    """Of a schema, which may refer to what all share, and to nothing else."""
    shared = read("shared")
    registry = Registry().with_resource(shared["$id"], DRAFT202012.create_resource(shared))
    return jsonschema.Draft202012Validator(read(name), registry=registry)


def methods(kind: str) -> dict[str, str]:
    """Method → schema of the certificates or branches of that method."""
    return {read(name)["properties"]["method"]["const"]: name for name in NAMES if name.split("-")[0] == kind}
