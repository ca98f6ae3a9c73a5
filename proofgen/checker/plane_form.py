"""The normal form along a curve of Hopf points (section 28): c1, its derivative, and c2, over a section of a piece."""

from __future__ import annotations

from fractions import Fraction

from .blocks import Discs
from .complexes import Complex, dot, joined, of_discs, parts
from .graph_series import Expansion, Monomial, coefficient, series_of
from .hopf_piece import HopfPiece, Section, Unknowns
from .hopf_point import plus_i
from .intervals import Real, Vector, hypot_up, real, up
from .jets import plus
from .lemma_c import solved
from .reports import show
from .verdicts import Disc, Rejected

Vectors = list[Complex]


def minus_product(x: Disc, c: Complex, y: Disc) -> Disc:
    """x - c y."""
    F = c.re.F
    (a, e), (b, f) = c.re.middle(), c.im.middle()
    (p, q, r), (u, v, t) = x, y
    error = hypot_up(e, f) * (hypot_up(u, v) + t) + hypot_up(a, b) * t
    return p - ((a * u - b * v) >> F), q - ((a * v + b * u) >> F), r + up(error, 1 << F) + 2


class NormalForm:
    """H = x + q w + h20 w^2 + h11 w w- + h30 w^3 + h21 w^2 w- + h31 w^3 w- + h22 w^2 w-^2 + their conjugates, without
    factorials; all is divided by p^H q, as needed."""

    def __init__(self, piece: HopfPiece, section: Section) -> None:
        self.piece, self.section, self.net, self.n = piece, section, piece.net, piece.n
        self.A, self.F, self.k = section.A, piece.net.F, piece.k
        self.q, self.p = joined(section.u.a, section.u.b), of_discs(section.v.p)
        self.pq = dot(self.p, self.q)
        self.omega = section.u.omega
        # |omega - Im d_k|, in units of 2^-F
        at = real(Fraction(self.A.centres[self.k][1], 1 << self.A.d_unit), self.F)
        self.far = (self.omega - at).size
        self.h: dict[Monomial, Vectors] = {(1, 0, 0): self.q}
        self.gaps: dict[int, int] = {}  # beta of Lemma C, by the multiple of i omega
        self.expansions: dict[Monomial, Expansion] = {}
        self.solve((2, 0, 0), 2)
        self.solve((1, 1, 0), 0)
        self.phi = self.expanded((2, 1, 0))
        self.c1 = self.along_p(self.phi)

    def along_p(self, v: Vectors) -> Complex:
        """p^H v/p^H q."""
        return dot(self.p, v) / self.pq

    def expanded(self, top: Monomial, extra: dict[Monomial, Vectors] | None = None) -> Vectors:
        """The coefficient of f(H)."""
        if top not in self.expansions:
            self.expansions[top] = Expansion(self.net, self.section.state, top)
        known = self.h | (extra or {})
        found = self.expansions[top].of(series_of(known.items(), self.n + 2))
        zero = real(0, self.F)
        return [coefficient(u, top) or Complex(zero, zero) for u in found]

    def solve(self, m: Monomial, multiple: int, less: Vectors | None = None) -> None:
        """h_m: (i omega multiple - A) h = F_m - less."""
        v = self.expanded(m)
        self.h[m] = self.resolved(multiple, v if less is None else [x - y for x, y in zip(v, less, strict=True)])

    def coordinates(self, v: Vectors) -> Discs:
        re, im = parts(v)
        return plus_i(self.A.complex(re), self.A.complex(im))

    def resolved(self, multiple: int, v: Vectors) -> Vectors:
        """(i omega multiple - A)^-1 v."""
        return self.from_coordinates(multiple, self.coordinates(v))

    def from_coordinates(self, multiple: int, r: Discs) -> Vectors:
        """The same by P^-1 Y v; for multiple 1 the solution without the coordinate k."""
        z, dz = (0, multiple * self.A.centres[self.k][1]), multiple * self.far
        y, beta = solved(self.A, z, dz, r, self.k if multiple == 1 else None)
        if y is None:
            raise Rejected(f"Lemma C at {multiple} i omega: beta > 0 does not hold: {show(Fraction(beta, self.A.one))}")
        self.gaps[multiple] = min(beta, self.gaps.get(multiple, beta))
        return joined(*self.A.real(y))

    def with_h21(self, c1: Complex) -> None:
        """h21 for F21 - c1 q: the coordinates of q but k are small, so that a wide c1 does little harm."""
        q = [minus_product(x, c1, y) for x, y in
             zip(self.coordinates(self.phi).values, self.coordinates(self.q).values, strict=True)]  # fmt: skip
        self.h[2, 1, 0] = self.from_coordinates(1, Discs(q, self.F))

    def slope(self, motion: Unknowns) -> Complex:
        """c1' along the curve, for u' in `motion`."""
        piece, q_, i_omega = self.piece, joined(motion.a, motion.b), Complex(real(0, self.F), motion.omega)
        e: Monomial = (0, 0, 1)
        zero = real(0, self.F)
        inputs = piece.inputs(motion.x, motion.alpha, real(1, self.F))
        first: dict[Monomial, Vectors] = {e: [Complex(y, zero) for y in inputs], (1, 0, 1): q_}
        for m, multiple in (((2, 0, 0), 2), ((1, 1, 0), 0)):  # of F_m along the curve; A' h, as h is in H
            v = self.expanded((m[0], m[1], 1), first)
            turn = [(i_omega * y).by(multiple) for y in self.h[m]]
            first[m[0], m[1], 1] = self.resolved(multiple, [x - y for x, y in zip(v, turn, strict=True)])
        self.with_h21(self.c1)
        v = self.expanded((2, 1, 1), first)
        rest = [x - i_omega * y - self.c1 * z for x, y, z in zip(v, self.h[2, 1, 0], q_, strict=True)]
        return self.along_p(rest)

    def second(self) -> Complex:
        """c2 where Re c1 = 0."""
        c1 = Complex(real(0, self.F), self.c1.im)
        self.with_h21(c1)
        self.solve((3, 0, 0), 3)
        self.solve((3, 1, 0), 2, [(c1 * y).by(2) for y in self.h[2, 0, 0]])
        self.solve((2, 2, 0), 0)  # less 2 Re(c1) h11
        v = self.expanded((3, 2, 0))
        return self.along_p([x - c1 * y for x, y in zip(v, self.h[2, 1, 0], strict=True)])  # 2 c1 + conj c1 = c1

    def speed(self) -> Real:
        """Re lambda' as the parameter moves that does not run: p^H (A' q + B(q, x'))/p^H q, A x' = -f'."""
        net, n, at = self.net, self.n, self.section.state
        e = net.units[n + self.piece.other]
        f_alpha = net.jets(at, [e], [0]).first[0]
        x, _ = parts(self.resolved(0, joined(f_alpha, [real(0, self.F)] * n)))
        moved = plus(self.piece.vector(x), e)
        a, b = (self.piece.vector(y) for y in (self.section.u.a, self.section.u.b))
        pair: list[Vector] = net.jets(at, [moved, a, b], [0] * 3, [(0, 1), (0, 2)]).second
        return self.along_p(joined(*pair)).re
