"""The range of gamma of a branch that one similarity classifies, and what of it is settled."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import Any

from .intervals import Interval
from .reports import Item, show
from .similarity import Spectrum
from .verdicts import Rejected


class Range:
    """The range of gamma, the whole line where there is none."""

    def __init__(self, given: Interval | None) -> None:
        self.given = given

    def outside(self, x: Interval) -> bool:
        return self.given is not None and (x.hi < self.given.lo or x.lo > self.given.hi)

    def inside(self, x: Interval) -> bool:
        return self.given is None or (self.given.lo <= x.lo and x.hi <= self.given.hi)

    def clipped(self, x: Interval) -> Interval:
        return x if self.given is None else Interval(max(x.lo, self.given.lo), min(x.hi, self.given.hi))

    def beyond(self, far: Fraction) -> list[Interval]:
        """The parts with |gamma| >= far."""
        if self.given is None:
            raise Rejected("on the whole line every eigenvalue of W has to be settled")
        ends = (self.given.lo, min(self.given.hi, -far)), (max(self.given.lo, far), self.given.hi)
        return [Interval(lo, hi) for lo, hi in ends if lo <= hi]


def nothing_listed(item: Item, branch: dict[str, Any]) -> None:
    """Without a witness."""
    claims = branch["claims"]
    item.begin("norm")
    item.require(branch["bounds"] is None, "without a witness there are no bounds")
    nothing = not (claims["points"] or claims["real_crossings"])
    item.require(nothing, "without a witness there are no points and no real crossings")


def check_bounds(item: Item, A: Spectrum, bounds: dict[str, Any] | None) -> None:
    """Theorem A as `branch.json` has it."""
    if bounds is None:
        raise Rejected("branch.json: a witness without bounds")
    item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
    item.compare("rho", bounds["rho"], "<", Fraction(1))
    item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
    item.compare("max_disc_radius", Fraction(max(A.g), A.one), "<=", bounds["max_disc_radius"])


def require_covered(item: Item, claims: dict[str, Any], parts: list[Interval],
                    cover: list[tuple[Fraction, Fraction]]) -> None:  # fmt: skip
    """Each part lies in one of the disjoint intervals of the cover; for `complete` there is none."""
    for own in parts:
        if claims["complete"]:
            item.fail(f"the claim `complete` is not supported: an eigenvalue may be on the axis or circle "
                      f"at gamma in {show(own)}, which is not listed")  # fmt: skip
            return
        before = bisect_right(cover, own.lo, key=lambda x: x[0])
        if not before or cover[before - 1][1] < own.hi:
            item.fail(f"gamma in {show(own)} is neither settled nor in `unsettled`")
