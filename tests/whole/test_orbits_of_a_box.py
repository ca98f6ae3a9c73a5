"""Periodic orbits of every network of a box (Lemma O5 of MATHEMATICS.md, section 16).

Networks of the box are integrated by SciPy: their orbits are where the certificate says. Forged boxes are refused.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from proofgen.api import prove
from proofgen.checker.whole import check_path
from proofgen.spec.load import load_text

W = np.array([[0.1, -1, 0.3], [1.2, -0.2, 0.1], [-0.4, 0.5, -0.9]])
V = np.array([[0.1, -2, 0.3], [2.2, -0.2, 0.1], [-0.4, 0.5, -3]])
B, C = np.array([0.02, -0.1, -0.3]), np.array([0.1, 0.05, -0.1])
RADII, AMPLITUDE = {False: 1e-6, True: 1e-8}, 0.05


def spec(moving: bool) -> str:
    rows = ", ".join("[" + ", ".join(f'"{x}"' for x in row) + "]" for row in (V if moving else W))
    bias = f"bias = {[str(x) for x in B]}" if moving else ""
    enters = f"enters = {{ identity = true, bias = {[str(x) for x in C]} }}" if moving else ""
    return f"""[network]
family = "layered"
leak = "{1 if moving else 0}"
[[network.layer]]
weights = [{rows}]
activation = "tanh"
{bias}
{enters}
[parameter]
interval = ["{0.3 if moving else -1}", "{1.6 if moving else 1}"]
[proof]
weight_radius = "{RADII[moving]}"
[orbits]
at = ["{AMPLITUDE}"]
branch = "0.02"
"""


@pytest.fixture(scope="module", params=[False, True], ids=["zero branch", "moving equilibrium"])
def boxed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bool]:
    out = tmp_path_factory.mktemp("box") / "bundle"
    result = prove(load_text(spec(request.param)), out)
    assert [row["status"] for row in result.summary["orbits"]] == ["proved", "proved"], result.summary["orbits"]
    assert result.check is not None and result.check.verdict == "accepted"
    return out, request.param


def orbit_of(weights: np.ndarray, bias: np.ndarray, moving: bool, p: np.ndarray, start: tuple[np.ndarray, float, float]) -> Any:
    """x at 64 equal phases, γ and the period of the orbit with p^H x̂_1 = AMPLITUDE."""
    leak, c = (1.0, C) if moving else (0.0, 0 * C)

    def right(t: float, x: np.ndarray, gamma: float) -> np.ndarray:
        return -leak * x + np.tanh((weights + gamma * np.eye(3)) @ x + bias + gamma * c)

    def flow(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        t = np.linspace(0, u[4], 65)
        found = solve_ivp(right, (0, u[4]), u[:3], method="DOP853", t_eval=t, args=(u[3],), rtol=1e-11, atol=1e-13)
        return found.y[:, :-1], found.y[:, -1]

    def equations(u: np.ndarray) -> np.ndarray:
        x, end = flow(u)
        mode = x @ np.exp(-2j * np.pi * np.arange(64) / 64) / 64
        z = p @ mode - AMPLITUDE
        return np.array([*(end - u[:3]), z.real, z.imag])

    u, _, status, message = fsolve(equations, np.array([*start[0], start[1], start[2]]), xtol=1e-12, full_output=True)
    assert status == 1 or np.abs(equations(u)).max() < 1e-9, message
    return flow(u)[0], u[3], u[4]


def test_networks_of_the_box(boxed: tuple[Path, bool]) -> None:
    out, moving = boxed
    document = json.loads((out / "orbits" / "orbit-0001.json").read_text(encoding="utf-8"))
    claims = document["claims"]
    p = np.array([re[0] * 2.0 ** re[1] + 1j * im[0] * 2.0 ** im[1] for re, im in document["witness"]["p"]])
    mean = np.array(list(map(float, claims["polynomial"]["mean"])))
    cosines, sines = (np.array([list(map(float, row)) for row in claims["polynomial"][key]]) for key in ("cosines", "sines"))
    phases = 2 * np.pi * np.arange(64) / 64
    angles = np.outer(np.arange(1, len(cosines) + 1), phases)
    printed = mean[:, None] + cosines.T @ np.cos(angles) + sines.T @ np.sin(angles)
    middle = sum(map(float, claims["parameter"])) / 2, sum(map(float, claims["period"])) / 2
    rng = np.random.default_rng(5)
    for k in range(6):
        signs = rng.choice([-1, 1], size=(4, 3)) if k < 3 else rng.uniform(-1, 1, size=(4, 3))
        weights = (V if moving else W) + RADII[moving] * signs[:3]
        bias = B + RADII[moving] * signs[3] if moving else 0 * B
        x, gamma, period = orbit_of(weights, bias, moving, p, (printed[:, 0], *middle))
        assert float(claims["parameter"][0]) < gamma < float(claims["parameter"][1])
        assert float(claims["period"][0]) < period < float(claims["period"][1])
        assert np.abs(x - printed).max() < float(claims["polynomial"]["distance"])
        assert k > 2 or abs(gamma - middle[0]) > RADII[moving] / 100  # the box moves the parameter


def forged(out: Path, tmp_path: Path, name: str, change: Callable[[dict[str, Any]], None], radius: str | None = None) -> tuple[int, list[str]]:
    """The bundle with this certificate alone; radius: another box of weights."""
    copy = tmp_path / "forged"
    shutil.copytree(out, copy)
    for path in [copy / "MANIFEST.sha256", copy / "summary.json", *(copy / "orbits").glob("*.json")]:
        if path.stem != name:
            path.unlink()
    file = copy / "orbits" / f"{name}.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    if radius is not None:
        problem = json.loads((copy / "problem.json").read_text(encoding="utf-8"))
        problem["weight_radius"] = radius
        text = json.dumps(problem)
        (copy / "problem.json").write_text(text, encoding="utf-8")
        document["problem"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    file.write_text(json.dumps(document), encoding="utf-8")
    report = check_path(copy, "auto")
    assert not any("defect of the checker" in str(failure) for item in report.items for failure in item.failures)
    (item,) = (item for item in report.items if item.name == f"orbits/{name}")
    failures = list(map(str, item.failures))
    assert radius is not None or (report.exit_code == 0) == (item.verdict == "accepted")
    return {"accepted": 0, "rejected": 1, "incomplete": 3}[item.verdict], failures


def of_piece(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["witness"]["pieces"][0]["box"][key] = value

    return change


FORGERIES: dict[str, Callable[[dict[str, Any]], None]] = {
    "factor 1": of_piece("factor", [1, 0]),
    "a factor below 1": of_piece("factor", [1, -1]),
    "a small factor": of_piece("factor", [3, 0]),
    "up to a pole": of_piece("factor", [1, 40]),
    "too large": of_piece("factor", [1, 300]),
    "strip of width 0": of_piece("rho", [0, 0]),
    "a negative R": of_piece("R", [[-1, 0], [1, -6], [1, -6]]),
    "R of another length": of_piece("R", [[1, -6], [1, -6]]),
    "a small R_gamma": of_piece("R_gamma", [1, -60]),
    "no box": lambda document: document["witness"]["pieces"][0].pop("box"),
    "another key": of_piece("eta", [0, 0]),
    "kappa": lambda document: document["bounds"].update(kappa=["0.001", "0.002"]),
    "parameter as of one network": lambda document: document["claims"].update(
        parameter=[document["claims"]["parameter"][0]] * 2),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_box(boxed: tuple[Path, bool], tmp_path: Path, name: str) -> None:
    code, failures = forged(boxed[0], tmp_path, "orbit-0001", FORGERIES[name])
    assert code in (1, 3) and failures


def test_witness_for_a_smaller_box(boxed: tuple[Path, bool], tmp_path: Path) -> None:
    assert forged(boxed[0], tmp_path, "orbit-0001", lambda document: None) == (0, [])
    code, failures = forged(boxed[0], tmp_path / "larger", "orbit-0001", lambda document: None, "0.000001" if boxed[1] else "0.0001")
    assert code == 1 and any("O1" in text or "pole" in text for text in failures)


def test_exact_networks_have_no_box(boxed: tuple[Path, bool], tmp_path: Path) -> None:
    code, failures = forged(boxed[0], tmp_path, "orbit-0001", lambda document: None, "0")
    assert code == 1 and any("box of weights" in text for text in failures)
    code, failures = forged(boxed[0], tmp_path / "exact", "orbit-0001", FORGERIES["no box"], "0")
    assert (code, failures) == (0, [])  # what holds for all of them holds for the one in the middle


def test_certificate_says_for_every_network(boxed: tuple[Path, bool]) -> None:
    assert "For every network in the box" in (boxed[0] / "orbits" / "orbit-0002.tex").read_text(encoding="utf-8")
