"""A run of Method S: the branch W(gamma)x + b = 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from flint import acb, arb

from ..bundle.json_text import Files, Json
from ..bundle.problem_writer import describe
from ..claims import zero_branch as cert
from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.rows import Row, numbered, store_points
from ..claims.summary import summary_document, summary_rows
from ..codegen.layered import emit_layered
from ..codegen.one_layer import Emission, Evaluator, emit_evaluator
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
from ..numbers.exact import ExactMatrix, parse_printed_decimal
from ..numbers.outward import Enclosure
from ..problem.equations import EquationsProblem
from ..problem.network import Problem
from ..problem.problem import AnyProblem
from ..proof.activation_at_zero import derivatives_at_zero, zero_branch_obstacle
from ..proof.failure import Failure, FailureCode
from ..proof.spectrum import Witness
from ..proof.zero_branch import Progress, ZeroBranchProof, prove_zero_branch, widest_relative
from ..search.eigenbasis import eigenbasis_approx, refine_eigenbasis
from ..search.location import Crossing
from ..search.witness import WitnessLimbs
from ..symbolic.time_limit import guarded
from .fields import AnyEmission
from .points import prove_points
from .result import Result
from .stopwatch import Stopwatch
from .workshop import Setting, block_diagonal

Series = tuple[arb, arb, arb]

LIMB_BITS = 53

GUARD_BITS = 75


def run_zero_branch(problem: Problem, series: Series, start: int, method: str, jobs: int, progress: Progress) -> Result:
    """Method S; with newton-kantorovich its points are proved once more, by Method N."""
    watch = Stopwatch()
    with watch("problem"):
        files, document, problem_sha256 = describe(problem)
    progress("derivation", 0, 1)
    with watch("derivation and code"):
        emission = derive_and_emit(problem, problem_sha256)
        evaluator = Evaluator(problem, emission)
        _require_consistent(evaluator, series)
        files.contents["evaluator.py"] = emission.source.encode()
    with watch("search"):
        progress("eigenvectors", 0, 1)
        W0 = problem.combine(problem.layers[0].weights)
        witness = eigenbasis_approx(W0.to_binary64_approx())
    degenerate = _degeneracy(problem, W0, emission)
    branch, witness, used = _prove_refining(problem, evaluator, witness, degenerate, start, watch, progress)
    with watch("certificates"), working_precision(used):
        classification = cert.classify(problem, branch, used)
        references = None
        if witness is not None and branch.spectrum is not None:
            references = cert.WitnessReferences.store(witness, files)
        rows = _numbered(classification)
        identifiers = {item.proof.pair: name for name, item in rows if isinstance(item, cert.PointClaims)}
        points: dict[str, Json] = {}
        if method == "spectral":
            for name, item in rows:
                if isinstance(item, cert.PointClaims) and references is not None:
                    points[name] = cert.point_document(name, item, branch, problem_sha256, references, used)
                    files.add_json(f"points/{name}.json", points[name])
        branch_json = cert.branch_document(classification, identifiers, branch, problem_sha256, references, used)
        files.add_json("branch.json", branch_json)
    if method != "spectral":
        with watch("derivation and code"):
            layered = guarded(problem, lambda: emit_layered(problem, problem_sha256))
            files.contents["evaluator.py"] = layered.source.encode()
        with watch("proof"):
            found = [(point, point.proof.equilibrium is None) for point in classification.points]
            proved, opened = newton_points(problem, layered, found, precision=used, jobs=jobs, progress=progress)
        with watch("certificates"):
            opened += [_as_open_point(item) for item in classification.open_items if item.omega is not None]
            newton_rows = numbered(proved, opened)
            known = [row for row in newton_rows if not _from_classification(row[1], classification)]
            points = store_newton_branch(branch_json, known, problem_sha256, files)
        claims = branch_json["claims"]
        summary = summary_document(problem, start, used, "zero-branch", claims, summary_rows(newton_rows))
        return Result(problem, layered, document, branch_json, points, summary, files.contents, watch)
    summary = summary_document(problem, start, used, "zero-branch", branch_json["claims"], summary_rows(rows))
    return Result(problem, emission, document, branch_json, points, summary, files.contents, watch)


def _as_open_point(item: cert.OpenItem) -> OpenPoint:
    middle = sum((parse_printed_decimal(text) for text in item.parameter), Fraction(0)) / 2
    return OpenPoint(float(middle), item.code, item.reason, item.parameter, item.omega, item.first_lyapunov_coefficient)


def _from_classification(item: PointContent | OpenPoint, classification: cert.Classification) -> bool:
    """Whether an open point stands in the zero-branch `unsettled` already."""
    return isinstance(item, OpenPoint) and any(
        item.parameter == other.parameter and item.code is other.code for other in classification.open_items
    )


def zero_branch_series(problem: AnyProblem) -> Series | str:
    """The derivatives of σ at 0 where Method S applies, else the reason why it does not."""
    if isinstance(problem, EquationsProblem):
        return "it is for networks"
    if not problem.one_layer_shift:
        return 'it is for one-layer networks without leak and the parameter on the identity (enters = "identity")'
    layer = problem.layers[0]
    obstacle = zero_branch_obstacle(layer.activation)
    if obstacle is not None:
        return obstacle
    derivatives = derivatives_at_zero(layer.activation)
    if derivatives is None or not proves_nonzero(derivatives[0]):
        return "σ'(0) ≠ 0 could not be proved (where σ'(0) = 0 the whole spectrum is zero)"
    if not all(_moderate(value) for value in derivatives):
        return "a derivative of σ at 0 is larger than 1e100, or σ'(0) smaller than 1e-100, in absolute value"
    return derivatives


def _moderate(value: arb) -> bool:
    """|value| < 10^100, and, for a number proved nonzero, > 10^−100."""
    limit = ball(10**100)
    small = proves_nonzero(value) and not proves_less(1 / limit, abs(value))
    return proves_less(abs(value), limit) and not small


def derive_and_emit(problem: Problem, problem_sha256: str) -> Emission:
    """`emit_evaluator`, guarded."""
    return guarded(problem, lambda: emit_evaluator(problem, problem_sha256))


def _require_consistent(evaluator: Evaluator, series: Series) -> None:
    """The derivatives at 0 that SymPy found must agree with the Taylor series of the text."""
    with working_precision(256):
        if not all(a.overlaps(b) for a, b in zip(evaluator.sigma_at_zero(), series, strict=True)):
            raise AssertionError("two computations of the derivatives of σ at 0 disagree")


def _degeneracy(problem: Problem, W0: ExactMatrix, emission: Emission) -> Failure | None:
    """A reason, established exactly, why no point of the branch is a nondegenerate Hopf point."""
    _, second, third = emission.activation.derivatives_at_zero
    if second == 0 and third == 0:
        return Failure(
            FailureCode.DEGENERATE_ACTIVATION, "σ''(0) = σ'''(0) = 0, so the first Lyapunov coefficient is 0"
        )
    odd_or_large = second == 0 or problem.dimension > 2
    if not problem.has_box and odd_or_large and _antisymmetric_up_to_identity(W0):
        return Failure(
            FailureCode.ANTISYMMETRIC,
            "W⁰ is exactly antisymmetric up to a multiple of I: all complex pairs reach the imaginary axis together "
            "and, for odd σ, the first Lyapunov coefficient is 0 (a quantity is conserved there)",
        )
    return None


def _antisymmetric_up_to_identity(W: ExactMatrix) -> bool:
    total = W.numerators + W.numerators.T
    expected = np.zeros(W.shape, dtype=object)
    expected[np.diag_indices(W.shape[0])] = total[0, 0]
    return bool(np.array_equal(total, expected))


def _prove_refining(
    problem: Problem,
    evaluator: Evaluator,
    witness: WitnessLimbs | None,
    degenerate: Failure | None,
    precision: int,
    watch: Stopwatch,
    progress: Progress,
) -> tuple[ZeroBranchProof, WitnessLimbs | None, int]:
    """Method S with better and better witnesses, until settled or the largest precision is reached."""
    goal = Fraction(1, 10**problem.proof.digits)
    largest_precision = max(problem.proof.max_precision, precision)
    best: tuple[ZeroBranchProof, WitnessLimbs | None, int] | None = None
    while True:
        limbs = 1 if witness is None else len(witness.X)
        bits = max(precision, LIMB_BITS * limbs + GUARD_BITS)
        with watch("proof"), working_precision(bits):
            W = evaluator.weights()
            balls = None if witness is None else _witness_balls(witness)
            proof = prove_zero_branch(W, balls, evaluator, degenerate, progress)
            width = widest_relative(proof)
            old_width = None if best is None else widest_relative(best[0])
            better = best is None or (width is not None and (old_width is None or width < old_width))
            if better:
                best = (proof, witness, bits)
            settled = not proof.undecided and width is not None and width <= goal and _well_separated(proof)
            stuck = not better or (old_width is not None and width is not None and width > old_width / 2)
        if settled or degenerate is not None or stuck or witness is None or proof.spectrum is None or balls is None:
            break
        if LIMB_BITS * (limbs + 1) + GUARD_BITS > largest_precision:
            break
        with watch("search"), working_precision(bits):
            N_minus_D = proof.spectrum.N - block_diagonal([(d.real, d.imag) for d in proof.spectrum.d], witness.pairs)
            witness = refine_eigenbasis(witness, midpoints_approx(N_minus_D), midpoints_approx(proof.spectrum.R))
        if witness is None:
            break
    if best is None:
        raise AssertionError("the first attempt always counts")
    return best


def _witness_balls(witness: WitnessLimbs) -> Witness:
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
    ends = sorted(enclosure(arb(d.real, 2 * g)) for d, g in discs)
    return all(before[1] < after[0] for before, after in pairwise(ends))


def _numbered(classification: cert.Classification) -> list[tuple[str, cert.PointClaims | cert.OpenItem]]:
    """Proved points and undecided pairs, numbered together by the lower ends of `parameter`."""
    items: list[cert.PointClaims | cert.OpenItem] = [*classification.points]
    items += [item for item in classification.open_items if item.omega is not None]

    def position(item: cert.PointClaims | cert.OpenItem) -> Fraction:
        pair = item.claims["parameter"] if isinstance(item, cert.PointClaims) else item.parameter
        return parse_printed_decimal(pair[0])

    return [(f"hopf-{number:04d}", item) for number, item in enumerate(sorted(items, key=position), start=1)]


def newton_points(
    problem: Problem,
    emission: AnyEmission,
    found: Sequence[tuple[cert.PointClaims, bool]],
    *,
    precision: int,
    jobs: int,
    progress: Progress,
) -> tuple[list[PointContent], list[OpenPoint]]:
    """Method N at the points that the zero-branch classification has proved. found: (point, whether x* = 0).

    Every one of them is in one of the lists: they are different points, also where Method N cannot tell them apart.
    """
    crossings = [_crossing(point) for point, _ in found]
    trivial = all(at_zero for _, at_zero in found)
    setting = Setting(problem, emission, precision, trivial, "newton-kantorovich", zero_branch=True)
    proved, opened = prove_points(setting, crossings, jobs, progress)
    here = {content.candidate for content in proved} | {item.candidate for item in opened}
    for index in set(range(len(crossings))) - here:
        gamma, claims = crossings[index].gamma, found[index][0].claims
        reason = "the enclosures of this point and of another one overlap"
        opened.append(
            OpenPoint(gamma, FailureCode.REAL_PARTS_NOT_SEPARATED, reason, claims["parameter"], candidate=index)
        )
    known = [point.claims["parameter"] for point, _ in found]
    return proved, [replace(item, parameter=_hull(item.parameter, known[item.candidate])) for item in opened]


def _hull(a: Enclosure, b: Enclosure) -> Enclosure:
    return [min(a[0], b[0], key=parse_printed_decimal), max(a[1], b[1], key=parse_printed_decimal)]


def _crossing(point: cert.PointClaims) -> Crossing:
    def middle(pair: Sequence[str]) -> float:
        return float(sum((parse_printed_decimal(text) for text in pair), Fraction(0)) / 2)

    claims = point.claims
    x = np.array([middle(pair) for pair in claims["equilibrium"]])
    n_u = claims["unstable_eigenvalues"]
    gamma, omega, speed = (middle(claims[key]) for key in ("parameter", "omega", "crossing_speed"))
    return Crossing("hopf", gamma, x, omega, speed, n_u, 0.0, 0, True, "")


def store_newton_branch(branch_json: Json, rows: Sequence[Row], problem_sha256: str, files: Files) -> dict[str, Json]:
    """Put points proved by Method N into a zero-branch `branch.json` (changed in place); returns the certificates."""
    points = store_points(rows, problem_sha256, files)
    claims = branch_json["claims"]
    claims["points"] = [
        {"id": name, "pair": None, "parameter": document["claims"]["parameter"]} for name, document in points.items()
    ]
    open_rows = [item for _, item in rows if isinstance(item, OpenPoint)]
    claims["unsettled"] += [
        {"interval": item.parameter, "reason": item.reason, "code": item.code.value} for item in open_rows
    ]
    claims["unsettled"].sort(key=lambda piece: parse_printed_decimal(piece["interval"][0]))
    claims["complete"] = not claims["unsettled"]
    files.add_json("branch.json", branch_json)
    return points
