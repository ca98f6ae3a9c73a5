"""A run of the method gain-branch: x = 0 of x' = −δx + σ(γWx) or x' = −δx + γWσ(x), for all real γ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from flint import arb

from ..bundle.gain_branch import GainBranch, GainPoint
from ..bundle.listing import Listed
from ..claims import gain_branch as cert
from ..claims.rows import numbered
from ..claims.zero_branch import store_eigenbasis
from ..codegen.network import NetworkEmission, emit_network, network_data
from ..codegen.normal_form import gain_branch_text, load_gain_branch
from ..errors import UnsupportedError
from ..numbers.balls import (
    ball,
    enclosure,
    largest,
    proves_nonzero,
    proves_positive,
    working_precision,
)
from ..numbers.outward import WIDENED
from ..problem.network import Problem, RateGain
from ..progress import Progress, Stopwatch
from ..proof.gain_branch import GainBranchProof, GainLaw, prove_gain_branch
from ..proof.spectrum import Witness
from ..proof.zero_eigenvalues import nullity
from ..search.eigenbasis import eigenbasis_approx
from ..search.witness import WitnessLimbs
from ..symbolic.time_limit import guarded
from . import branch, other_fields
from .points import OF_CROSSINGS, certified_by_ways
from .task import Found, Reason, Task
from .zero_branch import (
    moderate_derivatives,
    no_coefficient,
    prove_refining,
    require_same_derivatives,
    require_settled,
)
from .zero_crossing import named_on_line, with_crossings

POINTS = {
    "spectral": OF_CROSSINGS | {GainPoint.method}, "newton-kantorovich": certified_by_ways("newton-kantorovich")
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The gain, and the first three derivatives of σ at 0."""

    gain: RateGain
    derivatives: tuple[arb, arb, arb]


def applies(problem: Any) -> Known | Reason:
    """Whether a problem is a rate network whose gain is the parameter, with x = 0 as its branch."""
    gain = problem.rate_gain if problem.kind in GainBranch.fields else None
    if gain is None:
        return other_fields.GAIN_BRANCH
    if problem.interval is not None and problem.layers[-1].weights:  # a matrix: by pieces, with theorems of crossings
        return Reason("over an interval it is for enters = { gain = true }")
    if problem.start is not None and any(problem.start):
        return Reason("network.start asks for another branch than x = 0")
    derivatives = moderate_derivatives(problem.layers[0].activation)
    return derivatives if isinstance(derivatives, Reason) else Known(gain, derivatives)


def emit(problem: Problem, problem_sha256: str) -> NetworkEmission:
    """The code of the field with the closed form of the branch."""
    gain = problem.rate_gain
    if gain is None:
        raise ValueError("not a rate network with a gain")

    def both() -> NetworkEmission:
        closed = gain_branch_text(problem.layers[0].activation, gain.outside)
        return emit_network(problem, problem_sha256, closed)

    return guarded(problem, both)


def prove(task: Task, known: Known) -> Found:
    """The classification; points by Method N are those of a branch over an interval."""
    problem: Problem = task.problem
    if task.existence != "spectral":
        if problem.interval is None:
            expected = 'expected a range such as ["0.5", "2"]: all real values of a gain are for the method spectral'
            raise UnsupportedError(expected, key="parameter.interval")
        other = branch.applies(problem)
        if isinstance(other, Reason):
            raise UnsupportedError(other.text)
        branch.require(problem, {})
        return branch.prove(task, other)
    watch, progress, files, gain = task.watch, task.progress, task.files, known.gain
    progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = emit(problem, task.file.sha256)
        normal_form = load_gain_branch(emission.normal_forms[0])
        require_same_derivatives(normal_form, known.derivatives)
        files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        progress("eigenvectors", 0, 1)
        witness = eigenbasis_approx(problem.combine(gain.terms).to_binary64_approx())
    proof, witness, used = _prove_refining(problem, gain, emission, witness, task.precision, watch, progress)
    require_settled(problem, proof.beyond)
    with watch("certificates"), working_precision(used):
        law = GainLaw(ball(gain.leak), normal_form.sigma_at_zero()[0])
        found = cert.classify(problem, proof, law, used)
        basis = None
        if witness is not None and proof.spectrum is not None:
            basis = store_eigenbasis(witness, files)
        named, plain = named_on_line(task, emission, found.real_crossings)
        rows = numbered([*found.points, *named], found.open_pairs)
        printed = [(name, item) for name, item in rows if isinstance(item, cert.PrintedGainPoint)]
        names = {item.proof.pair: name for name, item in printed}
        points = [cert.named_point(name, item, proof, basis, used) for name, item in printed if basis is not None]

        def printed_with(listed: list[Listed]) -> GainBranch:
            return cert.printed_branch(found, names, listed, proof, basis, used)

        printed_branch, in_order = with_crossings(points, rows, files, printed_with)
        return Found(printed_branch, in_order, rows, emission, plain=plain)


def _prove_refining(
    problem: Problem,
    gain: RateGain,
    emission: NetworkEmission,
    witness: WitnessLimbs | None,
    precision: int,
    watch: Stopwatch,
    progress: Progress,
) -> tuple[GainBranchProof, WitnessLimbs | None, int]:
    """With better and better witnesses."""
    normal_form, degenerate = load_gain_branch(emission.normal_forms[0]), no_coefficient(emission)
    dimension = cache(lambda: nullity(problem.combine(gain.terms)))

    def attempt(balls: Witness | None) -> GainBranchProof:
        W = network_data(emission)[f"E{gain.layer}"]
        return prove_gain_branch(W, ball(gain.leak), normal_form, balls, degenerate, progress, dimension)

    def settled(proof: GainBranchProof) -> bool:
        law = GainLaw(ball(gain.leak), normal_form.sigma_at_zero()[0])
        whole = proof.beyond is None or problem.interval is not None
        return not proof.undecided and whole and _well_separated(proof, law)

    return prove_refining(problem, witness, precision, attempt, _widest, settled, degenerate, watch)


def _widest(proof: GainBranchProof) -> Fraction | None:
    """The largest of g_k/|Re μ| for the discs away from the axis, and of g_k/‖N‖ for all."""
    spectrum = proof.spectrum
    if spectrum is None or not proves_positive(spectrum.norm_N):
        return None
    pairs = zip(spectrum.d, spectrum.g, strict=True)
    shares = [g / abs(d.real) for d, g in pairs if proves_nonzero(arb(d.real, g))]
    return enclosure(largest([*shares, largest(spectrum.g) / spectrum.norm_N]))[1]


def _well_separated(proof: GainBranchProof, law: GainLaw) -> bool:
    """Whether neighbouring γ-intervals stay disjoint after they are widened for printing."""
    if proof.spectrum is None:
        return False
    gammas = [law.parameter(proof.spectrum, k, WIDENED) for k in range(len(proof.spectrum.d))]
    ends = sorted(enclosure(gamma) for gamma in gammas if gamma.is_finite())
    return all(before[1] < after[0] for before, after in pairwise(ends))
