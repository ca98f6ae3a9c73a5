"""Recurrent networks in discrete time: points of vanilla and leaky networks, computed independently to 40 digits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ordinary import some

from proofgen import api
from proofgen.bundle.flip import FlipClaims
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims
from proofgen.bundle.problem import describe
from proofgen.errors import InputError
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load, load_text
from proofgen.spec.written import network_toml

DATA = Path(__file__).parents[1] / "data" / "rnn"
VALUES = json.loads((DATA / "values.json").read_text())


def holds(claim: Enclosure, value: str, digits: int = 12) -> bool:
    """A value rounded to 40 digits, in an enclosure as narrow as asked for."""
    exact = Fraction(value)
    slack = max(abs(exact), Fraction(1, 10)) / 10**38
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= max(abs(exact), 1) * Fraction(1, 10**digits)


def check_points(name: str, out: Path) -> Any:
    found = api.prove(load(DATA / f"{name}.toml"), out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    points = sorted((point.claims for point in found.bundle.points.values()), key=lambda claims: claims.parameter.low)
    assert [claims.kind for claims in points] == [value["kind"] for value in VALUES[name]]
    for claims, value in zip(points, VALUES[name], strict=True):
        assert holds(claims.parameter, value["parameter"]) and holds(claims.coefficient, value["coefficient"])
        assert all(holds(*pair) for pair in zip(claims.equilibrium, value["fixed_point"], strict=True))
        assert (claims.inside, claims.outside) == (value["inside"], value["outside"])
        if isinstance(claims, NeimarkSackerClaims):
            assert holds(claims.log_modulus_speed, value["speed"]) and holds(claims.theta, value["theta"])
        else:
            assert isinstance(claims, FlipClaims) and holds(claims.multiplier_speed, value["speed"])
    return found


@pytest.mark.parametrize("name", some(["rnn-4", "leaky-5", "rnn-noninvertible"], 0, ["rnn-4"]))
def test_points(name: str, tmp_path: Path) -> None:
    """Of the last three multipliers are 0: the map is not invertible."""
    check_points(name, tmp_path / "bundle")


@pytest.mark.slow
def test_two_flips_and_two_neimark_sacker_points(tmp_path: Path) -> None:
    check_points("rnn-6", tmp_path / "bundle")


ANTISYMMETRIC = """
[network]
family = "rnn"
weight_hh = [["0", "1"], ["-1", "0"]]
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.5", "1.5"]
"""


def test_antisymmetric_weights_are_degenerate(tmp_path: Path) -> None:
    """Every multiplier of γW at h = 0 is imaginary: a strong resonance 1:4, which is undecided."""
    found = api.prove(load_text(ANTISYMMETRIC), tmp_path / "bundle")
    assert not found.bundle.points and {row.code for row in found.bundle.summary.points} == {"strong-resonance"}


def test_names_of_pytorch(tmp_path: Path) -> None:
    """The arrays of a state_dict are those of inline weights; both biases are added exactly, as is W_ih u."""
    rng = np.random.default_rng(3)
    arrays = {key: rng.standard_normal(shape).astype(np.float32) for key, shape in (
        ("weight_hh_l0", (4, 4)), ("weight_ih_l0", (4, 2)), ("bias_hh_l0", (4,)), ("bias_ih_l0", (4,))
    )}  # fmt: skip
    np.savez(tmp_path / "model.npz", **{f"rnn.{key}": value for key, value in arrays.items()})
    parameter = '[parameter]\nenters = { gain = "weight_hh" }\ninterval = ["0.5", "1"]\n'
    text = f'[network]\nfamily = "rnn"\nstate_dict = "model.npz"\nprefix = "rnn."\ninput = ["0.5", "-0.25"]\n{parameter}'
    problem = load_text(text, tmp_path)
    exact = [sum((Fraction(float(w)) * x for w, x in zip(row, (Fraction(1, 2), Fraction(-1, 4)), strict=True)), Fraction(float(b)) + Fraction(float(c)))
             for row, b, c in zip(arrays["weight_ih_l0"], arrays["bias_ih_l0"], arrays["bias_hh_l0"], strict=True)]  # fmt: skip
    assert [row[0] for row in problem.arrays["b1"].fractions()] == exact and problem.discrete and problem.leak == 0
    assert problem.arrays["E1"].fractions() == [[Fraction(float(x)) for x in row] for row in arrays["weight_hh_l0"]]
    np.savez(tmp_path / "two.npz", **{f"rnn.{key}": value for key, value in arrays.items()}, **{"rnn.weight_hh_l1": arrays["weight_hh_l0"]})
    with pytest.raises(InputError, match="a second layer is not supported"):
        load_text(text.replace("model.npz", "two.npz"), tmp_path)


@pytest.mark.parametrize("key", ["bias_hh_l0", "bias_ih_l0", "weight_hh_l1"])
def test_an_array_that_cannot_be_read_is_not_left_out(key: str, tmp_path: Path) -> None:
    """It is there: what is said without it would be true of another network."""
    arrays = {"weight_hh_l0": np.eye(2), "bias_hh_l0": np.ones(2), "bias_ih_l0": np.ones(2)}
    text = '[network]\nfamily = "rnn"\nstate_dict = "model.npz"\n[parameter]\nenters = { gain = "weight_hh" }\ninterval = ["0.5", "1"]\n'
    np.savez(tmp_path / "model.npz", **{name: array for name, array in arrays.items() if name != key})
    left = load_text(text, tmp_path).arrays["b1"].fractions()
    assert left == [[2 if key == "weight_hh_l1" else 1]] * 2
    np.savez(tmp_path / "model.npz", **(arrays | {key: np.full((2, 2) if key[0] == "w" else 2, np.nan)}))
    with pytest.raises(InputError, match="NaN"):
        load_text(text, tmp_path)


@pytest.mark.parametrize(("change", "message"), [
    (('family = "rnn"', 'family = "rnn"\nactivation = "relu"'), "not smooth|kink|smooth"),
    (('{ gain = "weight_hh" }', "{ input = 1 }"), "an input needs weight_ih"),
    (('{ gain = "weight_hh" }', '{ gain = "bias_hh" }'), "bias_hh is 0 here"),
    (('{ gain = "weight_hh" }', '{ array = "weight_hh", row = 3, column = 1 }'), "expected 1 to 2"),
    (('{ gain = "weight_hh" }', '{ array = "input", row = 1 }'), "expected { gain"),
    (('{ gain = "weight_hh" }', '"identity"'), "expected { gain"),
    (('family = "rnn"', 'family = "rnn"\nalpha = "1.5"'), r"number in \(0, 1\]"),
    (('family = "rnn"', 'family = "rnn"\ninput = ["1"]'), "needs weight_ih"),
])  # fmt: skip
def test_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_text(ANTISYMMETRIC.replace(*change))


@pytest.mark.parametrize("name", ["rnn-4", "leaky-5"])
def test_written_as_layers(name: str) -> None:
    """The spec that says the same is one of layers, with time = "discrete"."""
    problem = load(DATA / f"{name}.toml")
    text = network_toml(problem)
    assert 'family = "layered"' in text and 'time = "discrete"' in text
    assert describe(load_text(text))[1].document == describe(problem)[1].document


def test_no_double_signs(tmp_path: Path) -> None:
    """1 − α stands in front of h, not −(−4/5)."""
    found = api.prove(load_text(ANTISYMMETRIC.replace('family = "rnn"', 'family = "rnn"\nalpha = "0.2"')), tmp_path / "bundle")
    text = (tmp_path / "bundle/summary.tex").read_text()
    assert r"x \mapsto f(x,\gamma) = \frac{4}{5}\,x + " in text and "--" not in text.split(r"\begin{document}")[1].split("Neimark")[0]
    assert found.bundle.problem.discrete


# --- in continuous time ----------------------------------------------------------------------------


def in_time(text: str, alpha: str = "1", more: str = "") -> str:
    return text.replace("[network]", f'[network]\ntime = "continuous"\nalpha = "{alpha}"\n{more}', 1)


FLOW = '[network]\nfamily = "rnn"\nweight_hh = [["0.8", "-1.5"], ["1.5", "0.8"]]\n[parameter]\nenters = { gain = "weight_hh" }\n'


@pytest.mark.parametrize("alpha", ["1", "0.5"])
def test_a_flow_in_closed_form(alpha: str, tmp_path: Path) -> None:
    """h' = α(−h + tanh(γWh)), the rate network: its pair −1 + γ(0.8 ± 1.5i) is on the axis at γ = 5/4, ω = 15/8 α; for α ≠ 1 on an interval."""
    text = in_time(FLOW, alpha)
    text = text if alpha == "1" else text.replace("enters", 'interval = ["0.5", "2"]\nenters')
    found = api.prove(load_text(text), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    claims: Any = found.bundle.points["hopf-0001"].claims
    assert holds(claims.parameter, "1.25") and holds(claims.omega, str(float(Fraction("1.875") * Fraction(alpha))))


def test_a_flow_with_a_bias_is_that_of_layers(tmp_path: Path) -> None:
    """A Hopf point away from x = 0, which no Euler step of the map moves to: the same as of a rate network."""
    text = in_time(FLOW, more='bias = ["0.1", "0.2"]\nstart = ["0", "0"]\n').replace("enters", 'interval = ["0.5", "2"]\nenters')
    found = api.prove(load_text(text), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    layers = """
[network]
family = "layered"
leak = "1"
start = ["0", "0"]
[[network.layer]]
weights = [["0.8", "-1.5"], ["1.5", "0.8"]]
bias = ["0.1", "0.2"]
activation = "tanh"
enters = { gain = true }
[parameter]
interval = ["0.5", "2"]
"""
    (one,), (other,) = ([point.claims for point in result.bundle.points.values()] for result in (found, api.prove(load_text(layers))))
    assert one.parameter == other.parameter and one.first_lyapunov_coefficient == other.first_lyapunov_coefficient


@pytest.mark.slow
def test_a_flow_of_a_box(tmp_path: Path) -> None:
    """With a radius it is a cell; the exact network is one of the box."""
    text = in_time(FLOW, "0.5", 'bias = ["0.1", "0.2"]\nstart = ["0", "0"]\n').replace("enters", 'interval = ["0.5", "2"]\nenters')
    (one,) = (point.claims for point in api.prove(load_text(text)).bundle.points.values())
    found = api.prove(load_text(text + '[proof]\nweight_radius = "1e-7"\n'), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    wide: Any = found.bundle.points["hopf-0001"].claims
    assert wide.parameter.low < one.parameter.low <= one.parameter.high < wide.parameter.high
    tex = (tmp_path / "bundle/points/hopf-0001.tex").read_text()
    assert r"\dot{\mathrm h} &= \boldsymbol\alpha\circ \bigl(-\mathrm h + \tanh" in tex
