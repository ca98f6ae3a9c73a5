"""How a proof is to be tried."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

MIN_PRECISION, MAX_PRECISION = 64, 1024  # bits; the checker follows up to the larger


AUTO = "auto"


@dataclass(frozen=True)
class OrbitOptions:
    """Which periodic orbits are to be proved.

    branch: for each Hopf point all amplitudes up to this one, AUTO for as far as it goes, None for none; at: amplitudes
    of single orbits; points: names of Hopf points, None for all; time_limit: seconds for each of them.
    """

    branch: Fraction | str | None = None
    at: tuple[Fraction, ...] = ()
    points: tuple[str, ...] | None = None
    time_limit: int = 600

    @property
    def asked(self) -> bool:
        return self.branch is not None or bool(self.at)


@dataclass(frozen=True)
class ProofOptions:
    """How hard to try; no option changes what counts as a proof.

    precision: bits of the ball arithmetic to begin with; max_precision: where to give up;
    digits: witnesses are refined until every γ and ω is enclosed to about this many digits
    (relative to ‖W‖); orbits: which periodic orbits are wanted.
    """

    precision: int = 128
    max_precision: int = 1024
    digits: int = 8
    orbits: OrbitOptions = OrbitOptions()
