"""A network of layers, and its formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bundle.bundle import Bundle
from ..formulas.formula import Display, Formula, opposite
from .box import BoxTex, box_tex
from .hopf_point import LISTED_DIMENSION
from .numbers import Printed, Tex, enclosure, lower_bound, upper_bound
from .shared import StoredArray, interval_tex, problem_digest, range_words, stored_arrays
from .words import Words, network_words

NESTED_LAYERS = 3

if TYPE_CHECKING:
    from ..formulas.layered import ActivationFormulas, LayerFormulas, NetworkDerivation


@dataclass(frozen=True)
class LayerTex:
    """Layers with the same weights and bias, as LaTeX.

    moved: W_l(γ) = W_l⁰ + γE_l where γ enters; defined: W_l⁰ as a combination of arrays, or None where it is one array;
    matrices: (name, display) to be written out; weights: the name of W_l⁰, or of E_l where W_l(γ) = γE_l; shape: its
    size where that is not n × n.
    """

    moved: Tex | None
    defined: Tex | None
    weights: Tex
    shape: Tex | None
    matrices: tuple[tuple[Tex, Display], ...]
    smallest: Printed
    largest: Printed
    shown: bool


@dataclass(frozen=True)
class ActivationTex:
    """σ of some layers. which: σ_1 = σ_2; definition: σ_1(z) = σ_2(z) = …, None where long; lines: its derivatives."""

    which: Tex
    definition: Tex | None
    lines: tuple[Tex, ...]
    linear: bool
    in_s: bool
    long: bool


@dataclass(frozen=True)
class NetworkTex:
    """What all documents of a bundle share."""

    words: Words
    title: str
    gamma: Tex
    depth: int
    field: Tex
    layers: tuple[LayerTex, ...]
    activations: tuple[ActivationTex, ...]
    jets: tuple[Tex, ...]
    recursion: tuple[Tex, ...]
    derivatives: tuple[Tex, ...]
    l1: Tex
    leak_entries: Tex | None
    all_shown: bool
    exact: bool
    arrays: tuple[StoredArray, ...]
    interval: Tex | None
    range_words: Tex
    parameter_name: str | None
    box: BoxTex | None
    problem_digest: Tex
    short_checker: bool = False


def network_tex(bundle: Bundle | None, d: NetworkDerivation) -> NetworkTex:
    """The network; empty documents give what a derivation alone needs."""
    gamma = Tex(d.parameter)
    window = interval_tex(bundle)
    layers = tuple(_layer(layer, d) for layer in d.layers if layer.first == layer.number)
    shown = [display for layer in layers for _, display in layer.matrices]
    leak = None
    if d.leak_entries is not None and d.dimension <= LISTED_DIMENSION:
        leak = Tex(", ".join(enclosure(x, x, digits=10).latex for x in d.leak_entries))
    return NetworkTex(
        words=network_words(d.dimension, d.discrete),
        title=d.title,
        gamma=gamma,
        depth=d.depth,
        field=_field(d),
        layers=layers,
        activations=tuple(_activation(a, d.depth) for a in d.activations),
        jets=tuple(Tex(formula.latex) for formula in d.jets),
        recursion=tuple(Tex(f"{item.left} = {' + '.join(item.terms)}") for item in d.formulas.recursion),
        derivatives=tuple(Tex(item.aligned) for item in d.formulas.derivatives),
        l1=Tex(f"{d.formulas.l1.left} = {d.formulas.l1.terms[0]}"),
        leak_entries=leak,
        all_shown=all(layer.shown for layer in layers),
        exact=all(display.exact for display in shown),
        arrays=stored_arrays(bundle),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=bundle.problem.parameter_name if bundle and d.parameter_renamed else None,
        box=box_tex(d.box),
        problem_digest=problem_digest(bundle),
    )


def _field(d: NetworkDerivation) -> Tex:
    """The vector field: nested for up to three layers, else h_L."""
    leak = f"{opposite(d.leak)} + " if d.leak else ""
    if d.depth > NESTED_LAYERS:
        return Tex(leak + f"h_{{{d.depth}}}")
    linear = {number for activation in d.activations if activation.linear for number in activation.layers}
    inner, several = "x", False
    for layer in d.layers:
        index = "" if d.depth == 1 else f"_{{{layer.number}}}"
        weights = f"W{index}" + (f"({d.parameter})" if layer.parameter is not None else "")
        inner = rf"{weights}\bigl({inner}\bigr)" if several else rf"{weights}{'' if inner == 'x' else ' '}{inner}"
        inner += f" + b{index}" if layer.has_bias else ""
        inner += f" + {d.parameter} c{index}" if layer.moves_bias else ""
        several = layer.number in linear and (layer.has_bias or layer.moves_bias)
        if layer.number not in linear:
            inner = rf"\sigma{index}\bigl({inner}\bigr)"
    return Tex(leak + inner)


def _layer(layer: LayerFormulas, d: NetworkDerivation) -> LayerTex:
    alike = [other.number for other in d.layers if other.first == layer.number]

    def named(letter: str, mark: str = "") -> str:
        return letter + mark if d.depth == 1 else _joined([f"{letter}_{{{number}}}{mark}" for number in alike])

    index = "" if d.depth == 1 else f"_{{{layer.number}}}"
    moved, mark = None, ""
    if layer.parameter is not None:
        single = not any(sign in layer.parameter[1:] for sign in (" + ", " - "))
        direction = layer.parameter if single else f"({layer.parameter})"
        if layer.direction is not None:
            direction = f"E{index}"
        mark = "^0"
        space = " " if direction[0].isalpha() else ""
        if layer.gain:
            moved = Tex(f"{named('W', f'({d.parameter})')} = {d.parameter} E{index}")
        else:
            moved = Tex(f"{named('W', f'({d.parameter})')} = W{index}^0 + {d.parameter}{space}{direction}")
    weights = Tex(named("E") if layer.gain else named("W", mark))
    defined = None if layer.given and layer.matrix is not None else Tex(f"{weights} = {layer.weights}")
    matrices = [] if layer.matrix is None or layer.identity else [(weights, layer.matrix)]
    if layer.direction is not None:
        matrices.append((Tex(named("E")), layer.direction))
    if layer.bias is not None:
        matrices.append((Tex(named("b")), layer.bias))
    if layer.bias_direction is not None:
        matrices.append((Tex(named("c")), layer.bias_direction))
    low, high = layer.entry_range
    return LayerTex(
        moved=moved,
        defined=Tex(f"{weights} = I") if layer.identity else defined,
        weights=weights,
        shape=None if layer.rows == layer.columns == d.dimension else Tex(rf"{layer.rows}\times {layer.columns}"),
        matrices=tuple(matrices),
        smallest=lower_bound(low, digits=5),
        largest=upper_bound(high, digits=5),
        shown=layer.matrix is not None,
    )


def _joined(names: list[str]) -> str:
    """``W_1 = W_2 = W_3``; long lists by their ends."""
    return " = ".join(names) if len(names) <= 4 else rf"{names[0]} = \dots = {names[-1]}"


def _activation(a: ActivationFormulas, depth: int) -> ActivationTex:
    names = [r"\sigma"] if depth == 1 else [rf"\sigma_{{{number}}}" for number in a.layers]
    formulas: list[Formula] = [] if a.linear else list(a.in_s or a.derivatives)
    return ActivationTex(
        which=Tex(_joined(names)),
        definition=None if a.sigma.long else Tex(f"{_joined([f'{name}(z)' for name in names])} = {a.sigma.right}"),
        lines=tuple(Tex(formula.aligned) for formula in formulas if not formula.long),
        linear=a.linear,
        in_s=bool(a.in_s),
        long=any(formula.long for formula in formulas),
    )
