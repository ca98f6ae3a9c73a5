"""What a bundle says of a branch with folds: sheets of pieces, joined by arcs (FORMAT.md, section 21)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Enclosure
from .codec import Limbs, require_length
from .pieces import PiecesClaims, PiecesWitness


@dataclass(frozen=True)
class Arc:
    """Around the certified fold of this id. index: of the eigenvalue 0 among the complex indices."""

    fold: str
    gamma: Fraction
    half_width: Fraction
    pairs: int
    index: int
    x: Limbs
    v: Limbs
    phi: Limbs
    C: Limbs
    R: Limbs
    X: Limbs
    Y: Limbs
    d: Limbs


@dataclass(frozen=True)
class ArcsWitness(PiecesWitness):
    """pieces: of all sheets, one sheet after the other; sheets: how many each has; arcs: one between two sheets."""

    sheets: tuple[int, ...]
    arcs: tuple[Arc, ...]


@dataclass(frozen=True)
class ArcsClaims(PiecesClaims):
    """end: the equilibrium at the other end of the branch; `complete` is true, and nothing is unsettled."""

    end: tuple[Enclosure, ...]


@dataclass(frozen=True)
class Arcs:
    fields: ClassVar[tuple[str, ...]] = ("network", "equations", "cell")
    method: ClassVar[str] = "arcs"

    claims: ArcsClaims
    bounds: None
    witness: ArcsWitness
    precision: int

    @property
    def ends_on_the_left(self) -> bool:
        """Whether both ends of the branch are at the left end of the interval."""
        return len(self.witness.arcs) % 2 == 1

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the branch is about n variables."""
        if self.claims.start is not None:
            require_length(self.claims.start, n, "claims.start")
        require_length(self.claims.end, n, "claims.end")
