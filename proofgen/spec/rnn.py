"""Vanilla and leaky recurrent networks, with the names that PyTorch gives to weights, as layers.

    h ↦ (1 − α)h + α σ(W_hh h + W_ih u + b_ih + b_hh),     α = 1 for `torch.nn.RNN`,   u constant;
    in continuous time     h' = α(−h + σ(…)).

Exact: b_ih + b_hh and W_ih u are added as rational numbers, not in the format of the weights.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import InputError
from ..numbers.exact import ExactMatrix
from ..problem.cell import times
from ..problem.network import Layer, Term
from .cell import require_alpha
from .enters import OneWeight, parameter_terms
from .recurrent import Arrays, RecurrentEnters

ONE = Fraction(1)


def rnn_layers(
    arrays: Arrays, directions: Arrays, alpha: Fraction, activation: str, enters: RecurrentEnters
) -> tuple[tuple[Layer, ...], Arrays]:
    """α σ((W⁰ + γE)h + b + γc) as layers, with their arrays; the rest of the map is (1 − α)h, of the flow −αh.

    Raises InputError.

    arrays, directions: as `recurrent.read_recurrent` gives them.
    """
    n = (arrays | directions)["weight_hh"].shape[1]
    if n < 2:
        raise InputError("one neuron; expected at least two", key="network.weight_hh")
    require_alpha(alpha)
    b, c = _bias(arrays, arrays, n), _bias(arrays, directions, n) + _moved_weights(arrays, directions, n)
    found = {"W1": arrays.get("weight_hh", ExactMatrix.zeros(n, n))}
    direction: tuple[Term, ...] = ()
    if enters.how == "entry" and enters.array == "weight_hh":
        direction = parameter_terms(OneWeight(enters.row, enters.column), (n, n))
    elif "weight_hh" in directions:
        found["E1"] = directions["weight_hh"]
        direction = (Term(ONE, "E1"),)
    found |= {name: column for name, column in (("b1", b), ("c1", c)) if not column.is_zero()}
    own = (Term(ONE, "W1"),)
    layers = [Layer(activation, own, direction, "b1" if "b1" in found else None, "c1" if "c1" in found else None)]
    if alpha != 1:  # a linear layer α I
        found["W2"] = ExactMatrix.identity(n, alpha)
        layers.append(Layer("identity", (Term(ONE, "W2"),), ()))
    return tuple(layers), found


def _bias(arrays: Arrays, part: Arrays, n: int) -> ExactMatrix:
    """W_ih u + b_ih + b_hh with W_ih of ``arrays`` and the rest of ``part``."""
    total = ExactMatrix.zeros(n, 1)
    for name in ("bias_hh", "bias_ih"):
        total = total + part.get(name, ExactMatrix.zeros(n, 1))
    if "weight_ih" in arrays and "input" in part:
        total = total + times(arrays["weight_ih"], part["input"])
    return total.reduced()


def _moved_weights(arrays: Arrays, directions: Arrays, n: int) -> ExactMatrix:
    """W_ih' u."""
    if "weight_ih" not in directions or "input" not in arrays:
        return ExactMatrix.zeros(n, 1)
    return times(directions["weight_ih"], arrays["input"])
