"""How often what is proved is of one type (Hopf points: subcritical), against a swept value: exact counts from a run's
table, a figure, a page.

Counts are of proved points. The standard error is statistics, not proof: it takes networks, not points, as independent.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..bundle.codec import Json
from ..bundle.disk import is_as_listed, manifest_bytes, read_manifest, write_atomically
from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..errors import ArgumentError, InputError, not_written
from ..numbers.exact import parse_decimal
from .names import RESULTS
from .packing import MAX_FILES
from .read import kinds_of, read_results, table_rows
from .tables import counts_of

TALLY = "tally"
DIGESTS = f"{TALLY}.sha256"  # of the files of the last tally: others of these names are somebody's
MAX_CELLS = 2000
TOTALS = ("networks", "complete", "accepted")  # of the run, beside what is proved of each kind


@dataclass(frozen=True)
class Share:
    """How a kind is tallied. total, of, rest: columns of `networks.csv`, all that are proved, those of the type that is
    looked at, and the others; fraction, error: what else the tally has of it; figure: its file; noun: for the page;
    said: template of what each theorem says; looked_at: the type that is looked at, for captions (default: of)."""

    total: str
    of: str
    rest: str
    fraction: str
    error: str
    figure: str
    noun: str
    said: str
    looked_at: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.total, self.of, self.rest


# prefix of ids → how it is tallied; other kinds are not
SHARES: dict[str, Share] = {
    "hopf": Share(
        "points", SUBCRITICAL, SUPERCRITICAL, "fraction", "standard_error", TALLY, "Hopf points", "tally-hopf.tex.jinja"
    ),
    "orbit": Share(
        "orbits_asked", "orbits", "orbits_undecided", "orbits_fraction", "orbits_standard_error", "tally-orbits",
        "periodic orbits", "tally-orbits.tex.jinja", "proved"
    ),
}  # fmt: skip


@dataclass
class Count:
    """Of one kind in a cell. squares, products: sums over networks of total², total·of and of², for the standard
    error."""

    networks: int = 0
    total: int = 0
    of: int = 0
    rest: int = 0
    squares: int = 0
    products: int = 0
    of_squares: int = 0

    def add(self, total: int, of: int, rest: int) -> None:
        if min(of, rest) < 0 or not of + rest == total <= MAX_FILES:
            raise ValueError
        self.networks += 1
        self.total += total
        self.of += of
        self.rest += rest
        self.squares += total * total
        self.products += total * of
        self.of_squares += of * of

    @property
    def fraction(self) -> Fraction | None:
        return Fraction(self.of, self.total) if self.total else None

    @property
    def standard_error_approx(self) -> float | None:
        """Of the ratio Σ of / Σ total over independent networks (the linearised variance of a ratio)."""
        if self.fraction is None or self.networks < 2:
            return None
        p = self.fraction
        spread = self.of_squares - 2 * p * self.products + p * p * self.squares
        variance = spread * self.networks / ((self.networks - 1) * self.total**2)
        return math.sqrt(variance) if variance > 0 else 0.0

    def shown(self, share: Share) -> dict[str, int | Fraction | float | None]:
        """Its numbers, as the columns are called."""
        return {
            share.total: self.total, share.of: self.of, share.rest: self.rest,
            share.fraction: self.fraction, share.error: self.standard_error_approx,
        }  # fmt: skip


@dataclass
class Cell:
    """The networks with one value of ``by`` (and of ``curve``)."""

    by: str
    curve: str
    counts: dict[Share, Count]
    networks: int = 0
    complete: int = 0

    def add(self, row: dict[str, str]) -> None:
        for share, count in self.counts.items():
            count.add(*(int(row[key]) for key in share.columns))
        self.networks += 1
        self.complete += row["complete"] == "true"


@dataclass(frozen=True)
class Tally:
    """Cells in order; results: `results.json` of the run; shares: what is counted."""

    by: str
    curve: str | None
    results: Json
    shares: tuple[Share, ...]
    cells: list[Cell] = field(default_factory=list)

    @property
    def curves(self) -> list[str]:
        return list(dict.fromkeys(cell.curve for cell in self.cells))


def tally(directory: Path, by: str, curve: str | None = None) -> Tally:
    """Count networks and points of a finished run by the values of a column of `networks.csv`. Raises InputError."""
    results = read_results(directory)
    kinds = kinds_of(directory)
    shares = tuple(SHARES[kind.prefix] for kind in kinds if kind.prefix in SHARES)
    totals = (*TOTALS, *counts_of(kinds))
    if not all(type(results.get(key)) is int for key in totals):
        raise InputError("not as a run writes it", source=str(directory / RESULTS))
    cells: dict[tuple[str, str], Cell] = {}
    for row in table_rows(directory / "networks.csv"):
        by = _column(by, row, "by")
        curve = _column(curve, row, "curve") if curve else None
        place = (row[curve] if curve else "", row[by])
        if place not in cells:
            if len(cells) == MAX_CELLS:
                raise ArgumentError(f"more than {MAX_CELLS} different values", key="by", value=by)
            cells[place] = Cell(row[by], place[0], {share: Count() for share in shares})
        try:
            cells[place].add(row)
        except (KeyError, ValueError):
            raise InputError("not as a run writes it", source=str(directory / "networks.csv")) from None
    ordered = sorted(cells.values(), key=lambda cell: (_order(cell.curve), _order(cell.by)))
    return Tally(by, curve, results, shares, ordered)


def _column(key: str, row: Iterable[str], option: str) -> str:
    """The column of that name, or the only one that ends with it, as tables are headed. Raises ArgumentError."""
    known = [name for name in row if "." in name or name in ("group", "spec", "dimension")]
    found = [name for name in row if name == key] or [name for name in known if short(name) == key]
    if len(found) != 1:
        wrong = "several columns end so" if found else "no such column"
        raise ArgumentError(f"{wrong}; expected one of {', '.join(found or known)}", key=option, value=key)
    return found[0]


def _order(text: str) -> tuple[bool, Fraction, str]:
    """Numbers by size, then other texts."""
    number = _number(text)
    return number is None, number or Fraction(0), text


def _number(text: str) -> Fraction | None:
    try:
        number = parse_decimal(text)
        return number if math.isfinite(float(number)) else None
    except (InputError, OverflowError):
        return None


# What is written ------------------------------------------------------------------------------


def check_tally_place(directory: Path) -> None:
    """Raise InputError where a file of a tally is there that no tally wrote, or that was changed since."""
    listed = read_manifest(directory, DIGESTS) or {}
    for name in (f"{TALLY}.csv", f"{TALLY}.tex", *map(_figure, SHARES.values())):
        path = directory / name
        if not os.path.lexists(path):
            continue
        try:
            if is_as_listed(directory, name, listed):
                continue
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", source=str(path)) from None
        expected = "was changed since proofgen wrote it" if name in listed else "is not of a tally"
        raise InputError(f"{expected}; move it away, or give it another name", source=str(path))


def _figure(share: Share) -> str:
    return f"figures/{share.figure}.pdf"


def write_tally(directory: Path, counted: Tally, *, figure: bool) -> list[Path]:
    """`tally.csv`, `tally.tex` and, with matplotlib, `figures/tally.pdf`, beside the tables of the run; their digests
    in `tally.sha256`. Raises InputError."""
    check_tally_place(directory)
    written: dict[str, bytes] = {f"{TALLY}.csv": _csv(counted)}
    drawn = figure and all(_number(cell.by) is not None for cell in counted.cells)
    if drawn:
        written |= {_figure(share): _figure_bytes(counted, share) for share in counted.shares}
    written[f"{TALLY}.tex"] = page(counted, drawn).encode("ascii")
    try:
        (directory / DIGESTS).unlink(missing_ok=True)
        for share in SHARES.values():
            (directory / _figure(share)).unlink(missing_ok=True)  # perhaps of a tally with a figure
        for name, data in {**written, DIGESTS: manifest_bytes(written)}.items():
            write_atomically(directory / name, data)
    except OSError as error:
        raise not_written(error, directory) from None
    return [directory / name for name in written]


def document(counted: Tally, written: list[Path]) -> Json:
    """The counts for a program. Fractions and standard errors are statistics, rounded to binary64; counts are exact."""
    cells = [
        {
            "by": cell.by,
            "curve": cell.curve if counted.curve else None,
            "networks": cell.networks,
            "complete": cell.complete,
            **{key: float(x) if isinstance(x, Fraction) else x for key, x in _numbers(cell).items()},
        }
        for cell in counted.cells
    ]
    head = {"format": "proofgen-tally", "version": 1, "title": counted.results["title"],
            "run_sha256": counted.results["run_sha256"], "by": counted.by, "curve": counted.curve}  # fmt: skip
    return {**head, "cells": cells, "written": [str(path) for path in written]}


def _numbers(cell: Cell) -> dict[str, int | Fraction | float | None]:
    return {key: value for share, count in cell.counts.items() for key, value in count.shown(share).items()}


def _csv(counted: Tally) -> bytes:
    head = [counted.by, *([counted.curve] if counted.curve else [])]
    names = _numbers(Cell("", "", {share: Count() for share in counted.shares}))
    lines = [[*head, "networks", "complete", *names]]
    for cell in counted.cells:
        values = [cell.by, *([cell.curve] if counted.curve else []), str(cell.networks), str(cell.complete)]
        lines.append([*values, *(str(x) if isinstance(x, int) else _decimal(x, 6) for x in _numbers(cell).values())])
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(lines)
    return stream.getvalue().encode()


def _decimal(value: Fraction | float | None, digits: int) -> str:
    return "" if value is None else f"{float(value):.{digits}f}"


def page(counted: Tally, drawn: bool) -> str:
    """A page of LaTeX: what was counted, the table, the figure."""
    from ..latex.documents import environment

    results = counted.results
    tables = [
        {"share": share, "rows": [
            {"by": cell.by, "curve": cell.curve, "networks": cell.networks, "total": count.total,
             "of": count.of, "rest": count.rest,
             "fraction": _decimal(count.fraction, 4), "error": _decimal(count.standard_error_approx, 4)}
            for cell in counted.cells for count in [cell.counts[share]]
        ]}
        for share in counted.shares
    ]  # fmt: skip
    every = {key: value for key, value in results.items() if type(value) is int}
    context: dict[str, Any] = {
        "title": str(results["title"]), "run": str(results["run_sha256"]), "by": short(counted.by),
        "curve": short(counted.curve), "tables": tables, "every": every,
        "nouns": counted.shares[0].noun,
        "pictures": drawn, "bodies": False, "version": results["versions"].get("proofgen", ""),
    }  # fmt: skip
    return environment().get_template("tally.tex.jinja").render(**context)


def _figure_bytes(counted: Tally, share: Share) -> bytes:
    from ..figures.fractions import Curve, draw_fractions
    from ..figures.style import pdf_bytes, styled

    curves = []
    for name in counted.curves:
        cells = [cell for cell in counted.cells if cell.curve == name and cell.counts[share].total]
        curves.append(
            Curve(
                f"{short(counted.curve)} {name}" if counted.curve else None,
                [float(_number(cell.by) or 0) for cell in cells],
                [float(cell.counts[share].fraction or 0) for cell in cells],
                [2 * (cell.counts[share].standard_error_approx or 0.0) for cell in cells],
            )
        )
    with styled():
        return pdf_bytes(draw_fractions(curves, short(counted.by), f"fraction {share.looked_at or share.of}"))


def short(key: str | None) -> str:
    """The last part of a key, such as perturbation."""
    return "" if key is None else key.rpartition(".")[2]
