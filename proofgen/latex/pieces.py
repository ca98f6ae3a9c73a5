"""The summary of a branch that was covered by pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle.codec import Json
from ..numbers.exact import parse_printed_decimal
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION
from .numbers import Printed, enclosure, pair, upper_bound
from .summary import Run, run_of


@dataclass(frozen=True)
class PiecesRun(Run):
    """A whole run. pieces: how many; start: the first equilibrium, None on the trivial branch or for n > 12."""

    trivial: bool
    pieces: int
    start: tuple[Printed, ...] | None
    start_norm: Printed | None


def pieces_run(summary: Json, branch: Json, points: Mapping[str, Json], style: str) -> PiecesRun:
    """The claims of `branch.json` (method pieces) and of the certificates."""
    claims, witness = branch["claims"], branch["witness"]
    start = None if claims["start"] is None else [pair(entry) for entry in claims["start"]]
    listed = start is not None and len(start) <= LISTED_DIMENSION
    run = run_of(summary, {**branch, "claims": {**claims, "unsettled": _merged(claims["unsettled"])}}, points, style)
    return PiecesRun(
        **vars(run),
        trivial=witness is not None and witness["x"] is None,
        pieces=0 if witness is None else len(witness["pieces"]),
        start=tuple(enclosure(*x, digits=EQUILIBRIUM_DIGITS, style=style) for x in start) if listed and start else None,
        start_norm=None if start is None or listed else upper_bound(max(max(-a, b) for a, b in start), digits=6),
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
