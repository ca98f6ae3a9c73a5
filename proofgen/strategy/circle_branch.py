"""A run of the method circle-branch: x ↦ ρx + ησ(V(γ)x + b) or ρx + ηV(γ)σ(x), V = γW or W + γI, for all real γ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import arb

from ..bundle.circle_branch import CircleBranch, CircleFlipPoint, CirclePairPoint
from ..bundle.listing import Listed
from ..claims import circle_branch as cert
from ..claims.rows import numbered
from ..claims.zero_branch import store_eigenbasis
from ..claims.zero_crossing import PlainCrossing, ZeroCrossingContent
from ..codegen.network import NetworkEmission, emit_network, network_data
from ..codegen.normal_form import circle_branch_text, load_circle_branch
from ..errors import UnsupportedError
from ..numbers.balls import ball, current_precision, working_precision
from ..numbers.exact import ExactMatrix
from ..numbers.printed import Enclosure
from ..problem.circle_branch import CircleMap, circle_map
from ..problem.network import Problem
from ..progress import Progress, Stopwatch
from ..proof.circle_branch import CircleBranchProof, prove_circle_branch
from ..proof.circle_law import CircleLaw
from ..proof.failure import Failure, FailureCode
from ..proof.spectrum import Witness
from ..proof.zero_eigenvalues import nullity
from ..search.eigenbasis import eigenbasis_approx
from ..search.witness import WitnessLimbs
from ..symbolic.at_zero import vanishing_at_zero
from ..symbolic.time_limit import guarded
from . import other_fields
from .points import OF_CROSSINGS
from .task import EXISTENCE, Found, Reason, Task
from .zero_branch import moderate_derivatives, prove_refining, require_same_derivatives, require_settled
from .zero_crossing import lines_of_equilibria, named_on_line, with_crossings

POINTS = dict.fromkeys(EXISTENCE, OF_CROSSINGS | {CirclePairPoint.method, CircleFlipPoint.method})


@dataclass(frozen=True)
class Known:
    """The map, and the first three derivatives of σ at 0."""

    map: CircleMap
    derivatives: tuple[arb, arb, arb]


def applies(problem: Any) -> Known | Reason:
    """Whether a problem is such a map, with the fixed points at which the argument of σ is 0 as its branch."""
    found = circle_map(problem) if problem.kind in CircleBranch.fields else None
    if found is None:
        return other_fields.CIRCLE_BRANCH
    if not found.bias and problem.start is not None and any(problem.start):
        return Reason("network.start asks for another branch than x = 0")
    derivatives = moderate_derivatives(problem.layers[0].activation)
    return derivatives if isinstance(derivatives, Reason) else Known(found, derivatives)


def require(problem: Problem, reasons: Mapping[str, Reason]) -> None:
    """Raise UnsupportedError where something else is asked for."""
    if problem.proof.orbits.asked:
        raise UnsupportedError("periodic orbits are proved of flows, not of maps", key="orbits")


def emit(problem: Problem, problem_sha256: str) -> NetworkEmission:
    """The code of the map with the closed form of the branch."""
    found = circle_map(problem)
    if found is None:
        raise ValueError("not a map whose multipliers follow from one matrix")

    def both() -> NetworkEmission:
        closed = circle_branch_text(problem.layers[0].activation, found.outside)
        return emit_network(problem, problem_sha256, closed)

    return guarded(problem, both)


def prove(task: Task, known: Known) -> Found:
    """The classification."""
    problem: Problem = task.problem
    watch, progress, files = task.watch, task.progress, task.files
    progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = emit(problem, task.file.sha256)
        require_same_derivatives(load_circle_branch(emission.normal_forms[0]), known.derivatives)
        files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        progress("eigenvectors", 0, 1)
        W = problem.combine(known.map.terms)
        witness = eigenbasis_approx(W.to_binary64_approx())
    degenerate = _degeneracy(known.map, W, emission)
    proof, witness, used = _prove_refining(task, known.map, emission, witness, degenerate, watch, progress)
    require_settled(problem, proof.beyond)
    with watch("certificates"), working_precision(used):
        found = cert.classify(problem, proof, used)
        basis = None
        if witness is not None and proof.multipliers is not None:
            basis = store_eigenbasis(witness, files)
        named, plain = _at_real_crossings(task, known.map, emission, found.real_crossings)
        rows = numbered([*found.points, *named], found.open_points)
        printed = [(name, item) for name, item in rows if isinstance(item, cert.PrintedCirclePoint)]
        points = [cert.named_point(name, item, proof, basis, used) for name, item in printed if basis is not None]
        names = dict(enumerate(_names(found.points, printed)))

        def printed_with(listed: list[Listed]) -> CircleBranch:
            return cert.printed_branch(found, names, listed, proof, basis, used)

        printed_branch, in_order = with_crossings(points, rows, files, printed_with)
        return Found(printed_branch, in_order, rows, emission, plain=plain)


def _at_real_crossings(
    task: Task, found: CircleMap, emission: NetworkEmission, enclosures: Sequence[Enclosure]
) -> tuple[list[ZeroCrossingContent], list[PlainCrossing]]:
    """What happens where 1 is a multiplier: named, or plain with the reason; on a line of fixed points it is known."""
    if found.bias:
        reason = "V(γ) is singular there, and V(γ)x + b = 0 has no solution, or a line of them"
        return [], [PlainCrossing(FailureCode.SINGULAR_WEIGHTS, reason, enclosure) for enclosure in enclosures]
    return ([], []) if lines_of_equilibria(task.problem) else named_on_line(task, emission, enclosures)


def _names(
    points: Sequence[cert.PrintedCirclePoint], printed: Sequence[tuple[str, cert.PrintedCirclePoint]]
) -> list[str]:
    names = {id(item): name for name, item in printed}
    return [names[id(point)] for point in points]


def _degeneracy(found: CircleMap, W: ExactMatrix, emission: NetworkEmission) -> Failure | None:
    """A reason, established exactly, why no point of the branch is nondegenerate."""
    _, second, third = vanishing_at_zero(emission.activations[0])
    if second and third:
        reason = "σ''(0) = σ'''(0) = 0, so the coefficients of the normal forms are 0"
        return Failure(FailureCode.DEGENERATE_ACTIVATION, reason)
    if not found.gain or found.rest != 0:
        return None
    if (W + W.transposed).is_zero():
        reason = "W is exactly antisymmetric: all pairs of multipliers cross the circle at ±i, a strong resonance 1:4"
        return Failure(FailureCode.STRONG_RESONANCE, reason)
    if W.shape[0] > 2 and _orthogonal(W):
        reason = "WWᵀ is exactly a multiple of I: all multipliers reach the unit circle together"
        return Failure(FailureCode.SEVERAL_ON_CIRCLE, reason)
    return None


def _orthogonal(W: ExactMatrix) -> bool:
    product = W.numerators @ W.numerators.T
    n = W.shape[0]
    return all(product[i, j] == (product[0, 0] if i == j else 0) for i in range(n) for j in range(n))


def _prove_refining(
    task: Task,
    found: CircleMap,
    emission: NetworkEmission,
    witness: WitnessLimbs | None,
    degenerate: Failure | None,
    watch: Stopwatch,
    progress: Progress,
) -> tuple[CircleBranchProof, WitnessLimbs | None, int]:
    """With better and better witnesses."""
    problem, normal_form = task.problem, load_circle_branch(emission.normal_forms[0])
    dimension = cache(lambda: nullity(problem.combine(found.terms)))

    def attempt(balls: Witness | None) -> CircleBranchProof:
        data = network_data(emission)  # at this precision
        bias = [row[0] for row in data[f"b{found.layer}"].table()] if found.bias else None
        law = CircleLaw(ball(found.rest), ball(found.step), normal_form.sigma_at_zero()[0], found.gain)
        return prove_circle_branch(data[found.array], bias, law, normal_form, balls, degenerate, progress, dimension)

    def settled(proof: CircleBranchProof) -> bool:
        whole = proof.beyond is None or problem.interval is not None
        return not proof.undecided and whole and cert.holds_as_printed(problem, proof, current_precision())

    return prove_refining(problem, witness, task.precision, attempt, cert.widest, settled, degenerate, watch)
