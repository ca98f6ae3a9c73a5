"""Periodic orbits from the spec to the checked bundle, with its LaTeX, the command and --resume."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from commands import run
from schemas import validator

from proofgen.api import largest_radius, prove, render_directory
from proofgen.bundle.read import load_bundle
from proofgen.errors import InputError
from proofgen.problem.options import AUTO, OrbitOptions
from proofgen.spec.load import load_text
from proofgen.strategy import orbit_branch
from proofgen.strategy.result import Result

NETWORK = """
title = "three neurons"
[network]
family = "layered"
[[network.layer]]
weights = [["0.1", "-1", "0.3"], ["1.2", "-0.2", "0.1"], ["-0.4", "0.5", "-0.9"]]
activation = "ACTIVATION"
"""


def spec(orbits: str, activation: str = "tanh") -> str:
    return NETWORK.replace("ACTIVATION", activation) + f"[orbits]\n{orbits}\n"


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("orbits") / "bundle"
    return out, prove(load_text(spec('at = ["0.2"]\nbranch = "0.1"')), out)


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.summary["orbits"]
    return found


def test_bundle_is_accepted_and_says_what_is_proved(proved: tuple[Path, Result]) -> None:
    out, result = proved
    assert result.check is not None and result.check.verdict == "accepted" and result.proved
    one, family = rows(result)
    assert one["amplitude"] == ["0.2", "0.2"] and family["amplitude"] == ["0", "0.1"]
    assert (one["direction"], family["direction"]) == (None, "increasing")
    assert one["stable"] is family["stable"] is True and one["unstable_multipliers"] == 0
    # γ(a) − γ* = −ωℓ1a²/d + O(a⁴), which is about four times as much at 0.2 as at 0.1
    point = result.summary["points"][0]
    gammas = [float(row["end"]["parameter"][0]) - float(point["parameter"][0]) for row in (one, family)]
    assert gammas[0] / gammas[1] == pytest.approx(4, rel=0.05)
    speed = -float(point["omega"][0]) * float(point["first_lyapunov_coefficient"][0])
    assert gammas[1] == pytest.approx(speed * 0.1**2, rel=0.05)
    document = json.loads((out / one["certificate"]).read_text(encoding="utf-8"))
    validator("orbit").validate(document)
    validator("summary").validate(json.loads((out / "summary.json").read_text(encoding="utf-8")))


def test_documents(proved: tuple[Path, Result]) -> None:
    out, _ = proved
    one, family, summary = ((out / name).read_text(encoding="ascii") for name in
                            ("orbits/orbit-0001.tex", "orbits/orbit-0002.tex", "summary.tex"))  # fmt: skip
    assert "has a periodic orbit of amplitude $a=0.2$" in one and "asymptotically orbitally stable" in one
    assert "connected with a Hopf point" in one and "points/hopf-0001.json" in family
    assert "strictly increasing" in family and "What is not claimed" in family
    assert r"\label{orbits}" in summary and "orbit-0002" in summary
    before = {path: path.read_bytes() for path in out.rglob("*.tex")}
    render_directory(out)
    assert before == {path: path.read_bytes() for path in out.rglob("*.tex")}


def test_read_back(proved: tuple[Path, Result]) -> None:
    out, result = proved
    bundle = load_bundle(out)
    assert bundle.orbits == result.bundle.orbits and bundle.summary.orbits == result.bundle.summary.orbits
    assert bundle.orbit_documents == result.bundle.orbit_documents


def test_resume_keeps_orbits_and_knows_what_was_asked(proved: tuple[Path, Result]) -> None:
    out, result = proved
    kept = prove(load_text(spec('at = ["0.2"]\nbranch = "0.1"')), out, resume=True, check=False)
    assert not kept.stopwatch.seconds.get("orbits") and kept.summary["orbits"] == rows(result)
    other = out.parent / "other"
    none = prove(load_text(NETWORK.replace("ACTIVATION", "tanh")), other, check=False)
    assert "orbits" not in none.summary and "orbits" not in none.summary["options"]
    again = prove(load_text(spec('at = ["0.05"]')), other, resume=True, check=False)
    assert [row["amplitude"] for row in rows(again)] == [["0.05", "0.05"]]
    without = prove(load_text(NETWORK.replace("ACTIVATION", "tanh")), other, resume=True, check=False)
    assert "orbits" not in without.summary and not (other / "orbits").exists()


def test_same_bytes(proved: tuple[Path, Result]) -> None:
    _, result = proved
    again = prove(load_text(spec('at = ["0.2"]\nbranch = "0.1"')))
    assert {path: data for path, data in again.files.items() if "orbit" in path} == {
        path: data for path, data in result.files.items() if "orbit" in path}  # fmt: skip


def test_command(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text(NETWORK.replace("ACTIVATION", "sin"), encoding="utf-8")
    result = run("prove", "spec.toml", "--orbits", "0.05", "--out", "out", cwd=tmp_path)
    assert result.returncode == 0 and "0 < a ≤ 0.05" in result.stdout and "stable" in result.stdout
    refused = run("prove", "spec.toml", "--orbits", "-1", "--out", "bad", cwd=tmp_path)
    assert refused.returncode == 2 and "--orbits" in refused.stderr and not (tmp_path / "bad").exists()


def test_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orbit_branch, "LARGEST", Fraction(1, 10))
    row = rows(prove(load_text(spec('branch = "auto"'))))[0]
    assert row["status"] == "proved" and row["amplitude"] == ["0", "0.1"] and row["beyond"] == "no further piece is tried"


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"points": ("hopf-0007",)}, "hopf-0007 is not a proved Hopf point"), pytest.param({"at": (Fraction(900),)}, "the iteration for the orbit", marks=pytest.mark.slow),
     ({"branch": AUTO, "time_limit": 0}, "time limit")],
)  # fmt: skip
def test_undecided_with_a_reason(change: dict[str, Any], reason: str) -> None:
    problem = load_text(spec('at = ["0.1"]'))
    options = replace(OrbitOptions(), **({"at": (Fraction(1, 10),)} if "points" in change else {}), **change)
    result = prove(replace(problem, proof=replace(problem.proof, orbits=options)))
    assert [row["status"] for row in rows(result)] == ["undecided"] and reason in rows(result)[0]["reason"]
    assert not result.proved and result.summary["status"] == "proved"


def test_networks_of_other_kinds_are_undecided() -> None:
    row = rows(prove(load_text(spec('at = ["0.1"]', "z + z**3/9"))))[0]
    assert row["status"] == "undecided" and "no bound of the activation" in row["reason"]


def test_not_with_the_largest_radius() -> None:
    with pytest.raises(InputError, match="points and branches only"):
        largest_radius(load_text(spec('at = ["0.1"]')))


SMOOTH = """[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = [["0.1", "-2", "0.3"], ["2.2", "-0.2", "0.1"], ["-0.4", "0.5", "-3"]]
bias = ["0.02", "-0.1", "-0.3"]
activation = "NAME"
enters = { identity = true, bias = ["0.1", "0.05", "-0.1"] }
[parameter]
interval = ["LOW", "HIGH"]
[orbits]
at = ["0.05"]
branch = "0.02"
"""


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"NAME": "silu"}, {"NAME": "gelu"}, {"NAME": "softplus", "LOW": "1.3", "HIGH": "1.5", '"0.02", "-0.1"': '"3", "-3"'}])
def test_activations_that_are_not_bounded(change: dict[str, str], tmp_path: Path) -> None:
    """Around equilibria that move, with γ in a bias."""
    text = SMOOTH
    for old, new in (change | {"LOW": "1.7", "HIGH": "2.1"} if "LOW" not in change else change).items():
        text = text.replace(old, new)
    result = prove(load_text(text), tmp_path / "out")
    assert result.points and result.proved and result.check is not None and result.check.verdict == "accepted"


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["arctan", "erf", "sin"])
def test_other_activations(activation: str, tmp_path: Path) -> None:
    result = prove(load_text(spec('at = ["0.1"]\nbranch = "0.05"', activation)), tmp_path / "out")
    assert result.proved and result.check is not None and result.check.verdict == "accepted"


@pytest.mark.parametrize(
    ("table", "key"),
    [('at = ["0"]', "orbits.at"), ('at = "0.1"', "orbits.at"), ('branch = "all"', "orbits.branch"), ('branch = "-1"', "orbits.branch"),
     ('points = ["hopf"]', "orbits.points"), ("time_limit = 0", "orbits.time_limit"), ("amplitude = 1", "orbits")],
)  # fmt: skip
def test_bad_tables(table: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        load_text(spec(table))
    assert (error.value.key or "").startswith(key)
