"""The method zero-branch (sections 4 and 6): H1 to H4 at points of x' = sigma((W + gamma I)x + b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from operator import mul
from typing import Any

from .basis import spectrum_of
from .blocks import Discs, short
from .budget import OPERATION, bytes_of, digits_in
from .context import Checker
from .documents import CLAIMS, PROVED_HEAD, WITNESS, Method, check_criticality
from .intervals import ONE, ZERO, Interval, around, hypot_up, real, up
from .network_problem import NetworkProblem
from .products import transpose
from .reading import count, decimal, enclosure, optional, text
from .reports import Item, show
from .similarity import Spectrum
from .verdicts import GUARD, Rejected, Undecided

CERTIFICATE = PROVED_HEAD | {
    "id": text,
    "claims": CLAIMS,
    "bounds": {
        "rho": decimal, "norm_N": decimal, "eigenvalue": [enclosure], "disc_radius": decimal, "isolation": decimal,
        "separation": optional(decimal), "delta_right": decimal, "delta_left": decimal, "pq_defect": decimal,
        "q_norm_squared": enclosure, "im_S": enclosure, "resolvent_gap": optional(decimal),
    },
    "witness": WITNESS | {"pair": count},
}  # fmt: skip
SHARED = 4000  # from so many entries of eigenvectors on, H4 is worth more than a process


@dataclass
class Certificate:
    """A parsed certificate and, as it is checked, what has been computed of its point."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    spectrum: Spectrum
    k: int  # the complex index a+ of the certified pair
    delta: list[int] = field(default_factory=list)  # delta_i of Theorem B
    delta_left: list[int] = field(default_factory=list)  # delta'_i
    pq_defect: int = 0
    q: Discs = field(default_factory=Discs)
    p: Discs = field(default_factory=Discs)  # the entries of p^H
    g: Discs | None = None  # (zI - W)^-1 (q o q)

    @property
    def parameter(self) -> Interval:
        return -self.spectrum.re(self.k)


def network_of(checker: Checker) -> NetworkProblem:
    """The network, to which the method applies."""
    if not isinstance(checker.problem, NetworkProblem):
        raise Rejected("the method zero-branch is only for networks")
    checker.problem.require_zero_branch()
    return checker.problem


def read_certificate(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Certificate:
    if len(c["bounds"]["eigenvalue"]) != 2:
        raise Rejected(f"{where}: eigenvalue has the wrong length")
    layer = network_of(checker).layers[0]
    item.begin("Theorem A")
    spectrum = spectrum_of(checker, c["witness"], c["precision"], where, Spectrum, layer.W, layer.W_unit, layer.delta)
    return Certificate(item, c["id"], c["claims"], c["bounds"], spectrum, 2 * c["witness"]["pair"])


def simple_pair(checker: Checker, c: Certificate) -> None:
    """H2, gamma* and omega: Im d_k > g_k and |Re d_j - Re d_k| > g_j + g_k for j outside the pair, so K_k
    holds one simple eigenvalue mu; gamma* = -Re mu, omega = |sigma_1| Im mu; others lie off the axis.
    H3: lambda(gamma) = sigma_1 (mu + gamma), so d = sigma_1."""
    sigma_1, re, im = network_of(checker).sigma[0], c.spectrum.re(c.k), c.spectrum.im(c.k)
    alone_in_its_disc(c)
    on_the_axis(c, -re, abs(sigma_1) * im, sigma_1, abs(sigma_1), sigma_1.lo > 0)


def alone_in_its_disc(c: Certificate) -> None:
    A, k, item, bounds = c.spectrum, c.k, c.item, c.bounds
    item.begin("Theorem A")
    item.compare("rho", Fraction(A.rho, A.one), "<=", bounds["rho"])
    item.compare("rho", bounds["rho"], "<", Fraction(1))
    item.compare("norm_N", Fraction(A.norm_N, A.one), "<=", bounds["norm_N"])
    item.begin("H2")
    re, im, gap = A.re(k), A.im(k), A.separation(k, True)
    if im.lo <= 0:
        raise Rejected(f"Im d_k - g_k > 0 does not hold: {show(im.lo)}")
    if gap is not None and gap <= 0:
        raise Rejected(f"|Re d_j - Re d_k| - g_j - g_k > 0 does not hold for all j: {A.show(gap)}")
    item.compare("disc_radius", Fraction(A.g[k], A.one), "<=", bounds["disc_radius"])
    item.inside("eigenvalue (real part)", re, bounds["eigenvalue"][0])
    item.inside("eigenvalue (imaginary part)", im, bounds["eigenvalue"][1])
    item.compare("isolation", im.lo, ">=", bounds["isolation"])
    item.compare("isolation", Fraction(0), "<", bounds["isolation"])


def on_the_axis(c: Certificate, gamma: Interval, omega: Interval, speed: Interval, factor: Interval, rising: bool,
                ) -> None:  # fmt: skip
    """factor: of the other real parts at gamma* to |Re mu_j - Re mu|; rising: with what sign."""
    A, k, item, claims, bounds, gap = c.spectrum, c.k, c.item, c.claims, c.bounds, c.spectrum.separation(c.k, True)
    item.inside("parameter", gamma, claims["parameter"])
    item.inside("omega", omega, claims["omega"])
    item.compare("omega > 0", Fraction(0), "<", claims["omega"].lo)
    for key, group, times in (("separation", bounds, ONE), ("spectral_gap", claims, factor)):
        claim = group[key]
        if claim is None or gap is None:
            item.require(claim is None and gap is None, f"{key} is null exactly when n = 2")
            continue
        item.compare(key, (times * Interval(Fraction(gap, A.one))).lo, ">=", claim)
        item.compare(key, Fraction(0), "<", claim)
    above = sum(x > A.centres[k][0] for j, (x, _) in enumerate(A.centres) if j not in (k, k + 1))
    n_u = above if rising else A.n - 2 - above
    for key, value in (("unstable_eigenvalues", n_u), ("stable_eigenvalues", A.n - 2 - n_u)):
        item.require(claims[key] == value, f"the claim {key} = {claims[key]} is false: {value}")
    item.facts |= {"parameter": show(gamma), "omega": show(omega), "unstable_eigenvalues": n_u}
    item.begin("H3")
    item.inside("crossing_speed", speed, claims["crossing_speed"])
    item.require(0 not in claims["crossing_speed"], "the claim crossing_speed does not exclude 0")
    item.begin("Theorem B")
    c.delta, c.delta_left = A.eigenvectors(k)
    item.compare("delta_right", Fraction(max(c.delta), A.one), "<=", bounds["delta_right"])
    item.compare("delta_left", Fraction(max(c.delta_left), A.one), "<=", bounds["delta_left"])
    defect = sum(map(mul, c.delta, c.delta_left))
    c.pq_defect = up(defect, A.one)
    item.compare("pq_defect", Fraction(defect, A.one**2), "<=", bounds["pq_defect"])
    item.compare("pq_defect", bounds["pq_defect"], "<", Fraction(1))
    if c.pq_defect >= A.one:
        raise Rejected("|p^H q - 1| < 1 does not hold")


def enclose_eigenvectors(checker: Checker, A: Spectrum, group: list[Certificate]) -> None:
    """Theorem B: discs that hold the entries of q = XPu and p^H = w^T (I + S) P^-1 Y, for all points at once."""
    product, largest = checker.problem.product, [max(column) for column in zip(*A.Y_abs, strict=True)]
    right, left = ([short(A.grouped(delta)) for delta in deltas]
                   for deltas in ([c.delta for c in group], [c.delta_left for c in group]))  # fmt: skip
    q_errors = product([row for row, _ in right], transpose(A.X_abs))
    p_errors = product([row for row, _ in left], A.Y_abs)
    for c, dq, dp, (_, q_spare), (_, p_spare) in zip(group, q_errors, p_errors, right, left, strict=True):
        k, extra, fine = c.k, up(A.extra(c.k, c.delta_left), 1 << p_spare), A.F + GUARD
        dp = [e + extra * big for e, big in zip(dp, largest, strict=True)]
        c.q = Discs.of(zip(A.X_rows[k], A.X_rows[k + 1], strict=True), A.X_unit, dq, A.X_unit + fine - q_spare)
        centres = zip(A.Y[k], [-y for y in A.Y[k + 1]], strict=True)
        c.p = Discs.of(centres, A.Y_unit + 1, dp, A.Y_unit + 1 + fine - p_spare)


def enclose_resolvents(checker: Checker, A: Spectrum, group: list[Certificate]) -> None:
    """Lemma C with z = 2i nu - gamma* (nu = Im mu): g = (zI - W)^-1 (q o q), for all points at once."""
    if network_of(checker).sigma[1] == ZERO:
        return
    squares = list[Discs]()
    for c in group:
        centres = [(x * x - y * y, 2 * x * y) for x, y, _ in c.q.values]
        radii, unit = [(2 * hypot_up(x, y) + e) * e for x, y, e in c.q.values], 2 * c.q.unit
        squares.append(Discs.of(centres, unit, radii, unit))
    solved, rights = [], A.times_Y(squares)
    for c, r in zip(group, rights, strict=True):
        x, y = A.centres[c.k]
        solution, beta = A.resolvent((x, 2 * y), 2 * A.g[c.k], r, finer=True)  # |z - z_0| = |Re e + 2i Im e| <= 2|e|
        c.item.begin("H4")
        if solution is None:
            c.item.fail(f"Lemma C: resolvent_gap > 0 does not hold: {A.show(beta)}")
            continue
        if c.bounds["resolvent_gap"] is None:
            c.item.fail("resolvent_gap is null, but sigma''(0) = 0 is not established",
                        verdict="incomplete" if 0 in network_of(checker).sigma[1] else "rejected")  # fmt: skip
        else:
            c.item.compare("resolvent_gap", Fraction(beta, A.one), ">=", c.bounds["resolvent_gap"])
            c.item.compare("resolvent_gap", Fraction(0), "<", c.bounds["resolvent_gap"])
        solved.append((c, solution))
    if solved:
        for (c, _), g in zip(solved, A.times_X([y for _, y in solved]), strict=True):
            c.g = g


def check_equilibria(checker: Checker, A: Spectrum, group: list[Certificate]) -> None:
    """H1: x* = -W(gamma*)^-1 b, that is Lemma C with z = -gamma*, r = P^-1 Y b, x* = XPy; 0 if b = 0."""
    b, radii, n, values = network_of(checker).layers[0].b, network_of(checker).layers[0].b_radius, A.n, []
    if b is None or not (any(radii) or any(b.rows[0])):
        values = [(c, [ZERO] * n) for c in group]
    else:
        r = A.times_Y_real([real(Fraction(x, b.unit), A.F).widen(up(r.numerator << A.F, r.denominator))
                            for x, r in zip(b.rows[0], radii, strict=True)])  # fmt: skip
        solved = []
        for c in group:
            solution, beta = A.resolvent((A.centres[c.k][0], 0), A.g[c.k], r, finer=True)
            c.item.begin("H1")
            if solution is None:
                c.item.fail(f"Lemma C at z = -gamma*: beta > 0 does not hold: {A.show(beta)}")
            else:
                solved.append((c, solution))
        for (c, _), x in zip(solved, A.times_X([y for _, y in solved]) if solved else [], strict=True):
            values.append((c, [y.exact for y in x.parts()[0]]))
    for c, own_x in values:
        c.item.begin("H1")
        for i, (own, claim) in enumerate(zip(own_x, c.claims["equilibrium"], strict=True)):
            if own is not claim and not own.within(claim):  # most are the one zero of this program
                c.item.inside(f"equilibrium[{i}]", own, claim)


def check_h4(checker: Checker, c: Certificate) -> None:
    """H4.  With nu = Im mu > 0, W(gamma*) q = i nu q, S = sum conj(p_l) q_l |q_l|^2/(p^H q) and
    G = sum conj(p_l) conj(q_l) g_l/(p^H q), the formula of FORMAT.md is (v = -sigma_2 nu^2 q o q,
    h = -(sigma_2 nu^2/sigma_1) g, sum conj(p_l) conj(q_l) q_l^2 = S p^H q; conjugation when sigma_1 < 0)

        l1 = nu^2/(2 |sigma_1| q^H q) ((3 sigma_2^2/sigma_1 - sigma_3) Im S - 2 nu (sigma_2^2/sigma_1) Re G).
    """
    A, item, claims, bounds = c.spectrum, c.item, c.claims, c.bounds
    sigma_1, sigma_2, sigma_3 = network_of(checker).sigma
    item.begin("H4")
    s_re = s_im = s_rad = im_rad = qq = qq_rad = g_re = g_im = g_rad = 0
    for i, ((x, y, eq), (u, v, ep)) in enumerate(zip(c.q.values, c.p.values, strict=True)):
        square, a, b = x * x + y * y, hypot_up(x, y), hypot_up(u, v)
        s_re += (u * x - v * y) * square
        s_im += (u * y + v * x) * square
        outer, inner = (b + ep) * (a + eq), b * a  # bounds of |p||q|
        worst = outer * (a + eq) ** 2 - inner * a * a
        s_rad += worst
        # To first order Im changes by Im((2|q|^2 conj(p) - conj(q)^2 p) dq) + Im(q|q|^2 dp)
        real, imag = x * x - y * y, 2 * x * y  # q^2
        s, t = 2 * square * u - real * u + imag * v, 2 * square * v + real * v + imag * u
        im_rad += hypot_up(s, t) * eq + worst - 3 * inner * a * eq
        qq += square
        qq_rad += (2 * a + eq) * eq
        if c.g is not None:
            p, q, e = c.g.values[i]
            s, t, size = u * x + v * y, v * x - u * y, hypot_up(p, q)  # conj(p_l) conj(q_l)
            g_re += s * p - t * q
            g_im += s * q + t * p
            g_rad += outer * (size + e) - inner * size

    def change(re: int, im: int, rad: int) -> int:
        """|S/(p^H q) - S| for S in the disc, as |p^H q - 1| <= pq_defect."""
        return up((hypot_up(re, im) + rad) * c.pq_defect, A.one - c.pq_defect)

    x_unit, y_unit = c.q.unit, c.p.unit
    im_S = around(s_im, im_rad + change(s_re, s_im, s_rad), y_unit + 3 * x_unit).exact
    qq_ball = around(qq, qq_rad, 2 * x_unit).exact
    if qq_ball.lo <= 0:
        raise Rejected("q^H q > 0 does not hold")
    item.inside("q_norm_squared", qq_ball, bounds["q_norm_squared"])
    item.compare("q_norm_squared", Fraction(0), "<", bounds["q_norm_squared"].lo)
    item.inside("im_S", im_S if sigma_1.lo > 0 else -im_S, bounds["im_S"])
    nu, curvature = A.im(c.k), sigma_2 * sigma_2 / sigma_1
    bracket = (Interval(3) * curvature - sigma_3) * im_S
    if c.g is not None:
        re_G = around(g_re, g_rad + change(g_re, g_im, g_rad), y_unit + x_unit + c.g.unit).exact
        bracket = bracket - Interval(2) * nu * curvature * re_G
    elif sigma_2 != ZERO:
        raise Undecided("Lemma C was not established")
    elif bounds["resolvent_gap"] is not None:
        item.fail("resolvent_gap is not null although sigma''(0) = 0")
    check_criticality(item, claims, nu * nu * bracket / (Interval(2) * abs(sigma_1) * qq_ball))


def check_together(checker: Checker, certificates: list[Certificate], h4: Any = check_h4, solved: int = 1,
        steps: Any = (enclose_eigenvectors, check_equilibria, enclose_resolvents)) -> None:  # fmt: skip
    """H1 and H4 of certificates, those with one witness together; solved: linear systems for each."""
    groups: dict[int, list[Certificate]] = {}
    for c in certificates:
        groups.setdefault(id(c.spectrum), []).append(c)
    for group in groups.values():
        A, batch = group[0].spectrum, Item("")
        size = 4 * (A.F + A.X_unit + A.Y_unit)  # q and p, g, and products of four of them
        checker.bundle.budget.spend(solved * len(group) * A.n * (200 * OPERATION + 30 * digits_in(size) ** 2))
        checker.bundle.budget.hold((6 + 3 * solved) * len(group) * bytes_of(A.n, A.F + A.X_unit + A.Y_unit))
        all(batch.guard(step, checker, A, group) for step in steps)  # up to the first that fails
        if batch.failures or not share_h4(checker, group, h4):
            for c in group:
                c.item.failures += batch.failures
                if not batch.failures:
                    c.item.guard(h4, checker, c)


def share_h4(checker: Checker, group: list[Certificate], h4: Any) -> bool:
    """H4 of many points in several processes, if nothing fails there."""

    def work(indices: Iterable[int]) -> list[Any]:
        for i in indices:
            if not group[i].item.guard(h4, checker, group[i]):
                raise Rejected("to be reported by the one process that does it all again")
        return [[c.item.steps, c.item.facts] for c in group]

    if len(group) * checker.problem.n < SHARED:
        return False
    parts = checker.parts("processes").shared_out(checker.jobs, len(group), work)
    for part in parts or ():
        for c, (steps, facts) in zip(group, part, strict=True):
            c.item.steps |= steps
            c.item.facts |= facts
    return parts is not None


METHOD = Method(CERTIFICATE, read_certificate, simple_pair, check_together)
