"""What is printed of a branch over an interval that is covered by pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..approx.field import Array
from ..bundle.form_pieces import FormPieces, FormPiecesClaims
from ..bundle.json_text import Files
from ..bundle.kinds import Point
from ..bundle.listing import Listed, Unsettled
from ..bundle.pieces import FLIP, REAL, Piece, Pieces, PiecesClaims, PiecesWitness
from ..numbers.printed import Enclosure
from ..problem.problem import AnyProblem
from ..proof.failure import FailureCode
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs
from .form_pieces import FormPiece, printed_form, stacked_forms, with_discs
from .zero_crossing import PlainCrossing


@dataclass(frozen=True)
class PieceContent:
    """A settled piece before it is stored. crossing: a printed real crossing; point: the candidate of its point, or of
    what is proved of the crossing.

    joined: it is proved to continue the branch of the piece before it.
    """

    ends: tuple[Fraction, Fraction]
    witness: LocalWitness
    kind: str
    k: int | None
    crossing: Enclosure | None = None
    point: int | None = None
    joined: bool = False


@dataclass(frozen=True)
class OpenPiece:
    ends: tuple[Fraction, Fraction]
    code: FailureCode
    reason: str


@dataclass
class BranchContent:
    """Everything of `branch.json`: pieces and open pieces in increasing γ; start: the printed first equilibrium;
    unstable: how many eigenvalues have a positive real part over the first piece, where a form says that; plain: real
    crossings of which nothing more is proved."""

    pieces: list[PieceContent | FormPiece] = field(default_factory=list)
    open_pieces: list[OpenPiece] = field(default_factory=list)
    start: tuple[Enclosure, ...] | None = None
    unstable: int | None = None
    complete: bool = False
    plain: list[PlainCrossing] = field(default_factory=list)


def printed_pieces(
    problem: AnyProblem,
    branch: BranchContent,
    points: Sequence[tuple[int, Point]],
    precision: int,
    files: Files,
) -> Pieces | FormPieces:
    """The branch as printed; the stacked witness arrays are added to ``files``. points: (candidate, certificate)."""
    if problem.interval is None:
        raise ValueError("the method pieces needs an interval")
    names = {candidate: point.id for candidate, point in points}
    crossings = [piece.crossing for piece in branch.pieces if isinstance(piece, PieceContent) and piece.crossing]
    forms = [piece for piece in branch.pieces if isinstance(piece, FormPiece)]
    discs = [piece for piece in branch.pieces if isinstance(piece, PieceContent)]
    printed = [printed_piece(piece, names, crossings) for piece in discs]
    claims = PiecesClaims(
        interval=Enclosure.exactly(*problem.interval),
        complete=branch.complete,
        start=branch.start,
        points=tuple(Listed(point.id, None, point.claims.parameter) for _, point in points),
        real_crossings=tuple(crossings),
        unsettled=tuple(
            Unsettled(Enclosure.exactly(*piece.ends), piece.reason, piece.code.value) for piece in branch.open_pieces
        ),
    )
    stacked = stacked_pieces(discs, tuple(printed), files) if discs else None
    if not forms:
        return Pieces(claims, None, stacked, precision)
    left = iter(printed)
    mixed = tuple(
        printed_form(piece, names) if isinstance(piece, FormPiece) else with_discs(next(left))
        for piece in branch.pieces
    )
    of_forms = FormPiecesClaims(**vars(claims), unstable_eigenvalues=branch.unstable)
    return FormPieces(of_forms, None, stacked_forms(forms, mixed, stacked, files), precision)


def printed_piece(piece: PieceContent, names: Mapping[int, str], crossings: Sequence[Enclosure]) -> Piece:
    basis, index = piece.witness.basis, piece.k
    if index is not None and piece.kind in (REAL, FLIP):
        index += basis.pairs  # a block of the prover is one complex index there
    return Piece(
        interval=Enclosure.exactly(*piece.ends),
        centre=piece.witness.gamma,
        radius=None if piece.witness.radius is None else Fraction(piece.witness.radius),
        pairs=basis.pairs,
        kind=piece.kind,
        index=index,
        point=None if piece.point is None else names[piece.point],
        crossing=None if piece.crossing is None else crossings.index(piece.crossing),
    )


def stacked_pieces(contents: Sequence[PieceContent], pieces: tuple[Piece, ...], files: Files) -> PiecesWitness:
    """Their arrays, one below the other; ``pieces`` as printed."""
    trivial = contents[0].witness.x is None

    def rows(values: list[Any]) -> Array:
        return np.vstack(values)

    witnesses = [content.witness for content in contents]
    bases = [w.basis for w in witnesses]
    return PiecesWitness(
        pieces=pieces,
        x=None if trivial else files.add_array("pieces-x", rows([w.x[0] for w in witnesses if w.x])),
        slope=None if trivial else files.add_array("pieces-slope", rows(slopes(witnesses))),
        X=files.add_array("pieces-X", rows([basis.X[0] for basis in bases])),
        Y=files.add_array("pieces-Y", rows([basis.Y[0] for basis in bases])),
        d=files.add_array("pieces-d", rows([spelled_out(basis) for basis in bases])),
    )


def slopes(witnesses: Sequence[LocalWitness]) -> list[Any]:
    """x̃' of each; or c_1, c_2 and c_3, where one of them has a cubic predictor."""
    if all(w.bends is None for w in witnesses):
        return [w.slope for w in witnesses]
    zeros = np.zeros_like(witnesses[0].x[0]) if witnesses[0].x else None
    return [row for w in witnesses for row in (w.slope, *(w.bends if w.bends is not None else (zeros, zeros)))]


def spelled_out(basis: WitnessLimbs) -> Array:
    """The centres d of a basis of one limb, both of each pair: n rows [re, im]."""
    d, m = basis.d[0], basis.pairs
    pairs = [row for re, im in d[:m].tolist() for row in ([re, im], [re, -im])]
    return np.array(pairs + d[m:].tolist(), dtype=np.float64)
