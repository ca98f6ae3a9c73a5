"""A gated recurrent cell, GRU or LSTM, with constant input: the exact map that a theorem is about.

Every array X of PyTorch's names moves with the parameter as X + γX'. Arithmetic: exact only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..numbers.exact import ExactMatrix
from .options import ProofOptions

ARRAYS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "input")
ROWS = {"gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}  # the blocks of rows as PyTorch stacks them
STATES = {"gru": ("h",), "lstm": ("h", "c")}  # the blocks of the state


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


@dataclass(frozen=True)
class CellProblem:
    """A cell with one parameter (FORMAT.md, section 26).

    cell: "gru" or "lstm"; hidden: H, the number of units; arrays: X, names of `ARRAYS`, those left out are 0;
    directions: X', likewise (never both of weight_ih and input); discrete: of the map F of the cell; else, of a
    GRU, of the flow x' = f(x). In both cases f = F − x.
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

    @property
    def dimension(self) -> int:
        return self.hidden * len(STATES[self.cell])

    @property
    def inputs(self) -> int:
        """The number of entries of the input; 0 where it plays no part."""
        return next((a["weight_ih"].shape[1] for a in (self.arrays, self.directions) if "weight_ih" in a), 0)

    @property
    def has_box(self) -> bool:
        """Every number is exact."""
        return False

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
        return {"weight_ih": (rows, self.inputs), "weight_hh": (rows, self.hidden), "input": (self.inputs, 1)}.get(
            name, (rows, 1)
        )

    def gates(self) -> dict[str, Gate]:
        """The affine steps by their names. Of a GRU the row block n makes two: n, what h and bias_hh contribute, which
        the reset gate multiplies, and v, what input and bias_ih do; everywhere else both biases are added."""
        inner, outer = self._plus("bias_hh"), self._from_input()
        found = dict[str, Gate]()
        for k, name in enumerate(ROWS[self.cell]):
            W, E = (self._block(self._array(part, "weight_hh"), k) for part in (self.arrays, self.directions))
            (b, c), (more_b, more_c) = ([self._block(column, k) for column in pair] for pair in (inner, outer))
            if self.cell == "gru" and name == "n":
                found |= {"n": Gate(W, E, b, c), "v": Gate(None, None, more_b, more_c)}
            else:
                found[name] = Gate(W, E, b + more_b, c + more_c)
        return found

    @property
    def vanishes(self) -> bool:
        """Whether x = 0 is a fixed point for all γ: then tanh is taken of 0."""
        gates = self.gates()
        inner = [gates[name] for name in (("n", "v") if self.cell == "gru" else ("g",))]
        return all(gate.b.is_zero() and gate.c.is_zero() for gate in inner)

    def _array(self, part: Mapping[str, ExactMatrix], name: str) -> ExactMatrix:
        return part[name] if name in part else ExactMatrix.zeros(*self.shape(name))

    def _plus(self, name: str) -> tuple[ExactMatrix, ExactMatrix]:
        return self._array(self.arrays, name), self._array(self.directions, name)

    def _from_input(self) -> tuple[ExactMatrix, ExactMatrix]:
        """bias_ih + W_ih u, and its derivative by γ."""
        b, c = self._plus("bias_ih")
        if self.inputs:
            (W, E), (u, v) = self._plus("weight_ih"), self._plus("input")
            b, c = b + times(W, u), c + times(E, u) + times(W, v)
        return b, c

    def _block(self, array: ExactMatrix, k: int) -> ExactMatrix:
        return ExactMatrix(array.numerators[k * self.hidden : (k + 1) * self.hidden].copy(), array.denominator)


def times(W: ExactMatrix, v: ExactMatrix) -> ExactMatrix:
    """The exact product of a matrix and a column."""
    entries = v.numerators[:, 0].tolist()
    product = [[sum(w * x for w, x in zip(row, entries, strict=True))] for row in W.numerators.tolist()]
    return ExactMatrix(np.array(product, dtype=object), W.denominator * v.denominator)
