"""Theorems A and B and Lemma C: eigenvalues and eigenvectors of every W in the box, from one similarity."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from operator import mul

from .basis import Basis
from .blocks import SHORT, Discs, complex_radii, complex_row, swapped
from .budget import OPERATION, bytes_of, digits_in, size_of
from .intervals import Interval, hypot_up, scaled, up, widened
from .products import absolute
from .reports import show
from .verdicts import GUARD, Ball, Disc, Matrix, Rejected, Vector


@dataclass
class Eigenvectors:
    q: Discs
    p: Discs  # the entries of p^H
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
        # Theorem B in units of 2^-(F - spare), where t and c have SHORT bits
        self.spare = min(max(0, max(self.t + self.c).bit_length() - SHORT), F)

    def similar(self, W: Matrix) -> Matrix:
        return self.product(self.Y, W, self.X)

    def moduli(self, N: Matrix, N_unit: int, delta: Matrix | None, d: Matrix) -> list[tuple[list[int], int, Ball]]:
        """For every group i: bounds of |N_ij| over the box, of |N_ii - d_i|, and Re(N_ii - d_i).  Over the box N moves
        by at most |Y| Delta |X|, which is added to |Re| and |Im| (N and Delta are in units of one W_unit)."""
        uncertain = delta if delta and any(map(any, delta)) else None
        box = self.product(absolute(self.Y), uncertain, absolute(self.X)) if uncertain else None
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
        return -(-(hypot_up(re << GUARD, im << GUARD) << self.F) // (unit << GUARD))

    def distance(self, x: int, y: int) -> int:
        """|x + iy| for x, y in units of the centres, rounded down to units of 2^-F."""
        return isqrt(x * x + y * y << 2 * self.F) >> self.d_unit

    def disc(self, i: int) -> tuple[Fraction, Fraction, Fraction]:
        """Centre and radius of K_i."""
        (x, y), unit = self.centres[i], 1 << self.d_unit
        return Fraction(x, unit), Fraction(y, unit), Fraction(self.g[i], self.one)

    def re(self, i: int) -> Interval:
        return widened(scaled(self.centres[i][0], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def im(self, i: int) -> Interval:
        return widened(scaled(self.centres[i][1], 0, 1 << self.d_unit), Fraction(self.g[i], self.one))

    def separation(self, k: int, pair: bool) -> int | None:
        """min (|Re d_j - Re d_k| - g_j - g_k) over all j that do not belong to k, in units of 2^-F."""
        own, x, F, shift = (k, k ^ 1) if pair else (k,), self.centres[k][0], self.F, self.d_unit
        gaps = [(abs(u - x) << F >> shift) - g for (u, _), g in zip(self.centres, self.g, strict=True)]
        return min((gap - self.g[k] for j, gap in enumerate(gaps) if j not in own), default=None)

    def isolated_real(self, i: int) -> bool:
        gap = self.separation(i, False)
        return i >= 2 * self.m and (gap is None or gap > 0)

    def complex(self, v: Vector) -> Discs:
        """P^-1 Y v in units of 2^-F, which are those of v."""
        return self.times_Y_real(v, self.F, self.F)

    # --- Theorem B ---

    @cached_property
    def theorem_b(self) -> tuple[list[int], list[int], list[int]]:
        """e_i + s_i nu_i, t_i and c_i in units of 2^-(F - spare), rounded up."""
        near = [e + s for e, s in zip(self.e, self.s_nu, strict=True)]
        near, t, c = ([-(-x >> self.spare) for x in values] for values in (near, self.t, self.c))
        return near, t, c

    def eigenvectors(self, k: int) -> tuple[list[int], list[int]]:
        """delta_i, delta'_i of Theorem B for k = a+, 0 at i = k."""
        F, n, spare, (near, t, c) = self.F - self.spare, self.n, self.spare, self.theorem_b
        self.budget.spend(n * (40 * OPERATION + 10 * digits_in(F) ** 2))
        (x, y), one, own = self.centres[k], 1 << F, -(-self.g[k] >> spare)
        eta = [(isqrt((x - u) ** 2 + (y - v) ** 2 << 2 * F) >> self.d_unit) - own - e
               for (u, v), e in zip(self.centres, near, strict=True)]  # fmt: skip
        eta[k] = one
        for i, (far, t_i, c_i) in enumerate(zip(eta, t, c, strict=True)):
            if far <= max(t_i, c_i) and i != k:
                raise Rejected(f"Theorem B: eta_i > max(t_i, c_i) does not hold for i = {i}: "
                               f"{show(Fraction(far, one))} <= {show(Fraction(max(t_i, c_i), one))}")  # fmt: skip
        m_ik = [row[k] - (-s * self.nu[k] >> self.F) for row, s in zip(self.N_abs, self.s, strict=True)]
        m_ki = [x - (-self.s[k] * nu >> self.F) for x, nu in zip(self.N_abs[k], self.nu, strict=True)]
        return self.deviations(k, m_ik, t, eta), self.deviations(k, m_ki, c, eta)

    def deviations(self, k: int, m: list[int], sums: list[int], eta: list[int]) -> list[int]:
        """(m_i + sums_i delta)/eta_i for delta = max (m_i/eta_i)/(1 - max (sums_i/eta_i)), where i is not k."""
        F, spare = self.F - self.spare, self.spare
        rows = [(-m_i << F >> spare, s, far) for m_i, s, far in zip(m, sums, eta, strict=True)]
        others = rows[:k] + rows[k + 1 :]
        slope, one = max([-((-s << F) // far) for _, s, far in others]), 1 << F
        if slope >= one:
            raise Rejected("Theorem B: max(t_i/eta_i) < 1 could not be verified")
        delta = up(max([-(m_i // far) for m_i, _, far in others]) << F, one - slope)
        result = [-((m_i - s * delta) // far) << spare for m_i, s, far in rows]
        result[k] = 0
        return result

    def show(self, x: int) -> str:
        return show(Fraction(x, self.one))

    def vectors(self, k: int) -> Eigenvectors:
        """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, in units of 2^-F."""
        F, pair = self.F, k < 2 * self.m
        delta, left = self.eigenvectors(k)
        right, others, extra = self.grouped(delta), self.grouped(left), self.extra(k, left)
        errors = [sum(map(mul, bounds, right)) for bounds in self.X_abs]
        q = Discs.of([(row[k], row[k + 1] if pair else 0) for row in self.X],
                     self.X_unit, errors, F + self.X_unit + GUARD, F)  # fmt: skip
        errors = [sum(map(mul, bounds, others)) + extra * max(bounds) for bounds in zip(*self.Y_abs, strict=True)]
        p = Discs.of([(x, -y) for x, y in zip(self.Y[k], self.Y[k + 1], strict=True)] if pair
                     else [(2 * x, 0) for x in self.Y[k]],
                     self.Y_unit + 1, errors, F + self.Y_unit + 1 + GUARD, F)  # fmt: skip
        defect = up(sum(map(mul, delta, left)), self.one)
        if defect >= self.one:
            raise Rejected("Theorem B: |p^H q - 1| < 1 does not hold")
        return Eigenvectors(q, p, max(delta), max(left), defect)

    def extra(self, k: int, left: list[int]) -> int:
        """Theorem B: |(w^T S)_i| is at most this."""
        return self.s[k] + up(sum(map(mul, left, self.s)), self.one)

    def isolated(self, k: int) -> bool:
        """K_k is disjoint from all other discs, for a pair from its conjugate too."""
        x, y = self.centres[k]
        return all(self.distance(x - u, y - v) > self.g[k] + self.g[j]
                   for j, (u, v) in enumerate(self.centres) if j != k)  # fmt: skip

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
        (x, r), centre = self.sway[j], scaled(self.centres[j][0], 0, 1 << self.d_unit)
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
        x, own = self.centres[j][0], self.re(j)
        if best or 0 in own:
            own = self.re_lambda(j)
        return own.lo if x > 0 else -own.hi

    def beta(self) -> int:
        """Lemma T: min (|d_i| - e_i - o_i)."""
        return min(self.distance(*self.centres[i]) - self.e[i] - self.o[i] for i in range(self.n))

    def gap(self) -> int:
        """Lemma T, weighted: 1 - max (e_i + o_i)/|d_i|, or 0 where a centre may be 0."""
        far = [self.distance(*self.centres[i]) for i in range(self.n)]
        if min(far) <= 0:
            return 0
        return self.one - max(up(self.e[i] + self.o[i] << self.F, far[i]) for i in range(self.n))

    def weighted_modulus(self, y: Discs) -> int:
        """max |y_i|/|d_i|."""
        return max(up(size << self.F, self.distance(*d)) for size, d in zip(y.moduli(), self.centres, strict=True))

    # --- Lemma C ---

    def resolvent(self, z: tuple[int, int], dz: int, r: Discs) -> tuple[Discs | None, int]:
        """Lemma C for every point within dz (units 2^-F) of z (in units of the centres): y in the unit of r, beta."""
        F, y = self.F, list[Disc]()
        offsets = [(z[0] - u, z[1] - v) for u, v in self.centres]  # z_0 - d
        distances = [self.distance(u, v) - dz for u, v in offsets]
        beta = min(x - g for x, g in zip(distances, self.g, strict=True))
        if beta <= 0:
            return None, beta
        for (p, q, rad), (u, v), far in zip(r.values, offsets, distances, strict=True):
            w, size = u * u + v * v, hypot_up(p, q)
            x = ((p * u + q * v) << self.d_unit) // w, ((q * u - p * v) << self.d_unit) // w  # r/(z0 - d)
            error = up((rad << F) + up(size * dz << F, far + dz), far)
            y.append((*x, error + 2 if size or rad else 0))
        error = up(max(self.s) * r.modulus() + max(self.g) * Discs(y, r.unit).modulus(), beta)
        return Discs([(re, im, rad + error) for re, im, rad in y], r.unit), beta
