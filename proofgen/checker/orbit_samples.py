"""Norms of U, R_P, F, r_gamma, r_T from samples (Lemma O1), and of functions of theta alone (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from .activations import sigma_over
from .budget import OPERATION, bytes_of, digits_in
from .intervals import Real, hypot_up, up
from .network_problem import NetworkProblem
from .orbit_numbers import ROOT_ERROR, Polynomial, Table, Upward, cosines_at, exponentials, product, turns
from .orbit_strip import fixed_matrix, geometric_sum, geometric_tail, strip_bounds, weights_at
from .orbit_witness import Piece, identity
from .products import added, small_product
from .verdicts import Matrix, Rejected


@dataclass
class Norms:
    """Upper bounds for |Im theta| <= nu, in units of 2^-F."""

    U: Matrix
    R_P: Matrix
    F: Matrix
    r_gamma: Matrix
    r_T: Matrix
    S_defect: Matrix
    amplitude: tuple[int, int]


def tails(problem: NetworkProblem, piece: Piece) -> list[int]:
    """What Lemma O1 adds to each function."""
    U, tau, theta, nu = Upward(piece.F), piece.tau_strip, piece.theta_strip, piece.nu
    if piece.single:
        if theta is not None or nu.hi or tau.eta.hi:
            raise Rejected("one orbit has one strip, without theta")
        factor = 2 * geometric_tail(tau.rho, piece.over_tau)
        return [U.times(factor, x) for x in strip_bounds(problem, piece, tau)]
    if theta is None or min((tau.eta - nu).lo, (theta.eta - nu).lo, theta.rho.lo) <= 0:
        raise Rejected("the strips are not wider than nu")
    first = 2 * U.times(geometric_sum(tau.eta - nu), geometric_tail(tau.rho, piece.over_tau))
    second = 2 * U.times(geometric_sum(theta.rho), geometric_tail(theta.eta - nu, piece.over_theta))
    both = zip(strip_bounds(problem, piece, tau), strip_bounds(problem, piece, theta), strict=True)
    return [U.times(first, x) + U.times(second, y) for x, y in both]


def field_at(problem: NetworkProblem, W: list[Table], E: list[Table | None], x: Table,
             F: int) -> tuple[Table, Table, Table]:  # fmt: skip
    """f, D_x f and the derivative by gamma at a real x (a column), b = 0."""
    h, J, hg = x.re, None, None
    e_h, e_J, e_g = x.err, 0, 0
    for layer, w, entering in zip(problem.layers, W, E, strict=True):
        z, e_z = real_product(w.re, w.err, h, e_h, F)
        jets = [sigma_over(layer.activation, Real(y - e_z, y + e_z, F), problem.budget.spend) for (y,) in z]
        value, slope = ([(jet[k].lo + jet[k].hi) >> 1 for jet in jets] for k in (0, 1))
        e_value, e_slope = (max((jet[k].hi - jet[k].lo + 3) >> 1 for jet in jets) for k in (0, 1))
        Z, e_Z = (w.re, w.err) if J is None else real_product(w.re, w.err, J, e_J, F)
        zg: Matrix | None = None
        e_zg = 0
        if hg is not None:
            zg, e_zg = real_product(w.re, w.err, hg, e_g, F)
        if entering is not None:
            more, e_more = real_product(entering.re, entering.err, h, e_h, F)
            zg = more if zg is None else [[a + b] for (a,), (b,) in zip(zg, more, strict=True)]
            e_zg += e_more
        J, e_J = rows_scaled(slope, e_slope, Z, e_Z, F)
        if zg is not None:
            hg, e_g = rows_scaled(slope, e_slope, zg, e_zg, F)
        h, e_h = [[v] for v in value], e_value
    assert J is not None
    if hg is None:
        raise Rejected("gamma enters no layer")
    leak = [(d.numerator << F) // d.denominator for d in problem.leak]
    e_x = max(abs(v) for v, in x.re) + x.err
    f = [[a - (d * b >> F)] for (a,), d, (b,) in zip(h, leak, x.re, strict=True)]
    e_f = e_h + (max(map(abs, leak), default=0) * x.err + e_x >> F) + 3
    J = [[a - (leak[i] if i == j else 0) for j, a in enumerate(row)] for i, row in enumerate(J)]
    return real_table(f, e_f), real_table(J, e_J + 1), real_table(hg, e_g)


def real_table(A: Matrix, err: int) -> Table:
    return Table(A, [[0] * len(A[0]) for _ in A], err)


def real_product(A: Matrix, e: int, B: Matrix, t: int, F: int) -> tuple[Matrix, int]:
    rows, columns = max(sum(map(abs, r)) for r in A), max(sum(map(abs, c)) for c in zip(*B, strict=True))
    return [[x >> F for x in r] for r in small_product(A, B)], (rows * t + columns * e + len(B) * e * t >> F) + 2


def rows_scaled(s: list[int], e: int, A: Matrix, t: int, F: int) -> tuple[Matrix, int]:
    most, size = max(map(abs, s)), max(abs(x) for row in A for x in row)
    return [[a * x >> F for x in row] for a, row in zip(s, A, strict=True)], (most * t + size * e + e * t >> F) + 2


def divided(A: Table, a: int, e: int, F: int) -> Table:
    """A real table over a number within e of a != 0."""
    least = abs(a) - e
    if least <= 0:
        raise Rejected("the amplitude 0 is a sample")
    size = max(abs(x) for row in A.re for x in row)
    err = up((A.err << F) + (up(size << F, abs(a)) + 1) * e, least) + 2
    return Table([[(x << F) // a for x in row] for row in A.re], A.im, err)


def difference(A: Table, B: Table) -> Table:
    return total(A, B, -1)


def total(A: Table, B: Table, factor: int = 1) -> Table:
    """A + factor B, for a factor 1 or -1."""
    re, im = (added(p, q, factor) for p, q in ((A.re, B.re), (A.im, B.im)))
    return Table(re, im, A.err + B.err)


def real_times(A: Table, B: Table, F: int) -> Table:
    """A real, B complex."""
    re, err = real_product(A.re, A.err, B.re, B.err, F)
    im, other = real_product(A.re, A.err, B.im, B.err, F)
    return Table(re, im, max(err, other))


def number_times(c: int, e: int, B: Table, F: int) -> Table:
    """A real number within e of c, times B."""
    size = max(abs(x) for part in (B.re, B.im) for row in part for x in row)
    err = (abs(c) * B.err + size * e + e * B.err >> F) + 2
    re, im = ([[c * x >> F for x in row] for row in part] for part in (B.re, B.im))
    return Table(re, im, err)


def sampled(problem: NetworkProblem, q: Polynomial, cosines: Table, E: Table, F: int) -> tuple[Table, Table]:
    """Values and derivatives by tau: a row for each tau_j."""
    at, K = q.at(cosines), q.K
    k = range(-K, K + 1)
    slopes = Table([[-i * y for y in row] for i, row in zip(k, at.im, strict=True)],
                   [[i * x for x in row] for i, row in zip(k, at.re, strict=True)], max(K, 1) * at.err)  # fmt: skip
    return product(problem, E, at, F), product(problem, E, slopes, F)


def samples_at(problem: NetworkProblem, piece: Piece, cosines: Table,
               tables: dict[int, Table]) -> tuple[Matrix, Matrix, int]:  # fmt: skip
    """The entries of all functions at one theta: for every tau_j one row of real, one of imaginary parts, the error."""
    n, F = piece.n, piece.F
    unit = piece.centre.denominator * piece.half_width.denominator
    centre, half = int(piece.centre * unit), int(piece.half_width * unit)
    a, e_a = ((centre << F) + half * cosines.re[0][1]) // unit, up(half * cosines.err, unit) + 1
    gamma, T = piece.gamma.at(cosines), piece.T.at(cosines)
    t, e_t = T.re[0][0], T.err
    W = [weights_at(layer, (gamma.re[0][0], gamma.err), F) for layer in problem.layers]
    E = [None if layer.E is None else fixed_matrix(layer.E, layer.E_unit, F) for layer in problem.layers]
    Lam, B = piece.Lam.at(cosines).row(0, n), piece.B.at(cosines).row(0, 2)
    critical = Table([*B.re, *([[0, 0]] * (n - 2))], [*B.im, *([[0, 0]] * (n - 2))], B.err)
    (v, dv), (Q, dQ), (H, dH) = (sampled(problem, q, cosines, tables[q.K], F) for q in (piece.v, piece.Q, piece.H))
    P = product(problem, tables[piece.P.K], piece.P.at(cosines), F)
    one = real_table(identity(n, 1 << F), 0)
    real, imaginary, worst = list[list[int]](), list[list[int]](), 0
    for j in range(len(v.re)):
        x = number_times(a, e_a, real_table([[y] for y in v.re[j]], v.err), F)
        f, J, f_gamma = field_at(problem, W, E, x, F)
        g, g_gamma = divided(f, a, e_a, F), divided(f_gamma, a, e_a, F)
        TM = number_times(t, e_t, J, F)
        Qj, Hj = Q.row(j, n), H.row(j, 2)
        frame = total(difference(dQ.row(j, n), real_times(TM, Qj, F)), product(problem, Qj, Lam, F))
        defect = difference(one, product(problem, P.row(j, n), Qj, F))
        residual = difference(dv.row(j, 1), number_times(t, e_t, g, F))
        r = difference(difference(dH.row(j, 2), real_times(TM, Hj, F)), product(problem, Qj, critical, F))
        by_gamma = difference(column(r, 0), number_times(t, e_t, g_gamma, F))
        by_T = difference(column(r, 1), g)
        parts = (frame, defect, residual, by_gamma, by_T)
        real.append(list(chain.from_iterable(chain.from_iterable(part.re for part in parts))))
        imaginary.append(list(chain.from_iterable(chain.from_iterable(part.im for part in parts))))
        worst = max(worst, *(part.err for part in parts))
    return real, imaginary, worst


def column(A: Table, j: int) -> Table:
    return Table([[row[j]] for row in A.re], [[row[j]] for row in A.im], A.err)


def norms_of(problem: NetworkProblem, piece: Piece) -> Norms:
    n, F, N, N_theta = piece.n, piece.F, 2 * piece.over_tau + 1, 2 * piece.over_theta + 1
    modes = 2 * max(q.K for q in (piece.v, piece.Q, piece.P, piece.H)) + 1
    count = N * (piece.over_theta + 1)
    problem.budget.spend(count * (n**2 * modes // 20 + 30 * n**2 + 12 * n**3) * (OPERATION // 3 + digits_in(F) ** 2))
    problem.budget.fits(bytes_of(4 * count * (2 * n * n + 3 * n), 2 * F))
    between = tails(problem, piece)
    over_tau, over_theta = turns(N, F), turns(N_theta, F)
    tables = {K: exponentials(over_tau, K) for K in {q.K for q in (piece.v, piece.Q, piece.P, piece.H)}}
    re, im, err = list[list[int]](), list[list[int]](), 0  # a row for each theta
    for j in range(piece.over_theta + 1):
        real, imaginary, worst = samples_at(problem, piece, cosines_at(over_theta, j, max(piece.degree, 1)), tables)
        re.append(list(chain.from_iterable(real)))
        im.append(list(chain.from_iterable(imaginary)))
        err = max(err, worst)
    size, U = len(between), Upward(F)
    transform = [[(2 if j else 1) * over_theta[j * m % N_theta][0] // N_theta for j in range(piece.over_theta + 1)]
                 for m in range(piece.over_theta + 1)]  # fmt: skip
    e_row = up(2 * ROOT_ERROR, N_theta) + 1
    columns = max(sum(abs(row[i]) for row in part) for part in (re, im) for i in range(len(re[0])))
    rows = max(sum(map(abs, row)) for row in transform)
    e = (rows * err + columns * e_row + len(transform) * err * e_row >> F) + 2
    totals = [0] * size
    for m, (x, y) in enumerate(zip(problem.product(transform, re), problem.product(transform, im), strict=True)):
        weight = U.exp(piece.nu * piece.nu.of(m)) * (2 if m else 1)
        largest = [(abs(z) >> F) + 1 + e for z in chain(x, y)]
        for i in range(size):
            squares = sum(z * z for z in largest[i::size])
            totals[i] += U.times(weight, U.sqrt(squares))
    bounds = [a + b for a, b in zip(totals, between, strict=True)]

    def block(first: int, width: int) -> Matrix:
        return [bounds[first + i * width : first + (i + 1) * width] for i in range(n)]

    square = n * n
    return Norms(block(0, n), block(square, n), block(2 * square, 1), block(2 * square + n, 1),
                 block(2 * square + 2 * n, 1), defect_of_inverse(problem, piece),
                 (amplitude_defect(problem, piece, 1), amplitude_defect(problem, piece, -1)))  # fmt: skip


# --- functions of theta alone ---


def row_times(problem: NetworkProblem, piece: Piece, q: Polynomial, m: int, k: int) -> Table:
    """p^H c_km for k = 1, its conjugate p^T c_km for k = -1."""
    p = piece.p if k == 1 else Table(piece.p.re, [[-y for y in piece.p.im[0]]], piece.p.err)
    return product(problem, p, q.coefficient(m, k), piece.F)


def defect_of_inverse(problem: NetworkProblem, piece: Piece) -> Matrix:
    """[I - V S], S = [[-Lam_c, B], [l(Q_c), l(H)]], by 2 cos(a) cos(b) = cos(a + b) + cos(a - b)."""
    F, d, U = piece.F, piece.degree, Upward(piece.F)
    zero = real_table([[0] * 4 for _ in range(4)], 0)
    twice = [zero] * (2 * d + 1)
    systems = []
    for m in range(d + 1):
        Lam, B = piece.Lam.coefficient(m, 0), piece.B.coefficient(m, 0)
        below = [(row_times(problem, piece, piece.Q, m, k), row_times(problem, piece, piece.H, m, k)) for k in (1, -1)]
        parts = []
        for part in ("re", "im"):
            top = [[-x for x in getattr(Lam, part)[i][:2]] + getattr(B, part)[i] for i in range(2)]
            parts.append(top + [getattr(q, part)[0][:2] + getattr(h, part)[0] for q, h in below])
        systems.append(Table(parts[0], parts[1], max(Lam.err, B.err, *(x.err for pair in below for x in pair))))
    for i in range(d + 1):
        for m in range(d + 1):
            term = product(problem, piece.V.coefficient(i, 0), systems[m], F)
            for target in (i + m, abs(i - m)):
                twice[target] = total(twice[target], term)
    twice[0] = difference(real_table(identity(4, 2 << F), 0), twice[0])
    result = [[0] * 4 for _ in range(4)]
    for m, A in enumerate(twice):
        weight = U.exp(piece.nu * piece.nu.of(m))
        for i in range(4):
            for j in range(4):
                result[i][j] += up(U.times(weight, abs(A.re[i][j]) + abs(A.im[i][j]) + 2 * A.err), 2)
    return result


def amplitude_defect(problem: NetworkProblem, piece: Piece, k: int) -> int:
    """sum_m |p^+- c_+-1,m - delta_m0| e^(nu m)."""
    U, result = Upward(piece.F), 0
    for m in range(piece.degree + 1):
        z = row_times(problem, piece, piece.v, m, k)
        x, y = z.re[0][0] - ((1 << piece.F) if m == 0 else 0), z.im[0][0]
        result += U.times(U.exp(piece.nu * Real(0, 0, piece.F).of(m)), hypot_up(x, y) + 2 * z.err)
    return result
