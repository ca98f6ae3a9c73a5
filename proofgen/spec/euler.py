"""Euler maps ``x ↦ x + εf(x, γ)`` of flows: `network.time = { euler = "0.1" }`. Exact."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..errors import InputError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix
from ..problem.network import Layer, Term
from .cell import require_alpha
from .form import RnnNetwork
from .recurrent import RecurrentEnters

ONE = Fraction(1)


def euler_network(
    layers: tuple[Layer, ...], arrays: Mapping[str, ExactMatrix], leak: Fraction | str, n: int, step: Fraction
) -> tuple[tuple[Layer, ...], dict[str, ExactMatrix], Fraction | str]:
    """Layers, arrays and leak of the map: one more layer εI, and ``D`` becomes ``εD − I``."""
    name = f"W{len(layers) + 1}"
    more = {name: ExactMatrix.identity(n, step)}
    own: Fraction | str = step * leak - 1 if isinstance(leak, Fraction) else leak
    if isinstance(leak, str):
        more[leak] = ExactMatrix.from_fractions([[step * row[0] - 1] for row in arrays[leak].fractions()])
    return (*layers, Layer("identity", (Term(ONE, name),), ())), {**arrays, **more}, own


def euler_rnn(network: RnnNetwork, enters: RecurrentEnters) -> RnnNetwork:
    """An RNN as a map: the step of the Euler map of ``α(σ(…) − h)`` is one more factor of α. Raises InputError."""
    if not isinstance(network.time, Fraction):
        return network
    if enters.how == "alpha":
        raise InputError('expected time = "discrete": alpha is the step', key="parameter.enters")
    require_alpha(network.alpha)
    if network.alpha * network.time > 1:
        expected = "expected a step whose product with alpha is at most 1, the alpha of the map"
        raise InputError(expected, key="network.time.euler", value=str(network.time))
    return network.model_copy(update={"alpha": network.alpha * network.time, "time": "discrete"})


def euler_equations(variables: tuple[str, ...], equations: tuple[str, ...], step: Fraction) -> tuple[str, ...]:
    """The expressions of the map."""
    decimal = exact_decimal(step)
    return tuple(f"{name} + {decimal}*({text})" for name, text in zip(variables, equations, strict=True))
