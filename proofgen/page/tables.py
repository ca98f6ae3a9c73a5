"""Tables of a page: each cell has a text, and what it is sorted by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..bundle.place import pdf_of
from ..bundle.rows import PARAMETER_KEYS, RowClaims
from ..bundle.summary import OrbitRow, SummaryRow
from ..numbers.printed import Enclosure
from ..numbers.shown import proved_digits


@dataclass(frozen=True)
class Cell:
    """sort: a number, None for one that is not known; full: all that is proved, shown on demand; links: (text, address
    within the bundle), or ("", "#id") for the text itself."""

    text: str
    sort: float | str | None = None
    full: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """id: of the element; rows: with the addresses of nothing but files beside the page."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def of_enclosure(value: Enclosure | None) -> Cell:
    if value is None:
        return Cell("?")
    low, high = value.text
    try:
        middle: float | None = float(value)
    except OverflowError:
        middle = None
    return Cell(proved_digits(value), middle, low if low == high else f"[{low}, {high}]")


def cell(value: Enclosure | int | str | None) -> Cell:
    if isinstance(value, int):
        return Cell(str(value), float(value))
    return Cell(value, value) if isinstance(value, str) else of_enclosure(value)


def title_of(kind: type[RowClaims] | type[OrbitRow]) -> str:
    """The heading of what is said of a kind."""
    return f"{kind.noun[0].upper()}{kind.noun[1:]}s"


def of_kind(
    kind: type[RowClaims], rows: Sequence[SummaryRow], parameters: Sequence[str], exists: Callable[[str], bool]
) -> Table:
    """The points of one kind, as the terminal lists them. exists: whether a file beside the page is there."""
    headings = {**dict(zip(PARAMETER_KEYS, parameters, strict=False)), **kind.headings}
    lines = []
    for row in rows:
        type_ = (row.claims.type or "") if row.proved else f"undecided ({row.code})"
        cells = [cell(getattr(row.claims, key)) for key in headings]
        files = files_of(row.certificate, row.tex, exists)
        lines.append((_name(row.id, row.proved), *cells, Cell(type_, type_), files))
    return Table(kind.table, title_of(kind), ("point", *headings.values(), "type", "files"), tuple(lines))


def of_orbits(rows: Sequence[OrbitRow], parameter: str, exists: Callable[[str], bool]) -> Table:
    """Periodic orbits that were asked for."""
    lines = []
    for row in rows:
        whole = row.amplitude.low != row.amplitude.high
        high = row.amplitude.text[1]
        amplitude = Cell(f"0 < a ≤ {high}" if whole else f"a = {high}", float(row.amplitude.high))
        end = (None, None) if row.end is None else (row.end.parameter, row.end.period)
        outside = Cell("not decided") if row.unstable_multipliers is None else cell(row.unstable_multipliers)
        state = (row.direction or "") if row.proved else f"undecided: {row.reason}"
        lines.append((_name(row.id, row.proved), cell(row.hopf), amplitude, *map(of_enclosure, end), outside,
                      Cell(state, state), files_of(row.certificate, row.tex, exists)))  # fmt: skip
    columns = ("orbits", "point", "amplitudes", f"{parameter} at the largest", "period there",
               "multipliers outside", f"{parameter}(a)", "files")  # fmt: skip
    return Table("orbits", "Periodic orbits", columns, tuple(lines))


def _name(name: str, proved: bool) -> Cell:
    return Cell(name, name, links=(("", f"#{name}"),) if proved else ())


def files_of(certificate: str | None, tex: str | None, exists: Callable[[str], bool]) -> Cell:
    """Links to what is there of a certificate."""
    found = (("PDF", tex and pdf_of(tex)), ("TeX", tex), ("JSON", certificate))
    return Cell("", links=tuple((text, path) for text, path in found if path is not None and exists(path)))
