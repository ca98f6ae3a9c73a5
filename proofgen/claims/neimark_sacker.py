"""What is printed of a Neimark–Sacker point of a map (FORMAT.md, section 20); see `claims.map_point`."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.json_text import Files
from ..bundle.neimark_sacker import (
    NeimarkSackerBounds,
    NeimarkSackerClaims,
    NeimarkSackerPoint,
    NeimarkSackerRow,
    may_be_resonant,
)
from ..bundle.window import WindowWitness
from ..numbers.outward import SHORT, lower_bound
from ..numbers.printed import Enclosure
from ..proof.failure import Failure, FailureCode
from ..proof.neimark_sacker import NeimarkSackerProof
from .hopf_point import Printer
from .map_point import circle_bounds, circle_claims, circle_failure
from .window import WindowData

KIND, COEFFICIENT = "neimark-sacker", "a"


@dataclass(frozen=True)
class NeimarkSackerContent:
    """A certificate before it has a name; candidate: position among the crossings that were tried."""

    claims: NeimarkSackerClaims
    bounds: NeimarkSackerBounds
    data: WindowData
    pair: int
    precision: int
    candidate: int = 0

    kind = KIND

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def centre(self) -> float:
        """γ̃."""
        return float(self.data.local.gamma)

    @property
    def row(self) -> NeimarkSackerRow:
        return self.claims.row

    @property
    def eigenvalue(self) -> complex:
        """λ, for the search of its block in other witnesses."""
        cosine, sine = self.bounds.cosine.middle, self.bounds.isolation.value
        return complex(float(cosine) - 1, float(sine))

    def point(self, name: str, files: Files) -> NeimarkSackerPoint:
        """The certificate; its arrays are added to ``files``."""
        witness = WindowWitness(pair=self.pair, **self.data.stored(name, files))
        return NeimarkSackerPoint(name, self.claims, self.bounds, witness, self.precision)


@dataclass(frozen=True)
class OpenNeimarkSacker:
    """A crossing by a pair about which not everything could be proved; parameter: where it was looked for."""

    code: FailureCode
    reason: str
    parameter: Enclosure
    candidate: int = 0

    @property
    def explanation(self) -> str:
        """The reason with its remedy, for people."""
        return str(Failure(self.code, self.reason))

    @property
    def row(self) -> NeimarkSackerRow:
        """What is known of it."""
        return NeimarkSackerRow(KIND, self.parameter, None, None, COEFFICIENT, None, None, None, None)


def neimark_sacker_content(
    proof: NeimarkSackerProof, data: WindowData, printer: Printer
) -> NeimarkSackerContent | FailureCode:
    """A certificate, or why its printed form no longer proves the point."""
    point = proof.point
    claims = NeimarkSackerClaims(
        kind=KIND,
        theta=printer.enclosure(proof.theta, SHORT),
        log_modulus_speed=printer.enclosure(point.speed),
        coefficient_name=COEFFICIENT,
        coefficient=printer.coefficient(proof.coefficient, proof.terms, 2 * point.q_norm_squared),
        criticality=SUPERCRITICAL if proof.supercritical else SUBCRITICAL,
        **circle_claims(point, data, printer),
    )
    bounds = NeimarkSackerBounds(
        cosine=printer.enclosure(proof.cosine, SHORT),
        isolation=lower_bound(proof.isolation),
        gap_1=lower_bound(proof.gap_1),
        gap_2=lower_bound(proof.gap_2),
        terms=printer.terms(proof.terms),
        **circle_bounds(point, printer),
    )
    failure = circle_failure(claims, bounds, data) or _failure(claims, bounds)
    return NeimarkSackerContent(claims, bounds, data, point.k, printer.precision) if failure is None else failure


def _failure(claims: NeimarkSackerClaims, bounds: NeimarkSackerBounds) -> FailureCode | None:
    """The inequalities of this kind, proved again on the printed numbers."""
    if not claims.log_modulus_speed.excludes_zero:
        return FailureCode.CIRCLE_NOT_CROSSED
    if claims.theta.low <= 0 or bounds.isolation.value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if may_be_resonant(*bounds.cosine.ends):
        return FailureCode.STRONG_RESONANCE
    if bounds.gap_1.value <= 0 or bounds.gap_2.value <= 0:
        return FailureCode.NOT_FINITE
    return None
