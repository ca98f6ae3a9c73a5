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
