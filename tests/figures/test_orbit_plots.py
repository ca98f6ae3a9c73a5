"""The picture of proved periodic orbits: what stands in it, and what the caption says is visible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from proofgen.figures import captions
from proofgen.figures.data import Labels
from proofgen.figures.orbit_plots import OrbitDrawing, tube_plot
from proofgen.figures.proved_orbits import TIMES, ProvedOrbits
from proofgen.figures.style import styled

PHASES = 2 * np.pi * np.arange(TIMES) / TIMES
LABELS = Labels(r"\gamma", "x", ("x_1", "x_2", "x_3"))
EXPONENTS = np.array([-0.2 + 0.3j, -0.2 - 0.3j])


def circles(*radii: float) -> ProvedOrbits:
    """Of these radii in the second and third component."""
    r = np.array(radii)
    x = np.stack([0.01 * r[:, None] * np.cos(PHASES), r[:, None] * np.cos(PHASES), r[:, None] * np.sin(PHASES)], axis=2)
    return ProvedOrbits("orbit-0001", "hopf-0001", r, r**2, x, 1e-9, 1e-9, True, EXPONENTS, 1e-9)


def drawn(*pieces: ProvedOrbits) -> tuple[OrbitDrawing, str]:
    with styled():
        drawing = tube_plot(pieces, LABELS)
    return drawing, captions.tube("orbit-0001-tube", pieces, drawing, LABELS).caption


def curves(drawing: OrbitDrawing) -> list[float]:
    """The largest abscissa of each."""
    return [float(np.max(line.get_xdata())) for line in drawing.figure.axes[0].lines]


def named(drawing: OrbitDrawing) -> set[str]:
    return {artist.get_gid() for axes in drawing.figure.axes for artist in axes.collections}


def test_one_orbit() -> None:
    drawing, caption = drawn(circles(0.5))
    assert drawing.components == (1, 2) and curves(drawing) == [0.5] and named(drawing) == set()
    (line,) = [line for line in drawing.figure.axes[1].lines if line.get_gid() == "others"]
    assert np.array_equal(line.get_xdata() + 1j * np.asarray(line.get_ydata()), EXPONENTS)
    assert "components~$(x_2,x_3)$" in caption and "much thinner than the line" in caption and "much smaller than the marks" in caption


def test_some_of_a_family_the_largest_last() -> None:
    drawing, caption = drawn(circles(*np.linspace(0, 0.5, 33)), circles(*np.linspace(0.5, 1, 33)))
    assert curves(drawing) == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1], abs=0.02)
    assert caption.startswith("Six of the proved orbits") and "of the largest one" in caption


def test_radii_that_can_be_seen_are_drawn_at_their_size() -> None:
    drawing, caption = drawn(replace(circles(0.5), distance=0.1, exponent_radius=0.05))
    assert named(drawing) == {"tube", "other-discs"}
    (tube,) = [c for c in drawing.figure.axes[0].collections if c.get_gid() == "tube"]
    corners = np.concatenate([path.vertices for path in tube.get_paths()])
    assert np.max(corners[:, 0]) == pytest.approx(0.6) and np.min(corners[:, 1]) == pytest.approx(-0.6)
    assert "the grey tube around it" in caption and "drawn as circles" in caption


def test_two_variables_have_no_other_exponents() -> None:
    flat = replace(circles(0.5), x=circles(0.5).x[:, :, 1:], exponents=EXPONENTS[:0])
    with styled():
        drawing = tube_plot([flat], Labels(r"\gamma", "x", ("x_1", "x_2")))
    assert "in a disc around~$0$" in captions.tube("t", [flat], drawing, Labels(r"\gamma", "x", ("x_1", "x_2"))).caption
