"""Certificates of points on x = 0 of rate networks with a gain, and the summary of all of them: numbers and wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bundle.gain_branch import GainBranch
from ..bundle.gain_branch import GainPoint as Certificate
from ..bundle.kinds import Branch
from . import numbers as nb
from .branch import Branch as Followed
from .hopf_point import Ends, HopfPoint, bound, hopf_point, positive_bound
from .numbers import Printed, enclosure, lower_bound, upper_bound

if TYPE_CHECKING:
    from ..formulas.gain_branch import GainDerivation


@dataclass(frozen=True)
class GainPoint(HopfPoint):
    """One certificate, ready for the template."""

    rho: Printed
    norm_N: Printed
    eigenvalue_re: Printed
    eigenvalue_im: Printed
    disc_radius: Printed
    isolation: Printed
    away: Printed
    separation: Printed | None
    delta_right: Printed
    delta_left: Printed
    pq_defect: Printed
    q_norm_squared: Printed
    S_re: Printed
    S_im: Printed
    resolvent_gap: Printed | None


def gain_point(
    certificate: Certificate, branch: Branch, position: int, count: int, d: GainDerivation, style: str
) -> GainPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    bounds = certificate.bounds

    def show(ends: Ends, holds: nb.Condition = nb.always) -> Printed:
        return enclosure(*ends, holds, style=style)

    return GainPoint(
        **vars(hopf_point(certificate, branch, position, count, d.dimension, None, style)),
        rho=bound(bounds.rho, nb.below_one),
        norm_N=upper_bound(bounds.norm_N.value, digits=4),
        eigenvalue_re=show(bounds.eigenvalue[0].ends, nb.nonzero),
        eigenvalue_im=show(bounds.eigenvalue[1].ends, nb.positive),
        disc_radius=bound(bounds.disc_radius),
        isolation=lower_bound(bounds.isolation.value, nb.positive),
        away=lower_bound(bounds.away.value, nb.positive),
        separation=positive_bound(bounds.separation),
        delta_right=bound(bounds.delta_right),
        delta_left=bound(bounds.delta_left),
        pq_defect=bound(bounds.pq_defect, nb.below_one),
        q_norm_squared=show(bounds.q_norm_squared.ends, nb.positive),
        S_re=show(bounds.S[0].ends),
        S_im=show(bounds.S[1].ends),
        resolvent_gap=positive_bound(bounds.resolvent_gap),
    )


def gain_followed(branch: GainBranch, style: str) -> Followed:
    return Followed(zero=False, trivial=True, start=None, start_norm=None)
