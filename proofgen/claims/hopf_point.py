"""What is printed of a Hopf point that a window or a ball locates (FORMAT.md, sections 10 and 11).

Makes no claim of its own: enclosures of the proofs are rounded outward and widened (`claim`), and every printed
inequality is proved again on the printed numbers. Contents are plain values, so that worker processes can return them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from flint import arb

from ..approx.field import Array
from ..bundle.codec import Limbs
from ..bundle.hopf_point import HopfRow, LocatedBounds, LocatedClaims
from ..bundle.json_text import Files
from ..bundle.kinds import Point
from ..numbers.balls import ball, largest, proves_nonzero
from ..numbers.outward import DERIVED, SHORT, claim, lower_bound, roomy, upper_bound
from ..numbers.printed import ZERO, Decimal, Enclosure
from ..proof.failure import Failure, FailureCode

if TYPE_CHECKING:
    from ..proof.hopf_point import HopfPointProof
    from ..proof.tube import Tube
    from ..search.witness import WitnessLimbs

# Room. For a radius ρ of the prover κρ + 2^−precision is printed, or more (`roomy`), and a checker finds at most
# κρ + c·2^−(precision + 64), c < 2^64 for the operations of a field with moderate numbers. γ* and ω have κ = `SHORT`:
# they follow from one quotient over a narrower window than the prover's (`proof.pieces.ROOM`) or from a ball that is
# given. What follows from eigenvectors has one of the first three: a checker that knows q, p and the solutions of
# Lemma C by discs loses √2 at each, and what their entries share, more so over the wider boxes of Method N; in a box of
# weights the radii are those of the box, and little is lost.
WITH_WITNESS, WITH_BALL, WITH_BOX = Fraction(4), Fraction(16), DERIVED
OTHER_ORDER = 2  # g, η, δ, δ', Y, r_min: a checker sums the same terms in another order
DEFECT = OTHER_ORDER**2  # |p^H q − 1| ≤ Σ δ_i δ'_i: both factors may be larger
GAPS = 2  # β = min(|d_i| − e_i − o_i) and the clearance min(|Re d_j| − g_j) may be smaller by so much
SLOPE_RADIUS, SLOPE_SHARE = 2, 8  # over a window λ' is claimed with 2 radii more and an eighth of its size
SPARE_DIGITS = 8


@dataclass(frozen=True)
class Printer:
    """How numbers of a point are printed. precision: bits of the proof; digits: enclosures have about 8 more; derived:
    widening of what follows from eigenvectors."""

    precision: int
    digits: int
    derived: Fraction

    @property
    def relative(self) -> Fraction:
        return Fraction(1, 10 ** (self.digits + SPARE_DIGITS))

    def enclosure(self, x: arb, factor: Fraction | None = None) -> Enclosure:
        """By default with the room of what follows from eigenvectors."""
        factor = self.derived if factor is None else factor
        return claim(roomy(x, self.precision), self.precision, factor, self.relative)

    def radius(self, x: arb, factor: int = OTHER_ORDER) -> Decimal:
        return upper_bound(roomy(factor * x, self.precision))

    def terms(self, terms: Sequence[arb]) -> tuple[Enclosure, ...]:
        """A term near 0 is known relative to the others, and no better than the least known of them need be."""
        room = largest(abs(term) for term in terms) * ball(self.relative)
        room += largest(arb(0, term.rad()) for term in terms)
        return tuple(self.enclosure(term if term.is_zero() else arb(term, room)) for term in terms)

    def coefficient(self, x: arb, terms: Sequence[arb], divisor: arb) -> Enclosure:
        """A sum of the terms over the divisor: who knows these as printed knows it as printed."""
        return self.enclosure(arb(x, len(terms) * ball(Fraction(1, 1 << self.precision)) / divisor))


class WitnessData(Protocol):
    """The binary64 witness of a point, which knows the certificate that it belongs to."""

    @property
    def gamma(self) -> Fraction | float: ...
    def point(self, name: str, content: PointContent, files: Files) -> Point: ...


@dataclass(frozen=True)
class PointContent:
    """A certificate before it has a name. pair: of iω in the witness; candidate: position among the crossings that were
    tried, by which points at one γ are told apart."""

    claims: LocatedClaims
    bounds: LocatedBounds
    witness: WitnessData
    pair: int
    precision: int
    candidate: int = 0

    kind = "hopf"

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def centre(self) -> float:
        """γ̃."""
        return float(self.witness.gamma)

    @property
    def eigenvalue(self) -> complex:
        """iω, for the search of its pair in other witnesses."""
        return 1j * float(self.claims.omega.low)

    @property
    def row(self) -> HopfRow:
        return self.claims.row

    def point(self, name: str, files: Files) -> Point:
        """The certificate; its arrays are added to ``files``."""
        return self.witness.point(name, self, files)


@dataclass(frozen=True)
class OpenPoint:
    """A crossing about which not everything could be proved; candidate: as in `PointContent`."""

    code: FailureCode
    reason: str
    parameter: Enclosure
    omega: Enclosure | None = None
    first_lyapunov_coefficient: Enclosure | None = None
    proved_crossing: bool = False
    candidate: int = 0

    @property
    def row(self) -> HopfRow:
        """What is known of it."""
        return HopfRow(self.parameter, self.omega, self.first_lyapunov_coefficient, None, None, None, None)

    @property
    def explanation(self) -> str:
        """The reason with its remedy, for people."""
        return str(Failure(self.code, self.reason))


def printed_point(
    proof: HopfPointProof, derived: Fraction, precision: int, digits: int, uniqueness_radius: Decimal | None = None
) -> tuple[LocatedClaims, LocatedBounds] | FailureCode:
    """The claims and bounds as printed, or why the printed form no longer proves them.

    derived: widening of what follows from eigenvectors; precision: bits of the proof; digits: enclosures are printed to
    about 8 digits more than these.
    """
    printer, lyapunov = Printer(precision, digits, derived), proof.lyapunov
    printed, radius = printer.enclosure, printer.radius
    trivial = all(x.is_zero() for x in proof.equilibrium)
    claims = LocatedClaims(
        parameter=printed(proof.parameter, SHORT),
        omega=printed(proof.omega, SHORT),
        first_lyapunov_coefficient=printer.coefficient(
            lyapunov.first_lyapunov_coefficient, lyapunov.terms, 2 * proof.omega * lyapunov.q_norm_squared
        ),
        crossing_speed=printed(proof.crossing_speed),
        unstable_eigenvalues=proof.unstable_eigenvalues,
        stable_eigenvalues=proof.stable_eigenvalues,
        criticality=proof.criticality,
        spectral_gap=None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        equilibrium=tuple(ZERO if trivial else printed(x) for x in proof.equilibrium),
        window=None,
        uniqueness_radius=uniqueness_radius,
    )
    crossing, newton = proof.crossing, proof.ball
    tube = None if crossing is None else crossing.tube
    bounds = LocatedBounds(
        rho=upper_bound(proof.rho),
        branch_gap=None if tube is None or tube.beta is None else reduced(tube.beta),
        branch_residual=None if tube is None or tube.eta is None else radius(tube.eta),
        branch_radius=None if tube is None else branch_radius(tube),
        window_disc_radius=None if tube is None else radius(tube.spectrum.g[proof.pair]),
        window_clearance=None if crossing is None or crossing.clearance is None else reduced(crossing.clearance),
        window_slope=None if crossing is None else printed(wider_slope(crossing.slope)),
        real_part=None if crossing is None else printed(arb(crossing.level, OTHER_ORDER * proof.disc_radius)),
        disc_radius=radius(proof.disc_radius),
        isolation=lower_bound(proof.isolation),
        delta_right=radius(lyapunov.delta_right),
        delta_left=radius(lyapunov.delta_left),
        pq_defect=radius(lyapunov.pq_defect, DEFECT),
        q_norm_squared=printed(lyapunov.q_norm_squared),
        gap_0=lower_bound(lyapunov.gap_0),
        gap_2=lower_bound(lyapunov.gap_2),
        terms=printer.terms(lyapunov.terms),
        Y=None if newton is None else upper_bound(OTHER_ORDER * newton.Y),
        Z=None if newton is None else below(newton.Z, arb(1)),
        r_min=None if newton is None else upper_bound(OTHER_ORDER * newton.r_min),
    )
    failure = _printed_failure(claims, bounds, proof)
    return (claims, bounds) if failure is None else failure


def store_limbs(name: str, limbs: list[Array], files: Files) -> Limbs:
    """Arrays NAME, NAME-2, … of which the sum is meant."""
    return tuple(files.add_array(name if i == 0 else f"{name}-{i + 1}", limb) for i, limb in enumerate(limbs))


def store_basis(name: str, basis: WitnessLimbs, files: Files) -> dict[str, Limbs]:
    """The arrays NAME-X, NAME-Y, NAME-d of an eigenbasis, by their keys."""
    return {key: store_limbs(f"{name}-{key}", getattr(basis, key), files) for key in ("X", "Y", "d")}


def below(bound: arb, limit: arb) -> Decimal:
    """An upper bound half-way between one that is proved and what it must stay below; 4/5 undoes `outward.UPPER`."""
    return upper_bound((bound + limit) / 2 * 4 / 5)


def wider_slope(x: arb) -> arb:
    """The slope over a window as claimed: wider where it then still excludes 0, as it must; else by a little."""
    generous = arb(x, SLOPE_RADIUS * x.rad() + abs(x.mid()) / SLOPE_SHARE)
    return generous if proves_nonzero(generous) else arb(x, x.rad() / SLOPE_SHARE)


def reduced(gap: arb) -> Decimal:
    """A lower bound of a gap of which a checker may find less."""
    return Decimal.exactly(lower_bound(gap).value / GAPS)


def branch_radius(tube: Tube) -> Decimal | None:
    """η/β < r, None on the trivial branch."""
    if tube.beta is None or tube.eta is None or tube.witness.radius is None:
        return None
    return below(tube.eta / tube.beta, tube.witness.radius)


def _printed_failure(claims: LocatedClaims, bounds: LocatedBounds, proof: HopfPointProof) -> FailureCode | None:
    """The inequalities of the theorem, proved again on the printed numbers."""
    if not claims.sign_is_claimed:
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if claims.omega.low <= 0 or bounds.isolation.value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if not claims.crossing_speed.excludes_zero:
        return FailureCode.NOT_TRANSVERSAL
    if bounds.window_slope is not None and not bounds.window_slope.excludes_zero:
        return FailureCode.NOT_TRANSVERSAL
    if claims.spectral_gap is not None and claims.spectral_gap.value <= 0:
        return FailureCode.AXIS_NOT_CLEAR
    if bounds.gap_0.value <= 0 or bounds.gap_2.value <= 0:
        return FailureCode.NOT_FINITE
    if bounds.rho.value >= 1 or bounds.pq_defect.value >= 1:
        return FailureCode.EIGENVECTOR_NOT_ISOLATED
    if bounds.branch_radius is not None and proof.crossing is not None:
        radius = proof.crossing.tube.witness.radius
        if radius is None or not bounds.branch_radius.value < Fraction(float(radius)):
            return FailureCode.BRANCH_NOT_VERIFIED
    if bounds.Z is not None and bounds.Z.value >= 1:
        return FailureCode.NEWTON_NOT_CONTRACTING
    return None
