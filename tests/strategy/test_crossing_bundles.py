"""Bundles in which pieces with quadratic forms hold Hopf points: accepted, compared with discs, and forged ones refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, rehash, write
from forged import assert_refused, without_arrays
from networks import PAPER
from ordinary import some

from proofgen import api
from proofgen.check import check_path, table
from proofgen.spec.load import load
from proofgen.strategy import form_crossing, pieces, workshop

NETWORKS = PAPER.parent / "networks"
# unequal leaks; two layers, γ in the second one; three points on one branch
SPECS = {
    "leaks": NETWORKS / "arctan-unequal-leaks.toml",
    "two layers": PAPER.parent / "examples" / "hopfield.toml",
    "three points": NETWORKS / "leaky-tanh-12.toml",
}
POINTS = {"leaks": 2, "two layers": 1, "three points": 3}


def has_form_and_point(piece: Any) -> bool:
    return piece["kind"] == "hopf" and piece["margin"] is not None


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Quadratic forms are for large networks; here every network is large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(workshop.FORM_DIMENSION, "network", 2)
        made = {}
        for name, path in SPECS.items():
            made[name] = tmp_path_factory.mktemp("crossings") / "bundle"
            api.prove(load(path), made[name], check=False)
        yield made


@pytest.mark.parametrize("name", some(SPECS, 0, ["leaks", "two layers"]))
def test_what_is_written_is_accepted(name: str, bundles: dict[str, Path]) -> None:
    """Also by the checker that has no FLINT: the same steps."""
    branch = read(bundles[name] / "branch.json")
    found = branch["witness"]["pieces"]
    assert branch["claims"]["complete"] and sum(map(has_form_and_point, found)) == POINTS[name]
    assert not any(piece["kind"] == "hopf" and piece["margin"] is None for piece in found)
    reports = [check_path(bundles[name], engine=engine) for engine in ("python", "auto")]
    for report in reports:
        assert report.exit_code == 0, table(report)
    assert table(reports[0]) == table(reports[1])


def test_a_method_without_windows_has_pieces_with_discs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workshop.FORM_DIMENSION, "network", 2)
    api.prove(load(SPECS["two layers"]), tmp_path / "bundle", method="newton-kantorovich", check=False)
    branch = read(tmp_path / "bundle" / "branch.json")
    assert branch["claims"]["complete"] and not any(map(has_form_and_point, branch["witness"]["pieces"]))
    assert check_path(tmp_path / "bundle").exit_code == 0


# --- forged pieces ------------------------------------------------------------------------------


def crossing(branch: Any) -> Any:
    return next(piece for piece in branch["witness"]["pieces"] if has_form_and_point(piece))


def in_piece(**values: Any) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        piece = crossing(branch)
        for key, value in values.items():
            piece[key] = value(piece[key]) if callable(value) else value
        write(root / "branch.json", branch)

    return change


def in_array(name: str, value: Callable[[Any, int], Any]) -> Callable[[Path], None]:
    """value: the array and the position of the first crossing among the pieces with forms → the array."""

    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        forms = [piece for piece in branch["witness"]["pieces"] if piece["margin"] is not None]
        path = root / "arrays" / f"pieces-{name}.npy"
        np.save(path, value(np.load(path), forms.index(crossing(branch))))

    return change


def in_P(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def value(P: Any, k: int) -> Any:
        P[k] = change(P[k])
        return P

    return in_array("P", value)


def turned_in_the_first(array: Any, k: int) -> Any:
    array[:2] = array[1::-1].copy()
    return array


def called_clear(root: Path) -> None:
    """The form that shows A − κUVᵀ to be off the axis does not show it of A."""
    branch = read(root / "branch.json")
    for piece in branch["witness"]["pieces"]:
        if has_form_and_point(piece):
            piece |= {"kind": "clear", "point": None, "branch_margin": None, "shift": None}
    branch["witness"] |= {"G": None, "U": None, "V": None}
    branch["claims"]["complete"] = False
    write(root / "branch.json", branch)


def of_another_point(root: Path) -> None:
    branch = read(root / "branch.json")
    first, second = [piece for piece in branch["witness"]["pieces"] if has_form_and_point(piece)][:2]
    first["point"], second["point"] = second["point"], first["point"]
    write(root / "branch.json", branch)


def with_a_larger_window(root: Path) -> None:
    """The certificate claims more than it proves."""
    path = next((root / "points").glob("*.json"))
    point = read(path)
    point["claims"]["window"] = ["-1.99", "1.99"]
    write(path, point)


FORGERIES: dict[str, Callable[[Path], None]] = {
    "called clear": called_clear,
    "of another point": of_another_point,
    "of no point": in_piece(point=None),
    "of an unknown point": in_piece(point="hopf-0009"),
    "real": in_piece(kind="real", point=None, crossing=0),
    "index": in_piece(index=0),
    "pairs": in_piece(pairs=1),
    "centre moved": in_piece(centre=lambda x: [x[0] + (1 << 40), x[1]]),
    "centre outside": in_piece(centre="1.9"),
    "κ 0": in_piece(shift="0"),
    "κ of the other sign": in_piece(shift=lambda x: [-x[0], x[1]]),
    "κ null": in_piece(shift=None),
    "g larger": in_piece(branch_margin="3"),
    "g tiny": in_piece(branch_margin="1e-9"),
    "g negative": in_piece(branch_margin="-0.4"),
    "g null": in_piece(branch_margin=None),
    "g and κ null": in_piece(branch_margin=None, shift=None),
    "q larger": in_piece(margin="3"),
    "q tiny": in_piece(margin="1e-6"),
    "q negative": in_piece(margin="-0.4"),
    "q null": in_piece(margin=None),
    "r smaller": in_piece(radius="1e-13"),
    "r larger": in_piece(radius="10"),
    "-P": in_P(lambda P: -P),
    "0 for P": in_P(lambda P: 0 * P),
    "P times 1e-9": in_P(lambda P: P * 1e-9),
    "-G": in_array("G", lambda G, k: -G),
    "0 for G": in_array("G", lambda G, k: 0 * G),
    "Gᵀ": in_array("G", lambda G, k: np.vstack([G[:6].T, G[6:]])),
    "G not a number": in_array("G", lambda G, k: G * np.nan),
    "0 for U": in_array("U", lambda U, k: 0 * U),
    "0 for V": in_array("V", lambda V, k: 0 * V),
    "U turned": in_array("U", turned_in_the_first),
    "V turned": in_array("V", turned_in_the_first),
    "-U": in_array("U", lambda U, k: -U),
    "2U": in_array("U", lambda U, k: 2 * U),
    "U far off": in_array("U", lambda U, k: U + 0.3),
    "U of the other point": in_array("U", lambda U, k: U[::-1].copy()),
    "c moved": in_array("curve", lambda c, k: c + 1e-2 * (np.arange(len(c)) == 4 * k)[:, None]),
    "c' turned": in_array("curve", lambda c, k: c * np.where(np.arange(len(c)) == 4 * k + 1, -1, 1)[:, None]),
    "a joint moved": in_array("ends", lambda x, k: x + 1e-1 * (np.arange(len(x)) // 2 >= k - 1)[:, None]),
    "no G": without_arrays("G"),
    "no U": without_arrays("U"),
    "no G, U, V": without_arrays("G", "U", "V"),
    "larger window": with_a_larger_window,
}  # fmt: skip


@pytest.mark.parametrize("forgery", some(FORGERIES, 8))
def test_a_forged_piece_is_refused(forgery: str, bundles: dict[str, Path], tmp_path: Path) -> None:
    assert_refused(bundles["leaks"], FORGERIES[forgery], tmp_path / "bundle")


def test_a_second_crossing_on_a_piece_is_refused(bundles: dict[str, Path], tmp_path: Path) -> None:
    """A piece is stretched over its neighbours as far as the next Hopf point."""
    root = tmp_path / "bundle"
    shutil.copytree(bundles["three points"], root)
    branch = read(root / "branch.json")
    found = branch["witness"]["pieces"]
    first, second = [k for k, piece in enumerate(found) if has_form_and_point(piece)][:2]
    found[first]["interval"][1] = found[second]["interval"][0]
    keep = [k for k in range(len(found)) if not first < k < second]
    branch["witness"]["pieces"] = [found[k] for k in keep]
    for name, rows in (("curve", 4), ("P", 1), ("ends", 2)):
        path = root / "arrays" / f"pieces-{name}.npy"
        array = np.load(path)
        kept = np.vstack([array[rows * k : rows * (k + 1)] for k in keep])
        np.save(path, kept)
        branch["witness"][name]["shape"] = list(kept.shape)
    write(root / "branch.json", branch)
    rehash(root)
    report = check_path(root)
    assert report.exit_code == 1, table(report)


def test_the_prover_falls_back_to_discs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no piece with forms is found around a point, discs are tried."""
    monkeypatch.setitem(workshop.FORM_DIMENSION, "network", 2)
    monkeypatch.setattr(form_crossing, "crossing_candidate", lambda *_: None)
    assert pieces.hopf_form is form_crossing.hopf_form
    api.prove(load(SPECS["two layers"]), tmp_path / "bundle", check=False)
    branch = read(tmp_path / "bundle" / "branch.json")
    kinds = {(piece["kind"], piece["margin"] is None) for piece in branch["witness"]["pieces"]}
    assert branch["claims"]["complete"] and ("hopf", True) in kinds and ("hopf", False) not in kinds
    assert check_path(tmp_path / "bundle").exit_code == 0
