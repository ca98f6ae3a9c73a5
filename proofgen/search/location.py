"""One crossing of the imaginary axis: bracketed on the branch, polished by Newton's method. Binary64, UNTRUSTED."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..approx.field import Array, jacobian_along
from .continuation import Branch, BranchPoint, Curve
from .eigenvalues import ComplexArray, eigen
from .extended import polish_hopf, polish_real
from .tracking import assess, hermite_root, hermite_value

_ON_AXIS = 1e-8  # relative to an eigenvalue's rate: real parts below it count as on the axis, in notes only


@dataclass(frozen=True)
class CrossingApprox:
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


def locate(branch: Branch, i: int, k: int) -> CrossingApprox | Skipped:
    """The crossing of eigenvalue k on piece i: Newton's method, from ever shorter pieces while it fails."""
    curve, base = branch.curve, branch.points[i]
    left, right = base, branch.points[i + 1]
    note = "not resolved by the eigenvalues' speeds" if branch.pieces[i].unresolved[k] else ""
    for _ in range(45):
        piece = assess(left.spectrum, right.spectrum, float(np.linalg.norm(right.u - left.u)))
        crossing = _polish(curve, left, right, k, int(piece.partner[k]))
        if crossing is not None:
            break
        middle = curve.midpoint(left, right)
        if middle is None:
            break
        half = assess(left.spectrum, middle.spectrum, 0.5 * piece.length)
        if half.changes[k]:
            right = middle
        else:
            left, k = middle, int(half.partner[k])
    if crossing is None:
        value = left.eigenvalues[k]
        if curve.trivial or value.imag != 0 or base.dgamma_ds * branch.points[i + 1].dgamma_ds < 0:
            gammas = (base.gamma, branch.points[i + 1].gamma)
            what = "a pair" if abs(value.imag) > 1e-3 * left.spectrum.rates[k] else "an eigenvalue or pair near 0"
            reason = f"{what} crosses the axis near parameter {left.gamma:.17g}; Newton's method does not converge"
            return Skipped((min(gammas), max(gammas)), reason)
        speed = float(left.spectrum.speeds[k].real)
        crossing = CrossingApprox("real", left.gamma, left.x, 0.0, speed, 0, 0.0, 0, False, "")
        note = "branch point: a real eigenvalue crosses and the branch does not fold"
    s = base.s + float(np.linalg.norm(curve.join(crossing.x, crossing.gamma) - base.u))
    return _annotated(curve, dataclasses.replace(crossing, s=s), note)


def _polish(curve: Curve, left: BranchPoint, right: BranchPoint, k: int, partner: int) -> CrossingApprox | None:
    """Newton's method from the zero of the cubic through both ends; None unless it stays near that guess."""
    length = float(np.linalg.norm(right.u - left.u))
    p, q = complex(left.eigenvalues[k]), complex(right.eigenvalues[partner])
    dp, dq = complex(left.spectrum.speeds[k]), complex(right.spectrum.speeds[partner])
    t = hermite_root(p.real, dp.real, q.real, dq.real, length)
    corrected = curve.correct(hermite_value(left.u, left.t, right.u, right.t, length, t), (right.u - left.u) / length)
    if corrected is None:
        return None
    guess = corrected[0]
    x, gamma = curve.split(guess)
    try:
        found = eigen(curve.field.jacobian(x, gamma))
    except np.linalg.LinAlgError:
        return None  # the field is not defined there
    nearest = int(np.argmin(np.abs(found.values - hermite_value(p, dp, q, dq, length, t))))
    value, v = complex(found.values[nearest]), found.X[:, nearest]
    rate = max(abs(q.real - p.real) / length, 1e-300)
    kind: Literal["hopf", "real", "fold"] = "hopf"
    omega = 0.0
    if q.imag > 0:
        zero = polish_hopf(curve.field, gamma, x, value.imag, v, pin=curve.trivial) if value.imag > 0 else None
        if zero is None or not zero.omega > 1e-7 * left.spectrum.rates[k]:
            return None
        turn = 1 + max(abs(dp), abs(dq)) / rate
        if abs(zero.omega - value.imag) > 5 * turn * abs(value.real) + 1e-8 * left.spectrum.rates[k]:
            return None  # the neighbour's crossing
        gamma, x, omega = zero.gamma, zero.x, zero.omega
    else:
        kind = "fold" if left.dgamma_ds * right.dgamma_ds < 0 else "real"
        if kind == "real" and not curve.trivial:
            return None  # a branch point: the extended system is singular there
        real = polish_real(curve.field, gamma, x, v.real, pin=curve.trivial)
        if real is None:
            return None
        gamma, x = real
    moved = float(np.linalg.norm(curve.join(x, gamma) - guess))
    if moved > min(0.5 * length, 5 * abs(value.real) / rate) + 1e-8:
        return None
    return CrossingApprox(kind, gamma, x, omega, 0.5 * (dp.real + dq.real), 0, 0.0, 0, True, "")


def _annotated(curve: Curve, crossing: CrossingApprox, note: str) -> CrossingApprox:
    """With the speed at the crossing and notes about other eigenvalues on the axis."""
    J = curve.field.jacobian(crossing.x, crossing.gamma)
    found = eigen(curve.in_units(J))
    values = found.values
    order = np.argsort(np.abs(values - 1j * crossing.omega), kind="stable")
    k = int(order[0])
    tolerances = _ON_AXIS * np.maximum(found.rates, found.rates[k])
    own = {k, int(np.argmin(np.abs(values + 1j * crossing.omega)))} if crossing.omega else {k}
    alone = np.array([j not in own for j in range(len(values))])
    others, tolerances = values[alone], tolerances[alone]
    notes = [note] if note else []
    near = np.abs(others.real) <= tolerances
    if np.any(near & (others.imag > tolerances)):
        notes.append("double Hopf: another pair is on the axis" if crossing.omega else "a pair is on the axis")
    if np.any(near & (np.abs(others.imag) <= tolerances)):
        notes.append("fold-Hopf: an eigenvalue 0" if crossing.omega else "another eigenvalue 0")
    speed = crossing.speed
    if crossing.kind == "hopf" or curve.trivial:
        dx = np.zeros(len(J)) if curve.trivial else _solve(J, -curve.field.f_gamma(crossing.x, crossing.gamma))
        dJ = jacobian_along(curve.field, crossing.x, crossing.gamma, np.asarray(dx, dtype=np.float64), 1.0)
        left = _solve(found.X.T, np.eye(len(J))[k])
        speed = float(np.real(left @ curve.in_units(dJ) @ found.X[:, k]))
        if abs(speed) * curve.length <= 1e-6 * found.rates[k]:
            notes.append("the crossing speed is nearly 0")
        if not abs(speed) * curve.length <= 1e8 * (1 + found.rates[k]):
            notes.append("the eigenvalue is not simple: its speed has no meaning")
    unstable = int(np.count_nonzero(others.real > tolerances))
    return dataclasses.replace(crossing, speed=speed, unstable=unstable, note="; ".join(notes))


def _solve(matrix: Array | ComplexArray, right: Array) -> npt.NDArray[np.inexact]:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0])
