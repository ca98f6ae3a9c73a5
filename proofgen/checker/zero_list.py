"""branch.json by the method zero-branch: every eigenvalue lies in a disc, and every disc is settled or listed."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import Any

from .basis import spectrum_of
from .budget import OPERATION, digits_in
from .context import Checker, united
from .documents import BRANCH, Proved, in_order
from .intervals import Interval
from .reports import Item, show
from .similarity import Spectrum
from .verdicts import Rejected
from .zero_branch import Certificate, network_of

SPECS = {"zero-branch": BRANCH}


def check_list(checker: Checker, item: Item, branch: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    where, network, claims = "branch.json", network_of(checker), branch["claims"]
    layer, witness, bounds = network.layers[0], branch["witness"], branch["bounds"]
    crossings, listed = claims["real_crossings"], claims["points"]
    pieces = [piece["interval"] for piece in claims["unsettled"]]
    low = network.interval.lo if network.interval else None
    high = network.interval.hi if network.interval else None

    def outside(x: Interval) -> bool:
        return (low is not None and x.hi < low) or (high is not None and x.lo > high)

    def inside(x: Interval) -> bool:  # on the exact ends: an Interval may round them outwards
        return low is None or high is None or (low <= x.lo and x.hi <= high)

    def clipped(x: Interval) -> Interval:
        return x if low is None or high is None else Interval(max(x.lo, low), min(x.hi, high))

    if witness is None:
        item.begin("norm")
        item.require(bounds is None, "without a witness there are no bounds")
        item.require(not (listed or crossings), "without a witness there are no points and no real crossings")
        delta = layer.delta or [[0]] * network.n  # every |mu| <= ||W||_inf <= norm
        norm = max(Fraction(sum(map(abs, row)) + sum(r), layer.W_unit) for row, r in zip(layer.W, delta, strict=True))
        own = Interval(-norm, norm)
        if not outside(own):  # else no eigenvalue can have real part 0 in the range
            if claims["complete"] or len(pieces) != 1:
                raise Rejected("without a witness `unsettled` holds exactly one interval, and nothing is complete")
            item.inside("unsettled ([-norm_W, norm_W])", clipped(own), pieces[0])
        return

    item.begin("Theorem A")
    A = spectrum_of(checker, witness, branch["precision"], where, Spectrum, layer.W, layer.W_unit, layer.delta)
    if bounds is None:
        raise Rejected(f"{where}: a witness without bounds")
    item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
    item.compare("rho", bounds["rho"], "<", Fraction(1))
    item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
    item.compare("max_disc_radius", Fraction(max(A.g), A.one), "<=", bounds["max_disc_radius"])

    # Every eigenvalue lies in a disc K_j, so the values of gamma in question lie in the intervals
    # -Re d_j +- g_j.  Each of those is outside the range, or settled by a listed point or crossing, or unsettled.
    item.begin("points")
    gammas = [-A.re(j) for j in range(A.n)]
    settled, named = dict[int, str](), list[tuple[dict[str, Any], Proved]]()
    for point, c in zip(listed, in_order(item, listed, checked), strict=True):
        if "omega" not in c.claims:
            named.append((point, c))
            continue
        j = (c.k if isinstance(c, Certificate) and c.spectrum is A
             else checker.parts("other_witness").matching_disc(checker, A, c))  # fmt: skip
        own = c.parameter & gammas[j]
        item.require(not outside(own), f"{point['id']} lies outside the interval")
        item.require(inside(own), f"{point['id']} is not certainly in the interval")
        item.require(point["pair"] in (None, j // 2), f"{point['id']} does not belong to pair {point['pair']}")
        if j in settled:
            raise Rejected(f"{point['id']} and {settled[j]} are the same Hopf point")
        settled[j] = settled[j ^ 1] = point["id"]

    item.begin("real crossings")
    checker.bundle.budget.spend(len(crossings) * A.n * (20 * OPERATION + 4 * digits_in(A.F) ** 2))
    previous: Interval | None = None
    for claim in crossings:
        found = [j for j in range(2 * A.m, A.n) if j not in settled and gammas[j].within(claim)]
        if previous is not None and previous.hi >= claim.lo:
            raise Rejected(f"the real crossings {show(previous)}, {show(claim)} are not disjoint and increasing")
        if len(found) != 1 or not A.isolated_real(found[0]):
            raise Rejected(f"no isolated real disc proves the real crossing {show(claim)}")
        for j in range(A.n):  # exactly one gamma in the claimed enclosure
            touches = abs(A.centres[j][1]) * A.one <= A.g[j] << A.d_unit
            if j != found[0] and touches and gammas[j].lo <= claim.hi and claim.lo <= gammas[j].hi:
                raise Rejected(f"the real crossing {show(claim)} may hold a second singular value")
        if outside(gammas[found[0]]) or (claims["complete"] and not inside(gammas[found[0]])):
            raise Rejected(f"the real crossing {show(claim)} is not in the interval")
        settled[found[0]] = "a real crossing"
        previous = claim
    if named:
        checker.parts("singular").name_crossings(item, A, named, settled, inside)

    item.begin("completeness")
    cover = united(checker, [*pieces, *crossings, *(x["parameter"] for x in listed)])
    for j in range(A.n):
        if j in settled or outside(gammas[j]):
            continue
        if claims["complete"]:
            item.fail(f"the claim `complete` is not supported: an eigenvalue may be on the axis "
                      f"at gamma in {show(gammas[j])}, which is not listed")  # fmt: skip
            break
        # the part of the claimed enclosures that is proved to be covered, from the left
        own = clipped(gammas[j])
        before = bisect_right(cover, own.lo, key=lambda x: x[0])
        at = max(own.lo, cover[before - 1][1]) if before else own.lo
        if at < own.hi or not before or cover[before - 1][1] < own.lo:
            item.fail(f"gamma in {show(own)} is neither settled nor in `unsettled` (covered up to {show(at)})")
