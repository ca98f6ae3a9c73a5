"""Vector fields and their derivatives in fixed point.  A Ball (m, r) is [m - r, m + r] in units of 2^-F."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .intervals import up
from .problem import Problem
from .products import absolute, transpose
from .verdicts import Ball, Matrix, Span, Undecided, Vector


def fix(x: Fraction, F: int) -> Ball:
    m = (x.numerator << F) // x.denominator
    return m, int(m * x.denominator != x.numerator << F)


def ball(lo: int, hi: int) -> Ball:
    m = (lo + hi) >> 1
    return m, hi - m


def meet(a: Ball, b: Ball) -> Ball:
    """An interval that holds all points of both."""
    lo, hi = max(a[0] - a[1], b[0] - b[1]), min(a[0] + a[1], b[0] + b[1])
    if lo > hi:
        raise Undecided("two enclosures of one number are disjoint")
    return ball(lo, hi)


def plus(*vectors: Vector) -> Vector:
    return [(sum(x for x, _ in balls), sum(r for _, r in balls)) for balls in zip(*vectors, strict=True)]


def minus(u: Vector, v: Vector) -> Vector:
    return [(x - y, r + e) for (x, r), (y, e) in zip(u, v, strict=True)]


def wider(v: Vector, radii: Iterable[int]) -> Vector:
    return [(x, r + e) for (x, r), e in zip(v, radii, strict=True)]


def largest(v: Iterable[Ball]) -> int:
    return max(abs(x) + r for x, r in v)


@dataclass
class Box:
    """An interval matrix, transposed: to be multiplied from the right by rows."""

    mid: Matrix
    rad: Matrix
    size: Matrix  # |mid|

    @staticmethod
    def of(rows: Matrix, unit: int, F: int, delta: Matrix | None = None) -> Box:
        """Entries and their radii in units 1/unit."""
        mid = [[(x << F) // unit for x in column] for column in zip(*rows, strict=True)]
        rad = [[int((x << F) % unit != 0) for x in column] for column in zip(*rows, strict=True)]
        if delta:
            rad = [
                [e + up(x << F, unit) for e, x in zip(*pair, strict=True)]
                for pair in zip(rad, transpose(delta), strict=True)
            ]
        return Box(mid, rad, absolute(mid))


@dataclass
class Stage:
    """A layer at a point or over a box: h_(l-1), W_l(gamma), z_l, and sigma_l, its derivatives at z_l."""

    h: Vector
    W: Box
    z: Vector
    sigma: list[Vector]


@dataclass
class State:
    """What is known of f at a point or over a box: of a network the layers, of equations the nodes of their graph."""

    x: Vector
    f: Vector
    stages: list[Stage] = field(default_factory=list)
    values: list[Span] = field(default_factory=list)
    calls: dict[int, list[Span]] = field(default_factory=dict)  # derivatives of the functions, at their arguments


@dataclass
class Jets:
    """Coefficients of f for directions, pairs and triples; and z_u of each layer for directions."""

    first: list[Vector]
    second: list[Vector]
    third: list[Vector]
    z: list[list[Vector]]


class Field:
    """f(x, gamma) and its jets in interval arithmetic."""

    def __init__(self, p: Problem, F: int) -> None:
        self.p, self.F, self.n, self.one, self.budget = p, F, p.n, 1 << F, p.budget
        self.units = [[(int(i == j) << F, 0) for j in range(p.n)] for i in range(p.n)]
        self.unit_index = {id(e): i for i, e in enumerate(self.units)}

    def times(self, u: Vector, v: Vector) -> Vector:
        """Componentwise."""
        F = self.F
        return [((x * y) >> F, (((abs(x) + r) * e + r * abs(y)) >> F) + 2) if (x or r) and (y or e) else (0, 0)
                for (x, r), (y, e) in zip(u, v, strict=True)]  # fmt: skip

    def scale(self, v: Vector, c: Ball) -> Vector:
        return self.times(v, [c] * len(v))

    def apply(self, W: Box, vectors: list[Vector]) -> list[Vector]:
        """Products with W, whose columns are those with `units` themselves."""
        F, product, units = self.F, self.p.product, self.unit_index
        others, images = [v for v in vectors if id(v) not in units], iter(list[Vector]())
        if others:
            mid = product([[x for x, _ in v] for v in others], W.mid)
            far = product([[abs(x) + r for x, r in v] for v in others], W.rad)
            near = product([[r for _, r in v] for v in others], W.size)
            images = iter([[(x >> F, ((a + b) >> F) + 2 if x or a or b else 0) for x, a, b in zip(*rows, strict=True)]
                           for rows in zip(mid, far, near, strict=True)])  # fmt: skip
        return [list(zip(W.mid[units[id(v)]], W.rad[units[id(v)]], strict=True)) if id(v) in units else next(images)
                for v in vectors]  # fmt: skip

    def largest(self, gamma: Ball, x: Vector) -> int:
        """Bits before the point of values on the way, where large ones need finer units."""
        return 0

    def at(self, gamma: Ball, x: Vector) -> State:
        """Over a box."""
        raise NotImplementedError

    def over(self, gamma: Ball, x: Vector, slope: Vector, h: int, spread: list[int]) -> tuple[State, State]:
        """At gamma and x +- spread; and over gamma + t and x + t slope +- spread for |t| <= h, centred (section 12)."""
        raise NotImplementedError

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        """Directions (u_i, flag_i), where the flag is the component along gamma (0 for those of triples)."""
        raise NotImplementedError
