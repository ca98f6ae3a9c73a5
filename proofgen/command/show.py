"""`proofgen derive` and `proofgen emit`: the formulas and the code that a proof would use."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..plain import laid_out_for
from .terminal import AsJson, Spec, print_json


def derive(
    spec: Spec,
    latex: Annotated[bool, typer.Option("--latex", help="a LaTeX document instead of text")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what SymPy derives: derivatives of the activation, the jets, A, B, C and the first Lyapunov coefficient."""
    from ..formulas.kinds import METHODS
    from ..latex.documents import render_derivation
    from ..spec.load import load
    from ..strategy.methods import method_for
    from ..symbolic.time_limit import guarded

    problem = load(spec)
    shown = METHODS[method_for(problem).name]
    with laid_out_for("utf-8" if as_json else sys.stdout.encoding or "ascii"):
        derivation = guarded(problem, lambda: shown.derive(problem))
        if as_json:
            head = {"format": "proofgen-derivation", "version": 1, "title": problem.title}
            print_json(head | {"text": shown.text(problem, derivation), "latex": render_derivation(derivation)})
            return
        sys.stdout.write(render_derivation(derivation) if latex else shown.text(problem, derivation))


def emit(spec: Spec, as_json: AsJson = False) -> None:
    """Print the specialised Flint evaluator of a network, as a Python file."""
    from ..bundle.problem import describe
    from ..spec.load import load
    from ..strategy.run import emission_for

    problem = load(spec)
    _, file = describe(problem)
    source = emission_for(problem, file.sha256).source
    if as_json:
        head = {"format": "proofgen-evaluator", "version": 1, "title": problem.title, "problem_sha256": file.sha256}
        print_json(head | {"source": source})
        return
    sys.stdout.write(source)
