"""The exact vector field, or map, that a theorem is about: a network.

    x' = f(x, γ) = −D x + h_L,   h_0 = x,   h_l = σ_l((W_l⁰ + γE_l) h_{l−1} + b_l + γc_l)

Plain frozen values; every number is an exact rational. Arithmetic: exact only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..numbers.exact import ExactMatrix
from ..numbers.radius import Radius, WeightRadius, combined, is_zero
from .options import ProofOptions


@dataclass(frozen=True)
class Term:
    """``coefficient · A``, ``· Aᵀ``, ``· e_r e_cᵀ`` (unit = (r, c), counted from 1) or ``coefficient · I``.

    At most one of ``matrix`` (a name in the problem's arrays) and ``unit`` is given; neither means I.
    """

    coefficient: Fraction
    matrix: str | None = None
    transpose: bool = False
    unit: tuple[int, int] | None = None


@dataclass(frozen=True)
class Layer:
    """``σ((W⁰ + γE)h + b + γc)`` with ``W⁰``, ``E`` exact linear combinations of the problem's arrays.

    ``activation`` is a name of `proofgen.symbolic.named` or an expression in z (text);
    ``parameter`` is empty where γ does not enter W; ``bias`` (b) and ``bias_parameter`` (c) name columns in the
    problem's arrays, None meaning 0.
    Sizes follow from the matrices: see `Problem.shapes`.
    """

    activation: str
    weights: tuple[Term, ...]
    parameter: tuple[Term, ...]
    bias: str | None = None
    bias_parameter: str | None = None


@dataclass(frozen=True)
class RateGain:
    """``x' = −δx + σ(γWx)``, or outside: ``−δx + γWσ(x)``, δ ≠ 0. terms: of W; layer: which has them, from 1."""

    leak: Fraction
    terms: tuple[Term, ...]
    outside: bool

    @property
    def layer(self) -> int:
        return 2 if self.outside else 1


@dataclass(frozen=True)
class Problem:
    """One network with one parameter. See `proofs/FORMAT.md`, section 3, for the file form.

    leak: D as a multiple of I, or the name of a column in ``arrays`` (its diagonal); arrays: name → exact data as given
    (R1, R2, bias); weight_radius: every entry of every array that weights and biases refer to is known only up to this,
    or up to the radius of its array or its own, and a theorem is meant for all of them; interval: the γ-range of
    interest, None for the whole real line; start: a rough equilibrium at the left end of the interval (a hint for the
    search, no part of the theorem); discrete: of a map ``x ↦ F(x, γ) = −Dx + h_L``; then f = F − x; source: where the
    numbers are from, as the spec says.
    """

    kind: ClassVar[str] = "network"
    box: ClassVar[None] = None  # the search of a network begins at 0

    title: str
    dimension: int
    layers: tuple[Layer, ...]
    arrays: Mapping[str, ExactMatrix]
    parameter_name: str = "gamma"
    interval: tuple[Fraction, Fraction] | None = None
    weight_radius: WeightRadius = Fraction(0)
    proof: ProofOptions = field(default_factory=ProofOptions)
    leak: Fraction | str = Fraction(0)
    start: tuple[Fraction, ...] | None = None
    discrete: bool = False
    source: str = ""

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(rows, columns) of every layer's W_l: rows of its first matrix, or square (FORMAT.md, section 3)."""
        shapes = []
        columns = self.dimension
        for layer in self.layers:
            rows = columns
            for term in (*layer.weights, *layer.parameter):
                if term.matrix is not None:
                    rows = self.arrays[term.matrix].shape[1 if term.transpose else 0]
                    break
            shapes.append((rows, columns))
            columns = rows
        return tuple(shapes)

    def combine(self, terms: Sequence[Term], shape: tuple[int, int] | None = None) -> ExactMatrix:
        """The exact matrix ``Σ coefficient · term`` (shape default: n × n)."""
        wanted = tuple(terms), shape or (self.dimension, self.dimension)
        if wanted not in self._combined:
            self._combined[wanted] = self._sum(*wanted)
        return self._combined[wanted]

    @cached_property
    def _combined(self) -> dict[tuple[tuple[Term, ...], tuple[int, int]], ExactMatrix]:
        """What `combine` has made; it stays in this process."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_combined"}

    def _sum(self, terms: Sequence[Term], shape: tuple[int, int]) -> ExactMatrix:
        rows, columns = shape
        total: ExactMatrix | None = None
        for term in terms:
            if term.unit is not None:
                data = np.zeros((rows, columns), dtype=object)
                data[term.unit[0] - 1, term.unit[1] - 1] = term.coefficient.numerator
                summand = ExactMatrix(data, term.coefficient.denominator)
            elif term.matrix is None:
                summand = ExactMatrix.identity(rows, term.coefficient)
            else:
                array = self.arrays[term.matrix]
                summand = (array.transposed if term.transpose else array).scaled(term.coefficient)
            total = summand if total is None else total + summand
        return ExactMatrix.zeros(rows, columns) if total is None else total

    def leak_entries(self) -> list[Fraction]:
        """The n diagonal entries of D; of a map those of D + I, so that they are those of f."""
        more = int(self.discrete)
        if isinstance(self.leak, Fraction):
            return [self.leak + more] * self.dimension
        return [row[0] + more for row in self.arrays[self.leak].fractions()]

    @property
    def lines_of_equilibria(self) -> bool:
        """Whether f = σ(W(γ)x), or εσ(W(γ)x) as of an Euler map: with σ(0) = 0 the whole kernel of W(γ) consists of
        equilibria, or fixed points."""
        layer, *others = self.layers
        plain = layer.bias is None and layer.bias_parameter is None and not any(self.leak_entries())
        return plain and (not others or (len(others) == 1 and self.multiple(others[0]) != 0))

    def multiple(self, layer: Layer) -> Fraction:
        """c where a layer is exactly x ↦ cx for all γ, else 0."""
        moves = layer.parameter or layer.bias is not None or layer.bias_parameter is not None
        if layer.activation != "identity" or moves or self.shapes[-1] != (self.dimension, self.dimension):
            return Fraction(0)
        return self.scalar(layer.weights)

    def scalar(self, terms: Sequence[Term]) -> Fraction:
        """c where the terms are exactly cI (n × n), else 0."""
        matrix = self.combine(terms)
        c = matrix.entry(0, 0)
        return c if (matrix + ExactMatrix.identity(self.dimension, -c)).is_zero() else Fraction(0)

    @property
    def one_layer_shift(self) -> bool:
        """One layer without leak and γ on the identity, in continuous time: the class of the method zero-branch."""
        layer = self.layers[0]
        one_shift = len(self.layers) == 1 and layer.parameter == (Term(Fraction(1)),) and layer.bias_parameter is None
        return one_shift and not self.discrete and not any(self.leak_entries())

    @property
    def rate_gain(self) -> RateGain | None:
        """What the method gain-branch applies to: exact weights, no bias, one leak, in continuous time."""
        leak, *others = set(self.leak_entries())
        last, alike = self.layers[-1], not others and leak != 0
        biases = any(layer.bias is not None or layer.bias_parameter is not None for layer in self.layers)
        matrices = all(term.matrix is not None for term in last.parameter)
        if self.discrete or self.has_box or biases or not alike or not matrices:
            return None
        square = last.parameter and self.shapes == ((self.dimension, self.dimension),) * len(self.layers)
        if not square or not self.combine(last.weights).is_zero():
            return None
        if len(self.layers) == 1:
            return RateGain(leak, last.parameter, outside=False)
        first = self.layers[0]
        if last.activation != "identity" or first.parameter or len(self.layers) != 2:
            return None
        if not (self.combine(first.weights) + ExactMatrix.identity(self.dimension, Fraction(-1))).is_zero():
            return None
        return RateGain(leak, last.parameter, outside=True)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """The arrays that weights and biases refer to, in order."""
        used = {term.matrix for layer in self.layers for term in layer.weights}
        used |= {layer.bias for layer in self.layers}
        return tuple(name for name in self.arrays if name in used)

    @property
    def with_radii(self) -> tuple[str, ...]:
        """The arrays that may have a radius of their own."""
        return self.uncertain

    def given(self, name: str) -> ExactMatrix:
        """The array that a radius is about."""
        return self.arrays[name]

    def radius_of(self, name: str) -> Radius:
        """How well an array of ``uncertain`` is known."""
        if isinstance(self.weight_radius, Fraction):
            return self.weight_radius
        return self.weight_radius.get(name, Fraction(0))

    @property
    def has_box(self) -> bool:
        """Whether some weight or bias is not exact."""
        return not all(is_zero(self.radius_of(name)) for name in self.uncertain)

    @property
    def largest_number(self) -> Fraction:
        """Of the arrays and the parameter's interval."""
        sizes = [abs(end) for end in self.interval or ()]
        for array in self.arrays.values():
            sizes += [Fraction(abs(entry), array.denominator) for entry in array.numerators.ravel()]
        return max(sizes, default=Fraction(0))

    def weight_box(
        self, terms: Sequence[Term], shape: tuple[int, int] | None = None
    ) -> tuple[Fraction, Fraction] | ExactMatrix:
        """Radii of the entries of ``combine(terms, shape)`` over the box: (diagonal, off diagonal), or all of them."""
        sides: dict[str, list[Fraction]] = {}
        for term in terms:
            if term.matrix is not None:
                sides.setdefault(term.matrix, [Fraction(0), Fraction(0)])[term.transpose] += term.coefficient
        found = [(plain, flipped, self.radius_of(name)) for name, (plain, flipped) in sides.items()]
        return combined(found, shape or (self.dimension, self.dimension))
