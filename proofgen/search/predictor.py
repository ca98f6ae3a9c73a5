"""Newton's method, and a cubic c_0 + δc_1 + δ²c_2 + δ³c_3 near a branch for |δ| ≤ h. Binary64, UNTRUSTED."""

from __future__ import annotations

import numpy as np

from ..approx.field import Array, FieldApprox

NOISE = 1e-8  # relative size up to which steps of Newton's method may be due to rounding: near a fold they are large


def cubic_along(field: FieldApprox, gamma: float, guess: Array, h: float) -> Array | None:
    """The coefficients, 4 × n: Taylor's as a polynomial of degree four through five equilibria gives them.

    guess: near the equilibrium at γ. None where Newton's method fails, or jumps (which it can not hide for long: the
    polynomial is then a bad one, and a proof refuses it).
    """
    middle = newton_approx(field, guess, gamma)
    if middle is None:
        return None
    left, right = (newton_approx(field, middle, gamma + s * h / 2) for s in (-1, 1))
    if left is None or right is None:
        return None
    first = newton_approx(field, 3 * (left - middle) + right, gamma - h)
    last = newton_approx(field, 3 * (right - middle) + left, gamma + h)
    if first is None or last is None:
        return None
    odd_far, odd_near = (last - first) / 2, (right - left) / 2
    even_far, even_near = (last + first) / 2 - middle, (right + left) / 2 - middle
    third = (odd_far - 2 * odd_near) * 4 / 3
    fourth = (even_far - 4 * even_near) * 4 / 3
    return np.array([middle, (odd_far - third) / h, (even_far - fourth) / h**2, third / h**3])


def value_at(curve: Array, delta: float) -> Array:
    """c(γ̃ + δ)."""
    return np.asarray(curve[0] + delta * (curve[1] + delta * (curve[2] + delta * curve[3])))


def newton_approx(field: FieldApprox, guess: Array, gamma: float) -> Array | None:
    """The equilibrium near a guess by Newton's method; None when it does not converge."""
    x = np.array(guess, dtype=np.float64)
    last = np.inf
    for _ in range(30):
        try:
            step = np.linalg.solve(field.jacobian(x, gamma), field.f(x, gamma))
        except np.linalg.LinAlgError:
            return None
        size = float(np.max(np.abs(step)))
        if not np.isfinite(size):
            return None
        x = x - step
        if size <= 4e-16 * (1 + float(np.max(np.abs(x)))) or (size <= 1e-10 and size >= 0.5 * last):
            return x
        last = size
    return x if last <= NOISE * (1 + float(np.max(np.abs(x)))) else None
