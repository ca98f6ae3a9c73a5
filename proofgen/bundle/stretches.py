"""A curve of Hopf points in stretches of one criticality, between its Bautin points: for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ..numbers.printed import Enclosure
from .hopf_curve import CHANGES, Curve, CurvePiece


@dataclass(frozen=True)
class Stretch:
    """Pieces of one criticality next to each other; point: the Bautin point, of a piece in which ℓ1 changes."""

    pieces: tuple[CurvePiece, ...]
    point: str | None

    @property
    def criticality(self) -> str:
        return self.pieces[0].criticality

    @property
    def start(self) -> tuple[Enclosure, Enclosure]:
        """Where the first piece begins."""
        return _end(self.pieces[0], last=False)

    @property
    def end(self) -> tuple[Enclosure, Enclosure]:
        return _end(self.pieces[-1], last=True)

    @property
    def unstable(self) -> int:
        return self.pieces[0].unstable


def stretches(curve: Curve) -> Iterator[Stretch]:
    """In the order of the curve."""
    for criticality, group in groupby(curve.pieces, key=lambda piece: piece.criticality):
        if criticality == CHANGES:
            yield from (Stretch((piece,), piece.point) for piece in group)
        else:
            yield Stretch(tuple(group), None)


def _end(piece: CurvePiece, last: bool) -> tuple[Enclosure, Enclosure]:
    """The parameters at an end of a piece: the one that runs exactly, the other one over the piece."""
    low, high = piece.interval.ends
    s = Enclosure.exactly(high, high) if last == (piece.direction.sign > 0) else Enclosure.exactly(low, low)
    return (s, piece.other) if piece.along == 0 else (piece.other, s)
