"""The method hopf-curve of branch.json (section 28): curves of Hopf points in pieces that are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from .bautin import Bautin
from .budget import OPERATION, digits_in
from .context import Checker
from .curve_witness import STACKED, PieceWitness, stacked
from .documents import PROVED_HEAD, Proved
from .fields import field_for
from .hopf_piece import HopfPiece, HopfPoints
from .intervals import Interval, Real
from .local_points import fineness
from .plane_form import NormalForm
from .plane_problem import Plane
from .reading import Spec, boolean, count, enclosure, one_of, optional, short, text
from .reports import Item, show
from .verdicts import MAX_PRECISION, Rejected, Undecided

SIGNS = {"supercritical": -1, "subcritical": 1}
CLAIMED: dict[str, Spec] = {
    "along": one_of(0, 1), "interval": enclosure, "other": enclosure, "omega": enclosure, "unstable": count,
    "criticality": one_of(*SIGNS, "changes"), "point": optional(text), "direction": one_of(1, -1),
}  # fmt: skip
LIST = PROVED_HEAD | {
    "claims": {
        "box": [enclosure], "complete": boolean,
        "curves": [{"pieces": [CLAIMED], "ends": [one_of("box", "closed", "open")], "reasons": [optional(text)]}],
        "points": [{"id": text, "parameters": [enclosure]}],
        "unsettled": [{"reason": text, "code": text}],
    },
    "witness": {"curves": [STACKED]},
}  # fmt: skip
SPECS: dict[str, Spec] = {}  # of one parameter


@dataclass
class Joined:
    """A proved piece with its claims, over the claimed part of J."""

    piece: HopfPiece
    claims: dict[str, Any]
    places: list[HopfPoints] = field(default_factory=list)  # its first and last point, as it is passed

    @property
    def interval(self) -> Interval:
        found: Interval = self.claims["interval"]
        return found

    @property
    def direction(self) -> int:
        found: int = self.claims["direction"]
        return found

    def end(self, last: bool) -> HopfPoints:
        """Its last or its first point, as it is passed."""
        S = self.interval
        return self.piece.end(S.hi if last == (self.direction > 0) else S.lo, last)

    def contains(self, p: HopfPoints, phi: list[Fraction]) -> bool:
        return self.piece.contains(p, self.interval, phi)

    def leads_to(self, o: Joined) -> bool:
        """Its last point is of the other piece, which is passed in the same sense there."""
        if not o.contains(self.places[1], self.piece.phi):
            return False
        if self.piece.along == o.piece.along:
            return self.direction == o.direction
        drift: Real = self.piece.motion().alpha  # of the parameter that runs in the other
        sign = 1 if drift.lo > 0 else -1 if drift.hi < 0 else 0
        return o.direction == sign * self.direction

    def whole(self) -> HopfPoints:
        return self.piece.points(self.interval)


def check_piece(checker: Checker, item: Item, claims: dict[str, Any], witness: PieceWitness, precision: int,
                where: str, checked: dict[str, Proved | None]) -> Joined:  # fmt: skip
    """Theorem V, and what is claimed of l1."""
    item.begin("Theorem V")
    piece = HopfPiece(checker, witness, precision, where)
    found, S = Joined(piece, claims), claims["interval"]
    if claims["along"] != piece.along or S.lo >= S.hi or not (piece.J.lo <= S.lo and S.hi <= piece.J.hi):
        raise Rejected(f"{where}: the interval is empty or not in s +- h, or along is not that of the witness")
    section, place = piece.whole, found.whole()
    item.inside(f"{where}: other", place.parameters[piece.other], claims["other"])
    item.inside(f"{where}: omega", place.omega, claims["omega"])
    item.require(claims["omega"].lo > 0, f"{where}: the claim omega is not certainly positive")
    item.require(claims["unstable"] == section.unstable, f"{where}: unstable is false: {section.unstable}")
    item.begin("l1")
    sign, form = SIGNS.get(claims["criticality"]), NormalForm(piece, section)
    if (sign is None) != (claims["point"] is not None):
        raise Rejected(f"{where}: a point is named exactly where l1 changes")
    if sign is not None:
        require_sign(found, form, sign, where)
    else:
        slope = form.slope(piece.motion()).re
        if slope.lo <= 0 <= slope.hi:
            raise Rejected(f"{where}: Re c1' != 0 does not hold: {show(slope.exact)}")
        point = checked.get(claims["point"])
        if not isinstance(point, Bautin) or point.place is None or point.phi is None:
            raise Undecided(f"{where}: rests on {short(claims['point'])}, which is not accepted")
        if not found.contains(point.place, point.phi):
            raise Rejected(f"{where}: {short(claims['point'])} does not lie in the tube of this piece")
    found.places = [found.end(False), found.end(True)]
    piece.forget()
    return found


def require_sign(found: Joined, form: NormalForm, sign: int, where: str) -> None:
    """Re c1 has this sign; where its values over the piece do not say so, the mean value theorem may."""
    piece, value = found.piece, form.c1.re.exact
    if 0 in value:
        start, slope = NormalForm(piece, piece.centre).c1.re.exact, form.slope(piece.motion()).re.exact
        value = value & (start + (found.interval - Interval(piece.s)) * slope)
    if 0 in value or (value.lo > 0) != (sign > 0):
        raise Rejected(f"{where}: criticality is not shown to be that of Re c1 in {show(value)}")


def check_ends(item: Item, curve: list[Joined], claims: dict[str, Any], ranges: tuple[Interval, Interval],
               where: str) -> None:  # fmt: skip
    """The joints, and where the curve ends."""
    item.begin("joints")
    for i, (one, other) in enumerate(pairwise(curve)):
        if not one.leads_to(other):
            raise Rejected(f"{where}: piece {i} does not lead to piece {i + 1}")
    item.begin("ends")
    ends, reasons = claims["ends"], claims["reasons"]
    if len(ends) != 2 or len(reasons) != 2 or (ends[0] == "closed") != (ends[1] == "closed"):
        raise Rejected(f"{where}: there are not two ends with reasons, or one of them is closed")
    for end, reason in zip(ends, reasons, strict=True):
        item.require((end == "open") == (reason is not None), f"{where}: an open end has a reason, and no other")
    if ends[0] == "closed":
        first, last = curve[0], curve[-1]
        again = last.places[1].parameters[first.piece.along]
        S, forward = first.interval, first.direction > 0
        before = again.hi < S.hi if forward else again.lo > S.lo  # else a piece would lead to its own end
        item.require(before and last.leads_to(first), f"{where}: the last piece does not lead to the first one")
        return
    for end, place in zip(ends, (curve[0].places[0], curve[-1].places[1]), strict=True):
        outside = any(x.hi <= y.lo or x.lo >= y.hi for x, y in zip(place.parameters, ranges, strict=True))
        item.require(end != "box" or outside, f"{where}: an end is not outside of the box")


def meets(found: Joined, ranges: tuple[Interval, Interval]) -> bool:
    """Whether a known point of the piece is inside of the box."""
    known = [*found.places, *([found.piece.points(Interval(found.piece.s))] if found.piece.s in found.interval else [])]
    return any(all(y.lo < x.lo and x.hi < y.hi for x, y in zip(p.parameters, ranges, strict=True)) for p in known)


def require_apart(checker: Checker, groups: list[tuple[str, list[HopfPoints]]]) -> None:
    """No two of them have a point in common."""
    for (one, points), (other, others) in combinations(groups, 2):
        each = (checker.problem.n + 3) * (OPERATION + 2 * digits_in(1200) ** 2)
        checker.bundle.budget.spend(len(points) * len(others) * each)
        if not all(p.apart(q) for p in points for q in others):
            raise Undecided(f"{one} and {other} are not shown to be two: their enclosures overlap")


def check_branch(checker: Checker, item: Item, files: list[str], checked: dict[str, Proved | None]) -> dict[str, Any]:
    """Check branch.json and return its claims.  `files` are the names in points/; `checked` holds None for a
    certificate that was not accepted."""
    item.begin("format")
    branch = checker.read("branch.json", "proofgen-branch", {"hopf-curve": LIST}.get)
    problem, claims = checker.problem, branch["claims"]
    assert isinstance(problem, Plane)
    curves, witnesses, ids = claims["curves"], branch["witness"]["curves"], [x["id"] for x in claims["points"]]
    item.facts |= {"complete": claims["complete"], "curves": len(curves), "points": len(ids)}
    item.begin("points")
    item.require(claims["box"] == list(problem.ranges), "the box is not the one of problem.json")
    if ids != files or len(set(ids)) != len(ids):
        raise Rejected(f"the listed points are not the certificates in points/: {short(ids)} and {short(files)}")
    places = list[tuple[str, list[HopfPoints]]]()
    for point in claims["points"]:
        c = checked.get(point["id"])
        if not isinstance(c, Bautin) or c.place is None or len(point["parameters"]) != 2:
            raise Undecided(f"rests on {short(point['id'])}, which is not accepted")
        for i, x in enumerate(c.place.parameters):
            item.inside(f"points: parameters[{i}] of {point['id']}", x, point["parameters"][i])
        places.append((point["id"], [c.place]))
    require_apart(checker, places)
    item.begin("format")
    sizes = [[len(x["pieces"]) for x in every] for every in (curves, witnesses)]
    if sizes[0] != sizes[1] or not all(sizes[0]):
        raise Rejected("a curve has no pieces, or not as many as its witness")
    bits = fineness([[piece["other"], piece["omega"]] for curve in curves for piece in curve["pieces"]])
    precision, budget = max(branch["precision"], min(bits, 4 * MAX_PRECISION)), checker.bundle.budget
    field_for(checker, precision)
    proved = list[tuple[str, list[HopfPoints]]]()
    for i, (curve, witness) in enumerate(zip(curves, witnesses, strict=True)):
        pieces, held = list[Joined](), budget.held
        for j, w in enumerate(stacked(checker, witness, f"curve {i}")):
            at_work = budget.held
            name = f"curve {i}, piece {j}"
            pieces.append(check_piece(checker, item, curve["pieces"][j], w, precision, name, checked))
            budget.held = at_work
            budget.keep((12 * problem.n + 8) * 250)
        budget.held = held
        check_ends(item, pieces, curve, problem.ranges, f"curve {i}")
        if not any(meets(x, problem.ranges) for x in pieces):
            raise Rejected(f"curve {i} is not shown to meet the box")
        proved.append((f"curve {i}", [x.whole() for x in pieces]))
    item.begin("completeness")
    require_apart(checker, proved)
    whole = bool(curves) and not claims["unsettled"] and all("open" not in x["ends"] for x in curves)
    item.require(whole or not claims["complete"], "`complete` is true although an end is open, or something unsettled")
    said: dict[str, Any] = claims | {"method": branch["method"], "witness": None}
    return said
