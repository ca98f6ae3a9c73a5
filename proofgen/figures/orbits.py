"""Periodic orbits near a Hopf point by integration in binary64 and Newton's method. Numerical; proves nothing.

Unknowns are the starting point, the period and γ; the amplitude is prescribed, so that the equilibrium is no solution,
and unstable orbits are found like stable ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..approx.field import FieldApprox
from .data import Array, ComplexArray, PointData

MOST_DIMENSION = 20
STEPS, MOST_STEPS = 400, 6000
NEWTON_STEPS = 12
ATTEMPTS = 8
CLOSE = (0.8, 1.25)
SAME_PERIOD = 0.01


@dataclass(frozen=True)
class Orbit:
    """x: rows over one period, the first again as the last; rho: the prescribed amplitude."""

    rho: float
    gamma: float
    period: float
    x: Array


def reach(point: PointData, others: list[float], interval: tuple[float, float] | None) -> float:
    """How far from γ* pictures go: a fraction of the distance to what happens next on that side of the orbits."""
    side = math.copysign(1.0, point.growth)
    ends = [*others, *(() if interval is None else interval)]
    ahead = [abs(other - point.gamma) for other in ends if (other - point.gamma) * side > 0]
    nearest = min(ahead, default=math.inf)
    slow = 0.05 * point.omega / abs(point.speed)  # the growth per period is small there
    return min(0.4 * nearest, slow)


def periodic_orbit(field: FieldApprox, point: PointData, distance: float) -> Orbit | None:
    """An orbit at about this distance |γ − γ*|, nearer where that does not succeed or where its period is visibly not
    2π/ω (then times would not compare); None where nothing does."""
    rho, nearest = math.sqrt(abs(point.growth) * distance), None
    for attempt in range(ATTEMPTS):
        found = orbit_of_amplitude(field, point, rho * 0.6**attempt)
        if found is None:
            continue
        nearest = found
        if abs(found.period * point.omega / (2 * math.pi) - 1) < SAME_PERIOD:
            break
    return nearest


def orbit_of_amplitude(field: FieldApprox, point: PointData, rho: float) -> Orbit | None:
    """The orbit through x* + 2ρ Re q and its surroundings with pᴴ(x − x*) = ρ, at a γ near γ* + ρ²/c."""
    with np.errstate(all="ignore"):
        try:
            return _orbit(field, point, rho)
        except np.linalg.LinAlgError:
            return None


def _orbit(field: FieldApprox, point: PointData, rho: float) -> Orbit | None:
    n, x_star = field.n, point.equilibrium
    J = field.jacobian(x_star, point.gamma)
    if not np.all(np.isfinite(J)):
        return None
    p = _left(J, point)
    if p is None:
        return None
    predicted = 2 * np.pi / point.omega
    steps = max(STEPS, math.ceil(predicted * float(np.max(np.abs(np.linalg.eigvals(J))))))
    if steps > MOST_STEPS:
        return None
    x, period, gamma = x_star + 2 * rho * point.q.real, predicted, point.gamma + rho**2 / point.growth
    scale = 2 * rho * float(np.max(np.abs(point.q)))
    for _ in range(NEWTON_STEPS):
        end, M, s = _flow(field, x, gamma, period, steps)
        off = np.vdot(p, x - x_star) - rho
        residual = np.concatenate([end - x, [off.real, off.imag]])
        if not np.all(np.isfinite(residual)) or not np.all(np.isfinite(M)):
            return None
        if np.max(np.abs(residual)) < 1e-7 * scale:
            break
        D = np.zeros((n + 2, n + 2))
        D[:n, :n], D[:n, n], D[:n, n + 1] = M - np.eye(n), field.f(end, gamma), s
        D[n, :n], D[n + 1, :n] = p.conj().real, p.conj().imag
        step = np.linalg.solve(D, residual)
        x, period, gamma = x - step[:n], period - step[n], gamma - step[n + 1]
        if not 0.5 * predicted < period < 2 * predicted:
            return None
    else:
        return None
    if not CLOSE[0] < (gamma - point.gamma) * point.growth / rho**2 < CLOSE[1]:  # 1 to leading order
        return None
    return Orbit(rho, float(gamma), float(period), _path(field, x, gamma, period, steps))


def _left(J: Array, point: PointData) -> ComplexArray | None:
    """p with pᴴJ ≈ iωpᴴ and pᴴq = 1."""
    values, vectors = np.linalg.eig(J.T)
    p = vectors[:, np.argmin(np.abs(values - 1j * point.omega))].conj()
    product = np.vdot(p, point.q)
    return None if product == 0 else np.asarray(p / product.conjugate())


def _flow(field: FieldApprox, x: Array, gamma: float, period: float, steps: int) -> tuple[Array, Array, Array]:
    """The end of the trajectory, and its derivatives with respect to the start and to γ (classical Runge-Kutta)."""
    n, h = field.n, period / steps
    y = np.column_stack([x, np.eye(n), np.zeros(n)])

    def rate(y: Array) -> Array:
        at = y[:, 0]
        moved = field.jacobian(at, gamma) @ y
        moved[:, -1] += field.f_gamma(at, gamma)
        moved[:, 0] = field.f(at, gamma)
        return np.asarray(moved)

    for _ in range(steps):
        k1 = rate(y)
        k2 = rate(y + h / 2 * k1)
        k3 = rate(y + h / 2 * k2)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + rate(y + h * k3))
    return y[:, 0], y[:, 1:-1], y[:, -1]


def _path(field: FieldApprox, x: Array, gamma: float, period: float, steps: int) -> Array:
    h, rows = period / steps, [x]
    for _ in range(steps):
        k1 = field.f(x, gamma)
        k2 = field.f(x + h / 2 * k1, gamma)
        k3 = field.f(x + h / 2 * k2, gamma)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + field.f(x + h * k3, gamma))
        rows.append(x)
    return np.array(rows)
