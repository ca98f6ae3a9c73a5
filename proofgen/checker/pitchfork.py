"""The method pitchfork (section 22): of an odd field, two equilibria branch off x = 0."""

from __future__ import annotations

from .context import Checker
from .local_points import Point
from .local_spectrum import Eigenvectors
from .map_point import check_coefficient
from .parity import is_odd
from .reading import one_of
from .tube import Section
from .verdicts import Rejected
from .zero_crossing import method, projected, row

PITCHFORK = row("pitchfork", "e") | {
    "criticality": one_of("supercritical", "subcritical"), "solutions_for": one_of("above", "below")
}  # fmt: skip
ROW = PITCHFORK, {"kind", "parameter", "coefficient_name"}  # in summary.json; what an undecided one may state


def check(checker: Checker, c: Point, section: Section, v: Eigenvectors) -> None:
    item, claims = c.item, c.claims
    item.begin("R4")
    if not is_odd(checker.problem):
        raise Rejected("f(-x, gamma) = -f(x, gamma) is not shown")
    q = v.q.parts()[0]
    cubic = c.net.jets(section.state, [q], [0], [(0, 0)], [(0, 0, 0)]).third[0]
    check_coefficient(c, v, [projected(c, v, cubic)], 6, "supercritical")
    side = "above" if (claims["eigenvalue_speed"].lo > 0) != (claims["coefficient"].lo > 0) else "below"
    item.require(claims["solutions_for"] == side, f"the claim solutions_for {claims['solutions_for']} is false: {side}")


METHOD = method("pitchfork", PITCHFORK, check)
