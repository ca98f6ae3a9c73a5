"""A network of one layer on its zero branch, and its formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..bundle.bundle import Bundle
from ..bundle.singular import LinePoint, PolePoint
from ..bundle.zero_branch import ZeroBranch, ZeroBranchPoint
from ..formulas.one_layer import Derivation
from .box import BoxTex, box_tex
from .numbers import Printed, Tex, lower_bound, upper_bound
from .shared import StoredArray, interval_tex, problem_digest, range_words, stored_arrays
from .words import Words, one_layer_words


@dataclass(frozen=True)
class OneLayerTex:
    """The network as LaTeX. gamma: its parameter; arrays: too large to be written."""

    words: Words
    title: str
    gamma: Tex
    field: Tex
    argument: Tex
    branch_equation: Tex
    interval: Tex | None
    range_words: Tex
    parameter_name: str | None
    weight_formula: Tex
    arrays: tuple[StoredArray, ...]
    smallest_entry: Printed
    largest_entry: Printed
    problem_digest: Tex
    box: BoxTex | None
    jets: tuple[Tex, ...]
    derivative_lines: tuple[Tex, ...]
    long_derivatives: bool
    sigma_short: Tex | None
    short_checker: bool


def one_layer_tex(bundle: Bundle | None, derivation: Derivation) -> OneLayerTex:
    """Shared strings; no bundle gives what a derivation alone needs.

    short_checker: the activation has a name, and no point was proved by another method.
    """
    gamma = Tex(derivation.parameter)
    argument = Tex(rf"W({gamma})x" + (" + b" if derivation.has_bias else ""))
    low, high = derivation.entry_range
    derivatives = derivation.in_s or derivation.derivatives
    short = derivation.sigma if len(derivation.sigma.right) <= 60 else None
    window = interval_tex(bundle)
    return OneLayerTex(
        words=one_layer_words(derivation.dimension),
        title=derivation.title,
        gamma=gamma,
        field=Tex(rf"\sigma\bigl({argument}\bigr)"),
        argument=argument,
        branch_equation=Tex(f"{argument} = 0"),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=bundle.problem.parameter_name if bundle and derivation.parameter_renamed else None,
        weight_formula=Tex(derivation.weight_formula),
        arrays=stored_arrays(bundle),
        smallest_entry=lower_bound(low, digits=5),
        largest_entry=upper_bound(high, digits=5),
        problem_digest=problem_digest(bundle),
        box=box_tex(derivation.box),
        jets=tuple(Tex(jet.latex) for jet in derivation.jets),
        derivative_lines=tuple(Tex(formula.aligned) for formula in derivatives if not formula.long),
        long_derivatives=any(formula.long for formula in derivatives),
        sigma_short=None if short is None else Tex(short.right),
        short_checker=bundle is None or _has_short_checker(bundle, bundle.problem),
    )


def _has_short_checker(bundle: Bundle, problem: Any) -> bool:
    named = (layer.activation.isidentifier() and layer.activation != "z" for layer in problem.layers)
    covered = {ZeroBranch.method, ZeroBranchPoint.method, LinePoint.method, PolePoint.method}
    return bundle.methods <= covered and all(named)
