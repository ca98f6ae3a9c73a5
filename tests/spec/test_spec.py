"""Specs that are right: what `load` makes of them, exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.problem.network import Layer, Term
from proofgen.problem.options import ProofOptions
from proofgen.spec.load import load, load_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PAPER = Path(__file__).parents[2] / "proofs" / "paper"
ONE = Fraction(1)
W = (Term(ONE, "R1"), Term(-ONE, "R1", True), Term(ONE, "R2"))

MINIMAL = """
[network]
family = "asymmetric-rnn"
R1 = [[0, 0.1], ["-0.2", 3]]
"""

FULL = """
title = "Everything given"

[network]
family = "asymmetric-rnn"
activation = "sin"
R1 = [[0, 1], [0, 0]]
R2 = [["0.1", 0], [0, 0.3]]
bias = ["0.5", 1e-3]
layers = 1

[parameter]
name = "mu_1"
enters = "identity"
shift = 0.01
interval = ["-1", 1.5]

[proof]
precision = 256
max_precision = 512
digits = 20
weight_radius = "1e-9"
"""


def test_minimal_spec() -> None:
    problem = load_text(MINIMAL, source_name="some/folder/my-network.toml")
    assert problem.title == "my-network"
    assert problem.dimension == 2
    assert problem.layers == (Layer("tanh", W[:2], (Term(ONE),), None),)
    assert problem.arrays.keys() == {"R1"}
    assert problem.arrays["R1"].fractions() == [[0, Fraction(1, 10)], [Fraction(-1, 5), 3]]
    assert problem.parameter_name == "gamma"
    assert problem.interval is None and problem.weight_radius == 0
    assert problem.proof == ProofOptions(precision=128, max_precision=1024, digits=8)


def test_full_spec() -> None:
    problem = load_text(FULL)
    assert problem.title == "Everything given"
    assert problem.layers == (Layer("sin", (*W, Term(Fraction(1, 100))), (Term(ONE),), "bias"),)
    assert problem.arrays["R2"].fractions() == [[Fraction(1, 10), 0], [0, Fraction(3, 10)]]
    assert problem.arrays["bias"].fractions() == [[Fraction(1, 2)], [Fraction(1, 1000)]]
    assert (problem.parameter_name, problem.interval) == ("mu_1", (Fraction(-1), Fraction(3, 2)))
    assert problem.weight_radius == Fraction(1, 10**9)
    assert problem.proof == ProofOptions(precision=256, max_precision=512, digits=20)
    weights = problem.combine(problem.layers[0].weights)
    assert weights.fractions() == [[Fraction(11, 100), 1], [-1, Fraction(31, 100)]]


def test_data_files_are_looked_up_beside_the_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    r1 = np.array([[0.1, 0.7], [1e-200, 3.0]])
    np.save(folder / "R1.npy", r1)
    np.savez(folder / "net.npz", R2=r1 * 2, b=np.ones(2))
    (folder / "a.toml").write_text(
        '[network]\nfamily = "asymmetric-rnn"\nR1 = "R1.npy"\nR2 = "net.npz:R2"\nbias = "net.npz:b"\n'
    )
    monkeypatch.chdir(tmp_path)
    for path in ("specs/a.toml", folder / "a.toml"):
        problem = load(path)
        assert problem.title == "a"
        assert problem.arrays["R1"].as_binary64() is not None
        assert problem.arrays["R1"].entry(0, 0) == Fraction(*(0.1).as_integer_ratio())
        assert problem.arrays["R2"].entry(1, 0) == 2 * Fraction(*(1e-200).as_integer_ratio())


def test_byte_order_mark_and_carriage_returns(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(path).arrays["R1"].entry(0, 1) == Fraction(1, 10)


def test_loading_twice_gives_the_same() -> None:
    first, second = load(PAPER / "n20-seed80.toml"), load(PAPER / "n20-seed80.toml")
    assert (first.title, first.layers, first.proof) == (second.title, second.layers, second.proof)
    for name in ("R1", "R2"):
        assert first.arrays[name].fractions() == second.arrays[name].fractions()


def random_spec(perturbation: str) -> str:
    random = f'{{ generator = "matlab", seed = 80, dimension = 4, perturbation = {perturbation} }}'
    return f'[network]\nfamily = "asymmetric-rnn"\nrandom = {random}\n'


def test_perturbation_is_one_binary64_product() -> None:
    plain, scaled = load_text(random_spec("1")), load_text(random_spec('"0.1"'))
    expected = 0.1 * plain.arrays["R2"].to_binary64_approx()
    assert scaled.arrays["R2"].as_binary64() is not None
    np.testing.assert_array_equal(scaled.arrays["R2"].to_binary64_approx(), expected)
    assert load_text(random_spec("0.1")).arrays["R2"].fractions() == scaled.arrays["R2"].fractions()


def test_perturbation_zero_is_exactly_antisymmetric() -> None:
    problem = load_text(random_spec("0"))
    weights = problem.combine(problem.layers[0].weights)
    assert (weights + weights.transposed).is_zero()
    assert not weights.is_zero()


@pytest.mark.parametrize("perturbation", ['"1e150"', '"1e-150"', "1e150", "-0.1"])
def test_extreme_scalings_load(perturbation: str) -> None:
    assert load_text(random_spec(perturbation)).dimension == 4


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        ("precision = 1024", (1024, 1024)),
        ("precision = 64", (64, 1024)),
        ("precision = 200\nmax_precision = 200", (200, 200)),
        ("max_precision = 512", (128, 512)),
    ],
)
def test_precisions(proof: str, expected: tuple[int, int]) -> None:
    options = load_text(f"{MINIMAL}\n[proof]\n{proof}\n").proof
    assert (options.precision, options.max_precision) == expected


@UNTIMED
@given(st.decimals(-1000, 1000, places=6).map(lambda d: format(d, "f")))
def test_numbers_mean_what_is_written(text: str) -> None:
    """The same decimal as a TOML float and as a string, to the last digit."""
    weights = f'[network]\nfamily = "asymmetric-rnn"\nR1 = [[{text}, "{text}"], [0, 0]]\n'
    problem = load_text(f"{weights}[parameter]\nshift = {text}\n")
    assert problem.arrays["R1"].fractions()[0] == [Fraction(text)] * 2
    shifts = [term.coefficient for term in problem.layers[0].weights if term.matrix is None]
    assert shifts == ([Fraction(text)] if Fraction(text) else [])


@pytest.mark.parametrize(
    ("name", "title", "dimension", "activation"),
    [
        ("n4-printed", "AsymmetricRNN, 4 neurons, printed decimals", 4, "tanh"),
        ("n4-seed80", "AsymmetricRNN, 4 neurons, seed 80", 4, "tanh"),
        ("n6-seed80", "AsymmetricRNN, 6 neurons, seed 80", 6, "tanh"),
        ("n6-seed90", "AsymmetricRNN, 6 neurons, seed 90", 6, "tanh"),
        ("n6-seed80-sine", "AsymmetricRNN, 6 neurons, seed 80, sine", 6, "sin"),
        ("n20-seed80", "AsymmetricRNN, 20 neurons, seed 80", 20, "tanh"),
        ("n50-seed80", "AsymmetricRNN, 50 neurons, seed 80", 50, "tanh"),
        ("n50-seed120", "AsymmetricRNN, 50 neurons, seed 120", 50, "tanh"),
        ("n400-seed80", "AsymmetricRNN, 400 neurons, seed 80", 400, "tanh"),
    ],
)
def test_specs_of_the_paper(name: str, title: str, dimension: int, activation: str) -> None:
    problem = load(PAPER / f"{name}.toml")
    assert (problem.title, problem.dimension, problem.interval) == (title, dimension, None)
    assert problem.layers == (Layer(activation, W, (Term(ONE),), None),)


def test_printed_decimals_are_exact() -> None:
    r1 = load(PAPER / "n4-printed.toml").arrays["R1"]
    assert r1.entry(0, 0) == Fraction(82, 1000)
    assert r1.entry(3, 3) == Fraction(-14106, 10000)


@pytest.mark.parametrize("text", [" tanh(z) ", "\\ttanh(z)", "tanh(z)"])
def test_activation_texts_are_stored_in_one_form(text: str) -> None:
    assert load_text(MINIMAL.replace("[network]", f'[network]\nactivation = "{text}"')).layers[0].activation == "tanh(z)"


def test_the_unicode_minus_is_stored_as_ascii() -> None:
    problem = load_text(MINIMAL.replace("[network]", '[network]\nactivation = "z − z**3"'))
    assert problem.layers[0].activation == "z - z**3"
