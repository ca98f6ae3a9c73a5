"""`proofgen check --reading`: nothing that ran is left out, nothing is quoted wrongly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from proofgen.check import check_path, table
from proofgen.checker.parts import rests_on
from proofgen.command.reading import FOLDER, reading

CERTIFICATES = Path(__file__).parent.parent.parent / "proofs" / "certificates"
SOURCE = {path.name: path.read_text(encoding="utf-8").splitlines() for path in FOLDER.glob("*.py")}


told = cache(reading)


@cache
def quoted(path: Path) -> dict[tuple[str, int], str]:
    """(file, line number) → the line."""
    report, text = told(str(path))
    head, *parts = text.split("\n--- ")
    found = {}
    counts = []
    for part in parts:
        title, _, *lines = part.rstrip("\n").splitlines()
        match = re.fullmatch(r"(\w+\.py): (\d+) lines", title)
        assert match and int(match[2]) == len(lines)
        counts.append(len(lines))
        found |= {(match[1], int(line[:4])): line[6:] for line in lines if line[:4].strip()}
    assert head.startswith(f"{sum(counts)} lines in {len(parts)} files of proofgen/checker gave the verdict {report.verdict.upper()}")
    return found


@pytest.mark.parametrize("name", ["n6-seed80", *(pytest.param(name, marks=pytest.mark.slow) for name in ("adversarial-two-layer", "brusselator"))])
def test_every_line_that_ran_is_quoted(name: str) -> None:
    found = quoted(CERTIFICATES / name)
    assert all(SOURCE[file][number - 1].rstrip() == text for (file, number), text in found.items())
    ran: set[tuple[str, int]] = set()

    def profile(frame: FrameType, event: str, argument: object) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.parent != FOLDER:
            return None
        if frame.f_code.co_name != "<module>":
            ran.add((path.name, frame.f_lineno))
        return profile

    sys.settrace(profile)
    try:
        report = check_path(str(CERTIFICATES / name))
    finally:
        sys.settrace(None)
    assert report.verdict == "accepted"
    assert ran and ran <= set(found)
    assert len(found) < 0.6 * sum(map(len, SOURCE.values()))


def test_only_what_a_bundle_needs_is_quoted() -> None:
    """The classes of equations are not needed for a network, nor those of networks for equations."""
    network, equations = quoted(CERTIFICATES / "n6-seed80"), quoted(CERTIFICATES / "brusselator")
    assert not any("class System" in text for text in network.values())
    assert any("class System" in text for text in equations.values())
    assert {file for file, _ in network}.isdisjoint({"equations_jets.py", "tube.py", "window.py", "newton_ball.py"})
    assert len(network) < 1600


@pytest.mark.parametrize("name", ["n6-seed80", "n4-printed-box", "adversarial-two-layer", "hopfield", "brusselator", "n6-seed80-newton-kantorovich"])
def test_a_verdict_rests_on_what_was_loaded(name: str) -> None:
    front = FOLDER.parent / "check.py"
    program = (
        f"import runpy, sys\nsys.argv = ['check', {str(CERTIFICATES / name)!r}, '--json', '--engine', 'python']\n"
        f"try:\n    runpy.run_path({str(front)!r}, run_name='__main__')\n"
        "except SystemExit as end:\n    print('END', *(m for m in sys.modules if m.startswith('checker.')))"
    )
    result = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    text, loaded = result.stdout.split("END")
    (report,) = json.loads(text)["reports"]
    files = report["rests_on"]["files"]
    assert list(report)[-1] == "rests_on" and report["verdict"] == "accepted"
    assert {*files} == {f"{module.removeprefix('checker.')}.py" for module in loaded.split()} | {"__init__.py"}
    assert {file: len(SOURCE[file]) for file in files} == files
    assert report["rests_on"]["lines"] == sum(files.values())
    if name == "n6-seed80":
        strange = {"expressions.py", "jets.py", "tube.py", "local_spectrum.py", "equations_jets.py", "pieces.py", "window.py", "functions.py"}
        assert not strange & {*files} and sum(files.values()) <= 2900


def test_a_zero_branch_can_be_read() -> None:
    """With every activation that has a name, with a box of weights."""
    files = rests_on({"command", "branch", "summary", "network_problem", "zero_branch", "zero_list", "boxes", "series"})
    assert sum(files.values()) <= 2900 and not {"functions.py", "graph.py", "jets.py"} & {*files}


def test_the_files_stand_at_the_end_of_every_report() -> None:
    report, text = told(str(CERTIFICATES / "n6-seed80"))
    assert f"\nit rests on {', '.join(f'{file} {n}' for file, n in report.rests_on.items())[:60]}" in text
    *_, verdict, rest = table(report).partition("\n  ACCEPTED\n")
    assert verdict and rest.split() == f"rests on {', '.join(f'{file} {n}' for file, n in report.rests_on.items())}: {sum(report.rests_on.values())} lines".split()


def test_a_rejected_bundle_shows_what_rejects_it(tmp_path: Path) -> None:
    shutil.copytree(CERTIFICATES / "n4-seed80", tmp_path / "b")
    (tmp_path / "b/problem.json").write_text("{}")
    found = quoted(tmp_path / "b")
    assert any("raise Rejected" in text for text in found.values())
    assert len(found) < len(quoted(CERTIFICATES / "n6-seed80"))
