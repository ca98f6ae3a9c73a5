"""The maps whose crossings of the unit circle all follow from the eigenvalues of one matrix W (FORMAT.md, section 25).

    x ↦ ρx + ησ(V(γ)x + b)   or   x ↦ ρx + ηV(γ)σ(x),    V(γ) = γW (a gain) or W + γI (a shift)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .network import Layer, Problem, Term

ONE = Fraction(1)


@dataclass(frozen=True)
class CircleMap:
    """rest: ρ; step: η ≠ 0; terms: of W; gain: V = γW, else W + γI; outside: V(γ) stands outside of σ; layer: which has
    V(γ), from 1; bias: b ≠ 0."""

    rest: Fraction
    step: Fraction
    terms: tuple[Term, ...]
    gain: bool
    outside: bool
    layer: int
    bias: bool

    @property
    def array(self) -> str:
        """The name of W among the matrices of an evaluator."""
        return f"{'E' if self.gain else 'W'}{self.layer}"


def circle_map(problem: Problem) -> CircleMap | None:
    """What the method circle-branch applies to: exact weights, one leak; with a gain |ρ| < 1 and no bias, with a bias
    ρ = 1 (then the zeros of V(γ)x + b are fixed points)."""
    leak, *others = set(problem.leak_entries())
    square = problem.shapes == ((problem.dimension, problem.dimension),) * len(problem.layers)
    if not problem.discrete or problem.has_box or others or not square or len(problem.layers) > 3:
        return None
    layers, step, rest = problem.layers, ONE, 1 - leak  # F = x − leak·x + h_L
    if len(layers) > 1 and (found := problem.multiple(layers[-1])):
        layers, step = layers[:-1], found
    outside = len(layers) == 2
    if len(layers) > 2 or (outside and not _still(layers[0])):
        return None
    last = layers[-1]
    if outside and (last.activation != "identity" or problem.scalar(layers[0].weights) != 1):
        return None
    bias = last.bias is not None
    gain = bool(last.parameter) and problem.combine(last.weights).is_zero()
    if last.bias_parameter is not None or not last.parameter or (bias and (outside or gain or rest != 1)):
        return None
    if not gain and problem.scalar(last.parameter) != 1:
        return None
    if gain and (abs(rest) >= 1 or any(term.matrix is None for term in last.parameter)):
        return None
    return CircleMap(rest, step, last.parameter if gain else last.weights, gain, outside, len(layers), bias)


def _still(layer: Layer) -> bool:
    """Whether γ does not enter a layer, which has no bias."""
    return not layer.parameter and layer.bias is None and layer.bias_parameter is None
