"""The numbers and the wording of one certificate.

Every condition that the prose states (ω > 0, 0 ∉ ℓ1, ρ < 1, …) is tested on the printed numbers; what
follows from them (period, amplitude law) is computed from the certificate's exact decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from flint import arb

from ..balls import enclosure as ball_enclosure
from ..balls import working_precision
from ..errors import InputError
from ..exact import parse_printed_decimal
from . import numbers as nb
from .numbers import Printed, enclosure, lower_bound, pair, upper_bound
from .shared import Network, witness_files

if TYPE_CHECKING:
    from ..symbolic.derivation import Derivation

Json = dict[str, Any]
LISTED_DIMENSION = 12  # entries of x* are listed up to this dimension
EQUILIBRIUM_DIGITS = 8


@dataclass(frozen=True)
class Point:
    """One certificate, ready for the template."""

    id: str
    position: int
    count: int
    complete: bool
    parameter: Printed
    omega: Printed
    ell1: Printed
    re_c1: Printed
    speed: Printed
    gap: Printed | None
    n_u: int
    n_s: int
    supercritical: bool
    only_value: bool
    equilibrium: tuple[Printed, ...] | None
    equilibrium_norm: Printed | None
    speed_positive: bool
    after: bool
    period: Printed
    amplitude: Printed
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
    precision: int
    witness_files: int


def point_context(
    certificate: Json,
    branch: Json,
    position: int,
    count: int,
    network: Network,
    derivation: Derivation,
    style: str,
) -> Point:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds = certificate["claims"], certificate["bounds"]
    supercritical = claims["criticality"] == "supercritical"
    if not supercritical and claims["criticality"] != "subcritical":
        raise InputError('expected "supercritical" or "subcritical"', key="criticality")
    if claims["unstable_eigenvalues"] + claims["stable_eigenvalues"] + 2 != derivation.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")

    def right_sign(lower: Fraction, upper: Fraction) -> bool:
        return upper < 0 if supercritical else lower > 0

    def show(ends: tuple[Fraction, Fraction], holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    gamma, omega = pair(claims["parameter"]), pair(claims["omega"])
    ell1, speed = pair(claims["first_lyapunov_coefficient"]), pair(claims["crossing_speed"])
    printed_ell1, printed_speed = show(ell1, right_sign), show(speed, nb.nonzero)
    printed_gamma, printed_omega = show(gamma), show(omega, nb.positive)
    separation = _lower(bounds["separation"])
    only_value = separation is None or printed_gamma.upper - printed_gamma.lower < separation.lower
    entries = None if not derivation.has_bias else _equilibrium(claims["equilibrium"])
    listed = entries is not None and derivation.dimension <= LISTED_DIMENSION
    return Point(
        id=certificate["id"],
        position=position,
        count=count,
        complete=bool(branch["claims"]["complete"]),
        parameter=printed_gamma,
        omega=printed_omega,
        ell1=printed_ell1,
        re_c1=show(normal_form_coefficient(omega, ell1), right_sign),
        speed=printed_speed,
        gap=_lower(claims["spectral_gap"]),
        n_u=claims["unstable_eigenvalues"],
        n_s=claims["stable_eigenvalues"],
        supercritical=supercritical,
        only_value=only_value,
        equilibrium=tuple(show(x, digits=EQUILIBRIUM_DIGITS) for x in entries) if listed and entries else None,
        equilibrium_norm=None if entries is None or listed else upper_bound(_norm(entries), digits=6),
        speed_positive=speed[0] > 0,
        after=(printed_speed.lower > 0) == supercritical,
        period=show(limiting_period(omega), nb.positive),
        amplitude=show(amplitude_law(speed, omega, ell1), nb.nonzero),
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
        resolvent_gap=_lower(bounds["resolvent_gap"]),
        precision=certificate["precision"],
        witness_files=witness_files(certificate["witness"]),
    )


def _lower(text: str | None) -> Printed | None:
    return None if text is None else lower_bound(parse_printed_decimal(text), nb.positive, digits=4)


def _equilibrium(document: Sequence[Sequence[str]]) -> list[tuple[Fraction, Fraction]]:
    zero = Fraction(0)
    return [(zero, zero) if entry[0] == "0" == entry[1] else pair(entry) for entry in document]


def _norm(entries: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    return max(max(-lower, upper) for lower, upper in entries)


@cache
def _pi() -> tuple[Fraction, Fraction]:
    with working_precision(1100):
        return ball_enclosure(arb.pi())


def limiting_period(omega: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """2π/ω."""
    return 2 * _pi()[0] / omega[1], 2 * _pi()[1] / omega[0]


def amplitude_law(
    speed: tuple[Fraction, Fraction], omega: tuple[Fraction, Fraction], ell1: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """−d/(ω ℓ1); neither enclosure contains 0."""
    values = [-d / (w * lyapunov) for d in set(speed) for w in set(omega) for lyapunov in set(ell1)]
    return min(values), max(values)


def normal_form_coefficient(
    omega: tuple[Fraction, Fraction], ell1: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """Re c_1 = ω ℓ1, the multiple of ℓ1 that other programs print."""
    values = [w * lyapunov for w in omega for lyapunov in ell1]
    return min(values), max(values)
