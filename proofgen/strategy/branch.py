"""The branch over an interval of the parameter, for fields of every kind: search, points, pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.mirrored import Mirrored
from ..bundle.kinds import Branch
from ..claims.arcs import ArcsContent, printed_arcs
from ..claims.pieces import printed_pieces
from ..claims.rows import named_points, numbered
from ..codegen.normal_form import flip_text, hopf_text, neimark_sacker_text
from ..errors import InputError, UnsupportedError
from ..problem.problem import AnyProblem
from ..search.candidates import Candidates, find_candidates
from ..search.equilibrium import Origin, another_equilibrium, shown
from ..symbolic.time_limit import guarded
from .cover import prove_all
from .fields import KINDS, AnyEmission, emit_field, field_approx
from .open_point import of_map
from .task import Found, Reason, Task
from .workshop import Setting

MOST_VARIABLES = 20  # of equations whose other equilibria are looked for


@dataclass(frozen=True)
class OnInterval:
    """trivial: x = 0 is established to be an equilibrium for all γ, and neither a start nor a box asks for another."""

    trivial: bool


def applies(problem: AnyProblem) -> OnInterval | Reason:
    """It is for every field; see `require`."""
    elsewhere = problem.start is not None and any(problem.start)
    elsewhere |= problem.box is not None and not all(low <= 0 <= high for low, high in problem.box)
    return OnInterval(trivial=not elsewhere and KINDS[problem.kind].vanishes_at_zero(problem))


def require(problem: AnyProblem, reasons: Mapping[str, Reason]) -> None:
    """Raise InputError where the search cannot begin; reasons: why other methods are not for the problem."""
    if problem.discrete and problem.proof.orbits.asked:
        raise UnsupportedError("periodic orbits are proved of flows, not of maps", key="orbits")
    KINDS[problem.kind].require(problem, reasons)
    _require_searchable(problem.interval)


def emit(problem: AnyProblem, problem_sha256: str) -> AnyEmission:
    """The code of the field, with the coefficients of what is looked for."""
    normal_forms = (neimark_sacker_text(), flip_text()) if problem.discrete else (hopf_text(),)
    return emit_field(problem, problem_sha256, *normal_forms)


def prove(task: Task, known: OnInterval) -> Found:
    """Search the branch, prove its points, and cover the interval by pieces."""
    problem, watch = task.problem, task.watch
    task.progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = task.emission or guarded(problem, lambda: emit(problem, task.file.sha256))
        task.files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        task.progress("branch", 0, 1)
        candidates = search(problem, emission, known.trivial, task.origin)
        note = _elsewhere(problem, candidates)
    with watch("proof"):
        trivial, nothing_open = known.trivial and candidates.trivial, task.all_or_nothing
        setting = Setting(problem, emission, task.precision, trivial, task.existence, all_or_nothing=nothing_open)
        proved, opened, branch = prove_all(setting, candidates, task.jobs, task.progress)
    if problem.discrete:
        opened, note = [replace(item, reason=of_map(item.reason)) for item in opened], of_map(note)
        if not isinstance(branch, ArcsContent):
            branch.open_pieces = [replace(piece, reason=of_map(piece.reason)) for piece in branch.open_pieces]
    with watch("certificates"):
        rows = numbered(proved, opened)
        points = named_points(rows, task.files)
        if isinstance(branch, ArcsContent):
            printed: Branch = printed_arcs(branch, points, setting.of_pieces.precision, task.files)
            plain = []
        else:
            plain = branch.plain
            printed = printed_pieces(problem, branch, points, setting.of_pieces.precision, task.files)
        return Found(printed, [point for _, point in points], rows, emission, note, plain)


def search(problem: AnyProblem, emission: AnyEmission, trivial: bool, origin: Origin | None = None) -> Candidates:
    """Candidates on the branch over the interval (untrusted). trivial: x = 0 may be followed, where the field is smooth
    there; origin: where the branch begins, if that is known already."""
    if problem.interval is None:
        raise ValueError("a parameter interval is needed")
    start = None if problem.start is None else np.array([float(x) for x in problem.start])
    low, high = problem.interval
    field = field_approx(problem, emission)
    ends, circle = (float(low), float(high)), problem.discrete
    box = corners(problem)
    found = find_candidates(field, ends, start, None if trivial else False, box=box, circle=circle, origin=origin)
    return found if found.branch.points or box is not None else _from_the_right(field, found, ends, start, circle)


def _from_the_right(
    field: FieldApprox, found: Candidates, ends: tuple[float, float], start: Array | None, circle: bool
) -> Candidates:
    """Where nothing begins at the left end, what is seen on the branch from the right one: points, but no list."""
    total = ends[0] + ends[1]
    seen = find_candidates(Mirrored(field, total), ends, start, False, circle=circle)
    if not seen.crossings:
        return found
    crossings = [replace(crossing, gamma=total - crossing.gamma, speed=-crossing.speed) for crossing in seen.crossings]
    detail = f"{found.branch.detail}; points are those seen from the right end, without a list"
    return replace(found, branch=replace(found.branch, detail=detail), crossings=crossings)


def corners(problem: AnyProblem) -> Array | None:
    """`network.box` as an array, n × 2."""
    return None if problem.box is None else np.array([[float(end) for end in pair] for pair in problem.box])


def _elsewhere(problem: AnyProblem, candidates: Candidates) -> str:
    """That there are equilibria besides x = 0, where nobody has said which one is meant; for small equations only."""
    asked = problem.start is not None or problem.box is not None
    if asked or not candidates.trivial or KINDS[problem.kind].layers or problem.dimension > MOST_VARIABLES:
        return ""
    field, low = candidates.branch.curve.field, candidates.branch.interval[0]
    with np.errstate(all="ignore"):
        x = another_equilibrium(field, low)
    if x is None:
        return ""
    where = f"{problem.parameter_name} = {low:.12g}"
    others = f"There seem to be other equilibria, as {shown(x)} at {where}"
    return f"{others}; for the branch of one give it as network.start."


def _require_searchable(interval: tuple[Fraction, Fraction] | None) -> None:
    """The search works in binary64."""
    assert interval is not None
    low, high = (float(end) for end in interval)
    if not low < high:
        raise InputError(
            "the ends of the interval are the same number in binary64; expected a wider one",
            key="parameter.interval", value=low,
        )  # fmt: skip
