"""The command: exit codes, output, and bundles that are hostile to the file system or the terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from check_tools import CERTIFICATES, CHECKER, apply_patch, load, read, rehash, write
from ordinary import some

check = load()
N4 = CERTIFICATES / "good" / "n4-printed"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(CHECKER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)


def test_python_without_assertions_is_refused() -> None:
    """Units of numbers are asserted, so -O would leave out a part of the check."""
    done = subprocess.run([sys.executable, "-O", "-I", str(CHECKER), str(N4)], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "-O" in done.stderr and "ACCEPTED" not in done.stdout


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(N4, tmp_path / "bundle"))


def test_accepted() -> None:
    result = run(N4, CERTIFICATES / "good" / "planar")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("ACCEPTED") == 2
    assert "points/hopf-0001" in result.stdout


def test_json() -> None:
    result = run(N4, "--json", "--engine", "python")
    document = json.loads(result.stdout)
    assert (document["format"], document["exit_code"]) == ("proofgen-check", 0)
    assert {item["verdict"] for report in document["reports"] for item in report["items"]} == {"accepted"}


def test_rejected_names_point_step_and_both_sides(bundle: Path) -> None:
    apply_patch({"base": "n4-printed", "set": [["points/hopf-0002.json", ["claims", "spectral_gap"], "0.5"]]}, bundle)
    result = run(bundle)
    assert result.returncode == 1
    assert "points/hopf-0002" in result.stdout
    assert "REJECTED H2: spectral_gap: 0.0176016" in result.stdout
    assert ">= 0.5 does not hold" in result.stdout
    failure = json.loads(run(bundle, "--json").stdout)["reports"][0]["items"][1]["failures"][0]
    assert (failure["step"], failure["relation"], failure["right"]) == ("H2", ">=", "0.5")


@pytest.mark.parametrize("arguments", [[], ["nowhere"], [str(N4), "nowhere"], ["--engine", "magic", str(N4)]])
def test_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_files_that_are_no_certificates() -> None:
    assert run(N4 / "branch.json").returncode == 2
    assert run(N4 / "arrays" / "X.npy").returncode == 2


def test_codes_of_several_paths(tmp_path: Path) -> None:
    def patched(name: str, *change: object) -> Path:
        apply_patch({"base": "n4-printed", "set": [change]}, tmp_path / name)
        return tmp_path / name

    incomplete = patched("incomplete", "branch.json", ["method"], "another")
    rejected = patched("rejected", "branch.json", ["claims", "complete"], False)
    assert run(N4, incomplete).returncode == 3
    assert run(N4, incomplete, rejected).returncode == 1


def test_where_nothing_is_claimed_nothing_is_refuted(tmp_path: Path) -> None:
    def usage(path: Path = tmp_path) -> str:
        report = check.check_path(path)
        assert (report.exit_code, report.verdict, report.items) == (2, "not checked", [])
        return str(report.usage)

    assert usage().endswith("not a bundle: missing problem.json, branch.json, points")
    (tmp_path / "state.sqlite").touch()
    assert "a run that is not finished" in usage()
    (tmp_path / "results.json").touch()
    assert "it holds a run: proofgen check DIR" in usage()
    shutil.copy(N4 / "problem.json", tmp_path)
    assert "missing branch.json, points" in usage()
    (tmp_path / "points").mkdir()
    assert "missing branch.json, points" in usage()
    (tmp_path / "points" / "hopf-0001.json").write_text("{}")
    assert check.check_path(tmp_path).exit_code == 1
    shutil.copytree(N4, tmp_path / "below" / "one")
    assert usage(tmp_path / "below").endswith("(bundles are below it: 'one')")
    (tmp_path / "below" / "one" / "problem.json").unlink()
    assert "missing problem.json (a summary alone proves nothing" in usage(tmp_path / "below" / "one")
    assert "missing problem.json" in usage(tmp_path / "below" / "one" / "points" / "hopf-0001.json")
    shutil.copy(N4 / "summary.json", tmp_path / "below")
    result = run(tmp_path / "below")
    assert result.returncode == 2 and result.stderr.startswith("error: ") and result.stdout == ""


def test_points_without_a_branch_make_no_statement_of_completeness(bundle: Path) -> None:
    (bundle / "branch.json").unlink()
    rehash(bundle)
    assert check.check_path(bundle).exit_code == 1  # the summary claims completeness
    (bundle / "summary.json").unlink()
    assert check.check_path(bundle).exit_code == 3  # the points hold, the rest of the bundle is missing
    assert all(check.check_path(path).exit_code == 0 for path in (bundle / "points").glob("*.json"))


def test_no_eigenbasis(bundle: Path) -> None:
    """witness null: nothing but the norm bound of the spectrum."""
    shutil.rmtree(bundle / "points")
    for name in ("summary.json", "MANIFEST.sha256"):
        (bundle / name).unlink()
    branch = read(bundle / "branch.json")
    branch |= {"witness": None, "bounds": None}
    branch["claims"] |= {"points": [], "complete": False}
    for ends, code in ((["-10", "10"], 0), (["-10", "1"], 1), (["-0.1", "0.1"], 1)):
        branch["claims"]["unsettled"] = [{"interval": ends, "reason": "", "code": ""}]
        write(bundle / "branch.json", branch)
        assert check.check_path(bundle).exit_code == code
    branch["claims"] |= {"unsettled": [], "complete": True}
    write(bundle / "branch.json", branch)
    assert check.check_path(bundle).exit_code == 1


# --- hostile file systems ---


@pytest.mark.parametrize(
    "name", ["problem.json", "branch.json", "points", "arrays", "arrays/X.npy", "points/hopf-0001.json"]
)
def test_links_are_refused(bundle: Path, name: str) -> None:
    (bundle / name).rename(bundle / "moved")
    (bundle / name).symlink_to(bundle / "moved")
    assert check.check_path(bundle).exit_code == 1


@pytest.mark.parametrize(
    "name", ["problem.json", "branch.json", "arrays/X.npy", "points/hopf-0001.json", "MANIFEST.sha256"]
)
def test_pipes_and_directories_are_refused(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    os.mkfifo(bundle / name)
    assert check.check_path(bundle).exit_code == 1
    (bundle / name).unlink()
    (bundle / name).mkdir()
    assert check.check_path(bundle).exit_code == 1


def test_a_device_is_refused(bundle: Path) -> None:
    (bundle / "branch.json").unlink()
    (bundle / "branch.json").symlink_to("/dev/zero")
    assert check.check_path(bundle).exit_code == 1


def test_manifest_may_not_leave_the_bundle(bundle: Path) -> None:
    manifest = bundle / "MANIFEST.sha256"
    for name in ("../outside", "/etc/hostname", "points/../../outside", ".hidden", ""):
        manifest.write_text(f"{'0' * 64}  {name}\n")
        report = check.check_path(bundle)
        assert report.exit_code == 1
        assert "bundle" in str(report.items[-1].failures) or "bad line" in str(report.items[-1].failures)


def test_large_files_are_refused(bundle: Path) -> None:
    with open(bundle / "branch.json", "wb") as file:
        file.truncate(65 << 20)  # sparse
    assert check.check_path(bundle).exit_code == 1
    with open(bundle / "arrays" / "X.npy", "ab") as file:
        file.truncate(1 << 40)
    assert check.check_path(bundle).exit_code == 3  # not read at all, so nothing is refuted


@pytest.mark.parametrize("text", ["[" * 10**6, '{"a":' * 10**5, "1" * 10**6, "-" + "9" * 30, '"\\ud800"', "\xff", "", "{} {}",
                                  '{"format": 1e999999999}', '{"a": 1, "a": 2}', "NaN"])  # fmt: skip
def test_hostile_json(bundle: Path, text: str) -> None:
    for name in ("problem.json", "branch.json", "summary.json", "points/hopf-0001.json"):
        original = (bundle / name).read_bytes()
        (bundle / name).write_bytes(text.encode("latin-1"))
        assert check.check_path(bundle).exit_code == 1
        (bundle / name).write_bytes(original)


def test_the_terminal_gets_plain_ascii(bundle: Path) -> None:
    problem = read(bundle / "problem.json")
    problem["title"] = "\x1b[2J\u202e\ud800 title"
    write(bundle / "problem.json", problem)
    rehash(bundle)
    (bundle / "summary.json").unlink()
    (bundle / "points" / "\x1b[31m.json").write_text("{}")
    result = run(bundle)
    assert result.returncode == 1
    assert result.stdout.isascii()
    assert "\x1b" not in result.stdout
    assert json.loads(run(bundle, "--json").stdout)["exit_code"] == 1


@pytest.mark.parametrize("change", [
    ("problem.json", ["dimension"], 10**6), ("problem.json", ["dimension"], 1), ("problem.json", ["dimension"], True),
    ("problem.json", ["weight_radius"], "-1"), ("problem.json", ["layers", 0, "weights"], []),
    ("problem.json", ["layers"], []), ("problem.json", ["arrays"], []), ("problem.json", ["arrays"], {}),
    ("problem.json", ["arrays", "R1", "entries"], []), ("problem.json", ["arrays", "R1", "entries"], [[]]),
    ("problem.json", ["arrays", "R1", "entries", 0], ["1"]), ("problem.json", ["arrays", "R1", "entries", 0, 1], "1e4096"),
    ("problem.json", ["arrays", "R1", "entries", 0, 1], [1, 5000]), ("problem.json", ["arrays", "R1", "entries", 0, 1], [2**64, 0]),
    ("problem.json", ["layers", 0, "weights", 0, "matrix"], "R9"), ("problem.json", ["layers", 0, "bias"], "R1"),
    ("problem.json", ["layers", 0, "weights", 0, "coefficient"], "9" * 5000),
    ("problem.json", ["layers", 0, "activation"], "(" * 900 + "z" + ")" * 900),
    ("problem.json", ["layers", 0, "activation"], "-" * 1900 + "z"), ("problem.json", ["layers", 0, "activation"], "z" + "+z" * 900),
    ("problem.json", ["layers", 0, "activation"], "((((z+9e4096)**64)**64)**64)**64"),
    ("problem.json", ["layers", 0, "activation"], "exp(exp(exp(z+9)))-exp(exp(exp(9)))"),
    ("problem.json", ["layers", 0, "activation"], "__import__('os').system('true')"),
    ("points/hopf-0001.json", ["precision"], 10**6), ("points/hopf-0001.json", ["witness", "pairs"], 3),
    ("points/hopf-0001.json", ["witness", "pairs"], 0), ("points/hopf-0001.json", ["witness", "X"], []),
    ("points/hopf-0001.json", ["witness", "X", 0, "shape"], [4]), ("points/hopf-0001.json", ["witness", "X", 0, "shape"], [10**6, 10**6]),
    ("points/hopf-0001.json", ["witness", "Y"], None), ("points/hopf-0001.json", ["claims"], None),
    ("branch.json", ["claims", "points", 0, "pair"], 1), ("branch.json", ["bounds"], None), ("branch.json", ["witness"], None),
], ids=lambda change: "-".join(map(str, change[1]))[:60])  # fmt: skip
def test_hostile_values_end_in_a_verdict(tmp_path: Path, change: tuple[str, list[object], object]) -> None:
    apply_patch({"base": "n4-printed", "set": [list(change)]}, tmp_path)
    report = check.check_path(tmp_path)
    assert report.exit_code in (1, 3)
    assert "defect of the checker" not in check.table(report)


def patches() -> list[tuple[str, list[Any]]]:
    """Bundles with pieces, and one of the method zero-branch: as they are, and with a false claim."""
    hopfield, planar = "hopfield-spectral", "n6-seed80"
    radius = [["branch.json", ["witness", "pieces", k, "radius"], "1e-30"] for k in (0, -1)]
    return [(hopfield, []), (hopfield, radius[:1]), (hopfield, radius[1:]), (planar, []), ("real-crossing", []),
            (hopfield, [["branch.json", ["claims", "start", 0], ["7", "8"]]]),
            (planar, [["points/hopf-0002.json", ["bounds", "im_S"], ["1", "2"]]])]  # fmt: skip


@pytest.mark.parametrize("case", some(range(len(patches())), 0, [1, 3, 4, 6]))
def test_the_report_does_not_depend_on_the_number_of_processes(
    case: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.zero_branch.SHARED", 0)
    base, changes = patches()[case]
    apply_patch({"base": base, "set": changes}, tmp_path / "bundle")
    forks = []
    monkeypatch.setattr(check.os, "fork", lambda fork=os.fork: forks.append(1) or fork())
    reports = [check.check_path(tmp_path / "bundle", jobs=jobs).to_dict() for jobs in (1, 2, 64)]
    assert all(report == reports[0] for report in reports)
    assert forks and reports[0]["exit_code"] == (1 if changes else 0)


def test_processes_that_fail_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = CERTIFICATES / "good" / "hopfield-spectral"
    expected = check.check_path(bundle).to_dict()

    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(check.os, "fork", refused)
    assert check.check_path(bundle, jobs=2).to_dict() == expected
    monkeypatch.undo()
    monkeypatch.setattr(check.json, "dump", lambda *arguments: os.kill(os.getpid(), 9))  # in the processes alone
    assert check.check_path(bundle, jobs=2).to_dict() == expected
