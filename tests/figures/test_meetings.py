"""Pictures of folds, transcritical points and pitchforks: the curves against equilibria that Newton's method finds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.bundle.read import load_bundle
from proofgen.codegen.approx import field_approx
from proofgen.figures import captions
from proofgen.figures.data import Labels, RunData, read_run
from proofgen.figures.meeting_plots import meeting_plot
from proofgen.figures.meetings import Curve, MeetingData, curves
from proofgen.figures.style import styled

CERTIFICATES = Path(__file__).parents[2] / "proofs" / "certificates"
BUNDLES = {"co-oxidation": ["fold", "fold"], "epidemic": ["transcritical"], "ring": ["pitchfork"]}
SINGULAR = {"line-of-equilibria": ["line"], "trained-node-float16": ["pole", "pole"]}
SAMPLE = 12  # of a curve: near enough for the leading order
LABELS = Labels("g", "x", ("x_1", "x_2", "x_3", "x_4"))


@cache
def bundle_of(name: str) -> tuple[RunData, Any]:
    bundle = load_bundle(CERTIFICATES / name)
    return read_run(bundle, lambda path: (CERTIFICATES / name / path).read_bytes()), field_approx(bundle.problem)


def null_vectors(field: Any, point: MeetingData) -> tuple[Any, Any]:
    """q and l with |q| = lq = 1, and the sign for which b > 0, or a > 0."""
    x, gamma = point.equilibrium, point.gamma
    U, sizes, V = np.linalg.svd(field.jacobian(x, gamma))
    assert sizes[-1] < 1e-8 < sizes[-2]
    q, left = V[-1], U[:, -1]
    left = left / (left @ q)
    h = 1e-4
    second = (field.f(x + h * q, gamma) - 2 * field.f(x, gamma) + field.f(x - h * q, gamma)) / h**2
    sign = left @ field.f_gamma(x, gamma) if point.kind == "fold" else left @ second if point.kind == "transcritical" else 1.0
    return (q, left) if sign > 0 else (-q, -left)


def fits(field: Any, point: MeetingData, curve: Curve) -> bool:
    """Whether there is an equilibrium near a point of the curve, with so many unstable directions."""
    q, left = null_vectors(field, point)
    gamma, s = point.gamma + curve.gamma[SAMPLE], curve.s[SAMPLE]
    x = point.equilibrium + s * q
    for _ in range(20):
        x = x - np.linalg.solve(field.jacobian(x, gamma), field.f(x, gamma))
    found = left @ (x - point.equilibrium)
    unstable = int((np.linalg.eigvals(field.jacobian(x, gamma)).real > 0).sum())
    return bool(abs(found - s) <= 0.06 * abs(s) + 1e-12) and unstable == curve.n_u


@pytest.mark.parametrize("name", BUNDLES)
def test_the_curves_are_where_the_equilibria_are(name: str) -> None:
    run, field = bundle_of(name)
    assert [point.kind for point in run.meetings] == BUNDLES[name]
    for point in run.meetings:
        drawn = curves(point)
        assert len(drawn) == {"fold": 2, "transcritical": 4, "pitchfork": 4}[point.kind]
        assert all(fits(field, point, curve) for curve in drawn)
        assert point.window[0] < 0 < point.window[1] and all(abs(curve.gamma).max() <= point.reach * 1.0001 for curve in drawn)
        for wrong in (replace(point, n_u=point.n_u + 1), replace(point, coefficient=-point.coefficient), replace(point, speed=2 * point.speed)):
            assert not all(fits(field, point, curve) for curve in curves(wrong))


@pytest.mark.parametrize(("speed", "coefficient", "side"), [(1.0, -1.0, 1), (1.0, 1.0, -1), (-1.0, -1.0, -1), (-1.0, 1.0, 1)])
def test_sides_of_a_pitchfork(speed: float, coefficient: float, side: int) -> None:
    """gx ± x³: d = ±1, e = ±1; the two others have one more unstable direction if e > 0."""
    point = MeetingData("p", "pitchfork", 0.0, np.zeros(1), speed, coefficient, 0, (-1.0, 1.0))
    others = [curve for curve in curves(point) if curve.s.any()]
    assert len(others) == 2 and all((side * curve.gamma >= 0).all() and curve.n_u == (coefficient > 0) for curve in others)
    assert all(np.allclose(speed * curve.gamma * curve.s + coefficient * curve.s**3, 0) for curve in others)


def test_how_it_looks() -> None:
    """Solid only where it is stable; the shaded window is the proved one; the words say what is numerical."""
    for name in BUNDLES:
        run, _ = bundle_of(name)
        for point in run.meetings:
            with styled():
                (axes,) = meeting_plot(point, LABELS).axes
            lines = {line.get_gid(): line for line in axes.lines if line.get_gid() != "proved"}
            assert {gid: line.get_linestyle() for gid, line in lines.items()} == {
                gid: "-" if gid == "unstable-0" else "--" for gid in (f"unstable-{point.n_u}", f"unstable-{point.n_u + 1}")
            }
            (window,) = [patch for patch in axes.patches if patch.get_gid() == "window"]
            assert np.allclose(window.get_x(), point.window[0]) and np.allclose(window.get_width(), np.diff(point.window))
            caption = captions.equilibria("p", point, LABELS).caption
            assert "to leading order" in caption and ("Solid: stable" in caption) == (point.n_u == 0)
            assert ("fold system" in caption) == (point.kind == "fold")


@pytest.mark.parametrize("name", SINGULAR)
def test_lines_and_poles(name: str) -> None:
    """Near a pole W(γ)x + b = 0 has the drawn length; on a line x = 0 and the kernel; both with so many unstable directions."""
    run, field = bundle_of(name)
    assert [point.kind for point in run.meetings] == SINGULAR[name]
    for point in run.meetings:
        drawn = curves(point)
        assert [curve.n_u for curve in drawn] == [point.n_u] * (point.kind == "line") + [point.n_u + (point.speed > 0), point.n_u + (point.speed < 0)]
        for curve in drawn:
            gamma = point.gamma + curve.gamma[0]
            J = field.jacobian(np.zeros(field.n), gamma)
            b = np.arctanh(field.f(np.zeros(field.n), gamma))
            W = J / (1 - np.tanh(b) ** 2)[:, None]
            if point.kind == "pole":
                x = np.linalg.solve(W, -b)
                assert 0.7 < np.linalg.norm(x) / abs(curve.s[0]) < 1.4
            if curve.gamma.any():
                assert int((np.linalg.eigvals(W).real > 0).sum()) == curve.n_u or point.kind == "line"
        with styled():
            (axes,) = meeting_plot(point, LABELS).axes
        assert len([line for line in axes.lines if line.get_gid() != "proved"]) == len(drawn)
        caption = captions.singular("p", point, LABELS).caption
        assert ("to leading order" in caption) == (point.kind == "pole") and "no other eigenvalue" in caption
