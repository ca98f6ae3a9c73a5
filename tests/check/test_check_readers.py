"""Fuzzing of every reader: only the checker's own errors come out."""

from __future__ import annotations

import contextlib
import json
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from bundle_maker import save
from check_tools import CERTIFICATES, load, rehash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

check = load()
ERRORS = (check.Rejected, check.Undecided)
quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.one_of(st.text(max_size=40), st.from_regex(r"-?[0-9]*\.?[0-9]*e?-?[0-9]*", fullmatch=True),
                 st.text("0123456789.e-+", max_size=30)))  # fmt: skip
def test_decimals(text: str) -> None:
    try:
        value = check.fraction(text, "x")
    except ERRORS:
        return
    assert value == Fraction(text)


@pytest.mark.parametrize("text", ["", "-", "+1", "01", "1.", ".5", "1e+5", "1e05", "1E5", " 1", "1 ", "NaN", "inf", "1_0", "0x1", "1e4097",
                                  "1e99999999999", "9" * 4097, "1/2", "\u0661", "--1", "1\n"])  # fmt: skip
def test_not_decimals(text: str) -> None:
    with pytest.raises(check.Rejected):
        check.fraction(text, "x")


def test_long_decimals() -> None:
    assert check.fraction("9" * 4096, "x") == 10**4096 - 1
    assert check.fraction("-0." + "0" * 4000 + "1e-4096", "x") == -Fraction(1, 10**8097)
    assert check.fraction("-0", "x") == 0


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.floats(),
                           lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=8), v, max_size=4), max_leaves=20)  # fmt: skip


@quick
@given(st.one_of(st.binary(max_size=60), json_values.map(lambda v: json.dumps(v).encode())))
def test_json(data: bytes) -> None:
    try:
        value = check.read_json(data, "x")
    except ERRORS:
        return
    assert value == json.loads(data)
    assert "." not in repr([v for v in [value] if isinstance(v, float)])


@quick
@given(json_values)
def test_values_of_any_type(value: object) -> None:
    for spec in (
        check.PROBLEM,
        check.BRANCH,
        check.CERTIFICATE,
        check.SUMMARY,
        check.number,
        check.enclosure,
        [check.enclosure],
    ):
        try:
            check.parse(value, spec, "x")
        except ERRORS:
            continue
    with tempfile.TemporaryDirectory() as folder:
        bundle = check.Bundle(Path(folder))
        for read in (bundle.array, bundle.exact_array):
            try:
                read(value, "x")
            except ERRORS:
                continue
        with contextlib.suppress(*ERRORS):
            bundle.limb_sum(value, "x", (2, 2))


def npy(root: Path, array: np.ndarray) -> bytes:
    return (root / save(root, "A", array)["file"]).read_bytes()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_arrays(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        original = npy(root, np.array([[1.5, -2.0], [1e-300, 5e-324]]))
        at = data.draw(st.integers(0, len(original) - 1))
        damaged = data.draw(
            st.sampled_from(
                [original[:at], original[:at] + data.draw(st.binary(min_size=1, max_size=3)) + original[at + 1 :]]
            )
        )
        (root / "arrays" / "A.npy").write_bytes(damaged)
        reference = {"file": "arrays/A.npy", "sha256": check.hashlib.sha256(damaged).hexdigest(), "shape": [2, 2]}
        try:
            array = check.Bundle(root).array(reference, "x")
        except ERRORS:
            return
        expected = np.load(root / "arrays" / "A.npy")
        assert [[Fraction(x, array.unit) for x in row] for row in array.rows] == [
            [Fraction(x.item()) for x in row] for row in expected
        ]


@pytest.mark.parametrize("array", [np.array([[np.nan]]), np.array([[np.inf]]), np.ones((2, 2), np.float32), np.ones((2, 2), ">f8"),
                                   np.ones((2, 2), complex), np.ones((2, 2, 2)), np.array([[None]], object), np.ones((2, 0)),
                                   np.ones((1, 1), "<u8")])  # fmt: skip
def test_refused_arrays(array: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / "arrays").mkdir()
    with open(tmp_path / "arrays" / "A.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=(1, 0))
    data = (tmp_path / "arrays" / "A.npy").read_bytes()
    reference = {"file": "arrays/A.npy", "sha256": check.hashlib.sha256(data).hexdigest(), "shape": list(array.shape)}
    with pytest.raises(check.Rejected):
        check.Bundle(tmp_path).array(reference, "x")


def test_integer_arrays_and_fortran_order(tmp_path: Path) -> None:
    reference = save(tmp_path, "I", np.array([[1, -(2**63)], [3, 4]], "<i8")) | {"denominator": "10"}
    array = check.Bundle(tmp_path).array(reference, "x")
    assert (array.rows, array.unit) == ([[1, -(2**63)], [3, 4]], 10)
    for denominator in ("0", "-1", "1.5"):
        with pytest.raises(check.Rejected):
            check.Bundle(tmp_path).array(reference | {"denominator": denominator}, "x")
    with open(tmp_path / "arrays" / "F.npy", "wb") as file:
        np.lib.format.write_array(file, np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), version=(1, 0))
    digest = check.hashlib.sha256((tmp_path / "arrays" / "F.npy").read_bytes()).hexdigest()
    with pytest.raises(check.Rejected):
        check.Bundle(tmp_path).array({"file": "arrays/F.npy", "sha256": digest, "shape": [2, 2]}, "x")


def test_vectors_of_dyadics_and_matrices_of_dyadics() -> None:
    bundle = check.Bundle(Path("nowhere"))
    vector = bundle.exact_array({"entries": [[5, -3], "0.5", [1, 0]]}, "x")
    assert (vector.shape, vector.rows, vector.unit) == ((3,), [[5, 4, 8]], 8)
    vector = bundle.exact_array({"entries": [[5, -3], [1, 0]]}, "x")
    assert vector.shape == (2,)
    matrix = bundle.exact_array({"entries": [[[5, -3], [1, 0]], ["0.25", [-1, 1]]]}, "x")
    assert (matrix.shape, matrix.rows, matrix.unit) == ((2, 2), [[5, 8], [2, -16]], 8)


@quick
@given(st.one_of(st.text("z+-*/()0123456789.e explogsincotahqrf", max_size=40), st.text(max_size=20)))
def test_expressions(text: str) -> None:
    try:
        sigma = check.sigma_at_zero(text)
    except ERRORS:
        return
    assert len(sigma) == 3
    assert 0 not in sigma[0]


N4 = CERTIFICATES / "good" / "n4-printed"
FILES = ["problem.json", "branch.json", "summary.json", "points/hopf-0001.json", "MANIFEST.sha256"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damaged_bundles_end_in_a_verdict(name: str, data: st.DataObject) -> None:
    import shutil

    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(N4, Path(folder) / "bundle"))
        original = (root / name).read_bytes()
        at = data.draw(st.integers(0, len(original) - 1))
        (root / name).write_bytes(original[:at] + data.draw(st.binary(min_size=1, max_size=2)) + original[at + 1 :])
        report = check.check_path(root)
        assert report.exit_code in (0, 1, 3)
        assert "defect of the checker" not in check.table(report)
        if report.exit_code == 0:  # only in what proves nothing
            assert name == "summary.json" or (root / name).read_bytes() == original


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FILES[:2] + FILES[3:4]), json_values, st.data())
def test_wrong_types_end_in_a_verdict(name: str, value: object, data: st.DataObject) -> None:
    import shutil

    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(N4, Path(folder) / "bundle"))
        (root / "summary.json").unlink()
        document = json.loads((root / name).read_text())
        place, keys = document, data.draw(st.integers(0, 4))
        key: object = data.draw(st.sampled_from(sorted(document)))
        for _ in range(keys):
            inner = place[key]
            if not isinstance(inner, dict | list) or not inner:
                break
            place = inner
            key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        place[key] = value
        (root / name).write_text(json.dumps(document))
        with contextlib.suppress(KeyError, TypeError, AttributeError, ValueError, OSError):
            rehash(root)
        report = check.check_path(root)
        assert report.exit_code in (0, 1, 3)
        assert "defect of the checker" not in check.table(report)


def test_arrays_that_are_too_large_are_not_refuted(tmp_path: Path) -> None:
    """Stacks of pieces may hold more numbers than a single matrix; what is beyond a limit is incomplete."""
    (tmp_path / "arrays").mkdir()
    reference = save(tmp_path, "A", np.full((700, 90), 0.75))
    stored = check.Bundle(tmp_path).stored(reference, "x", 700 * 90)
    assert stored.shape == (700, 90) and stored.denominator is None
    assert check.binary64(stored.data[8 * 90 * 3 : 8 * 90 * 4], "x") == ([3] * 90, 4)
    with pytest.raises(check.Undecided):
        check.Bundle(tmp_path).stored(reference, "x", 700 * 80)
    with pytest.raises(check.Rejected):
        check.Bundle(tmp_path).stored(reference | {"shape": [700, 91]}, "x")
