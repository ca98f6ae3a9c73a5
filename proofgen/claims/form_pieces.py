"""What is printed of a branch over an interval that is covered by pieces with quadratic forms, and some with discs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..approx.field import Array
from ..bundle.codec import ArrayReference
from ..bundle.form_pieces import FormOrDiscPiece, FormPiecesWitness
from ..bundle.json_text import Files
from ..bundle.pieces import CLEAR, HOPF, Piece, PiecesWitness
from ..numbers.printed import Enclosure
from ..search.form_crossing import CrossingCandidate
from ..search.form_width import FormCandidate


@dataclass(frozen=True)
class FormPiece:
    """near: points near the equilibria at both ends, None on the trivial branch; joined: it is proved to continue the
    branch of the piece before it. point: the candidate of its Hopf point, None on a clear piece."""

    ends: tuple[Fraction, Fraction]
    candidate: FormCandidate | CrossingCandidate
    near: tuple[Array, Array] | None
    joined: bool = False
    point: int | None = None


def printed_form(piece: FormPiece, names: Mapping[int, str]) -> FormOrDiscPiece:
    """The piece as printed; its numbers are exact. names: of the points, by their candidates."""
    candidate = piece.candidate
    crossing = candidate if isinstance(candidate, CrossingCandidate) else None
    return FormOrDiscPiece(
        interval=Enclosure.exactly(*piece.ends),
        centre=Fraction(candidate.gamma),
        radius=None if candidate.curve is None else Fraction(candidate.radius),
        pairs=None,
        kind=CLEAR if crossing is None else HOPF,
        index=None,
        point=None if piece.point is None else names[piece.point],
        crossing=None,
        margin=Fraction(candidate.margin),
        branch_margin=None if crossing is None else Fraction(crossing.branch_margin),
        shift=None if crossing is None else Fraction(crossing.shift),
    )


def with_discs(piece: Piece) -> FormOrDiscPiece:
    return FormOrDiscPiece(**vars(piece), margin=None, branch_margin=None, shift=None)


def stacked_forms(
    forms: Sequence[FormPiece], pieces: tuple[FormOrDiscPiece, ...], discs: PiecesWitness | None, files: Files
) -> FormPiecesWitness:
    """The arrays of all pieces with forms, one below the other, beside those of the pieces with discs."""
    curves = [form.candidate.curve for form in forms if form.candidate.curve is not None]
    ends = [x for form in forms if form.near is not None for x in form.near]
    lower = np.tril_indices(len(forms[0].candidate.P))
    crossings = [form.candidate for form in forms if isinstance(form.candidate, CrossingCandidate)]

    def stacked(name: str, rows: list[Array]) -> ArrayReference | None:
        return files.add_array(f"pieces-{name}", np.vstack(rows)) if rows else None

    return FormPiecesWitness(
        pieces=pieces,
        x=None if discs is None else discs.x,
        slope=None if discs is None else discs.slope,
        X=None if discs is None else discs.X,
        Y=None if discs is None else discs.Y,
        d=None if discs is None else discs.d,
        curve=stacked("curve", curves),
        P=files.add_array("pieces-P", np.vstack([form.candidate.P[lower] for form in forms])),
        ends=stacked("ends", ends),
        G=stacked("G", [c.G for c in crossings]),
        U=stacked("U", [c.U.T for c in crossings]),
        V=stacked("V", [c.V.T for c in crossings]),
    )
