"""What is printed of a multiplier on the unit circle (FORMAT.md, section 20), common to all points of maps.

Makes no claim of its own: as in `claims.hopf_point`, whose room for a checker this is, enclosures of the proof are
rounded outward and widened, and every printed inequality is proved again on the printed numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from ..bundle.flip import FlipWitness
from ..bundle.json_text import Files
from ..bundle.kinds import MapPoint
from ..bundle.map_point import CircleBounds
from ..bundle.rows import RowClaims
from ..numbers.balls import largest
from ..numbers.outward import SHORT, lower_bound, upper_bound
from ..numbers.printed import ZERO, Enclosure
from ..proof.failure import FailureCode
from .hopf_point import DEFECT, OTHER_ORDER, Printer, branch_radius, reduced, wider_slope
from .window import WindowData, inside_window

if TYPE_CHECKING:
    from ..proof.map_point import OnCircle

SHARE = 2**32


@dataclass(frozen=True)
class MapContent:
    """A certificate of a point of a map before it has a name. claims, bounds: of its kind; k: the block; certificate:
    what makes it when it has a name; eigenvalue: λ = μ − 1, for the search of its block in other witnesses; candidate:
    position among the crossings that were tried."""

    claims: Any
    bounds: Any
    data: WindowData
    k: int
    precision: int
    certificate: Callable[[str, MapContent, Files], MapPoint]
    eigenvalue: complex
    candidate: int = 0

    @property
    def kind(self) -> str:
        return str(self.claims.kind)

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter  # type: ignore[no-any-return]

    @property
    def centre(self) -> float:
        """γ̃."""
        return float(self.data.local.gamma)

    @property
    def row(self) -> RowClaims:
        return self.claims.row  # type: ignore[no-any-return]

    def point(self, name: str, files: Files) -> MapPoint:
        """The certificate; its arrays are added to ``files``."""
        return self.certificate(name, self, files)


def real_witness(content: Any, name: str, files: Files) -> FlipWitness:
    """That of a real multiplier or eigenvalue, whose block of the prover is one complex index there."""
    return FlipWitness(index=content.k + content.data.local.basis.pairs, **content.data.stored(name, files))


def circle_claims(point: OnCircle, data: WindowData, printer: Printer) -> dict[str, Any]:
    """The claims that points of all kinds have, by their keys."""
    trivial = all(x.is_zero() for x in point.equilibrium)
    return {
        "parameter": printer.enclosure(point.parameter, SHORT),
        "inside": point.inside,
        "outside": point.outside,
        "spectral_gap": None if point.gap is None else lower_bound(point.gap),
        "equilibrium": tuple(ZERO if trivial else printer.enclosure(x) for x in point.equilibrium),
        "window": inside_window(data.local.gamma, data.half_width),
    }


def circle_bounds(point: OnCircle, printer: Printer) -> dict[str, Any]:
    """The bounds that points of all kinds have, by their keys."""
    crossing, tube, bounds = point.crossing, point.crossing.tube, point.slope.bounds
    disc_radius = point.spectrum.g[point.k]
    # of δ, which may be exactly 0, a checker knows no more than to a part of what the discs are wide
    room = largest(point.spectrum.g) / SHARE
    return {
        "rho": upper_bound(point.spectrum.rho),
        "branch_gap": None if tube.beta is None else reduced(tube.beta),
        "branch_residual": None if tube.eta is None else printer.radius(tube.eta),
        "branch_radius": branch_radius(tube),
        "window_disc_radius": printer.radius(tube.spectrum.g[point.k]),
        "window_clearance": None if crossing.clearance is None else reduced(crossing.clearance),
        "window_slope": printer.enclosure(wider_slope(crossing.slope)),
        "level": printer.enclosure(arb(crossing.level, OTHER_ORDER * disc_radius)),
        "disc_radius": printer.radius(disc_radius),
        "delta_right": printer.radius(bounds.delta_right + room),
        "delta_left": printer.radius(bounds.delta_left + room),
        "pq_defect": printer.radius(bounds.pq_defect, DEFECT),
        "q_norm_squared": printer.enclosure(point.q_norm_squared),
    }


def circle_failure(claims: Any, bounds: CircleBounds, data: WindowData) -> FailureCode | None:
    """The inequalities that points of all kinds have, proved again on the printed numbers."""
    window, parameter, radius = claims.window, claims.parameter, data.local.radius
    if not (window.low <= parameter.low and parameter.high <= window.high):
        return FailureCode.NO_CROSSING
    if not claims.sign_is_claimed:
        return FailureCode.COEFFICIENT_ENCLOSES_ZERO
    if not bounds.window_slope.excludes_zero:
        return FailureCode.CIRCLE_NOT_CROSSED
    for gap in (claims.spectral_gap, bounds.window_clearance):
        if gap is not None and gap.value <= 0:
            return FailureCode.CIRCLE_NOT_CLEAR
    if bounds.rho.value >= 1 or bounds.pq_defect.value >= 1 or bounds.q_norm_squared.low <= 0:
        return FailureCode.EIGENVECTOR_NOT_ISOLATED
    if bounds.branch_radius is not None and (radius is None or not bounds.branch_radius.value < Fraction(radius)):
        return FailureCode.BRANCH_NOT_VERIFIED
    if bounds.branch_gap is not None and bounds.branch_gap.value <= 0:
        return FailureCode.BRANCH_NOT_VERIFIED
    return None
