"""Points of the curve of Hopf points in two parameters: binary64, UNTRUSTED."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..approx.field import Array
from ..approx.plane import Complex, PlaneApprox

NEWTON_STEPS, CLOSE = 30, 1e-11
Box = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class HopfApprox:
    """u = (α, ω, x, a, b) at s, with φ, the inverse A of DF(u; s) and u' (see `CurveData`)."""

    along: int
    s: float
    u: Array
    phi: Array
    A: Array
    slope: Array

    @property
    def n(self) -> int:
        return len(self.phi)

    @property
    def parameters(self) -> Array:
        return np.array([self.s, self.u[0]] if self.along == 0 else [self.u[0], self.s])

    @property
    def parameter_slope(self) -> Array:
        """(α_1', α_2')."""
        return np.array([1.0, self.slope[0]] if self.along == 0 else [self.slope[0], 1.0])

    @property
    def x(self) -> Array:
        return self.u[2 : self.n + 2]

    @property
    def q(self) -> Complex:
        n = self.n
        return self.u[n + 2 : 2 * n + 2] + 1j * self.u[2 * n + 2 :]

    def at(self, s: float) -> Array:
        """The path through it, at s."""
        return self.u + (s - self.s) * self.slope


def hopf_approx(
    field: PlaneApprox, parameters: Array, x: Array, omega: float, q: Complex, along: int
) -> HopfApprox | None:
    """Newton's method for F = 0 at a fixed s."""
    q = q / np.linalg.norm(q)
    q = q * np.exp(-0.5j * np.angle(q @ q))  # a and b nearly orthogonal, |a| ≥ |b|
    phi = np.where(abs(q.real) > 2.0**-40, q.real, 0.0)
    phi = np.array([float(np.float32(y)) for y in phi])
    q = q * (1j / (phi @ q))
    u = np.array([parameters[1 - along], omega, *x, *q.real, *q.imag])
    return newton(field, u, float(parameters[along]), along, phi)


def newton(field: PlaneApprox, u: Array, s: float, along: int, phi: Array) -> HopfApprox | None:
    """From u; None where it does not converge or leaves the domain."""
    with np.errstate(all="ignore"):
        try:
            last = np.inf
            for _ in range(NEWTON_STEPS):
                F, DF, F_s = field.hopf(u, s, along, phi)
                step = np.linalg.solve(DF, F)
                size = float(np.max(abs(step) / np.maximum(abs(u), 1e-3)))
                if not np.isfinite(size) or size > 1e3:
                    return None
                u = u - step
                if size <= CLOSE * 1e-3 or (size <= CLOSE and size >= last / 2):
                    break
                last = size
            else:
                return None
            _, DF, F_s = field.hopf(u, s, along, phi)
            A = np.linalg.inv(DF)
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            return None
    if not (u[1] > 0 and np.all(np.isfinite(A))):
        return None
    return HopfApprox(along, s, u, phi, A, -A @ F_s)


def turned(field: PlaneApprox, point: HopfApprox, along: int) -> HopfApprox | None:
    """The same point, where the other parameter runs, with a φ of its own."""
    return hopf_approx(field, point.parameters, point.x, float(point.u[1]), point.q, along)
