"""M >= |D_x f| on a complex neighbourhood of a piece of orbits, and the bounds S of Lemma O1 (section 18)."""

from __future__ import annotations

from itertools import chain
from math import lcm

from .elementary import cos_sin_of, exp_of
from .intervals import Real, hypot_up, up
from .network_problem import Layer, NetworkProblem
from .orbit_numbers import Table, Upward, added, product, scaled
from .orbit_witness import Piece, Strip, identity
from .series import pi_for
from .verdicts import Matrix, Rejected, Undecided


def slope_bound(name: str, Y: int, F: int) -> int:
    """sup |sigma'| on |Im z| <= Y, rounded up."""
    y, one, U = Real(Y, Y, F), Real(1 << F, 1 << F, F), Upward(F)
    pole = {"tanh": pi_for(one).lo >> 1, "logistic": pi_for(one).lo, "arctan": one.lo}.get(name)
    if pole is not None and pole <= Y:
        raise Rejected("a complex neighbourhood of the orbit reaches a pole of sigma")
    match name:
        case "tanh" | "logistic":
            c, _ = cos_sin_of(y if name == "tanh" else y.over(2))
            square = c.lo * c.lo >> F if c.lo > 0 else 0
            return U.over(1 << F, square if name == "tanh" else 4 * square)
        case "arctan":
            return U.over(1 << F, (1 << F) - U.times(Y, Y))
        case "sin":
            return up(exp_of(y).hi + exp_of(-y).hi, 2)
        case "erf":
            return (one.of(2) * exp_of(y * y) / pi_for(one).sqrt()).hi
        case "identity":
            return 1 << F
    raise Undecided("this checker has no bound of the activation in the complex plane")


def fixed_matrix(A: Matrix, unit: int, F: int) -> Table:
    zero = [[0] * len(A[0]) for _ in A]
    return Table([[(x << F) // unit for x in row] for row in A], zero, 1)


def weights_at(layer: Layer, gamma: tuple[int, int], F: int) -> Table:
    """W^0 + gamma E for gamma = (value, error)."""
    W = fixed_matrix(layer.W, layer.W_unit, F)
    if layer.E is None:
        return W
    E = fixed_matrix(layer.E, layer.E_unit, F)
    c, e = gamma
    most = max(abs(x) for row in E.re for x in row)
    err = (abs(c) + most * e + e >> F) + 3
    re = [[x + (c * y >> F) for x, y in zip(r, s, strict=True)] for r, s in zip(W.re, E.re, strict=True)]
    return Table(re, W.im, err)


def upper(A: Table) -> Matrix:
    """|A| of a real matrix."""
    return [[abs(x) + A.err for x in row] for row in A.re]


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


def jacobian_bound(problem: NetworkProblem, piece: Piece, strip: Strip) -> Matrix:
    """M on Omega(rho, eta, R, R_gamma), y = 0; raises Rejected where f is not shown to be holomorphic."""
    F, U = piece.F, Upward(piece.F)
    K, d = piece.v.K, piece.degree
    gamma = piece.gamma.table.re[0][0], 1
    over_theta = [U.exp(strip.eta * strip.eta.of(m)) for m in range(d + 1)]
    D = sum(U.times(w, s[0]) for w, s in list(zip(over_theta, piece.gamma.sizes, strict=True))[1:])
    D += strip.R_gamma.hi + 1  # 1: what gamma_c is rounded by
    orbit = times_amplitude(piece)
    grown, sinh = list[int](), list[int]()
    for m in range(d + 2):
        exponents = [strip.rho * strip.rho.of(k) + strip.eta * strip.eta.of(m) for k in range(K + 1)]
        high = [exp_of(x).hi for x in exponents]
        odd = [max(0, up(e - exp_of(-x).lo, 2)) for e, x in zip(high, exponents, strict=True)]
        grown += [*high[:0:-1], *high]  # of -k as of k
        sinh += [*odd[:0:-1], *odd]

    def sums(A: Table, weights: list[int]) -> Matrix:
        sizes = [[hypot_up(abs(x) + A.err, abs(y) + A.err) for x, y in zip(r, s, strict=True)]
                 for r, s in zip(A.re, A.im, strict=True)]  # fmt: skip
        return U.product(sizes, [[w] for w in weights])

    R = [[r] for r in strip.R]
    X = added(sums(orbit, grown), R)
    J: Matrix | None = None
    imaginary: Matrix | None = None
    for layer in problem.layers:
        W = weights_at(layer, gamma, F)
        sizes = upper(W)
        if imaginary is None:
            Y = added(sums(product(problem, W, orbit, F), sinh), U.product(sizes, R))
        else:
            Y = U.product(sizes, imaginary)
        large = sizes
        if layer.E is not None:
            entering = scaled(upper(fixed_matrix(layer.E, layer.E_unit, F)), D, F)
            Y, large = added(Y, U.product(entering, X)), added(sizes, entering)
        s = [slope_bound(layer.activation, y, F) for y, in Y]
        product_so_far = large if J is None else U.product(large, J)
        J = [[U.times(a, x) for x in row] for a, row in zip(s, product_so_far, strict=True)]
        imaginary = [[U.times(a, y)] for a, (y,) in zip(s, Y, strict=True)]
        X = [[U.times(a, x)] for a, (x,) in zip(s, U.product(large, X), strict=True)]  # sigma(0) = 0, b = 0
    assert J is not None
    return [[x + (up(abs(problem.leak[i]).numerator << F, problem.leak[i].denominator) if i == j else 0)
             for j, x in enumerate(row)] for i, row in enumerate(J)]  # fmt: skip


def strip_bounds(problem: NetworkProblem, piece: Piece, strip: Strip) -> list[int]:
    """S of the entries of U, R_P, F, r_gamma, r_T."""
    n, F, U = piece.n, piece.F, Upward(piece.F)
    M = jacobian_bound(problem, piece, strip)
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
    r_gamma = [r[i][0] + U.over(U.times(T, Mv[i][0]), strip.R_gamma.lo) for i in range(n)]
    r_T = [r[i][1] + Mv[i][0] for i in range(n)]
    return [*chain.from_iterable(frame), *chain.from_iterable(defect), *(x for x, in residual), *r_gamma, *r_T]


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


