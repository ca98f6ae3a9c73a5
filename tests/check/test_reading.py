"""`proofgen check --reading`: nothing that ran is left out, nothing is quoted wrongly."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from proofgen import check
from proofgen.command.reading import FOLDER, reading

CERTIFICATES = Path(__file__).parent.parent.parent / "proofs" / "certificates"
SOURCE = {path.name: path.read_text(encoding="utf-8").splitlines() for path in FOLDER.glob("*.py")}


def quoted(path: Path) -> dict[tuple[str, int], str]:
    """(file, line number) → the line."""
    report, text = reading(str(path))
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


@pytest.mark.parametrize("name", ["n6-seed80", "adversarial-two-layer", "brusselator"])
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
        report = check.check_path(str(CERTIFICATES / name))
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


def test_a_rejected_bundle_shows_what_rejects_it(tmp_path: Path) -> None:
    shutil.copytree(CERTIFICATES / "n4-seed80", tmp_path / "b")
    (tmp_path / "b/problem.json").write_text("{}")
    found = quoted(tmp_path / "b")
    assert any("raise Rejected" in text for text in found.values())
    assert len(found) < len(quoted(CERTIFICATES / "n4-seed80"))
