"""Periodic orbits, orbits/*.json (section 18): Theorems O1, O3, O4 and Lemmas O2, O4, O5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from .context import Checker
from .documents import PROVED_HEAD, Proved
from .intervals import Interval, around, real
from .orbit_existence import Existence
from .orbit_floquet import Exponents, cells_of, over_cell, slopes
from .orbit_numbers import Polynomial, hull
from .orbit_witness import MOST_MODES, Piece, piece_of, read_piece
from .reading import (
    Spec,
    boolean,
    count,
    decimal,
    enclosure,
    number,
    one_of,
    optional,
    parse,
    short,
    text,
)
from .reports import Item, show
from .series import pi_for
from .verdicts import GUARD, Rejected, Undecided

MOST_PIECES = 100
PART: dict[str, Spec] = {
    "amplitude": enclosure, "parameter": enclosure, "period": enclosure,
    "direction": optional(one_of("increasing", "decreasing")), "slope": optional(enclosure),
    "unstable_multipliers": optional(count), "stable": optional(boolean),
}  # fmt: skip
CLAIMS = PART | {"end": {"amplitude": decimal, "parameter": enclosure, "period": enclosure}, "distance": decimal}


OPTIONAL: dict[str, Spec] = {
    "parts": [PART],
    "polynomial": {"mean": [decimal], "cosines": [[decimal]], "sines": [[decimal]], "distance": decimal},
}


def claims_of(value: Any, where: str) -> Any:
    """With `parts` and `polynomial` or without."""
    more = {key: spec for key, spec in OPTIONAL.items() if isinstance(value, dict) and key in value}
    return parse(value, CLAIMS | more, where)


ORBIT = PROVED_HEAD | {
    "id": text, "method": one_of("floquet-frame"), "hopf": text, "claims": claims_of,
    "bounds": {"rate": decimal, "exponent_radius": decimal, "kappa": optional(enclosure)},
    "witness": {"p": [[number]], "pieces": [piece_of]},
}


def values(q: Polynomial, piece: Piece, radius: Fraction) -> Interval:
    """A real polynomial without tau over all of the piece, and so much more."""
    found = [over_cell(q, x, delta)[0] for x, delta in cells_of(piece, piece.cells)]
    return reduce(hull, (around(re, e, piece.F).exact for re, _, e in found)) + Interval(-radius, radius)


def at_end(q: Polynomial, piece: Piece, radius: Fraction) -> Interval:
    """At cos(theta) = 1."""
    middle, error = sum(row[0] for row in q.table.re), len(q.flat) * q.table.err
    return around(middle, error, piece.F).exact + Interval(-radius, radius)


@dataclass
class Part:
    """What is shown of one piece, without its arrays; slope: of gamma'(a)/a, None without a strip; radius: of the
    discs of the exponents."""

    single: bool
    last: Fraction
    parameter: Interval
    period: Interval
    end_parameter: Interval
    end_period: Interval
    distance: Fraction
    exponents: Exponents
    radius: Fraction
    slope: Interval | None


def part_of(piece: Piece, existence: Existence) -> Part:
    """Raises Rejected unless the critical pair is apart from the other exponents (Theorem O3)."""
    r_gamma, r_T = piece.radii[piece.n + 2], piece.radii[piece.n + 3]
    two_pi = pi_for(real(1, piece.F)).by(2).exact
    last = piece.centre + piece.half_width
    _, h, *_, r = existence.deviation(piece.radii)
    found, radius = existence.exponents()
    moved = existence.equilibrium(r)
    distance = max(Fraction(k, existence.U.one) + last * Fraction(x, existence.U.one)
                   for k, (x,) in zip(moved, h, strict=True))  # fmt: skip
    slope = None if piece.single or piece.nu.lo <= 0 else slopes(piece, existence.rounded(r_gamma))
    return Part(
        piece.single, last, values(piece.gamma, piece, r_gamma), two_pi * values(piece.T, piece, r_T),
        at_end(piece.gamma, piece, r_gamma), two_pi * at_end(piece.T, piece, r_T),
        distance, found, Fraction(radius, existence.U.one), slope,
    )  # fmt: skip


def check_orbit(checker: Checker, name: str, item: Item, points: dict[str, Proved | None]) -> dict[str, Any]:
    """One certificate orbits/NAME.json; what it says, which holds if nothing failed."""
    where = f"orbits/{name}.json"
    item.begin("format")
    c = checker.read(where, "proofgen-orbit", lambda method: ORBIT if method == "floquet-frame" else None)
    if c["id"] != name or not re.fullmatch(r"orbit-[0-9]{4,6}", name):
        raise Rejected(f"{where}: `id` is not the name of the file")
    if not re.fullmatch(r"hopf-[0-9]{4,6}", c["hopf"]):
        raise Rejected(f"{where}: `hopf` is not the name of a point")
    problem, claims, bounds = checker.problem, c["claims"], c["bounds"]
    pieces = c["witness"]["pieces"]
    if not 0 < len(pieces) <= MOST_PIECES:
        raise Undecided(f"{where}: no piece, or more pieces than this checker reads")
    if problem.discrete or not hasattr(problem, "orbits"):
        raise Rejected(f"{where}: the orbits of a map are others, and those of a cell are not covered")
    if problem.n < 2:
        raise Rejected(f"{where}: a periodic orbit needs two variables")
    require_order(pieces)
    if "y" not in pieces[0] and not problem.trivial:
        raise Rejected(f"{where}: x = 0 is not shown to be an equilibrium for all values of the parameter")
    F = max(c["precision"], 128) + 64 + GUARD
    field = checker.parts(problem.orbits).FIELD(problem, F)
    budget = problem.budget
    base, parts, end = budget.held, list[Part](), None
    for index, raw in enumerate(pieces):
        item.begin("Theorem O1")
        piece = read_piece(checker, raw, c["witness"]["p"], F, where if index == 0 else f"{where}: piece {index + 1}")
        existence = Existence(field, piece)
        rate = existence.rate()
        item.compare("rate", rate, "<=", bounds["rate"])
        item.begin("Lemma O2")
        require_real(piece, existence)
        if end is not None:
            item.begin("Theorem O2")
            existence.require_joint(end)
        item.begin("Theorem O3")
        parts.append(part_of(piece, existence))
        if "polynomial" in claims:
            check_polynomial(item, claims["polynomial"], piece, parts[-1])
        if end is None and not piece.single:
            require_point(item, c, existence, points)
        end = existence.end()
        del piece, existence
        budget.held = base
    item.compare("rate", bounds["rate"], "<", Fraction(1))
    check_ranges(item, claims, parts)
    item.begin("Theorem O3")
    item.compare("exponent_radius", max(part.radius for part in parts), "<=", bounds["exponent_radius"])
    if parts[0].single:
        check_one(item, claims, bounds, parts[0])
    else:
        check_family(item, c, parts, points)
    item.facts |= {"parameter": show(claims["end"]["parameter"]), "amplitude": show(claims["end"]["amplitude"])}
    said: dict[str, Any] = c
    return said


def require_order(pieces: list[dict[str, Any]]) -> None:
    """One orbit, or a piece around the amplitude 0 and others, each of which begins where the one before it ends."""
    spans = [(raw["centre"], raw["half_width"]) for raw in pieces]
    if len(spans) > 1 and any(half <= 0 for _, half in spans):
        raise Rejected("one of several pieces is a single orbit")
    if spans[0][1] > 0 and spans[0][0] != 0:
        raise Rejected("the first piece is not around the amplitude 0")
    for (centre, half), (before, half_before) in zip(spans[1:], spans, strict=False):
        if centre - half != before + half_before:
            raise Rejected("Theorem O2: a piece does not begin where the one before it ends")


def require_real(piece: Piece, existence: Existence) -> None:
    """Lemma O2, and T > 0."""
    if not existence.real():
        raise Rejected("Lemma O2: the orbits are not shown to be real")
    lowest = Fraction(piece.T.table.re[0][0] - sum(s[0] for s in piece.T.sizes[1:]), existence.U.one)
    if lowest <= piece.radii[piece.n + 3]:
        raise Rejected("T > 0 does not hold")


def check_ranges(item: Item, claims: dict[str, Any], parts: list[Part]) -> None:
    """Amplitudes, parameter, period and distance, of all pieces and of each."""
    item.begin("claims")
    last = parts[-1].last
    first = last if parts[0].single else Fraction(0)
    item.require(claims["end"]["amplitude"] == last, "the end is not the largest amplitude")
    for key in ("parameter", "period"):
        item.inside(f"end: {key}", getattr(parts[-1], f"end_{key}"), claims["end"][key])
    item.compare("distance", max(part.distance for part in parts), "<=", claims["distance"])
    said = claims.get("parts", [])
    if len(said) != (len(parts) if len(parts) > 1 else 0):
        raise Rejected("the parts are not the pieces")
    before = first
    for index, part in enumerate(parts):
        for claim in [claims, *said[index : index + 1]]:
            item.inside("parameter", part.parameter, claim["parameter"])
            item.inside("period", part.period, claim["period"])
        for claim in said[index : index + 1]:
            same = (claim["amplitude"].lo, claim["amplitude"].hi) == (before, part.last)
            item.require(same, "the amplitudes of a part are not those of its piece")
        before = part.last
    same = (claims["amplitude"].lo, claims["amplitude"].hi) == (first, last) and last > 0
    item.require(same, "the claim amplitude is not that of the witness")


def check_polynomial(item: Item, said: dict[str, Any], piece: Piece, part: Part) -> None:
    """Every x_i(T tau) is within `distance` of the printed polynomial, as that is so near to y + a v."""
    item.begin("claims")
    n, a, unit = piece.n, piece.centre, 1 << piece.F
    rows = [said["mean"], *said["cosines"], *said["sines"]]
    modes = len(said["cosines"])
    if not piece.single or modes != len(said["sines"]) or modes > MOST_MODES or any(len(row) != n for row in rows):
        raise Rejected("a polynomial is for one orbit, with n numbers for each mode")
    v, K = piece.v, piece.v.K
    off = [Fraction(0)] * n
    for k in range(max(K, modes) + 1):
        c = v.coefficient(0, k)
        for i in range(n):
            re, im = (Fraction(part[i][0], unit) for part in (c.re, c.im))
            error = Fraction(4 * (c.err + 1), unit) * max(a, Fraction(1))
            if k == 0:
                y = Fraction(0) if piece.y is None else Fraction(piece.y.table.re[0][i], unit)
                off[i] += abs(y + a * re - said["mean"][i]) + error
            else:
                cosine, sine = (said[key][k - 1][i] if k <= modes else Fraction(0) for key in ("cosines", "sines"))
                off[i] += abs(2 * a * re - cosine) + abs(2 * a * im + sine) + error
    item.compare("distance of the polynomial", part.distance + max(off), "<=", said["distance"])


def check_multipliers(item: Item, claims: dict[str, Any], outside: int | None) -> None:
    for key, value in (("unstable_multipliers", outside), ("stable", None if outside is None else outside == 0)):
        claim = claims[key]
        if claim is not None and outside is None:
            item.fail(f"the claim {key} is not supported by the witness", verdict="incomplete")
        elif claim is not None:
            item.require((type(claim), claim) == (type(value), value), f"the claim {key} is false")
    item.require((claims["unstable_multipliers"] is None) == (claims["stable"] is None), "stable without multipliers")


def check_one(item: Item, claims: dict[str, Any], bounds: dict[str, Any], part: Part) -> None:
    """The multipliers of one orbit."""
    kappa = bounds["kappa"]
    outside: int | None = None
    item.require(claims["direction"] is None and claims["slope"] is None, "one orbit has no direction")
    if kappa is not None:
        item.inside("kappa", part.exponents.kappa[0], kappa)
        item.require(0 not in kappa, "the claim kappa does not exclude 0")
        if part.exponents.outside is not None:
            outside = part.exponents.outside + (kappa.lo > 0)
    check_multipliers(item, claims, outside)


def require_point(item: Item, c: dict[str, Any], existence: Existence, points: dict[str, Proved | None]) -> None:
    """Lemma O4 for the piece around the Hopf point."""
    hopf = c["hopf"]
    item.begin("Lemma O4")
    point = points.get(hopf)
    if point is None or not {"omega", "crossing_speed", "equilibrium"} <= point.claims.keys():
        raise Undecided(f"rests on {short(hopf)}, which is not accepted")
    claims = point.claims
    existence.require_start(claims["parameter"], claims["omega"], claims["equilibrium"])


def check_family(item: Item, c: dict[str, Any], parts: list[Part], points: dict[str, Proved | None]) -> None:
    """Theorem O4: directions, and the sign of kappa from piece to piece."""
    claims = c["claims"]
    item.begin("Theorem O4")
    item.require(c["bounds"]["kappa"] is None, "kappa is for one orbit")
    point = points[c["hopf"]]
    assert point is not None
    said = claims.get("parts", []) or [claims]
    sign, monotone, outside = 0, False, list[int | None]()
    for index, (part, claim) in enumerate(zip(parts, said, strict=True)):
        slope = checked_slope(item, claim, part.slope)
        own = {signum(kappa) for kappa in part.exponents.kappa}
        if index == 0:
            speed = point.claims["crossing_speed"]
            sign = -signum(speed) * (signum(slope) if slope is not None else 0)
        elif slope is None:
            sign = own.pop() if len(own) == 1 else 0
        elif not (monotone and sign):  # else kappa is not 0 at the joint, nor on this piece, and keeps its sign
            sign = max(own, key=abs)
        monotone = slope is not None
        count_outside = part.exponents.outside
        outside.append(None if not sign or count_outside is None else count_outside + (sign > 0))
        if len(parts) > 1:
            check_multipliers(item, claim, outside[-1])
    check_multipliers(item, claims, outside[0] if len(set(outside)) == 1 else None)
    if len(parts) > 1:
        check_whole_direction(item, claims, said)


def signum(x: Interval) -> int:
    return (x.lo > 0) - (x.hi < 0)


def checked_slope(item: Item, claim: dict[str, Any], own: Interval | None) -> Interval | None:
    """The slope that is claimed, with its direction; None where there is none."""
    slope: Interval | None = claim["slope"]
    if slope is None or claim["direction"] is None:
        item.require(slope is None and claim["direction"] is None, "direction and slope belong together")
        return None
    if own is None:
        raise Rejected("only a piece with a strip has a direction")
    item.inside("slope", own, slope)
    item.require(0 not in slope, "the claim slope does not exclude 0")
    item.require(claim["direction"] == ("increasing" if slope.lo > 0 else "decreasing"), "the claim direction is false")
    return slope if 0 not in slope else None


def check_whole_direction(item: Item, claims: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    """What is said of all pieces follows from what is said of each."""
    if claims["slope"] is None or claims["direction"] is None:
        item.require(claims["slope"] is None and claims["direction"] is None, "direction and slope belong together")
        return
    for part in parts:
        item.require(part["direction"] == claims["direction"], "the claim direction is not that of all parts")
        if part["slope"] is not None:
            item.inside("slope", part["slope"], claims["slope"])
    item.require(0 not in claims["slope"], "the claim slope does not exclude 0")
