"""Public models that people analyse, against values computed independently to 60 digits (proofs/models, tests/data/cases)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofgen import api
from proofgen.numbers.exact import parse_printed_decimal

ROOT = Path(__file__).parents[2]
MODELS, OTHERS = ROOT / "proofs" / "models", ROOT / "tests" / "data" / "cases"
EXPECTED: dict[str, dict[str, Any]] = json.loads((OTHERS / "expected.json").read_text(encoding="utf-8"))
QUICK = {"braza", "isola", "goodwin", "two-patches-zero"}
NAMES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in sorted(EXPECTED)]


def agrees(pair: list[str], text: str) -> bool:
    """An enclosure of a number that is given to 12 or more digits."""
    value = Fraction(text)
    low, high = (parse_printed_decimal(end) for end in pair)
    room = abs(value) / 10**10 if len(text.lstrip("-0.").replace(".", "")) < 12 else abs(value) / 10**11
    return low - room <= value <= high + room and high - low <= abs(value) / 10**6


def test_every_model_has_an_answer() -> None:
    assert set(EXPECTED) == {path.stem for folder in (MODELS, OTHERS) for path in folder.glob("*.toml")}


@pytest.mark.parametrize("name", NAMES)
def test_model(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    path = MODELS / f"{name}.toml"
    result = api.prove(api.load(path if path.exists() else OTHERS / f"{name}.toml"), tmp_path / name)
    assert result.check is not None and result.check.verdict == "accepted"
    assert result.summary["complete"] == (expected["unsettled"] == []), result.summary["unsettled"]
    assert {piece["code"] for piece in result.summary["unsettled"]} == set(expected["unsettled"])
    assert all(row["status"] == "proved" for row in result.summary["points"])  # folds too
    rows = sorted((row for row in result.summary["points"] if row["id"].startswith("hopf-")), key=lambda row: parse_printed_decimal(row["parameter"][0]))
    assert len(rows) == len(expected["points"])
    for row, point in zip(rows, expected["points"], strict=True):
        assert row["status"] == "proved" and row["unstable_eigenvalues"] == point["n_u"]
        assert agrees(row["parameter"], point["parameter"]) and agrees(row["omega"], point["omega"])
        if point["l1"] is not None:  # of reduced systems it depends on which variables were left out
            assert agrees(row["first_lyapunov_coefficient"], point["l1"])
