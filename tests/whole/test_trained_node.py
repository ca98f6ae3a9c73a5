"""The trained network: its bundles are about the committed weights, and rounded copies lie in the float16 enclosures."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from networks import PAPER
from test_zero_branch import holds

from proofgen.api import prove
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Problem
from proofgen.spec.load import load

FOLDER = PAPER.parent / "trained-node"
BUNDLES = PAPER.parent / "certificates"


@pytest.fixture(autouse=True)
def _library() -> None:
    pytest.importorskip("safetensors")


def problem_of(name: str) -> Problem:
    problem = load(FOLDER / f"{name}.toml")
    assert isinstance(problem, Problem)
    return problem


def committed(name: str) -> dict[str, bytes]:
    files = [BUNDLES / name / "problem.json", BUNDLES / name / "branch.json", *(BUNDLES / name / "points").glob("*.json")]
    return {str(path.relative_to(BUNDLES / name)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("name", "points"), [("trained-node", 5), ("trained-node-box", 5), ("trained-node-float16", 6),
                         pytest.param("trained-node-gamma", 5, marks=pytest.mark.slow)]
)  # fmt: skip
def test_the_committed_bundles_are_about_these_weights(name: str, points: int) -> None:
    result = prove(problem_of(name))
    assert result.proved and len(result.points) == points
    assert result.files["problem.json"] == committed(name)["problem.json"]
    summary = json.loads((BUNDLES / name / "summary.json").read_text())
    assert summary["complete"] and len(summary["points"]) == points


def test_the_weights_are_the_stored_float32_numbers() -> None:
    from safetensors.numpy import load_file

    stored = load_file(FOLDER / "weights.safetensors")
    arrays = problem_of("trained-node").arrays
    for name, key in (("R1", "W"), ("R2", "eps_P")):
        assert stored[key].dtype == np.float32
        assert arrays[name].fractions() == [[Fraction(float(x)) for x in row] for row in stored[key]]
    assert arrays["bias"].fractions() == [[Fraction(float(x))] for x in stored["b"]]


def test_gamma_as_it_stands_gives_the_same_points_with_the_other_sign() -> None:
    """The two committed bundles were proved by different methods for −γI and +μI."""
    mu = json.loads((BUNDLES / "trained-node" / "summary.json").read_text())["points"]
    gamma = json.loads((BUNDLES / "trained-node-gamma" / "summary.json").read_text())["points"]
    assert len(mu) == len(gamma) == 5
    for one, other in zip(mu, reversed(gamma), strict=True):
        (a, b), (c, d) = ([Fraction(x) for x in point["parameter"]] for point in (one, other))
        assert max(a, -d) <= min(b, -c)
        for key in ("omega", "first_lyapunov_coefficient"):
            (a, b), (c, d) = ([Fraction(x) for x in point[key]] for point in (one, other))
            assert max(a, c) <= min(b, d)
        assert all(one[key] == other[key] for key in ("criticality", "unstable_eigenvalues", "stable_eigenvalues"))
        assert Fraction(one["crossing_speed"][0]) > 0 > Fraction(other["crossing_speed"][1])


def spectrum(arrays: dict[str, np.ndarray]) -> np.ndarray:
    return np.linalg.eigvals(arrays["R1"] - arrays["R1"].T + arrays["R2"])


def test_rounded_networks_lie_in_the_enclosures() -> None:
    """NumPy rounds the weights to float16; its eigenvalues give γ* = −Re μ and ω = |Im μ| on the branch."""
    problem = problem_of("trained-node-float16")
    claims = [json.loads(path.read_text())["claims"] for path in sorted((BUNDLES / "trained-node-float16" / "points").glob("hopf-*.json"))]
    given = {name: array.to_binary64_approx() for name, array in problem.arrays.items()}
    half = {name: array.astype(np.float16).astype(float) for name, array in given.items()}
    for name, array in half.items():
        radius = problem.radius_of(name)
        assert isinstance(radius, ExactMatrix)
        assert (np.abs(array - given[name]) <= radius.to_binary64_approx()).all()
    assert any((half[name] != given[name]).any() for name in half)
    generator = np.random.default_rng(16)
    corners = [
        {name: array + generator.choice([-1, 1], array.shape) * problem.radius_of(name).to_binary64_approx() for name, array in given.items()}  # type: ignore[union-attr]
        for _ in range(20)
    ]
    for arrays in (given, half, *corners):
        pairs = sorted((-mu.real, mu.imag) for mu in spectrum(arrays) if mu.imag > 1e-9)
        assert len(pairs) == len(claims)
        for claim, (gamma, omega) in zip(claims, pairs, strict=True):
            assert holds(claim["parameter"], gamma) and holds(claim["omega"], omega)


def test_the_network_rounded_to_float16_has_the_claimed_coefficients() -> None:
    """Proved for itself, exactly; each of its enclosures lies in that of the box."""
    problem = problem_of("trained-node-float16")
    half = {name: ExactMatrix.from_binary64(array.to_binary64_approx().astype(np.float16).astype(float)) for name, array in problem.arrays.items()}
    thin = prove(replace(problem, arrays=half, weight_radius=Fraction(0)))
    boxes = [json.loads(path.read_text())["claims"] for path in sorted((BUNDLES / "trained-node-float16" / "points").glob("hopf-*.json"))]
    points = [point for name, point in thin.points.items() if name.startswith("hopf-")]
    assert thin.proved and len(points) == len(boxes)
    for point, box in zip(points, boxes, strict=True):
        for key in ("parameter", "omega", "first_lyapunov_coefficient"):
            (a, b), (c, d) = ([Fraction(x) for x in claims[key]] for claims in (box, point["claims"]))
            assert a <= c and d <= b


def test_the_training_log_and_pictures_are_there() -> None:
    for suffix in ("", "-robust"):
        lines = (FOLDER / f"training-log{suffix}.csv").read_text().splitlines()
        assert lines[0] == "epoch,loss,accuracy,test loss,test accuracy" and float(lines[-1].split(",")[-1]) > 0.99
        picture = Path(FOLDER / f"decision-boundary{suffix}.png").read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) < 200_000
