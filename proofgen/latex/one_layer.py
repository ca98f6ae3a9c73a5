"""A network of one layer on its zero branch, and its formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle.codec import Json
from ..formulas.one_layer import Derivation
from .box import BoxTex, box_tex
from .numbers import Printed, Tex, lower_bound, upper_bound
from .shared import StoredArray, hash_tex, interval_tex, range_words, stored_arrays
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


def one_layer_tex(problem: Json, branch: Json, points: Mapping[str, Json], derivation: Derivation) -> OneLayerTex:
    """Shared strings; empty documents give what a derivation alone needs.

    short_checker: the activation has a name, and no point was proved by another method.
    """
    gamma = Tex(derivation.parameter)
    argument = Tex(rf"W({gamma})x" + (" + b" if derivation.has_bias else ""))
    parameter = problem.get("parameter", {})
    low, high = derivation.entry_range
    digest = branch.get("problem", {}).get("sha256", "")
    derivatives = derivation.in_s or derivation.derivatives
    short = derivation.sigma if len(derivation.sigma.right) <= 60 else None
    window = interval_tex(parameter)
    return OneLayerTex(
        words=one_layer_words(derivation.dimension),
        title=derivation.title,
        gamma=gamma,
        field=Tex(rf"\sigma\bigl({argument}\bigr)"),
        argument=argument,
        branch_equation=Tex(f"{argument} = 0"),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=str(parameter.get("name")) if derivation.parameter_renamed else None,
        weight_formula=Tex(derivation.weight_formula),
        arrays=stored_arrays(problem.get("arrays", {})),
        smallest_entry=lower_bound(low, digits=5),
        largest_entry=upper_bound(high, digits=5),
        problem_digest=hash_tex(digest),
        box=box_tex(derivation.box),
        jets=tuple(Tex(jet.latex) for jet in derivation.jets),
        derivative_lines=tuple(Tex(formula.aligned) for formula in derivatives if not formula.long),
        long_derivatives=any(formula.long for formula in derivatives),
        sigma_short=None if short is None else Tex(short.right),
        short_checker=all(point["method"] == "zero-branch" for point in points.values())
        and all(
            layer["activation"].isidentifier() and layer["activation"] != "z" for layer in problem.get("layers", [])
        ),
    )
