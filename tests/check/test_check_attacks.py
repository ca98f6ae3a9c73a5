"""Attacks that once worked against the checker, or made it hang: none may be accepted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from check_tools import load, read, rehash

check = load()
CERTIFICATES = Path(__file__).resolve().parents[1] / "certificates"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CERTIFICATES / "good" / "n6-seed80", tmp_path / "bundle"))


def change(path: Path, edit: object) -> None:
    document = read(path)
    edit(document)  # type: ignore[operator]
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("folder", sorted((CERTIFICATES / "attacks").iterdir()), ids=lambda path: path.name)
def test_whole_bundles(folder: Path) -> None:
    assert (folder / "TITLE").read_text().strip()
    assert check.check_path(folder).exit_code == 1


def test_more_files_than_the_checker_reads(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate behind the last file that is read must not go unseen."""
    monkeypatch.setattr("checker.files.MAX_NAMES", 2)
    assert check.check_path(bundle).exit_code == 3


def test_too_many_terms(bundle: Path) -> None:
    change(bundle / "problem.json", lambda p: p["layers"][0]["weights"].extend([{"coefficient": "0", "identity": True}] * 200))
    rehash(bundle)
    assert check.check_path(bundle).exit_code == 1


def test_denominators_without_a_common_multiple_of_bounded_size(bundle: Path) -> None:
    def edit(p: dict) -> None:  # type: ignore[type-arg]
        p["layers"][0]["weights"] += [
            {"coefficient": "1", "matrix": f"Z{k}", "transpose": False} for k in range(40)
        ]
        reference = {"file": "arrays/Z.npy", "shape": [6, 6], "sha256": "0" * 64}
        p["arrays"] |= {f"Z{k}": {**reference, "denominator": str(10**4000 + 2 * k + 1)} for k in range(40)}

    import numpy as np

    np.save(bundle / "arrays" / "Z.npy", np.zeros((6, 6), dtype=np.int64))
    change(bundle / "problem.json", edit)
    rehash(bundle)
    report = check.check_path(bundle)
    assert report.exit_code in (1, 3)


def test_many_limbs(bundle: Path) -> None:
    path = bundle / "points" / "hopf-0001.json"
    change(path, lambda c: c["witness"].update(X=c["witness"]["X"] * 64))
    assert check.check_path(path).exit_code == 1


def test_undecided_points_of_the_summary_state_nothing_more(tmp_path: Path) -> None:
    source = next(path for path in sorted((CERTIFICATES / "good").iterdir()) if path.name.startswith("double"))
    bundle = Path(shutil.copytree(source, tmp_path / "bundle"))
    assert check.check_path(bundle).exit_code == 0
    for key, value in (
        ("criticality", "supercritical"),
        ("unstable_eigenvalues", 1),
        ("parameter", ["2", "1"]),
        ("id", "hopf-0002"),
        ("tex", "/etc/passwd"),
    ):
        change(bundle / "summary.json", lambda s, key=key, value=value: s["points"][0].update({key: value}))
        assert check.check_path(bundle).exit_code == 1, key
        shutil.copy(source / "summary.json", bundle / "summary.json")


def test_points_of_the_summary_are_in_order(bundle: Path) -> None:
    change(bundle / "summary.json", lambda s: s["points"].reverse())
    assert check.check_path(bundle).exit_code == 1


@pytest.mark.parametrize("text", ["z" + "*1" * 800, "-" * 900 + "z"])
def test_deep_expressions_are_not_accepted(bundle: Path, text: str) -> None:
    change(bundle / "problem.json", lambda p: p["layers"][0].update(activation=text))
    rehash(bundle)
    assert check.check_path(bundle).exit_code in (1, 3)


def test_repeated_functions_are_computed_once(bundle: Path) -> None:
    text = "z*(1" + "+erf(31.9)" * 100 + "-100*erf(31.9))"
    change(bundle / "problem.json", lambda p: p["layers"][0].update(activation=text))
    rehash(bundle)
    assert check.check_path(bundle).exit_code in (1, 3)
    assert sum(node.f == "erf" for node in check.activation(text)[0].nodes) == 1
