"""The method gain-branch (section 23): H1 to H4 on x = 0 of -delta x + sigma(gamma Wx), -delta x + gamma W sigma(x)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .basis import spectrum_of
from .blocks import Discs
from .budget import OPERATION
from .context import Checker
from .disc_sums import Sums, squares, times
from .documents import CLAIMS, PROVED_HEAD, WITNESS, Method, check_criticality
from .intervals import ZERO, Interval
from .network_problem import NetworkProblem
from .reading import count, decimal, enclosure, optional, text
from .reports import Item
from .similarity import Spectrum
from .verdicts import Matrix, Rejected, Undecided
from .zero_branch import Certificate as ShiftCertificate
from .zero_branch import alone_in_its_disc, enclose_eigenvectors, on_the_axis
from .zero_branch import check_together as together

CERTIFICATE = PROVED_HEAD | {
    "id": text,
    "claims": CLAIMS,
    "bounds": {
        "rho": decimal, "norm_N": decimal, "eigenvalue": [enclosure], "disc_radius": decimal, "isolation": decimal,
        "away": decimal, "separation": optional(decimal), "delta_right": decimal, "delta_left": decimal,
        "pq_defect": decimal, "q_norm_squared": enclosure, "S": [enclosure], "resolvent_gap": optional(decimal),
    },
    "witness": WITNESS | {"pair": count},
}  # fmt: skip

LAW = "law"  # its place beside the spectra of a bundle


@dataclass
class Law:
    """W = W/unit, delta and the derivatives of sigma at 0; outside: gamma W stands outside of sigma."""

    W: Matrix
    unit: int
    delta: Interval
    sigma: tuple[Interval, Interval, Interval]
    outside: bool

    def gamma(self, re: Interval) -> Interval:
        """Where an eigenvalue of W with this real part, not 0, has its eigenvalue of A on the axis."""
        return self.delta / (self.sigma[0] * re)

    def far(self, size: Fraction) -> Fraction | None:
        """A lower bound of |gamma| there, for all eigenvalues with 0 < |Re mu| <= size; None: there are none."""
        return (abs(self.delta) / (abs(self.sigma[0]) * Interval(size))).lo if size else None


@dataclass
class Certificate(ShiftCertificate):
    """The same of this method; h = (zeta I - W)^-1 (q o q), and g is (alpha I - W)^-1 (q o conj q)."""

    law: Law | None = None
    h: Discs | None = None

    @property
    def parameter(self) -> Interval:
        return law_required(self.law).gamma(self.spectrum.re(self.k))


def law_required(law: Law | None) -> Law:
    if law is None:
        raise Rejected("no gain")
    return law


def law_of(checker: Checker) -> Law:
    """The network, to which the method applies."""
    if LAW not in checker.spectra:
        checker.bundle.budget.spend(checker.problem.n**2 * 4 * OPERATION)
        checker.spectra[LAW] = read_law(checker)
    law: Law = checker.spectra[LAW]
    return law


def read_law(checker: Checker) -> Law:
    """Exactly of one of the two forms."""
    p = checker.problem
    if not isinstance(p, NetworkProblem) or p.discrete or p.box or len(set(p.leak)) != 1 or p.leak[0] == 0:
        raise Rejected("the method gain-branch is only for exact networks in continuous time with one leak, not 0")
    last, n = p.layers[-1], p.n
    plain = all(x.b is None and x.c is None and x.delta is None and len(x.W) == len(x.W[0]) == n for x in p.layers)
    if not plain or last.E is None or any(map(any, last.W)) or len(p.layers) > 2:
        raise Rejected("the method gain-branch is only for W(gamma) = gamma W in the last of at most two layers")
    if len(p.layers) == 2:
        first = p.layers[0]
        identity = [[first.W_unit * (i == j) for j in range(n)] for i in range(n)]
        if last.activation != "identity" or first.E is not None or identity != first.W:
            raise Rejected("the method gain-branch is for sigma(gamma Wx) and gamma W sigma(x)")
    return Law(last.E, last.E_unit, Interval(p.leak[0]), p.sigma, len(p.layers) == 2)


def gain_spectrum(checker: Checker, witness: dict[str, Any], precision: int, where: str) -> Spectrum:
    law = law_of(checker)
    found: Spectrum = spectrum_of(checker, witness, precision, where, Spectrum, law.W, law.unit, None)
    return found


def read_certificate(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Certificate:
    if len(c["bounds"]["eigenvalue"]) != 2 or len(c["bounds"]["S"]) != 2:
        raise Rejected(f"{where}: eigenvalue or S has the wrong length")
    law = law_of(checker)
    item.begin("Theorem A")
    spectrum = gain_spectrum(checker, c["witness"], c["precision"], where)
    return Certificate(item, c["id"], c["claims"], c["bounds"], spectrum, 2 * c["witness"]["pair"], law=law)


def simple_pair(checker: Checker, c: Certificate) -> None:
    """H2, gamma* and omega: K_k holds one simple eigenvalue mu of W, Im mu > 0, whose real part is not 0 nor that of
    another one. gamma* = delta/(sigma_1 Re mu), omega = |delta Im mu/Re mu|; the other real parts are
    delta (Re mu_j - Re mu)/Re mu. H3: lambda(gamma) = -delta + sigma_1 gamma mu."""
    A, law, item = c.spectrum, law_required(c.law), c.item
    alone_in_its_disc(c)
    re, im = A.re(c.k), A.im(c.k)
    if 0 in re:
        raise Rejected("|Re d_k| - g_k > 0 does not hold")
    item.compare("away", abs(re).lo, ">=", c.bounds["away"])
    item.compare("away", Fraction(0), "<", c.bounds["away"])
    rising = (law.delta.lo > 0) == (re.lo > 0)
    omega = abs(law.delta) * im / abs(re)
    on_the_axis(c, law.gamma(re), omega, law.sigma[0] * re, abs(law.delta) / abs(re), rising)
    item.begin("H1")
    for i, claim in enumerate(c.claims["equilibrium"]):
        item.require(0 in claim, f"equilibrium[{i}] does not hold 0")


def enclose_resolvents(checker: Checker, A: Spectrum, group: list[Certificate]) -> None:
    """Lemma C with z = alpha and z = alpha + 2i beta, where mu = alpha + i beta, for all points at once; unless
    sigma''(0) = 0."""
    if law_of(checker).sigma[1] == ZERO:
        return
    rights = A.times_Y([squares(c.q, conjugate) for c in group for conjugate in (True, False)])
    solved = []
    for c, r_g, r_h in zip(group, rights[::2], rights[1::2], strict=True):
        (x, y), e = A.centres[c.k], A.g[c.k]
        g, beta_g = A.resolvent((x, 0), e, r_g, finer=True)
        h, beta_h = A.resolvent((x, 2 * y), 2 * e, r_h, finer=True)
        beta = Fraction(min(beta_g, beta_h), A.one)
        c.item.begin("H4")
        if g is None or h is None:
            c.item.fail("Lemma C: resolvent_gap > 0 does not hold")
            continue
        if c.bounds["resolvent_gap"] is None:
            c.item.fail("resolvent_gap is null, but sigma''(0) = 0 is not established",
                        verdict="incomplete" if 0 in law_required(c.law).sigma[1] else "rejected")  # fmt: skip
        else:
            c.item.compare("resolvent_gap", beta, ">=", c.bounds["resolvent_gap"])
            c.item.compare("resolvent_gap", Fraction(0), "<", c.bounds["resolvent_gap"])
        solved.append((c, g, h))
    if solved:
        images = A.times_X([y for _, *pair in solved for y in pair])
        for (c, *_), g, h in zip(solved, images[::2], images[1::2], strict=True):
            c.g, c.h = g, h


def check_h4(checker: Checker, c: Certificate) -> None:
    """H4.  With kappa = gamma* mu, S = sum conj(p_l) q_l |q_l|^2/(p^H q) and
    U = sum conj(p_l) (2 alpha q_l g_l + (alpha + 2i beta) conj(q_l) h_l)/(p^H q)

        omega l1 = Re(kappa ((sigma_3 - 3 sigma_2^2/sigma_1) S + (sigma_2^2/sigma_1) U)) F/(2 q^H q),

    F = |kappa|^2, or 1 where gamma W stands outside; for the conjugate of mu this is the same number.
    """
    A, item, claims, bounds, law = c.spectrum, c.item, c.claims, c.bounds, law_required(c.law)
    sigma_1, sigma_2, sigma_3 = law.sigma
    item.begin("H4")
    sums = Sums(c.q, c.p, A.one, c.pq_defect)
    item.inside("q_norm_squared", sums.norm, bounds["q_norm_squared"])
    item.compare("q_norm_squared", Fraction(0), "<", bounds["q_norm_squared"].lo)
    for part, own, claim in zip(("real", "imaginary"), sums.S, bounds["S"], strict=True):
        item.inside(f"S ({part} part)", own, claim)
    alpha, beta, curvature = A.re(c.k), A.im(c.k), sigma_2 * sigma_2 / sigma_1
    total = tuple((sigma_3 - Interval(3) * curvature) * part for part in sums.S)
    if c.g is not None and c.h is not None:
        U = sums.quadratic((alpha, ZERO), c.g, (alpha, Interval(2) * beta), c.h)
        total = tuple(x + curvature * y for x, y in zip(total, U, strict=True))
    elif sigma_2 != ZERO:
        raise Undecided("Lemma C was not established")
    elif bounds["resolvent_gap"] is not None:
        item.fail("resolvent_gap is not null although sigma''(0) = 0")
    slope = law.delta / sigma_1
    kappa = slope, slope * (beta / alpha)
    size = Interval(1) if law.outside else kappa[0] * kappa[0] + kappa[1] * kappa[1]
    re, _ = times(kappa, (total[0], total[1]))
    omega = abs(law.delta) * beta / abs(alpha)
    check_criticality(item, claims, size * re / (Interval(2) * sums.norm * omega))


def check_together(checker: Checker, certificates: list[ShiftCertificate]) -> None:
    """H4 of certificates."""
    together(checker, certificates, check_h4, 2, (enclose_eigenvectors, enclose_resolvents))


METHOD = Method(CERTIFICATE, read_certificate, simple_pair, check_together)
