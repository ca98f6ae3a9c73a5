"""What is printed of a Neimark–Sacker point of a map (FORMAT.md, section 20); see `claims.map_point`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.json_text import Files
from ..bundle.neimark_sacker import (
    NeimarkSackerBounds,
    NeimarkSackerClaims,
    NeimarkSackerPoint,
    NeimarkSackerRow,
    may_be_resonant,
)
from ..bundle.rows import unknown_row
from ..bundle.window import WindowWitness
from ..numbers.outward import SHORT, lower_bound
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode
from .hopf_point import Printer
from .map_point import MapContent, circle_bounds, circle_claims, circle_failure
from .window import WindowData

if TYPE_CHECKING:
    from ..proof.neimark_sacker import NeimarkSackerProof

KIND, COEFFICIENT = "neimark-sacker", "a"


def unknown_neimark_sacker(parameter: Enclosure) -> NeimarkSackerRow:
    """What is known of an undecided one."""
    return unknown_row(NeimarkSackerRow, kind=KIND, parameter=parameter, coefficient_name=COEFFICIENT)


def neimark_sacker_content(proof: NeimarkSackerProof, data: WindowData, printer: Printer) -> MapContent | FailureCode:
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
        gap_1=None if proof.gap_1 is None else lower_bound(proof.gap_1),
        gap_2=None if proof.gap_2 is None else lower_bound(proof.gap_2),
        terms=printer.terms(proof.terms),
        **circle_bounds(point, printer),
    )
    failure = circle_failure(claims, bounds, data) or _failure(claims, bounds)
    if failure is not None:
        return failure
    eigenvalue = complex(float(bounds.cosine.middle) - 1, float(bounds.isolation.value))
    return MapContent(claims, bounds, data, point.k, printer.precision, _certificate, eigenvalue)


def _certificate(name: str, content: MapContent, files: Files) -> NeimarkSackerPoint:
    witness = WindowWitness(pair=content.k, **content.data.stored(name, files))
    return NeimarkSackerPoint(name, content.claims, content.bounds, witness, content.precision)


def _failure(claims: NeimarkSackerClaims, bounds: NeimarkSackerBounds) -> FailureCode | None:
    """The inequalities of this kind, proved again on the printed numbers."""
    if not claims.log_modulus_speed.excludes_zero:
        return FailureCode.CIRCLE_NOT_CROSSED
    if claims.theta.low <= 0 or bounds.isolation.value <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if may_be_resonant(*bounds.cosine.ends, bounds.quadratic):
        return FailureCode.STRONG_RESONANCE
    if any(gap is not None and gap.value <= 0 for gap in (bounds.gap_1, bounds.gap_2)):
        return FailureCode.NOT_FINITE
    return None
