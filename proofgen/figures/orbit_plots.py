"""The picture of proved periodic orbits: their curves as tubes, and the discs of their Floquet exponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .data import Labels
from .point_plots import draw_eigenvalues, few_ticks
from .proved_orbits import Array, ProvedOrbits
from .style import BLACK, DARK, LIGHT, MIDDLE, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 6  # orbits of a family
VISIBLE = 0.01  # of the width of a picture: smaller discs and tubes are drawn as marks and lines only


@dataclass(frozen=True)
class OrbitDrawing:
    """components: of the left picture; drawn: how many orbits; tubes, discs: whether their true size can be seen."""

    figure: Figure
    components: tuple[int, int]
    drawn: int
    tubes: bool
    discs: bool


def tube_plot(pieces: Sequence[ProvedOrbits], labels: Labels) -> OrbitDrawing:
    """Of all pieces of one certificate. Left: orbits in the plane of the two components that move most, each with its
    tube; right: the exponents of the last orbit with the radius of their discs."""
    last = pieces[-1]
    i, j = _largest(last.x[-1])
    figure = new_figure(2.5)
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    chosen = _chosen(pieces)
    span = float(max(np.ptp(last.x[-1][:, k]) for k in (i, j)))
    tubes = last.distance > VISIBLE * span
    for number, (piece, m) in enumerate(chosen):
        x = np.vstack([piece.x[m], piece.x[m][:1]])
        dark = BLACK if number == len(chosen) - 1 else MIDDLE
        if tubes:
            _tube(left, x[:, [i, j]], piece.distance)
        left.plot(x[:, i], x[:, j], color=dark, linewidth=0.9 if dark == BLACK else 0.6, gid=f"orbit-{number}")
    left.set_xlabel(f"${labels.state[i]}$")
    left.set_ylabel(f"${labels.state[j]}$")
    values = last.exponents
    around = np.append(values, 0.0)
    extent = float(max(np.ptp(around.real), np.ptp(around.imag)))
    discs = last.exponent_radius > VISIBLE * extent > 0.0
    right.axvline(0.0, color=LIGHT, linewidth=0.8)
    draw_eigenvalues(right, values, last.exponent_radius if discs else None, crowded=False)
    right.plot([0.0], [0.0], "o", color=DARK, markersize=3.5, gid="trivial")
    right.set_xlabel(r"$\operatorname{Re}\lambda$")
    right.set_ylabel(r"$\operatorname{Im}\lambda$")
    right.margins(0.15)
    for axes in (left, right):
        few_ticks(axes)
    return OrbitDrawing(figure, (i, j), len(chosen), tubes, discs)


def _chosen(pieces: Sequence[ProvedOrbits]) -> list[tuple[ProvedOrbits, int]]:
    """Piece and sample of some orbits that are evenly spread over all amplitudes, the last one among them."""
    every = [(piece, m) for piece in pieces for m in range(len(piece.amplitude))]
    every.sort(key=lambda found: float(found[0].amplitude[found[1]]))
    largest = float(every[-1][0].amplitude[every[-1][1]])
    if all(piece.single for piece in pieces):
        return every[-1:]
    wanted = [largest * k / SHOWN for k in range(1, SHOWN)]
    found = [min(every, key=lambda item, a=a: abs(float(item[0].amplitude[item[1]]) - a)) for a in wanted]  # type: ignore[misc]
    return [*found, every[-1]]


def _largest(x: Array) -> tuple[int, int]:
    """The two components that move most, in their order."""
    order = np.argsort(-np.ptp(x, axis=0), kind="stable")[:2]
    return int(min(order)), int(max(order))


def _tube(axes: Axes, x: Array, distance: float) -> None:
    """Squares of half width `distance` around the points: every component is known so far."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    squares = [Rectangle((a - distance, b - distance), 2 * distance, 2 * distance) for a, b in x]
    axes.add_collection(PatchCollection(squares, facecolor=LIGHT, edgecolor="none", gid="tube"))
