"""Time of periodic orbits, beside that of the unproved orbit by `scipy.integrate.solve_bvp` (run as bench_prove.py says).

Each proof also tells the size of its bundle, and the most memory that the process had by then.
"""

from __future__ import annotations

import resource
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_bvp

from proofgen import api
from proofgen.approx.network import LayeredFieldApprox, layered_field_approx
from proofgen.checker.whole import check_path
from proofgen.problem.options import OrbitOptions

PAPER = Path(__file__).resolve().parents[2] / "proofs" / "paper"
ONE = [("n6-seed80", 1, "0.1"), ("n20-seed80", 4, "0.02"), ("n50-seed80", 3, "0.005")]
PIECES = [("n6-seed80", 1, "0.3"), ("n6-seed80", 2, "0.25"), ("n6-seed80", 3, "0.25")]


def problem(name: str, point: int, **asked: Any) -> Any:
    found: Any = api.load(PAPER / f"{name}.toml")
    options = OrbitOptions(points=(f"hopf-{point:04d}",), **asked)
    return replace(found, proof=replace(found.proof, orbits=options))


def proved(asked: Any) -> dict[str, float]:
    result = api.prove(asked)
    (row,) = result.summary["orbits"]
    assert row["status"] == "proved", row["reason"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"bundle_kib": sum(map(len, result.files.values())) / 1024, "peak_mib": peak}


def without(name: str) -> None:
    """All but the orbits, to be taken off."""
    api.prove(api.load(PAPER / f"{name}.toml"))


@pytest.mark.parametrize("name", ["n6-seed80", "n20-seed80", "n50-seed80"])
def bench_without_orbits(benchmark: Any, name: str) -> None:
    benchmark.pedantic(without, (name,), rounds=3, warmup_rounds=1)


@pytest.mark.parametrize(("name", "point", "amplitude"), ONE)
def bench_one_orbit(benchmark: Any, name: str, point: int, amplitude: str) -> None:
    asked = problem(name, point, at=(Fraction(amplitude),))
    benchmark.extra_info.update(benchmark.pedantic(proved, (asked,), rounds=3, warmup_rounds=1))


@pytest.mark.parametrize(("name", "point", "amplitude"), PIECES)
def bench_first_piece(benchmark: Any, name: str, point: int, amplitude: str) -> None:
    benchmark.extra_info.update(benchmark.pedantic(proved, (problem(name, point, branch=Fraction(amplitude)),), rounds=1))


@pytest.mark.parametrize(("name", "point", "amplitude"), PIECES)
def bench_check_of_first_piece(benchmark: Any, tmp_path: Path, name: str, point: int, amplitude: str) -> None:
    api.prove(problem(name, point, branch=Fraction(amplitude)), tmp_path / "bundle", check=False)
    report = benchmark.pedantic(check_path, (tmp_path / "bundle", "auto"), rounds=1)
    assert report.exit_code == 0


@pytest.mark.parametrize(("name", "point", "amplitude"), ONE)
def bench_unproved(benchmark: Any, name: str, point: int, amplitude: str) -> None:
    """The orbit of this amplitude (of its first component) by collocation, from the limit at the Hopf point."""
    field: LayeredFieldApprox = layered_field_approx(api.load(PAPER / f"{name}.toml"))
    values, vectors = np.linalg.eig(field.layers[0].W0)
    pairs = sorted((-float(z.real), float(z.imag), k) for k, z in enumerate(values) if z.imag > 1e-9)
    gamma, omega, k = pairs[point - 1]
    solution = benchmark.pedantic(collocated, (field, gamma, omega, vectors[:, k], float(amplitude)), rounds=1)
    assert solution.success


def collocated(field: LayeredFieldApprox, gamma: float, omega: float, q: np.ndarray, a: float) -> Any:
    tau = np.linspace(0, 2 * np.pi, 65)
    start = 2 * a * (q[:, None] * np.exp(1j * tau)[None]).real
    largest = int(np.argmax(np.abs(q)))
    height = start[largest].max()
    phase = float(-np.angle(q[largest]))
    start = 2 * a * (q[:, None] * np.exp(1j * (tau + phase))[None]).real

    def right(t: np.ndarray, x: np.ndarray, p: np.ndarray) -> np.ndarray:
        return p[0] * np.array([field.f(column, float(p[1])) for column in x.T]).T

    def ends(x: np.ndarray, y: np.ndarray, p: np.ndarray) -> np.ndarray:
        slope = field.f(x, float(p[1]))[largest]
        return np.array([*(y - x), x[largest] - height, slope])

    return solve_bvp(right, ends, tau, start, p=np.array([1 / omega, gamma]), tol=1e-9, max_nodes=20000)
