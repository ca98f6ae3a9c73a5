"""Certificates of maps whose multipliers follow from one matrix, and their summary: numbers and wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bundle.circle_branch import CircleBranch, CircleFlipPoint, CirclePairPoint
from ..bundle.kinds import Branch
from ..bundle.neimark_sacker import may_be_resonant
from . import numbers as nb
from .branch import Branch as Followed
from .hopf_point import bound, positive_bound
from .map_point import PointOfMap, map_numbers, speed_of
from .numbers import Printed, enclosure, lower_bound, upper_bound
from .window import crossing_claims

if TYPE_CHECKING:
    from ..formulas.circle_branch import CircleDerivation


@dataclass(frozen=True)
class CirclePoint(PointOfMap):
    """plus: the sign of the root that gives γ*, of a pair."""

    plus: bool


def circle_point(
    certificate: CirclePairPoint | CircleFlipPoint,
    branch: Branch,
    position: int,
    count: int,
    d: CircleDerivation,
    style: str,
) -> CirclePoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims = certificate.claims
    return CirclePoint(
        **crossing_claims(certificate, branch, position, count, speed_of(claims), style),
        **map_numbers(claims, d.dimension, style),
        bounds=_bounds(certificate, d.quadratic, style),
        plus=isinstance(certificate, CirclePairPoint) and certificate.witness.root == "plus",
    )


def _bounds(
    certificate: CirclePairPoint | CircleFlipPoint, quadratic: bool, style: str
) -> dict[str, Printed | None]:
    """The numbers of the verified inequalities."""
    b = certificate.bounds
    found: dict[str, Printed | None] = {
        **{key: bound(getattr(b, key)) for key in ("disc_radius", "delta_right", "delta_left")},
        **{key: bound(getattr(b, key), nb.below_one) for key in ("rho", "pq_defect")},
        "norm_N": upper_bound(b.norm_N.value, digits=4),
        "q_norm_squared": enclosure(*b.q_norm_squared.ends, nb.positive, digits=6, style=style),
        "resolvent_gap": positive_bound(b.resolvent_gap),
    }
    if isinstance(certificate, CircleFlipPoint):
        own = certificate.bounds
        return found | {
            "eigenvalue_re": enclosure(*own.eigenvalue.ends, style=style),
            "S_re": enclosure(*own.S.ends, style=style),
        }
    pair = certificate.bounds
    return found | {
        "eigenvalue_re": enclosure(*pair.eigenvalue[0].ends, style=style),
        "eigenvalue_im": enclosure(*pair.eigenvalue[1].ends, nb.positive, style=style),
        "S_re": enclosure(*pair.S[0].ends, style=style),
        "S_im": enclosure(*pair.S[1].ends, style=style),
        "isolation": lower_bound(pair.isolation.value, nb.positive),
        "cosine": enclosure(
            *pair.cosine.ends, lambda low, high: not may_be_resonant(low, high, quadratic), digits=6, style=style
        ),
        "sine": lower_bound(pair.sine.value, nb.positive),
    }


def circle_followed(branch: CircleBranch, style: str) -> Followed:
    return Followed(zero=False, trivial=True, start=None, start_norm=None)
