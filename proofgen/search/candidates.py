"""Candidates for Hopf points and real crossings on one equilibrium branch. Binary64, UNTRUSTED.

What is found is polished by Newton's method; what could not be made out is listed in ``skipped`` with the reason.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from .continuation import Branch, BranchPoint, ContinuationOptions, follow_branch
from .extended import HopfZero, hopf_system, hopf_system_jacobian, polish_hopf, polish_real
from .field import FieldApprox, jacobian_along
from .tracking import assess, hermite_root
from .witness import Array

__all__ = [
    "Candidates",
    "Crossing",
    "HopfZero",
    "Skipped",
    "find_candidates",
    "hopf_system",
    "hopf_system_jacobian",
    "hopf_system_zero",
]

_ON_AXIS = 1e-8  # relative to 1 + ‖J‖: real parts below it count as on the axis, in notes only


@dataclass(frozen=True)
class Crossing:
    """A place where eigenvalues cross the imaginary axis.

    omega: > 0 for a pair, else 0; speed: d Re λ/dγ along the branch (fold: d λ/ds by scaled arclength);
    unstable: other eigenvalues with positive real part; s: scaled arclength; sheet: folds before it;
    converged: Newton's method did, else only bisection; note: what is unusual, empty if nothing is.
    """

    kind: Literal["hopf", "real", "fold"]
    gamma: float
    x: Array
    omega: float
    speed: float
    unstable: int
    s: float
    sheet: int
    converged: bool
    note: str


@dataclass(frozen=True)
class Skipped:
    """A part of the branch, as a parameter interval, about which the search says no more than the reason."""

    interval: tuple[float, float]
    reason: str


@dataclass(frozen=True)
class Candidates:
    """crossings: by increasing arclength."""

    branch: Branch
    crossings: list[Crossing]
    skipped: list[Skipped]
    trivial: bool


def find_candidates(
    field: FieldApprox,
    interval: tuple[float, float],
    start: Array | None = None,
    trivial: bool | None = None,
    *,
    options: ContinuationOptions | None = None,
) -> Candidates:
    """Follow the branch over the interval and list every crossing of the imaginary axis seen on it."""
    branch = follow_branch(field, interval, start, options=options, trivial=trivial)
    with threadpool_limits(limits=1), np.errstate(all="ignore"):
        search = _Search(field, branch)
        found: list[Crossing] = []
        skipped = list(_unsettled(branch))
        for event in _events(branch):
            crossing = search.locate(*event)
            if isinstance(crossing, Skipped):
                skipped.append(crossing)
            else:
                found.append(crossing)
        kept, touching = _without_touching_pairs(sorted(found, key=lambda c: c.s), branch)
        skipped += touching
        skipped += _at_the_ends(branch, kept)
    folds = [c.s for c in kept if c.kind == "fold"]
    crossings = [dataclasses.replace(c, sheet=sum(s < c.s for s in folds)) for c in kept]
    return Candidates(branch, crossings, sorted(skipped, key=lambda s: s.interval), branch.curve.trivial)


def hopf_system_zero(field: FieldApprox, crossing: Crossing) -> HopfZero:
    """(γ, ω, x, a, b, φ): a numerical zero of the Hopf system, φ = b there before the last correction.

    Raises ValueError if the crossing is not one of a pair, or Newton's method fails.
    """
    if crossing.kind != "hopf":
        raise ValueError("not a crossing of a pair")
    with threadpool_limits(limits=1), np.errstate(all="ignore"):
        values, vectors = np.linalg.eig(field.jacobian(crossing.x, crossing.gamma))
        v = vectors[:, int(np.argmin(np.abs(values - 1j * crossing.omega)))]
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


class _Search:
    def __init__(self, field: FieldApprox, branch: Branch) -> None:
        self.field, self.branch, self.curve = field, branch, branch.curve

    def locate(self, i: int, k: int) -> Crossing | Skipped:
        """The crossing of eigenvalue k on piece i: Newton's method, from ever shorter pieces while it fails."""
        left, right = self.branch.points[i], self.branch.points[i + 1]
        unresolved = bool(self.branch.pieces[i].unresolved[k])
        interval = (min(left.gamma, right.gamma), max(left.gamma, right.gamma))
        for _ in range(45):
            piece = assess(left.spectrum, right.spectrum, float(np.linalg.norm(right.u - left.u)))
            partner = int(piece.partner[k])
            crossing = self._polish(left, right, k, partner)
            if crossing is not None:
                note = "not resolved by the eigenvalues' speeds" if unresolved else ""
                return self._annotated(crossing, note)
            middle = self.curve.midpoint(left, right)
            if middle is None:
                break
            half = assess(left.spectrum, middle.spectrum, 0.5 * piece.length)
            if half.changes[k]:
                right = middle
            else:
                left, k = middle, int(half.partner[k])
        return self._bisected(left, right, k, interval)

    def _polish(self, left: BranchPoint, right: BranchPoint, k: int, partner: int) -> Crossing | None:
        length = float(np.linalg.norm(right.u - left.u))
        p, q = left.eigenvalues[k], right.eigenvalues[partner]
        dp, dq = left.spectrum.speeds[k], right.spectrum.speeds[partner]
        t = hermite_root(p.real, dp.real, q.real, dq.real, length)
        guess = (1 - t) * left.u + t * right.u + t * (1 - t) * length * ((1 - t) * left.t - t * right.t)
        if not self.curve.trivial:
            chord = (right.u - left.u) / length
            corrected = self.curve.correct(guess, chord)
            if corrected is None:
                return None
            guess = corrected[0]
        x, gamma = self.curve.split(guess)
        values, vectors = np.linalg.eig(self.field.jacobian(x, gamma))
        target = 1j * ((1 - t) * p.imag + t * q.imag)
        nearest = int(np.argmin(np.abs(values - target)))
        s = left.s
        if q.imag > 0:
            omega = float(values[nearest].imag)
            if not omega > 0:
                return None
            zero = polish_hopf(self.field, gamma, x, omega, vectors[:, nearest], pin=self.curve.trivial)
            if zero is None or not zero.omega > 1e-7 * left.spectrum.scale or not 0.5 < zero.omega / omega < 2:
                return None
            kind: Literal["hopf", "real", "fold"] = "hopf"
            gamma, x, omega = zero.gamma, zero.x, zero.omega
        else:
            kind, omega = "fold" if left.dgamma_ds * right.dgamma_ds < 0 else "real", 0.0
            if kind == "real" and not self.curve.trivial:
                return None  # a branch point: the extended system is singular there
            real = polish_real(self.field, gamma, x, vectors[:, nearest].real, pin=self.curve.trivial)
            if real is None:
                return None
            gamma, x = real
        u = self.curve.join(x, gamma)
        if np.linalg.norm(u - guess) > 0.5 * length + 1e-9:
            return None
        s += float(np.linalg.norm(u - left.u))
        speed = 0.5 * float(dp.real + dq.real)
        return Crossing(kind, gamma, x, omega, speed, 0, s, 0, True, "")

    def _bisected(
        self, left: BranchPoint, right: BranchPoint, k: int, interval: tuple[float, float]
    ) -> Crossing | Skipped:
        """What can be said when Newton's method never converged."""
        value = left.eigenvalues[k]
        if self.curve.trivial or value.imag != 0 or left.dgamma_ds * right.dgamma_ds < 0:
            small = abs(value.imag) <= 1e-3 * left.spectrum.scale
            return Skipped(
                interval,
                "a real eigenvalue or a pair of small frequency crosses the axis near parameter "
                f"{left.gamma:.17g}; Newton's method does not converge (Bogdanov-Takens?)"
                if small
                else f"a pair crosses the axis near parameter {left.gamma:.17g}; Newton's method does not converge",
            )
        speed = float(left.spectrum.speeds[k].real)
        crossing = Crossing("real", left.gamma, left.x, 0.0, speed, 0, left.s, 0, False, "")
        return self._annotated(crossing, "branch point: a real eigenvalue crosses and the branch does not fold")

    def _annotated(self, crossing: Crossing, note: str) -> Crossing:
        """With the speed at the crossing and notes about other eigenvalues on the axis."""
        J = self.field.jacobian(crossing.x, crossing.gamma)
        values, X = np.linalg.eig(J)
        tolerance = _ON_AXIS * (1 + float(np.max(np.sum(np.abs(J), axis=1))))
        k = int(np.argmin(np.abs(values - 1j * crossing.omega)))
        own = {k, int(np.argmin(np.abs(values + 1j * crossing.omega)))}
        others = np.array([value for j, value in enumerate(values) if j not in own], dtype=np.complex128)
        notes = [note] if note else []
        axis = others[np.abs(others.real) <= tolerance]
        if np.any(axis.imag > tolerance):
            notes.append("double Hopf: another pair is on the axis" if crossing.omega else "a pair is on the axis")
        if np.any(np.abs(axis.imag) <= tolerance):
            notes.append("fold-Hopf: an eigenvalue 0" if crossing.omega else "another eigenvalue 0")
        speed = crossing.speed
        if crossing.kind == "hopf" or self.curve.trivial:
            slope = np.linalg.lstsq(J, -self.field.f_gamma(crossing.x, crossing.gamma), rcond=None)[0]
            dx = np.zeros(len(J)) if self.curve.trivial else np.asarray(slope, dtype=np.float64)
            dJ = jacobian_along(self.field, crossing.x, crossing.gamma, dx, 1.0)
            left_vector = np.linalg.lstsq(X.T, np.eye(len(J))[k], rcond=None)[0]
            speed = float(np.real(left_vector @ dJ @ X[:, k]))
            if abs(speed) <= 1e-6:
                notes.append("the crossing speed is nearly 0")
        unstable = int(np.count_nonzero(others.real > tolerance))
        return dataclasses.replace(crossing, speed=speed, unstable=unstable, note="; ".join(notes))


def _unsettled(branch: Branch) -> Iterator[Skipped]:
    """Runs of pieces with eigenvalues that rest on the axis or could not be resolved, and what was not visited."""
    run: list[int] = []
    for i in range(len(branch.pieces) + 1):
        piece = branch.pieces[i] if i < len(branch.pieces) else None
        if piece is not None and np.any(piece.resting | (piece.unresolved & ~piece.changes)):
            run.append(i)
        elif run:
            yield _describe(branch, run)
            run = []
    a, b = branch.interval
    if not branch.points:
        yield Skipped((a, b), branch.detail)
    elif branch.end != "right":
        top = max(point.gamma for point in branch.points)
        yield Skipped((min(top, b), b), f"not visited: {branch.detail}")


def _describe(branch: Branch, run: list[int]) -> Skipped:
    ends = [branch.points[i].gamma for i in (*run, run[-1] + 1)]
    piece = branch.pieces[run[0]]
    k = int(np.flatnonzero(piece.resting | (piece.unresolved & ~piece.changes))[0])
    value, after = branch.points[run[0]].eigenvalues[k], branch.points[run[0] + 1].eigenvalues[piece.partner[k]]
    what = "a real eigenvalue" if value.imag == 0 and after.imag == 0 else "a pair of eigenvalues"
    if (value.imag == 0) != (after.imag == 0):
        what = "real eigenvalues and a pair that meet near the axis"
    if np.ptp(ends) > 1e-3 * (branch.interval[1] - branch.interval[0]):
        reason = f"{what} on the axis, to within rounding, all along this interval"
    else:
        reason = f"{what} within {abs(value.real):.1e} of the axis: touches it without crossing, or crosses twice"
    return Skipped((min(ends), max(ends)), reason)


def _without_touching_pairs(crossings: list[Crossing], branch: Branch) -> tuple[list[Crossing], list[Skipped]]:
    """Two crossings in opposite directions that coincide are one touching."""
    kept: list[Crossing] = []
    touching: list[Skipped] = []
    length = branch.interval[1] - branch.interval[0]
    for c in crossings:
        d = kept[-1] if kept else None
        same = d is not None and d.kind == c.kind == "hopf" and math.isclose(d.omega, c.omega, rel_tol=1e-6)
        if same and d is not None and abs(c.s - d.s) <= 1e-6 and abs(c.gamma - d.gamma) <= 1e-6 * length:
            kept.pop()
            ends = min(c.gamma, d.gamma), max(c.gamma, d.gamma)
            touching.append(Skipped(ends, "a pair touches the axis, or crosses it twice within rounding"))
        else:
            kept.append(c)
    return kept, touching


def _at_the_ends(branch: Branch, crossings: list[Crossing]) -> Iterator[Skipped]:
    length = branch.interval[1] - branch.interval[0]
    for point in branch.points[:: max(1, len(branch.points) - 1)]:
        near = [c for c in crossings if abs(c.gamma - point.gamma) <= 1e-7 * length]
        if not near and np.any(np.abs(point.eigenvalues.real) <= 1e-9 * point.spectrum.scale):
            yield Skipped((point.gamma, point.gamma), "an eigenvalue is on the axis where the branch begins or ends")
