"""Certificates whose proof is Newton-Kantorovich in a ball (method newton-kantorovich): numbers and wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle import newton_ball as cert
from ..bundle.kinds import Branch
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from . import numbers as nb
from .hopf_point import HopfPoint, Length, bound, equilibrium_entries, hopf_point, length, pair_bounds, three_terms
from .numbers import Printed


@dataclass(frozen=True)
class NewtonBallPoint(HopfPoint):
    """One certificate, ready for the template. contracts: Y + ZR ≤ R holds for the printed Y and Z."""

    bounds: Mapping[str, Printed | None]
    terms: tuple[Printed, ...]
    uniqueness_radius: Length
    contracts: bool


def newton_ball_point(
    certificate: cert.NewtonBallPoint, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> NewtonBallPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds, radius = certificate.claims, certificate.bounds, certificate.claims.uniqueness_radius
    if radius is None or bounds.Y is None or bounds.Z is None or bounds.r_min is None:
        raise InputError("expected the numbers of a ball", key="bounds")
    R, Y, Z = radius.value, bound(bounds.Y), bound(bounds.Z, nb.below_one)
    common = hopf_point(certificate, branch, position, count, d.dimension, equilibrium_entries(claims), style)
    return NewtonBallPoint(
        **vars(common),
        bounds={**pair_bounds(bounds, style), "Y": Y, "Z": Z, "r_min": bound(bounds.r_min)},
        terms=three_terms(bounds, style),
        uniqueness_radius=length(R),
        contracts=Y.upper + Z.upper * R <= R,
    )
