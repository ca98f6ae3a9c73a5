"""What `proofgen check` finds at a path; REJECTED is said of refuted claims only."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import run

from proofgen.batch.items import Shard
from proofgen.batch.state import State
from proofgen.bundle.disk import MANIFEST

GOOD = Path(__file__).parents[1] / "certificates" / "good"
COMMITTED = Path(__file__).parents[2] / "proofs" / "certificates"


def unfinished(directory: Path) -> None:
    directory.mkdir(parents=True)
    state = State(directory)
    for key, value in (("total", 12), ("title", "t"), ("finished", False), ("shard", [1, 1])):
        state.set(key, value)
    state.commit()
    state.close()


@pytest.mark.parametrize("kind", ["nothing", "run", "resumed run", "shards", "summary", "empty", "texts"])
def test_where_nothing_can_be_checked(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    missing = {"nothing": "no such directory", "texts": "not a bundle: missing problem.json", "empty": "missing problem.json",
               "summary": "a summary alone proves nothing: proofgen prove SPEC", "shards": "proofgen merge place",
               "run": "the run is not finished (0 of 12 networks are done)", "resumed run": "is not finished (0 of 12"}  # fmt: skip
    if kind in ("run", "resumed run"):
        unfinished(place)
        if kind == "resumed run":
            (place / "results.json").write_text("{}")
    elif kind == "shards":
        unfinished(place / Shard(1, 2).name)
    elif kind == "summary":
        shutil.copytree(COMMITTED / "n20-seed80", place)
    elif kind != "nothing":
        place.mkdir()
        if kind == "texts":
            (place / "a.txt").write_text("mine")
    done = run("check", "place", cwd=tmp_path)
    assert done.returncode == 2 and not done.stdout and missing[kind] in done.stderr, done
    assert done.stderr.startswith("error: 'place': ") and done.stderr.count("\n") == 1
    (report,) = json.loads(run("check", "place", "--json", cwd=tmp_path).stdout)["reports"]
    assert (report["exit_code"], report["verdict"]) == (2, "not checked") and missing[kind] in report["usage"]


def test_a_folder_of_bundles(tmp_path: Path) -> None:
    """Such as `proofgen paper` writes: each is checked."""
    for name in ("n4-printed", "planar"):
        shutil.copytree(GOOD / name, tmp_path / "paper" / name)
    (tmp_path / "paper" / "notes").mkdir()
    done = run("check", "paper", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.count("ACCEPTED") == 2 and "paper/planar: " in done.stdout
    (tmp_path / "paper" / "planar" / "points" / "hopf-0001.json").write_text("{}")
    assert run("check", "paper", cwd=tmp_path).returncode == 1
    shutil.copytree(COMMITTED / "n20-seed80", tmp_path / "paper" / "large")
    done = run("check", "paper", cwd=tmp_path)
    assert done.returncode == 2 and "paper/large': not a bundle" in done.stderr and "n4-printed" in done.stdout


def test_a_bundle_that_lost_its_problem(tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(GOOD / "planar", tmp_path / "bundle"))
    (bundle / "problem.json").unlink()
    done = run("check", bundle, cwd=tmp_path)
    assert done.returncode == 2 and "not a bundle: missing problem.json" in done.stderr
    (bundle / MANIFEST).unlink()
    assert run("check", bundle / "points" / "hopf-0001.json", cwd=tmp_path).returncode == 2
