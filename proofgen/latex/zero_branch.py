"""Certificates of points on the zero branch: numbers and wording."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle import zero_branch as cert
from ..bundle.kinds import Branch
from ..formulas.one_layer import Derivation
from . import numbers as nb
from .hopf_point import Ends, HopfPoint, bound, hopf_point, positive_bound
from .numbers import Printed, enclosure, lower_bound, upper_bound


@dataclass(frozen=True)
class ZeroBranchPoint(HopfPoint):
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


def zero_branch_point(
    certificate: cert.ZeroBranchPoint, branch: Branch, position: int, count: int, d: Derivation, style: str
) -> ZeroBranchPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    bounds = certificate.bounds

    def show(ends: Ends, holds: nb.Condition = nb.always) -> Printed:
        return enclosure(*ends, holds, style=style)

    entries = [entry.ends for entry in certificate.claims.equilibrium] if d.has_bias else None
    claims = hopf_point(certificate, branch, position, count, d.dimension, entries, style)
    separation = positive_bound(bounds.separation)
    width = claims.parameter.upper - claims.parameter.lower
    return ZeroBranchPoint(
        **vars(claims),
        only_value=separation is None or width < separation.lower,
        rho=bound(bounds.rho, nb.below_one),
        norm_N=upper_bound(bounds.norm_N.value, digits=4),
        eigenvalue_re=show(bounds.eigenvalue[0].ends),
        eigenvalue_im=show(bounds.eigenvalue[1].ends, nb.positive),
        disc_radius=bound(bounds.disc_radius),
        isolation=lower_bound(bounds.isolation.value, nb.positive),
        separation=separation,
        delta_right=bound(bounds.delta_right),
        delta_left=bound(bounds.delta_left),
        pq_defect=bound(bounds.pq_defect, nb.below_one),
        q_norm_squared=show(bounds.q_norm_squared.ends, nb.positive),
        im_S=show(bounds.im_S.ends),
        resolvent_gap=positive_bound(bounds.resolvent_gap),
    )
