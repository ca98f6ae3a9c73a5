"""The points of a run in its summary: for each kind of theorem sentences and a table, with what stays undecided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..bundle.bundle import Bundle
from ..bundle.rows import RowClaims
from ..bundle.summary import SummaryRow
from ..numbers.printed import Enclosure
from . import numbers as nb
from .numbers import Tex, enclosure
from .rows import letters
from .text import cardinal

TABLE_DIGITS = (10, 7, 6, 5, 4)  # the first that fits
TABLE_WIDTH = 64  # letters of the enclosures of a row


@dataclass(frozen=True)
class Column:
    """A claim in a table. key: of the row; holds: what must hold of the printed enclosure, by the claims; count: it is
    an integer."""

    key: str
    heading: Tex
    holds: Callable[[Any], nb.Condition] = lambda claims: nb.always
    count: bool = False


@dataclass(frozen=True)
class RowWords:
    """How LaTeX speaks of the rows of a kind. label: of their table; columns: beside the parameter and the type;
    explained: what the caption says of them; undecided: what is known of an undecided row; of_crossings: each says what
    a real crossing is, so that others may be more of the kind; nondegenerate: whether this is said of them."""

    label: str
    columns: tuple[Column, ...]
    explained: Tex
    undecided: Tex
    of_crossings: bool = False
    nondegenerate: bool = True


def undecided(found: str, theorem: str) -> Tex:
    """What is known of an undecided row: what the search found, of which theorem it may be a point."""
    return Tex(f"the search found {found} there, but the hypotheses of {theorem} could not all be verified")


@dataclass(frozen=True)
class Listed:
    """The rows of one kind. lines: of its table; tied: enclosures of γ overlap; types: how many are proved of each."""

    words: RowWords
    noun: str
    lines: tuple[Tex, ...]
    tied: bool
    proved: int
    undecided: int
    types: Mapping[str, int]

    @property
    def alignment(self) -> Tex:
        columns = "".join("r" if column.count else "l" for column in self.words.columns)
        return Tex(f"rl{columns}l")

    @property
    def headings(self) -> Tex:
        return Tex(" & ".join(column.heading for column in self.words.columns))

    @property
    def qualities(self) -> str:
        """``It is nondegenerate and supercritical``, of all that are proved."""
        if not self.words.nondegenerate:
            return ""
        found = {name: count for name, count in self.types.items() if count}
        subject = "It is" if self.proved == 1 else "All of them are"
        if len(found) == 1:
            return f"{subject} nondegenerate and {next(iter(found))}"
        parts = (f"{cardinal(count)} {'is' if count == 1 else 'are'} {name}" for name, count in found.items())
        return f"{subject} nondegenerate" + (f"; {' and '.join(parts)}" if found else "")

    @property
    def counts(self) -> str:
        """``(two supercritical, no subcritical)`` with a space before it; nothing for a kind without types."""
        parts = [f"{cardinal(count)} {name}" for name, count in self.types.items()]
        return f" ({', '.join(parts)})" if parts else ""


def listed_rows(bundle: Bundle, words: Mapping[str, RowWords], style: str) -> tuple[Listed, ...]:
    """The rows of a summary by their kinds; what is proved is as its certificate claims it.

    words: of each kind, by its prefix. Raises InputError where a printed enclosure does not show what it is used for.
    """
    return tuple(
        _listed(bundle, kind, rows, words[kind.prefix], style) for kind, rows in bundle.rows_by_kind.items()
    )


def _listed(
    bundle: Bundle, kind: type[RowClaims], rows: list[SummaryRow], words: RowWords, style: str
) -> Listed:
    claims = [_claims(bundle, row) for row in rows]
    for digits in TABLE_DIGITS:
        shown = [_enclosures(words, one, proved, digits, style) for one, proved in claims]
        if max((sum(map(letters, cells.values())) for cells in shown), default=0) <= TABLE_WIDTH:
            break
    lines = [
        _line(number, words, one, proved, cells)
        for number, ((one, proved), cells) in enumerate(zip(claims, shown, strict=True), start=1)
    ]
    types = [one.type for one, proved in claims if proved]
    return Listed(
        words=words,
        noun=kind.noun,
        lines=tuple(lines),
        tied=nb.overlapping([row.parameter.ends for row in rows]),
        proved=len(types),
        undecided=len(rows) - len(types),
        types={name: types.count(name) for name in kind.types},
    )


def _claims(bundle: Bundle, row: SummaryRow) -> tuple[RowClaims, bool]:
    """What a row says, and whether it is proved."""
    certificate = bundle.points.get(row.id)
    return (row.claims, False) if certificate is None else (certificate.claims.row, True)


def _enclosures(words: RowWords, claims: RowClaims, proved: bool, digits: int, style: str) -> dict[str, Tex]:
    """Key → its enclosure as printed, of those that are known."""
    found = {"parameter": enclosure(*claims.parameter.ends, digits=digits, style=style).latex}
    for column in words.columns:
        value: Enclosure | None = None if column.count else getattr(claims, column.key)
        if value is not None:
            holds = column.holds(claims) if proved else nb.always
            found[column.key] = enclosure(*value.ends, holds, digits=digits, style=style).latex
    return found


def _line(number: int, words: RowWords, claims: RowClaims, proved: bool, cells: Mapping[str, Tex]) -> Tex:
    line = f"{number} & ${cells['parameter']}$"
    for column in words.columns:
        if column.count:
            value = getattr(claims, column.key)
            line += " &" if value is None else f" & {value}"
        else:
            line += f" & ${cells[column.key]}$" if column.key in cells else " & "
    return Tex(f"{line} & {(claims.type or '') if proved else 'undecided'}")
