"""The certificate of a Hopf point that a ball around a zero of the Hopf system proves (FORMAT.md, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from .codec import Limbs, require_length
from .hopf_point import LocatedBounds, LocatedClaims


@dataclass(frozen=True)
class NewtonBallWitness:
    """ū = (γ̃, ω̃, x̃, a, b), φ, A ≈ DF(ū)⁻¹, R and the eigenbasis; pair: of iω."""

    gamma: Fraction
    omega: Fraction
    R: Fraction
    pairs: int
    pair: int
    x: Limbs
    a: Limbs
    b: Limbs
    phi: Limbs
    A: Limbs
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class NewtonBallPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "newton-kantorovich"

    id: str
    claims: LocatedClaims
    bounds: LocatedBounds
    witness: NewtonBallWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
