"""Certificates and summaries of the methods spectral, newton-kantorovich and pieces: numbers and wording.

As in `point`, every condition that the prose states is tested on the printed numbers, and what follows from them is
computed from the certificate's exact decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..formulas.equations import EquationsDerivation
from ..formulas.layered import NetworkDerivation
from ..numbers.exact import parse_printed_decimal
from . import numbers as nb
from .numbers import Printed, Tex, enclosure, lower_bound, pair, upper_bound
from .point_claims import PointClaims, point_claims, positive_bound

Json = dict[str, Any]


@dataclass(frozen=True)
class Length:
    """A positive number of a witness: a power of two as it is, any other rounded down."""

    latex: Tex
    exact: bool

    @property
    def relation(self) -> Tex:
        return Tex(("= " if self.exact else r"\ge ") + self.latex)


@dataclass(frozen=True)
class GeneralPoint(PointClaims):
    """One certificate, ready for the template.

    window, tube_radius, half_width, newton_step: method spectral. newton_step: a bound of |Re λ(γ̃)/Re λ'(Γ)| that is
    less than the half-width, from the printed numbers (None where these are too coarse). uniqueness_radius, contracts:
    newton-kantorovich; contracts: Y + ZR ≤ R holds for the printed Y and Z.
    """

    trivial: bool
    window: Printed | None
    uniqueness_radius: Length | None
    bounds: dict[str, Printed | None]
    terms: tuple[Printed, ...]
    tube_radius: Printed | None
    half_width: Length | None
    newton_step: Printed | None
    contracts: bool


def general_point(
    certificate: Json,
    branch: Json,
    position: int,
    count: int,
    d: NetworkDerivation | EquationsDerivation,
    style: str,
) -> GeneralPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds = certificate["claims"], certificate["bounds"]
    entries = [pair(entry) for entry in claims["equilibrium"]]
    trivial = all(low == high == 0 for low, high in entries)
    gamma, window = pair(claims["parameter"]), None if claims["window"] is None else pair(claims["window"])
    if window is not None and not (window[0] <= gamma[0] and gamma[1] <= window[1]):
        raise InputError("the parameter is not inside the window", key="claims.window")
    witness, shown = certificate["witness"], _bounds(bounds, style)

    def in_window(lower: Fraction, upper: Fraction) -> bool:
        return window is None or (window[0] <= lower and upper <= window[1])

    common = point_claims(
        certificate, branch, position, count, d.dimension, None if trivial else entries, style, in_window
    )
    return GeneralPoint(
        **vars(common),
        trivial=trivial,
        window=None if window is None else _inward(window),
        uniqueness_radius=None
        if claims["uniqueness_radius"] is None
        else _length(parse_printed_decimal(claims["uniqueness_radius"])),
        bounds=shown,
        terms=tuple(enclosure(*pair(term), style=style) for term in bounds["terms"]),
        tube_radius=_tube_radius(witness, shown),
        half_width=_half_width(witness),
        newton_step=_newton_step(shown, witness),
        contracts=_contracts(shown, claims["uniqueness_radius"]),
    )


def _inward(window: tuple[Fraction, Fraction]) -> Printed:
    """The window is claimed as it stands: a short decimal interval, printed exactly."""
    low, high = (enclosure(end, end, digits=30) for end in window)
    return Printed(low.lower, high.upper, Tex(f"[{low.latex},\\, {high.latex}]"))


def _number(value: str | list[int]) -> Fraction:
    """A number of a witness: a decimal or [m, e]."""
    return parse_printed_decimal(value) if isinstance(value, str) else Fraction(value[0]) * Fraction(2) ** value[1]


def _length(x: Fraction) -> Length:
    if x <= 0:
        raise InputError("expected a positive number", key="witness")
    for power, one in ((x.numerator.bit_length() - 1, x.denominator), (1 - x.denominator.bit_length(), x.numerator)):
        if one == 1 and x == Fraction(2) ** power:
            return Length(Tex(f"2^{{{power}}}"), exact=True)
    return Length(lower_bound(x, nb.positive, digits=4).latex, exact=False)


def _half_width(witness: Json) -> Length | None:
    return None if witness.get("half_width") is None else _length(_number(witness["half_width"]))


def _tube_radius(witness: Json, bounds: Mapping[str, Printed | None]) -> Printed | None:
    """r from below, with η/β < r for the printed numbers."""
    if witness.get("radius") is None:
        return None
    used = bounds["branch_radius"]
    least = Fraction(0) if used is None else used.upper
    return lower_bound(_number(witness["radius"]), lambda lower, _: lower > least, digits=4)


def _newton_step(bounds: Mapping[str, Printed | None], witness: Json) -> Printed | None:
    slope, real_part = bounds["window_slope"], bounds["real_part"]
    if slope is None or real_part is None:
        return None
    step = max(abs(real_part.lower), abs(real_part.upper)) / min(abs(slope.lower), abs(slope.upper))
    half_width = _number(witness["half_width"])
    return upper_bound(step, lambda _, upper: upper < half_width) if step < half_width else None


def _contracts(bounds: Mapping[str, Printed | None], radius: str | None) -> bool:
    Y, Z = bounds["Y"], bounds["Z"]
    if Y is None or Z is None or radius is None:
        return False
    R = parse_printed_decimal(radius)
    return Y.upper + Z.upper * R <= R


_UPPER = ("branch_residual", "branch_radius", "window_disc_radius", "disc_radius", "delta_right", "delta_left",
          "Y", "r_min")  # fmt: skip
_LOWER = ("branch_gap", "window_clearance", "isolation", "gap_0", "gap_2")


def _bounds(bounds: Json, style: str) -> dict[str, Printed | None]:
    """The numbers of the verified inequalities, as printed."""
    found: dict[str, Printed | None] = {key: _upper(bounds[key]) for key in _UPPER}
    found |= {key: positive_bound(bounds[key]) for key in _LOWER}
    for key in ("rho", "pq_defect", "Z"):
        value = bounds[key]
        found[key] = None if value is None else upper_bound(parse_printed_decimal(value), nb.below_one)
    for key, holds in (("window_slope", nb.nonzero), ("real_part", nb.always), ("q_norm_squared", nb.positive)):
        value = bounds[key]
        found[key] = None if value is None else enclosure(*pair(value), holds, digits=6, style=style)
    return found


def _upper(text: str | None) -> Printed | None:
    return None if text is None else upper_bound(parse_printed_decimal(text))
