"""Where the orbits go round equilibria that move with γ: functions of θ alone, with the tails of Lemma O1.

f(ȳ, γ̄), A_0y_γ + ∂_γf(ȳ, γ̄), I − CA_0 of MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flint import acb, acb_mat, arb, arb_mat

from ..numbers.balls import largest
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .orbit_grid import Grid, transform
from .orbit_polynomials import PieceWitness, Polynomial
from .orbit_strip import StripField, geometric_tail


@dataclass(frozen=True)
class Equilibrium:
    """At one θ: ȳ, y_γ (n × 1), C, and f, ∂_γf, A = D_xf at (ȳ, γ̄)."""

    y: list[arb]
    y_gamma: arb_mat
    C: arb_mat
    f: list[arb]
    f_gamma: list[acb]
    A: arb_mat


@dataclass(frozen=True)
class MovingNorms:
    """Upper bounds [·] for |Im θ| ≤ ν: T̄g_y and I − CA_0 n × n, f(ȳ, γ̄) and A_0y_γ + ∂_γf n × 1."""

    T_g_y: arb_mat
    f: arb_mat
    slope_defect: arb_mat
    C_defect: arb_mat


def equilibrium_at(field: FieldBalls, witness: PieceWitness, c: Sequence[arb]) -> Equilibrium:
    """c: the cosines of the multiples of θ."""
    if witness.moving is None:
        raise ValueError("a zero branch")
    moving, n = witness.moving, witness.n
    gamma = witness.gamma.value(c)[0, 0].real
    y, y_gamma, C = (_real(q, c) for q in (moving.y, moving.y_gamma, moving.C))
    e = field.expand(gamma, [y[i, 0] for i in range(n)], 1)
    return Equilibrium(
        [y[i, 0] for i in range(n)], y_gamma, C, list(e.value), field.parameter_derivative(e), field.jacobian(e)
    )


def _real(q: Polynomial, c: Sequence[arb]) -> arb_mat:
    value = q.value(c)
    return arb_mat(q.rows, q.columns, [z.real for z in value.entries()])


def moving_norms(
    field: StripField, witness: PieceWitness, grid: Grid, below: Sequence[Equilibrium], T_g_y: arb_mat
) -> MovingNorms:
    """below: at the samples θ_0 … θ_M'."""
    if witness.moving is None:
        raise ValueError("a zero branch")
    n, moving = witness.n, witness.moving
    residual = arb_mat(n, 1, [_largest(e.f[i] for e in below) for i in range(n)])
    identity = arb_mat([[int(i == j) for j in range(n)] for i in range(n)])
    slopes, inverses = [], []
    for e in below:
        slope = acb_mat(e.A * e.y_gamma)
        slopes.append([slope[i, 0] + e.f_gamma[i] for i in range(n)])
        inverses.append(acb_mat(identity - e.C * e.A).entries())
    if grid.theta_strip is None:
        own = [[z.abs_upper() for z in values[0]] for values in (slopes, inverses)]
        return MovingNorms(T_g_y, residual, arb_mat(n, 1, own[0]), arb_mat(n, n, own[1]))
    strip, zero = grid.theta_strip, arb(0)
    found = field.bounds(witness, strip)
    y_dot = _moved(moving.y, strip.eta)
    gamma_dot = _moved(witness.gamma, strip.eta)
    reach = strip.eta + arb.pi() / (2 * grid.over_theta + 1)
    at_strip = residual + (found.M * y_dot + found.m * gamma_dot[0, 0]) * reach
    sizes = [
        at_strip.entries(),
        (found.M * moving.y_gamma.bound(zero, strip.eta) + found.m).entries(),
        (identity + moving.C.bound(zero, strip.eta) * found.M).entries(),
    ]
    tail = 2 * geometric_tail(strip.eta - grid.nu, grid.over_theta)
    samples = [[list(map(acb, e.f)) for e in below], slopes, inverses]
    bounds = [
        [(x + tail * S).upper() for x, S in zip(_weighted(values, grid), size, strict=True)]
        for values, size in zip(samples, sizes, strict=True)
    ]
    if not all(x.is_finite() for row in bounds for x in row):
        raise ProofFailure(FailureCode.NOT_FINITE, "a norm is not finite")
    return MovingNorms(T_g_y, arb_mat(n, 1, bounds[0]), arb_mat(n, 1, bounds[1]), arb_mat(n, n, bounds[2]))


def _moved(q: Polynomial, eta: arb) -> arb_mat:
    """Σ m|c_m|e^{mη}: the derivative by θ."""
    weights = arb_mat([[(eta * m).exp() * m for m in range(q.degree + 1)]])
    return arb_mat(q.rows, q.columns, (weights * q.sizes).entries())


def _weighted(samples: Sequence[Sequence[acb]], grid: Grid) -> list[arb]:
    """Σ_|m|≤M' |G_m|e^{ν|m|} of each entry."""
    coefficients = transform(grid.over_theta) * acb_mat([list(row) for row in samples])
    totals = [arb(0)] * coefficients.ncols()
    for m in range(grid.over_theta + 1):
        weight = (grid.nu * m).exp() * (2 if m else 1)
        totals = [total + weight * coefficients[m, i].abs_upper() for i, total in enumerate(totals)]
    return totals


def _largest(values: Iterable[arb]) -> arb:
    return largest(x.abs_upper() for x in values)
