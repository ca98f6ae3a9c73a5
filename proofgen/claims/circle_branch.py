"""What is printed of maps whose multipliers follow from one matrix, and of their points (FORMAT.md, section 25).

Makes no claim of its own: enclosures are rounded outward and widened, those that several operations give four times,
and the printed inequalities are proved again of what is printed. γ* is the only crossing in its window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from ..bundle.circle_branch import (
    CircleBranch,
    CircleFlipBounds,
    CircleFlipPoint,
    CirclePairBounds,
    CirclePairPoint,
    CirclePairWitness,
    IndexWitness,
)
from ..bundle.flip import FlipClaims, FlipRow
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL, Eigenbasis
from ..bundle.listing import Listed, Unsettled
from ..bundle.neimark_sacker import NeimarkSackerClaims, NeimarkSackerRow, may_be_resonant
from ..bundle.zero_branch import ZeroBranchClaims
from ..numbers.balls import enclosure
from ..numbers.outward import DERIVED, claim, exact_or_claim, lower_bound, roomy, upper_bound
from ..numbers.printed import ZERO, Enclosure
from ..problem.network import Problem
from ..proof.circle_branch import CircleBranchProof, CirclePointProof, supercritical
from ..proof.circle_law import Crossing, Multipliers, Others, window_around
from ..proof.failure import Failure, FailureCode
from . import flip, neimark_sacker
from .open_row import OpenRow
from .zero_branch import far_parts, side_of, spectrum_bounds

WIDE = 2 * DERIVED  # factor of enclosures that a checker finds by intervals in another order of operations
WINDOWS = (20, 40, 80)  # bits by which windows are narrower than γ* is large
NOT_AS_PRINTED = "the inequality is proved, but no longer holds as printed"


@dataclass(frozen=True)
class PrintedCirclePoint:
    """A proved point with its printed claims, of which the printed inequalities are proved."""

    proof: CirclePointProof
    claims: NeimarkSackerClaims | FlipClaims

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> NeimarkSackerRow | FlipRow:
        return self.claims.row


@dataclass(frozen=True)
class Classification:
    """Everything that meets the circle within the range, as printed, in the order of lower ends. open_points: of a pair
    or at −1, which are listed like points; unsettled holds these too."""

    interval: Enclosure | None
    points: list[PrintedCirclePoint]
    open_points: list[OpenRow]
    real_crossings: list[Enclosure]
    unsettled: list[Unsettled]


def printed_point(
    proof: CirclePointProof, multipliers: Multipliers, dimension: int, precision: int
) -> PrintedCirclePoint | FailureCode:
    """The claims of a point as they will be printed, or why the printed form no longer proves it."""
    parameter = claim(proof.parameter, precision, WIDE)
    found = _window(proof, multipliers, parameter, precision)
    if found is None:
        return FailureCode.SEVERAL_ON_CIRCLE
    window, others = found
    gap = None if others.gap is None else lower_bound(others.gap)
    equilibrium = (ZERO,) * dimension
    if proof.equilibrium is not None:
        equilibrium = tuple(claim(x, precision, WIDE) for x in proof.equilibrium)
    own = 2 if proof.pair else 1
    common: dict[str, Any] = {
        "parameter": parameter, "coefficient": claim(proof.coefficient, precision, WIDE),
        "inside": dimension - own - others.outside, "outside": others.outside,
        "criticality": SUPERCRITICAL if supercritical(proof) else SUBCRITICAL, "spectral_gap": gap,
        "equilibrium": equilibrium, "window": window,
    }  # fmt: skip
    exact = proof.speed.rad().is_zero()  # that of a flip of W + γI
    speed = exact_or_claim(proof.speed, precision) if exact else claim(proof.speed, precision, WIDE)
    claims: NeimarkSackerClaims | FlipClaims
    if proof.pair:
        theta = claim(proof.theta, precision, 2 * WIDE)
        if theta.low <= 0 or lower_bound(proof.isolation).value <= 0 or lower_bound(proof.sine).value <= 0:
            return FailureCode.EIGENVALUE_TYPE
        cosine, quadratic = claim(proof.crossing.multiplier.real, precision, WIDE), proof.resolvent_gap is not None
        if may_be_resonant(*cosine.ends, quadratic):
            return FailureCode.STRONG_RESONANCE
        claims = NeimarkSackerClaims(
            kind=neimark_sacker.KIND, coefficient_name=neimark_sacker.COEFFICIENT, theta=theta,
            log_modulus_speed=speed, **common,
        )  # fmt: skip
    else:
        claims = FlipClaims(
            kind=flip.KIND, coefficient_name=flip.COEFFICIENT, multiplier_speed=speed, **common
        )
    if not claims.sign_is_claimed:
        return FailureCode.COEFFICIENT_ENCLOSES_ZERO
    if not speed.excludes_zero:
        return FailureCode.CIRCLE_NOT_CROSSED
    if gap is not None and gap.value <= 0:
        return FailureCode.SEVERAL_ON_CIRCLE
    return PrintedCirclePoint(proof, claims)


def _window(
    proof: CirclePointProof, multipliers: Multipliers, parameter: Enclosure, precision: int
) -> tuple[Enclosure, Others] | None:
    """The widest of some intervals around γ* in which there is no other crossing, and what is known over it."""
    middle = parameter.middle
    wider = [abs(middle) / (1 << bits) for bits in WINDOWS]
    windows = [Enclosure.around(middle - x, middle + x) for x in wider if x > parameter.width]
    for window in [*windows, claim(proof.parameter, precision, 2 * WIDE)]:
        others = multipliers.others(proof.crossing.block, window_around(*window.ends))
        if others is not None and _apart(window, proof.other, precision):
            return window, others
    return None


def _apart(printed: Enclosure, other: arb, precision: int) -> bool:
    return printed.disjoint(claim(other, precision, 2 * WIDE))


def named_point(
    name: str, point: PrintedCirclePoint, branch: CircleBranchProof, basis: Eigenbasis, precision: int
) -> CirclePairPoint | CircleFlipPoint:
    """The certificate. basis: as stored."""
    proof, claims = point.proof, point.claims
    spectrum = _multipliers(branch).spectrum
    common: dict[str, Any] = {
        "rho": upper_bound(spectrum.rho), "norm_N": upper_bound(spectrum.norm_N),
        "disc_radius": upper_bound(proof.disc_radius), "delta_right": upper_bound(roomy(proof.delta_right, precision)),
        "delta_left": upper_bound(roomy(proof.delta_left, precision)),
        "pq_defect": upper_bound(roomy(proof.pq_defect, precision)),
        "q_norm_squared": claim(proof.q_norm_squared, precision, WIDE),
        "resolvent_gap": None if proof.resolvent_gap is None else lower_bound(proof.resolvent_gap),
    }  # fmt: skip
    mu, S = proof.eigenvalue, (claim(proof.S.real, precision, WIDE), claim(proof.S.imag, precision, WIDE))
    if isinstance(claims, FlipClaims):
        eigenvalue = claim(mu.real, precision)
        index = proof.crossing.block + spectrum.m  # a real block of the prover is one complex index there
        return CircleFlipPoint(
            name, claims, CircleFlipBounds(**common, eigenvalue=eigenvalue, S=S[0]),
            IndexWitness(**vars(basis), index=index), precision,
        )  # fmt: skip
    pair_bounds = CirclePairBounds(
        **common, eigenvalue=(claim(mu.real, precision), claim(mu.imag, precision)), S=S,
        isolation=lower_bound(proof.isolation), cosine=claim(proof.crossing.multiplier.real, precision, WIDE),
        sine=lower_bound(proof.sine),
    )  # fmt: skip
    root = "plus" if proof.crossing.root > 0 else "minus"
    witness = CirclePairWitness(**vars(basis), pair=proof.crossing.block, root=root)
    return CirclePairPoint(name, claims, pair_bounds, witness, precision)


def _multipliers(branch: CircleBranchProof) -> Multipliers:
    if branch.multipliers is None:
        raise ValueError("a proved point needs a spectrum")
    return branch.multipliers


def classify(problem: Problem, branch: CircleBranchProof, precision: int) -> Classification:
    """What meets the circle on the branch, as printed. Where ``branch.beyond`` is not None there is an interval."""
    interval = None if problem.interval is None else Enclosure.exactly(*problem.interval)
    found = Classification(interval, [], [], [], [])
    for part, failure in far_parts(problem, branch.beyond):
        found.unsettled.append(Unsettled(part, failure.reason, failure.code.value))
    for item in branch.undecided:
        _leave_open(problem, found, claim(item.parameter, precision, WIDE), item.failure, item.pair)
    for proof in branch.points:
        point = printed_point(proof, _multipliers(branch), problem.dimension, precision)
        if isinstance(point, FailureCode):
            parameter = claim(proof.parameter, precision, WIDE)
            _leave_open(problem, found, parameter, Failure(point, NOT_AS_PRINTED), proof.pair)
        elif (side := side_of(problem, point.parameter)) == "inside":
            found.points.append(point)
        elif side == "end":
            _leave_open(problem, found, point.parameter, AT_END, proof.pair)
    for crossing in branch.real:
        _print_real(problem, found, _multipliers(branch), crossing, precision)
    found.points.sort(key=lambda point: point.parameter.low)
    found.real_crossings.sort(key=lambda crossing: crossing.low)
    found.open_points.sort(key=lambda item: item.parameter.low)
    found.unsettled.sort(key=lambda piece: piece.interval.low)
    return found


AT_END = Failure(FailureCode.INTERVAL_END, "the enclosure contains an end of the parameter interval")


def _print_real(
    problem: Problem, found: Classification, multipliers: Multipliers, crossing: Crossing, precision: int
) -> None:
    """A crossing at 1, of which it is claimed that its printed enclosure holds no other."""
    printed = claim(crossing.parameter, precision, WIDE)
    others = multipliers.others(crossing.block, window_around(*printed.ends))
    both = multipliers.crossings(crossing.block)
    apart = isinstance(both, list) and all(
        _apart(printed, x.parameter, precision) for x in both if x.root != crossing.root
    )
    side = side_of(problem, printed)
    if side != "outside" and (others is None or not apart):
        _leave_open(problem, found, printed, Failure(FailureCode.SEVERAL_ON_CIRCLE, NOT_AS_PRINTED), None)
    elif side == "inside":
        found.real_crossings.append(printed)
    elif side == "end":
        _leave_open(problem, found, printed, AT_END, None)


def _leave_open(
    problem: Problem, found: Classification, parameter: Enclosure, failure: Failure, pair: bool | None
) -> None:
    if side_of(problem, parameter) == "outside":
        return
    found.unsettled.append(Unsettled(parameter, failure.reason, failure.code.value))
    if pair is not None:
        unknown = neimark_sacker.unknown_neimark_sacker(parameter) if pair else flip.unknown_flip(parameter)
        found.open_points.append(OpenRow(failure.code, failure.reason, unknown))


def printed_branch(
    found: Classification, identifiers: Mapping[int, str], at_crossings: Sequence[Listed], branch: CircleBranchProof,
    basis: Eigenbasis | None, precision: int,
) -> CircleBranch:  # fmt: skip
    """The branch as printed. identifiers: by the place of a point in ``found.points``; at_crossings: certificates of
    real ones."""
    listed = [Listed(identifiers[i], None, point.parameter) for i, point in enumerate(found.points)]
    listed = sorted([*listed, *at_crossings], key=lambda point: point.parameter.low)
    bounds = spectrum_bounds(branch.spectrum)
    claims = ZeroBranchClaims(
        interval=found.interval, complete=not found.unsettled, points=tuple(listed),
        real_crossings=tuple(found.real_crossings), unsettled=tuple(found.unsettled),
    )  # fmt: skip
    return CircleBranch(claims, bounds, None if bounds is None else basis, precision)


def holds_as_printed(problem: Problem, branch: CircleBranchProof, precision: int) -> bool:
    """Whether every point still holds as it is printed, and every real crossing is alone in its printed enclosure."""
    return all(piece.reason != NOT_AS_PRINTED for piece in classify(problem, branch, precision).unsettled)


def widest(branch: CircleBranchProof) -> Fraction | None:
    """The largest of g_k/|d_k| of discs without 0 (a gain) and of g_k/‖N‖ for all, as an exact number."""
    if branch.multipliers is None:
        return None
    law, spectrum = branch.multipliers.law, branch.multipliers.spectrum
    shares = [g / spectrum.norm_N for g in spectrum.g]
    if law.gain:
        shares += [g / abs(d) for d, g in zip(spectrum.d, spectrum.g, strict=True) if not abs(d) <= 2 * g]
    ends = [enclosure(share)[1] for share in shares if share.is_finite()]
    return max(ends) if len(ends) == len(shares) else None
