"""Throughput of runs: proved and certified Hopf points per second, and re-checked ones, on two processes.

    python -m pytest tests/benchmarks/bench_batch.py -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

Seconds include the start of the workers. Ratio: run without re-check to run with it, and to the check of the whole run.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "batch"))

from runs import go, write_run

from proofgen.batch.recheck import check_run

TEXT = """
title = "t"
check = CHECK
[[group]]
name = "tanh"
[group.base.network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 1, dimension = DIMENSION, perturbation = "0.1" }
[group.product.network.random]
seed = { from = 1, to = SEEDS }
"""


@pytest.mark.parametrize(("dimension", "seeds"), [(20, 2000), (50, 1000)])
def bench_points_per_second(tmp_path: Path, dimension: int, seeds: int) -> None:
    seconds: dict[str, float] = {}
    points = 0
    for check in ("false", "true"):
        text = TEXT.replace("CHECK", check).replace("DIMENSION", str(dimension))
        start = time.perf_counter()
        points = go(write_run(tmp_path, seeds=seeds, text=text), tmp_path / check, jobs=2)["points"]
        seconds[check] = time.perf_counter() - start
    start = time.perf_counter()
    report = check_run(tmp_path / "true", jobs=2)
    seconds["check"] = time.perf_counter() - start
    assert report["verdict"] == "accepted"
    print(
        f"\nn = {dimension}: {points} points of {seeds} networks; per second: {points / seconds['false']:.0f} proved and "
        f"certified, {points / seconds['true']:.0f} with re-check, {points / seconds['check']:.0f} checked; "
        f"re-check/without {seconds['true'] / seconds['false']:.2f}, check/without {seconds['check'] / seconds['false']:.2f}"
    )
