"""How the multipliers of a map move with γ where D_xF = ρI + τV(γ), V(γ) = γW or W + γI, τ = ησ_1.

An eigenvalue μ = α + iβ of W gives the multiplier m(γ) = ρ + τγμ or ρ + τ(μ + γ). |m(γ)|² is a convex quadratic
polynomial of u = τγ, so that |m(γ)| = 1 at no more than two real values (MATHEMATICS.md, section 22):

gain (|ρ| < 1, μ ≠ 0)   u = (−ρα ± √(ρ²α² + (1 − ρ²)|μ|²))/|μ|²,   m = ρ + uμ
shift                    u = −(ρ + τα) ± √(1 − (τβ)²),   m = ±√(1 − (τβ)²) + iτβ

Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import acb, arb

from ..numbers.balls import (
    ball,
    largest,
    proves_negative,
    proves_nonzero,
    proves_positive,
    smallest,
    square,
)
from .spectrum import Spectrum, isolated


@dataclass(frozen=True)
class Crossing:
    """block: of the witness; root: the sign ±1 before the root in u = τγ; multiplier: on the circle."""

    block: int
    root: int
    parameter: arb
    multiplier: acb


@dataclass(frozen=True)
class Somewhere:
    """Where the crossings of a block are if it is not known whether there are any: for γ in `parameter` only, or, if
    this is None, for |γ| ≥ far only (where that is not finite: nowhere)."""

    parameter: arb | None
    far: arb


@dataclass(frozen=True)
class Others:
    """The other multipliers over a window: a lower bound of their ||m| − 1|, None where there are none, and how many
    are outside of the circle."""

    gap: arb | None
    outside: int


@dataclass(frozen=True)
class CircleLaw:
    """ρ, η, σ_1 as balls; gain: V = γW, else W + γI."""

    rest: arb
    step: arb
    sigma_1: arb
    gain: bool

    @property
    def tau(self) -> arb:
        return self.step * self.sigma_1

    def all_crossings(self, norm: arb) -> Somewhere:
        """Of every matrix with |μ| ≤ norm."""
        if self.gain:
            return self.far(norm)
        return Somewhere(arb(0, ((1 + abs(self.rest)) / abs(self.tau) + norm).upper()), arb.pos_inf())

    def far(self, size: arb) -> Somewhere:
        """Of a gain and all |μ| ≤ size: |m| ≤ |ρ| + |τγ||μ| < 1 for smaller |γ|."""
        bound = largest([size])
        if bound.is_zero():
            return Somewhere(None, arb.pos_inf())
        far = (1 - abs(self.rest)) / (abs(self.tau) * bound)
        return Somewhere(None, far.lower() if far.is_finite() else arb(0))

    def multiplier(self, alpha: arb, beta: arb, gamma: arb) -> acb:
        u = self.tau * gamma
        if self.gain:
            return acb(self.rest + u * alpha, u * beta)
        return acb(self.rest + self.tau * alpha + u, self.tau * beta)

    def speed(self, m: acb, alpha: arb, beta: arb) -> arb:
        """Re(m̄ dm/dγ): d/dγ ln|m| on the circle."""
        return self.tau * (m.real * alpha + m.imag * beta) if self.gain else self.tau * m.real

    def eigenvalue(self, m: acb) -> acb:
        """ν of V(γ), from m = ρ + τν."""
        return (m - self.rest) / self.tau

    def poles(self, crossing: Crossing) -> tuple[acb, acb, acb, acb]:
        """ζ_1, ζ_2 and z_1, z_2 = these, or these − γ."""
        m, divisor = crossing.multiplier, self.tau * crossing.parameter if self.gain else self.tau
        zeta_1, zeta_2 = acb((1 - self.rest) / divisor), (m * m - self.rest) / divisor
        less = 0 if self.gain else crossing.parameter
        return zeta_1, zeta_2, zeta_1 - less, zeta_2 - less


@dataclass(frozen=True)
class Multipliers:
    """The law and the discs of W."""

    law: CircleLaw
    spectrum: Spectrum

    @cached_property
    def isolated(self) -> list[bool]:
        """Of each block, whether its disc is disjoint from all others (of a pair from its conjugate too)."""
        return [isolated(self.spectrum, k) for k in range(len(self.spectrum.d))]

    @cached_property
    def parts(self) -> list[tuple[arb, arb]]:
        """Re μ and Im μ (that of the upper one of a pair) for the eigenvalues in each K_k; an isolated disc with a real
        centre holds a real one."""
        sp = self.spectrum
        found = []
        for k, (d, g) in enumerate(zip(sp.d, sp.g, strict=True)):
            real = k >= sp.m and self.isolated[k]
            found.append((arb(d.real, g), arb(0) if real else arb(d.imag, g)))
        return found

    def crossings(self, k: int) -> list[Crossing] | Somewhere:
        """Of every eigenvalue in K_k, whether real or not."""
        alpha, beta = self.parts[k]
        if k >= self.spectrum.m and self.isolated[k]:
            return self._real(k, alpha)
        return self._gain(k, alpha, beta) if self.law.gain else self._shift(k, alpha, beta)

    def _real(self, k: int, alpha: arb) -> list[Crossing] | Somewhere:
        """m = ±1. Which of them has the larger u is a matter of signs."""
        law = self.law
        if law.gain and not proves_nonzero(alpha):
            return law.far(abs(alpha))
        found = []
        for m in (1, -1):
            u = (m - law.rest) / alpha if law.gain else m - law.rest - law.tau * alpha
            root = m * (-1 if law.gain and proves_negative(alpha) else 1)
            found.append(Crossing(k, root, u / law.tau, acb(m)))
        return found

    def _gain(self, k: int, alpha: arb, beta: arb) -> list[Crossing] | Somewhere:
        size, law = square(alpha) + square(beta), self.law
        if not proves_positive(size):
            return law.far(abs(alpha) + abs(beta))
        root = (square(law.rest * alpha) + (1 - square(law.rest)) * size).sqrt()
        found = []
        for sign in (1, -1):
            u = (sign * root - law.rest * alpha) / size
            found.append(Crossing(k, sign, u / law.tau, acb(law.rest + u * alpha, u * beta)))
        return found

    def _shift(self, k: int, alpha: arb, beta: arb) -> list[Crossing] | Somewhere:
        tau = self.law.tau
        b, middle = tau * beta, -(self.law.rest + tau * alpha)
        inner = 1 - square(b)
        if proves_negative(inner):
            return []
        if not proves_positive(inner):
            reach = arb(0, largest([inner]).sqrt().upper())
            return Somewhere((middle + reach) / tau, arb.pos_inf())
        return [Crossing(k, s, (middle + s * inner.sqrt()) / tau, acb(s * inner.sqrt(), b)) for s in (1, -1)]

    def others(self, k: int, window: arb) -> Others | None:
        """What is known of the eigenvalues outside of K_k (and its conjugate) for all γ in the window; None if one of
        their multipliers may be on the circle. As |m| ≤ |m|² outside, ||m| − 1| ≥ (|m|² − 1)/(|m|² + 1) there, and
        ≥ (1 − |m|²)/2 inside."""
        gaps, outside = [], 0
        for j, (alpha, beta) in enumerate(self.parts):
            if j == k:
                continue
            m = self.law.multiplier(alpha, beta, window)
            size = square(m.real) + square(m.imag)
            if proves_positive(size - 1):
                outside += self.spectrum.multiplicity(j)
                gaps.append(1 - 2 / (size + 1))
            elif proves_positive(1 - size):
                gaps.append((1 - size) / 2)
            else:
                return None
        return Others(smallest(gaps) if gaps else None, outside)


def window_around(low: Fraction, high: Fraction) -> arb:
    """A ball that holds the interval."""
    return arb(ball((low + high) / 2), ball((high - low) / 2))
