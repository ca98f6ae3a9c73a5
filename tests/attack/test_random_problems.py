"""Random problems of little-tested kinds: proved by both methods, checked by both checkers, compared with an independent computation."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import mpmath as mp
import pytest
from campaign import FAILING, FALSE, REJECTED, Tally, attacked, examined, shown, written
from compare import SpecField, hopf_near
from problems import KINDS, problem

from proofgen import api
from proofgen.spec.load import load_text

QUICK = ["end", "zero-branch"]  # of the ordinary run
SECONDS = 60  # of processor time for each method of a problem


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "number" in metafunc.fixturenames:
        size = metafunc.config.getoption("--attack-size")
        metafunc.parametrize(
            ("kind", "number"),
            [pytest.param(kind, k, marks=[] if k == 0 and kind in QUICK else pytest.mark.slow) for kind in KINDS for k in range(size)],
        )


def test_proved_checked_compared(kind: str, number: int, request: pytest.FixtureRequest, tried: Counter[str]) -> None:
    tally = attacked(problem(kind, number, request.config.getoption("--attack-seed")), seconds=SECONDS)
    tried.update(tally.counts)
    assert tally.counts["problems"] == 1
    assert not tally.failing(), "\n".join(map(shown, tally.failing()))


@pytest.mark.parametrize("kind", ["normal-form", "shear", "scales"])
def test_the_independent_computation_has_the_closed_form(kind: str) -> None:
    """In the plane ℓ1 of a normal form is known; so the comparison is not with itself."""
    compared = 0
    for index in range(40):
        attack = problem(kind, index)
        if compared == 3 or attack.known[0].ell1 is None:
            continue
        known, field = attack.known[0], SpecField(attack.spec)
        gamma = mp.mpf(known.gamma.numerator) / known.gamma.denominator
        with mp.workdps(60):
            start = [mp.mpf(x) for x in attack.spec["network"]["start"]]
            omega = mp.mpf(known.omega.numerator) / known.omega.denominator
        try:
            point = hopf_near(field, gamma, start, omega)
        except ArithmeticError:
            continue  # the start, at the left end, is too far away
        compared += 1
        assert point.digits > 50
        with mp.workdps(100):
            assert abs(point.data.gamma - gamma) < mp.mpf(10) ** -80
            assert abs(point.data.omega - omega) < mp.mpf(10) ** -60 * omega
            assert abs(point.data.ell1 - known.ell1) < mp.mpf(10) ** -50 * abs(known.ell1)
    assert compared == 3


def test_a_false_claim_would_be_found(tmp_path: Path) -> None:
    """The comparison sees a claim moved by a part of its width, a missing point, and a bundle that the checker refuses."""
    attack = problem("shear", 0)
    result = api.prove(load_text(attack.toml()))
    written(result, tmp_path / "good")
    findings: list[tuple[str, str]] = []
    examined(attack, tmp_path / "good", Tally(), [], lambda kind, reason: findings.append((kind, reason)))
    assert findings == []
    text = attack.toml().replace("F0 + (2", "1.0001*F0 + (2")
    assert text != attack.toml()
    other = dataclasses.replace(attack, spec={**attack.spec, "network": {**attack.spec["network"], "equations": [attack.spec["network"]["equations"][0].replace("F0 + (2", "1.0001*F0 + (2"), "F1"]}})
    examined(other, tmp_path / "good", Tally(), [], lambda kind, reason: findings.append((kind, reason)))
    assert {kind for kind, _ in findings} == {FALSE} and {FALSE, REJECTED} <= set(FAILING)
    assert any("omega" in reason for _, reason in findings) and any("first_lyapunov_coefficient" in reason for _, reason in findings)
