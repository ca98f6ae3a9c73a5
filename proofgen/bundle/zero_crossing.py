"""The certificates of a real eigenvalue that crosses 0 on x = 0: a transcritical point or a pitchfork (FORMAT.md,
section 22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .flip import FlipWitness
from .fold import ABOVE, BELOW
from .hopf_point import SUBCRITICAL, SUPERCRITICAL
from .map_point import CircleBounds
from .rows import row_of


@dataclass(frozen=True)
class TranscriticalRow:
    """A transcritical point in `summary.json`. eigenvalue_speed: d; coefficient: a > 0; unstable, stable: numbers of
    the other eigenvalues."""

    prefix: ClassVar[str] = "transcritical"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "transcritical point"
    types: ClassVar[tuple[str, ...]] = ()
    headings: ClassVar[Mapping[str, str]] = {"eigenvalue_speed": "d", "coefficient": "a", "unstable": "n_u"}
    table: ClassVar[str] = "transcritical"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"transcritical": None}

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure | None
    coefficient_name: str
    coefficient: Enclosure | None
    unstable: int | None
    stable: int | None

    @property
    def type(self) -> str | None:
        return None


@dataclass(frozen=True)
class PitchforkRow:
    """A pitchfork in `summary.json`. coefficient: e; solutions_for: the side of γ* on which the two others exist."""

    prefix: ClassVar[str] = "pitchfork"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "pitchfork"
    types: ClassVar[tuple[str, ...]] = (SUPERCRITICAL, SUBCRITICAL)
    headings: ClassVar[Mapping[str, str]] = {"eigenvalue_speed": "d", "coefficient": "e", "unstable": "n_u"}
    table: ClassVar[str] = "pitchforks"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"pitchforks": None}

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure | None
    coefficient_name: str
    coefficient: Enclosure | None
    unstable: int | None
    stable: int | None
    criticality: str | None
    solutions_for: str | None

    @property
    def type(self) -> str | None:
        return self.criticality


@dataclass(frozen=True)
class TranscriticalClaims:
    """spectral_gap: lower bound of |Re λ| of the other eigenvalues, None for n = 1; equilibrium: n times 0; window: in
    which γ* is the only value with an eigenvalue of D_xf(0, γ) on the axis."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable")

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure
    coefficient_name: str
    coefficient: Enclosure
    unstable: int
    stable: int
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]
    window: Enclosure

    @property
    def sign_is_claimed(self) -> bool:
        """Whether a > 0 as printed, and d is not 0."""
        return self.coefficient.low > 0 and self.eigenvalue_speed.excludes_zero

    @property
    def row(self) -> TranscriticalRow:
        return row_of(TranscriticalRow, self)


@dataclass(frozen=True)
class PitchforkClaims:
    """As `TranscriticalClaims`; criticality: by the sign of e; solutions_for: "above" if d e < 0, else "below"."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable")

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure
    coefficient_name: str
    coefficient: Enclosure
    unstable: int
    stable: int
    criticality: str
    solutions_for: str
    spectral_gap: Decimal | None
    equilibrium: tuple[Enclosure, ...]
    window: Enclosure

    @property
    def supercritical(self) -> bool:
        return self.criticality == SUPERCRITICAL

    @property
    def sign_is_claimed(self) -> bool:
        """Whether e and d as printed have the signs that the criticality and the side say."""
        e, d = self.coefficient, self.eigenvalue_speed
        sign = e.high < 0 if self.supercritical else e.low > 0
        return sign and d.excludes_zero and self.solutions_for == side_of_pitchfork(d, e)

    @property
    def row(self) -> PitchforkRow:
        return row_of(PitchforkRow, self)


def is_about(claims: TranscriticalClaims | PitchforkClaims, crossing: Enclosure) -> bool:
    """Whether claims are shown to be about the real crossing that is the only one in an enclosure: the window, in which
    there is one crossing, holds this, or this holds γ*."""
    return crossing.within(claims.window) or claims.parameter.within(crossing)


def side_of_pitchfork(d: Enclosure, e: Enclosure) -> str:
    """The side of γ* with (γ − γ*)de < 0; both exclude 0."""
    return ABOVE if (d.low > 0) != (e.low > 0) else BELOW


@dataclass(frozen=True)
class ZeroCrossingBounds(CircleBounds):
    """level: of λ(γ̃); terms: the one p B(q, q)/pq or p C(q, q, q)/pq. Those of a tube are None."""

    terms: tuple[Enclosure, ...]


@dataclass(frozen=True)
class TranscriticalPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "transcritical"

    id: str
    claims: TranscriticalClaims
    bounds: ZeroCrossingBounds
    witness: FlipWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")


@dataclass(frozen=True)
class PitchforkPoint:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "pitchfork"

    id: str
    claims: PitchforkClaims
    bounds: ZeroCrossingBounds
    witness: FlipWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.equilibrium, n, "claims.equilibrium")
