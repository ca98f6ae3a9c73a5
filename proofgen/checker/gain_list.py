"""branch.json by the method gain-branch (section 23): every eigenvalue of W lies in a disc, and every disc is settled,
listed, or of no account in the range."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .budget import OPERATION, digits_in
from .context import Checker, united
from .documents import BRANCH, Proved, in_order
from .gain_branch import Certificate, Law, gain_spectrum, law_of
from .gamma_range import Range, check_bounds, nothing_listed, require_covered
from .intervals import Interval
from .named_crossings import check_named, names_crossing
from .reports import Item, show
from .similarity import Spectrum
from .verdicts import Rejected

SPECS = {"gain-branch": BRANCH}


def check_list(checker: Checker, item: Item, branch: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    law, claims, window = law_of(checker), branch["claims"], Range(checker.problem.interval)
    cover = united(checker, [piece["interval"] for piece in claims["unsettled"]])
    if branch["witness"] is None:
        nothing_listed(item, branch)
        far = law.far(max(Fraction(sum(map(abs, row)), law.unit) for row in law.W))  # every |mu| <= ||W||_inf
        require_covered(item, claims, [] if far is None else window.beyond(far), cover)
        return

    item.begin("Theorem A")
    A = gain_spectrum(checker, branch["witness"], branch["precision"], "branch.json")
    check_bounds(item, A, branch["bounds"])

    # An eigenvalue in K_j can be on the axis for gamma in gammas[j] alone; if Re mu may be 0 (None), for |gamma| >= far
    values = [A.re(j) for j in range(A.n)]
    gammas = [None if 0 in re else law.gamma(re) for re in values]
    settled = settled_by_points(item, claims, checked, A, gammas, window)
    settled |= settled_by_crossings(checker, item, claims, A, law, gammas, window, settled)
    check_named(item, claims, checked)

    item.begin("completeness")
    unknown = {j for j, gamma in enumerate(gammas) if gamma is None}
    zero = bool(unknown) and checker.parts("nullity").all_zero(checker, A, law.W, unknown)
    for j, gamma in enumerate(gammas):
        if j in settled or (zero and j in unknown):
            continue
        if gamma is None:
            far = law.far(abs(values[j]).hi)
            open_parts = [] if far is None else window.beyond(far)
        else:
            open_parts = [] if window.outside(gamma) else [window.clipped(gamma)]
        listed = [] if gamma is None else [*claims["real_crossings"], *(x["parameter"] for x in claims["points"])]
        require_covered(item, claims, open_parts, united(checker, [Interval(*x) for x in cover] + listed))


def settled_by_points(item: Item, claims: dict[str, Any], checked: dict[str, Proved | None], A: Spectrum,
                      gammas: list[Interval | None], window: Range) -> dict[int, str]:  # fmt: skip
    """Hopf points have the witness of the branch, and different pairs."""
    item.begin("points")
    settled: dict[int, str] = {}
    for point, c in zip(claims["points"], in_order(item, claims["points"], checked), strict=True):
        if names_crossing(point):
            continue
        if not isinstance(c, Certificate) or c.spectrum is not A:
            raise Rejected(f"{point['id']} has another method or another witness than the branch")
        j = c.k
        gamma = gammas[j]
        if gamma is None:
            raise Rejected(f"{point['id']}: the real part of the eigenvalue of W may be 0")
        item.require(window.inside(gamma), f"{point['id']} is not certainly in the interval")
        item.require(point["pair"] in (None, j // 2), f"{point['id']} does not belong to pair {point['pair']}")
        if j in settled:
            raise Rejected(f"{point['id']} and {settled[j]} are the same Hopf point")
        settled[j] = settled[j ^ 1] = point["id"]
    return settled


def settled_by_crossings(checker: Checker, item: Item, claims: dict[str, Any], A: Spectrum, law: Law,
                         gammas: list[Interval | None], window: Range,
                         points: dict[int, str]) -> dict[int, str]:  # fmt: skip
    """Each enclosure holds exactly one gamma at which A is singular, that of an isolated real disc."""
    item.begin("real crossings")
    checker.bundle.budget.spend(len(claims["real_crossings"]) * A.n * (20 * OPERATION + 4 * digits_in(A.F) ** 2))
    settled: dict[int, str] = {}
    previous: Interval | None = None
    for claim in claims["real_crossings"]:
        found = [(j, gamma) for j, gamma in enumerate(gammas)
                 if gamma is not None and j >= 2 * A.m and j not in settled and gamma.within(claim)]  # fmt: skip
        if previous is not None and previous.hi >= claim.lo:
            raise Rejected(f"the real crossings {show(previous)}, {show(claim)} are not disjoint and increasing")
        if len(found) != 1 or not A.isolated_real(found[0][0]) or found[0][0] in points:
            raise Rejected(f"no isolated real disc proves the real crossing {show(claim)}")
        own, own_gamma = found[0]
        for j, gamma in enumerate(gammas):
            touches = abs(A.centres[j][1]) * A.one <= A.g[j] << A.d_unit
            if j == own or not touches:
                continue
            if gamma is None:
                far = law.far(abs(A.re(j)).hi)
                apart = far is None or (far > claim.hi and -far < claim.lo)
            else:
                apart = gamma.hi < claim.lo or claim.hi < gamma.lo
            if not apart:
                raise Rejected(f"the real crossing {show(claim)} may hold a second singular value")
        if not window.inside(own_gamma):
            raise Rejected(f"the real crossing {show(claim)} is not in the interval")
        settled[own] = "a real crossing"
        previous = claim
    return settled
