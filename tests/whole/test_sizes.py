"""Fields of the size that people train: complete, accepted, and with no more pieces than quadratic forms need."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sizes import other_network, rate_network

from proofgen import api
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.problem.network import Problem

PROOFS = Path(__file__).parents[2] / "proofs"


def proved(spec: Path, folder: Path) -> tuple[list[dict[str, Any]], int]:
    """The points of a complete, accepted bundle, and the number of its pieces."""
    result = api.prove(api.load(spec), folder)
    assert result.check is not None and result.check.verdict == "accepted"
    assert result.summary["complete"] and not result.summary["unsettled"]
    pieces = json.loads((folder / "branch.json").read_text(encoding="utf-8"))["witness"]["pieces"]
    return result.summary["points"], len(pieces)


def holds(pair: list[str], value: Fraction, room: Fraction = Fraction(0)) -> bool:
    low, high = (parse_printed_decimal(end) for end in pair)
    return low - room <= value <= high + room and high - low < Fraction(1, 10**10)


@pytest.mark.parametrize(
    ("n", "most", "crossings"),
    [
        pytest.param(64, 60, [], marks=pytest.mark.slow),
        pytest.param(128, 150, ["0.261485524346"], marks=pytest.mark.exhaustive),
        pytest.param(256, 150, [], marks=pytest.mark.exhaustive),
    ],
)
def test_rate_network(n: int, most: int, crossings: list[str], tmp_path: Path) -> None:
    points, pieces = proved(rate_network(n, tmp_path), tmp_path / "bundle")
    assert pieces <= most
    assert [row["parameter"][0][:14] for row in points] == crossings  # by bisection in binary64


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("kind", "most", "crossings"), [("leaks", 150, ["0.24"]), ("logistic", 150, []), ("two layers", 150, [])]
)
def test_other_networks_of_128_units(kind: str, most: int, crossings: list[str], tmp_path: Path) -> None:
    points, pieces = proved(other_network(kind, 128, '["-0.5", "0.5"]', tmp_path), tmp_path / "bundle")
    assert pieces <= most
    assert [row["parameter"][0][:4] for row in points] == crossings  # by a search in binary64


@pytest.mark.exhaustive
def test_leaky_network_of_300_neurons(tmp_path: Path) -> None:
    """On x = 0 the matrix is M + γI: the points are γ = −Re λ for the eigenvalues of M, ω = Im λ."""
    spec = PROOFS / "networks" / "leaky-300.toml"
    points, _ = proved(spec, tmp_path / "bundle")
    problem = api.load(spec)
    assert isinstance(problem, Problem)
    W = problem.combine(problem.layers[0].weights, problem.shapes[0]).to_binary64_approx()
    M = W - np.eye(problem.dimension)
    values = sorted((-value.real, value.imag, k) for k, value in enumerate(np.linalg.eigvals(M)) if value.imag > 0)
    expected = [(gamma, omega) for gamma, omega, _ in values if 1 <= gamma <= 1.003]
    assert len(expected) == len(points) == 4
    for row, (gamma, omega) in zip(points, expected, strict=True):
        assert holds(row["parameter"], Fraction(gamma), Fraction(1, 10**10)) and holds(row["omega"], Fraction(omega), Fraction(1, 10**10))
