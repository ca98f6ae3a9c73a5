"""The strong resonance 1:3 of odd maps at x = 0, where it is none: closed forms, and what is not accepted."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, rehash, write
from fields import spec

from proofgen import api
from proofgen.check import check_path
from proofgen.spec.load import load_text
from proofgen.strategy.result import Result

# A companion matrix: μ = g e^{±2πi/3} exactly. With q = (1, μ)/√2, p^H = (−1/μ, 1)√2/(i√3) at g = 1 and
# C(q, q, q̄) = (0, −6)/√8: c_1 = i√3/2 and a = Re μ̄c_1 = 3/4.
MAP = spec("x; y", "y; -g**2*x - g*y - x**3", "0.8, 1.2", parameter="g", more='time = "discrete"')


def prove(text: str, out: Path) -> Result:
    found = api.prove(load_text(text), out)
    assert found.check is not None and found.check.verdict == "accepted"
    return found


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("odd") / "bundle"
    found = prove(MAP, out)
    assert found.bundle.summary.complete and list(found.bundle.points) == ["ns-0001"]
    return out


def test_closed_form(bundle: Path) -> None:
    document = read(bundle / "points/ns-0001.json")
    claims, bounds = document["claims"], document["bounds"]
    for value, pair in ((1, claims["parameter"]), (Fraction(3, 4), claims["coefficient"]), (1, claims["log_modulus_speed"]), (Fraction(-1, 2), bounds["cosine"])):
        low, high = map(Fraction, pair)
        assert low <= value <= high and high - low < Fraction(1, 10**9)
    assert bounds["gap_1"] is None and bounds["gap_2"] is None and all(-1e-40 < float(low) <= 0 <= float(high) < 1e-40 for low, high in bounds["terms"][1:])
    text = (bundle / "points/ns-0001.tex").read_text()
    assert "there are no terms of even degree, so that $k=3$ is no resonance" in text and "$B=0$ at" in text


def test_the_simulated_modulus_agrees() -> None:
    """At g = 1 orbits obey |w|^−2 = |w_0|^−2 − 2ak to leading order, with a = 3/4 for |q| = 1."""
    x, y = 1e-2, 0.0

    def size(x: float, y: float) -> float:
        mu = np.exp(2j * np.pi / 3)
        return abs((x * (-1 / mu) + y) * np.sqrt(2) / (1j * np.sqrt(3))) ** -2  # |w|^-2, w = p^H (x, y)

    sizes = []
    for _ in range(1500):
        x, y = y, -x - y - x**3
        sizes.append(size(x, y))
    slope = np.polyfit(np.arange(len(sizes)), sizes, 1)[0]
    assert abs(slope + 1.5) < 0.03


@pytest.mark.parametrize("change", [("- x**3", "- x**3 + x**2"), ("- x**3", "- x**3 + x**4")])
def test_other_maps_are_undecided(change: tuple[str, str], tmp_path: Path) -> None:
    found = prove(MAP.replace(*change), tmp_path / "bundle")
    assert not found.bundle.points and {row.code for row in found.bundle.summary.points} == {"strong-resonance"}


def test_the_resonance_1_4_stays(tmp_path: Path) -> None:
    found = prove(MAP.replace("- g*y", ""), tmp_path / "bundle")
    assert not found.bundle.points and {row.code for row in found.bundle.summary.points} == {"strong-resonance"}


TWO_LAYERS = """
[network]
family = "layered"
time = "discrete"
[[network.layer]]
weights = [["0", "1"], ["-1", "-1"]]
activation = "tanh"
enters = { gain = true }
[[network.layer]]
weights = [["1", "0"], ["0", "1"]]
activation = "sin"
enters = "none"
[parameter]
interval = ["0.8", "1.2"]
"""
CELL = """
[network]
family = "rnn"
weight_hh = [["0", "1"], ["-1", "-1"]]
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.8", "1.2"]
[proof]
weight_radius = { weight_hh = "1e-7" }
"""


@pytest.mark.parametrize("text", [TWO_LAYERS, CELL], ids=["layers", "cell"])
def test_networks(text: str, tmp_path: Path) -> None:
    found = prove(text, tmp_path / "bundle")
    assert found.bundle.summary.complete and list(found.bundle.points) == ["ns-0001"]
    point: Any = found.bundle.points["ns-0001"]
    assert point.bounds.gap_1 is None and point.claims.parameter.low < 1 < point.claims.parameter.high


FORGED = {
    "a map that is not odd": ("problem.json", lambda d: d.update(equations=[d["equations"][0], d["equations"][1] + " + x**2"])),
    "another even term": ("problem.json", lambda d: d.update(equations=[d["equations"][0], d["equations"][1] + " + x**4"])),
    "one gap": ("points/ns-0001.json", lambda d: d["bounds"].update(gap_2="0.1")),
    "the other gap": ("points/ns-0001.json", lambda d: d["bounds"].update(gap_1="0.1")),
    "gaps that are there": ("points/ns-0001.json", lambda d: d["bounds"].update(gap_1="1e-9", gap_2="1e-9")),
    "a second term": ("points/ns-0001.json", lambda d: d["bounds"]["terms"].__setitem__(1, ["1", "2"])),
    "a third term": ("points/ns-0001.json", lambda d: d["bounds"]["terms"].__setitem__(2, ["-2", "-1"])),
    "a smaller cosine": ("points/ns-0001.json", lambda d: d["bounds"].update(cosine=["-0.6", "-0.51"])),
    "the resonance 1:4 in the cosine": ("points/ns-0001.json", lambda d: d["bounds"].update(cosine=["-0.6", "0.1"])),
    "another coefficient": ("points/ns-0001.json", lambda d: d["claims"].update(coefficient=["0.76", "0.77"])),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_forged(name: str, bundle: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    rehash(copy)
    assert check_path(str(copy)).exit_code == 0
    file, change = FORGED[name]
    document = read(copy / file)
    change(document)
    write(copy / file, document)
    rehash(copy)
    assert check_path(str(copy)).exit_code == 1


def test_no_gaps_away_from_x_0(tmp_path: Path) -> None:
    """The same map in other coordinates, x + 1/10: odd about its fixed point, which is not 0, and so not seen to be."""
    text = MAP.replace("variables", "definitions = { u = \"x - 0.1\", v = \"y - 0.1\" }\nvariables")
    text = text.replace('"y"]', '"y"]\nstart = ["0.1", "0.1"]', 1)
    text = text.replace('"y", "-g**2*x - g*y - x**3"', '"0.1 + v", "0.1 - g**2*u - g*v - u**3"')
    found = prove(text, tmp_path / "bundle")
    assert not found.bundle.points and {row.code for row in found.bundle.summary.points} == {"strong-resonance"}
