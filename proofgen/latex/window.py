"""Certificates whose proof follows the branch over a window of the parameter (method spectral): numbers and wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..bundle import window as cert
from ..bundle.hopf_point import LocatedBounds
from ..bundle.kinds import Branch, MapPoint, WindowMapPoint, ZeroCrossing
from ..bundle.map_point import CircleBounds
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from ..numbers.printed import Decimal, Enclosure
from . import numbers as nb
from .hopf_point import (
    Ends,
    HopfPoint,
    Length,
    bound,
    eigenvector_numbers,
    equilibrium_entries,
    hopf_point,
    length,
    pair_bounds,
    positive_bound,
    three_terms,
)
from .numbers import Printed, Tex, enclosure, lower_bound, upper_bound
from .shared import witness_files


@dataclass(frozen=True)
class WindowPoint(HopfPoint):
    """One certificate, ready for the template.

    newton_step: a bound of |Re λ(γ̃)/Re λ'(Γ)| that is less than the half-width, from the printed numbers (None where
    these are too coarse).
    """

    bounds: Mapping[str, Printed | None]
    terms: tuple[Printed, ...]
    window: Printed
    tube_radius: Printed | None
    half_width: Length
    newton_step: Printed | None


def window_point(
    certificate: cert.WindowPoint, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> WindowPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, witness, window = certificate.claims, certificate.witness, certificate.claims.window
    if window is None or not (window.low <= claims.parameter.low and claims.parameter.high <= window.high):
        raise InputError("the parameter is not inside the window", key="claims.window")

    def inside(lower: Fraction, upper: Fraction) -> bool:
        return window.low <= lower and upper <= window.high

    entries = equilibrium_entries(claims)
    common = hopf_point(certificate, branch, position, count, d.dimension, entries, style, inside)
    bounds = _bounds(certificate.bounds, style)
    return WindowPoint(
        **vars(common),
        bounds=bounds,
        terms=three_terms(certificate.bounds, style),
        window=as_it_stands(window.ends),
        tube_radius=tube_radius_below(witness.radius, bounds["branch_radius"]),
        half_width=length(witness.half_width),
        newton_step=_newton_step(bounds["real_part"], bounds["window_slope"], witness.half_width),
    )


def _bounds(bounds: LocatedBounds, style: str) -> dict[str, Printed | None]:
    """The numbers of the verified inequalities; those of the branch are None on x = 0."""
    slope, real_part, disc = bounds.window_slope, bounds.real_part, bounds.window_disc_radius
    if slope is None or real_part is None or disc is None:
        raise InputError("expected the numbers of a window", key="bounds")
    return {
        **pair_bounds(bounds, style),
        **window_numbers(bounds, disc, slope, style),
        "real_part": enclosure(*real_part.ends, digits=6, style=style),
    }


def window_numbers(
    bounds: LocatedBounds | CircleBounds, disc: Decimal, slope: Enclosure, style: str
) -> dict[str, Printed | None]:
    """Those of the branch and of the window around a point, of a flow or a map."""
    residual, radius = bounds.branch_residual, bounds.branch_radius
    return {
        "branch_residual": None if residual is None else bound(residual),
        "branch_radius": None if radius is None else bound(radius),
        "branch_gap": positive_bound(bounds.branch_gap),
        "window_clearance": positive_bound(bounds.window_clearance),
        "window_disc_radius": bound(disc),
        "window_slope": enclosure(*slope.ends, nb.nonzero, digits=6, style=style),
    }


def crossing_numbers(
    certificate: WindowMapPoint | ZeroCrossing, branch: Branch, position: int, count: int, speed: Ends, style: str
) -> dict[str, Any]:
    """What is printed of a point of a map and of a real crossing that a window locates. Raises InputError as
    `crossing_claims`."""
    bounds = certificate.bounds
    return crossing_claims(certificate, branch, position, count, speed, style) | {
        "half_width": length(certificate.witness.half_width),
        "bounds": {
            **eigenvector_numbers(bounds, style),
            **window_numbers(bounds, bounds.window_disc_radius, bounds.window_slope, style),
            "level": enclosure(*bounds.level.ends, digits=6, style=style),
        },
    }


def crossing_claims(
    certificate: MapPoint | ZeroCrossing, branch: Branch, position: int, count: int, speed: Ends, style: str
) -> dict[str, Any]:
    """What is claimed of a point of a map and of a real crossing alike, by the names of the template; law: of −d over
    the coefficient. Raises InputError where a printed number does not show what it is used for."""
    claims, window = certificate.claims, certificate.claims.window
    if not (window.low <= claims.parameter.low and claims.parameter.high <= window.high):
        raise InputError("the parameter is not inside the window", key="claims.window")

    def inside(lower: Fraction, upper: Fraction) -> bool:
        return window.low <= lower and upper <= window.high

    coefficient, prefix = claims.coefficient.ends, claims.row.prefix
    laws = [-x / y for x in speed for y in coefficient]
    return {
        "id": certificate.id,
        "position": position,
        "count": count,
        "complete": branch.claims.complete,
        "tied": nb.overlapping([x.parameter.ends for x in branch.claims.points if x.id.startswith(f"{prefix}-")]),
        "parameter": enclosure(*claims.parameter.ends, inside, style=style),
        "speed": enclosure(*speed, nb.nonzero, style=style),
        "coefficient": enclosure(*coefficient, nb.nonzero, style=style),
        "law": enclosure(min(laws), max(laws), nb.nonzero, style=style),
        "gap": positive_bound(claims.spectral_gap),
        "window": as_it_stands(window.ends),
        "precision": certificate.precision,
        "witness_files": witness_files(certificate.witness),
    }


def as_it_stands(window: Ends) -> Printed:
    """The window is claimed as it stands: a short decimal interval, printed exactly."""
    low, high = (enclosure(end, end, digits=30) for end in window)
    return Printed(low.lower, high.upper, Tex(f"[{low.latex},\\, {high.latex}]"))


def tube_radius_below(radius: Fraction | None, used: Printed | None) -> Printed | None:
    """r from below, with η/β < r for the printed numbers."""
    if radius is None:
        return None
    least = Fraction(0) if used is None else used.upper
    return lower_bound(radius, lambda lower, _: lower > least, digits=4)


def _newton_step(real_part: Printed | None, slope: Printed | None, half_width: Fraction) -> Printed | None:
    if slope is None or real_part is None:
        return None
    step = max(abs(real_part.lower), abs(real_part.upper)) / min(abs(slope.lower), abs(slope.upper))
    return upper_bound(step, lambda _, upper: upper < half_width) if step < half_width else None
