"""One proof run: a problem → the method for it → what is proved, as a bundle. Nothing is written."""

from __future__ import annotations

from typing import Any

from ..bundle.bundle import Bundle
from ..bundle.json_text import Files
from ..bundle.kinds import place
from ..bundle.orbit import Orbit
from ..bundle.problem import ProblemFile, describe
from ..bundle.summary import OrbitRow
from ..claims.summary import summary_of
from ..errors import ArgumentError
from ..problem.options import MAX_PRECISION, MIN_PRECISION
from ..problem.problem import AnyProblem
from ..progress import Progress, Stopwatch, quiet
from ..symbolic.time_limit import guarded
from .methods import TWO_PARAMETERS, method_for
from .result import Result
from .task import EXISTENCE, Found, Task


def prove(
    problem: AnyProblem,
    *,
    precision: int | None = None,
    method: str = "spectral",
    jobs: int = 1,
    progress: Progress = quiet,
    all_or_nothing: bool = False,
    every_branch: bool = False,
    described: tuple[Files, ProblemFile] | None = None,
) -> Result:
    """Prove what can be proved of ``problem`` by the first of `methods.METHODS` that applies.

    precision: bits to begin with, instead of the problem's; method: how points are proved to exist; jobs: worker
    processes for points and pieces. all_or_nothing: AbandonedError may be raised as soon as something on an interval
    stays open; every_branch: the branches of all equilibria that are found in a box (`Result.branches`), else only that
    of one, and the result says so; described: the problem as a new bundle, where the caller has it already.
    Mathematical obstacles end up as *undecided* in the result; InputError is raised for arguments that cannot be used.
    """
    if method not in EXISTENCE:
        raise ArgumentError(f"expected one of {', '.join(EXISTENCE)}", key="method", value=method)
    start = problem.proof.precision if precision is None else precision
    if not MIN_PRECISION <= start <= MAX_PRECISION:
        expected = f"expected a number of bits from {MIN_PRECISION} to {MAX_PRECISION}"
        raise ArgumentError(expected, key="precision", value=start)
    chosen = method_for(problem)
    chosen.method.require(problem, chosen.reasons)
    if (problem.discrete or chosen.name == TWO_PARAMETERS) and method != EXISTENCE[0]:
        what = "maps" if problem.discrete else "two parameters"
        raise ArgumentError(f"expected {EXISTENCE[0]}: the others are not for {what}", key="method", value=method)

    def task_of(one: AnyProblem) -> Task:
        watch = Stopwatch()
        with watch("problem"):
            files, file = describe(one) if described is None or one is not problem else described
        return Task(file, files, start, method, jobs, progress, watch, all_or_nothing)

    def run(task: Task, known: Any) -> Result:
        return _result(task, chosen.method.prove(task, known))

    if every_branch and _asks_for_all(problem):
        from .in_box import prove_all_in_box

        return prove_all_in_box(task_of(problem), chosen.known, task_of, run)
    return run(task_of(problem), chosen.known)


def _asks_for_all(problem: AnyProblem) -> bool:
    """Whether a box, and nothing else, says which equilibria are meant."""
    return problem.box is not None and problem.start is None and problem.interval is not None


def _orbits(task: Task, found: Found) -> tuple[list[Orbit], list[OrbitRow]]:
    if not task.problem.proof.orbits.asked:
        return [], []
    from .orbits import prove_asked

    return prove_asked(task, found)


def _result(task: Task, found: Found) -> Result:
    """What is found, and the orbits that are asked for, as a bundle."""
    problem, files = task.problem, task.files
    orbits, orbit_rows = _orbits(task, found)
    with task.watch("certificates"):
        points = {point.id: point for point in found.points}
        summary = summary_of(problem, task.precision, found.branch, found.rows, orbit_rows, found.plain)
        bundle = Bundle(task.file, found.branch, points, summary, orbits={orbit.id: orbit for orbit in orbits})
        for identifier, document in bundle.point_documents.items():
            files.add_json(f"{place(identifier)}.json", document)
        files.add_json("branch.json", bundle.branch_document)
        for identifier, document in bundle.orbit_documents.items():
            files.add_json(f"orbits/{identifier}.json", document)
    return Result(bundle, files.contents, task.watch, note=found.note)


def emission_for(problem: AnyProblem, problem_sha256: str) -> Any:
    """The evaluator that a run emits first."""
    emit = method_for(problem).method.emit
    return guarded(problem, lambda: emit(problem, problem_sha256))


def certified_as(problem: AnyProblem, method: str) -> frozenset[str]:
    """The methods that certificates of a run may name, for what `--method` asks for."""
    return method_for(problem).method.points[method]
