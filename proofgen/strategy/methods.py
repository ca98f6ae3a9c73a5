"""The table of the methods of proof, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import InputError
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem
from . import other_fields
from .task import EXISTENCE, Found, Reason, Task

TWO_PARAMETERS = "hopf-curve"  # the method for problems with two; all others are for one


@dataclass(frozen=True)
class Method:
    """applies: what the proof needs to know of a problem, or a Reason why it is not for it; require: raises InputError
    where a problem lacks something, told why the methods before do not apply; emit: the evaluator; points: what
    `--method` asks for → the methods that certificates name; branches: those that `branch.json` may name."""

    applies: Callable[[Any], Any]
    require: Callable[[Any, Mapping[str, Reason]], None]
    emit: Callable[[Any, str], Any]
    prove: Callable[[Task, Any], Found]
    points: Mapping[str, frozenset[str]]
    branches: frozenset[str]


def _nothing_more(problem: Any, reasons: Mapping[str, Reason]) -> None:
    """Where the method applies, the problem has all that it needs."""


def _hopf_curve() -> Method:
    from ..bundle.hopf_curve import HopfCurves
    from . import plane_method as of

    return Method(of.applies, of.require, of.emit, of.prove, of.POINTS, frozenset({HopfCurves.method}))


def _zero_branch() -> Method:
    from ..bundle.zero_branch import ZeroBranch
    from . import zero_branch as of

    return Method(of.applies, _nothing_more, of.emit, of.prove, of.POINTS, frozenset({ZeroBranch.method}))


def _in_pieces() -> frozenset[str]:
    from ..bundle.arcs import Arcs
    from ..bundle.form_pieces import FormPieces
    from ..bundle.pieces import Pieces

    return frozenset({Pieces.method, FormPieces.method, Arcs.method})


def _gain_branch() -> Method:
    from ..bundle.gain_branch import GainBranch
    from . import gain_branch as of

    branches = _in_pieces() | {GainBranch.method}
    return Method(of.applies, _nothing_more, of.emit, of.prove, of.POINTS, branches)


def _circle_branch() -> Method:
    from ..bundle.circle_branch import CircleBranch
    from . import circle_branch as of

    return Method(of.applies, of.require, of.emit, of.prove, of.POINTS, frozenset({CircleBranch.method}))


def _pieces() -> Method:
    from . import branch as of
    from .points import certified_by_ways

    points = {existence: certified_by_ways(existence) for existence in EXISTENCE}
    return Method(of.applies, of.require, of.emit, of.prove, points, _in_pieces())


class _Table(Mapping[str, Method]):
    """What proves by a method is imported when the method is looked at."""

    def __init__(self, makers: Mapping[str, Callable[[], Method]]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}

    def __getitem__(self, name: str) -> Method:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


METHODS: Mapping[str, Method] = _Table({
    TWO_PARAMETERS: _hopf_curve,
    "zero-branch": _zero_branch,
    "gain-branch": _gain_branch,
    "circle-branch": _circle_branch,
    "pieces": _pieces,
})


@dataclass(frozen=True)
class Chosen:
    """A method for a problem. known: what it needs to know of it; reasons: why those before it are not for it."""

    name: str
    known: Any
    reasons: Mapping[str, Reason]

    @property
    def method(self) -> Method:
        return METHODS[self.name]


@cache
def _for_networks() -> Mapping[str, tuple[Collection[str], Reason]]:
    """The kinds of fields of some methods, and why these are not for others."""
    from ..bundle.circle_branch import CircleBranch
    from ..bundle.gain_branch import GainBranch
    from ..bundle.zero_branch import ZeroBranch

    return {
        "zero-branch": (ZeroBranch.fields, other_fields.ZERO_BRANCH),
        "gain-branch": (GainBranch.fields, other_fields.GAIN_BRANCH),
        "circle-branch": (CircleBranch.fields, other_fields.CIRCLE_BRANCH),
    }


def method_for(problem: AnyProblem) -> Chosen:
    """The first method that applies."""
    reasons: dict[str, Reason] = {}
    two = problem.kind == PlaneProblem.kind
    for name in METHODS:
        if (name == TWO_PARAMETERS) != two:
            continue
        elsewhere = _for_networks().get(name)
        if elsewhere is not None and problem.kind not in elsewhere[0]:
            reasons[name] = elsewhere[1]
            continue
        known = METHODS[name].applies(problem)
        if not isinstance(known, Reason):
            return Chosen(name, known, reasons)
        reasons[name] = known
    raise InputError("; ".join(reason.text for reason in reasons.values()))
