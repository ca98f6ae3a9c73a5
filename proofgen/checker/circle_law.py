"""How multipliers move with gamma where D_x F = rho I + tau V(gamma), V = gamma W or W + gamma I, tau = eta sigma_1
(section 25): where |m(gamma)| = 1 for an eigenvalue mu = alpha + i beta of W, and where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .basis import Basis, spectrum_of
from .blocks import Discs
from .budget import OPERATION, digits_in
from .context import Checker
from .disc_sums import Complex
from .files import Array
from .intervals import Interval, Real, real, up
from .local_spectrum import LocalSpectrum
from .locus import square
from .network_problem import Layer, NetworkProblem
from .similarity import Spectrum
from .verdicts import Matrix, Rejected, Undecided

LAW, ONE = "circle law", Interval(1)


class FixedSpectrum(LocalSpectrum):
    """Theorem A for one matrix W/unit."""

    def __init__(self, basis: Basis, W: Matrix, unit: int, delta: None, bits: int) -> None:
        Spectrum.__init__(self, basis, W, unit, delta, bits)

    @cached_property
    def alone(self) -> list[bool]:
        """Whether the disc of each index is disjoint from all others."""
        self.budget.spend(self.n**2 * (6 * OPERATION + 4 * digits_in(self.F) ** 2))
        return [self.isolated(k) for k in range(self.n)]

    @cached_property
    def mu(self) -> list[Complex]:
        """The eigenvalues in every disc; an isolated one with a real centre holds a real one."""
        return [(self.re(k), Interval(0) if k >= 2 * self.m and self.alone[k] else self.im(k)) for k in range(self.n)]

    @cached_property
    def mu_rounded(self) -> list[tuple[Real, Real]]:
        return [(x.rounded(self.F), y.rounded(self.F)) for x, y in self.mu]

    @cached_property
    def finer(self) -> LocalSpectrum:
        """The same with centres in units of 2^-F at least."""
        finer, shift = LocalSpectrum.__new__(LocalSpectrum), max(0, self.F - self.d_unit)
        finer.__dict__.update(self.__dict__)
        finer.d_unit, finer.centres = self.d_unit + shift, [(x << shift, y << shift) for x, y in self.centres]
        return finer

    def resolve(self, z: Complex, r: Discs) -> tuple[Discs | None, int]:
        """Lemma C for all points of z."""
        A, middle, far = self.finer, list[int](), Fraction(0)
        for x in z:
            at = int((x.lo + x.hi) * (1 << A.d_unit)) >> 1
            centre = Fraction(at, 1 << A.d_unit)
            middle.append(at)
            far += max(x.hi - centre, centre - x.lo)
        return A.resolvent((middle[0], middle[1]), up(far.numerator << A.F, far.denominator), r, finer=True)


@dataclass
class Crossing:
    """m on the circle at gamma; root: the sign before the root in u = tau gamma."""

    root: int
    gamma: Interval
    m: Complex


@dataclass
class Somewhere:
    """Where crossings are if it is not known whether there are any: in gamma, or, if this is None, for |gamma| >= far,
    and if this is None too, nowhere."""

    gamma: Interval | None
    far: Fraction | None = None


@dataclass
class Law:
    """W = W/unit, rho, eta, sigma's derivatives at 0 and b; gain: V = gamma W; outside: V(gamma) stands outside."""

    W: Matrix
    unit: int
    rest: Interval
    step: Interval
    sigma: tuple[Interval, Interval, Interval]
    gain: bool
    outside: bool
    b: Array | None

    @cached_property
    def tau(self) -> Interval:
        return self.step * self.sigma[0]

    def far(self, size: Fraction) -> Somewhere:
        """Of a gain, |mu| <= size: |m| <= |rho| + |tau gamma| |mu| < 1 for smaller |gamma|."""
        return Somewhere(None, ((ONE - abs(self.rest)) / (abs(self.tau) * Interval(size))).lo if size else None)

    def all_crossings(self) -> Somewhere:
        """Of every matrix with the norm of W."""
        norm = max(Fraction(sum(map(abs, row)), self.unit) for row in self.W)
        if self.gain:
            return self.far(norm)
        reach = ((ONE + abs(self.rest)) / abs(self.tau) + Interval(norm)).hi
        return Somewhere(Interval(-reach, reach))

    def crossings(self, A: FixedSpectrum, k: int) -> list[Crossing] | Somewhere:
        """Of every eigenvalue in K_k."""
        (alpha, beta), rho, tau = A.mu[k], self.rest, self.tau
        if k >= 2 * A.m and A.alone[k]:
            if self.gain and 0 in alpha:
                return self.far(abs(alpha).hi)
            found = []
            for sign in (1, -1):
                u = Interval(sign) - rho
                u = u / alpha if self.gain else u - tau * alpha
                root = -sign if self.gain and alpha.hi < 0 else sign
                found.append(Crossing(root, u / tau, (Interval(sign), Interval(0))))
            return found
        size = square(alpha) + square(beta)
        if self.gain:
            if size.lo <= 0:
                return self.far(abs(alpha).hi + abs(beta).hi)
            D = root_of(square(rho * alpha) + (ONE - square(rho)) * size, A.F)
            us = [(s, (Interval(s) * D - rho * alpha) / size) for s in (1, -1)]
            return [Crossing(s, u / tau, (rho + u * alpha, u * beta)) for s, u in us]
        b, middle = tau * beta, -(rho + tau * alpha)
        inner = ONE - square(b)
        if inner.hi < 0:
            return []
        if inner.lo <= 0:
            reach = root_of(Interval(inner.hi), A.F).hi
            return Somewhere((middle + Interval(-reach, reach)) / tau)
        cosine = root_of(inner, A.F)
        return [Crossing(s, (middle + Interval(s) * cosine) / tau, (Interval(s) * cosine, b)) for s in (1, -1)]

    def others(self, A: FixedSpectrum, k: int, window: Interval) -> tuple[Fraction | None, int]:
        """A lower bound of ||m| - 1| and the number of those outside, over the window, of the eigenvalues that do not
        belong to k.  Outside of the circle |m| <= |m|^2, so that |m| - 1 >= (|m|^2 - 1)/(|m|^2 + 1)."""
        F, one, least, outside = A.F, A.one, list[Fraction](), 0
        A.budget.spend(A.n * (20 * OPERATION + 6 * digits_in(F) ** 2))
        rho, tau, u = self.rest.rounded(F), self.tau.rounded(F), (self.tau * window).rounded(F)
        for j, (alpha, beta) in enumerate(A.mu_rounded):
            if j == k or (k < 2 * A.m and j == k ^ 1):
                continue
            re, im = (rho + u * alpha, u * beta) if self.gain else (rho + tau * alpha + u, tau * beta)
            size = re * re + im * im
            if size.lo > one:
                outside += 1
                least.append(Fraction(size.lo - one, size.lo + one))
            elif size.hi < one:
                least.append(Fraction(one - size.hi, 2 * one))
            else:
                raise Rejected(f"a multiplier that does not belong to k = {k} may be on the circle in the window")
        return min(least, default=None), outside

    def poles(self, c: Crossing) -> tuple[Complex, Complex, Complex, Complex]:
        """zeta_1 = (1 - rho)/(tau c), zeta_2 = (m^2 - rho)/(tau c), c = gamma or 1, and z_1, z_2: these, less gamma if
        it is a shift."""
        (x, y), divisor = c.m, self.tau * c.gamma if self.gain else self.tau
        one = (ONE - self.rest) / divisor, Interval(0)
        two = (square(x) - square(y) - self.rest) / divisor, Interval(2) * x * y / divisor
        if self.gain:
            return one, two, one, two
        return one, two, (one[0] - c.gamma, one[1]), (two[0] - c.gamma, two[1])


def root_of(x: Interval, F: int) -> Interval:
    """The square root, to about F bits."""
    if x.lo < 0:
        raise Undecided("the argument of a root may be negative")
    small = x.hi.denominator.bit_length() - x.hi.numerator.bit_length() if x.hi else 0
    return x.rounded(F + max(0, small)).sqrt().exact


def law_of(checker: Checker) -> Law:
    """The map, to which the method applies."""
    if LAW not in checker.spectra:
        checker.bundle.budget.spend(checker.problem.n**2 * 8 * OPERATION)
        checker.spectra[LAW] = read_law(checker)
    law: Law = checker.spectra[LAW]
    return law


def multiple(M: Matrix | None, unit: int) -> Fraction:
    """c if M/unit = cI exactly, else 0."""
    if M is None or any(x != (M[0][0] if i == j else 0) for i, row in enumerate(M) for j, x in enumerate(row)):
        return Fraction(0)
    return Fraction(M[0][0], unit)


def still(layer: Layer) -> bool:
    """Neither gamma nor a bias enters."""
    return layer.E is None and layer.b is None and layer.c is None


def read_law(checker: Checker) -> Law:
    """Exactly of one of the forms rho x + eta sigma(V(gamma)x + b), rho x + eta V(gamma) sigma(x)."""
    p = checker.problem
    if not isinstance(p, NetworkProblem) or not p.discrete or p.box or len(set(p.leak)) != 1 or len(p.layers) > 3:
        raise Rejected("the method circle-branch is only for exact networks in discrete time with one leak")
    layers, rest, step = p.layers, 1 - p.leak[0], Fraction(1)  # F = x - leak x + h
    if any(x.delta is not None or len(x.W) != p.n or len(x.W[0]) != p.n for x in layers):
        raise Rejected("the method circle-branch is only for square layers without radii")
    last = layers[-1]
    if len(layers) > 1 and last.activation == "identity" and still(last) and multiple(last.W, last.W_unit):
        layers, step = layers[:-1], multiple(last.W, last.W_unit)
    outside, last = len(layers) == 2, layers[-1]
    if len(layers) > 2 or (outside and not (
            last.activation == "identity" and still(layers[0]) and multiple(layers[0].W, layers[0].W_unit) == 1)):
        raise Rejected("the method circle-branch is for rho x + eta sigma(Vx + b) and rho x + eta V sigma(x)")
    gain, bias = not any(map(any, last.W)), last.b if last.b is not None and any(last.b.rows[0]) else None
    if last.c is not None or last.E is None or not (gain or multiple(last.E, last.E_unit) == 1):
        raise Rejected("the method circle-branch is for V = gamma W and V = W + gamma I")
    if (gain and not abs(rest) < 1) or (bias is not None and (gain or outside or rest != 1)):
        raise Rejected("the method circle-branch needs |rho| < 1 for a gain, and for a bias rho = 1 and a shift")
    W, unit = (last.E, last.E_unit) if gain else (last.W, last.W_unit)
    return Law(W, unit, Interval(rest), Interval(step), p.sigma, gain, outside, bias)


def fixed_spectrum(checker: Checker, witness: dict[str, Any], precision: int, where: str) -> FixedSpectrum:
    law = law_of(checker)
    found: FixedSpectrum = spectrum_of(checker, witness, precision, where, FixedSpectrum, law.W, law.unit, None)
    return found


def entries_of(b: Array, F: int) -> list[Real]:
    return [real(Fraction(x, b.unit), F) for x in b.rows[0]]
