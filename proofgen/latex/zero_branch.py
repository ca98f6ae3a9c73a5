"""The numbers and the wording of one certificate.

Every condition that the prose states (ω > 0, 0 ∉ ℓ1, ρ < 1, …) is tested on the printed numbers; what
follows from them (period, amplitude law) is computed from the certificate's exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..numbers.exact import parse_printed_decimal
from . import numbers as nb
from .numbers import Printed, enclosure, lower_bound, pair, upper_bound
from .point_claims import Ends, PointClaims, point_claims, positive_bound

if TYPE_CHECKING:
    from ..formulas.one_layer import Derivation

Json = dict[str, Any]


@dataclass(frozen=True)
class Point(PointClaims):
    """One certificate, ready for the template."""

    only_value: bool
    rho: Printed
    norm_N: Printed
    eigenvalue_re: Printed
    eigenvalue_im: Printed
    disc_radius: Printed
    isolation: Printed
    separation: Printed | None
    delta_right: Printed
    delta_left: Printed
    pq_defect: Printed
    q_norm_squared: Printed
    im_S: Printed
    resolvent_gap: Printed | None


def point_context(
    certificate: Json,
    branch: Json,
    position: int,
    count: int,
    derivation: Derivation,
    style: str,
) -> Point:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    bounds = certificate["bounds"]

    def show(ends: Ends, holds: nb.Condition = nb.always) -> Printed:
        return enclosure(*ends, holds, style=style)

    entries = [pair(entry) for entry in certificate["claims"]["equilibrium"]] if derivation.has_bias else None
    claims = point_claims(certificate, branch, position, count, derivation.dimension, entries, style)
    separation = positive_bound(bounds["separation"])
    width = claims.parameter.upper - claims.parameter.lower
    return Point(
        **vars(claims),
        only_value=separation is None or width < separation.lower,
        rho=upper_bound(parse_printed_decimal(bounds["rho"]), nb.below_one),
        norm_N=upper_bound(parse_printed_decimal(bounds["norm_N"]), digits=4),
        eigenvalue_re=show(pair(bounds["eigenvalue"][0])),
        eigenvalue_im=show(pair(bounds["eigenvalue"][1]), nb.positive),
        disc_radius=upper_bound(parse_printed_decimal(bounds["disc_radius"])),
        isolation=lower_bound(parse_printed_decimal(bounds["isolation"]), nb.positive),
        separation=separation,
        delta_right=upper_bound(parse_printed_decimal(bounds["delta_right"])),
        delta_left=upper_bound(parse_printed_decimal(bounds["delta_left"])),
        pq_defect=upper_bound(parse_printed_decimal(bounds["pq_defect"]), nb.below_one),
        q_norm_squared=show(pair(bounds["q_norm_squared"]), nb.positive),
        im_S=show(pair(bounds["im_S"])),
        resolvent_gap=positive_bound(bounds["resolvent_gap"]),
    )
