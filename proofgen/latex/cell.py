"""A cell, and its formulas. Its own letters are upright, so that none of them means anything else beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..bundle.bundle import Bundle
from .box import BoxTex, box_tex
from .numbers import Tex, exactly
from .shared import StoredArray, interval_tex, problem_digest, range_words, stored_arrays
from .text import cardinal
from .words import Words, network_words

KINDS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
NAMES = {
    "weight_ih": r"W_{\mathrm i}", "weight_hh": r"W_{\mathrm h}", "bias_ih": r"b_{\mathrm i}",
    "bias_hh": r"b_{\mathrm h}", "input": r"\mathrm u", "alpha": r"\boldsymbol\alpha",
}  # fmt: skip

if TYPE_CHECKING:
    from ..formulas.cell import CellDerivation, Moving


@dataclass(frozen=True)
class CellTex:
    """What all documents of a bundle share. lines: the equations of the cell; order, stacked: the blocks of rows, and
    the arrays that have them; moving: how γ enters, sentences without their end; shown: arrays written out; functions:
    σ and tanh with their derivatives, lines of an align environment."""

    words: Words
    title: str
    kind: str
    gamma: Tex
    state: Tex
    lines: tuple[Tex, ...]
    order: Tex
    stacked: tuple[Tex, ...]
    moving: tuple[Tex, ...]
    shown: tuple[Tex, ...]
    exact: bool
    all_shown: bool
    functions: tuple[tuple[Tex, ...], ...]
    product_rule: tuple[Tex, ...]
    jets: tuple[Tex, ...]
    l1: Tex
    arrays: tuple[StoredArray, ...]
    interval: Tex | None
    range_words: Tex
    parameter_name: str | None
    problem_digest: Tex
    box: BoxTex | None = None
    short_checker: bool = False


def cell_tex(bundle: Bundle | None, d: CellDerivation) -> CellTex:
    """The cell; no bundle gives what a derivation alone needs."""
    gamma, window = Tex(d.parameter), interval_tex(bundle)
    mark, approx, gated = "'", r"\approx", d.cell != "rnn"
    units = "one unit" if d.hidden == 1 else f"{cardinal(d.hidden)} units"
    euler = "" if d.step is None else " in Euler steps"
    subject = f"gated network ({KINDS[d.cell]}) of {units}{euler}" if gated else f"recurrent neural network of {units}"
    words = replace(
        network_words(d.dimension, d.discrete),
        long=f"{KINDS[d.cell]} network{euler}" if gated else "recurrent neural network",
        subject=subject,
        description="field/cell.tex.jinja",
        formulas="formulas/cell.tex.jinja",
        trivial=Tex(r"because the argument of the hyperbolic tangent vanishes there"),
    )
    return CellTex(
        words=words,
        title=d.title,
        kind=KINDS[d.cell],
        gamma=gamma,
        state=Tex(r"x=(\mathrm h,\mathrm c)" if d.cell == "lstm" else r"x=\mathrm h"),
        lines=tuple(map(Tex, _lines(d))),
        order=Tex(", ".join(f"${_upright(block)}$" for block in d.blocks) if gated else ""),
        stacked=tuple(Tex(f"{NAMES[name]}") for name in d.there if name not in ("input", "alpha")),
        moving=tuple(_moving(item, d) for item in d.moving),
        shown=tuple(
            Tex(f"{NAMES[name]}{mark if moved else ''} {'=' if shown.exact else approx} {shown.latex}")
            for name, moved, shown in d.shown
        ),
        exact=all(shown.exact for _, _, shown in d.shown),
        all_shown=d.all_shown,
        functions=tuple(tuple(Tex(item.aligned) for item in formulas) for formulas in d.functions),
        product_rule=tuple(Tex(item.latex) for item in d.product_rule),
        jets=tuple(Tex(item.latex) for item in d.jets),
        l1=Tex(f"{d.l1.left} = {d.l1.terms[0]}"),
        arrays=stored_arrays(bundle),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=bundle.problem.parameter_name if bundle and d.parameter_renamed else None,
        problem_digest=problem_digest(bundle),
        box=box_tex(None if d.box is None else replace(d.box, arrays=tuple(
            replace(array, name=NAMES[array.name.removesuffix("'")] + "'" * array.name.endswith("'"))
            for array in d.box.arrays
        ))),
    )  # fmt: skip


def _upright(letter: str) -> str:
    return rf"\mathrm {letter}"


def _affine(d: CellDerivation, block: str, *arrays: str) -> str:
    """What a block of rows of these arrays contributes, as far as they are there."""
    terms = {
        "weight_ih": rf"W_{{\mathrm{{i{block}}}}}\mathrm u", "bias_ih": rf"b_{{\mathrm{{i{block}}}}}",
        "weight_hh": rf"W_{{\mathrm{{h{block}}}}}\mathrm h", "bias_hh": rf"b_{{\mathrm{{h{block}}}}}",
    }  # fmt: skip
    return " + ".join(terms[name] for name in arrays if name in d.there)


def _lines(d: CellDerivation) -> list[str]:
    """The cell as PyTorch has it, lines of an align environment; h⁺ is the new h, of a flow its velocity."""
    outer, inner = ("weight_ih", "bias_ih"), ("weight_hh", "bias_hh")
    h, c, circ, sigma = r"\mathrm h", r"\mathrm c", r"\circ ", r"\sigma"
    if d.cell == "rnn":
        t, alpha = rf"\tanh\bigl({_affine(d, '', *outer, *inner)}\bigr)", NAMES["alpha"]
        if d.discrete:
            return [rf"{h}^+ &= {t}" if d.plain else rf"{h}^+ &= (1-{alpha}){circ}{h} + {alpha}{circ}{t}"]
        return [rf"\dot{{{h}}} &= -{h} + {t}" if d.plain else rf"\dot{{{h}}} &= {alpha}{circ}\bigl(-{h} + {t}\bigr)"]
    if d.cell == "gru":
        gates = [rf"{_upright(g)} &= \sigma\bigl({_affine(d, g, *outer, *inner)}\bigr)" for g in "rz"]
        reset = rf"\mathrm r{circ}\bigl({_affine(d, 'n', *inner)}\bigr)"
        n = " + ".join(filter(None, [_affine(d, "n", *outer), reset]))
        moved = (
            rf"{h}^+ &= (1-\mathrm z){circ}\mathrm n + \mathrm z{circ}{h}" if d.discrete
            else rf"\dot{{{h}}} &= (1-\mathrm z){circ}(\mathrm n - {h})"
        )  # fmt: skip
        if d.step is not None:
            moved = rf"{h}^+ &= {h} + {exactly(d.step).latex}\,(1-\mathrm z){circ}(\mathrm n - {h})"
        return [*gates, rf"\mathrm n &= \tanh\bigl({n}\bigr)", moved]
    functions = {"g": r"\tanh"}
    gates = [
        rf"{_upright(g)} &= {functions.get(g, sigma)}\bigl({_affine(d, g, *outer, *inner)}\bigr)" for g in d.blocks
    ]
    kept = rf"{c}^+ &= \mathrm f{circ}{c} + \mathrm i{circ}\mathrm g"
    return [*gates, kept, rf"{h}^+ &= \mathrm o{circ}\tanh({c}^+)"]


def _moving(item: Moving, d: CellDerivation) -> Tex:
    """How γ enters an array."""
    name = NAMES[item.array]
    if item.how == "gain":
        return Tex(rf"${name} = {d.parameter}\,{name}'$ with the given array ${name}'$")
    if item.how == "all":
        return Tex(rf"${d.parameter}$ is every entry of~${name}$")
    if item.how == "line":
        return Tex(rf"${name}$ is given for ${d.parameter}=0$, and ${d.parameter}\,{name}'$ is added to it")
    row = f"the entry~${item.row}$" if item.column is None else f"the entry in row~${item.row}$, column~${item.column}$"
    return Tex(f"${d.parameter}$ is added to {row} of~${name}$")
