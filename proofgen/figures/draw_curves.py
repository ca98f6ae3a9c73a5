"""The pictures of a bundle with two parameters as files, with the words that the documents say about them."""

from __future__ import annotations

from ..bundle.bundle import Bundle
from ..bundle.hopf_curve import HopfCurves
from ..latex.letters import unmarked
from ..latex.numbers import Tex
from ..latex.pictures import Picture, Pictures
from .curves import CurvesData, curves_plot, read_curves, unfolding_plot
from .data import ReadFile
from .draw import Drawn, Progress, Shelf
from .style import styled


def draw_curves(
    bundle: Bundle, branch: HopfCurves, read: ReadFile, parameters: tuple[str, str], progress: Progress,
    *, pdf: bool = True, svg: bool = False,
) -> Drawn:  # fmt: skip
    """parameters: LaTeX of both."""
    data, files = read_curves(bundle, branch, read), Shelf(pdf, svg)
    plain = (unmarked(parameters[0]), unmarked(parameters[1]))
    points, run, total = dict[str, dict[str, Picture]](), dict[str, Picture](), len(data.points) + 1
    progress("pictures", 0, total)
    with styled():
        if data.curves:
            files["curves"] = curves_plot(data, plain)
            run["curves"] = _curves_words(data, parameters)
        for number, point in enumerate(data.points, 1):
            progress("pictures", number, total)
            name = f"{point.id}-unfolding"
            files[name] = unfolding_plot(data, point, plain)
            points[point.id] = {"unfolding": _unfolding_words(name, parameters[point.along])}
    progress("pictures", total, total)
    return Drawn(files.pdf, files.svg, Pictures(points, run))


LAW = r"$(\operatorname{Re}c_1)^2=4\operatorname{Re}\lambda\operatorname{Re}c_2$"


def _curves_words(data: CurvesData, parameters: tuple[str, str]) -> Picture:
    text = (
        "The Hopf points in the box. The bands, drawn a little wider where they are narrow, are proved: each holds "
        r"exactly one point of a curve for every value of the parameter that runs. Black: $\ell_1<0$, the onset is "
        r"soft; grey: $\ell_1>0$, it is hard."
    )
    if data.points:
        text += (
            " Diamonds: the Bautin points that are proved. Dashed: where two periodic orbits meet, by the leading "
            rf"order {LAW} at the Bautin point, added to the curve of Hopf points; numerical, and good near the point "
            "only."
        )
    first, second = parameters
    sentence = rf"Figure~\ref{{curves}} shows the curves in the plane of $({first},{second})$."
    return Picture("curves", "curves", Tex(sentence), Tex(text))


def _unfolding_words(name: str, s: str) -> Picture:
    text = (
        "Near the Bautin point (diamond), to leading order: the distance from the curve of Hopf points (the "
        rf"horizontal line) against~${s}-{s}^*$. Dashed: the curve of folds of periodic orbits, {LAW}; between the two "
        "curves there are two small orbits. The coefficients are enclosed in the certificate; how far the leading "
        "order is good is not proved."
    )
    return Picture(name, "unfolding", Tex(r"Figure~\ref{unfolding} shows the two curves near the point."), Tex(text))
