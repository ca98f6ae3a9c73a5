"""The certificate of a flip of a map: a cycle of period two is born (FORMAT.md, section 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import Limbs, require_length
from .hopf_point import SUBCRITICAL, SUPERCRITICAL
from .map_point import DISCRETE, CircleBounds
from .rows import row_of


@dataclass(frozen=True)
class FlipRow:
    """A flip in `summary.json`. multiplier_speed: dμ/dγ; coefficient: c."""

    prefix: ClassVar[str] = "flip"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "flip"
    types: ClassVar[tuple[str, ...]] = (SUPERCRITICAL, SUBCRITICAL)
    headings: ClassVar[Mapping[str, str]] = {"coefficient": "c", "outside": "n_out"}
    table: ClassVar[str] = "flips"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"flips": None}

    kind: str
    parameter: Enclosure
    multiplier_speed: Enclosure | None
    coefficient_name: str
    coefficient: Enclosure | None
    inside: int | None
    outside: int | None
    criticality: str | None

    @property
    def type(self) -> str | None:
        return self.criticality


@dataclass(frozen=True)
class FlipClaims:
    """inside, outside: multipliers besides −1 with modulus < 1 and > 1; spectral_gap: lower bound of their ||μ| − 1|,
    None for n = 1; equilibrium: n enclosures of the fixed point; window: as in `NeimarkSackerClaims`."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = DISCRETE

    kind: str
    parameter: Enclosure
    multiplier_speed: Enclosure
    coefficient_name: str
    coefficient: Enclosure
    inside: int
    outside: int
    criticality: str
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]
    window: Enclosure

    @property
    def supercritical(self) -> bool:
        return self.criticality == SUPERCRITICAL

    @property
    def sign_is_claimed(self) -> bool:
        """Whether c as printed has the sign that the criticality says."""
        return self.coefficient.low > 0 if self.supercritical else self.coefficient.high < 0

    @property
    def row(self) -> FlipRow:
        return row_of(FlipRow, self)


@dataclass(frozen=True)
class FlipBounds(CircleBounds):
    """gap_1: β of Lemma C for the linear system; terms: of c."""

    gap_1: Decimal
    terms: tuple[Enclosure, ...]


@dataclass(frozen=True)
class FlipWitness:
    """As `WindowWitness`; index: of the multiplier −1 among the complex indices."""

    gamma: Fraction
    half_width: Fraction
    radius: Fraction | None
    pairs: int
    index: int
    x: Limbs | None
    slope: Limbs | None
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class FlipPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "flip"

    id: str
    claims: FlipClaims
    bounds: FlipBounds
    witness: FlipWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
