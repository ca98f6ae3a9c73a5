"""Pictures of maps: multipliers and the unit circle, moduli along the branch, iterates beside the leading order."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.api import prove
from proofgen.bundle.read import load_bundle
from proofgen.codegen.approx import field_approx
from proofgen.documents import Layout
from proofgen.figures.data import Labels, RunData, read_run
from proofgen.figures.map_plots import iterates_plot, multipliers_plot
from proofgen.figures.map_points import MapPointData, iterates, predicted
from proofgen.figures.run_plots import branch_samples, diagram_plot, eigenvalues_plot
from proofgen.spec.load import load_text

BUNDLES = Path(__file__).parents[2] / "proofs" / "certificates"
LABELS = Labels(r"\gamma", "x", tuple(f"x_{k}" for k in range(1, 9)))


def run_of(name: str) -> RunData:
    return read_run(load_bundle(BUNDLES / name), lambda path: (BUNDLES / name / path).read_bytes())


def only(name: str) -> MapPointData:
    (point,) = run_of(name).map_points
    return point


def parts(figure: Any, gid: str) -> list[Any]:
    return [artist for artist in figure.findobj() if getattr(artist, "get_gid", lambda: None)() == gid]


def test_the_delayed_logistic_map() -> None:
    """r* = 2: μ = e^{±iπ/3}, d = 1/2, a = −1, so ρ² = (r − 2)/2; x(r) = 1 − 1/r."""
    point = only("delayed-logistic")
    assert point.theta is not None and abs(point.theta - math.pi / 3) < 1e-12 and abs(point.growth - 0.5) < 1e-12
    assert np.allclose(sorted(point.multipliers[list(point.own)].imag), [-math.sin(math.pi / 3), math.sin(math.pi / 3)])
    assert np.allclose(np.abs(point.multipliers), 1) and point.attracts
    field = field_approx(load_bundle(BUNDLES / "delayed-logistic").problem)
    for distance in (1e-2, 1e-3):  # the iterates lie on the predicted curve, the better the nearer
        found = iterates(field, point, distance)
        assert found is not None and found.rows is not None and np.allclose(found.centre, 1 - 1 / found.gamma)
        curve = predicted(point, found, np.linspace(0, 2 * np.pi, 2000))
        away = np.array([np.min(np.linalg.norm(curve - row, axis=1)) for row in found.rows])
        size = 2 * math.sqrt(distance / 2)
        assert away.max() < 1.5 * size * math.sqrt(distance) and np.ptp(found.rows[:, 0]) > 1.2 * size * abs(point.q[0])


def test_the_flip_of_the_henon_map() -> None:
    """Multiplier −1 at a = 3(1 − b)²/4; the iterates alternate between x(γ) ± sq."""
    point = only("henon")
    (own,) = point.own
    assert point.theta is None and abs(point.multipliers[own] + 1) < 1e-12 and abs(point.gamma - 0.3675) < 1e-9
    found = iterates(field_approx(load_bundle(BUNDLES / "henon").problem), point, 1e-4)
    assert found is not None and found.rows is not None
    cycle = predicted(point, found, np.array([0.0, np.pi]))
    size = np.linalg.norm(cycle[0] - cycle[1])
    even, odd = found.rows[::2], found.rows[1::2]
    if np.linalg.norm(even[0] - cycle[0]) > np.linalg.norm(even[0] - cycle[1]):
        even, odd = odd, even
    assert np.max(np.abs(even - cycle[0])) < 0.05 * size and np.max(np.abs(odd - cycle[1])) < 0.05 * size


@pytest.mark.parametrize("name", ["rnn-gain", "antisymmetric-rnn-cell"])
def test_multipliers_of_closed_forms(name: str) -> None:
    """The witness is about W: what belongs to a point is on the circle, all others keep the distance that is claimed."""
    run = run_of(name)
    assert len(run.map_points) > 1
    for point in run.map_points:
        own = list(point.own)
        assert np.allclose(np.abs(point.multipliers[own]), 1, atol=1e-10)
        wanted = -1 if point.theta is None else np.exp(1j * point.theta)
        assert np.min(np.abs(point.multipliers[own] - wanted)) < 1e-9
        others = np.delete(np.abs(point.multipliers), own)
        assert point.gap is None or np.all(np.abs(others - 1) >= point.gap - 1e-12)
        assert np.count_nonzero(others > 1) == point.outside
    samples = branch_samples(run)
    assert samples is not None
    for point in run.map_points:
        row = samples.real_parts[int(np.argmin(np.abs(samples.gamma - point.gamma)))]
        assert np.min(np.abs(row)) < 1e-9
        assert np.allclose(np.sort(row + 1), np.sort(np.abs(point.multipliers)))


def test_what_is_drawn() -> None:
    run, point = run_of("delayed-logistic"), only("delayed-logistic")
    drawing = multipliers_plot(point)
    (circle,) = parts(drawing.figure, "unit-circle")
    assert circle.radius == 1 and len(parts(drawing.figure, "on-circle")) == 2 and not parts(drawing.figure, "others")
    samples = branch_samples(run)
    assert samples is not None
    figure = eigenvalues_plot(run, samples, LABELS)
    (axes,) = figure.axes
    assert "mu" in axes.get_ylabel() and axes.get_ylim()[0] < 1 < axes.get_ylim()[1]
    (mark,) = parts(figure, "supercritical")
    assert np.allclose(mark.get_xydata(), [[2, 1]], atol=1e-6)
    (mark,) = parts(diagram_plot(run, samples, {}, {point.id: 0.1}, LABELS), "supercritical")
    assert np.allclose(mark.get_xydata(), [[2, 0.5]], atol=1e-6)
    field = field_approx(load_bundle(BUNDLES / "delayed-logistic").problem)
    found = iterates(field, point, 1e-2)
    assert found is not None
    figure = iterates_plot(point, found, LABELS)
    (dots,), (curve,) = parts(figure, "iterates"), parts(figure, "predicted")
    assert len(dots.get_xydata()) == 400 and len(curve.get_xydata()) == 241


def test_documents_and_what_repels(tmp_path: Path) -> None:
    """A subcritical point: no iterates; the pictures stand in the certificate and in the summary, marked as what they are."""
    text = """
    [network]
    family = "equations"
    time = "discrete"
    variables = ["x", "y"]
    equations = ["g*(3*x - 4*y)/5 + x*(x**2 + y**2)", "g*(4*x + 3*y)/5 + y*(x**2 + y**2)"]
    [parameter]
    name = "g"
    interval = ["0.7", "1.3"]
    """
    found = prove(load_text(text), tmp_path / "b", layout=Layout(figures=True), check=False)
    assert [point.claims.criticality for point in found.bundle.points.values()] == ["subcritical"]  # type: ignore[union-attr]
    shown = " ".join((tmp_path / "b/points/ns-0001.tex").read_text().split())
    assert "it attracts no iterates" in shown and r"\proofgenpicture{ns-0001-multipliers}" in shown and "unit circle" in shown
    assert {path.name for path in (tmp_path / "b/figures").iterdir()} >= {
        "ns-0001-multipliers.pdf", "ns-0001-iterates.pdf", "eigenvalues.pdf", "diagram.pdf", "branch.pdf"}  # fmt: skip
    summary = " ".join((tmp_path / "b/summary.tex").read_text().split())
    assert "moduli of the multipliers" in summary and "closed invariant curves" in summary and "imaginary axis" not in summary
