"""One picture of a bundle by itself, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bundle.bundle import Bundle
from ..latex.kinds import derivations
from .data import Labels, ReadFile, read_run
from .run_plots import branch_samples, eigenvalues_plot, lyapunov_plot, pieces_plot
from .style import styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def overview(bundle: Bundle, read: ReadFile, kind: str) -> Figure | None:
    """kind: "eigenvalues", "lyapunov" or "branch"; None where the bundle has nothing to draw of it."""
    shown = next(iter(derivations(bundle).values()))
    labels = Labels(shown.parameter, shown.vector, shown.names).plain
    run = read_run(bundle, read)
    with styled():
        if kind == "lyapunov":
            return lyapunov_plot(run) if run.points else None
        if kind == "branch":
            return pieces_plot(run, labels) if run.pieces else None
        samples = branch_samples(run)
        return None if samples is None else eigenvalues_plot(run, samples, labels)
