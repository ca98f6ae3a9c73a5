"""Where the orbits go round equilibria that move with gamma: functions of theta alone (section 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .intervals import up
from .orbit_numbers import ROOT_ERROR, Polynomial, Table, Upward, added, product, scaled
from .orbit_strip import OrbitField, geometric_tail
from .orbit_tables import difference, real_table, real_times, total
from .orbit_witness import Piece, identity
from .series import pi_for
from .verdicts import Matrix, Rejected


@dataclass
class Equilibrium:
    """At one theta: y, y_gamma, C (real), and f, its derivative by gamma, A = D_x f at (y, gamma)."""

    y: Table
    y_gamma: Table
    C: Table
    f: Table
    f_gamma: Table
    A: Table


@dataclass
class MovingNorms:
    """Upper bounds of T g_y, f(y), A y_gamma + f_gamma, I - C A for |Im theta| <= nu, in units of 2^-F."""

    T_g_y: Matrix
    f: Matrix
    slope_defect: Matrix
    C_defect: Matrix


def equilibrium_at(field: OrbitField, piece: Piece, cosines: Table) -> Equilibrium:
    y, y_gamma, C = (real_at(q, cosines) for q in (piece.y, piece.y_gamma, piece.C))
    gamma = piece.gamma.at(cosines)
    f, A, f_gamma = field.at((gamma.re[0][0], gamma.err))(y)
    return Equilibrium(y, y_gamma, C, f, f_gamma, A)


def real_at(q: Polynomial | None, cosines: Table) -> Table:
    """A polynomial without tau with real coefficients."""
    if q is None:
        raise Rejected("a witness without y, y_gamma or C")
    value = q.at(cosines).row(0, q.columns)
    return real_table(value.re, value.err)


def transform_of(over_theta: Sequence[tuple[int, int]]) -> tuple[Matrix, int]:
    """From samples at theta_0 .. theta_M' of an even function to its coefficients; the error of each entry."""
    N, half = len(over_theta), len(over_theta) // 2 + 1
    rows = [[(2 if j else 1) * over_theta[j * m % N][0] // N for j in range(half)] for m in range(half)]
    return rows, up(2 * ROOT_ERROR, N) + 1


def moving_norms(field: OrbitField, piece: Piece, over_theta: Sequence[tuple[int, int]], below: list[Equilibrium],
                 T_g_y: Matrix) -> MovingNorms:  # fmt: skip
    n, F, U, nu = piece.n, piece.F, Upward(piece.F), piece.nu
    one = real_table(identity(n, 1 << F), 0)
    residual = [[max(abs(e.f.re[i][0]) + e.f.err for e in below)] for i in range(n)]
    slopes = [total(real_times(e.A, e.y_gamma, F), e.f_gamma) for e in below]
    inverses = [difference(one, product(field.problem, e.C, e.A, F)) for e in below]
    samples = [[e.f for e in below], slopes, inverses]
    strip = piece.theta_strip
    if strip is None:
        own = [[[abs(x) + A.err for x in row] for row in A.re] for A in (slopes[0], inverses[0])]
        return MovingNorms(T_g_y, residual, own[0], own[1])
    zero = strip.rho.of(0)
    M, m, _ = field.bounds(piece, strip)
    assert piece.y is not None and piece.y_gamma is not None and piece.C is not None
    y_dot, gamma_dot = moved(piece.y, piece, U), moved(piece.gamma, piece, U)[0][0]
    reach = strip.eta.hi + up((pi_for(strip.eta.of(1))).hi, len(over_theta))
    change = added(U.product(M, y_dot), scaled(m, gamma_dot, F))
    sizes = [
        added(residual, scaled(change, reach, F)),
        added(U.product(M, piece.y_gamma.bound(zero, strip.eta)), m),
        added(identity(n, 1 << F), U.product(piece.C.bound(zero, strip.eta), M)),
    ]
    tail = 2 * geometric_tail(strip.eta - nu, piece.over_theta)
    weights = [U.exp(nu * nu.of(k)) * (2 if k else 1) for k in range(piece.over_theta + 1)]
    transform, e_row = transform_of(over_theta)
    bounds = []
    for values, size in zip(samples, sizes, strict=True):
        flat = [[x for row in value.re for x in row] for value in values]
        found = product(field.problem, real_table(transform, e_row),
                        real_table(flat, max(value.err for value in values)), F)  # fmt: skip
        width = len(size[0])
        sums = [sum(U.times(w, abs(row[i]) + found.err) for w, row in zip(weights, found.re, strict=True))
                for i in range(n * width)]  # fmt: skip
        bounds.append([[sums[i * width + k] + U.times(tail, size[i][k]) for k in range(width)] for i in range(n)])
    return MovingNorms(T_g_y, *bounds)


def moved(q: Polynomial, piece: Piece, U: Upward) -> Matrix:
    """sum m |c_m| e^(m eta): the derivative by theta on the strip."""
    strip = piece.theta_strip
    assert strip is not None
    weights = [k * U.exp(strip.eta * strip.eta.of(k)) for k in range(q.degree + 1)]
    return [[sum(U.times(w, sizes[i]) for w, sizes in zip(weights, q.sizes, strict=True))] for i in range(q.size)]
