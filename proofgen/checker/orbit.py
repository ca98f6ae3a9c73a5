"""Periodic orbits, orbits/*.json (section 18): Theorems O1, O3, O4 and Lemmas O2, O4 on a zero branch."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import reduce
from typing import Any

from .context import Checker
from .documents import PROVED_HEAD, Proved
from .intervals import Interval, around, real
from .network_problem import NetworkProblem
from .orbit_existence import Existence
from .orbit_floquet import Exponents, cells_of, over_cell, slopes
from .orbit_numbers import Polynomial, hull
from .orbit_witness import PIECE, Piece, read_piece
from .reading import boolean, count, decimal, enclosure, number, one_of, optional, short, text
from .reports import Item, show
from .series import pi_for
from .verdicts import GUARD, Rejected, Undecided

ORBIT = PROVED_HEAD | {
    "id": text, "method": one_of("floquet-frame"), "hopf": text,
    "claims": {
        "amplitude": enclosure, "parameter": enclosure, "period": enclosure,
        "end": {"amplitude": decimal, "parameter": enclosure, "period": enclosure}, "distance": decimal,
        "direction": optional(one_of("increasing", "decreasing")), "slope": optional(enclosure),
        "unstable_multipliers": optional(count), "stable": optional(boolean),
    },
    "bounds": {"rate": decimal, "exponent_radius": decimal, "kappa": optional(enclosure)},
    "witness": {"p": [[number]], "pieces": [PIECE]},
}  # fmt: skip


def values(q: Polynomial, piece: Piece, radius: Fraction) -> Interval:
    """A real polynomial without tau over all of the piece, and so much more."""
    found = [over_cell(q, x, delta)[0] for x, delta in cells_of(piece, piece.cells)]
    return reduce(hull, (around(re, e, piece.F).exact for re, _, e in found)) + Interval(-radius, radius)


def at_end(q: Polynomial, piece: Piece, radius: Fraction) -> Interval:
    """At cos(theta) = 1."""
    middle, error = sum(row[0] for row in q.table.re), len(q.flat) * q.table.err
    return around(middle, error, piece.F).exact + Interval(-radius, radius)


def require_start(piece: Piece, existence: Existence, point: Any, sigma_1: Interval) -> None:
    """Lemma O4: W^0 has the eigenvalue -gamma(0) + i omega/|sigma_1|, which can be in no disc but that of the pair."""
    F, n = piece.F, piece.n
    gamma, T = (over_cell(q, Fraction(0), Fraction(0))[0] for q in (piece.gamma, piece.T))
    r_gamma, r_T = piece.radii[n + 2], piece.radii[n + 3]
    re = -(around(gamma[0], gamma[2], F).exact + Interval(-r_gamma, r_gamma))
    period = around(T[0], T[2], F).exact + Interval(-r_T, r_T)
    im = Interval(1) / (period * abs(sigma_1))
    spectrum, k = point.spectrum, point.k
    for j in range(spectrum.n):
        x, y, g = spectrum.disc(j)
        if j == k:
            continue
        dx, dy = abs(re - Interval(x)).lo, abs(im - Interval(y)).lo
        if dx * dx + dy * dy <= g * g:
            raise Rejected("Lemma O4: the orbits are not shown to start at the Hopf point")


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
    if not isinstance(problem, NetworkProblem) or not problem.trivial:
        raise Rejected(f"{where}: x = 0 is not shown to be an equilibrium for all values of the parameter")
    if problem.box or any(layer.delta or any(layer.b_radius) for layer in problem.layers):
        raise Undecided(f"{where}: orbits of a box of networks are beyond this checker")
    if len(c["witness"]["pieces"]) != 1:
        raise Undecided(f"{where}: more than one piece is beyond this checker")
    F = max(c["precision"], 128) + 64 + GUARD
    piece = read_piece(checker, c["witness"]["pieces"][0], c["witness"]["p"], F, where)
    item.begin("Theorem O1")
    existence = Existence(problem, piece)
    item.compare("rate", existence.rate(), "<=", bounds["rate"])
    item.compare("rate", bounds["rate"], "<", Fraction(1))
    item.begin("Lemma O2")
    if not existence.real():
        raise Rejected("Lemma O2: the orbits are not shown to be real")
    r_gamma, r_T = piece.radii[piece.n + 2], piece.radii[piece.n + 3]
    T = values(piece.T, piece, r_T)
    lowest = Fraction(piece.T.table.re[0][0] - sum(s[0] for s in piece.T.sizes[1:]), existence.U.one)
    if lowest <= r_T:
        raise Rejected("T > 0 does not hold")
    check_ranges(item, claims, piece, existence, T, r_gamma, r_T)
    item.begin("Theorem O3")
    found, largest = existence.exponents()
    item.compare("exponent_radius", Fraction(largest, existence.U.one), "<=", bounds["exponent_radius"])
    check_stability(checker, item, c, piece, existence, found, points)
    item.facts |= {"parameter": show(claims["end"]["parameter"]), "amplitude": show(claims["end"]["amplitude"])}
    said: dict[str, Any] = c
    return said


def check_ranges(item: Item, claims: dict[str, Any], piece: Piece, existence: Existence, T: Interval, r_gamma: Fraction,
                 r_T: Fraction) -> None:  # fmt: skip
    """Amplitudes, parameter, period and distance."""
    item.begin("claims")
    last = piece.centre + piece.half_width
    expected = (last, last) if piece.single else (Fraction(0), last)
    if not piece.single and piece.centre:
        raise Rejected("the first piece is not around the amplitude 0")
    amplitude = claims["amplitude"]
    same = (amplitude.lo, amplitude.hi) == expected and last > 0
    item.require(same, "the claim amplitude is not that of the witness")
    item.require(claims["end"]["amplitude"] == last, "the end is not the largest amplitude")
    two_pi = pi_for(real(1, piece.F)).by(2).exact
    item.inside("parameter", values(piece.gamma, piece, r_gamma), claims["parameter"])
    item.inside("period", two_pi * T, claims["period"])
    item.inside("end: parameter", at_end(piece.gamma, piece, r_gamma), claims["end"]["parameter"])
    item.inside("end: period", two_pi * at_end(piece.T, piece, r_T), claims["end"]["period"])
    _, h, *_ = existence.deviation(piece.radii)
    item.compare("distance", last * Fraction(max(x for x, in h), existence.U.one), "<=", claims["distance"])


def check_stability(checker: Checker, item: Item, c: dict[str, Any], piece: Piece, existence: Existence,
                    found: Exponents, points: dict[str, Proved | None]) -> None:  # fmt: skip
    """Direction, and the number of multipliers outside of the unit circle."""
    claims, kappa = c["claims"], c["bounds"]["kappa"]
    error = Fraction(found.error, existence.U.one)
    own = Interval(found.trace.lo - error, found.trace.hi + error)
    outside: int | None = None
    if kappa is not None:
        item.require(piece.single, "kappa is for one orbit")
        item.inside("kappa", own, kappa)
        item.require(0 not in kappa, "the claim kappa does not exclude 0")
    if piece.single:
        item.require(claims["direction"] is None and claims["slope"] is None, "one orbit has no direction")
        if kappa is not None and found.outside is not None:
            outside = found.outside + (kappa.lo > 0)
    else:
        outside = check_family(checker, item, c, piece, existence, found, points)
    for key, value in (("unstable_multipliers", outside), ("stable", None if outside is None else outside == 0)):
        claim = claims[key]
        if claim is not None and outside is None:
            item.fail(f"the claim {key} is not supported by the witness", verdict="incomplete")
        elif claim is not None:
            item.require((type(claim), claim) == (type(value), value), f"the claim {key} is false")
    item.require((claims["unstable_multipliers"] is None) == (claims["stable"] is None), "stable without multipliers")


def check_family(checker: Checker, item: Item, c: dict[str, Any], piece: Piece, existence: Existence, found: Exponents,
                 points: dict[str, Proved | None]) -> int | None:  # fmt: skip
    """Theorem O4 for the piece around the Hopf point."""
    claims, hopf = c["claims"], c["hopf"]
    item.begin("Lemma O4")
    point = points.get(hopf)
    if point is None:
        raise Undecided(f"rests on {short(hopf)}, which is not accepted")
    if not isinstance(point, checker.parts("zero_branch").Certificate):
        raise Undecided(f"{short(hopf)} is of a method with which orbits are beyond this checker")
    problem = checker.problem
    assert isinstance(problem, NetworkProblem)
    if found.outside is None:
        item.fail("an exponent is not shown to be off the axis", verdict="incomplete")
        return None
    require_start(piece, existence, point, problem.sigma[0])
    if claims["slope"] is None or claims["direction"] is None:
        item.require(claims["slope"] is None and claims["direction"] is None, "direction and slope belong together")
        return None
    item.begin("Theorem O4")
    own = slopes(piece, existence.rounded(piece.radii[piece.n + 2]))
    item.inside("slope", own, claims["slope"])
    item.require(0 not in claims["slope"], "the claim slope does not exclude 0")
    sign = 1 if claims["slope"].lo > 0 else -1
    item.require(claims["direction"] == ("increasing" if sign > 0 else "decreasing"), "the claim direction is false")
    speed = point.claims["crossing_speed"]
    outside: int = found.outside + (speed.hi < 0 if sign > 0 else speed.lo > 0)
    return outside
