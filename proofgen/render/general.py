"""Certificates and summaries of the methods spectral, newton-kantorovich and pieces: numbers and wording.

As in `point`, every condition that the prose states is tested on the printed numbers, and what follows from them is
computed from the certificate's exact decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..formulas.equations import EquationsDerivation
from ..formulas.formula import Display, Formula
from ..formulas.layered import ActivationFormulas, LayerFormulas, NetworkDerivation
from ..numbers.exact import parse_printed_decimal
from . import numbers as nb
from .box import BoxTex, box_tex
from .numbers import Printed, Tex, enclosure, lower_bound, pair, upper_bound
from .point_claims import EQUILIBRIUM_DIGITS, LISTED_DIMENSION, PointClaims, point_claims, positive_bound
from .shared import StoredArray, hash_tex, interval_tex, range_words, stored_arrays
from .summary import Run, run_of
from .words import Words, network_words

Json = dict[str, Any]
NESTED_LAYERS = 3


@dataclass(frozen=True)
class LayerTex:
    """Layers with the same weights and bias, as LaTeX.

    moved: W_l(γ) = W_l⁰ + γE_l where γ enters; defined: W_l⁰ as a combination of arrays, or None where it is one array;
    matrices: (name, display) to be written out; weights: the name of W_l⁰; shape: its size where that is not n × n.
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


@dataclass(frozen=True)
class Length:
    """A positive number of a witness: a power of two as it is, any other rounded down."""

    latex: Tex
    exact: bool

    @property
    def relation(self) -> Tex:
        return Tex(("= " if self.exact else r"\ge ") + self.latex)


@dataclass(frozen=True)
class GeneralPoint(PointClaims):
    """One certificate, ready for the template.

    window, tube_radius, half_width, newton_step: method spectral. newton_step: a bound of |Re λ(γ̃)/Re λ'(Γ)| that is
    less than the half-width, from the printed numbers (None where these are too coarse). uniqueness_radius, contracts:
    newton-kantorovich; contracts: Y + ZR ≤ R holds for the printed Y and Z.
    """

    trivial: bool
    window: Printed | None
    uniqueness_radius: Length | None
    bounds: dict[str, Printed | None]
    terms: tuple[Printed, ...]
    tube_radius: Printed | None
    half_width: Length | None
    newton_step: Printed | None
    contracts: bool


def network_tex(problem: Json, branch: Json, d: NetworkDerivation) -> NetworkTex:
    """The network; empty documents give what a derivation alone needs."""
    gamma = Tex(d.parameter)
    parameter = problem.get("parameter", {})
    window = interval_tex(parameter)
    layers = tuple(_layer(layer, d) for layer in d.layers if layer.first == layer.number)
    shown = [display for layer in layers for _, display in layer.matrices]
    leak = None
    if d.leak_entries is not None and d.dimension <= LISTED_DIMENSION:
        leak = Tex(", ".join(enclosure(x, x, digits=10).latex for x in d.leak_entries))
    return NetworkTex(
        words=network_words(d.dimension),
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
        arrays=stored_arrays(problem.get("arrays", {})),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=str(parameter.get("name")) if d.parameter_renamed else None,
        box=box_tex(d.box),
        problem_digest=hash_tex(branch.get("problem", {}).get("sha256", "")),
    )


def _field(d: NetworkDerivation) -> Tex:
    """The vector field: nested for up to three layers, else h_L."""
    leak = f"-{d.leak} + " if d.leak else ""
    if d.depth > NESTED_LAYERS:
        return Tex(leak + f"h_{{{d.depth}}}")
    linear = {number for activation in d.activations if activation.linear for number in activation.layers}
    inner, several = "x", False
    for layer in d.layers:
        index = "" if d.depth == 1 else f"_{{{layer.number}}}"
        weights = f"W{index}" + (f"({d.parameter})" if layer.parameter is not None else "")
        inner = rf"{weights}\bigl({inner}\bigr)" if several else rf"{weights}{'' if inner == 'x' else ' '}{inner}"
        inner += f" + b{index}" if layer.has_bias else ""
        several = layer.number in linear and layer.has_bias
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
        moved = Tex(f"{named('W', f'({d.parameter})')} = W{index}^0 + {d.parameter}{space}{direction}")
    weights = Tex(named("W", mark))
    defined = None if layer.given and layer.matrix is not None else Tex(f"{weights} = {layer.weights}")
    matrices = [] if layer.matrix is None or layer.identity else [(weights, layer.matrix)]
    if layer.direction is not None:
        matrices.append((Tex(named("E")), layer.direction))
    if layer.bias is not None:
        matrices.append((Tex(named("b")), layer.bias))
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


def general_point(
    certificate: Json,
    branch: Json,
    position: int,
    count: int,
    d: NetworkDerivation | EquationsDerivation,
    style: str,
) -> GeneralPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds = certificate["claims"], certificate["bounds"]
    entries = [pair(entry) for entry in claims["equilibrium"]]
    trivial = all(low == high == 0 for low, high in entries)
    gamma, window = pair(claims["parameter"]), None if claims["window"] is None else pair(claims["window"])
    if window is not None and not (window[0] <= gamma[0] and gamma[1] <= window[1]):
        raise InputError("the parameter is not inside the window", key="claims.window")
    witness, shown = certificate["witness"], _bounds(bounds, style)

    def in_window(lower: Fraction, upper: Fraction) -> bool:
        return window is None or (window[0] <= lower and upper <= window[1])

    common = point_claims(
        certificate, branch, position, count, d.dimension, None if trivial else entries, style, in_window
    )
    return GeneralPoint(
        **vars(common),
        trivial=trivial,
        window=None if window is None else _inward(window),
        uniqueness_radius=None
        if claims["uniqueness_radius"] is None
        else _length(parse_printed_decimal(claims["uniqueness_radius"])),
        bounds=shown,
        terms=tuple(enclosure(*pair(term), style=style) for term in bounds["terms"]),
        tube_radius=_tube_radius(witness, shown),
        half_width=_half_width(witness),
        newton_step=_newton_step(shown, witness),
        contracts=_contracts(shown, claims["uniqueness_radius"]),
    )


def _inward(window: tuple[Fraction, Fraction]) -> Printed:
    """The window is claimed as it stands: a short decimal interval, printed exactly."""
    low, high = (enclosure(end, end, digits=30) for end in window)
    return Printed(low.lower, high.upper, Tex(f"[{low.latex},\\, {high.latex}]"))


def _number(value: str | list[int]) -> Fraction:
    """A number of a witness: a decimal or [m, e]."""
    return parse_printed_decimal(value) if isinstance(value, str) else Fraction(value[0]) * Fraction(2) ** value[1]


def _length(x: Fraction) -> Length:
    if x <= 0:
        raise InputError("expected a positive number", key="witness")
    for power, one in ((x.numerator.bit_length() - 1, x.denominator), (1 - x.denominator.bit_length(), x.numerator)):
        if one == 1 and x == Fraction(2) ** power:
            return Length(Tex(f"2^{{{power}}}"), exact=True)
    return Length(lower_bound(x, nb.positive, digits=4).latex, exact=False)


def _half_width(witness: Json) -> Length | None:
    return None if witness.get("half_width") is None else _length(_number(witness["half_width"]))


def _tube_radius(witness: Json, bounds: Mapping[str, Printed | None]) -> Printed | None:
    """r from below, with η/β < r for the printed numbers."""
    if witness.get("radius") is None:
        return None
    used = bounds["branch_radius"]
    least = Fraction(0) if used is None else used.upper
    return lower_bound(_number(witness["radius"]), lambda lower, _: lower > least, digits=4)


def _newton_step(bounds: Mapping[str, Printed | None], witness: Json) -> Printed | None:
    slope, real_part = bounds["window_slope"], bounds["real_part"]
    if slope is None or real_part is None:
        return None
    step = max(abs(real_part.lower), abs(real_part.upper)) / min(abs(slope.lower), abs(slope.upper))
    half_width = _number(witness["half_width"])
    return upper_bound(step, lambda _, upper: upper < half_width) if step < half_width else None


def _contracts(bounds: Mapping[str, Printed | None], radius: str | None) -> bool:
    Y, Z = bounds["Y"], bounds["Z"]
    if Y is None or Z is None or radius is None:
        return False
    R = parse_printed_decimal(radius)
    return Y.upper + Z.upper * R <= R


_UPPER = ("branch_residual", "branch_radius", "window_disc_radius", "disc_radius", "delta_right", "delta_left",
          "Y", "r_min")  # fmt: skip
_LOWER = ("branch_gap", "window_clearance", "isolation", "gap_0", "gap_2")


def _bounds(bounds: Json, style: str) -> dict[str, Printed | None]:
    """The numbers of the verified inequalities, as printed."""
    found: dict[str, Printed | None] = {key: _upper(bounds[key]) for key in _UPPER}
    found |= {key: positive_bound(bounds[key]) for key in _LOWER}
    for key in ("rho", "pq_defect", "Z"):
        value = bounds[key]
        found[key] = None if value is None else upper_bound(parse_printed_decimal(value), nb.below_one)
    for key, holds in (("window_slope", nb.nonzero), ("real_part", nb.always), ("q_norm_squared", nb.positive)):
        value = bounds[key]
        found[key] = None if value is None else enclosure(*pair(value), holds, digits=6, style=style)
    return found


def _upper(text: str | None) -> Printed | None:
    return None if text is None else upper_bound(parse_printed_decimal(text))


@dataclass(frozen=True)
class GeneralRun:
    """A whole run. pieces: how many; start: the first equilibrium, None on the trivial branch or for n > 12."""

    run: Run
    trivial: bool
    pieces: int
    start: tuple[Printed, ...] | None
    start_norm: Printed | None
    methods: tuple[str, ...]


def general_run(summary: Json, branch: Json, points: Mapping[str, Json], style: str) -> GeneralRun:
    """The claims of `branch.json` (method pieces) and of the certificates."""
    claims = branch["claims"]
    start = None if claims["start"] is None else [pair(entry) for entry in claims["start"]]
    witness = branch["witness"]
    trivial = witness is not None and witness["x"] is None
    listed = start is not None and len(start) <= LISTED_DIMENSION
    return GeneralRun(
        run=run_of(summary, {**branch, "claims": {**claims, "unsettled": _merged(claims["unsettled"])}}, points, style),
        trivial=trivial,
        pieces=0 if witness is None else len(witness["pieces"]),
        start=tuple(enclosure(*x, digits=EQUILIBRIUM_DIGITS, style=style) for x in start) if listed and start else None,
        start_norm=None if start is None or listed else upper_bound(max(max(-a, b) for a, b in start), digits=6),
        methods=tuple(sorted({str(point["method"]) for point in points.values()})),
    )


def _merged(unsettled: list[Json]) -> list[Json]:
    """Neighbouring intervals that stayed open for the same reason as one, for reading."""
    merged: list[Json] = []
    for piece in unsettled:
        low, high = piece["interval"]
        last = merged[-1] if merged else None
        touches = last is not None and parse_printed_decimal(last["interval"][1]) == parse_printed_decimal(low)
        if last is not None and touches and last["reason"] == piece["reason"]:
            merged[-1] = {**last, "interval": [last["interval"][0], high]}
        else:
            merged.append(piece)
    return merged
