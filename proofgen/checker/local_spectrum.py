"""What the methods with charts need more of a similarity: W that moves with gamma, all in one unit, and the axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .basis import Basis
from .blocks import Discs
from .intervals import Interval, Vector, up
from .similarity import Spectrum
from .verdicts import GUARD, Matrix, Rejected


@dataclass
class Eigenvectors:
    q: Discs
    p: Discs  # the entries of p^H
    delta: int  # the largest delta_i
    delta_left: int
    defect: int  # |p^H q - 1| is at most this


def vectors_of(A: Spectrum, k: int) -> Eigenvectors:
    """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, in units of 2^-F."""
    F, pair = A.F, k < 2 * A.m
    delta, left = A.eigenvectors(k)
    right, others, extra = A.grouped(delta), A.grouped(left), A.extra(k, left)
    errors = [sum(map(mul, bounds, right)) for bounds in A.X_abs]
    q = Discs.of([(row[k], row[k + 1] if pair else 0) for row in A.X],
                 A.X_unit, errors, F + A.X_unit + GUARD, F)  # fmt: skip
    errors = [sum(map(mul, bounds, others)) + extra * max(bounds) for bounds in zip(*A.Y_abs, strict=True)]
    p = Discs.of([(x, -y) for x, y in zip(A.Y[k], A.Y[k + 1], strict=True)] if pair
                 else [(2 * x, 0) for x in A.Y[k]],
                 A.Y_unit + 1, errors, F + A.Y_unit + 1 + GUARD, F)  # fmt: skip
    defect = up(sum(map(mul, delta, left)), A.one)
    if defect >= A.one:
        raise Rejected("Theorem B: |p^H q - 1| < 1 does not hold")
    return Eigenvectors(q, p, max(delta), max(left), defect)


class LocalSpectrum(Spectrum):
    """Theorem A for W + tau W' with |tau| <= h (`motion`) and matrices with radii, all in units of 2^-F, as given."""

    def __init__(
        self, basis: Basis, W: Matrix, delta: Matrix, F: int, motion: tuple[Matrix, Matrix, int] | None
    ) -> None:
        self.begin(basis)
        self.F, N, N_unit = F, self.similar(W), 1 << F + self.X_unit + self.Y_unit
        self.prepare(N, N_unit, delta, 3 if motion else 1)
        rows = self.moduli(N, N_unit, delta, self.d)
        if motion:
            W_moving, radii, h = motion
            still = [[0, 0]] * (self.n - self.m)
            moving = self.moduli(self.similar(W_moving), N_unit, radii, still)
            rows = [([a + up(h * b, self.one) for a, b in zip(x[0], y[0], strict=True)], x[1] + up(h * y[1], self.one),
                     tuple(p.widen(up(h * q.size, self.one)) for p, q in zip(x[2], y[2], strict=True)))
                    for x, y in zip(rows, moving, strict=True)]  # fmt: skip
        self.theorem_a(rows)

    def defects(self, sums: list[int]) -> list[int]:
        """sum_k |R_ik| n_k + s_i rho |N| with the sums n_k of the rows of |N|, as S = R + R(R + R^2 + ...)."""
        most = up(self.rho * self.norm_N, self.one)
        return [up(sum(map(mul, row, sums)) + s * most, self.one) for row, s in zip(self.R_abs, self.s, strict=True)]

    def complex(self, v: Vector) -> Discs:
        """P^-1 Y v in units of 2^-F, which are those of v."""
        return self.times_Y_real(v, self.F)

    def vectors(self, k: int) -> Eigenvectors:
        return vectors_of(self, k)

    def isolated(self, k: int) -> bool:
        """K_k is disjoint from all other discs, for a pair from its conjugate too."""
        x, y = self.centres[k]
        return all(self.distance(x - u, y - v) > self.g[k] + self.g[j]
                   for j, (u, v) in enumerate(self.centres) if j != k)  # fmt: skip

    def tail(self, j: int) -> int | None:
        """|lambda - N_jj| for the eigenvalue in K_j if Theorem B's conditions hold, which imply that K_j is isolated:
        s_j nu_j + sum m_ji delta_i, from row j of (M - lambda)u = 0 with u_j = 1."""
        try:
            delta = self.eigenvectors(j)[0]
        except Rejected:
            return None
        tail = sum((x + up(self.s[j] * nu, self.one)) * d
                   for x, nu, d in zip(self.N_abs[j], self.nu, delta, strict=True))  # fmt: skip
        return self.s_nu[j] + up(tail, self.one)

    def part_of_lambda(self, j: int, part: int) -> Interval:
        """Re or Im of lambda (part 0 or 1) for the eigenvalues in K_j: that of d_j +- g_j, and the better one by
        `tail`."""
        disc, tail = (self.re, self.im)[part](j), self.tail(j)
        if tail is None:
            return disc
        better = Interval(Fraction(self.centres[j][part], 1 << self.d_unit))
        return disc & (better + self.sway[j][part].widen(tail).exact)

    def re_lambda(self, j: int) -> Interval:
        return self.part_of_lambda(j, 0)

    def require_isolated(self, k: int) -> None:
        """The discs at a point need not lie inside those over a tube, as rounding is not monotone, so this is shown
        again."""
        if not self.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, at the centre is not disjoint from all others")

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
