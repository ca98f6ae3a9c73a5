"""Pictures of a Neimark–Sacker point or a flip: multipliers with their discs, iterates beside the leading order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .data import Labels
from .map_points import Iterates, MapPointData, predicted
from .point_plots import CROWDED, SHOWN_RADIUS, draw_eigenvalues
from .style import BLACK, LIGHT, MIDDLE, PALE, WIDTH, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS_SHOWN = 40  # of the iterates against their number


@dataclass(frozen=True)
class MultipliersDrawing:
    """factor: (m, k), the discs of the certified ones are drawn m·10^k times too large."""

    figure: Figure
    factor: tuple[int, int]


def multipliers_plot(point: MapPointData) -> MultipliersDrawing:
    """All multipliers with the unit circle; shaded: where it is proved that there is no other."""
    from matplotlib.patches import Annulus, Circle

    values, own = point.multipliers, list(point.own)
    reach = 1.12 * max(1.0, float(np.max(np.abs(values))))
    factor = _magnification(point.radius, 2 * reach, len(values))
    figure = new_figure(3.0)
    axes = figure.add_subplot()
    axes.axhline(0, color=LIGHT, linewidth=0.5, zorder=0)
    axes.axvline(0, color=LIGHT, linewidth=0.5, zorder=0)
    if point.gap is not None:
        outer, inner = 1 + point.gap, max(0.0, 1 - point.gap)
        axes.add_patch(Annulus((0, 0), outer, outer - inner, color=PALE, linewidth=0, zorder=-1, gid="gap"))
    axes.add_patch(Circle((0, 0), 1, fill=False, edgecolor=MIDDLE, linewidth=0.7, zorder=1, gid="unit-circle"))
    others = np.array([k for k in range(len(values)) if k not in own], dtype=int)
    if len(others):
        draw_eigenvalues(axes, values[others], None, len(values) >= CROWDED, "other multipliers")
    for k in own:
        centre = (values[k].real, values[k].imag)
        size = point.radius * factor[0] * 10.0 ** factor[1]
        axes.add_patch(Circle(centre, size, facecolor=LIGHT, edgecolor=BLACK, lw=0.9, zorder=3, gid="on-circle"))
    label = "certified multiplier $-1$" if point.theta is None else r"certified pair $e^{\pm i\theta}$"
    axes.plot(values[own].real, values[own].imag, ".", color=BLACK, markersize=3, zorder=4, label=label, gid="own")
    axes.set_xlim(-1.6 * reach, 1.6 * reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal", adjustable="box")
    axes.set_xlabel(r"$\mathrm{Re}\,\mu$")
    axes.set_ylabel(r"$\mathrm{Im}\,\mu$")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return MultipliersDrawing(figure, factor)


def _magnification(radius: float, span: float, count: int) -> tuple[int, int]:
    """(m, k) of the factor m·10^k by which discs are drawn too large, (1, 0) where they can be seen as they are."""
    shown = SHOWN_RADIUS / (1 if count < CROWDED else 2.5)
    if radius <= 0 or not math.isfinite(radius) or shown * span <= radius:
        return 1, 0
    quotient = shown * span / radius
    exponent = math.floor(math.log10(quotient))
    return next(m for m in (5, 2, 1) if m <= quotient / 10.0**exponent or m == 1), exponent


def components(point: MapPointData) -> tuple[int, int]:
    """The two with the largest amplitude, in their order; twice the same where there is one only."""
    order = np.argsort(-np.abs(point.q), kind="stable")[:2]
    return int(min(order)), int(max(order))


def iterates_plot(point: MapPointData, found: Iterates, labels: Labels) -> Figure:
    """The curve or cycle of leading order, and iterates if something attracts them: in the plane, and step by step."""
    i, j = components(point)
    figure = new_figure(2.2, WIDTH)
    panels: list[Axes] = list(figure.subplots(1, 2, width_ratios=(1, 1.25))) if i != j else [figure.add_subplot()]
    series = panels[-1]
    if len(panels) > 1:
        _draw_plane(panels[0], point, found, i, j)
        panels[0].set_xlabel(f"${labels.state[i]}$")
        panels[0].set_ylabel(f"${labels.state[j]}$")
    _draw_series(series, point, found, i)
    series.set_xlabel("step")
    series.set_ylabel(f"${labels.state[i]}$")
    for axes in panels:
        axes.margins(0.08)
        axes.locator_params(nbins=5)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure


def _draw_plane(axes: Axes, point: MapPointData, found: Iterates, i: int, j: int) -> None:
    if point.theta is None:
        cycle = predicted(point, found, np.array([0.0, np.pi]))
        axes.plot(cycle[:, i], cycle[:, j], "o", color=MIDDLE, markerfacecolor="white", markersize=6, label="predicted",
                  gid="predicted")  # fmt: skip
    else:
        curve = predicted(point, found, np.linspace(0, 2 * np.pi, 241))
        axes.plot(curve[:, i], curve[:, j], "--", color=MIDDLE, linewidth=1.2, label="predicted", gid="predicted")
    axes.plot(*found.centre[[i, j]], "+", color=BLACK, gid="fixed-point", label="fixed point")
    if found.rows is not None:
        x, y = found.rows[:, i], found.rows[:, j]
        axes.plot(x, y, ".", color=BLACK, markersize=1.8, label="simulation", gid="iterates")


def _draw_series(axes: Axes, point: MapPointData, found: Iterates, i: int) -> None:
    size = point.width * abs(point.q[i]) * math.sqrt(abs(point.growth * (found.gamma - point.gamma)))
    for k, side in enumerate((1, -1)):
        label, height = "predicted" if k == 0 else None, found.centre[i] + side * size
        axes.axhline(height, color=MIDDLE, linestyle="--", linewidth=1.0, label=label, gid="extremes")
    if found.rows is not None:
        shown = found.rows[:STEPS_SHOWN, i]
        axes.plot(np.arange(len(shown)), shown, "-", color=LIGHT, linewidth=0.6, zorder=1)
        axes.plot(np.arange(len(shown)), shown, ".", color=BLACK, markersize=3.5, label="simulation", gid="steps")
    else:
        axes.set_xlim(0, STEPS_SHOWN)
        axes.axhline(found.centre[i], color=LIGHT, linewidth=0.6)
