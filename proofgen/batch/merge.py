"""Shards of a run → the run. The result has the bytes of a run that was never cut into shards."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

from ..bundle import MANIFEST, write_atomically
from ..errors import InputError
from .lock import locked
from .packing import content_digest
from .report import finish
from .run import read_contents
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
        merged = stack.enter_context(contextlib.closing(State(directory)))
        (directory / MANIFEST).unlink(missing_ok=True)
        write_atomically(directory / "run.toml", (places[0] / "run.toml").read_bytes())
        for name in ("title", "run_sha256", "check", "versions"):
            merged.set(name, states[0].get(name))
        merged.set("finished", False)
        merged.set("shard", [1, 1])
        merged.set("total", sum(state.get("total") for state in states))
        for place, state in zip(places, states, strict=True):
            for row in state.rows():
                merged.mark(row.name)
                _take(directory, place, row)
                merged.save_row(row)
            for session in state.sessions():
                merged.add_session(session)
        for row in merged.unwanted():
            merged.remove(row.name)
            if row.path is not None:
                _forget(directory / row.path)
        merged.set("finished", True)
        return finish(directory, merged)


def _check_shards(directory: Path, places: list[Path], states: list[State]) -> None:
    count = states[0].get("shard")[1]
    for place, state in zip(places, states, strict=True):
        for name, what in (("run_sha256", "run file"), ("versions", "versions of the software")):
            if state.get(name) != states[0].get(name):
                expected = f"another {what} than in {places[0].name}; expected shards of one run"
                raise InputError(expected, source=str(place))
        if state.get("shard")[1] != count:
            raise InputError(f"expected shards of one run, all of {count}", source=str(place))
        if not state.get("finished"):
            raise InputError("this shard is not finished; --resume goes on with it", source=str(place))
    missing = set(range(1, count + 1)) - {state.get("shard")[0] for state in states}
    if missing:
        shown = ", ".join(f"{number}/{count}" for number in sorted(missing)[:10])
        raise InputError(f"{len(missing)} shards are missing ({shown})", source=str(directory))


def _take(directory: Path, place: Path, row: Row) -> None:
    """The bundle of a row, into the merged run."""
    if row.path is None:
        return
    source, target = place / row.path, directory / row.path
    contents = read_contents(source)
    if contents is None or content_digest(contents) != row.digest:
        raise InputError("damaged or missing; --resume of its shard makes it again", source=str(source))
    try:
        _forget(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, copy_function=_link)
        else:
            _link(str(source), str(target))
    except OSError as error:
        raise InputError(f"could not be written ({error.strerror or error})", source=str(target)) from None


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _forget(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

