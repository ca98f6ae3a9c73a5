"""Forged pieces around cubic curves and with compounds: what is false or proves nothing is refused, for that reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, write
from forgeries import array_change, forged, setting

from proofgen import api
from proofgen.check import check_path, table
from proofgen.spec.load import load

TEXTBOOK = Path(__file__).parents[2] / "proofs" / "textbook"
FILE = "branch.json"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lorenz' equations: one Hopf point, on a piece by the compound, without an index."""
    out = tmp_path_factory.mktemp("compounds") / "bundle"
    result = api.prove(load(TEXTBOOK / "lorenz.toml"), out, check=False)
    assert result.bundle.summary.complete
    report = check_path(str(out))
    assert report.exit_code == 0, table(report)
    return out


def pieces_of(root: Path) -> tuple[list[Any], int]:
    """All pieces, and the place of that with the point."""
    pieces = read(root / FILE)["witness"]["pieces"]
    (place,) = [i for i, piece in enumerate(pieces) if piece["kind"] == "hopf"]
    assert pieces[place]["index"] is None
    return pieces, place


def refused(bundle: Path, tmp_path: Path, change: Callable[[Path], object], reason: str) -> None:
    report = check_path(str(forged(bundle, tmp_path / "forged", change)))
    assert report.exit_code == 1, table(report)
    assert reason in table(report) and "defect of the checker" not in table(report), table(report)


def slope_of(bundle: Path) -> str:
    file: str = read(bundle / FILE)["witness"]["slope"]["file"]
    return file


def test_a_piece_with_a_point_is_not_clear(bundle: Path, tmp_path: Path) -> None:
    pieces, k = pieces_of(bundle)
    piece = pieces[k] | {"kind": "clear", "point": None}
    changes = [(("witness", "pieces", k), piece), (("claims", "complete"), False)]
    refused(bundle, tmp_path, setting(FILE, *changes), "neither is the compound")


@pytest.mark.parametrize("index", [1, 2])
def test_an_index_is_that_of_a_pair(bundle: Path, tmp_path: Path, index: int) -> None:
    """Of three eigenvalues one pair is one: an index names discs, not the compound."""
    _, k = pieces_of(bundle)
    refused(bundle, tmp_path, setting(FILE, (("witness", "pieces", k, "index"), index)), f"piece {k} ")


def test_a_clear_piece_takes_no_point(bundle: Path, tmp_path: Path) -> None:
    """That lies elsewhere."""
    pieces, k = pieces_of(bundle)
    exchanged = [(("witness", "pieces", k), pieces[k] | {"kind": "clear", "point": None}),
                 (("witness", "pieces", k + 1), pieces[k + 1] | {"kind": "hopf", "point": pieces[k]["point"]})]  # fmt: skip
    refused(bundle, tmp_path, setting(FILE, *exchanged), f"piece {k} ")
    moved = [(("witness", "pieces", k + 1), pieces[k + 1] | {"kind": "hopf", "point": pieces[k]["point"]})]
    refused(bundle, tmp_path / "too", setting(FILE, *moved), "lies outside of it")


def test_a_longer_piece(bundle: Path, tmp_path: Path) -> None:
    """The piece with the point as long as ten, the others left out: nothing is monotone over it, nor is the branch proved."""
    pieces, k = pieces_of(bundle)
    wide = pieces[k] | {"interval": [pieces[max(0, k - 8)]["interval"][0], pieces[min(len(pieces) - 1, k + 8)]["interval"][1]]}

    def change(root: Path) -> None:
        branch = read(root / FILE)
        branch["witness"]["pieces"] = [piece | {"interval": wide["interval"]} if i == k else piece for i, piece in enumerate(pieces)]
        write(root / FILE, branch)

    refused(bundle, tmp_path, change, "pieces overlap")


@pytest.mark.parametrize("row", [0, 1, 2])
def test_another_curve(bundle: Path, tmp_path: Path, row: int) -> None:
    """c_1, c_2 or c_3 of the piece with the point: its tube does not hold the branch any more."""
    _, k = pieces_of(bundle)

    def change(array: Any) -> Any:
        array = np.array(array)
        array[3 * k + row] += [0.5, 4.0, 64.0][row]
        return array

    refused(bundle, tmp_path, array_change(slope_of(bundle), change), f"piece {k} ")


@pytest.mark.parametrize("rows", [1, 2])
def test_rows_that_are_missing(bundle: Path, tmp_path: Path, rows: int) -> None:
    """The chords alone do not stay in the tubes; two rows for each piece are none of the format."""

    def change(root: Path) -> None:
        count = len(read(root / FILE)["witness"]["pieces"])

        def fewer(array: Any) -> Any:
            return np.ascontiguousarray(np.array(array).reshape(count, 3, -1)[:, :rows].reshape(rows * count, -1))

        array_change(slope_of(root), fewer)(root)
        branch = read(root / FILE)
        branch["witness"]["slope"]["shape"] = [rows * count, 3]
        write(root / FILE, branch)

    refused(bundle, tmp_path, change, "piece " if rows == 1 else "slope is not a binary64 array")


def test_a_map_has_no_compound(bundle: Path, tmp_path: Path) -> None:
    """x + f(x) as a map has other multipliers; neither discs nor the compound may be taken for its pieces."""
    problem = read(bundle / "problem.json")
    changed = problem | {"time": "discrete", "equations": [f"{x} + ({f})" for x, f in zip(problem["variables"], problem["equations"], strict=True)]}
    refused(bundle, tmp_path, lambda root: write(root / "problem.json", changed), "")


def test_few_pieces_are_needed(tmp_path: Path) -> None:
    """Hodgkin and Huxley's equations: with chords and discs alone they are hundreds, and short beside both Hopf points."""
    result = api.prove(load(TEXTBOOK / "hodgkin-huxley.toml"), tmp_path / "bundle", check=False)
    assert result.bundle.summary.complete
    pieces = read(tmp_path / "bundle" / FILE)["witness"]["pieces"]
    assert len(pieces) <= 80
    lengths = [float(high) - float(low) for low, high in (piece["interval"] for piece in pieces if piece["kind"] == "hopf")]
    assert len(lengths) == 2 and min(lengths) > 0.1
