"""Where stability changes: the imaginary axis of a flow, and of a map the circle |1 + lambda| = 1 (section 20)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from .intervals import Interval, Real, up
from .jets import minus, plus
from .local_spectrum import Eigenvectors, LocalSpectrum
from .problem import Problem


class Locus(Protocol):
    name: str
    moving: str  # what must not be 0 where an eigenvalue crosses

    def clearance(self, A: LocalSpectrum, j: int, best: bool) -> Fraction:
        """A lower bound of the distance of the eigenvalues in K_j from it, not positive if they may reach or cross it;
        the better one is looked for if asked, or needed."""

    def unstable(self, A: LocalSpectrum, j: int) -> bool:
        """On which side d_j is."""

    def level(self, A: LocalSpectrum, k: int) -> Interval:
        """For the eigenvalue in an isolated K_k: a function that vanishes on it, positive where unstable."""

    def speed(self, chart: Any, section: Any, k: int, v: Eigenvectors) -> Interval:
        """The derivative of the level along the branch."""

    def may_be_zero_only(self, A: LocalSpectrum, k: int) -> bool:
        """Whether a real eigenvalue in K_k that is on it is 0."""


class Axis:
    name, moving = "the axis", "Re lambda'"

    def clearance(self, A: LocalSpectrum, j: int, best: bool) -> Fraction:
        return A.clearance(j, best)

    def unstable(self, A: LocalSpectrum, j: int) -> bool:
        return A.centres[j][0] > 0

    def level(self, A: LocalSpectrum, k: int) -> Interval:
        return A.re_lambda(k)

    def speed(self, chart: Any, section: Any, k: int, v: Eigenvectors) -> Interval:
        result: Real = chart.contract(v.p, *chart.motion(section, k, v), v.defect)
        return result.exact

    def may_be_zero_only(self, A: LocalSpectrum, k: int) -> bool:
        return True


class Circle:
    """With the multiplier mu = 1 + lambda, the level is (|mu|^2 - 1)/2 and its derivative Re conj(mu) lambda'."""

    name, moving = "the unit circle", "Re conj(mu) mu'"

    def clearance(self, A: LocalSpectrum, j: int, best: bool) -> Fraction:
        """| |1 + d_j| - 1 | - r, where r is g_j or, if better, |N_jj - d_j| and what `tail` says."""
        far, radius = self.modulus_of_centre(A, j), A.g[j]
        if best or max(far - A.one - radius, A.one - radius - far - 1) <= 0:
            tail = A.tail(j)
            radius = radius if tail is None else min(radius, A.e[j] + tail)
        return Fraction(max(far - A.one - radius, A.one - radius - far - 1), A.one)

    def modulus_of_centre(self, A: LocalSpectrum, j: int) -> int:
        """|1 + d_j| in units of 2^-F, less than 1 below."""
        x, y = A.centres[j]
        return A.distance(x + (1 << A.d_unit), y)

    def unstable(self, A: LocalSpectrum, j: int) -> bool:
        x, y = A.centres[j]
        return (x + (1 << A.d_unit)) ** 2 + y * y > 1 << 2 * A.d_unit

    def level(self, A: LocalSpectrum, k: int) -> Interval:
        re, im = multiplier(A, k)
        return (square(re) + square(im) - Interval(1)) * Interval(Fraction(1, 2))

    def speed(self, chart: Any, section: Any, k: int, v: Eigenvectors) -> Interval:
        return turned(chart, section.A, k, v, *chart.motion(section, k, v)).exact

    def may_be_zero_only(self, A: LocalSpectrum, k: int) -> bool:
        return A.re(k).lo > -1


def square(x: Interval) -> Interval:
    far = max(abs(x.lo), abs(x.hi)) ** 2
    return Interval(0 if 0 in x else min(abs(x.lo), abs(x.hi)) ** 2, far)


def multiplier(A: LocalSpectrum, k: int) -> tuple[Interval, Interval]:
    """Re and Im of mu = 1 + lambda for the eigenvalue in an isolated K_k."""
    im = A.part_of_lambda(k, 1) if k < 2 * A.m else Interval(0)
    return Interval(1) + A.re_lambda(k), im


def turned(chart: Any, A: LocalSpectrum, k: int, v: Eigenvectors, re: list[Real], im: list[Real]) -> Real:
    """Re conj(mu) p^H w/p^H q for w = re + i im."""
    net = chart.net
    a, b = (x.rounded(net.F) for x in multiplier(A, k))
    real, imaginary = plus(net.scale(re, a), net.scale(im, b)), minus(net.scale(im, a), net.scale(re, b))
    result: Real = chart.contract(v.p, real, imaginary, v.defect)
    return result


def shifted_square(A: LocalSpectrum, k: int) -> tuple[LocalSpectrum, tuple[int, int], int]:
    """mu^2 - 1 = lambda(2 + lambda) for lambda in K_k: its value at d_k in units finer than those of the centres, with
    the same similarity in these, and its distance from there, at most 2|1 + d_k| g_k + g_k^2."""
    finer = LocalSpectrum.__new__(LocalSpectrum)
    finer.__dict__.update(A.__dict__)
    shift, (x, y) = A.d_unit, A.centres[k]
    finer.d_unit, finer.centres = 2 * shift, [(u << shift, v << shift) for u, v in A.centres]
    two = 2 << shift
    far = CIRCLE.modulus_of_centre(A, k) + 1
    return finer, (x * (two + x) - y * y, y * (two + 2 * x)), up(2 * far * A.g[k], A.one) + up(A.g[k] ** 2, A.one)


AXIS, CIRCLE = Axis(), Circle()


def locus_of(problem: Problem) -> Locus:
    return CIRCLE if problem.discrete else AXIS
