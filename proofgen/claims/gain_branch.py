"""What is printed of x = 0 of rate networks with a gain and of its points (FORMAT.md, section 23).

Makes no claim of its own; rounds as `claims.zero_branch`, and proves the printed inequalities again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from ..bundle.gain_branch import GainBounds, GainBranch, GainPoint
from ..bundle.hopf_point import Eigenbasis, HopfClaims, HopfRow
from ..bundle.listing import Listed
from ..bundle.zero_branch import PairWitness
from ..numbers.balls import enclosure
from ..numbers.outward import DERIVED, WIDENED, claim, exact_or_claim, lower_bound, upper_bound
from ..numbers.printed import ZERO, Enclosure
from ..problem.network import Problem
from ..proof.failure import FailureCode
from .hopf_point import OpenPoint
from .zero_branch import Classification, branch_claims, classified, far_parts, open_point, spectrum_bounds

if TYPE_CHECKING:
    from ..proof.gain_branch import GainBranchProof, GainLaw, GainPointProof


@dataclass(frozen=True)
class PrintedGainPoint:
    """A proved point with its printed claims, of which the printed inequalities are proved."""

    proof: GainPointProof
    claims: HopfClaims

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> HopfRow:
        return self.claims.row


def printed_point(proof: GainPointProof, dimension: int, precision: int) -> PrintedGainPoint | FailureCode:
    """The claims of a point as they will be printed, or why the printed form no longer proves it."""
    claims = HopfClaims(
        parameter=claim(proof.parameter, precision),
        omega=claim(proof.omega, precision),
        first_lyapunov_coefficient=claim(proof.first_lyapunov_coefficient, precision, 2 * DERIVED),
        crossing_speed=exact_or_claim(proof.crossing_speed, precision),
        unstable_eigenvalues=proof.unstable_eigenvalues,
        stable_eigenvalues=proof.stable_eigenvalues,
        criticality=proof.criticality,
        spectral_gap=None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        equilibrium=(ZERO,) * dimension,
    )
    gap = claims.spectral_gap
    if not claims.sign_is_claimed:
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if claims.omega.low <= 0 or lower_bound(proof.isolation).value <= 0 or lower_bound(proof.away).value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if not claims.crossing_speed.excludes_zero or (gap is not None and gap.value <= 0):
        return FailureCode.REAL_PARTS_NOT_SEPARATED
    return PrintedGainPoint(proof, claims)


def named_point(
    name: str, point: PrintedGainPoint, branch: GainBranchProof, basis: Eigenbasis, precision: int
) -> GainPoint:
    """The certificate. basis: as stored."""
    proof, spectrum = point.proof, branch.spectrum
    if spectrum is None:
        raise ValueError("a proved point needs a spectrum")
    bounds = GainBounds(
        rho=upper_bound(spectrum.rho),
        norm_N=upper_bound(spectrum.norm_N),
        eigenvalue=(claim(proof.eigenvalue.real, precision), claim(proof.eigenvalue.imag, precision)),
        disc_radius=upper_bound(proof.disc_radius),
        isolation=lower_bound(proof.isolation),
        away=lower_bound(proof.away),
        separation=None if proof.separation is None else lower_bound(proof.separation),
        delta_right=upper_bound(proof.delta_right),
        delta_left=upper_bound(proof.delta_left),
        pq_defect=upper_bound(proof.pq_defect),
        q_norm_squared=claim(proof.q_norm_squared, precision, DERIVED),
        S=(claim(proof.S.real, precision, 2 * DERIVED), claim(proof.S.imag, precision, 2 * DERIVED)),
        resolvent_gap=None if proof.resolvent_gap is None else lower_bound(proof.resolvent_gap),
    )
    return GainPoint(name, point.claims, bounds, PairWitness(**vars(basis), pair=proof.pair), precision)


def classify(
    problem: Problem, branch: GainBranchProof, law: GainLaw, precision: int
) -> Classification[PrintedGainPoint]:
    """What meets the axis on the branch, as printed. Where ``branch.beyond`` is not None there is an interval."""
    opened = [open_point(item, precision) for item in branch.undecided]
    opened += [OpenPoint(failure.code, failure.reason, part) for part, failure in far_parts(problem, branch.beyond)]
    return classified(
        problem, branch.points, branch.real_crossings, opened,
        lambda proof: printed_point(proof, problem.dimension, precision),
        lambda block, printed: _alone(branch, law, block, printed), precision,
    )  # fmt: skip


def _alone(branch: GainBranchProof, law: GainLaw, block: int, printed: Enclosure) -> bool:
    """Whether the printed γ-enclosure of a real crossing meets the widened γ-interval of no other disc."""
    if branch.spectrum is None:
        return False
    for k in range(len(branch.spectrum.d)):
        if k == block:
            continue
        gamma = law.parameter(branch.spectrum, k, WIDENED)
        if gamma.is_finite():
            low, high = enclosure(gamma)
            if not (high < printed.low or printed.high < low):
                return False
        elif branch.beyond is not None and not max(abs(printed.low), abs(printed.high)) < _least(branch.beyond[0]):
            return False
    return True


def _least(far: arb) -> Fraction:
    return lower_bound(far / 2).value if far.is_finite() else Fraction(10**400)


def printed_branch(
    found: Classification[PrintedGainPoint],
    identifiers: Mapping[int, str],
    at_crossings: Sequence[Listed],
    branch: GainBranchProof,
    basis: Eigenbasis | None,
    precision: int,
) -> GainBranch:
    """The branch as printed. identifiers: pair → id of its certificate; at_crossings: certificates of real ones."""
    listed = [Listed(identifiers[p.proof.pair], p.proof.pair, p.parameter) for p in found.points]
    listed = sorted([*listed, *at_crossings], key=lambda point: point.parameter.low)
    bounds = spectrum_bounds(branch.spectrum)
    return GainBranch(branch_claims(found, listed), bounds, None if bounds is None else basis, precision)
