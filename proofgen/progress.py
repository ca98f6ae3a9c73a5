"""How far a run is, and how long its stages took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

FRESH = 0.01
Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass
class Stopwatch:
    """Seconds per stage, and the largest resident memory of the process by the end of each, in bytes.

    Asking for the memory is a call of the system: it is left out where that was done less than `FRESH` seconds ago.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, int] = field(default_factory=dict)
    _known: tuple[float, int] = (-FRESH, 0)  # when it was asked for, and the answer

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            now = time.perf_counter()
            self.seconds[stage] = self.seconds.get(stage, 0.0) + now - start
            if now - self._known[0] >= FRESH:
                self._known = now, peak_memory()
            self.peaks[stage] = self._known[1]

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


def quiet(stage: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""
