"""The table of the methods of proof, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..bundle.arcs import Arcs
from ..bundle.circle_branch import CircleBranch
from ..bundle.form_pieces import FormPieces
from ..bundle.gain_branch import GainBranch
from ..bundle.hopf_curve import HopfCurves
from ..bundle.pieces import Pieces
from ..bundle.zero_branch import ZeroBranch
from ..errors import InputError
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem
from . import branch, circle_branch, gain_branch, plane_method, zero_branch
from .points import EXISTENCE, certified_by_ways
from .task import Found, Reason, Task


@dataclass(frozen=True)
class Method:
    """applies: what the proof needs to know of a problem, or a Reason why it is not for it; require: raises InputError
    where a problem lacks something, told why the methods before do not apply; emit: the evaluator; points: what
    `--method` asks for → the methods that certificates name; branches: those that `branch.json` may name;
    parameters: how many a problem has."""

    applies: Callable[[Any], Any]
    require: Callable[[Any, Mapping[str, Reason]], None]
    emit: Callable[[Any, str], Any]
    prove: Callable[[Task, Any], Found]
    points: Mapping[str, frozenset[str]]
    branches: frozenset[str]
    parameters: int = 1


METHODS: Mapping[str, Method] = {
    plane_method.NAME: Method(
        plane_method.applies,
        plane_method.require,
        plane_method.emit,
        plane_method.prove,
        plane_method.POINTS,
        frozenset({HopfCurves.method}),
        parameters=2,
    ),
    "zero-branch": Method(
        zero_branch.applies,
        lambda problem, reasons: None,
        zero_branch.emit,
        zero_branch.prove,
        zero_branch.POINTS,
        frozenset({ZeroBranch.method}),
    ),
    "gain-branch": Method(
        gain_branch.applies,
        lambda problem, reasons: None,
        gain_branch.emit,
        gain_branch.prove,
        gain_branch.POINTS,
        frozenset({GainBranch.method, Pieces.method, FormPieces.method, Arcs.method}),
    ),
    "circle-branch": Method(
        circle_branch.applies,
        circle_branch.require,
        circle_branch.emit,
        circle_branch.prove,
        circle_branch.POINTS,
        frozenset({CircleBranch.method}),
    ),
    "pieces": Method(
        branch.applies,
        branch.require,
        branch.emit,
        branch.prove,
        {existence: certified_by_ways(existence) for existence in EXISTENCE},
        frozenset({Pieces.method, FormPieces.method, Arcs.method}),
    ),
}


@dataclass(frozen=True)
class Chosen:
    """A method for a problem. known: what it needs to know of it; reasons: why those before it are not for it."""

    name: str
    known: Any
    reasons: Mapping[str, Reason]

    @property
    def method(self) -> Method:
        return METHODS[self.name]


def method_for(problem: AnyProblem) -> Chosen:
    """The first method that applies."""
    reasons: dict[str, Reason] = {}
    parameters = 2 if problem.kind == PlaneProblem.kind else 1
    for name, method in METHODS.items():
        if method.parameters != parameters:
            continue
        known = method.applies(problem)
        if not isinstance(known, Reason):
            return Chosen(name, known, reasons)
        reasons[name] = known
    raise InputError("; ".join(reason.text for reason in reasons.values()))
