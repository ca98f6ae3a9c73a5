"""A recurrent cell, RNN, GRU or LSTM, with constant input: the map, or the box of maps, that a theorem is about.

Every array X of PyTorch's names moves with the parameter as X + γX'. Arithmetic: exact only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix
from ..numbers.radius import Radius, WeightRadius, is_zero
from .options import ProofOptions

ARRAYS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "input", "alpha")
ROWS = {"rnn": ("a",), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}  # blocks of rows as PyTorch stacks them
STATES = {"rnn": ("h",), "gru": ("h",), "lstm": ("h", "c")}  # the blocks of the state
INNER = {"rnn": ("a",), "gru": ("n", "v"), "lstm": ("g",)}  # the gates that vanish at h = 0 where x = 0 is fixed
EULER = ("gru",)  # of an RNN alpha is the step of the Euler map, and an LSTM is no flow
MAX_STEP, MAX_STEP_CHARS = Fraction(10) ** 100, 120
Arrays = Mapping[str, ExactMatrix]


def is_step(step: Fraction) -> bool:
    """Whether this can be the step of an Euler map: a positive decimal, from 1e-100 to 1e100, that is not too long."""
    return 1 / MAX_STEP <= step <= MAX_STEP and exact_decimal(step, MAX_STEP_CHARS) is not None


@dataclass(frozen=True)
class Gate:
    """``(W + γE)h + b + γc``, an affine step of a cell. W, E: H × H, None where h does not occur; b, c: H × 1."""

    W: ExactMatrix | None
    E: ExactMatrix | None
    b: ExactMatrix
    c: ExactMatrix

    @property
    def moves(self) -> bool:
        """Whether γ occurs."""
        return not (self.c.is_zero() and (self.E is None or self.E.is_zero()))

    @property
    def still(self) -> bool:
        """Whether b = c = 0."""
        return self.b.is_zero() and self.c.is_zero()


@dataclass(frozen=True)
class CellProblem:
    """A cell with one parameter (FORMAT.md, section 26).

    cell: "rnn", "gru" or "lstm"; hidden: H, the number of units; arrays: X, names of `ARRAYS`, those left out are 0;
    directions: X', likewise (never both of weight_ih and input); alpha (H × 1) is of an RNN alone, whose map is
    (1 − α)h + α tanh(…). weight_radius: every entry of every array of ``uncertain`` is known only up to this, or to
    the radius of its array or its own, and a theorem is meant for all of them. discrete: of the map F of the cell;
    else, not of an LSTM, of the flow x' = f(x). In both cases f = F − x. step: ε, of a map of a cell in `EULER`: then
    F is x + εf with the f of this flow, the Euler map; PyTorch's is that for ε = 1.
    start: a rough fixed point at the left end of the interval.
    """

    kind: ClassVar[str] = "cell"
    box: ClassVar[None] = None  # the search begins at 0

    title: str
    cell: str
    hidden: int
    arrays: Mapping[str, ExactMatrix]
    directions: Mapping[str, ExactMatrix]
    interval: tuple[Fraction, Fraction]
    parameter_name: str = "gamma"
    proof: ProofOptions = field(default_factory=ProofOptions)
    start: tuple[Fraction, ...] | None = None
    discrete: bool = True
    source: str = ""
    weight_radius: WeightRadius = Fraction(0)
    step: Fraction = Fraction(1)

    @property
    def dimension(self) -> int:
        return self.hidden * len(STATES[self.cell])

    @property
    def inputs(self) -> int:
        """The number of entries of the input; 0 where it plays no part."""
        return next((a["weight_ih"].shape[1] for a in (self.arrays, self.directions) if "weight_ih" in a), 0)

    @property
    def with_radii(self) -> tuple[str, ...]:
        """The arrays that may have a radius of their own."""
        return tuple(name for name in ARRAYS if name in self.arrays or name in self.directions)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """The arrays that a radius of all weights and biases is about."""
        return tuple(name for name in self.with_radii if name not in ("input", "alpha"))

    def given(self, name: str) -> ExactMatrix:
        """The array that a radius is about: X, or X' where there is no X, as of a gain."""
        return self.arrays[name] if name in self.arrays else self.directions[name]

    def radius_of(self, name: str) -> Radius:
        """How well `given` is known."""
        if isinstance(self.weight_radius, Fraction):
            return self.weight_radius if name in self.uncertain else Fraction(0)
        return self.weight_radius.get(name, Fraction(0))

    @property
    def has_box(self) -> bool:
        """Whether some array is not exact."""
        return not all(is_zero(self.radius_of(name)) for name in ARRAYS)

    def may_move(self, name: str) -> bool:
        """Whether X' of some network of the box is other than 0."""
        if name not in self.directions:
            return False
        uncertain = name not in self.arrays and not is_zero(self.radius_of(name))
        return uncertain or not self.directions[name].is_zero()

    @property
    def largest_number(self) -> Fraction:
        """Of the arrays and the parameter's interval."""
        sizes = [abs(end) for end in self.interval]
        for array in (*self.arrays.values(), *self.directions.values()):
            sizes += [Fraction(abs(entry), array.denominator) for entry in array.numerators.ravel()]
        return max(sizes)

    def shape(self, name: str) -> tuple[int, int]:
        """Of an array."""
        rows = self.hidden * len(ROWS[self.cell])
        shapes = {"weight_ih": (rows, self.inputs), "weight_hh": (rows, self.hidden), "input": (self.inputs, 1)}
        return (shapes | {"alpha": (self.hidden, 1)}).get(name, (rows, 1))

    def gates(self) -> dict[str, Gate]:
        """The affine steps by their names. Of a GRU the row block n makes two: n, what h and bias_hh contribute, which
        the reset gate multiplies, and v, what input and bias_ih do; everywhere else both biases are added. Of an RNN
        alpha is one more, without h."""
        if self.may_move("weight_ih") and self.may_move("input"):
            raise ValueError("both weight_ih and input move: f is not affine in γ before the gates")
        (W, E), (u, v) = self._both("weight_ih"), self._both("input")
        return self._gates(self.arrays, self.directions, times(W, u), times(E, u) + times(W, v))

    def gate_radii(self) -> dict[str, Gate]:
        """How far the entries of `gates` are from theirs in the box."""
        own, moved = ({name: self._radii(name) for name in ARRAYS
                       if name in part and not is_zero(self.radius_of(name))}
                      for part in (self.arrays, self.directions.keys() - self.arrays.keys()))  # fmt: skip
        (W, E), (u, v) = self._both("weight_ih"), self._both("input")
        (W_r, E_r), (u_r, v_r) = ([self._array(part, name) for part in (own, moved)] for name in ("weight_ih", "input"))
        b, c = _spread(W, W_r, u, u_r), _spread(E, E_r, u, u_r) + _spread(W, W_r, v, v_r)
        return self._gates(own, moved, b, c)

    @property
    def vanishes(self) -> bool:
        """Whether x = 0 is a fixed point for all γ: then tanh is taken of 0."""
        gates, radii = self.gates(), self.gate_radii()
        return all(gates[name].still and radii[name].still for name in INNER[self.cell])

    @property
    def odd(self) -> bool:
        """Whether f(−x, γ) = −f(x, γ): of an RNN without bias and input, as tanh is odd."""
        return self.cell == "rnn" and self.vanishes

    def _gates(self, own: Arrays, moved: Arrays, input_b: ExactMatrix, input_c: ExactMatrix) -> dict[str, Gate]:
        """From X and X', and what the input contributes to b and c."""
        inner = [self._array(part, "bias_hh") for part in (own, moved)]
        outer = [
            self._array(part, "bias_ih") + more for part, more in zip((own, moved), (input_b, input_c), strict=True)
        ]
        found = dict[str, Gate]()
        for k, name in enumerate(ROWS[self.cell]):
            W, E = (self._block(self._array(part, "weight_hh"), k) for part in (own, moved))
            (b, c), (more_b, more_c) = ([self._block(column, k) for column in pair] for pair in (inner, outer))
            if self.cell == "gru" and name == "n":
                found |= {"n": Gate(W, E, b, c), "v": Gate(None, None, more_b, more_c)}
            else:
                found[name] = Gate(W, E, b + more_b, c + more_c)
        if self.cell == "rnn":
            found["alpha"] = Gate(None, None, *(self._array(part, "alpha") for part in (own, moved)))
        return found

    def _radii(self, name: str) -> ExactMatrix:
        radius = self.radius_of(name)
        if isinstance(radius, ExactMatrix):
            return radius
        return ExactMatrix(np.full(self.shape(name), radius.numerator, dtype=object), radius.denominator)

    def _array(self, part: Arrays, name: str) -> ExactMatrix:
        return part[name] if name in part else ExactMatrix.zeros(*self.shape(name))

    def _both(self, name: str) -> tuple[ExactMatrix, ExactMatrix]:
        return self._array(self.arrays, name), self._array(self.directions, name)

    def _block(self, array: ExactMatrix, k: int) -> ExactMatrix:
        return ExactMatrix(array.numerators[k * self.hidden : (k + 1) * self.hidden].copy(), array.denominator)


def _spread(W: ExactMatrix, W_radius: ExactMatrix, u: ExactMatrix, u_radius: ExactMatrix) -> ExactMatrix:
    """How far a product is from Wu, with W and u within their radii."""
    return times(W_radius, _moduli(u) + u_radius) + times(_moduli(W), u_radius)


def _moduli(array: ExactMatrix) -> ExactMatrix:
    return ExactMatrix(np.abs(array.numerators), array.denominator)


def times(W: ExactMatrix, v: ExactMatrix) -> ExactMatrix:
    """The exact product of a matrix and a column."""
    entries = v.numerators[:, 0].tolist()
    product = [[sum(w * x for w, x in zip(row, entries, strict=True))] for row in W.numerators.tolist()]
    return ExactMatrix(np.array(product, dtype=object), W.denominator * v.denominator)
