"""The plain values in which an untrusted piece of a curve of Hopf points travels to its proof and certificate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..approx.field import Array
from .witness import WitnessLimbs


@dataclass(frozen=True)
class CurveData:
    """along: index of the parameter that runs, over s ± h; centre, direction: limbs of ũ and ũ', 3n + 2 numbers
    (α, ω, x, a, b), whose exact sums are meant; phi: n; A: (3n + 2)²; R: 3n + 2 radii; pair: block of the basis;
    begin, end: points near u(s) at both ends of a piece of the curve, in the direction (1: of increasing s, or −1) in
    which it is followed; None for a point."""

    along: int
    s: Fraction
    h: Fraction
    centre: list[Array]
    direction: list[Array]
    phi: Array
    A: Array
    R: Array
    basis: WitnessLimbs
    pair: int
    forward: int = 1
    begin: Array | None = None
    end: Array | None = None

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Of s, in the direction of the curve."""
        step = self.forward * self.h
        return self.s - step, self.s + step
