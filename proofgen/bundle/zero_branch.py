"""What a bundle says of the branch W(γ)x + b = 0 and of its points (FORMAT.md, sections 6 and 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import InputError
from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .hopf_point import Eigenbasis, HopfClaims
from .listing import Listed, Unsettled


@dataclass(frozen=True)
class ZeroBranchBounds:
    """eigenvalue: real and imaginary part of that of W⁰; separation and resolvent_gap: None for n = 2, or where S needs
    no linear system."""

    rho: Decimal
    norm_N: Decimal
    eigenvalue: tuple[Enclosure, Enclosure]
    disc_radius: Decimal
    isolation: Decimal
    separation: Decimal | None
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure
    im_S: Enclosure
    resolvent_gap: Decimal | None


@dataclass(frozen=True)
class PairWitness(Eigenbasis):
    """The eigenbasis of W⁰; pair: of iω."""

    pair: int


@dataclass(frozen=True)
class ZeroBranchPoint:
    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "zero-branch"

    id: str
    claims: HopfClaims
    bounds: ZeroBranchBounds
    witness: PairWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
        if n > 2 and (self.claims.spectral_gap is None or self.bounds.separation is None):
            raise InputError("expected a decimal, since n > 2", key="claims.spectral_gap or bounds.separation")


@dataclass(frozen=True)
class ZeroBranchClaims:
    """interval: None for all real γ; real_crossings: of a real eigenvalue; unsettled: where something stayed open."""

    interval: Enclosure | None
    complete: bool
    points: tuple[Listed, ...]
    real_crossings: tuple[Enclosure, ...]
    unsettled: tuple[Unsettled, ...]


@dataclass(frozen=True)
class SpectrumBounds:
    rho: Decimal
    norm_N: Decimal
    max_disc_radius: Decimal


@dataclass(frozen=True)
class ZeroBranch:
    """bounds and witness: None where no eigenbasis was verified."""

    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "zero-branch"

    claims: ZeroBranchClaims
    bounds: SpectrumBounds | None
    witness: Eigenbasis | None
    precision: int

    def require_dimension(self, n: int) -> None:
        """The claims are about any number of variables."""
