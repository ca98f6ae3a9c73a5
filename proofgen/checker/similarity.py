"""Theorems A and B and Lemma C: eigenvalues and eigenvectors of every W in the box, from one similarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from operator import mul

from .blocks import complex_radii, complex_row, modulus_of, rounded, swapped
from .budget import OPERATION, Budget, bytes_of, digits_in, size_of
from .intervals import Interval, hypot_up, scaled, up, widened
from .products import Engine, absolute, transpose
from .reports import show
from .verdicts import GUARD, Ball, Disc, Matrix, Rejected, Vector


class Basis:
    """The witness of a similarity: X, Y in units of 2^-X_unit, 2^-Y_unit, centres d in units of 2^-d_unit."""

    def __init__(self, product: Engine, budget: Budget, m: int, X: tuple[Matrix, int], Y: tuple[Matrix, int],
                 d: tuple[Matrix, int]) -> None:  # fmt: skip
        self.product, self.budget, self.m, self.n = product, budget, m, len(X[0])
        bits = size_of(X[0]) + size_of(Y[0])
        budget.spend(self.n**2 * (12 * OPERATION + 8 * digits_in(bits + 4 * GUARD) ** 2))
        budget.hold(5 * bytes_of(self.n**2, bits))
        self.X, self.X_unit = X
        self.Y, self.Y_unit = Y
        self.d, self.d_unit = d  # a row for each pair, imaginary part > 0, and one for each real index
        for a, (_, im) in enumerate(self.d):
            if (im <= 0) if a < m else im:
                raise Rejected(f"witness: row {a} of d has a bad imaginary part")
        # |(XP)_lj| and |(P^-1 Y)_jl| for groups j, rounded up; units 2^-(X_unit + GUARD), 2^-(Y_unit + 1 + GUARD)
        pairs, reals = range(m), range(2 * m, self.n)
        self.X_abs = [[hypot_up(row[2 * a] << GUARD, row[2 * a + 1] << GUARD) for a in pairs]
                      + [abs(row[j]) << GUARD for j in reals] for row in self.X]  # fmt: skip
        self.Y_abs = [[hypot_up(x << GUARD, y << GUARD) for x, y in zip(*self.Y[2 * a : 2 * a + 2], strict=True)]
                      for a in pairs] + [[abs(x) << GUARD + 1 for x in self.Y[j]] for j in reals]  # fmt: skip
        self.R = [[((1 << self.X_unit + self.Y_unit) if i == j else 0) - x for j, x in enumerate(row)]
                  for i, row in enumerate(product(self.Y, self.X))]  # fmt: skip

    def grouped(self, v: Sequence[int]) -> list[int]:
        """Sums over the two indices of each pair."""
        return [v[2 * a] + v[2 * a + 1] for a in range(self.m)] + list(v[2 * self.m :])

    def group(self, i: int) -> int:
        return i // 2 if i < 2 * self.m else i - self.m

    def centre(self, i: int) -> tuple[int, int]:
        re, im = self.d[self.group(i)]
        return re, -im if i < 2 * self.m and i % 2 else im

    def times_X(self, vectors: list[list[Disc]]) -> list[list[Disc]]:
        """XPy for several y, in units smaller by 2^-X_unit."""
        columns, m, product = list[list[int]](), self.m, self.product
        for y in vectors:  # Py has the entries y_a+ + y_a-, i(y_a+ - y_a-)
            real, imag = [re for re, _, _ in y], [im for _, im, _ in y]
            for a in range(0, 2 * m, 2):
                (p, q, _), (u, v, _) = y[a], y[a + 1]
                real[a], real[a + 1], imag[a], imag[a + 1] = p + u, v - q, q + v, p - u
            columns += [real, imag]
        mid = transpose(product(self.X, transpose(columns)))
        rad = product([self.grouped([rad for _, _, rad in y]) for y in vectors], transpose(self.X_abs))
        return [[(p, q, up(e, 1 << GUARD)) for p, q, e in zip(mid[2 * j], mid[2 * j + 1], row, strict=True)]
                for j, row in enumerate(rad)]  # fmt: skip

    def times_Y(self, vectors: list[list[Disc]]) -> list[list[Disc]]:
        """P^-1 Y v for several v, in units smaller by 2^-(Y_unit + 1)."""
        columns, m, product, result = list[list[int]](), self.m, self.product, list[list[Disc]]()
        for v in vectors:
            columns += [[re for re, _, _ in v], [im for _, im, _ in v]]
        mid = transpose(product(self.Y, transpose(columns)))
        rad = product([[rad for _, _, rad in v] for v in vectors], transpose(self.Y_abs))
        for j, row in enumerate(rad):
            real, imag, y = mid[2 * j], mid[2 * j + 1], []
            for a in range(0, 2 * m, 2):  # a+ is (top - i bottom)/2, a- is (top + i bottom)/2
                e = up(row[a // 2], 1 << GUARD)
                y.append((real[a] + imag[a + 1], imag[a] - real[a + 1], e))
                y.append((real[a] - imag[a + 1], imag[a] + real[a + 1], e))
            y += [(2 * real[i], 2 * imag[i], up(row[i - m], 1 << GUARD)) for i in range(2 * m, self.n)]
            result.append(y)
        return result

    @cached_property
    def Y_size(self) -> Matrix:
        """|Y|, transposed."""
        return transpose(absolute(self.Y))

    def complex(self, v: Vector) -> list[Disc]:
        """P^-1 Y v, in the units of v.  The error of a pair's entry is known by its real and its imaginary part, which
        is less than the sum of moduli that complex errors would need."""
        discs, shift = self.times_Y([[(x, 0, r) for x, r in v]])[0], self.Y_unit + 1
        if any(r for _, r in v):
            real = self.product([[r for _, r in v]], self.Y_size)[0]
            own = [hypot_up(real[i & ~1], real[i | 1]) if i < 2 * self.m else 2 * real[i] for i in range(self.n)]
            discs = [(re, im, min(e, r)) for (re, im, e), r in zip(discs, own, strict=True)]
        return [rounded(*disc, shift) for disc in discs]

    def real(self, y: list[Disc]) -> tuple[Vector, Vector]:
        """The real and the imaginary part of XPy."""
        discs = [rounded(*disc, self.X_unit) for disc in self.times_X([y])[0]]
        return [(re, rad) for re, _, rad in discs], [(im, rad) for _, im, rad in discs]

    def spread(self, r: int) -> list[int]:
        """Bounds of |(XPy)_l| for |y_i| <= r."""
        weights = [2] * self.m + [1] * (self.n - 2 * self.m)
        return [up(r * sum(map(mul, row, weights)), 1 << self.X_unit + GUARD) for row in self.X_abs]


@dataclass
class Eigenvectors:
    q: list[Disc]
    p: list[Disc]  # the entries of p^H
    delta: int  # the largest delta_i
    delta_left: int
    defect: int  # |p^H q - 1| is at most this


class Spectrum(Basis):
    """Theorem A for one witness and all matrices W of a box, or W + tau W' with |tau| <= h (`motion`).
    Integers in units of 2^-F: r, rho, s, e, o, g, nu, t, c, norm_N, |N_ij|, Re(N_ii - d_i) (`sway`)."""

    def __init__(self, basis: Basis, W: Matrix, W_unit: int, delta: Matrix | None, bits: int, relative: bool = True,
                 motion: tuple[Matrix, Matrix, int] | None = None) -> None:  # fmt: skip
        self.__dict__.update(basis.__dict__)
        n, m = self.n, self.m
        # N = YWX exactly, in units 1/N_unit
        N, N_unit = self.similar(W), W_unit << self.X_unit + self.Y_unit
        self.F = F = bits + (abs(N_unit.bit_length() - size_of(N)) if relative and size_of(N) else 0)
        self.one, size = 1 << F, max(size_of(N), N_unit.bit_length(), size_of(delta or [])) + self.d_unit + F
        self.budget.spend((3 if motion else 1) * n * n * (60 * OPERATION + 8 * digits_in(size) ** 2))
        self.budget.hold(3 * bytes_of(n * n, F))
        static = self.moduli(N, N_unit, delta, self.d)
        if motion:
            W_moving, radii, h = motion
            moving = self.moduli(self.similar(W_moving), 1 << bits + self.X_unit + self.Y_unit, radii,
                                 [[0, 0]] * (n - m))  # fmt: skip
            static = [([a + up(h * b, self.one) for a, b in zip(x[0], y[0], strict=True)],
                       x[1] + up(h * y[1], self.one),
                      (x[2][0], x[2][1] + up(h * (abs(y[2][0]) + y[2][1]), self.one)))
                      for x, y in zip(static, moving, strict=True)]  # fmt: skip
        self.N_abs, self.e, self.sway, self.r = list[list[int]](), list[int](), Vector(), list[int]()
        for group, (row, e, sway) in enumerate(static):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)
            entries = complex_row(self.R[i], self.R[i + 1] if copies == 2 else None, m)
            r = sum(self.modulus(x, y, 2 << self.X_unit + self.Y_unit) for x, y in entries)
            self.N_abs += [row, swapped(row, m)][:copies]
            self.e += [e] * copies
            self.sway += [sway] * copies
            self.r += [r] * copies
        self.rho = max(self.r)
        if self.rho >= self.one:
            raise Rejected(f"Theorem A: rho < 1 does not hold: rho = {show(Fraction(self.rho, self.one))}")
        sums = [sum(row) for row in self.N_abs]
        self.norm_N = max(sums)
        self.nu = [max(column) for column in zip(*self.N_abs, strict=True)]
        self.s = [up(r << F, self.one - self.rho) for r in self.r]
        self.o = [total - self.N_abs[i][i] for i, total in enumerate(sums)]
        self.s_nu = [up(s * nu, self.one) for s, nu in zip(self.s, self.nu, strict=True)]
        self.t = [o + up(s * self.norm_N, self.one) for o, s in zip(self.o, self.s, strict=True)]
        self.g = [e + t for e, t in zip(self.e, self.t, strict=True)]
        columns = [sum(column) for column in zip(*self.N_abs, strict=True)]
        s_total = sum(self.s)
        self.c = [columns[j] - self.N_abs[j][j] + up(self.nu[j] * s_total, self.one) for j in range(n)]

    def similar(self, W: Matrix) -> Matrix:
        return self.product(self.Y, self.product(W, self.X))

    def moduli(self, N: Matrix, N_unit: int, delta: Matrix | None, d: Matrix) -> list[tuple[list[int], int, Ball]]:
        """For every group i: bounds of |N_ij| over the box, of |N_ii - d_i|, and Re(N_ii - d_i).  Over the box N moves
        by at most |Y| Delta |X|, which is added to |Re| and |Im| (N and Delta are in units of one W_unit)."""
        uncertain = delta if delta and any(map(any, delta)) else None
        box = self.product(absolute(self.Y), self.product(uncertain, absolute(self.X))) if uncertain else None
        result, m, u = [], self.m, 2 * N_unit
        for group in range(self.n - m):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)

            def rows(Q: Matrix, i: int = i, copies: int = copies) -> tuple[list[int], list[int] | None]:
                return Q[i], Q[i + 1] if copies == 2 else None

            entries = complex_row(*rows(N), m)
            radii = complex_radii(*rows(box), m) if box else [(0, 0)] * self.n
            row = [self.modulus(abs(x) + rx, abs(y) + ry, u) for (x, y), (rx, ry) in zip(entries, radii, strict=True)]
            (x, y), (rx, ry), (re, im) = entries[i], radii[i], d[group]
            x, y, unit = (x << self.d_unit) - u * re, (y << self.d_unit) - u * im, u << self.d_unit
            e = self.modulus(abs(x) + (rx << self.d_unit), abs(y) + (ry << self.d_unit), unit)
            result.append((row, e, ((x << self.F) // unit, up(rx << self.F, u) + 1)))
        return result

    def modulus(self, re: int, im: int, unit: int) -> int:
        """|re + i im|/unit, rounded up."""
        return up(hypot_up(re << GUARD, im << GUARD) << self.F, unit << GUARD)

    def distance(self, x: int, y: int) -> int:
        """|x + iy| for x, y in units of the centres, rounded down to units of 2^-F."""
        return isqrt(x * x + y * y << 2 * self.F) >> self.d_unit

    def disc(self, i: int) -> tuple[Fraction, Fraction, Fraction]:
        """Centre and radius of K_i."""
        (x, y), unit = self.centre(i), 1 << self.d_unit
        return Fraction(x, unit), Fraction(y, unit), Fraction(self.g[i], self.one)

    def re(self, i: int) -> Interval:
        return widened(scaled(self.centre(i)[0], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def im(self, i: int) -> Interval:
        return widened(scaled(self.centre(i)[1], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def separation(self, k: int, pair: bool) -> int | None:
        """min (|Re d_j - Re d_k| - g_j - g_k) over all j that do not belong to k, in units of 2^-F."""
        own, x = (k, k ^ 1) if pair else (k,), self.centre(k)[0]
        return min((((abs(self.centre(j)[0] - x) << self.F) >> self.d_unit) - self.g[j] - self.g[k]
                    for j in range(self.n) if j not in own), default=None)  # fmt: skip

    def isolated_real(self, i: int) -> bool:
        gap = self.separation(i, False)
        return i >= 2 * self.m and (gap is None or gap > 0)

    # --- Theorem B ---

    def eigenvectors(self, k: int) -> tuple[list[int], list[int]]:
        """delta_i, delta'_i of Theorem B for k = a+, 0 at i = k."""
        F, one, n = self.F, self.one, self.n
        self.budget.spend(n * (40 * OPERATION + 10 * digits_in(F) ** 2))
        x, y = self.centre(k)
        eta = [self.distance(x - u, y - v) - self.g[k] - self.e[i] - self.s_nu[i]
               for i, (u, v) in enumerate(map(self.centre, range(n)))]  # fmt: skip
        eta[k] = one
        for i in range(n):
            if i != k and eta[i] <= max(self.t[i], self.c[i]):
                raise Rejected(f"Theorem B: eta_i > max(t_i, c_i) does not hold for i = {i}: {self.show(eta[i])} <= "
                               f"{self.show(max(self.t[i], self.c[i]))}")  # fmt: skip
        result = []
        right = [self.N_abs[i][k] + up(self.s[i] * self.nu[k], one) for i in range(n)]  # m_ik
        left = [self.N_abs[k][i] + up(self.s[k] * self.nu[i], one) for i in range(n)]  # m_ki
        others = [i for i in range(n) if i != k]
        for entries, sums in ((right, self.t), (left, self.c)):
            slope = max(up(sums[i] << F, eta[i]) for i in others)
            if slope >= one:
                raise Rejected("Theorem B: max(t_i/eta_i) < 1 could not be verified")
            delta = up(max(up(entries[i] << F, eta[i]) for i in others) << F, one - slope)
            result.append([up((entries[i] << F) + sums[i] * delta, eta[i]) if i != k else 0 for i in range(n)])
        return result[0], result[1]

    def show(self, x: int) -> str:
        return show(Fraction(x, self.one))

    def vectors(self, k: int) -> Eigenvectors:
        """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, in units of 2^-F."""
        F, pair = self.F, k < 2 * self.m
        delta, left = self.eigenvectors(k)
        right, extra = self.grouped(delta), self.s[k] + up(sum(map(mul, left, self.s)), self.one)
        q, p, shift = list[Disc](), list[Disc](), self.Y_unit + 1
        for row, bound in zip(self.X, self.X_abs, strict=True):
            e = up(sum(map(mul, bound, right)), 1 << self.X_unit + GUARD)
            q.append(((row[k] << F) >> self.X_unit, (row[k + 1] << F) >> self.X_unit if pair else 0, e + 2))
        for i, bounds in enumerate(zip(*self.Y_abs, strict=True)):
            e = up(sum(map(mul, bounds, self.grouped(left))) + extra * max(bounds), 1 << shift + GUARD)
            re, im = (self.Y[k][i], -self.Y[k + 1][i]) if pair else (2 * self.Y[k][i], 0)
            p.append(((re << F) >> shift, (im << F) >> shift, e + 2))
        defect = up(sum(map(mul, delta, left)), self.one)
        if defect >= self.one:
            raise Rejected("Theorem B: |p^H q - 1| < 1 does not hold")
        return Eigenvectors(q, p, max(delta), max(left), defect)

    def isolated(self, k: int) -> bool:
        """K_k is disjoint from all other discs, for a pair from its conjugate too."""
        x, y = self.centre(k)
        return all(self.distance(x - u, y - v) > self.g[k] + self.g[j]
                   for j, (u, v) in enumerate(map(self.centre, range(self.n))) if j != k)  # fmt: skip

    def re_lambda(self, j: int) -> Interval:
        """Re lambda for the eigenvalues in K_j: Re d_j +- g_j, and if Theorem B's conditions hold, which imply that K_j
        is isolated, Re N_jj +- (s_j nu_j + sum m_ji delta_i), from row j of (M - lambda)u = 0 with u_j = 1."""
        disc = self.re(j)
        try:
            delta = self.eigenvectors(j)[0]
        except Rejected:
            return disc
        tail = sum((x + up(self.s[j] * nu, self.one)) * d
                   for x, nu, d in zip(self.N_abs[j], self.nu, delta, strict=True))  # fmt: skip
        (x, r), centre = self.sway[j], scaled(self.centre(j)[0], 0, 1 << self.d_unit)
        better = centre + scaled(x, r + self.s_nu[j] + up(tail, self.one), self.one)
        return disc & better

    def re_isolated(self, k: int) -> Interval:
        """Re lambda for the eigenvalue of an isolated K_k: the discs at a point need not lie inside those over a tube,
        as rounding is not monotone, so this is shown again."""
        if not self.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, at the centre is not disjoint from all others")
        return self.re_lambda(k)

    def clearance(self, j: int, best: bool = False) -> Fraction:
        """A lower bound of the distance of the eigenvalues in K_j from the axis (section 12, Distance from the axis),
        not positive if they may reach it or cross it; the better one is looked for if asked, or needed."""
        x, own = self.centre(j)[0], self.re(j)
        if best or 0 in own:
            own = self.re_lambda(j)
        return own.lo if x > 0 else -own.hi

    def beta(self) -> int:
        """Lemma T: min (|d_i| - e_i - o_i)."""
        return min(self.distance(*self.centre(i)) - self.e[i] - self.o[i] for i in range(self.n))

    def gap(self) -> int:
        """Lemma T, weighted: 1 - max (e_i + o_i)/|d_i|, or 0 where a centre may be 0."""
        far = [self.distance(*self.centre(i)) for i in range(self.n)]
        if min(far) <= 0:
            return 0
        return self.one - max(up(self.e[i] + self.o[i] << self.F, far[i]) for i in range(self.n))

    def weighted_modulus(self, y: list[Disc]) -> int:
        """max |y_i|/|d_i|."""
        return max(up(modulus_of([disc]) << self.F, self.distance(*self.centre(i))) for i, disc in enumerate(y))

    # --- Lemma C ---

    def resolvent(self, z: tuple[int, int], dz: int, r: list[Disc]) -> tuple[list[Disc] | None, int]:
        """Lemma C for every point within dz (units 2^-F) of z (in units of the centres): y in r's units, beta."""
        F, distances, y = self.F, [], []
        for i in range(self.n):
            u, v = self.centre(i)
            distances.append(self.distance(z[0] - u, z[1] - v) - dz)
        beta = min(x - g for x, g in zip(distances, self.g, strict=True))
        if beta <= 0:
            return None, beta
        for i, (p, q, rad) in enumerate(r):
            u, v = self.centre(i)
            u, v = z[0] - u, z[1] - v
            w, size = u * u + v * v, hypot_up(p, q)
            x = ((p * u + q * v) << self.d_unit) // w, ((q * u - p * v) << self.d_unit) // w  # r/(z0 - d)
            error = up((rad << F) + up(size * dz << F, distances[i] + dz), distances[i])
            y.append((*x, error + 2 if size or rad else 0))
        norms = [max(hypot_up(re, im) + rad for re, im, rad in v) for v in (r, y)]
        error = up(max(self.s) * norms[0] + max(self.g) * norms[1], beta)
        return [(re, im, rad + error) for re, im, rad in y], beta
