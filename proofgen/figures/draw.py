"""All pictures of a bundle as files, with the words that the documents say about them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ..approx.field import FieldApprox
from ..approx.threads import one_blas_thread
from ..latex.numbers import Tex
from ..latex.pictures import Picture, Pictures
from . import captions
from .data import Labels, PointData, RunData
from .map_plots import iterates_plot, multipliers_plot
from .map_points import iterates
from .map_points import reach as map_reach
from .meeting_plots import meeting_plot
from .meetings import LINE, POLE
from .orbit_plots import tube_plot
from .orbits import MOST_DIMENSION, Orbit, orbit_of_amplitude, periodic_orbit, reach
from .point_plots import orbit_plot, spectrum_plot
from .proved_orbits import ProvedOrbits
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
SHOWN_OF_REACH = 0.3  # iterates are drawn so far from the point
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


class Shelf:
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


@dataclass
class Canvas:
    """What is drawn, and what has been: labels: for pictures; words: the same for captions; field: in binary64, for
    orbits, None where there is none; box: the weights are a box; drawn(): a point is finished; orbits, reaches: of Hopf
    points, for the diagram."""

    run: RunData
    field: FieldApprox | None
    labels: Labels
    words: Labels
    box: bool
    files: Shelf
    drawn: Callable[[], None]
    orbits: dict[str, list[Orbit]]
    reaches: dict[str, float]


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
    """Draw everything. field, box: as of `Canvas`."""
    total, done = len(run.marks) + 1, count(1)
    progress("pictures", 0, total)
    files = Shelf(pdf, svg)

    def drawn() -> None:
        progress("pictures", next(done), total)

    canvas = Canvas(run, field, labels.plain, labels, box, files, drawn, {}, {})
    with styled(), one_blas_thread():
        points = {name: pictures for kind in KINDS for name, pictures in kind(canvas).items()}
        summary = _run_pictures(canvas)
    progress("pictures", total, total)
    return Drawn(files.pdf, files.svg, Pictures(points, summary))


def hopf_pictures(canvas: Canvas) -> dict[str, dict[str, Picture]]:
    """Of every Hopf point the spectrum, which many of them share, and an orbit."""
    run, labels, files = canvas.run, canvas.labels, canvas.files
    points: dict[str, dict[str, Picture]] = {}
    width = float(np.ptp(shown_range(run)))
    shared = shared_spectrum(run)
    if shared is not None:
        files[SPECTRUM] = shared.figure()
    for point in run.points:
        made: dict[str, Picture] = {}
        name = f"{point.id}-spectrum"
        if shared is None:
            spectrum = spectrum_plot(point)
            files[name] = spectrum.figure
            made["spectrum"] = captions.spectrum(name, point, spectrum)
        else:
            name = f"{point.id}-marks"
            files[name] = shared.marks(point)
            made["spectrum"] = captions.marked_spectrum(name, SPECTRUM, point, shared, canvas.words)
        others = [other.gamma for other in run.points if other is not point] + list(run.crossings)
        within = _finite(reach(point, others, run.interval))
        if run.dimension <= MOST_DIMENSION and canvas.field is not None:
            found = periodic_orbit(canvas.field, point, within)
            gamma = point.gamma + math.copysign(0.25 * within, point.growth)
            if found is not None:
                gamma = found.gamma
                within = min(within, max(SHOWN_LAW * abs(found.gamma - point.gamma), 0.03 * width))
                canvas.orbits[point.id] = (
                    _family(canvas.field, point, found) if len(run.points) <= MOST_IN_DIAGRAM else []
                )
            name = f"{point.id}-orbit"
            files[name] = orbit_plot(point, found, gamma, labels)
            made["orbit"] = captions.orbit(name, point, found, gamma, canvas.words, canvas.box)
        canvas.reaches[point.id] = within
        points[point.id] = made
        canvas.drawn()
    return points


def orbit_pictures(canvas: Canvas) -> dict[str, dict[str, Picture]]:
    """Of every certificate of periodic orbits the curves and the exponents; nothing of it is simulated."""
    pieces: dict[str, list[ProvedOrbits]] = {}
    for piece in canvas.run.orbits:
        pieces.setdefault(piece.id, []).append(piece)
    found: dict[str, dict[str, Picture]] = {}
    for identifier, own in pieces.items():
        name = f"{identifier}-tube"
        drawing = tube_plot(own, canvas.labels)
        canvas.files[name] = drawing.figure
        found[identifier] = {"tube": captions.tube(name, own, drawing, canvas.words)}
    return found


def meeting_pictures(canvas: Canvas) -> dict[str, dict[str, Picture]]:
    """Of every fold, transcritical point, pitchfork, line and pole the equilibria near it, to leading order."""
    found: dict[str, dict[str, Picture]] = {}
    for point in canvas.run.meetings:
        name = f"{point.id}-equilibria"
        canvas.files[name] = meeting_plot(point, canvas.labels)
        if point.kind in (LINE, POLE):
            found[point.id] = {"equilibria": captions.singular(name, point, canvas.words)}
        else:
            found[point.id] = {"equilibria": captions.equilibria(name, point, canvas.words, canvas.run.discrete)}
    return found


def map_pictures(canvas: Canvas) -> dict[str, dict[str, Picture]]:
    """Of every Neimark–Sacker point and flip the multipliers, and iterates beside the leading order."""
    found: dict[str, dict[str, Picture]] = {}
    run = canvas.run
    for point in run.map_points:
        name = f"{point.id}-multipliers"
        drawing = multipliers_plot(point)
        canvas.files[name] = drawing.figure
        found[point.id] = {"multipliers": captions.multipliers(name, point, drawing)}
        marked = [*(mark.gamma for mark in run.map_points), *(fold.gamma for fold in run.folds), *run.crossings]
        others = [gamma for gamma in marked if gamma != point.gamma]
        within = map_reach(point, others, run.interval)
        canvas.reaches[point.id] = within
        at = None if canvas.field is None else iterates(canvas.field, point, SHOWN_OF_REACH * within)
        if at is not None:
            name = f"{point.id}-iterates"
            canvas.files[name] = iterates_plot(point, at, canvas.labels)
            found[point.id]["iterates"] = captions.iterates(name, point, at, canvas.words)
        canvas.drawn()
    return found


# what draws the points of a kind: id → picture by its name in `latex.kinds.POINTS`; other kinds have none of their own
KINDS: tuple[Callable[[Canvas], dict[str, dict[str, Picture]]], ...] = (
    hopf_pictures, meeting_pictures, orbit_pictures, map_pictures,
)  # fmt: skip


def path_of(name: str) -> str:
    """The file of a picture in the bundle."""
    return f"figures/{name}.pdf"


def _finite(distance: float) -> float:
    return distance if math.isfinite(distance) else 1.0


def _family(field: FieldApprox, point: PointData, found: Orbit) -> list[Orbit]:
    smaller = (orbit_of_amplitude(field, point, factor * found.rho) for factor in FAMILY)
    return [orbit for orbit in (*smaller, found) if orbit is not None]


def _run_pictures(canvas: Canvas) -> dict[str, Picture]:
    run, labels, files, box = canvas.run, canvas.labels, canvas.files, canvas.box
    made: dict[str, Picture] = {}
    samples = branch_samples(run)
    component = Tex(canvas.words.state[main_component(run)])
    if samples is not None:
        files["eigenvalues"] = eigenvalues_plot(run, samples, labels)
        made["eigenvalues"] = captions.eigenvalues(run, canvas.words, box)
    if len(run.points) > 1:
        files["lyapunov"] = lyapunov_plot(run)
        made["lyapunov"] = captions.lyapunov(run)
    if run.pieces:
        files["branch"] = pieces_plot(run, labels)
        made["branch"] = captions.branch(run, component)
    if (run.marks and (samples is None or run.law is None)) or (samples is not None and run.folds):
        proved = {orbit.hopf for orbit in run.orbits}
        simulated = any(found for name, found in canvas.orbits.items() if name not in proved)
        files["diagram"] = diagram_plot(run, samples, canvas.orbits, canvas.reaches, labels)
        made["diagram"] = captions.diagram(run, component, simulated, box)
    return made
