"""One writer for each run directory. The lock belongs to the process: it ends with it, however the process ends."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..bundle.codec import Json
from ..bundle.disk import write_atomically
from ..errors import InputError, not_written

LOCK, OWNER = "lock", "lock.json"
PATIENCE_SECONDS = 0.5  # `is_locked` holds the lock for a moment


@contextmanager
def locked(directory: Path) -> Iterator[Json | None]:
    """Hold the lock of a run. Gives the owner that a killed run left behind, None after any other end.

    Raises InputError, which names the owner, when another process holds it.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / LOCK, timeout=PATIENCE_SECONDS)
        lock.acquire(poll_interval=0.02)
    except Timeout:
        raise InputError(f"another run works here{_described(owner(directory))}", source=str(directory)) from None
    except OSError as error:
        raise not_written(error, directory) from None
    try:
        stale = owner(directory)
        mine = {"pid": os.getpid(), "host": socket.gethostname(), "since": round(time.time(), 3)}
        try:
            write_atomically(directory / OWNER, json.dumps(mine).encode())
        except OSError as error:
            raise not_written(error, directory) from None
        try:
            yield stale
        finally:
            with contextlib.suppress(OSError):
                (directory / OWNER).unlink()
    finally:
        lock.release()


def is_locked(directory: Path) -> bool:
    """Whether some process holds the lock of a run."""
    if not (directory / LOCK).exists():
        return False
    try:
        with FileLock(directory / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a directory of somebody else, where the lock cannot be tried
        return owner(directory) is not None


def owner(directory: Path) -> Json | None:
    """Who holds, or held, the lock, as far as the file beside it can be read."""
    try:
        if not (directory / OWNER).is_file():
            return None
        with (directory / OWNER).open("rb") as stream:
            found: Json = json.loads(stream.read(10_000))
        time.localtime(found["since"])
        return {"pid": int(found["pid"]), "host": str(found["host"])[:200], "since": float(found["since"])}
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        return None


def _described(found: Json | None) -> str:
    if found is None:
        return ""
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(found["since"]))
    return f": process {found['pid']} on {found['host']}, since {since}"
