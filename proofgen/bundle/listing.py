"""What every branch lists: its points, and where something stayed open."""

from __future__ import annotations

from dataclasses import dataclass

from ..numbers.printed import Enclosure


@dataclass(frozen=True)
class Listed:
    """A point by its certificate. pair: of the witness of `branch.json`, None where the certificate has its own."""

    id: str
    pair: int | None
    parameter: Enclosure


@dataclass(frozen=True)
class Unsettled:
    interval: Enclosure
    reason: str
    code: str
