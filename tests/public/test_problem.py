"""Problems from arrays, modules and equations: the same as those of a spec, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import PAPER

import proofgen
from proofgen.errors import InputError
from proofgen.numbers.exact import ExactMatrix
from proofgen.spec.load import load_text

ROOT = Path(__file__).resolve().parents[2]
SPECS = sorted(path for path in (ROOT / "proofs").rglob("*.toml") if path.parent.name in ("paper", "textbook", "examples", "networks", "trained-node"))
W = np.array([[0.1, 0.9, 0.2], [-0.4, 0.3, 0.7], [0.1, -0.2, 0.5]])


def parts(problem: Any) -> dict[str, Any]:
    """All that a problem has, comparable."""
    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        return value.fractions() if isinstance(value, ExactMatrix) else value

    return {key: plain(value) for key, value in vars(problem).items()}


def test_there_are_specs() -> None:
    assert len(SPECS) > 25


@pytest.mark.parametrize("path", [path for path in SPECS if "400" not in path.stem], ids=lambda path: path.stem)
def test_to_toml_says_the_same(path: Path, tmp_path: Path) -> None:
    problem = proofgen.load(path)
    written = tmp_path / "spec.toml"
    problem.to_toml(written)
    again = proofgen.load(written)
    assert parts(again.exact) == parts(problem.exact)
    if problem.dimension <= 6:
        assert parts(load_text(problem.to_toml())) == parts(problem.exact)


@pytest.mark.parametrize("orbits", ['branch = "auto"', 'branch = "0.3"\nat = ["0.1", "1e-3"]\npoints = ["hopf-0002"]\ntime_limit = 9'])
def test_to_toml_says_which_orbits(orbits: str) -> None:
    problem = load_text((PAPER / "n4-printed.toml").read_text() + f"\n[orbits]\n{orbits}\n")
    assert problem.proof.orbits.asked
    assert load_text(proofgen.Problem(problem).to_toml()).proof.orbits == problem.proof.orbits


def test_to_toml_writes_over_nothing(tmp_path: Path) -> None:
    problem = proofgen.network(np.eye(13), interval=(-1, 1))
    (tmp_path / "spec-W1.npy").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"spec-W1\.npy: path: is there already"):
        problem.to_toml(tmp_path / "spec.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["spec-W1.npy"]


def test_floats_mean_what_they_store() -> None:
    """A matrix of decimals, and the same in three formats of binary floats."""
    texts = [["0.1", "-2"], ["1e-3", "0.25"]]
    exact = [[Fraction("0.1"), Fraction(-2)], [Fraction("0.001"), Fraction(1, 4)]]
    assert proofgen.network(texts).exact.arrays["W1"].fractions() == exact  # type: ignore[union-attr]
    mixed = [[Decimal("0.1"), -2], [Fraction(1, 1000), 0.25]]
    assert proofgen.network(mixed).exact.arrays["W1"].fractions() == exact  # type: ignore[union-attr]
    for kind in (np.float16, np.float32, np.float64):
        array = np.array([[float(x) for x in row] for row in exact], dtype=kind)
        found = proofgen.network(array).exact.arrays["W1"].fractions()  # type: ignore[union-attr]
        assert found == [[Fraction(float(x)) for x in row] for row in array]
    assert proofgen.network([[0.1, 0], [0, 1]]).exact.arrays["W1"].entry(0, 0) == Fraction(0.1) != Fraction("0.1")  # type: ignore[union-attr]


def test_a_network_of_arrays_is_that_of_its_spec() -> None:
    text = """
    title = "two layers"
    [network]
    family = "layered"
    leak = ["1", "0.5"]
    start = ["0", "0.1"]
    [[network.layer]]
    weights = [["1", "2"], ["-2", "1"], ["0.5", "0"]]
    bias = ["0.1", "0.2", "0.3"]
    activation = "sin"
    enters = { row = 1, column = 2 }
    [[network.layer]]
    weights = [["1", "0", "-1"], ["0", "1", "0"]]
    activation = "tanh"
    enters = "none"
    [parameter]
    name = "mu"
    interval = ["-1", "0.5"]
    [proof]
    weight_radius = "1e-6"
    precision = 192
    """
    made = proofgen.network(
        [[[1, 2], [-2, 1], ["0.5", 0]], np.array([[1, 0, -1], [0, 1, 0]])], bias=[["0.1", "0.2", "0.3"], None],
        activation=["sin", "tanh"], leak=[1, "0.5"], start=[0, "0.1"], parameter=[proofgen.entry(1, 2), None], name="mu",
        interval=(-1, "0.5"), title="two layers", weight_radius="1e-6", precision=192,
    )  # fmt: skip
    assert parts(made.exact) == parts(load_text(text))


def test_equations_are_those_of_the_spec() -> None:
    text = (ROOT / "proofs/textbook/lorenz.toml").read_text(encoding="utf-8")
    spec: Any = load_text(text, ROOT, "lorenz.toml")
    made = proofgen.equations(
        dict(zip(spec.variables, spec.equations, strict=True)), parameter=spec.parameter_name, interval=spec.interval,
        constants=dict(spec.constants), definitions=dict(spec.definitions), start=spec.start, box=spec.box, title=spec.title, source=spec.source,
        precision=spec.proof.precision, digits=spec.proof.digits,
    )  # fmt: skip
    assert made.exact == spec


def test_ways_in_which_the_parameter_enters() -> None:
    def slope(way: proofgen.Enters) -> Any:
        problem: Any = proofgen.network(W, parameter=way, interval=(0, 1)).exact
        layer = problem.layers[0]
        return problem.combine(layer.weights).to_binary64_approx(), problem.combine(layer.parameter).to_binary64_approx()

    unit = np.zeros((3, 3))
    unit[0, 1] = 1
    for way, weights, direction in (
        (proofgen.identity(), W, np.eye(3)), (proofgen.gain(), 0 * W, W), (proofgen.bias([1, 2, 3]), W, 0 * W), (proofgen.entry(1, 2), W, unit),
        (proofgen.entry(1, 2, antisymmetric=True), W, unit - unit.T), (proofgen.matrix(W.T), W, W.T),
    ):  # fmt: skip
        found = slope(way)
        assert np.array_equal(found[0], weights) and np.array_equal(found[1], direction), way
    moved: Any = proofgen.network(W, bias=[0, 1, 0], parameter=proofgen.bias([1, "0.5", 0]), interval=(0, 1)).exact
    assert moved.arrays[moved.layers[0].bias_parameter].fractions() == [[1], [Fraction(1, 2)], [0]]


@pytest.mark.parametrize(("way", "enters"), [(proofgen.gain(), "gain = true"), (proofgen.bias([1, 0]), 'bias = ["1", "0"]')])
def test_gain_and_bias_are_those_of_the_spec(way: proofgen.Enters, enters: str) -> None:
    """In the second of two layers."""
    text = f"""
    title = "network"
    [network]
    family = "layered"
    leak = "1"
    [[network.layer]]
    weights = [["1", "2"], ["-2", "1"]]
    bias = ["0.5", "0"]
    activation = "tanh"
    enters = "none"
    [[network.layer]]
    weights = [["1", "-1"], ["2", "0"]]
    activation = "tanh"
    enters = {{ {enters} }}
    [parameter]
    interval = ["0", "1"]
    """
    made = proofgen.network([[[1, 2], [-2, 1]], [[1, -1], [2, 0]]], bias=[["0.5", 0], None], leak=1, parameter=[None, way], interval=(0, 1))
    assert parts(made.exact) == parts(load_text(text)) == parts(load_text(made.to_toml()))


class Tensor:
    """As much of a tensor of torch as is looked at; on another device, and with a gradient."""

    def __init__(self, data: Any, dtype: str = "torch.float32") -> None:
        self.data, self.dtype, self.shape = np.asarray(data, dtype=np.float32), dtype, np.asarray(data).shape

    def detach(self) -> Tensor:
        return self

    cpu = detach

    def float(self) -> Tensor:
        return Tensor(self.data)

    def numpy(self) -> Any:
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.data

    def __array__(self) -> Any:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")


def module(name: str, **values: Any) -> Any:
    return type(name, (list,), {"state_dict": lambda self: {}, **values})


def test_modules_of_torch() -> None:
    """By stand-ins with the names of torch, which is not needed for it."""
    first, second = Tensor(W), Tensor(0.5 * W, "torch.bfloat16")
    linear = module("Linear", weight=first, bias=Tensor([1, 2, 3]))()
    other = module("Linear", weight=second, bias=None)()
    made: Any = proofgen.network(module("Sequential")([linear, module("Tanh")(), other]), interval=(0, 1)).exact
    assert [layer.activation for layer in made.layers] == ["tanh", "identity"]
    assert [layer.bias for layer in made.layers] == ["b1", None]
    assert np.array_equal(made.arrays["W1"].to_binary64_approx(), W.astype(np.float32))
    assert np.array_equal(made.arrays["W2"].to_binary64_approx(), (0.5 * W).astype(np.float32))
    alone: Any = proofgen.network(linear, activation="sin", interval=(0, 1)).exact
    assert alone.layers[0].activation == "sin"
    for wrong in ([module("ReLU")()], [linear, module("ReLU")()], [linear, module("GELU", approximate="tanh")()],
                  [linear, module("Tanh")(), module("Tanh")()]):  # fmt: skip
        with pytest.raises(InputError, match=r"weights: part \d is \w+; expected Linear"):
            proofgen.network(module("Sequential")(wrong))


def test_real_modules_of_torch() -> None:
    torch: Any = pytest.importorskip("torch")
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.SiLU(), torch.nn.Linear(5, 3, dtype=torch.bfloat16))
    made: Any = proofgen.network(net, parameter=[proofgen.gain(), None], interval=(0, 1)).exact
    assert np.array_equal(made.arrays["W1"].to_binary64_approx(), net[0].weight.detach().numpy())
    assert np.array_equal(made.arrays["W2"].to_binary64_approx(), net[2].weight.detach().double().numpy())
    assert [layer.activation for layer in made.layers] == ["silu", "identity"]
    for strange in (torch.eye(3).to_sparse(), torch.empty(3, 3, device="meta"), torch.eye(3).to(torch.float8_e4m3fn),
                    torch.eye(3, dtype=torch.complex64), torch.full((3, 3), torch.nan)):  # fmt: skip
        with pytest.raises(InputError, match=r"^weights: "):
            proofgen.network(strange)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": [[1, 2], [3]]}, "weights: row 2 has 1 entries, row 1 has 2; expected rows of equal length"),
        ({"weights": []}, "weights: the matrix is empty"),
        ({"weights": [[1, 2]] * 2001}, "weights: size 2001 × 2 is too large; expected at most 2000"),
        ({"weights": W, "bias": [0] * 2001}, "bias: size 2001 × 1 is too large"),
        ({"weights": [[1, 2], [1e-301, 3]]}, "weights: got 1e-301: expected 0 or an absolute value between 1e-300 and 1e300"),
        ({"weights": [[10**301, 2], [0, 3]]}, "weights: got 1000+[.]*: expected 0 or an absolute value"),
        ({"weights": "W.npy"}, "weights: got 'str': expected a matrix"),
        ({"weights": np.eye(2) * np.nan}, r"weights: entry \[1, 1\] is NaN"),
        ({"weights": [[1.0, float("inf")], [0, 1]]}, "weights: got inf: expected a finite number"),
        ({"weights": [[1, Fraction(1, 3)], [0, 1]]}, r"weights: got Fraction\(1, 3\): expected a finite number that has a decimal"),
        ({"weights": np.eye(2) * 1j}, "weights: the array has complex entries"),
        ({"weights": np.ones((2, 3))}, "weights: 2 × 3 entries; expected a square matrix, or several layers"),
        ({"weights": [np.ones((2, 3)), np.ones((3, 2))]}, r"parameter: identity\(\) needs a square layer, layer 1 is 2 × 3; expected gain\(\)"),
        ({"weights": W, "leak": [1, 2]}, "leak: 2 entries; expected 3"),
        ({"weights": W, "bias": [1, 2]}, "bias: layer 1: 2 entries; expected 3"),
        ({"weights": W, "interval": (1, 0)}, "interval: "),
        ({"weights": W, "interval": 3}, "interval: got 3: expected two numbers"),
        ({"weights": W, "activation": "relu"}, "activation: layer 1: got 'relu': this activation is not smooth"),
        ({"weights": [W, W], "activation": ["tanh"]}, "activation: 1 given; expected 2, one for each layer"),
        ({"weights": W, "parameter": "gain"}, r"parameter: expected identity\(\)"),
        ({"weights": W, "parameter": proofgen.entry(4, 1)}, "parameter: "),
        ({"weights": W, "parameter": proofgen.bias([1, 2])}, "parameter: layer 1: .*2 entries; expected 3"),
        ({"weights": W, "parameter": proofgen.bias([0, 0, 0])}, "parameter: .*the vector is zero"),
        ({"weights": W, "precision": 7}, "precision: got 7: expected an integer between 64"),
        ({"weights": W, "weight_radius": -1}, "weight_radius: "),
        ({"weights": W, "name": "2"}, "name: got '2': expected a letter"),
        ({"weights": W, "start": [0]}, "start: 1 entries; expected 3"),
    ],
)
def test_messages_name_the_argument(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}") as raised:
        proofgen.network(arguments.pop("weights"), **arguments)
    assert "--" not in str(raised.value) and "network." not in str(raised.value)


def test_messages_of_equations() -> None:
    for equations, options, message in (
        ({"x": "foo(y)", "y": "x"}, {}, r"equations\[1\]: "), (["y", "x"], {}, "equations: got 'list'"),
        ({"x": "y", "exp": "x"}, {}, "equations: got 'exp'"), ({"x": "y", "y": "x"}, {"constants": {"a": 1j}}, "constants: a: got 1j"),
        ({"x": "y", "y": "x"}, {"box": [(1, 0)]}, "box: "),
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"^{message}"):
            proofgen.equations(equations, interval=(0, 1), **options)  # type: ignore[arg-type]


def test_short_texts() -> None:
    problem = proofgen.load(ROOT / "proofs/paper/n50-seed80.toml")
    assert repr(problem) == "<Problem 'AsymmetricRNN, 50 neurons, seed 80': dimension 50, gamma in all real values>"
