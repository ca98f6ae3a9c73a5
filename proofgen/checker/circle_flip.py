"""The method circle-flip (section 25): a flip of a map whose multipliers follow from one matrix."""

from __future__ import annotations

from typing import Any

from .circle_branch import BOUNDS, Certificate, check_coefficient, check_crossing, check_sign, read_crossing
from .context import Checker
from .documents import WITNESS, Method
from .flip import POINT
from .intervals import Interval
from .map_point import HEAD, MORE_CLAIMS
from .reading import count, enclosure
from .reports import Item
from .verdicts import Rejected

CERTIFICATE = HEAD | {
    "claims": POINT | MORE_CLAIMS,
    "bounds": BOUNDS | {"eigenvalue": enclosure, "S": enclosure},
    "witness": WITNESS | {"index": count},
}


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Certificate:
    if not 2 * c["witness"]["pairs"] <= c["witness"]["index"] < checker.problem.n:
        raise Rejected(f"{where}: the index is not that of a real eigenvalue")
    return read_crossing(checker, c, item, where, c["witness"]["index"], None)


def check(checker: Checker, c: Certificate) -> None:
    v = check_crossing(checker, c)
    item, claims, law, (mu, _) = c.item, c.claims, c.law, c.spectrum.mu[c.k]
    item.begin("P3")
    item.inside("eigenvalue", mu, c.bounds["eigenvalue"])
    item.inside("multiplier_speed", law.tau * mu if law.gain else law.tau, claims["multiplier_speed"])
    item.require(0 not in claims["multiplier_speed"], "the claim multiplier_speed does not exclude 0")
    item.begin("P4")  # the same sums with real p, q and m = -1, so that h = g: c = c_1/3
    (S, _), (re, _) = check_coefficient(c, v)
    item.inside("S", S, c.bounds["S"])
    check_sign(c, re / Interval(3), "subcritical")


METHOD = Method(CERTIFICATE, read, check, kind="flip", of_maps=True)
