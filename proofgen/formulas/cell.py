"""The formulas of a cell, for `proofgen derive` and for certificates.

Typed in are definitions only: the equations of an RNN, a GRU and an LSTM as PyTorch has them. The derivatives of the
two functions, Faà di Bruno's formula and Leibniz' rule are printed by SymPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.decimals import exact_decimal
from ..numbers.radius import is_zero
from ..problem.cell import ARRAYS, ROWS, CellProblem
from .equations import product_formula
from .formula import (
    GENERAL_FORMULA_TEXT,
    OF_MAPS,
    Display,
    Formula,
    display,
    fold_texts,
    parameter_symbol,
)
from .names import NumberedState
from .recursion import Expansion, evaluated_l1
from .shared import activation_formulas, jet_formulas
from .weight_box import StatedBox, array_boxes

DISPLAY_ROWS, DISPLAY_COLUMNS = 16, 4  # arrays up to this size are written out
NAMES = {"rnn": "RNN", "gru": "GRU (gated recurrent units)", "lstm": "LSTM (long short-term memory)"}


@dataclass(frozen=True)
class Moving:
    """How γ enters an array: "gain" (γX'), "all" (it is every entry), "entry" (γ at ``row``, ``column``, from 1, is
    added; of a vector no column), "line" (X + γX')."""

    array: str
    how: str
    row: int = 0
    column: int | None = None


@dataclass(frozen=True)
class CellDerivation(NumberedState):
    """All formulas of one problem. blocks: the letters of the gates, in the order of PyTorch's rows; there: the arrays
    that are not 0; moving: how γ enters; shown: (array, its derivative by γ?, for reading), of small ones; functions:
    logistic, where there are gates, and tanh, each with its derivatives; box: of the weights, names as in `ARRAYS` with
    a ' for the derivative by γ; plain: of an RNN, alpha = 1; step: h of an Euler map, None of PyTorch's."""

    shown_as: ClassVar[str] = "cell"  # in `latex.kinds.FIELDS`
    title: str
    dimension: int
    cell: str
    hidden: int
    inputs: int
    blocks: tuple[str, ...]
    there: tuple[str, ...]
    parameter: str
    parameter_text: str
    parameter_renamed: bool
    moving: tuple[Moving, ...]
    shown: tuple[tuple[str, bool, Display], ...]
    all_shown: bool
    functions: tuple[tuple[Formula, ...], ...]
    product_rule: tuple[Formula, ...]
    jets: tuple[Formula, ...]
    l1: Expansion
    discrete: bool
    box: StatedBox | None
    plain: bool
    step: Fraction | None


def derive_cell(problem: CellProblem) -> CellDerivation:
    """Everything that a certificate of a cell shows."""
    parameter, text, renamed = parameter_symbol(problem.parameter_name)
    given = [(name, part is problem.directions, part[name])
             for name in ARRAYS for part in (problem.arrays, problem.directions) if name in part]  # fmt: skip
    moving = tuple(_moving(problem, name) for name in ARRAYS if _moves(problem, name))
    entries = {item.array for item in moving if item.how in ("entry", "all")}
    given = [(name, moved, array) for name, moved, array in given if not (moved and name in entries)]
    small = [(name, moved, display(array)) for name, moved, array in given
             if array.shape[0] <= DISPLAY_ROWS and array.shape[1] <= DISPLAY_COLUMNS]  # fmt: skip
    boxes = array_boxes(problem, lambda name: name if name in problem.arrays else f"{name}'")
    functions = []
    for name in ("tanh",) if problem.cell == "rnn" else ("logistic", "tanh"):
        sigma, derivatives, in_s = activation_formulas(name)
        functions.append((sigma, *(in_s or derivatives)))
    return CellDerivation(
        title=problem.title,
        dimension=problem.dimension,
        cell=problem.cell,
        hidden=problem.hidden,
        inputs=problem.inputs,
        blocks=ROWS[problem.cell],
        there=tuple(name for name in ARRAYS if name in problem.arrays or name in problem.directions),
        parameter=parameter,
        parameter_text=text,
        parameter_renamed=renamed,
        moving=moving,
        shown=tuple(small),
        all_shown=len(small) == len(given),
        functions=tuple(functions),
        product_rule=tuple(product_formula(subset) for subset in [(1,), (1, 2), (1, 2, 3)]),
        jets=jet_formulas(),
        l1=evaluated_l1(),
        discrete=problem.discrete,
        box=StatedBox(None, boxes, None) if boxes else None,
        plain=_plain(problem),
        step=None if problem.step == 1 else problem.step,
    )  # fmt: skip


def _moves(problem: CellProblem, name: str) -> bool:
    return name in problem.directions and not problem.directions[name].is_zero()


def _moving(problem: CellProblem, name: str) -> Moving:
    moved = problem.directions[name]
    places = [(i, j) for i, row in enumerate(moved.fractions()) for j, x in enumerate(row) if x]
    if len(places) == 1 and moved.entry(*places[0]) == 1:
        (row, column), vector = places[0], not name.startswith("weight")
        return Moving(name, "entry", row + 1, None if vector else column + 1)
    fixed = problem.arrays.get(name)
    if fixed is None and {x for row in moved.fractions() for x in row} == {1}:
        return Moving(name, "all")
    return Moving(name, "gain" if fixed is None or fixed.is_zero() else "line")


def moving_words(item: Moving, gamma: str) -> str:
    """In words, for a terminal."""
    if item.how == "entry":
        where = f"entry {item.row}" if item.column is None else f"row {item.row}, column {item.column}"
        return f"{gamma} is added to {item.array}, {where}"
    if item.how == "all":
        return f"{gamma} is every entry of {item.array}"
    return f"{item.array} = {gamma} X'" if item.how == "gain" else f"{item.array} = X + {gamma} X'"


def cell_lines(d: CellDerivation) -> list[str]:
    """The cell, line by line, for a terminal."""

    def affine(block: str) -> str:
        parts = [("weight_ih", f"W_i{block} u"), ("bias_ih", f"b_i{block}"), ("weight_hh", f"W_h{block} h"),
                 ("bias_hh", f"b_h{block}")]  # fmt: skip
        return " + ".join(text for name, text in parts if name in d.there)

    if d.cell == "rnn":
        t, alpha = f"tanh({affine('')})", "" if d.plain else "alpha∘"
        if d.discrete:
            return [f"h⁺ = {t}" if d.plain else f"h⁺ = (1 − alpha)∘h + alpha∘{t}"]
        return [f"h' = {alpha}(−h + {t})"]
    if d.cell == "gru":
        inner = [text for name, text in (("weight_hh", "W_hn h"), ("bias_hh", "b_hn")) if name in d.there]
        outer = [text for name, text in (("weight_ih", "W_in u"), ("bias_ih", "b_in")) if name in d.there]
        moved = "h⁺ = (1 − z)∘n + z∘h" if d.discrete else "h' = (1 − z)∘(n − h)"
        moved = moved if d.step is None else f"h⁺ = h + {exact_decimal(d.step)} (1 − z)∘(n − h)"
        n = " + ".join([*outer, f"r∘({' + '.join(inner)})"])
        return [f"r = σ({affine('r')})", f"z = σ({affine('z')})", f"n = tanh({n})", moved]
    gates = [f"{block} = {'tanh' if block == 'g' else 'σ'}({affine(block)})" for block in d.blocks]
    return [*gates, "c⁺ = f∘c + i∘g", "h⁺ = o∘tanh(c⁺)"]


def cell_text(d: CellDerivation) -> str:
    """The formulas for a terminal."""
    state = "x = (h, c)" if d.cell == "lstm" else "x = h"
    rows, gated = ", ".join(d.blocks), d.cell != "rnn"
    sigma = ", σ(y) = 1/(1 + exp(−y)), ∘ by entries" if gated else ""
    stacked = f"weight_ih, weight_hh, bias_ih, bias_hh hold the blocks {rows} one below the other (PyTorch's order)"
    blocks = [
        f"{d.title}\n{'=' * len(d.title)}",
        f"{NAMES[d.cell]} with constant input, {state} ∈ ℝ^{d.dimension}{sigma}",
        "\n".join(cell_lines(d)),
        *([stacked] if gated else []),
        "; ".join(moving_words(item, d.parameter_text) for item in d.moving),
    ]
    for name, moved, shown in d.shown:
        kind = "exact" if shown.exact else "rounded to four decimals for display"
        rows_shown = "\n".join("  " + "  ".join(f"{entry:>10}" for entry in row) for row in shown.rows)
        label = f"{name}, the derivative by {d.parameter_text}" if moved else name
        blocks.append(f"{label} ({kind})\n{rows_shown}")
    for formulas in d.functions:
        blocks += [item.text for item in formulas]
    blocks += ["Jets of a product (Leibniz)", *(item.text for item in d.product_rule)]
    blocks += ["Jets of h = σ(z) (Faà di Bruno)", *(item.text for item in d.jets)]
    blocks += OF_MAPS if d.discrete else [
        "First Lyapunov coefficient, A q = iωq, pᴴ A = iω pᴴ", GENERAL_FORMULA_TEXT,
        "For p, q of any length, with the real parts t_1, t_2, t_3 of the three terms, each divided by pᴴq", d.l1.text,
    ]  # fmt: skip
    return "\n\n".join([*blocks, *fold_texts(d.parameter_text, d.discrete)]) + "\n"


def _plain(problem: CellProblem) -> bool:
    """Whether alpha is exactly 1: then it is left out."""
    if problem.cell != "rnn" or "alpha" in problem.directions or not is_zero(problem.radius_of("alpha")):
        return False
    return {row[0] for row in problem.arrays["alpha"].fractions()} == {1}
