"""One look for all pictures, legible in grey, and the same bytes for the same picture."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.6  # inches; drawn at their natural size
BLACK, DARK, MIDDLE, LIGHT, PALE = "0.0", "0.25", "0.5", "0.72", "0.9"
_STYLE = {
    "font.family": "serif",
    "font.serif": ["cmr10"],
    "mathtext.fontset": "cm",
    "axes.formatter.use_mathtext": True,
    "font.size": 9.0,
    "axes.labelsize": 9.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "axes.linewidth": 0.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "lines.linewidth": 0.9,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "pdf.fonttype": 42,
    "pdf.compression": 9,
    "path.simplify": True,
    "svg.fonttype": "path",
    "svg.hashsalt": "proofgen",
}


@contextmanager
def styled() -> Iterator[None]:
    """The look, whatever a user's own matplotlib settings are."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)  # type: ignore[arg-type]
        yield


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure without a window system."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def pdf_bytes(figure: Figure) -> bytes:
    """The figure as PDF without dates and versions."""
    stream = io.BytesIO()
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it remarks on the dates of fonts
    names = dict.fromkeys(("CreationDate", "ModDate"))
    figure.savefig(stream, format="pdf", metadata={**names, "Creator": "proofgen", "Producer": "proofgen"})
    return stream.getvalue()


def svg_bytes(figure: Figure) -> bytes:
    """The figure as SVG, letters as curves, without dates and versions."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "proofgen"})
    return stream.getvalue()
