"""What the axis is shown to hold over a piece (section 12): by discs, or by the second additive compound of A, whose
eigenvalues are the sums of two eigenvalues of A (MATHEMATICS.md, section 24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .budget import OPERATION, digits_in
from .intervals import ZERO, Interval, Real, Vector, around, up
from .products import absolute
from .reports import show
from .tube import Tube, centred
from .verdicts import Matrix, Rejected

MOST_COMPOUND = 8  # dimension up to which a compound is looked at: it has n(n - 1)/2 rows


class Moving(NamedTuple):
    """A function of gamma: at gamma~, its derivative and its values over the piece.  None stands for 0."""

    at: Real
    by: Real
    over: Real


Rows = list[list[Moving | None]]


class Pivots:
    """Elimination in a matrix of functions for |gamma - gamma~| <= h."""

    def __init__(self, h: int, F: int) -> None:
        self.t = around(0, h, F)

    def moving(self, at: Real, by: Real) -> Moving:
        return Moving(at, by, at + self.t * by)

    def minus(self, x: Moving | None, f: Moving, y: Moving | None) -> Moving | None:
        """x - fy."""
        if y is None:
            return x
        at, by = f.at * y.at, f.by * y.over + f.over * y.by
        return self.moving(-at, -by) if x is None else self.moving(x.at - at, x.by - by)

    def quotient(self, x: Moving, p: Moving) -> Moving:
        return self.moving(x.at / p.at, (x.by - x.over / p.over * p.by) / p.over)

    def last(self, G: Rows) -> Moving | None:
        """The last pivot, and the others are not 0 over the piece: det G is 0 where it is."""
        while len(G) > 1:
            _, i, j = max((abs(x.at).lo if x else -1, i, j) for i, row in enumerate(G) for j, x in enumerate(row))
            row, p = G[i], G[i][j]
            if p is None or p.over.lo <= 0 <= p.over.hi:
                raise Rejected("a pivot of the compound of A may be 0")
            rest, G = [other for other in G if other is not row], []
            for other in rest:
                entry = other[j]
                pairs = [(x, y) for k, (x, y) in enumerate(zip(other, row, strict=True)) if k != j]
                if entry is None:
                    G.append([x for x, _ in pairs])
                else:
                    f = self.quotient(entry, p)
                    G.append([self.minus(x, f, y) for x, y in pairs])
        return G[0][0]


def compound(B: list[list[tuple[Real, Real]]], moving: Callable[[Real, Real], Moving]) -> Rows:
    """On e_j ^ e_k, j < k: Be_j ^ e_k + e_j ^ Be_k."""
    n = len(B)
    pairs = [(j, k) for k in range(n) for j in range(k)]
    place = {pair: index for index, pair in enumerate(pairs)}
    G: Rows = [[None] * len(pairs) for _ in pairs]
    for column, (j, k) in enumerate(pairs):
        for i in range(n):
            for a, b, (at, by) in ((i, k, B[i][j]), (j, i, B[i][k])):
                if a == b:
                    continue
                if a > b:
                    at, by = -at, -by
                row = place[min(a, b), max(a, b)]
                known = G[row][column]
                G[row][column] = moving(at, by) if known is None else moving(known.at + at, known.by + by)
    return G


def similar(tube: Tube, columns: list[Vector]) -> list[Vector]:
    """X^-1 W X = (I + S)YWX, where YX = I - R and |S|_inf <= |R|_inf/(1 - |R|_inf), for a matrix given by columns."""
    A, F, one = tube.A, tube.A.F, tube.A.one
    product, shift = A.product, A.X_unit + A.Y_unit
    mid, rad = centred(columns)
    far: Matrix = product(absolute(A.Y), rad, absolute(A.X))
    rows = [[around(x >> shift, (e >> shift) + 2, F) for x, e in zip(*pair, strict=True)]
            for pair in zip(product(A.Y, mid, A.X), far, strict=True)]  # fmt: skip
    r = up(max(sum(map(abs, row)) for row in A.R) << F, 1 << shift)
    if r >= one:
        raise Rejected("|I - YX| < 1 does not hold")
    s = up(r << F, one - r)
    largest = [up(s * max(x.size for x in column), one) for column in zip(*rows, strict=True)]
    return [[x.widen(e) for x, e in zip(row, largest, strict=True)] for row in rows]


def last_pivot(tube: Tube, along: list[Vector]) -> Moving | None:
    """That of the compound of A over the piece.  along: the columns of the derivative of A."""
    n, F, m = tube.A.n, tube.A.F, tube.A.n * (tube.A.n - 1) // 2
    if n > MOST_COMPOUND or tube.trivial or tube.chart.net.p.discrete:  # A is invertible by Lemma T
        raise Rejected(f"the compound of A is for flows of up to {MOST_COMPOUND} dimensions, not on x = 0")
    tube.A.budget.spend(m**3 * 3 * (OPERATION + digits_in(2 * F) ** 2))
    pivots = Pivots(tube.h, F)
    rows = zip(similar(tube, tube.section.start), similar(tube, along), strict=True)
    B = [list(zip(*pair, strict=True)) for pair in rows]
    if not m:  # nothing to sum
        return pivots.moving(around(tube.A.one, 0, F), around(0, 0, F))
    return pivots.last(compound(B, pivots.moving))


def no_pair(tube: Tube) -> bool:
    """No two eigenvalues of A have the sum 0, anywhere on the tube."""
    last = last_pivot(tube, tube.section.turn)
    return last is not None and not last.over.lo <= 0 <= last.over.hi


def one_pair(tube: Tube) -> bool:
    """Two eigenvalues of A(x(gamma), gamma) have the sum 0 for at most one gamma: the last pivot is monotone."""
    net = tube.chart.net
    pairs = [(0, i + 1) for i in range(net.n)]
    jets = net.jets(tube.section.state, [tube.tangent(), *net.units], [1] + [0] * net.n, pairs)
    last = last_pivot(tube, jets.second)
    return last is not None and not last.by.lo <= 0 <= last.by.hi


def check_discs(tube: Tube, kind: str, index: int | None, name: str) -> Interval:
    """No eigenvalue is on the axis, or only that of one isolated pair or real eigenvalue, whose speed is returned."""
    A = tube.A
    try:
        if kind == "clear":
            clear = tube.clearance((), best=False)
            if (clear is None or clear <= 0) and not (no_pair(tube)):
                raise Rejected(f"a disc is not clear of {tube.locus.name}: {show(clear)}; neither is the compound")
            return ZERO
        if index is None:
            if not one_pair(tube):
                raise Rejected("the last pivot of the compound of A is not shown to be monotone")
            return ZERO
        pair = kind in ("hopf", "neimark-sacker")
        k = 2 * index if pair else index
        if (k >= 2 * A.m) if pair else not 2 * A.m <= k < A.n:
            raise Rejected("there is no such pair or real index")
        return tube.crossing(k)[0]
    except Rejected as error:
        raise Rejected(f"{name}: {error}") from None
