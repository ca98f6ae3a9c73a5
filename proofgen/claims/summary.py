"""The summary of a run, from what it has printed."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import Any

import flint

from ..bundle.hopf_curve import SUBCRITICAL, SUPERCRITICAL, HopfCurves, UnsettledCurve
from ..bundle.kinds import Branch
from ..bundle.listing import Unsettled
from ..bundle.summary import INCOMPLETE, PROVED, CurveRow, OrbitRow, Summary, SummaryRow, proved_row, undecided_row
from ..problem.options import OrbitOptions
from ..problem.problem import AnyProblem, search_hints
from ..proof.failure import Failure, FailureCode
from .rows import Item, Opened, Row
from .zero_crossing import PlainCrossing


def versions() -> dict[str, str]:
    """Versions of what took part, for the summary."""
    return dict(_versions())


@cache  # reading the metadata of packages takes milliseconds
def _versions() -> dict[str, str]:
    found: dict[str, Any] = {"proofgen": "0", "python": platform.python_version()}
    for package in ("proofgen", "sympy", "python-flint", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "unknown"
    found["flint"] = str(flint.__FLINT_VERSION__)
    return found


def options_asked(problem: AnyProblem, precision: int) -> dict[str, object]:
    """What a run was asked, as its summary says it."""
    orbits = _orbits_asked(problem.proof.orbits)
    return {**_bits_and_digits(problem, precision), **search_hints(problem), **orbits, **_source(problem)}


def _bits_and_digits(problem: AnyProblem, precision: int) -> dict[str, int]:
    proof = problem.proof
    return {"precision": precision, "max_precision": proof.max_precision, "digits": proof.digits}


def _source(problem: AnyProblem) -> dict[str, object]:
    return {"source": problem.source} if problem.source else {}


def _orbits_asked(orbits: OrbitOptions) -> dict[str, object]:
    """What was asked of periodic orbits, as text; nothing where nothing was."""
    if not orbits.asked:
        return {}
    names = None if orbits.points is None else list(orbits.points)
    branch = None if orbits.branch is None else str(orbits.branch)
    asked = {"branch": branch, "at": [str(a) for a in orbits.at], "points": names, "time_limit": orbits.time_limit}
    return {"orbits": asked}


def summary_of(
    problem: AnyProblem,
    asked: int,
    branch: Branch,
    rows: Sequence[Row],
    orbits: Sequence[OrbitRow] = (),
    plain: Sequence[PlainCrossing] = (),
) -> Summary:
    """asked: bits that the run began with; rows: proved and open points by their names; plain: what stays a mere real
    crossing."""
    if isinstance(branch, HopfCurves):
        return _of_curves(problem, asked, branch, rows)
    claims, options = branch.claims, _bits_and_digits(problem, asked)
    hints = {**search_hints(problem), **_orbits_asked(problem.proof.orbits), **_source(problem)}
    return Summary(
        title=problem.title,
        status=PROVED if claims.complete else INCOMPLETE,
        complete=claims.complete,
        interval=claims.interval,
        dimension=problem.dimension,
        method=branch.method,
        points=tuple(_row(name, item) for name, item in rows),
        real_crossings=claims.real_crossings,
        unsettled=tuple(
            Unsettled(piece.interval, str(Failure(FailureCode(piece.code), piece.reason)), piece.code)
            for piece in claims.unsettled
        ),
        options={**options, "precision_used": branch.precision, **hints},
        timing={},
        versions=versions(),
        orbits=tuple(orbits),
        plain_crossings=tuple(Unsettled(item.parameter, item.reason, item.code.value) for item in plain),
    )


def _of_curves(problem: AnyProblem, asked: int, branch: HopfCurves, rows: Sequence[Row]) -> Summary:
    """With two parameters."""
    claims = branch.claims
    curves = [
        CurveRow(len(curve.pieces), curve.of_sign(SUPERCRITICAL), curve.of_sign(SUBCRITICAL), curve.ends)
        for curve in claims.curves
    ]
    return Summary(
        title=problem.title,
        status=PROVED if claims.complete else INCOMPLETE,
        complete=claims.complete,
        interval=None,
        dimension=problem.dimension,
        method=branch.method,
        points=tuple(_row(name, item) for name, item in rows),
        real_crossings=(),
        unsettled=(),
        options={**options_asked(problem, asked), "precision_used": branch.precision},
        timing={},
        versions=versions(),
        box=claims.box,
        curves=tuple(curves),
        unsettled_curves=tuple(
            UnsettledCurve(str(Failure(FailureCode(open_one.code), open_one.reason)), open_one.code)
            for open_one in claims.unsettled
        ),
    )


def _row(name: str, item: Item) -> SummaryRow:
    if isinstance(item, Opened):
        return undecided_row(name, item.row, item.explanation, item.code.value)
    return proved_row(name, item.row)
