"""A run: items → engine → bundles, state, tables. One process writes; workers only compute.

The results depend on the run file and the software alone, not on how often a run was interrupted, nor on the engine.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..bundle.disk import MANIFEST, TEMPORARY, write_atomically
from ..bundle.place import foreign_file, write_bundle
from ..claims.summary import versions
from ..errors import ArgumentError, InputError, not_written
from ..needs import require
from ..progress import peak_memory
from .engines import Engine
from .form import Run
from .items import WHOLE, Item, Shard, check_first_items, count_items, is_shard, item_name, items
from .lock import LOCK, OWNER, locked
from .names import STATE
from .packing import MAX_FILES, MAX_TOTAL, content_digest, is_packed, unpack
from .report import TABLES, finish
from .state import RESUME, Row, State
from .work import TRANSIENT, Options, Outcome, failed, run_item

NETWORKS = "networks"
BLOCK = 1000  # bundles in one directory
SEEN_SECONDS = 2.0  # between signs of life in the state
_PLACE = re.compile(rf"{NETWORKS}/[A-Za-z0-9_-]+/[0-9]{{4,8}}/[A-Za-z0-9_-]+(\.zip|\.tar\.zst)?")


@dataclass
class Progress:
    """How far a run is. kept: items that were finished before; new_points: proved Hopf points of the others."""

    total: int
    stage: str = "prove"
    done: int = 0
    kept: int = 0
    tabled: int = 0
    new_points: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Items per second, kept ones not counted."""
        return (self.done - self.kept) / max(time.monotonic() - self.started, 1e-9)

    @property
    def left_seconds(self) -> float | None:
        return (self.total - self.done) / self.rate if self.done > self.kept else None


Watch = Callable[[Progress], None]


def run_batch(
    run: Run,
    out: Path,
    start_engine: Callable[[], Engine],
    *,
    shard: Shard = WHOLE,
    resume: bool = False,
    watch: Watch = lambda progress: None,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Prove all networks of a run, or of a shard of it, into ``out`` (a shard: a directory of it); `results.json`.

    resume: go on with what is there; without it the directory must not hold a run. Raises InputError.
    """
    require(*(["zstandard"] if run.packing == "tar.zst" else []))
    total = count_items(run, shard)
    check_first_items(run)
    directory = out if shard.count == 1 else out / shard.name
    if directory.exists() and not directory.is_dir():
        raise ArgumentError("expected a directory", source=str(directory), key="out")
    _check_place(directory, resume)
    workers = start_engine()  # nothing is written where there are none
    with locked(directory) as killed, contextlib.closing(State(directory)) as state:
        if killed is not None:
            whose = f"process {killed['pid']} on {killed['host']}"
            say(f"the last run here ({whose}) was killed; going on from its state")
        _prepare(run, directory, state, shard, total)
        with workers as engine:
            facts = _facts(engine)
            session = state.begin(facts)
            progress = Progress(total, counts=state.counts())
            try:
                _prove(run, directory, state, engine, shard, progress, session, watch)
            finally:
                state.seen(session, progress.done - progress.kept)
        for row in state.unwanted():
            _remove(directory, row.path)
            state.remove(row.name)
        _remove_strays(directory, state)
        progress.stage, progress.counts = "tables", state.counts()
        watch(progress)
        state.seen(session, progress.done - progress.kept, ended=True, facts=facts | {"memory": peak_memory()})

        def tabled(done: int) -> None:
            progress.tabled = done
            watch(progress)

        results = finish(directory, state, tabled)
        state.set("finished", True)
        return results


def _check_place(directory: Path, resume: bool) -> None:
    """Nothing but a run is ever written over, and a run only to go on with it."""
    if (directory / STATE).exists():
        if not resume:
            expected = "holds a run already; --resume goes on with it, or choose another directory"
            raise ArgumentError(expected, source=str(directory), key="out")
    elif directory.exists():
        foreign = [path.name for path in directory.iterdir() if path.name not in (LOCK, OWNER) and not is_shard(path)]
        if foreign:
            expected = f"holds other files ({min(foreign)}); expected an empty or new directory, or one of a run"
            raise ArgumentError(expected, source=str(directory), key="out")


def _prepare(run: Run, directory: Path, state: State, shard: Shard, total: int) -> None:
    """Everything that says "finished" goes first, with what a killed run left half-written."""
    try:
        if (directory / NETWORKS).is_symlink():
            raise InputError("is a link; expected a directory of the run", source=str(directory / NETWORKS))
        (directory / MANIFEST).unlink(missing_ok=True)
        unfinished = [directory / f".{name}.tmp" for name in TABLES]
        for pattern in (f"{TEMPORARY}*.tmp", f"{NETWORKS}/*/*/{TEMPORARY}*.tmp"):
            unfinished += directory.glob(pattern)
        for file in unfinished:
            file.unlink(missing_ok=True)
        for folder in directory.glob(f"{NETWORKS}/*/*/.*.proofgen-*-*"):
            shutil.rmtree(folder)
        write_atomically(directory / "run.toml", run.text.encode())
    except OSError as error:
        raise not_written(error, directory) from None
    facts = {"finished": False, "title": run.title, "run_sha256": run.sha256, "total": total, "check": run.check,
             "shard": [shard.number, shard.count], "versions": versions()}  # fmt: skip
    for name, value in facts.items():
        state.set(name, value)


def _facts(engine: Engine) -> dict[str, Any]:
    return {
        "host": platform.node(), "machine": platform.machine(), "system": platform.system(), "cpus": os.cpu_count(),
        "engine": engine.description, "workers": engine.workers, "pid": os.getpid(),
    }  # fmt: skip


def _prove(
    run: Run,
    directory: Path,
    state: State,
    engine: Engine,
    shard: Shard,
    progress: Progress,
    session: int,
    watch: Watch,
) -> None:
    software = tuple(sorted(versions().items()))
    options = Options(run.method, run.check, run.packing, run.documents, software)
    under_way: dict[str, tuple[Item, Row | None]] = {}  # with what was known before
    seen = time.monotonic()

    def tasks() -> Iterator[tuple[Item, Options, str | None]]:
        for item in items(run, shard):
            state.mark(item.name)
            row = state.row(item.name)
            under_way[item.name] = item, row
            yield item, options, None if row is None else _known(directory, row)

    def lost(task: tuple[Any, ...], code: str, reason: str) -> Outcome:
        return failed(task[0], code, reason)

    for outcome in engine.results(run_item, tasks(), lost):
        if outcome is not None:
            item, before = under_way.pop(outcome.name)
            if outcome.status == "unchanged":
                state.keep(item)
                progress.kept += 1
            else:
                _store(directory, state, item, before, outcome, run.packing)
                progress.new_points += outcome.record.hopf_points
            progress.done += 1
        if time.monotonic() - seen > SEEN_SECONDS:
            seen = time.monotonic()
            state.seen(session, progress.done - progress.kept)
            progress.counts = state.counts()
        watch(progress)
    state.commit()


def _known(directory: Path, row: Row) -> str | None:
    """The key of an item that need not be done again if it is still the same; its bundle is read once more."""
    if row.key is None or any(failure.code in TRANSIENT for failure in row.record.failures):
        return None
    return row.key if is_intact(directory, row) else None


def is_intact(directory: Path, row: Row) -> bool:
    """Whether a row's bundle is at its place, and still what it was."""
    bundle = None if row.path is None else bundle_at(directory, row.path)
    contents = None if bundle is None else read_contents(bundle)
    return contents is not None and content_digest(contents) == row.digest


def read_contents(path: Path) -> dict[str, bytes] | None:
    """All files of a bundle, packed or not, or None where it cannot be read."""
    try:
        if is_packed(path):
            return unpack(path)
        if not path.is_dir():
            return None
        files = [file for file in path.rglob("*") if file.is_symlink() or not file.is_dir()]
        if len(files) > MAX_FILES or any(file.is_symlink() or not file.is_file() for file in files):
            return None
        if sum(file.stat().st_size for file in files) > MAX_TOTAL:
            return None
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
    except (InputError, OSError):
        return None


def place(group: str, number: int, packing: str) -> str:
    """Where the bundle of a network is (of a group, counted from 1), relative to the run's directory."""
    suffix = "" if packing == "directory" else f".{packing}"
    return f"{NETWORKS}/{group}/{(number - 1) // BLOCK:04d}/{item_name(group, number)}{suffix}"


def bundle_at(directory: Path, path: str) -> Path | None:
    """The place of a bundle of a run; None where the path is another one, or behind a link."""
    if not _PLACE.fullmatch(path):
        return None
    found = directory / path
    return None if any(x.is_symlink() for x in (found, *found.parents[: path.count("/")])) else found


def _store(
    directory: Path, state: State, item: Item, before: Row | None, outcome: Outcome, packing: str
) -> None:
    """Write the bundle first, the row after it: a row always has its bundle, unless the machine failed in between."""
    path = place(item.group, int(item.name.rpartition("-")[2]), packing) if outcome.files else None
    if path is not None and bundle_at(directory, path) is None:
        raise InputError("is behind a link; expected directories of the run", source=str(directory / path))
    if before is not None and before.path != path:
        _remove(directory, before.path)
    if path is not None:
        if packing == "directory":
            write_bundle(directory / path, outcome.files, RESUME)
        else:
            try:
                write_atomically(directory / path, outcome.files[""])
            except OSError as error:
                raise not_written(error, directory / path, RESUME) from None
    state.save(item, outcome, path)


def _remove_strays(directory: Path, state: State) -> None:
    """Bundles without a row: a run was killed between the two, and then changed. What is none stays."""
    for bundle in directory.glob(f"{NETWORKS}/*/*/*"):
        path, name = bundle.relative_to(directory).as_posix(), bundle.name.partition(".")[0]
        group, number = bundle.parent.parent.name, name.rpartition("-")[2]
        named = number.isdecimal() and len(number) < 12 and name == item_name(group, int(number))
        if named and not state.has(name, path) and foreign_file(bundle) is None:
            _remove(directory, path)


def _remove(directory: Path, path: str | None) -> None:
    bundle = None if path is None else bundle_at(directory, path)
    if bundle is None:
        return
    with contextlib.suppress(OSError):
        delete(bundle)


def delete(path: Path) -> None:
    """A file or a directory with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
