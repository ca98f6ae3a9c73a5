"""What a bundle says of x = 0 of rate networks with a gain and of its points (FORMAT.md, section 23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import InputError
from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .hopf_point import Eigenbasis, HopfClaims
from .zero_branch import PairWitness, SpectrumBounds, ZeroBranchClaims


@dataclass(frozen=True)
class GainBounds:
    """eigenvalue: real and imaginary part of that of W; S: of this; away: of |Re μ|; separation and resolvent_gap: None
    for n = 2, or where ℓ1 needs no linear system."""

    rho: Decimal
    norm_N: Decimal
    eigenvalue: tuple[Enclosure, Enclosure]
    disc_radius: Decimal
    isolation: Decimal
    away: Decimal
    separation: Decimal | None
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure
    S: tuple[Enclosure, Enclosure]
    resolvent_gap: Decimal | None


@dataclass(frozen=True)
class GainPoint:
    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "gain-branch"

    id: str
    claims: HopfClaims
    bounds: GainBounds
    witness: PairWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
        if n > 2 and (self.claims.spectral_gap is None or self.bounds.separation is None):
            raise InputError("expected a decimal, since n > 2", key="claims.spectral_gap or bounds.separation")


@dataclass(frozen=True)
class GainBranch:
    """Keys as of the zero branch; the eigenbasis is that of W."""

    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "gain-branch"

    claims: ZeroBranchClaims
    bounds: SpectrumBounds | None
    witness: Eigenbasis | None
    precision: int

    def require_dimension(self, n: int) -> None:
        """The claims are about any number of variables."""
