"""What a bundle says of a branch that is covered by pieces with quadratic forms (FORMAT.md, section 17)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..numbers.printed import Enclosure
from .codec import ArrayReference, require_length
from .pieces import PiecesClaims


@dataclass(frozen=True)
class FormOrDiscPiece:
    """A piece with a quadratic form, margin q and pairs None, or one with discs as in `bundle.pieces`, margin None.

    branch_margin: g, shift: κ of Theorem H, for a piece with a form that holds a Hopf point, else None.
    """

    interval: Enclosure
    centre: Fraction
    radius: Fraction | None
    pairs: int | None
    kind: str
    index: int | None
    point: str | None
    crossing: int | None
    margin: Fraction | None
    branch_margin: Fraction | None
    shift: Fraction | None


@dataclass(frozen=True)
class FormPiecesWitness:
    """x, slope, X, Y, d: of the pieces with discs, None where there is none; curve, P, ends: of those with a form;
    G, U, V: of those with a form and a Hopf point, None where there is none.

    x, slope, curve and ends are None where x = 0 is the branch.
    """

    pieces: tuple[FormOrDiscPiece, ...]
    x: ArrayReference | None
    slope: ArrayReference | None
    X: ArrayReference | None
    Y: ArrayReference | None
    d: ArrayReference | None
    curve: ArrayReference | None
    P: ArrayReference
    ends: ArrayReference | None
    G: ArrayReference | None
    U: ArrayReference | None
    V: ArrayReference | None

    @property
    def trivial(self) -> bool:
        """Whether x = 0 is the branch."""
        return self.curve is None

    @property
    def discs(self) -> int:
        """How many pieces have discs."""
        return sum(piece.margin is None for piece in self.pieces)

    @property
    def split(self) -> int:
        """How many have a form and a Hopf point."""
        return sum(piece.shift is not None for piece in self.pieces)


@dataclass(frozen=True)
class FormPiecesClaims(PiecesClaims):
    """unstable_eigenvalues: how many have a positive real part over the first piece; None where that is not said."""

    unstable_eigenvalues: int | None


@dataclass(frozen=True)
class FormPieces:

    fields: ClassVar[tuple[str, ...]] = ("network", "equations")
    method: ClassVar[str] = "lyapunov-pieces"

    claims: FormPiecesClaims
    bounds: None
    witness: FormPiecesWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the branch is about n variables."""
        if self.claims.start is not None:
            require_length(self.claims.start, n, "claims.start")
