"""Work of one bundle that is shared out over processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Any


def shared_out(jobs: int, count: int, work: Callable[[Iterable[int]], Any]) -> list[Any] | None:
    """`work` of `jobs` consecutive parts of 0, ..., count - 1, each in a process of its own: what it returned for each,
    as JSON.  None if there are no such processes, or anything went wrong in one: then the caller does the same work
    alone, so that no report depends on the number of processes."""
    jobs = min(jobs, count)
    ends = [count * k // jobs for k in range(jobs + 1)] if jobs > 1 and hasattr(os, "fork") else []
    parent, children, results = os.getpid(), list[tuple[int, int]](), list[Any]()

    def still_wanted(first: int, last: int) -> Iterable[int]:
        for i in range(first, last):
            if os.getppid() != parent:
                return
            yield i

    try:
        for first, last in pairwise(ends):
            here, there = os.pipe()
            children.append((os.fork(), here))
            if children[-1][0] == 0:
                try:
                    os.close(here)
                    with open(there, "w") as file:
                        json.dump(work(still_wanted(first, last)), file)
                    os._exit(0)
                finally:
                    os._exit(1)
            os.close(there)
    except OSError:
        results.append(None)
    for child, here in children:
        results.append(None)
        with open(here) as file, suppress(ChildProcessError, ValueError):
            data = file.read()
            if os.waitpid(child, 0)[1] == 0:
                results[-1] = json.loads(data)
    return results if results and None not in results else None
