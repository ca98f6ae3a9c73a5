"""What is asked of networks, equations and cells alike."""

from __future__ import annotations

from .cell import CellProblem
from .equations import EquationsProblem
from .network import Problem
from .plane import PlaneProblem

OneParameterProblem = Problem | EquationsProblem | CellProblem
AnyProblem = OneParameterProblem | PlaneProblem


def search_hints(problem: AnyProblem) -> dict[str, object]:
    """What tells the search where to begin, as text: no part of `problem.json`, but of what a run was asked."""
    start = None if problem.start is None else [str(x) for x in problem.start]
    # with two parameters, the box is theirs, in problem.json
    corners = None if problem.kind == PlaneProblem.kind else problem.box
    box = None if corners is None else [[str(end) for end in pair] for pair in corners]
    return {"start": start, "box": box}
