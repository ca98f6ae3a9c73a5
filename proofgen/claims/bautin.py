"""What is printed of a Bautin point (FORMAT.md, section 28).

Makes no claim of its own: enclosures of the proof are rounded outward and widened, and every printed inequality is
proved again on the printed numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from ..bundle.bautin import BautinBounds, BautinClaims, BautinPoint, BautinRow, BautinWitness
from ..bundle.json_text import Files
from ..bundle.rows import unknown_row
from ..numbers.outward import SHORT, lower_bound, upper_bound
from ..numbers.printed import Decimal, Enclosure
from ..proof.failure import FailureCode
from .hopf_point import OTHER_ORDER, WITH_WITNESS, Printer, reduced, store_basis, store_limbs

if TYPE_CHECKING:
    from ..proof.bautin import BautinProof
    from ..search.curve_witness import CurveData

KIND = "bautin"


@dataclass(frozen=True)
class BautinContent:
    """A certificate before it has a name. candidate: position among those that were tried."""

    claims: BautinClaims
    bounds: BautinBounds
    data: CurveData
    precision: int
    candidate: int = 0

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> BautinRow:
        return self.claims.row

    def point(self, name: str, files: Files) -> BautinPoint:
        """The certificate; its arrays are added to ``files``."""
        data = self.data
        limbs = {"centre": data.centre, "direction": data.direction, "phi": [data.phi], "A": [data.A], "R": [data.R]}
        witness = BautinWitness(
            along=data.along,
            s=data.s,
            h=data.h,
            pairs=data.basis.pairs,
            pair=data.pair,
            **{key: store_limbs(f"{name}-{key}", arrays, files) for key, arrays in limbs.items()},
            **store_basis(name, data.basis, files),
        )
        return BautinPoint(name, self.claims, self.bounds, witness, self.precision)


def unknown_bautin(parameters: tuple[Enclosure, Enclosure]) -> BautinRow:
    """What is known of an undecided one: where it was looked for."""
    return unknown_row(BautinRow, kind=KIND, parameters=parameters)


def bautin_content(
    proof: BautinProof, data: CurveData, precision: int, digits: int, candidate: int
) -> BautinContent | FailureCode:
    """A certificate, or why its printed form no longer proves the point. digits: printed are about 8 more."""
    printer, piece, point = Printer(precision, digits, WITH_WITNESS), proof.piece, proof.point
    printed, radius = printer.enclosure, printer.radius
    first, second = proof.parameters
    claims = BautinClaims(
        kind=KIND,
        parameters=(printed(first, SHORT), printed(second, SHORT)),
        omega=printed(point.omega, SHORT),
        second_lyapunov_coefficient=printed(proof.second_lyapunov_coefficient),
        determinant=printed(proof.determinant),
        unstable=piece.unstable,
        stable=piece.stable,
        spectral_gap=None if piece.spectral_gap is None else lower_bound(piece.spectral_gap),
        equilibrium=tuple(printed(x, SHORT) for x in point.inputs[:-2]),
        crossing_speed=printed(proof.crossing_speed),
    )
    tube = piece.tube
    Y, Z = _shared(tube.Y, tube.Z)
    bounds = BautinBounds(
        rho=upper_bound(piece.spectrum.rho),
        disc_radius=radius(piece.spectrum.g[data.pair]),
        isolation=lower_bound(piece.isolation),
        Y=Y,
        Z=Z,
        r=upper_bound(OTHER_ORDER * tube.r),
        drift=upper_bound(OTHER_ORDER * tube.drift),
        delta_left=radius(piece.delta_left),
        q_norm_squared=printed(piece.q_norm_squared),
        re_c1=printed(proof.re_c1),
        re_c1_slope=printed(proof.re_c1_slope),
        re_c2=printed(proof.re_c2),
        gap_0=reduced(piece.normal.gap_0),
        gap_1=reduced(proof.gap_1),
        gap_2=reduced(piece.normal.gap_2),
        gap_3=reduced(proof.gap_3),
    )
    failure = _printed_failure(claims, bounds)
    return BautinContent(claims, bounds, data, precision, candidate) if failure is None else failure


def _shared(Y: arb, Z: arb) -> tuple[Decimal, Decimal]:
    """Upper bounds of both whose sum is about half-way between their sum and 1; 4/5 undoes `outward.UPPER`."""
    room = (1 - Y - Z) / 4
    return upper_bound((Y + room) * 4 / 5), upper_bound((Z + room) * 4 / 5)


def _printed_failure(claims: BautinClaims, bounds: BautinBounds) -> FailureCode | None:
    """The inequalities of Theorem W, proved again on the printed numbers."""
    if bounds.Y.value + bounds.Z.value >= 1:
        return FailureCode.NEWTON_NOT_CONTRACTING
    if claims.omega.low <= 0 or bounds.isolation.value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if bounds.rho.value >= 1 or bounds.q_norm_squared.low <= 0:
        return FailureCode.EIGENVECTOR_NOT_ISOLATED
    if claims.spectral_gap is not None and claims.spectral_gap.value <= 0:
        return FailureCode.AXIS_NOT_CLEAR
    if not (bounds.re_c2.excludes_zero and claims.second_lyapunov_coefficient.excludes_zero):
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if not all(x.excludes_zero for x in (bounds.re_c1_slope, claims.crossing_speed, claims.determinant)):
        return FailureCode.NOT_TRANSVERSAL
    if min(gap.value for gap in (bounds.gap_0, bounds.gap_1, bounds.gap_2, bounds.gap_3)) <= Fraction(0):
        return FailureCode.NOT_FINITE
    return None
