"""Theorem V (section 28): a piece of a curve of Hopf points in the plane of two parameters, over one of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .budget import OPERATION
from .context import Checker
from .curve_witness import PieceWitness
from .fields import field_for, wide
from .fold import defect, dot, weighted
from .intervals import Interval, Real, Vector, around, exactly, real, up
from .jets import Box, State, plus, wider
from .local_spectrum import Eigenvectors, LocalSpectrum
from .locus import AXIS
from .plane_field import PlaneField
from .reports import show
from .tube import centred
from .verdicts import Rejected


@dataclass(frozen=True)
class Unknowns:
    """u = (alpha, omega, x, a, b): numbers or enclosures, one unit."""

    alpha: Real
    omega: Real
    x: Vector
    a: Vector
    b: Vector

    def all(self) -> Vector:
        return [self.alpha, self.omega, *self.x, *self.a, *self.b]

    @staticmethod
    def of(v: Vector) -> Unknowns:
        n = (len(v) - 2) // 3
        return Unknowns(v[0], v[1], v[2 : n + 2], v[n + 2 : 2 * n + 2], v[2 * n + 2 :])


@dataclass(frozen=True)
class HopfPoints:
    """An enclosure of Hopf points: the parameters, omega, the equilibrium, and q = a + ib."""

    parameters: list[Interval]
    omega: Interval
    x: list[Interval]
    a: list[Interval]
    b: list[Interval]

    def apart(self, o: HopfPoints) -> bool:
        """Whether no point is of both."""
        pairs = zip([*self.parameters, self.omega, *self.x], [*o.parameters, o.omega, *o.x], strict=True)
        return any(x.hi < y.lo or y.hi < x.lo for x, y in pairs)


@dataclass
class Section:
    """What is known over a part of the tube around the curve."""

    u: Unknowns
    still: State
    state: State
    A: LocalSpectrum
    v: Eigenvectors
    gap: Fraction | None  # of all other eigenvalues from the axis
    unstable: int


class HopfPiece:
    """One piece: for every s of J exactly one zero of F in its tube.  R is rounded up: what is proved is about this
    tube."""

    def __init__(self, checker: Checker, w: PieceWitness, precision: int, where: str) -> None:
        self.n, self.along, self.other, self.k = checker.problem.n, w.along, 1 - w.along, 2 * w.pair
        n, vectors = self.n, w.vectors
        if min(vectors["R"]) <= 0:
            raise Rejected(f"{where}: R > 0 does not hold")
        alpha, _, *middle = vectors["centre"]
        parameters = [alpha, w.s] if self.along else [w.s, alpha]
        net = wide(checker, field_for(checker, precision), Fraction(0), [*middle[:n], *parameters])
        assert isinstance(net, PlaneField)
        self.net, self.s, self.h = net, w.s, up(w.h.numerator << net.F, w.h.denominator)
        self.basis, self.A_N = w.basis, w.A
        self.J = exactly(w.s - w.h, w.s + w.h)
        F = net.F
        self.middle, self.slope = (Unknowns.of([real(y, F) for y in vectors[key]]) for key in ("centre", "direction"))
        self.phi, self.R = vectors["phi"], [up(y.numerator << F, y.denominator) for y in vectors["R"]]
        self.ends = [[real(y, F) for y in vectors[key]] for key in ("begin", "end") if key in vectors]
        self.zero, self.one_unit = real(0, F), real(1, F)
        # of f along the path: x', alpha' and 1
        self.direction = self.inputs(self.slope.x, self.slope.alpha, self.one_unit)
        self.contract()

    def inputs(self, x: Vector, alpha: Real, s: Real) -> Vector:
        return [*x, *((alpha, s) if self.along else (s, alpha))]

    def scaled(self, r: int) -> list[int]:
        """r R_i, for r in units of 2^-F."""
        return [up(r * radius, self.net.one) for radius in self.R]

    def over(self, h: int, spread: list[int]) -> tuple[Unknowns, State, State]:
        """The tube of these radii over |s - s~| <= h: u, the state at s~, and over all of it, centred (section 12)."""
        net, n, t = self.net, self.n, around(0, h, self.net.F)
        u = Unknowns.of(wider(plus(self.middle.all(), net.scale(self.slope.all(), t)), spread))
        base = self.inputs(self.middle.x, self.middle.alpha, real(self.s, net.F))
        radii = [*spread[2 : n + 2], *((spread[0], 0) if self.along else (0, spread[0]))]
        return u, *net.over(self.zero, base, self.direction, h, radii, flag=0)

    def vector(self, v: Vector) -> Vector:
        """A direction of the state."""
        return [*v, self.zero, self.zero]

    # --- existence ---

    def image_of_F(self, s: Fraction, u: Unknowns) -> int:
        """|A_N F(u; s)|_R."""
        net = self.net
        at = net.at(self.zero, self.inputs(u.x, u.alpha, real(s, net.F)))
        Aa, Ab = net.jets(at, [self.vector(u.a), self.vector(u.b)], [0, 0]).first
        phi = [real(y, net.F) for y in self.phi]
        F_u = [dot(net, phi, u.a), dot(net, phi, u.b) - self.one_unit, *at.f, *plus(Aa, net.scale(u.b, u.omega)),
               *plus(Ab, net.scale(u.a, -u.omega))]  # fmt: skip
        return weighted(net, net.apply(self.A_box, [F_u])[0], self.R)

    def contract(self) -> None:
        """Y, Z, r, the drift, and |A_N F| at s~ alone."""
        net, n, one, R = self.net, self.n, self.net.one, self.R
        rows, shift = self.A_N
        net.budget.spend((3 * n + 2) ** 2 * 40 * OPERATION)
        self.A_box = A_N = Box.of(rows, 1 << shift, net.F)
        self.start = self.image_of_F(self.s, self.middle)
        image, *products = net.apply(A_N, self.derivative(R, True))
        moved = weighted(net, image, R)
        self.Y, self.Z = self.start + up(self.h * moved, one), defect(net, products, R)
        if one <= self.Y + self.Z:
            raise Rejected(f"Y + Z < 1 does not hold: Y = {show(Fraction(self.Y, one))}, "
                           f"Z = {show(Fraction(self.Z, one))}")  # fmt: skip
        self.r, self.r_start = (up(y * one, one - self.Z) for y in (self.Y, self.start))
        moved = weighted(net, net.apply(A_N, self.derivative(self.scaled(self.r), False))[0], R)
        self.drift = up(moved * one, one - self.Z)

    def derivative(self, spread: list[int], whole: bool) -> list[Vector]:
        """D = DF u~' + dF/ds over the tube of these radii; with `whole` also DF, column by column."""
        net, n, d, zero = self.net, self.n, self.slope, self.zero
        u, _, state = self.over(self.h, spread)
        phi, nothing, corner = [real(y, net.F) for y in self.phi], net.none[:n], [zero, zero]
        directions = [self.direction, *(self.vector(y) for y in (u.a, u.b, d.a, d.b))]
        pairs = [(i, j) for j in (1, 2) for i in [0, *range(5, n + 6 if whole else 5)]]
        if whole:
            directions += [net.units[n + self.other], *net.units[:n]]
        jets = net.jets(state, directions, [0] * len(directions), pairs)
        half = len(pairs) // 2
        (D_a, *B_a), (D_b, *B_b) = jets.second[:half], jets.second[half:]
        D = [dot(net, phi, d.a), dot(net, phi, d.b), *jets.first[0],
             *plus(D_a, jets.first[3], net.scale(d.b, u.omega), net.scale(u.b, d.omega)),
             *plus(D_b, jets.first[4], net.scale(d.a, -u.omega), net.scale(u.a, -d.omega))]  # fmt: skip
        if not whole:
            return [D]
        moved = [corner + f + y + z for f, y, z in zip(jets.first[5:], B_a, B_b, strict=True)]  # alpha, x
        columns = [moved[0], corner + nothing + u.b + [-y for y in u.a], *moved[1:]]
        for swap in (False, True):
            for i, f in enumerate(jets.first[6:]):
                turn = [u.omega if j == i else zero for j in range(n)]
                columns.append([zero, phi[i], *nothing, *turn, *f] if swap else
                               [phi[i], zero, *nothing, *f, *(-y for y in turn)])  # fmt: skip
        return [D, *columns]

    def motion(self) -> Unknowns:
        """u'(s), s in J."""
        return Unknowns.of(wider(self.slope.all(), self.scaled(self.drift)))

    def points(self, S: Interval) -> HopfPoints:
        """The Hopf points of a part of J."""
        net, t = self.net, S.rounded(self.net.F) - real(self.s, self.net.F)
        v = wider(plus(self.middle.all(), net.scale(self.slope.all(), t)), self.scaled(self.r))
        return self.enclosed(v, S)

    def end(self, S: Fraction, last: bool) -> HopfPoints:
        """The Hopf point at an end of J, near a point u^ of the witness: |u - u^|_R <= |A_N F(u^; s)|_R/(1 - Z)."""
        net, t = self.net, real(S - self.s, self.net.F)
        near = Unknowns.of(self.ends[last])
        path = plus(self.middle.all(), net.scale(self.slope.all(), t))
        if any((x - y).size > radius for x, y, radius in zip(near.all(), path, self.R, strict=True)):
            raise Rejected(f"the {'end' if last else 'begin'} of the witness is not in the tube")
        r = up(self.image_of_F(S, near) * net.one, net.one - self.Z)
        return self.enclosed(wider(near.all(), self.scaled(r)), Interval(S))

    def enclosed(self, v: Vector, S: Interval) -> HopfPoints:
        alpha, omega, *rest = (y.exact for y in v)
        parameters, n = [alpha, S] if self.along else [S, alpha], self.n
        return HopfPoints(parameters, omega, rest[:n], rest[n : 2 * n], rest[2 * n :])

    def contains(self, p: HopfPoints, S: Interval, phi: list[Fraction]) -> bool:
        """Whether p lies in the tube over S, a part of J; its q is normalised by phi."""
        net, F, running = self.net, self.net.F, p.parameters[self.along]
        if not (S.lo <= running.lo and running.hi <= S.hi):
            return False
        a, b = ([y.rounded(F) for y in v] for v in (p.a, p.b))
        if phi != self.phi:  # times i/(phi_own^T q)
            own = [real(y, F) for y in self.phi]
            u, v = dot(net, own, a), dot(net, own, b)
            size = abs(u) * abs(u) + abs(v) * abs(v)
            if size.lo <= 0:
                return False
            c, e = v / size, u / size  # i/(u + iv) = (v + iu)/size
            a, b = (plus(net.scale(a, c), net.scale(b, -e)), plus(net.scale(b, c), net.scale(a, e)))
        there = [p.parameters[self.other].rounded(F), p.omega.rounded(F), *(y.rounded(F) for y in p.x), *a, *b]
        t = running.rounded(F) - real(self.s, F)
        path = plus(self.middle.all(), net.scale(self.slope.all(), t))
        return all((x - y).size <= radius for x, y, radius in zip(there, path, self.R, strict=True))

    # --- the spectrum ---

    def section(self, h: int, r: int) -> Section:
        """H2 over |s - s~| <= h, where u is within r R of the path."""
        net, n, k = self.net, self.n, self.k
        u, still, state = self.over(h, self.scaled(r))
        A0, motion = net.jets(still, net.units[:n], [0] * n).first, None
        if h:
            pairs = [(0, i + 1) for i in range(n)]
            moving = net.jets(state, [self.direction, *net.units[:n]], [0] * (n + 1), pairs).second
            motion = (*centred(moving), h)
        A = LocalSpectrum(self.basis, *centred(A0), net.F, motion)
        if not A.isolated(k):
            raise Rejected(f"the disc K_k, k = {k}, is not disjoint from all others")
        if A.im(k).lo <= 0 or u.omega.lo <= 0:
            raise Rejected("Im d_k - g_k > 0 and omega > 0 do not hold")
        others = [j for j in range(n) if j not in (k, k + 1)]
        gap = min((A.clearance(j, True) for j in others), default=None)
        if gap is not None and gap <= 0:
            raise Rejected(f"a disc that does not belong to k = {k} is not clear of the axis: {show(gap)}")
        unstable = sum(AXIS.unstable(A, j) for j in others)
        return Section(u, still, state, A, A.vectors(k), gap, unstable)

    @property
    def whole(self) -> Section:
        return self.section(self.h, self.r)

    @property
    def centre(self) -> Section:
        """At s~."""
        return self.section(0, self.r_start)

    def forget(self) -> None:
        """What is not needed of a piece among many."""
        del self.A_N, self.A_box, self.basis
