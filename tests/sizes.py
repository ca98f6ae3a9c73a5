"""Networks of the size that people train, drawn as their files were: w64.npz … are NumPy's default_rng(n), in binary32."""

from __future__ import annotations

from pathlib import Path

import numpy as np

_RATE = """
title = "rate network, {n} units, gain 1 + gamma"
[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = "w{n}.npz:W"
bias = "w{n}.npz:b"
activation = "tanh"
enters = {{ matrix = "w{n}.npz:W" }}
[parameter]
interval = ["-0.5", "0.5"]
"""


def rate_network(n: int, folder: Path) -> Path:
    """The spec of x' = −x + tanh((1 + γ)Wx + b), γ in [−0.5, 0.5], with its weights beside it; its path."""
    rng = np.random.default_rng(n)
    W = (rng.standard_normal((n, n)) / np.sqrt(n)).astype(np.float32)
    np.savez(folder / f"w{n}.npz", W=W, b=(0.3 * rng.standard_normal(n)).astype(np.float32))
    spec = folder / f"rate{n}.toml"
    spec.write_text(_RATE.format(n=n), encoding="utf-8")
    return spec


_OTHER = """
title = "{kind}, {n} units"
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


def other_network(kind: str, n: int, interval: str, folder: Path) -> Path:
    """The same weights in another network: with `leaks` between 0.8 and 1.2, `logistic` (with four times the gain, as its
    slope is at most 1/4), or in `two layers` with as many units between (drawn after the first, with gain 1 + gamma in
    the first)."""
    spec = rate_network(n, folder)
    drawn = np.load(folder / f"w{n}.npz")
    rng = np.random.default_rng(1000 + n)
    arrays = {"W": drawn["W"], "b": drawn["b"]}
    leak, activation, second = '"1"', "tanh", ""
    if kind == "leaks":
        leak = str([f"{x:.2f}" for x in rng.uniform(0.8, 1.2, n)]).replace("'", '"')
    elif kind == "logistic":
        activation, arrays["W"] = "logistic", 4 * drawn["W"]
    else:
        arrays["V"] = (rng.standard_normal((n, n)) / np.sqrt(n)).astype(np.float32)
        arrays["c"] = (0.3 * rng.standard_normal(n)).astype(np.float32)
        second = _LAYER.format(n=n, W="V", b="c", activation="tanh")
    np.savez(folder / f"w{n}.npz", **arrays)
    first = _LAYER.format(n=n, W="W", b="b", activation=activation) + f'enters = {{ matrix = "w{n}.npz:W" }}\n'
    spec.write_text(_OTHER.format(kind=kind, n=n, leak=leak, layers=first + second, interval=interval), encoding="utf-8")
    return spec
