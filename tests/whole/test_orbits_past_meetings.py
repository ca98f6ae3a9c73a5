"""Orbits beyond amplitudes at which Floquet exponents meet: multipliers become negative, one leaves the unit circle."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import paper
from scipy.integrate import solve_ivp

from proofgen.api import load, prove
from proofgen.approx.network import layered_field_approx
from proofgen.checker.whole import check_path
from proofgen.problem.options import OrbitOptions
from proofgen.search.orbit import derivative, orbit_at, orbit_at_hopf_point, turned
from proofgen.search.orbit_clusters import apart, together
from proofgen.spec.load import load_text

ROOT = Path(__file__).resolve().parents[2]
# a circle of radius r = √μ drives an oscillator of about half its frequency: Mathieu's equation with damping
MATHIEU = """
[network]
family = "equations"
variables = ["x", "y", "u", "v"]
equations = ["mu*x - y - x*(x**2 + y**2)", "x + mu*y - y*(x**2 + y**2)", "0.52*v - 0.05*u", "-(0.52 + x)*u - 0.05*v"]
start = ["0", "0", "0", "0"]
[parameter]
name = "mu"
interval = ["-0.3", "0.3"]
[orbits]
at = ["0.01", "0.1", "0.2"]
"""


def monodromy(r: float) -> np.ndarray:
    """Of (u, v) along x = r cos t."""

    def right(t: float, w: np.ndarray) -> np.ndarray:
        A = np.array([[-0.05, 0.52], [-0.52 - r * np.cos(t), -0.05]])
        return (A @ w.reshape(2, 2)).ravel()

    found = solve_ivp(right, (0, 2 * np.pi), np.eye(2).ravel(), method="DOP853", rtol=1e-12, atol=1e-14)
    return np.asarray(found.y[:, -1].reshape(2, 2))


def test_negative_multipliers(tmp_path: Path) -> None:
    """At a = 0.01 a pair, at 0.1 two negative ones within the circle, at 0.2 one of them outside."""
    out = tmp_path / "bundle"
    result = prove(load_text(MATHIEU), out)
    assert result.check is not None and result.check.verdict == "accepted"
    rows: list[dict[str, Any]] = result.summary["orbits"]
    for row, a in zip(rows, (0.01, 0.1, 0.2), strict=True):
        assert row["status"] == "proved", row["reason"]
        expected = np.linalg.eigvals(monodromy(a * 2**0.5))
        assert row["unstable_multipliers"] == np.sum(np.abs(expected) > 1)
        assert bool(np.all(expected.imag == 0)) is (a > 0.05) and np.all(expected.real < 0)
        document = json.loads((out / row["certificate"]).read_text(encoding="utf-8"))
        (piece,) = document["witness"]["pieces"]
        Lam = np.load(out / piece["Lam"]["file"])[0]
        found = np.exp(2 * np.pi * (Lam[8::2] + 1j * Lam[9::2]))
        for value in expected:
            assert np.abs(found - value).min() < 1e-9
    assert [row["unstable_multipliers"] for row in rows] == [0, 0, 1]
    # no column is the conjugate of another: the orbit is real as its conjugate is in the larger ball alone, (B) of Lemma O2
    for name in ("MANIFEST.sha256", "summary.json"):
        (out / name).unlink()
    for row, refused in zip(rows[:2], (False, True), strict=True):
        path = out / row["certificate"]
        document = json.loads(path.read_text(encoding="utf-8"))
        document["witness"]["pieces"][0]["uniqueness"] = [1, 0]
        path.write_text(json.dumps(document), encoding="utf-8")
        items = check_path(out, "auto").items
        failures = [str(f) for item in items if row["certificate"].startswith(item.name) for f in item.failures]
        assert any("real" in text for text in failures) is refused, failures


def test_columns_are_put_together_and_taken_apart() -> None:
    """All columns of n6 but the critical ones in one block, by a distance that is too large: the frame remains one."""
    field = layered_field_approx(paper("n6-seed80"))
    values = np.linalg.eigvals(field.layers[0].W0)
    gamma, omega = max((-float(z.real), float(z.imag)) for z in values if z.imag > 1e-9)
    start = orbit_at(orbit_at_hopf_point(field, np.zeros(6), gamma, omega, 45, zero_branch=True), 0.05)
    joined = together(start, 3.0)
    assert [sorted(columns) for columns in joined.clusters] == [[2, 3, 4, 5]]
    for orbit in (joined, orbit_at(joined, 0.051), apart(joined, 0.0)):
        partner, turn = list(orbit.partner), np.array(orbit.turn)
        conjugate = orbit.Q.conj()[:, :, partner] * turned(45, turn)
        assert np.abs(orbit.Q - conjugate).max() < 1e-9 * np.abs(orbit.Q).max()
        M = np.array([field.jacobian(x, orbit.gamma) for x in orbit.x])
        defect = derivative(orbit.Q) - orbit.T * M @ orbit.Q + orbit.Q @ orbit.Lam
        assert np.abs(defect).max() < 1e-7 * np.abs(orbit.Q).max()
        assert np.all(orbit.Lam[~orbit.blocks] == 0)
    split = apart(joined, 0.0)
    assert split.clusters == () and not np.any(split.turn)
    one, two = (np.sort_complex(np.exp(2 * np.pi * np.diag(o.Lam)[2:])) for o in (start, split))
    assert two == pytest.approx(one, rel=1e-7)


SHOWN = {  # where each has an orbit of this amplitude, and how many of its multipliers are outside of the unit circle
    "textbook/brusselator": ("0.05", [0]),
    "textbook/fitzhugh-nagumo": ("0.05", [0, 0]),
    "textbook/lorenz": ("1", [1]),
    "examples/hopfield": ("0.1", [0]),
    "examples/rate-rnn": ("0.05", [0]),
    "examples/neural-ode": ("0.1", [1]),
    "networks/rate-gain": ("0.1", [2, 0, 0]),
    "networks/arctan-unequal-leaks": ("0.1", [0, 0]),
    "paper/n6-seed80-sine": ("0.1", [0, 2, 5]),
    "paper/n6-seed80-2-layers": ("0.01", [5, 2, 1, 0, 3, 5]),
    "paper/n6-seed80-3-layers": ("0.01", [4, 5, 3, 0, 0]),
    "networks/leaky-tanh-12": ("0.1", [0, 2, 4]),
    "networks/logistic-node": ("0.1", [1, 0]),
    "trained-node/trained-node": ("0.1", [1, 3, 4, 7, 9]),
    "trained-node/trained-node-gamma": ("0.1", [9, 7, 4, 3, 1]),
}
QUICK = ("textbook/lorenz", "examples/hopfield")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SHOWN])  # fmt: skip
def test_orbits_of_this_projects_networks(name: str, tmp_path: Path) -> None:
    amplitude, unstable = SHOWN[name]
    problem = load(ROOT / "proofs" / f"{name}.toml")
    result = prove(with_orbit(problem, amplitude), tmp_path / "bundle")
    rows: list[dict[str, Any]] = result.summary["orbits"]
    assert [row["status"] for row in rows] == ["proved"] * len(unstable), [row["reason"] for row in rows]
    assert [row["unstable_multipliers"] for row in rows] == unstable
    assert result.check is not None and result.check.verdict == "accepted"


def with_orbit(problem: Any, amplitude: str) -> Any:
    return replace(problem, proof=replace(problem.proof, orbits=OrbitOptions(at=(Fraction(amplitude),))))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "point", "goal", "unstable"),
    [("n4-seed80", 1, "0.3", 1), ("n4-seed80", 2, "0.3", 2), ("n6-seed80", 1, "0.3", 0), ("n6-seed80", 2, "0.25", 2),
     ("n6-seed80", 3, "0.25", 5), ("n20-seed80", 1, "0.02", 0)],
)  # fmt: skip
def test_first_pieces(name: str, point: int, goal: str, unstable: int) -> None:
    """All orbits up to these amplitudes by one contraction each. Bundles of some of them are checked in the benchmark."""
    problem: Any = load(ROOT / "proofs" / "paper" / f"{name}.toml")
    options = OrbitOptions(branch=Fraction(goal), points=(f"hopf-{point:04d}",))
    result = prove(replace(problem, proof=replace(problem.proof, orbits=options)))
    (row,) = result.summary["orbits"]
    assert row["status"] == "proved" and row["amplitude"] == ["0", goal] and row["direction"] is not None
    assert row["unstable_multipliers"] == unstable
    assert len(json.loads(result.files[row["certificate"]])["witness"]["pieces"]) == 1
