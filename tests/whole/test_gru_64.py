"""A GRU of 64 units: the committed bundle is about the committed weights, and says what simulations show."""

from __future__ import annotations

import importlib.util
import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.check import check_path
from proofgen.problem.cell import CellProblem
from proofgen.spec.load import load

FOLDER = Path(__file__).parents[2] / "proofs" / "maps"
BUNDLE = FOLDER.parent / "certificates" / "gru-64"


@pytest.fixture(scope="module")
def problem() -> CellProblem:
    found = load_bundle(BUNDLE).problem
    assert isinstance(found, CellProblem) and found.dimension == 64
    return found


def test_the_bundle_is_about_these_weights(problem: CellProblem) -> None:
    """And these are those of the script, where NumPy still draws the same numbers."""
    files, file = describe(load(FOLDER / "gru-64.toml"))
    assert json.loads((BUNDLE / "problem.json").read_text()) == file.document
    for path, data in files.contents.items():
        assert (BUNDLE / path).read_bytes() == data
    spec = importlib.util.spec_from_file_location("gru_64", FOLDER / "gru_64.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    stored = np.load(FOLDER / "gru-64.npz")
    for name, array in script.weights().items():
        assert stored[name].dtype == np.float32 and np.array_equal(stored[name], array)


@cache
def weights() -> tuple[Any, Any]:
    stored = np.load(FOLDER / "gru-64.npz")
    return stored["weight_hh_l0"].astype(float), stored["bias_hh_l0"].astype(float)


def step(x: Any, gamma: float) -> Any:
    """One step of PyTorch's module with the stored weights, in binary64."""
    W, b = weights()
    back = gamma * (W @ x) + (b if x.ndim == 1 else b[:, None])
    r, z = (1 / (1 + np.exp(-back[k * 64 : (k + 1) * 64])) for k in range(2))
    return (1 - z) * np.tanh(r * back[128:]) + z * x


def linear(x: Any, gamma: float) -> Any:
    """The Jacobian, by complex steps."""
    return step(x[:, None] + 1e-30j * np.eye(64), gamma).imag / 1e-30


def fixed(x: Any, gamma: float) -> Any:
    for _ in range(10):
        x = x - np.linalg.solve(linear(x, gamma) - np.eye(64), step(x, gamma) - x)
    return x


def test_where_it_begins_to_oscillate() -> None:
    """By PyTorch's definition: the crossing, the only one of a larger interval, rest below and turns above."""
    bundle = load_bundle(BUNDLE)
    claims: Any = bundle.points["ns-0001"].claims
    assert bundle.summary.complete and list(bundle.points) == ["ns-0001"] and (claims.inside, claims.outside) == (62, 0)
    assert claims.criticality == "supercritical" and claims.parameter.width < Fraction(1, 10**9)
    x, star, theta = np.array([float(e.middle) for e in claims.equilibrium]), float(claims.parameter.middle), float(claims.theta.middle)
    assert np.allclose(fixed(x, star), x, atol=1e-9)

    def largest(gamma: float) -> Any:
        values = np.linalg.eigvals(linear(fixed(x, gamma), gamma))
        return values[np.argmax(abs(values))], np.sum(abs(values) > 1)

    own, _ = largest(star)
    slope = (abs(largest(star + 1e-5)[0]) - abs(largest(star - 1e-5)[0])) / 2e-5
    assert abs(abs(own) - 1) < 1e-9 and abs(abs(np.angle(own)) - theta) < 1e-9
    assert abs(slope / float(claims.log_modulus_speed.middle) - 1) < 1e-5
    for gamma, outside in ((1.2, 0), (1.24, 0), (1.26, 2), (1.3, 2)):
        assert largest(gamma)[1] == outside
    kept = []
    for gamma in (star - 0.02, star + 0.02):
        state, rows = x + 0.02, []
        for _ in range(4000):
            state = step(state, gamma)
            rows.append(state)
        last = np.array(rows[-600:])
        kept.append(last[:, np.argmax(np.ptp(last, axis=0))])
    assert np.ptp(kept[0]) < 1e-6 and np.ptp(kept[1]) > 0.05
    centred = kept[1] - kept[1].mean()
    turns = np.count_nonzero((centred[:-1] < 0) & (centred[1:] >= 0))
    assert abs(600 / turns - 2 * np.pi / theta) < 0.3


@pytest.mark.slow
def test_the_checker_accepts_it() -> None:
    assert check_path(BUNDLE).exit_code == 0
