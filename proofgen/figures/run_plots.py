"""Pictures of a whole run: real parts along the branch, ℓ1 against ω, proved pieces, bifurcation diagram."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..bundle.pieces import CLEAR
from .data import Array, Labels, PieceData, PointData, RunData
from .map_points import MapPointData
from .orbits import Orbit
from .proved_orbits import ProvedOrbits
from .style import BLACK, DARK, LIGHT, MIDDLE, PALE, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE_RANGE = 100.0  # quotient of |ℓ1| from which its axis is logarithmic
TALLEST = 4.0  # in the diagram, relative to the median
MOST_MARKERS = 40  # Hopf points with a marker each
MOST_LINES = 60  # real parts that are lines; more are a density
TICKUP, TICKDOWN = 2, 3  # matplotlib's markers
SAMPLES = 300  # of multipliers that do not move along lines
MOST_PIECES = 400  # more are joined for drawing


@dataclass(frozen=True)
class BranchSamples:
    """The branch at some γ in increasing order: equilibria and the real parts of the eigenvalues, in binary64; of a map
    |μ| − 1 for the multipliers μ.

    breaks: positions at which a new part begins, because something between is not settled.
    """

    gamma: Array
    x: Array
    real_parts: Array
    breaks: tuple[int, ...] = field(default=())

    def parts(self) -> list[slice]:
        """The parts that hang together."""
        ends = [0, *self.breaks, len(self.gamma)]
        return [slice(a, b) for a, b in pairwise(ends) if b > a]


def shown_range(run: RunData) -> tuple[float, float]:
    """The range of γ: the interval asked for, else the points and crossings with some room."""
    if run.interval is not None:
        return run.interval
    marks = [point.gamma for point in run.marks] + list(run.crossings) + [end for i in run.unsettled for end in i]
    low, high = min(marks, default=-1.0), max(marks, default=1.0)
    room = 0.15 * (high - low) or 0.5 * max(1.0, abs(low))
    return low - room, high + room


def branch_samples(run: RunData) -> BranchSamples | None:
    """From the witness: the zero branch has straight lines, a piece its approximate equilibrium and eigenvalues."""
    if run.lines is not None:
        mu, sigma_1 = run.lines
        gamma = np.unique([*shown_range(run), *(point.gamma for point in run.points), *run.crossings])
        x = np.zeros((len(gamma), run.dimension))
        return BranchSamples(gamma, x, sigma_1 * (mu.real[None, :] + gamma[:, None]))
    if run.law is not None:
        mu, rest, tau, gain = run.law
        across = np.linspace(*shown_range(run), SAMPLES)
        gamma = np.unique([*across, *(point.gamma for point in run.map_points), *run.crossings])
        nu = gamma[:, None] * mu[None, :] if gain else mu[None, :] + gamma[:, None]
        moduli = np.sort(np.abs(rest + tau * nu), axis=1)
        return BranchSamples(gamma, np.zeros((len(gamma), run.dimension)), moduli - 1)
    if not run.pieces:
        return None
    gamma = np.array([piece.centre for piece in run.pieces])
    spectra = np.array([piece.spectrum for piece in run.pieces])
    real_parts = np.sort(np.abs(1 + spectra) - 1 if run.discrete else spectra.real, axis=1)
    breaks = tuple(k for k in range(1, len(gamma)) if run.pieces[k].low != run.pieces[k - 1].high)
    return BranchSamples(gamma, np.array([piece.x for piece in run.pieces]), real_parts, breaks)


def _mark_points(axes: Axes, points: tuple[PointData | MapPointData, ...], heights: list[float]) -> None:
    for kind, marker, face, name in (
        (True, "o", BLACK, SUPERCRITICAL),
        (False, "s", "white", SUBCRITICAL),
    ):
        chosen = [k for k, point in enumerate(points) if point.supercritical == kind]
        if not chosen:
            continue
        across, up = [points[k].gamma for k in chosen], [heights[k] for k in chosen]
        if len(points) > MOST_MARKERS:  # strokes up and down, which stay apart where markers would be a bar
            stroke, size, width = (TICKUP if kind else TICKDOWN), 7.0, 0.5
        else:
            stroke, size, width = None, 4.5, 0.8
        axes.plot(
            across, up, linestyle="none", marker=marker if stroke is None else stroke, color=BLACK,
            markerfacecolor=face, markersize=size, markeredgewidth=width, label=name, gid=name, zorder=5,
        )  # fmt: skip


def _mark_folds(axes: Axes, run: RunData, heights: list[float]) -> None:
    if run.folds:
        axes.plot(
            [fold.gamma for fold in run.folds], heights, "D", color=BLACK, markerfacecolor=LIGHT, markersize=4.0,
            markeredgewidth=0.8, label="fold", gid="folds", zorder=5,
        )  # fmt: skip


def _mark_unsettled(axes: Axes, run: RunData) -> None:
    for k, (low, high) in enumerate(run.unsettled):
        axes.axvspan(
            low, high, facecolor="none", edgecolor=MIDDLE, hatch="////", linewidth=0.3, gid="unsettled", zorder=0.5,
            label="not settled" if k == 0 else None,
        )  # fmt: skip


def _legend(figure: Figure, axes: Axes) -> None:
    handles, names = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles, names, loc="outside upper center", ncols=4)


def eigenvalues_plot(run: RunData, samples: BranchSamples, labels: Labels) -> Figure:
    """Real parts of all eigenvalues along the branch, with the proved crossings."""
    figure = new_figure(2.5)
    axes = figure.add_subplot()
    level = 1.0 if run.discrete else 0.0
    axes.axhline(level, color=MIDDLE, linewidth=0.6, zorder=0)
    thin, faint = (0.8 if run.dimension <= 40 else 0.35), 1.0
    if run.dimension > MOST_LINES:  # darker where more lines are
        thin, faint = 0.3, max(0.08, 12 / run.dimension)
    for part in samples.parts():
        heights = level + samples.real_parts[part]
        axes.plot(samples.gamma[part], heights, color=DARK, linewidth=thin, alpha=faint, zorder=1)
    _mark_points(axes, run.marks, [level] * len(run.marks))
    _mark_folds(axes, run, [level] * len(run.folds))
    if run.crossings:
        axes.plot(
            run.crossings, [level] * len(run.crossings), "D", color=BLACK, markerfacecolor="white", markersize=3.5,
            markeredgewidth=0.8, label="real crossing", gid="real-crossings", zorder=5,
        )  # fmt: skip
    _mark_unsettled(axes, run)
    axes.set_xlim(*shown_range(run))
    axes.set_ylim(*(level + end for end in _near_axis(samples)))
    axes.set_xlabel(f"${labels.parameter}$")
    axes.set_ylabel(r"$\vert\mu\vert$" if run.discrete else r"$\mathrm{Re}\,\lambda$")
    _legend(figure, axes)
    return figure


def _near_axis(samples: BranchSamples) -> tuple[float, float]:
    """Heights around 0 with what crosses; far eigenvalues may be cut off."""
    rows = samples.real_parts
    low, high = float(rows.min()), float(rows.max())
    near = [(float(c.min()), float(c.max())) for c in rows.T if c.min() <= 0 <= c.max()]
    if not near:
        return low - 0.05 * (high - low), max(high, 0.0) + 0.05 * (high - low)
    reach = max(max(-a, b) for a, b in near)
    return max(low, -2 * reach) - 0.1 * reach, min(high, 2 * reach) + 0.1 * reach


def lyapunov_plot(run: RunData) -> Figure:
    """ℓ1 against ω, one marker per point."""
    figure = new_figure(2.3)
    axes = figure.add_subplot()
    axes.axhline(0, color=MIDDLE, linewidth=0.6, zorder=0)
    for kind, marker, face, name in ((True, "o", BLACK, SUPERCRITICAL), (False, "s", "white", SUBCRITICAL)):
        chosen = [point for point in run.points if point.supercritical == kind]
        if chosen:
            omega, ell1 = [point.omega for point in chosen], [point.ell1 for point in chosen]
            errors = [[point.errors[k] for point in chosen] for k in (0, 1)]
            axes.errorbar(omega, ell1, xerr=errors[0], yerr=errors[1], fmt="none", ecolor=BLACK, elinewidth=0.6)
            axes.plot(
                omega, ell1, marker, color=BLACK, markerfacecolor=face, markeredgewidth=0.8, label=name, gid=name,
                markersize=4.5 if len(run.points) <= 40 else 3.0,
            )  # fmt: skip
    sizes = [abs(point.ell1) for point in run.points]
    if max(sizes) > WIDE_RANGE * min(sizes):
        axes.set_yscale("symlog", linthresh=10.0 ** math.floor(math.log10(min(sizes))))
    axes.margins(0.08)
    axes.set_xlabel(r"$\omega$")
    axes.set_ylabel(r"$\ell_1$")
    _legend(figure, axes)
    return figure


def joined_pieces(pieces: tuple[PieceData, ...]) -> list[tuple[float, float, int]]:
    """(low, high, count): neighbouring pieces joined until they can be told apart in print."""
    group = max(1, math.ceil(len(pieces) / MOST_PIECES))
    spans: list[tuple[float, float, int]] = []
    for piece in pieces:
        if spans and spans[-1][1] == piece.low and spans[-1][2] < group:
            spans[-1] = (spans[-1][0], piece.high, spans[-1][2] + 1)
        else:
            spans.append((piece.low, piece.high, 1))
    return spans


def main_component(run: RunData) -> int:
    """The component with the largest amplitude at some Hopf point; without points, the one that moves most."""
    if run.marks:
        return int(np.argmax(np.max([np.abs(point.q) for point in run.marks], axis=0)))
    if run.pieces:
        return int(np.argmax(np.ptp([piece.x for piece in run.pieces], axis=0)))
    return 0


def pieces_plot(run: RunData, labels: Labels) -> Figure:
    """One component of the proved branch, and below it the pieces over which it is proved."""
    component = main_component(run)
    figure = new_figure(0.9 if run.trivial else 2.8)
    if run.trivial:
        strip = figure.add_subplot()
    else:
        top, strip = figure.subplots(2, 1, sharex=True, height_ratios=(7, 1))
        for k, piece in enumerate(run.pieces):
            ends = np.array([piece.low, piece.high])
            heights = piece.x[component] + (ends - piece.centre) * piece.slope[component]
            top.plot(ends, heights, "-", color=BLACK, gid="branch", label="proved branch" if k == 0 else None)
        _mark_points(top, run.marks, [float(point.equilibrium[component]) for point in run.marks])
        _mark_folds(top, run, [float(fold.equilibrium[component]) for fold in run.folds])
        _mark_unsettled(top, run)
        top.set_ylabel(f"${labels.state[component]}$")
        _legend(figure, top)
    for k, (low, high, _) in enumerate(joined_pieces(run.pieces)):
        strip.axvspan(low, high, color=(LIGHT, PALE)[k % 2], linewidth=0, gid="piece", zorder=0)
    for piece in run.pieces:
        if piece.kind != CLEAR:
            strip.axvspan(piece.low, piece.high, color=DARK, linewidth=0.4, gid="crossing-piece", zorder=1)
    _mark_unsettled(strip, run)
    strip.set_yticks([])
    strip.set_xlim(*shown_range(run))
    strip.set_xlabel(f"${labels.parameter}$")
    strip.set_ylabel("pieces", rotation=0, ha="right", va="center")
    return figure


def diagram_plot(
    run: RunData,
    samples: BranchSamples | None,
    orbits: dict[str, list[Orbit]],
    reaches: dict[str, float],
    labels: Labels,
) -> Figure:
    """The branch, and from every Hopf point the extremes of the periodic orbits to leading order (and numerically)."""
    component = main_component(run)
    figure = new_figure(2.7)
    axes = figure.add_subplot()
    if samples is not None and (run.trivial or run.lines is None):
        _draw_branch(axes, samples, component)
    extents = _extents(run, component, reaches)
    for k, point in enumerate(run.marks):
        extent = extents[k]
        theta = np.linspace(0, 1, 60) ** 2  # finer near the square root
        gamma = point.gamma + theta * math.copysign(extent, point.growth)
        height = point.width * np.abs(point.q[component]) * np.sqrt(np.maximum(0, point.growth * (gamma - point.gamma)))
        base = _branch_at(run, samples, point, component, gamma)
        for sign in (1, -1):
            axes.plot(
                gamma, base + sign * height, color=MIDDLE, zorder=2,
                linewidth=1.1 if len(run.marks) <= MOST_MARKERS else 0.4,
                linestyle="-" if point.supercritical else (0, (2, 1.5)),
                gid=f"{point.id}-{'upper' if sign > 0 else 'lower'}",
                label="leading order" if k == 0 and sign > 0 else None,
            )  # fmt: skip
        proved = any(orbit.hopf == point.id for orbit in run.orbits)
        for m, orbit in enumerate([] if proved else orbits.get(point.id, [])):
            x = orbit.x[:, component]
            axes.plot(
                [orbit.gamma] * 2, [x.min(), x.max()], ".", color=BLACK, markersize=3, zorder=4, gid="numerical",
                label="numerical orbits" if m == 0 and not any(orbits.get(p.id) for p in run.marks[:k]) else None,
            )  # fmt: skip
    _draw_proved_orbits(axes, run.orbits, component)
    _mark_points(axes, run.marks, [float(point.equilibrium[component]) for point in run.marks])
    _mark_folds(axes, run, [float(fold.equilibrium[component]) for fold in run.folds])
    _mark_unsettled(axes, run)
    axes.set_xlim(*shown_range(run))
    axes.set_xlabel(f"${labels.parameter}$")
    axes.set_ylabel(f"${labels.state[component]}$")
    _legend(figure, axes)
    return figure


def _draw_proved_orbits(axes: Axes, orbits: tuple[ProvedOrbits, ...], component: int) -> None:
    """The extremes, each as a band that holds its enclosures; the edge makes it visible where that is thin."""
    label: str | None = "proved orbits"
    for piece in orbits:
        values = piece.x[:, :, component]
        for extremes in (values.min(axis=1), values.max(axis=1)):
            low, high = extremes - piece.distance, extremes + piece.distance
            if piece.single:
                axes.errorbar(
                    piece.gamma, extremes, xerr=piece.gamma_distance, yerr=piece.distance, fmt="D", markersize=3,
                    color=DARK, zorder=5, gid=f"{piece.id}-proved", label=label,
                )  # fmt: skip
            else:
                axes.fill_between(
                    piece.gamma, low, high, color=DARK, linewidth=2.2, linestyle="-" if piece.stable else (0, (3, 1)),
                    zorder=5, gid=f"{piece.id}-proved", label=label,
                )  # fmt: skip
            label = None


def _extents(run: RunData, component: int, reaches: dict[str, float]) -> list[float]:
    """How far each law is drawn: one that grows much faster than the others would hide them."""
    # height²/distance
    steepness = [(point.width * abs(point.q[component])) ** 2 * abs(point.growth) for point in run.marks]
    squares = [steep * reaches[point.id] for steep, point in zip(steepness, run.marks, strict=True)]
    cap = (TALLEST**2 * float(np.median(squares))) if squares else 0.0
    return [
        reaches[point.id] if square <= cap else cap / steep
        for point, steep, square in zip(run.marks, steepness, squares, strict=True)
    ]


def _branch_at(
    run: RunData, samples: BranchSamples | None, point: PointData | MapPointData, component: int, gamma: Array
) -> Array:
    """The component of the equilibrium near a point; x* where the branch is not known."""
    if samples is None or run.lines is not None:
        return np.full_like(gamma, point.equilibrium[component])
    sheet = _sheet_of(samples, point)
    moved = np.interp(gamma, samples.gamma[sheet], samples.x[sheet, component])
    here = np.interp(point.gamma, samples.gamma[sheet], samples.x[sheet, component])
    return np.asarray(moved + (point.equilibrium[component] - here))


def _sheet_of(samples: BranchSamples, point: PointData | MapPointData) -> slice:
    """The samples that a point lies among: all, or where the branch folds those of the sheet that passes nearest."""
    if np.all(np.diff(samples.gamma) >= 0):
        return slice(None)

    def away(part: slice) -> float:
        gamma, x = samples.gamma[part], samples.x[part]
        here = [np.interp(point.gamma, gamma, column) for column in x.T]
        beyond = max(float(gamma[0]) - point.gamma, point.gamma - float(gamma[-1]), 0.0)
        return float(np.max(np.abs(np.array(here) - point.equilibrium))) + beyond

    return min(samples.parts(), key=away)


def _draw_branch(axes: Axes, samples: BranchSamples, component: int) -> None:
    """Solid where no eigenvalue has a positive real part (no multiplier is outside of the circle), dashed elsewhere."""
    for part in samples.parts():
        gamma, x = samples.gamma[part], samples.x[part, component]
        rows = samples.real_parts[part]
        stable = ((rows[1:] + rows[:-1]) / 2).max(axis=1) < 0  # between two samples
        cuts = [0, *(np.flatnonzero(np.diff(stable)) + 1).tolist(), len(stable)]
        for a, b in pairwise(cuts):
            if b > a:
                axes.plot(
                    gamma[a : b + 1], x[a : b + 1], color=BLACK, linewidth=0.9, zorder=1,
                    linestyle="-" if stable[a] else (0, (4, 2)), gid="stable" if stable[a] else "unstable",
                )  # fmt: skip
