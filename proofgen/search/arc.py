"""The witness of an arc around a fold, and points on it. Binary64, UNTRUSTED."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox, jacobian_along
from ..approx.threads import one_blas_thread
from .extended import newton

FARTHER, MOST_STEPS = 1.25, 100  # see `away_from_fold`
CURVED, NATURAL = 2.5, 0.5  # radii over what the arc leaves its chord by, entry by entry and at most


@dataclass(frozen=True)
class ArcApprox:
    """c(t) = (γ, x + tv) with φ, C ≈ DG⁻¹ and the radii R for |t| ≤ half (MATHEMATICS.md, section 19)."""

    gamma: float
    x: Array
    v: Array
    phi: Array
    C: Array
    R: Array
    half: float


@dataclass(frozen=True)
class FoldChart:
    """What the arcs around one fold have in common. curve: z″(0); sizes: in proportion to which radii are chosen."""

    gamma: float
    x: Array
    v: Array
    phi: Array
    C: Array
    curve: Array
    sizes: Array

    def arc(self, half: float) -> ArcApprox:
        """For |t| ≤ half."""
        away = 0.5 * half * half * np.abs(self.curve)
        R = CURVED * away + NATURAL * float(np.max(away / self.sizes)) * self.sizes
        return ArcApprox(self.gamma, self.x, self.v, self.phi, self.C, R, half)

    @property
    def widest(self) -> float:
        """A value of t beyond which no arc will reach."""
        return 4 * (1 + float(np.max(np.abs(self.x)))) / float(np.max(np.abs(self.v)))


def fold_chart(field: FieldApprox, gamma: float, x: Array, v: Array, phi: Array, sizes: Array) -> FoldChart | None:
    """sizes: of γ and of the entries of x. None where binary64 does not do."""
    with one_blas_thread(), np.errstate(all="ignore"):
        J, zero = field.jacobian(x, gamma), np.zeros(1)
        DG = np.vstack([np.column_stack([field.f_gamma(x, gamma), J]), np.concatenate([zero, phi])])
        try:
            C = np.ascontiguousarray(np.linalg.inv(DG), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        curve = -C @ np.concatenate([jacobian_along(field, x, gamma, v, 0.0) @ v, zero])
        if not (np.all(np.isfinite(C)) and np.all(np.isfinite(curve)) and np.any(curve)):
            return None
    return FoldChart(gamma, x, v, phi, C, curve, sizes / np.max(sizes))


def on_arc(field: FieldApprox, chart: FoldChart, t: float, guess: Array | None = None) -> tuple[float, Array] | None:
    """γ and x of the equilibrium with φ(x − x̃) = tφv, by Newton's method; None where it does not converge."""
    target = float(chart.phi @ (chart.x + t * chart.v))

    def correction(z: Array) -> Array:
        gamma, x = float(z[0]), z[1:]
        rows = np.column_stack([field.f_gamma(x, gamma), field.jacobian(x, gamma)])
        DG = np.vstack([rows, np.concatenate([np.zeros(1), chart.phi])])
        residual = np.append(field.f(x, gamma), chart.phi @ x - target)
        return np.asarray(np.linalg.solve(DG, residual), dtype=np.float64)

    with one_blas_thread(), np.errstate(all="ignore"):
        if guess is None:
            guess = np.concatenate([[chart.gamma], chart.x + t * chart.v]) + 0.5 * t * t * chart.curve
        z = newton(correction, guess)
    return None if z is None else (float(z[0]), z[1:])


def away_from_fold(field: FieldApprox, chart: FoldChart, t: float, far: float) -> list[tuple[float, Array]]:
    """Equilibria on one side of the fold, from t on, farther and farther away, until γ is so far."""
    found: list[tuple[float, Array]] = []
    guess = None
    for _ in range(MOST_STEPS):
        z = on_arc(field, chart, t, guess)
        if z is None or (found and abs(z[0] - chart.gamma) <= abs(found[-1][0] - chart.gamma)):
            break
        found.append(z)
        if abs(z[0] - chart.gamma) >= far:
            break
        here = np.concatenate([[z[0]], z[1]])  # which changes about as t, and γ as t²
        centre = np.concatenate([[chart.gamma], chart.x])
        powers = np.concatenate([[FARTHER**2], np.full(len(chart.x), FARTHER)])
        guess = centre + powers * (here - centre)
        t *= FARTHER
    return found
