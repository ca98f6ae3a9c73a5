"""`proofgen check` on whole runs: tables are believed only as far as checked bundles go."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet as parquet
import pytest
from engine_work import not_begun
from ordinary import some
from runs import go, write_run

from proofgen.batch import engines, read, recheck
from proofgen.batch.names import is_run
from proofgen.batch.packing import content_digest, pack, unpack
from proofgen.batch.recheck import check_packed, check_run, run_table
from proofgen.bundle.disk import manifest_bytes

NETWORKS = "networks/tanh/0000"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("good")
    go(write_run(directory, seeds=1), directory / "out")
    return directory / "out"


def consistent(out: Path) -> None:
    """All hashes of a forged run are made right again, as a forger would."""
    results = json.loads((out / "results.json").read_text())
    results["run_sha256"] = hashlib.sha256((out / "run.toml").read_bytes()).hexdigest()
    (out / "results.json").write_text(json.dumps(results))
    names = [line.split("  ")[1] for line in (out / "MANIFEST.sha256").read_text().splitlines()]
    there = [name for name in names if (out / name).exists()]
    lines = [f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in there]
    (out / "MANIFEST.sha256").write_text("".join(lines))


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
        assert count == 1, pattern
    path.write_text(text, encoding="utf-8")


def rewrite(out: Path, name: str, change: Callable[[dict[str, bytes]], None], *, digests: bool = True) -> None:
    """Change the files of a packed bundle, with its manifest and its digest in the table made right."""
    path = out / f"{NETWORKS}/{name}.zip"
    contents = unpack(path)
    before = content_digest(contents)
    change(contents)
    if digests:
        contents["MANIFEST.sha256"] = manifest_bytes({k: v for k, v in contents.items() if k != "MANIFEST.sha256"})
    path.write_bytes(pack(contents, ".zip"))
    edit(out / "networks.csv", (before, content_digest(contents)))


def replace_in(contents: dict[str, bytes], path: str, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, contents[path].decode(), count=1)
    assert count == 1
    contents[path] = text.encode()


def wrong_sign_everywhere(out: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        for path in ("points/hopf-0001.json", "summary.json"):
            text = contents[path].decode()
            kinds = {"supercritical": "subcritical", "subcritical": "supercritical"}
            old = re.search(r'"criticality": "(\w+)"', text)[1]  # type: ignore[index]
            contents[path] = text.replace(f'"criticality": "{old}"', f'"criticality": "{kinds[old]}"', 1).encode()

    rewrite(out, "tanh-000001", change)


def point_dropped(out: Path) -> None:
    edit(out / "points.csv", (r"^tanh-000001,.*\n", ""))


def point_twice(out: Path) -> None:
    edit(out / "points.csv", (r"^(tanh-000001,.*\n)", r"\1\1"))


def point_moved(out: Path) -> None:
    edit(out / "points.csv", (r"^(tanh-000001,.*\n)((?:.*\n)*)", r"\2\1"))


TABLES = ("networks", "points", "failures")


def all_rows(path: Path, pattern: str, head: str, row: str) -> None:
    """Change the head of a table, and every row."""
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [re.sub(pattern, row if k else head, line, count=1) for k, line in enumerate(lines)]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def links_in_a_circle(out: Path) -> None:
    shutil.rmtree(out / "networks/tanh")
    (out / "networks/tanh").symlink_to("tanh")


FORGERIES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a number of the table": (
        lambda out: edit(out / "points.csv", (r"(,supercritical|,subcritical)$", ",neither")), "another value of criticality"
    ),
    "a binary64 column": (
        lambda out: edit(out / "points.csv", (r"(hopf-0001,[^,]*,[^,]*),[^,]*", r"\1,0.5")), "another value of parameter_mid"
    ),
    "a point is dropped": (point_dropped, "another number of rows"),
    "a point is there twice": (point_twice, "another number of rows"),
    "a point at another network": (point_moved, "."),
    "the count of a network": (
        lambda out: edit(out / "networks.csv", (r"(^tanh-000001,.*,proved,true,zero-branch),1,", r"\1,2,")), "."
    ),
    "a network is called proved": (
        lambda out: edit(out / "networks.csv", (r"^(odd-000001,.*),incomplete,false", r"\1,proved,true")), "."
    ),
    "a count of the results": (
        lambda out: edit(out / "results.json", (r'"subcritical": (\d+)', r'"subcritical": 99')), "does not have the counts"
    ),
    "a certificate": (wrong_sign_everywhere, "the claim (sub|super)critical is false"),
    "the bundle of another network": (
        lambda out: edit(
            out / "networks.csv",
            (r"networks/tanh/0000/tanh-000001\.zip,\w+", "networks/tanh/0000/tanh-000002.zip,"
             + content_digest(unpack(out / f"{NETWORKS}/tanh-000002.zip")))
        ), "is not the place of its bundle"
    ),
    "a copy of the bundle of another network": (
        lambda out: (out / f"{NETWORKS}/tanh-000001.zip").write_bytes((out / f"{NETWORKS}/tanh-000002.zip").read_bytes())
        and edit(out / "networks.csv", (
            r"tanh-000001\.zip,\w+", "tanh-000001.zip," + content_digest(unpack(out / f"{NETWORKS}/tanh-000002.zip")))
        ), "another network than the run file"
    ),
    "counts without a bundle": (
        lambda out: edit(out / "networks.csv", (r"^(odd-000003.*,failed,)false,,0,0,0,0,(.*)$", r"\1false,,0,5,0,0,\2")),
        "claims without a bundle"
    ),
    "a re-check without a bundle": (
        lambda out: edit(out / "networks.csv", (r"^(odd-000003.*,failed,.*),,,$", r"\1,accepted,,")), "claims without a bundle"
    ),
    "a network is called failed": (
        lambda out: edit(out / "networks.csv", (r"^(tanh-000001,.*),proved,", r"\1,failed,")), "another value of status"
    ),
    "a column twice": (
        lambda out: all_rows(out / "points.csv", r"^(\w[^,]*,\w+),", r"\1,dimension,", r"\1,99,"), "not the columns of a run"
    ),
    "a column of its own": (
        lambda out: all_rows(out / "points.csv", r"$", ",chaotic", ",yes"), "not the columns of a run"
    ),
    "a swept key of its own": (
        lambda out: [all_rows(out / f"{name}.csv", r"^(\w[^,]*,\w+),", r"\1,chaotic,", r"\1,yes,") for name in TABLES]
        and None, "has not the values of the run file"
    ),
    "a line without end": (
        lambda out: (out / "points.csv").open("ab").truncate(2**22) and None, "a line is too long"
    ),
    "the title of the results": (
        lambda out: edit(out / "results.json", (r'"Small run"', '"Large run"')), "not that of the run file"
    ),
    "no title": (lambda out: edit(out / "results.json", (r'"Small run"', "[" * 500 + "]" * 500)), "no title and versions"),
    "a claim of its own": (
        lambda out: edit(out / "results.json", (r'"title"', '"theorem": true, "title"')), "more than them"
    ),
    "links in a circle": (links_in_a_circle, "behind a link"),
    "a bundle without a summary": (
        lambda out: rewrite(out, "tanh-000001", lambda contents: contents.pop("summary.json") and None), "summary.json is missing"
    ),
    "a bundle without its branch": (
        lambda out: rewrite(out, "tanh-000001", lambda contents: contents.pop("branch.json") and None), "."
    ),
    "another network in the bundle": (
        lambda out: rewrite(
            out, "tanh-000001", lambda c: replace_in(c, "problem.json", '"tanh-000001"', '"tanh-0000x1"')
        ), "another network than the run file"
    ),
    "a lost bundle": (lambda out: (out / f"{NETWORKS}/tanh-000001.zip").unlink(), "missing or damaged"),
    "a changed bundle": (
        lambda out: (out / f"{NETWORKS}/tanh-000001.zip").write_bytes(pack({"a": b""}, ".zip")) and None, "not that of content_sha256"
    ),
    "claims without a bundle": (
        lambda out: edit(out / "networks.csv", (r"networks/tanh/0000/tanh-000001\.zip,\w+$", ",")), "claims without a bundle"
    ),
    "a place outside": (
        lambda out: edit(out / "networks.csv", (r"networks/tanh/0000/tanh-000001\.zip", "../tanh-000001.zip")),
        "not the place of its bundle",
    ),
    "a swept value": (
        lambda out: edit(out / "networks.csv", (r"^tanh-000001,tanh,3,0.01,1", "tanh-000001,tanh,3,0.1,1")),
        "has not the values of the run file",
    ),
    "a swept value, of points": (
        lambda out: edit(out / "points.csv", (r"^tanh-000001,tanh,3,0.01,1", "tanh-000001,tanh,3,0.1,1")),
        "do not agree on the swept values",
    ),
    "the run file": (
        lambda out: edit(out / "run.toml", (r'\["0.01", "1"\]', '["0.02", "1"]')), "has not the values of the run file"
    ),
    "a network is dropped": (
        lambda out: edit(out / "networks.csv", (r"^odd-000003.*\n", "")), "."
    ),
    "a line of another length": (lambda out: edit(out / "networks.csv", (r"^(odd-000003.*)$", r"\1,1")), "number of cells"),
    "no table": (lambda out: (out / "points.csv").unlink(), "points.csv is missing"),
}  # fmt: skip


def rejected(good: Path, out: Path, forge: Callable[[Path], None]) -> Any:
    """The report of a forged run with consistent digests."""
    shutil.copytree(good, out)
    forge(out)
    consistent(out)
    report = check_run(out)
    assert report["verdict"] == "rejected" and report["exit_code"] == 1
    return report


@pytest.mark.parametrize("name", some(FORGERIES, 16))
def test_forged_runs_are_rejected(good: Path, tmp_path: Path, name: str) -> None:
    forge, reason = FORGERIES[name]
    report = rejected(good, tmp_path / "out", forge)
    assert any(re.search(reason, failure["reason"]) for failure in report["failures"]), report["failures"]


@pytest.mark.slow
def test_forged_runs_are_rejected_by_worker_processes(processes: None, good: Path, tmp_path: Path) -> None:
    def both(out: Path) -> None:
        wrong_sign_everywhere(out)
        parquet_forgery(lambda t: t.slice(1))(out)

    reasons = [failure["reason"] for failure in rejected(good, tmp_path / "out", both)["failures"]]
    assert "claim" in reasons[0] and "points.parquet" not in reasons[0] and "differs from its CSV table" in reasons[-1]


def parquet_forgery(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def forge(out: Path) -> None:
        parquet.write_table(change(parquet.read_table(out / "points.parquet")), out / "points.parquet")

    return forge


def with_cell(table: Any, name: str, value: object) -> Any:
    place = table.schema.get_field_index(name)
    values = table.column(name).to_pylist()
    return table.set_column(place, table.schema.field(name), pyarrow.array([*values[:-1], value], table.schema.field(name).type))


PARQUET: dict[str, tuple[Callable[[Path], None], str]] = {
    "another enclosure": (parquet_forgery(lambda t: with_cell(t, "omega_hi", "9")), "differs from its CSV table in row .*omega_hi"),
    "another number": (parquet_forgery(lambda t: with_cell(t, "omega_mid", 1.5)), "omega_mid"),
    "an empty cell": (parquet_forgery(lambda t: with_cell(t, "criticality", None)), "criticality"),
    "a row less": (parquet_forgery(lambda t: t.slice(1)), "differs from|another number of rows"),
    "the last row less": (parquet_forgery(lambda t: t.slice(0, len(t) - 1)), "another number of rows"),
    "a row more": (parquet_forgery(lambda t: pyarrow.concat_tables([t, t.slice(0, 1)])), "another number of rows"),
    "a column less": (parquet_forgery(lambda t: t.drop_columns(["point"])), "other columns"),
    "a column more": (parquet_forgery(lambda t: t.append_column("x", t.column("point"))), "other columns"),
    "columns in another order": (parquet_forgery(lambda t: t.select(t.column_names[::-1])), "other columns"),
    "numbers as text": (
        parquet_forgery(lambda t: t.set_column(t.schema.get_field_index("dimension"), "dimension", t.column("dimension").cast("string"))),
        "entries of another kind in 'dimension'",
    ),
    "no Parquet": (lambda out: (out / "points.parquet").write_bytes(b"PAR1, not"), "cannot be read as Parquet"),
    "an empty file": (lambda out: (out / "failures.parquet").write_bytes(b""), "cannot be read as Parquet"),
}  # fmt: skip


@pytest.mark.parametrize("name", some(PARQUET, 5))
def test_forged_parquet_tables_are_rejected(good: Path, tmp_path: Path, name: str) -> None:
    forge, reason = PARQUET[name]
    report = rejected(good, tmp_path / "out", forge)
    assert report["rejected"] == 0
    (failure,) = report["failures"]
    assert failure["network"].endswith(".parquet") and re.search(reason, failure["reason"]), failure
    assert "have the rows" not in run_table(report)


def test_parquet_tables_without_pyarrow_are_not_compared(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = check_run(good)
    assert report["parquet_compared"] and "Parquet tables have the rows of the CSV tables" in run_table(report)
    monkeypatch.setattr(recheck, "has", lambda need: False)
    report = check_run(good)
    assert report["verdict"] == "accepted" and report["parquet"] and not report["parquet_compared"]
    assert "not compared" in run_table(report)


@pytest.mark.slow
def test_a_parquet_reader_that_crashes_decides_nothing(processes: None, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recheck, "check_parquet", crash)
    report = check_run(good)
    assert (report["verdict"], report["exit_code"]) == ("incomplete", 3)
    assert all("was stopped (worker-died" in failure["reason"] for failure in report["failures"])


def crash(root: str, name: str) -> None:
    os._exit(139)


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_good_run_is_accepted(processes: None, good: Path, tmp_path: Path, jobs: int) -> None:
    shutil.copytree(good, tmp_path / "out")
    consistent(tmp_path / "out")
    report = check_run(tmp_path / "out", jobs=jobs)
    assert report["verdict"] == "accepted" and report["exit_code"] == 0
    assert report["networks"] == 7 and report["accepted"] == report["compared"] == 6 and report["failed"] == 1


@pytest.mark.parametrize("file", ["points.csv", "results.json", "run.toml", "networks.parquet"])
def test_digests(good: Path, tmp_path: Path, file: str) -> None:
    shutil.copytree(good, tmp_path / "out")
    with (tmp_path / "out" / file).open("ab") as stream:
        stream.write(b"\n")
    report = check_run(tmp_path / "out")
    assert report["verdict"] == "rejected" and f"digest of {file}" in report["failures"][0]["reason"]


def test_tables_without_end_are_not_read(good: Path, tmp_path: Path) -> None:
    """A sparse file costs its sender nothing; its digest would take minutes."""
    shutil.copytree(good, tmp_path / "out")
    with (tmp_path / "out/points.csv").open("ab") as stream:
        stream.truncate(2**40)
    report = check_run(tmp_path / "out")
    assert report["exit_code"] == 3 and "beyond this check" in report["failures"][0]["reason"]


def test_whole_tables_and_long_values_are_swept(tmp_path: Path) -> None:
    """The table `network` is no name, and no cell is too long to be read again."""
    weights = [[f"0.{'1' * 300}" if i == j else i - j for j in range(30)] for i in range(30)]
    rows = ", ".join("[" + ", ".join(f'"{entry}"' for entry in row) + "]" for row in weights)
    text = (
        'title = "t"\n[[group]]\nname = "g"\nbase = {}\n[group.product]\n'
        f'network = [{{ family = "asymmetric-rnn", R1 = [["0.1", "1"], ["-3", "0.2"]] }}, {{ family = "asymmetric-rnn", R1 = [{rows}, [1]] }}]\n'
    )
    go(write_run(tmp_path, text=text), tmp_path / "out")
    lines = (tmp_path / "out/networks.csv").read_text().splitlines()
    assert lines[0].startswith("network,group,network table,") and [line[:8] for line in lines[1:]] == ["g-000001", "g-000002"]
    assert check_run(tmp_path / "out")["verdict"] == "accepted"


def test_a_network_is_there_once(good: Path, tmp_path: Path) -> None:
    """Also where the run file cannot tell: each bundle counts for one network, that of its name."""
    out = tmp_path / "out"
    shutil.copytree(good, out)
    (out / "run.toml").write_text('title = "Small run"\n[[group]]\nname = "g"\nspec = "none.toml"\n')
    consistent(out)
    assert check_run(out)["verdict"] == "accepted"
    for name in TABLES:
        edit(out / f"{name}.csv", (r"^((?:tanh|odd)-000001,.*\n)", r"\1\1"))
    consistent(out)
    report = check_run(out)
    assert report["verdict"] == "rejected"
    assert any("'tanh-000001' is not the name of a network in its order" in failure["reason"] for failure in report["failures"])


@pytest.mark.parametrize("target", ["/dev/zero", "fifo"])
def test_a_manifest_that_is_no_file(good: Path, tmp_path: Path, target: str) -> None:
    shutil.copytree(good, tmp_path / "out")
    (tmp_path / "out/MANIFEST.sha256").unlink()
    if target == "fifo":
        os.mkfifo(tmp_path / "out/MANIFEST.sha256")
    else:
        (tmp_path / "out/MANIFEST.sha256").symlink_to(target)
    assert "there is no MANIFEST.sha256" in check_run(tmp_path / "out")["failures"][0]["reason"]


def test_a_manifest_of_other_files(good: Path, tmp_path: Path) -> None:
    shutil.copytree(good, tmp_path / "out")
    with (tmp_path / "out/MANIFEST.sha256").open("a") as stream:
        stream.write(f"{'0' * 64}  theorems.csv\n")
    assert "lists other files than those of a run: theorems.csv" in check_run(tmp_path / "out")["failures"][0]["reason"]


def test_a_long_name_is_not_a_run() -> None:
    assert not is_run(Path("x" * 300))


def test_workers_that_do_not_start_are_no_fault_of_the_run(processes: None, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "begin_worker", not_begun)
    report = check_run(good, jobs=2)
    assert (report["verdict"], report["exit_code"], report["accepted"]) == ("incomplete", 3, 0)
    assert "did not come to its end: jobs: got 2: worker processes do not start" in report["failures"][0]["reason"]


def test_no_more_processes_are_no_fault_of_the_run(processes: None, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, *arguments: object, **options: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(engines.ProcessPool, "schedule", refuse)
    report = check_run(good)
    assert report["verdict"] == "incomplete" and "worker processes do not start" in report["failures"][0]["reason"]


def test_files_that_cannot_be_read_are_not_rejected(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> str:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(read, "file_digest", broken)
    report = check_run(good)
    assert report["verdict"] == "incomplete" and "Input/output error" in report["failures"][0]["reason"]


def test_an_unfinished_run(good: Path, tmp_path: Path) -> None:
    shutil.copytree(good, tmp_path / "out")
    (tmp_path / "out/MANIFEST.sha256").unlink()
    assert "the run is not finished" in check_run(tmp_path / "out")["failures"][0]["reason"]


def test_bundles_behind_links(good: Path, tmp_path: Path) -> None:
    shutil.copytree(good, tmp_path / "out")
    shutil.move(tmp_path / "out/networks", tmp_path / "elsewhere")
    (tmp_path / "out/networks").symlink_to(tmp_path / "elsewhere")
    report = check_run(tmp_path / "out")
    assert report["verdict"] == "rejected" and "behind a link" in report["failures"][0]["reason"]


def test_without_its_spec_files_a_run_is_checked_but_not_compared(tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_text('[network]\nfamily = "asymmetric-rnn"\nR1 = [[0.1, 1], [-3, 0.2]]\n')
    text = 'title = "t"\n[[group]]\nname = "g"\nspec = "net.toml"\n'
    go(write_run(tmp_path, text=text), tmp_path / "out")
    said: list[str] = []
    report = check_run(tmp_path / "out", say=said.append)
    assert report["verdict"] == "accepted" and report["compared"] == 0
    assert "networks are not compared with the run file" in said[0]
    assert "0 networks compared with the run file, 1 not: what the tables say" in run_table(report)


def test_packed_bundles(good: Path, tmp_path: Path) -> None:
    path = good / f"{NETWORKS}/tanh-000001.zip"
    assert check_packed(path).verdict == "accepted"
    bad = tmp_path / "bad.zip"
    contents = unpack(path)
    replace_in(contents, "branch.json", '"complete": true', '"complete": false')
    bad.write_bytes(pack(contents, ".zip"))
    assert check_packed(bad).verdict == "rejected"
    bad.write_bytes(b"x")
    report = check_packed(bad)
    assert report.exit_code == 2 and "bad.zip: damaged; expected a packed bundle" in str(report.usage)
    bad.write_bytes(pack({"a": b"", "a/b": b""}, ".zip"))  # a file where a directory must be
    assert check_packed(bad).exit_code == 2


def test_a_bundle_is_not_a_run(good: Path, tmp_path: Path) -> None:
    assert is_run(good) and not is_run(tmp_path)
