"""What is printed of a transcritical point or a pitchfork (FORMAT.md, section 22); see `claims.map_point`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.json_text import Files
from ..bundle.zero_crossing import (
    PitchforkClaims,
    PitchforkPoint,
    PitchforkRow,
    TranscriticalClaims,
    TranscriticalPoint,
    TranscriticalRow,
    ZeroCrossingBounds,
    side_of_pitchfork,
)
from ..numbers.balls import proves_negative
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode
from .hopf_point import Printer
from .map_point import circle_bounds, circle_claims, circle_failure, real_witness
from .window import WindowData

if TYPE_CHECKING:
    from ..proof.locus import Locus
    from ..proof.zero_crossing import ZeroCrossingProof

TRANSCRITICAL, PITCHFORK = "transcritical", "pitchfork"


@dataclass(frozen=True)
class ZeroCrossingContent:
    """A certificate before it has a name; candidate: position among the crossings that were tried; k: the block."""

    claims: TranscriticalClaims | PitchforkClaims
    bounds: ZeroCrossingBounds
    data: WindowData
    k: int
    precision: int
    candidate: int = 0

    @property
    def kind(self) -> str:
        return self.claims.kind

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> TranscriticalRow | PitchforkRow:
        return self.claims.row

    def point(self, name: str, files: Files) -> TranscriticalPoint | PitchforkPoint:
        """The certificate; its arrays are added to ``files``."""
        witness = real_witness(self, name, files)
        if isinstance(self.claims, PitchforkClaims):
            return PitchforkPoint(name, self.claims, self.bounds, witness, self.precision)
        return TranscriticalPoint(name, self.claims, self.bounds, witness, self.precision)


@dataclass(frozen=True)
class PlainCrossing:
    """A real crossing of which nothing more is proved; parameter: where it was looked for."""

    code: FailureCode
    reason: str
    parameter: Enclosure


def zero_crossing_content(
    proof: ZeroCrossingProof, data: WindowData, printer: Printer, locus: Locus
) -> ZeroCrossingContent | FailureCode:
    """A certificate, or why its printed form no longer proves it."""
    point = proof.point
    common = circle_claims(point, data, printer)
    common |= {"stable": common.pop("inside"), "unstable": common.pop("outside")}
    common["eigenvalue_speed"] = printer.enclosure(proof.speed)
    claims: TranscriticalClaims | PitchforkClaims
    if proof.odd:
        e = printer.coefficient(proof.coefficient, [proof.term], 6 * point.q_norm_squared)
        claims = PitchforkClaims(
            kind=PITCHFORK,
            coefficient_name="e",
            coefficient=e,
            criticality=SUPERCRITICAL if proves_negative(proof.coefficient) else SUBCRITICAL,
            solutions_for=side_of_pitchfork(common["eigenvalue_speed"], e),
            **common,
        )
    else:
        a = printer.coefficient(proof.coefficient, [proof.term], 2 * point.q_norm_squared.sqrt())
        claims = TranscriticalClaims(kind=TRANSCRITICAL, coefficient_name="a", coefficient=a, **common)
    bounds = ZeroCrossingBounds(terms=printer.terms([proof.term]), **circle_bounds(point, printer))
    failure = circle_failure(claims, bounds, data)
    if failure is FailureCode.CIRCLE_NOT_CROSSED:
        failure = locus.not_crossed
    if failure is FailureCode.CIRCLE_NOT_CLEAR:
        failure = locus.not_clear
    if failure is None and not bounds.terms[0].excludes_zero:
        failure = FailureCode.COEFFICIENT_ENCLOSES_ZERO
    return ZeroCrossingContent(claims, bounds, data, point.k, printer.precision) if failure is None else failure
