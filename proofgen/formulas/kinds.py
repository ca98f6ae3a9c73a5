"""THE TABLES of the formulas: those of a field, by its kind, and those that a method of proof shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from ..problem.cell import CellProblem
from ..problem.equations import EquationsProblem
from ..problem.network import Problem
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem
from .one_layer import Derivation, derivation_text, derive

if TYPE_CHECKING:
    from .cell import CellDerivation
    from .circle_branch import CircleDerivation
    from .equations import EquationsDerivation, PlaneDerivation
    from .gain_branch import GainDerivation
    from .layered import NetworkDerivation

FieldDerivation: TypeAlias = "NetworkDerivation | EquationsDerivation | PlaneDerivation | CellDerivation"
AnyDerivation: TypeAlias = "Derivation | NetworkDerivation | EquationsDerivation | PlaneDerivation | CellDerivation"

# What is derived by SymPy, which is slow to import, is imported when it is asked for.


def _derive_network(problem: Problem) -> NetworkDerivation:
    from .layered import derive_network

    return derive_network(problem)


def _network_text(derivation: NetworkDerivation) -> str:
    from .layered import network_text

    return network_text(derivation)


def _derive_equations(problem: EquationsProblem) -> EquationsDerivation:
    from .equations import derive_equations

    return derive_equations(problem)


def _equations_text(derivation: EquationsDerivation) -> str:
    from .equations import equations_text

    return equations_text(derivation)


def _derive_plane(problem: PlaneProblem) -> PlaneDerivation:
    from .equations import derive_plane

    return derive_plane(problem)


def _plane_text(derivation: PlaneDerivation) -> str:
    from .equations import plane_text

    return plane_text(derivation)


def _derive_cell(problem: CellProblem) -> CellDerivation:
    from .cell import derive_cell

    return derive_cell(problem)


def _cell_text(derivation: CellDerivation) -> str:
    from .cell import cell_text

    return cell_text(derivation)


def derive_gain(problem: Problem) -> GainDerivation:
    """The closed form on x = 0 of a rate network with a gain. Raises UnsupportedError for other networks."""
    from . import gain_branch

    return gain_branch.derive_gain(problem)


def _gain_text(derivation: GainDerivation) -> str:
    from .gain_branch import gain_text

    return gain_text(derivation)


def derive_circle(problem: Problem) -> CircleDerivation:
    """The closed form of a map whose multipliers follow from one matrix. Raises UnsupportedError for other networks."""
    from . import circle_branch

    return circle_branch.derive_circle(problem)


def _circle_text(derivation: CircleDerivation) -> str:
    from .circle_branch import circle_text

    return circle_text(derivation)


@dataclass(frozen=True)
class Kind:
    """text: the formulas for a terminal."""

    derive: Callable[[Any], FieldDerivation]
    text: Callable[[Any], str]


KINDS = {
    "network": Kind(_derive_network, _network_text),
    "equations": Kind(_derive_equations, _equations_text),
    "plane": Kind(_derive_plane, _plane_text),
    "cell": Kind(_derive_cell, _cell_text),
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
    "gain-branch": Shown(derive_gain, lambda problem, derivation: _gain_text(derivation)),
    "circle-branch": Shown(derive_circle, lambda problem, derivation: _circle_text(derivation)),
    "pieces": Shown(derive_field, _field_text),
}
