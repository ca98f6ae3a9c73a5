"""M >= |D_x f| on a complex neighbourhood of a piece of orbits, and the bounds S of Lemma O1 (section 18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from math import lcm
from typing import Protocol

from .elementary import exp_of
from .intervals import Real, hypot_up, up
from .orbit_numbers import Table, Upward, added, scaled
from .orbit_witness import Piece, Strip, identity
from .problem import Problem
from .verdicts import Matrix, Rejected


class OrbitField(Protocol):
    """What is asked of f: `exponent` is e of Theorem O1, `cost` the work of one point."""

    problem: Problem
    exponent: int
    cost: int

    def at(self, gamma: tuple[int, int]) -> Callable[[Table], tuple[Table, Table, Table]]:
        """For gamma = (value, error): from a real x (a column) to f, D_x f and the derivative by gamma."""

    def bounds(self, piece: Piece, strip: Strip) -> tuple[Matrix, Matrix, Matrix]:
        """M >= |D_x f|, m >= |derivative by gamma| and that along the box of weights, on Omega; raises Rejected where f
        is not shown holomorphic."""



def times_amplitude(piece: Piece) -> Table:
    """Coefficients of a v as columns (m, k), m = 0 .. d + 1, by 2 cos(t) cos(mt) = cos((m + 1)t) + cos((m - 1)t)."""
    v, d = piece.v, piece.degree
    unit = lcm(piece.centre.denominator, 2 * piece.half_width.denominator)
    centre, half = int(piece.centre * unit), int(piece.half_width / 2 * unit)
    parts: list[Matrix] = []
    for part in (v.table.re, v.table.im):
        rows = [[0] * len(part[0]) for _ in range(d + 2)]
        for m in range(d + 1):
            for target, factor in ((m, centre), (m + 1, half), (abs(m - 1), half)):
                rows[target] = [x + factor * y for x, y in zip(rows[target], part[m], strict=True)]
        parts.append([[x // unit for x in row] for row in rows])
    err = up((abs(centre) + 3 * half) * v.table.err, unit) + 1
    columns = [[[row[i] for row in part for i in range(j, len(row), v.size)] for j in range(v.size)] for part in parts]
    return Table(columns[0], columns[1], err)


@dataclass
class Reach:
    """How large arguments are on Omega(rho, eta, R, R_gamma): weights e^(rho |k| + eta m), sinh(rho |k| + eta m) of the
    columns of a v, and sinh of those of y, |x_j| <= X, |x_j - y_0,j| <= moved, |gamma - gamma_c| <= D."""

    orbit: Table
    grown: list[int]
    sinh: list[int]
    y: Table | None
    y_sinh: list[int]
    X: Matrix
    moved: Matrix
    D: int


def reach_of(piece: Piece, strip: Strip) -> Reach:
    U, K, d = Upward(piece.F), piece.v.K, piece.degree
    over_theta = [U.exp(strip.eta * strip.eta.of(m)) for m in range(d + 1)]
    D = sum(U.times(w, s[0]) for w, s in list(zip(over_theta, piece.gamma.sizes, strict=True))[1:])
    D += strip.R_gamma.hi + 1  # 1: what gamma_c is rounded by
    grown, sinh = list[int](), list[int]()
    for m in range(d + 2):
        high, odd = weights_of([strip.rho * strip.rho.of(k) + strip.eta * strip.eta.of(m) for k in range(K + 1)])
        grown += [*high[:0:-1], *high]  # of -k as of k
        sinh += [*odd[:0:-1], *odd]
    orbit = times_amplitude(piece)
    X = moved = added(weighted(orbit, grown, U), [[r] for r in strip.R])
    y, y_sinh = None, list[int]()
    if piece.y is not None:
        high, y_sinh = weights_of([strip.eta * strip.eta.of(m) for m in range(d + 1)])
        columns = [[row[j] for row in piece.y.table.re] for j in range(piece.n)]
        y = Table(columns, [[0] * len(row) for row in columns], piece.y.table.err)
        X = added(X, weighted(y, high, U))
        moved = added(moved, weighted(y, [0, *high[1:]], U))
    return Reach(orbit, grown, sinh, y, y_sinh, X, moved, D)


def weights_of(exponents: list[Real]) -> tuple[list[int], list[int]]:
    """e^x and sinh x, rounded up."""
    high = [exp_of(x).hi for x in exponents]
    return high, [max(0, up(e - exp_of(-x).lo, 2)) for e, x in zip(high, exponents, strict=True)]


def weighted(A: Table, weights: list[int], U: Upward) -> Matrix:
    """The sums of the moduli in each row with these weights."""
    sizes = [[hypot_up(abs(x) + A.err, abs(y) + A.err) for x, y in zip(r, s, strict=True)]
             for r, s in zip(A.re, A.im, strict=True)]  # fmt: skip
    return U.product(sizes, [[w] for w in weights])


def strip_bounds(field: OrbitField, piece: Piece, strip: Strip) -> list[int]:
    """S of the entries of U, R_P, F, r_gamma, r_T, and of T g_y where the equilibrium moves."""
    n, F, U = piece.n, piece.F, Upward(piece.F)
    M, *_ = field.bounds(piece, strip)
    zero = strip.rho.of(0)
    T = piece.T.bound(zero, strip.eta)[0][0]
    Lam, B = piece.Lam.bound(zero, strip.eta), piece.B.bound(zero, strip.eta)
    v, Q, P, H = (q.bound(strip.rho, strip.eta) for q in (piece.v, piece.Q, piece.P, piece.H))
    dv, dQ, dH = (q.bound(strip.rho, strip.eta, True) for q in (piece.v, piece.Q, piece.H))
    frame = added(dQ, scaled(U.product(M, Q), T, F), U.product(Q, Lam))
    defect = added(identity(n, 1 << F), U.product(P, Q))
    Mv = U.product(M, v)
    residual = added(dv, scaled(Mv, T, F))
    critical = [*B, *([[0, 0]] * (n - 2))]
    r = added(dH, scaled(U.product(M, H), T, F), U.product(Q, critical))
    second, moving = U.over(U.one, strip.R_gamma.lo), list[int]()
    if piece.y_gamma is not None:
        slopes = piece.y_gamma.bound(zero, strip.eta)
        second += sum(U.over(slopes[k][0], strip.R_least[k]) for k in range(n))
        moving = [U.over(U.times(T, Mv[i][0]), strip.R_least[k]) for i in range(n) for k in range(n)]
    r_gamma = [r[i][0] + U.times(T, Mv[i][0], second) for i in range(n)]
    r_T = [r[i][1] + Mv[i][0] for i in range(n)]
    return [*chain.from_iterable(frame), *chain.from_iterable(defect), *(x for x, in residual), *r_gamma, *r_T,
            *moving]


def geometric(r: Real) -> tuple[Real, Real]:
    """q = e^-r and 1 - q, for r > 0."""
    q = exp_of(-r)
    rest = r.of(1) - q
    if rest.lo <= 0:
        raise Rejected("a strip of width 0")
    return q, rest


def geometric_sum(r: Real) -> int:
    """c(r), rounded up."""
    q, rest = geometric(r)
    return ((r.of(1) + q) / rest).hi


def geometric_tail(r: Real, K: int) -> int:
    """t(r, K), rounded up."""
    _, rest = geometric(r)
    return (r.of(2) * exp_of(-(r * r.of(K + 1))) / rest).hi


