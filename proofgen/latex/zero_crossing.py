"""Certificates of transcritical points and pitchforks: numbers and wording. What the prose states is tested on the
printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..bundle.kinds import Branch, ZeroCrossing
from ..bundle.zero_crossing import ABOVE, PitchforkClaims
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from . import numbers as nb
from .hopf_point import Ends, Length, eigenvector_numbers, length, positive_bound
from .listing import Column, RowWords
from .numbers import Printed, Tex, enclosure
from .shared import witness_files
from .window import as_it_stands, window_numbers


@dataclass(frozen=True)
class ZeroCrossingPoint:
    """One certificate, ready for the template. pitchfork: else a transcritical point; law: of −d over the coefficient;
    growing: d > 0; above: the two others exist for γ > γ* (pitchfork)."""

    id: str
    pitchfork: bool
    position: int
    count: int
    complete: bool
    tied: bool
    parameter: Printed
    speed: Printed
    coefficient: Printed
    law: Printed
    growing: bool
    supercritical: bool
    above: bool
    gap: Printed | None
    n_u: int
    n_s: int
    window: Printed
    half_width: Length
    bounds: Mapping[str, Printed | None]
    precision: int
    witness_files: int


def zero_crossing_point(
    certificate: ZeroCrossing, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> ZeroCrossingPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, window = certificate.claims, certificate.claims.window
    pitchfork = isinstance(claims, PitchforkClaims)
    if not claims.sign_is_claimed:
        raise InputError("the signs of the coefficients are not those that are claimed", key="claims.coefficient")
    if claims.unstable + claims.stable + 1 != d.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")
    if any(entry.low != 0 or entry.high != 0 for entry in claims.equilibrium):
        raise InputError("the equilibrium is not 0", key="claims.equilibrium")
    if not (window.low <= claims.parameter.low and claims.parameter.high <= window.high):
        raise InputError("the parameter is not inside the window", key="claims.window")

    def inside(lower: Fraction, upper: Fraction) -> bool:
        return window.low <= lower and upper <= window.high

    def show(ends: Ends, holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    speed, coefficient = claims.eigenvalue_speed.ends, claims.coefficient.ends
    laws = [-x / y for x in speed for y in coefficient]
    bounds = certificate.bounds
    growing, negative = speed[0] > 0, coefficient[1] < 0
    return ZeroCrossingPoint(
        id=certificate.id,
        pitchfork=pitchfork,
        position=position,
        count=count,
        complete=branch.claims.complete,
        tied=nb.overlapping(
            [x.parameter.ends for x in branch.claims.points if x.id.startswith(f"{claims.row.prefix}-")]
        ),
        parameter=show(claims.parameter.ends, inside),
        speed=show(speed, nb.positive if growing else nb.negative),
        coefficient=show(coefficient, nb.negative if negative else nb.positive),
        law=show((min(laws), max(laws)), nb.positive if growing == negative else nb.negative),
        growing=growing,
        supercritical=pitchfork and negative,
        above=isinstance(claims, PitchforkClaims) and claims.solutions_for == ABOVE,
        gap=positive_bound(claims.spectral_gap),
        n_u=claims.unstable,
        n_s=claims.stable,
        window=as_it_stands(window.ends),
        half_width=length(certificate.witness.half_width),
        bounds={
            **eigenvector_numbers(bounds, style),
            **window_numbers(bounds, bounds.window_disc_radius, bounds.window_slope, style),
            "level": enclosure(*bounds.level.ends, digits=6, style=style),
            "term": enclosure(*bounds.terms[0].ends, nb.nonzero, style=style),
        },
        precision=certificate.precision,
        witness_files=witness_files(certificate.witness),
    )


_COUNTED = Column("unstable", Tex("$n_u$"), count=True)
TRANSCRITICAL_ROWS = RowWords(
    label="transcritical",
    columns=(
        Column("eigenvalue_speed", Tex("$d$"), lambda row: nb.nonzero),
        Column("coefficient", Tex("$a$"), lambda row: nb.positive),
        _COUNTED,
    ),
    explained=Tex(
        r"$d$~is the speed of the eigenvalue that is~$0$ there; $a=\frac12lB(q,q)$, $q^{\mathsf T}q=lq=1$, with "
        r"the sign of~$q$ for which it is positive; $n_u$~other eigenvalues have positive real part."
    ),
    undecided=Tex(
        "the search found a real eigenvalue that crosses~$0$ there, but the hypotheses of a transcritical bifurcation "
        "could not all be verified"
    ),
    of_crossings=True,
)
PITCHFORK_ROWS = RowWords(
    label="pitchforks",
    columns=(
        Column("eigenvalue_speed", Tex("$d$"), lambda row: nb.nonzero),
        Column("coefficient", Tex("$e$"), lambda row: nb.negative if row.type == "supercritical" else nb.positive),
        _COUNTED,
    ),
    explained=Tex(
        r"$d$~is the speed of the eigenvalue that is~$0$ there; $e=\frac16lC(q,q,q)$, $q^{\mathsf T}q=lq=1$; "
        "$n_u$~other eigenvalues have positive real part."
    ),
    undecided=Tex(
        "the search found a real eigenvalue that crosses~$0$ there, but the hypotheses of a pitchfork could not all be "
        "verified"
    ),
    of_crossings=True,
)
