"""The certificate of a fold: two equilibria, or fixed points of a map, that meet and vanish (FORMAT.md, section 19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import Limbs, require_length
from .rows import row_of

ABOVE, BELOW = "above", "below"
_TYPES = {ABOVE: "opening to the right", BELOW: "opening to the left"}


@dataclass(frozen=True)
class FoldRow:
    """A fold in `summary.json` (FORMAT.md, section 19). solutions_for: the side of γ* on which the equilibria exist."""

    prefix: ClassVar[str] = "fold"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "fold"
    types: ClassVar[tuple[str, ...]] = tuple(_TYPES.values())
    headings: ClassVar[Mapping[str, str]] = {"a": "a", "b": "b", "unstable": "n_u"}
    table: ClassVar[str] = "folds"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"folds": None}

    kind: str
    parameter: Enclosure
    a: Enclosure | None
    b: Enclosure | None
    unstable: int | None
    stable: int | None
    solutions_for: str | None

    @property
    def type(self) -> str | None:
        return _TYPES.get(self.solutions_for or "")


@dataclass(frozen=True)
class FoldClaims:
    """unstable, stable: eigenvalues but 0 with positive and with negative real part, of a map multipliers but 1 outside
    and inside of the unit circle; spectral_gap: lower bound of their distance from it, None where there are none;
    uniqueness_radius: of the ball around ū with no other fold."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable", "solutions_for")

    kind: str
    parameter: Enclosure
    a: Enclosure
    b: Enclosure
    unstable: int
    stable: int
    solutions_for: str
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]
    uniqueness_radius: Decimal

    @property
    def sign_is_claimed(self) -> bool:
        """Whether b > 0 as printed, and a has the sign that the side says."""
        return self.b.low > 0 and (self.a.high < 0 if self.solutions_for == ABOVE else self.a.low > 0)

    @property
    def row(self) -> FoldRow:
        return row_of(FoldRow, self)


@dataclass(frozen=True)
class FoldBounds:
    """Y, Z, r: of the box, with Y + Z < 1; bend: l B(v, v); overlap: l v; v_norm_squared: |v|²; all for l ∂_γf = 1."""

    rho: Decimal
    disc_radius: Decimal
    Y: Decimal
    Z: Decimal
    r: Decimal
    bend: Enclosure
    overlap: Enclosure
    v_norm_squared: Enclosure


@dataclass(frozen=True)
class FoldWitness:
    """ū = (γ̃, x̃, ṽ), φ, A ≈ DF(ū)⁻¹, the 2n + 1 radii R, the left vector and the eigenbasis; index: of the eigenvalue 0
    among the complex indices."""

    gamma: Fraction
    pairs: int
    index: int
    x: Limbs
    v: Limbs
    phi: Limbs
    A: Limbs
    R: Limbs
    left: Limbs
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class FoldPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "fold"

    id: str
    claims: FoldClaims
    bounds: FoldBounds
    witness: FoldWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
