"""The method flip (section 20): a real multiplier of a map crosses the unit circle at -1."""

from __future__ import annotations

from typing import Any

from .context import Checker
from .documents import Method
from .intervals import Interval, Vector
from .local_points import Point, read_point
from .map_point import BOUNDS, COMMON, HEAD, MORE_CLAIMS, WINDOW, check_coefficient, check_on_circle, finish
from .reading import Spec, count, decimal, enclosure, one_of
from .reports import Item
from .verdicts import Rejected

POINT: dict[str, Spec] = {
    "kind": one_of("flip"), "parameter": enclosure, "multiplier_speed": enclosure, "coefficient_name": one_of("c"),
    **COMMON,
}  # fmt: skip
ROW = POINT, {"kind", "parameter", "coefficient_name"}  # in summary.json; what an undecided point may state
CERTIFICATE = HEAD | {
    "claims": POINT | MORE_CLAIMS,
    "bounds": BOUNDS | {"gap_1": decimal},
    "witness": WINDOW | {"index": count},
}


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Point:
    if not 2 * c["witness"]["pairs"] <= c["witness"]["index"] < checker.problem.n:
        raise Rejected(f"{where}: the index is not that of a real eigenvalue")
    return read_point(checker, c, item, where)


def check(checker: Checker, c: Point) -> None:
    try:
        check_flip(checker, c)
    finally:
        finish(checker, c)


def check_flip(checker: Checker, c: Point) -> None:
    section, v = check_on_circle(checker, c)
    item, claims, k, A, net, contract = c.item, c.claims, c.k, section.A, c.net, c.chart.contract
    item.begin("P2")
    if (Interval(1) + A.re(k)).hi >= 0:
        raise Rejected("the multiplier on the unit circle is not shown to be -1")

    def projected(w: Vector) -> Interval:
        """l w/l q."""
        return contract(v.p, w, net.none, v.defect).exact

    item.begin("P3")
    item.inside("multiplier_speed", projected(c.chart.motion(section, k, v)[0]), claims["multiplier_speed"])
    item.require(0 not in claims["multiplier_speed"], "the claim multiplier_speed does not exclude 0")
    item.begin("P4")  # (I - D_x F)^-1 = (0 - A)^-1
    q = v.q.parts()[0]
    jets = net.jets(section.state, [q], [0], [(0, 0)], [(0, 0, 0)])
    h, gap = A.resolvent((0, 0), 0, A.complex(jets.second[0]))
    if h is None:
        raise Rejected(f"Lemma C: beta > 0 does not hold: {A.show(gap)}")
    c.compare("gap_1", gap, ">=")
    last = net.jets(section.state, [q, A.real(h)[0]], [0, 0], [(0, 1)]).second[0]
    terms = [projected(jets.third[0]), Interval(3) * projected(last)]
    check_coefficient(c, v, terms, 6, "subcritical")


METHOD = Method(CERTIFICATE, read, check, kind="flip", of_maps=True)
