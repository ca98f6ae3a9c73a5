"""Time of the checker (run as bench_prove.py says)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "check"))

from bundle_maker import make
from check_tools import SHORT_CHECKER, load

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
SPECS = ["paper/n6-seed80", "paper/n50-seed120", "paper/n400-seed80", "textbook/hodgkin-huxley"]
PROVE = """
import json, sys
from proofgen import api
result = api.prove(api.load(sys.argv[1]), sys.argv[2], jobs=int(sys.argv[3]))
print(json.dumps({"verdict": result.check.verdict, "timing": result.summary["timing"]}))
"""

check, short = load(), load(SHORT_CHECKER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


def bundle(folder: Path, n: int, activation: str) -> Path:
    root = folder / f"{activation}-{n}"
    if not root.exists():
        rng = np.random.default_rng(n)
        arrays = {"R1": rng.standard_normal((n, n)), "R2": 0.1 * rng.standard_normal((n, n))}
        make(root, arrays, activation=activation, inline=False)
    return root


@pytest.mark.parametrize("engine", ["python", "flint"])
@pytest.mark.parametrize(("n", "activation"), [(6, "tanh"), (50, "tanh"), (50, "silu"), (400, "tanh"), (400, "silu")])
def bench_check(benchmark: Any, folder: Path, n: int, activation: str, engine: str) -> None:
    if engine == "flint":
        pytest.importorskip("flint")
    root = bundle(folder, n, activation)
    report = benchmark.pedantic(check.check_path, (root, engine), rounds=1 if n > 100 else 5)
    assert report.exit_code == 0, check.table(report)


@pytest.mark.parametrize(("n", "activation"), [(6, "tanh"), (50, "tanh"), (50, "silu"), (400, "tanh"), (400, "silu")])
def bench_short(benchmark: Any, folder: Path, n: int, activation: str) -> None:
    """The short checker for the method zero-branch: Python's integers alone."""
    items = benchmark.pedantic(short.check_bundle, (bundle(folder, n, activation),), rounds=1 if n > 100 else 5)
    assert all(item.verdict() == "accepted" for item in items)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("spec", SPECS)
def bench_share_of_a_run(benchmark: Any, tmp_path: Path, spec: str, jobs: int) -> None:
    """What share of `prove` the check at its end is: all seconds are of one run."""
    runs: list[dict[str, Any]] = []

    def prove() -> None:
        command = [sys.executable, "-c", PROVE, str(PROOFS / f"{spec}.toml"), str(tmp_path / "bundle"), str(jobs)]
        runs.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))

    benchmark.pedantic(prove, rounds=3)
    assert all(run["verdict"] == "accepted" for run in runs)
    seconds = min((run["timing"] for run in runs), key=lambda timing: float(timing["total_seconds"]))
    ratios = {
        "share": round(seconds["check"] / seconds["total_seconds"], 2),
        "check_in_proofs": round(seconds["check"] / (seconds["search"] + seconds["proof"]), 2),
    }
    benchmark.extra_info.update(ratios)
    print(f"\n{spec}, {jobs} jobs: {ratios}, {seconds}")
