"""Shards of a run → the run. The result has the bytes of a run that was never cut into shards."""

from __future__ import annotations

import contextlib
import os
import shutil
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from ..bundle.disk import MANIFEST, write_atomically
from ..errors import InputError, not_written
from ..spec.load import read_text
from .items import Shard
from .lock import locked
from .names import PERFORMANCE, RESULTS, STATE
from .report import TABLES, finish
from .run import NETWORKS, bundle_at, delete, is_intact
from .state import Row, State
from .status import shard_directories


def merge_shards(directory: Path) -> dict[str, Any]:
    """Merge all shards below ``directory`` into it, and return `results.json`.

    Bundles are linked where the file system allows it, else copied, and each is read once more and compared with its
    digest. Raises InputError unless all shards of one run are there and finished.
    """
    places = shard_directories(directory)
    if not places:
        expected = "no shards (shard-I-of-N) here; expected the --out directory of a sharded run"
        raise InputError(expected, source=str(directory))
    with contextlib.ExitStack() as stack:
        stack.enter_context(locked(directory))
        states: list[State] = []
        for place in places:
            stack.enter_context(locked(place))
            states.append(stack.enter_context(contextlib.closing(State(place, readonly=True))))
        _check_shards(directory, places, states)
        run_file = _run_file(places[0] / "run.toml", states[0].get("run_sha256"))
        _check_place(directory, run_file)
        merged = stack.enter_context(contextlib.closing(State(directory)))
        try:
            (directory / MANIFEST).unlink(missing_ok=True)
            write_atomically(directory / "run.toml", run_file)
        except OSError as error:
            raise not_written(error, directory) from None
        for name in ("title", "run_sha256", "check", "versions"):
            merged.set(name, states[0].get(name))
        merged.set("finished", False)
        merged.set("merged", True)
        merged.set("shard", [1, 1])
        merged.set("total", sum(state.get("total") for state in states))
        merged.forget_sessions()
        for place, state in zip(places, states, strict=True):
            for row in state.rows():
                merged.mark(row.name)
                _take(directory, place, row)
                merged.save_row(row)
            for session in state.sessions():
                merged.add_session(session)
        for row in merged.unwanted():
            merged.remove(row.name)
            if row.path is not None and (bundle := bundle_at(directory, row.path)) is not None:
                delete(bundle)
        results = finish(directory, merged)
        merged.set("finished", True)
        return results


def _run_file(path: Path, digest: str) -> bytes:
    text = read_text(path, "a run file").encode()
    if sha256(text).hexdigest() != digest:
        raise InputError("changed since this shard was made; --resume goes on with it", source=str(path))
    return text


def _check_place(directory: Path, run_file: bytes) -> None:
    """Nothing is written over but what was merged before, or the run of the same run file."""
    digest = sha256(run_file).hexdigest()
    if (directory / STATE).exists():
        with contextlib.closing(State(directory, readonly=True)) as state:
            if not state.get("merged") and state.get("run_sha256") not in (None, digest):
                raise InputError("holds another run; expected only its shards here", source=str(directory))
        return
    for name in (*TABLES, NETWORKS, RESULTS, PERFORMANCE, MANIFEST):
        if (directory / name).exists():
            raise InputError("is in the way of what a merged run writes", source=str(directory / name))
    own = directory / "run.toml"
    if own.exists() and read_text(own, "a run file").encode() != run_file:
        raise InputError("is another run file than that of the shards", source=str(own))


def _check_shards(directory: Path, places: list[Path], states: list[State]) -> None:
    count = int(places[0].name.rpartition("-")[2])
    for place, state in zip(places, states, strict=True):
        if not state.get("finished"):
            raise InputError("this shard is not finished; --resume goes on with it", source=str(place))
        for name, what in (("run_sha256", "run file"), ("versions", "versions of the software")):
            if state.get(name) != states[0].get(name):
                expected = f"another {what} than in {places[0].name}; expected shards of one run"
                raise InputError(expected, source=str(place))
        number, of = state.get("shard")
        if of != count:
            raise InputError(f"expected shards of one run, all of {count}", source=str(place))
        if place.name != Shard(number, of).name:
            raise InputError(f"is the shard {number}/{of}; expected that of its name", source=str(place))
    missing = count - len(places)
    if missing:
        there = {place.name for place in places}
        absent = (number for number in range(1, count + 1) if Shard(number, count).name not in there)
        shown = ", ".join(f"{number}/{count}" for number in islice(absent, 10))
        raise InputError(f"{missing} shards are missing ({shown})", source=str(directory))


def _take(directory: Path, place: Path, row: Row) -> None:
    """The bundle of a row, into the merged run."""
    if row.path is None:
        return
    source, target = place / row.path, bundle_at(directory, row.path)
    if target is None or not is_intact(place, row):
        raise InputError("damaged or missing; --resume of its shard makes it again", source=str(source))
    try:
        delete(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, copy_function=_link)
        else:
            _link(str(source), str(target))
    except OSError as error:
        raise not_written(error, target) from None


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
