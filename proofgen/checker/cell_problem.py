"""A gated cell, GRU or LSTM, as a map, or a GRU as a flow (section 26): its arrays as PyTorch names and stacks them,
and what they make."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from .budget import OPERATION, bytes_of, digits_in, size_of
from .files import Array, Bundle
from .problem import Problem
from .products import Engine
from .reading import HEAD, anything, count, document, each, enclosure, one_of, short, text
from .verdicts import MAX_DIMENSION, Matrix, Rejected, Undecided

STACKED = {"gru": "rzn", "lstm": "ifgo"}  # one letter for each block of rows
STATES = {"gru": 1, "lstm": 2}  # blocks of the state: h, or h and c
CELL = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": enclosure},
    "cell": one_of(*STACKED), "arrays": each(anything), "directions": each(anything),
}  # fmt: skip


@dataclass
class Gate:
    """(W + gamma E)h + b + gamma c, H numbers."""

    W: Matrix  # in units 1/W_unit
    W_unit: int
    E: Matrix
    E_unit: int
    b: list[Fraction]
    c: list[Fraction]

    @property
    def moves(self) -> bool:
        return any(self.c) or any(map(any, self.E))


@dataclass
class CellProblem(Problem):
    """gates: by the letters of `STACKED`; of a GRU n is what h and bias_hh contribute to the block n, which the reset
    gate multiplies, and v what the input and bias_ih do."""

    cell: str
    hidden: int
    gates: dict[str, Gate]

    jets: ClassVar[str] = "cell_jets"

    @cached_property
    def trivial(self) -> bool:
        """x = 0 is a fixed point for all gamma: there tanh is taken of 0, whatever the other gates are."""
        inner = [self.gates[name] for name in (("n", "v") if self.cell == "gru" else ("g",))]
        return not any(any(gate.b) or any(gate.c) for gate in inner)


class CellArrays:
    """The arrays X, or their derivatives X' by gamma; those that are left out are 0."""

    def __init__(self, bundle: Bundle, given: dict[str, Any], rows: int, hidden: int, where: str) -> None:
        self.budget, self.rows, self.hidden = bundle.budget, rows, hidden
        self.found = {name: bundle.exact_array(value, f"{where}: {short(name)}") for name, value in given.items()}

    def require(self, inputs: int, where: str) -> None:
        shapes = {"weight_ih": (self.rows, inputs), "weight_hh": (self.rows, self.hidden), "bias_ih": (self.rows,),
                  "bias_hh": (self.rows,), "input": (inputs,)}  # fmt: skip
        for name, array in self.found.items():
            if shapes.get(name) != array.shape:
                raise Rejected(f"{where}: {short(name)} is no array of a cell, or not of the shape that it has there")

    def nonzero(self, name: str) -> bool:
        return name in self.found and any(map(any, self.found[name].rows))

    def vector(self, name: str) -> list[Fraction]:
        """A bias, rows numbers."""
        array = self.found.get(name)
        return [Fraction(0)] * self.rows if array is None else [Fraction(x, array.unit) for x in array.rows[0]]

    def block(self, k: int) -> tuple[Matrix, int]:
        """H rows of weight_hh, and their unit."""
        array = self.found.get("weight_hh") or Array([[0] * self.hidden] * self.rows, 1, (self.rows, self.hidden))
        return array.rows[k * self.hidden : (k + 1) * self.hidden], array.unit

    def times(self, other: CellArrays) -> list[Fraction]:
        """weight_ih times the input of the other."""
        W, u = self.found.get("weight_ih"), other.found.get("input")
        if W is None or u is None:
            return [Fraction(0)] * self.rows
        digits = digits_in(size_of(W.rows)) * digits_in(size_of(u.rows))
        self.budget.spend(self.rows * len(u.rows[0]) * (OPERATION + digits))
        return [Fraction(sum(w * x for w, x in zip(row, u.rows[0], strict=True)), W.unit * u.unit) for row in W.rows]


def read(bundle: Bundle, raw: Any, sha256: str, engine: Engine, where: str) -> CellProblem:
    discrete = isinstance(raw, dict) and "time" in raw
    p = document(raw, "proofgen-cell", CELL | ({"time": one_of("discrete")} if discrete else {}), where)
    n, interval, kind = p["dimension"], p["parameter"]["interval"], p["cell"]
    hidden, left = divmod(n, STATES[kind])
    if left or not hidden or len(p["title"]) > 500 or interval.lo >= interval.hi:
        raise Rejected(f"{where}: not a dimension of this cell, or the title too long, or the interval empty")
    if n > MAX_DIMENSION:
        raise Undecided(f"{where}: a dimension above {MAX_DIMENSION} is beyond this checker")
    rows = hidden * len(STACKED[kind])
    parts = [CellArrays(bundle, p[part], rows, hidden, f"{where}: {part}") for part in ("arrays", "directions")]
    own, moved = parts
    inputs = next((x.found["weight_ih"].shape[-1] for x in parts if "weight_ih" in x.found), 0)
    for part in parts:
        part.require(inputs, where)
    if moved.nonzero("weight_ih") and moved.nonzero("input"):
        raise Rejected(f"{where}: both weight_ih and the input move, so that gamma squared occurs")
    bits = sum(size_of(a.rows) + a.unit.bit_length() for part in parts for a in part.found.values())
    bundle.budget.spend(40 * rows * (OPERATION + digits_in(bits) ** 2))
    bundle.budget.keep(4 * rows * 200 + 8 * bytes_of(rows, bits))

    def added(*vectors: list[Fraction]) -> list[Fraction]:
        return [sum(entries, Fraction(0)) for entries in zip(*vectors, strict=True)]

    outer = added(own.vector("bias_ih"), own.times(own))
    outer_moved = added(moved.vector("bias_ih"), own.times(moved), moved.times(own))
    inner, inner_moved = own.vector("bias_hh"), moved.vector("bias_hh")
    gates = dict[str, Gate]()
    for k, letter in enumerate(STACKED[kind]):
        rows_of = slice(k * hidden, (k + 1) * hidden)
        W, E = own.block(k), moved.block(k)
        b, c, more_b, more_c = inner[rows_of], inner_moved[rows_of], outer[rows_of], outer_moved[rows_of]
        if (kind, letter) == ("gru", "n"):
            none = [[0] * hidden] * hidden
            gates["n"], gates["v"] = Gate(*W, *E, b, c), Gate(none, 1, none, 1, more_b, more_c)
        else:
            gates[letter] = Gate(*W, *E, added(b, more_b), added(c, more_c))
    if not any(gate.moves for gate in gates.values()):
        raise Rejected(f"{where}: gamma enters nowhere")
    bundle.cache.clear()
    problem = CellProblem(p["title"], n, interval, sha256, engine, bundle.budget, {}, kind, hidden, gates)
    if not discrete and kind != "gru":
        raise Rejected(f"{where}: of cells only a GRU is a flow")
    problem.discrete = discrete
    return problem
