"""Periodic orbits round equilibria that move with the parameter, against orbits that are known exactly."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.api import prove
from proofgen.bundle.read import load_bundle
from proofgen.checker.whole import check_path
from proofgen.spec.load import load_text
from proofgen.strategy import orbit_branch

# circles of radius r round (γ/4, 0) with r² = 2a², γ = −(2r² − r⁴)/10, period 2π, κ = (4r² − 4r⁴)/10: at r = 1 γ turns
CIRCLES = """
[network]
family = "equations"
variables = ["x", "y"]
definitions = { u = "x - gamma/4", s = "u**2 + y**2" }
equations = ["gamma*u - y + u*(2*s - s**2)/10", "u + gamma*y + y*(2*s - s**2)/10"]
start = ["-0.125", "0"]
[parameter]
interval = ["-0.5", "0.5"]
[orbits]
"""
AMPLITUDES = ("0.1", "0.3", "0.9")


def gamma(a: Fraction) -> Fraction:
    s = 2 * a * a
    return -(2 * s - s * s) / 10


def kappa(a: Fraction) -> Fraction:
    s = 2 * a * a
    return (4 * s - 4 * s * s) / 10


def value(polynomial: dict[str, Any], tau: float, i: int) -> float:
    """Of the printed polynomial."""
    total = float(polynomial["mean"][i])
    for k, (c, s) in enumerate(zip(polynomial["cosines"], polynomial["sines"], strict=True), start=1):
        total += float(c[i]) * np.cos(k * tau) + float(s[i]) * np.sin(k * tau)
    return total


def holds(pair: list[str], x: Fraction) -> bool:
    return Fraction(pair[0]) <= x <= Fraction(pair[1])


def documents(out: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((out / "orbits").glob("*.json"))]


@pytest.fixture(scope="module")
def circles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("circles") / "bundle"
    at = ", ".join(f'"{a}"' for a in AMPLITUDES)
    result = prove(load_text(CIRCLES + f"at = [{at}]\n"), out, check=False)
    assert [row["status"] for row in result.summary["orbits"]] == ["proved"] * 3
    return out


def first_alone(circles: Path, out: Path) -> Path:
    """The first certificate without the others, for something to be changed: no summary and no manifest."""
    shutil.copytree(circles, out)
    for name in ("MANIFEST.sha256", "summary.json", "orbits/orbit-0002.json", "orbits/orbit-0003.json"):
        (out / name).unlink()
    return out


def about(out: Path, problem: dict[str, Any]) -> None:
    """The same certificate for another problem."""
    data = json.dumps(problem).encode()
    (out / "problem.json").write_bytes(data)
    path = out / "orbits/orbit-0001.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["problem"]["sha256"] = hashlib.sha256(data).hexdigest()
    path.write_text(json.dumps(document), encoding="utf-8")


def test_circles_are_what_they_are(circles: Path) -> None:
    """The fold example: κ changes its sign with γ'."""
    for a, document in zip(map(Fraction, AMPLITUDES), documents(circles), strict=True):
        claims = document["claims"]
        assert holds(claims["parameter"], gamma(a)) and abs(float(claims["parameter"][1]) - float(gamma(a))) < 1e-9
        assert float(claims["period"][0]) <= 2 * np.pi <= float(claims["period"][1])
        assert holds(document["bounds"]["kappa"], kappa(a))
        assert claims["unstable_multipliers"] == (kappa(a) > 0) and claims["stable"] is (kappa(a) < 0)
        printed, distance = claims["polynomial"], float(claims["polynomial"]["distance"])
        centre, r = float(gamma(a)) / 4, float(a) * 2**0.5
        for tau in np.linspace(0, 6, 9):
            assert abs(np.hypot(value(printed, tau, 0) - centre, value(printed, tau, 1)) - r) <= 2 * distance < 1e-5
        piece = document["witness"]["pieces"][0]
        y = np.load(circles / piece["y"]["file"])[0]
        assert abs(y[0] - float(gamma(a)) / 4) < 1e-9 and abs(y[1]) < 1e-9
    assert check_path(circles, "auto").exit_code == 0
    text = (circles / "orbits/orbit-0001.tex").read_text(encoding="ascii")
    assert "X_i" in text and r"\begin{longtable}{@{}rrrrr@{}}" in text
    assert "x=y+av" in text and "approximate equilibrium" in text


@pytest.mark.parametrize("key", ["y", "y_gamma", "C", "radii", "missing", "all missing", "polynomial", "its distance", "a mode fewer"])
def test_forged_equilibria(circles: Path, tmp_path: Path, key: str) -> None:
    out = first_alone(circles, tmp_path / "forged")
    path = out / "orbits/orbit-0001.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    piece = document["witness"]["pieces"][0]
    if key in ("y", "y_gamma", "C"):
        array = np.load(out / piece[key]["file"])
        array.ravel()[0] += {"y": 1e-6, "y_gamma": 1e-2, "C": 2.0}[key]
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, array, version=(1, 0))
        (out / piece[key]["file"]).write_bytes(buffer.getvalue())
        piece[key]["sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    elif key == "polynomial":
        document["claims"]["polynomial"]["cosines"][0][0] = "0.15"
    elif key == "its distance":
        document["claims"]["polynomial"]["distance"] = "1e-20"
    elif key == "a mode fewer":
        document["claims"]["polynomial"]["sines"].pop()
    elif key == "radii":
        piece["radii"][-1] = [1, -200]
    else:
        for name in ("y",) if key == "missing" else ("y", "y_gamma", "C"):
            del piece[name]
        piece["radii"] = piece["radii"][:-2]
    path.write_text(json.dumps(document), encoding="utf-8")
    report = check_path(out, "auto")
    failures = [str(failure) for item in report.items for failure in item.failures]
    if key == "y_gamma" and report.exit_code == 0:
        return  # only a direction in which radii are meant: they hold the orbit all the same
    assert report.exit_code in (1, 3) and not any("defect" in text for text in failures), failures


def test_proved_orbits_in_the_diagram(circles: Path) -> None:
    """Samples of the certificates are on the circles, and a band is drawn for each."""
    pytest.importorskip("matplotlib")
    from proofgen.figures.data import Labels, read_run
    from proofgen.figures.run_plots import diagram_plot

    run = read_run(load_bundle(circles), lambda name: (circles / name).read_bytes())
    for a, orbit in zip(map(Fraction, AMPLITUDES), run.orbits, strict=True):
        assert orbit.gamma == pytest.approx(float(gamma(a))) and orbit.single
        radius = np.hypot(orbit.x[0, :, 0] - float(gamma(a)) / 4, orbit.x[0, :, 1])
        assert radius == pytest.approx(float(a) * 2**0.5) and 0 < orbit.distance < 1e-8
    figure = diagram_plot(run, None, {}, {point.id: 0.01 for point in run.points}, Labels("gamma", "x", ("x", "y")))
    (axes,) = figure.axes
    assert len(axes.containers) == 6  # of each orbit the smallest and the largest value


def test_a_map_has_no_such_orbits(circles: Path, tmp_path: Path) -> None:
    """The same functions as a map: its problem with these certificates is refused."""
    out = first_alone(circles, tmp_path / "map")
    problem = json.loads((out / "problem.json").read_text(encoding="utf-8")) | {"time": "discrete"}
    problem["equations"] = [f"{text} + {name}" for text, name in zip(problem["equations"], problem["variables"], strict=True)]
    about(out, problem)
    report = check_path(out, "auto")
    failures = [str(failure) for item in report.items if item.name.startswith("orbits/") for failure in item.failures]
    assert report.exit_code == 1 and any("of a map" in text for text in failures), failures


def test_numbers_that_grow_without_end(circles: Path, tmp_path: Path) -> None:
    """A square of a square, sixty times: its bound would have 10^18 digits, and is given up."""
    out = first_alone(circles, tmp_path / "grown")
    problem = json.loads((out / "problem.json").read_text(encoding="utf-8"))
    squares = [{"name": "q0", "expression": "x + y + 2"}]
    squares += [{"name": f"q{i + 1}", "expression": f"q{i}*q{i}"} for i in range(60)]
    problem["definitions"] += squares
    problem["equations"][0] += " + q60"
    about(out, problem)
    report = check_path(out, "auto")
    failures = [str(failure) for item in report.items if item.name.startswith("orbits/") for failure in item.failures]
    assert any("too large" in text for text in failures), failures


@pytest.mark.slow
def test_family_through_its_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """γ falls to a = 1/√2 and rises then: pieces with either direction, one without between, and κ on either side."""
    pytest.importorskip("matplotlib")
    from proofgen.figures.data import read_run

    monkeypatch.setattr(orbit_branch, "MOST_FIRST", Fraction(1, 4))
    out = tmp_path / "bundle"
    row = prove(load_text(CIRCLES + 'branch = "0.8"\n'), out).summary["orbits"][0]
    assert row["status"] == "proved" and (row["direction"], row["stable"]) == (None, None)
    assert check_path(out, "auto").exit_code == 0
    (document,) = documents(out)
    parts = document["claims"]["parts"]
    assert parts[0]["direction"] == "decreasing" and parts[0]["unstable_multipliers"] == 1
    assert parts[-1]["direction"] == "increasing" and parts[-1]["stable"] is True
    for part in parts:
        low, high = map(Fraction, part["amplitude"])
        assert all(holds(part["parameter"], gamma(low + (high - low) * k / 7)) for k in range(8))
        if part["direction"] is not None:
            assert (high**2 <= Fraction(1, 2)) == (part["direction"] == "decreasing")
    run = read_run(load_bundle(out), lambda name: (out / name).read_bytes())
    assert [orbit.stable for orbit in run.orbits] == [part["stable"] for part in parts]
    assert all(orbit.gamma == pytest.approx([float(gamma(Fraction(float(a)))) for a in orbit.amplitude], abs=1e-8) for orbit in run.orbits)
    for part in parts:
        high = Fraction(part["amplitude"][1])
        if part["stable"] is not None:
            assert part["stable"] is (high**2 > Fraction(1, 2))


NETWORKS = {
    "bias and leak": """
family = "layered"
leak = "1"
[[network.layer]]
weights = [["2", "-3"], ["3", "2"]]
bias = ["-0.4", "-3.6"]
activation = "logistic"
enters = "identity"
[parameter]
interval = ["1", "3"]
""",
    "two layers": """
family = "layered"
[[network.layer]]
weights = [["0.1", "-1", "0.3"], ["1.2", "-0.2", "0.1"], ["-0.4", "0.5", "-0.9"]]
activation = "tanh"
enters = "identity"
[[network.layer]]
weights = [["1", "0", "0.25"], ["0", "1", "0"], ["0", "0.25", "1"]]
activation = "arctan"
enters = "none"
[parameter]
interval = ["-1", "1"]
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_with_leaks_biases_and_layers(name: str, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    text = "[network]" + NETWORKS[name] + '[orbits]\nat = ["0.02"]\nbranch = "0.02"\n'
    result = prove(load_text(text), out)
    rows = result.summary["orbits"]
    assert rows and all(row["status"] == "proved" for row in rows), [row["reason"] for row in rows]
    assert result.check is not None and result.check.verdict == "accepted"
    for one, family in zip(rows[::2], rows[1::2], strict=True):
        assert float(one["parameter"][0]) <= float(family["end"]["parameter"][1])
        assert float(family["end"]["parameter"][0]) <= float(one["parameter"][1])
        assert family["stable"] is one["stable"] is not None
