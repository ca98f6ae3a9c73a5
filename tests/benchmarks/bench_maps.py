"""Cost of one Neimark–Sacker point of a recurrent network as a multiple of one n × n ball product, its check beside it, and
1,000 networks of a sweep over seeds.

    python -m pytest tests/benchmarks/bench_maps.py -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

Random weights of order 1/√n, the gain of weight_hh as the parameter. The unit is the product of two ball matrices with full
mantissas at 128 bits. The candidate comes from the search; measured is everything after it: refinement, window, Theorems A
and B, both linear systems, printing. The checks are those of the certificate and of a bundle with it and a short interval around
it, in processes of their own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat

from proofgen import api
from proofgen.bundle.problem import describe
from proofgen.claims.map_point import MapContent
from proofgen.numbers.balls import working_precision
from proofgen.search.location import NEIMARK_SACKER
from proofgen.spec.load import load_text
from proofgen.strategy import branch
from proofgen.strategy.points import prove_point
from proofgen.strategy.workshop import Setting, Workshop

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "batch"))

from runs import go, write_run

ROOT = Path(__file__).parent.parent.parent
GATES = {"rnn": 1, "gru": 3}
RANGES = {"rnn": '["0.7", "1.6"]', "gru": '["0.5", "3"]'}
SHORT = Fraction(1, 10**6)  # half of the interval of the bundle


def network(cell: str, n: int, folder: Path) -> Any:
    rng = np.random.default_rng(n)
    rows, A = GATES[cell] * n, rng.standard_normal((n, n))
    W = A if cell == "rnn" else np.vstack([0.5 * rng.standard_normal((2 * n, n)), A - A.T])  # a GRU of that kind oscillates
    arrays = {
        "weight_hh_l0": W / np.sqrt(n), "weight_ih_l0": np.zeros((rows, 1)),
        "bias_hh_l0": 0.1 * rng.standard_normal(rows), "bias_ih_l0": np.zeros(rows),
    }  # fmt: skip
    np.savez(folder / "model.npz", **{key: value.astype(np.float32) for key, value in arrays.items()})  # type: ignore[arg-type]
    return load_text(
        f'[network]\nfamily = "{cell}"\nstate_dict = "model.npz"\n[parameter]\nenters = {{ gain = "weight_hh" }}\ninterval = {RANGES[cell]}\n',
        folder,
    )


def fastest(run: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize(("cell", "n"), [("rnn", 16), ("rnn", 64), ("rnn", 128), ("gru", 16), ("gru", 64)])
def bench_one_point(cell: str, n: int, tmp_path: Path) -> None:
    problem = network(cell, n, tmp_path)
    emission = branch.emit(problem, describe(problem)[1].sha256)
    found = branch.search(problem, emission, False)
    crossing = next(c for c in found.crossings if c.kind == NEIMARK_SACKER)
    rng = np.random.default_rng(0)
    with working_precision(128):
        B = arb_mat([[arb(x) / 3 for x in row] for row in rng.standard_normal((n, n)).tolist()])
        unit = fastest(lambda: B * B, 5)
    shop = Workshop(Setting(problem, emission, 128, False, "spectral"))
    assert isinstance(prove_point(shop, crossing), MapContent)
    seconds = fastest(lambda: prove_point(shop, crossing))
    at = Fraction(round(crossing.gamma * 10**9), 10**9)
    near = replace(problem, interval=(at - SHORT, at + SHORT), start=tuple(Fraction(round(x * 2**20), 2**20) for x in crossing.x.tolist()))
    bundle = api.prove(near, tmp_path / "bundle", check=False).bundle
    verdicts = []
    assert len(bundle.points) == 1, [row.reason for row in bundle.summary.points] + [piece.reason for piece in bundle.summary.unsettled]
    (name,) = bundle.points

    def check(place: Path) -> float:
        command = [sys.executable, "-I", str(ROOT / "proofgen" / "check.py"), str(place)]
        return fastest(lambda: verdicts.append(subprocess.run(command, capture_output=True, check=False).returncode), 1)

    alone, checked = check(tmp_path / "bundle" / "points" / f"{name}.json"), check(tmp_path / "bundle")
    size = sum(path.stat().st_size for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    print(f"\n{cell}, n = {n}: {seconds:.3f} s = {seconds / unit:.0f} ball products ({unit:.5f} s); bundle complete {bundle.summary.complete}, "
          f"{len(bundle.points)} point(s), {size / 1e6:.2f} MB; check of the certificate {alone:.2f} s = {alone / seconds:.1f} times the point, of all {checked:.2f} s, exit codes {verdicts}")  # fmt: skip


TEXT = """
title = "RNNs"
check = CHECK
[output]
packing = "zip"
[[group]]
name = "rnn"
[group.base.network]
family = "asymmetric-rnn"
time = { euler = "0.1" }
random = { generator = "matlab", seed = 1, dimension = 16, perturbation = "0.1" }
[group.product.network.random]
seed = { from = 1, to = SEEDS }
"""


def bench_a_sweep(tmp_path: Path) -> None:
    """AntisymmetricRNN cells: their Neimark–Sacker points and flips for all real γ."""
    for check in ("false", "true"):
        start = time.perf_counter()
        totals = go(write_run(tmp_path, seeds=1000, text=TEXT.replace("CHECK", check)), tmp_path / check, jobs=2)
        seconds = time.perf_counter() - start
        print(f"\n1,000 networks, check = {check}: {seconds:.0f} s, {totals}")
