"""What the methods line and pole have in common (section 27): W(gamma) is singular at a gamma of the branch
W(gamma)x + b = 0 of x' = sigma((W + gamma I)x + b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from operator import mul
from typing import Any

from .basis import spectrum_of
from .budget import OPERATION, digits_in
from .context import Checker
from .documents import PROVED_HEAD, WITNESS, Method, Proved
from .intervals import Interval, around
from .local_spectrum import Eigenvectors, vectors_of
from .reading import Spec, count, decimal, enclosure, one_of, text
from .reports import Item, show
from .similarity import Spectrum
from .verdicts import BITS, Rejected
from .zero_branch import network_of

BOUNDS: dict[str, Spec] = {
    "rho": decimal, "norm_N": decimal, "eigenvalue": enclosure, "disc_radius": decimal, "separation": decimal,
    "delta_right": decimal, "delta_left": decimal, "pq_defect": decimal, "q_norm_squared": enclosure,
}  # fmt: skip
ROOT_BITS = 2 * BITS  # of a square root after the point


@dataclass
class Certificate:
    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    spectrum: Spectrum
    k: int  # the complex index of the real eigenvalue

    @property
    def parameter(self) -> Interval:
        return -self.spectrum.re(self.k)


def row(kind: str, coefficient: dict[str, Spec]) -> dict[str, Spec]:
    head: dict[str, Spec] = {"kind": one_of(kind), "parameter": enclosure, "eigenvalue_speed": enclosure}
    return head | coefficient | {"unstable": count, "stable": count}


def method(kind: str, claims: dict[str, Spec], vector: str, bounds: dict[str, Spec], check: Any) -> Method:
    """vector: the key of n numbers among the claims."""

    def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Certificate:
        witness, layer = c["witness"], network_of(checker).layers[0]
        if not 2 * witness["pairs"] <= witness["index"] < checker.problem.n:
            raise Rejected(f"{where}: the index is not that of a real eigenvalue")
        if len(c["claims"][vector]) != checker.problem.n:
            raise Rejected(f"{where}: {vector} has the wrong length")
        item.begin("Theorem A")
        A = spectrum_of(checker, witness, c["precision"], where, Spectrum, layer.W, layer.W_unit, layer.delta)
        return Certificate(item, c["id"], c["claims"], c["bounds"], A, witness["index"])

    spec = PROVED_HEAD | {
        "id": text, "claims": claims | {"spectral_gap": decimal, vector: [enclosure]}, "bounds": BOUNDS | bounds,
        "witness": WITNESS | {"index": count},
    }  # fmt: skip
    return Method(spec, read, check, kind=kind)


def check_crossing(checker: Checker, c: Certificate) -> Eigenvectors:
    """K_k holds one eigenvalue mu of W, a real one, and no other has its real part: 0 is a simple eigenvalue of
    W - mu I.  The others of A are sigma_1 (mu_j - mu)."""
    A, k, item, claims, bounds, sigma_1 = c.spectrum, c.k, c.item, c.claims, c.bounds, network_of(checker).sigma[0]
    checker.bundle.budget.spend(A.n * (A.n * OPERATION + 40 * digits_in(A.F + A.X_unit + A.Y_unit) ** 2))
    item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
    item.compare("rho", bounds["rho"], "<", Fraction(1))
    item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
    item.begin("real crossing")
    gap = A.separation(k, False)
    if gap is None or not A.isolated_real(k):
        raise Rejected("|Re d_j - d_k| - g_j - g_k > 0 does not hold for all j")
    item.compare("disc_radius", Fraction(A.g[k], A.one), "<=", bounds["disc_radius"])
    item.inside("eigenvalue", A.re(k), bounds["eigenvalue"])
    item.inside("parameter", c.parameter, claims["parameter"])
    item.inside("eigenvalue_speed", sigma_1, claims["eigenvalue_speed"])
    item.require(0 not in claims["eigenvalue_speed"], "the claim eigenvalue_speed does not exclude 0")
    apart = Interval(Fraction(gap, A.one))
    for key, group, own in (("separation", bounds, apart), ("spectral_gap", claims, apart * abs(sigma_1))):
        item.compare(key, own.lo, ">=", group[key])
        item.compare(key, Fraction(0), "<", group[key])
    above = sum(x > A.centres[k][0] for j, (x, _) in enumerate(A.centres) if j != k)
    n_u = above if sigma_1.lo > 0 else A.n - 1 - above
    for key, value in (("unstable", n_u), ("stable", A.n - 1 - n_u)):
        item.require(claims[key] == value, f"the claim {key} = {claims[key]} is false: {value}")
    item.facts |= {"parameter": show(c.parameter), "unstable": n_u}
    item.begin("Theorem B")
    v, defect = vectors_of(A, k), sum(map(mul, *A.eigenvectors(k)))
    for key, size in (("delta_right", v.delta), ("delta_left", v.delta_left), ("pq_defect", Fraction(defect, A.one))):
        item.compare(key, Fraction(size, A.one), "<=", bounds[key])
    item.compare("pq_defect", bounds["pq_defect"], "<", Fraction(1))
    norm = squared_length(v)
    if norm.lo <= 0:
        raise Rejected("q^T q > 0 does not hold")
    item.inside("q_norm_squared", norm, bounds["q_norm_squared"])
    item.compare("q_norm_squared", Fraction(0), "<", bounds["q_norm_squared"].lo)
    return v


def squared_length(v: Eigenvectors) -> Interval:
    """q^T q; q and p are real, as mu is."""
    middle, error = sum(x * x for x, _, _ in v.q.values), sum((2 * abs(x) + e) * e for x, _, e in v.q.values)
    return around(middle, error, 2 * v.q.unit).exact


def root(x: Interval) -> Interval:
    """The square root of a number that is not negative."""
    low, high = (y.numerator * 4**ROOT_BITS // y.denominator for y in (x.lo, x.hi))
    return Interval(Fraction(isqrt(low), 1 << ROOT_BITS), Fraction(isqrt(high + 1) + 1, 1 << ROOT_BITS))


def check_vector(c: Certificate, v: Eigenvectors, key: str, factor: Interval) -> None:
    """The claimed vector holds factor q."""
    for i, ((x, _, e), claim) in enumerate(zip(v.q.values, c.claims[key], strict=True)):
        c.item.inside(f"{key}[{i}]", around(x, e, v.q.unit).exact * factor, claim)


def bias_of(checker: Checker) -> list[Interval] | None:
    """The entries of b, with their box; None for b = 0."""
    b, radii = network_of(checker).layers[0].b, network_of(checker).layers[0].b_radius
    if b is None or not (any(radii) or any(b.rows[0])):
        return None
    return [Interval(Fraction(x, b.unit)).widen(r) for x, r in zip(b.rows[0], radii, strict=True)]


def name_crossings(item: Item, A: Spectrum, named: list[tuple[dict[str, Any], Proved]], settled: dict[int, str],
                   inside: Callable[[Interval], bool]) -> None:  # fmt: skip
    """Each is about a listed real crossing of the branch, whose witness it has, and no two about one; inside: whether
    certainly in the range of gamma, which an incomplete list does not need of its real crossings."""
    for point, c in named:
        if not isinstance(c, Certificate) or c.spectrum is not A:
            raise Rejected(f"{point['id']} has another method or another witness than the branch")
        item.require(point["pair"] is None, f"{point['id']} belongs to no pair of the witness")
        item.require(inside(c.parameter), f"{point['id']} is not certainly in the interval")
        if settled.get(c.k) != "a real crossing":
            raise Rejected(f"{point['id']} is not about a listed real crossing, or not the only one about it")
        settled[c.k] = point["id"]
