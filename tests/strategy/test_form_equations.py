"""Equations whose branch is covered with quadratic forms: accepted by both engines, and forged pieces are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, write
from forged import assert_refused
from networks import TWO_CELLS

from proofgen import api
from proofgen.check import check_path, table
from proofgen.spec.load import load_text
from proofgen.strategy import workshop


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Quadratic forms are for large systems; here every one is large."""
    root = tmp_path_factory.mktemp("equations") / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(workshop.FORM_DIMENSION, "equations", 2)
        api.prove(load_text(TWO_CELLS), root, check=False)
    yield root


def test_what_is_written_is_accepted(bundle: Path) -> None:
    branch = read(bundle / "branch.json")
    pieces = branch["witness"]["pieces"]
    assert branch["method"] == "lyapunov-pieces" and branch["claims"]["complete"]
    assert {(piece["kind"], piece["margin"] is None) for piece in pieces} == {("clear", False), ("hopf", False)}
    (point,) = branch["claims"]["points"]
    assert float(point["parameter"][0]) <= 1 <= float(point["parameter"][1])
    reports = [check_path(bundle, engine=engine) for engine in ("python", "auto")]
    assert reports[0].exit_code == 0, table(reports[0])
    assert table(reports[0]) == table(reports[1])


def in_array(name: str, value: Callable[[Any], Any]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / "arrays" / f"pieces-{name}.npy"
        np.save(path, value(np.load(path)))

    return change


def in_pieces(of: str, **values: Any) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        piece = next(piece for piece in branch["witness"]["pieces"] if piece["kind"] == of)
        piece.update(values)
        write(root / "branch.json", branch)

    return change


def joined(root: Path) -> None:
    """The first piece reaches to the end of the second."""
    branch = read(root / "branch.json")
    pieces = branch["witness"]["pieces"]
    pieces[0]["interval"][1] = pieces[1]["interval"][0] = pieces[1]["interval"][1]
    write(root / "branch.json", branch)


FORGERIES: dict[str, Callable[[Path], None]] = {
    "-P": in_array("P", lambda P: -P),
    "-G": in_array("G", lambda G: -G),
    "c moved": in_array("curve", lambda c: c + np.where(np.arange(len(c)) % 4 == 0, 1e-2, 0)[:, None]),
    "c' turned": in_array("curve", lambda c: c * np.where(np.arange(len(c)) % 4 == 1, -1, 1)[:, None]),
    "r larger": in_pieces("clear", radius="0.5"),
    "r smaller": in_pieces("clear", radius="1e-14"),
    "q larger": in_pieces("clear", margin="1.5"),
    "g larger": in_pieces("hopf", branch_margin="1.5"),
    "a piece over more than it is for": joined,
    "U moved": in_array("U", lambda U: U + 0.25),
    "a clear piece for the point's": in_pieces("hopf", kind="clear", point=None, branch_margin=None, shift=None),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_piece_is_refused(forgery: str, bundle: Path, tmp_path: Path) -> None:
    assert_refused(bundle, FORGERIES[forgery], tmp_path / "bundle")
