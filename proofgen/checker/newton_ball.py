"""The method newton-kantorovich (section 13): one zero of the Hopf system in a ball."""

from __future__ import annotations

from fractions import Fraction

from .context import Checker
from .documents import WITNESS, Method
from .fields import read_vector
from .hopf_point import check_point
from .intervals import Interval, Real, Vector, real, up
from .jets import Box, largest, minus, plus, wider
from .local_points import LOCAL, Point, read_point
from .reading import anything, count, number
from .reports import show
from .tube import Section
from .verdicts import Rejected

NEWTON = LOCAL | {"witness": WITNESS | {
    "pair": count, "gamma": number, "omega": number, "x": anything, "a": anything, "b": anything, "phi": anything,
    "A": anything, "R": number,
}}  # fmt: skip


def by_newton_ball(checker: Checker, c: Point) -> tuple[Section, Interval, Interval | None]:
    """Section 13: one zero of F within R of u, by Newton-Kantorovich; gamma*, x* and omega lie within r_min."""
    item, net, claims, bounds, w, n = c.item, c.net, c.claims, c.bounds, c.witness, checker.problem.n
    item.begin("Newton-Kantorovich")
    c.nulls("window", "branch_gap", "branch_residual", "branch_radius", "window_disc_radius", "window_clearance",
            "window_slope", "real_part")  # fmt: skip
    if w["x"] is None:
        raise Rejected("the witness has no x")
    a, b, phi = ([real(y, net.F) for y in read_vector(checker, w[key], key, n)] for key in ("a", "b", "phi"))
    rows, shift = checker.bundle.limb_sum(w["A"], "A", (3 * n + 2, 3 * n + 2))
    A_N, one, zero = Box.of(rows, 1 << shift, net.F), net.one, net.none
    gamma, omega = real(w["gamma"], net.F), real(w["omega"], net.F)
    R = up(w["R"].numerator << net.F, w["R"].denominator)
    if R <= 0:
        raise Rejected("R > 0 does not hold")

    def dot(u: Vector, v: Vector) -> Real:
        return plus(*([x] for x in net.times(u, v)))[0]

    def opposite(v: Vector) -> Vector:
        return [-x for x in v]

    at = net.at(gamma, c.chart.x)
    Aa, Ab = net.jets(at, [a, b], [0, 0]).first
    F_u = [dot(phi, a), dot(phi, b) - real(1, net.F), *at.f, *plus(Aa, net.scale(b, omega)),
           *minus(Ab, net.scale(a, omega))]  # fmt: skip
    Y = largest(net.apply(A_N, [F_u])[0])
    # DF over the ball, column by column: gamma, omega, x, a, b
    a_, b_, omega_ = wider(a, [R] * n), wider(b, [R] * n), omega.widen(R)
    at = net.at(gamma.widen(R), wider(c.chart.x, [R] * n))
    pairs = [(i, j) for j in (n, n + 1) for i in [*range(n), n + 2]]
    jets = net.jets(at, [*net.units, a_, b_, zero], [0] * (n + 2) + [1], pairs)
    A, B_a, B_b = jets.first[:n], jets.second[: n + 1], jets.second[n + 1 :]
    corner = zero[:2]
    columns = [corner + jets.first[n + 2] + B_a[n] + B_b[n], corner + zero + b_ + opposite(a_)]
    columns += [corner + A[i] + B_a[i] + B_b[i] for i in range(n)]
    columns += [[phi[i], zero[0], *zero, *A[i], *opposite(net.scale(net.units[i], omega_))] for i in range(n)]
    columns += [[zero[0], phi[i], *zero, *net.scale(net.units[i], omega_), *A[i]] for i in range(n)]
    products = net.apply(A_N, columns)
    Z = max(sum((real(int(i == j), net.F) - v[i]).size for j, v in enumerate(products)) for i in range(3 * n + 2))
    c.compare("Y", Y, "<=")
    c.compare("Z", Z, "<=")
    item.compare("Z < 1", bounds["Z"], "<", Fraction(1))
    if one <= Z or Y * one + Z * R > R * one:
        raise Rejected(f"Z < 1 and Y + Z R <= R do not hold: Y = {show(Fraction(Y, one))}, "
                       f"Z = {show(Fraction(Z, one))}, R = {show(w['R'])}")  # fmt: skip
    r = up(Y * one, one - Z)
    c.compare("r_min", r, "<=")
    unique = claims["uniqueness_radius"]
    if unique is None:
        raise Rejected("uniqueness_radius is null")
    item.require(Fraction(r, one) <= unique <= w["R"], "the claim uniqueness_radius is not in [r_min, R]")
    frequency = Interval(w["omega"]).widen(Fraction(r, one))
    if frequency.lo <= 0:
        raise Rejected("omega > 0 does not hold")
    section = c.chart.over(r, [r] * n)
    # f(x*, gamma*) = 0 = f(0, gamma*) and A, between x* and 0, is invertible: x* = 0
    if checker.problem.trivial and all(x.zero for x in c.chart.x):
        if min(section.A.distance(*section.A.centres[j]) - section.A.g[j] for j in range(n)) <= 0:
            raise Rejected("A is not invertible over the box, so x* = 0 does not follow")
        section = c.chart.over(r, [0] * n)
    return section, Interval(w["gamma"]).widen(Fraction(r, one)), frequency


def check(checker: Checker, c: Point) -> None:
    check_point(checker, c, by_newton_ball)


METHOD = Method(NEWTON, read_point, check)
