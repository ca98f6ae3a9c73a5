"""The certificates of a γ at which W(γ) is singular on the branch W(γ)x + b = 0: a line of equilibria or a pole
(FORMAT.md, section 27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import require_length
from .hopf_point import Eigenbasis
from .rows import row_of


@dataclass(frozen=True)
class LineRow:
    """A line of equilibria in `summary.json`. eigenvalue_speed: σ_1; unstable, stable: numbers of the other
    eigenvalues."""

    prefix: ClassVar[str] = "line"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "equilibrium line"
    types: ClassVar[tuple[str, ...]] = ()
    headings: ClassVar[Mapping[str, str]] = {"eigenvalue_speed": "d", "unstable": "n_u"}
    table: ClassVar[str] = "lines"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"lines": None}

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure | None
    unstable: int | None
    stable: int | None

    @property
    def type(self) -> str | None:
        return None


@dataclass(frozen=True)
class PoleRow:
    """A pole of the branch in `summary.json`. coefficient: |r| > 0, where x = r/(γ − γ*) + O(1)."""

    prefix: ClassVar[str] = "pole"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "pole"
    types: ClassVar[tuple[str, ...]] = ()
    headings: ClassVar[Mapping[str, str]] = {"eigenvalue_speed": "d", "coefficient": "|r|", "unstable": "n_u"}
    table: ClassVar[str] = "poles"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {"poles": None}

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
class LineClaims:
    """direction: a vector of length 1 that spans the line; spectral_gap: lower bound of |Re λ| of the other
    eigenvalues."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable")

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure
    unstable: int
    stable: int
    spectral_gap: Decimal
    direction: tuple[Enclosure, ...]

    @property
    def vector(self) -> tuple[Enclosure, ...]:
        return self.direction

    @property
    def sign_is_claimed(self) -> bool:
        """Whether the speed is not 0 and the direction is one, as printed."""
        return self.eigenvalue_speed.excludes_zero and any(x.excludes_zero for x in self.direction)

    @property
    def row(self) -> LineRow:
        return row_of(LineRow, self)


@dataclass(frozen=True)
class PoleClaims:
    """residue: r; coefficient: |r| > 0."""

    located: ClassVar[tuple[str, ...]] = ("parameter",)
    discrete: ClassVar[tuple[str, ...]] = ("unstable", "stable")

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure
    coefficient_name: str
    coefficient: Enclosure
    unstable: int
    stable: int
    spectral_gap: Decimal
    residue: tuple[Enclosure, ...]

    @property
    def vector(self) -> tuple[Enclosure, ...]:
        return self.residue

    @property
    def sign_is_claimed(self) -> bool:
        """Whether the speed and |r| are not 0, as printed."""
        return self.eigenvalue_speed.excludes_zero and self.coefficient.low > 0

    @property
    def row(self) -> PoleRow:
        return row_of(PoleRow, self)


@dataclass(frozen=True)
class LineBounds:
    """eigenvalue: that of W⁰, real; q_norm_squared: of q with u_k = 1."""

    rho: Decimal
    norm_N: Decimal
    eigenvalue: Enclosure
    disc_radius: Decimal
    separation: Decimal
    delta_right: Decimal
    delta_left: Decimal
    pq_defect: Decimal
    q_norm_squared: Enclosure


@dataclass(frozen=True)
class PoleBounds(LineBounds):
    """left_bias: pb, which excludes 0."""

    left_bias: Enclosure


@dataclass(frozen=True)
class RealWitness(Eigenbasis):
    """The eigenbasis of W⁰; index: of the real eigenvalue, among the complex indices."""

    index: int


@dataclass(frozen=True)
class LinePoint:
    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "line"

    id: str
    claims: LineClaims
    bounds: LineBounds
    witness: RealWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.direction, n, "claims.direction")


@dataclass(frozen=True)
class PolePoint:
    fields: ClassVar[tuple[str, ...]] = ("network",)
    method: ClassVar[str] = "pole"

    id: str
    claims: PoleClaims
    bounds: PoleBounds
    witness: RealWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        require_length(self.claims.residue, n, "claims.residue")
