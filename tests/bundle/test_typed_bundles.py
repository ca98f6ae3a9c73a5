"""Documents as typed values: what is read is what was written, and nothing else is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofgen.bundle.codec import ArrayReference, dyadic, read_as, written
from proofgen.bundle.disk import manifest_holds
from proofgen.bundle.json_text import dump
from proofgen.bundle.kinds import POINTS
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.errors import InputError
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.numbers.printed import Decimal, Enclosure

CERTIFICATES = Path(__file__).parents[2] / "proofs" / "certificates"
BUNDLES = sorted(path.name for path in CERTIFICATES.iterdir() if (path / "branch.json").exists())


@pytest.mark.parametrize("name", BUNDLES)
def test_every_committed_bundle_is_written_as_it_was_read(name: str) -> None:
    root = CERTIFICATES / name
    assert manifest_holds(root)
    bundle = load_bundle(root)
    documents = {"branch.json": bundle.branch_document, "summary.json": bundle.summary_document}
    documents |= {f"points/{point}.json": document for point, document in bundle.point_documents.items()}
    for path, document in documents.items():
        assert dump(document).encode() == (root / path).read_bytes(), path
    files, file = describe(bundle.problem)
    assert files.contents["problem.json"] == (root / "problem.json").read_bytes()
    assert (file.sha256, file.arrays) == (bundle.file.sha256, bundle.file.arrays)


def test_every_kind_of_point_is_among_them() -> None:
    found = {point.method for name in BUNDLES for point in load_bundle(CERTIFICATES / name).points.values()}
    assert found == set(POINTS)


@dataclass(frozen=True)
class Inner:
    count: int
    said: bool


@dataclass(frozen=True)
class Everything:
    enclosure: Enclosure
    bound: Decimal | None
    number: Fraction
    array: ArrayReference
    items: tuple[Inner, ...]
    pair: tuple[Enclosure, Enclosure]
    text: str = "as before"


GOOD: dict[str, Any] = {
    "enclosure": ["-1.5", "2e-3"], "bound": "0.25", "number": [3, -2],
    "array": {"file": "arrays/X.npy", "sha256": "0" * 64, "shape": [2, 3]}, "items": [{"count": 3, "said": True}],
    "pair": [["0", "0"], ["1", "1"]], "text": "x",
}  # fmt: skip


def test_values_of_every_type() -> None:
    value = read_as(Everything, GOOD)
    assert value.enclosure.ends == (Fraction(-3, 2), Fraction(1, 500)) and value.number == Fraction(3, 4)
    assert value.items == (Inner(3, True),) and value.array.shape == (2, 3)
    assert written(value) == GOOD
    assert read_as(Everything, {key: item for key, item in GOOD.items() if key != "text"}).text == "as before"
    assert written(read_as(Everything, GOOD | {"bound": None, "other": 1})) == GOOD | {"bound": None}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("enclosure", ["1", "0"]), ("enclosure", ["0"]), ("enclosure", "01"), ("enclosure", [0, 1]),
        ("enclosure", ["nan", "nan"]), ("enclosure", ["-inf", "inf"]), ("enclosure", ["+1", "2"]),
        ("enclosure", ["0", "1e99999"]), ("enclosure", ["0", "1 "]), ("enclosure", ["\u0661", "2"]), ("bound", ["1", "2"]),
        ("bound", 0.25), ("bound", ".5"), ("bound", True), ("number", [1, 10**6]), ("number", [2**64, 0]),
        ("number", [True, 0]), ("number", [1, 0, 0]), ("array", None), ("array", {"file": "arrays/X.npy"}),
        ("array", GOOD["array"] | {"file": "arrays/../X.npy"}), ("array", GOOD["array"] | {"sha256": "0"}),
        ("array", GOOD["array"] | {"shape": [-1]}), ("items", {}), ("items", [{"count": -1, "said": True}]),
        ("items", [{"count": True, "said": True}]), ("items", [{"count": 1, "said": 1}]), ("items", [{"count": 1}]),
        ("pair", [["0", "0"]]), ("text", 3), ("text", None),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_refused_by_its_key(key: str, wrong: object) -> None:
    with pytest.raises(InputError, match=key):
        read_as(Everything, GOOD | {key: wrong})


@pytest.mark.parametrize("key", [key for key in GOOD if key != "text"])
def test_what_is_missing_is_named(key: str) -> None:
    with pytest.raises(InputError, match=f"{key}: this key is missing"):
        read_as(Everything, {name: item for name, item in GOOD.items() if name != key})


@given(st.fractions(), st.fractions(min_value=0))
def test_a_printed_enclosure_is_its_text(low: Fraction, width: Fraction) -> None:
    """Rounded outward, and the exact value of each end is what its text says."""
    printed = Enclosure.around(low, low + width)
    assert printed.low <= low and low + width <= printed.high
    assert printed.ends == tuple(map(parse_printed_decimal, printed.text))
    assert printed.excludes_zero == (printed.low > 0 or printed.high < 0)


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4))
def test_disjoint_and_hull(ends: list[int]) -> None:
    a, b, c, d = ends
    one, two = (Enclosure.exactly(Fraction(min(x)), Fraction(max(x))) for x in ((a, b), (c, d)))
    meet = set(range(min(a, b), max(a, b) + 1)) & set(range(min(c, d), max(c, d) + 1))
    assert one.disjoint(two) == (not meet) == two.disjoint(one)
    assert one.hull(two).ends == (min(ends), max(ends)) and one.hull(two).text == (str(min(ends)), str(max(ends)))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_of_a_witness_are_exact(x: float) -> None:
    said = dyadic(Fraction(x))
    assert isinstance(said, list) and Fraction(said[0]) * Fraction(2) ** said[1] == Fraction(x)
    assert said[0] % 2 or said[0] == 0


def test_a_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    source = CERTIFICATES / "n4-printed"
    for name in ("problem.json", "branch.json", "summary.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    (tmp_path / "points").mkdir()
    for path in (source / "points").glob("*.json"):
        document = json.loads(path.read_text()) | {"method": "cusp"}
        (tmp_path / "points" / path.name).write_text(json.dumps(document))
    with pytest.raises(InputError, match="method: expected one of zero-branch, gain-branch, spectral, newton-kantorovich"):
        load_bundle(tmp_path)
