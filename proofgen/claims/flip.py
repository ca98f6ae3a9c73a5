"""What is printed of a flip of a map (FORMAT.md, section 20); see `claims.map_point`."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle.flip import FlipBounds, FlipClaims, FlipPoint, FlipRow, FlipWitness
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.json_text import Files
from ..numbers.outward import lower_bound
from ..numbers.printed import Enclosure
from ..proof.failure import Failure, FailureCode
from ..proof.flip import FlipProof
from .hopf_point import Printer
from .map_point import circle_bounds, circle_claims, circle_failure
from .window import WindowData

KIND, COEFFICIENT = "flip", "c"


@dataclass(frozen=True)
class FlipContent:
    """A certificate before it has a name; candidate: position among the crossings that were tried; k: the block."""

    claims: FlipClaims
    bounds: FlipBounds
    data: WindowData
    k: int
    precision: int
    candidate: int = 0

    kind = KIND
    eigenvalue = complex(-2)

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def centre(self) -> float:
        """γ̃."""
        return float(self.data.local.gamma)

    @property
    def row(self) -> FlipRow:
        return self.claims.row

    def point(self, name: str, files: Files) -> FlipPoint:
        """The certificate; its arrays are added to ``files``."""
        index = self.k + self.data.local.basis.pairs  # a real block of the prover is one complex index there
        witness = FlipWitness(index=index, **self.data.stored(name, files))
        return FlipPoint(name, self.claims, self.bounds, witness, self.precision)


@dataclass(frozen=True)
class OpenFlip:
    """A crossing at −1 about which not everything could be proved; parameter: where it was looked for."""

    code: FailureCode
    reason: str
    parameter: Enclosure
    candidate: int = 0

    @property
    def explanation(self) -> str:
        """The reason with its remedy, for people."""
        return str(Failure(self.code, self.reason))

    @property
    def row(self) -> FlipRow:
        """What is known of it."""
        return FlipRow(KIND, self.parameter, None, COEFFICIENT, None, None, None, None)


def flip_content(proof: FlipProof, data: WindowData, printer: Printer) -> FlipContent | FailureCode:
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
    return FlipContent(claims, bounds, data, point.k, printer.precision) if failure is None else failure
