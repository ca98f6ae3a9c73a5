"""branch.json by the method circle-branch (section 25): every eigenvalue of W lies in a disc, and every crossing of the
unit circle that it may give is settled, listed, or of no account in the range."""

from __future__ import annotations

from typing import Any

from .budget import OPERATION, digits_in
from .circle_branch import Certificate
from .circle_law import Crossing, FixedSpectrum, Law, Somewhere, fixed_spectrum, law_of
from .context import Checker, united
from .documents import BRANCH, Proved, in_order
from .gamma_range import Range, check_bounds, nothing_listed, require_covered
from .intervals import Interval
from .named_crossings import check_named, names_crossing
from .reports import Item, show
from .verdicts import Rejected

SPECS = {"circle-branch": BRANCH}
Found = dict[int, "list[Crossing] | Somewhere"]
Settled = dict[tuple[int, int], str]  # by index and root


def check_list(checker: Checker, item: Item, branch: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    law, claims, window = law_of(checker), branch["claims"], Range(checker.problem.interval)
    cover = united(checker, [piece["interval"] for piece in claims["unsettled"]])
    if branch["witness"] is None:
        nothing_listed(item, branch)
        require_covered(item, claims, parts_of(law.all_crossings(), window), cover)
        return

    item.begin("Theorem A")
    A = fixed_spectrum(checker, branch["witness"], branch["precision"], "branch.json")
    check_bounds(item, A, branch["bounds"])

    # one index of each pair, as conjugate eigenvalues have conjugate multipliers
    checker.bundle.budget.spend(A.n * (200 * OPERATION + 60 * digits_in(A.F) ** 2))
    found: Found = {k: law.crossings(A, k) for k in [*range(0, 2 * A.m, 2), *range(2 * A.m, A.n)]}
    settled = settled_by_points(item, claims, checked, A, window)
    settled |= settled_by_crossings(item, claims, A, law, found, window)
    check_named(item, claims, checked)

    item.begin("completeness")
    listed = [*claims["real_crossings"], *(x["parameter"] for x in claims["points"])]
    everything = united(checker, [Interval(*x) for x in cover] + listed)
    unknown = {k for k, x in found.items() if isinstance(x, Somewhere) and x.gamma is None}  # all that may hold 0
    unknown |= {k ^ 1 for k in unknown if k < 2 * A.m}
    zero = bool(unknown) and checker.parts("nullity").all_zero(checker, A, law.W, unknown)
    for k, crossings in found.items():
        if isinstance(crossings, Somewhere):
            if zero and k in unknown:
                continue
            require_covered(item, claims, parts_of(crossings, window), cover)
            continue
        for x in crossings:
            if (k, x.root) not in settled and not window.outside(x.gamma):
                require_covered(item, claims, [window.clipped(x.gamma)], everything)


def parts_of(somewhere: Somewhere, window: Range) -> list[Interval]:
    """What of the range is not settled."""
    gamma, far = somewhere.gamma, somewhere.far
    if gamma is not None:
        return [] if window.outside(gamma) else [window.clipped(gamma)]
    return [] if far is None else window.beyond(far)


def settled_by_points(item: Item, claims: dict[str, Any], checked: dict[str, Proved | None], A: FixedSpectrum,
                      window: Range) -> Settled:  # fmt: skip
    """Points have the witness of the branch, and different crossings."""
    item.begin("points")
    settled: Settled = {}
    for point, c in zip(claims["points"], in_order(item, claims["points"], checked), strict=True):
        if names_crossing(point):
            continue
        if not isinstance(c, Certificate) or c.spectrum is not A:
            raise Rejected(f"{point['id']} has another method or another witness than the branch")
        key = c.k, c.crossing.root
        item.require(window.inside(c.parameter), f"{point['id']} is not certainly in the interval")
        item.require(point["pair"] is None, f"{point['id']}: `pair` is not null")
        if key in settled:
            raise Rejected(f"{point['id']} and {settled[key]} are the same point")
        settled[key] = point["id"]
    return settled


def settled_by_crossings(item: Item, claims: dict[str, Any], A: FixedSpectrum, law: Law, found: Found, window: Range,
                         ) -> Settled:  # fmt: skip
    """Each enclosure holds exactly one gamma with a multiplier on the circle, which is 1, simple and alone."""
    item.begin("real crossings")
    settled: Settled = {}
    previous: Interval | None = None
    at_one = [(k, x) for k in range(2 * A.m, A.n) if A.alone[k] and isinstance(crossings := found[k], list)
              for x in crossings if x.m[0].lo > 0]  # fmt: skip
    for claim in claims["real_crossings"]:
        if previous is not None and previous.hi >= claim.lo:
            raise Rejected(f"the real crossings {show(previous)}, {show(claim)} are not disjoint and increasing")
        own = [(k, x) for k, x in at_one if x.gamma.within(claim)]
        if len(own) != 1:
            raise Rejected(f"no isolated real disc proves the real crossing {show(claim)}")
        k, crossing = own[0]
        law.others(A, k, claim)  # raises where one may be on the circle in the enclosure
        both = found[k]
        if not isinstance(both, list) or any(
                x is not crossing and x.gamma.lo <= claim.hi and claim.lo <= x.gamma.hi for x in both):
            raise Rejected(f"the real crossing {show(claim)} may hold the multiplier -1 of the same eigenvalue")
        if not window.inside(crossing.gamma):
            raise Rejected(f"the real crossing {show(claim)} is not in the interval")
        settled[k, crossing.root] = "a real crossing"
        previous = claim
    return settled
