"""Engines: a task that dies, hangs or raises costs itself only, and workers do not outlive their run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import start
from engine_work import lost, work
from runs import go, snapshot, write_run

from proofgen.batch.engines import TRIES, LocalEngine


def results(engine: LocalEngine, tasks: list[tuple[str, int]]) -> list[str]:
    return [text for text in engine.results(work, iter(tasks), lost) if text is not None]


@pytest.mark.slow
def test_one_bad_task_costs_itself_only() -> None:
    tasks = [("fine", k) for k in range(20)] + [("die", 1)] + [("fine", k) for k in range(20, 40)] + [("exit", 2)]
    with LocalEngine(2, 600) as engine:
        found = results(engine, tasks)
    bad = {text for text in found if not text.startswith("fine")}
    assert bad == {
        f"die 1: worker-died: its process died {TRIES} times (exit code -9)",
        f"exit 2: worker-died: its process died {TRIES} times (exit code 3)",
    }
    assert sorted(set(found) - bad) == sorted(f"fine {k}" for k in range(40)) and len(found) == 42


def test_a_process_that_dies_once_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with LocalEngine(1, 600) as engine:
        found = sorted(results(engine, [("once", 1), ("fine", 2), ("once", 3)]))
    assert found == ["fine 2", "once 1", "once 3"]


def test_a_task_that_hangs_is_stopped() -> None:
    with LocalEngine(2, 12) as engine:
        found = sorted(results(engine, [("fine", 1), ("hang", 2), ("fine", 3)]))
    assert found == ["fine 1", "fine 3", "hang 2: time-limit: stopped after 12 seconds"]


def test_tasks_are_not_taken_long_before_they_run() -> None:
    taken = 0

    def tasks() -> Iterator[tuple[str, int]]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield "fine", number

    with LocalEngine(2, 600) as engine:
        done = 0
        for text in engine.results(work, tasks(), lost):
            done += text is not None
            assert taken <= done + 8


def processes_with(text: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if text.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_workers_end_with_their_run_however_it_ends(tmp_path: Path) -> None:
    mark = f"mark-of-{os.getpid()}-{tmp_path.name}"
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from proofgen.batch.engines import LocalEngine\n"
        "from engine_work import lost, work\n"
        "if __name__ == '__main__':\n"
        "    with LocalEngine(2, 10**6) as engine:\n"
        "        tasks = iter([('fine', 1)] + [('hang', k) for k in range(9)])\n"
        "        for text in engine.results(work, tasks, lost):\n"
        "            print(text, flush=True) if text else None\n"
    )
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "MARK": mark, "PYTHONPATH": f"{root}:{root / 'tests'}"}
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None and process.stdout.readline() == "fine 1\n"
    assert len(processes_with(mark)) >= 3
    process.kill()
    process.wait()
    deadline = time.monotonic() + 600
    while processes_with(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not processes_with(mark)


def test_precision_stays_with_its_thread() -> None:
    """Engines may run tasks in threads; a block with one precision is never seen by another."""
    import threading

    from proofgen.numbers.balls import current_precision, working_precision

    wrong: list[int] = []

    def use(bits: int) -> None:
        for _ in range(200):
            with working_precision(bits):
                time.sleep(0)
                if current_precision() != bits:
                    wrong.append(bits)

    threads = [threading.Thread(target=use, args=(100 + k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.slow
def test_dask_with_workers_killed(tmp_path: Path) -> None:
    """A local cluster whose workers are killed again and again gives the bytes of a local run."""
    distributed = pytest.importorskip("distributed")

    file = write_run(tmp_path, seeds=30)
    go(file, tmp_path / "local", jobs=2)
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=":0", env=environment
    ) as cluster:
        process = start("batch", file, "--out", tmp_path / "dask", "--dask", cluster.scheduler_address)
        killed = 0
        while process.poll() is None:
            done = len(list((tmp_path / "dask").glob("networks/*/*/*.zip")))
            if killed < 3 and done > 20 * killed + 5:
                worker = next(iter(cluster.workers.values()))
                if worker.pid:
                    os.kill(worker.pid, signal.SIGKILL)
                    killed += 1
            time.sleep(0.05)
        _, err = process.communicate()
    assert process.returncode == 3, err  # the group "odd" is not proved
    assert killed >= 1 and "Dask at" in err
    assert snapshot(tmp_path / "dask") == snapshot(tmp_path / "local")
