"""Certificates of folds: numbers and wording. What the prose states is tested on the printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..bundle import fold as cert
from ..bundle.kinds import Branch
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from . import numbers as nb
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION, Ends, Length, bound, length, norm, positive_bound
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure, upper_bound
from .shared import witness_files


@dataclass(frozen=True)
class FoldPoint:
    """One certificate, ready for the template. above: the equilibria exist for γ > γ*; law: of −b/a; growth: of 4|a|b,
    which times |γ − γ*| is the square of the small eigenvalue to leading order; equilibrium, equilibrium_norm: one of
    them."""

    id: str
    position: int
    count: int
    parameter: Printed
    a: Printed
    b: Printed
    law: Printed
    growth: Printed
    above: bool
    gap: Printed | None
    n_u: int
    n_s: int
    equilibrium: tuple[Printed, ...] | None
    equilibrium_norm: Printed | None
    uniqueness_radius: Length
    bounds: Mapping[str, Printed]
    precision: int
    witness_files: int


def fold_point(
    certificate: cert.FoldPoint, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> FoldPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds, above = certificate.claims, certificate.bounds, certificate.claims.solutions_for == cert.ABOVE
    if not claims.sign_is_claimed or claims.solutions_for not in (cert.ABOVE, cert.BELOW):
        raise InputError("the signs of a and b are not those of the side", key="claims.solutions_for")
    if claims.unstable + claims.stable + 1 != d.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")
    sign = nb.negative if above else nb.positive

    def show(ends: Ends, holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    entries = [entry.ends for entry in claims.equilibrium]
    listed = d.dimension <= LISTED_DIMENSION
    Y, Z = bound(bounds.Y, nb.below_one), bound(bounds.Z, nb.below_one)
    if not Y.upper + Z.upper < 1:
        Z = upper_bound(bounds.Z.value, lambda low, high: high + Y.upper < 1)
    return FoldPoint(
        id=certificate.id,
        position=position,
        count=count,
        parameter=show(claims.parameter.ends),
        a=show(claims.a.ends, sign),
        b=show(claims.b.ends, nb.positive),
        law=show(_quotient(claims), nb.positive if above else nb.negative),
        growth=show(_product(claims), nb.positive),
        above=above,
        gap=positive_bound(claims.spectral_gap),
        n_u=claims.unstable,
        n_s=claims.stable,
        equilibrium=tuple(show(x, digits=EQUILIBRIUM_DIGITS) for x in entries) if listed else None,
        equilibrium_norm=None if listed else upper_bound(norm(entries), digits=6),
        uniqueness_radius=length(claims.uniqueness_radius.value),
        bounds={
            "Y": Y, "Z": Z, "r": bound(bounds.r), "rho": bound(bounds.rho, nb.below_one),
            "disc_radius": bound(bounds.disc_radius), "bend": show(bounds.bend.ends, sign),
            "overlap": show(bounds.overlap.ends, nb.nonzero),
            "v_norm_squared": show(bounds.v_norm_squared.ends, nb.positive),
        },
        precision=certificate.precision,
        witness_files=witness_files(certificate.witness),
    )  # fmt: skip


def _quotient(claims: cert.FoldClaims) -> Ends:
    """−b/a; a is not 0."""
    values = [-b / a for a in claims.a.ends for b in claims.b.ends]
    return min(values), max(values)


def _product(claims: cert.FoldClaims) -> Ends:
    """4|a|b."""
    values = [4 * abs(a) * b for a in claims.a.ends for b in claims.b.ends]
    return min(values), max(values)


ROWS = RowWords(
    label="folds",
    columns=(
        Column("a", Tex("$a$"), lambda row: nb.negative if row.solutions_for == cert.ABOVE else nb.positive),
        Column("b", Tex("$b$"), lambda row: nb.positive),
        Column("unstable", Tex("$n_u$"), count=True),
    ),
    explained=Tex(
        r"$a=\tfrac12\,l\,B(q,q)$ and $b=l\,\partial f$ (the derivative by the parameter), with $Aq=0$, $lA=0$, "
        r"$q^{\mathsf T}q=lq=1$ and $b>0$; $n_u$~eigenvalues have positive real part. The type is the side on which "
        "there are two equilibria near it."
    ),
    undecided=undecided("that the branch of equilibria turns around", "a fold"),
)
ROWS_OF_MAP = replace(
    ROWS,
    columns=(*ROWS.columns[:2], Column("unstable", Tex(r"$n_{\mathrm{out}}$"), count=True)),
    explained=Tex(
        r"$a=\tfrac12\,l\,B(q,q)$ and $b=l\,\partial f$ (the derivative by the parameter), with $Aq=q$, $lA=l$, "
        r"$q^{\mathsf T}q=lq=1$ and $b>0$, where $A$~is the derivative of the map; $n_{\mathrm{out}}$~multipliers are "
        "outside of the unit circle. The type is the side on which there are two fixed points near it."
    ),
    undecided=undecided("that the branch of fixed points turns around", "a fold"),
)
