"""Folds in delicate places: right, or honestly undecided. Every fold that is proved is one of those that the equations have in
closed form, and a list is complete only where all of them on the branch are proved."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from fields import spec

from proofgen import api
from proofgen.spec.load import load_text


def branch(tmp_path: Path, equations: str, interval: str, start: str, variables: str = "x; y") -> Any:
    text = spec(variables, equations, interval, more=f"start = [{', '.join(repr(x) for x in start.split())}]".replace("'", '"'))
    result = api.prove(load_text(text), tmp_path / "b")
    assert result.check is not None and result.check.verdict != "rejected"
    return result.bundle.summary


def right(summary: Any, folds: list[tuple[mp.mpf, str]], always: bool) -> None:
    """folds: γ* and the side of those on the branch. always: all of them have to be proved, and the list complete."""
    proved = [row for row in summary.points if row.proved]
    for row in proved:
        assert row.id.startswith("fold-")
        known = [(Fraction(mp.nstr(gamma, 60)), side) for gamma, side in folds]
        inside = [side for gamma, side in known if row.claims.parameter.low <= gamma <= row.claims.parameter.high]
        assert row.claims.solutions_for in inside
    assert not summary.complete or len(proved) == len(folds)
    assert summary.complete or summary.unsettled or len(proved) < len(summary.points)
    assert not always or (summary.complete and len(proved) == len(folds))


@pytest.mark.parametrize(("epsilon", "always"), [
    ("1e-2", True), *(pytest.param(size, False, marks=pytest.mark.slow) for size in ("1e-4", "1e-8")),
])  # fmt: skip
def test_folds_close_together(epsilon: str, always: bool, tmp_path: Path) -> None:
    """γ = x³ − εx: folds at x = ±√(ε/3), close to a cusp point for small ε; |a| = √(3ε) is then close to 0."""
    summary = branch(tmp_path, f"gamma - x**3 + {epsilon}*x; -y", "-1, 1", "-1 0")
    with mp.workdps(70):
        size = 2 * (mp.mpf(epsilon) / 3) ** mp.mpf(1.5)
        right(summary, [(size, "below"), (-size, "above")], always)


@pytest.mark.parametrize(("epsilon", "always"), [("1e-2", True), ("1e-6", False)])
def test_folds_of_two_branches_that_nearly_touch(epsilon: str, always: bool, tmp_path: Path) -> None:
    """x² = γ² − ε: the branch from the left turns at −√ε; that on the right, as near, is another one."""
    summary = branch(tmp_path, f"gamma**2 - {epsilon} - x**2; -y", "-1, 1", "-1 0")
    with mp.workdps(70):
        right(summary, [(-mp.sqrt(mp.mpf(epsilon)), "below")], always)


def test_beside_an_isola(tmp_path: Path) -> None:
    """x = 2 beside the circle x² + γ² = 1/4: nothing of the circle is on the branch."""
    right(branch(tmp_path, "(x**2 + gamma**2 - 1/4)*(2 - x); -y", "-1, 1", "2 0"), [], True)


def test_on_an_isola(tmp_path: Path) -> None:
    """The part of the circle with γ ≥ −2/5 has one fold; over all of it nothing is found at the left end."""
    right(branch(tmp_path, "x**2 + gamma**2 - 1/4; -y", "-0.4, 1", "-0.3 0"), [(mp.mpf("0.5"), "below")], True)
    summary = branch(tmp_path / "whole", "x**2 + gamma**2 - 1/4; -y", "-1, 1", "-0.3 0")
    assert not summary.complete and not [row for row in summary.points if row.proved]


@pytest.mark.parametrize("end", ["0", "1e-30", "-1e-30"])
def test_at_the_end_of_the_interval(end: str, tmp_path: Path) -> None:
    """γ + x² = 0 folds at 0: no arc goes around it within the interval; beyond the end, or on it, it is not proved."""
    summary = branch(tmp_path, "gamma + x**2; -y", f"-1, {end}", "-1 0")
    right(summary, [(mp.mpf(0), "below")], False)
    assert not summary.complete and (end == "1e-30" or not [row for row in summary.points if row.proved])
