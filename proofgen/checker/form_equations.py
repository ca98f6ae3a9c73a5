"""Equations along a curve and around it (section 17): what Theorem L asks of a field, entry by entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul

from .budget import OPERATION, Budget, bytes_of
from .equations_jets import System
from .equations_problem import Equations
from .form_motion import UNIT, Matrices, Motion
from .form_series import Series, centres, over_part, part_along, recentred
from .intervals import Real, Vector, around, split, up
from .jets import wider
from .products import transpose
from .verdicts import Matrix

BEND_BYTES = 900  # of two objects Bend with their numbers
STEPS = 4  # on either side of gamma~, over which the derivative of A is bounded one by one


@dataclass(slots=True)
class Bend:
    """What the steps from gamma~ on say of an entry of A' - A_1: the least and the largest sum so far of its values
    (0 of no step is one), and sum_i L_i for L_1 <= L_2 <= ... that bound it."""

    low: int = 0
    high: int = 0
    total: int = 0
    largest: int = 0
    so_far: tuple[int, int] = 0, 0

    def add(self, x: Real) -> None:
        self.so_far = low, high = self.so_far[0] + x.lo, self.so_far[1] + x.hi
        self.low, self.high, self.largest = min(self.low, low), max(self.high, high), max(self.largest, x.size)


@dataclass
class EntryRest:
    """E = near + moving in units 2^-F; near: its part in proportion to r."""

    near: Matrix
    moving: Matrix
    F: int
    budget: Budget

    def times(self, v: list[int]) -> list[int]:
        return self.applied(v, self.near, self.moving)

    def turned(self, v: list[int]) -> list[int]:
        return self.applied(v, transpose(self.near), transpose(self.moving))

    def applied(self, v: list[int], *parts: Matrix) -> list[int]:
        self.budget.spend(len(v) ** 2 * 30)
        near, moving = ([sum(map(mul, row, v)) for row in part] for part in parts)
        return [up(x + y, 1 << self.F) for x, y in zip(near, moving, strict=True)]

    def still(self, share: Fraction) -> EntryRest:
        near = [[up(x * share.numerator, share.denominator) for x in row] for row in self.near]
        return EntryRest(near, [[0] * len(row) for row in self.moving], self.F, self.budget)


class FormEquations:
    """Equations in units 2^-UNIT, or finer ones that their constants ask for."""

    parts = 8

    def __init__(self, problem: Equations) -> None:
        self.net = System(problem, UNIT)

    def around(self, gamma: Real, curve: Sequence[Vector], h: int, r: int,
               trivial: bool) -> tuple[list[tuple[Series, int]], Motion]:  # fmt: skip
        net, n, given = self.net, self.net.n, list(curve)
        net.budget.spend(n * n * 60 * OPERATION)
        net.budget.hold(6 * bytes_of(n * n, net.F) + n * n * BEND_BYTES)
        found = [] if trivial else [(part_along(net, gamma, given, t, eta), eta) for t, eta in centres(h, self.parts)]
        jets = net.jets(net.at(gamma, given[0]), [given[1], *net.units], [1] + [0] * n, self.pairs)
        A1 = jets.second
        left, right = (self.bends(gamma, given, sign * h, r, A1) for sign in (-1, 1))
        whole = Series([net.none], [0] * n)
        near, moving, middle, beside_it = ([[0] * n for _ in range(n)] for _ in range(4))
        for i, j in {*left, *right}:
            x, y = left.get((i, j), Bend()), right.get((i, j), Bend())
            low, high = (h * end // STEPS for end in (min(-x.high, y.low), max(-x.low, y.high)))
            moving[i][j] = up(h * max(x.total, y.total), STEPS << net.F)
            middle[i][j] = (low + high) >> net.F + 1
            beside_it[i][j] = max(up(high, 1 << net.F) - middle[i][j], middle[i][j] - (low >> net.F)) + 1
        if not trivial:
            whole = part_along(net, gamma, given, 0, h)
            ball = [around(0, 1 << net.F, net.F)] * n
            beside = net.jets(net.at(gamma, wider(given[0], [r] * n)), [ball, *net.units], [0] * (n + 1), self.pairs)
            near = [[up(r * x.size, 1 << net.F) for x in row] for row in zip(*beside.second, strict=True)]
        A0 = middles(jets.first[1:])
        rest, less = (EntryRest(near, x, net.F, net.budget) for x in (moving, beside_it))
        centre = [list(map(add, *rows)) for rows in zip(A0[0], middle, strict=True)]
        return found, Motion(whole, rest, A0, middles(A1), (centre, A0[1]), less)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Of the first direction with each unit vector."""
        return [(0, i + 1) for i in range(self.net.n)]

    def bends(self, gamma: Real, curve: list[Vector], h: int, r: int, A1: list[Vector]) -> dict[tuple[int, int], Bend]:
        """Of the entries of A' - A_1 that may be other than 0 on the tube from gamma~ to gamma~ + h (h < 0: to the
        left), by equal steps."""
        net, n, eta, none = self.net, self.net.n, up(abs(h), 2 * STEPS), self.net.none[0]
        bends = defaultdict[tuple[int, int], Bend](Bend)
        for k in range(STEPS):
            t = h * (2 * k + 1) // (2 * STEPS)
            along, slope, _, _ = over_part(Series(recentred(curve, t), [0] * n), eta + 1)
            tube = net.at(gamma + around(t, eta + 1, net.F), wider(along, [r] * n))
            found = net.jets(tube, [slope, *net.units], [1] + [0] * n, self.pairs).second
            for j, pair in enumerate(zip(found, A1, strict=True)):
                for i, (x, y) in enumerate(zip(*pair, strict=True)):
                    if not x is y is none:
                        bends[i, j].add(x - y)
            for bend in bends.values():
                bend.total += bend.largest
        return bends


def middles(columns: list[Vector]) -> Matrices:
    """Middles and radii of a matrix that is given by its columns."""
    mid, rad = zip(*map(split, columns), strict=True)
    return transpose(list(mid)), transpose(list(rad))


TUBE_FIELD = FormEquations
