"""What a person sees of a run: bars on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .run import Progress as Counts
from .run import Watch

HEARTBEAT_SECONDS = 30.0


def described(counts: Counts) -> str:
    """One line: how far, how fast, how long still."""
    parts = [f"{counts.done} of {counts.total} networks"]
    if counts.kept:
        parts.append(f"{counts.kept} kept")
    parts.append(f"{counts.new_points} new Hopf points")
    elapsed = time.monotonic() - counts.started
    if counts.done > counts.kept and elapsed > 0:
        parts.append(f"{counts.rate:.3g} networks/s, {counts.new_points / elapsed:.3g} points/s")
    if counts.left_seconds is not None and counts.done < counts.total:
        parts.append(f"{duration(counts.left_seconds)} left")
    for status in ("incomplete", "failed"):
        if counts.counts.get(status):
            parts.append(f"{counts.counts[status]} {status}")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """``47 s``, ``12:05`` or ``3:04:05``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


@contextmanager
def watching(console: Console) -> Iterator[Watch]:
    """Bars for the run and each of its stages where stderr is a terminal, else a line every half minute."""
    if not sys.stderr.isatty():
        yield _heartbeat(console)
        return
    columns = (TextColumn("{task.description:8}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("{task.fields[detail]}", markup=False))  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def watch(counts: Counts) -> None:
            if not tasks:
                for stage in ("networks", *(["kept"] if counts.kept else []), "tables"):
                    tasks[stage] = bars.add_task(stage, total=counts.total, detail="", start=stage != "tables")
            if counts.kept and "kept" not in tasks:
                tasks["kept"] = bars.add_task("kept", total=counts.total, detail="")
            bars.update(tasks["networks"], completed=counts.done, detail=described(counts).partition(", ")[2])
            if "kept" in tasks:
                bars.update(tasks["kept"], completed=counts.kept)
            if counts.stage == "tables":
                bars.start_task(tasks["tables"])
                bars.update(tasks["tables"], completed=counts.tabled)

        yield watch


def _heartbeat(console: Console) -> Watch:
    last = time.monotonic()

    def watch(counts: Counts) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= HEARTBEAT_SECONDS or (counts.stage == "tables" and counts.tabled == counts.total):
            last = now
            console.print(f"proofgen: {described(counts)}", soft_wrap=True)

    return watch
