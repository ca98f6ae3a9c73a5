"""The numbers of certificates of periodic orbits, and their lines in the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..bundle.bundle import Bundle
from ..bundle.hopf_point import HopfClaims
from ..bundle.orbit import INCREASING, Orbit, OrbitPart, OrbitPolynomial
from ..numbers.printed import Decimal
from . import numbers as nb
from .numbers import Printed, enclosure

ARRAYS_OF_A_PIECE, ARRAYS_OF_AN_EQUILIBRIUM = 9, 3
TABLE_DIGITS = 8


@dataclass(frozen=True)
class OrbitTex:
    """One certificate. last: the largest amplitude; number: of the Hopf point among those of the run, None where it is
    not listed; outside, stable: None where not decided."""

    id: str
    hopf: str
    number: int | None
    single: bool
    last: Printed
    parameter: Printed
    period: Printed
    end_parameter: Printed
    end_period: Printed
    distance: Printed
    increasing: bool | None
    slope: Printed | None
    outside: int | None
    stable: bool | None
    kappa: Printed | None
    rate: Printed
    exponent_radius: Printed
    uniqueness: Printed
    samples: int
    angles: int
    witness_files: int
    precision: int
    parts: Sequence[PartTex]
    moving: bool
    polynomial: PolynomialTex | None
    box_factor: Printed | None


@dataclass(frozen=True)
class PolynomialTex:
    """rows: for k = 0, 1, … the coefficients of cos kτ and sin kτ of each variable in turn."""

    distance: Printed
    names: Sequence[int]
    rows: Sequence[tuple[int, Sequence[Printed]]]


@dataclass(frozen=True)
class PartTex:
    """One of several glued pieces, for the amplitudes in (first, last]."""

    first: Printed
    last: Printed
    parameter: Printed
    period: Printed
    increasing: bool | None
    outside: int | None


@dataclass(frozen=True)
class OrbitLine:
    """A line of the summary. reason: why it is undecided, None where it is proved."""

    id: str
    hopf: str
    whole: bool
    amplitude: Printed
    parameter: Printed | None
    period: Printed | None
    increasing: bool | None
    outside: int | None
    stable: bool | None
    reason: str | None


def orbit_tex(orbit: Orbit, bundle: Bundle, style: str) -> OrbitTex:
    """Raises InputError where a claim does not prove what it is used for."""
    claims, pieces = orbit.claims, orbit.witness.pieces
    direction, moving = claims.direction, pieces[0].y is not None
    sign = nb.always if direction is None else nb.nonzero
    factors = [piece.box.factor for piece in pieces if piece.box is not None]
    names = [name for name, point in bundle.points.items() if isinstance(point.claims, HopfClaims)]
    return OrbitTex(
        id=orbit.id,
        hopf=orbit.hopf,
        number=names.index(orbit.hopf) + 1 if orbit.hopf in names else None,
        single=claims.amplitude.low == claims.amplitude.high,
        last=nb.exactly(claims.end.amplitude.value),
        parameter=enclosure(*claims.parameter.ends, style=style),
        period=enclosure(*claims.period.ends, nb.positive, style=style),
        end_parameter=enclosure(*claims.end.parameter.ends, style=style),
        end_period=enclosure(*claims.end.period.ends, nb.positive, style=style),
        distance=nb.upper_bound(claims.distance.value),
        increasing=None if direction is None else direction == INCREASING,
        slope=None if claims.slope is None else enclosure(*claims.slope.ends, sign, style=style),
        outside=claims.unstable_multipliers,
        stable=claims.stable,
        kappa=None if orbit.bounds.kappa is None else enclosure(*orbit.bounds.kappa.ends, nb.nonzero, style=style),
        rate=nb.upper_bound(orbit.bounds.rate.value, nb.below_one),
        exponent_radius=nb.upper_bound(orbit.bounds.exponent_radius.value),
        uniqueness=nb.lower_bound(min(piece.uniqueness for piece in pieces), digits=2),
        samples=2 * max(piece.over_tau for piece in pieces) + 1,
        angles=2 * max(piece.over_theta for piece in pieces) + 1,
        witness_files=(ARRAYS_OF_A_PIECE + (ARRAYS_OF_AN_EQUILIBRIUM if moving else 0)) * len(pieces),
        precision=orbit.precision,
        parts=[_part(part, style) for part in claims.parts],
        moving=moving,
        polynomial=None if claims.polynomial is None else _polynomial(claims.polynomial),
        box_factor=nb.lower_bound(min(factors), digits=2) if factors else None,
    )


def _polynomial(found: OrbitPolynomial) -> PolynomialTex:
    zero = [Decimal.exactly(Fraction(0))] * len(found.mean)
    rows = []
    for k, (cosines, sines) in enumerate(zip((found.mean, *found.cosines), (zero, *found.sines), strict=True)):
        rows.append((k, [nb.exactly(x.value) for pair in zip(cosines, sines, strict=True) for x in pair]))
    return PolynomialTex(nb.upper_bound(found.distance.value), range(1, len(found.mean) + 1), rows)


def _part(part: OrbitPart, style: str) -> PartTex:
    return PartTex(
        nb.exactly(part.amplitude.low), nb.exactly(part.amplitude.high),
        enclosure(*part.parameter.ends, digits=TABLE_DIGITS, style=style),
        enclosure(*part.period.ends, nb.positive, digits=TABLE_DIGITS, style=style),
        None if part.direction is None else part.direction == INCREASING, part.unstable_multipliers,
    )  # fmt: skip


def orbit_lines(bundle: Bundle, style: str) -> Sequence[OrbitLine]:
    """The orbits that were asked for: claims of the certificates, and the undecided rows of the summary."""
    lines = []
    for row in bundle.summary.orbits:
        orbit = bundle.orbits.get(row.id)
        amplitude = row.amplitude if orbit is None else orbit.claims.amplitude
        shown = nb.exactly(amplitude.high)
        whole = amplitude.low != amplitude.high
        if orbit is None:
            lines.append(OrbitLine(row.id, row.hopf, whole, shown, None, None, None, None, None, row.reason or ""))
            continue
        claims = orbit.claims
        lines.append(
            OrbitLine(
                row.id, orbit.hopf, whole, shown,
                enclosure(*claims.end.parameter.ends, digits=TABLE_DIGITS, style=style),
                enclosure(*claims.end.period.ends, nb.positive, digits=TABLE_DIGITS, style=style),
                None if claims.direction is None else claims.direction == INCREASING,
                claims.unstable_multipliers, claims.stable, None,
            )
        )  # fmt: skip
    return lines
