"""The published JSON Schemas accept the good corpus and agree with the checker on what is malformed."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from check_tools import BAD, GOOD, ROOT, materialise, read

SCHEMAS = ROOT / "proofgen" / "bundle" / "schema"
MALFORMED = {"unknown-key", "missing-key", "floating-point", "not-a-number", "absolute-path", "path-out-of-the-bundle"}


def errors(bundle: Path) -> list[str]:
    found = []
    for path in [*bundle.glob("*.json"), *bundle.glob("points/*.json")]:
        name = "certificate" if path.parent.name == "points" else path.stem
        if read(path)["format"] == "proofgen-equations":
            name = "problem-equations"
        schema = read(SCHEMAS / f"{name}.schema.json")
        validator = jsonschema.Draft202012Validator(schema)
        found += [f"{path.name}: {error.message}" for error in validator.iter_errors(read(path))]
    return found


@pytest.mark.parametrize("name", ["problem", "problem-equations", "branch", "certificate", "summary"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(read(SCHEMAS / f"{name}.schema.json"))


# The methods that the published schemas know.
KNOWN = [
    bundle for bundle in GOOD
    if all(f'"{read(path)["method"]}"' in (SCHEMAS / f"{kind}.schema.json").read_text()
           for kind, paths in (("branch", [bundle / "branch.json"]), ("certificate", bundle.glob("points/*.json")))
           for path in paths)
]  # fmt: skip


@pytest.mark.parametrize("bundle", KNOWN, ids=lambda p: p.name)
def test_good_bundles_are_valid(bundle: Path) -> None:
    assert errors(bundle) == []


@pytest.mark.parametrize("bundle", [p for p in BAD if p.name in MALFORMED], ids=lambda p: p.name)
def test_malformed_bundles_are_not(bundle: Path, tmp_path: Path) -> None:
    assert errors(materialise(bundle, tmp_path / "bundle"))
