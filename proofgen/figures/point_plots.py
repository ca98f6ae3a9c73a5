"""Pictures of one Hopf point: its spectrum with enclosing discs, and a periodic orbit beside the predicted ellipse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .data import Array, ComplexArray, Labels, PointData
from .orbits import Orbit
from .style import BLACK, DARK, LIGHT, MIDDLE, PALE, WIDTH, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_RADIUS = 0.04  # of the larger side of the spectrum: how large discs are drawn at most
CROWDED = 40  # eigenvalues from which discs and markers are drawn smaller
NARROW = 4.0  # height to width of a spectrum that is drawn with different scales


@dataclass(frozen=True)
class SpectrumDrawing:
    """The picture and what its caption says. factor: (m, k), the discs are drawn m·10^k times too large."""

    figure: Figure
    factor: tuple[int, int]
    others_enclosed: bool


def magnification(point: PointData) -> tuple[int, int]:
    """(m, k) of the factor m·10^k by which discs are drawn too large, (1, 0) where they can be seen as they are."""
    values = point.centres
    span = np.ptp(values.real) if narrow(point) else max(np.ptp(values.real), np.ptp(values.imag))
    largest = max(point.radius, point.other_radius or 0.0)
    shown = SHOWN_RADIUS / (1 if len(values) < CROWDED else 2.5)
    if largest <= 0 or not math.isfinite(largest) or shown * span <= largest:
        return 1, 0
    quotient = shown * span / largest
    exponent = math.floor(math.log10(quotient))
    return next(m for m in (5, 2, 1) if m <= quotient / 10.0**exponent or m == 1), exponent


def narrow(point: PointData) -> bool:
    """Whether the spectrum is so narrow that equal scales would hide which side of the axis an eigenvalue is on."""
    width = max(float(np.ptp(point.centres.real)), 3 * (point.gap or 0.0))
    return float(np.ptp(point.centres.imag)) > NARROW * width > 0


def spectrum_plot(point: PointData) -> SpectrumDrawing:
    """The eigenvalues of A; discs as claimed in the certificate."""
    from matplotlib.patches import Circle

    mantissa, exponent = magnification(point)
    factor = mantissa * 10.0**exponent
    values = point.centres
    conjugate = int(np.argmin(np.abs(values - values[point.pair].conj())))
    others = np.array([k for k in range(len(values)) if k not in (point.pair, conjugate)], dtype=int)
    limits = spectrum_limits(point)
    figure = new_figure(spectrum_height(point))
    axes = figure.add_subplot()
    axes.axhline(0, color=LIGHT, linewidth=0.5, zorder=0)
    axes.axvline(0, color=MIDDLE, linewidth=0.6, zorder=0)
    if point.gap is not None:
        axes.axvspan(-point.gap, point.gap, color=PALE, linewidth=0, zorder=-1, gid="gap")
    radius = None if point.other_radius is None else point.other_radius * factor
    draw_eigenvalues(axes, values[others], radius, len(values) >= CROWDED, "other eigenvalues")
    for k in (point.pair, conjugate):
        centre = (values[k].real, values[k].imag)
        axes.add_patch(
            Circle(centre, point.radius * factor, facecolor=LIGHT, edgecolor=BLACK, lw=0.9, zorder=3, gid="pair")
        )
    axes.plot(
        values[[point.pair, conjugate]].real, values[[point.pair, conjugate]].imag, ".", color=BLACK, markersize=3,
        zorder=4, label=r"certified pair $\pm i\omega$", gid="pair-centres",
    )  # fmt: skip
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])
    if not narrow(point):
        axes.set_aspect("equal", adjustable="box")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    axes.set_xlabel(r"$\mathrm{Re}\,\lambda$")
    axes.set_ylabel(r"$\mathrm{Im}\,\lambda$")
    if len(values) >= CROWDED:
        figure.set_layout_engine(None)
        figure.subplots_adjust(left=0.11, right=0.98, bottom=0.15, top=0.9)
        few_ticks(axes)
    return SpectrumDrawing(figure, (mantissa, exponent), point.other_radius is not None)


def draw_eigenvalues(
    axes: Axes, values: ComplexArray, radius: float | None, crowded: bool, label: str | None = None
) -> None:
    """Eigenvalues with circles of a radius around them (None: without), as one collection for spectra of hundreds."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D, AffineDeltaTransform

    if radius is not None:
        discs = PathCollection(
            [Path.unit_circle()], offsets=np.column_stack([values.real, values.imag]),
            offset_transform=axes.transData, facecolors="none", edgecolors=MIDDLE, linewidths=0.6, gid="other-discs",
        )  # fmt: skip
        discs.set_transform(Affine2D().scale(radius) + AffineDeltaTransform(axes.transData))  # type: ignore[arg-type]
        axes.add_collection(discs)
    axes.plot(
        values.real, values.imag, "." if crowded else "x", color=DARK, markersize=2.2 if crowded else 4.0,
        markeredgewidth=0.8, label=label, gid="others",
    )  # fmt: skip


def few_ticks(axes: Axes) -> None:
    """Ticks with little mathematics to parse."""
    from matplotlib.ticker import MaxNLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))
        axis.set_major_formatter(lambda value, _: f"{value:g}" if value >= 0 else f"${value:g}$")


def spectrum_height(point: PointData) -> float:
    """Of the picture, in inches."""
    across, up = spectrum_limits(point)
    return min(2.3 if len(point.centres) < CROWDED else 3.1, 0.7 + 4.9 * float(np.ptp(up) / np.ptp(across)))


def spectrum_limits(point: PointData) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits around the spectrum, for equal scales; a flat spectrum gets some room, so that the strip is seen."""
    real, imag = point.centres.real, point.centres.imag
    wide, high = max(float(np.ptp(real)), 3 * (point.gap or 0.0)), float(np.ptp(imag))
    half = 0.56 * (wide if narrow(point) else max(wide, 0.45 * high)), 0.56 * max(high, 0.3 * wide)
    middle = (float(real.max() + real.min()) / 2, float(imag.max() + imag.min()) / 2)
    across = min(middle[0] - half[0], -0.1 * half[0]), max(middle[0] + half[0], 0.1 * half[0])
    return across, (middle[1] - half[1], middle[1] + half[1])


def predicted(point: PointData, gamma: float, phases: Array) -> Array:
    """Rows x* + 2ρ Re(q e^{iθ}) of the ellipse of leading order at γ, ρ² = c(γ − γ*)."""
    rho = math.sqrt(max(0.0, point.growth * (gamma - point.gamma)))
    return np.asarray(point.equilibrium + 2 * rho * np.real(np.exp(1j * phases)[:, None] * point.q))


def largest_coordinates(point: PointData) -> tuple[int, int]:
    """The two components with the largest amplitude, in their order."""
    order = np.argsort(-np.abs(point.q), kind="stable")[:2]
    return int(min(order)), int(max(order))


def orbit_plot(point: PointData, orbit: Orbit | None, gamma: float, labels: Labels) -> Figure:
    """The predicted ellipse at γ, and the numerical orbit there if one was found; projection and time series."""
    i, j = largest_coordinates(point)
    figure = new_figure(2.1, WIDTH)
    plane, series = figure.subplots(1, 2, width_ratios=(1, 1.25))
    theta = np.linspace(0, 2 * np.pi, 241)
    ellipse = predicted(point, gamma, theta)
    plane.plot(ellipse[:, i], ellipse[:, j], "--", color=MIDDLE, linewidth=1.2, label="predicted", gid="predicted")
    plane.plot(*point.equilibrium[[i, j]], "+", color=BLACK, gid="equilibrium")
    time, period = theta / point.omega, 2 * np.pi / point.omega
    twice = np.concatenate([time, time[1:] + period])
    values = np.concatenate([ellipse[:, i], ellipse[1:, i]])
    series.plot(twice, values, "--", color=MIDDLE, linewidth=1.2, gid="predicted-series")
    if orbit is not None:
        plane.plot(orbit.x[:, i], orbit.x[:, j], "-", color=BLACK, label="simulation", gid="orbit")
        steps = np.linspace(0, orbit.period, len(orbit.x))
        series.plot(
            np.concatenate([steps, steps[1:] + orbit.period]),
            np.concatenate([orbit.x[:, i], orbit.x[1:, i]]),
            "-", color=BLACK, gid="series",
        )  # fmt: skip
    plane.set_xlabel(f"${labels.state[i]}$")
    plane.set_ylabel(f"${labels.state[j]}$")
    series.set_xlabel("$t$")
    series.set_ylabel(f"${labels.state[i]}$")
    for axes in (plane, series):
        axes.margins(0.08)
        axes.locator_params(nbins=5)
    figure.legend(*plane.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
