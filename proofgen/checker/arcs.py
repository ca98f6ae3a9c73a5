"""A branch over an interval with its folds (section 21): sheets that are cut into pieces, and arcs that join them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from .basis import read_basis
from .budget import OPERATION
from .context import Checker
from .documents import Proved
from .fields import field_for, read_vector, wide
from .fold import Fold, defect, dot, grown, require_alone, weighted
from .intervals import Interval, Real, Vector, around, exactly, real, up
from .jets import Box, Field, minus, plus, wider
from .local_spectrum import LocalSpectrum
from .locus import locus_of
from .pieces import (
    PIECES,
    PIECES_WITNESS,
    certified_points,
    check_axis,
    check_end,
    check_joint,
    piece_arrays,
    piece_tube,
)
from .reading import Spec, anything, count, enclosure, number, short, text
from .reports import Item, show
from .tube import Tube, centred
from .verdicts import Matrix, Rejected, Undecided

STEPS = 16  # of Newton's method, for a narrow enclosure of an equilibrium where a sheet ends
ARC: dict[str, Spec] = {
    "fold": text, "gamma": number, "half_width": number, "pairs": count, "index": count, "x": anything, "v": anything,
    "phi": anything, "C": anything, "R": anything, "X": anything, "Y": anything, "d": anything,
}  # fmt: skip
ARCS = PIECES | {
    "claims": PIECES["claims"] | {"start": [enclosure], "end": [enclosure]},
    "witness": PIECES_WITNESS | {"sheets": [count], "arcs": [ARC]},
}
SPECS = {"arcs": ARCS}


def check_list(checker: Checker, item: Item, branch: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    claims, witness = branch["claims"], branch["witness"]
    certified = {c.id: c for c in certified_points(checker, item, claims, checked)}
    item.begin("arcs")
    arcs, sheets = witness["arcs"], witness["sheets"]
    if checker.problem.box:
        raise Rejected("arcs are not for boxes of weights")
    if not claims["complete"] or claims["unsettled"] or claims["real_crossings"]:
        raise Rejected("a branch with arcs is complete: nothing is unsettled, and no crossing is without a certificate")
    if not arcs or len(sheets) != len(arcs) + 1 or 0 in sheets or sum(sheets) != len(witness["pieces"]):
        raise Rejected("the sheets do not fit the arcs and the pieces")
    item.facts |= {"pieces": len(witness["pieces"]), "arcs": len(arcs)}
    walk = Walk(checker, item, branch, certified)
    for sheet in range(len(sheets)):
        walk.follow(sheet)
    for i, arc in enumerate(arcs):
        walk.turn(i, arc)
    apart = [x.hi < y.lo or y.hi < x.lo for x, y in zip(claims["start"], claims["end"], strict=True)]
    if len(arcs) % 2 and not any(apart):
        raise Rejected("both ends are at the left end of the interval, and are not shown to be two equilibria")
    item.begin("completeness")
    item.require(len(set(walk.used)) == len(walk.used), "two pieces or arcs have the same point")
    item.require(set(walk.used) == set(certified), "a certificate is the point of no piece and no arc")


class Walk:
    """The sheets and arcs one after another.  Arc i joins the sheets i and i + 1: for even i at their right ends, for
    odd i at their left ends."""

    def __init__(self, checker: Checker, item: Item, branch: dict[str, Any], certified: dict[str, Proved]) -> None:
        self.checker, self.item, self.claims, self.certified = checker, item, branch["claims"], certified
        self.witness, self.net = branch["witness"], field_for(checker, branch["precision"])
        if self.witness["x"] is None or self.witness["slope"] is None:
            raise Rejected("x = 0 is claimed to be a branch with folds")
        self.arrays = piece_arrays(checker, self.witness, len(self.witness["pieces"]))
        self.used = list[Any]()
        self.ends: dict[int, list[tuple[Fraction, list[Interval]]]] = {i: [] for i in range(len(self.witness["arcs"]))}

    def follow(self, sheet: int) -> None:
        """The pieces of a sheet; what its ends are: an end of the branch, or one that an arc goes on from."""
        sizes, pieces, range_ = self.witness["sheets"], self.witness["pieces"], self.claims["interval"]
        first = sum(sizes[:sheet])
        indices = range(first, first + sizes[sheet])
        intervals = [pieces[i]["interval"] for i in indices]
        if any(x.lo >= x.hi or not x.within(range_) for x in intervals):
            raise Rejected("a piece is empty, or not in the interval")
        if any(x.hi != y.lo for x, y in pairwise(intervals)):
            raise Rejected(f"the pieces of sheet {sheet} do not share their ends")
        left: Tube | None = None
        budget = self.checker.bundle.budget
        held, last = budget.held, 0
        for index in indices:
            budget.held = held + last
            budget.spend((self.net.n + 20) * 300 * OPERATION)
            piece = pieces[index]
            name = f"piece {index} {show(piece['interval'])}"
            self.item.begin("pieces")
            tube = piece_tube(self.checker, self.net, self.arrays, index, piece, False, name)
            last = budget.held - held - last
            self.used += check_axis(self.item, tube, piece, name, [], self.certified)
            self.item.begin("joints")
            if left is not None:
                try:
                    check_joint(left, tube, piece["interval"].lo, name)
                except Rejected:
                    check_joint(left, tube, piece["interval"].lo, name, STEPS)
            else:
                self.end(sheet, sheet - 1 if sheet % 2 == 0 else sheet, tube, piece["interval"].lo)
            if index == indices[-1]:
                self.end(sheet, sheet if sheet % 2 == 0 else sheet - 1, tube, piece["interval"].hi)
            left = tube
        budget.held = held

    def end(self, sheet: int, arc: int, tube: Tube, gamma: Fraction) -> None:
        """An end of a sheet, where it goes over into an arc; -1 or the number of arcs: into none."""
        if arc in self.ends:
            self.ends[arc].append((gamma, tube.box(gamma, STEPS)))
            return
        range_ = self.claims["interval"]
        due = range_.lo if arc < 0 or sheet % 2 else range_.hi
        if gamma != due:
            raise Rejected(f"a free end of sheet {sheet} is at {show(gamma)}, not at {show(due)}")
        what = "start" if arc < 0 else "end"
        check_end(self.item, tube, gamma, self.claims[what], what)

    def turn(self, i: int, witness: dict[str, Any]) -> None:
        """An arc with its fold, and that both sheets are joined to it."""
        where, name = f"arcs[{i}]", witness["fold"]
        self.item.begin("arcs")
        c = self.certified.get(name)
        if not isinstance(c, Fold):
            raise Rejected(f"{where}: {short(name)} is not a certificate of a fold of this branch")
        budget = self.checker.bundle.budget
        held = budget.held
        try:
            arc = Arc(self.checker, self.net, witness, where)
            reach = arc.parameter
            if not reach.within(self.claims["interval"]):
                raise Rejected(f"it reaches out of the interval: {show(reach)}")
            arc.require_one_fold()
            if not arc.contains(c.claims["parameter"], c.claims["equilibrium"]):
                raise Rejected(f"{name} does not certainly lie in its tube")
            self.item.begin("joints")
            for gamma, box in self.ends[i]:
                if not arc.contains(Interval(gamma), box):
                    raise Rejected(f"it is not shown to continue the sheet that ends at {show(gamma)}")
        except (Rejected, Undecided) as error:
            raise type(error)(f"{where}: {error}") from None
        self.used.append(name)
        budget.held = held


class Arc:
    """Theorem K: for |t| <= h one equilibrium z(t) = (gamma, x) with |z - (gamma~, x~ + t v)|_R <= 1 and
    phi(x - x~) = t phi v.  R and h are rounded up: what is proved is about this tube."""

    def __init__(self, checker: Checker, net: Field, w: dict[str, Any], where: str) -> None:
        n, m, limb_sum = checker.problem.n, w["pairs"], checker.bundle.limb_sum
        if 2 * m > n or not 2 * m <= w["index"] < n or w["half_width"] <= 0:
            raise Rejected("more pairs than columns, no such real index, or h > 0 does not hold")
        basis = read_basis(checker, w, where)
        vectors = [read_vector(checker, w[key], f"{where}: {key}", n) for key in ("x", "v", "phi")]
        self.net = net = wide(checker, net, w["gamma"], vectors[0])
        x, self.v, self.phi = ([real(y, net.F) for y in vector] for vector in vectors)
        (radii,), shift = limb_sum(w["R"], f"{where}: R", (n + 1,))
        if min(radii) <= 0:
            raise Rejected("R > 0 does not hold")
        self.k, self.half = w["index"], w["half_width"]
        self.R = [up(y << net.F, 1 << shift) for y in radii]
        self.h = up(self.half.numerator << net.F, self.half.denominator)
        self.middle, self.gamma, self.x, self.basis = w["gamma"], real(w["gamma"], net.F), x, basis
        self.contract(limb_sum(w["C"], f"{where}: C", (n + 1, n + 1)))

    def weighted(self, v: Vector) -> int:
        """|v|_R."""
        return weighted(self.net, v, self.R)

    def contract(self, C: tuple[Matrix, int]) -> None:
        """eta + Z < 1; enclosures of gamma, and of g', where g(t) = 0 exactly if A is singular."""
        net, n, R, h, one = self.net, self.net.n, self.R, self.h, self.net.one
        net.budget.spend(((n + 20) * 300 + (n + 1) ** 2 * 40) * OPERATION)  # as for a piece, and C
        rows, shift = C
        matrix, zero = Box.of(rows, 1 << shift, net.F), net.none[:1]
        near, tube = net.over(self.gamma.widen(R[0]), self.x, self.v, h, R[1:], 0)
        u, flags = [*net.units, self.v, net.none], [0] * (n + 1) + [1]
        # at (gamma, x) of the tube A is A at x - tv, which is near, and t times B(v, .) between the two; so is f_gamma
        *A, Av, f_gamma = net.jets(near, u, flags).first
        *B, bend, turn = net.jets(tube, u, flags, [(n, i) for i in range(n + 2)]).second
        self.A, t = LocalSpectrum(self.basis, *centred(A), net.F, (*centred(B), h)), around(0, h, net.F)
        Av = plus(Av, net.scale(bend, t))
        at = net.at(self.gamma, self.x)
        along = net.jets(at, [self.v], [0]).first[0]
        parts = net.apply(matrix, [vector + zero for vector in (at.f, along, bend, Av)])
        start, first, second = map(self.weighted, parts[:3])
        eta = start + up(h * (first + up(h * second, 2 * one)), one)
        columns = net.apply(matrix, [f_gamma + zero, *([*column, y] for column, y in zip(A, self.phi, strict=True))])
        fixed = net.apply(matrix, [net.jets(at, [net.none], [1]).first[0] + zero])
        moving = net.apply(matrix, [vector + zero for vector in (turn, *B)])
        Z = max(defect(net, M, R) for M in (columns, [*fixed, *columns[1:]])) + up(h * grown(moving, R), one)
        if eta + Z >= one:
            raise Rejected(f"eta + Z < 1 does not hold: eta = {show(Fraction(eta, one))}, Z = {show(Fraction(Z, one))}")
        self.parameter = Interval(self.middle).widen(Fraction(up(up(eta * one, one - Z) * R[0], one), one))
        gamma, *x = self.solution(parts[3], Z)
        x = plus(self.v, x)
        w = [Real(y.lo, y.hi, y.F) for y in x]  # another vector of the same set
        moved = net.jets(tube, [x, net.none, w], [0, 1, 0], [(0, 2), (1, 2)]).second
        turned = plus(moved[0], net.scale(moved[1], gamma))
        self.bend = self.solution(net.apply(matrix, [turned + zero])[0], Z)[0].exact

    def solution(self, Cy: Vector, Z: int) -> Vector:
        """w with DG w = -y, from C y: w = -C y + (I - C DG) w, |w|_R <= |C y|_R/(1 - Z)."""
        far = up(Z * self.weighted(Cy), self.net.one - Z)
        return wider([-y for y in Cy], [up(far * radius, self.net.one) for radius in self.R])

    def require_one_fold(self) -> None:
        """Only the real eigenvalue in K_k can be on the axis or circle, as 0, and A is singular at most once."""
        locus = locus_of(self.net.p)
        require_alone(self.A, self.k, locus)
        if not locus.may_be_zero_only(self.A, self.k):
            raise Rejected("the eigenvalue that vanishes may also be -2")
        if 0 in self.bend:
            raise Rejected(f"that A is singular at most once is not shown: {show(self.bend)} contains 0")

    def contains(self, gamma: Interval, x: list[Interval]) -> bool:
        """An equilibrium in the box x, with its parameter in gamma, is z(t) for some |t| <= h."""
        net = self.net
        away = minus([y.rounded(net.F) for y in x], self.x)
        t = dot(net, self.phi, away) / dot(net, self.phi, self.v)
        if not t.exact.within(exactly(-self.half, self.half)):
            return False
        y = [gamma.rounded(net.F) - self.gamma, *minus(away, net.scale(self.v, t))]
        return all(entry.size <= radius for entry, radius in zip(y, self.R, strict=True))
