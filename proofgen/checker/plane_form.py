"""The normal form along a curve of Hopf points (section 28): c1, its derivative, and c2, over a section of a piece."""

from __future__ import annotations

from fractions import Fraction

from .complexes import Complex, dot, joined, of_discs, parts
from .graph_series import Expansion, Monomial, coefficient, series_of
from .hopf_piece import HopfPiece, Section, Unknowns
from .intervals import Real, Vector, real
from .jets import plus
from .lemma_c import coordinates, solved, vector_of
from .reports import show
from .verdicts import Rejected

Vectors = list[Complex]


class NormalForm:
    """H = x + q w + h20 w^2 + h11 w w- + h30 w^3 + h21 w^2 w- + h31 w^3 w- + h22 w^2 w-^2 + their conjugates, without
    factorials; all is divided by p^H q, as needed."""

    def __init__(self, piece: HopfPiece, section: Section) -> None:
        self.piece, self.section, self.net, self.n = piece, section, piece.net, piece.n
        self.A, self.F, self.k = section.A, piece.net.F, piece.k
        self.q, self.p = joined(section.u.a, section.u.b), of_discs(section.v.p)
        self.pq = dot(self.p, self.q)
        self.omega = section.u.omega
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
        h = self.resolved(multiple, v if less is None else [x - y for x, y in zip(v, less, strict=True)])
        self.h[m] = h if m[0] != m[1] else list(map(self.real_part, h))

    def real_part(self, z: Complex) -> Complex:
        return Complex(z.re, real(0, self.F))

    def resolved(self, multiple: int, v: Vectors) -> Vectors:
        """(i omega multiple - A)^-1 v."""
        return self.from_coordinates(multiple, coordinates(self.A, v))

    def from_coordinates(self, multiple: int, r: Vectors) -> Vectors:
        """The same by P^-1 Y v; for multiple 1 the solution without the coordinate k."""
        z, near = Complex(real(0, self.F), self.omega.by(multiple)), (0, multiple * self.A.centres[self.k][1])
        y, beta = solved(self.A, z, near, r, self.k if multiple == 1 else None)
        if y is None:
            raise Rejected(f"Lemma C at {multiple} i omega: beta > 0 does not hold: {show(Fraction(beta, self.A.one))}")
        self.gaps[multiple] = min(beta, self.gaps.get(multiple, beta))
        return vector_of(self.A, y)

    def with_h21(self, c1: Complex) -> None:
        """h21 for F21 - c1 q: the coordinates of q but k are small, so that a wide c1 does little harm."""
        pairs = zip(coordinates(self.A, self.phi), coordinates(self.A, self.q), strict=True)
        self.h[2, 1, 0] = self.from_coordinates(1, [x - c1 * y for x, y in pairs])

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
            h = self.resolved(multiple, [x - y for x, y in zip(v, turn, strict=True)])
            first[m[0], m[1], 1] = h if multiple else list(map(self.real_part, h))
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
