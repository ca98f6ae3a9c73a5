"""A crossing about which not everything could be proved, of every kind that claims nothing more of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle.rows import RowClaims
from ..numbers.printed import Enclosure
from ..proof.failure import Failure, FailureCode


@dataclass(frozen=True)
class OpenRow:
    """row: what is known of it, its parameter being where it was looked for; candidate: position among the crossings
    that were tried."""

    code: FailureCode
    reason: str
    row: RowClaims
    candidate: int = 0

    @property
    def parameter(self) -> Enclosure:
        return self.row.parameter

    @property
    def explanation(self) -> str:
        """The reason with its remedy, for people."""
        return str(Failure(self.code, self.reason))
