"""An approximate equilibrium with its slope, eigenbasis and tube radius at one γ̃: binary64, UNTRUSTED.

The proof of a window or a piece starts from this; it decides alone whether it is good enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..approx.field import Array, FieldApprox, jacobian_along
from ..approx.threads import one_blas_thread
from .balance import balanced
from .eigenbasis import eigenbasis_approx
from .eigenvalues import relative_units
from .witness import WitnessLimbs

MARGIN, LARGE_MARGIN, LARGE = 5.0, 60.0, 50  # tube radius over the estimated distance, by dimension
NOISE = 1e-8  # relative size up to which steps of Newton's method may be due to rounding: near a fold they are large


@dataclass(frozen=True)
class LocalWitness:
    """γ̃, x̃, x̃' and r (None on the trivial branch) and the eigenbasis of D_x f(x̃, γ̃); see FORMAT.md, section 12.

    x and the parts of the basis are limbs: their exact sums are meant.
    """

    gamma: Fraction
    x: list[Array] | None
    slope: Array | None
    radius: float | None
    basis: WitnessLimbs

    def nearest_pair(self, value: complex) -> int:
        """The pair whose centre is nearest to an eigenvalue such as iω; −1 without pairs."""
        centres = np.sum(self.basis.d, axis=0)[: self.basis.pairs]
        if len(centres) == 0:
            return -1
        return int(np.argmin(np.abs(centres[:, 0] - value.real + 1j * (centres[:, 1] - value.imag))))

    def nearest_real(self, value: float = 0.0) -> int:
        """The block of the real centre nearest to a value; −1 without real eigenvalues."""
        reals = np.sum(self.basis.d, axis=0)[self.basis.pairs :, 0]
        return -1 if len(reals) == 0 else self.basis.pairs + int(np.argmin(np.abs(reals - value)))


def local_witness(
    field: FieldApprox, gamma: float, guess: Array | None, half_width: float, near_fold: bool = False
) -> LocalWitness | None:
    """The witness at γ̃ for a window of the given half-width; guess: x near the branch, None on the trivial branch.
    near_fold: with eigenvectors of lengths that suit an eigenvalue near 0.

    None where Newton's method or LAPACK fails.
    """
    with one_blas_thread(), np.errstate(all="ignore"):
        if guess is None:
            basis = eigenbasis_approx(field.jacobian(np.zeros(field.n), gamma))
            return None if basis is None else LocalWitness(Fraction(gamma), None, None, None, basis)
        x = newton_approx(field, guess, gamma)
        if x is None:
            return None
        J = field.jacobian(x, gamma)
        basis = eigenbasis_approx(J, relative_units(x))
        try:
            slope = -np.asarray(np.linalg.solve(J, field.f_gamma(x, gamma)), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        if basis is None or not np.all(np.isfinite(slope)):
            return None
        if near_fold:
            basis = balanced(basis, jacobian_along(field, x, gamma, slope, 1.0))
        return with_radius(field, LocalWitness(Fraction(gamma), [x], slope, None, basis), half_width)


def with_radius(field: FieldApprox, w: LocalWitness, half_width: float) -> LocalWitness | None:
    """The witness with a tube radius for a window of the given half-width; None where that is not finite."""
    if w.x is None or w.slope is None:
        return w
    x, gamma = np.sum(w.x, axis=0), float(w.gamma)
    reach = max(half_width, 1e-4 * half_width**0.5)  # far enough for the rounding of f not to matter
    with one_blas_thread(), np.errstate(all="ignore"):
        distance = max(_distance(field, w.basis, x + s * w.slope * reach, gamma + s * reach) for s in (-1, 1))
    floor = 2.0 ** (6 - 52 * len(w.x)) * (1 + float(np.max(np.abs(x))))
    margin = LARGE_MARGIN if field.n >= LARGE else MARGIN
    radius = float(margin * distance * (half_width / reach if reach else 0) ** 2 + floor)
    return replace(w, radius=radius) if np.isfinite(radius) else None


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


def _distance(field: FieldApprox, basis: WitnessLimbs, x: Array, gamma: float) -> float:
    """max_i |(P⁻¹Yf)_i/d_i|: how far x is from the branch, in eigencoordinates."""
    m = basis.pairs
    y = basis.Y[0] @ field.f(x, gamma)
    d = basis.d[0]
    sizes = np.hypot(d[:, 0], d[:, 1])
    moduli = np.concatenate([np.hypot(y[0 : 2 * m : 2], y[1 : 2 * m : 2]) / 2, np.abs(y[2 * m :])])
    with np.errstate(divide="ignore"):
        return float(np.max(moduli / sizes))


def inverse_approx(matrix: Array) -> Array:
    """The inverse with one BLAS thread. Raises LinAlgError for a singular matrix."""
    with one_blas_thread():
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
