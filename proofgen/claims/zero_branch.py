"""Certificates: proofs as exact JSON documents (proofs/FORMAT.md). Makes no claim of its own.

Every enclosure is rounded outward and widened by a quarter of its radius, or doubled where it comes from
longer ball arithmetic (ℓ1, Im S, q^H q, x*), and by 2^−(precision − 24) relative; every bound by about as
much. So a checker that rounds or orders operations differently lands inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import arb

from ..bundle.json_text import VERSION, Files, Json
from ..bundle.problem_writer import plain_decimal
from ..numbers.balls import enclosure, largest
from ..numbers.exact import parse_printed_decimal
from ..numbers.outward import DERIVED, Enclosure, claim, exact_or_claim, excludes_zero, lower_bound, upper_bound
from ..problem.network import Problem
from ..proof.failure import Failure, FailureCode
from ..proof.zero_branch import HopfProof, Undecided, ZeroBranchProof
from ..search.witness import WitnessLimbs

# --- the problem -----------------------------------------------------------------------------


# --- points ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class WitnessReferences:
    """Array references of the limbs of X, Y, d, as they stand in a certificate."""

    pairs: int
    X: list[Json]
    Y: list[Json]
    d: list[Json]

    @staticmethod
    def store(witness: WitnessLimbs, files: Files) -> WitnessReferences:
        def limbs(name: str, arrays: Sequence[npt.NDArray[np.float64]]) -> list[Json]:
            return [files.add_array(name if i == 0 else f"{name}-{i + 1}", array) for i, array in enumerate(arrays)]

        return WitnessReferences(witness.pairs, limbs("X", witness.X), limbs("Y", witness.Y), limbs("d", witness.d))

    def document(self, pair: int | None = None) -> Json:
        document: Json = {"pairs": self.pairs, "X": self.X, "Y": self.Y, "d": self.d}
        return document if pair is None else {**document, "pair": pair}


@dataclass(frozen=True)
class PointClaims:
    """A proved point with its printed claims; re-proved as printed (see `point_claims`)."""

    proof: HopfProof
    claims: Json


def point_claims(proof: HopfProof, dimension: int, precision: int) -> PointClaims | FailureCode:
    """The claims of a point as they will be printed, or why the printed form no longer proves it.

    The printed inequalities are checked again on the decimals: ω > 0, ℓ1 ≠ 0, d ≠ 0, gap > 0.
    """
    if proof.equilibrium is None:
        equilibrium = [["0", "0"]] * dimension
    else:
        equilibrium = [claim(x, precision, DERIVED) for x in proof.equilibrium]
    claims: Json = {
        "parameter": claim(proof.parameter, precision),
        "omega": claim(proof.omega, precision),
        "first_lyapunov_coefficient": claim(proof.first_lyapunov_coefficient, precision, DERIVED),
        "crossing_speed": exact_or_claim(proof.crossing_speed, precision),
        "unstable_eigenvalues": proof.unstable_eigenvalues,
        "stable_eigenvalues": proof.stable_eigenvalues,
        "criticality": proof.criticality,
        "spectral_gap": None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        "equilibrium": equilibrium,
    }
    if not excludes_zero(claims["first_lyapunov_coefficient"]):
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if parse_printed_decimal(claims["omega"][0]) <= 0 or parse_printed_decimal(lower_bound(proof.isolation)) <= 0:
        return FailureCode.EIGENVALUE_TYPE
    gap = claims["spectral_gap"]
    if not excludes_zero(claims["crossing_speed"]) or (gap is not None and parse_printed_decimal(gap) <= 0):
        return FailureCode.REAL_PARTS_NOT_SEPARATED
    sign = -1 if proof.criticality == "supercritical" else 1
    if parse_printed_decimal(claims["first_lyapunov_coefficient"][0]) * sign <= 0:
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    return PointClaims(proof, claims)


def point_document(
    identifier: str,
    point: PointClaims,
    branch: ZeroBranchProof,
    problem_sha256: str,
    witness: WitnessReferences,
    precision: int,
) -> Json:
    """`points/ID.json`."""
    proof, spectrum = point.proof, branch.spectrum
    if spectrum is None:
        raise ValueError("a proved point needs a spectrum")
    bounds = {
        "rho": upper_bound(spectrum.rho),
        "norm_N": upper_bound(spectrum.norm_N),
        "eigenvalue": [claim(proof.eigenvalue.real, precision), claim(proof.eigenvalue.imag, precision)],
        "disc_radius": upper_bound(proof.disc_radius),
        "isolation": lower_bound(proof.isolation),
        "separation": None if proof.separation is None else lower_bound(proof.separation),
        "delta_right": upper_bound(proof.delta_right),
        "delta_left": upper_bound(proof.delta_left),
        "pq_defect": upper_bound(proof.pq_defect),
        "q_norm_squared": claim(proof.q_norm_squared, precision, DERIVED),
        "im_S": claim(proof.im_S, precision, DERIVED),
        "resolvent_gap": None if proof.resolvent_gap is None else lower_bound(proof.resolvent_gap),
    }
    return {
        "format": "proofgen-certificate",
        "version": VERSION,
        "id": identifier,
        "problem": {"file": "problem.json", "sha256": problem_sha256},
        "method": "zero-branch",
        "claims": point.claims,
        "bounds": bounds,
        "witness": witness.document(proof.pair),
        "precision": precision,
    }


# --- the branch ------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenItem:
    """An undecided piece with printed enclosures."""

    parameter: Enclosure
    code: FailureCode
    reason: str
    omega: Enclosure | None = None
    first_lyapunov_coefficient: Enclosure | None = None

    @property
    def explanation(self) -> str:
        """The reason with its remedy, for people."""
        return str(Failure(self.code, self.reason))


@dataclass(frozen=True)
class Classification:
    """The branch within the γ-range: everything that meets the axis, as printed, in the order of lower ends."""

    interval: Enclosure | None
    points: list[PointClaims]
    open_items: list[OpenItem]
    real_crossings: list[Enclosure]

    @property
    def complete(self) -> bool:
        return not self.open_items


def classify(problem: Problem, branch: ZeroBranchProof, precision: int) -> Classification:
    """Print every enclosure, drop what is certainly outside the interval, keep the rest accounted for.

    What is claimed of a real crossing ("exactly one γ in the enclosure at which W(γ) is singular") is
    proved again of the printed enclosure: it must not meet that of any other disc, widened as for printing.
    """
    points: list[PointClaims] = []
    crossings: list[Enclosure] = []
    open_items = [_open_item(item, precision) for item in branch.undecided]
    for proof in branch.points:
        point = point_claims(proof, problem.dimension, precision)
        if isinstance(point, FailureCode):
            item = Undecided(proof.parameter, _printed_failure(point), proof.omega, proof.first_lyapunov_coefficient)
            open_items.append(_open_item(item, precision))
            continue
        side = _side(problem, point.claims["parameter"])
        if side == "inside":
            points.append(point)
        elif side == "end":
            open_items.append(_end_item(point.claims["parameter"], point.claims["omega"]))
    for block, crossing in branch.real_crossings:
        printed = claim(crossing, precision)
        side = _side(problem, printed)
        if side != "outside" and not _alone(branch, block, printed):
            reason = "the printed enclosure of a real crossing meets that of another eigenvalue"
            open_items.append(OpenItem(printed, FailureCode.REAL_PARTS_NOT_SEPARATED, reason))
        elif side == "inside":
            crossings.append(printed)
        elif side == "end":
            open_items.append(_end_item(printed, None))
    open_items = [item for item in open_items if _side(problem, item.parameter) != "outside"]
    points.sort(key=lambda point: parse_printed_decimal(point.claims["parameter"][0]))
    crossings.sort(key=lambda pair: parse_printed_decimal(pair[0]))
    open_items.sort(key=lambda item: (parse_printed_decimal(item.parameter[0]), item.omega or []))
    interval = None if problem.interval is None else [plain_decimal(end) for end in problem.interval]
    return Classification(interval, points, open_items, crossings)


def _alone(branch: ZeroBranchProof, block: int, printed: Sequence[str]) -> bool:
    """Whether the printed γ-enclosure of a real crossing meets the widened γ-interval of no other disc."""
    if branch.spectrum is None:
        return False
    lower, upper = parse_printed_decimal(printed[0]), parse_printed_decimal(printed[1])
    others = zip(branch.spectrum.d, branch.spectrum.g, strict=True)
    ends = [enclosure(-arb(d.real, 2 * g)) for index, (d, g) in enumerate(others) if index != block]
    return all(high < lower or upper < low for low, high in ends)


def _printed_failure(code: FailureCode) -> Failure:
    return Failure(code, "the inequality is proved, but no longer holds as printed")


def _open_item(item: Undecided, precision: int) -> OpenItem:
    ell1 = item.first_lyapunov_coefficient
    return OpenItem(
        claim(item.parameter, precision),
        item.failure.code,
        item.failure.reason,
        None if item.omega is None or not item.omega.is_finite() else claim(item.omega, precision),
        None if ell1 is None else claim(ell1, precision, DERIVED),
    )


def _end_item(parameter: Enclosure, omega: Enclosure | None) -> OpenItem:
    reason = "the enclosure contains an end of the parameter interval"
    return OpenItem(parameter, FailureCode.INTERVAL_END, reason, omega)


def _side(problem: Problem, pair: Sequence[str]) -> str:
    if problem.interval is None:
        return "inside"
    (a, b), lower, upper = problem.interval, parse_printed_decimal(pair[0]), parse_printed_decimal(pair[1])
    if a <= lower and upper <= b:
        return "inside"
    return "outside" if upper < a or lower > b else "end"


def branch_document(
    classification: Classification,
    identifiers: Mapping[int, str],
    branch: ZeroBranchProof,
    problem_sha256: str,
    witness: WitnessReferences | None,
    precision: int,
) -> Json:
    """`branch.json`. identifiers: pair → id of its certificate."""
    spectrum = branch.spectrum
    bounds: Json | None = None
    if spectrum is not None:
        bounds = {
            "rho": upper_bound(spectrum.rho),
            "norm_N": upper_bound(spectrum.norm_N),
            "max_disc_radius": upper_bound(largest(spectrum.g)),
        }
    return {
        "format": "proofgen-branch",
        "version": VERSION,
        "problem": {"file": "problem.json", "sha256": problem_sha256},
        "method": "zero-branch",
        "claims": {
            "interval": classification.interval,
            "complete": classification.complete,
            "points": [
                {"id": identifiers[p.proof.pair], "pair": p.proof.pair, "parameter": p.claims["parameter"]}
                for p in classification.points
            ],
            "real_crossings": classification.real_crossings,
            "unsettled": [
                {"interval": item.parameter, "reason": item.reason, "code": item.code.value}
                for item in classification.open_items
            ],
        },
        "bounds": bounds,
        "witness": None if witness is None or bounds is None else witness.document(),
        "precision": precision,
    }
