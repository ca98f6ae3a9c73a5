"""Good bundles are accepted with either engine; every forged one is refused, at the step that its title names."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_tools import BAD, GOOD, load, materialise, read
from ordinary import some

check = load()


@pytest.mark.parametrize("bundle", some(GOOD, 9), ids=lambda p: p.name)
def test_good(bundle: Path) -> None:
    report = check.check_path(bundle, engine="python")
    assert (report.verdict, report.exit_code) == ("accepted", 0), check.table(report)


@pytest.mark.parametrize("bundle", some(GOOD, 4), ids=lambda p: p.name)
def test_engines_agree(bundle: Path) -> None:
    pytest.importorskip("flint")
    assert check.check_path(bundle, "python").to_json() == check.check_path(bundle, "flint").to_json()


LAST = ["H1", "H2", "Theorem B", "H3", "H4"]
STEPS = {
    "zero-branch": ["format", "Theorem A", "H2", "H3", "Theorem B", "H1", "H4"],
    "spectral": ["format", "Theorem A", "Lemma T", "window", *LAST],
    "newton-kantorovich": ["format", "Theorem A", "Newton-Kantorovich", *LAST],
}


@pytest.mark.parametrize("certificate", [p for b in GOOD for p in sorted(b.glob("points/*.json"))],
                         ids=lambda p: f"{p.parent.parent.name}-{p.stem}")  # fmt: skip
def test_one_certificate(certificate: Path) -> None:
    report = check.check_path(certificate)
    assert report.exit_code == 0
    assert [item.name for item in report.items] == [f"points/{certificate.stem}"]
    assert list(report.items[0].steps) == STEPS[read(certificate)["method"]]


# Where the error must be noticed: the item and the step of the first failure.
WHERE = {
    "planar-formula": ("points/hopf-0001", "H4"), "double-hopf": ("points/hopf-0001", "H2"),
    "real-crossing-as-hopf": ("points/hopf-0003", "format"), "overlapping-discs": ("points/hopf-0001", "H2"),
    "false-completeness": ("branch", "completeness"), "dropped-point": ("branch", "completeness"),
    "duplicated-point": ("branch", "points"), "equilibrium-zero": ("points/hopf-0001", "H1"),
    "wrong-sign": ("points/hopf-0001", "H4"), "omega-zero": ("points/hopf-0001", "H2"),
    "dropped-crossing": ("branch", "completeness"), "invented-crossing": ("branch", "real crossings"),
    "summary-boasts": ("summary", "claims"), "manifest-only": ("manifest", "digests"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda p: p.name)
def test_bad(bad: Path, tmp_path: Path) -> None:
    assert (bad / "TITLE").read_text().strip()
    expected = read(bad / "patch.json")["expect"]
    report = check.check_path(materialise(bad, tmp_path / "bundle"))
    assert report.verdict == expected, check.table(report)
    first = next((item.name, failure.step) for item in report.items for failure in item.failures)
    assert WHERE.get(bad.name, first) == first
