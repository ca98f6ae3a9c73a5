"""Certificates of points of maps: numbers and wording. What the prose states is tested on the printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..bundle.flip import FlipClaims
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.kinds import Branch, WindowMapPoint
from ..bundle.neimark_sacker import NeimarkSackerClaims, NeimarkSackerPoint, may_be_resonant
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from . import numbers as nb
from .hopf_point import (
    EQUILIBRIUM_DIGITS,
    LISTED_DIMENSION,
    Ends,
    Length,
    limiting_period,
    norm,
    positive_bound,
)
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure, upper_bound
from .window import crossing_numbers, tube_radius_below


@dataclass(frozen=True)
class PointOfMap:
    """One certificate, ready for the template, but for what only one way of proof has. pair: of a Neimark–Sacker point,
    else of a flip; theta, steps: of this 2π/θ; speed: d; law: of −d over the coefficient; after: what is born exists
    for γ > γ*; outward: the modulus of the multiplier grows with γ; trivial: x* = 0; equilibrium, equilibrium_norm: one
    of them, or none where x* = 0; bounds: the numbers of the verified inequalities."""

    id: str
    pair: bool
    position: int
    count: int
    complete: bool
    tied: bool
    parameter: Printed
    theta: Printed | None
    steps: Printed | None
    speed: Printed
    coefficient: Printed
    law: Printed
    supercritical: bool
    after: bool
    outward: bool
    gap: Printed | None
    inside: int
    outside: int
    trivial: bool
    equilibrium: tuple[Printed, ...] | None
    equilibrium_norm: Printed | None
    window: Printed
    bounds: Mapping[str, Printed | None]
    precision: int
    witness_files: int


@dataclass(frozen=True)
class WindowPointOfMap(PointOfMap):
    """One that a window locates."""

    tube_radius: Printed | None
    half_width: Length
    terms: tuple[Printed, ...]


def point_of_map(
    certificate: WindowMapPoint, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> WindowPointOfMap:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    common = crossing_numbers(certificate, branch, position, count, speed_of(certificate.claims), style)
    common["bounds"] |= _own_bounds(certificate, style)
    return WindowPointOfMap(
        **common,
        **map_numbers(certificate.claims, d.dimension, style),
        tube_radius=tube_radius_below(certificate.witness.radius, common["bounds"]["branch_radius"]),
        terms=tuple(enclosure(*term.ends, style=style) for term in certificate.bounds.terms),
    )


def speed_of(claims: NeimarkSackerClaims | FlipClaims) -> Ends:
    """d."""
    own = claims.log_modulus_speed if isinstance(claims, NeimarkSackerClaims) else claims.multiplier_speed
    return own.ends


def map_numbers(claims: NeimarkSackerClaims | FlipClaims, dimension: int, style: str) -> dict[str, Any]:
    """What the claims of a point of a map say besides those of any crossing, by the names of the template. Raises
    InputError where they contradict each other."""
    of_pair = isinstance(claims, NeimarkSackerClaims)
    if claims.criticality not in (SUPERCRITICAL, SUBCRITICAL) or not claims.sign_is_claimed:
        raise InputError("the sign of the coefficient is not that of the criticality", key="claims.criticality")
    if claims.inside + claims.outside + (2 if of_pair else 1) != dimension:
        raise InputError("the numbers of multipliers do not add up to the dimension", key="claims")
    theta, coefficient = None, claims.coefficient.ends
    if isinstance(claims, NeimarkSackerClaims):
        theta = claims.theta.ends

    def show(ends: Ends, holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    growing = speed_of(claims)[0] > 0
    entries = [entry.ends for entry in claims.equilibrium]
    trivial = all(low == high == 0 for low, high in entries)
    listed = dimension <= LISTED_DIMENSION
    shown = listed and not trivial
    return {
        "pair": of_pair,
        "theta": None if theta is None else show(theta, nb.positive),
        "steps": None if theta is None else show(limiting_period(theta), nb.positive),
        "supercritical": claims.supercritical,
        "after": growing == (coefficient[1] < 0),
        "outward": growing == of_pair,
        "inside": claims.inside,
        "outside": claims.outside,
        "trivial": trivial,
        "equilibrium": tuple(show(x, digits=EQUILIBRIUM_DIGITS) for x in entries) if shown else None,
        "equilibrium_norm": None if listed or trivial else upper_bound(norm(entries), digits=6),
    }


def _own_bounds(certificate: WindowMapPoint, style: str) -> dict[str, Printed | None]:
    """Those numbers of the verified inequalities that a real crossing of a flow does not have."""
    def bound(key: str) -> Printed | None:
        value = getattr(certificate.bounds, key)
        return None if value is None else positive_bound(value)

    found = {"gap_1": bound("gap_1")}
    if isinstance(certificate, NeimarkSackerPoint):
        cosine, quadratic = certificate.bounds.cosine, certificate.bounds.quadratic
        found["cosine"] = enclosure(
            *cosine.ends, lambda low, high: not may_be_resonant(low, high, quadratic), digits=6, style=style
        )
        found |= {key: bound(key) for key in ("isolation", "gap_2")}
    return found


NEIMARK_SACKER_ROWS = RowWords(
    label="points",
    columns=(
        Column("theta", Tex(r"$\theta$"), lambda row: nb.positive),
        Column("coefficient", Tex("$a$"), lambda row: nb.negative if row.criticality == SUPERCRITICAL else nb.positive),
        Column("outside", Tex(r"$n_{\mathrm{out}}$"), count=True),
    ),
    explained=Tex(
        r"The multipliers on the unit circle are $e^{\pm i\theta}$; $a$~is normalised by "
        r"$q^{\mathsf H}q=p^{\mathsf H}q=1$; $n_{\mathrm{out}}$~multipliers are outside of the unit circle."
    ),
    undecided=undecided("a pair of multipliers that reaches the unit circle", "the theorem"),
)
FLIP_ROWS = RowWords(
    label="flips",
    columns=(
        Column("coefficient", Tex("$c$"), lambda row: nb.positive if row.criticality == SUPERCRITICAL else nb.negative),
        Column("outside", Tex(r"$n_{\mathrm{out}}$"), count=True),
    ),
    explained=Tex(
        r"The multiplier on the unit circle is~$-1$; $c$~is normalised by $q^{\mathsf T}q=lq=1$; $n_{\mathrm{out}}$~"
        "multipliers are outside of the unit circle."
    ),
    undecided=undecided("a real multiplier that reaches~$-1$", "a flip"),
)
