"""Networks that several tests use."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Problem
from proofgen.problem.options import ProofOptions
from proofgen.spec.asymmetric_rnn import asymmetric_rnn
from proofgen.spec.load import load

PAPER = Path(__file__).parent.parent / "proofs" / "paper"


# enters through a matrix, unequal leaks, two activations, biases
_TWO_LAYERS = """
[network]
family = "layered"
leak = ["1", "1.25", "0.75", "1.5"]
[[network.layer]]
weights = [["0.5", "-1", "0.25", "0"], ["1", "0.25", "0", "-0.5"], ["0", "0.75", "-0.5", "1"]]
bias = ["0.1", "-0.2", "0.3"]
activation = "tanh"
enters = { matrix = [["1", "0", "0.5", "0"], ["0", "-0.5", "0", "0"], ["0.25", "0", "0", "1"]] }
[[network.layer]]
weights = [["1", "0.5", "-0.25"], ["-0.75", "1", "0.5"], ["0.25", "-1", "0.75"], ["0", "0.5", "1"]]
bias = ["0.2", "0", "-0.1", "0.4"]
activation = "arctan"
enters = "none"
[parameter]
interval = ["LOW", "HIGH"]
"""


def two_layers(low: str, high: str) -> str:
    """The spec of a network of two layers on an interval."""
    return _TWO_LAYERS.replace("LOW", low).replace("HIGH", high)


def paper(name: str) -> Problem:
    return load(PAPER / f"{name}.toml")


def exact(rows: Sequence[Sequence[object]]) -> ExactMatrix:
    return ExactMatrix.from_fractions([[Fraction(str(x)) for x in row] for row in rows])


def network(
    W: Sequence[Sequence[object]] | ExactMatrix,
    *,
    bias: Sequence[object] | None = None,
    activation: str = "tanh",
    weight_radius: str = "0",
    interval: tuple[str, str] | None = None,
    options: ProofOptions | None = None,
) -> Problem:
    """x' = σ((W + γI)x + b) for a given W, as R1 = 0, R2 = W."""
    matrix = W if isinstance(W, ExactMatrix) else exact(W)
    n = matrix.shape[0]
    column = None if bias is None else exact([[x] for x in bias])
    layers, arrays = asymmetric_rnn(ExactMatrix.zeros(n, n), matrix, column, activation=activation, shift=Fraction(0))
    return Problem(
        title="test network",
        dimension=n,
        layers=layers,
        arrays=arrays,
        weight_radius=Fraction(weight_radius),
        interval=None if interval is None else (Fraction(interval[0]), Fraction(interval[1])),
        proof=options or ProofOptions(max_precision=512),
    )

# two coupled Brusselators: the branch u = a, v = 2/a, one Hopf point at a = 1
TWO_CELLS = """
[network]
family = "equations"
variables = ["u1", "v1", "u2", "v2"]
constants = { b = "2" }
equations = [
  "a - (b + 1)*u1 + u1**2*v1 + (tanh(u2) - tanh(u1))/4",
  "b*u1 - u1**2*v1 + (v2 - v1)/2",
  "a - (b + 1)*u2 + u2**2*v2 + (tanh(u1) - tanh(u2))/4",
  "b*u2 - u2**2*v2 + (v1 - v2)/2",
]
start = ["0.9", "2.2", "0.9", "2.2"]
[parameter]
name = "a"
interval = ["0.9", "1.1"]
"""
