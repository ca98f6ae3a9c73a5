"""A cell, RNN, GRU or LSTM, as a map, or, but of an LSTM, as a flow (section 26): its arrays as PyTorch names and
stacks them, the box that radii span around them, and what they make."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from .budget import OPERATION, bytes_of, digits_in, size_of
from .files import Array, Bundle
from .problem import Problem
from .products import Engine
from .reading import HEAD, anything, count, decimal, document, each, enclosure, one_of, short, text
from .verdicts import MAX_DIMENSION, Matrix, Rejected, Undecided

STACKED = {"rnn": "a", "gru": "rzn", "lstm": "ifgo"}  # one letter for each block of rows
STATES = {"rnn": 1, "gru": 1, "lstm": 2}  # blocks of the state: h, or h and c
INNER = {"rnn": ("a",), "gru": ("n", "v"), "lstm": ("g",)}  # whose tanh makes the next h
NUMBERS = ("input", "alpha")  # no weights: their radius is given by name, or 0
CELL = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": enclosure},
    "cell": one_of(*STACKED), "arrays": each(anything), "directions": each(anything),
}  # fmt: skip
LONGEST_STEP, LARGEST_STEP = 120, Fraction(10) ** 100


@dataclass
class Gate:
    """(W + gamma E)h + b + gamma c, H numbers; each number within its radius."""

    W: Matrix  # in units 1/W_unit, as the radii
    W_unit: int
    W_radius: Matrix
    E: Matrix
    E_unit: int
    E_radius: Matrix
    b: list[Fraction]
    b_radius: list[Fraction]
    c: list[Fraction]
    c_radius: list[Fraction]

    @property
    def moves(self) -> bool:
        return any(self.c) or any(map(any, self.E))

    @property
    def linear(self) -> bool:
        """b = c = 0, exactly."""
        return not any(map(any, (self.b, self.b_radius, self.c, self.c_radius)))


@dataclass
class CellProblem(Problem):
    """gates: by the letters of `STACKED`; of a GRU n is what h and bias_hh contribute to the block n, which the reset
    gate multiplies, and v what the input and bias_ih do; of an RNN alpha is one without h."""

    cell: str
    hidden: int
    gates: dict[str, Gate]
    step: Fraction  # f is the step times that of PyTorch's cell

    jets: ClassVar[str] = "cell_jets"

    @cached_property
    def trivial(self) -> bool:
        """x = 0 is a fixed point for all gamma: there tanh is taken of 0, whatever the other gates are."""
        return all(self.gates[name].linear for name in INNER[self.cell])

    @property
    def odd(self) -> bool:
        """f(-x, gamma) = -f(x, gamma): alpha (tanh((W + gamma E)h) - h)."""
        return self.cell == "rnn" and self.trivial


class CellArrays:
    """The arrays X, or their derivatives X' by gamma, or the radii of these; those that are left out are 0."""

    def __init__(self, bundle: Bundle, given: dict[str, Array], rows: int, hidden: int) -> None:
        self.budget, self.rows, self.hidden, self.found = bundle.budget, rows, hidden, given

    def require(self, inputs: int, where: str) -> None:
        shapes = {"weight_ih": (self.rows, inputs), "weight_hh": (self.rows, self.hidden), "bias_ih": (self.rows,),
                  "bias_hh": (self.rows,), "input": (inputs,), "alpha": (self.hidden,)}  # fmt: skip
        for name, array in self.found.items():
            if shapes.get(name) != array.shape:
                raise Rejected(f"{where}: {short(name)} is no array of a cell, or not of the shape that it has there")

    def nonzero(self, name: str) -> bool:
        return name in self.found and any(map(any, self.found[name].rows))

    def vector(self, name: str) -> list[Fraction]:
        """A bias, rows numbers, or alpha, or the input."""
        array = self.found.get(name)
        return [Fraction(0)] * self.rows if array is None else [Fraction(x, array.unit) for x in array.rows[0]]

    def block(self, k: int) -> tuple[Matrix, int]:
        """H rows of weight_hh, and their unit."""
        array = self.found.get("weight_hh") or Array([[0] * self.hidden] * self.rows, 1, (self.rows, self.hidden))
        return array.rows[k * self.hidden : (k + 1) * self.hidden], array.unit

    def times(self, other: CellArrays, modulus: bool = False) -> list[Fraction]:
        """weight_ih times the input of the other; modulus: of the moduli of the entries."""
        W, u = self.found.get("weight_ih"), other.found.get("input")
        if W is None or u is None:
            return [Fraction(0)] * self.rows
        size = abs if modulus else int
        digits = digits_in(size_of(W.rows)) * digits_in(size_of(u.rows))
        self.budget.spend(2 * self.rows * len(u.rows[0]) * (OPERATION + digits))
        return [Fraction(sum(size(w * x) for w, x in zip(row, u.rows[0], strict=True)), W.unit * u.unit)
                for row in W.rows]  # fmt: skip


def spread(W: CellArrays, W_radii: CellArrays, u: CellArrays, u_radii: CellArrays) -> list[list[Fraction]]:
    """How far weight_ih times input is from what it is without radii: |W| s + r |u| + r s at most."""
    return [W.times(u_radii, True), W_radii.times(u, True), W_radii.times(u_radii, True)]


def radii_of(bundle: Bundle, value: Any, parts: list[CellArrays], where: str) -> list[CellArrays]:
    """The radii of X, and of the X' of which there is no X. `weight_radius`: a decimal for all of these but input and
    alpha, or for some a decimal or an array."""
    known = parts[1].found | parts[0].found
    weights = [name for name in known if name not in NUMBERS]
    allowed = weights if isinstance(value, str) else list(known)
    found = bundle.parts("boxes").read_radii(value, bundle, known, allowed, where)
    filled = {
        name: Array([[radius.numerator] * len(row) for row in known[name].rows], radius.denominator, known[name].shape)
        if isinstance(radius, Fraction) else radius
        for name, radius in found.items()
    }  # fmt: skip
    own = {name: radius for name, radius in filled.items() if name in parts[0].found}
    moved = {name: radius for name, radius in filled.items() if name not in own}
    return [CellArrays(bundle, radii, parts[0].rows, parts[0].hidden) for radii in (own, moved)]


def block_of(bundle: Bundle, arrays: CellArrays, radii: CellArrays, k: int, where: str) -> tuple[Matrix, int, Matrix]:
    """A block of weight_hh, its unit, and the radii in it."""
    (rows, unit), (spread_by, r_unit) = arrays.block(k), radii.block(k)
    common = bundle.multiple({unit, r_unit}, where)
    bits = size_of(rows) + size_of(spread_by) + common.bit_length()
    bundle.budget.spend(2 * len(rows) ** 2 * (OPERATION + digits_in(bits) ** 2))
    bundle.budget.keep(2 * bytes_of(len(rows) ** 2, bits))
    scaled = [[[x * (common // own) for x in row] for row in part] for part, own in ((rows, unit), (spread_by, r_unit))]
    return scaled[0], common, scaled[1]


def euler_step(value: Any, where: str) -> Fraction:
    """h of x -> x + h f(x)."""
    if type(value) is str and len(value) > LONGEST_STEP:
        raise Rejected(f"{where}: a decimal of more than {LONGEST_STEP} characters")
    step = decimal(value, where)
    if not 1 / LARGEST_STEP <= step <= LARGEST_STEP:
        raise Rejected(f"{where}: not a positive number from 1e-100 to 1e100")
    return step


def read(bundle: Bundle, raw: Any, sha256: str, engine: Engine, where: str) -> CellProblem:
    optional = {"time": one_of("discrete"), "weight_radius": anything, "step": euler_step}
    there = {key: spec for key, spec in optional.items() if isinstance(raw, dict) and key in raw}
    p, discrete = document(raw, "proofgen-cell", CELL | there, where), "time" in there
    n, interval, kind = p["dimension"], p["parameter"]["interval"], p["cell"]
    hidden, left = divmod(n, STATES[kind])
    if left or not hidden or len(p["title"]) > 500 or interval.lo >= interval.hi:
        raise Rejected(f"{where}: not a dimension of this cell, or the title too long, or the interval empty")
    if n > MAX_DIMENSION:
        raise Undecided(f"{where}: a dimension above {MAX_DIMENSION} is beyond this checker")
    if "step" in there and (kind != "gru" or not discrete):
        raise Rejected(f"{where}: only a GRU as a map has a step")
    rows = hidden * len(STACKED[kind])
    parts = [CellArrays(bundle, {name: bundle.exact_array(value, f"{where}: {part}: {short(name)}")
                                 for name, value in p[part].items()}, rows, hidden)
             for part in ("arrays", "directions")]  # fmt: skip
    own, moved = parts
    inputs = next((x.found["weight_ih"].shape[-1] for x in parts if "weight_ih" in x.found), 0)
    for part in parts:
        part.require(inputs, where)
    if any("alpha" in x.found for x in parts) != (kind == "rnn"):
        raise Rejected(f"{where}: of an RNN, and of nothing else, alpha is needed")
    radii = radii_of(bundle, p["weight_radius"], parts, where) if "weight_radius" in there else [
        CellArrays(bundle, {}, rows, hidden) for _ in parts
    ]  # fmt: skip
    arrays = [*parts, *radii]
    bits = sum(size_of(a.rows) + a.unit.bit_length() for part in arrays for a in part.found.values())
    bundle.budget.spend(80 * rows * (OPERATION + digits_in(bits) ** 2))
    bundle.budget.keep(8 * rows * 200 + 16 * bytes_of(rows, bits))
    near, moved_near = radii
    if all(moved.nonzero(name) or moved_near.nonzero(name) for name in ("weight_ih", "input")):
        raise Rejected(f"{where}: both weight_ih and the input move, so that gamma squared occurs")
    outer = [added(own.vector("bias_ih"), own.times(own)),
             added(near.vector("bias_ih"), *spread(own, near, own, near)),
             added(moved.vector("bias_ih"), own.times(moved), moved.times(own)),
             added(moved_near.vector("bias_ih"), *spread(moved, moved_near, own, near),
                   *spread(own, near, moved, moved_near))]  # fmt: skip
    inner = [part.vector("bias_hh") for part in (own, near, moved, moved_near)]
    none, gates = [[0] * hidden] * hidden, dict[str, Gate]()
    for k, letter in enumerate(STACKED[kind]):
        matrices = *block_of(bundle, own, near, k, where), *block_of(bundle, moved, moved_near, k, where)
        b, more = ([column[k * hidden : (k + 1) * hidden] for column in columns] for columns in (inner, outer))
        if (kind, letter) == ("gru", "n"):
            gates["n"], gates["v"] = Gate(*matrices, *b), Gate(none, 1, none, none, 1, none, *more)
        else:
            gates[letter] = Gate(*matrices, *map(added, b, more))
    if kind == "rnn":
        alpha = [part.vector("alpha") for part in (own, near, moved, moved_near)]
        gates["alpha"] = Gate(none, 1, none, none, 1, none, *alpha)
    if not any(gate.moves for gate in gates.values()):
        raise Rejected(f"{where}: gamma enters nowhere")
    bundle.cache.clear()
    box = {name: Fraction(max(map(max, a.rows)), a.unit) for part in radii for name, a in part.found.items()}
    box = {name: radius for name, radius in box.items() if radius}
    problem = CellProblem(p["title"], n, interval, sha256, engine, bundle.budget, box, kind, hidden, gates,
                          p.get("step", Fraction(1)))
    if not discrete and kind == "lstm":
        raise Rejected(f"{where}: an LSTM is no flow")
    problem.discrete = discrete
    return problem


def added(*vectors: list[Fraction]) -> list[Fraction]:
    return [sum(entries, Fraction(0)) for entries in zip(*vectors, strict=True)]
