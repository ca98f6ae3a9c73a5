"""Certificates whose proof follows the branch over a window of the parameter (method spectral): numbers and wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..bundle.codec import Json
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from ..numbers.exact import parse_printed_decimal
from . import numbers as nb
from .hopf_point import (
    Ends,
    HopfPoint,
    Length,
    bound,
    equilibrium_entries,
    hopf_point,
    length,
    pair_bounds,
    positive_bound,
    three_terms,
)
from .numbers import Printed, Tex, enclosure, lower_bound, pair, upper_bound


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
    certificate: Json, branch: Json, position: int, count: int, d: FieldDerivation, style: str
) -> WindowPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, witness = certificate["claims"], certificate["witness"]
    gamma, window = pair(claims["parameter"]), pair(claims["window"])
    if not (window[0] <= gamma[0] and gamma[1] <= window[1]):
        raise InputError("the parameter is not inside the window", key="claims.window")

    def inside(lower: Fraction, upper: Fraction) -> bool:
        return window[0] <= lower and upper <= window[1]

    entries = equilibrium_entries(claims)
    common = hopf_point(certificate, branch, position, count, d.dimension, entries, style, inside)
    bounds, half_width = _bounds(certificate["bounds"], style), _number(witness["half_width"])
    return WindowPoint(
        **vars(common),
        bounds=bounds,
        terms=three_terms(certificate["bounds"], style),
        window=_as_it_stands(window),
        tube_radius=_tube_radius(witness["radius"], bounds["branch_radius"]),
        half_width=length(half_width),
        newton_step=_newton_step(bounds["real_part"], bounds["window_slope"], half_width),
    )


def _bounds(bounds: Json, style: str) -> dict[str, Printed | None]:
    """The numbers of the verified inequalities; those of the branch are None on x = 0."""
    return {
        **pair_bounds(bounds, style),
        **{key: None if bounds[key] is None else bound(bounds[key]) for key in ("branch_residual", "branch_radius")},
        **{key: positive_bound(bounds[key]) for key in ("branch_gap", "window_clearance")},
        "window_disc_radius": bound(bounds["window_disc_radius"]),
        "window_slope": enclosure(*pair(bounds["window_slope"]), nb.nonzero, digits=6, style=style),
        "real_part": enclosure(*pair(bounds["real_part"]), digits=6, style=style),
    }


def _as_it_stands(window: Ends) -> Printed:
    """The window is claimed as it stands: a short decimal interval, printed exactly."""
    low, high = (enclosure(end, end, digits=30) for end in window)
    return Printed(low.lower, high.upper, Tex(f"[{low.latex},\\, {high.latex}]"))


def _number(value: str | list[int]) -> Fraction:
    """A number of a witness: a decimal or [m, e]."""
    return parse_printed_decimal(value) if isinstance(value, str) else Fraction(value[0]) * Fraction(2) ** value[1]


def _tube_radius(radius: str | list[int] | None, used: Printed | None) -> Printed | None:
    """r from below, with η/β < r for the printed numbers."""
    if radius is None:
        return None
    least = Fraction(0) if used is None else used.upper
    return lower_bound(_number(radius), lambda lower, _: lower > least, digits=4)


def _newton_step(real_part: Printed | None, slope: Printed | None, half_width: Fraction) -> Printed | None:
    if slope is None or real_part is None:
        return None
    step = max(abs(real_part.lower), abs(real_part.upper)) / min(abs(slope.lower), abs(slope.upper))
    return upper_bound(step, lambda _, upper: upper < half_width) if step < half_width else None
