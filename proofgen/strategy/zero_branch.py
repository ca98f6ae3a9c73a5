"""A run of Method S: the branch W(gamma)x + b = 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import numpy as np
from flint import acb, arb, arb_mat

from ..bundle.kinds import Point
from ..bundle.listing import Listed
from ..bundle.newton_ball import NewtonBallPoint
from ..bundle.singular import LinePoint, PolePoint
from ..bundle.zero_branch import ZeroBranch, ZeroBranchPoint
from ..claims import zero_branch as cert
from ..claims.rows import numbered
from ..claims.singular import PrintedSingular
from ..claims.zero_crossing import PlainCrossing
from ..codegen.network import NetworkEmission, emit_network, network_data
from ..codegen.normal_form import load_zero_branch, zero_branch_text
from ..errors import UnsupportedError
from ..numbers.balls import (
    ball,
    binary64_matrix,
    current_precision,
    enclosure,
    midpoints_approx,
    proves_less,
    proves_nonzero,
    working_precision,
)
from ..numbers.exact import ExactMatrix
from ..numbers.outward import WIDENED
from ..numbers.printed import Enclosure
from ..problem.network import Problem
from ..progress import Progress, Stopwatch
from ..proof.activation_at_zero import derivatives_at_zero, zero_branch_obstacle
from ..proof.failure import Failure, FailureCode
from ..proof.normal_form import CircleBranchNormalForm, GainBranchNormalForm, ZeroBranchNormalForm
from ..proof.spectrum import Spectrum, Witness, block_diagonal
from ..proof.zero_branch import ZeroBranchProof, prove_zero_branch, widest_relative
from ..search.eigenbasis import eigenbasis_approx, refine_eigenbasis
from ..search.witness import WitnessLimbs
from ..symbolic.at_zero import vanishing_at_zero
from ..symbolic.time_limit import guarded
from . import other_fields
from .singular import name_singular
from .task import Found, Reason, Task, bits_for

# what `--method` asks for → the method that certificates of points name
POINTS = {
    existence: frozenset({method, LinePoint.method, PolePoint.method})
    for existence, method in (("spectral", ZeroBranchPoint.method), ("newton-kantorovich", NewtonBallPoint.method))
}


@dataclass(frozen=True)
class Series:
    """The first three derivatives of σ at 0: what the method needs to know of a network to which it applies."""

    derivatives: tuple[arb, arb, arb]


def applies(problem: Any) -> Series | Reason:
    """Whether a problem is a network whose branch W(γ)x + b = 0 can be classified."""
    if problem.kind not in ZeroBranch.fields or problem.discrete:
        return other_fields.ZERO_BRANCH
    return _of_network(problem)


def _of_network(problem: Problem) -> Series | Reason:
    if not problem.one_layer_shift:
        identity = 'the parameter on the identity (enters = "identity")'
        return Reason(f"it is for one-layer networks without leak and {identity}")
    layer = problem.layers[0]
    if layer.bias is None and problem.start is not None and any(problem.start):
        return Reason("network.start asks for another branch than x = 0")
    obstacle = zero_branch_obstacle(layer.activation)
    if obstacle is not None:
        return Reason(obstacle)
    derivatives = derivatives_at_zero(layer.activation)
    if derivatives is None or not proves_nonzero(derivatives[0]):
        return Reason("σ'(0) ≠ 0 could not be proved (where σ'(0) = 0 the whole spectrum is zero)")
    if not all(moderate(value) for value in derivatives):
        return Reason("a derivative of σ at 0 is larger than 1e100, or σ'(0) smaller than 1e-100, in absolute value")
    return Series(derivatives)


def prove(task: Task, series: Series) -> Found:
    """Method S; its points are proved once more, by Method N, where that is asked for."""
    problem, watch, progress, files = task.problem, task.watch, task.progress, task.files
    progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = emit(problem, task.file.sha256)
        require_same_derivatives(load_zero_branch(emission.normal_forms[0]), series.derivatives)
        files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        progress("eigenvectors", 0, 1)
        W0 = problem.combine(problem.layers[0].weights)
        witness = eigenbasis_approx(W0.to_binary64_approx())
    degenerate = _degeneracy(problem, W0, emission)
    proof, witness, used = _prove_refining(problem, emission, witness, degenerate, task.precision, watch, progress)
    with watch("certificates"), working_precision(used):
        found = cert.classify(problem, proof, used)
        basis = None
        if witness is not None and proof.spectrum is not None:
            basis = cert.store_eigenbasis(witness, files)
        named, plain = _singular(problem, emission, proof, found.real_crossings, used)
        rows = numbered([*found.points, *named], found.open_pairs)
        names = {item.proof.pair: name for name, item in rows if isinstance(item, cert.PrintedPoint)}
        at_crossings = [Listed(name, None, item.parameter) for name, item in rows if isinstance(item, PrintedSingular)]
        branch = cert.printed_branch(found, names, at_crossings, proof, basis, used)
        bounds = cert.spectrum_bounds(proof.spectrum)
        if task.existence == "spectral":
            points: list[Point] = []
            for name, item in rows:
                if isinstance(item, cert.PrintedPoint) and basis is not None and bounds is not None:
                    points.append(cert.named_point(name, item, bounds, basis, used))
                elif isinstance(item, PrintedSingular) and basis is not None:
                    points.append(item.named(name, basis))
            return Found(branch, points, rows, emission, plain=plain)
    from .zero_branch_newton import with_newton_balls

    return with_newton_balls(task, emission, found, branch, named, plain, used)


def _singular(
    problem: Problem,
    emission: NetworkEmission,
    proof: ZeroBranchProof,
    crossings: Sequence[Enclosure],
    precision: int,
) -> tuple[list[PrintedSingular], list[PlainCrossing]]:
    """What happens at the real crossings."""
    if proof.basis is None or not crossings:
        return [], []
    sigma_1 = load_zero_branch(emission.normal_forms[0]).sigma_at_zero()[0]
    bias = None if problem.layers[0].bias is None else _bias(network_data(emission))
    if bias is not None and all(entry.is_zero() for entry in bias):
        bias = None
    return name_singular(proof, bias, sigma_1, crossings, precision)


def _bias(data: Mapping[str, arb_mat]) -> list[arb] | None:
    """b of the data of a network, None for 0."""
    return [row[0] for row in data["b1"].table()] if "b1" in data else None


def moderate(value: arb) -> bool:
    """|value| < 10^100, and, for a number proved nonzero, > 10^−100."""
    limit = ball(10**100)
    small = proves_nonzero(value) and not proves_less(1 / limit, abs(value))
    return proves_less(abs(value), limit) and not small


def emit(problem: Problem, problem_sha256: str) -> NetworkEmission:
    """The code of the field with the closed form of the branch."""

    def both() -> NetworkEmission:
        closed = zero_branch_text(problem.layers[0].activation)
        return emit_network(problem, problem_sha256, closed)

    return guarded(problem, both)


def require_same_derivatives(
    normal_form: ZeroBranchNormalForm | GainBranchNormalForm | CircleBranchNormalForm, derivatives: tuple[arb, arb, arb]
) -> None:
    """The derivatives at 0 that SymPy found must agree with the Taylor series of the text."""
    with working_precision(256):
        if not all(a.overlaps(b) for a, b in zip(normal_form.sigma_at_zero(), derivatives, strict=True)):
            raise AssertionError("two computations of the derivatives of σ at 0 disagree")


def moderate_derivatives(activation: str) -> tuple[arb, arb, arb] | Reason:
    """The first three derivatives of σ at 0, or why a method with a parameter on all of W cannot use them."""
    obstacle = zero_branch_obstacle(activation)
    if obstacle is not None:
        return Reason(obstacle)
    derivatives = derivatives_at_zero(activation)
    if derivatives is None or not proves_nonzero(derivatives[0]) or not all(map(moderate, derivatives)):
        return Reason("σ'(0) ≠ 0 could not be proved, or a derivative of σ at 0 is very large or very small")
    return derivatives


def require_settled(problem: Problem, beyond: tuple[arb, Failure] | None) -> None:
    """Raise UnsupportedError where something stays open for all large γ: there is no interval to name. beyond: from
    which |γ| on, and why."""
    if beyond is None or problem.interval is not None:
        return
    far, failure = beyond
    reach = f"; for |γ| < {float(far.lower()):.0e} nothing of this is left open" if far.is_finite() else ""
    expected = f"{failure.reason}{reach}; expected a range such as [\"-100\", \"100\"]"
    raise UnsupportedError(expected, key="parameter.interval")


def _degeneracy(problem: Problem, W0: ExactMatrix, emission: NetworkEmission) -> Failure | None:
    """A reason, established exactly, why no point of the branch is a nondegenerate Hopf point."""
    flat = no_coefficient(emission)
    if flat is not None:
        return flat
    odd_or_large = vanishing_at_zero(emission.activations[0])[1] or problem.dimension > 2
    if not problem.has_box and odd_or_large and _antisymmetric_up_to_identity(W0):
        return Failure(
            FailureCode.ANTISYMMETRIC,
            "W⁰ is exactly antisymmetric up to a multiple of I: all complex pairs reach the imaginary axis together "
            "and, for odd σ, the first Lyapunov coefficient is 0 (a quantity is conserved there)",
        )
    return None


def no_coefficient(emission: NetworkEmission) -> Failure | None:
    """Why ℓ1 is 0 at every Hopf point of the branch, where σ alone says so."""
    _, second, third = vanishing_at_zero(emission.activations[0])
    if second and third:
        reason = "σ''(0) = σ'''(0) = 0, so the first Lyapunov coefficient is 0"
        return Failure(FailureCode.DEGENERATE_ACTIVATION, reason)
    return None


def _antisymmetric_up_to_identity(W: ExactMatrix) -> bool:
    total = W.numerators + W.numerators.T
    expected = np.zeros(W.shape, dtype=object)
    expected[np.diag_indices(W.shape[0])] = total[0, 0]
    return bool(np.array_equal(total, expected))


def _prove_refining(
    problem: Problem,
    emission: NetworkEmission,
    witness: WitnessLimbs | None,
    degenerate: Failure | None,
    precision: int,
    watch: Stopwatch,
    progress: Progress,
) -> tuple[ZeroBranchProof, WitnessLimbs | None, int]:
    """Method S with better and better witnesses."""
    normal_form = load_zero_branch(emission.normal_forms[0])

    def attempt(balls: Witness | None) -> ZeroBranchProof:
        data = network_data(emission)  # at this precision
        return prove_zero_branch(data["W1"], _bias(data), normal_form, balls, degenerate, progress)

    def settled(proof: ZeroBranchProof) -> bool:
        return not proof.undecided and _well_separated(proof)

    return prove_refining(problem, witness, precision, attempt, widest_relative, settled, degenerate, watch)


class Classified(Protocol):
    """What is proved of a branch by one similarity."""

    @property
    def spectrum(self) -> Spectrum | None: ...


B = TypeVar("B", bound=Classified)


def prove_refining(
    problem: Problem,
    witness: WitnessLimbs | None,
    precision: int,
    attempt: Callable[[Witness | None], B],
    widest: Callable[[B], Fraction | None],
    settled: Callable[[B], bool],
    degenerate: Failure | None,
    watch: Stopwatch,
) -> tuple[B, WitnessLimbs | None, int]:
    """The best of attempts with better and better witnesses, until one is settled and as narrow as the problem's
    digits ask for, or the largest precision is reached; with its witness and its precision."""
    goal = Fraction(1, 10**problem.proof.digits)
    largest_precision = max(problem.proof.max_precision, precision)
    best: tuple[B, WitnessLimbs | None, int] | None = None
    while True:
        limbs = 1 if witness is None else len(witness.X)
        bits = max(precision, bits_for(limbs))
        with watch("proof"), working_precision(bits):
            balls = None if witness is None else witness_balls(witness)
            proof = attempt(balls)
            width = widest(proof)
            old_width = None if best is None else widest(best[0])
            better = best is None or (width is not None and (old_width is None or width < old_width))
            if better:
                best = (proof, witness, bits)
            done = width is not None and width <= goal and settled(proof)
            stuck = not better or (old_width is not None and width is not None and width > old_width / 2)
        if done or degenerate is not None or stuck or witness is None or proof.spectrum is None or balls is None:
            break
        if bits_for(limbs + 1) > largest_precision:
            break
        with watch("search"), working_precision(bits):
            N_minus_D = proof.spectrum.N - block_diagonal([(d.real, d.imag) for d in proof.spectrum.d], witness.pairs)
            witness = refine_eigenbasis(witness, midpoints_approx(N_minus_D), midpoints_approx(proof.spectrum.R))
        if witness is None:
            break
    if best is None:
        raise AssertionError("the first attempt always counts")
    return best


def witness_balls(witness: WitnessLimbs) -> Witness:
    """The exact witness; limbs are added without rounding."""
    bits = 2 * current_precision() + 2200  # more than the exponent range of binary64
    rows = binary64_matrix(witness.d, bits).table()
    X, Y = binary64_matrix(witness.X, bits), binary64_matrix(witness.Y, bits)
    return Witness(witness.pairs, X, Y, [acb(re, im) for re, im in rows])


def _well_separated(proof: ZeroBranchProof) -> bool:
    """Whether neighbouring γ-intervals stay disjoint after they are widened for printing."""
    if proof.spectrum is None:
        return False
    discs = zip(proof.spectrum.d, proof.spectrum.g, strict=True)
    ends = sorted(enclosure(arb(d.real, WIDENED * g)) for d, g in discs)
    return all(before[1] < after[0] for before, after in pairwise(ends))
