"""What a bundle says of maps whose multipliers follow from one matrix, and of their points (FORMAT.md, section 25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .flip import FlipClaims
from .hopf_point import Eigenbasis
from .neimark_sacker import NeimarkSackerClaims
from .zero_branch import PairWitness, SpectrumBounds, ZeroBranchClaims


@dataclass(frozen=True)
class CircleBranchBounds:
    """Those of any crossing; resolvent_gap: None where no linear system is needed."""

    rho: Decimal
    norm_N: Decimal
    disc_radius: Decimal
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure
    resolvent_gap: Decimal | None


@dataclass(frozen=True)
class CirclePairBounds(CircleBranchBounds):
    """eigenvalue (of W), S: real and imaginary part; isolation: of Im μ; cosine: of cos θ; sine: a bound of sin θ."""

    eigenvalue: tuple[Enclosure, Enclosure]
    S: tuple[Enclosure, Enclosure]
    isolation: Decimal
    cosine: Enclosure
    sine: Decimal


@dataclass(frozen=True)
class CircleFlipBounds(CircleBranchBounds):
    """eigenvalue, S: real numbers."""

    eigenvalue: Enclosure
    S: Enclosure


@dataclass(frozen=True)
class CirclePairWitness(PairWitness):
    """root: the sign, "plus" or "minus", of the root in τγ."""

    root: str


@dataclass(frozen=True)
class IndexWitness(Eigenbasis):
    """index: of a real eigenvalue among the complex indices."""

    index: int


@dataclass(frozen=True)
class CirclePairPoint:
    """A Neimark–Sacker point."""

    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "circle-pair"

    id: str
    claims: NeimarkSackerClaims
    bounds: CirclePairBounds
    witness: CirclePairWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")


@dataclass(frozen=True)
class CircleFlipPoint:
    """A flip."""

    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "circle-flip"

    id: str
    claims: FlipClaims
    bounds: CircleFlipBounds
    witness: IndexWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")


@dataclass(frozen=True)
class CircleBranch:
    """Keys as of the zero branch; the eigenbasis is that of W."""

    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "circle-branch"

    claims: ZeroBranchClaims
    bounds: SpectrumBounds | None
    witness: Eigenbasis | None
    precision: int

    def require_dimension(self, n: int) -> None:
        """The claims are about any number of variables."""
