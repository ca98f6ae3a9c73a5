"""Networks of the size that people train, drawn as their files were: w64.npz … are NumPy's default_rng(n), in binary32."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_SPEC = """
title = "{title}"
[network]
family = "layered"
leak = {leak}
{layers}
[parameter]
interval = {interval}
"""
_LAYER = """[[network.layer]]
weights = "w{n}.npz:{W}"
bias = "w{n}.npz:{b}"
activation = "{activation}"
"""


def rate_network(n: int, folder: Path) -> Path:
    """The spec of x' = −x + tanh((1 + γ)Wx + b), γ in [−0.5, 0.5], with its weights beside it; its path."""
    return _written(n, folder, f"rate network, {n} units, gain 1 + gamma", drawn(n), '["-0.5", "0.5"]')


def drawn(n: int) -> dict[str, Any]:
    rng = np.random.default_rng(n)
    W = (rng.standard_normal((n, n)) / np.sqrt(n)).astype(np.float32)
    return {"W": W, "b": (0.3 * rng.standard_normal(n)).astype(np.float32)}


def other_network(kind: str, n: int, interval: str, folder: Path) -> Path:
    """The same weights in another network: with `leaks` between 0.8 and 1.2, `logistic` (with four times the gain, as its
    slope is at most 1/4), or in `two layers` with as many units between (drawn after the first, with gain 1 + gamma in
    the first)."""
    arrays, rng, title = drawn(n), np.random.default_rng(1000 + n), f"{kind}, {n} units"
    if kind == "leaks":
        leak = str([f"{x:.2f}" for x in rng.uniform(0.8, 1.2, n)]).replace("'", '"')
        return _written(n, folder, title, arrays, interval, leak=leak)
    if kind == "logistic":
        return _written(n, folder, title, arrays | {"W": 4 * arrays["W"]}, interval, activation="logistic")
    arrays["V"] = (rng.standard_normal((n, n)) / np.sqrt(n)).astype(np.float32)
    arrays["c"] = (0.3 * rng.standard_normal(n)).astype(np.float32)
    return _written(n, folder, title, arrays, interval, second=_LAYER.format(n=n, W="V", b="c", activation="tanh"))


def _written(
    n: int, folder: Path, title: str, arrays: dict[str, Any], interval: str,
    leak: str = '"1"', activation: str = "tanh", second: str = "",
) -> Path:  # fmt: skip
    """The spec, whose first layer has the gain 1 + γ."""
    np.savez(folder / f"w{n}.npz", **arrays)
    first = _LAYER.format(n=n, W="W", b="b", activation=activation) + f'enters = {{ matrix = "w{n}.npz:W" }}\n'
    spec = folder / f"rate{n}.toml"
    spec.write_text(_SPEC.format(title=title, leak=leak, layers=first + second, interval=interval), encoding="utf-8")
    return spec
