"""The summary of a branch that was covered by pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..bundle.bundle import Bundle
from ..bundle.form_pieces import FormPieces
from ..bundle.listing import Unsettled
from ..bundle.pieces import Pieces
from .branch import Branch, pieces_followed
from .summary import Run, run_of


@dataclass(frozen=True)
class PiecesRun(Run):
    """A whole run. pieces: how many; discs: those with discs; split: those with forms around a Hopf point."""

    branch: Branch
    pieces: int
    discs: int
    split: int


def pieces_run(bundle: Bundle, branch: Pieces | FormPieces, style: str) -> PiecesRun:
    """The claims of `branch.json` and of the certificates."""
    run, witness = run_of(bundle, _merged(branch.claims.unsettled), style), branch.witness
    return PiecesRun(
        **vars(run),
        branch=pieces_followed(branch, style),
        pieces=0 if witness is None else len(witness.pieces),
        discs=0 if witness is None else witness.discs,
        split=0 if witness is None else witness.split,
    )


def _merged(unsettled: Sequence[Unsettled]) -> list[Unsettled]:
    """Neighbouring intervals that stayed open for the same reason as one, for reading."""
    merged: list[Unsettled] = []
    for piece in unsettled:
        last = merged[-1] if merged else None
        if last is not None and last.interval.high == piece.interval.low and last.reason == piece.reason:
            merged[-1] = replace(last, interval=last.interval.hull(piece.interval))
        else:
            merged.append(piece)
    return merged
