"""The certificate of a Hopf point that a window proves (FORMAT.md, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from .codec import Limbs, require_length
from .hopf_point import LocatedBounds, LocatedClaims


@dataclass(frozen=True)
class WindowWitness:
    """γ̃, h, the tube radius r, x̃ and its slope (None where x = 0 is the branch) and the eigenbasis; pair: of iω."""

    gamma: Fraction
    half_width: Fraction
    radius: Fraction | None
    pairs: int
    pair: int
    x: Limbs | None
    slope: Limbs | None
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class WindowPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "spectral"

    id: str
    claims: LocatedClaims
    bounds: LocatedBounds
    witness: WindowWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
