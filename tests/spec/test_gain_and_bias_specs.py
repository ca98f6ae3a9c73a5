"""`enters = { gain = true }` and `enters = { bias = VECTOR }` of specs: what they mean, what is refused, and back to TOML."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from proofgen.bundle.network import read_network
from proofgen.bundle.problem import describe
from proofgen.errors import InputError, UnsupportedError
from proofgen.problem.network import Problem, Term
from proofgen.spec.load import load_text
from proofgen.spec.written import network_toml

ONE = Fraction(1)
ASYMMETRIC = """
[network]
family = "asymmetric-rnn"
R1 = [["0.5", "1"], ["-2", "0.25"]]
R2 = [["0.1", "0"], ["0", "0.2"]]
"""
LAYERED = """
[network]
family = "layered"
leak = 1
[[network.layer]]
weights = [["1", "-2"], ["2", "1"], ["0", "1"]]
bias = ["0.1", "0.2", "0.3"]
activation = "tanh"
FIRST
[[network.layer]]
weights = [["1", "0", "2"], ["0", "1", "0"]]
activation = "identity"
SECOND
"""


def network(text: str, base: Path = Path()) -> Problem:
    problem = load_text(text, base)
    assert isinstance(problem, Problem)
    return problem


def layered(first: str = "none", second: str = "none", parameter: str = "") -> str:
    lines = (f'enters = {value}' if value.startswith("{") else f'enters = "{value}"' if value else "" for value in (first, second))
    one, two = lines
    return LAYERED.replace("FIRST", one).replace("SECOND", two) + (f"[parameter]\n{parameter}" if parameter else "")


def test_a_gain_of_an_asymmetric_network() -> None:
    """γ(R1 − R1ᵀ + R2) + shift I: the shift does not move."""
    (layer,) = network(ASYMMETRIC + '[parameter]\nenters = { gain = true }\nshift = "0.5"\n').layers
    assert layer.weights == (Term(Fraction(1, 2)),) and layer.bias_parameter is None
    assert layer.parameter == (Term(ONE, "R1"), Term(-ONE, "R1", transpose=True), Term(ONE, "R2"))
    plain = network(ASYMMETRIC + "[parameter]\nenters = { gain = true }\n")
    (layer,) = plain.layers
    assert layer.weights == () and plain.shapes == ((2, 2),) and plain.uncertain == ()


def test_a_bias_of_an_asymmetric_network() -> None:
    problem = network(ASYMMETRIC + 'layers = 2\n[parameter]\nenters = { bias = ["1", "-0.5"] }\n')
    first, second = problem.layers
    assert first == second and first.parameter == () and first.bias is None and first.bias_parameter == "c"
    assert problem.arrays["c"].fractions() == [[ONE], [Fraction(-1, 2)]]
    assert not problem.one_layer_shift


@pytest.mark.parametrize(
    ("enters", "parameter"),
    [
        ("{ identity = true, bias = [1, 2] }", (Term(ONE),)),
        ("{ row = 1, column = 2, bias = [1, 2] }", (Term(ONE, unit=(1, 2)),)),
        ("{ row = 1, column = 2, antisymmetric = true, bias = [1, 2] }", (Term(ONE, unit=(1, 2)), Term(-ONE, unit=(2, 1)))),
        ("{ matrix = [[1, 0], [2, 0]], bias = [1, 2] }", (Term(ONE, "E"),)),
    ],
)
def test_a_bias_beside_others(enters: str, parameter: tuple[Term, ...]) -> None:
    problem = network(ASYMMETRIC + f"[parameter]\nenters = {enters}\n")
    (layer,) = problem.layers
    assert layer.parameter == parameter and layer.bias_parameter == "c" and not problem.one_layer_shift


def test_layers_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "c.npy", np.array([0.5, 0.25, 0.125]))
    problem = network(layered('{ gain = true, bias = "c.npy" }', "{ bias = [1, 2] }"), tmp_path)
    first, second = problem.layers
    assert (first.weights, first.parameter, first.bias, first.bias_parameter) == ((), (Term(ONE, "W1"),), "b1", "c1")
    assert (second.weights, second.parameter, second.bias, second.bias_parameter) == ((Term(ONE, "W2"),), (), None, "c2")
    assert problem.shapes == ((3, 2), (2, 3)) and problem.uncertain == ("b1", "W2")


def test_a_default_for_all_layers() -> None:
    both = network(layered("", "", "enters = { gain = true }"))
    assert [layer.parameter for layer in both.layers] == [(Term(ONE, "W1"),), (Term(ONE, "W2"),)]
    one = network(layered("", "none", "enters = { bias = [1, 2, 3] }"))
    assert [layer.bias_parameter for layer in one.layers] == ["c", None]


CASES = [
    ASYMMETRIC + '[parameter]\nenters = { gain = true }\nshift = "0.5"\n',
    ASYMMETRIC + '[parameter]\nenters = { bias = ["1", "-0.5"] }\nshift = "0.5"\n',
    ASYMMETRIC + "[parameter]\nenters = { identity = true, bias = [1, 2] }\n",
    ASYMMETRIC + "[parameter]\nenters = { gain = true, bias = [1, 2] }\n",
    ASYMMETRIC + "[parameter]\nenters = { matrix = [[1, 0], [2, 0]], bias = [1, 2] }\n",
    layered("{ gain = true }", "{ bias = [1, 2] }"),
    layered("{ row = 1, column = 2, bias = [1, 2, 3] }", "{ gain = true, bias = [1, 2] }"),
]


@pytest.mark.parametrize("text", CASES)
def test_toml_and_problem_files_say_the_same(text: str, tmp_path: Path) -> None:
    problem = network(text)
    again = network(network_toml(problem))
    assert again.layers == problem.layers and set(again.arrays) == set(problem.arrays)
    assert describe(again)[1].document == describe(problem)[1].document
    back = read_network(tmp_path, describe(problem)[1].document)
    assert back.layers == problem.layers


WRONG = [
    ("gain false", ASYMMETRIC + "[parameter]\nenters = { gain = false }", ["parameter.enters.gain", "expected true"]),
    ("gain and row", ASYMMETRIC + "[parameter]\nenters = { gain = true, row = 1, column = 1 }", ["parameter.enters", "not both"]),
    ("identity and matrix", ASYMMETRIC + "[parameter]\nenters = { identity = true, matrix = [[1]] }", ["parameter.enters", "not both"]),
    ("identity text", ASYMMETRIC + '[parameter]\nenters = { identity = "yes" }', ["parameter.enters.identity", "expected true"]),
    ("bias short", ASYMMETRIC + "[parameter]\nenters = { bias = [1] }", ["parameter.enters.bias", "1 entries; expected 2"]),
    ("bias zero", ASYMMETRIC + "[parameter]\nenters = { bias = [0, 0] }", ["parameter.enters.bias", "is zero"]),
    ("bias entry", ASYMMETRIC + '[parameter]\nenters = { bias = [0, "x"] }', ["parameter.enters.bias", "'x'"]),
    ("bias number", ASYMMETRIC + "[parameter]\nenters = { bias = 1 }", ["parameter.enters.bias", "expected an array"]),
    ("bias misspelt", ASYMMETRIC + "[parameter]\nenters = { biass = [1] }", ["parameter.enters", "{ bias }"]),
    ("bias and none", ASYMMETRIC + "[parameter]\nenters = { bias = [1, 2], row = 1 }", ["parameter.enters.column", "missing"]),
    ("bias of a layer", layered("{ bias = [1, 2] }"), ["network.layer[1].enters.bias", "2 entries; expected 3"]),
    ("default bias", layered("", "", "enters = { bias = [1, 2, 3] }"), ["parameter.enters.bias", "layer 2", "3 entries; expected 2"]),
]


@pytest.mark.parametrize(("text", "fragments"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong(text: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load_text(text)
    assert all(fragment in str(caught.value) for fragment in fragments), str(caught.value)


def test_the_weights_of_a_gain_are_exact() -> None:
    """One radius for all would be read as if it were theirs too."""
    gain = layered("{ gain = true }") + "[proof]\nweight_radius = "
    for radius in ('"1e-9"', '"float32"'):
        with pytest.raises(UnsupportedError, match="weights of a gain are exact"):
            load_text(gain + radius)
    with pytest.raises(InputError, match="no array 'W1' there"):
        load_text(gain + '{ W1 = "1e-9" }')
    assert network(gain + '{ W2 = "1e-9" }').has_box and not network(gain + '"0"').has_box
