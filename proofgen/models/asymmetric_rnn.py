"""The asymmetric recurrent network ``x' = σ(W(γ)x + b)``, ``W(γ) = R1 − R1ᵀ + γI + R2 (+ shift·I)``.

Kuehn and Queirolo, arXiv:2202.05073. Exact: the combination of R1 and R2 is described, not formed.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import InputError
from ..exact import ExactMatrix
from ..problem import Layer, Term


def asymmetric_rnn(
    r1: ExactMatrix,
    r2: ExactMatrix | None = None,
    bias: ExactMatrix | None = None,
    *,
    activation: str = "tanh",
    shift: Fraction = Fraction(0),
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    """The layers and the arrays (R1, R2, bias) they refer to.

    Raises InputError with key ``network.R1``, ``network.R2`` or ``network.bias`` for sizes that do
    not fit, and for fewer than two neurons.
    """
    n = _checked_dimension(r1)
    arrays = {"R1": r1}
    weights = [Term(Fraction(1), "R1"), Term(Fraction(-1), "R1", transpose=True)]
    if r2 is not None:
        if r2.shape != (n, n):
            raise InputError(f"{_size(r2)} entries; expected {n} × {n}, the size of R1", key="network.R2")
        arrays["R2"] = r2
        weights.append(Term(Fraction(1), "R2"))
    if shift:
        weights.append(Term(shift))
    if bias is not None:
        if bias.shape != (n, 1):
            raise InputError(
                f"{bias.shape[0]} entries; expected {n}, one for every neuron", key="network.bias"
            )
        arrays["bias"] = bias
    layer = Layer(activation, tuple(weights), (Term(Fraction(1)),), None if bias is None else "bias")
    return (layer,), arrays


def _checked_dimension(r1: ExactMatrix) -> int:
    rows, columns = r1.shape
    if rows != columns:
        raise InputError(f"{_size(r1)} entries; expected a square matrix", key="network.R1")
    if rows < 2:
        raise InputError("one neuron; a Hopf bifurcation needs at least two (n >= 2)", key="network.R1")
    return rows


def _size(matrix: ExactMatrix) -> str:
    return f"{matrix.shape[0]} × {matrix.shape[1]}"
