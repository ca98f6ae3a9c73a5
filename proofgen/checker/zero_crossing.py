"""What the certificates of real crossings of x = 0 have in common (section 22): one crossing in the window, R1, R2."""

from __future__ import annotations

from typing import Any

from .context import Checker
from .documents import Method
from .intervals import Interval, Vector
from .local_points import Point, read_point
from .local_spectrum import Eigenvectors
from .locus import locus_of
from .map_point import BOUNDS, HEAD, MORE_CLAIMS, WINDOW, check_on_circle, finish
from .reading import Spec, count, enclosure, never, one_of
from .reports import Item
from .tube import Section
from .verdicts import Rejected


def row(kind: str, coefficient: str) -> dict[str, Spec]:
    return {
        "kind": one_of(kind), "parameter": enclosure, "eigenvalue_speed": enclosure,
        "coefficient_name": one_of(coefficient), "coefficient": enclosure, "unstable": count, "stable": count,
    }  # fmt: skip


def method(kind: str, claims: dict[str, Spec], finish_check: Any) -> Method:
    def check(checker: Checker, c: Point) -> None:
        try:
            finish_check(checker, c, *check_crossing(checker, c))
        finally:
            finish(checker, c)

    spec = HEAD | {
        "claims": claims | MORE_CLAIMS, "bounds": BOUNDS,
        "witness": WINDOW | {"index": count, "x": never, "slope": never, "radius": never},
    }  # fmt: skip
    return Method(spec, read, check, kind=kind, of_maps=None)


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Point:
    if not 2 * c["witness"]["pairs"] <= c["witness"]["index"] < checker.problem.n:
        raise Rejected(f"{where}: the index is not that of a real eigenvalue")
    return read_point(checker, c, item, where)


def check_crossing(checker: Checker, c: Point) -> tuple[Section, Eigenvectors]:
    """R1, R2: the eigenvalue of D_x f(0, gamma*) on the axis is the real one in K_k, so 0; it crosses.  On the circle
    of a map the real one might be -2, too, which the disc excludes."""
    locus = locus_of(checker.problem)
    section, v = check_on_circle(checker, c, locus, ("unstable", "stable"))
    item, claims = c.item, c.claims
    if not locus.may_be_zero_only(section.A, c.k):
        raise Rejected("the multiplier on the unit circle is not shown to be 1")
    item.require(all(x.lo == x.hi == 0 for x in claims["equilibrium"]), "the equilibrium is not 0")
    item.begin("R2")
    item.inside("eigenvalue_speed", projected(c, v, c.chart.motion(section, c.k, v)[0]), claims["eigenvalue_speed"])
    item.require(0 not in claims["eigenvalue_speed"], "the claim eigenvalue_speed does not exclude 0")
    return section, v


def projected(c: Point, v: Eigenvectors, w: Vector) -> Interval:
    """l w/l q."""
    found: Interval = c.chart.contract(v.p, w, c.net.none, v.defect).exact
    return found
