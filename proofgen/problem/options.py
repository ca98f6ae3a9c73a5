"""How a proof is to be tried."""

from __future__ import annotations

from dataclasses import dataclass

MIN_PRECISION, MAX_PRECISION = 64, 1024  # bits; the checker follows up to the larger


@dataclass(frozen=True)
class ProofOptions:
    """How hard to try; no option changes what counts as a proof.

    precision: bits of the ball arithmetic to begin with; max_precision: where to give up;
    digits: witnesses are refined until every γ and ω is enclosed to about this many digits
    (relative to ‖W‖).
    """

    precision: int = 128
    max_precision: int = 1024
    digits: int = 8
