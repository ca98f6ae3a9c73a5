"""Bundles on disk: whole or recognisably not; nothing foreign is touched."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
import schemas
from folders import snapshot
from networks import PAPER, network, paper

from proofgen import api
from proofgen.bundle import disk
from proofgen.errors import InputError
from proofgen.spec.load import load_text

W3 = [["0.1", "1.5", "-0.3"], ["-1.2", "0.2", "0.4"], ["0.3", "-0.6", "-0.5"]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "n6"
    api.prove(paper("n6-seed80"), out, check=False)
    return out


def test_what_is_written(written: Path) -> None:
    names = set(snapshot(written))
    assert {"problem.json", "branch.json", "summary.json", "summary.tex", "evaluator.py", "MANIFEST.sha256"} <= names
    assert {f"points/hopf-000{k}.{suffix}" for k in (1, 2, 3) for suffix in ("json", "tex")} <= names
    assert not [name for name in names if name.endswith(".tmp")]


def test_the_manifest_is_what_sha256sum_checks(written: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "MANIFEST.sha256"], cwd=written, check=True)
    listed = disk.read_manifest(written)
    assert listed is not None
    assert set(listed) == set(snapshot(written)) - {"summary.json", "MANIFEST.sha256"}


@pytest.mark.parametrize("kind", ["problem", "branch", "certificate", "summary"])
def test_documents_follow_the_published_schemas(written: Path, kind: str, tmp_path: Path) -> None:
    validator = schemas.validator(kind)
    bundles = [written]
    for index, problem in enumerate(
        [
            network(W3, bias=["0.1", "0.2", "-0.1"], activation="silu", weight_radius="1e-7"),
            network([["0", "1"], ["-1", "0"]], interval=("-1", "1")),
            network([["0.5", "1", "0"], ["-1", "0.25", "2"], ["0", "0.5", "1"]]),
        ]
    ):
        out = tmp_path / str(index)
        api.prove(problem, out, check=False)
        bundles.append(out)
    for directory in bundles:
        name = {"certificate": "points/*.json"}.get(kind, f"{kind}.json")
        for path in directory.glob(name):
            document = json.loads(path.read_text(encoding="utf-8"))
            own = schemas.methods(kind)[document["method"]] if kind == "certificate" else kind
            (validator if own == kind else schemas.validator(own)).validate(document)


def test_certificates_do_not_change_between_runs(written: Path, tmp_path: Path) -> None:
    api.prove(paper("n6-seed80"), tmp_path / "again", check=False)
    first, second = snapshot(written), snapshot(tmp_path / "again")
    del first["summary.json"], second["summary.json"]
    assert first == second


def test_atomic_write_leaves_the_old_file_on_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    disk.write_atomically(path, b"old")

    def broken(source: str, target: Path) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="I/O"):
        disk.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_resume_keeps_a_finished_bundle_and_redoes_a_damaged_one(tmp_path: Path) -> None:
    problem = paper("n4-seed80")
    first = api.prove(problem, tmp_path, check=False)
    before = (tmp_path / "summary.json").stat().st_mtime_ns
    again = api.prove(problem, tmp_path, resume=True, check=False)
    assert (tmp_path / "summary.json").stat().st_mtime_ns == before
    assert again.points == first.points
    assert again.proved
    target = tmp_path / "points" / "hopf-0001.json"
    target.write_bytes(target.read_bytes().replace(b"supercritical", b"subcritical"))
    api.prove(problem, tmp_path, resume=True, check=False)
    assert disk.manifest_holds(tmp_path)
    api.prove(paper("n4-printed"), tmp_path, resume=True, check=False)
    assert "printed" in (tmp_path / "problem.json").read_text(encoding="utf-8")


def test_resume_gives_the_layout_asked_for(tmp_path: Path) -> None:
    problem = paper("n4-seed80")
    api.prove(problem, tmp_path, check=False)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    api.prove(problem, tmp_path, resume=True, layout=api.Layout(style="interval", bodies=True), check=False)
    summary = tmp_path / "summary.tex"
    assert (tmp_path / "summary-body.tex").exists() and summary.read_bytes() != before[summary]
    api.prove(problem, tmp_path, resume=True, check=False)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("text", ["x", f"{'0' * 64}  ../etc/passwd\n", f"{'0' * 64}  /etc/passwd\n", f"{'g' * 64}  a\n"])
def test_a_strange_manifest_is_not_followed(tmp_path: Path, text: str) -> None:
    (tmp_path / disk.MANIFEST).write_text(text)
    assert disk.read_manifest(tmp_path) is None
    assert not disk.manifest_holds(tmp_path)


def test_arrays_are_stored_exactly(written: Path) -> None:
    problem = json.loads((written / "problem.json").read_text(encoding="utf-8"))
    expected = paper("n6-seed80").arrays["R1"].fractions()
    for row, exact_row in zip(problem["arrays"]["R1"]["entries"], expected, strict=True):
        for entry, value in zip(row, exact_row, strict=True):
            mantissa, exponent = entry
            assert value == mantissa * type(value)(2) ** exponent


def test_the_problem_hash_is_that_of_the_file(written: Path) -> None:
    digest = hashlib.sha256((written / "problem.json").read_bytes()).hexdigest()
    for path in [*(written / "points").glob("*.json"), written / "branch.json"]:
        assert json.loads(path.read_text(encoding="utf-8"))["problem"]["sha256"] == digest
    assert digest in (written / "evaluator.py").read_text(encoding="utf-8")


def test_resume_does_not_trust_the_summary(tmp_path: Path) -> None:
    """No digest covers summary.json; where it differs from the certificates, the proof is made again."""
    problem = paper("n4-seed80")
    api.prove(problem, tmp_path, check=False)
    path = tmp_path / "summary.json"
    honest = path.read_text(encoding="utf-8")
    path.write_text(honest.replace('"supercritical"', '"subcritical"'), encoding="utf-8")
    result = api.prove(problem, tmp_path, resume=True, check=False)
    kinds = [point["criticality"] for point in result.summary["points"]]
    assert kinds == ["subcritical", "supercritical"]
    assert '"supercritical"' in path.read_text(encoding="utf-8")


def test_where_numbers_are_from(tmp_path: Path) -> None:
    """It is printed, is no part of the problem, and a bundle that says otherwise is not taken for a finished run."""
    text = (PAPER / "n4-seed80.toml").read_text(encoding="utf-8")
    other = text.replace("[network]", 'source = "A & B, 1 $x$"\n[network]', 1)
    first, second = load_text(text), load_text(other)
    assert first.source == "MATLAB's rng(80), R1 = randn(4), R2 = 0.1*randn(4)" and second.source == f"A & B, 1 $x$; {first.source}"
    out = tmp_path / "bundle"
    api.prove(first, out, check=False)
    problem = (out / "problem.json").read_bytes()
    assert "Source, as the specification gives it: MATLAB" in (out / "points/hopf-0001.tex").read_text()
    found = api.prove(second, out, resume=True)
    assert found.check is not None and (out / "problem.json").read_bytes() == problem
    assert r"gives it: A \& B, 1 \$x\$; MATLAB" in (out / "summary.tex").read_text()
    assert json.loads((out / "summary.json").read_text())["options"]["source"] == second.source
    for wrong in ('source = ""', 'source = "a\\nb"', "source = 3"):
        with pytest.raises(InputError, match=r"source: .*one line of text"):
            load_text(text.replace("[network]", f"{wrong}\n[network]", 1))
