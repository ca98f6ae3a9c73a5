"""The page of a finished run: counts, and its tables to be sorted and searched."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..bundle.disk import write_atomically
from ..bundle.kinds import ROWS
from ..documents import PAGE
from ..errors import InputError, not_written
from ..needs import has
from ..numbers.printed import Enclosure
from ..page.html import Page, Picture, Section, rendered
from ..page.tables import Cell, Table, cell, of_enclosure, title_of
from .read import Cells, columns_of, kinds_of, read_results, table_rows

MOST_ROWS = 20_000  # of a table on the page; longer ones are in their files only
OWN = b'<meta name="generator" content="proofgen">'
_BUNDLE = re.compile(r"networks/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\.zip|\.tar\.zst)?")
_HIDDEN = ("content_sha256",)
_ENDS = ("_lo", "_hi", "_mid", "_rad")
_TITLES = {"networks": "Networks", "failures": "What is not proved"}


def write_page(directory: Path) -> Path:
    """Write `index.html` beside the tables of a run, and return it. Raises InputError where no finished run is, and
    where a file of this name is there that proofgen did not write."""
    results = read_results(directory)
    check_page_place(directory)
    kinds = kinds_of(directory)
    titles = _TITLES | {kind.table: title_of(kind) for kind in kinds}
    order = ("networks", *(kind.table for kind in kinds), "failures")
    tables, left_out, pictures = [], [], tuple[Picture, ...]()
    for name in order:
        path = directory / f"{name}.csv"
        rows = list(islice(table_rows(path), MOST_ROWS + 1))
        if len(rows) > MOST_ROWS:
            left_out.append(path.name)
        elif rows:
            tables.append(_table(name, titles[name], rows, columns_of(directory)[name]))
            if name == ROWS["hopf"].table:
                pictures = _pictures(rows)
    text = Markup()
    if left_out:
        text = Markup("<p>More than {} rows are in {} only.</p>").format(MOST_ROWS, ", ".join(left_out))
    files = [f"{name}.{ending}" for name in order for ending in ("csv", "parquet")]
    files += ["run.toml", "results.json", "MANIFEST.sha256"]
    counts = {key: value for key, value in results.items() if type(value) is int and key != "version"}
    drawn = (Section("pictures", "Pictures", pictures=pictures),) if pictures else ()
    page = Page(
        title=str(results["title"]),
        lead=_lead(counts),
        sections=(
            Section("groups", "Groups", tables=(_groups(results.get("groups")),)),
            Section("tables", "Tables", text, tables=tuple(tables)), *drawn, Section("check", "How to check", _CHECK),
        ),
        links=tuple((name, name) for name in files if (directory / name).is_file()),
        facts={"run file": f"SHA-256 {results['run_sha256']}"},
    )  # fmt: skip
    try:
        write_atomically(directory / PAGE, rendered(page))
    except OSError as error:
        raise not_written(error, directory / PAGE) from None
    return directory / PAGE


def check_page_place(directory: Path) -> None:
    """Raise InputError where `index.html` is somebody else's."""
    path = directory / PAGE
    try:
        if path.is_symlink() or (path.exists() and OWN not in path.read_bytes()[:4096]):
            raise InputError("is not a page of proofgen; move it away, or give it another name", source=str(path))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(path)) from None


def _lead(counts: Mapping[str, int]) -> str:
    """What is proved, by the counts of the run."""
    first = ("networks", "proved", "incomplete", "failed")
    said = ", ".join(f"{counts.get(key, 0)} {key}" for key in first)
    others = {key: value for key, value in counts.items() if key not in (*first, "complete", "accepted")}
    rest = ", ".join(f"{value} {key.replace('_', ' ')}" for key, value in others.items())
    return f"{said}; {rest}; {counts.get('accepted', 0)} bundles accepted by the independent checker."


def _pictures(rows: list[Cells]) -> tuple[Picture, ...]:
    """Of the Hopf points; none where matplotlib is missing."""
    if not has("pictures"):
        return ()
    from ..figures.run_points import RunPoint, points_svg

    found = [RunPoint(*(_number(row[f"{key}_mid"]) for key in ("parameter", "omega", "l1"))) for row in rows]
    points = [point for point in found if point.finite]
    if not points:
        return ()
    left_out = "" if len(points) == len(rows) else f"; {len(rows) - len(points)} without finite numbers are left out"
    caption = Markup("The middles of the enclosures of {} Hopf points{}: {}.").format(len(points), left_out, _AXES)
    return (Picture((points_svg(points),), caption, "Hopf points of the run"),)


_AXES = Markup("\u03c9 against the parameter, and \u2113<sub>1</sub> against \u03c9")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _groups(groups: Any) -> Table:
    """Counts of each group."""
    rows = [row for row in groups if isinstance(row, dict)] if isinstance(groups, list) else []
    columns = tuple(dict.fromkeys(str(key) for row in rows for key in row))
    shown = tuple(tuple(_plain(str(row.get(column, ""))) for column in columns) for row in rows)
    return Table("groups", "Groups", tuple(name.replace("_", " ") for name in columns), shown)


def _table(name: str, title: str, rows: list[Cells], types: Mapping[str, str]) -> Table:
    """A table of the run; the four columns of an enclosure are one."""
    makers: dict[str, Callable[[Cells], Cell]] = {}
    for column in rows[0]:
        stem = next((column.removesuffix(end) for end in _ENDS if column.endswith(end)), None)
        if column in _HIDDEN:
            continue
        if stem is not None and f"{stem}_lo" in types:
            makers.setdefault(stem, lambda row, stem=stem: _enclosed(row[f"{stem}_lo"], row[f"{stem}_hi"]))  # type: ignore[misc]
        elif column == "bundle":
            makers[column] = lambda row: _bundle(row["bundle"])
        else:
            makers[column] = lambda row, column=column: _plain(row[column])  # type: ignore[misc]
    headings = tuple(heading.replace("_", " ").removeprefix("network.") for heading in makers)
    return Table(name, title, headings, tuple(tuple(make(row) for make in makers.values()) for row in rows))


def _plain(text: str) -> Cell:
    return Cell("", None) if not text else cell(text)


def _enclosed(low: str, high: str) -> Cell:
    if not low or not high:
        return Cell("")
    try:
        return of_enclosure(Enclosure.of(low, high))
    except InputError:
        return _plain(f"[{low}, {high}]")


def _bundle(path: str) -> Cell:
    """A link, where it leads into the run."""
    return Cell(path, path, links=((path.rpartition("/")[2], path),)) if _BUNDLE.fullmatch(path) else _plain(path)


_CHECK = Markup(
    "<p>The bundles of this run hold the certificates. All of them are checked again, and that the tables follow from "
    "them, by</p><pre><code>proofgen check DIR</code></pre><p>(DIR is the directory of this page). In the tables every "
    "digit shown is proved, and \u2026 means that the number goes on; the enclosure is shown where the mouse rests.</p>"
)
