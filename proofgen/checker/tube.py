"""Lemma T (section 12): one equilibrium for each gamma, in a tube around a chord or a cubic curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from .basis import Basis
from .blocks import Discs
from .form_series import Series, centres, over_part, part_along
from .intervals import Interval, Real, Vector, around, hypot_up, real, split, up
from .jets import Field, State, minus, plus, wider
from .local_spectrum import Eigenvectors, LocalSpectrum
from .locus import locus_of
from .products import transpose
from .reports import show
from .verdicts import Disc, Matrix, Rejected

PARTS = 2, 4, 8, 16, 32  # of an interval, over which f along a cubic curve is bounded one by one where it must be


@dataclass
class Section:
    """Everything over gamma~ +- h and x in c(gamma) +- spread (section 12, Centred evaluation)."""

    state: State
    slope: Vector  # c'
    along: Vector  # A c' + d f/d gamma, the derivative of f along (c', 1)
    bend: Vector  # the second derivative
    start: list[Vector]  # the columns of A at gamma~ and x~ +- spread
    turn: list[Vector]  # those of its derivative along (c', 1)
    A: LocalSpectrum


def centred(columns: list[Vector]) -> tuple[Matrix, Matrix]:
    """A matrix by its columns, as integers and radii."""
    mid, rad = zip(*map(split, columns), strict=True)
    return transpose(list(mid)), transpose(list(rad))


class Chart:
    """A centre (gamma~, x~), the line c(gamma) = x~ + (gamma - gamma~) x~' and a basis.  bends: c_2 and c_3, where c is
    a cubic curve."""

    def __init__(self, net: Field, basis: Basis, gamma: Fraction, x: Vector, slope: Vector,
                 bends: Sequence[Vector] = ()) -> None:  # fmt: skip
        self.net, self.basis, self.x, self.slope, self.bends = net, basis, x, slope, list(bends)
        self.middle, self.gamma = gamma, real(gamma, net.F)

    def centre(self, t: Real) -> Vector:
        """c(gamma), gamma = gamma~ + t."""
        value = self.net.none
        for row in [self.x, self.slope, *self.bends][::-1]:
            value = plus(row, self.net.scale(value, t))
        return value

    def directions(self, h: int) -> tuple[Vector, Vector | None]:
        """c' over |gamma - gamma~| <= h, and c'' of a cubic curve."""
        if not self.bends or not h:
            return self.slope, None
        _, slope, half, _ = over_part(Series([self.x, self.slope, *self.bends], [0] * self.net.n), h)
        return slope, plus(half, half)

    def defect(self, h: int, count: int) -> list[tuple[int, list[Vector]]]:
        """f along a cubic curve, part by part: half-widths eta, and f_0, f_1, f_2 with f_2 over the part."""
        curve, found = [self.x, self.slope, *self.bends], []
        for t, eta in centres(up(h, count) * count, count):
            series = part_along(self.net, self.gamma, curve, t, eta)
            found.append((eta, [*series.v[:2], wider(series.v[2], series.drift)]))
        return found

    def over(self, h: int, spread: list[int]) -> Section:
        net, n, (slope, second) = self.net, self.net.n, self.directions(h)
        still, state = net.over(self.gamma, self.x, slope, h, spread)
        turning = [] if second is None else [second]
        jets = net.jets(state, [slope, *net.units, *turning], [1] + [0] * (n + len(turning)),
                        [(0, i) for i in range(n + 1)])  # fmt: skip
        along, bend, A0 = jets.first[0], plus(jets.second[0], *jets.first[n + 1 :]), jets.first[1 : n + 1]
        if h:
            first, *A0 = net.jets(still, [self.slope, *net.units], [1] + [0] * n).first
            moved = wider(first, [up(h * x.size, net.one) for x in bend])
            along = [x & y for x, y in zip(moved, along, strict=True)]
        A = LocalSpectrum(self.basis, *centred(A0), net.F, (*centred(jets.second[1:]), h) if h else None)
        if net.p.trivial and not any(spread) and all(x.zero for x in chain(self.x, self.slope)):
            along = bend = net.none  # as f(0, gamma) = 0 for all gamma
        return Section(state, slope, along, bend, A0, jets.second[1:], A)

    def contract(self, p: Discs, v_re: Vector, v_im: Vector, defect: int) -> Real:
        """Re p^H v/p^H q, as |p^H q - 1| <= defect.  The real and imaginary parts of v are kept apart: where p is
        nearly imaginary, a wide real part of v does no harm."""
        F, re, im, rad, size = self.net.F, 0, 0, 0, 0
        for (x, y, e), u, r, v, t in zip(p.values, *split(v_re), *split(v_im), strict=True):
            re += x * u - y * v
            im += x * v + y * u
            far = hypot_up(r, t)
            tail = e * (hypot_up(u, v) + far)
            rad += abs(x) * r + abs(y) * t + tail
            size += hypot_up(x, y) * far + tail
        rad += up((hypot_up(re, im) + size) * defect, (1 << F) - defect)
        return around(re >> F, up(rad, 1 << F) + 1 if re or rad else 0, F)

    def motion(self, section: Section, k: int, v: Eigenvectors) -> tuple[Vector, Vector]:
        """(d A/d gamma) q + B(q, x'), x' = x~' + y, (0 - A) y = A x~' + d f/d gamma; p^H of it over p^H q is
        lambda'.  Of a cubic curve c' stands for x~'."""
        net, A = self.net, section.A
        y, beta = A.resolvent((0, 0), 0, A.complex(section.along))
        if all(x.zero for x in section.along):  # so on the branch x = 0, even where A is singular
            y = Discs([(0, 0, 0)] * A.n, net.F)
        if y is None:
            raise Rejected(f"Lemma C at z = 0: beta > 0 does not hold: {A.show(beta)}")
        q1, q2 = v.q.parts()
        if k >= 2 * A.m:
            q2 = net.none
        directions, pairs = [section.slope, q1, q2, A.real(y)[0]], [(0, 1), (0, 2), (1, 3), (2, 3)]
        s = net.jets(section.state, directions, [1, 0, 0, 0], pairs).second
        return plus(s[0], s[2]), plus(s[1], s[3])

    def speed(self, section: Section, k: int, v: Eigenvectors) -> Interval:
        """With which lambda crosses the axis or the circle."""
        return locus_of(self.net.p).speed(self, section, k, v)


class Tube:
    """Lemma T over |gamma - gamma~| <= h: exactly one equilibrium c(gamma) + XPy with |y_i| <= r.

    In its plain form (certificates), or in the better of this and the weighted form (pieces): then `beta` is
    1 - max (e_i + o_i)/|d_i|, and `sizes` are those of max |(P^-1 Y v)_i|/|d_i|.
    """

    def __init__(self, chart: Chart, h: int, r: Fraction | None, weighted: bool = False) -> None:
        self.chart, self.h, self.bound, self.trivial, self.weighted = chart, h, r, r is None, False
        self.locus = locus_of(chart.net.p)
        if h <= 0 or (r is not None and r <= 0):
            raise Rejected("the half-width and the radius of a tube are not positive")
        self.r = 0 if r is None else up(r.numerator << chart.net.F, r.denominator)  # rounded up for boxes
        self.section = chart.over(h, chart.basis.spread(self.r))
        self.A, self.beta, self.sizes = self.section.A, 0, [0] * 4
        if r is None:
            return
        self.bound_branch(self.along_whole(), weighted)
        for count in PARTS if chart.bends else ():
            if self.beta > 0 and self.radius(h) >= self.r:
                self.bound_branch(self.along_parts(count), weighted)
        if self.beta <= 0 or Fraction(self.radius(h), chart.net.one) >= r:
            raise Rejected(f"beta > 0 and eta/beta < r do not hold: beta = {self.A.show(self.beta)}, "
                           f"eta = {self.A.show(self.residual(h))}, r = {show(r)}")  # fmt: skip

    def bound_branch(self, sizes: Callable[[Callable[[Discs], int]], list[int]], weighted: bool) -> None:
        """beta, and what `residual` needs, in the better form."""
        self.beta, self.sizes, self.weighted = self.A.beta(), sizes(Discs.modulus), False
        if weighted and (gap := self.A.gap()) > 0:
            plain = self.beta, self.sizes
            reach = self.radius(self.h) if self.beta > 0 else None
            self.beta, self.sizes, self.weighted = gap, sizes(self.A.weighted_modulus), True
            if reach is not None and reach < self.radius(self.h):
                (self.beta, self.sizes), self.weighted = plain, False

    def along_whole(self) -> Callable[[Callable[[Discs], int]], list[int]]:
        """What `residual` needs, by any measure of P^-1 Y v: f at the centre, its derivative along c, this at the
        centre, and the second derivative."""
        chart = self.chart
        centre = chart.net.at(chart.gamma, chart.x)
        along = chart.net.jets(centre, [chart.slope], [1]).first[0]
        parts = [self.A.complex(v) for v in (centre.f, self.section.along, along, self.section.bend)]
        return lambda measure: [measure(y) for y in parts]

    def along_parts(self, count: int) -> Callable[[Callable[[Discs], int]], list[int]]:
        """The same of a cubic curve, part by part: a bound for all gamma, and nothing that grows with the distance."""
        F = self.chart.net.F
        parts = [(eta, [self.A.complex(v) for v in rows]) for eta, rows in self.chart.defect(self.h, count)]

        def sizes(measure: Callable[[Discs], int]) -> list[int]:
            bounds = [[measure(y) for y in rows] for _, rows in parts]
            etas = [eta for eta, _ in parts]
            return [max(a + up(eta * (b + up(eta * c, 1 << F)), 1 << F)
                        for eta, (a, b, c) in zip(etas, bounds, strict=True)), 0, 0, 0]  # fmt: skip

        return sizes

    def size(self, v: Vector) -> int:
        """|P^-1 Y v|, with or without weights."""
        y = self.A.complex(v)
        return self.A.weighted_modulus(y) if self.weighted else y.modulus()

    def residual(self, h: int) -> int:
        """eta for |gamma - gamma~| <= h, from the mean value theorem, or better from Taylor's at gamma~:
        f(c(gamma), gamma) = f + t f_1 + t^2 f_2/2, t = gamma - gamma~, f_2 over the tube (componentwise)."""
        start, drift, first, second = self.sizes
        one = self.chart.net.one
        return start + up(h * min(drift, first + up(h * second, 2 * one)), one)

    def radius(self, h: int) -> int:
        """|y_i| <= eta/beta for |gamma - gamma~| <= h."""
        return 0 if self.trivial else up(self.residual(h) << self.chart.net.F, self.beta)

    def tangent(self) -> Vector:
        """x'(gamma) = c' + XPy' over the piece: N y' = -P^-1 Y (A c' + d f/d gamma), so |y'_i| <= |P^-1 Y (...)|/beta,
        with the weights of this tube."""
        if self.trivial:
            return self.section.slope
        along = up(self.size(self.section.along) << self.chart.net.F, self.beta)
        return wider(self.section.slope, self.A.spread(along))

    def from_centre(self, gamma: Interval) -> Real:
        """gamma - gamma~."""
        return gamma.rounded(self.chart.net.F) - self.chart.gamma

    def over(self, gamma: Interval) -> Section:
        """Everything at (gamma, x(gamma)) for all gamma of a part of the interval, seen from its middle gamma' and
        c(gamma'): the steps from there stay over the part, so derivatives over it will do."""
        chart, net, middle = self.chart, self.chart.net, (gamma.lo + gamma.hi) / 2
        if chart.bends:
            raise Rejected("a part of a tube around a cubic curve is asked for")
        far, half = self.from_centre(gamma).size, gamma.hi - middle
        if max(gamma.hi - chart.middle, chart.middle - gamma.lo) * net.one > self.h:
            raise Rejected(f"{show(gamma)} does not lie in the interval of its tube")
        there = Chart(net, chart.basis, middle, chart.centre(self.from_centre(Interval(middle))), chart.slope)
        return there.over(up(half.numerator << net.F, half.denominator), chart.basis.spread(self.radius(far)))

    def contains(self, gamma: Interval, x: list[Interval]) -> bool:
        """The box x lies in the tube at these gamma: v = x - c(gamma) = XPy, |y_i| <= |P^-1 Y v|_i + s_i |P^-1 Y v|."""
        net, A = self.chart.net, self.A
        y = A.complex(minus([y.rounded(net.F) for y in x], self.chart.centre(self.from_centre(gamma))))
        far = y.modulus()
        most = max(size + up(s * far, net.one) for size, s in zip(y.moduli(), A.s, strict=True))
        return self.bound is not None and Fraction(most, net.one) <= self.bound

    def equilibrium(self, gamma: Fraction, steps: int = 1) -> Vector:
        """x(gamma) for one gamma of the interval: |y_i - y^_i| <= ||P^-1 Y f(x^)||/beta for a point x^ = c + XPy^ of
        the tube, here c after steps y^ = -diag(1/d) P^-1 Y f(c)."""
        net, A, point = self.chart.net, self.A, real(gamma, self.chart.net.F)
        x, far = self.chart.centre(self.from_centre(Interval(gamma))), 0
        for _ in range(steps):
            y = list[Disc]()
            for i, ((a, b, _), (u, v)) in enumerate(zip(A.complex(net.at(point, x).f).values, A.centres, strict=True)):
                w = u * u + v * v  # positive, as beta > 0
                own = (-((a * u + b * v) << A.d_unit) // w, -((b * u - a * v) << A.d_unit) // w, 0)
                y.append((y[i - 1][0], -y[i - 1][1], 0) if i < 2 * A.m and i % 2 else own)
            step = Discs(y, net.F)
            far += step.modulus()
            if self.bound is None or Fraction(far, net.one) > self.bound:
                break
            x = plus(x, A.real(step)[0])
        error = up(self.size(net.at(point, x).f) << net.F, self.beta)
        return wider(x, A.spread(error))

    def box(self, gamma: Fraction, steps: int = 1) -> list[Interval]:
        """The same as intervals."""
        return [x.exact for x in self.equilibrium(gamma, steps)]

    def crossing(self, k: int) -> tuple[Interval, Fraction | None]:
        """K_k is isolated, from the real axis too if k = a+, all others are clear of the axis, and Re lambda' != 0
        over Gamma: Re lambda', and the least clearance."""
        A, own = self.A, (k, k ^ 1) if k < 2 * self.A.m else (k,)
        if not A.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, is not disjoint from all others")
        if k < 2 * A.m and A.im(k).lo <= 0:
            raise Rejected("Im d_k - g_k > 0 does not hold over Gamma")
        clear = self.clearance(own)
        if clear is not None and clear <= 0:
            raise Rejected(f"a disc that does not belong to k = {k} is not clear of {self.locus.name}: "
                           f"{show(clear)}")  # fmt: skip
        speed = self.chart.speed(self.section, k, A.vectors(k))
        if 0 in speed:
            raise Rejected(f"{self.locus.moving} != 0 over Gamma does not hold: {show(speed)}")
        return speed, clear

    def clearance(self, own: tuple[int, ...], best: bool = True) -> Fraction | None:
        A = self.A
        others = [j for j in range(A.n) if j not in own and (j >= 2 * A.m or j % 2 == 0)]
        return min((self.locus.clearance(A, j, best) for j in others), default=None)
