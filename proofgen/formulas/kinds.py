"""THE TABLES of the formulas: those of a field, by its kind, and those that a method of proof shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..problem.problem import AnyProblem
from .cell import CellDerivation, cell_text, derive_cell
from .circle_branch import circle_text, derive_circle
from .equations import EquationsDerivation, PlaneDerivation, derive_equations, derive_plane, equations_text, plane_text
from .gain_branch import derive_gain, gain_text
from .layered import NetworkDerivation, derive_network, network_text
from .one_layer import Derivation, derivation_text, derive

FieldDerivation = NetworkDerivation | EquationsDerivation | PlaneDerivation | CellDerivation
AnyDerivation = Derivation | FieldDerivation


@dataclass(frozen=True)
class Kind:
    """text: the formulas for a terminal."""

    derive: Callable[[Any], FieldDerivation]
    text: Callable[[Any], str]


KINDS = {
    "network": Kind(derive_network, network_text),
    "equations": Kind(derive_equations, equations_text),
    "plane": Kind(derive_plane, plane_text),
    "cell": Kind(derive_cell, cell_text),
}


def derive_field(problem: AnyProblem) -> FieldDerivation:
    """What certificates show of a field, whatever its kind."""
    return KINDS[problem.kind].derive(problem)


def _field_text(problem: AnyProblem, derivation: Any) -> str:
    return KINDS[problem.kind].text(derivation)


@dataclass(frozen=True)
class Shown:
    """derive: the formulas, of a problem; text: the same for a terminal, of the problem and what was derived."""

    derive: Callable[[Any], AnyDerivation]
    text: Callable[[Any, Any], str]


# method of proof → what is shown of a problem to which it applies
METHODS = {
    "hopf-curve": Shown(derive_field, _field_text),
    "zero-branch": Shown(derive, lambda problem, derivation: derivation_text(derivation)),
    "gain-branch": Shown(derive_gain, lambda problem, derivation: gain_text(derivation)),
    "circle-branch": Shown(derive_circle, lambda problem, derivation: circle_text(derivation)),
    "pieces": Shown(derive_field, _field_text),
}
