"""What is printed of a line of equilibria or a pole (FORMAT.md, section 27); see `claims.zero_branch`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..bundle.hopf_point import Eigenbasis
from ..bundle.singular import (
    LineBounds,
    LineClaims,
    LinePoint,
    LineRow,
    PoleBounds,
    PoleClaims,
    PolePoint,
    PoleRow,
    RealWitness,
)
from ..numbers.outward import DERIVED, claim, exact_or_claim, lower_bound, roomy, upper_bound
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode

if TYPE_CHECKING:
    from ..proof.singular import SingularProof
    from ..proof.spectrum import Spectrum

LINE, POLE = "line", "pole"


@dataclass(frozen=True)
class PrintedSingular:
    """A certificate before it has a name; its witness is that of the branch."""

    claims: LineClaims | PoleClaims
    bounds: LineBounds | PoleBounds
    index: int
    precision: int

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> LineRow | PoleRow:
        return self.claims.row

    def named(self, name: str, basis: Eigenbasis) -> LinePoint | PolePoint:
        """The certificate. basis: as stored."""
        witness = RealWitness(**vars(basis), index=self.index)
        if isinstance(self.claims, PoleClaims) and isinstance(self.bounds, PoleBounds):
            return PolePoint(name, self.claims, self.bounds, witness, self.precision)
        if isinstance(self.claims, LineClaims):
            return LinePoint(name, self.claims, self.bounds, witness, self.precision)
        raise ValueError("the bounds are those of the other kind")


def printed_singular(proof: SingularProof, spectrum: Spectrum, precision: int) -> PrintedSingular | FailureCode:
    """A certificate, or why its printed form no longer proves it."""
    common: dict[str, Any] = {
        "parameter": claim(proof.parameter, precision),
        "eigenvalue_speed": exact_or_claim(proof.speed, precision),
        "unstable": proof.unstable,
        "stable": proof.stable,
        "spectral_gap": lower_bound(proof.spectral_gap),
    }
    numbers: dict[str, Any] = {
        "rho": upper_bound(spectrum.rho),
        "norm_N": upper_bound(spectrum.norm_N),
        "eigenvalue": claim(proof.eigenvalue, precision),
        "disc_radius": upper_bound(proof.disc_radius),
        "separation": lower_bound(proof.separation),
        "delta_right": upper_bound(proof.delta_right),
        "delta_left": upper_bound(proof.delta_left),
        "pq_defect": upper_bound(proof.pq_defect),
        "q_norm_squared": claim(proof.q_norm_squared, precision, DERIVED),
    }
    vector = tuple(claim(roomy(x, precision), precision, DERIVED) for x in proof.vector)
    claims: LineClaims | PoleClaims
    bounds: LineBounds | PoleBounds
    if proof.left_bias is None or proof.coefficient is None:
        claims, bounds = LineClaims(kind=LINE, direction=vector, **common), LineBounds(**numbers)
    else:
        coefficient = claim(proof.coefficient, precision, DERIVED)
        claims = PoleClaims(kind=POLE, coefficient_name="|r|", coefficient=coefficient, residue=vector, **common)
        bounds = PoleBounds(left_bias=claim(proof.left_bias, precision, DERIVED), **numbers)
        if not bounds.left_bias.excludes_zero:
            return FailureCode.COEFFICIENT_ENCLOSES_ZERO
    if not claims.sign_is_claimed or bounds.q_norm_squared.low <= 0:
        return FailureCode.COEFFICIENT_ENCLOSES_ZERO
    if min(bounds.separation.value, claims.spectral_gap.value) <= 0:
        return FailureCode.REAL_PARTS_NOT_SEPARATED
    if bounds.pq_defect.value >= 1:
        return FailureCode.EIGENVECTOR_NOT_ISOLATED
    return PrintedSingular(claims, bounds, proof.block + spectrum.m, precision)
