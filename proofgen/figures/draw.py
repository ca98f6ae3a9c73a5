"""All pictures of a bundle as files, with the words that the documents say about them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..approx.field import FieldApprox
from ..approx.threads import one_blas_thread
from ..latex.numbers import Tex
from ..latex.pictures import Picture, Pictures
from . import captions
from .data import Labels, PointData, RunData
from .orbits import MOST_DIMENSION, Orbit, orbit_of_amplitude, periodic_orbit, reach
from .point_plots import orbit_plot, spectrum_plot
from .run_plots import (
    branch_samples,
    diagram_plot,
    eigenvalues_plot,
    lyapunov_plot,
    main_component,
    pieces_plot,
    shown_range,
)
from .shared_spectrum import shared_spectrum
from .style import pdf_bytes, styled, svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Progress = Callable[[str, int, int], None]
FAMILY = (0.4, 0.6, 0.8)  # amplitudes, relative to the drawn orbit, for the diagram
SHOWN_LAW = 6.0  # the law is drawn so many times farther than the orbit
MOST_IN_DIAGRAM = 30
SPECTRUM = "spectrum"  # the picture that the points of a large run share


@dataclass(frozen=True)
class Drawn:
    """figures: name → picture as PDF, and as SVG where that was asked for."""

    pdf: dict[str, bytes]
    svg: dict[str, bytes]
    pictures: Pictures

    @property
    def files(self) -> dict[str, bytes]:
        """Path in the bundle → bytes."""
        return {path_of(name): data for name, data in self.pdf.items()}


class _Shelf:
    """Where finished figures go; some are changed afterwards, so that they are stored at once."""

    def __init__(self, pdf: bool, svg: bool) -> None:
        self._made: dict[Callable[[Figure], bytes], dict[str, bytes]] = {}
        self.pdf, self.svg = dict[str, bytes](), dict[str, bytes]()
        if pdf:
            self._made[pdf_bytes] = self.pdf
        if svg:
            self._made[svg_bytes] = self.svg

    def __setitem__(self, name: str, figure: Figure) -> None:
        for form, shelf in self._made.items():
            shelf[name] = form(figure)


def draw(
    run: RunData,
    field: FieldApprox | None,
    labels: Labels,
    progress: Progress,
    *,
    box: bool = False,
    pdf: bool = True,
    svg: bool = False,
) -> Drawn:
    """Draw everything. field: in binary64, for orbits; None where there is none; box: the weights are a box."""
    files = _Shelf(pdf, svg)
    points: dict[str, dict[str, Picture]] = {}
    total = len(run.points) + 1
    progress("pictures", 0, total)
    orbits: dict[str, list[Orbit]] = {}
    reaches: dict[str, float] = {}
    width = float(np.ptp(shown_range(run)))
    with styled(), one_blas_thread():
        shared = shared_spectrum(run)
        if shared is not None:
            files[SPECTRUM] = shared.figure()
        for number, point in enumerate(run.points, start=1):
            made: dict[str, Picture] = {}
            name = f"{point.id}-spectrum"
            if shared is None:
                spectrum = spectrum_plot(point)
                files[name] = spectrum.figure
                made["spectrum"] = captions.spectrum(name, point, spectrum)
            else:
                name = f"{point.id}-marks"
                files[name] = shared.marks(point)
                made["spectrum"] = captions.marked_spectrum(name, SPECTRUM, point, shared, labels)
            others = [other.gamma for other in run.points if other is not point] + list(run.crossings)
            reaches[point.id] = _finite(reach(point, others, run.interval))
            if run.dimension <= MOST_DIMENSION and field is not None:
                found = periodic_orbit(field, point, reaches[point.id])
                gamma = point.gamma + math.copysign(0.25 * reaches[point.id], point.growth)
                if found is not None:
                    gamma = found.gamma
                    shown = max(SHOWN_LAW * abs(found.gamma - point.gamma), 0.03 * width)
                    reaches[point.id] = min(reaches[point.id], shown)
                    orbits[point.id] = _family(field, point, found) if len(run.points) <= MOST_IN_DIAGRAM else []
                name = f"{point.id}-orbit"
                files[name] = orbit_plot(point, found, gamma, labels)
                made["orbit"] = captions.orbit(name, point, found, gamma, labels, box)
            points[point.id] = made
            progress("pictures", number, total)
        summary = _run_pictures(run, orbits, reaches, labels, files, box)
    progress("pictures", total, total)
    return Drawn(files.pdf, files.svg, Pictures(points, summary))


def path_of(name: str) -> str:
    """The file of a picture in the bundle."""
    return f"figures/{name}.pdf"


def _finite(distance: float) -> float:
    return distance if math.isfinite(distance) else 1.0


def _family(field: FieldApprox, point: PointData, found: Orbit) -> list[Orbit]:
    smaller = (orbit_of_amplitude(field, point, factor * found.rho) for factor in FAMILY)
    return [orbit for orbit in (*smaller, found) if orbit is not None]


def _run_pictures(
    run: RunData,
    orbits: dict[str, list[Orbit]],
    reaches: dict[str, float],
    labels: Labels,
    files: _Shelf,
    box: bool,
) -> dict[str, Picture]:
    made: dict[str, Picture] = {}
    samples = branch_samples(run)
    component = Tex(labels.state[main_component(run)])
    if samples is not None:
        files["eigenvalues"] = eigenvalues_plot(run, samples, labels)
        made["eigenvalues"] = captions.eigenvalues(run, labels, box)
    if len(run.points) > 1:
        files["lyapunov"] = lyapunov_plot(run)
        made["lyapunov"] = captions.lyapunov(run)
    if run.pieces:
        files["branch"] = pieces_plot(run, labels)
        made["branch"] = captions.branch(run, component)
    if run.points:
        proved = {orbit.hopf for orbit in run.orbits}
        simulated = any(found for name, found in orbits.items() if name not in proved)
        files["diagram"] = diagram_plot(run, samples, orbits, reaches, labels)
        made["diagram"] = captions.diagram(run, component, simulated, box)
    return made
