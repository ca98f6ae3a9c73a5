"""Vector fields and their derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .budget import OPERATION, bytes_of, digits_in, size_of
from .intervals import Real, Vector, around, real, split, up
from .problem import Problem
from .products import absolute, transpose
from .verdicts import Matrix


def plus(*vectors: Vector) -> Vector:
    F = vectors[0][0].F
    assert all(v[0].F == F for v in vectors)
    if len(vectors) == 2:
        return [Real(x.lo + y.lo, x.hi + y.hi, F) for x, y in zip(*vectors, strict=True)]
    return [Real(sum([x.lo for x in row]), sum([x.hi for x in row]), F) for row in zip(*vectors, strict=True)]


def minus(u: Vector, v: Vector) -> Vector:
    return [x - y for x, y in zip(u, v, strict=True)]


def wider(v: Vector, radii: Iterable[int]) -> Vector:
    return [x.widen(e) for x, e in zip(v, radii, strict=True)]


def largest(v: Iterable[Real]) -> int:
    return max(x.size for x in v)


@dataclass
class Box:
    """A matrix of numbers mid +- rad in units of 2^-F, transposed: to be multiplied from the right by rows."""

    mid: Matrix
    rad: Matrix
    size: Matrix  # |mid|
    F: int

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
        return Box(mid, rad, absolute(mid), F)


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
    values: list[Real] = field(default_factory=list)
    calls: dict[int, list[Real]] = field(default_factory=dict)  # derivatives of the functions, at their arguments


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
        self.none = [real(0, F)] * p.n
        self.units = [[real(int(i == j), F) for j in range(p.n)] for i in range(p.n)]
        self.unit_index = {id(e): i for i, e in enumerate(self.units)}
        self.latest: tuple[tuple[Real, Vector], Any] | None = None

    def times(self, u: Vector, v: Vector) -> Vector:
        """Componentwise."""
        return [x * y for x, y in zip(u, v, strict=True)]

    def scale(self, v: Vector, c: Real) -> Vector:
        return [x * c for x in v]

    def apply(self, W: Box, vectors: list[Vector]) -> list[Vector]:
        """Products with W, whose columns are those with `units` themselves."""
        F, product, units = self.F, self.p.product, self.unit_index
        others, images = [v for v in vectors if id(v) not in units], iter(list[Vector]())
        if others:
            mids, rads = map(list, zip(*map(split, others), strict=True))
            mid, near = product(mids, W.mid), product(rads, W.size)
            far = product([[x.size for x in v] for v in others], W.rad)
            images = iter([[around(x >> F, ((a + b) >> F) + 2 if x or a or b else 0, F)
                            for x, a, b in zip(*rows, strict=True)]
                           for rows in zip(mid, far, near, strict=True)])  # fmt: skip
        return [[around(m, r, F) for m, r in zip(W.mid[units[id(v)]], W.rad[units[id(v)]], strict=True)]
                if id(v) in units else next(images) for v in vectors]  # fmt: skip

    def weights(self, W: Box, E: Box | None, gamma: Real) -> Box:
        """W + gamma E."""
        if E is None:
            return W
        (c, e), F = gamma.middle(), self.F
        entries, bits = len(W.mid) * len(W.mid[0]), max(size_of(W.size), size_of(E.size))
        self.budget.spend(entries * (6 * OPERATION + digits_in(bits) * digits_in(F)))
        self.budget.hold(3 * bytes_of(entries, max(bits, F)))
        mid = [[x + ((c * y) >> F) for x, y in zip(*rows, strict=True)] for rows in zip(W.mid, E.mid, strict=True)]
        rad = [[r + (((abs(c) + e) * t + e * y) >> F) + 2 if y or t else r for r, t, y in zip(*rows, strict=True)]
               for rows in zip(W.rad, E.rad, E.size, strict=True)]  # fmt: skip
        return Box(mid, rad, absolute(mid), F)

    def largest(self, gamma: Real, x: Vector) -> int:
        """Bits before the point of values on the way, where large ones need finer units."""
        return 0

    def evaluated(self, gamma: Real, x: Vector, still: Any = None, slope: Vector | None = None, h: int = 0,
                  flag: int = 1) -> Any:  # fmt: skip
        """Over a box, step by step.  still: the state at the middle; then every value lies in its plain enclosure and
        in (that at the middle) + [-h, h] (its derivative along (slope, flag)), both formed from the intersected
        enclosures of the operands."""
        raise NotImplementedError

    def at(self, gamma: Real, x: Vector) -> Any:
        """The state over a box."""
        if self.latest is None or self.latest[0] != (gamma, x):  # often asked for twice in a row
            self.latest = (gamma, list(x)), self.evaluated(gamma, x)
        return self.latest[1]

    def over(self, gamma: Real, x: Vector, slope: Vector, h: int, spread: list[int], flag: int = 1) -> tuple[Any, Any]:
        """At gamma and x +- spread; and over gamma + t flag and x + t slope +- spread for |t| <= h, centred (section
        12)."""
        still = self.evaluated(gamma, wider(x, spread))
        if not h:
            return still, still
        box = wider(plus(x, self.scale(slope, around(0, h, self.F))), spread)
        return still, self.evaluated(gamma.widen(h * flag), box, still, slope, h, flag)

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        """Directions (u_i, flag_i), where the flag is the component along gamma (0 for those of triples)."""
        raise NotImplementedError
