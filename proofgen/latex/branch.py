"""Which branch of equilibria a run followed."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle.form_pieces import FormPieces
from ..bundle.pieces import Pieces
from ..bundle.zero_branch import ZeroBranch
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION
from .numbers import Printed, enclosure, upper_bound


@dataclass(frozen=True)
class Branch:
    """zero: the argument of σ vanishes along it; trivial: it is x = 0; start, start_norm: where it begins at the left
    end of the interval, by its entries or, for n > 12, by its norm."""

    zero: bool
    trivial: bool
    start: tuple[Printed, ...] | None
    start_norm: Printed | None


def zero_branch_followed(branch: ZeroBranch, style: str) -> Branch:
    return Branch(zero=True, trivial=False, start=None, start_norm=None)


def pieces_followed(branch: Pieces | FormPieces, style: str) -> Branch:
    claimed, witness = branch.claims.start, branch.witness
    start = None if claimed is None else [entry.ends for entry in claimed]
    listed = start is not None and len(start) <= LISTED_DIMENSION
    return Branch(
        zero=False,
        trivial=witness is not None and witness.trivial,
        start=tuple(enclosure(*x, digits=EQUILIBRIUM_DIGITS, style=style) for x in start) if listed and start else None,
        start_norm=None if start is None or listed else upper_bound(max(max(-a, b) for a, b in start), digits=6),
    )
