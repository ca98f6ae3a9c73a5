"""What a proof has shown, as objects for scripts and notebooks."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import Any, cast

from .. import api
from ..bundle.bautin import BautinRow
from ..bundle.branches import branch_place
from ..bundle.codec import Json
from ..bundle.flip import FlipRow
from ..bundle.fold import FoldRow
from ..bundle.hopf_curve import Curve, HopfCurves
from ..bundle.hopf_point import HopfRow
from ..bundle.neimark_sacker import NeimarkSackerRow
from ..bundle.sentence import sentence
from ..bundle.singular import LineRow, PoleRow
from ..bundle.zero_crossing import PitchforkRow, TranscriticalRow
from ..errors import ArgumentError, InputError
from ..needs import require
from ..numbers.printed import Enclosure
from ..page.tables import of_kind
from ..progress import Progress, quiet
from ..strategy import result as strategy
from . import problem as problems
from .points import (
    BAUTIN_KEYS,
    BRANCHING_KEYS,
    COLUMNS,
    FOLD_KEYS,
    MAP_KEYS,
    SINGULAR_KEYS,
    Bautin,
    Branching,
    Fold,
    MapPoint,
    Point,
    Singular,
    Undecided,
)
from .problem import Problem, load
from .report import positive

PLOTS = ("eigenvalues", "lyapunov", "branch", "curves")
ROWS_SHOWN = 30
Check = strategy.Check


class Result:
    """Everything that a run has proved."""

    def __init__(self, found: strategy.Result, directory: Path | None = None) -> None:
        self._found, self.directory = found, directory

    @property
    def _summary(self) -> Any:
        return self._found.bundle.summary

    @property
    def problem(self) -> Problem:
        return Problem(self._found.problem)

    @property
    def title(self) -> str:
        return self.problem.title

    @property
    def proved(self) -> bool:
        """Everything is proved, the list is complete and, where it was checked, the checker accepts it."""
        return self._found.proved

    def __bool__(self) -> bool:
        return self.proved

    @property
    def complete(self) -> bool:
        """Whether the list of points is proved to be complete."""
        return bool(self._summary.complete)

    @property
    def check(self) -> Check | None:
        """What the independent checker said of the bundle; None where nothing was written or checked."""
        return self._found.check

    @property
    def branches(self) -> tuple[Result, ...]:
        """The branches of all equilibria that were found in a box, this one first; else only this one."""
        folder = self.directory
        further = [
            Result(one, None if folder is None else folder / branch_place(one.bundle.number))
            for one in self._found.branches
        ]
        return (self, *further)

    @property
    def points(self) -> tuple[Point, ...]:
        """The Hopf points in the order of the branch."""
        return tuple(self._row(Point, COLUMNS, row) for row in self._summary.by_kind()[HopfRow])

    @property
    def folds(self) -> tuple[Fold, ...]:
        """The folds, by the parameter."""
        return tuple(self._row(Fold, FOLD_KEYS, row) for row in self._summary.by_kind().get(FoldRow, ()))

    @property
    def map_points(self) -> tuple[MapPoint, ...]:
        """Of a map: Neimark-Sacker points and flips, by the parameter."""
        rows = [row for row in self._summary.points if isinstance(row.claims, NeimarkSackerRow | FlipRow)]
        return tuple(self._row(MapPoint, MAP_KEYS, row) for row in rows)

    @property
    def branchings(self) -> tuple[Branching, ...]:
        """What is proved of real crossings of x = 0: transcritical points and pitchforks, by the parameter."""
        rows = [row for row in self._summary.points if isinstance(row.claims, TranscriticalRow | PitchforkRow)]
        return tuple(self._row(Branching, BRANCHING_KEYS, row) for row in rows)

    @property
    def singular(self) -> tuple[Singular, ...]:
        """Lines of equilibria and poles of the branch W(γ)x + b = 0, by the parameter."""
        rows = [row for row in self._summary.points if isinstance(row.claims, LineRow | PoleRow)]
        return tuple(self._row(Singular, SINGULAR_KEYS, row) for row in rows)

    @property
    def real_crossings(self) -> tuple[Enclosure, ...]:
        """Values of the parameter where 0 is a simple eigenvalue (of a map: 1 a simple multiplier)."""
        return tuple(self._summary.real_crossings)

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        summary = self._summary
        curves = (Undecided(None, one.code, one.reason) for one in summary.unsettled_curves)
        return (*(Undecided(piece.interval, piece.code, piece.reason) for piece in summary.unsettled), *curves)

    @property
    def bautin(self) -> tuple[Bautin, ...]:
        """With two parameters: the Bautin points, by the first one."""
        return tuple(self._row(Bautin, BAUTIN_KEYS, row) for row in self._summary.by_kind().get(BautinRow, ()))

    @property
    def curves(self) -> tuple[Curve, ...]:
        """With two parameters: the curves of Hopf points, each with its pieces in their order (.place: enclosures of
        both parameters, .criticality) and how it ends (.ends)."""
        branch = self._found.bundle.branch
        return branch.claims.curves if isinstance(branch, HopfCurves) else ()

    def _row(self, kind: Any, keys: Sequence[str], row: Any) -> Any:
        certificate = self._found.bundle.points.get(row.id)
        claims = row.claims if certificate is None else certificate.claims
        values: dict[str, Any] = {key: getattr(claims, key, None) for key in keys}
        path = None if self.directory is None or row.certificate is None else self.directory / row.certificate
        return kind(
            id=row.id, status=row.status, reason=row.reason, code=row.code, certificate=path, **values
        )  # fmt: skip

    @property
    def theorem(self) -> str:
        """What is proved of this branch, in one sentence; of `branches` after the first, how many there are."""
        further = len(self._found.branches)
        more = f"; {further} further branch{'es' * (further > 1)}" if further else ""
        return sentence(self._found.bundle, self.problem.parameter) + more

    def table(self) -> Any:
        """The points of every kind: a DataFrame where pandas is installed, else a list of dictionaries; None where a
        column is of another kind. Entries are `Enclosure`s, whose middles `float()` gives (in pandas:
        ``.astype(float)``)."""
        kinds = self._found.bundle.rows_by_kind
        there = [kind for kind, listed in kinds.items() if listed] or list(kinds)
        keys = list(dict.fromkeys(field.name for kind in there for field in fields(cast(Any, kind))))
        rows = [
            {"id": row.id, "status": row.status, **{key: getattr(row.claims, key, None) for key in keys}}
            for listed in kinds.values()
            for row in listed
        ]
        if importlib.util.find_spec("pandas") is None:
            return rows
        from importlib import import_module

        return import_module("pandas").DataFrame(rows, columns=["id", "status", *keys])

    def plot(self, kind: str = "eigenvalues") -> Any:
        """A figure of matplotlib: "eigenvalues" (real parts along the branch), "lyapunov" (ℓ1 against ω), "branch" (a
        component and the pieces of the proof) or, of two parameters, "curves" (of Hopf points). Raises InputError
        without matplotlib, and where nothing is to draw.
        """
        from ..figures.overview import overview

        if kind not in PLOTS:
            raise ArgumentError(f"expected one of {', '.join(PLOTS)}", key="kind", value=kind)
        require("pictures")
        figure = overview(self._found.bundle, self._found.files.__getitem__, kind)
        if figure is None:
            raise InputError(f"the result has nothing to draw as {kind}")
        return figure

    def to_dict(self) -> Json:
        """`summary.json`."""
        return self._found.summary

    def __repr__(self) -> str:
        checked = "" if self.check is None else f"; {self.check.sentence}"
        return f"<Result {self.title!r}: {self.theorem}{checked[:300]}>"

    def _repr_html_(self) -> str:
        kinds, parts = self._found.bundle.rows_by_kind, []
        for kind, rows in kinds.items():
            if rows:
                table = of_kind(kind, rows[:ROWS_SHOWN], self.problem.parameters, lambda path: False)
                lines = [_html_row("td", [cell.text for cell in row[:-1]]) for row in table.rows]  # without files
                more = "" if len(rows) <= ROWS_SHOWN else f"<p>… and {len(rows) - ROWS_SHOWN} more</p>"
                parts.append(f"<table>{_html_row('th', table.columns[:-1])}{''.join(lines)}</table>{more}")
        checked = "" if self.check is None else f" {self.check.sentence}"
        head = f"<p><b>{escape(self.title)}</b>: {escape(self.theorem)}.{escape(checked)}</p>"
        return head + "".join([*parts, *(one._repr_html_() for one in self.branches[1:])])


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def prove(
    problem: Problem | str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    precision: int | None = None,
    method: str = "spectral",
    resume: bool = False,
    jobs: int = 1,
    check: bool = True,
    style: str = "compact",
    figures: bool = False,
    bodies: bool = False,
    progress: Progress = quiet,
) -> Result:
    """Prove the Hopf bifurcations of a problem (or of a spec file); with ``out``, write the bundle there and check it.

    precision: bits to begin with; method: "spectral" or "newton-kantorovich"; resume: keep a finished bundle of the
    same problem; jobs: processes; check: let the independent checker read what was written; style, figures, bodies: of
    the LaTeX, as `proofgen prove` has them; progress: called with (stage, done, total). Raises InputError, whose
    message names the argument, and RejectedError for a bundle that the checker rejects.
    """
    positive(jobs, "jobs")
    layout = api.Layout(style, bodies, figures)
    directory = None if out is None else Path(out)
    found = api.prove(
        _problem(problem).exact, directory, precision=precision, method=method, resume=resume, jobs=jobs,
        progress=progress, layout=layout, check=check,
    )  # fmt: skip
    return Result(found, directory)


def render(
    result: Result,
    out: str | os.PathLike[str],
    *,
    style: str = "compact",
    figures: bool = False,
    bodies: bool = False,
    html: bool = False,
) -> None:
    """Write the bundle of a result: certificates, arrays, LaTeX, summary, manifest; pictures and `index.html`, one page
    about all of it, if asked for."""
    if not isinstance(result, Result):
        raise ArgumentError("expected what prove returns", key="result", value=type(result).__name__)
    api.render(result._found, Path(out), layout=api.Layout(style, bodies, figures, html))


def _problem(problem: Any) -> Problem:
    if isinstance(problem, str | os.PathLike):
        return load(problem)
    if not isinstance(problem, problems.Problem):
        expected = "expected a problem (of load, network or equations), or the name of a spec file"
        raise ArgumentError(expected, key="problem", value=type(problem).__name__)
    return problem



