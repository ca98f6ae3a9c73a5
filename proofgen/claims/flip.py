"""What is printed of a flip of a map (FORMAT.md, section 20); see `claims.map_point`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bundle.flip import FlipBounds, FlipClaims, FlipPoint, FlipRow
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.json_text import Files
from ..bundle.rows import unknown_row
from ..numbers.outward import lower_bound
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode
from .hopf_point import Printer
from .map_point import MapContent, circle_bounds, circle_claims, circle_failure, real_witness
from .window import WindowData

if TYPE_CHECKING:
    from ..proof.flip import FlipProof

KIND, COEFFICIENT = "flip", "c"


def unknown_flip(parameter: Enclosure) -> FlipRow:
    """What is known of an undecided one."""
    return unknown_row(FlipRow, kind=KIND, parameter=parameter, coefficient_name=COEFFICIENT)


def flip_content(proof: FlipProof, data: WindowData, printer: Printer) -> MapContent | FailureCode:
    """A certificate, or why its printed form no longer proves the flip."""
    point = proof.point
    claims = FlipClaims(
        kind=KIND,
        multiplier_speed=printer.enclosure(proof.multiplier_speed),
        coefficient_name=COEFFICIENT,
        coefficient=printer.coefficient(proof.coefficient, proof.terms, 6 * point.q_norm_squared),
        criticality=SUPERCRITICAL if proof.supercritical else SUBCRITICAL,
        **circle_claims(point, data, printer),
    )
    bounds = FlipBounds(
        gap_1=lower_bound(proof.gap_1), terms=printer.terms(proof.terms), **circle_bounds(point, printer)
    )
    failure = circle_failure(claims, bounds, data)
    if failure is None and not claims.multiplier_speed.excludes_zero:
        failure = FailureCode.CIRCLE_NOT_CROSSED
    if failure is None and bounds.gap_1.value <= 0:
        failure = FailureCode.NOT_FINITE
    if failure is not None:
        return failure
    return MapContent(claims, bounds, data, point.k, printer.precision, _certificate, complex(-2))


def _certificate(name: str, content: MapContent, files: Files) -> FlipPoint:
    witness = real_witness(content, name, files)
    return FlipPoint(name, content.claims, content.bounds, witness, content.precision)
