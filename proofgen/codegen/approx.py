"""Fields of all kinds in binary64, where that takes emitted code: the table of kinds. UNTRUSTED."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..approx.cell import cell_field_approx
from ..approx.equations import EquationsFieldApprox
from ..approx.field import FieldApprox
from ..approx.network import layered_field_approx
from ..problem.equations import EquationsProblem
from ..problem.problem import AnyProblem
from ..symbolic.time_limit import guarded
from .equations import EquationsEmission, emit_equations
from .loading import load_emitted


def equations_field_approx(problem: EquationsProblem, emission: EquationsEmission) -> FieldApprox:
    return EquationsFieldApprox(problem.dimension, load_emitted(emission.approx_source))


KINDS: dict[str, Callable[[Any], FieldApprox]] = {
    "network": layered_field_approx,
    "cell": cell_field_approx,
    "equations": lambda problem: equations_field_approx(problem, guarded(problem, lambda: emit_equations(problem, ""))),
}


def field_approx(problem: AnyProblem) -> FieldApprox:
    """The field of a problem, every number rounded to binary64 once."""
    return KINDS[problem.kind](problem)
