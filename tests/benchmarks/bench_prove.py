"""Cost of a whole proof as a multiple of one n × n ball product at the same precision, measured in one run.

    python -m pytest tests/benchmarks -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

Not part of the ordinary test run. Each row runs in a fresh process, start-up and imports included in
"total"; "mathematics" is search, proof and the claims, without SymPy, JSON and LaTeX.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from flint import arb_mat

from proofgen.codegen.network import emit_network, network_data
from proofgen.numbers.balls import working_precision
from proofgen.spec.load import load

PAPER = Path(__file__).parent.parent.parent / "proofs" / "paper"
SPEC_1000 = """
title = "AsymmetricRNN, 1000 neurons, seed 80"
[network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 80, dimension = 1000, perturbation = "0.1" }
"""
PROVE = """
import json, resource, sys, time
start = time.perf_counter()
from proofgen import api
result = api.prove(api.load(sys.argv[1]), sys.argv[2], check=False)
print(json.dumps({"seconds": time.perf_counter() - start, "points": len(result.points), "proved": result.proved,
    "stages": result.summary["timing"], "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def product_seconds(spec: Path, bits: int = 128) -> float:
    """Fastest of five products W·W at ``bits``."""
    problem = load(spec)
    emission = emit_network(problem, "0" * 64)
    with working_precision(bits):
        W: arb_mat = network_data(emission)["W1"]
        times = []
        for _ in range(5):
            start = time.perf_counter()
            W * W
            times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("n", [50, 400, 1000])
def bench_whole_proof(n: int, tmp_path: Path, benchmark) -> None:  # type: ignore[no-untyped-def]
    spec = PAPER / f"n{n}-seed80.toml"
    if n == 1000:
        spec = tmp_path / "n1000.toml"
        spec.write_text(SPEC_1000)
    product = product_seconds(spec)
    runs: list[dict[str, object]] = []

    def prove() -> None:
        command = [sys.executable, "-c", PROVE, str(spec), str(tmp_path / "bundle")]
        runs.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))

    benchmark.pedantic(prove, rounds=1 if n == 1000 else 3)
    best = min(runs, key=lambda run: float(str(run["seconds"])))
    stages = dict(best["stages"])  # type: ignore[call-overload]
    mathematics = sum(stages[name] for name in ("search", "proof"))
    report = {
        "product_seconds": round(product, 4),
        "total_in_products": round(float(str(best["seconds"])) / product, 1),
        "mathematics_in_products": round(mathematics / product, 1),
        "points": best["points"],
        "peak_mib": round(float(str(best["peak_mib"]))),
        "stages": stages,
    }
    benchmark.extra_info.update(report)
    print(f"\nn = {n}: {json.dumps(report)}")
    assert best["proved"]


GAIN = """
[network]
family = "layered"
leak = LEAK
[[network.layer]]
weights = "W.npy"
activation = "tanh"
enters = ENTERS
"""
PROCESSOR = """
import resource, sys
from proofgen import api
result = api.prove(api.load(sys.argv[1]), sys.argv[2], check=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_utime, len(result.points), result.summary["complete"])
"""


@pytest.mark.parametrize("n", [100, 400])
def bench_gain_beside_shift(n: int, tmp_path: Path) -> None:
    """x' = -x + tanh(γWx) and x' = tanh((W + γI)x), all points for all real γ: processor time in fresh processes."""
    np.save(tmp_path / "W.npy", np.random.default_rng(7).standard_normal((n, n)) / np.sqrt(n))
    seconds = {}
    for name, leak, enters in (("gain", "1", "{ gain = true }"), ("shift", "0", '"identity"')):
        spec = tmp_path / f"{name}.toml"
        spec.write_text(GAIN.replace("LEAK", leak).replace("ENTERS", enters))
        command = [sys.executable, "-c", PROCESSOR, str(spec), str(tmp_path / name)]
        words = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        seconds[name] = float(words[0])
        assert words[2] == "True"
        print(f"\nn = {n}, {name}: {words[1]} points, {words[0]} s of the processor")
    print(f"gain/shift {seconds['gain'] / seconds['shift']:.2f}")
