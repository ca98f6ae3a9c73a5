"""What is printed of the branch W(γ)x + b = 0 and of its points (FORMAT.md, sections 6 and 7).

Makes no claim of its own. Every enclosure is rounded outward and widened by a quarter of its radius, or doubled where
it comes from longer ball arithmetic (ℓ1, Im S, q^H q, x*), and by 2^−(precision − 24) relative; every bound by about as
much. So a checker that rounds or orders operations differently lands inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from flint import arb

from ..bundle.hopf_point import Eigenbasis, HopfClaims, HopfRow
from ..bundle.json_text import Files
from ..bundle.kinds import Point
from ..bundle.listing import Listed, Unsettled
from ..bundle.zero_branch import (
    PairWitness,
    SpectrumBounds,
    ZeroBranch,
    ZeroBranchBounds,
    ZeroBranchClaims,
    ZeroBranchPoint,
)
from ..numbers.balls import enclosure, largest
from ..numbers.outward import DERIVED, WIDENED, claim, exact_or_claim, lower_bound, upper_bound
from ..numbers.printed import ZERO, Enclosure
from ..problem.network import Problem
from ..proof.failure import Failure, FailureCode
from ..proof.spectrum import Spectrum
from ..proof.zero_branch import Undecided, ZeroBranchPointProof, ZeroBranchProof
from ..search.witness import WitnessLimbs
from .hopf_point import OpenPoint, store_limbs


def store_eigenbasis(witness: WitnessLimbs, files: Files) -> Eigenbasis:
    """The witness that the branch and all its points share."""
    X, Y, d = (store_limbs(name, getattr(witness, name), files) for name in "XYd")
    return Eigenbasis(witness.pairs, X, Y, d)


# --- points ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrintedPoint:
    """A proved point with its printed claims, of which the printed inequalities are proved (see `printed_point`)."""

    proof: ZeroBranchPointProof
    claims: HopfClaims

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> HopfRow:
        return self.claims.row


def printed_point(proof: ZeroBranchPointProof, dimension: int, precision: int) -> PrintedPoint | FailureCode:
    """The claims of a point as they will be printed, or why the printed form no longer proves it.

    The printed inequalities are checked again: ω > 0, ℓ1 ≠ 0, d ≠ 0, gap > 0.
    """
    equilibrium = (ZERO,) * dimension
    if proof.equilibrium is not None:
        equilibrium = tuple(claim(x, precision, DERIVED) for x in proof.equilibrium)
    claims = HopfClaims(
        parameter=claim(proof.parameter, precision),
        omega=claim(proof.omega, precision),
        first_lyapunov_coefficient=claim(proof.first_lyapunov_coefficient, precision, DERIVED),
        crossing_speed=exact_or_claim(proof.crossing_speed, precision),
        unstable_eigenvalues=proof.unstable_eigenvalues,
        stable_eigenvalues=proof.stable_eigenvalues,
        criticality=proof.criticality,
        spectral_gap=None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        equilibrium=equilibrium,
    )
    gap = claims.spectral_gap
    if not claims.sign_is_claimed:
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if claims.omega.low <= 0 or lower_bound(proof.isolation).value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if not claims.crossing_speed.excludes_zero or (gap is not None and gap.value <= 0):
        return FailureCode.REAL_PARTS_NOT_SEPARATED
    return PrintedPoint(proof, claims)


def named_point(
    name: str, point: PrintedPoint, shared: SpectrumBounds, basis: Eigenbasis, precision: int
) -> ZeroBranchPoint:
    """The certificate. shared: what all points of a branch have; basis: as stored."""
    proof = point.proof
    bounds = ZeroBranchBounds(
        rho=shared.rho,
        norm_N=shared.norm_N,
        eigenvalue=(claim(proof.eigenvalue.real, precision), claim(proof.eigenvalue.imag, precision)),
        disc_radius=upper_bound(proof.disc_radius),
        isolation=lower_bound(proof.isolation),
        separation=None if proof.separation is None else lower_bound(proof.separation),
        delta_right=upper_bound(proof.delta_right),
        delta_left=upper_bound(proof.delta_left),
        pq_defect=upper_bound(proof.pq_defect),
        q_norm_squared=claim(proof.q_norm_squared, precision, DERIVED),
        im_S=claim(proof.im_S, precision, DERIVED),
        resolvent_gap=None if proof.resolvent_gap is None else lower_bound(proof.resolvent_gap),
    )
    return ZeroBranchPoint(name, point.claims, bounds, PairWitness(**vars(basis), pair=proof.pair), precision)


# --- the branch ------------------------------------------------------------------------------


class Claimed(Protocol):
    """A proved point with its printed claims."""

    @property
    def claims(self) -> HopfClaims: ...
    @property
    def parameter(self) -> Enclosure: ...


class ProvedPair(Protocol):
    """What is proved of the point of a pair, as far as it is known without its printed claims."""

    @property
    def parameter(self) -> arb: ...
    @property
    def omega(self) -> arb: ...
    @property
    def first_lyapunov_coefficient(self) -> arb: ...


P = TypeVar("P", bound=Claimed)
Q = TypeVar("Q", bound=ProvedPair)


@dataclass(frozen=True)
class Classification(Generic[P]):
    """The branch within the γ-range: everything that meets the axis, as printed, in the order of lower ends."""

    interval: Enclosure | None
    points: list[P]
    open_points: list[OpenPoint]
    real_crossings: list[Enclosure]

    @property
    def open_pairs(self) -> list[OpenPoint]:
        """Those of a pair, which are listed like points."""
        return [item for item in self.open_points if item.omega is not None]


def classify(problem: Problem, branch: ZeroBranchProof, precision: int) -> Classification[PrintedPoint]:
    """What meets the axis on the branch, as printed."""
    return classified(
        problem, branch.points, branch.real_crossings, [open_point(item, precision) for item in branch.undecided],
        lambda proof: printed_point(proof, problem.dimension, precision),
        lambda block, printed: _alone(branch, block, printed), precision,
    )  # fmt: skip


def classified(
    problem: Problem,
    proofs: Sequence[Q],
    real_crossings: Sequence[tuple[int, arb]],
    opened: list[OpenPoint],
    printed_point: Callable[[Q], P | FailureCode],
    alone: Callable[[int, Enclosure], bool],
    precision: int,
) -> Classification[P]:
    """Print every enclosure, drop what is certainly outside the interval, keep the rest accounted for.

    What is claimed of a real crossing ("exactly one γ in the enclosure") is proved again of the printed enclosure:
    alone(block, printed) says that it does not meet that of any other disc, widened as for printing. opened: what is
    open already.
    """
    points: list[P] = []
    crossings: list[Enclosure] = []
    for proof in proofs:
        point = printed_point(proof)
        if isinstance(point, FailureCode):
            failure = Failure(point, "the inequality is proved, but no longer holds as printed")
            item = Undecided(proof.parameter, failure, proof.omega, proof.first_lyapunov_coefficient)
            opened.append(open_point(item, precision))
            continue
        side = side_of(problem, point.parameter)
        if side == "inside":
            points.append(point)
        elif side == "end":
            opened.append(at_end(point.parameter, point.claims.omega))
    for block, crossing in real_crossings:
        printed = claim(crossing, precision)
        side = side_of(problem, printed)
        if side != "outside" and not alone(block, printed):
            reason = "the printed enclosure of a real crossing meets that of another eigenvalue"
            opened.append(OpenPoint(FailureCode.REAL_PARTS_NOT_SEPARATED, reason, printed))
        elif side == "inside":
            crossings.append(printed)
        elif side == "end":
            opened.append(at_end(printed, None))
    opened = [item for item in opened if side_of(problem, item.parameter) != "outside"]
    points.sort(key=lambda point: point.parameter.low)
    crossings.sort(key=lambda crossing: crossing.low)
    opened.sort(key=lambda item: (item.parameter.low, () if item.omega is None else item.omega.text))
    interval = None if problem.interval is None else Enclosure.exactly(*problem.interval)
    return Classification(interval, points, opened, crossings)


def _alone(branch: ZeroBranchProof, block: int, printed: Enclosure) -> bool:
    """Whether the printed γ-enclosure of a real crossing meets the widened γ-interval of no other disc."""
    if branch.spectrum is None:
        return False
    others = zip(branch.spectrum.d, branch.spectrum.g, strict=True)
    ends = [enclosure(-arb(d.real, WIDENED * g)) for index, (d, g) in enumerate(others) if index != block]
    return all(high < printed.low or printed.high < low for low, high in ends)


def open_point(item: Undecided, precision: int) -> OpenPoint:
    ell1 = item.first_lyapunov_coefficient
    return OpenPoint(
        item.failure.code,
        item.failure.reason,
        claim(item.parameter, precision),
        None if item.omega is None or not item.omega.is_finite() else claim(item.omega, precision),
        None if ell1 is None else claim(ell1, precision, DERIVED),
    )


def at_end(parameter: Enclosure, omega: Enclosure | None) -> OpenPoint:
    reason = "the enclosure contains an end of the parameter interval"
    return OpenPoint(FailureCode.INTERVAL_END, reason, parameter, omega)


def side_of(problem: Problem, printed: Enclosure) -> str:
    if problem.interval is None:
        return "inside"
    a, b = problem.interval
    if a <= printed.low and printed.high <= b:
        return "inside"
    return "outside" if printed.high < a or printed.low > b else "end"


def far_parts(problem: Problem, beyond: tuple[arb, Failure] | None) -> list[tuple[Enclosure, Failure]]:
    """The parts of the interval that are not settled because |γ| is large there. beyond: from which |γ| on, and why."""
    if beyond is None or problem.interval is None or not beyond[0].is_finite():
        return []
    far, failure = beyond
    least = max(lower_bound(far).value, Fraction(0))
    low, high = problem.interval
    parts = [(low, min(high, -least)), (max(low, least), high)] if least else [(low, high)]
    return [(Enclosure.exactly(a, b), failure) for a, b in parts if a <= b]


def printed_branch(
    classification: Classification[PrintedPoint],
    identifiers: Mapping[int, str],
    at_crossings: Sequence[Listed],
    branch: ZeroBranchProof,
    basis: Eigenbasis | None,
    precision: int,
) -> ZeroBranch:
    """The branch as printed. identifiers: pair → id of its certificate; at_crossings: certificates of real ones."""
    listed = [Listed(identifiers[p.proof.pair], p.proof.pair, p.parameter) for p in classification.points]
    listed = sorted([*listed, *at_crossings], key=lambda point: point.parameter.low)
    bounds = spectrum_bounds(branch.spectrum)
    claims = branch_claims(classification, listed)
    return ZeroBranch(claims, bounds, None if bounds is None else basis, precision)


def branch_claims(found: Classification[P], listed: Sequence[Listed]) -> ZeroBranchClaims:
    """listed: its points."""
    return ZeroBranchClaims(
        interval=found.interval,
        complete=not found.open_points,
        points=tuple(listed),
        real_crossings=tuple(found.real_crossings),
        unsettled=tuple(map(unsettled, found.open_points)),
    )


def spectrum_bounds(spectrum: Spectrum | None) -> SpectrumBounds | None:
    if spectrum is None:
        return None
    return SpectrumBounds(
        rho=upper_bound(spectrum.rho),
        norm_N=upper_bound(spectrum.norm_N),
        max_disc_radius=upper_bound(largest(spectrum.g)),
    )


def unsettled(item: OpenPoint) -> Unsettled:
    return Unsettled(item.parameter, item.reason, item.code.value)


def with_other_points(branch: ZeroBranch, points: list[Point], opened: list[OpenPoint]) -> ZeroBranch:
    """The branch with its points proved by another method, with witnesses of their own; opened: not proved by it."""
    pieces = sorted([*branch.claims.unsettled, *map(unsettled, opened)], key=lambda piece: piece.interval.low)
    claims = replace(
        branch.claims,
        points=tuple(Listed(point.id, None, point.claims.parameter) for point in points),
        unsettled=tuple(pieces),
        complete=not pieces,
    )
    return replace(branch, claims=claims)
