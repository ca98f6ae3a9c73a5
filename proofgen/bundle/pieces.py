"""What a bundle says of a branch over an interval that is covered by pieces (FORMAT.md, section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Enclosure
from .codec import ArrayReference, require_length
from .listing import Listed, Unsettled

CLEAR, HOPF, REAL, FLIP = "clear", "hopf", "real", "flip"  # kinds of pieces, beside that of Neimark–Sacker points


@dataclass(frozen=True)
class Piece:
    """kind: "clear", "hopf" or "real", of a map "clear", "neimark-sacker", "flip" or "real"; index: of the eigenvalue
    that meets the axis; point: id of the point on it, or of the certificate of its real crossing; crossing: place in
    `real_crossings`."""

    interval: Enclosure
    centre: Fraction
    radius: Fraction | None
    pairs: int
    kind: str
    index: int | None
    point: str | None
    crossing: int | None


@dataclass(frozen=True)
class PiecesWitness:
    """Arrays of all pieces, one below the other; x and slope: None where x = 0 is the branch."""

    pieces: tuple[Piece, ...]
    x: ArrayReference | None
    slope: ArrayReference | None
    X: ArrayReference
    Y: ArrayReference
    d: ArrayReference

    @property
    def trivial(self) -> bool:
        """Whether x = 0 is the branch."""
        return self.x is None

    @property
    def discs(self) -> int:
        """How many pieces have discs: all."""
        return len(self.pieces)

    @property
    def split(self) -> int:
        """How many have a form and a Hopf point: none."""
        return 0


@dataclass(frozen=True)
class PiecesClaims:
    """start: the equilibrium at the left end, None where x = 0 is the branch or nothing is settled."""

    interval: Enclosure
    complete: bool
    start: tuple[Enclosure, ...] | None
    points: tuple[Listed, ...]
    real_crossings: tuple[Enclosure, ...]
    unsettled: tuple[Unsettled, ...]


@dataclass(frozen=True)
class Pieces:
    """witness: None where no piece is settled."""

    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "pieces"

    claims: PiecesClaims
    bounds: None
    witness: PiecesWitness | None
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the branch is about n variables."""
        if self.claims.start is not None:
            require_length(self.claims.start, n, "claims.start")
