"""Fields of the size that people train: pieces, time and memory of prover and checker, as multiples of one product.

    python -m pytest tests/benchmarks/bench_sizes.py -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

The unit is the product of two 256 × 256 matrices of binary64 numbers as balls of 128 bits. Each run is a fresh interpreter:
the prover with two processes (the sum of their processor time is given, too), the checker in one with the standard library
alone. With ``-k "not 512"`` all of it is a matter of minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from flint import arb_mat
from sizes import rate_network

from proofgen.numbers.balls import working_precision

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "proofgen" / "check.py"
SPECS = {"leaky-300": ROOT / "proofs" / "networks" / "leaky-300.toml", "brusselator-80": ROOT / "proofs" / "models" / "brusselator-80.toml"}


def unit() -> float:
    A = arb_mat(np.random.default_rng(0).standard_normal((256, 256)).tolist())
    best = float("inf")
    with working_precision(128):
        for _ in range(3):
            start = time.perf_counter()
            _ = A * A
            best = min(best, time.perf_counter() - start)
    return best


def measured(*command: str) -> tuple[float, float, float]:
    """Seconds, seconds of the processor (with those of its children) and megabytes of a process, which must end well."""
    start, child = time.perf_counter(), subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


@pytest.mark.parametrize("name", ["rate-64", "rate-128", "rate-256", *SPECS, "rate-512"])
def bench_field(name: str, tmp_path: Path) -> None:
    spec, bundle, one = SPECS.get(name) or rate_network(int(name[5:]), tmp_path), tmp_path / "bundle", unit()
    runs = {
        "prove": (sys.executable, "-m", "proofgen", "prove", str(spec), "--out", str(bundle), "--jobs", "2", "--no-check"),
        "check": (sys.executable, "-I", str(CHECKER), "--engine", "python", str(bundle)),
    }
    for what, command in runs.items():
        wall, used, memory = measured(*command)
        print(f"\n{name}, {what}: {wall:.1f} s, {used:.1f} s of the processor = {used / one:.0f} products ({one:.3f} s), {memory:.0f} MB")
    branch = json.loads((bundle / "branch.json").read_text(encoding="utf-8"))
    print(f"{name}: {len(branch['witness']['pieces'])} pieces, complete: {branch['claims']['complete']}")
