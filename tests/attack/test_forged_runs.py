"""Forged runs are rejected, whatever it is that tables, totals and bundles tell alike."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from run_forgeries import RUN, bundle_forgeries, consistent, contents_of, put, table, table_forgeries, total_forgeries
from runs import HereEngine, go, write_run

from proofgen.batch import recheck
from proofgen.batch.recheck import check_run

RUNS = {"directory-nk": ("directory", "newton-kantorovich"), "tar.zst": ("tar.zst", "spectral"), "zip": ("zip", "spectral")}
SMOKE, USUAL = 4, 40


@pytest.fixture(scope="module", params=[pytest.param(name, marks=[] if name == "directory-nk" else pytest.mark.slow) for name in RUNS])
def good(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    packing, method = RUNS[request.param]
    directory = tmp_path_factory.mktemp("run")
    go(write_run(directory, text=RUN.replace("METHOD", method), packing=packing), directory / "out")
    return directory / "out"


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in tests/batch: the check's own processes cost seconds to start."""
    monkeypatch.setattr(recheck, "LocalEngine", HereEngine)


@pytest.mark.parametrize("what", [pytest.param("sample", marks=[]), *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("tables", "totals", "bundles"))])
def test_forged_runs(what: str, good: Path, request: pytest.FixtureRequest, tmp_path: Path, tried: Counter[str]) -> None:
    size, seed = (request.config.getoption(key) for key in ("--attack-size", "--attack-seed"))
    kinds = {"tables": table_forgeries, "totals": total_forgeries, "bundles": bundle_forgeries}
    listed = [forgery for kind in ([what] if what in kinds else kinds) for forgery in kinds[kind](good)]
    found = []
    for name, change in random.Random(f"{what} {seed}").sample(listed, min(USUAL * size if what in kinds else SMOKE, len(listed))):
        out = Path(shutil.copytree(good, tmp_path / "forged"))
        change(out)
        consistent(out)
        report = check_run(out)
        tried["run forgeries"] += 1
        if report["exit_code"] == 0:
            found.append(name)
        shutil.rmtree(out)
    assert not found, "\n".join(found)


def test_the_run_is_accepted(good: Path, tmp_path: Path) -> None:
    """Also after a forger's work that changes nothing; and it has points of a box, and an undecided network."""
    out = Path(shutil.copytree(good, tmp_path / "out"))
    rows = table(out / "networks.csv")
    place = next(row[rows[0].index("bundle")] for row in rows[1:])
    put(out, place, contents_of(out / place))
    consistent(out)
    report = check_run(out)
    assert report["exit_code"] == 0, report["failures"]
    assert report["networks"] == 5 and report["points"] >= 4
