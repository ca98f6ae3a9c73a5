"""The summary of a branch that was covered by pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle.codec import Json
from ..numbers.exact import parse_printed_decimal
from .branch import Branch, followed
from .summary import Run, run_of


@dataclass(frozen=True)
class PiecesRun(Run):
    """A whole run. pieces: how many."""

    branch: Branch
    pieces: int


def pieces_run(summary: Json, branch: Json, points: Mapping[str, Json], style: str) -> PiecesRun:
    """The claims of `branch.json` (method pieces) and of the certificates."""
    claims, witness = branch["claims"], branch["witness"]
    run = run_of(summary, {**branch, "claims": {**claims, "unsettled": _merged(claims["unsettled"])}}, points, style)
    return PiecesRun(
        **vars(run),
        branch=followed(branch, style),
        pieces=0 if witness is None else len(witness["pieces"]),
    )


def _merged(unsettled: list[Json]) -> list[Json]:
    """Neighbouring intervals that stayed open for the same reason as one, for reading."""
    merged: list[Json] = []
    for piece in unsettled:
        low, high = piece["interval"]
        last = merged[-1] if merged else None
        touches = last is not None and parse_printed_decimal(last["interval"][1]) == parse_printed_decimal(low)
        if last is not None and touches and last["reason"] == piece["reason"]:
            merged[-1] = {**last, "interval": [last["interval"][0], high]}
        else:
            merged.append(piece)
    return merged
