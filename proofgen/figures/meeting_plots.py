"""The picture of a fold, a transcritical point, a pitchfork, a line or a pole: the equilibria near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .data import Labels
from .meetings import POLE, MeetingData, curves
from .style import BLACK, MIDDLE, PALE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def meeting_plot(point: MeetingData, labels: Labels) -> Figure:
    """s against γ − γ*: solid where an equilibrium is stable, black where it has the fewer unstable directions."""
    figure = new_figure(2.5)
    axes = figure.add_subplot()
    axes.axvspan(*point.window, color=PALE, linewidth=0, gid="window", zorder=0)
    shown: set[int] = set()
    for curve in curves(point):
        label = None if curve.n_u in shown else "stable" if curve.n_u == 0 else f"{curve.n_u} unstable"
        shown.add(curve.n_u)
        axes.plot(
            curve.gamma, curve.s, color=BLACK if curve.n_u == point.n_u else MIDDLE, linewidth=1.1, zorder=2,
            linestyle="-" if curve.n_u == 0 else (0, (3, 1.5)), gid=f"unstable-{curve.n_u}", label=label,
        )  # fmt: skip
    if point.kind != POLE:
        axes.plot(
            [0], [0], "D", color=BLACK, markerfacecolor="white", markersize=4.5, label=None, gid="proved", zorder=5
        )  # fmt: skip
    axes.set_xlim(-point.reach, point.reach)
    axes.set_xlabel(f"${labels.parameter}-{labels.parameter}^*$")
    axes.set_ylabel("$s$")
    handles, names = axes.get_legend_handles_labels()
    order = sorted(range(len(names)), key=lambda k: (names[k] != "stable", names[k]))
    figure.legend([handles[k] for k in order], [names[k] for k in order], loc="outside upper center", ncols=4)
    return figure
