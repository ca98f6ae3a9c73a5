"""What a method of proof is given and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..bundle.json_text import Files
from ..bundle.kinds import Branch, Point
from ..bundle.problem import ProblemFile
from ..claims.rows import Row
from ..claims.zero_crossing import PlainCrossing
from ..progress import Progress, Stopwatch
from ..search.equilibrium import Origin

EXISTENCE = ("spectral", "newton-kantorovich")  # what `--method` can ask for
LIMB_BITS, GUARD_BITS = 53, 75  # of a witness by each limb; of the proof beyond those of its witness


def bits_for(limbs: int) -> int:
    """The precision at which a witness of so many limbs is worth its digits."""
    return LIMB_BITS * limbs + GUARD_BITS


@dataclass(frozen=True)
class Reason:
    """Why a method does not apply."""

    text: str


@dataclass(frozen=True)
class Task:
    """A problem to be proved. files: to which arrays and the evaluator are added; precision: bits to begin with;
    existence: of points, as `--method` says it; all_or_nothing: AbandonedError may be raised as soon as something stays
    open; emission: the code of the field, origin: where the branch begins, where these are known already."""

    file: ProblemFile
    files: Files
    precision: int
    existence: str
    jobs: int
    progress: Progress
    watch: Stopwatch
    all_or_nothing: bool
    emission: Any = None
    origin: Origin | None = None

    @property
    def problem(self) -> Any:
        """Of the kind that the method applies to."""
        return self.file.problem


@dataclass(frozen=True)
class Found:
    """What is proved, as it is printed. rows: proved and open points by their names; emission: the
    code of the field; note: see `Result`; plain: real crossings of which nothing more is proved."""

    branch: Branch
    points: Sequence[Point]
    rows: Sequence[Row]
    emission: Any
    note: str = ""
    plain: Sequence[PlainCrossing] = ()
