"""The programs of the cells: an RNN, a GRU and an LSTM as short lists of vector operations, each on H numbers.

f = F − x, whose zeros are the fixed points of the cell F (and of x + εf); of an RNN α∘(t − h), t = tanh(a), of a GRU
(1 − z)∘(n − h).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Step:
    """One operation, by entries. args: names of earlier steps.

    op: "state" (the block ``index`` of x), "gate" (the affine step of this name, `CellProblem.gates`), "function" (tanh
    or logistic, by its ``name``, of one argument), "product" (of two), "sum" (constant + Σ coefficients · args).
    """

    op: str
    args: tuple[str, ...] = ()
    index: int = 0
    name: str = ""
    coefficients: tuple[int | Fraction, ...] = ()
    constant: int = 0


@dataclass(frozen=True)
class Program:
    """steps: in order, by their names; outputs: of the blocks of f."""

    steps: dict[str, Step]
    outputs: tuple[str, ...]


def _function(name: str, argument: str) -> Step:
    return Step("function", (argument,), name=name)


def _product(a: str, b: str) -> Step:
    return Step("product", (a, b))


def _sum(constant: int, **terms: int) -> Step:
    return Step("sum", tuple(terms), coefficients=tuple(terms.values()), constant=constant)


def _gate(name: str) -> Step:
    return Step("gate", name=name)


RNN = Program(
    {
        "h": Step("state"),
        "a": _gate("a"), "t": _function("tanh", "a"),
        "alpha": _gate("alpha"), "d": _sum(0, t=1, h=-1), "f": _product("alpha", "d"),
    },
    ("f",),
)  # fmt: skip
GRU = Program(
    {
        "h": Step("state"),
        "a_r": _gate("r"), "r": _function("logistic", "a_r"),
        "a_z": _gate("z"), "z": _function("logistic", "a_z"),
        "m": _gate("n"), "p": _product("r", "m"),
        "v": _gate("v"), "a_n": _sum(0, p=1, v=1), "n": _function("tanh", "a_n"),
        "k": _sum(1, z=-1), "d": _sum(0, n=1, h=-1), "f": _product("k", "d"),
    },
    ("f",),
)  # fmt: skip
LSTM = Program(
    {
        "h": Step("state"), "c": Step("state", index=1),
        "a_i": _gate("i"), "i": _function("logistic", "a_i"),
        "a_f": _gate("f"), "f": _function("logistic", "a_f"),
        "a_g": _gate("g"), "g": _function("tanh", "a_g"),
        "a_o": _gate("o"), "o": _function("logistic", "a_o"),
        "kept": _product("f", "c"), "added": _product("i", "g"), "cell": _sum(0, kept=1, added=1),
        "t": _function("tanh", "cell"), "out": _product("o", "t"),
        "f_h": _sum(0, out=1, h=-1), "f_c": _sum(0, cell=1, c=-1),
    },
    ("f_h", "f_c"),
)  # fmt: skip
PROGRAMS = {"rnn": RNN, "gru": GRU, "lstm": LSTM}


def program_of(cell: str, step: Fraction) -> Program:
    """Of f, or of the Euler map of the flow, of step · f."""
    program = PROGRAMS[cell]
    if step == 1:
        return program
    scaled = {f"step_{name}": Step("sum", (name,), coefficients=(step,)) for name in program.outputs}
    return Program(program.steps | scaled, tuple(scaled))
