"""The method neimark-sacker (section 20): a pair of multipliers of a map crosses the unit circle."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .context import Checker
from .documents import Method
from .elementary import atan_at
from .hopf_point import cubic_part, quadratic_and_cubic
from .intervals import Interval, real, up
from .local_points import Point, read_point
from .local_spectrum import LocalSpectrum
from .locus import CIRCLE, shifted_square, turned
from .map_point import BOUNDS, COMMON, HEAD, MORE_CLAIMS, WINDOW, check_coefficient, check_on_circle, finish
from .reading import Spec, count, decimal, enclosure, one_of, optional
from .reports import Item, show
from .verdicts import Rejected

POINT: dict[str, Spec] = {
    "kind": one_of("neimark-sacker"), "parameter": enclosure, "theta": enclosure, "log_modulus_speed": enclosure,
    "coefficient_name": one_of("a"), **COMMON,
}  # fmt: skip
ROW = POINT, {"kind", "parameter", "coefficient_name"}  # in summary.json; what an undecided point may state
GAPS: dict[str, Spec] = {"gap_1": optional(decimal), "gap_2": optional(decimal)}
CERTIFICATE = HEAD | {
    "claims": POINT | MORE_CLAIMS,
    "bounds": BOUNDS | {"cosine": enclosure, "isolation": decimal} | GAPS,
    "witness": WINDOW | {"pair": count},
}


def angle(A: LocalSpectrum, k: int) -> Interval:
    """theta for e^(i theta) in 1 + K_k, Im > 0: that of 1 + d_k, which is 2 atan(y/(r + x)), and at most
    asin(g/r) <= (g/r)(1 + g/r) more or less for g/r <= 1/2."""
    F = A.F
    x, y = (Fraction(p, 1 << A.d_unit) for p in A.centres[k])
    re, im = real(1 + x, F), real(y, F)
    r = (re * re + im * im).sqrt()
    if (r + re).lo <= 0:
        raise Rejected("the multiplier may be -1")
    g, least = A.g[k], CIRCLE.modulus_of_centre(A, k)
    if 2 * g >= least:
        raise Rejected("the disc of the multiplier is too large")
    ratio = up(g << F, least)
    return atan_at(im / (r + re)).by(2).widen(ratio + up(ratio * ratio, A.one)).exact


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Point:
    if c["witness"]["pair"] >= c["witness"]["pairs"]:
        raise Rejected(f"{where}: the witness has no such pair")
    return read_point(checker, c, item, where)


def check(checker: Checker, c: Point) -> None:
    try:
        check_neimark_sacker(checker, c)
    finally:
        finish(checker, c)


def check_neimark_sacker(checker: Checker, c: Point) -> None:
    section, v = check_on_circle(checker, c)
    item, claims, bounds, k, A = c.item, c.claims, c.bounds, c.k, section.A
    item.begin("N3")
    sine, cosine = A.im(k), Interval(1) + A.re(k)
    if sine.lo <= 0:
        raise Rejected(f"Im d_k - g_k > 0 does not hold: {show(sine.lo)}")
    item.compare("isolation", sine.lo, ">=", bounds["isolation"])
    item.compare("isolation > 0", Fraction(0), "<", bounds["isolation"])
    item.inside("cosine", cosine, bounds["cosine"])
    cubic = bounds["gap_1"] is None  # B = 0 at x* = 0 of an odd map: w^-2 does not occur, and 1:3 is no resonance
    item.require((bounds["gap_2"] is None) == cubic, "gap_1 and gap_2 are null together")
    if cubic:
        odd = c.witness["x"] is None and checker.parts("parity").is_odd(checker.problem)
        item.require(odd, "the resonance 1:3 is not excluded, and the map is not seen to be odd, or x* is not 0")
    for value, resonance in ((Fraction(-1, 2), "1:3"), (Fraction(0), "1:4"))[cubic:]:
        item.require(value not in bounds["cosine"], f"the resonance {resonance} is not excluded")
    theta = angle(A, k)
    item.inside("theta", theta, claims["theta"])
    item.compare("theta > 0", Fraction(0), "<", claims["theta"].lo)
    item.facts["theta"] = show(theta)
    item.begin("N4")
    item.inside("log_modulus_speed", c.chart.speed(section, k, v), claims["log_modulus_speed"])
    item.require(0 not in claims["log_modulus_speed"], "the claim log_modulus_speed does not exclude 0")
    item.begin("N5")
    if cubic:
        own = turned(c.chart, A, k, v, *cubic_part(c, section, v)).exact
        check_coefficient(c, v, [own, Interval(0), Interval(0)], 2, "supercritical")
        return
    # (I - D_x F)^-1 = (0 - A)^-1 and (mu^2 I - D_x F)^-1 = ((mu^2 - 1) I - A)^-1
    finer, z, dz = shifted_square(A, k)
    parts, gaps = quadratic_and_cubic(c, section, v, lambda second: finer.resolvent(z, dz, second))
    for key, gap in zip(("gap_1", "gap_2"), gaps, strict=True):
        c.compare(key, gap, ">=")
    check_coefficient(c, v, [turned(c.chart, A, k, v, *part).exact for part in parts], 2, "supercritical")


METHOD = Method(CERTIFICATE, read, check, kind="ns", of_maps=True)
