"""Norms of U, R_P, F, r_gamma, r_T from samples (Lemma O1), and of functions of theta alone (section 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from .budget import OPERATION, bytes_of, digits_in, size_of
from .intervals import Real, hypot_up, up
from .orbit_equilibria import Equilibrium, MovingNorms, equilibrium_at, moving_norms, transform_of
from .orbit_numbers import Polynomial, Table, Upward, Waves, cosines_at, product, turns, waves
from .orbit_strip import OrbitField, geometric_sum, geometric_tail, strip_bounds
from .orbit_tables import difference, divided, number_times, real_table, real_times, total
from .orbit_witness import Piece, identity
from .problem import Problem
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
    moving: MovingNorms | None


def tails(field: OrbitField, piece: Piece) -> list[int]:
    """What Lemma O1 adds to each function."""
    U, tau, theta, nu = Upward(piece.F), piece.tau_strip, piece.theta_strip, piece.nu
    if piece.single:
        if theta is not None or nu.hi or tau.eta.hi:
            raise Rejected("one orbit has one strip, without theta")
        factor = 2 * geometric_tail(tau.rho, piece.over_tau)
        return [U.times(factor, x) for x in strip_bounds(field, piece, tau)]
    if theta is None or min((tau.eta - nu).lo, (theta.eta - nu).lo, theta.rho.lo) <= 0:
        raise Rejected("the strips are not wider than nu")
    first = 2 * U.times(geometric_sum(tau.eta - nu), geometric_tail(tau.rho, piece.over_tau))
    second = 2 * U.times(geometric_sum(theta.rho), geometric_tail(theta.eta - nu, piece.over_theta))
    both = zip(strip_bounds(field, piece, tau), strip_bounds(field, piece, theta), strict=True)
    return [U.times(first, x) + U.times(second, y) for x, y in both]


def sampled(problem: Problem, q: Polynomial, cosines: Table, known: Waves, entries: Sequence[int], slopes: bool,
            F: int) -> list[Table]:  # fmt: skip
    """Values, then derivatives by tau where they are asked for, of these entries: a row for each tau_j. Those of tau_j
    and of -tau_j = tau_(N-j) are two sums of an even and an odd part."""
    at, K, width = q.at(cosines), q.K, len(entries)
    re, im = ([[row[i] for i in entries] for row in part] for part in (at.re, at.im))
    parts, err = [[*x, *y] for x, y in zip(re, im, strict=True)], at.err
    if slopes:
        parts = [[*row, *(-k * y for y in y_row), *(k * x for x in x_row)]
                 for k, row, x_row, y_row in zip(range(-K, K + 1), parts, re, im, strict=True)]  # fmt: skip
        err *= max(K, 1)
    even, odd, e = known.sums(problem, parts, err, F)  # of c_k e^(ik tau): even + i odd

    def table(first: int) -> Table:
        x, y = slice(first, first + width), slice(first + width, first + 2 * width)
        real, imaginary = list[list[int]](), list[list[int]]()
        pairs = list(zip(even, odd, strict=True))
        for sign, half in ((1, pairs), (-1, pairs[:0:-1])):
            for p, q in half:  # (a + ib) + sign i (c + id)
                real.append([a - sign * d for a, d in zip(p[x], q[y], strict=True)])
                imaginary.append([b + sign * c for b, c in zip(p[y], q[x], strict=True)])
        return Table(real, imaginary, 2 * e)

    return [table(first) for first in range(0, len(parts[0]), 2 * width)]


@dataclass
class Columns:
    """Of Q (and rows of P) one of each conjugate pair, where conj Q = Q Pi and conj P = Pi P exactly, else all; place:
    for every column which of them it is, or is conjugate to."""

    kept: list[int]
    place: list[tuple[int, bool]]


def columns_of(piece: Piece) -> Columns:
    n, s = piece.n, piece.partner
    if not (piece.symmetric and piece.symmetric_inverse):
        return Columns(list(range(n)), [(j, False) for j in range(n)])
    kept = [j for j in range(n) if j <= s[j]]
    return Columns(kept, [(kept.index(min(j, s[j])), j > s[j]) for j in range(n)])


def completed(A: Table, columns: Columns) -> Table:
    """All columns from those that are kept."""
    re = [[row[k] for k, _ in columns.place] for row in A.re]
    im = [[-row[k] if other else row[k] for k, other in columns.place] for row in A.im]
    return Table(re, im, A.err)


def picked(A: Table, columns: Sequence[int]) -> Table:
    re, im = ([[row[j] for j in columns] for row in part] for part in (A.re, A.im))
    return Table(re, im, A.err)


def samples_at(field: OrbitField, piece: Piece, columns: Columns, cosines: Table, tables: dict[int, Waves],
               below: Equilibrium | None) -> tuple[Matrix, Matrix, int]:  # fmt: skip
    """The entries of all functions at one theta: for every tau_j one row of real, one of imaginary parts, the error; of
    U the columns and of R_P the rows that are kept."""
    n, F, problem = piece.n, piece.F, field.problem
    unit = piece.centre.denominator * piece.half_width.denominator
    centre, half = int(piece.centre * unit), int(piece.half_width * unit)
    a, e_a = ((centre << F) + half * cosines.re[0][1]) // unit, up(half * cosines.err, unit) + 1
    gamma, T = piece.gamma.at(cosines), piece.T.at(cosines)
    t, e_t = T.re[0][0], T.err
    evaluate = field.at((gamma.re[0][0], gamma.err))
    Lam, B = piece.Lam.at(cosines).row(0, n), piece.B.at(cosines).row(0, 2)
    critical = Table([*B.re, *([[0, 0]] * (n - 2))], [*B.im, *([[0, 0]] * (n - 2))], B.err)
    kept, width = columns.kept, len(columns.kept)
    of_Q, of_P = [i * n + j for i in range(n) for j in kept], [i * n + j for i in kept for j in range(n)]
    (v, dv), (Q, dQ), (H, dH), (P,) = (
        sampled(problem, q, cosines, tables[q.K], entries, q is not piece.P, F)
        for q, entries in ((piece.v, range(n)), (piece.Q, of_Q), (piece.H, range(2 * n)), (piece.P, of_P)))
    one = real_table([identity(n, 1 << F)[i] for i in kept], 0)
    kept_of_Lam = picked(Lam, kept)
    real, imaginary, worst = list[list[int]](), list[list[int]](), 0
    for j in range(len(v.re)):
        x = number_times(a, e_a, real_table([[y] for y in v.re[j]], v.err), F)
        moved: list[Table] = []
        if below is None:
            f, J, f_gamma = evaluate(x)
            g, g_gamma = divided(f, a, e_a, F), divided(f_gamma, a, e_a, F)
        else:
            f, J, f_gamma = evaluate(total(x, below.y))
            g, g_gamma, g_y = (divided(difference(p, q), a, e_a, F) for p, q in
                               ((f, below.f), (f_gamma, below.f_gamma), (J, below.A)))  # fmt: skip
            g_gamma = total(g_gamma, real_times(g_y, below.y_gamma, F))
            moved = [number_times(t, e_t, g_y, F)]
        TM = number_times(t, e_t, J, F)
        Qk, Hj = Q.row(j, width), H.row(j, 2)
        Qj = completed(Qk, columns)
        frame = total(difference(dQ.row(j, width), real_times(TM, Qk, F)), product(problem, Qj, kept_of_Lam, F))
        defect = difference(one, product(problem, P.row(j, n), Qj, F))
        residual = difference(dv.row(j, 1), number_times(t, e_t, g, F))
        r = difference(difference(dH.row(j, 2), real_times(TM, Hj, F)), product(problem, Qj, critical, F))
        by_gamma = difference(column(r, 0), number_times(t, e_t, g_gamma, F))
        by_T = difference(column(r, 1), g)
        parts = (frame, defect, residual, by_gamma, by_T, *moved)
        real.append(list(chain.from_iterable(chain.from_iterable(part.re for part in parts))))
        imaginary.append(list(chain.from_iterable(chain.from_iterable(part.im for part in parts))))
        worst = max(worst, *(part.err for part in parts))
    return real, imaginary, worst


def kept_of(bounds: list[int], n: int, columns: Columns) -> list[int]:
    """What belongs to the columns of U and the rows of R_P that are kept, and to the other functions."""
    square, kept = n * n, columns.kept
    return [*(bounds[i * n + j] for i in range(n) for j in kept),
            *(bounds[square + i * n + j] for i in kept for j in range(n)), *bounds[2 * square :]]  # fmt: skip


def column(A: Table, j: int) -> Table:
    return Table([[row[j]] for row in A.re], [[row[j]] for row in A.im], A.err)


def norms_of(field: OrbitField, piece: Piece) -> Norms:
    problem = field.problem
    n, F, N, N_theta = piece.n, piece.F, 2 * piece.over_tau + 1, 2 * piece.over_theta + 1
    modes = 2 * max(q.K for q in (piece.v, piece.Q, piece.P, piece.H)) + 1
    count, columns = N * (piece.over_theta + 1), columns_of(piece)
    width, budget = len(columns.kept), problem.budget
    budget.spend(count * n * (width * modes // 20 + 30 * n + 12 * n * width) * (OPERATION // 3 + digits_in(F) ** 2))
    budget.spend(count * field.cost)
    between = kept_of(tails(field, piece), n, columns)
    size, U = len(between), Upward(F)
    held = 2 * (count + 4 * (piece.over_theta + 1)) * size  # samples, and those at one tau with their transform
    budget.fits(bytes_of(held, F))
    over_tau, over_theta = turns(N, F), turns(N_theta, F)
    tables = {K: waves(over_tau, K) for K in {q.K for q in (piece.v, piece.Q, piece.P, piece.H)}}
    re, im, err = list[Matrix](), list[Matrix](), 0  # for each theta a row for each tau
    cosines = [cosines_at(over_theta, j, max(piece.degree, 1)) for j in range(piece.over_theta + 1)]
    below = [] if piece.y is None else [equilibrium_at(field, piece, row) for row in cosines]
    for j, row_of_cosines in enumerate(cosines):
        real, imaginary, worst = samples_at(field, piece, columns, row_of_cosines, tables, below[j] if below else None)
        bits = max(size_of(real), size_of(imaginary))  # about F, but where numbers are large
        budget.fits(bytes_of(held, bits))
        re.append(real)
        im.append(imaginary)
        err = max(err, worst)
    transform, e_row = transform_of(over_theta)
    squares = [[0] * size for _ in transform]
    for j in range(N):
        for part in (re, im):
            rows = [at_theta[j] for at_theta in part]
            e = transform_error(transform, e_row, rows, err, F)
            for sums, found in zip(squares, problem.product(transform, rows), strict=True):
                for i, z in enumerate(found):
                    sums[i] += ((abs(z) >> F) + 1 + e) ** 2
    bounds = between
    for m, sums in enumerate(squares):
        weight = U.exp(piece.nu * piece.nu.of(m)) * (2 if m else 1)
        bounds = [x + U.times(weight, U.sqrt(square)) for x, square in zip(bounds, sums, strict=True)]

    def block(first: int, rows: int, width: int) -> Matrix:
        return [bounds[first + i * width : first + (i + 1) * width] for i in range(rows)]

    after, place, s = 2 * n * width, [k for k, _ in columns.place], piece.partner
    frame, kept = block(0, n, width), block(n * width, width, n)
    # |U|_(i, s j) = |U|_ij and |R_P|_(s i, s j) = |R_P|_ij for conjugate columns
    defect = [[kept[k][s[j] if other else j] for j in range(n)] for k, other in columns.place]
    moving = moving_norms(field, piece, over_theta, below, block(after + 3 * n, n, n)) if below else None
    return Norms([[row[k] for k in place] for row in frame], defect, block(after, n, 1), block(after + n, n, 1),
                 block(after + 2 * n, n, 1), defect_of_inverse(problem, piece),
                 (amplitude_defect(problem, piece, 1), amplitude_defect(problem, piece, -1)), moving)  # fmt: skip


def transform_error(transform: Matrix, e_row: int, rows: Matrix, err: int, F: int) -> int:
    """Of the entries of transform times rows, known within e_row and err."""
    most = max(map(sum, zip(*(map(abs, row) for row in rows), strict=True)))
    largest = max(sum(map(abs, row)) for row in transform)
    return (largest * err + most * e_row + len(transform) * err * e_row >> F) + 2


# --- functions of theta alone ---


def row_times(problem: Problem, piece: Piece, q: Polynomial, m: int, k: int) -> Table:
    """p^H c_km for k = 1, its conjugate p^T c_km for k = -1."""
    return product(problem, piece.amplitude_row(k), q.coefficient(m, k), piece.F)


def defect_of_inverse(problem: Problem, piece: Piece) -> Matrix:
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


def amplitude_defect(problem: Problem, piece: Piece, k: int) -> int:
    """sum_m |p^+- c_+-1,m - delta_m0| e^(nu m)."""
    U, result = Upward(piece.F), 0
    for m in range(piece.degree + 1):
        z = row_times(problem, piece, piece.v, m, k)
        x, y = z.re[0][0] - ((1 << piece.F) if m == 0 else 0), z.im[0][0]
        result += U.times(U.exp(piece.nu * Real(0, 0, piece.F).of(m)), hypot_up(x, y) + 2 * z.err)
    return result
