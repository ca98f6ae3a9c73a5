"""The method fold (section 19): where two equilibria meet and vanish, by one zero of the fold system in a box."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .basis import read_basis
from .budget import OPERATION
from .context import Checker
from .documents import PROVED_HEAD, WITNESS, Method
from .fields import field_for, read_vector, wide
from .intervals import ZERO, Interval, Real, Vector, real, up
from .jets import Box, Field, plus, wider
from .local_points import fineness
from .local_spectrum import LocalSpectrum
from .locus import Locus, locus_of
from .reading import Spec, anything, count, decimal, enclosure, number, one_of, optional, text
from .reports import Item, show
from .tube import Chart
from .verdicts import MAX_PRECISION, Matrix, Rejected

FOLD: dict[str, Spec] = {
    "kind": one_of("fold"), "parameter": enclosure, "a": enclosure, "b": enclosure, "unstable": count, "stable": count,
    "solutions_for": one_of("above", "below"),
}  # fmt: skip
ROW = FOLD, {"kind", "parameter"}  # in summary.json; what an undecided fold may state
CERTIFICATE = PROVED_HEAD | {
    "id": text,
    "claims": FOLD | {"spectral_gap": optional(decimal), "equilibrium": [enclosure], "uniqueness_radius": decimal},
    "bounds": {
        "rho": decimal, "disc_radius": decimal, "Y": decimal, "Z": decimal, "r": decimal, "bend": enclosure,
        "overlap": enclosure, "v_norm_squared": enclosure,
    },
    "witness": WITNESS | {
        "gamma": number, "index": count, "x": anything, "v": anything, "phi": anything, "A": anything, "R": anything,
        "left": anything,
    },
}  # fmt: skip


@dataclass
class Fold:
    """A certificate of a fold; vectors in units of 2^-F.  R is rounded up: what is proved is about this box."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    net: Field
    chart: Chart
    v: Vector
    phi: Vector
    left: Vector
    R: list[int]
    A_F: tuple[Matrix, int]  # in units of 2^-shift
    locus: Locus
    k: int
    parameter: Interval = ZERO  # gamma*, as verified

    def compare(self, key: str, value: int) -> None:
        """A printed upper bound of a number in units of 2^-F."""
        self.item.compare(key, Fraction(value, self.net.one), "<=", self.bounds[key])


def read_fold(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Fold:
    w, n, bits = c["witness"], checker.problem.n, fineness([c["claims"], c["bounds"]])
    net = field_for(checker, max(c["precision"], min(bits, 4 * MAX_PRECISION)))
    m, limb_sum = w["pairs"], checker.bundle.limb_sum
    if 2 * m > n or not 2 * m <= w["index"] < n:
        raise Rejected(f"{where}: more pairs than columns, or the index is not that of a real eigenvalue")
    basis = read_basis(checker, w, where)
    vectors = [read_vector(checker, w[key], f"{where}: {key}", n) for key in ("x", "v", "phi", "left")]
    net = wide(checker, net, w["gamma"], vectors[0])
    x, v, phi, left = ([real(y, net.F) for y in vector] for vector in vectors)
    (radii,), shift = limb_sum(w["R"], f"{where}: R", (2 * n + 1,))
    if min(radii) <= 0:
        raise Rejected(f"{where}: R > 0 does not hold")
    item.begin("Theorem A")
    chart = Chart(net, basis, w["gamma"], x, net.none)
    A_F = limb_sum(w["A"], f"{where}: A", (2 * n + 1, 2 * n + 1))
    R = [up(y << net.F, 1 << shift) for y in radii]
    locus = locus_of(checker.problem)
    return Fold(item, c["id"], c["claims"], c["bounds"], net, chart, v, phi, left, R, A_F, locus, w["index"])


def dot(net: Field, u: Vector, v: Vector) -> Real:
    return plus(*([x] for x in net.times(u, v)))[0]


def weighted(net: Field, v: Vector, R: list[int]) -> int:
    """max |v_i|/R_i."""
    return max(up(y.size * net.one, radius) for y, radius in zip(v, R, strict=True))


def grown(columns: list[Vector], R: list[int]) -> int:
    """|M|_R of a matrix by its columns."""
    return max(up(sum(column[i].size * R[j] for j, column in enumerate(columns)), R[i]) for i in range(len(R)))


def defect(net: Field, columns: list[Vector], R: list[int]) -> int:
    """|I - M| of a matrix by its columns, in this norm."""
    return grown([[real(int(i == j), net.F) - x for i, x in enumerate(column)] for j, column in enumerate(columns)], R)


def contraction(c: Fold) -> tuple[int, int]:
    """Y >= |A_F F(u)| and Z >= |I - A_F DF| over the box, in the norm max |u_i|/R_i; Y + Z < 1."""
    net, n, one, R = c.net, c.net.n, c.net.one, c.R
    rows, shift = c.A_F
    net.budget.spend((2 * n + 1) ** 2 * 40 * OPERATION)
    A_F, zero, gamma, x = Box.of(rows, 1 << shift, net.F), net.none, c.chart.gamma, c.chart.x
    at = net.at(gamma, x)
    F_u = [*at.f, *net.jets(at, [c.v], [0]).first[0], dot(net, c.phi, c.v) - real(1, net.F)]
    Y = weighted(net, net.apply(A_F, [F_u])[0], R)
    # DF over the box, column by column: gamma, x, v
    at = net.at(gamma.widen(R[0]), wider(x, R[1 : n + 1]))
    jets = net.jets(at, [*net.units, wider(c.v, R[n + 1 :]), zero], [0] * (n + 1) + [1],
                    [(i, n) for i in [*range(n), n + 1]])  # fmt: skip
    A, B, nothing = jets.first[:n], jets.second, zero[:1]
    columns = [jets.first[n + 1] + B[n] + nothing, *(A[i] + B[i] + nothing for i in range(n))]
    columns += [zero + A[i] + [c.phi[i]] for i in range(n)]
    Z = defect(net, net.apply(A_F, columns), R)
    c.compare("Y", Y)
    c.compare("Z", Z)
    c.item.compare("Y + Z < 1", c.bounds["Y"] + c.bounds["Z"], "<", Fraction(1))
    if one <= Y + Z:
        raise Rejected(f"Y + Z < 1 does not hold: Y = {show(Fraction(Y, one))}, Z = {show(Fraction(Z, one))}")
    return Y, Z


def left_vector(c: Fold, f_gamma: Vector, A: list[Vector], Z: int) -> Vector:
    """l* with l* A = 0, l* f_gamma = 1: |l*_i - l_i| <= sum |e_j| R_j/(1 - Z) max_j |(A_F)_ji|/R_j for
    e = (1 - l f_gamma, -l A, 0) at the zero (A by its columns)."""
    net, n, one, (rows, shift) = c.net, c.net.n, c.net.one, c.A_F
    c.net.budget.spend(2 * n * n * 20 * OPERATION)
    errors = [real(1, net.F) - dot(net, c.left, f_gamma), *(dot(net, c.left, column) for column in A)]
    size = up(sum(x.size * radius for x, radius in zip(errors, c.R[: n + 1], strict=True)), one - Z)
    far = [max(up(size * abs(row[i]) << net.F, radius << shift) for row, radius in zip(rows, c.R, strict=True))
           for i in range(n)]  # fmt: skip
    return wider(c.left, far)


def require_alone(A: LocalSpectrum, k: int, locus: Locus) -> Fraction | None:
    """K_k is isolated, and all others are clear of the axis or circle: the least clearance."""
    if not A.isolated(k):
        raise Rejected(f"the disc K_k, k = {k}, is not disjoint from all others")
    gap = min((locus.clearance(A, j, True) for j in range(A.n) if j != k), default=None)
    if gap is not None and gap <= 0:
        raise Rejected(f"another disc than K_k, k = {k}, is not clear of {locus.name}: {show(gap)}")
    return gap


def check_eigenvalues(c: Fold, A: LocalSpectrum) -> None:
    """0, an eigenvalue, is in K_k, as all others are clear of the axis; K_k is isolated, so it is simple."""
    item, claims, k = c.item, c.claims, c.k
    item.begin("Theorem A")
    c.compare("rho", A.rho)
    item.compare("rho < 1", c.bounds["rho"], "<", Fraction(1))
    item.begin("F2")
    gap, locus = require_alone(A, k, c.locus), c.locus
    c.compare("disc_radius", A.g[k])
    if gap is None or claims["spectral_gap"] is None:
        item.require(gap is claims["spectral_gap"] is None, "spectral_gap is null exactly when n = 1")
    else:
        item.compare("spectral_gap", gap, ">=", claims["spectral_gap"])
        item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
    n_u = sum(locus.unstable(A, j) for j in range(A.n) if j != k)
    for key, count_ in (("unstable", n_u), ("stable", A.n - 1 - n_u)):
        item.require(claims[key] == count_, f"the claim {key} = {claims[key]} is false: {count_}")


def check_coefficients(c: Fold, bend: Interval, overlap: Interval, norm: Real) -> None:
    """b = |v|/|l v|, a = l B(v, v)/(2 |v| |l v|), for l f_gamma = 1; the side on which the equilibria are."""
    item, claims, bounds = c.item, c.claims, c.bounds
    item.begin("F3, F4")
    squared = Interval(Fraction(norm.lo, c.net.one), Fraction(norm.hi, c.net.one))
    for key, own in (("bend", bend), ("overlap", overlap), ("v_norm_squared", squared)):
        item.inside(key, own, bounds[key])
        item.require(0 not in bounds[key], f"{key} does not exclude 0")
    root = norm.sqrt()
    length = Interval(Fraction(root.lo, c.net.one), Fraction(root.hi, c.net.one))
    b, a = length / abs(overlap), bend / (Interval(2) * length * abs(overlap))
    item.inside("a", a, claims["a"])
    item.inside("b", b, claims["b"])
    item.require(claims["b"].lo > 0, "the claim b is not certainly positive")
    item.require(0 not in claims["a"], "the claim a does not exclude 0")
    side = "above" if claims["a"].hi < 0 else "below"
    item.require(claims["solutions_for"] == side, f"the claim solutions_for {claims['solutions_for']} is false: {side}")
    item.facts |= {"a": show(a), "b": show(b)}


def check_fold(c: Fold) -> None:
    item, net, n, one, claims = c.item, c.net, c.net.n, c.net.one, c.claims
    item.begin("Krawczyk")
    Y, Z = contraction(c)
    r = up(Y * one, one - Z)
    c.compare("r", r)
    unique, small = claims["uniqueness_radius"], [up(r * radius, one) for radius in c.R]
    item.require(Fraction(max(small), one) <= unique <= Fraction(min(c.R), one),
                 "the claim uniqueness_radius is not between the distance of the zero and the radii R")  # fmt: skip
    item.begin("F1")
    c.parameter = Interval(c.chart.middle).widen(Fraction(small[0], one))
    item.inside("parameter", c.parameter, claims["parameter"])
    for i, x in enumerate(wider(c.chart.x, small[1 : n + 1])):
        item.inside(f"equilibrium[{i}]", x.exact, claims["equilibrium"][i])
    section = c.chart.over(small[0], small[1 : n + 1])
    check_eigenvalues(c, section.A)
    v = wider(c.v, small[n + 1 :])
    jets = net.jets(section.state, [*net.units, v, net.none], [0] * (n + 1) + [1], [(n, n)])
    left = left_vector(c, jets.first[n + 1], jets.first[:n], Z)
    bend, overlap, norm = dot(net, left, jets.second[0]), dot(net, left, v), dot(net, v, v)
    check_coefficients(c, bend.exact, overlap.exact, Real(max(norm.lo, 0), norm.hi, net.F))
    item.facts |= {"parameter": show(c.parameter), "unstable": claims["unstable"],
                   "solutions_for": claims["solutions_for"]}  # fmt: skip


def check(checker: Checker, c: Fold) -> None:
    try:
        check_fold(c)
    finally:
        del c.chart, c.A_F  # which the branch does not need, as a bundle may have thousands of points
        checker.bundle.budget.held = 0


METHOD = Method(CERTIFICATE, read_fold, check, kind="fold", of_maps=None)
