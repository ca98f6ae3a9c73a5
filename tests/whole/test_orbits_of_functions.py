"""Periodic orbits of equations that are no polynomials: circles that are known exactly, and Hodgkin and Huxley's equations."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import mpmath
import numpy as np
import pytest
from ordinary import some
from scipy.integrate import solve_ivp

from proofgen.api import prove
from proofgen.checker.whole import check_path
from proofgen.spec.load import load_text

# circles of radius r, r² = s = 2a², γ = g(s), period 2π, κ = −2sg'(s)
FUNCTIONS = {
    "exp(s) - 1": lambda s: mpmath.exp(s) - 1, "log(1 + s)": lambda s: mpmath.log(1 + s),
    "sqrt(1 + s) - 1": lambda s: mpmath.sqrt(1 + s) - 1, "(1 + s)**(3/2) - 1": lambda s: (1 + s) ** mpmath.mpf(1.5) - 1,
    "sin(s)": mpmath.sin, "cos(1 + s) - cos(1)": lambda s: mpmath.cos(1 + s) - mpmath.cos(1), "tan(s)": mpmath.tan,
    "sinh(s)": mpmath.sinh, "cosh(1 + s) - cosh(1)": lambda s: mpmath.cosh(1 + s) - mpmath.cosh(1), "tanh(s)": mpmath.tanh,
    "atan(s)": mpmath.atan, "erf(s)": mpmath.erf, "exprel(s) - 1": lambda s: mpmath.expm1(s) / s - 1,
    "s/(1 - s/4)": lambda s: s / (1 - s / 4), "s/(1 + s)**2": lambda s: s / (1 + s) ** 2,
}  # fmt: skip
AMPLITUDE = "0.2"


def spec(g: str, more: str = "") -> str:
    return dedent(f"""\
        [network]
        family = "equations"
        variables = ["x", "y"]
        definitions = {{ s = "x**2 + y**2", g = "{g}" }}
        equations = ["(gamma - g)*x - y", "(gamma - g)*y + x"]
        start = ["0", "0"]
        [parameter]
        name = "gamma"
        interval = ["-0.5", "0.5"]
        [orbits]
        at = ["{AMPLITUDE}"]
        """) + more


def holds(pair: list[str], x: Any, width: float) -> bool:
    return bool(mpmath.mpf(pair[0]) <= x <= mpmath.mpf(pair[1])) and float(pair[1]) - float(pair[0]) < width


@pytest.mark.parametrize("g", some(FUNCTIONS, 5))
def test_circles(g: str, tmp_path: Path) -> None:
    result = prove(load_text(spec(g)), tmp_path / "bundle")
    (row,) = result.summary["orbits"]
    assert row["status"] == "proved", row["reason"]
    assert result.check is not None and result.check.verdict == "accepted"
    document = json.loads((tmp_path / "bundle" / "orbits" / "orbit-0001.json").read_text(encoding="utf-8"))
    with mpmath.workdps(40):
        s = 2 * mpmath.mpf(AMPLITUDE) ** 2
        assert holds(document["claims"]["parameter"], FUNCTIONS[g](s), 1e-9)
        assert holds(document["claims"]["period"], 2 * mpmath.pi, 1e-9)
        kappa = -2 * s * mpmath.diff(FUNCTIONS[g], s)
        assert holds(document["bounds"]["kappa"], kappa, 1e-6)
    assert document["claims"]["unstable_multipliers"] == (kappa > 0)


def piece(key: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["witness"]["pieces"][0][key] |= values

    return change


FORGERIES = {
    "a strip up to the pole": piece("tau_strip", rho=[3, 0]),
    "a neighbourhood up to the pole": piece("around", R=[[2, 0], [2, 0]]),
    "a neighbourhood where exp is too large": piece("around", R_gamma=[1, 10]),
    "a wide neighbourhood": piece("around", rho=[3, 0]),
}


@pytest.fixture(scope="module")
def quotient(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("quotient") / "bundle"
    result = prove(load_text(spec("s/(1 - s/4) + exp(gamma*s) - 1", 'branch = "0.1"\n')), out)
    assert [row["status"] for row in result.summary["orbits"]] == ["proved", "proved"]
    assert result.check is not None and result.check.verdict == "accepted"
    return out


@pytest.mark.parametrize("orbit", ["orbit-0001", "orbit-0002"])
@pytest.mark.parametrize("name", FORGERIES)
def test_forged_neighbourhoods(quotient: Path, tmp_path: Path, name: str, orbit: str) -> None:
    """Where a function is not holomorphic on what is called a neighbourhood, nothing follows."""
    out = tmp_path / "forged"
    shutil.copytree(quotient, out)
    for path in (out / "MANIFEST.sha256", out / "summary.json"):
        path.unlink()
    path = out / "orbits" / f"{orbit}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    FORGERIES[name](document)
    path.write_text(json.dumps(document), encoding="utf-8")
    report = check_path(out, "auto")
    failures = [str(failure) for item in report.items for failure in item.failures]
    assert report.exit_code in (1, 3) and failures and not any("defect" in text for text in failures), failures


@pytest.mark.slow
def test_hodgkin_huxley_near_its_first_point(tmp_path: Path) -> None:
    """Unstable orbits below the current of the Hopf point; SciPy goes once around and comes back."""
    file = Path(__file__).resolve().parents[2] / "proofs" / "textbook" / "hodgkin-huxley.toml"
    text = file.read_text(encoding="utf-8") + '\n[orbits]\npoints = ["hopf-0001"]\nat = ["1"]\nbranch = "0.5"\n'
    result = prove(load_text(text), tmp_path / "bundle")
    one, family = result.summary["orbits"]
    assert result.proved and result.check is not None and result.check.verdict == "accepted"
    assert one["unstable_multipliers"] == 1 == family["unstable_multipliers"] and family["direction"] == "decreasing"
    assert float(one["end"]["parameter"][1]) < 9.4 < float(family["end"]["parameter"][0]) < 9.7755
    claims = json.loads((tmp_path / "bundle" / "orbits" / "orbit-0001.json").read_text(encoding="utf-8"))["claims"]
    J, period = (sum(map(float, claims[key])) / 2 for key in ("parameter", "period"))
    start = [float(m) + sum(float(row[i]) for row in claims["polynomial"]["cosines"]) for i, m in enumerate(claims["polynomial"]["mean"])]

    def right(t: float, u: np.ndarray) -> list[float]:
        V, m, h, n = u
        return [
            J - 120 * m**3 * h * (V - 115) - 36 * n**4 * (V + 12) - 0.3 * (V - 10.613),
            (1 - m) * 0.1 * (25 - V) / np.expm1((25 - V) / 10) - 4 * m * np.exp(-V / 18),
            0.07 * np.exp(-V / 20) * (1 - h) - h / (1 + np.exp((30 - V) / 10)),
            (1 - n) * 0.01 * (10 - V) / np.expm1((10 - V) / 10) - n * 0.125 * np.exp(-V / 80),
        ]

    end = solve_ivp(right, (0, period), start, method="DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    assert np.abs(end - start).max() < 1e-4
