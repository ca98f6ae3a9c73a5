"""What certificates of all kinds say of a Hopf point (FORMAT.md, sections 5, 6 and 11)."""

from __future__ import annotations

from dataclasses import dataclass

from ..numbers.printed import Decimal, Enclosure
from .codec import Limbs

SUPERCRITICAL, SUBCRITICAL = "supercritical", "subcritical"


@dataclass(frozen=True)
class HopfClaims:
    """spectral_gap: lower bound of |Re λ| over the other eigenvalues, None for n = 2; equilibrium: n enclosures."""

    parameter: Enclosure
    omega: Enclosure
    first_lyapunov_coefficient: Enclosure
    crossing_speed: Enclosure
    unstable_eigenvalues: int
    stable_eigenvalues: int
    criticality: str
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]

    @property
    def supercritical(self) -> bool:
        return self.criticality == SUPERCRITICAL

    @property
    def sign_is_claimed(self) -> bool:
        """Whether ℓ1 as printed has the sign that the criticality says."""
        ell1 = self.first_lyapunov_coefficient
        return ell1.high < 0 if self.supercritical else ell1.low > 0

    def told_apart(self, other: HopfClaims) -> bool:
        """Whether the claims of two points show that they are not the same one: enclosures of γ, ω or an entry of x*
        are disjoint (FORMAT.md, section 10). ω will do, as ±iω are the only eigenvalues on the axis."""
        pairs = [(self.parameter, other.parameter), (self.omega, other.omega)]
        pairs += zip(self.equilibrium, other.equilibrium, strict=True)
        return any(one.disjoint(two) for one, two in pairs)


@dataclass(frozen=True)
class LocatedClaims(HopfClaims):
    """Of a point that a window or a ball locates. window: in which γ* is the only crossing of its pair;
    uniqueness_radius: of the ball around the witness with no other Hopf point; one of them is None."""

    window: Enclosure | None
    uniqueness_radius: Decimal | None


@dataclass(frozen=True)
class LocatedBounds:
    """The numbers of the inequalities of section 11; those of the tube and window are None for a ball and on the
    trivial branch as stated there, Y, Z and r_min for a window."""

    rho: Decimal
    branch_gap: Decimal | None
    branch_residual: Decimal | None
    branch_radius: Decimal | None
    window_disc_radius: Decimal | None
    window_clearance: Decimal | None
    window_slope: Enclosure | None
    real_part: Enclosure | None
    disc_radius: Decimal
    isolation: Decimal
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure
    gap_0: Decimal
    gap_2: Decimal
    terms: tuple[Enclosure, ...]
    Y: Decimal | None
    Z: Decimal | None
    r_min: Decimal | None


@dataclass(frozen=True)
class Eigenbasis:
    """X, Y and the centres d of the discs, exact sums of stored arrays; pairs: complex ones come first."""

    pairs: int
    X: Limbs
    Y: Limbs
    d: Limbs
