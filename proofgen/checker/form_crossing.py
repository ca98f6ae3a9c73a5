"""Pieces with quadratic forms and a Hopf point (section 17): Theorem H, in fixed point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .budget import OPERATION, bytes_of, digits_in
from .form_motion import Matrices, TubeField, product, sums
from .form_piece import FormTube, Witness
from .intervals import Interval, Real, around, real, split, up
from .products import transpose
from .quadratic_form import Form, length
from .reports import show
from .verdicts import Matrix, Rejected

ZERO = Fraction(0)


@dataclass
class Axis:
    """P, q, kappa, and the two columns of U and of V."""

    form: Form
    margin: Fraction
    shift: Fraction
    U: list[list[Fraction]]
    V: list[list[Fraction]]


@dataclass
class Growth:
    """A bound still + s moving, both >= 0, of what depends on s = |gamma - gamma~|/h in [0, 1]."""

    still: Fraction
    moving: Fraction

    @property
    def most(self) -> Fraction:
        return self.still + self.moving

    def __add__(self, o: Growth) -> Growth:
        return Growth(self.still + o.still, self.moving + o.moving)

    def __mul__(self, o: Growth) -> Growth:
        """As s^2 <= s."""
        return Growth(self.still * o.still, self.still * o.moving + self.moving * o.most)

    def times(self, factor: Fraction) -> Growth:
        """factor >= 0."""
        return Growth(self.still * factor, self.moving * factor)


class CrossingTube(FormTube):
    """Theorem H over a piece: G shows the branch, P that A - kappa U V^T has no eigenvalue on the axis."""

    def __init__(self, field: TubeField, witness: Witness, axis: Axis) -> None:
        super().__init__(field, witness)
        net, n = self.net, self.n
        if axis.margin <= 0:
            raise Rejected("q > 0 does not hold")
        net.budget.spend(n * n * (40 * OPERATION + 20 * digits_in(self.F) ** 2))
        net.budget.hold(4 * bytes_of(n * n, self.F))
        self.axis = axis
        U, V = ([split([real(x, self.F) for x in column]) for column in columns] for columns in (axis.U, axis.V))
        self.U: Matrices = transpose([mid for mid, _ in U]), transpose([rad for _, rad in U])
        self.V: Matrices = [mid for mid, _ in V], [rad for _, rad in V]  # V^T
        outer, (kappa, error) = product(net, self.U, self.V), real(-axis.shift, self.F).middle()
        moved = ([[(x * kappa) >> self.F for x in row] for row in outer[0]],
                 [[(((abs(x) + r) * error + r * abs(kappa)) >> self.F) + 2 for x, r in zip(*both, strict=True)]
                  for both in zip(*outer, strict=True)])  # fmt: skip
        self.definite(axis.form, axis.margin, sums(self.motion.centre, moved))

    def require_alone(self, window: Interval | None) -> None:
        """Outside of the window of the point's certificate no eigenvalue is on the axis."""
        gamma = self.witness.gamma
        if window is None:
            raise Rejected("the certificate of its point has no window")
        certified = min(gamma - window.lo, window.hi - gamma)
        if certified <= 0:
            raise Rejected("the centre does not lie inside the window of its point")
        net, h = self.net, Fraction(self.h, self.one)
        axis, motion, U, V = self.axis, self.motion, self.U, self.V
        N, F, K = list[Matrices](), list[Matrices](), list[Matrices]()
        for A in (motion.A0, motion.A1):
            AU, VA = product(net, A, U), product(net, V, A)
            N.append(product(net, V, AU))
            F.append(sums(AU, negative(product(net, U, N[-1]))))
            K.append(sums(VA, negative(product(net, N[-1], V))))
        D = product(net, V, U)
        for i in range(2):
            D[0][i][i] -= self.one
        inner, PEU, EV = self.deviations()
        E = Growth(*(self.number(length([x for row in level for x in row])) for level in inner))
        defect, two_over_q, PU = self.frobenius(D), Fraction(2) / axis.margin, self.moved(U)
        size_N = self.growing([self.frobenius(x) for x in N]) + E
        phi = self.growing([self.moved(x) for x in F]) + PEU + E.times(PU)
        phi = (phi + (Growth(abs(axis.shift), ZERO) + size_N).times(PU * defect)).times(two_over_q)
        k = self.growing([self.frobenius(x) for x in K]) + EV + E.times(self.frobenius(V))
        kept = 1 - two_over_q * PU * k.most
        if kept <= 0:
            raise Rejected("chi < 1 does not hold: what is beside the critical pair moves too much")
        tau = (k * phi).times(1 / kept) + size_N.times(defect)
        off = self.growing([self.off(x) for x in N]) + E + tau
        mu, mu_slope = (self.half(self.entry(x, 0, 1) - self.entry(x, 1, 0)) for x in N)
        crossed = Growth(*(self.number(level[0][1] + level[1][0]) / 2 for level in inner))
        slow = mu[0] - h * mu_slope[1] - crossed.most - tau.most
        if slow <= 0:
            raise Rejected("mu > tau does not hold: the critical pair is not proved to be off the real axis")
        rho, rho_slope = (self.half(self.entry(x, 0, 0) + self.entry(x, 1, 1)) for x in N)
        diagonal = Growth(*(self.number(level[0][0] + level[1][1]) / 2 for level in inner))
        right = Growth(rho[1], ZERO) + diagonal + tau + (off * off).times(1 / slow)
        if not h * right.still < certified * (h * rho_slope[0] - right.moving):
            raise Rejected("a second crossing is not excluded: h t_0 < w_0 (h |rho_1| - t_1) does not hold, "
                           f"t_0 = {show(right.still)}, t_1 = {show(right.moving)}, "
                           f"h |rho_1| = {show(h * rho_slope[0])}")  # fmt: skip

    def deviations(self) -> tuple[list[Matrix], Growth, Growth]:
        """|V|^T E |U|, |P| E |U| and E^T |V| for E of section 17, at s = 0, with x as near to c as f(c_0) says, and at
        s = 1: all coefficients of s are positive."""
        whole, budget, F = self.motion.rest, self.net.budget, self.F
        columns, rows = ([[abs(x) + r for x, r in zip(*both, strict=True)] for both in zip(*M, strict=True)]
                         for M in ((transpose(self.U[0]), transpose(self.U[1])), self.V))  # fmt: skip
        inner, PEU, EV = list[Matrix](), list[Fraction](), list[Fraction]()
        for rest in (whole.still(self.least_share()), whole):
            budget.spend(self.n * self.n * 8 * 8)
            EU, turned = [rest.times(u) for u in columns], [rest.turned(v) for v in rows]
            inner.append([[up(sum(map(mul, v, image)), 1 << F) for image in EU] for v in rows])
            PEU.append(self.number(length([x for image in EU for x in self.axis.form.size_times(image)])))
            EV.append(self.number(length([x for image in turned for x in image])))
        return inner, Growth(*PEU), Growth(*EV)

    def least_share(self) -> Fraction:
        """r_0/r with |x(gamma) - c(gamma)|_2 <= r_0 + s (r - r_0): Taylor's formula around gamma~ over the piece."""
        radius = self.witness.radius
        if radius is None:
            return ZERO
        two_over_g = 2 / self.witness.margin
        if two_over_g * self.number(self.defect(self.motion.whole, self.h)) > radius:
            raise Rejected("r >= (2/g) |G f(c)| is not shown by Taylor's formula around the centre")
        return two_over_g * self.number(self.witness.form.moved(self.motion.whole.v[0])) / radius

    def entry(self, A: Matrices, i: int, j: int) -> Real:
        return around(A[0][i][j], A[1][i][j], self.F)

    def number(self, x: int) -> Fraction:
        return Fraction(x, self.one)

    def frobenius(self, A: Matrices) -> Fraction:
        """|A|_F, rounded up."""
        return self.number(length([abs(x) + r for both in zip(*A, strict=True) for x, r in zip(*both, strict=True)]))

    def moved(self, A: Matrices) -> Fraction:
        """|P A|_F, rounded up."""
        columns = [[around(x, r, self.F) for x, r in zip(*both, strict=True)]
                   for both in zip(*map(transpose, A), strict=True)]  # fmt: skip
        return self.number(length([self.axis.form.moved(column) for column in columns]))

    def growing(self, sizes: list[Fraction]) -> Growth:
        """Of A_0 + delta A_1."""
        return Growth(sizes[0], Fraction(self.h, self.one) * sizes[1])

    def half(self, x: Real) -> tuple[Fraction, Fraction]:
        """Bounds of |x|/2 from below and above."""
        return self.number(abs(x).lo) / 2, self.number(x.size) / 2

    def off(self, N: Matrices) -> Fraction:
        """epsilon, rounded up."""
        p, q, s, u = (self.entry(N, i, j) for i, j in ((0, 0), (1, 1), (0, 1), (1, 0)))
        return self.number(length([(p - q).size, (s + u).size])) / 2


def negative(A: Matrices) -> Matrices:
    return [[-x for x in row] for row in A[0]], A[1]
