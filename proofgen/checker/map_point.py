"""What the certificates of points of maps have in common (section 20): the window, N1 and N2, Theorem B, the speed.
So have those of real crossings of x = 0 (section 22), with the axis in place of the circle."""

from __future__ import annotations

from fractions import Fraction

from .context import Checker
from .documents import PROVED_HEAD, WITNESS
from .intervals import Interval, around, hypot_up
from .local_points import Point
from .local_spectrum import Eigenvectors
from .locus import CIRCLE, Locus
from .reading import Spec, anything, count, decimal, enclosure, number, one_of, optional, text
from .reports import show
from .tube import Section
from .verdicts import Rejected
from .window import by_window

COMMON: dict[str, Spec] = {
    "coefficient": enclosure, "inside": count, "outside": count,
    "criticality": one_of("supercritical", "subcritical"),
}  # fmt: skip
MORE_CLAIMS: dict[str, Spec] = {"spectral_gap": optional(decimal), "equilibrium": [enclosure], "window": enclosure}
BOUNDS: dict[str, Spec] = {
    "rho": decimal, "branch_gap": optional(decimal), "branch_residual": optional(decimal),
    "branch_radius": optional(decimal), "window_disc_radius": decimal, "window_clearance": optional(decimal),
    "window_slope": enclosure, "level": enclosure, "disc_radius": decimal, "delta_right": decimal,
    "delta_left": decimal, "pq_defect": decimal, "q_norm_squared": enclosure, "terms": [enclosure],
}  # fmt: skip
WINDOW: dict[str, Spec] = WITNESS | {
    "gamma": number, "half_width": number, "x": anything, "slope": anything, "radius": optional(number),
}  # fmt: skip
HEAD = PROVED_HEAD | {"id": text}


def check_on_circle(checker: Checker, c: Point, locus: Locus = CIRCLE, counts: tuple[str, str] = ("outside", "inside"),
                    ) -> tuple[Section, Eigenvectors]:  # fmt: skip
    """One crossing of the circle in the window, what is known at it, and the eigenvectors.  counts: the keys of the
    numbers of the unstable and of the stable ones among the others."""
    trivial = c.witness["x"] is None
    c.item.require(not trivial or checker.problem.trivial, "x = 0 is claimed, but F(0, gamma) = 0 is not shown")
    section, gamma, _ = by_window(checker, c, "level")
    item, claims, k, A = c.item, c.claims, c.k, section.A
    item.begin("fixed point")
    c.parameter = gamma
    item.inside("parameter", gamma, claims["parameter"])
    for i, x in enumerate(section.state.x):
        item.inside(f"equilibrium[{i}]", x.exact, claims["equilibrium"][i])
    item.begin("Theorem A")
    c.compare("rho", A.rho, "<=")
    item.compare("rho < 1", c.bounds["rho"], "<", Fraction(1))
    item.begin("others")  # that of the crossing lies in K_k, as no other disc but its partner meets the circle
    own = (k, k + 1) if k < 2 * A.m else (k,)
    A.require_isolated(k)
    others = [j for j in range(A.n) if j not in own]
    gaps = [locus.clearance(A, j, True) for j in others]
    if any(gap <= 0 for gap in gaps):
        raise Rejected(f"a disc that does not belong to k = {k} is not clear of {locus.name}: {show(min(gaps))}")
    c.compare("disc_radius", A.g[k], "<=")
    if not gaps or claims["spectral_gap"] is None:
        item.require(not gaps and claims["spectral_gap"] is None, "spectral_gap is null exactly where nothing is left")
    else:
        item.compare("spectral_gap", min(gaps), ">=", claims["spectral_gap"])
        item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
    outside = sum(locus.unstable(A, j) for j in others)
    for key, found in zip(counts, (outside, len(others) - outside), strict=True):
        item.require(claims[key] == found, f"the claim {key} = {claims[key]} is false: {found}")
    item.facts |= {"parameter": show(gamma), counts[0]: outside}
    item.begin("Theorem B")
    v = A.vectors(k)
    c.compare("delta_right", v.delta, "<=")
    c.compare("delta_left", v.delta_left, "<=")
    c.compare("pq_defect", v.defect, "<=")
    item.compare("pq_defect < 1", c.bounds["pq_defect"], "<", Fraction(1))
    return section, v


def check_coefficient(c: Point, v: Eigenvectors, terms: list[Interval], divisor: int, negative: str) -> None:
    """The coefficient is the sum of the terms over `divisor` q^H q; negative: how it is called where it is."""
    item, claims, F = c.item, c.claims, c.net.F
    total = Interval(0)
    for i, own in enumerate(terms):
        item.inside(f"terms[{i}]", own, c.bounds["terms"][i])
        total = total + own
    qq = sum(re * re + im * im for re, im, _ in v.q.values)
    error = sum((2 * hypot_up(re, im) + e) * e for re, im, e in v.q.values)
    q_norm = around(qq, error, 2 * F).exact
    if q_norm.lo <= 0:
        raise Rejected("q^H q > 0 does not hold")
    item.inside("q_norm_squared", q_norm, c.bounds["q_norm_squared"])
    item.compare("q_norm_squared > 0", Fraction(0), "<", c.bounds["q_norm_squared"].lo)
    claim, value = claims["coefficient"], total / (Interval(divisor) * q_norm)
    item.inside("coefficient", value, claim)
    item.require(0 not in claim, "the claim coefficient does not exclude 0")
    positive = ({"supercritical", "subcritical"} - {negative}).pop()
    sign = negative if claim.hi < 0 else positive
    item.require(claims["criticality"] == sign, f"the claim {claims['criticality']} is false: {sign}")
    item.facts["coefficient"] = show(value)


def finish(checker: Checker, c: Point) -> None:
    """Forget what the branch does not need, as a bundle may have thousands of points."""
    del c.basis, c.chart, c.witness
    checker.bundle.budget.held = 0
