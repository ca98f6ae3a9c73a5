"""Periodic orbits in the tables of a run: rows of proved and undecided ones, compared with the bundles by the check."""

from __future__ import annotations

import csv
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from runs import go, write_run
from test_recheck import consistent, edit

from proofgen.batch.page import write_page
from proofgen.batch.recheck import check_run
from proofgen.batch.tally import page, tally
from proofgen.errors import InputError
from proofgen.numbers.printed import Enclosure

RUN = """
title = "orbits"
check = true

[[group]]
name = "radial"

[group.base.network]
family = "equations"
variables = ["x", "y"]
equations = ["mu*x - y - x*(x**2 + y**2)", "x + mu*y - y*(x**2 + y**2)"]
start = ["0", "0"]

[group.base.parameter]
name = "mu"
interval = ["-0.5", "0.5"]

[group.base.orbits]
at = ["0.1", "1000"]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("orbits")
    go(write_run(directory, text=RUN), directory / "out")
    return directory / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_row_for_each_orbit_that_was_asked_for(run: Path) -> None:
    """On x' = mu x - y - x r^2 the orbit of radius r has mu = r^2, period 2 pi, and p^H x_1 = r/sqrt 2 for q^H q = 1."""
    proved, undecided = rows(run / "orbits.csv")
    assert [proved[key] for key in ("orbit", "hopf", "status", "stable")] == ["orbit-0001", "hopf-0001", "proved", "true"]
    assert proved["amplitude_lo"] == proved["amplitude_hi"] == "0.1"
    assert Fraction(1, 50) in Enclosure.of(proved["parameter_lo"], proved["parameter_hi"])
    assert undecided["status"] == "undecided" and undecided["reason"] and not undecided["parameter_lo"]
    (network,) = rows(run / "networks.csv")
    assert [network[key] for key in ("orbits", "orbits_stable", "orbits_unstable", "orbits_undecided", "orbits_asked")] == ["1", "1", "0", "1", "2"]
    results = json.loads((run / "results.json").read_text())
    assert (results["orbits"], results["orbits_undecided"]) == (1, 1)


def test_the_check_compares_them_with_the_bundles(run: Path, tmp_path: Path) -> None:
    assert check_run(run)["verdict"] == "accepted"
    for number, change in enumerate([("proved", "undecided"), (r",true$", ",false"), (r"^radial.*orbit-0002.*\n", "")]):
        forged = tmp_path / str(number)
        shutil.copytree(run, forged)
        edit(forged / "orbits.csv", change)
        (forged / "orbits.parquet").unlink(missing_ok=True)
        consistent(forged)
        assert check_run(forged)["verdict"] == "rejected", change


def test_the_tally_says_how_many_are_proved(run: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(run, tmp_path / "out"))
    counted = tally(out, "group")
    (cell,) = counted.cells
    assert [(count.total, count.of, count.rest) for count in cell.counts.values()] == [(1, 0, 1), (2, 1, 1)]
    text = " ".join(page(counted, False).split())
    assert "Of 2 periodic orbits that were asked for, at the amplitudes of the run file, 1 are proved" in text
    assert "1 of them are proved to be asymptotically orbitally stable and 0 unstable" in text
    assert "the list of its Hopf points is proved complete" in text  # the open orbit is none of its points


def test_a_count_that_the_page_needs_is_missed(run: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(run, tmp_path / "out"))
    edit(out / "results.json", (r'^ *"orbits_stable": 1,\n', ""))
    consistent(out)
    with pytest.raises(InputError, match="not as a run writes it"):
        tally(out, "group")


def test_the_page_has_them(run: Path) -> None:
    assert "Periodic orbits" in write_page(run).read_text()
