"""What certificates of all kinds claim of a Hopf point, rounded outward.

Every condition that the prose states (ω > 0, 0 ∉ ℓ1, ρ < 1, …) is tested on the printed numbers; what follows from
them (period, amplitude law) is computed from the certificate's exact decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import overload

from flint import arb

from ..bundle import kinds
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL, HopfClaims, HopfRow, LocatedBounds
from ..bundle.kinds import Branch
from ..bundle.map_point import CircleBounds
from ..errors import InputError
from ..numbers.balls import enclosure as ball_enclosure
from ..numbers.balls import working_precision
from ..numbers.printed import Decimal
from . import numbers as nb
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure, lower_bound, upper_bound
from .shared import witness_files

Ends = tuple[Fraction, Fraction]
LISTED_DIMENSION = 12  # entries of x* are listed up to this dimension
EQUILIBRIUM_DIGITS = 8


@dataclass(frozen=True)
class HopfPoint:
    """A point for the templates. trivial: x* = 0; equilibrium, equilibrium_norm: one of them, or none where x* = 0;
    after: the orbits exist for γ > γ*; tied: enclosures of γ* of listed points overlap, so that their order is not that
    of γ*."""

    id: str
    position: int
    count: int
    complete: bool
    tied: bool
    parameter: Printed
    omega: Printed
    ell1: Printed
    re_c1: Printed
    speed: Printed
    gap: Printed | None
    n_u: int
    n_s: int
    supercritical: bool
    trivial: bool
    equilibrium: tuple[Printed, ...] | None
    equilibrium_norm: Printed | None
    speed_positive: bool
    after: bool
    period: Printed
    amplitude: Printed
    precision: int
    witness_files: int


def hopf_point(
    certificate: kinds.HopfPoint,
    branch: Branch,
    position: int,
    count: int,
    dimension: int,
    entries: Sequence[Ends] | None,
    style: str,
    inside: nb.Condition = nb.always,
) -> HopfPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails.

    entries: of x*, None where it is 0; inside: what must hold for the printed parameter.
    """
    claims, supercritical = certificate.claims, certificate.claims.supercritical
    if not supercritical and claims.criticality != SUBCRITICAL:
        raise InputError('expected "supercritical" or "subcritical"', key="criticality")
    if claims.unstable_eigenvalues + claims.stable_eigenvalues + 2 != dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")

    def right_sign(lower: Fraction, upper: Fraction) -> bool:
        return upper < 0 if supercritical else lower > 0

    def show(ends: Ends, holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    omega, ell1, speed = claims.omega.ends, claims.first_lyapunov_coefficient.ends, claims.crossing_speed.ends
    printed_speed, printed_ell1 = show(speed, nb.nonzero), show(ell1, right_sign)
    listed = entries is not None and dimension <= LISTED_DIMENSION
    return HopfPoint(
        id=certificate.id,
        position=position,
        count=count,
        complete=branch.claims.complete,
        tied=nb.overlapping([x.parameter.ends for x in branch.claims.points if x.id.startswith(HopfRow.prefix)]),
        parameter=show(claims.parameter.ends, inside),
        omega=show(omega, nb.positive),
        ell1=printed_ell1,
        re_c1=show(normal_form_coefficient(omega, ell1), right_sign),
        speed=printed_speed,
        gap=positive_bound(claims.spectral_gap),
        n_u=claims.unstable_eigenvalues,
        n_s=claims.stable_eigenvalues,
        supercritical=supercritical,
        trivial=entries is None,
        equilibrium=tuple(show(x, digits=EQUILIBRIUM_DIGITS) for x in entries) if listed and entries else None,
        equilibrium_norm=None if entries is None or listed else upper_bound(norm(entries), digits=6),
        speed_positive=speed[0] > 0,
        after=(printed_speed.lower > 0) == supercritical,
        period=show(limiting_period(omega), nb.positive),
        amplitude=show(amplitude_law(speed, omega, ell1), nb.nonzero),
        precision=certificate.precision,
        witness_files=witness_files(certificate.witness),
    )


@overload
def positive_bound(bound: Decimal) -> Printed: ...
@overload
def positive_bound(bound: Decimal | None) -> Printed | None: ...
def positive_bound(bound: Decimal | None) -> Printed | None:
    """A claimed lower bound, which must be positive as printed."""
    return None if bound is None else lower_bound(bound.value, nb.positive, digits=4)


def norm(entries: Sequence[Ends]) -> Fraction:
    """An upper bound of the largest modulus."""
    return max(max(-lower, upper) for lower, upper in entries)


@cache
def _pi() -> Ends:
    with working_precision(1100):
        return ball_enclosure(arb.pi())


def limiting_period(omega: Ends) -> Ends:
    """2π/ω."""
    return 2 * _pi()[0] / omega[1], 2 * _pi()[1] / omega[0]


def amplitude_law(speed: Ends, omega: Ends, ell1: Ends) -> Ends:
    """−d/(ω ℓ1); neither enclosure contains 0."""
    values = [-d / (w * lyapunov) for d in set(speed) for w in set(omega) for lyapunov in set(ell1)]
    return min(values), max(values)


def normal_form_coefficient(omega: Ends, ell1: Ends) -> Ends:
    """Re c_1 = ω ℓ1, the multiple of ℓ1 that other programs print."""
    values = [w * lyapunov for w in omega for lyapunov in ell1]
    return min(values), max(values)


# --- rows of a summary -----------------------------------------------------------------------


def _sign(row: HopfRow) -> nb.Condition:
    """That of ℓ1 by the criticality."""
    return nb.negative if row.criticality == SUPERCRITICAL else nb.positive


ROWS = RowWords(
    label="points",
    columns=(
        Column("omega", Tex(r"$\omega$"), lambda row: nb.positive),
        Column("first_lyapunov_coefficient", Tex(r"$\ell_1$"), _sign),
        Column("unstable_eigenvalues", Tex("$n_u$"), count=True),
    ),
    explained=Tex(
        r"$\ell_1$~is normalised by $q^{\mathsf H}q=p^{\mathsf H}q=1$; $n_u$~eigenvalues have positive real part."
    ),
    undecided=undecided("a pair of eigenvalues that reaches the imaginary axis", "the Hopf theorem"),
)


# --- what the proofs of `window` and `newton_ball` have in common ------------------------------------


@dataclass(frozen=True)
class Length:
    """A positive number of a witness: a power of two as it is, any other rounded down."""

    latex: Tex
    exact: bool

    @property
    def relation(self) -> Tex:
        return Tex(("= " if self.exact else r"\ge ") + self.latex)


def length(x: Fraction) -> Length:
    if x <= 0:
        raise InputError("expected a positive number", key="witness")
    for power, one in ((x.numerator.bit_length() - 1, x.denominator), (1 - x.denominator.bit_length(), x.numerator)):
        if one == 1 and x == Fraction(2) ** power:
            return Length(Tex(f"2^{{{power}}}"), exact=True)
    return Length(lower_bound(x, nb.positive, digits=4).latex, exact=False)


def equilibrium_entries(claims: HopfClaims) -> list[Ends] | None:
    """The claimed enclosure of x*; None where it is exactly 0."""
    entries = [entry.ends for entry in claims.equilibrium]
    return None if all(low == high == 0 for low, high in entries) else entries


def bound(claimed: Decimal, holds: nb.Condition = nb.always) -> Printed:
    """A claimed upper bound."""
    return upper_bound(claimed.value, holds)


def pair_bounds(bounds: LocatedBounds, style: str) -> dict[str, Printed | None]:
    """The numbers by which the discs and eigenvectors of the pair at the point are enclosed."""
    return {
        **eigenvector_numbers(bounds, style),
        **{key: positive_bound(getattr(bounds, key)) for key in ("isolation", "gap_0", "gap_2")},
    }


def eigenvector_numbers(bounds: LocatedBounds | CircleBounds, style: str) -> dict[str, Printed | None]:
    """The numbers by which the disc of an eigenvalue and its eigenvectors are enclosed."""
    return {
        **{key: bound(getattr(bounds, key)) for key in ("disc_radius", "delta_right", "delta_left")},
        **{key: bound(getattr(bounds, key), nb.below_one) for key in ("rho", "pq_defect")},
        "q_norm_squared": enclosure(*bounds.q_norm_squared.ends, nb.positive, digits=6, style=style),
    }


def three_terms(bounds: LocatedBounds, style: str) -> tuple[Printed, ...]:
    """Enclosures of the three terms of ℓ1."""
    return tuple(enclosure(*term.ends, style=style) for term in bounds.terms)
