"""One spectrum for all points of a large zero branch: that of W⁰ is drawn once, and for each point only its marks.

There A = σ_1(W⁰ + γ*I) at every point, so that its eigenvalues are σ_1(μ + γ*) for those of W⁰, and its imaginary axis
is the line Re μ = −γ*. A picture for each of hundreds of points would cost more than their proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .data import PointData, RunData
from .point_plots import (
    CROWDED,
    draw_eigenvalues,
    few_ticks,
    magnification,
    narrow,
    spectrum_height,
    spectrum_limits,
)
from .style import BLACK, LIGHT, MIDDLE, PALE, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class SharedSpectrum:
    """whole: the eigenvalues μ of W⁰ as if they were those of a point, with the largest radii that any point has."""

    whole: PointData
    sigma_1: float

    @property
    def factor(self) -> tuple[int, int]:
        """(m, k): all discs are drawn m·10^k times too large."""
        return magnification(self.whole)

    @property
    def narrow(self) -> bool:
        """Whether the axes have different scales."""
        return narrow(self.whole)

    def figure(self) -> Figure:
        """The spectrum of W⁰ on nothing, to be laid upon the marks of a point."""
        figure, axes = self._frame()
        figure.patch.set_visible(False)
        axes.patch.set_visible(False)
        axes.axhline(0, color=LIGHT, linewidth=0.5, zorder=0)
        assert self.whole.other_radius is not None
        draw_eigenvalues(axes, self.whole.centres, self.whole.other_radius * self._factor, True)
        axes.set_xlabel(r"$\mathrm{Re}\,\mu$")
        axes.set_ylabel(r"$\mathrm{Im}\,\mu$")
        few_ticks(axes)
        return figure

    def marks(self, point: PointData) -> Figure:
        """What a point adds, at the same place: its imaginary axis, the strip of its gap, the discs of its pair.

        Always the same figure, changed.
        """
        marks, scale = self._marks, abs(self.sigma_1)
        marks.axis.set_xdata([-point.gamma] * 2)
        marks.strip.set_visible(point.gap is not None)
        if point.gap is not None:
            marks.strip.set_x(-point.gamma - point.gap / scale)
            marks.strip.set_width(2 * point.gap / scale)
        mu = self.whole.centres[point.pair]
        for disc, centre in zip(marks.discs, (mu, mu.conjugate()), strict=True):
            disc.set_center((centre.real, centre.imag))
            disc.set_width(2 * point.radius / scale * self._factor)
            disc.set_height(2 * point.radius / scale * self._factor)
        marks.centres.set_data([mu.real] * 2, [mu.imag, -mu.imag])
        return marks.figure

    @property
    def _factor(self) -> float:
        mantissa, exponent = self.factor
        return mantissa * 10.0**exponent

    def _frame(self) -> tuple[Figure, Axes]:
        figure = new_figure(spectrum_height(self.whole))
        figure.set_layout_engine(None)
        figure.subplots_adjust(left=0.11, right=0.98, bottom=0.15, top=0.97)
        axes = figure.add_subplot()
        across, up = spectrum_limits(self.whole)
        axes.set_xlim(*across)
        axes.set_ylim(*up)
        if not self.narrow:
            axes.set_aspect("equal", adjustable="box")
        return figure, axes

    @cached_property
    def _marks(self) -> _Marks:
        return _Marks(*self._frame())


class _Marks:
    """The artists that move from point to point."""

    def __init__(self, figure: Figure, axes: Axes) -> None:
        from matplotlib.patches import Ellipse

        self.figure = figure
        axes.set_axis_off()
        self.strip = axes.axvspan(0, 0, color=PALE, linewidth=0, gid="gap")
        self.axis = axes.axvline(0, color=MIDDLE, linewidth=0.6, gid="imaginary-axis")
        self.discs = [Ellipse((0, 0), 0, 0, facecolor=LIGHT, edgecolor=BLACK, lw=0.9, gid="pair") for _ in range(2)]
        for disc in self.discs:
            axes.add_patch(disc)
        (self.centres,) = axes.plot([0, 0], [0, 0], ".", color=BLACK, markersize=5, zorder=4, gid="pair-centres")


def shared_spectrum(run: RunData) -> SharedSpectrum | None:
    """The shared spectrum of a large run whose points all have the discs of its zero branch; None for other runs."""
    if run.lines is None or run.dimension < CROWDED:
        return None
    mu, sigma_1 = run.lines
    others = [point.other_radius for point in run.points if point.other_radius is not None]
    if len(others) < len(run.points):
        return None
    pairs = max(point.radius for point in run.points)
    whole = replace(
        run.points[0], centres=mu, gap=None, radius=pairs / abs(sigma_1), other_radius=max(others) / abs(sigma_1)
    )
    return SharedSpectrum(whole, sigma_1)
