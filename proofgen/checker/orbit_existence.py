"""Theorems O1 and O3 and Lemma O2 for one piece of periodic orbits (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from .budget import OPERATION, digits_in
from .intervals import Interval, hypot_up, up
from .orbit_box import for_all_weights
from .orbit_floquet import Exponents, distance_from_turns, exponents
from .orbit_numbers import Table, Upward, added, product, scaled
from .orbit_samples import Norms, norms_of
from .orbit_strip import OrbitField, geometric_sum
from .orbit_witness import Piece
from .problem import Problem
from .reports import show
from .verdicts import Matrix, Rejected


@dataclass
class Inverse:
    """|Q^-1 Z| <= frame(|Z|), and the bounds of the inverse of the linear part."""

    U: Upward
    P: Matrix
    rows: list[int]
    S_inverse: Matrix
    decay: list[int]
    critical: Matrix
    coupling: Matrix
    T_g_y: Matrix | None  # None on the branch x = 0, with A_inverse
    A_inverse: Matrix | None

    def frame(self, Z: Matrix) -> Matrix:
        return neumann(self.U, self.rows, self.U.product(self.P, Z))

    def apply(self, s: Matrix, t: tuple[int, int], e: Matrix | None) -> list[int]:
        U, times, eta = self.U, self.U.times, list[int]()
        if self.A_inverse is not None and self.T_g_y is not None and e is not None:
            solved = U.product(self.A_inverse, e)
            s, eta = added(s, self.frame(U.product(self.T_g_y, solved))), [x for x, in solved]
        w = [times(a, s[0][0]) + times(b, s[1][0]) for a, b in self.critical]
        w += [times(d, x) for d, (x,) in zip(self.decay, s[2:], strict=True)]
        coupled = U.product(self.coupling, [[x] for x in w])
        right = [s[0], s[1], [t[0] + coupled[0][0]], [t[1] + coupled[1][0]]]
        return w + [x for x, in U.product(self.S_inverse, right)] + eta


def neumann(U: Upward, rows: list[int], X: Matrix) -> Matrix:
    """X_j + r_j/(1 - max r) max_m X_m, column by column."""
    rest, top = U.one - max(rows), [max(column) for column in zip(*X, strict=True)]
    return [[x + U.over(U.times(r, t), rest) for x, t in zip(row, top, strict=True)]
            for r, row in zip(rows, X, strict=True)]  # fmt: skip


def row_sums(U: Upward, A: Matrix, what: str) -> list[int]:
    rows = [sum(row) for row in A]
    if max(rows) >= U.one:
        raise Rejected(f"Theorem O1: the row sums of {what} are not below 1")
    return rows


def invert(problem: Problem, piece: Piece, norms: Norms) -> Inverse:
    F, n, U = piece.F, piece.n, Upward(piece.F)
    zero = piece.nu.of(0)
    rows = row_sums(U, norms.R_P, "[I - PQ]")
    S_rows = row_sums(U, norms.S_defect, "[I - VS]")
    L = [row[:2] for row in piece.Lam.bound(zero, piece.nu)[:2]]
    row_sums(U, L, "[Lam_c]")
    a, b, c, d = U.one - L[0][0], L[0][1], L[1][0], U.one - L[1][1]
    determinant = (a * d - b * c) >> F
    critical = [[U.over(d, determinant), U.over(b, determinant)], [U.over(c, determinant), U.over(a, determinant)]]
    A_inverse = T_g_y = None
    if norms.moving is not None and piece.C is not None:
        C_rows = row_sums(U, norms.moving.C_defect, "[I - CA]")
        A_inverse, T_g_y = neumann(U, C_rows, piece.C.bound(zero, piece.nu)), norms.moving.T_g_y
    return Inverse(U, piece.P.bound(zero, piece.nu), rows, neumann(U, S_rows, piece.V.bound(zero, piece.nu)),
                   [decay(piece, j) for j in range(2, n)], critical,
                   [coupling(problem, piece, 1), coupling(problem, piece, -1)], T_g_y, A_inverse)  # fmt: skip


def decay(piece: Piece, j: int) -> int:
    """delta_j: 1/delta_j <= |ik - lam_j| for all k."""
    F, place, U = piece.F, j * piece.n + j, Upward(piece.F)
    Lam = piece.Lam
    moved = Lam.bound(piece.nu.of(0), piece.nu)[j][j] - (Lam.sizes[0][place] - 2 - 2 * Lam.table.err)
    least = distance_from_turns(Lam.table.re[0][place], Lam.table.im[0][place], Lam.table.err, F) - moved
    if least <= 0:
        raise Rejected("Theorem O1: an exponent is not shown to be away from the multiples of i")
    return U.over(U.one, least)


def coupling(problem: Problem, piece: Piece, sign: int) -> list[int]:
    """max over the modes k of sum_m |p^+- c_km,j| e^(nu m), for j <= 2 without k = +-1."""
    Q, F, n, U = piece.Q, piece.F, piece.n, Upward(piece.F)
    weights = [U.exp(piece.nu * piece.nu.of(m)) for m in range(Q.degree + 1)]
    p = piece.amplitude_row(sign)
    best = [0] * n
    for k in range(-Q.K, Q.K + 1):
        sums = [0] * n
        for m, weight in enumerate(weights):
            z = product(problem, p, Q.coefficient(m, k), F)
            for j in range(n):
                sums[j] += U.times(weight, isqrt(z.re[0][j] ** 2 + z.im[0][j] ** 2) + 1 + 2 * z.err)
        for j in range(n):
            if j >= 2 or k != sign:
                best[j] = max(best[j], sums[j])
    return best


@dataclass
class End:
    """What is known of a piece where cos(theta) = 1: v, gamma, T, and y if it moves, there, a row for each k, and how
    far the orbit may be from them."""

    values: list[Table]
    radii: list[list[int]]


def distances(before: Table, after: Table) -> list[int]:
    """Norms of the difference of two trigonometric polynomials, entry by entry; of each k = -K .. K."""
    size, middle = len(before.re[0]), [(len(q.re) - 1) // 2 for q in (before, after)]
    total, err, K = [0] * size, before.err + after.err, max(middle)
    for k in range(-K, K + 1):
        rows = [entry(q, k + half, size) for q, half in zip((before, after), middle, strict=True)]
        for i, ((a, b), (c, d)) in enumerate(zip(*rows, strict=True)):
            total[i] += hypot_up(abs(a - c) + err, abs(b - d) + err)
    return total


def entry(A: Table, row: int, size: int) -> list[tuple[int, int]]:
    """A row of complex numbers, zeros where there is none."""
    if not 0 <= row < len(A.re):
        return [(0, 0)] * size
    return list(zip(A.re[row], A.im[row], strict=True))


class Existence:
    """Theorem O1 for a piece: norms, inverse, Y and Z."""

    def __init__(self, field: OrbitField, piece: Piece) -> None:
        self.piece, self.U, U = piece, Upward(piece.F), Upward(piece.F)
        problem = field.problem
        self.spend(problem)
        zero, around, nu = piece.nu.of(0), piece.around, piece.nu
        if (around.eta.lo, around.eta.hi) != (nu.lo, nu.hi) or around.rho.lo <= 0:
            raise Rejected("Theorem O1: the neighbourhood belongs to another strip")
        self.M, self.m, _ = field.bounds(piece, around)
        self.norms = norms_of(field, piece)
        if piece.box is not None:
            self.norms = for_all_weights(self.norms, piece, piece.box, field.bounds(piece, piece.box))
        self.inverse = invert(problem, piece, self.norms)
        self.c = geometric_sum(around.rho)
        self.e = field.exponent
        self.Q, self.H, self.v = (q.bound(zero, nu) for q in (piece.Q, piece.H, piece.v))
        self.T = piece.T.bound(zero, nu)[0][0]
        self.y_gamma = None if piece.y_gamma is None else piece.y_gamma.bound(zero, nu)
        at_y = None if self.norms.moving is None else self.norms.moving.f
        self.Y = self.inverse.apply(self.inverse.frame(self.norms.F), self.norms.amplitude, at_y)
        cosh = up(U.exp(nu) + U.exp(-nu), 2)
        self.a = self.rounded(abs(piece.centre)) + U.times(self.rounded(piece.half_width), cosh)

    def spend(self, problem: Problem) -> None:
        """What strips, sums of coefficients and cells cost; of the samples see norms_of."""
        piece, n, rows = self.piece, self.piece.n, self.piece.degree + 2
        modes = [2 * q.K + 1 for q in (piece.v, piece.H, piece.Q, piece.P)]
        sums = 3 * rows * (modes[0] * (200 + 10 * n) + 20 * n * n * sum(modes))
        cells = piece.cells * n * n * rows * 12 + piece.slope_cells * rows * 60
        problem.budget.spend((sums + cells + 50 * rows**2) * OPERATION * digits_in(piece.F) // 4)  # rows^2: I - VS

    def rounded(self, x: Fraction) -> int:
        return up(x.numerator << self.piece.F, x.denominator)

    def equilibrium(self, r: list[int]) -> list[int]:
        """k: bounds of |dy_i|, from radii rounded up; zeros on the branch x = 0."""
        n = self.piece.n
        if self.y_gamma is None:
            return [0] * n
        return [r[n + 4 + i] + self.U.times(x, r[n + 2]) for i, (x,) in enumerate(self.y_gamma)]

    def deviation(self, radii: list[Fraction]) -> tuple[Matrix, Matrix, int, int, list[int]]:
        """w, h, kappa_1, kappa_2, and the radii rounded up."""
        n, U, piece = self.piece.n, self.U, self.piece
        r = [self.rounded(x) for x in radii]
        w = [[r[j] + (r[n + j] if j < 2 else 0)] for j in range(n)]
        h = added(U.product(self.Q, w), U.product(self.H, [[r[n + 2]], [r[n + 3]]]))
        ratios = [U.over(k + U.times(self.a, x), R)
                  for k, (x,), R in zip(self.equilibrium(r), h, piece.around.R_least, strict=True)]  # fmt: skip
        epsilon = max([*ratios, U.over(r[n + 2], piece.around.R_gamma.lo)])
        if epsilon >= U.one:
            raise Rejected("Theorem O1: the ball of orbits leaves the neighbourhood")
        inverse = U.over(U.one, U.one - epsilon)
        first = U.times(*([inverse] * self.e))
        return w, h, first - U.one, U.times(first, inverse) - U.one, r

    def change(self, kappa: int, r_T: int) -> int:
        """c (r_T (1 + kappa) + T kappa)."""
        U = self.U
        return U.times(self.c, U.times(r_T, U.one + kappa) + U.times(self.T, kappa))

    def contraction(self, radii: list[Fraction]) -> list[int]:
        U, n, norms = self.U, self.piece.n, self.norms
        w, h, k_1, k_2, r = self.deviation(radii)
        r_gamma, r_T, times = r[n + 2], r[n + 3], U.times
        Mh, Mv = U.product(self.M, h), U.product(self.M, self.v)
        E, one, two = U.over(r_gamma, self.piece.around.R_gamma.lo), U.one + k_1, U.one + k_2
        k = self.equilibrium(r)
        E += sum(U.over(x, R) for x, R in zip(k, self.piece.around.R_least, strict=True))
        change = self.change(k_1, r_T)
        total = []
        for i, (Uw,) in enumerate(U.product(norms.U, w)):
            x, y = Mh[i][0], Mv[i][0]
            inner = times(r_T, times(k_1, y) + times(one, x))
            inner += times(E, times(r_T, two, x + y) + times(self.T, times(k_2, y) + times(two, x)))
            linear = Uw + times(norms.r_gamma[i][0], r_gamma) + times(norms.r_T[i][0], r_T)
            total.append([linear + times(change, x) + times(self.c, inner)])
        at_y: Matrix | None = None
        if norms.moving is not None:
            Mk = U.product(self.M, [[x] for x in k])
            at_y = [[times(defect, r_gamma) + times(k_1, x + times(m, r_gamma))]
                    for (defect,), (x,), (m,) in zip(norms.moving.slope_defect, Mk, self.m, strict=True)]  # fmt: skip
        return self.inverse.apply(self.inverse.frame(total), (0, 0), at_y)

    def rate(self) -> Fraction:
        """max Z_i/r_i, after Y + Z(t r) < t r for the two factors t."""
        piece = self.piece
        rate = Fraction(0)
        for factor in (Fraction(1), piece.uniqueness):
            radii = [factor * x for x in piece.radii]
            Z = self.contraction(radii)
            for y, z, r in zip(self.Y, Z, radii, strict=True):
                if Fraction(y + z, self.U.one) >= r:
                    raise Rejected(f"Theorem O1: Y + Z(r) < r does not hold (factor {show(factor)})")
            if factor == 1:
                rate = max(Fraction(z, self.U.one) / r for z, r in zip(Z, radii, strict=True))
        return rate

    def real(self) -> bool:
        """Lemma O2 (A) or (B)."""
        piece = self.piece
        if piece.symmetric:
            return True
        w, *_ = self.deviation(piece.radii)
        inside = self.inverse.frame(self.U.product(self.Q, w))
        return self.within(inside)

    def within(self, w: Matrix) -> bool:
        """Whether |w_j| < t r_j, and < t r_psi,j for the critical pair."""
        piece, n = self.piece, self.piece.n
        least = [min(piece.radii[j], piece.radii[n + j]) if j < 2 else piece.radii[j] for j in range(n)]
        return all(Fraction(x, self.U.one) < piece.uniqueness * r for (x,), r in zip(w, least, strict=True))

    def at(self, cosine: int) -> list[Table]:
        """v, gamma, T, and y if it moves, at cos(theta) = 1, 0 or -1."""
        piece, one = self.piece, self.U.one
        found = []
        for q in (piece.v, piece.gamma, piece.T, *([] if piece.y is None else [piece.y])):
            row = [one * (cosine**m if cosine else (0 if m % 2 else (-1) ** (m // 2))) for m in range(q.degree + 1)]
            found.append(q.at(Table([row], [[0] * len(row)], 0)))
        return found

    def end(self) -> End:
        piece, n = self.piece, self.piece.n
        _, h, *_, r = self.deviation(piece.radii)
        moving = [] if piece.y is None else [self.equilibrium(r)]
        return End(self.at(1), [[x for x, in h], [r[n + 2]], [r[n + 3]], *moving])

    def rest_within(self, gamma: int, T: int, y: list[int]) -> bool:
        """Whether changes of gamma, T and y are below t r_gamma, t r_T, t r_eta."""
        piece, U, n = self.piece, self.U, self.piece.n
        if self.y_gamma is not None:
            y = [x + U.times(slope, gamma) for x, (slope,) in zip(y, self.y_gamma, strict=True)]
        changes = [gamma, T, *y]
        radii = piece.radii[n + 2 :]
        return len(changes) == len(radii) and all(
            Fraction(x, U.one) < piece.uniqueness * r for x, r in zip(changes, radii, strict=True))  # fmt: skip

    def require_joint(self, before: End) -> None:
        """Theorem O2 where the piece before ends and this one begins, at the same amplitude: the same orbit."""
        here = self.at(-1)
        if len(here) != len(before.values):
            raise Rejected("Theorem O2: one of two pieces has a moving equilibrium")
        v, (gamma,), (T,), *rest = ([x + r for x, r in zip(distances(p, q), radii, strict=True)]
                                    for p, q, radii in zip(before.values, here, before.radii, strict=True))  # fmt: skip
        moved = added([[x] for x in v], self.U.product(self.H, [[gamma], [T]]))
        if not self.rest_within(gamma, T, *(rest or [[]])) or not self.within(self.inverse.frame(moved)):
            raise Rejected("Theorem O2: the orbits of two pieces are not shown to be the same at their joint")

    def require_start(self, gamma: Interval, omega: Interval, x: list[Interval]) -> None:
        """Lemma O4: the Hopf point of another certificate is the orbit of amplitude 0, in the larger tube."""
        one = Fraction(1, self.U.one)
        _, *middle = self.at(0)
        values = [[(Fraction(a) * one, (q.err + 1) * one) for a in q.re[0]] for q in middle]
        known = [[gamma], [Interval(1) / omega], *([x] if self.piece.y is not None else [])]
        if self.piece.y is None and any(z.lo or z.hi for z in x):
            raise Rejected("Lemma O4: the Hopf point is not on the branch x = 0")
        off = [[self.rounded(abs(z - Interval(a - e, a + e)).hi) for z, (a, e) in zip(*pair, strict=True)]
               for pair in zip(known, values, strict=True)]  # fmt: skip
        (gamma_off,), (T_off,), *rest = off
        if omega.lo <= 0 or not self.rest_within(gamma_off, T_off, *(rest or [[]])):
            raise Rejected("Lemma O4: the orbits are not shown to start at the Hopf point")

    def exponents(self) -> tuple[Exponents, int]:
        """Theorem O3, and the largest radius of a disc."""
        U, piece = self.U, self.piece
        _, _, k_1, _, r = self.deviation(piece.radii)
        change = self.change(k_1, r[piece.n + 3])
        MQ = U.product(self.M, self.Q)
        G = self.inverse.frame(added(self.norms.U, scaled(MQ, change, piece.F)))
        return exponents(piece, G), max(sum(row) for row in G)
