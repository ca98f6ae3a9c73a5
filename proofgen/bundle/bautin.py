"""The certificate of a Bautin point (FORMAT.md, section 28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import Limbs, require_length
from .rows import row_of

OUTER_STABLE, OUTER_UNSTABLE = "l2 < 0", "l2 > 0"


@dataclass(frozen=True)
class BautinRow:
    """A Bautin point in `summary.json`. unstable, stable: numbers of the eigenvalues but ±iω."""

    prefix: ClassVar[str] = "bautin"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "Bautin point"
    types: ClassVar[tuple[str, ...]] = (OUTER_STABLE, OUTER_UNSTABLE)
    headings: ClassVar[Mapping[str, str]] = {"omega": "ω", "second_lyapunov_coefficient": "ℓ2", "unstable": "n_u"}
    table: ClassVar[str] = "bautin"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"bautin": None}

    kind: str
    parameters: tuple[Enclosure, Enclosure]
    omega: Enclosure | None
    second_lyapunov_coefficient: Enclosure | None
    determinant: Enclosure | None
    unstable: int | None
    stable: int | None

    @property
    def parameter(self) -> Enclosure:
        return self.parameters[0]

    @property
    def second_parameter(self) -> Enclosure:
        return self.parameters[1]

    @property
    def type(self) -> str | None:
        ell2 = self.second_lyapunov_coefficient
        return None if ell2 is None else OUTER_STABLE if ell2.high < 0 else OUTER_UNSTABLE


@dataclass(frozen=True)
class BautinClaims:
    """second_lyapunov_coefficient: Re c2/ω, determinant: of d(Re λ, Re c1)/d(α₁, α₂), both for q^H q = 1; spectral_gap:
    lower bound of |Re λ| of the other eigenvalues, None for n = 2; crossing_speed: Re ∂λ/∂α of the parameter that does
    not run along the piece."""

    located: ClassVar[tuple[str, ...]] = ("parameter", "second_parameter", "omega")
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable")

    kind: str
    parameters: tuple[Enclosure, Enclosure]
    omega: Enclosure
    second_lyapunov_coefficient: Enclosure
    determinant: Enclosure
    unstable: int
    stable: int
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]
    crossing_speed: Enclosure

    @property
    def parameter(self) -> Enclosure:
        return self.parameters[0]

    @property
    def second_parameter(self) -> Enclosure:
        return self.parameters[1]

    @property
    def row(self) -> BautinRow:
        return row_of(BautinRow, self)


@dataclass(frozen=True)
class BautinBounds:
    """Y, Z, r, drift: of the tube around the curve; re_c1: at s̃, re_c1_slope: along the curve over J, re_c2: all for
    the q of the tube; gap_j: β of Lemma C at jiω, at iω without the coordinate of q."""

    rho: Decimal
    disc_radius: Decimal
    isolation: Decimal
    Y: Decimal
    Z: Decimal
    r: Decimal
    drift: Decimal
    delta_left: Decimal
    q_norm_squared: Enclosure
    re_c1: Enclosure
    re_c1_slope: Enclosure
    re_c2: Enclosure
    gap_0: Decimal
    gap_1: Decimal
    gap_2: Decimal
    gap_3: Decimal


@dataclass(frozen=True)
class BautinWitness:
    """along: index of the parameter that runs through s ± h; ũ = (α, ω, x, a, b) and ũ' (3n + 2 numbers each), φ,
    A ≈ DF(ũ)⁻¹, the radii R and the eigenbasis; pair: of iω."""

    along: int
    s: Fraction
    h: Fraction
    pairs: int
    pair: int
    centre: Limbs
    direction: Limbs
    phi: Limbs
    A: Limbs
    R: Limbs
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class BautinPoint:
    fields: ClassVar[tuple[str, ...]] = ("plane",)
    method: ClassVar[str] = "bautin"

    id: str
    claims: BautinClaims
    bounds: BautinBounds
    witness: BautinWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
