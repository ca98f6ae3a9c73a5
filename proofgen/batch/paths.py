"""What can be checked at a path: a bundle, also a packed one, a certificate, a finished run, a folder of bundles.

Where there is none of these, nothing is claimed and nothing refuted: the report says what is missing (exit code 2).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..bundle.disk import MANIFEST
from ..check import Report, check_path, table
from ..errors import InputError
from .names import STATE, is_run
from .packing import is_packed

if TYPE_CHECKING:
    from ..bundle.codec import Json

MOST_BUNDLES = 10_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """document: the report for a program; text: for a person."""

    document: Json
    text: str


def check_all_at(path: str, engine: str = "auto", jobs: int = 1, say: Say = lambda text: None) -> list[Checked]:
    """Check what is at a path: one report, or one for each bundle of a folder."""
    place = Path(path)
    missing = _unfinished(place)
    if missing is not None:
        return [_of(Report(path, usage=missing))]
    if is_run(place):
        from .recheck import check_run, run_table

        report = check_run(place, engine, jobs, say)
        return [Checked(report, run_table(report))]
    if is_packed(place):
        from .recheck import check_packed

        return [_of(check_packed(place, engine))]
    below = _bundles_below(place)
    return [_of(check_path(name, engine)) for name in below] if below else [_of(check_path(path, engine))]


def _of(report: Report) -> Checked:
    return Checked(report.to_dict(), table(report))


def _unfinished(path: Path) -> str | None:
    """Why a run cannot be checked as a whole yet; None where it can, or where there is none."""
    shown = ascii(str(path))[1:-1]
    try:
        if (path / "problem.json").exists() or not path.is_dir():
            return None
        from .status import run_status, shard_directories

        if is_run(path):
            if (path / MANIFEST).exists():
                return None
        elif shard_directories(path):
            return (f"'{shown}': shards of a run that are not merged: proofgen merge {shown}, or check each of them: "
                    f"proofgen check {shown}/shard-*")  # fmt: skip
        elif not (path / STATE).exists():
            return None
        counts = run_status(path)["runs"][0]
        done = f" ({counts['done']} of {counts['total']} networks are done)"
    except (InputError, OSError):
        done = ""
    return f"'{shown}': the run is not finished{done}: go on with proofgen batch RUN.toml --out {shown} --resume"


def _bundles_below(path: Path) -> list[str]:
    """The bundles, and what is left of some, in a folder that is none itself."""
    try:
        if not path.is_dir() or any(os.path.lexists(path / name) for name in ("problem.json", "branch.json", "points")):
            return []
        folders = [place for place in sorted(path.iterdir())[:MOST_BUNDLES] if place.is_dir()]
        if not any((place / "problem.json").exists() for place in folders):
            return []
        return [str(place) for place in folders if any((place / f"{x}.json").exists() for x in ("problem", "summary"))]
    except OSError:
        return []
