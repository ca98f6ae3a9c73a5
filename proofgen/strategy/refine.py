"""Better witnesses for a point: γ̃, x̃ and the eigenbasis get one more limb from residuals in ball arithmetic. UNTRUSTED.

Only midpoints are used; what comes out is tried by the proof like any other witness. Each pass adds about 50 bits:
Newton-like steps for x̃, a Rayleigh quotient for λ(γ̃), from its distance from the axis or the circle γ̃, then one step
of the eigenbasis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
from flint import acb, arb, arb_mat

from ..approx.field import Array
from ..numbers.balls import current_precision, midpoints_approx
from ..proof.field import FieldBalls
from ..proof.locus import IMAGINARY_AXIS, Locus
from ..proof.resolvent import complex_times
from ..proof.spectrum import block_diagonal
from ..search.eigenbasis import refine_eigenbasis
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs
from .workshop import exact_matrix_of_limbs, exact_vector_of_limbs, point_of_fraction

STEPS = 40  # Newton-like ones at most
MAX_SHIFT = 1e-6  # a larger correction of γ̃, relative to 1 + |γ̃|, is not trusted even here


def refine_point(
    evaluator: FieldBalls, w: LocalWitness, k: int, locus: Locus = IMAGINARY_AXIS
) -> LocalWitness | None:
    """The witness with one more limb, at the working precision in force; None where a step fails."""
    X, Y = exact_matrix_of_limbs(w.basis.X), exact_matrix_of_limbs(w.basis.Y)
    n, m = X.nrows(), w.basis.pairs
    gamma = point_of_fraction(w.gamma)
    x = [arb(0)] * n if w.x is None else exact_vector_of_limbs(w.x)
    slope = np.zeros(n) if w.slope is None else w.slope
    x_limb = np.zeros(n)

    def corrected(gamma: arb, x: list[arb]) -> list[arb]:
        nonlocal x_limb
        if w.x is None:
            return x
        step = _solve_approx(X, Y, w, evaluator.expand(gamma, x, 0).value)
        x_limb = x_limb - step
        return [a - arb(float(b)) for a, b in zip(x, step, strict=True)]

    x = corrected(gamma, corrected(gamma, x))
    e = evaluator.expand(gamma, x, 2)
    A = evaluator.jacobian(e)
    if k < m:
        q = [acb(row[2 * k], row[2 * k + 1]) for row in X.table()]
        top, bottom = (Y.table()[2 * k + i] for i in (0, 1))
        p_bar = [acb(re, -im) / 2 for re, im in zip(top, bottom, strict=True)]
    else:
        q, p_bar = [acb(row[k + m]) for row in X.table()], [acb(y) for y in Y.table()[k + m]]
    pq = _dot(p_bar, q)
    eigenvalue = _dot(p_bar, complex_times(A, q)) / pq
    value = locus.level(eigenvalue)
    turned = evaluator.jacobian_parameter(e, q)
    moving = evaluator.B(e, q, [acb(arb(float(y))) for y in slope])
    speed = locus.speed(eigenvalue, _dot(p_bar, [a + b for a, b in zip(turned, moving, strict=True)]) / pq)
    shift = -float(value.mid()) / float(speed.mid()) if float(speed.mid()) else np.inf
    if not abs(shift) <= MAX_SHIFT * (1 + abs(float(w.gamma))):
        return None
    gamma_new = w.gamma + Fraction(shift)
    gamma = point_of_fraction(gamma_new)
    x = [a + arb(shift * float(b)) for a, b in zip(x, slope, strict=True)]
    x_limb = x_limb + shift * slope
    x = corrected(gamma, x)
    A = evaluator.jacobian(evaluator.expand(gamma, x, 1)).mid()
    basis = refine_basis(A, w.basis)
    if basis is None or not np.all(np.isfinite(x_limb)):
        return None
    return replace(w, gamma=gamma_new, x=None if w.x is None else [*w.x, x_limb], basis=basis)


def refine_basis(A: arb_mat, basis: WitnessLimbs) -> WitnessLimbs | None:
    """The eigenbasis of A with one more limb, at the working precision in force; None where it is not finite."""
    X, Y, n = exact_matrix_of_limbs(basis.X), exact_matrix_of_limbs(basis.Y), A.nrows()
    identity = arb_mat([[arb(int(i == j)) for j in range(n)] for i in range(n)])
    N_minus_D = Y * (A * X) - block_diagonal(exact_matrix_of_limbs(basis.d).table(), basis.pairs)
    return refine_eigenbasis(basis, midpoints_approx(N_minus_D), midpoints_approx(identity - Y * X))


def iterated(u: list[arb], step: Callable[[list[arb]], list[arb]], sizes: Array) -> list[arb]:
    """u ← u − step(u) until the steps are as small as roundings, or no longer become smaller."""
    goal, last = 2.0 ** (8 - current_precision()), math.inf
    for _ in range(STEPS):
        change = [x.mid() for x in step(u)]
        size = max(abs(float(x)) / s for x, s in zip(change, sizes.tolist(), strict=True))
        if not size < last:
            break
        u = [(x - y).mid() for x, y in zip(u, change, strict=True)]
        if size <= goal:
            break
        last = size
    return u


def _solve_approx(X: arb_mat, Y: arb_mat, w: LocalWitness, value: list[arb]) -> Array:
    """XP diag(1/d) P⁻¹Y v, rounded."""
    m, d = w.basis.pairs, np.sum(w.basis.d, axis=0)
    y = midpoints_approx(Y * arb_mat([[v] for v in value]))[:, 0]
    z = np.array(y)
    for a in range(m):
        c = complex(y[2 * a], -y[2 * a + 1]) / complex(d[a, 0], d[a, 1])
        z[2 * a], z[2 * a + 1] = c.real, -c.imag
    z[2 * m :] = y[2 * m :] / d[m:, 0]
    return np.asarray(midpoints_approx(X)) @ z


def _dot(u: list[acb], v: list[acb]) -> acb:
    return sum((a * b for a, b in zip(u, v, strict=True)), acb(0))
