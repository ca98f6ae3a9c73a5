"""Pictures of runs with hundreds of points, of orbits whose period changes, and of fractions with bars."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from proofgen.figures import captions, orbits
from proofgen.figures.data import Labels, PointData, RunData
from proofgen.figures.fractions import Curve, draw_fractions
from proofgen.figures.run_plots import MOST_LINES, MOST_MARKERS, branch_samples, diagram_plot, eigenvalues_plot

LABELS = Labels(r"\gamma", "x", ("x_1", "x_2"))


def point(number: int, gamma: float, n: int = 2, **changes: Any) -> PointData:
    q = np.zeros(n, dtype=complex)
    q[:2] = np.array([1, -1j]) / math.sqrt(2)
    known = PointData(
        id=f"hopf-{number:04d}", gamma=gamma, omega=1.0, ell1=-2.0, speed=1.0, n_u=0, supercritical=number % 2 == 0,
        equilibrium=np.zeros(n), q=q, errors=(0.0, 0.0), centres=np.array([1j, -1j] + [-1.0] * (n - 2)), pair=0,
        radius=1e-9, other_radius=None, gap=None,
    )  # fmt: skip
    return replace(known, **changes)


def zero_branch(count: int, n: int) -> RunData:
    points = tuple(point(k, 0.01 * k, n) for k in range(count))
    mu = np.array([-0.01 * k + 1j for k in range(n)])
    return RunData(
        dimension=n, interval=None, complete=True, points=points, crossings=[], unsettled=[], lines=(mu, 1.0), pieces=(), trivial=True, meetings=()
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [3, MOST_MARKERS + 1])
def test_marks_and_their_words(count: int) -> None:
    run = zero_branch(count, MOST_LINES + 1)
    samples = branch_samples(run)
    assert samples is not None
    figure = eigenvalues_plot(run, samples, LABELS)
    (axes,) = figure.axes
    marks = {line.get_gid(): line for line in axes.lines if line.get_gid() in ("supercritical", "subcritical")}
    crowded = count > MOST_MARKERS
    assert {line.get_marker() for line in marks.values()} == ({2, 3} if crowded else {"o", "s"})
    assert sum(len(line.get_xdata()) for line in marks.values()) == count  # type: ignore[arg-type]
    words = captions.eigenvalues(run, LABELS, False).caption
    assert ("Strokes upwards" in words) == crowded and ("Dots mark" in words) != crowded and "darker" in words
    lines = [line for line in axes.lines if line.get_gid() is None and len(line.get_xdata()) > 2]  # type: ignore[arg-type]
    assert len(lines) == run.dimension and all(0 < (line.get_alpha() or 1.0) < 0.5 for line in lines)


def test_laws_of_many_points_are_thin() -> None:
    def width(count: int) -> float:
        run = zero_branch(count, 2)
        drawn = diagram_plot(run, branch_samples(run), {}, {p.id: 0.004 for p in run.points}, LABELS)
        return float(next(line for line in drawn.axes[0].lines if line.get_gid() == "hopf-0000-upper").get_linewidth())

    assert width(MOST_MARKERS + 1) < 0.5 < width(3)


class Shear:
    """r' = r(γ − r²), θ' = 1 + 20r² in the plane: orbits r = √γ of period 2π/(1 + 20γ)."""

    n = 2

    def f(self, x: Any, gamma: float) -> Any:
        r2 = x @ x
        return np.array([(gamma - r2) * x[0] - (1 + 20 * r2) * x[1], (gamma - r2) * x[1] + (1 + 20 * r2) * x[0]])

    def jacobian(self, x: Any, gamma: float) -> Any:
        r2, turn = x @ x, np.array([[0.0, -1.0], [1.0, 0.0]])
        outer = np.outer(x, x)
        return (gamma - r2) * np.eye(2) - 2 * outer + (1 + 20 * r2) * turn + 40 * turn @ outer

    def f_gamma(self, x: Any, gamma: float) -> Any:
        return x


def test_the_simulated_orbit_has_about_the_predicted_period() -> None:
    """At γ = 0.04 the period would be 2π/1.8."""
    found = orbits.periodic_orbit(Shear(), point(1, 0.0, ell1=-2.0), 0.04)  # type: ignore[arg-type]
    assert found is not None
    assert found.period == pytest.approx(2 * math.pi / (1 + 20 * found.gamma), rel=1e-6)
    assert abs(found.period / (2 * math.pi) - 1) < orbits.SAME_PERIOD


def test_bars_do_not_overlap() -> None:
    x = (0.001, 0.002, 0.005, 0.01, 1.0)
    figure = draw_fractions([Curve(str(k), x, (0.5,) * 5, (0.1,) * 5) for k in range(3)], "x", "y")
    places = sorted(float(value) for line in figure.axes[0].lines if len(line.get_xdata()) == 5 and line.get_linestyle() != "None"  # type: ignore[arg-type]
                    for value in line.get_xdata())  # type: ignore[union-attr]
    ratios = [b / a for a, b in pairwise(places)]
    assert len(places) == 15 and min(ratios) > 1.1
