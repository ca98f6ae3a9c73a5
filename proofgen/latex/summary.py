"""The numbers and the wording of the summary of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..bundle.bundle import Bundle
from ..bundle.listing import Unsettled
from ..bundle.zero_branch import ZeroBranch
from ..numbers.printed import Enclosure
from . import numbers as nb
from .hopf_point import overlapping
from .numbers import Printed, enclosure
from .rows import letters

TABLE_DIGITS = (10, 7, 6, 5, 4)  # the first that fits
TABLE_WIDTH = 64  # letters of the three enclosures of a row


@dataclass(frozen=True)
class Row:
    """A line of the table; undecided points have no ℓ1 sign, n_u or type."""

    number: int
    proved: bool
    parameter: Printed
    omega: Printed | None
    ell1: Printed | None
    n_u: int | None
    supercritical: bool


@dataclass(frozen=True)
class Piece:
    """An interval of γ in which something stayed open."""

    interval: Printed
    reason: str


@dataclass(frozen=True)
class Run:
    """A whole run. complete: the list of points is proved complete; tied: enclosures of γ of its rows overlap."""

    complete: bool
    tied: bool
    rows: tuple[Row, ...]
    proved: int
    undecided: int
    supercritical: int
    subcritical: int
    crossings: tuple[Printed, ...]
    unsettled: tuple[Piece, ...]
    disc_radius: Printed | None
    rho: Printed | None
    precision: int


def zero_branch_run(bundle: Bundle, branch: ZeroBranch, style: str) -> Run:
    """The classification of the branch, with the bounds of its spectrum."""
    run, bounds = run_of(bundle, branch.claims.unsettled, style), branch.bounds
    if bounds is None:
        return run
    radius, rho = nb.upper_bound(bounds.max_disc_radius.value), nb.upper_bound(bounds.rho.value, nb.below_one)
    return replace(run, disc_radius=radius, rho=rho)


def run_of(bundle: Bundle, unsettled: Sequence[Unsettled], style: str) -> Run:
    """The claims of the branch and of the certificates; of the summary only the undecided points."""
    claims = bundle.branch.claims
    rows = _rows(bundle, TABLE_DIGITS[0], style)
    for digits in TABLE_DIGITS[1:]:
        if max(map(_width, rows), default=0) > TABLE_WIDTH:
            rows = _rows(bundle, digits, style)
    proved_rows = [row for row in rows if row.proved]
    supercritical_count = sum(row.supercritical for row in proved_rows)
    return Run(
        complete=claims.complete and not claims.unsettled,
        tied=overlapping([point.parameter.ends for point in bundle.summary.points]),
        rows=tuple(rows),
        proved=len(proved_rows),
        undecided=len(rows) - len(proved_rows),
        supercritical=supercritical_count,
        subcritical=len(proved_rows) - supercritical_count,
        crossings=tuple(enclosure(*crossing.ends, style=style) for crossing in claims.real_crossings),
        unsettled=tuple(
            Piece(enclosure(*piece.interval.ends, digits=TABLE_DIGITS[0], style=style), piece.reason)
            for piece in unsettled
        ),
        disc_radius=None,
        rho=None,
        precision=bundle.branch.precision,
    )


def _rows(bundle: Bundle, digits: int, style: str) -> list[Row]:
    def show(claimed: Enclosure, holds: nb.Condition = nb.always) -> Printed:
        return enclosure(*claimed.ends, holds, digits=digits, style=style)

    rows: list[Row] = []
    for number, row in enumerate(bundle.summary.points, start=1):
        certificate = bundle.points.get(row.id)
        if certificate is not None:
            claims = certificate.claims
            sign = _negative if claims.supercritical else nb.positive
            rows.append(
                Row(
                    number,
                    True,
                    show(claims.parameter),
                    show(claims.omega, nb.positive),
                    show(claims.first_lyapunov_coefficient, sign),
                    claims.unstable_eigenvalues,
                    claims.supercritical,
                )
            )
        else:
            omega, ell1 = row.omega, row.first_lyapunov_coefficient
            rows.append(
                Row(
                    number,
                    False,
                    show(row.parameter),
                    None if omega is None else show(omega),
                    None if ell1 is None else show(ell1),
                    None,
                    False,
                )
            )
    return rows


def _width(row: Row) -> int:
    return sum(letters(shown.latex) for shown in (row.parameter, row.omega, row.ell1) if shown is not None)


def _negative(lower: Fraction, upper: Fraction) -> bool:
    return upper < 0
