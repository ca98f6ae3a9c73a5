"""What certificates of points of a map have in common (FORMAT.md, section 20)."""

from __future__ import annotations

from dataclasses import dataclass

from ..numbers.printed import Decimal, Enclosure

DISCRETE = ("inside", "outside", "criticality")


@dataclass(frozen=True)
class CircleBounds:
    """The numbers of the inequalities of section 20 that are those of any crossing of the unit circle; those of the
    tube are None on the trivial branch, window_clearance where there is no other multiplier."""

    rho: Decimal
    branch_gap: Decimal | None
    branch_residual: Decimal | None
    branch_radius: Decimal | None
    window_disc_radius: Decimal
    window_clearance: Decimal | None
    window_slope: Enclosure
    level: Enclosure
    disc_radius: Decimal
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure
