"""What a method of proof is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb

from ..bundle.json_text import Files
from ..bundle.kinds import Branch, Point
from ..bundle.problem import ProblemFile
from ..claims.rows import Row
from ..progress import Progress, Stopwatch
from ..proof.spectrum import Spectrum


@dataclass(frozen=True)
class Reason:
    """Why a method does not apply."""

    text: str


@dataclass(frozen=True)
class Task:
    """A problem to be proved. files: to which arrays and the evaluator are added; precision: bits to begin with;
    existence: of points, as `--method` says it; all_or_nothing: AbandonedError may be raised as soon as something stays
    open."""

    file: ProblemFile
    files: Files
    precision: int
    existence: str
    jobs: int
    progress: Progress
    watch: Stopwatch
    all_or_nothing: bool

    @property
    def problem(self) -> Any:
        """Of the kind that the method applies to."""
        return self.file.problem


@dataclass(frozen=True)
class ZeroStart:
    """The spectrum of W⁰ with the pair of each point, σ'(0) and the emitted code, of the method zero-branch."""

    spectrum: Spectrum
    pairs: Mapping[str, int]
    sigma_1: arb
    emission: Any


@dataclass(frozen=True)
class Found:
    """What is proved, as it is printed. rows: proved and open points by their names; note: see `Result`; zero: what
    orbits of a zero branch are started from, None elsewhere."""

    branch: Branch
    points: Sequence[Point]
    rows: Sequence[Row]
    note: str = ""
    zero: ZeroStart | None = None
