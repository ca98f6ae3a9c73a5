"""Small runs for tests, and what of a run's directory must not depend on how it came about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commands import run

from proofgen.batch.engines import LocalEngine
from proofgen.batch.form import load_run
from proofgen.batch.items import Shard, read_shard
from proofgen.batch.run import run_batch

STATE = {"state.sqlite", "state.sqlite-journal", "lock", "lock.json", "performance.json"}

SMALL = """
title = "Small run"

[output]
packing = "PACKING"

[[group]]
name = "tanh"
[group.base.network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 1, dimension = 4, perturbation = "0.1" }
[group.product.network.random]
dimension = [3, 5]
perturbation = ["0.01", "1"]
seed = { from = 1, to = SEEDS }

[[group]]
name = "odd"  # undecided, and not a spec at all
[group.base.network]
family = "asymmetric-rnn"
R1 = [[0, 1], [0, 0]]
[group.zip]
network.activation = ["tanh", "sin", "tan"]
title = ["one", "two", "three"]
"""


def write_run(directory: Path, *, seeds: int = 3, packing: str = "zip", text: str = SMALL) -> Path:
    path = directory / "run.toml"
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("PACKING", packing).replace("SEEDS", str(seeds)), encoding="utf-8")
    return path


class HereEngine:
    """Everything in this process, one after another: what the other engines must agree with."""

    description, workers = "this process", 1

    def __init__(self, *arguments: int) -> None:
        pass

    def results(self, work: Any, tasks: Iterator[tuple[Any, ...]], lost: Any) -> Iterator[Any]:
        return (work(*task) for task in tasks)

    def __enter__(self) -> HereEngine:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def go(run_file: Path, out: Path, *, jobs: int = 0, shard: str = "1/1", **options: Any) -> dict[str, Any]:
    """Run a run file in this process, or in ``jobs`` others; `results.json`."""
    wanted = load_run(run_file)
    part: Shard = read_shard(shard)
    return run_batch(
        wanted, out, lambda: LocalEngine(jobs, wanted.time_limit) if jobs else HereEngine(), shard=part, **options
    )


def snapshot(out: Path) -> dict[str, str]:
    """Path → SHA-256 of everything that a run states."""
    files = [path for path in out.rglob("*") if path.is_file() and not path.relative_to(out).parts[0].startswith("shard-")]
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
        if path.relative_to(out).as_posix() not in STATE
    }


def command(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of the command line, in this process."""
    done = run(*arguments)
    return done.returncode, done.stdout, done.stderr
