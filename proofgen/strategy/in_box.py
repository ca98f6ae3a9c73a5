"""A box that holds several equilibria at the left end: the branch of each of them, in a bundle of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..approx.field import Array
from ..approx.threads import one_blas_thread
from ..bundle.branches import MOST_BRANCHES, apart, left_ends
from ..problem.options import OrbitOptions
from ..problem.problem import AnyProblem
from ..search.equilibrium import Origin, equilibria_in_box, first_of, is_same, is_singular, is_trivial, not_followed
from ..symbolic.time_limit import guarded
from .branch import OnInterval, corners, emit
from .fields import field_approx
from .result import Result
from .task import Task

Run = Callable[[Task, OnInterval], Result]


def prove_all_in_box(task: Task, known: OnInterval, again: Callable[[AnyProblem], Task], run: Run) -> Result:
    """The result for one equilibrium in the box, the first that is found, with those for the others as its branches.

    again: a new task like this one; run: the proof of one branch. A branch that is not shown to begin at the left end
    of the interval, and at another equilibrium than those before it, is not among them, and the first one says so.
    """
    problem = task.problem
    with task.watch("derivation and code"):
        emission = guarded(problem, lambda: emit(problem, task.file.sha256))
    task = replace(task, emission=emission)
    box, low, high = corners(problem), float(problem.interval[0]), float(problem.interval[1])
    assert box is not None
    field, half = field_approx(problem, emission), 0.5 * (box[:, 1] - box[:, 0])
    with task.watch("search"), one_blas_thread(), np.errstate(all="ignore"):
        trivial = known.trivial and is_trivial(field, (low, high))
        found = equilibria_in_box(field, low, box, [np.zeros(problem.dimension)] if trivial else [])
        regular = [x for x in found if not is_singular(field.jacobian(x, low))]

    def follow(task: Task, x: Array, reason: str = "") -> Result:
        at_zero = OnInterval(trivial=trivial and not np.any(x))
        return run(replace(task, emission=emission, origin=Origin(x, reason)), at_zero)

    def follow_one() -> Result:
        return run(replace(task, origin=first_of(found, low)), known)

    if len(found) < 2 or not regular:
        return follow_one()
    left = [x for x in found if not any(x is other for other in regular[:MOST_BRANCHES])]
    reason, known_left = not_followed(left, low), len(left)
    kept: list[tuple[Array, Result]] = []
    for x in regular[:MOST_BRANCHES]:
        if any(_ends_at(branch, x, half) for _, branch in kept):
            continue  # the other end of an arc that is followed already
        branch = follow(again(_further(problem)), x) if kept else follow(again(problem), x, reason)
        ends = left_ends(branch.bundle)
        if ends and all(apart(left_ends(other.bundle), ends) for _, other in kept):
            kept.append((x, branch))
        else:
            left.append(x)
    if not kept:
        return follow_one()
    x, first = kept[0]
    if len(left) > known_left:
        first = follow(again(problem), x, not_followed(left, low))
    first.stopwatch.add(task.watch)
    return first.with_branches([branch for _, branch in kept[1:]])


def _further(problem: AnyProblem) -> AnyProblem:
    """For a branch after the first: orbits of points that are asked for by their names are those of the first."""
    if problem.proof.orbits.points is None:
        return problem
    return replace(problem, proof=replace(problem.proof, orbits=OrbitOptions()))


def _ends_at(branch: Result, x: Array, half: Array) -> bool:
    """Whether an equilibrium looks like one at the left end through which a proved branch passes."""
    for end in left_ends(branch.bundle):
        low, high = (np.array([float(getattr(entry, side)) for entry in end]) for side in ("low", "high"))
        if is_same(x, np.clip(x, low, high), half):
            return True
    return False
