"""Theorems A and B and Lemma C: eigenvalues and eigenvectors of every W in the box, from one similarity."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import isqrt
from operator import mul

from .basis import Basis
from .blocks import SHORT, Discs, complex_radii, complex_row, swapped
from .budget import OPERATION, bytes_of, digits_in, size_of
from .intervals import Interval, Real, around, hypot_up, up
from .products import absolute
from .reports import show
from .verdicts import GUARD, Disc, Matrix, Rejected


class Spectrum(Basis):
    """Theorem A for one witness and all matrices W of a box.
    Integers in units of 2^-F: r, rho, s, e, o, g, nu, t, c, norm_N, |R_ij|, |N_ij|, N_ii - d_i (`sway`)."""

    def __init__(self, basis: Basis, W: Matrix, W_unit: int, delta: Matrix | None, bits: int) -> None:
        self.begin(basis)
        N, N_unit = self.similar(W), W_unit << self.X_unit + self.Y_unit
        self.F = bits + (abs(N_unit.bit_length() - size_of(N)) if size_of(N) else 0)
        self.prepare(N, N_unit, delta)
        self.theorem_a(self.moduli(N, N_unit, delta, self.d))

    def begin(self, basis: Basis) -> None:
        self.__dict__.update(basis.__dict__)

    def prepare(self, N: Matrix, N_unit: int, delta: Matrix | None, matrices: int = 1) -> None:
        """The unit, and what all of this costs."""
        n, F, self.one = self.n, self.F, 1 << self.F
        size = max(size_of(N), N_unit.bit_length(), size_of(delta or [])) + self.d_unit + F
        self.budget.spend(matrices * n * n * (60 * OPERATION + 8 * digits_in(size) ** 2))
        self.budget.hold(4 * bytes_of(n * n, F))

    def theorem_a(self, rows: list[tuple[list[int], int, tuple[Real, ...]]]) -> None:
        """Theorem A from what `moduli` gives for every group."""
        n, m, F = self.n, self.m, self.F
        self.N_abs, self.e, self.R_abs = list[list[int]](), list[int](), list[list[int]]()
        self.sway = list[tuple[Real, ...]]()
        for group, (row, e, sway) in enumerate(rows):
            i, copies = (2 * group, 2) if group < m else (group + m, 1)
            entries = complex_row(self.R[i], self.R[i + 1] if copies == 2 else None, m)
            size_R = [self.modulus(x, y, 2 << self.X_unit + self.Y_unit) for x, y in entries]
            self.N_abs += [row, swapped(row, m)][:copies]
            self.e += [e] * copies
            self.sway += [sway, (sway[0], -sway[1])][:copies]
            self.R_abs += [size_R, swapped(size_R, m)][:copies]
        self.r = [sum(row) for row in self.R_abs]
        self.rho = max(self.r)
        if self.rho >= self.one:
            raise Rejected(f"Theorem A: rho < 1 does not hold: rho = {show(Fraction(self.rho, self.one))}")
        sums = [sum(row) for row in self.N_abs]
        self.norm_N = max(sums)
        self.nu = [max(column) for column in zip(*self.N_abs, strict=True)]
        self.s = [up(r << F, self.one - self.rho) for r in self.r]
        self.o = [total - self.N_abs[i][i] for i, total in enumerate(sums)]
        self.s_nu = [up(s * nu, self.one) for s, nu in zip(self.s, self.nu, strict=True)]
        self.t = [o + defect for o, defect in zip(self.o, self.defects(sums), strict=True)]
        self.g = [e + t for e, t in zip(self.e, self.t, strict=True)]
        columns, s_total = [sum(column) for column in zip(*self.N_abs, strict=True)], sum(self.s)
        self.c = [columns[j] - self.N_abs[j][j] + up(self.nu[j] * s_total, self.one) for j in range(n)]
        # Theorem B in units of 2^-(F - spare), where t and c have SHORT bits
        self.spare = min(max(0, max(self.t + self.c).bit_length() - SHORT), F)

    def defects(self, sums: list[int]) -> list[int]:  # bounds of sum_j |(SN)_ij|; sums: of the rows of |N|
        return [up(s * self.norm_N, self.one) for s in self.s]

    def similar(self, W: Matrix) -> Matrix:
        """N = YWX, exactly."""
        return self.product(self.Y, W, self.X)

    def moduli(self, N: Matrix, N_unit: int, delta: Matrix | None, d: Matrix,
               ) -> list[tuple[list[int], int, tuple[Real, ...]]]:  # fmt: skip
        """For every group i: bounds of |N_ij| over the box, of |N_ii - d_i|, and N_ii - d_i.  Over the box N moves by
        at most |Y| Delta |X|, which is added to |Re| and |Im| (N and Delta are in units of one W_unit)."""
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
            sway = (around((p << self.F) // unit, up(r << self.F, u) + 1, self.F) for p, r in ((x, rx), (y, ry)))
            result.append((row, e, tuple(sway)))
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
        return Interval(Fraction(self.centres[i][0], 1 << self.d_unit)).widen(Fraction(self.g[i], self.one))

    def im(self, i: int) -> Interval:
        return Interval(Fraction(self.centres[i][1], 1 << self.d_unit)).widen(Fraction(self.g[i], self.one))

    def separation(self, k: int, pair: bool) -> int | None:
        """min (|Re d_j - Re d_k| - g_j - g_k) over all j that do not belong to k, in units of 2^-F."""
        own, x, F, shift = (k, k ^ 1) if pair else (k,), self.centres[k][0], self.F, self.d_unit
        gaps = [(abs(u - x) << F >> shift) - g for (u, _), g in zip(self.centres, self.g, strict=True)]
        return min((gap - self.g[k] for j, gap in enumerate(gaps) if j not in own), default=None)

    def isolated_real(self, i: int) -> bool:
        gap = self.separation(i, False)
        return i >= 2 * self.m and (gap is None or gap > 0)

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
        # sums and eta may be in large units, quotients of them may not
        Q = max(self.F - self.spare, min(self.F, SHORT))
        rows = [(-m_i << Q >> self.spare, s, far) for m_i, s, far in zip(m, sums, eta, strict=True)]
        others = rows[:k] + rows[k + 1 :]
        slope, one = max((-((-s << Q) // far) for _, s, far in others), default=0), 1 << Q
        if slope >= one:
            raise Rejected("Theorem B: max(t_i/eta_i) < 1 could not be verified")
        delta = up(max((-(m_i // far) for m_i, _, far in others), default=0) << Q, one - slope)
        result = [-((m_i - s * delta) // far) << self.F - Q for m_i, s, far in rows]
        result[k] = 0
        return result

    def show(self, x: int) -> str:
        return show(Fraction(x, self.one))

    def extra(self, k: int, left: list[int]) -> int:
        """Theorem B: |(w^T S)_i| is at most this."""
        return self.s[k] + up(sum(map(mul, left, self.s)), self.one)

    # --- Lemma C ---

    def resolvent(self, z: tuple[int, int], dz: int, r: Discs, finer: bool = False) -> tuple[Discs | None, int]:
        """Lemma C for every point within dz (units 2^-F) of z (in units of the centres): y and beta.  The unit of y is
        that of r, or with `finer` a smaller one where all distances are large."""
        F, y = self.F, list[Disc]()
        offsets = [(z[0] - u, z[1] - v) for u, v in self.centres]  # z_0 - d
        distances = [self.distance(u, v) - dz for u, v in offsets]
        beta = min(x - g for x, g in zip(distances, self.g, strict=True))
        if beta <= 0:
            return None, beta
        more = max(0, (min(distances) >> F).bit_length() - 8) if finer else 0
        unit = r.unit + more
        for (p, q, rad), (u, v), far in zip(r.values, offsets, distances, strict=True):
            w, size = u * u + v * v, hypot_up(p, q)
            x = ((p * u + q * v) << self.d_unit + more) // w, ((q * u - p * v) << self.d_unit + more) // w  # r/(z0 - d)
            error = up((rad << F + more) + up(size * dz << F + more, far + dz), far)
            y.append((*x, error + 2 if size or rad else 0))
        error = up((max(self.s) * r.modulus() << more) + max(self.g) * Discs(y, unit).modulus(), beta)
        return Discs([(re, im, rad + error) for re, im, rad in y], unit), beta
