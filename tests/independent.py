"""A second computation of Hopf data with mpmath: no jets, no closed form, no proofgen code.

Directional derivatives come from numerical differentiation of f along complex lines and polarisation,
eigenvectors and linear systems from mpmath's dense solvers, at 50 digits (25 or more correct).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mpmath as mp

Vector = list[mp.mpc]
Field = Callable[[Sequence[mp.mpc]], Vector]


@dataclass(frozen=True)
class HopfData:
    """γ, ω, ℓ1 (q^H q = p^H q = 1), the value of the planar formula, and the unstable count."""

    gamma: mp.mpf
    omega: mp.mpf
    ell1: mp.mpf
    planar: mp.mpf
    unstable: int


def derivative_along(f: Field, x: Sequence[mp.mpf], u: Vector, order: int) -> Vector:
    """D^k f(x)[u, …, u]: the k-th derivative of t ↦ f(x + tu) at 0, for any complex u (Cauchy sums)."""
    nodes = 32
    radius = mp.mpf("0.05") / max(1, max(abs(c) for c in u))
    total: Vector = [mp.mpc(0)] * len(x)
    for j in range(nodes):
        t = radius * mp.expjpi(mp.mpf(2) * j / nodes)
        value = f([a + t * b for a, b in zip(x, u, strict=True)])
        weight = mp.expjpi(-mp.mpf(2) * j * order / nodes)
        total = [s + v * weight for s, v in zip(total, value, strict=True)]
    return [mp.factorial(order) * s / (nodes * radius**order) for s in total]


def bilinear(f: Field, x: Sequence[mp.mpf], u: Vector, v: Vector) -> Vector:
    plus = derivative_along(f, x, [a + b for a, b in zip(u, v, strict=True)], 2)
    minus = derivative_along(f, x, [a - b for a, b in zip(u, v, strict=True)], 2)
    return [(a - b) / 4 for a, b in zip(plus, minus, strict=True)]


def trilinear_uuv(f: Field, x: Sequence[mp.mpf], u: Vector, v: Vector) -> Vector:
    plus = derivative_along(f, x, [a + b for a, b in zip(u, v, strict=True)], 3)
    minus = derivative_along(f, x, [a - b for a, b in zip(u, v, strict=True)], 3)
    alone = derivative_along(f, x, v, 3)
    return [(a - b - 2 * c) / 6 for a, b, c in zip(plus, minus, alone, strict=True)]


def hopf_at(f: Field, x: Sequence[mp.mpf], A: mp.matrix, gamma: mp.mpf) -> HopfData:
    """ℓ1 by the n-dimensional formula at an equilibrium x whose Jacobian A has a pair ±iω."""
    n = A.rows
    values, left, right = mp.eig(A, left=True, right=True)
    k = min((k for k in range(n) if mp.im(values[k]) > 0), key=lambda k: abs(mp.re(values[k])))
    omega = mp.im(values[k])
    q = [right[i, k] for i in range(n)]
    norm = mp.sqrt(sum(abs(c) ** 2 for c in q))
    q = [c / norm for c in q]
    pH = [left[k, i] for i in range(n)]  # mpmath's left eigenvectors satisfy left·A = λ left
    scale = sum(a * b for a, b in zip(pH, q, strict=True))
    pH = [c / scale for c in pH]
    q_bar = [mp.conj(c) for c in q]

    def dot(v: Sequence[mp.mpc]) -> mp.mpc:
        return sum(a * b for a, b in zip(pH, v, strict=True))

    def solved(M: mp.matrix, v: Vector) -> Vector:
        solution = mp.lu_solve(M, mp.matrix(v))
        return [solution[i] for i in range(n)]

    B_q_qbar, B_qq = bilinear(f, x, q, q_bar), bilinear(f, x, q, q)
    cubic = dot(trilinear_uuv(f, x, q, q_bar))
    first = dot(bilinear(f, x, q, solved(A.apply(mp.mpc), B_q_qbar)))
    second = dot(bilinear(f, x, q_bar, solved(2j * omega * mp.eye(n) - A, B_qq)))
    ell1 = mp.re(cubic - 2 * first + second) / (2 * omega)
    g20, g11, g21 = dot(B_qq), dot(B_q_qbar), cubic
    planar = mp.re(1j * g20 * g11 + omega * g21) / (2 * omega**2)
    unstable = sum(1 for j in range(n) if abs(mp.re(values[j])) > 1e-20 and mp.re(values[j]) > 0)
    return HopfData(gamma, omega, ell1, planar, unstable)


def zero_branch(
    W: mp.matrix, sigma: Callable[[mp.mpc], mp.mpc], slope: mp.mpf, bias: Sequence[mp.mpf]
) -> list[HopfData]:
    """All Hopf points of x' = σ((W + γI)x + b) on (W + γI)x + b = 0, in increasing γ; slope = σ'(0)."""
    n = W.rows
    found = []
    for value in mp.eig(W)[0]:
        if mp.im(value) <= mp.mpf(10) ** -30:
            continue
        gamma = -mp.re(value)
        W_gamma = W + gamma * mp.eye(n)
        x = mp.lu_solve(W_gamma, -mp.matrix(bias))

        def f(y: Sequence[mp.mpc], M: mp.matrix = W_gamma) -> Vector:
            return [sigma(sum(M[i, j] * y[j] for j in range(n)) + bias[i]) for i in range(n)]

        found.append(hopf_at(f, [x[i] for i in range(n)], slope * W_gamma, gamma))
    return sorted(found, key=lambda point: point.gamma)
