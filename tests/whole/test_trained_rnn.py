"""The trained recurrent networks: their bundles are about the committed weights, and what they say is what simulations show."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.check import check_path
from proofgen.codegen.approx import field_approx
from proofgen.spec.load import load

FOLDER = Path(__file__).parents[2] / "proofs" / "trained-rnn"
BUNDLES = FOLDER.parent / "certificates"
NAMES = ["oscillator-rnn", "oscillator-gru", "memory-rnn"]


@pytest.fixture(autouse=True)
def _library() -> None:
    pytest.importorskip("safetensors")


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_bundles_are_about_these_weights(name: str) -> None:
    files, file = describe(load(FOLDER / f"{name}.toml"))
    assert json.loads((BUNDLES / name / "problem.json").read_text()) == file.document
    for path, data in files.contents.items():
        assert (BUNDLES / name / path).read_bytes() == data
    summary = json.loads((BUNDLES / name / "summary.json").read_text())
    assert summary["complete"] and [row["kind"] for row in summary["points"]] == ["fold" if name == "memory-rnn" else "neimark-sacker"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_checker_accepts_them(name: str) -> None:
    assert check_path(BUNDLES / name).exit_code == 0


def iterated(field: Any, x: np.ndarray, gamma: float, steps: int) -> np.ndarray:
    rows = []
    for _ in range(steps):
        x = x + field.f(x, gamma)
        rows.append(x)
    return np.array(rows)


@pytest.mark.parametrize("name", NAMES[:2])
def test_the_oscillators(name: str) -> None:
    """Below u* the network rests; above it it turns by about θ a step, on a curve whose size² grows as u − u*."""
    bundle = load_bundle(BUNDLES / name)
    claims: Any = bundle.points["ns-0001"].claims
    field, star = field_approx(bundle.problem), float(claims.parameter.middle)
    x = np.array([float(entry.middle) for entry in claims.equilibrium])
    assert claims.outside == 0 and claims.criticality == "supercritical" and claims.log_modulus_speed.low > 0
    rest = iterated(field, x + 0.02, star - 0.01, 6000)[-100:]
    assert np.max(np.ptp(rest, axis=0)) < 1e-3
    sizes = []
    for delta in (0.002, 0.004):
        rows = iterated(field, x + 0.02, star + delta, 12000)[-1200:]
        k = int(np.argmax(np.ptp(rows, axis=0)))
        centred = rows[:, k] - (rows[:, k].max() + rows[:, k].min()) / 2
        turns = np.count_nonzero((centred[:-1] < 0) & (centred[1:] >= 0))
        assert abs(1200 / turns - 2 * math.pi / float(claims.theta.middle)) < 0.4
        sizes.append(float(np.sum(np.ptp(rows, axis=0) ** 2)))
    assert abs(sizes[1] / sizes[0] - 2) < 0.2
    growth = -float(claims.log_modulus_speed.middle) / float(claims.coefficient.middle)  # ρ² = growth (u − u*)
    assert abs(sizes[0] / (16 * growth * 0.002) - 1) < 0.15  # Σ (4ρ|q_k|)², |q| = 1


def test_the_memory() -> None:
    """A state near the fold stays for smaller u; for larger u the network goes to its other memory, of the other sign."""
    bundle = load_bundle(BUNDLES / "memory-rnn")
    claims: Any = bundle.points["fold-0001"].claims
    field, star = field_approx(bundle.problem), float(claims.parameter.middle)
    x = np.array([float(entry.middle) for entry in claims.equilibrium])
    assert claims.unstable == 0 and claims.solutions_for == "below"
    from safetensors.numpy import load_file

    weights = load_file(FOLDER / "memory-rnn.safetensors")

    def output(state: np.ndarray) -> float:
        return float(weights["readout.weight"][0] @ state + weights["readout.bias"][0])

    left = iterated(field, x, -0.02, 3000)[-1]  # where that state is far from its loss
    kept, lost = iterated(field, left, star - 0.005, 6000)[-1], iterated(field, left, star + 0.005, 6000)[-1]
    assert output(left) < -0.9 and output(kept) < -0.5 and output(lost) > 0.9
