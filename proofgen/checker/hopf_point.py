"""H2, H3 and H4 of section 12 at an equilibrium that is enclosed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .blocks import Discs
from .context import Checker
from .documents import check_criticality
from .intervals import ZERO, Interval, Vector, around, hypot_up
from .jets import minus, plus
from .local_points import Point
from .local_spectrum import Eigenvectors
from .reports import show
from .tube import Section
from .verdicts import Rejected


def check_hopf_point(c: Point, section: Section, gamma: Interval, omega: Interval | None) -> None:
    """H2, H3, H4 at gamma* in Gamma*; the section encloses the equilibrium."""
    item, claims, k, A = c.item, c.claims, c.k, section.A
    item.begin("H1")
    c.parameter, c.z = gamma, section.state.stages[0].z if section.state.stages else []
    item.inside("parameter", gamma, claims["parameter"])
    for i, x in enumerate(section.state.x):
        item.inside(f"equilibrium[{i}]", x.exact, claims["equilibrium"][i])
    item.begin("Theorem A")
    c.compare("rho", A.rho, "<=")
    item.compare("rho < 1", c.bounds["rho"], "<", Fraction(1))
    item.begin("H2")  # i omega lies in K_k, as K_k and its partner are the only discs that meet the axis
    others = [j for j in range(A.n) if j not in (k, k + 1)]
    im = A.im(k)
    if im.lo <= 0:
        raise Rejected(f"Im d_k - g_k > 0 does not hold: {show(im.lo)}")
    for j in others:
        if A.re(j).lo <= 0 <= A.re(j).hi:
            raise Rejected(f"|Re d_j| - g_j > 0 does not hold for j = {j}")
    c.compare("disc_radius", A.g[k], "<=")
    item.compare("isolation", im.lo, ">=", c.bounds["isolation"])
    item.compare("isolation > 0", Fraction(0), "<", c.bounds["isolation"])
    omega = im if omega is None else im & omega
    item.inside("omega", omega, claims["omega"])
    item.compare("omega > 0", Fraction(0), "<", claims["omega"].lo)
    gap = min((A.clearance(j, True) for j in others), default=None)
    if gap is None or claims["spectral_gap"] is None:
        item.require(gap is claims["spectral_gap"] is None, "spectral_gap is null exactly when n = 2")
    else:
        item.compare("spectral_gap", gap, ">=", claims["spectral_gap"])
        item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
    n_u = sum(A.centres[j][0] > 0 for j in others)
    for key, count_ in (("unstable_eigenvalues", n_u), ("stable_eigenvalues", A.n - 2 - n_u)):
        item.require(claims[key] == count_, f"the claim {key} = {claims[key]} is false: {count_}")
    item.facts |= {"parameter": show(gamma), "omega": show(omega), "unstable_eigenvalues": n_u}
    item.begin("Theorem B")  # its conditions imply that K_k is isolated, so that i omega is simple
    v = A.vectors(k)
    c.compare("delta_right", v.delta, "<=")
    c.compare("delta_left", v.delta_left, "<=")
    c.compare("pq_defect", v.defect, "<=")
    item.compare("pq_defect < 1", c.bounds["pq_defect"], "<", Fraction(1))
    item.begin("H3")
    item.inside("crossing_speed", c.chart.speed(section, k, v), claims["crossing_speed"])
    item.require(0 not in claims["crossing_speed"], "the claim crossing_speed does not exclude 0")
    item.begin("H4")
    check_lyapunov(c, section, v, omega)


Complex = tuple[Vector, Vector]  # real and imaginary parts


def plus_i(a: Discs, b: Discs) -> Discs:
    """a + ib, in one unit."""
    return Discs([(t - s, u + r, e + d) for (t, u, e), (r, s, d)
                  in zip(a.values, b.values, strict=True)], a.unit)  # fmt: skip


PAIRS, TRIPLES = [(0, 0), (0, 1), (1, 1)], [(0, 0, 0), (0, 1, 1), (0, 0, 1), (1, 1, 1)]


def cubic_part(c: Point, section: Section, v: Eigenvectors) -> Complex:
    """C(q, q, q^-)."""
    jets = c.net.jets(section.state, list(v.q.parts()), [0, 0], PAIRS, TRIPLES)
    c111, c122, c112, c222 = jets.third
    return plus(c111, c122), plus(c112, c222)


def quadratic_and_cubic(
    c: Point, section: Section, v: Eigenvectors, solve: Callable[[Discs], tuple[Discs | None, int]]
) -> tuple[list[Complex], tuple[int, int]]:
    """C(q, q, q^-), 2 B(q, -g) and B(q^-, h) for -g = (0 - A)^-1 B(q, q^-) and h that solves for B(q, q), and both beta
    of Lemma C.  With q = q_1 + i q_2, B(q, q^-) = B_11 + B_22, B(q, q) = B_11 - B_22 + 2i B_12 and
    C(q, q, q^-) = C_111 + C_122 + i (C_112 + C_222)."""
    net, A = c.net, section.A
    q1, q2 = v.q.parts()
    jets = net.jets(section.state, [q1, q2], [0, 0], PAIRS, TRIPLES)
    (b11, b12, b22), (c111, c122, c112, c222) = jets.second, jets.third
    first, second = A.complex(plus(b11, b22)), plus_i(A.complex(minus(b11, b22)), A.complex(plus(b12, b12)))
    g, gap_0 = A.resolvent((0, 0), 0, first)
    h, gap_2 = solve(second)
    if g is None or h is None:
        raise Rejected(f"Lemma C: beta > 0 does not hold: {A.show(min(gap_0, gap_2))}")
    (g1, _), (h1, h2) = A.real(g), A.real(h)
    last = net.jets(section.state, [q1, q2, g1, h1, h2], [0] * 5,
                    [(0, 2), (1, 2), (0, 3), (1, 4), (0, 4), (1, 3)]).second  # fmt: skip
    cubic, twice = (plus(c111, c122), plus(c112, c222)), (plus(last[0], last[0]), plus(last[1], last[1]))
    return [cubic, twice, (plus(last[2], last[3]), minus(last[4], last[5]))], (gap_0, gap_2)


def check_lyapunov(c: Point, section: Section, v: Eigenvectors, omega: Interval) -> None:
    """l1 = Re(c_1 + c_2 + c_3)/(2 omega q^H q)."""
    net, A, item, claims, k = c.net, section.A, c.item, c.claims, c.k
    # h = (2i omega - A)^-1 B(q, q) with i omega in K_k
    z, dz = (0, 2 * A.centres[k][1]), 2 * A.g[k]
    parts, gaps = quadratic_and_cubic(c, section, v, lambda second: A.resolvent(z, dz, second))
    for key, gap in zip(("gap_0", "gap_2"), gaps, strict=True):
        c.compare(key, gap, ">=")
    terms = [c.chart.contract(v.p, *part, v.defect) for part in parts]
    total = ZERO
    for i, own in enumerate(term.exact for term in terms):
        item.inside(f"terms[{i}]", own, c.bounds["terms"][i])
        total = total + own
    qq = sum(re * re + im * im for re, im, _ in v.q.values)
    error = sum((2 * hypot_up(re, im) + e) * e for re, im, e in v.q.values)
    q_norm = around(qq, error, 2 * net.F).exact
    if q_norm.lo <= 0:
        raise Rejected("q^H q > 0 does not hold")
    item.inside("q_norm_squared", q_norm, c.bounds["q_norm_squared"])
    item.compare("q_norm_squared > 0", Fraction(0), "<", c.bounds["q_norm_squared"].lo)
    check_criticality(item, claims, total / (Interval(2) * omega * q_norm))


def check_point(checker: Checker, c: Point,
                by_method: Callable[[Checker, Point], tuple[Section, Interval, Interval | None]]) -> None:  # fmt: skip
    """H1 to H4, by the method's way to gamma* and to what is known there."""
    trivial = c.witness["x"] is None
    c.item.require(not trivial or checker.problem.trivial, "x = 0 is claimed, but f(0, gamma) = 0 is not shown")
    try:
        check_hopf_point(c, *by_method(checker, c))
    finally:
        del c.basis, c.chart, c.witness  # which the branch does not need, as a bundle may have thousands of points
        checker.bundle.budget.held = 0
