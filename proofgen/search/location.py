"""One crossing of the imaginary axis, or of a map one of the unit circle: bracketed on the branch, polished by Newton's
method. Binary64, UNTRUSTED.
"""

from __future__ import annotations

import cmath
import dataclasses
import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ..approx.field import Array, jacobian_along
from .continuation import Branch, BranchPoint, Curve
from .eigenvalues import ComplexArray, eigen
from .extended import polish_hopf, polish_real
from .predictor import newton_approx
from .tracking import assess, hermite_root, hermite_value, side, side_speed

Kind = Literal["hopf", "real", "fold", "neimark-sacker", "flip"]
HOPF: Final = "hopf"
REAL: Final = "real"
FOLD: Final = "fold"
NEIMARK_SACKER: Final = "neimark-sacker"
FLIP: Final = "flip"
PAIRS = (HOPF, NEIMARK_SACKER)  # what a pair of eigenvalues crosses at
_ON_AXIS = 1e-8  # relative to an eigenvalue's rate: real parts below it count as on the axis, in notes only


@dataclass(frozen=True)
class CrossingApprox:
    """A place where eigenvalues cross the imaginary axis, or of a map multipliers 1 + λ the unit circle.

    omega: > 0 for a pair (of a map the argument of the multiplier), else 0; speed: d Re λ/dγ along the branch (fold:
    d λ/ds by scaled arclength; map: d|1 + λ|²/2dγ); unstable: other eigenvalues that are unstable; s: scaled arclength;
    sheet: folds before it; converged: Newton's method did, else only bisection; note: what is unusual, empty if nothing
    is.
    """

    kind: Kind
    gamma: float
    x: Array
    omega: float
    speed: float
    unstable: int
    s: float
    sheet: int
    converged: bool
    note: str

    @property
    def eigenvalue(self) -> complex:
        """λ of D_x f at the crossing."""
        if self.kind == NEIMARK_SACKER:
            return cmath.exp(1j * self.omega) - 1
        return -2.0 if self.kind == FLIP else 1j * self.omega


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
        no_branch_point = curve.trivial or value.imag != 0 or (curve.circle and value.real < -1)
        if no_branch_point or base.dgamma_ds * branch.points[i + 1].dgamma_ds < 0:
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
    ends = [(float(at.sides[j]), float(at.side_speeds[j])) for at, j in ((left.spectrum, k), (right.spectrum, partner))]
    t = hermite_root(*ends[0], *ends[1], length)
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
    rate = max(abs(ends[1][0] - ends[0][0]) / length, 1e-300)
    kind: Kind = HOPF
    omega = 0.0
    off = float(side(np.array(value), curve.circle))
    if curve.circle and (q.imag > 0 or value.real < -1):
        multiplier = _polish_on_circle(curve, gamma, x, value)
        if multiplier is None or (q.imag > 0) != (multiplier[2].imag > 1e-7 * left.spectrum.rates[k]):
            return None
        gamma, x, value = multiplier
        kind, omega = (NEIMARK_SACKER, cmath.phase(1 + value)) if q.imag > 0 else (FLIP, 0.0)
    elif q.imag > 0:
        zero = polish_hopf(curve.field, gamma, x, value.imag, v, pin=curve.trivial) if value.imag > 0 else None
        if zero is None or not zero.omega > 1e-7 * left.spectrum.rates[k]:
            return None
        turn = 1 + max(abs(dp), abs(dq)) / rate
        if abs(zero.omega - value.imag) > 5 * turn * abs(value.real) + 1e-8 * left.spectrum.rates[k]:
            return None  # the neighbour's crossing
        gamma, x, omega = zero.gamma, zero.x, zero.omega
    else:
        kind = FOLD if left.dgamma_ds * right.dgamma_ds < 0 else REAL
        if kind == REAL and not curve.trivial:
            return None  # a branch point: the extended system is singular there
        real = polish_real(curve.field, gamma, x, v.real, pin=curve.trivial)
        if real is None:
            return None
        gamma, x = real
    moved = float(np.linalg.norm(curve.join(x, gamma) - guess))
    if moved > min(0.5 * length, 5 * abs(off) / rate) + 1e-8:
        return None
    return CrossingApprox(kind, gamma, x, omega, 0.5 * (ends[0][1] + ends[1][1]), 0, 0.0, 0, True, "")


def _polish_on_circle(curve: Curve, gamma: float, x: Array, value: complex) -> tuple[float, Array, complex] | None:
    """(γ, x, λ) with f = 0 and |1 + λ| = 1 by Newton's method in γ along the branch, from a guess; λ = −2 and folds
    apart, A is invertible there. None: no convergence."""
    before = math.inf
    for _ in range(15):
        at = np.zeros(curve.field.n) if curve.trivial else newton_approx(curve.field, x, gamma)
        if at is None:
            return None
        J = curve.field.jacobian(at, gamma)
        found = eigen(J)
        if found.Y is None:
            return None
        k = int(np.argmin(np.abs(found.values - value)))
        dx = np.zeros(len(J)) if curve.trivial else np.asarray(_solve(J, -curve.field.f_gamma(at, gamma)))
        dJ = jacobian_along(curve.field, at, gamma, dx.real, 1.0)
        speed = found.Y[k] @ dJ @ found.X[:, k]
        crossing = float(side_speed(found.values[k], speed, True))
        step = float(side(found.values[k], True)) / crossing if crossing else math.inf
        size, unit = abs(step), 1 + abs(gamma)
        if not math.isfinite(size) or size > 1e3 * unit:
            return None
        gamma, x, value = gamma - step, at - step * dx.real, complex(found.values[k] - step * speed)
        if size <= 1e-15 * unit or (size <= 1e-9 * unit and size >= 0.1 * before):
            return gamma, x, value
        before = size
    return (gamma, x, value) if before <= 1e-9 * (1 + abs(gamma)) else None


def _annotated(curve: Curve, crossing: CrossingApprox, note: str) -> CrossingApprox:
    """With the speed at the crossing and notes about other eigenvalues on the axis."""
    J = curve.field.jacobian(crossing.x, crossing.gamma)
    found = eigen(curve.in_units(J))
    values = found.values
    order = np.argsort(np.abs(values - crossing.eigenvalue), kind="stable")
    k = int(order[0])
    tolerances = _ON_AXIS * np.maximum(found.rates, found.rates[k])
    own = {k, int(np.argmin(np.abs(values - crossing.eigenvalue.conjugate())))} if crossing.omega else {k}
    alone = np.array([j not in own for j in range(len(values))])
    others, tolerances = values[alone], tolerances[alone]
    notes = [note] if note else []
    sides = side(others, curve.circle)
    near = np.abs(sides) <= tolerances
    if np.any(near & (others.imag > tolerances)):
        notes.append("double Hopf: another pair is on the axis" if crossing.omega else "a pair is on the axis")
    if np.any(near & (np.abs(others.imag) <= tolerances)):
        notes.append("fold-Hopf: an eigenvalue 0" if crossing.omega else "another eigenvalue 0")
    speed = crossing.speed
    if crossing.kind not in (REAL, FOLD) or curve.trivial:
        dx = np.zeros(len(J)) if curve.trivial else _solve(J, -curve.field.f_gamma(crossing.x, crossing.gamma))
        dJ = jacobian_along(curve.field, crossing.x, crossing.gamma, np.asarray(dx, dtype=np.float64), 1.0)
        left = _solve(found.X.T, np.eye(len(J))[k])
        speed = float(side_speed(values[k], left @ curve.in_units(dJ) @ found.X[:, k], curve.circle))
        if abs(speed) * curve.length <= 1e-6 * found.rates[k]:
            notes.append("the crossing speed is nearly 0")
        if not abs(speed) * curve.length <= 1e8 * (1 + found.rates[k]):
            notes.append("the eigenvalue is not simple: its speed has no meaning")
    unstable = int(np.count_nonzero(sides > tolerances))
    return dataclasses.replace(crossing, speed=speed, unstable=unstable, note="; ".join(notes))


def _solve(matrix: Array | ComplexArray, right: Array) -> npt.NDArray[np.inexact]:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0])
