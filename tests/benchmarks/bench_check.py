"""Time of the checker (run as bench_prove.py says)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "check"))

from bundle_maker import make
from check_tools import SHORT_CHECKER, load

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
