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
