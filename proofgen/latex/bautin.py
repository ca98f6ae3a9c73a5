"""Certificates of Bautin points and the summary of curves of Hopf points: numbers and wording.

What the prose states is tested on the printed numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..bundle import bautin as cert
from ..bundle.bundle import Bundle
from ..bundle.hopf_curve import CLOSED, OPEN, SUPERCRITICAL, Curve, HopfCurves
from ..bundle.kinds import Branch as AnyBranch
from ..bundle.stretches import Stretch, stretches
from ..bundle.summary import SummaryRow
from ..errors import InputError
from ..numbers.printed import Enclosure
from . import numbers as nb
from .branch import Branch
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION, Ends, bound, norm, positive_bound
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure, upper_bound
from .shared import witness_files

PLACE_DIGITS = 7  # of the ends of a stretch
STRETCHES_SHOWN = 60

if TYPE_CHECKING:
    from ..formulas.equations import PlaneDerivation


@dataclass(frozen=True)
class BautinPoint:
    """One certificate, ready for the template. re_c2: for q^H q = 1; along: which parameter runs (0 or 1), interval: of
    it, ℓ1 has no other zero there; outer_stable: ℓ2 < 0."""

    id: str
    position: int
    count: int
    parameters: tuple[Printed, Printed]
    omega: Printed
    ell2: Printed
    re_c2: Printed
    determinant: Printed
    speed: Printed
    outer_stable: bool
    gap: Printed | None
    n_u: int
    n_s: int
    equilibrium: tuple[Printed, ...] | None
    equilibrium_norm: Printed | None
    along: int
    centre: Printed
    half_length: Printed
    bounds: Mapping[str, Printed]
    precision: int
    witness_files: int


def bautin_point(
    certificate: cert.BautinPoint, branch: AnyBranch, position: int, count: int, d: PlaneDerivation, style: str
) -> BautinPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds = certificate.claims, certificate.bounds
    if claims.unstable + claims.stable + 2 != d.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")

    def show(ends: Ends, holds: nb.Condition = nb.always, digits: int = nb.DIGITS) -> Printed:
        return enclosure(*ends, holds, digits=digits, style=style)

    ell2, omega = claims.second_lyapunov_coefficient.ends, claims.omega.ends
    entries = [entry.ends for entry in claims.equilibrium]
    listed = d.dimension <= LISTED_DIMENSION
    Y, Z = bound(bounds.Y, nb.below_one), bound(bounds.Z, nb.below_one)
    if not Y.upper + Z.upper < 1:
        Y = upper_bound(bounds.Y.value, lambda low, high: high + bounds.Z.value < 1)
        Z = upper_bound(bounds.Z.value, lambda low, high: high + Y.upper < 1)
    witness = certificate.witness
    return BautinPoint(
        id=certificate.id,
        position=position,
        count=count,
        parameters=(show(claims.parameters[0].ends), show(claims.parameters[1].ends)),
        omega=show(omega, nb.positive),
        ell2=show(ell2, nb.nonzero),
        re_c2=show(_product(omega, ell2), nb.nonzero),
        determinant=show(claims.determinant.ends, nb.nonzero),
        speed=show(claims.crossing_speed.ends, nb.nonzero),
        outer_stable=ell2[1] < 0,
        gap=positive_bound(claims.spectral_gap),
        n_u=claims.unstable,
        n_s=claims.stable,
        equilibrium=tuple(show(x, digits=EQUILIBRIUM_DIGITS) for x in entries) if listed else None,
        equilibrium_norm=None if listed else upper_bound(norm(entries), digits=6),
        along=witness.along,
        centre=show((witness.s, witness.s)),
        half_length=nb.lower_bound(witness.h),
        bounds={
            "Y": Y, "Z": Z, "r": bound(bounds.r), "drift": bound(bounds.drift), "rho": bound(bounds.rho, nb.below_one),
            "disc_radius": bound(bounds.disc_radius), "delta_left": bound(bounds.delta_left),
            "isolation": positive_bound(bounds.isolation),
            "q_norm_squared": show(bounds.q_norm_squared.ends, nb.positive),
            "re_c1": show(bounds.re_c1.ends), "re_c1_slope": show(bounds.re_c1_slope.ends, nb.nonzero),
            "re_c2": show(bounds.re_c2.ends, nb.nonzero),
            **{f"gap_{j}": positive_bound(getattr(bounds, f"gap_{j}")) for j in range(4)},
        },
        precision=certificate.precision,
        witness_files=witness_files(witness),
    )  # fmt: skip


def _product(one: Ends, two: Ends) -> Ends:
    values = [a * b for a in one for b in two]
    return min(values), max(values)


ROWS = RowWords(
    label="bautin",
    columns=(
        Column("omega", Tex(r"$\omega$"), lambda row: nb.positive),
        Column("second_lyapunov_coefficient", Tex(r"$\ell_2$"), lambda row: nb.nonzero),
        Column("unstable", Tex("$n_u$"), count=True),
    ),
    explained=Tex(
        r"$\ell_2=\operatorname{Re}c_2/\omega$ for $q^{\mathsf H}q=1$; $n_u$~eigenvalues have positive real part."
    ),
    undecided=undecided("that the first Lyapunov coefficient changes its sign", "a Bautin point"),
)


@dataclass(frozen=True)
class CurveTex:
    """A curve for the summary. lines: of the table of its stretches; left_out: how many more there are."""

    number: int
    pieces: int
    closed: bool
    open_ends: int
    lines: tuple[Tex, ...]
    left_out: int


@dataclass(frozen=True)
class CurvesRun:
    """All of a run, for the template. box: ranges of the parameters; points: lines of the table of Bautin points."""

    complete: bool
    box: tuple[Tex, Tex]
    curves: tuple[CurveTex, ...]
    points: tuple[Tex, ...]
    proved: int
    undecided: int
    unsettled: tuple[str, ...]
    precision: int


def curves_run(bundle: Bundle, branch: HopfCurves, style: str) -> CurvesRun:
    """The claims of `branch.json` and of the certificates."""
    claims, rows = branch.claims, bundle.summary.points
    low, high = (Tex(rf"[{', '.join(_exactly(end) for end in ends.ends)}]") for ends in claims.box)
    return CurvesRun(
        complete=claims.complete,
        box=(low, high),
        curves=tuple(_curve(number, curve, style) for number, curve in enumerate(claims.curves, 1)),
        points=tuple(_line(number, row, style) for number, row in enumerate(rows, 1)),
        proved=len(bundle.points),
        undecided=len(rows) - len(bundle.points),
        unsettled=tuple(item.reason for item in bundle.summary.unsettled_curves),
        precision=min([branch.precision, *(point.precision for point in bundle.points.values())]),
    )


def _exactly(x: Fraction) -> str:
    return enclosure(x, x, digits=20).latex


def _curve(number: int, curve: Curve, style: str) -> CurveTex:
    found = list(stretches(curve))
    return CurveTex(
        number=number,
        pieces=len(curve.pieces),
        closed=CLOSED in curve.ends,
        open_ends=sum(end == OPEN for end in curve.ends),
        lines=tuple(_stretch(stretch, style) for stretch in found[:STRETCHES_SHOWN]),
        left_out=max(0, len(found) - STRETCHES_SHOWN),
    )


def _stretch(stretch: Stretch, style: str) -> Tex:
    def place(ends: tuple[Enclosure, Enclosure]) -> str:
        return " & ".join(f"${enclosure(*x.ends, digits=PLACE_DIGITS, style=style).latex}$" for x in ends)

    if stretch.point is not None:
        return Tex(rf"\multicolumn{{6}}{{c}}{{\texttt{{{stretch.point}}}: $\ell_1=0$}}")
    name = r"$\ell_1<0$, soft" if stretch.criticality == SUPERCRITICAL else r"$\ell_1>0$, hard"
    return Tex(f"{name} & {place(stretch.start)} & {place(stretch.end)} & {len(stretch.pieces)}")


def _line(number: int, row: SummaryRow, style: str) -> Tex:
    claims, proved = row.claims, row.proved
    assert isinstance(claims, cert.BautinRow)

    def cell(value: Enclosure | None, holds: nb.Condition = nb.always) -> str:
        return "" if value is None else f"${enclosure(*value.ends, holds, digits=8, style=style).latex}$"

    first, second = claims.parameters
    ell2 = cell(claims.second_lyapunov_coefficient, nb.nonzero if proved else nb.always)
    n_u = "" if claims.unstable is None else str(claims.unstable)
    cells = [str(number), cell(first), cell(second), cell(claims.omega), ell2, n_u]
    return Tex(" & ".join([*cells, "" if proved else "undecided"]))


def curves_followed(branch: HopfCurves, style: str) -> Branch:
    """No branch over one parameter."""
    return Branch(zero=False, trivial=False, start=None, start_norm=None)
