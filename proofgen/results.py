"""What a proof run returns, and how long its stages took."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

import flint

from . import certificate as cert
from .codegen.emit import Emission
from .codegen.emit_equations import EquationsEmission
from .codegen.emit_layered import LayeredEmission
from .problem import AnyProblem


@dataclass
class Stopwatch:
    """Seconds per stage, and the largest resident memory of the process by the end of each, in bytes."""

    seconds: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
            self.peaks[stage] = peak_memory()

    def add(self, other: Stopwatch) -> None:
        """The stages of another one."""
        for stage, seconds in other.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        self.peaks |= other.peaks


def peak_memory() -> int:
    """The largest resident memory of this process so far, in bytes; 0 where it is not known."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


@dataclass(frozen=True)
class Result:
    """Everything a run has proved, as the documents that are written.

    files: relative path → bytes of problem.json, branch.json, points/*.json, arrays/*.npy and evaluator.py;
    points: id → certificate, in the order of their numbers; summary: `summary.json` (times are filled in on writing).
    """

    problem: AnyProblem
    emission: Emission | LayeredEmission | EquationsEmission
    problem_document: cert.Json
    branch: cert.Json
    points: dict[str, cert.Json]
    summary: cert.Json
    files: dict[str, bytes]
    stopwatch: Stopwatch

    @property
    def proved(self) -> bool:
        return bool(self.summary["status"] == "proved")


def quiet(stage: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""


def versions() -> dict[str, str]:
    """Versions of what took part, for the summary."""
    return dict(_versions())


@cache  # reading the metadata of packages takes milliseconds
def _versions() -> dict[str, str]:
    found: dict[str, Any] = {"proofgen": "0", "python": platform.python_version()}
    for package in ("proofgen", "sympy", "python-flint", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "unknown"
    found["flint"] = str(flint.__FLINT_VERSION__)
    return found
