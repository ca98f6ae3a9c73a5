"""All Hopf points of a run of many networks: ω against the parameter, and ℓ1 against ω."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from .run_plots import WIDE_RANGE
from .style import BLACK, MIDDLE, new_figure, styled, svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CURVES = 2000  # markers that are curves; more are one picture of dots


@dataclass(frozen=True)
class RunPoint:
    """The middles of the enclosures of one point."""

    parameter: float
    omega: float
    ell1: float

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, (self.parameter, self.omega, self.ell1)))


def points_svg(points: Sequence[RunPoint]) -> bytes:
    """The picture of at least one point, all of them finite."""
    with styled():
        return svg_bytes(points_figure(points))


def points_figure(points: Sequence[RunPoint]) -> Figure:
    """Filled: supercritical; open: subcritical."""
    figure = new_figure(2.6)
    left, right = figure.subplots(1, 2)
    right.axhline(0, color=MIDDLE, linewidth=0.6, zorder=0)
    size = 4.0 if len(points) <= 40 else 2.0
    for supercritical, marker, face in ((True, "o", BLACK), (False, "s", "white")):
        chosen = [point for point in points if (point.ell1 < 0) == supercritical]
        if not chosen:
            continue
        name = SUPERCRITICAL if supercritical else SUBCRITICAL
        omega = [point.omega for point in chosen]
        for axes, x, y, label in (
            (left, [point.parameter for point in chosen], omega, name),
            (right, omega, [point.ell1 for point in chosen], None),
        ):
            axes.plot(
                x, y, marker, color=BLACK, markerfacecolor=face, markeredgewidth=0.5, markersize=size, label=label,
                rasterized=len(points) > MOST_CURVES, linestyle="none",
            )  # fmt: skip
    sizes = [abs(point.ell1) for point in points if point.ell1]
    if sizes and max(sizes) > WIDE_RANGE * min(sizes):
        right.set_yscale("symlog", linthresh=10.0 ** math.floor(math.log10(min(sizes))))
        right.locator_params(axis="y", numticks=7)
    for axes, x_label, y_label in ((left, "parameter", r"$\omega$"), (right, r"$\omega$", r"$\ell_1$")):
        axes.margins(0.08)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
    figure.legend(loc="outside upper center", ncols=2)
    return figure
