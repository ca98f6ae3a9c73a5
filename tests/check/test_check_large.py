"""A network of 400 neurons with all its Hopf points (minutes without FLINT)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bundle_maker import make
from check_tools import load

check = load()


def network(root: Path, n: int, **options: object) -> Path:
    rng = np.random.default_rng(n)
    return make(
        root, {"R1": rng.standard_normal((n, n)), "R2": 0.1 * rng.standard_normal((n, n))}, inline=False, **options
    )


@pytest.mark.parametrize("options", [{}, {"activation": "silu"}, {"radius": "1e-9"}], ids=["tanh", "silu", "radius"])
def test_30_neurons(tmp_path: Path, options: dict[str, str]) -> None:
    report = check.check_path(network(tmp_path, 30, **options), engine="python")
    assert report.exit_code == 0, check.table(report)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["python", "flint"])
def test_400_neurons(tmp_path: Path, engine: str) -> None:
    if engine == "flint":
        pytest.importorskip("flint")
    root = network(tmp_path, 400)
    report = check.check_path(root, engine=engine)
    assert report.exit_code == 0, check.table(report)
    assert len([item for item in report.items if item.name.startswith("points/")]) > 150
