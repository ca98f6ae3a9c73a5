"""The asymmetric recurrent network ``x' = σ(W(γ)x + b)``, ``W(γ) = R1 − R1ᵀ + R2 (+ shift·I) + γE``, usually E = I.

The parameter may also be a gain, ``W(γ) = γ(R1 − R1ᵀ + R2) (+ shift·I)``, or enter the bias, ``b + γc``.

Kuehn and Queirolo, arXiv:2202.05073. With several layers, ``x' = σ(W(γ) σ(W(γ) … x + b) + b)``, all alike.
Exact: the combination of R1 and R2 is described, not formed.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import InputError
from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Term
from .enters import IDENTITY, Entrance, entering, size


def asymmetric_rnn(
    r1: ExactMatrix,
    r2: ExactMatrix | None = None,
    bias: ExactMatrix | None = None,
    *,
    activation: str = "tanh",
    shift: Fraction = Fraction(0),
    layers: int = 1,
    entrance: Entrance = IDENTITY,
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix]]:
    """The layers and the arrays (R1, R2, bias and those of the parameter) they refer to.

    Raises InputError with key ``network.R1``, ``network.R2``, ``network.bias`` or ``parameter.enters`` for
    sizes that do not fit, for fewer than two neurons, and where γ does not enter.
    """
    n = _checked_dimension(r1)
    arrays = {"R1": r1}
    weights = [Term(Fraction(1), "R1"), Term(Fraction(-1), "R1", transpose=True)]
    if r2 is not None:
        if r2.shape != (n, n):
            raise InputError(f"{size(r2.shape)} entries; expected {n} × {n}, the size of R1", key="network.R2")
        arrays["R2"] = r2
        weights.append(Term(Fraction(1), "R2"))
    if bias is not None:
        if bias.shape != (n, 1):
            raise InputError(f"{bias.shape[0]} entries; expected {n}, one for every neuron", key="network.bias")
        arrays["bias"] = bias
    own, parameter, c = _entering(entrance, tuple(weights), n)
    own += (Term(shift),) if shift else ()
    layer = Layer(activation, own, parameter, None if bias is None else "bias", c)
    return (layer,) * layers, arrays | entrance.arrays


def _entering(
    entrance: Entrance, weights: tuple[Term, ...], n: int
) -> tuple[tuple[Term, ...], tuple[Term, ...], str | None]:
    try:
        own, terms, c = entering(entrance, weights, (n, n))
    except InputError as error:
        key = f"parameter.enters.{error.key}" if error.key else "parameter.enters"
        raise InputError(error.expected, key=key, value=error.value) from None
    if not terms and c is None:
        raise InputError('γ enters nowhere; "none" is for some of several [[network.layer]]', key="parameter.enters")
    return own, terms, c


def _checked_dimension(r1: ExactMatrix) -> int:
    rows, columns = r1.shape
    if rows != columns:
        raise InputError(f"{size(r1.shape)} entries; expected a square matrix", key="network.R1")
    if rows < 2:
        raise InputError("one neuron; a Hopf bifurcation needs at least two (n >= 2)", key="network.R1")
    return rows
