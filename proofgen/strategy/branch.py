"""Proof runs of the methods spectral and newton-kantorovich: search, points, pieces, documents.

Problems to which the method zero-branch applies but whose points are to be proved by newton-kantorovich keep the
zero-branch classification (`newton_points`, `store_newton_branch`).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..bundle.json_text import Files, Json
from ..claims.hopf_point import PointContent
from ..claims.pieces import branch_document
from ..claims.rows import Row, numbered, store_points
from ..errors import InputError
from ..problem.equations import EquationsProblem
from ..problem.problem import AnyProblem
from ..proof.activation_at_zero import zero_branch_obstacle
from ..proof.zero_branch import Progress
from ..search.candidates import Candidates, find_candidates
from ..symbolic.equilibrium_at_zero import vanishes_at_zero
from ..symbolic.graph import build_graph
from .cover import prove_all
from .fields import AnyEmission, field_approx
from .workshop import Setting


def check_general(problem: AnyProblem) -> None:
    """Raise InputError where the general methods cannot begin."""
    if isinstance(problem, EquationsProblem):
        graph = build_graph(problem)
        dependencies = graph.dependencies()
        if not any(graph.dimension in dependencies[output] for output in graph.outputs):
            raise InputError(f"the parameter {problem.parameter_name} occurs in no equation", key="network.equations")
        _require_searchable(problem.interval)
        return
    if problem.interval is None:
        raise InputError(
            'missing; expected the range of the parameter, such as ["-1", "1"]: only one-layer networks without '
            "leak, with σ(0) = 0 and the parameter on the identity are classified for all real values",
            key="parameter.interval",
        )
    _require_searchable(problem.interval)
    if all(problem.combine(layer.parameter, shape).is_zero()
           for layer, shape in zip(problem.layers, problem.shapes, strict=True)):  # fmt: skip
        raise InputError("the parameter enters nowhere: every E is zero", key="parameter.enters")


def trivial_branch(problem: AnyProblem) -> bool:
    """Whether x = 0 is established to be an equilibrium for all γ, and no other start is asked for."""
    started = problem.start is not None and any(problem.start)
    if isinstance(problem, EquationsProblem):
        return not started and vanishes_at_zero(build_graph(problem))
    biased = any(layer.bias is not None for layer in problem.layers)
    if started or biased:
        return False
    return all(zero_branch_obstacle(layer.activation) is None for layer in problem.layers)


def search(problem: AnyProblem, emission: AnyEmission, trivial: bool) -> Candidates:
    """Candidates on the branch over the interval (untrusted)."""
    if problem.interval is None:
        raise ValueError("a parameter interval is needed")
    start = None if problem.start is None else np.array([float(x) for x in problem.start])
    low, high = problem.interval
    box = getattr(problem, "box", None)
    corners = None if box is None else np.array([[float(end) for end in pair] for pair in box])
    field = field_approx(problem, emission)
    return find_candidates(field, (float(low), float(high)), start, trivial, box=corners)


def documents(
    problem: AnyProblem,
    emission: AnyEmission,
    candidates: Candidates,
    *,
    trivial: bool,
    method: str,
    precision: int,
    jobs: int,
    problem_sha256: str,
    files: Files,
    progress: Progress,
    all_or_nothing: bool = False,
) -> tuple[dict[str, Json], Json, list[Row]]:
    """Certificates by id, `branch.json`, and the rows of the summary; everything is added to ``files``."""
    setting = Setting(problem, emission, precision, trivial, method, all_or_nothing=all_or_nothing)
    proved, opened, branch = prove_all(setting, candidates, jobs, progress)
    rows = numbered(proved, opened)
    points = store_points(rows, problem_sha256, files)
    named = [(name, item) for name, item in rows if isinstance(item, PointContent)]
    branch_json = branch_document(problem, branch, named, problem_sha256, precision, files)
    files.add_json("branch.json", branch_json)
    return points, branch_json, rows


def _require_searchable(interval: tuple[Fraction, Fraction]) -> None:
    """The search works in binary64."""
    low, high = (float(end) for end in interval)
    if not low < high:
        raise InputError(
            "the ends of the interval are the same number in binary64; expected a wider one",
            key="parameter.interval", value=low,
        )  # fmt: skip
