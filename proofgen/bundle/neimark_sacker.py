"""The certificate of a Neimark–Sacker point of a map (FORMAT.md, section 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .hopf_point import SUBCRITICAL, SUPERCRITICAL
from .map_point import DISCRETE, CircleBounds
from .rows import row_of
from .window import WindowWitness

RESONANT = (Fraction(-1, 2), Fraction(0))  # cos θ at the resonances 1:3 and 1:4


def may_be_resonant(low: Fraction, high: Fraction, quadratic: bool = True) -> bool:
    """Whether cos θ from low to high does not exclude a strong resonance; without a quadratic part only 1:4 counts."""
    return any(low <= value <= high for value in RESONANT[0 if quadratic else 1 :])


@dataclass(frozen=True)
class NeimarkSackerRow:
    """A Neimark–Sacker point in `summary.json`. log_modulus_speed: d/dγ ln|μ|; coefficient: a."""

    prefix: ClassVar[str] = "ns"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "Neimark-Sacker bifurcation"
    types: ClassVar[tuple[str, ...]] = (SUPERCRITICAL, SUBCRITICAL)
    headings: ClassVar[Mapping[str, str]] = {"theta": "θ", "coefficient": "a", "outside": "n_out"}
    table: ClassVar[str] = "neimark_sacker"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"neimark_sacker": None}

    kind: str
    parameter: Enclosure
    theta: Enclosure | None
    log_modulus_speed: Enclosure | None
    coefficient_name: str
    coefficient: Enclosure | None
    inside: int | None
    outside: int | None
    criticality: str | None

    @property
    def type(self) -> str | None:
        return self.criticality


@dataclass(frozen=True)
class NeimarkSackerClaims:
    """theta: of the multiplier e^(iθ); inside, outside: multipliers besides the pair with modulus < 1 and > 1;
    spectral_gap: lower bound of their ||μ| − 1|, None for n = 2; equilibrium: n enclosures of the fixed point; window:
    in which γ* is the only value with a multiplier on the circle."""

    located: ClassVar[tuple[str, ...]] = ("parameter", "theta")
    discrete: ClassVar[tuple[str, ...]] = DISCRETE

    kind: str
    parameter: Enclosure
    theta: Enclosure
    log_modulus_speed: Enclosure
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
        """Whether a as printed has the sign that the criticality says."""
        return self.coefficient.high < 0 if self.supercritical else self.coefficient.low > 0

    @property
    def row(self) -> NeimarkSackerRow:
        return row_of(NeimarkSackerRow, self)


@dataclass(frozen=True)
class NeimarkSackerBounds(CircleBounds):
    """cosine: of cos θ, without 0 and −1/2; isolation: lower bound of sin θ; gap_1, gap_2: β of Lemma C for the two
    linear systems; terms: of a. Of an odd map cosine may hold −1/2: then both are None, and two terms 0."""

    cosine: Enclosure
    isolation: Decimal
    gap_1: Decimal | None
    gap_2: Decimal | None
    terms: tuple[Enclosure, ...]

    @property
    def quadratic(self) -> bool:
        """Whether the quadratic part of the map counts; else it is 0, and k = 3 no resonance."""
        return self.gap_1 is not None


@dataclass(frozen=True)
class NeimarkSackerPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "neimark-sacker"

    id: str
    claims: NeimarkSackerClaims
    bounds: NeimarkSackerBounds
    witness: WindowWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
