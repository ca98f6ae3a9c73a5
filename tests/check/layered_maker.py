"""Small bundles of section 10 in which everything is known by hand: X and Y are the identity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from check_tools import digest, rehash, write


def save(root: Path, name: str, array: Any) -> dict[str, Any]:
    path = root / "arrays" / f"{name}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.asarray(array, dtype="<f8"))
    return {"file": f"arrays/{name}.npy", "sha256": digest(path), "shape": list(np.shape(array))}


def problem(root: Path, weights: list[list[str]], parameter: list[dict[str, Any]], interval: list[str], **changes: Any) -> None:
    layer = {
        "activation": "tanh", "bias": None, "parameter": parameter,
        "weights": [{"coefficient": "1", "matrix": "W", "transpose": False}],
    }  # fmt: skip
    document = {
        "format": "proofgen-problem", "version": 1, "title": "by hand", "dimension": len(weights),
        "parameter": {"name": "gamma", "interval": interval}, "leak": None, "layers": [layer],
        "arrays": {"W": {"entries": weights}}, "weight_radius": "0",
    }  # fmt: skip
    root.mkdir(parents=True, exist_ok=True)
    write(root / "problem.json", document | changes)


def branch(root: Path, interval: list[str], pieces: list[dict[str, Any]], d: list[Any], x: list[list[float]] | None,
           points: list[dict[str, Any]] | None = None, **claims: Any) -> None:  # fmt: skip
    """Pieces with X = Y = I and the same centres d."""
    n, K = len(d), len(pieces)
    witness = {
        "pieces": [{"index": None, "point": None, "crossing": None} | piece for piece in pieces],
        "x": None if x is None else save(root, "pieces-x", x),
        "slope": None if x is None else save(root, "pieces-slope", np.zeros((K, n))),
        "X": save(root, "pieces-X", np.tile(np.eye(n), (K, 1))), "Y": save(root, "pieces-Y", np.tile(np.eye(n), (K, 1))),
        "d": save(root, "pieces-d", d * K),
    }  # fmt: skip
    base = {"interval": interval, "start": None, "points": points or [], "complete": True, "real_crossings": [], "unsettled": []}
    write(root / "branch.json", {
        "format": "proofgen-branch", "version": 1, "problem": {"file": "problem.json", "sha256": ""}, "method": "pieces",
        "claims": base | claims, "bounds": None, "witness": witness, "precision": 128,
    })  # fmt: skip
    rehash(root)


def two_wells(root: Path, signs: tuple[int, int]) -> Path:
    """x_1' = -x_1 + tanh(2 x_1 + gamma x_2), x_2' = -x_2 + tanh(2 x_2): the equilibria (+-a, 0) for all gamma."""
    a = 0.95750402407727
    problem(root, [["2", "0"], ["0", "2"]], [{"coefficient": "1", "unit": [1, 2]}], ["-0.1", "0.1"], leak="1")
    pieces = [{"interval": ends, "centre": c, "radius": "0.001", "pairs": 0, "kind": "clear"}
              for ends, c in ((["-0.1", "0"], "-0.05"), (["0", "0.1"], "0.05"))]  # fmt: skip
    start = [[f"{signs[0] * a - 1e-4:.6f}", f"{signs[0] * a + 1e-4:.6f}"], ["-0.0001", "0.0001"]]
    branch(root, ["-0.1", "0.1"], pieces, [[-0.8336, 0], [1, 0]], [[s * a, 0] for s in signs], start=start)
    return root


def oscillators(root: Path, second: str) -> Path:
    """On x = 0: eigenvalues gamma +- i and gamma + second +- 2i; a double Hopf point at gamma = 0 if second = 0."""
    s = float(second)
    last = f"{1 + s}"
    weights = [["1", "1", "0", "0"], ["-1", "1", "0", "0"], ["0", "0", last, "2"], ["0", "0", "-2", last]]
    problem(root, weights, [{"coefficient": "1", "identity": True}], ["-0.5", "0.5"], leak="1")
    d = save(root, "d", [[0, 1], [s, 2]])
    eye = save(root, "I", np.eye(4))
    claims = {
        "parameter": ["-1e-9", "1e-9"], "omega": ["0.99999999", "1.00000001"],
        "first_lyapunov_coefficient": ["-1.0001", "-0.2"], "crossing_speed": ["0.9999", "1.0001"],
        "unstable_eigenvalues": 2 if s > 0 else 0, "stable_eigenvalues": 0 if s > 0 else 2, "criticality": "supercritical",
        "spectral_gap": f"{abs(s) * 0.9 or 0.01:.6f}", "equilibrium": [["0", "0"]] * 4, "window": ["-0.2", "0.2"],
        "uniqueness_radius": None,
    }  # fmt: skip
    none = ("branch_gap", "branch_residual", "branch_radius", "Y", "Z", "r_min")
    bounds: dict[str, Any] = dict.fromkeys(none) | {
        "rho": "1e-30", "window_disc_radius": "0.26", "window_clearance": "0.01", "window_slope": ["0.999", "1.001"],
        "real_part": ["-1e-9", "1e-9"], "disc_radius": "1e-9", "isolation": "0.9", "delta_right": "1e-9",
        "delta_left": "1e-9", "pq_defect": "1e-9", "q_norm_squared": ["1.99", "2.01"], "gap_0": "0.9", "gap_2": "0.009",
        "terms": [["-4.1", "-0.5"], ["-0.001", "0.001"], ["-0.001", "0.001"]],
    }  # fmt: skip
    witness = {"gamma": "0", "half_width": "0.2" if s else "0.01", "x": None, "slope": None, "radius": None, "pairs": 2, "pair": 0,
               "X": [eye], "Y": [eye], "d": [d]}  # fmt: skip
    claims["window"] = ["-0.19", "0.19"] if s else ["-0.009", "0.009"]
    (root / "points").mkdir()
    write(root / "points/hopf-0001.json", {
        "format": "proofgen-certificate", "version": 1, "id": "hopf-0001", "problem": {"file": "problem.json", "sha256": ""},
        "method": "spectral", "claims": claims, "bounds": bounds, "witness": witness, "precision": 128,
    })  # fmt: skip
    rehash(root)
    return root
