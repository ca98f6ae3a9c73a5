"""What certificates of all kinds say of a Hopf point (FORMAT.md, sections 5, 6 and 11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import Limbs
from .rows import row_of

SUPERCRITICAL, SUBCRITICAL = "supercritical", "subcritical"


@dataclass(frozen=True)
class HopfRow:
    """A Hopf point in `summary.json` (FORMAT.md, section 9)."""

    prefix: ClassVar[str] = "hopf"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "Hopf bifurcation"
    types: ClassVar[tuple[str, ...]] = (SUPERCRITICAL, SUBCRITICAL)
    headings: ClassVar[Mapping[str, str]] = {
        "omega": "ω", "first_lyapunov_coefficient": "ℓ1", "unstable_eigenvalues": "n_u"
    }  # fmt: skip
    table: ClassVar[str] = "points"
    names: ClassVar[Mapping[str, str]] = {"first_lyapunov_coefficient": "l1"}
    counts: ClassVar[Mapping[str, str | None]] = {
        "points": None, SUPERCRITICAL: SUPERCRITICAL, SUBCRITICAL: SUBCRITICAL
    }  # fmt: skip

    parameter: Enclosure
    omega: Enclosure | None
    first_lyapunov_coefficient: Enclosure | None
    crossing_speed: Enclosure | None
    unstable_eigenvalues: int | None
    stable_eigenvalues: int | None
    criticality: str | None

    @property
    def type(self) -> str | None:
        return self.criticality


@dataclass(frozen=True)
class HopfClaims:
    """spectral_gap: lower bound of |Re λ| over the other eigenvalues, None for n = 2; equilibrium: n enclosures."""

    located: ClassVar[tuple[str, ...]] = ("parameter", "omega")
    discrete: ClassVar[tuple[str, ...]] = ("unstable_eigenvalues", "stable_eigenvalues", "criticality")

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

    @property
    def row(self) -> HopfRow:
        return row_of(HopfRow, self)


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
