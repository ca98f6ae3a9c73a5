"""What is printed of a branch over an interval that is covered by pieces with quadratic forms, and some with discs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..approx.field import Array
from ..bundle.form_pieces import FormOrDiscPiece, FormPiecesWitness
from ..bundle.json_text import Files
from ..bundle.pieces import Piece, PiecesWitness
from ..numbers.printed import Enclosure
from ..search.form_width import FormCandidate


@dataclass(frozen=True)
class FormPiece:
    """near: points near the equilibria at both ends, None on the trivial branch; joined: it is proved to continue the
    branch of the piece before it. point: no Hopf point lies on such a piece."""

    ends: tuple[Fraction, Fraction]
    candidate: FormCandidate
    near: tuple[Array, Array] | None
    joined: bool = False
    point: None = None


def printed_form(piece: FormPiece) -> FormOrDiscPiece:
    """The piece as printed; its numbers are exact."""
    candidate = piece.candidate
    return FormOrDiscPiece(
        interval=Enclosure.exactly(*piece.ends),
        centre=Fraction(candidate.gamma),
        radius=None if candidate.curve is None else Fraction(candidate.radius),
        pairs=None,
        kind="clear",
        index=None,
        point=None,
        crossing=None,
        margin=Fraction(candidate.margin),
    )


def with_discs(piece: Piece) -> FormOrDiscPiece:
    return FormOrDiscPiece(**vars(piece), margin=None)


def stacked_forms(
    forms: Sequence[FormPiece], pieces: tuple[FormOrDiscPiece, ...], discs: PiecesWitness | None, files: Files
) -> FormPiecesWitness:
    """The arrays of all pieces with forms, one below the other, beside those of the pieces with discs."""
    curves = [form.candidate.curve for form in forms if form.candidate.curve is not None]
    ends = [x for form in forms if form.near is not None for x in form.near]
    lower = np.tril_indices(len(forms[0].candidate.P))
    return FormPiecesWitness(
        pieces=pieces,
        x=None if discs is None else discs.x,
        slope=None if discs is None else discs.slope,
        X=None if discs is None else discs.X,
        Y=None if discs is None else discs.Y,
        d=None if discs is None else discs.d,
        curve=files.add_array("pieces-curve", np.vstack(curves)) if curves else None,
        P=files.add_array("pieces-P", np.vstack([form.candidate.P[lower] for form in forms])),
        ends=files.add_array("pieces-ends", np.vstack(ends)) if ends else None,
    )
