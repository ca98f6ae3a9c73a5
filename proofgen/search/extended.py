"""Newton's method on extended systems: Hopf points, folds, zeros of det J on the branch x = 0. Binary64, UNTRUSTED.

Hopf (MATHEMATICS.md, section 11): u = (γ, ω, x, a, b), v = a + ib, fixed φ with φᵀa = 0, φᵀb = 1,

    F(u) = ( φᵀa,  φᵀb − 1,  f(x, γ),  J a + ω b,  J b − ω a ).

Folds (section 17): u = (γ, x, v), fixed φ,  F(u) = ( f(x, γ),  J v,  φᵀv − 1 ).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..approx.field import Array, FieldApprox, jacobian_times_derivatives
from .eigenvalues import ComplexArray


class HopfZero(NamedTuple):
    """A numerical zero of F with the φ it belongs to."""

    gamma: float
    omega: float
    x: Array
    a: Array
    b: Array
    phi: Array

    @property
    def u(self) -> Array:
        return np.concatenate([[self.gamma, self.omega], self.x, self.a, self.b])


def hopf_system(field: FieldApprox, u: Array, phi: Array) -> Array:
    """F(u) in R^{3n+2}."""
    n = field.n
    gamma, omega, x, a, b = float(u[0]), float(u[1]), u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :]
    J = field.jacobian(x, gamma)
    return np.concatenate([[phi @ a, phi @ b - 1], field.f(x, gamma), J @ a + omega * b, J @ b - omega * a])


def hopf_system_jacobian(field: FieldApprox, u: Array, phi: Array) -> Array:
    """DF(u), (3n+2) × (3n+2); rows in the order of F, columns in the order of u."""
    n = field.n
    gamma, omega, x, a, b = float(u[0]), float(u[1]), u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :]
    J = field.jacobian(x, gamma)
    X, A, B = slice(2, n + 2), slice(n + 2, 2 * n + 2), slice(2 * n + 2, 3 * n + 2)
    D = np.zeros((3 * n + 2, 3 * n + 2))
    D[0, A], D[1, B] = phi, phi
    D[X, 0], D[X, X] = field.f_gamma(x, gamma), J
    D[A, X], D[A, 0] = jacobian_times_derivatives(field, x, gamma, a)
    D[B, X], D[B, 0] = jacobian_times_derivatives(field, x, gamma, b)
    D[A, 1], D[B, 1] = b, -a
    D[A, A], D[B, B] = J, J
    D[A, B], D[B, A] = omega * np.eye(n), -omega * np.eye(n)
    return D


def normalised(v: ComplexArray) -> tuple[Array, Array, Array]:
    """(a, b, φ): v turned so that its real part a is orthogonal to its longer imaginary part b, |b| = 1, φ = b."""
    v = v / np.linalg.norm(v)
    phase = np.angle(v @ v)  # vᵀv > 0 after turning: real and imaginary part orthogonal, the real part longer
    v = 1j * v * np.exp(-0.5j * phase)
    v = v / np.linalg.norm(v.imag)
    b = np.ascontiguousarray(v.imag)
    return np.ascontiguousarray(v.real), b, b


def polish_hopf(
    field: FieldApprox, gamma: float, x: Array, omega: float, v: ComplexArray, *, pin: bool = False
) -> HopfZero | None:
    """Newton's method on F from a guess; pin: keep x as it is (an equilibrium for every γ). None: no convergence."""
    n = field.n
    a, b, phi = normalised(v)

    def correction(u: Array) -> Array:
        D, F = hopf_system_jacobian(field, u, phi), hopf_system(field, u, phi)
        step = np.asarray(np.linalg.solve(D, F), dtype=np.float64)
        if pin:
            step[2 : n + 2] = 0
        return step

    u = newton(correction, HopfZero(gamma, omega, x, a, b, phi).u)
    if u is None:
        return None
    return HopfZero(float(u[0]), float(u[1]), u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :], phi)


def fold_system(field: FieldApprox, u: Array, phi: Array) -> Array:
    """F(u) in R^{2n+1}."""
    n = field.n
    gamma, x, v = float(u[0]), u[1 : n + 1], u[n + 1 :]
    return np.concatenate([field.f(x, gamma), field.jacobian(x, gamma) @ v, [phi @ v - 1]])


def fold_system_jacobian(field: FieldApprox, u: Array, phi: Array) -> Array:
    """DF(u), (2n+1) × (2n+1); rows in the order of F, columns in the order of u."""
    n = field.n
    gamma, x, v = float(u[0]), u[1 : n + 1], u[n + 1 :]
    J = field.jacobian(x, gamma)
    D = np.zeros((2 * n + 1, 2 * n + 1))
    D[:n, 0], D[:n, 1 : n + 1] = field.f_gamma(x, gamma), J
    D[n : 2 * n, 1 : n + 1], D[n : 2 * n, 0] = jacobian_times_derivatives(field, x, gamma, v)
    D[n : 2 * n, n + 1 :] = J
    D[2 * n, n + 1 :] = phi
    return D


def polish_real(
    field: FieldApprox, gamma: float, x: Array, v: Array, *, pin: bool = False
) -> tuple[float, Array] | None:
    """(γ, x) with f = 0, J w = 0, vᵀw = 1: a fold. With ``pin`` only J w = 0 along γ, x staying where it is."""
    n = field.n
    v = v / np.linalg.norm(v)

    def correction(u: Array) -> Array:
        D, residual = fold_system_jacobian(field, u, v), fold_system(field, u, v)
        if not pin:
            return np.asarray(np.linalg.solve(D, residual))
        keep = np.r_[0, n + 1 : 2 * n + 1]
        step = np.zeros(2 * n + 1)
        step[keep] = np.linalg.solve(D[n:, keep], residual[n:])
        return step

    u = newton(correction, np.concatenate([[gamma], x, v]))
    return None if u is None else (float(u[0]), u[1 : n + 1])


def newton(correction: Callable[[Array], Array], u: Array) -> Array | None:
    """u ← u − correction(u) until the corrections are at the level of rounding; None: it does not converge."""
    before = math.inf
    for _ in range(15):
        try:
            step = correction(u)
        except np.linalg.LinAlgError:
            return None
        u = u - step
        size, unit = float(np.max(np.abs(step))), 1 + float(np.max(np.abs(u)))
        if not math.isfinite(size) or size > 1e3 * unit:
            return None
        if size <= 1e-15 * unit or (size <= 1e-9 * unit and size >= 0.1 * before):
            return u
        before = size
    return u if before <= 1e-9 * (1 + float(np.max(np.abs(u)))) else None
