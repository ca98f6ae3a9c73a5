"""Tables: binary64 columns enclose the exact ones, and CSV and Parquet say the same."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as parquet
from hypothesis import given
from hypothesis import strategies as st

from proofgen.batch.tables import cell, mid_rad, value_types, writing
from proofgen.bundle.hopf_point import HopfRow

NUMBERS = st.fractions() | st.floats(allow_nan=False, allow_infinity=False).map(Fraction)


@given(NUMBERS, NUMBERS)
def test_mid_and_rad_enclose_and_are_narrow(one: Fraction, other: Fraction) -> None:
    low, high = min(one, other), max(one, other)
    mid, rad = mid_rad(low, high)
    if math.isinf(rad):
        assert max(abs(low), abs(high)) > Fraction(2) ** 1022
        return
    assert Fraction(mid) - Fraction(rad) <= low and high <= Fraction(mid) + Fraction(rad)
    ulp = Fraction(math.ulp(mid))
    assert Fraction(rad) <= ((high - low) / 2 + ulp) * (1 + Fraction(1, 2**52)) + Fraction(5e-324)


def test_huge_numbers() -> None:
    assert mid_rad(Fraction(10) ** 400, Fraction(10) ** 401) == (math.inf, math.inf)
    assert mid_rad(-Fraction(10) ** 401, Fraction(10) ** 400)[1] == math.inf


def test_types_of_swept_values() -> None:
    chosen = [(("seed", 1), ("spec", "a")), (("seed", 2), ("size", 2**70)), (("seed", 3),)]
    assert value_types(chosen) == {"seed": "integer", "spec": "text", "size": "text"}


def test_csv_and_parquet_agree(tmp_path: Path) -> None:
    values = {"seed": "integer", "kind": "text"}
    row = {"network": "g-000001", "group": "g", "seed": 3, "kind": 'a "quoted", word', "dimension": 4,
           "parameter_mid": 0.1, "parameter_rad": 1e-300, "parameter_lo": "0.1", "unstable_eigenvalues": None}  # fmt: skip
    with writing(tmp_path, values, [HopfRow]) as tables:
        for k in range(6000):  # more than one chunk
            tables.points[HopfRow].add([{**row, "seed": k}])
    with (tmp_path / "points.csv").open(newline="") as stream:
        texts = list(csv.DictReader(stream))
    table = parquet.read_table(tmp_path / "points.parquet").to_pylist()
    assert len(texts) == len(table) == 6000
    for text, typed in zip(texts, table, strict=True):
        assert text == {key: cell(value) for key, value in typed.items()}
    assert typed["seed"] == 5999 and typed["parameter_mid"] == 0.1 == float(text["parameter_mid"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{name}.{kind}" for name in ("failures", "networks", "points") for kind in ("csv", "parquet")
    ]  # fmt: skip
