"""What is printed of a branch with folds (FORMAT.md, section 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..bundle.arcs import Arc, Arcs, ArcsClaims, ArcsWitness
from ..bundle.json_text import Files
from ..bundle.kinds import Point
from ..bundle.listing import Listed
from ..numbers.printed import Enclosure
from ..search.arc import ArcApprox
from ..search.witness import WitnessLimbs
from .hopf_point import store_basis, store_limbs
from .pieces import PieceContent, printed_piece, stacked_pieces


@dataclass(frozen=True)
class ArcContent:
    """A proved arc. fold: the candidate of its fold; index: the block of the eigenvalue 0."""

    fold: int
    witness: ArcApprox
    basis: WitnessLimbs
    index: int


@dataclass(frozen=True)
class ArcsContent:
    """A whole branch: arc i joins the sheets i and i + 1; start, end: the printed equilibria at its ends."""

    interval: tuple[Fraction, Fraction]
    sheets: list[list[PieceContent]]
    arcs: list[ArcContent]
    start: tuple[Enclosure, ...]
    end: tuple[Enclosure, ...]


def printed_arcs(
    content: ArcsContent, points: Sequence[tuple[int, Point]], precision: int, files: Files
) -> Arcs:
    """The branch as printed; its arrays are added to ``files``. points: (candidate, certificate)."""
    names = {candidate: point.id for candidate, point in points}
    pieces = [piece for sheet in content.sheets for piece in sheet]
    printed = tuple(printed_piece(piece, names, ()) for piece in pieces)
    claims = ArcsClaims(
        interval=Enclosure.exactly(*content.interval),
        complete=True,
        start=content.start,
        points=tuple(Listed(point.id, None, point.claims.parameter) for _, point in points),
        real_crossings=(),
        unsettled=(),
        end=content.end,
    )
    witness = ArcsWitness(
        **vars(stacked_pieces(pieces, printed, files)),
        sheets=tuple(map(len, content.sheets)),
        arcs=tuple(_printed_arc(arc, names[arc.fold], files) for arc in content.arcs),
    )
    return Arcs(claims, None, witness, precision)


def _printed_arc(arc: ArcContent, fold: str, files: Files) -> Arc:
    w, basis, name = arc.witness, arc.basis, f"arc-{fold}"
    vectors = {key: store_limbs(f"{name}-{key}", [getattr(w, key)], files) for key in ("x", "v", "phi", "C", "R")}
    bases = store_basis(name, basis, files)
    index = arc.index + basis.pairs  # a real block of the prover is one complex index there
    return Arc(fold, Fraction(w.gamma), Fraction(w.half), basis.pairs, index, **vectors, **bases)
