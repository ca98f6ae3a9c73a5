"""The branch of a field over an interval, piece by piece (section 12, Pieces)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .basis import Basis
from .budget import OPERATION
from .compound import check_discs
from .context import Checker, united
from .documents import BRANCH, Proved, in_order
from .fields import field_for, stacked_arrays, wide
from .files import Stored, binary64
from .intervals import ZERO, Interval, real, up
from .jets import Field
from .local_points import Point
from .processes import shared_out
from .reading import Spec, anything, count, enclosure, never, number, one_of, optional, short, text
from .reports import Item, show
from .tube import Chart, Tube
from .verdicts import Matrix, Rejected, Undecided

if TYPE_CHECKING:
    from .form_piece import FormTube

PIECES_WITNESS: dict[str, Spec] = {
    "pieces": [{
        "interval": enclosure, "centre": number, "radius": optional(number), "pairs": count,
        "kind": one_of("clear", "hopf", "real", "neimark-sacker", "flip"), "index": optional(count),
        "point": optional(text),
        "crossing": optional(count),
    }],
    "x": anything, "slope": anything, "X": anything, "Y": anything, "d": anything,
}  # fmt: skip
PIECES = BRANCH | {
    "claims": BRANCH["claims"] | {"start": optional([enclosure]), "interval": enclosure,
                                   "points": [{"id": text, "pair": never, "parameter": enclosure}]},
    "bounds": never,
    "witness": optional(PIECES_WITNESS),
}  # fmt: skip
PIECE: dict[str, Spec] = PIECES_WITNESS["pieces"][0]
FORM_PIECES = PIECES | {"claims": PIECES["claims"] | {"unstable_eigenvalues": optional(count)},
                        "witness": optional(PIECES_WITNESS | {
    "pieces": [PIECE | {"margin": optional(number), "pairs": optional(count), "branch_margin": optional(number),
                        "shift": optional(number)}],
    "curve": anything, "P": anything, "ends": anything, "G": anything, "U": anything, "V": anything,
})}  # fmt: skip
CROSSING_KINDS = {"transcritical", "pitchfork"}  # how the names of certificates of real crossings begin
POINT_KINDS = {"hopf": "hopf", "neimark-sacker": "ns", "flip": "flip"}  # of pieces with a point: how its name begins
SPECS = {"pieces": PIECES, "lyapunov-pieces": FORM_PIECES}
# points on an interval by their kind: an enclosure besides gamma* and x* that belongs to one
DISTINCT = {"hopf": "omega", "ns": "theta", "fold": "", "flip": "", "transcritical": "", "pitchfork": ""}


def check_list(checker: Checker, item: Item, branch: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    if branch["method"] == "lyapunov-pieces" and (checker.problem.discrete or not hasattr(checker.problem, "tubes")):
        raise Rejected(f"the method {branch['method']} is not for a map, nor for a cell")
    check_pieces(checker, item, branch, certified_points(checker, item, branch["claims"], checked))


def certified_points(checker: Checker, item: Item, claims: dict[str, Any],
                     checked: dict[str, Proved | None]) -> list[Proved]:  # fmt: skip
    """The listed points: accepted, in order, in the interval, and none of them twice."""
    for c in (certified := in_order(item, claims["points"], checked)):
        item.require(c.parameter.within(claims["interval"]), f"{c.id}: gamma* is not certainly in the interval")
    check_distinct(checker, certified)
    return certified


def check_distinct(checker: Checker, points: list[Proved]) -> None:
    """No point is listed twice: of any two of one kind, the certificates enclose gamma*, omega or an entry of x* in
    disjoint intervals.  (omega belongs to a Hopf point: +-i omega are the only eigenvalues on the axis.  At a fold that
    is 0, so that no fold is a Hopf point.  So of a map theta, and -1 at a flip.)  No other kinds are listed here."""
    if other := [c.id for c in points if c.id.rpartition("-")[0] not in DISTINCT]:
        raise Rejected(f"{other[0]} is of a kind that is not listed on an interval")
    for kind, key in DISTINCT.items():
        check_distinct_of(checker, key, [c for c in points if c.id.startswith(f"{kind}-")])


def check_distinct_of(checker: Checker, key: str, points: list[Proved]) -> None:
    """key: of an enclosure besides gamma and x* that belongs to the point, or none."""
    near: list[Proved] = []  # points whose gamma* may be that of one still to come
    for c in sorted(points, key=lambda c: c.claims["parameter"].lo):
        near = [other for other in near if other.claims["parameter"].hi >= c.claims["parameter"].lo]
        checker.bundle.budget.spend(len(near) * (checker.problem.n + 2) * 10 * OPERATION)
        for other in near:
            own = ([x.claims[key] if key else ZERO, *x.claims["equilibrium"]] for x in (c, other))
            pairs = zip(*own, strict=True)
            if not any(x.hi < y.lo or y.hi < x.lo for x, y in pairs):
                raise Rejected(f"{other.id} and {c.id} are not shown to be two points, not one: their "
                               f"enclosures of gamma{', ' * bool(key)}{key} and the equilibrium overlap")  # fmt: skip
        near.append(c)


def check_pieces(checker: Checker, item: Item, branch: dict[str, Any], points: list[Proved]) -> None:
    claims, witness, net = branch["claims"], branch["witness"], field_for(checker, branch["precision"])
    crossings, pieces, range_ = claims["real_crossings"], witness["pieces"] if witness else [], claims["interval"]
    item.facts["pieces"] = len(pieces)
    item.begin("pieces")
    item.require(all(x.hi < y.lo for x, y in pairwise(crossings)), "real_crossings are not increasing and disjoint")
    intervals = [piece["interval"] for piece in pieces]
    if witness and not pieces:
        raise Rejected("a witness without pieces")
    if any(x.lo >= x.hi or not x.within(range_) for x in intervals):
        raise Rejected("a piece is empty, or not in the interval")
    if any(x.hi > y.lo for x, y in pairwise(intervals)):
        raise Rejected("the pieces overlap, or are not in increasing order")
    shared = all(x.hi == y.lo for x, y in pairwise(intervals))
    covers = bool(pieces) and shared and (intervals[0].lo, intervals[-1].hi) == (range_.lo, range_.hi)
    if claims["complete"] and not covers:
        item.fail("`complete` is true, but the pieces do not share their ends and cover the interval")
    cover = united(checker, [*intervals, *(x["interval"] for x in claims["unsettled"])])
    whole = any(lo <= range_.lo and range_.hi <= hi for lo, hi in cover)
    item.require(whole, "the pieces and `unsettled` do not cover the interval")

    kinds = Kinds(checker, branch["method"], witness, pieces)
    trivial = kinds.trivial
    if trivial and (not checker.problem.trivial or witness["slope"] is not None):
        raise Rejected("the branch x = 0 is claimed, but f(0, gamma) = 0 is not shown, or there is a slope")
    item.require((claims["start"] is None) == (trivial or not pieces), "start is null without a branch to identify")
    certified, used = {c.id: c for c in points}, list[Any]()
    budget = checker.bundle.budget

    def follow(item: Item, indices: Iterable[int]) -> list[Any]:
        """Pieces one after another, and the joints to the pieces before them: the points and crossings on them."""
        left, used, held, last = None, list[Any](), budget.held, 0
        for index in indices:
            budget.held = held + last
            budget.spend((net.n + 20) * 300 * OPERATION)
            piece, before = pieces[index], pieces[index - 1]
            name = f"piece {index} {show(piece['interval'])}"
            item.begin("pieces")
            tube = kinds.tube(net, index, name)
            last = budget.held - held - last  # what this tube holds
            used += check_axis(item, tube, piece, name, crossings, certified)
            if trivial:
                continue
            item.begin("joints")
            if index == 0:
                check_end(item, tube, piece["interval"].lo, claims["start"], "start")
            elif before["interval"].hi == piece["interval"].lo:
                left = left or kinds.tube(net, index - 1, name)
                check_joint(left, tube, piece["interval"].lo, name)
            left = tube
        return used

    def work(indices: Iterable[int]) -> list[Any]:
        own, spent = Item(item.name), budget.work
        found = follow(own, indices)
        if own.failures:
            raise Rejected("to be reported by the one process that does it all again")
        return [found, own.steps, budget.work - spent]

    parts = shared_out(checker.jobs, len(pieces), work)
    if parts is None or budget.work + sum(part[2] for part in parts) > budget.allowance + budget.extra:
        used += follow(item, range(len(pieces)))
    else:
        for found, steps, spent in parts:
            budget.spend(spent)
            used += found
            item.steps |= steps
    if (unstable := claims.get("unstable_eigenvalues")) is not None:
        checker.parts("form_arrays").check_unstable(checker, item, kinds.arrays, pieces, unstable)
    item.begin("completeness")
    names = [x for x in used if x is not None]
    item.require(len(set(names)) == len(names), "two pieces have the same point or crossing")
    item.require(set(range(len(crossings))) <= set(names), "a real crossing belongs to no piece")
    if claims["complete"]:
        item.require(set(certified) <= set(names), "`complete` is true, but a certificate is the point of no piece")


class Kinds:
    """The pieces of a branch with their arrays: those with discs, and those with a quadratic form (section 17), each
    kind stacked by itself."""

    def __init__(self, checker: Checker, method: str, witness: dict[str, Any] | None, pieces: list[Any]) -> None:
        self.checker, self.pieces = checker, pieces
        self.forms = [method == "lyapunov-pieces" and piece["margin"] is not None for piece in pieces]
        counts = [0, 0]
        self.positions = list[int]()  # among those of its kind
        for form in self.forms:
            self.positions.append(counts[form])
            counts[form] += 1
        with_form = sum(self.forms)
        crossings = [form and piece["kind"] == "hopf" for form, piece in zip(self.forms, pieces, strict=True)]
        self.crossings = [sum(crossings[:index]) for index in range(len(pieces))]  # before it, with form and Hopf point
        with_discs = len(pieces) - with_form
        self.trivial = witness is not None and witness["curve" if with_form else "x"] is None
        self.discs, self.arrays = dict[str, Stored | None](), dict[str, Stored | None]()
        if witness is None:
            return
        if with_discs or not with_form:
            self.discs = piece_arrays(checker, witness, with_discs)
        elif any(witness[key] is not None for key in ("x", "slope", "X", "Y", "d")):
            raise Rejected("there are arrays of discs without a piece that has discs")
        if with_discs and self.trivial != (witness["x"] is None):
            raise Rejected("x = 0 is the branch on some pieces only")
        if with_form:
            if any(crossings):  # named here, as children load it too
                checker.parts("form_crossing")
            self.arrays = checker.parts("form_arrays").form_arrays(checker, witness, with_form, sum(crossings))
            self.field = checker.parts(checker.problem.tubes).TUBE_FIELD(checker.problem)
        elif method == "lyapunov-pieces":
            raise Rejected("no piece has a quadratic form")

    def tube(self, net: Field, index: int, name: str) -> Tube | FormTube:
        """What is proved of the branch over a piece."""
        piece, position = self.pieces[index], self.positions[index]
        if self.forms[index]:
            form_tube = self.checker.parts("form_arrays").form_tube
            found: FormTube = form_tube(self.checker, self.field, self.arrays, position, self.crossings[index], piece,
                                        self.trivial, name)  # fmt: skip
            return found
        if not piece.get("branch_margin") is piece.get("shift") is None:
            raise Rejected(f"{name}: branch_margin or shift without a quadratic form")
        if piece["pairs"] is None:
            raise Rejected(f"{name}: neither discs nor a quadratic form")
        return piece_tube(self.checker, net, self.discs, position, piece, self.trivial, name)


def piece_arrays(checker: Checker, witness: dict[str, Any], K: int) -> dict[str, Stored | None]:
    n = checker.problem.n
    shapes = {"x": (K, n), "slope": (K, n), "X": (K * n, n), "Y": (K * n, n), "d": (K * n, 2)}
    return stacked_arrays(checker, witness, shapes, ("x", "slope"), {"slope": (3 * K, n)})


def piece_tube(
    checker: Checker,
    net: Field,
    arrays: dict[str, Stored | None],
    index: int,
    piece: dict[str, Any],
    trivial: bool,
    name: str,
) -> Tube:
    """Lemma T over a piece."""
    n, m = net.n, piece["pairs"]

    def part(key: str) -> tuple[Matrix, int]:
        """Integers and s with unit 2^-s."""
        array, centres = arrays[key], arrays["d"]
        if array is None or centres is None:
            raise Rejected(f"{name}: x and slope are not null together")
        width, rows = array.shape[-1], array.shape[0] * n // centres.shape[0]
        data = array.data[8 * width * rows * index : 8 * width * rows * (index + 1)]
        flat, unit = binary64(data, name, checker.bundle.budget)
        return [flat[i : i + width] for i in range(0, len(flat), width)], unit.bit_length() - 1

    if 2 * m > n or not piece["interval"].lo <= piece["centre"] <= piece["interval"].hi:
        raise Rejected(f"{name}: more pairs than columns, or the centre is not in the interval")
    if (piece["radius"] is None) != trivial:
        raise Rejected(f"{name}: the radius is null on the branch x = 0 only")
    d, d_unit = part("d")
    if any(d[2 * a + 1] != [d[2 * a][0], -d[2 * a][1]] for a in range(m)):
        raise Rejected(f"{name}: the centres of a pair are not conjugate")
    centres = d[: 2 * m : 2] + d[2 * m :], d_unit
    basis = Basis(checker.problem.product, checker.problem.budget, m, part("X"), part("Y"), centres)
    curve = [[Fraction(0)] * n] * 2
    if not trivial:
        found = [part("x"), part("slope")]
        curve = [[Fraction(v, 1 << shift) for v in row] for rows, shift in found for row in rows]
    half = max(piece["interval"].hi - piece["centre"], piece["centre"] - piece["interval"].lo)
    try:
        net = wide(checker, net, piece["centre"], curve[0])
        x, slope, *bends = ([real(y, F) for y in row] for F in [net.F] for row in curve)
        chart = Chart(net, basis, piece["centre"], x, slope, bends)
        F = net.F
        return Tube(chart, up(half.numerator << F, half.denominator), piece["radius"], weighted=True)
    except (Rejected, Undecided) as error:
        raise type(error)(f"{name}: {error}") from None


def check_axis(item: Item, tube: Tube | FormTube, piece: dict[str, Any], name: str, crossings: list[Interval],
               certified: dict[str, Proved]) -> list[Any]:  # fmt: skip
    """What is on the axis over a piece: nothing, or one pair or real eigenvalue once.  Its point or crossing."""
    kind, index, interval = piece["kind"], piece["index"], piece["interval"]
    point, crossing, form = piece["point"], piece["crossing"], not isinstance(tube, Tube)
    no_index = kind == "clear" or form or (kind == "hopf" and index is None)
    absent = no_index, kind not in POINT_KINDS, kind != "real"
    named = kind == "real" and point is not None  # what the real crossing is has a certificate
    if (index is None, named or point is None, crossing is None) != absent:
        raise Rejected(f"{name}: index, point or crossing does not belong to the kind {kind}")
    if isinstance(tube, Tube):
        speed = check_discs(tube, kind, index, name)
    elif kind == "real":
        raise Rejected(f"{name}: a quadratic form does not show a real crossing")
    if kind == "clear":
        return []
    if kind in POINT_KINDS:
        c = certified.get(point)
        if not isinstance(c, Point) or not c.id.startswith(f"{POINT_KINDS[kind]}-"):
            raise Rejected(f"{name}: {short(point)} is not a certificate of this kind and branch")
        item.require(c.claims["parameter"].within(interval), f"{name}: {point} lies outside of it")
        x = c.claims["equilibrium"]
        if tube.trivial:
            item.require(all(y.lo == y.hi == 0 for y in x), f"{name}: the equilibrium of {point} is not 0")
        elif not tube.contains(c.claims["parameter"], x):
            raise Rejected(f"{name}: the equilibrium of {point} does not certainly lie in its tube")
        if not isinstance(tube, Tube):
            try:
                tube.require_alone(c.claims["window"])
            except Rejected as error:
                raise Rejected(f"{name}: {error}") from None
        return [point]
    assert isinstance(tube, Tube)
    if not tube.trivial or crossing >= len(crossings):
        raise Rejected(f"{name}: a real crossing that is not on the branch x = 0, or not listed")
    middle, at = Interval(piece["centre"]), tube.chart.over(0, [0] * tube.A.n).A
    at.require_isolated(index)
    if not tube.locus.may_be_zero_only(tube.A, index):
        raise Rejected(f"{name}: the eigenvalue that crosses is not shown to be 0")
    own = middle - tube.locus.level(at, index) / speed
    item.inside(f"real_crossings[{crossing}]", own, crossings[crossing])
    # elsewhere in the claimed enclosure there might be a second one
    item.require(crossings[crossing].within(interval), f"{name}: the claimed crossing reaches out of it")
    if point is not None:  # in the interval there is one value with an eigenvalue 0, which is also that of the point
        c = certified.get(point)
        if c is None or c.id.rpartition("-")[0] not in CROSSING_KINDS:
            raise Rejected(f"{name}: {short(point)} is not a certificate of a real crossing")
        item.require(c.claims["parameter"].within(interval), f"{name}: {point} lies outside of it")
    return [crossing, point]


def check_end(item: Item, tube: Tube | FormTube, gamma: Fraction, claim: list[Interval] | None, what: str) -> None:
    """The branch passes through the claimed box, which lies in the tube, where there is no other equilibrium."""
    own = tube.box(gamma)
    if claim is None or len(claim) != len(own):
        raise Rejected(f"{what} is null or has the wrong length")
    for i, x in enumerate(own):
        item.inside(f"{what}[{i}]", x, claim[i])
    if not tube.contains(Interval(gamma), claim):
        raise Rejected(f"{what} does not certainly lie in the tube of its piece")


def check_joint(left: Tube | FormTube, right: Tube | FormTube, gamma: Fraction, name: str, steps: int = 1) -> None:
    """The equilibrium of one piece at the common end lies in the tube of the other.  steps: of discs, see `Tube`."""
    for one, other in ((left, right), (right, left)):
        if not isinstance(one, Tube) and not isinstance(other, Tube):
            if one.continues(other, gamma):
                return
        elif other.contains(Interval(gamma), one.box(gamma, steps) if isinstance(one, Tube) else one.box(gamma)):
            return
    raise Rejected(f"{name} is not shown to continue the branch of the piece before it")
