"""The method transcritical (section 22): another branch of equilibria crosses x = 0, and they exchange stability."""

from __future__ import annotations

from fractions import Fraction

from .context import Checker
from .fold import dot
from .intervals import Interval, Real
from .local_points import Point
from .local_spectrum import Eigenvectors
from .reports import show
from .tube import Section
from .zero_crossing import method, projected, row

TRANSCRITICAL = row("transcritical", "a")
ROW = TRANSCRITICAL, {"kind", "parameter", "coefficient_name"}  # in summary.json; what an undecided one may state


def check(checker: Checker, c: Point, section: Section, v: Eigenvectors) -> None:
    """a = |t|/(2 |q|), t = l B(q, q)/l q."""
    item, claims, bounds, net = c.item, c.claims, c.bounds, c.net
    item.begin("R3")
    q = v.q.parts()[0]
    term = projected(c, v, net.jets(section.state, [q], [0], [(0, 0)]).second[0])
    item.inside("terms[0]", term, bounds["terms"][0])
    item.require(0 not in bounds["terms"][0], "the term does not exclude 0")
    squared = dot(net, q, q)
    norm = Real(max(squared.lo, 0), squared.hi, net.F)
    item.inside("q_norm_squared", norm.exact, bounds["q_norm_squared"])
    item.compare("q_norm_squared > 0", Fraction(0), "<", bounds["q_norm_squared"].lo)
    a = abs(term) / (Interval(2) * norm.sqrt().exact)
    item.inside("coefficient", a, claims["coefficient"])
    item.require(claims["coefficient"].lo > 0, "the claim coefficient is not certainly positive")
    item.facts["coefficient"] = show(a)


METHOD = method("transcritical", TRANSCRITICAL, check)
