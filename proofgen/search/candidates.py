"""Candidates for Hopf points and real crossings on one equilibrium branch. Binary64, UNTRUSTED.

What is found is polished by Newton's method; what could not be made out is listed in ``skipped`` with the reason.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox
from ..approx.threads import one_blas_thread
from .continuation import Branch, ContinuationOptions, follow_branch
from .eigenvalues import eigen
from .equilibrium import Origin
from .extended import HopfZero, hopf_system, hopf_system_jacobian, polish_hopf
from .location import FOLD, HOPF, PAIRS, CrossingApprox, Skipped, locate

__all__ = [
    "Candidates",
    "CrossingApprox",
    "HopfZero",
    "Skipped",
    "find_candidates",
    "hopf_system",
    "hopf_system_jacobian",
    "hopf_system_zero",
]


@dataclass(frozen=True)
class Candidates:
    """crossings: by increasing arclength."""

    branch: Branch
    crossings: list[CrossingApprox]
    skipped: list[Skipped]
    trivial: bool


def find_candidates(
    field: FieldApprox,
    interval: tuple[float, float],
    start: Array | None = None,
    trivial: bool | None = None,
    *,
    options: ContinuationOptions | None = None,
    box: Array | None = None,
    circle: bool = False,
    origin: Origin | None = None,
) -> Candidates:
    """Follow the branch over the interval and list every crossing of the imaginary axis seen on it.

    box: n × 2, where an equilibrium to begin with is looked for; circle: for a map x ↦ x + f(x), whose multipliers
    cross the unit circle; origin: where it begins, if that is known already.
    """
    branch = follow_branch(
        field, interval, start, options=options, trivial=trivial, box=box, circle=circle, origin=origin
    )
    with one_blas_thread(), np.errstate(all="ignore"):
        found: list[CrossingApprox] = []
        skipped = list(_unsettled(branch))
        for event in _events(branch):
            try:
                crossing = locate(branch, *event)
            except np.linalg.LinAlgError:
                ends = sorted(branch.points[i].gamma for i in (event[0], event[0] + 1))
                crossing = Skipped((ends[0], ends[1]), "the field is not defined somewhere on this piece")
            if isinstance(crossing, Skipped):
                skipped.append(crossing)
            else:
                found.append(crossing)
        kept, touching = _without_touching_pairs(sorted(found, key=lambda c: c.s), branch)
        skipped += touching
        skipped += _at_the_ends(branch, kept)
    folds = [c.s for c in kept if c.kind == FOLD]
    crossings = [dataclasses.replace(c, sheet=sum(s < c.s for s in folds)) for c in kept]
    return Candidates(branch, crossings, sorted(skipped, key=lambda s: s.interval), branch.curve.trivial)


def hopf_system_zero(field: FieldApprox, crossing: CrossingApprox) -> HopfZero:
    """(γ, ω, x, a, b, φ): a numerical zero of the Hopf system, φ = b there before the last correction.

    Raises ValueError if the crossing is not one of a pair, or Newton's method fails.
    """
    if crossing.kind != HOPF:
        raise ValueError("not a crossing of a pair")
    with one_blas_thread(), np.errstate(all="ignore"):
        found = eigen(field.jacobian(crossing.x, crossing.gamma))
        v = found.X[:, int(np.argmin(np.abs(found.values - 1j * crossing.omega)))]
        zero = polish_hopf(field, crossing.gamma, crossing.x, crossing.omega, v, pin=not np.any(crossing.x))
    if zero is None:
        raise ValueError("Newton's method on the Hopf system does not converge")
    return zero


def _events(branch: Branch) -> Iterator[tuple[int, int]]:
    """(piece, eigenvalue at its left end) for every change of sign; one of each conjugate pair."""
    for i, piece in enumerate(branch.pieces):
        right = branch.points[i + 1].eigenvalues[piece.partner]
        for k in np.flatnonzero(piece.changes & ~piece.resting).tolist():
            if right[k].imag > 0 or right[k].imag == 0:
                yield i, k


def _unsettled(branch: Branch) -> Iterator[Skipped]:
    """Runs of pieces with eigenvalues that rest on the axis or could not be resolved, and what was not visited."""
    run: list[int] = []
    a, b = branch.interval
    top = max((point.gamma for point in branch.points), default=a)
    for i in range(len(branch.pieces) + 1):
        piece = branch.pieces[i] if i < len(branch.pieces) else None
        if piece is not None and np.any(piece.resting | (piece.unresolved & ~piece.changes)):
            run.append(i)
        elif run:
            if branch.end == "blow-up" and i == len(branch.pieces):
                top = min(top, branch.points[run[0]].gamma)
            else:
                yield _describe(branch, run)
            run = []
    if not branch.points:
        yield Skipped((a, b), branch.detail)
    elif branch.end != "right":
        yield Skipped((min(top, b), b), f"not visited: {branch.detail}")


def _describe(branch: Branch, run: list[int]) -> Skipped:
    first, last = branch.points[run[0]], branch.points[run[-1] + 1]
    gammas = [branch.points[i].gamma for i in (*run, run[-1] + 1)]
    piece = branch.pieces[run[0]]
    k = int(np.flatnonzero(piece.resting | (piece.unresolved & ~piece.changes))[0])
    value, after = first.eigenvalues[k], branch.points[run[0] + 1].eigenvalues[piece.partner[k]]
    what = "a real eigenvalue" if value.imag == 0 and after.imag == 0 else "a pair of eigenvalues"
    if (value.imag == 0) != (after.imag == 0):
        reason = "real eigenvalues meet at or near 0 and become a pair, or a pair becomes real (Bogdanov-Takens)"
    elif np.ptp(gammas) > 1e-3 * (branch.interval[1] - branch.interval[0]):
        reason = f"{what} on the axis, to within rounding, all along this interval"
    elif np.count_nonzero(first.spectrum.sides > 0) != np.count_nonzero(last.spectrum.sides > 0):
        reason = f"{what} crosses the axis with a speed of nearly 0"
    else:
        near = abs(first.spectrum.sides[k])
        reason = f"{what} within {near:.1e} of the axis: touches it without crossing, or crosses twice"
    return Skipped((min(gammas), max(gammas)), reason)


def _without_touching_pairs(
    crossings: list[CrossingApprox], branch: Branch
) -> tuple[list[CrossingApprox], list[Skipped]]:
    """Two crossings in opposite directions that coincide and hardly move are one touching."""
    kept: list[CrossingApprox] = []
    reports: list[Skipped] = []
    length = branch.interval[1] - branch.interval[0]
    for c in crossings:
        for d in kept[-8:]:
            alike = d.kind == c.kind in PAIRS and math.isclose(d.omega, c.omega, rel_tol=1e-6)
            if not (alike and abs(c.s - d.s) <= 1e-6 and abs(c.gamma - d.gamma) <= 1e-6 * length):
                continue
            ends = min(c.gamma, d.gamma), max(c.gamma, d.gamma)
            if c.speed * d.speed <= 0 and max(abs(c.speed), abs(d.speed)) * length <= 1e-4:
                kept.remove(d)
                reports.append(Skipped(ends, "a pair touches the axis, or crosses it twice within rounding"))
                break
            if "double Hopf" not in c.note:
                reports.append(Skipped(ends, "two crossings seen here; Newton's method gives one of them twice"))
        else:
            kept.append(c)
    return kept, reports


def _at_the_ends(branch: Branch, crossings: list[CrossingApprox]) -> Iterator[Skipped]:
    length = branch.interval[1] - branch.interval[0]
    ends = branch.points[:1] if branch.end == "blow-up" else branch.points[:: max(1, len(branch.points) - 1)]
    for point in ends:
        near = [c for c in crossings if abs(c.gamma - point.gamma) <= 1e-7 * length]
        if not near and np.any(np.abs(point.spectrum.sides) <= 1e-9 * point.spectrum.rates):
            yield Skipped((point.gamma, point.gamma), "an eigenvalue is on the axis where the branch begins or ends")
