"""An approximate equilibrium with its slope, eigenbasis and tube radius at one γ̃: binary64, UNTRUSTED.

The proof of a window or a piece starts from this; it decides alone whether it is good enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..approx.field import Array, FieldApprox, jacobian_along
from ..approx.threads import one_blas_thread
from .balance import balanced
from .eigenbasis import eigenbasis_approx
from .eigenvalues import relative_units
from .predictor import cubic_along, newton_approx
from .witness import WitnessLimbs

PART_OF_X = 0.01
NO_BEND = 1e-13  # relative size of what equilibria differ from a chord by rounding
MARGIN, LARGE_MARGIN, LARGE = 5.0, 60.0, 50  # tube radius over the estimated distance, by dimension


@dataclass(frozen=True)
class LocalWitness:
    """γ̃, x̃, x̃' and r (None on the trivial branch) and the eigenbasis of D_x f(x̃, γ̃); see FORMAT.md, section 12.

    x and the parts of the basis are limbs: their exact sums are meant. bends: c_2 and c_3 of a cubic predictor, 2 × n.
    """

    gamma: Fraction
    x: list[Array] | None
    slope: Array | None
    radius: float | None
    basis: WitnessLimbs
    bends: Array | None = None

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
    field: FieldApprox,
    gamma: float,
    guess: Array | None,
    half_width: float,
    near_fold: bool = False,
    away: Callable[[Array], Array] | None = None,
) -> LocalWitness | None:
    """The witness at γ̃ for a window of the given half-width; guess: x near the branch, None on the trivial branch.
    near_fold: with eigenvectors of lengths that suit an eigenvalue near 0. away: around a cubic curve, with such
    lengths too, and with a tube that is wide enough for discs to grow to this size (of their centres, rows re, im).

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
        bends = None
        if away is not None and (curve := cubic_along(field, gamma, x, half_width)) is not None:
            x, slope, bends = curve[0], curve[1], curve[2:]
            away_from_chord = np.abs(bends) * [[half_width**2], [half_width**3]]
            if np.max(away_from_chord) <= NO_BEND * (1 + np.max(np.abs(x))):
                bends = np.zeros_like(bends)
        if near_fold or bends is not None:
            basis = balanced(basis, jacobian_along(field, x, gamma, slope, 1.0))
        w = with_radius(field, LocalWitness(Fraction(gamma), [x], slope, None, basis, bends), half_width)
        if w is None or w.radius is None or bends is None or away is None:
            return w
        # an estimate to the first order: no further than x moves on the way, or than a small part of it
        most = np.maximum(half_width * np.abs(slope), PART_OF_X * np.abs(x))
        wider = _radius_for(field, basis, x, gamma, away(basis.d[0]), most)
        return replace(w, radius=max(w.radius, wider)) if np.isfinite(wider) else w


def with_radius(field: FieldApprox, w: LocalWitness, half_width: float) -> LocalWitness | None:
    """The witness with a tube radius for a window of the given half-width; None where that is not finite."""
    if w.x is None or w.slope is None:
        return w
    x, gamma = np.sum(w.x, axis=0), float(w.gamma)
    reach = max(half_width, 1e-4 * half_width**0.5)  # far enough for the rounding of f not to matter
    with one_blas_thread(), np.errstate(all="ignore"):
        ends = [(s * reach, x + s * reach * w.slope) for s in (-1, 1)]
        if w.bends is not None:
            ends = [(s, c + s**2 * (w.bends[0] + s * w.bends[1])) for s, c in ends]
        distance = max(_distance(field, w.basis, c, gamma + s) for s, c in ends)
    floor = 2.0 ** (6 - 52 * len(w.x)) * (1 + float(np.max(np.abs(x))))
    margin = LARGE_MARGIN if field.n >= LARGE else MARGIN
    radius = float(margin * distance * (half_width / reach if reach else 0) ** 2 + floor)
    return replace(w, radius=radius) if np.isfinite(radius) else None


def _radius_for(field: FieldApprox, basis: WitnessLimbs, x: Array, gamma: float, away: Array, most: Array) -> float:
    """The radius of a tube over which discs grow to these sizes, as far as that is due to the radius: entries of D_x f
    are enclosed over the box around the tube, one by one. most: the largest box."""
    m, X, Y = basis.pairs, np.abs(basis.X[0]), np.abs(basis.Y[0])
    reach = np.sum(X, axis=1) + np.sum(X[:, : 2 * m], axis=1)  # |y_i| ≤ 1
    moved = sum(r * np.abs(jacobian_along(field, x, gamma, e, 0.0)) for r, e in zip(reach, np.eye(len(x)), strict=True))
    rows = np.sum(Y @ moved @ X, axis=1)
    blocks = np.concatenate([rows[0 : 2 * m : 2] + rows[1 : 2 * m : 2], rows[2 * m :]])
    with np.errstate(divide="ignore"):
        return float(min(np.min(away / blocks), np.min(most / reach)))


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
