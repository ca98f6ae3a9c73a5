"""Boxes of weights by array and by entry: a box wider than proved is rejected, and so is every malformed one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import CERTIFICATES, load, read, rehash, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

check = load()
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ZERO_BRANCH, LAYERED = "radii-by-entry", "rate-rnn-radii"


def report(base: str, tmp_path: Path, edit: Callable[[Any], Any]) -> Any:
    """The report on a bundle whose problem.json was changed and whose digests were made consistent."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / base, tmp_path / "bundle", dirs_exist_ok=True))
    document = read(root / "problem.json")
    edit(document)
    write(root / "problem.json", document)
    rehash(root)
    return check.check_path(root, engine="python")


def scaled(entry: Any, factor: int) -> Any:
    if isinstance(entry, str):
        return str(float(entry) * factor)
    if isinstance(entry[0], int):
        return [entry[0] * factor, entry[1]]
    return [scaled(x, factor) for x in entry]


def scale(name: str, factor: int, place: tuple[int, ...] | None = None) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        radii = document["weight_radius"]
        if isinstance(radii[name], str):
            radii[name] = scaled(radii[name], factor)
        elif place is None:
            radii[name]["entries"] = scaled(radii[name]["entries"], factor)
        else:
            row = radii[name]["entries"][place[0]]
            row[place[1]] = scaled(row[place[1]], factor)

    return edit


@pytest.mark.parametrize("base", [ZERO_BRANCH, LAYERED])
def test_the_bases_have_radii_by_entry(base: str, tmp_path: Path) -> None:
    radii = read(CERTIFICATES / "good" / base / "problem.json")["weight_radius"]
    assert any(isinstance(radius, dict) for radius in radii.values())
    assert report(base, tmp_path, lambda document: None).exit_code == 0


@pytest.mark.parametrize(
    ("base", "name", "factor"),
    [(ZERO_BRANCH, "R2", 2), (ZERO_BRANCH, "R1", 128), (ZERO_BRANCH, "bias", 16), (LAYERED, "W1", 8), (LAYERED, "b1", 8)],
)
def test_a_box_wider_than_proved(base: str, name: str, factor: int, tmp_path: Path) -> None:
    found = report(base, tmp_path, scale(name, factor))
    assert (found.verdict, found.exit_code) == ("rejected", 1)


@pytest.mark.parametrize("i", range(5))
@pytest.mark.parametrize("j", range(5))
@pytest.mark.parametrize("name", ["R1", "R2"])
def test_one_radius_wider_than_proved(name: str, i: int, j: int, tmp_path: Path) -> None:
    """Every entry counts, but for the diagonal of R1, which cancels in R1 − R1ᵀ: there every radius is true."""
    found = report(ZERO_BRANCH, tmp_path, scale(name, 2**14, (i, j)))
    assert found.verdict == ("accepted" if name == "R1" and i == j else "rejected")


@pytest.mark.parametrize(("base", "name"), [(ZERO_BRANCH, "R1"), (ZERO_BRANCH, "R2"), (ZERO_BRANCH, "bias"), (LAYERED, "W1"), (LAYERED, "b1")])
def test_fewer_networks(base: str, name: str, tmp_path: Path) -> None:
    assert report(base, tmp_path, lambda document: document["weight_radius"].pop(name)).exit_code == 0


@pytest.mark.parametrize("name", ["R1", "R2", "bias"])
def test_proved_for_one_network_only(name: str, tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document["weight_radius"] = {name: "1e-3"}

    assert report("bias", tmp_path, edit).verdict == "rejected"


def test_the_report_states_the_box(tmp_path: Path) -> None:
    found = report(ZERO_BRANCH, tmp_path, lambda document: None)
    assert found.to_dict()["weight_radius"] == {"R1": "1/8388608", "R2": "1/131072", "bias": "1/10000"}
    text = check.table(found)
    assert "for every network whose weights and biases differ by at most the radii" in text and "bias 0.0001" in text
    exact = check.check_path(CERTIFICATES / "good" / "bias")
    assert exact.to_dict()["weight_radius"] == {} and "every network" not in check.table(exact)


def test_one_radius_written_by_array(tmp_path: Path) -> None:
    def by_array(document: Any) -> None:
        document["weight_radius"] = dict.fromkeys(document["arrays"], document["weight_radius"])

    def by_entry(document: Any) -> None:
        radius, n = document["weight_radius"], document["dimension"]
        document["weight_radius"] = {name: {"entries": [[radius] * n] * n} for name in ("R1", "R2")}
        document["weight_radius"]["bias"] = {"entries": [radius] * n}

    def wider(document: Any) -> None:
        by_entry(document)
        document["weight_radius"]["R2"]["entries"] = [["2e-6"] * document["dimension"]] * document["dimension"]

    assert report("weight-radius", tmp_path, by_array).exit_code == 0
    assert report("weight-radius", tmp_path, by_entry).exit_code == 0
    assert report("weight-radius", tmp_path, wider).exit_code == 1


MALFORMED: dict[str, Any] = {
    "negative": {"R1": "-1e-9"},
    "negative entry": {"bias": {"entries": ["0", "0", "0", "0", "-1e-9"]}},
    "negative dyadic": {"bias": {"entries": ["0", "0", "0", "0", [-1, -30]]}},
    "unknown array": {"R3": "0"},
    "empty name": {"": "0"},
    "other shape": {"R1": {"entries": [["0", "0"], ["0", "0"]]}},
    "vector for a matrix": {"R1": {"entries": ["0", "0", "0", "0", "0"]}},
    "matrix for a vector": {"bias": {"entries": [["0"], ["0"], ["0"], ["0"], ["0"]]}},
    "row for a vector": {"bias": {"entries": [["0", "0", "0", "0", "0"]]}},
    "rows of different length": {"bias": {"entries": [["0"], ["0", "0"]]}},
    "no number": {"R1": 0},
    "null": {"R1": None},
    "a format's name": {"R1": "float16"},
    "a format's name for all": "float16",
    "a list": ["0"],
    "a truth value": True,
    "a float": {"R1": 1e-9},
    "no entries": {"R1": {}},
    "a file that is not there": {"R1": {"file": "arrays/none.npy", "sha256": "0" * 64, "shape": [5, 5]}},
    "a file outside": {"R1": {"file": "../R1.npy", "sha256": "0" * 64, "shape": [5, 5]}},
    "NaN": {"R1": "NaN"},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_radii(name: str, tmp_path: Path) -> None:
    """Also where each radius is 0 or negative, so that the box itself would do no harm."""
    found = report(ZERO_BRANCH, tmp_path, lambda document: document.update(weight_radius=MALFORMED[name]))
    assert found.verdict == "rejected"


def test_the_arrays_of_the_parameter_are_exact(tmp_path: Path) -> None:
    """A radius for an array that is also γ's direction would make that uncertain; FORMAT.md excludes it."""

    def edit(document: Any) -> None:
        document["layers"][0]["parameter"] = [{"coefficient": "1", "matrix": "W1", "transpose": False}]

    assert report(LAYERED, tmp_path, edit).verdict == "rejected"

    def direction(document: Any) -> None:
        document["arrays"]["E"] = {"entries": [["1", "0"], ["0", "0"]]}
        document["layers"][0]["parameter"] = [{"coefficient": "1", "matrix": "E", "transpose": False}]

    def uncertain(document: Any) -> None:
        direction(document)
        document["weight_radius"]["E"] = "0"

    assert report(LAYERED, tmp_path, direction).verdict == "accepted"
    assert report(LAYERED, tmp_path, uncertain).verdict == "rejected"


def stored(root: Path, factor: float) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        entries = document["weight_radius"]["R2"]["entries"]
        np.save(root / "arrays" / "R2-radius.npy", factor * np.array([[m * 2.0**e for m, e in row] for row in entries]))
        document["weight_radius"]["R2"] = {"file": "arrays/R2-radius.npy", "sha256": "", "shape": [5, 5]}

    return edit


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "accepted"), (2.0, "rejected"), (-1.0, "rejected"), (float("nan"), "rejected")])
def test_radii_in_a_file(factor: float, verdict: str, tmp_path: Path) -> None:
    (tmp_path / "bundle" / "arrays").mkdir(parents=True)
    assert report(ZERO_BRANCH, tmp_path, stored(tmp_path / "bundle", factor)).verdict == verdict


def test_a_changed_file_of_radii(tmp_path: Path) -> None:
    (tmp_path / "bundle" / "arrays").mkdir(parents=True)
    assert report(ZERO_BRANCH, tmp_path, stored(tmp_path / "bundle", 1.0)).exit_code == 0
    root = tmp_path / "bundle"
    np.save(root / "arrays" / "R2-radius.npy", np.zeros((5, 5)))
    assert check.check_path(root).exit_code == 1  # not the digest of problem.json


@UNTIMED
@given(st.data())
def test_delta_by_brute_force(data: Any) -> None:
    """Δ_ij is the largest change of W⁰_ij over all choices of the array entries."""
    n = data.draw(st.integers(1, 3))
    number = st.fractions(0, 3, max_denominator=7)
    radii: dict[str, Any] = {}
    for name in ("A", "B"):
        if data.draw(st.booleans()):
            rows = [[data.draw(number) for _ in range(n)] for _ in range(n)]
            unit = check.lcm(*(x.denominator for row in rows for x in row))
            radii[name] = check.Array([[int(x * unit) for x in row] for row in rows], unit, (n, n))
        else:
            radii[name] = data.draw(number)
    coefficient = st.sampled_from([Fraction(x) for x in ("-2", "-1", "0", "1/2", "1")])
    terms = [(data.draw(coefficient), name, flipped, None) for name in ("A", "B", "A") for flipped in (False, True)]
    terms.append((Fraction(5), None, False, None))  # the identity is exact
    unit = data.draw(st.integers(1, 12))
    delta, factor = check.delta_of(check.Bundle(Path(".")), terms, radii, n, n, unit)

    def radius(name: str, i: int, j: int) -> Fraction:
        r = radii[name]
        return Fraction(r.rows[i][j], r.unit) if isinstance(r, check.Array) else r

    for i in range(n):
        for j in range(n):
            weights: dict[tuple[str, int, int], Fraction] = {}
            for c, name, flipped, _ in terms:
                if name is not None:
                    place = (name, j, i) if flipped else (name, i, j)
                    weights[place] = weights.get(place, Fraction(0)) + c
            largest = sum((abs(c) * radius(*place) for place, c in weights.items()), Fraction(0))
            assert Fraction(delta[i][j], unit * factor) == largest


def test_incomplete_without_a_witness(tmp_path: Path) -> None:
    """Without an eigenbasis the one unsettled piece must contain ±‖W‖_∞ for every W in the box."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / ZERO_BRANCH, tmp_path / "bundle"))
    for path in (root / "points").iterdir():
        path.unlink()
    (root / "summary.json").unlink()
    document = read(root / "problem.json")
    rows = np.array([[float(x) for x in row] for row in document["arrays"]["R1"]["entries"]])
    W = rows - rows.T + np.array([[float(x) for x in row] for row in document["arrays"]["R2"]["entries"]])
    norm = np.abs(W).sum(1).max()
    for margin, code in ((-1e-3, 1), (1e-6, 1), (1e-4, 0)):
        branch = read(root / "branch.json")
        end = f"{norm + margin:.9f}"
        piece = {"interval": ["-" + end, end], "reason": "none", "code": "no-eigenbasis"}
        branch["claims"] |= {"points": [], "real_crossings": [], "complete": False, "unsettled": [piece]}
        branch |= {"witness": None, "bounds": None}
        write(root / "branch.json", branch)
        rehash(root)
        assert check.check_path(root).exit_code == code, margin
