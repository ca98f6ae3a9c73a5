"""Runs: the same bytes however they came about, and nothing lost or done twice."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import start
from runs import STATE, HereEngine, command, go, snapshot, write_run

from proofgen.batch import engines
from proofgen.batch import run as run_module
from proofgen.batch.form import load_run
from proofgen.batch.merge import merge_shards
from proofgen.batch.packing import unpack
from proofgen.batch.run import read_contents
from proofgen.batch.state import State
from proofgen.batch.status import run_status
from proofgen.bundle import place
from proofgen.bundle.disk import manifest_holds
from proofgen.check import check_path
from proofgen.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 15 networks that was never interrupted."""
    directory = tmp_path_factory.mktemp("whole")
    go(write_run(directory), directory / "out")
    return directory / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_a_run_states(whole: Path) -> None:
    results = json.loads((whole / "results.json").read_text())
    networks, points, failures = (rows(whole / f"{name}.csv") for name in ("networks", "points", "failures"))
    assert results["networks"] == len(networks) == 15
    assert [row["status"] for row in networks] == ["proved"] * 12 + ["incomplete", "incomplete", "failed"]
    assert results["points"] == len(points) == sum(int(row["points"]) for row in networks)
    assert results["supercritical"] + results["subcritical"] == results["points"]
    assert results["accepted"] == sum(row["check"] == "accepted" for row in networks) == 14
    assert {row["network"] for row in failures} == {"odd-000001", "odd-000002", "odd-000003"}
    assert failures[-1]["code"] == "input"
    assert "odd-000003: network.activation: got 'tan'" in failures[-1]["reason"]
    assert results["failures_by_code"] == {
        code: sum(row["code"] == code for row in failures) for code in {row["code"] for row in failures}
    }
    assert "timing" not in results and set(results["versions"]) >= {"proofgen", "sympy", "python-flint", "flint"}


def test_tables_say_what_prove_says(whole: Path, tmp_path: Path) -> None:
    """One network proved by itself: the same certificates, and its rows are its claims."""
    spec = tmp_path / "tanh-000009.toml"
    spec.write_text(
        '[network]\nfamily = "asymmetric-rnn"\n'
        'random = { generator = "matlab", seed = 3, dimension = 5, perturbation = "0.01" }\n'
    )
    code, _, err = command("prove", spec, "--out", tmp_path / "alone", "--no-check")
    assert code == 0, err
    contents = read_contents(whole / "networks/tanh/0000/tanh-000009.zip")
    assert contents is not None
    for path in sorted((tmp_path / "alone").rglob("*.json")) + sorted((tmp_path / "alone").rglob("*.npy")):
        name = path.relative_to(tmp_path / "alone").as_posix()
        if name != "summary.json":
            assert contents[name] == path.read_bytes()
    mine = [row for row in rows(whole / "points.csv") if row["network"] == "tanh-000009"]
    assert len(mine) == 2
    for row in mine:
        claims = json.loads(contents[f"points/{row['point']}.json"])["claims"]
        assert [row["l1_lo"], row["l1_hi"]] == claims["first_lyapunov_coefficient"]
        assert [row["parameter_lo"], row["parameter_hi"]] == claims["parameter"]
        assert row["criticality"] == claims["criticality"]
        assert row["network.random.seed"] == "3" and row["network.random.perturbation"] == "0.01"


def test_packed_bundles_are_bundles(whole: Path) -> None:
    for path in whole.glob("networks/*/*/*.zip"):
        code, out, _ = command("check", path)
        assert code == 0 and str(path) in out and "ACCEPTED" in out
        break


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 3])  # two of them: test_the_commands
def test_jobs_do_not_matter(whole: Path, tmp_path: Path, jobs: int) -> None:
    go(write_run(tmp_path), tmp_path / "out", jobs=jobs)
    assert snapshot(tmp_path / "out") == snapshot(whole)


@pytest.mark.parametrize("packing", [pytest.param("directory", marks=pytest.mark.slow), "tar.zst"])
def test_packing_does_not_matter(whole: Path, tmp_path: Path, packing: str) -> None:
    """Other archives, the same contents; changing the packing of a run repacks it."""
    results = go(write_run(tmp_path, packing=packing), tmp_path / "out")
    assert results["points"] == json.loads((whole / "results.json").read_text())["points"]
    ours, theirs = rows(tmp_path / "out/networks.csv"), rows(whole / "networks.csv")
    for mine, other in zip(ours, theirs, strict=True):
        assert mine["content_sha256"] == other["content_sha256"]
        if mine["bundle"]:
            assert read_contents(tmp_path / "out" / mine["bundle"]) == read_contents(whole / other["bundle"])
    if packing == "directory":
        for mine in ours[:12]:
            assert manifest_holds(tmp_path / "out" / mine["bundle"])
            assert check_path(tmp_path / "out" / mine["bundle"]).verdict == "accepted"
    go(write_run(tmp_path), tmp_path / "out", resume=True)
    assert snapshot(tmp_path / "out") == snapshot(whole)


def test_resuming_a_finished_run_proves_nothing_again(tmp_path: Path, whole: Path) -> None:
    file = write_run(tmp_path)
    shutil.copytree(whole, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("networks/*/*/*.zip")}
    kept = 0

    def watch(progress: Any) -> None:
        nonlocal kept
        kept = progress.kept

    go(file, tmp_path / "out", resume=True, watch=watch)
    assert kept == 14  # all but the one that has no bundle
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("networks/*/*/*.zip")}
    assert snapshot(tmp_path / "out") == snapshot(whole)


def damaged(out: Path) -> None:
    path = out / "networks/tanh/0000/tanh-000003.zip"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lost(out: Path) -> None:
    (out / "networks/tanh/0000/tanh-000004.zip").unlink()


def replaced(out: Path) -> None:  # a good bundle, of another network
    path = out / "networks/tanh/0000/tanh-000005.zip"
    path.write_bytes((out / "networks/tanh/0000/tanh-000006.zip").read_bytes())


def half_written(out: Path) -> None:
    (out / "networks/tanh/0000/.proofgen-abc.tmp").write_bytes(b"x")
    (out / ".points.csv.tmp").write_bytes(b"x")
    (out / "points.csv").write_bytes(b"network\n")
    (out / "MANIFEST.sha256").unlink()


def stray(out: Path) -> None:  # of a run that was killed before it wrote the row, and then changed
    (out / "networks/tanh/0000/tanh-000099.zip").write_bytes(b"x")
    for name, data in unpack(out / "networks/tanh/0000/tanh-000001.zip").items():
        (out / "networks/tanh/0000/tanh-000001" / name).parent.mkdir(parents=True, exist_ok=True)
        (out / "networks/tanh/0000/tanh-000001" / name).write_bytes(data)


@pytest.mark.parametrize("change", [damaged, lost, replaced, half_written, stray], ids=lambda change: change.__name__)
def test_resuming_mends(tmp_path: Path, whole: Path, change: Callable[[Path], None]) -> None:
    file = write_run(tmp_path)
    shutil.copytree(whole, tmp_path / "out")
    change(tmp_path / "out")
    assert snapshot(tmp_path / "out") != snapshot(whole)
    go(file, tmp_path / "out", resume=True)
    assert snapshot(tmp_path / "out") == snapshot(whole)


def test_resuming_removes_nothing_of_others(tmp_path: Path, whole: Path) -> None:
    shutil.copytree(whole, tmp_path / "out")
    mine = ["networks/tanh/0000/notes.txt", "networks/tanh/0000/.mine.tmp", "networks/tanh/0000/tanh-000001/notes.txt"]
    for name in mine:
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text("mine")
    go(write_run(tmp_path), tmp_path / "out", resume=True)
    assert [(tmp_path / "out" / name).read_text() for name in mine] == ["mine"] * 3


def test_changed_sweeps_and_arrays_are_noticed(tmp_path: Path) -> None:
    text = (
        'title = "t"\n[[group]]\nname = "g"\nspecs = ["net.toml"]\n[group.product]\nparameter.shift = ["0", "0.5"]\n'
        '[[group]]\nname = "h"\n[group.base.network]\nfamily = "asymmetric-rnn"\nR1 = [[0, 1], [-2, 0]]\n'
        "[group.product]\nnetwork.activation = [\"sin\", \"tanh\"]\n"
    )  # fmt: skip
    (tmp_path / "net.toml").write_text('[network]\nfamily = "asymmetric-rnn"\nR1 = "R1.csv"\n')
    (tmp_path / "R1.csv").write_text("0.1,1\n-3,0.2\n")
    file = write_run(tmp_path, text=text)
    go(file, tmp_path / "out")
    before = {row["network"]: row["content_sha256"] for row in rows(tmp_path / "out/networks.csv")}
    (tmp_path / "R1.csv").write_text("0.1,1\n-3,0.25\n")
    write_run(tmp_path, text=text.replace('["sin", "tanh"]', '["tanh"]'))  # h-000001 changes, h-000002 goes
    kept = []
    go(file, tmp_path / "out", resume=True, watch=lambda progress: kept.append(progress.kept))
    after = {row["network"]: row["content_sha256"] for row in rows(tmp_path / "out/networks.csv")}
    assert kept[-1] == 0 and set(after) == set(before) - {"h-000002"}
    assert all(after[name] != before[name] for name in after)
    assert not (tmp_path / "out/networks/h/0000/h-000002.zip").exists()
    go(file, tmp_path / "fresh")
    assert snapshot(tmp_path / "fresh") == snapshot(tmp_path / "out")
    (tmp_path / "R1.csv").write_text("0.1,1\n-3,0.2\n")
    write_run(tmp_path, text=text)
    go(file, tmp_path / "out", resume=True, watch=lambda progress: kept.append(progress.kept))
    assert {row["network"]: row["content_sha256"] for row in rows(tmp_path / "out/networks.csv")} == before


@pytest.mark.slow
def test_killed_and_resumed(tmp_path: Path) -> None:
    """SIGKILL after some progress, again and again, until the run gets through."""
    file = write_run(tmp_path, seeds=12)
    go(file, tmp_path / "whole", jobs=2)
    for wanted in (1, 12, 30, 45, None):
        process = start("batch", file, "--out", tmp_path / "out", "--jobs", "2", "--resume")
        while wanted is not None and process.poll() is None:
            if len(list((tmp_path / "out").glob("networks/*/*/*.zip"))) >= wanted:
                process.kill()
            time.sleep(0.01)
        _, err = process.communicate(timeout=1800)
    assert process.returncode == 3, err
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "whole")
    assert {path.name for path in (tmp_path / "out").iterdir() if path.is_file()} - STATE == {
        path.name for path in (tmp_path / "whole").iterdir() if path.is_file()
    } - STATE


@pytest.mark.parametrize("packing", ["zip", "directory"])
def test_a_full_disk_stops_with_one_message_and_can_be_resumed(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    file = write_run(tmp_path, packing=packing)
    module, name, files = (run_module, "write_atomically", 6) if packing == "zip" else (place, "_write", 50)
    written = 0
    write = getattr(module, name)

    def full(path: Path, data: bytes) -> None:
        nonlocal written
        written += 1
        if written > files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, data)

    monkeypatch.setattr(module, name, full)
    with pytest.raises(InputError, match=r"tanh-.*: could not be written \(No space left on device\); --resume goes on"):
        go(file, tmp_path / "out")
    monkeypatch.undo()
    assert not (tmp_path / "out/MANIFEST.sha256").exists()
    status = run_status(tmp_path / "out")["runs"][0]
    assert status["state"] == "stopped" and 0 < status["done"] < 15
    go(file, tmp_path / "out", resume=True)
    assert (tmp_path / "out/points.csv").read_bytes() == (whole / "points.csv").read_bytes()
    if packing == "zip":
        assert snapshot(tmp_path / "out") == snapshot(whole)


# Two runs in one directory -------------------------------------------------------------------------


def test_a_run_is_not_overwritten(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="out: holds a run already; --resume goes on with it"):
        go(write_run(tmp_path), whole)


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.mine.tmp").write_text("x")
    with pytest.raises(InputError, match=r"out: holds other files \(\.mine\.tmp\); expected an empty or new directory"):
        go(write_run(tmp_path), tmp_path / "home")
    assert [path.name for path in (tmp_path / "home").iterdir()] == [".mine.tmp"]


def test_workers_with_other_software(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Path) -> None:
    from proofgen.batch import work

    file = write_run(tmp_path)
    real = work.versions()
    monkeypatch.setattr(work, "versions", lambda: {**real, "sympy": "0.1"})
    results = go(file, tmp_path / "out")
    assert results["failed"] == 15 and results["failures_by_code"] == {"other-software": 15}
    monkeypatch.undo()
    go(file, tmp_path / "out", resume=True)
    assert snapshot(tmp_path / "out") == snapshot(whole)


@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "4"])
def test_threads_of_linear_algebra_do_not_matter(tmp_path: Path, whole: Path, threads: str) -> None:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    process = start("batch", write_run(tmp_path), "--out", tmp_path / "out", environment=dict.fromkeys(names, threads))
    _, err = process.communicate(timeout=1800)
    assert process.returncode == 3, err
    assert snapshot(tmp_path / "out") == snapshot(whole)


def test_two_runs_in_one_directory(tmp_path: Path) -> None:
    file = write_run(tmp_path, seeds=200)
    process = start("batch", file, "--out", tmp_path / "out")
    while not list((tmp_path / "out").glob("networks/*/*/*.zip")):
        assert process.poll() is None
        time.sleep(0.05)
    status = run_status(tmp_path / "out")["runs"][0]
    assert status["state"] == "running" and status["pid"] == process.pid and status["total"] == 803
    with pytest.raises(InputError, match=rf"another run works here: process {process.pid} on .*, since 2"):
        go(file, tmp_path / "out", resume=True)
    process.kill()
    process.communicate()
    assert run_status(tmp_path / "out")["runs"][0]["state"] == "stopped"
    said: list[str] = []
    write_run(tmp_path, seeds=1)
    go(file, tmp_path / "out", resume=True, say=said.append)
    assert said == [said[0]] and re.search(rf"the last run here \(process {process.pid} on .*was killed", said[0])
    said.clear()
    go(file, tmp_path / "out", resume=True, say=said.append)
    assert said == []
    assert run_status(tmp_path / "out")["runs"][0]["state"] == "finished"


# Shards --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "packing"), [pytest.param(4, "zip", marks=pytest.mark.slow), (2, "directory")])
def test_shards_merge_to_the_whole(tmp_path: Path, count: int, packing: str) -> None:
    file = write_run(tmp_path, packing=packing)
    go(file, tmp_path / "whole")
    out = tmp_path / "out"
    for number in range(1, count + 1):
        if number == count:
            with pytest.raises(InputError, match=rf"1 shards are missing \({number}/{count}\)"):
                merge_shards(out)
        go(file, out, shard=f"{number}/{count}")
    assert [run["state"] for run in run_status(out)["runs"]] == ["finished"] * count
    results = merge_shards(out)
    assert results["networks"] == 15
    assert snapshot(out) == snapshot(tmp_path / "whole")
    merge_shards(out)  # once more changes nothing
    assert snapshot(out) == snapshot(tmp_path / "whole")
    kept = []
    go(file, out, resume=True, watch=lambda progress: kept.append(progress.kept))  # and it is a run like any other
    assert kept[-1] == 14 and snapshot(out) == snapshot(tmp_path / "whole")


def test_shards_of_different_runs_do_not_merge(tmp_path: Path) -> None:
    go(write_run(tmp_path, seeds=1), tmp_path / "out", shard="1/2")
    go(write_run(tmp_path, seeds=2), tmp_path / "out", shard="2/2")
    with pytest.raises(InputError, match="another run file than in shard-1-of-2"):
        merge_shards(tmp_path / "out")
    go(write_run(tmp_path, seeds=2), tmp_path / "out", shard="1/2", resume=True)
    path = tmp_path / "out/shard-1-of-2/networks/tanh/0000/tanh-000001.zip"
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    with pytest.raises(InputError, match=r"tanh-000001\.zip: damaged or missing"):
        merge_shards(tmp_path / "out")
    path.write_bytes(good)
    assert merge_shards(tmp_path / "out")["networks"] == 11


def test_merging_writes_over_nothing_else(tmp_path: Path) -> None:
    file, out = write_run(tmp_path, seeds=1), tmp_path / "out"
    for number in (1, 2):
        go(file, out, shard=f"{number}/2")
    (out / "points.csv").write_text("mine")
    with pytest.raises(InputError, match=r"points\.csv: is in the way of what a merged run writes"):
        merge_shards(out)
    assert (out / "points.csv").read_text() == "mine"
    (out / "points.csv").unlink()
    (out / "run.toml").write_text("mine")
    with pytest.raises(InputError, match=r"out/run\.toml: is another run file than that of the shards"):
        merge_shards(out)
    shutil.copy(file, out)  # the run file of the shards may lie there
    merge_shards(out)
    merge_shards(out)
    assert len(json.loads((out / "performance.json").read_text())["sessions"]) == 2
    shutil.rmtree(out / "networks")
    for path in [path for path in out.iterdir() if path.is_file()]:
        path.unlink()
    other = write_run(tmp_path / "other", seeds=2)
    go(other, tmp_path / "other/out")
    for path in (tmp_path / "other/out").iterdir():
        shutil.move(path, out)
    with pytest.raises(InputError, match="out: holds another run; expected only its shards here"):
        merge_shards(out)


def test_odd_shards(tmp_path: Path) -> None:
    file, out = write_run(tmp_path, seeds=1), tmp_path / "out"
    for number in (1, 2):
        go(file, out, shard=f"{number}/2")
    shutil.copytree(out / "shard-1-of-2", out / "shard-01-of-2")
    with pytest.raises(InputError, match=r"shard-01-of-2: is the shard 1/2; expected that of its name"):
        merge_shards(out)
    shutil.rmtree(out / "shard-01-of-2")
    (out / "shard-1-of-2/run.toml").unlink()
    with pytest.raises(InputError, match=r"shard-1-of-2/run\.toml: no such file; expected a run file"):
        merge_shards(out)
    shutil.rmtree(out / "shard-1-of-2")
    State(out / "shard-1-of-2").close()  # killed at once
    with pytest.raises(InputError, match="shard-1-of-2: this shard is not finished"):
        merge_shards(out)


def test_no_shards(tmp_path: Path) -> None:
    code, out, err = command("merge", tmp_path)
    assert code == 2 and not out and "no shards (shard-I-of-N) here" in err


# What a person sees --------------------------------------------------------------------------------


def test_the_commands(tmp_path: Path, whole: Path, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """In two processes, which do not matter: the run is that of one."""
    file = write_run(tmp_path)
    code, out, err = command("batch", file, "--out", tmp_path / "out", "--jobs", 2)
    assert snapshot(tmp_path / "out") == snapshot(whole)
    shown = [f"$ proofgen batch run.toml --out out  (exit code {code})", out]
    code, out, _ = command("status", tmp_path / "out")
    shown += [f"$ proofgen status out  (exit code {code})", out]
    code, out, _ = command("check", tmp_path / "out")
    shown += [f"$ proofgen check out  (exit code {code})", out]
    text = "\n".join(shown).replace(str(tmp_path) + "/", "")
    golden("batch-commands.txt", "\n".join(line.rstrip() for line in text.splitlines()) + "\n")
    *earlier, last = err.splitlines()  # a slow machine says more than once how far it is
    assert re.fullmatch(r"proofgen: 15 of 15 networks, [0-9]+ new Hopf points, .*/s, 2 incomplete, 1 failed", last)
    assert all(re.match(r"proofgen: [0-9]+ of 15 networks, ", line) for line in earlier)
    monkeypatch.setattr(engines, "LocalEngine", HereEngine)
    code, out, _ = command("batch", file, "--out", tmp_path / "out", "--resume", "--json")
    assert code == 3 and json.loads(out) == json.loads((tmp_path / "out/results.json").read_text())
    code, out, _ = command("status", tmp_path / "out", "--json")
    assert json.loads(out)["runs"][0]["points"] == json.loads((tmp_path / "out/results.json").read_text())["points"]
    performance = json.loads((tmp_path / "out/performance.json").read_text())
    assert len(performance["sessions"]) == 2 and performance["stage_seconds"]["proof"] > 0
    memory = performance["worker_memory_bytes"]
    assert len(memory) == 10 and min(memory) > 10**7


def test_status_of_nothing(tmp_path: Path) -> None:
    code, out, err = command("status", tmp_path)
    assert code == 2 and not out and "expected the directory of a run" in err


@pytest.mark.parametrize("command_line", ["status {}", "merge {}", "tally {} --by x", "check {}", "batch run.toml --out {}"])
def test_names_that_are_too_long(tmp_path: Path, command_line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, err = command(*command_line.format("x" * 300).split())
    assert code == 2 and not out and len(err.splitlines()) == 1 and "x" * 50 in err


@pytest.mark.parametrize(
    ("address", "reason"),
    [("nowhere", "Invalid url|missing port"), ("odd://host:1", "unknown address scheme"), pytest.param("tcp://127.0.0.1:1", "Timed out", marks=pytest.mark.slow)],
)
def test_no_dask_scheduler(tmp_path: Path, address: str, reason: str) -> None:
    """One message, and no directory that --resume would have to go on with."""
    pytest.importorskip("distributed")
    code, out, err = command("batch", write_run(tmp_path), "--out", tmp_path / "out", "--dask", address)
    assert code == 2 and not out and not (tmp_path / "out").exists()
    assert re.fullmatch(rf"proofgen: --dask: got '{address}': no Dask scheduler answers \((?:{reason}).*\)\n", err)


def test_reading_is_for_bundles(whole: Path) -> None:
    for path in (whole, whole / "networks/tanh/0000/tanh-000001.zip"):
        code, out, err = command("check", path, "--reading")
        assert code == 2 and not out and "--reading: got" in err and "expected a bundle or a certificate, not packed" in err


def test_bundles_with_documents(tmp_path: Path) -> None:
    """documents = true writes what `prove` writes, LaTeX too."""
    text = write_run(tmp_path, seeds=1).read_text().replace("[output]", "[output]\ndocuments = true")
    go(write_run(tmp_path, text=text), tmp_path / "out")
    contents = read_contents(tmp_path / "out/networks/tanh/0000/tanh-000003.zip")
    assert contents is not None and {"summary.tex", "evaluator.py", "points/hopf-0001.tex"} <= set(contents)
    assert json.loads(contents["summary.json"])["points"][0]["tex"] == "points/hopf-0001.tex"


def test_render_works_on_an_unpacked_bundle(whole: Path, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(whole / "networks/tanh/0000/tanh-000003.zip") as archive:
        archive.extractall(tmp_path / "bundle")
    code, _, err = command("render", tmp_path / "bundle")
    assert code == 0, err
    assert (tmp_path / "bundle/points/hopf-0001.tex").exists()
    assert check_path(tmp_path / "bundle").verdict == "accepted"


def test_the_run_file_is_kept(whole: Path, tmp_path: Path) -> None:
    assert load_run(whole / "run.toml").sha256 == load_run(write_run(tmp_path)).sha256
