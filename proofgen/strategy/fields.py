"""The vector field of a run: its code, in balls for the proofs and in binary64 for the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from ..approx.field import FieldApprox
from ..approx.network import layered_field_approx
from ..codegen.network import NetworkEmission, emit_network, network_balls
from ..errors import InputError, UnsupportedError
from ..numbers.radius import is_zero
from ..problem.cell import CellProblem
from ..problem.equations import EquationsProblem
from ..problem.network import Problem
from ..problem.problem import AnyProblem
from ..proof.activation_at_zero import zero_branch_obstacle
from ..proof.field import FieldBalls
from ..proof.field_motion import FieldAround
from ..proof.tube_field import TubeField
from ..symbolic.equilibrium_at_zero import vanishes_at_zero
from ..symbolic.graph import build_graph
from ..symbolic.parity import is_odd, is_odd_activation
from .forms import layered_field
from .task import Reason

if TYPE_CHECKING:
    from ..codegen.equations import EquationsEmission

AnyEmission: TypeAlias = "NetworkEmission | EquationsEmission"


def emit_field(problem: AnyProblem, problem_sha256: str, *normal_forms: str) -> AnyEmission:
    """The code of a field, with the normal forms of the theorems that are meant (`codegen.normal_form`)."""
    return KINDS[problem.kind].emit(problem, problem_sha256, *normal_forms)


def field_balls(problem: AnyProblem, emission: AnyEmission) -> FieldBalls:
    """The field at the working precision in force."""
    return KINDS[problem.kind].balls(problem, emission)


def field_approx(problem: AnyProblem, emission: AnyEmission) -> FieldApprox:
    """The field in binary64 (untrusted)."""
    return KINDS[problem.kind].approx(problem, emission)


# --- what a problem of each kind must have ---------------------------------------------------


def _require_network(problem: Problem, reasons: Mapping[str, Reason]) -> None:
    _require_separate_arrays(problem)
    if problem.interval is None and problem.discrete:
        raise InputError('missing; expected the range of the parameter, such as ["0.5", "2"]', key="parameter.interval")
    if problem.interval is None and problem.one_layer_shift:
        why = "; ".join(reason.text for reason in reasons.values())
        raise UnsupportedError(
            f"the branch W(γ)x + b = 0 cannot be classified for all real values: {why}; with "
            'parameter.interval, such as ["-1", "1"], a branch of equilibria is followed over that range',
            key="network.activation",
            value=problem.layers[0].activation,
        )
    if problem.interval is None:
        raise InputError(
            'missing; expected the range of the parameter, such as ["-1", "1"]: only one-layer networks without '
            "leak, with σ(0) = 0 and the parameter on the identity are classified for all real values",
            key="parameter.interval",
        )
    if all(layer.bias_parameter is None and problem.combine(layer.parameter, shape).is_zero()
           for layer, shape in zip(problem.layers, problem.shapes, strict=True)):  # fmt: skip
        raise InputError("the parameter enters nowhere: every E is zero", key="parameter.enters")


def _require_separate_arrays(problem: Problem) -> None:
    """With a weight radius the matrices of the parameter are exact, so they share no array with the weights."""
    if not problem.has_box:
        return
    weights = {name for name in problem.uncertain if not is_zero(problem.radius_of(name))}
    directions = {term.matrix for layer in problem.layers for term in layer.parameter}
    if weights & directions:
        reason = "with proof.weight_radius the parameter's matrix must be an array of its own"
        raise InputError(reason, key="parameter.enters")


def _require_equations(problem: EquationsProblem, reasons: Mapping[str, Reason]) -> None:
    graph = build_graph(problem)
    dependencies = graph.dependencies()
    if not any(graph.dimension in dependencies[output] for output in graph.outputs):
        raise InputError(f"the parameter {problem.parameter_name} occurs in no equation", key="network.equations")


def _require_cell(problem: CellProblem, reasons: Mapping[str, Reason]) -> None:
    """That γ occurs is seen where a cell is read."""


def _network_without_radius(problem: Problem) -> str | None:
    if not problem.discrete:
        return None
    return "of an RNN only with some proof.weight_radius, which says what is not exact; not for other maps of layers"


def _without_bias(problem: Problem) -> bool:
    return all(layer.bias is layer.bias_parameter is None for layer in problem.layers)


def _network_vanishes(problem: Problem) -> bool:
    return _without_bias(problem) and all(zero_branch_obstacle(layer.activation) is None for layer in problem.layers)


def _network_is_odd(problem: Problem) -> bool:
    return _without_bias(problem) and all(is_odd_activation(layer.activation) for layer in problem.layers)


# --- code of the kinds; that of equations and cells is imported when it is used, SymPy with it ---


def _emit_equations(problem: EquationsProblem, problem_sha256: str, *normal_forms: str) -> EquationsEmission:
    from ..codegen.equations import emit_equations

    return emit_equations(problem, problem_sha256, *normal_forms)


def _equations_balls(problem: EquationsProblem, emission: EquationsEmission) -> FieldBalls:
    from ..codegen.equations_balls import equations_balls

    return equations_balls(problem, emission)


def _equations_approx(problem: EquationsProblem, emission: EquationsEmission) -> FieldApprox:
    from ..codegen.approx import equations_field_approx

    return equations_field_approx(problem, emission)


def _emit_cell(problem: CellProblem, problem_sha256: str, *normal_forms: str) -> NetworkEmission:
    from ..codegen.cell import emit_cell

    return emit_cell(problem, problem_sha256, *normal_forms)


def _cell_approx(problem: CellProblem, emission: NetworkEmission) -> FieldApprox:
    from ..approx.cell import cell_field_approx

    return cell_field_approx(problem)


@dataclass(frozen=True)
class Kind:
    """A kind of field. require: raises InputError where a branch over an interval cannot be looked for;
    vanishes_at_zero: whether x = 0 is established to be an equilibrium for all γ; odd: whether f(−x, γ) = −f(x, γ) is;
    partial: it need not be defined everywhere; layers: it has some; without_radius: why no largest radius of its
    weights is looked for; tube_field: it as Theorem L asks for it."""

    emit: Callable[..., AnyEmission]
    balls: Callable[[Any, Any], FieldBalls]
    approx: Callable[[Any, Any], FieldApprox]
    require: Callable[[Any, Mapping[str, Reason]], None]
    vanishes_at_zero: Callable[[Any], bool]
    odd: Callable[[Any], bool]
    partial: bool
    layers: bool
    without_radius: Callable[[Any], str | None]
    tube_field: Callable[[Any, Any], TubeField]


KINDS = {
    "network": Kind(
        emit_network,
        network_balls,
        lambda problem, emission: layered_field_approx(problem),
        _require_network,
        _network_vanishes,
        _network_is_odd,
        partial=False,
        layers=True,
        without_radius=_network_without_radius,
        tube_field=layered_field,
    ),
    "equations": Kind(
        _emit_equations,
        _equations_balls,
        _equations_approx,
        _require_equations,
        lambda problem: vanishes_at_zero(build_graph(problem)),
        lambda problem: is_odd(build_graph(problem)),
        partial=True,
        layers=False,
        without_radius=lambda problem: "only the weights of layers have a radius",
        tube_field=lambda problem, emission: FieldAround(_equations_balls(problem, emission)),
    ),
    "cell": Kind(
        _emit_cell,
        network_balls,
        _cell_approx,
        _require_cell,
        lambda problem: problem.vanishes,
        lambda problem: problem.odd,
        partial=False,
        layers=False,
        without_radius=lambda problem: None,
        tube_field=lambda problem, emission: FieldAround(network_balls(problem, emission)),
    ),
}
