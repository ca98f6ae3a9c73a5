"""The published JSON Schemas accept the good corpus and agree with the checker on what is malformed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemas
from check_tools import BAD, GOOD, ROOT, materialise, read
from ordinary import some

MALFORMED = {"unknown-key", "missing-key", "floating-point", "not-a-number", "absolute-path", "path-out-of-the-bundle"}
PROVED = {
    "zero-branch": ROOT / "proofs" / "certificates" / "n6-seed80",
    "spectral": ROOT / "proofs" / "certificates" / "lorenz",
    "newton-kantorovich": ROOT / "proofs" / "certificates" / "n6-seed80-newton-kantorovich",
}
# what may be null instead: (method, key)
NULLABLE = {
    *((method, "spectral_gap") for method in PROVED), ("zero-branch", "separation"), ("zero-branch", "resolvent_gap"),
    *(("spectral", key) for key in ("branch_gap", "branch_residual", "branch_radius", "window_clearance", "radius", "x", "slope")),
}  # fmt: skip


def schema_of(document: Any) -> str:
    if document["format"] == "proofgen-equations":
        return "problem-equations"
    kind = document["format"].removeprefix("proofgen-")
    return schemas.methods(kind)[document["method"]] if kind in ("branch", "certificate") else kind


def errors(bundle: Path) -> list[str]:
    found = []
    for path in [*bundle.glob("*.json"), *bundle.glob("points/*.json")]:
        validator = schemas.validator(schema_of(read(path)))
        found += [f"{path.name}: {error.message}" for error in validator.iter_errors(read(path))]
    return found


@pytest.mark.parametrize("name", schemas.NAMES)
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas.read(name))


@pytest.mark.parametrize("bundle", [*GOOD, *PROVED.values()], ids=lambda p: p.name)
def test_good_bundles_are_valid(bundle: Path) -> None:
    assert errors(bundle) == []


@pytest.mark.parametrize("bundle", [p for p in BAD if p.name in MALFORMED], ids=lambda p: p.name)
def test_malformed_bundles_are_not(bundle: Path, tmp_path: Path) -> None:
    assert errors(materialise(bundle, tmp_path / "bundle"))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """A document and every object in it."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(child)


@pytest.mark.parametrize("method", some(PROVED, 0, ["zero-branch"]))
def test_every_key_is_needed_and_no_other_is_allowed(method: str) -> None:
    """Of every object of a certificate; and a value is null only where the format says so."""
    document = read(PROVED[method] / "points" / "hopf-0001.json")
    validator, count = schemas.validator(schema_of(document)), len(list(objects(document)))
    assert count > 6 and validator.is_valid(document)
    for place in range(count):
        def changed(key: str, *value: Any, place: int = place) -> bool:
            altered = copy.deepcopy(document)
            target = list(objects(altered))[place]
            target.pop(key, None)
            target.update(dict.fromkeys([key], value[0]) if value else {})
            return bool(validator.is_valid(altered))

        target = list(objects(document))[place]
        assert not changed("another", 1)
        for key, value in target.items():
            assert changed(key, value) and not changed(key), key
            assert changed(key, None) == (value is None or (method, key) in NULLABLE), key
            assert not changed(key, True) and not changed(key, {"lo": "0", "hi": "1"}), key
