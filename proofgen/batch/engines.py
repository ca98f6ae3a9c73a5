"""Where items are run: a pool of local processes (pebble), or the workers of a Dask cluster. Same outcomes.

An engine takes tasks one after another, never many more than there are workers, and gives outcomes as they come.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from ..errors import ArgumentError
from ..needs import require

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")
Kind = type[BaseException] | None
Work = Callable[..., T]
Lost = Callable[[tuple[Any, ...], str, str], T]  # the arguments, a code, a reason → what stands for the lost result
TRIES = 3  # of a task whose process dies
TICK_SECONDS = 2.0
AHEAD = 3  # tasks in flight for each worker
_NO_WORKERS = (
    "worker processes do not start, or are killed at once (memory?); a script that starts runs needs the guard "
    "if __name__ == '__main__'"
)


class NoWorkersError(ArgumentError):
    """There is nothing that tasks could run in; it says nothing about the tasks."""


class Engine(Protocol):
    """Runs tasks, in any order. A context: leaving it stops the workers.

    results(work, tasks, lost): work(*task) for each task as they come, or lost(task, code, reason) for a stopped one;
    None now and then while nothing comes, as a sign of life.
    """

    @property
    def description(self) -> str: ...

    @property
    def workers(self) -> int: ...

    def results(self, work: Work[T], tasks: Iterator[tuple[Any, ...]], lost: Lost[T]) -> Iterator[T | None]: ...

    def __enter__(self) -> Engine: ...

    def __exit__(self, kind: Kind, error: BaseException | None, trace: TracebackType | None) -> None: ...


class LocalEngine:
    """Worker processes on this machine, each with one thread. An item that kills its process is tried again."""

    def __init__(self, jobs: int, time_limit: int) -> None:
        self.workers, self.time_limit = jobs, time_limit
        self.description = f"{jobs} local process{'' if jobs == 1 else 'es'}"
        self.pool = self._pool()

    def _pool(self) -> Any:
        context = multiprocessing.get_context("spawn")  # forked children would inherit locks and Flint's state
        return ProcessPool(
            max_workers=self.workers, initializer=begin_worker, initargs=(os.getpid(),), context=context
        )

    def results(self, work: Work[T], tasks: Iterator[tuple[Any, ...]], lost: Lost[T]) -> Iterator[T | None]:
        flying: dict[Future[T], tuple[tuple[Any, ...], int]] = {}
        again: list[tuple[tuple[Any, ...], int]] = []
        broken = 0  # pools since the last result
        while True:
            while len(flying) < AHEAD * self.workers:
                task, tries = again.pop() if again else (next(tasks, None), 1)
                if task is None:
                    break
                try:
                    future = self.pool.schedule(work, args=task, timeout=self.time_limit)
                except (OSError, RuntimeError):  # no more processes, or a pool that has given up
                    raise NoWorkersError(_NO_WORKERS, key="jobs", value=self.workers) from None
                flying[future] = (task, tries)
            if not flying:
                return
            done, _ = wait(flying, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            if not done:
                yield None
            for future in done:
                task, tries = flying.pop(future)
                try:
                    result = future.result()
                    broken = 0
                    yield result
                except BrokenProcessPool:  # all workers died at once, also idle ones
                    again += [(task, tries), *flying.values()]
                    flying.clear()
                    broken += 1
                    if broken == TRIES:
                        raise NoWorkersError(_NO_WORKERS, key="jobs", value=self.workers) from None
                    self.pool.stop()
                    self.pool.join()
                    self.pool = self._pool()
                    break
                except TimeoutError:
                    yield lost(task, "time-limit", f"stopped after {self.time_limit} seconds")
                except (ProcessExpired, CancelledError) as error:
                    if tries < TRIES:
                        again.append((task, tries + 1))
                    else:
                        yield lost(task, "worker-died", _died(error))

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(self, kind: Kind, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.pool.close()
        else:
            self.pool.stop()
        self.pool.join()


def _died(error: BaseException) -> str:
    code = getattr(error, "exitcode", None)
    return f"its process died {TRIES} times" + ("" if code is None else f" (exit code {code})")


def begin_worker(parent: int) -> None:
    """One thread for linear algebra, and no life without the parent, however that ended."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)
    from . import work  # noqa: F401  what all items need is there, and Python looks for its garbage no more

    gc.freeze()
    handle = multiprocessing.parent_process()

    def watch() -> None:
        if handle is not None:
            handle.join()
        os._exit(1)

    if handle is not None and handle.pid == parent:
        threading.Thread(target=watch, daemon=True).start()


class DaskEngine:
    """The workers of a Dask cluster (extra ``dask``), which need the same software, and the data files of specs.

    Dask cannot stop a task, so there is no time limit; a task whose worker dies is tried again.
    """

    def __init__(self, address: str) -> None:
        require("dask")
        import distributed

        try:
            distributed.comm.addressing.get_address_host_port(address, strict=True)
            client: Any = distributed.Client
            self.client = client(address, timeout=20, set_as_default=False)
        except (OSError, ValueError, TimeoutError, TypeError) as error:
            raise ArgumentError(f"no Dask scheduler answers ({error})"[:300], key="dask", value=address) from None
        self.description = f"Dask at {address}, dashboard {self.client.dashboard_link}"
        self._counted, self._workers = -math.inf, 1

    @property
    def workers(self) -> int:
        """Workers come and go: they are counted again every few seconds."""
        if time.monotonic() - self._counted > 5:
            self._workers = max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))
            self._counted = time.monotonic()
        return self._workers

    def results(self, work: Work[T], tasks: Iterator[tuple[Any, ...]], lost: Lost[T]) -> Iterator[T | None]:
        import distributed

        flying: dict[Any, tuple[tuple[Any, ...], int]] = {}
        completed: Any = distributed.as_completed([], loop=self.client.loop)  # type: ignore[no-untyped-call]

        def submit(task: tuple[Any, ...], tries: int) -> None:
            future = self.client.submit(work, *task, pure=False)
            flying[future] = (task, tries)
            completed.add(future)

        def fill() -> None:
            while len(flying) < AHEAD * self.workers:
                task = next(tasks, None)
                if task is None:
                    return
                submit(task, 1)

        fill()
        last = time.monotonic()
        while flying:
            while not completed.has_ready():
                time.sleep(0.01)
                if time.monotonic() - last > TICK_SECONDS:
                    last = time.monotonic()
                    yield None
            future = next(completed)
            task, tries = flying.pop(future)
            try:
                yield future.result()
            except (distributed.KilledWorker, CancelledError) as error:
                if tries < TRIES:
                    submit(task, tries + 1)
                else:
                    yield lost(task, "worker-died", _died(error))
            future.release()
            fill()

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(self, kind: Kind, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()
