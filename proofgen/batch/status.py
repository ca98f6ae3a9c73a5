"""How far a run is, read from its state without disturbing it."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path
from typing import Any

from ..errors import InputError
from .items import is_shard
from .lock import is_locked, owner
from .names import STATE
from .state import State


def shard_directories(directory: Path) -> list[Path]:
    """The shards of a run that are there, by number."""
    found = [path for path in directory.glob("shard-*-of-*") if is_shard(path) and (path / STATE).exists()]
    return sorted(found, key=lambda path: [int(part) for part in re.findall("[0-9]+", path.name)])


def run_status(directory: Path) -> dict[str, Any]:
    """The run in a directory, and its shards. Raises InputError where there is none."""
    places = [directory] if (directory / STATE).exists() else []
    places += shard_directories(directory)
    if not places:
        raise InputError("expected the directory of a run (proofgen batch)", source=str(directory))
    codes: dict[str, int] = {}
    runs = []
    for place in places:
        with contextlib.closing(State(place, readonly=True)) as state:
            try:
                runs.append({"name": place.name, **_one(place, state)})
                reasons = state.reasons()
            except (AttributeError, KeyError, TypeError, ValueError):
                raise InputError("not as a run writes it", source=str(place / STATE)) from None
            for code, count in reasons.items():
                codes[code] = codes.get(code, 0) + count
    document = {"format": "proofgen-run-status", "version": 1, "runs": runs}
    return document | {"failures_by_code": dict(sorted(codes.items()))}


def _one(place: Path, state: State) -> dict[str, Any]:
    counts = state.counts()
    total = state.get("total")
    sessions = state.sessions()
    last = sessions[-1] if sessions else None
    running = is_locked(place)
    rate = left = None
    if running and last is not None and last["done"]:
        rate = last["done"] / max(last["seen"] - last["started"], 1e-9)
        left = max(total - counts["done"], 0) / rate - (time.time() - last["seen"])
    return {
        "title": state.get("title"), "total": total, **counts,
        "state": "running" if running else "finished" if state.get("finished") else "stopped",
        "host": None if last is None else last["host"], "engine": None if last is None else last["engine"],
        "pid": (owner(place) or {}).get("pid") if running else None,
        "seen": None if last is None else last["seen"],
        "networks_per_second": rate, "left_seconds": None if left is None else max(left, 0.0),
    }  # fmt: skip
