"""One proof run: problem → evaluator → candidates → proof → certificates. The only module that sees all stages.

Candidates come from untrusted searches; what becomes a claim is decided in `proofgen.proof` alone.
"""

from __future__ import annotations

from ..bundle.problem_writer import describe
from ..claims.rows import PIECES
from ..claims.summary import summary_document, summary_rows
from ..codegen.equations import EquationsEmission, emit_equations
from ..codegen.layered import LayeredEmission, emit_layered
from ..codegen.one_layer import Emission, emit_evaluator
from ..errors import InputError, UnsupportedError
from ..numbers.radius import is_zero
from ..problem.equations import EquationsProblem
from ..problem.network import Problem
from ..problem.options import MAX_PRECISION, MIN_PRECISION
from ..problem.problem import AnyProblem
from ..proof.zero_branch import Progress
from ..symbolic.time_limit import guarded
from .branch import check_general, documents, search, trivial_branch
from .result import Result
from .stopwatch import Stopwatch, quiet
from .zero_branch import run_zero_branch, zero_branch_series

METHODS = ("spectral", "newton-kantorovich")


def prove(
    problem: AnyProblem,
    *,
    precision: int | None = None,
    method: str = "spectral",
    jobs: int = 1,
    progress: Progress = quiet,
    all_or_nothing: bool = False,
) -> Result:
    """Prove what can be proved of ``problem``: by Method S where it applies, else by Methods P or N on an interval.

    precision: bits to begin with, instead of the problem's; jobs: worker processes for points and pieces.
    all_or_nothing: AbandonedError may be raised as soon as something on an interval stays open.
    Mathematical obstacles end up as *undecided* in the result; InputError is raised for arguments that cannot be used.
    """
    if method not in METHODS:
        raise InputError(f"expected one of {', '.join(METHODS)}", key="--method", value=method)
    start = problem.proof.precision if precision is None else precision
    if not MIN_PRECISION <= start <= MAX_PRECISION:
        expected = f"expected a number of bits from {MIN_PRECISION} to {MAX_PRECISION}"
        raise InputError(expected, key="--precision", value=start)
    if isinstance(problem, EquationsProblem):
        check_general(problem)
        return _prove_general(problem, start, method, jobs, progress, all_or_nothing)
    series = zero_branch_series(problem)
    if not isinstance(series, str):
        return run_zero_branch(problem, series, start, method, jobs, progress)
    _require_separate_arrays(problem)
    if problem.interval is None and problem.one_layer_shift:
        raise UnsupportedError(
            f"the branch W(γ)x + b = 0 cannot be classified for all real values: {series}; with "
            'parameter.interval, such as ["-1", "1"], a branch of equilibria is followed over that range',
            key="network.activation",
            value=problem.layers[0].activation,
        )
    check_general(problem)
    return _prove_general(problem, start, method, jobs, progress, all_or_nothing)


def _prove_general(
    problem: AnyProblem, precision: int, method: str, jobs: int, progress: Progress, all_or_nothing: bool
) -> Result:
    """Methods P and N on the problem's interval."""
    watch = Stopwatch()
    with watch("problem"):
        files, document, problem_sha256 = describe(problem)
    progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = guarded(problem, lambda: emit_general(problem, problem_sha256))
        files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        progress("branch", 0, 1)
        trivial = trivial_branch(problem)
        candidates = search(problem, emission, trivial)
    with watch("proof"):
        points, branch_json, rows = documents(
            problem, emission, candidates, trivial=trivial, method=method, precision=precision, jobs=jobs,
            problem_sha256=problem_sha256, files=files, progress=progress, all_or_nothing=all_or_nothing,
        )  # fmt: skip
    claims = branch_json["claims"]
    summary = summary_document(problem, precision, precision, PIECES, claims, summary_rows(rows))
    return Result(problem, emission, document, branch_json, points, summary, files.contents, watch)


def _require_separate_arrays(problem: Problem) -> None:
    """With a weight radius the matrices of the parameter are exact, so they share no array with the weights."""
    if not problem.has_box:
        return
    weights = {name for name in problem.uncertain if not is_zero(problem.radius_of(name))}
    directions = {term.matrix for layer in problem.layers for term in layer.parameter}
    if weights & directions:
        reason = "with proof.weight_radius the parameter's matrix must be an array of its own"
        raise InputError(reason, key="parameter.enters")


def emission_for(
    problem: AnyProblem, problem_sha256: str, method: str = "spectral"
) -> Emission | LayeredEmission | EquationsEmission:
    """The evaluator that a run with this method would emit."""
    if isinstance(problem, Problem) and method == "spectral" and not isinstance(zero_branch_series(problem), str):
        return emit_evaluator(problem, problem_sha256)
    return emit_general(problem, problem_sha256)


def emit_general(problem: AnyProblem, problem_sha256: str) -> LayeredEmission | EquationsEmission:
    """The evaluator of the general methods."""
    if isinstance(problem, EquationsProblem):
        return emit_equations(problem, problem_sha256)
    return emit_layered(problem, problem_sha256)
