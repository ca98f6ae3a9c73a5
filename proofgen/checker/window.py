"""The method spectral (section 12): a crossing in a window, by Lemma T and the mean value theorem."""

from __future__ import annotations

from .context import Checker
from .documents import WITNESS, Method
from .hopf_point import check_point
from .intervals import Interval, exactly, up
from .local_points import LOCAL, Point, read_point
from .reading import anything, count, number, optional
from .reports import show
from .tube import Section, Tube
from .verdicts import Rejected

SPECTRAL = LOCAL | {"witness": WITNESS | {
    "pair": count, "gamma": number, "half_width": number, "x": anything, "slope": anything, "radius": optional(number),
}}  # fmt: skip


def by_window(checker: Checker, c: Point, level: str = "real_part") -> tuple[Section, Interval, Interval | None]:
    """H1, H3, gamma* of section 12: Lemma T over Gamma, one pair near the axis, Re lambda' != 0; then
    lambda(gamma~) and the mean value theorem give Gamma*, which lies in Gamma.  Of a map the same with the circle in
    place of the axis (section 20); level: the key of what vanishes there."""
    item, k, chart, bounds, net, claims = c.item, c.k, c.chart, c.bounds, c.net, c.claims
    trivial = c.witness["x"] is None
    middle, half = c.witness["gamma"], c.witness["half_width"]
    item.begin("Lemma T")
    gammas, range_ = exactly(middle - half, middle + half), checker.problem.interval
    item.require(range_ is None or gammas.within(range_), "the window lies outside the interval of the problem")
    tube = Tube(chart, up(half.numerator << net.F, half.denominator), None if trivial else c.witness["radius"])
    A = tube.section.A
    if trivial:
        c.nulls("branch_gap", "branch_residual", "branch_radius")
    else:
        c.compare("branch_gap", tube.beta, ">=")
        c.compare("branch_residual", tube.residual(tube.h), "<=")
        c.compare("branch_radius", tube.radius(tube.h), "<=")
        item.compare("branch_radius < r", bounds["branch_radius"], "<", c.witness["radius"])
    item.begin("window")
    speed, clear = tube.crossing(k)
    c.compare("window_disc_radius", A.g[k], "<=")
    if clear is None:
        c.nulls("window_clearance")
    else:
        c.compare("window_clearance", clear, ">=")
    if bounds["window_slope"] is None or bounds[level] is None:
        raise Rejected(f"window_slope or {level} is null")
    item.inside("window_slope", speed, bounds["window_slope"])
    item.require(0 not in bounds["window_slope"], "window_slope does not exclude 0")
    at = tube.over(Interval(middle)).A
    at.require_isolated(k)
    value = tube.locus.level(at, k)
    item.inside(level, value, bounds[level])
    gamma = Interval(middle) - value / speed
    if not gamma.within(gammas):
        raise Rejected(f"Gamma* = {show(gamma)} does not lie in Gamma = {show(gammas)}")
    if claims["window"] is None:
        raise Rejected("window is null")
    item.require(claims["window"].within(gammas), "the claim window is not inside Gamma")
    item.require(claims["parameter"].within(claims["window"]), "window does not contain the claimed parameter")
    return tube.over(gamma), gamma, None


def check(checker: Checker, c: Point) -> None:
    c.nulls("uniqueness_radius", "Y", "Z", "r_min")
    check_point(checker, c, by_window)


METHOD = Method(SPECTRAL, read_point, check)
