"""Bundles to forge, made from specs, with the independent values of their points."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import compare
import mpmath as mp
from campaign import full, true_point, written
from compare import Point, SpecField

from proofgen import api
from proofgen.api import largest_radius
from proofgen.spec.load import load_text

PROOFS = Path(__file__).parents[2] / "proofs"

FILES = {
    "two-layers": "networks/adversarial-two-layer.toml", "field": "textbook/brusselator.toml",
    "space": "textbook/three-dimensional.toml",
}  # fmt: skip
TEXTS = {
    "rate": """
title = "rate"
[network]
family = "layered"
leak = "1"
start = ["0.35", "0.23"]
[[network.layer]]
weights = [["12", "-10"], ["10", "-2"]]
bias = ["-1.1", "-4.2"]
activation = "logistic"
enters = { row = 1, column = 1 }
[parameter]
interval = ["-2", "-1.95"]
""",
    "two points": """
title = "two points"
[network]
family = "equations"
variables = ["x", "y"]
equations = ["(mu**2 - 1/16)*x - y - x*(x**2 + y**2) + x*y", "x + (mu**2 - 1/16)*y - y*(x**2 + y**2)/2 + x**2"]
start = ["0.0", "0.0"]
[parameter]
name = "mu"
interval = ["-0.5", "0.5"]
""",
    "zero branch": """
title = "zero branch"
[network]
family = "asymmetric-rnn"
activation = "tanh"
R1 = [["0.3", "1.2", "-0.4", "0.8"], ["-0.9", "0.1", "0.7", "0.2"], ["0.5", "-1.1", "0.2", "1.4"], ["0.6", "0.3", "-0.8", "0.4"]]
R2 = [["0.05", "-0.1", "0.07", "0.02"], ["0.08", "0.03", "-0.06", "0.11"], ["-0.02", "0.09", "-0.05", "0.04"], ["0.01", "-0.07", "0.06", "-0.12"]]
bias = ["0.1", "-0.2", "0.3", "0.15"]
""",
}


@dataclass(frozen=True)
class Base:
    """spec: as tables; truths: id → the independent value."""

    name: str
    root: Path
    spec: Any
    truths: dict[str, Point]


def base(name: str, method: str, root: Path, radius: str | None = None, largest: bool = False) -> Base:
    """Prove, check, and compute independently. name: of FILES or TEXTS; largest: for the largest radius that is found."""
    text = TEXTS[name] if name in TEXTS else (PROOFS / FILES[name]).read_text()
    spec = tomllib.loads(text)
    if radius:
        spec["proof"] = {**spec.get("proof", {}), "weight_radius": radius}
        text += f'\n[proof]\nweight_radius = "{radius}"\n'
    problem = load_text(text)
    result = largest_radius(problem, method=method).result if largest else api.prove(problem, method=method)
    written(result, root)
    assert full.check_path(root).exit_code == 0
    field = SpecField(spec)
    truths = {}
    with mp.workdps(compare.DIGITS):
        for identifier in result.points:
            truth = true_point(field, result.points[identifier]["claims"], [])
            assert isinstance(truth, Point), truth
            truths[identifier] = truth
    assert truths
    return Base(name, root, spec, truths)
