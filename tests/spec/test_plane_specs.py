"""Specs with two parameters: networks written out as equations are the networks, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from proofgen.bundle.equations import read_plane
from proofgen.bundle.problem import describe
from proofgen.errors import InputError, UnsupportedError
from proofgen.problem.plane import PlaneProblem
from proofgen.spec.load import load_text
from proofgen.spec.written import plane_toml

EQUATIONS = """
[network]
family = "equations"
variables = ["x", "y"]
constants = { g = "1" }
definitions = { s = "n + x" }
equations = ["x**2*(1 - x)/s - x*y", "-g*y*(m - x)"]
start = ["0.25", "0.5"]
"""
ONE_VARIABLE = '[network]\nfamily = "equations"\nvariables = ["x"]\nequations = ["m*x - x**3 + n"]\n'
PARAMETER = '[parameter]\nnames = ["m", "n"]\nbox = [["0.24", "0.26"], ["0.115", "0.135"]]\n'
RNN = """
[network]
family = "rnn"
time = "continuous"
weight_ih = [["-0.7"], ["0.2"]]
weight_hh = [["0.4", "1.5"], ["-1.5", "0.3"]]
bias = ["0.1", "-0.2"]
"""
ASYMMETRIC = '[network]\nfamily = "asymmetric-rnn"\nR1 = [[0, 1], [0, 0]]\nR2 = [["0.1", "0"], ["0.3", "0.2"]]\nbias = [1, 2]\n'
LAYERED = """
[network]
family = "layered"
leak = [1, "0.5"]
[[network.layer]]
weights = [["0.5", 2], [0, -1], ["1e-3", 5]]
bias = [1, 2, -3]
activation = "z/(1 + z**2)"
ONE
[[network.layer]]
weights = [["0.1", 2, 0], [0, -1, -1]]
activation = "softplus"
TWO
"""


def two(enters: str, more: str = "") -> str:
    return f'[parameter]\nnames = ["p", "q"]\nbox = [[0, 2], [-1, 1]]\n{f"enters = {enters}" if enters else ""}\n{more}'


def plane(text: str) -> PlaneProblem:
    problem = load_text(text)
    assert isinstance(problem, PlaneProblem)
    return problem


def field(problem: PlaneProblem, x: list[float], p: float, q: float) -> list[float]:
    """The equations in binary64."""
    names = {"tanh": math.tanh, "exp": math.exp, "log": math.log, **dict(zip(problem.parameters, (p, q), strict=True))}
    names |= dict(zip(problem.variables, x, strict=True))
    for name, text in (*problem.constants, *problem.definitions):
        names[name] = eval(text, {}, names)
    return [eval(text, {}, names) for text in problem.equations]


def test_equations() -> None:
    problem = plane(EQUATIONS + PARAMETER)
    assert problem.parameters == ("m", "n") and problem.dimension == 2
    assert problem.box == ((Fraction(6, 25), Fraction(13, 50)), (Fraction(23, 200), Fraction(27, 200)))
    assert plane(plane_toml(problem)) == problem
    _, file = describe(problem)
    read = read_plane(file.document)
    assert (read.equations, read.box, read.parameters) == (problem.equations, problem.box, problem.parameters)


W, R = np.array([[0.4, 1.5], [-1.5, 0.3]]), np.array([[0.1, 1.0], [-0.7, 0.2]])
b, V, x = np.array([0.1, -0.2]), np.array([-0.7, 0.2]), [0.3, -0.4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RNN + two('[{ gain = "weight_hh" }, { input = 1 }]'), lambda p, q: np.tanh(p * W @ x + q * V + b) - x),
        (RNN + two('[{ input = 1 }, { gain = "weight_hh" }]'), lambda p, q: np.tanh(q * W @ x + p * V + b) - x),
        (RNN + two('[{ gain = "weight_hh" }, { gain = "bias_ih" }]'), lambda p, q: np.tanh(p * W @ x + q * b) - x),
        (
            RNN.replace("start", "").replace("bias", 'input = ["0.5"]\nbias') + two('[{ gain = "weight_ih" }, { gain = "weight_hh" }]'),
            lambda p, q: np.tanh(q * W @ x + 0.5 * p * V + b) - x,
        ),
        (
            RNN.replace("bias =", "alpha = '0.5'\nbias =") + two('[{ array = "weight_hh", row = 1, column = 2 }, { array = "weight_hh", row = 2, column = 2 }]'),
            lambda p, q: 0.5 * (np.tanh((W + np.array([[0, p], [0, q]])) @ x + b) - x),
        ),
        (ASYMMETRIC + two('["identity", { bias = [1, 0] }]', 'shift = "0.5"'), lambda p, q: np.tanh((R + (p + 0.5) * np.eye(2)) @ x + [1 + q, 2])),
        (ASYMMETRIC + two('[{ bias = [1, 0] }, { gain = true }]', 'shift = "0.5"'), lambda p, q: np.tanh((q * R + 0.5 * np.eye(2)) @ x + [1 + p, 2])),
        (ASYMMETRIC + two('[{ gain = true, bias = [0, 1] }, { bias = [1, 0] }]'), lambda p, q: np.tanh(p * R @ x + [1 + q, 2 + p])),
        (
            LAYERED.replace("ONE", 'enters = [{ gain = true }, "none"]').replace("TWO", 'enters = ["none", { bias = [0, 1] }]') + two(""),
            lambda p, q: layered(p * np.array([[0.5, 2], [0, -1], [1e-3, 5]]), [0, q]),
        ),
        (
            LAYERED.replace("ONE", "").replace("TWO", 'enters = ["none", { gain = true }]') + two('[{ row = 3, column = 1 }, "none"]'),
            lambda p, q: layered(np.array([[0.5, 2], [0, -1], [1e-3 + p, 5]]), [0, 0], q),
        ),
    ],
)  # fmt: skip
def test_networks_are_written_out(text: str, expected: object) -> None:
    problem = plane(text)
    for p, q in ((0.0, 0.0), (0.7, -0.3), (1.3, 0.9)):
        assert field(problem, x, p, q) == pytest.approx(list(expected(p, q)), abs=1e-14)  # type: ignore[operator]
    assert plane(plane_toml(problem)).equations == problem.equations


def layered(first: np.ndarray, second_bias: list[float], gain: float = 1) -> np.ndarray:  # type: ignore[type-arg]
    z = first @ x + [1, 2, -3]
    return np.log1p(np.exp(gain * np.array([[0.1, 2, 0], [0, -1, -1]]) @ (z / (1 + z**2)) + second_bias)) - np.array([1, 0.5]) * x


@pytest.mark.parametrize(
    ("text", "kind", "fragments"),
    [
        (EQUATIONS + '[parameter]\nnames = ["m"]\nbox = [[0, 1], [0, 1]]', InputError, ["parameter.names", "two parameters", 'name = "F"']),
        (EQUATIONS + '[parameter]\nnames = ["m", "n", "g"]\nbox = [[0, 1], [0, 1]]', InputError, ["parameter.names", "two parameters"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "m"]\nbox = [[0, 1], [0, 1]]', InputError, ["parameter.names", "different"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "x"]\nbox = [[0, 1], [0, 1]]', InputError, ["network.variables", "taken by a parameter"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "exp"]\nbox = [[0, 1], [0, 1]]', InputError, ["parameter.names", "name of a function"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]', InputError, ["parameter.box", "missing", "two ranges"]),
        (EQUATIONS + "[parameter]\nbox = [[0, 1], [0, 1]]", InputError, ["parameter.names", "missing"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]\nbox = [[0, 1]]', InputError, ["parameter.box", "two ranges"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]\nbox = [[0, 1], [0, 1, 2]]', InputError, ["parameter.box", "two ranges"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]\nbox = [[0, 1], [1, 1]]', InputError, ["parameter.box", "empty"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]\nbox = [[1, 0], [0, 1]]', InputError, ["parameter.box", "empty", "[1, 0]"]),
        (EQUATIONS + '[parameter]\nnames = ["m", "n"]\nbox = [[0, 1], ["a", 1]]', InputError, ["parameter.box", "got 'a'"]),
        (EQUATIONS + PARAMETER + "interval = [0, 1]", InputError, ["parameter.interval", "box has the ranges"]),
        (EQUATIONS + PARAMETER + 'name = "m"', InputError, ["parameter.name", "expected names"]),
        (EQUATIONS + PARAMETER + "bxo = 1", InputError, ["parameter.bxo", "'box'"]),
        (EQUATIONS + PARAMETER + 'enters = ["identity", "identity"]', InputError, ["parameter.enters", "for networks"]),
        (EQUATIONS + 'time = "discrete"\n' + PARAMETER, UnsupportedError, ["network.time", "none of maps"]),
        (EQUATIONS + 'time = { euler = "0.1" }\n' + PARAMETER, UnsupportedError, ["network.time", "none of maps"]),
        (EQUATIONS + "box = [[0, 1], [0, 1]]\n" + PARAMETER, InputError, ["network.box", "start"]),
        (EQUATIONS + PARAMETER + '[orbits]\nbranch = "0.1"', UnsupportedError, ["orbits", "one parameter"]),
        (EQUATIONS.replace("1 - x", "1 - z") + PARAMETER, InputError, ["network.equations[1]", "unknown name 'z'"]),
        (EQUATIONS.replace('["0.25", "0.5"]', '["0.25"]') + PARAMETER, InputError, ["network.start", "expected 2"]),
        (ONE_VARIABLE + PARAMETER, InputError, ["network.variables", "at least two"]),
        (ASYMMETRIC + two('["identity", { bias = [1, 0] }]', "[proof]\nweight_radius = '1e-3'"), UnsupportedError, ["proof.weight_radius"]),
        (ASYMMETRIC + two(""), InputError, ["parameter.enters", "missing", "two ways"]),
        (ASYMMETRIC + two('"identity"'), InputError, ["parameter.enters", "two ways"]),
        (ASYMMETRIC + two('["identity"]'), InputError, ["parameter.enters", "two ways"]),
        (ASYMMETRIC + two('["identity", { bias = [1, 0, 3] }]'), InputError, ["parameter.enters[2]", "3 entries"]),
        (ASYMMETRIC + two('["identity", { sideways = true }]'), InputError, ["parameter.enters[2]", "expected"]),
        (ASYMMETRIC + two('["identity", { gain = true }]'), UnsupportedError, ["parameter.enters", "add up"]),
        (ASYMMETRIC + two('[{ gain = true }, { gain = true }]'), UnsupportedError, ["parameter.enters", "add up"]),
        (ASYMMETRIC + two('["identity", { bias = [1, 0] }]').replace('"q"', '"x1"'), InputError, ["parameter.names", "written out", "'x1'"]),
        (RNN + two('[{ gain = "weight_hh" }, { array = "weight_hh", row = 1, column = 1 }]'), UnsupportedError, ["parameter.enters", "add up"]),
        (RNN + two('[{ gain = "weight_ih" }, { input = 1 }]'), UnsupportedError, ["parameter.enters", "add up"]),
        (RNN + two('[{ gain = "weight_hh" }, { input = 2 }]'), InputError, ["parameter.enters[2]", "expected 1 to 1"]),
        (RNN + two('[{ gain = "weight_hh" }, { towards = "x.npz" }]'), UnsupportedError, ["parameter.enters", "directions"]),
        (RNN.replace('time = "continuous"\n', "") + two('[{ gain = "weight_hh" }, { input = 1 }]'), UnsupportedError, ["network.time", "continuous"]),
        (RNN.replace("rnn", "gru") + two('[{ gain = "weight_hh" }, { input = 1 }]'), UnsupportedError, ["network.family", "gated"]),
        ("[network]\n" + two(""), InputError, ["network.family", "missing"]),
        (two(""), InputError, ["network", "missing"]),
    ],
)  # fmt: skip
def test_refused(text: str, kind: type[InputError], fragments: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load_text(text, source_name="two.toml")
    assert type(caught.value) is kind, caught.value
    assert all(fragment in str(caught.value) for fragment in ["two.toml", *fragments]), caught.value
