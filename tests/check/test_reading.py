"""`proofgen check --reading`: nothing that ran is left out, nothing is quoted wrongly."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from proofgen import check
from proofgen.reading import reading

CERTIFICATES = Path(__file__).parent.parent.parent / "proofs" / "certificates"
SOURCE = Path(str(check.__file__)).read_text(encoding="utf-8").splitlines()


def quoted(path: Path) -> dict[int, str]:
    report, text = reading(str(path))
    head, blank, *lines = text.splitlines()
    assert blank == "" and head.startswith(f"{len(lines)} lines of check.py gave the verdict {report.verdict.upper()}")
    return {int(line[:4]): line[6:] for line in lines if line[:4].strip()}


@pytest.mark.parametrize("name", ["n6-seed80", "adversarial-two-layer", "brusselator"])
def test_every_line_that_ran_is_quoted(name: str) -> None:
    found = quoted(CERTIFICATES / name)
    assert all(SOURCE[number - 1].rstrip() == text for number, text in found.items())
    ran: set[int] = set()

    def profile(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != check.__file__:
            return None
        if frame.f_code.co_name != "<module>":
            ran.add(frame.f_lineno)
        return profile

    sys.settrace(profile)
    try:
        report = check.check_path(str(CERTIFICATES / name))
    finally:
        sys.settrace(None)
    assert report.verdict == "accepted"
    assert ran and ran <= set(found)
    assert len(found) < 0.6 * len(SOURCE)


def test_only_what_a_bundle_needs_is_quoted() -> None:
    """The classes of equations are not needed for a network, nor those of networks for equations."""
    network, equations = quoted(CERTIFICATES / "n6-seed80"), quoted(CERTIFICATES / "brusselator")
    assert not any("class System" in text for text in network.values())
    assert any("class System" in text for text in equations.values())
    assert len(network) < 1600


def test_a_rejected_bundle_shows_what_rejects_it(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(CERTIFICATES / "n4-seed80", tmp_path / "b")
    (tmp_path / "b/problem.json").write_text("{}")
    found = quoted(tmp_path / "b")
    assert any("raise Rejected" in text for text in found.values())
    assert len(found) < len(quoted(CERTIFICATES / "n4-seed80"))
