"""The summary of a branch that was covered by pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..bundle.arcs import Arcs
from ..bundle.bundle import Bundle
from ..bundle.form_pieces import FormPieces
from ..bundle.listing import Unsettled
from ..bundle.pieces import Pieces
from .branch import Branch, entries_shown, pieces_followed
from .numbers import Printed
from .summary import Run, run_of


@dataclass(frozen=True)
class PiecesRun(Run):
    """A whole run. pieces: how many; discs: those with discs; split: those with forms around a Hopf point; cubic:
    whether predictors are cubic, and the sums of two eigenvalues may be looked at."""

    branch: Branch
    pieces: int
    discs: int
    split: int
    cubic: bool


@dataclass(frozen=True)
class ArcsRun(PiecesRun):
    """turns: how many folds; end_side: "left" or "right"; end, end_norm: as start of a branch."""

    turns: int
    end_side: str
    end: tuple[Printed, ...] | None
    end_norm: Printed | None


def arcs_run(bundle: Bundle, branch: Arcs, style: str) -> ArcsRun:
    """The claims of a branch with folds."""
    end, norm = entries_shown(branch.claims.end, style)
    side = "left" if branch.ends_on_the_left else "right"
    return ArcsRun(
        **vars(pieces_run(bundle, branch, style)), turns=len(branch.witness.arcs), end_side=side, end=end, end_norm=norm
    )  # fmt: skip


def pieces_run(bundle: Bundle, branch: Pieces | FormPieces | Arcs, style: str) -> PiecesRun:
    """The claims of `branch.json` and of the certificates."""
    run, witness = run_of(bundle, _merged(branch.claims.unsettled), style), branch.witness
    return PiecesRun(
        **vars(run),
        branch=pieces_followed(branch, style),
        pieces=0 if witness is None else len(witness.pieces),
        discs=0 if witness is None else witness.discs,
        split=0 if witness is None else witness.split,
        cubic=witness is not None and witness.slope is not None and witness.slope.shape[0] > witness.discs,
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
