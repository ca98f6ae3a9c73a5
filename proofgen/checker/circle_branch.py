"""What certificates of the methods circle-pair and circle-flip have in common (section 25): the crossing, the other
multipliers, Theorem B and c_1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .budget import OPERATION, digits_in
from .circle_law import Crossing, FixedSpectrum, Law, entries_of, fixed_spectrum, law_of
from .context import Checker
from .disc_sums import Complex, Sums, squares, times
from .intervals import ZERO, Interval
from .local_spectrum import Eigenvectors
from .reading import Spec, decimal, enclosure, optional
from .reports import Item, show
from .verdicts import Rejected, Undecided

BOUNDS: dict[str, Spec] = {
    "rho": decimal, "norm_N": decimal, "disc_radius": decimal, "delta_right": decimal, "delta_left": decimal,
    "pq_defect": decimal, "q_norm_squared": enclosure, "resolvent_gap": optional(decimal),
}  # fmt: skip


@dataclass
class Certificate:
    """A parsed certificate; k: the complex index; crossing: of its multiplier."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    spectrum: FixedSpectrum
    law: Law
    k: int
    crossing: Crossing

    @property
    def parameter(self) -> Interval:
        return self.crossing.gamma

    def bound(self, key: str, value: int | Fraction, relation: str) -> None:
        """A printed bound; lower bounds are also positive."""
        value = value if isinstance(value, Fraction) else Fraction(value, self.spectrum.one)
        self.item.compare(key, value, relation, self.bounds[key])
        if relation == ">=":
            self.item.compare(f"{key} > 0", Fraction(0), "<", self.bounds[key])


def read_crossing(checker: Checker, c: dict[str, Any], item: Item, where: str, k: int, root: int | None) -> Certificate:
    """root: the sign, of a real index (None) that of the multiplier -1."""
    item.begin("Theorem A")
    law = law_of(checker)
    A = fixed_spectrum(checker, c["witness"], c["precision"], where)
    if not A.alone[k]:
        raise Rejected(f"the disc K_k, k = {k}, is not disjoint from all others")
    found = law.crossings(A, k)
    if not isinstance(found, list) or not found:
        raise Rejected(f"the multipliers of K_k, k = {k}, are not shown to cross the circle")
    (own,) = [x for x in found if (x.root == root if root is not None else x.m[0].hi < 0)]
    (other,) = [x for x in found if x is not own]
    if not (other.gamma.hi < c["claims"]["window"].lo or c["claims"]["window"].hi < other.gamma.lo):
        raise Rejected(f"the other crossing {show(other.gamma)} of this eigenvalue may be in the window")
    return Certificate(item, c["id"], c["claims"], c["bounds"], A, law, k, own)


def check_crossing(checker: Checker, c: Certificate) -> Eigenvectors:
    """N1, N2 or P1, P2: gamma*, its window, what is inside and outside, and Theorem B."""
    A, item, claims, law = c.spectrum, c.item, c.claims, c.law
    checker.bundle.budget.spend(A.n**2 * (8 * OPERATION + 2 * digits_in(A.F) ** 2))
    c.bound("rho", A.rho, "<=")
    item.compare("rho < 1", c.bounds["rho"], "<", Fraction(1))
    c.bound("norm_N", A.norm_N, "<=")
    c.bound("disc_radius", A.g[c.k], "<=")
    item.begin("parameter")
    item.inside("parameter", c.parameter, claims["parameter"])
    item.require(claims["parameter"].within(claims["window"]), "the parameter is not in the window")
    item.begin("others")
    gap, outside = law.others(A, c.k, claims["window"])
    if gap is None or claims["spectral_gap"] is None:
        item.require(gap is claims["spectral_gap"] is None, "spectral_gap is null exactly where nothing is left")
    else:
        item.compare("spectral_gap", gap, ">=", claims["spectral_gap"])
        item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
    count = A.n - (2 if c.k < 2 * A.m else 1)
    for key, found in (("outside", outside), ("inside", count - outside)):
        item.require(claims[key] == found, f"the claim {key} = {claims[key]} is false: {found}")
    item.facts |= {"parameter": show(c.parameter), "outside": outside}
    check_fixed_point(c)
    item.begin("Theorem B")
    v = A.vectors(c.k)
    c.bound("delta_right", v.delta, "<=")
    c.bound("delta_left", v.delta_left, "<=")
    c.bound("pq_defect", v.defect, "<=")
    item.compare("pq_defect < 1", c.bounds["pq_defect"], "<", Fraction(1))
    return v


def check_fixed_point(c: Certificate) -> None:
    """x* = 0, or V(gamma*)x* = -b, that is (-gamma* - W)x* = b, by Lemma C."""
    item, A, b = c.item, c.spectrum, c.law.b
    item.begin("fixed point")
    own = [ZERO] * A.n
    if b is not None:
        y, beta = A.resolve((-c.parameter, ZERO), A.times_Y_real(entries_of(b, A.F)))
        if y is None:
            raise Rejected(f"Lemma C at z = -gamma*: beta > 0 does not hold: {A.show(beta)}")
        own = [x.exact for x in A.times_X([y])[0].parts()[0]]
    for i, (x, claim) in enumerate(zip(own, c.claims["equilibrium"], strict=True)):
        item.inside(f"equilibrium[{i}]", x, claim)


def check_coefficient(c: Certificate, v: Eigenvectors) -> tuple[Complex, Complex]:
    """S and c_1.  With nu = (m - rho)/tau, the eigenvalue of V(gamma*), S = sum conj(p_l) q_l |q_l|^2/(p^H q) and
    U = sum conj(p_l) (2 zeta_1 q_l g_l + zeta_2 conj(q_l) h_l)/(p^H q), where (z_1 I - W) g = q o conj q and
    (z_2 I - W) h = q o q,

        c_1 = eta nu F ((sigma_3 - 3 sigma_2^2/sigma_1) S + (sigma_2^2/sigma_1) U)/(2 q^H q),

    F = |nu|^2, or 1 where V stands outside.
    """
    A, item, law = c.spectrum, c.item, c.law
    sigma_1, sigma_2, sigma_3 = law.sigma
    sums = Sums(v.q, v.p, A.one, v.defect)
    item.inside("q_norm_squared", sums.norm, c.bounds["q_norm_squared"])
    item.compare("q_norm_squared > 0", Fraction(0), "<", c.bounds["q_norm_squared"].lo)
    curvature = sigma_2 * sigma_2 / sigma_1
    total = tuple((sigma_3 - Interval(3) * curvature) * part for part in sums.S)
    if sigma_2 != ZERO:
        zeta_1, zeta_2, z_1, z_2 = law.poles(c.crossing)
        r_g, r_h = A.times_Y([squares(v.q, True), squares(v.q, False)])
        (g, beta_g), (h, beta_h) = A.resolve(z_1, r_g), A.resolve(z_2, r_h)
        if g is None or h is None:
            raise Rejected("Lemma C: resolvent_gap > 0 does not hold")
        if c.bounds["resolvent_gap"] is None:
            if 0 in sigma_2:
                raise Undecided("resolvent_gap is null, but sigma''(0) = 0 is not established")
            raise Rejected("resolvent_gap is null, but sigma''(0) is not 0")
        c.bound("resolvent_gap", min(beta_g, beta_h), ">=")
        G, H = A.times_X([g, h])
        U = sums.quadratic(zeta_1, G, zeta_2, H)
        total = tuple(x + curvature * y for x, y in zip(total, U, strict=True))
    elif c.bounds["resolvent_gap"] is not None:
        item.fail("resolvent_gap is not null although sigma''(0) = 0")
    nu = (c.crossing.m[0] - law.rest) / law.tau, c.crossing.m[1] / law.tau
    factor = law.step / (Interval(2) * sums.norm)
    if not law.outside:
        factor = factor * (nu[0] * nu[0] + nu[1] * nu[1])
    re, im = times(nu, (total[0], total[1]))
    return sums.S, (factor * re, factor * im)


def check_sign(c: Certificate, value: Interval, negative: str) -> None:
    """The coefficient; negative: how it is called where it is."""
    item, claim = c.item, c.claims["coefficient"]
    item.inside("coefficient", value, claim)
    item.require(0 not in claim, "the claim coefficient does not exclude 0")
    positive = ({"supercritical", "subcritical"} - {negative}).pop()
    sign = negative if claim.hi < 0 else positive
    item.require(c.claims["criticality"] == sign, f"the claim {c.claims['criticality']} is false: {sign}")
    item.facts["coefficient"] = show(value)
