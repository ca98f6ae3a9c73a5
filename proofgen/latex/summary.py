"""The numbers and the wording of the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..bundle.codec import Json
from ..numbers.exact import parse_printed_decimal
from . import numbers as nb
from .hopf_point import overlapping
from .numbers import Printed, enclosure, pair
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


def run_of(summary: Json, branch: Json, points: Mapping[str, Json], style: str) -> Run:
    """The claims of `branch.json` and of the certificates; of `summary.json` only the undecided points."""
    claims = branch["claims"]

    rows = _rows(summary, points, TABLE_DIGITS[0], style)
    for digits in TABLE_DIGITS[1:]:
        if max(map(_width, rows), default=0) > TABLE_WIDTH:
            rows = _rows(summary, points, digits, style)
    proved_rows = [row for row in rows if row.proved]
    supercritical_count = sum(row.supercritical for row in proved_rows)
    bounds = branch["bounds"]
    return Run(
        complete=bool(claims["complete"]) and not claims["unsettled"],
        tied=overlapping([pair(point["parameter"]) for point in summary["points"]]),
        rows=tuple(rows),
        proved=len(proved_rows),
        undecided=len(rows) - len(proved_rows),
        supercritical=supercritical_count,
        subcritical=len(proved_rows) - supercritical_count,
        crossings=tuple(enclosure(*pair(crossing), style=style) for crossing in claims["real_crossings"]),
        unsettled=tuple(
            Piece(enclosure(*pair(piece["interval"]), digits=TABLE_DIGITS[0], style=style), piece["reason"])
            for piece in claims["unsettled"]
        ),
        disc_radius=None if bounds is None else nb.upper_bound(parse_printed_decimal(bounds["max_disc_radius"])),
        rho=None if bounds is None else nb.upper_bound(parse_printed_decimal(bounds["rho"]), nb.below_one),
        precision=branch["precision"],
    )


def _rows(summary: Json, points: Mapping[str, Json], digits: int, style: str) -> list[Row]:
    def show(document: Sequence[str], holds: nb.Condition = nb.always) -> Printed:
        return enclosure(*pair(document), holds, digits=digits, style=style)

    rows: list[Row] = []
    for number, row in enumerate(summary["points"], start=1):
        certificate = points.get(row["id"])
        if certificate is not None:
            proved = certificate["claims"]
            supercritical = proved["criticality"] == "supercritical"
            rows.append(
                Row(
                    number,
                    True,
                    show(proved["parameter"]),
                    show(proved["omega"], nb.positive),
                    show(proved["first_lyapunov_coefficient"], _negative if supercritical else nb.positive),
                    proved["unstable_eigenvalues"],
                    supercritical,
                )
            )
        else:
            omega, ell1 = row["omega"], row["first_lyapunov_coefficient"]
            rows.append(
                Row(
                    number,
                    False,
                    show(row["parameter"]),
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
