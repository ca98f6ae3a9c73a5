"""`time = { euler = "0.1" }`: the map x ↦ x + εf(x) of a flow, with values known in closed form or to 40 digits."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from independent import layered_field

from proofgen import api
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims
from proofgen.errors import InputError
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load_text
from proofgen.spec.written import network_toml

ROTATION = """
[network]
family = "equations"
time = TIME
variables = ["x", "y"]
equations = ["mu*x - y - x*(x**2 + y**2)", "x + mu*y - y*(x**2 + y**2)"]
[parameter]
name = "mu"
interval = ["-0.3", "0.1"]
"""
ASYMMETRIC = """
[network]
family = "asymmetric-rnn"
time = { euler = "0.1" }
R1 = [["0.5", "1", "0"], ["-2", "0.25", "1"], ["0", "0.5", "0.125"]]
R2 = [["0.1", "0", "0"], ["0", "0.2", "0"], ["0", "0", "0.3"]]
bias = ["0.1", "0", "-0.2"]
"""
LAYERED = """
[network]
family = "layered"
time = { euler = "0.25" }
leak = ["1", "2"]
start = ["0.5", "0"]
[[network.layer]]
weights = [["1", "-2"], ["2", "1"], ["0", "1"]]
bias = ["0.1", "0.2", "0.3"]
activation = "tanh"
enters = { gain = true }
[[network.layer]]
weights = [["1", "0", "2"], ["0", "1", "0"]]
activation = "identity"
enters = { bias = [1, 2] }
[parameter]
interval = ["0", "1"]
"""


def holds(claim: Enclosure, value: mp.mpf) -> bool:
    exact = Fraction(mp.nstr(value, 30))
    slack = abs(exact) / 10**25
    return claim.low - slack <= exact <= claim.high + slack and claim.width < abs(exact) / 10**7


def the_point(text: str, out: Path) -> NeimarkSackerClaims:
    found = api.prove(load_text(text), out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (point,) = found.bundle.points.values()
    assert isinstance(point.claims, NeimarkSackerClaims)
    return point.claims


def test_a_neimark_sacker_point_in_closed_form(tmp_path: Path) -> None:
    """z ↦ z(1 + ε(μ + i)) − εz|z|²: |m| = 1 at 1 + εμ = √(1 − ε²), before the Hopf point of the flow; a = −2ε Re m, as
    x = 2 Re(wq) with q^H q = 1 means |z|² = 2|w|²."""
    claims = the_point(ROTATION.replace("TIME", '{ euler = "0.25" }'), tmp_path / "b")
    with mp.workdps(40):
        epsilon = mp.mpf(1) / 4
        re = mp.sqrt(1 - epsilon**2)
        assert holds(claims.parameter, (re - 1) / epsilon) and claims.parameter.high < 0
        assert holds(claims.theta, mp.asin(epsilon)) and holds(claims.coefficient, -2 * epsilon * re)
        assert holds(claims.log_modulus_speed, epsilon * re)
    assert (claims.inside, claims.outside) == (0, 0)


@pytest.mark.slow
def test_the_antisymmetric_cell_with_six_neurons(tmp_path: Path) -> None:
    """The cell of Chang, Chen, Haber and Chi, with bias; values computed independently to 40 digits."""
    text = (Path(__file__).parents[1] / "data" / "specs" / "euler.toml").read_text(encoding="utf-8")
    claims = the_point(text, tmp_path / "b")
    for claim, value in [
        (claims.parameter, "-1.336060335139418057138348166926600367211"), (claims.theta, "0.5189651036938476052474922012397527081129"),
        (claims.log_modulus_speed, "0.08683329342834893352987429812609861483989"), (claims.coefficient, "-0.5960715374899112009748418120514107673427"),
    ]:  # fmt: skip
        assert holds(claim, mp.mpf(value))
    assert (claims.inside, claims.outside) == (4, 0)


@pytest.mark.parametrize("text", [ASYMMETRIC, LAYERED, ASYMMETRIC + "leak = 2\nlayers = 2\n"])
def test_the_map_of_a_network(text: str) -> None:
    """F(x) = x + εf(x), and the spec that is written back says the same."""
    step = Fraction(1, 4) if "0.25\" }" in text else Fraction(1, 10)
    problem: Any = load_text(text)
    flow: Any = load_text(text.replace(f'time = {{ euler = "{float(step)}" }}\n', ""))
    assert problem.discrete and not flow.discrete
    with mp.workdps(30):
        x = [mp.mpf(k + 1) / 3 for k in range(problem.dimension)]
        gamma = mp.mpf(3) / 8
        moved, f = layered_field(problem)(x, gamma), layered_field(flow)(x, gamma)  # of a map: F(x) − x
        assert all(abs(a - b * step.numerator / step.denominator) < mp.mpf(10) ** -25 for a, b in zip(moved, f, strict=True))
    again: Any = load_text(network_toml(problem))
    assert again.layers == problem.layers and again.leak_entries() == problem.leak_entries() and again.start == problem.start
    assert all(np.array_equal(again.arrays[name].fractions(), problem.arrays[name].fractions()) for name in problem.arrays)


@pytest.mark.parametrize("time", ['{ euler = "0" }', '{ euler = "-0.1" }', "{ euler = true }", "{ step = 1 }", '"euler"', '{ euler = "0.1", x = 1 }'])
def test_wrong_steps(time: str) -> None:
    with pytest.raises(InputError, match=r"network\.time"):
        load_text(ROTATION.replace("TIME", time))


SINGULAR = """
[network]
family = "asymmetric-rnn"
R1 = [["0", "-1.1", "0.3"], ["1.2", "0", "0.5"], ["0.2", "0.1", "0"]]
R2 = [["0.3", "0", "0"], ["0", "0.2", "0"], ["0", "0", "-0.7"]]
"""


@pytest.mark.parametrize("interval", [None, '["0.6", "0.75"]'])
def test_lines_of_fixed_points(interval: str | None, tmp_path: Path) -> None:
    """x + εσ(W(γ)x) where W(γ) is singular: all points of its kernel are fixed points, which is said; no pitchfork. On the
    whole line, and (with one weight as the parameter) over an interval."""
    text = SINGULAR + 'time = { euler = "0.1" }\n'
    if interval is not None:  # γ at one place of the diagonal, where W is singular at another value
        text += '[parameter]\nenters = { row = 3, column = 3 }\ninterval = ["0.5", "0.9"]\n'
    found = api.prove(load_text(text), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (crossing,) = found.bundle.summary.real_crossings
    W = np.array([[0.3, -2.3, 0.1], [2.3, 0.2, 0.4], [-0.1, -0.4, -0.7]])
    at = float(crossing.middle) * (np.eye(3) if interval is None else np.diag([0, 0, 1]))
    _, values, vectors = np.linalg.svd(W + at)
    assert values[-1] < 1e-12
    kernel = vectors[-1] * 3
    assert np.allclose(kernel + 0.1 * np.tanh((W + at) @ kernel), kernel)
    assert found.bundle.lines and not found.bundle.summary.plain_crossings
    assert not any(row.id.startswith(("pitchfork", "transcritical")) for row in found.bundle.summary.points)
    text = (tmp_path / "bundle/summary.tex").read_text()
    assert r"the kernel of the matrix~$W(\gamma)$ of the weights, are fixed points" in text


def test_poles_of_fixed_points_are_plain(tmp_path: Path) -> None:
    """With a bias the fixed points go to infinity there; the reason says so, and that the flow tells more: a pole."""
    text = SINGULAR + 'bias = ["0.1", "0.2", "0.3"]\n'
    found = api.prove(load_text(text + 'time = { euler = "0.1" }\n'), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (plain,) = found.bundle.summary.plain_crossings
    assert plain.code == "singular-weights" and not found.bundle.lines
    (pole,) = (point for name, point in api.prove(load_text(text)).bundle.points.items() if name.startswith("pole"))
    claims: Any = pole.claims
    assert not plain.interval.disjoint(claims.parameter)
