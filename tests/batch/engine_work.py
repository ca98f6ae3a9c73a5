"""What the workers of test_engine.py do; a module of its own, since each of them imports it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def work(kind: str, number: int) -> str:
    if kind == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "exit":
        os._exit(3)
    if kind == "hang":
        time.sleep(10**6)
    if kind == "once" and not os.path.exists(str(number)):
        Path(str(number)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{kind} {number}"


def lost(task: tuple[str, int], code: str, reason: str) -> str:
    return f"{task[0]} {task[1]}: {code}: {reason}"


def not_begun(parent: int) -> None:
    """What a worker begins with, where it dies of it (not with the code 0, as if it were not needed any more)."""
    os._exit(4)
