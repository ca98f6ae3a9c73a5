"""Specs of the whole family: layers, leaks, any weight as the parameter; right ones exactly, wrong ones with one message."""

from __future__ import annotations

import copy
import itertools
import json
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.bundle import network as network_file
from proofgen.bundle.network import read_network
from proofgen.bundle.problem import describe
from proofgen.bundle.schema import validate
from proofgen.errors import InputError
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Layer, Problem, Term
from proofgen.spec import load as spec_module
from proofgen.spec.asymmetric_rnn import asymmetric_rnn
from proofgen.spec.enters import Entrance
from proofgen.spec.load import load, load_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROOFS = Path(__file__).parents[2] / "proofs"
ONE = Fraction(1)
Rows = list[list[Fraction]]

ASYMMETRIC = '[network]\nfamily = "asymmetric-rnn"\nR1 = [[1, "0.5", 2], [3, 0, "-0.25"], ["1e-3", 7, 4]]\n'
R1 = [[1, Fraction(1, 2), 2], [3, 0, Fraction(-1, 4)], [Fraction(1, 1000), 7, 4]]
LAYERED = '[network]\nfamily = "layered"\n'
SQUARE = '[[1, "0.5"], [3, "-0.25"]]'
WIDE, TALL = "[[1, 2, 3], [4, 5, 6]]", "[[1, 2], [3, 4], [5, 6]]"  # R^3 → R^2, R^2 → R^3


def layer(weights: str = SQUARE, extra: str = "", activation: str = "tanh") -> str:
    return f'[[network.layer]]\nweights = {weights}\nactivation = "{activation}"\n{extra}\n'


def rows(matrix: Any) -> Rows:
    return [[Fraction(x) for x in row] for row in matrix]


def identity(n: int, factor: object = 1) -> Rows:
    return [[Fraction(str(factor)) if i == j else Fraction(0) for j in range(n)] for i in range(n)]


def plus(*matrices: Rows) -> Rows:
    return [
        [sum(entries, Fraction(0)) for entries in zip(*lines, strict=True)] for lines in zip(*matrices, strict=True)
    ]


def minus_transpose(matrix: Any) -> Rows:
    return [[-Fraction(matrix[j][i]) for j in range(len(matrix))] for i in range(len(matrix[0]))]


def W0(problem: Problem, index: int) -> Rows:
    return problem.combine(problem.layers[index].weights, problem.shapes[index]).fractions()


def E(problem: Problem, index: int) -> Rows:
    return problem.combine(problem.layers[index].parameter, problem.shapes[index]).fractions()


# --- the asymmetric network --------------------------------------------------------------------------


def test_equal_layers() -> None:
    problem = load_text(
        ASYMMETRIC.replace("R1", "bias = [1, 2, '0.5']\nlayers = 3\nR1") + "[parameter]\nshift = 0.01\n"
    )
    assert problem.shapes == ((3, 3),) * 3
    for index in range(3):
        assert W0(problem, index) == plus(rows(R1), minus_transpose(R1), identity(3, "0.01"))
        assert E(problem, index) == identity(3)
        assert problem.layers[index].bias == "bias"
    assert problem.arrays.keys() == {"R1", "bias"}
    assert not problem.one_layer_shift


def test_sixty_four_layers_share_their_arrays() -> None:
    problem = load_text(ASYMMETRIC + "layers = 64\n")
    assert len(problem.layers) == 64 and problem.arrays.keys() == {"R1"}


@pytest.mark.parametrize("antisymmetric", [False, True])
def test_one_weight(antisymmetric: bool) -> None:
    enters = f"{{ row = 3, column = 2, antisymmetric = {str(antisymmetric).lower()} }}"
    problem = load_text(ASYMMETRIC + f'layers = 2\n[parameter]\nenters = {enters}\nshift = "0.01"\n')
    expected = [[0, 0, 0], [0, 0, -1 if antisymmetric else 0], [0, 1, 0]]
    for index in range(2):
        assert E(problem, index) == rows(expected)
        assert W0(problem, index) == plus(rows(R1), minus_transpose(R1), identity(3, "0.01"))
    assert problem.layers[0].parameter[0] == Term(ONE, unit=(3, 2))
    assert not problem.one_layer_shift


def test_a_diagonal_weight() -> None:
    problem = load_text(ASYMMETRIC + "[parameter]\nenters = { row = 2, column = 2 }\n")
    assert E(problem, 0) == rows([[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def test_a_matrix(tmp_path: Path) -> None:
    matrix = np.array([[0.1, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    np.save(tmp_path / "E.npy", matrix)
    problem = load_text(ASYMMETRIC + '[parameter]\nenters = { matrix = "E.npy" }\n', tmp_path)
    assert problem.layers[0].parameter == (Term(ONE, "E"),)
    assert E(problem, 0) == [[Fraction(*float(x).as_integer_ratio()) for x in row] for row in matrix]


def test_the_identity_is_the_default() -> None:
    plain = load_text(ASYMMETRIC)
    assert plain.layers == load_text(ASYMMETRIC + '[parameter]\nenters = "identity"\n').layers
    assert plain.one_layer_shift and plain.leak == 0 and plain.start is None


# --- leak and start, for both families ---------------------------------------------------------------


@pytest.mark.parametrize("head", [ASYMMETRIC, LAYERED], ids=["asymmetric", "layered"])
@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ('"1"', [1, 1, 1]),
        ("1", [1, 1, 1]),
        ("0.1", [Fraction(1, 10)] * 3),
        ('"-2.5e-1"', [Fraction(-1, 4)] * 3),
        ('["1", 0.5, "0.0625"]', [1, Fraction(1, 2), Fraction(1, 16)]),
        ("[0, 0, 0]", [0, 0, 0]),
        ('"leak.csv"', [1, 2, Fraction(3, 10)]),
        ('"net.npz:tau"', [1, 2, 4]),
    ],
)
def test_leaks(tmp_path: Path, head: str, text: str, entries: list[Fraction]) -> None:
    (tmp_path / "leak.csv").write_text("1,2,0.3\n")
    np.savez(tmp_path / "net.npz", tau=np.array([1.0, 2.0, 4.0]))
    tail = "" if head == ASYMMETRIC else layer("[[0, 1, 0], [0, 0, 1], [1, 0, 0]]")
    problem = load_text(f"{head}leak = {text}\nstart = [1, '0.1', -2.5]\n{tail}", tmp_path)
    assert problem.leak_entries() == entries
    assert isinstance(problem.leak, Fraction) or problem.leak == "leak"
    assert ("leak" in problem.arrays) == isinstance(problem.leak, str)
    assert problem.start == (1, Fraction(1, 10), Fraction(-5, 2))
    assert problem.one_layer_shift == (not any(entries))


# --- layers of any sizes -----------------------------------------------------------------------------


def test_layers_of_any_sizes() -> None:
    text = (
        LAYERED
        + 'leak = "1"\n'
        + layer(TALL, 'bias = [1, "0.1", 2]\nenters = { row = 3, column = 2 }', "logistic")
        + layer("[[1, 0, 0], [0, 2, 0], [0, 0, 3]]", 'enters = "identity"', "z - z**3")
        + layer(WIDE, 'enters = { matrix = [[0, 0, "0.5"], [0, 0, 0]] }', "softplus")
        + layer(SQUARE, 'bias = ["-1", "0.5"]', "identity")
        + '[parameter]\nenters = "none"\n'
    )
    problem = load_text(text)
    assert problem.dimension == 2
    assert problem.shapes == ((3, 2), (3, 3), (2, 3), (2, 2))
    assert [W0(problem, i) for i in range(4)] == [
        rows([[1, 2], [3, 4], [5, 6]]),
        rows([[1, 0, 0], [0, 2, 0], [0, 0, 3]]),
        rows([[1, 2, 3], [4, 5, 6]]),
        rows([[1, Fraction(1, 2)], [3, Fraction(-1, 4)]]),
    ]
    assert [E(problem, i) for i in range(4)] == [
        rows([[0, 0], [0, 0], [0, 1]]),
        identity(3),
        rows([[0, 0, Fraction(1, 2)], [0, 0, 0]]),
        rows([[0, 0], [0, 0]]),
    ]
    assert [layer.bias for layer in problem.layers] == ["b1", None, None, "b4"]
    assert [layer.activation for layer in problem.layers] == ["logistic", "z - z**3", "softplus", "identity"]
    assert problem.arrays["b1"].fractions() == rows([[1], [Fraction(1, 10)], [2]])
    assert problem.arrays.keys() == {"W1", "b1", "W2", "W3", "E3", "W4", "b4"}
    assert (problem.leak, problem.layers[3].parameter) == (1, ())


@pytest.mark.parametrize(
    "name", ["tanh", "sin", "logistic", "softplus", "arctan", "silu", "gelu", "erf", "identity", "exp(z) - 1"]
)
def test_every_activation(name: str) -> None:
    assert load_text(LAYERED + layer(activation=name)).layers[0].activation == name
    assert load_text(ASYMMETRIC + f'activation = "{name}"\n').layers[0].activation == name


def test_the_directions_of_the_layers() -> None:
    """A layer's own enters, else [parameter].enters, else the identity."""
    text = LAYERED + layer() + layer(SQUARE, 'enters = "none"') + layer(SQUARE, "enters = { row = 1, column = 2 }")
    assert [E(load_text(text), i) for i in range(3)] == [identity(2), identity(2, 0), rows([[0, 1], [0, 0]])]
    shared = load_text(text + "[parameter]\nenters = { matrix = [[2, 0], [0, 3]] }\n")
    assert E(shared, 0) == rows([[2, 0], [0, 3]]) and "E" in shared.arrays
    antisymmetric = "[parameter]\nenters = { row = 1, column = 2, antisymmetric = true }\n"
    assert E(load_text(text + antisymmetric), 0) == rows([[0, 1], [-1, 0]])
    only = text.replace('"tanh"\n\n', '"tanh"\nenters = "identity"\n')
    unread = '[parameter]\nenters = { matrix = "none.npy" }\n'  # a default that no layer uses
    assert E(load_text(only + unread), 0) == identity(2) and "E" not in load_text(only + unread).arrays


def test_the_shift_goes_where_the_parameter_goes() -> None:
    text = LAYERED + layer(TALL, 'enters = "none"') + layer(WIDE, 'enters = "none"') + layer() + layer()
    problem = load_text(text + "[parameter]\nshift = '-0.01'\n")
    assert W0(problem, 0) == rows([[1, 2], [3, 4], [5, 6]])
    for index in (2, 3):
        assert W0(problem, index) == plus(rows([[1, Fraction(1, 2)], [3, Fraction(-1, 4)]]), identity(2, "-0.01"))


def test_a_hidden_layer_of_one_unit_and_a_bias_from_a_file(tmp_path: Path) -> None:
    np.save(tmp_path / "b.npy", np.array([[0.5]]))
    hidden = layer("[[1, 2]]", 'bias = "b.npy"\nenters = { row = 1, column = 2 }')
    problem = load_text(LAYERED + hidden + layer("[[3], [4]]", 'enters = "none"'), tmp_path)
    assert problem.shapes == ((1, 2), (2, 1))
    assert problem.arrays["b1"].fractions() == rows([[Fraction(1, 2)]])


DECIMALS = st.decimals(-1000, 1000, places=4).map(lambda d: format(d, "f"))


@UNTIMED
@given(st.data())
def test_random_networks_mean_what_is_written(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 3))
    sizes = [n, *data.draw(st.lists(st.integers(1, 3), max_size=2)), n]
    text, expected = LAYERED, []
    for columns, height in itertools.pairwise(sizes):
        W, direction = ([[data.draw(DECIMALS) for _ in range(columns)] for _ in range(height)] for _ in range(2))
        direction[0][0] = "1.5"
        text += layer(str(W), f"enters = {{ matrix = {direction} }}")
        expected.append((rows(W), rows(direction)))
    problem = load_text(text)
    assert [(W0(problem, i), E(problem, i)) for i in range(len(problem.layers))] == expected


# --- specs that are committed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "layers", "interval", "parameter"),
    [
        ("n6-seed80-3-layers", 3, 3, (Term(ONE),)),
        ("n6-seed80-2-layers", 2, 5, (Term(ONE),)),
        ("n6-seed80-diagonal", 1, 5, (Term(ONE, unit=(6, 6)),)),
        ("n6-seed90-diagonal", 1, 5, (Term(ONE, unit=(6, 6)),)),
        ("n6-seed80-off-diagonal", 1, 5, (Term(ONE, unit=(4, 3)), Term(-ONE, unit=(3, 4)))),
    ],
)
def test_other_parameters_of_the_paper(name: str, layers: int, interval: int, parameter: tuple[Term, ...]) -> None:
    problem = load(PROOFS / "paper" / f"{name}.toml")
    plain = load(PROOFS / "paper" / ("n6-seed90.toml" if "90" in name else "n6-seed80.toml"))
    shift = identity(6, "0.01" if layers == 1 else "0")
    assert len(problem.layers) == layers and problem.interval == (-interval, interval)
    for index in range(layers):
        assert W0(problem, index) == plus(W0(plain, 0), shift)
        assert problem.layers[index].parameter == parameter


def _sigma(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if name == "tanh":
        return np.tanh(z), 1 - np.tanh(z) ** 2
    if name == "arctan":
        return np.arctan(z), 1 / (1 + z * z)
    if name == "logistic":
        s = 1 / (1 + np.exp(-z))
        return s, s * (1 - s)
    return z, np.ones_like(z)


class Field:
    """x' = f(x, γ) in binary64, from the exact problem and nothing else."""

    def __init__(self, problem: Problem) -> None:
        self.leak = np.array([float(x) for x in problem.leak_entries()])
        self.layers = []
        for index, item in enumerate(problem.layers):
            W, direction = (np.array(M, dtype=float) for M in (W0(problem, index), E(problem, index)))
            bias = 0 if item.bias is None else problem.arrays[item.bias].to_binary64_approx()[:, 0]
            self.layers.append((W, direction, bias, item.activation))

    def __call__(self, x: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
        h, J = x, np.eye(len(x))
        for W, direction, bias, name in self.layers:
            M = W + gamma * direction
            h, slope = _sigma(name, M @ h + bias)
            J = slope[:, None] * (M @ J)
        return h - self.leak * x, J - np.diag(self.leak)

    def equilibrium(self, x: np.ndarray, gamma: float) -> np.ndarray:
        for _ in range(50):
            value, J = self(x, gamma)
            step = np.linalg.solve(J, value)
            x = x - step
            if np.max(np.abs(step)) < 1e-12:
                return x
        raise AssertionError("no equilibrium near the start")


@pytest.mark.parametrize(
    ("name", "crossings"),
    [
        ("networks/adversarial-two-layer", [-0.632902616]),
        ("networks/arctan-unequal-leaks", [-0.94, 1.43]),
        ("networks/leaky-tanh-12", [1.053, 1.098, 1.2005]),
        ("networks/logistic-node", [-0.947, 0.845]),
        ("examples/hopfield", [0.3195]),
        ("examples/neural-ode", [0.0485]),
        ("examples/rate-rnn", [-1.969]),
    ],
)
def test_the_networks_have_hopf_points_and_nothing_else(name: str, crossings: list[float]) -> None:
    """Along the branch from the stated start pairs of eigenvalues cross the axis where expected, real ones never."""
    problem = load(PROOFS / f"{name}.toml")
    assert problem.interval is not None and problem.start is not None
    field, start = Field(problem), np.array([float(x) for x in problem.start])
    low, high = (float(end) for end in problem.interval)
    x = field.equilibrium(start, low)
    assert np.max(np.abs(x - start)) < 0.02
    found, before = [], None
    for gamma in np.linspace(low, high, 601):
        last, x = x, field.equilibrium(x, gamma)
        assert np.max(np.abs(x - last)) < 0.05  # no fold
        eigenvalues = np.linalg.eigvals(field(x, gamma)[1])
        real = eigenvalues[np.abs(eigenvalues.imag) < 1e-9].real
        assert np.all(np.abs(real) > 0.1)
        unstable = int(np.sum(eigenvalues.real > 0))
        if before is not None and unstable != before:
            assert abs(unstable - before) == 2
            found.append(float(gamma))
        before = unstable
    assert found == pytest.approx(crossings, abs=0.01)


def test_the_named_forms_are_what_their_comments_say() -> None:
    """x' = −x + W tanh(x) + b, x' = −x + σ(Wx + b), x' = W2 tanh(W1 x + b1) + b2."""
    hopfield, rate, node = (
        load(PROOFS / "examples" / f"{name}.toml") for name in ("hopfield", "rate-rnn", "neural-ode")
    )
    x, gamma = np.array([0.3, -0.2, 0.7]), 0.125
    W, bias = (np.array(hopfield.arrays[name].fractions(), dtype=float) for name in ("W2", "b2"))
    expected = -x + (W + gamma * np.eye(3)) @ np.tanh(x) + bias[:, 0]
    np.testing.assert_allclose(Field(hopfield)(x, gamma)[0], expected, rtol=1e-14)
    W, bias = (np.array(rate.arrays[name].fractions(), dtype=float) for name in ("W1", "b1"))
    W[0, 0] += gamma
    expected = -x[:2] + 1 / (1 + np.exp(-(W @ x[:2] + bias[:, 0])))
    np.testing.assert_allclose(Field(rate)(x[:2], gamma)[0], expected, rtol=1e-14)
    W1, b1, W2, b2 = (np.array(node.arrays[name].fractions(), dtype=float) for name in ("W1", "b1", "W2", "b2"))
    W1 += gamma * np.array([[1, 0], [0, 1], [0, 0]])
    expected = W2 @ np.tanh(W1 @ x[:2] + b1[:, 0]) + b2[:, 0]
    np.testing.assert_allclose(Field(node)(x[:2], gamma)[0], expected, rtol=1e-13)


# --- specs that are wrong ----------------------------------------------------------------------------


def entering(value: str) -> str:
    return ASYMMETRIC + f"[parameter]\nenters = {value}\n"


# (name, spec, fragments of the message)
WRONG: list[tuple[str, str, list[str]]] = [
    # enters
    ("enters text", entering('"row"'), ["parameter.enters", "'row'", 'expected "identity", "none", { row, column }']),
    ("enters list", entering("[1, 2]"), ["parameter.enters", "an array", '"identity"']),
    ("enters empty", entering("{}"), ["parameter.enters", "a table", '"identity"']),
    ("enters misspelt", entering("{ row = 1, colum = 2 }"), ["parameter.enters.colum", "did you mean 'column'?"]),
    ("enters unknown", entering("{ row = 1, column = 2, qqq = 3 }"), ["parameter.enters.qqq", "unknown key"]),
    ("row only", entering("{ row = 1 }"), ["parameter.enters.column", "missing", "counted from 1"]),
    ("row zero", entering("{ row = 0, column = 1 }"), ["parameter.enters.row", "got 0", "counted from 1"]),
    ("row bool", entering("{ row = true, column = 1 }"), ["parameter.enters.row", "got true", "counted from 1"]),
    ("row text", entering('{ row = "1", column = 1 }'), ["parameter.enters.row", "'1'", "counted from 1"]),
    ("column 4", entering("{ row = 1, column = 4 }"), ["parameter.enters.column", "got 4", "1 to 3", "3 × 3"]),
    ("column huge", entering("{ row = 1, column = 2001 }"), ["parameter.enters.column", "got 2001"]),
    (
        "antisymmetric text",
        entering('{ row = 1, column = 2, antisymmetric = "yes" }'),
        ["antisymmetric", "true or false"],
    ),
    (
        "antisymmetric diagonal",
        entering("{ row = 2, column = 2, antisymmetric = true }"),
        ["parameter.enters.antisymmetric", "is zero for row = column", "two different indices"],
    ),
    ("row and matrix", entering("{ row = 1, matrix = [[1]] }"), ["parameter.enters", "not both"]),
    (
        "matrix size",
        entering("{ matrix = [[1, 2], [3, 4]] }"),
        ["parameter.enters.matrix", "2 × 2 entries; expected 3 × 3"],
    ),
    ("matrix zero", entering("{ matrix = [[0, 0, 0], [0, 0, 0], [0, 0, 0]] }"), ["parameter.enters.matrix", "is zero"]),
    ("matrix entry", entering('{ matrix = [[0, "x"]] }'), ["parameter.enters.matrix: entry [1, 2]", "'x'", "decimal"]),
    ("matrix file", entering('{ matrix = "../E.npy" }'), ["parameter.enters.matrix", "leaves the spec's directory"]),
    ("enters nowhere", entering('"none"'), ["parameter.enters", "enters nowhere"]),
    (
        "enters nowhere, default",
        LAYERED + layer() + '[parameter]\nenters = "none"\n',
        ["parameter.enters", "enters nowhere"],
    ),
    ("enters nowhere, layers", LAYERED + layer(SQUARE, 'enters = "none"') * 2, ["parameter.enters", "enters nowhere"]),
    (
        "identity by default",
        LAYERED + layer(TALL) + layer(WIDE),
        ["parameter.enters", "layer 1, which has no enters of its own", '"identity" needs a square layer', "3 × 2"],
    ),
    (
        "identity of its own",
        LAYERED + layer(TALL, 'enters = "none"') + layer(WIDE, 'enters = "identity"'),
        ["network.layer[2].enters", '"identity" needs a square layer', "2 × 3"],
    ),
    (
        "antisymmetric, not square",
        LAYERED
        + layer(TALL, "enters = { row = 1, column = 2, antisymmetric = true }")
        + layer(WIDE, 'enters = "none"'),
        ["network.layer[1].enters.antisymmetric", "expected a square layer", "3 × 2"],
    ),
    (
        "weight outside a layer",
        LAYERED + layer(TALL, "enters = { row = 2, column = 3 }") + layer(WIDE, 'enters = "none"'),
        ["network.layer[1].enters.column", "got 3", "1 to 2"],
    ),
    (
        "matrix of another layer",
        LAYERED + layer(TALL) + layer(WIDE) + f"[parameter]\nenters = {{ matrix = {TALL} }}\n",
        ["parameter.enters.matrix", "layer 2", "3 × 2 entries; expected 2 × 3"],
    ),
    ("layer enters", LAYERED + layer(SQUARE, "enters = 3"), ["network.layer[1].enters", "got 3", '"identity"']),
    # shift
    (
        "shift, not square",
        LAYERED
        + layer(TALL, "enters = { row = 1, column = 2 }")
        + layer(WIDE, 'enters = "none"')
        + "[parameter]\nshift = 1\n",
        ["parameter.shift", "layer 1 is 3 × 2", "square layers only"],
    ),
    # leak and start
    (
        "leak text",
        ASYMMETRIC + 'leak = "abc"',
        ["network.leak", "'abc'", "decimal number", "or an array or a data file"],
    ),
    ("leak table", ASYMMETRIC + "leak = {}", ["network.leak", "a table", "a number, a decimal string, an array"]),
    ("leak bool", ASYMMETRIC + "leak = true", ["network.leak", "true", "a number"]),
    ("leak infinite", ASYMMETRIC + "leak = inf", ["network.leak", "inf", "finite decimal"]),
    ("leak huge", ASYMMETRIC + 'leak = "1e301"', ["network.leak", "1e300"]),
    ("leak short", ASYMMETRIC + "leak = [1, 2]", ["network.leak", "2 entries; expected 3, one for every neuron"]),
    ("leak entry", ASYMMETRIC + 'leak = [1, 2, "x"]', ["network.leak: entry [3]", "'x'", "decimal"]),
    ("leak file", ASYMMETRIC + 'leak = "none.npy"', ["network.leak: none.npy", "no such file"]),
    ("leak format", ASYMMETRIC + 'leak = "m.safetensors:tau"', ["network.leak", "no such file"]),
    ("start short", ASYMMETRIC + "start = [1]", ["network.start", "1 entries; expected 3"]),
    ("start number", ASYMMETRIC + "start = 1", ["network.start", "got 1", "array of numbers"]),
    # layers
    ("no layers", LAYERED, ["network.layer", "missing", "1 to 64 tables [[network.layer]]"]),
    ("empty layers", LAYERED + "layer = []", ["network.layer", "an array", "1 to 64 tables"]),
    ("layer number", LAYERED + "layer = 3", ["network.layer", "got 3", "1 to 64 tables"]),
    ("layer numbers", LAYERED + "layer = [3]", ["network.layer[1]", "got 3", "a table [[network.layer]]"]),
    ("one table", LAYERED + "[network.layer]\nweights = [[1]]\n", ["network.layer", "a table", "1 to 64 tables"]),
    ("65 layers", LAYERED + layer() * 65, ["network.layer", "1 to 64 tables"]),
    (
        "no weights",
        LAYERED + '[[network.layer]]\nactivation = "tanh"\n',
        ["network.layer[1].weights", "missing", "matrix"],
    ),
    ("no activation", LAYERED + f"[[network.layer]]\nweights = {SQUARE}\n", ["network.layer[1].activation", "missing"]),
    ("relu", LAYERED + layer() + layer(activation="relu"), ["network.layer[2].activation", "'relu'", "not smooth"]),
    ("no such", LAYERED + layer(activation="tahn"), ["network.layer[1].activation", "unknown activation"]),
    ("code", LAYERED + layer(activation="__import__('os').abort()"), ["network.layer[1].activation", "got"]),
    ("weights flat", LAYERED + layer("[1, 2]"), ["network.layer[1].weights: row 1", "array of rows"]),
    (
        "weights entry",
        LAYERED + layer() + layer('[[1, "z"], [2, 3]]'),
        ["network.layer[2].weights: entry [1, 2]", "'z'"],
    ),
    ("weights file", LAYERED + layer('"none.npy"'), ["network.layer[1].weights: none.npy", "no such file"]),
    ("one neuron", LAYERED + layer("[[1], [2]]"), ["network.layer[1].weights", "n >= 2"]),
    (
        "sizes do not chain",
        LAYERED + layer() + layer(WIDE),
        ["network.layer[2].weights", "2 × 3 entries; expected 2 columns, as many as layer 1 has rows"],
    ),
    (
        "the last gives too many",
        LAYERED + layer(TALL, 'enters = "none"'),
        ["network.layer[1].weights", "3 × 2 entries; expected 2 rows", "n = 2"],
    ),
    ("bias short", LAYERED + layer(SQUARE, "bias = [1]"), ["network.layer[1].bias", "1 entries; expected 2"]),
    ("bias text", LAYERED + layer(SQUARE, 'bias = ["a", 1]'), ["network.layer[1].bias: entry [1]", "'a'", "decimal"]),
    # keys in the wrong place
    ("misspelt", LAYERED + layer(SQUARE, "biass = [1]"), ["network.layer[1].biass", "did you mean 'bias'?"]),
    ("layers", LAYERED + "layers = 2\n" + layer(), ["network.layers", "did you mean 'layer'?"]),
    ("bias outside", LAYERED + "bias = [1]\n" + layer(), ["network.bias", "it belongs to [[network.layer]]"]),
    (
        "R1",
        LAYERED + "R1 = [[1]]\n" + layer(),
        ["network.R1", 'it belongs to [network] of the family "asymmetric-rnn"'],
    ),
    (
        "weights",
        ASYMMETRIC + "weights = [[1]]\n",
        ["network.weights", 'it belongs to [[network.layer]] of the family "layered"'],
    ),
    ("shift in a layer", LAYERED + layer(SQUARE, "shift = 1"), ["network.layer[1].shift", "it belongs to [parameter]"]),
    ("layers 65", ASYMMETRIC + "layers = 65", ["network.layers", "got 65", "at most 64 layers"]),
]


@pytest.mark.parametrize(("text", "fragments"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_refused(tmp_path: Path, text: str, fragments: list[str]) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(path)
    message = str(refused.value)
    for fragment in [f"{path}: ", *fragments]:
        assert fragment in message
    assert len(message) < 600 and "\n" not in message
    assert [file.name for file in tmp_path.iterdir()] == ["bad.toml"]  # nothing is written


def test_all_weights_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec_module, "MAX_ENTRIES", 11)
    assert len(load_text(LAYERED + layer() * 2).layers) == 2
    with pytest.raises(InputError, match=r"network\.layer\[3\]: expected at most 11 matrix entries"):
        load_text(LAYERED + layer() * 3)
    with pytest.raises(InputError, match=r"network\.layer\[2\]: expected at most 11 matrix entries"):
        load_text(LAYERED + layer(SQUARE, f"enters = {{ matrix = {SQUARE} }}") * 2)


def test_the_model_itself_refuses_a_direction_that_is_none() -> None:
    with pytest.raises(InputError, match="enters nowhere"):
        asymmetric_rnn(ExactMatrix.identity(2), entrance=Entrance("none"))


LAYER_KEYS = ["weights", "bias", "activation", "enters", "x"]
LAYER_VALUES = [
    *(
        "0",
        "1.5",
        "nan",
        "true",
        '"a"',
        '"none"',
        '"identity"',
        '"tanh"',
        "[]",
        "[1, 2]",
        "[[1, 0], [0, 1]]",
        "[[1], [2]]",
    ),
    *("[[1, 2, 3], [4, 5, 6]]", "{ row = 1, column = 1 }", "{ matrix = [[1]] }", "{}", "{ row = -1 }", "2020-01-01"),
]


@UNTIMED
@given(st.lists(st.dictionaries(st.sampled_from(LAYER_KEYS), st.sampled_from(LAYER_VALUES)), max_size=3))
def test_any_layers_load_or_are_refused(tables: list[dict[str, str]]) -> None:
    text = LAYERED + "".join(
        "[[network.layer]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items()) for table in tables
    )
    try:
        problem = load_text(text, "/nonexistent", "any.toml")
    except InputError as error:
        assert str(error).startswith("any.toml: ")
    else:
        assert problem.shapes[-1][0] == problem.dimension


# --- problem.json and back ---------------------------------------------------------------------------


def written(problem: Problem, directory: Path) -> dict[str, Any]:
    files, file = describe(problem)
    document = file.document
    for path, content in files.contents.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    validate("problem", document)
    read: dict[str, Any] = json.loads((directory / "problem.json").read_text(encoding="utf-8"))
    assert read == document
    return read


def assert_same(first: Problem, second: Problem) -> None:
    assert (first.title, first.dimension, first.layers, first.leak) == (
        second.title,
        second.dimension,
        second.layers,
        second.leak,
    )
    assert (first.interval, first.weight_radius, first.shapes) == (second.interval, second.weight_radius, second.shapes)
    assert first.arrays.keys() == second.arrays.keys()
    for name, array in first.arrays.items():
        assert array.fractions() == second.arrays[name].fractions()


COMMITTED = sorted(path for folder in ("paper", "networks", "examples") for path in (PROOFS / folder).glob("*.toml"))


@pytest.mark.parametrize("path", [path for path in COMMITTED if "n400" not in path.name], ids=lambda path: path.stem)
def test_a_problem_is_read_back(path: Path, tmp_path: Path) -> None:
    problem = load(path)
    assert_same(problem, read_network(tmp_path, written(problem, tmp_path)))


def test_large_and_thin_layers_are_read_back(tmp_path: Path) -> None:
    """14 → 1 → 14 → 13 → 14: one column and one row, binary64 and decimal files, vectors beside them."""
    random = np.random.default_rng(0)
    np.savez(tmp_path / "net.npz", thin=random.standard_normal((1, 14)), wide=random.standard_normal((13, 14)))
    decimals = [[f"{x:.2f}"] for x in random.standard_normal(14)]
    text = (
        LAYERED
        + f"leak = {[f'{x:.3f}' for x in random.random(14)]}\n"
        + layer('"net.npz:thin"', "enters = { row = 1, column = 14 }\nbias = [1]")
        + layer(str(decimals), f"enters = {{ matrix = {decimals} }}\nbias = {[row[0] for row in decimals]}")
        + layer('"net.npz:wide"', 'enters = "none"')
        + layer(str([[f"{x:.1f}" for x in row] for row in random.standard_normal((14, 13))]), 'enters = "none"')
    )
    problem = load_text(text, tmp_path)
    document = written(problem, tmp_path)
    assert document["arrays"]["W2"]["shape"] == [14, 1] and document["arrays"]["b2"]["shape"] == [14]
    assert document["arrays"]["leak"]["shape"] == [14] and document["leak"] == "leak"
    assert_same(problem, read_network(tmp_path, document))


def test_how_leaks_and_terms_are_written() -> None:
    def document(text: str) -> dict[str, Any]:
        return describe(load_text(text))[1].document

    one_weight = document(
        ASYMMETRIC + 'leak = "0.50"\n[parameter]\nenters = { row = 3, column = 1, antisymmetric = true }\n'
    )
    assert one_weight["leak"] == "0.5"
    assert one_weight["layers"][0]["parameter"] == [
        {"coefficient": "1", "unit": [3, 1]},
        {"coefficient": "-1", "unit": [1, 3]},
    ]
    assert document(ASYMMETRIC + "leak = 0\n")["leak"] is None
    one_column = document(
        LAYERED
        + layer("[[1, 2]]", "bias = [1]\nenters = { row = 1, column = 1 }")
        + layer("[[3], [4]]", 'enters = "none"')
    )
    assert one_column["arrays"]["W2"] == {"entries": [["3"], ["4"]]} and one_column["arrays"]["b1"] == {
        "entries": ["1"]
    }


@pytest.mark.parametrize("name", ["n4-printed", "n6-seed80", "n6-seed80-sine", "n6-seed90"])
def test_problem_documents_keep_their_bytes(name: str) -> None:
    stored = (PROOFS / "certificates" / name / "problem.json").read_bytes()
    assert describe(load(PROOFS / "paper" / f"{name}.toml"))[0].contents["problem.json"] == stored


Change = Callable[[dict[str, Any]], object]


def put(*path: Any) -> Change:
    """Set the entry at all but the last of ``path`` to the last."""

    def change(document: Any) -> None:
        *places, last, value = path
        for place in places:
            document = document[place]
        document[last] = value

    return change


UNREADABLE: list[tuple[str, Change, str]] = [
    ("no layers", put("layers", []), "layers: expected 1 to 64 layers"),
    ("65 layers", lambda d: d["layers"].extend(d["layers"] * 33), "layers: expected 1 to 64 layers"),
    ("layer number", put("layers", 0, 3), r"layers\[0\].activation: this key is missing"),
    ("last layer dropped", lambda d: d["layers"].pop(), r"layers\[0\]: it gives 3 components; expected 2"),
    ("sizes", lambda d: d["layers"].reverse(), r"layers\[0\].weights\[0\]: the array W2 gives 2 × 3; expected 2 × 2"),
    ("activation", put("layers", 1, "activation", "relu"), r"layers\[1\].activation: .*not smooth"),
    ("bias", put("layers", 0, "bias", "leak"), r"layers\[0\].bias: got 'leak': expected .* 3 entries"),
    ("no such bias", put("layers", 0, "bias", "b9"), r"layers\[0\].bias: got 'b9'"),
    ("terms", lambda d: d["layers"][0]["weights"].extend(d["layers"][0]["weights"] * 100), "at most 100 terms"),
    ("no such array", put("layers", 0, "weights", 0, "matrix", "W9"), r"weights\[0\].matrix: got 'W9': .* an array"),
    (
        "transposed",
        put("layers", 0, "weights", 0, "transpose", True),
        r"layers\[0\].weights\[0\]: the array W1 gives 2 × 3; expected 2 × 2",
    ),
    ("transpose number", put("layers", 0, "weights", 0, "transpose", 1), "transpose: expected true or false"),
    (
        "identity",
        put("layers", 0, "weights", 0, {"coefficient": "1", "identity": True}),
        r"layers\[0\].weights\[0\]: expected no identity in a layer that is 3 × 2",
    ),
    (
        "identity beside",
        lambda d: d["layers"][1]["weights"].append({"coefficient": "1", "identity": True}),
        "no identity",
    ),
    (
        "identity false",
        put("layers", 0, "weights", 0, {"coefficient": "1", "identity": False}),
        'expected "identity": true',
    ),
    ("two kinds", put("layers", 0, "weights", 0, "identity", True), 'expected "identity": true'),
    ("unit zero", put("layers", 1, "parameter", 0, "unit", [0, 1]), "unit: expected a row and a column"),
    ("unit bool", put("layers", 1, "parameter", 0, "unit", [True, 1]), "unit: expected a row and a column"),
    ("unit text", put("layers", 1, "parameter", 0, "unit", "11"), "unit: expected a row and a column"),
    ("unit outside", put("layers", 1, "parameter", 0, "unit", [1, 4]), "unit: expected an entry of a 2 × 3 matrix"),
    ("coefficient", put("layers", 1, "parameter", 0, "coefficient", "1/2"), "coefficient: expected a decimal string"),
    ("no coefficient", lambda d: d["layers"][1]["parameter"][0].pop("coefficient"), "coefficient: this key is missing"),
    ("leak name", put("leak", "b2"), "leak: got 'b2'"),
    ("leak size", put("leak", "b1"), "leak: got 'b1': expected null, a decimal or the name of a vector of 2 entries"),
    ("leak number", put("leak", 1), "leak: expected a string or null"),
    ("no leak", lambda d: d.pop("leak"), "leak: this key is missing"),
    ("nowhere", lambda d: [item.update(parameter=[]) for item in d["layers"]], "into which the parameter enters"),
    (
        "nowhere, as a sum",
        lambda d: (
            d["layers"][0].update(parameter=[])
            or d["layers"][1]["parameter"].append({"coefficient": "-1", "unit": [1, 2]})
        ),
        "into which the parameter enters",
    ),
    ("array name", put("arrays", "a b", {"entries": ["1"]}), "expected names of letters"),
    (
        "many arrays",
        lambda d: d["arrays"].update({f"a{i}": {"entries": ["1"]} for i in range(300)}),
        "at most 300 arrays",
    ),
]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    text = (
        LAYERED
        + "leak = [1, 2]\n"
        + layer(TALL, f"bias = [1, 2, 3]\nenters = {{ matrix = {TALL} }}")
        + layer(WIDE, "enters = { row = 1, column = 2 }")
    )
    return written(load_text(text), tmp_path_factory.mktemp("bundle"))


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_malformed_problems_are_refused(document: dict[str, Any], tmp_path: Path, change: Change, message: str) -> None:
    read_network(tmp_path, document)
    altered = copy.deepcopy(document)
    change(altered)
    with pytest.raises(InputError, match=message):
        read_network(tmp_path, altered)


def test_decimals_as_leak_are_numbers(document: dict[str, Any], tmp_path: Path) -> None:
    assert read_network(tmp_path, {**document, "leak": "-0.25"}).leak_entries() == [Fraction(-1, 4)] * 2
    assert read_network(tmp_path, {**document, "leak": None}).leak == 0


def test_all_arrays_together_are_bounded(
    document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_file, "MAX_ENTRIES", 15)
    with pytest.raises(InputError, match="arrays: expected at most 15 entries in all arrays together"):
        read_network(tmp_path, document)


def test_a_layer_is_read_without_forming_its_matrices(document: dict[str, Any], tmp_path: Path) -> None:
    """A dimension that is only stated costs nothing."""
    tracemalloc.start()
    with pytest.raises(InputError):
        read_network(tmp_path, {**document, "dimension": 2000})
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


def test_layers_compare_by_value() -> None:
    first, second = load_text(ASYMMETRIC + "layers = 2\n"), load_text(ASYMMETRIC + "layers = 2\n")
    assert first.layers == second.layers == (Layer("tanh", first.layers[0].weights, (Term(ONE),), None),) * 2
