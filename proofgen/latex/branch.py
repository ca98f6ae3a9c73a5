"""Which branch of equilibria a run followed."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle.codec import Json
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION
from .numbers import Printed, enclosure, pair, upper_bound


@dataclass(frozen=True)
class Branch:
    """zero: the argument of σ vanishes along it; trivial: it is x = 0; start, start_norm: where it begins at the left
    end of the interval, by its entries or, for n > 12, by its norm."""

    zero: bool
    trivial: bool
    start: tuple[Printed, ...] | None
    start_norm: Printed | None


def followed(branch: Json, style: str) -> Branch:
    """The branch of `branch.json`."""
    if branch["method"] == "zero-branch":
        return Branch(zero=True, trivial=False, start=None, start_norm=None)
    claimed, witness = branch["claims"]["start"], branch["witness"]
    start = None if claimed is None else [pair(entry) for entry in claimed]
    listed = start is not None and len(start) <= LISTED_DIMENSION
    return Branch(
        zero=False,
        trivial=witness is not None and witness["x"] is None,
        start=tuple(enclosure(*x, digits=EQUILIBRIUM_DIGITS, style=style) for x in start) if listed and start else None,
        start_norm=None if start is None or listed else upper_bound(max(max(-a, b) for a, b in start), digits=6),
    )
