"""One picture of a bundle by itself, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bundle.bundle import Bundle
from ..bundle.hopf_curve import HopfCurves
from ..latex.kinds import derivations
from ..latex.letters import unmarked
from .curves import curves_plot, read_curves
from .data import Labels, ReadFile, read_run
from .run_plots import branch_samples, eigenvalues_plot, lyapunov_plot, pieces_plot
from .style import styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def overview(bundle: Bundle, read: ReadFile, kind: str) -> Figure | None:
    """kind: "eigenvalues", "lyapunov", "branch" or "curves"; None where the bundle has nothing to draw of it."""
    shown, branch = next(iter(derivations(bundle).values())), bundle.branch
    if isinstance(branch, HopfCurves) or kind == "curves":
        if not isinstance(branch, HopfCurves) or kind != "curves" or not branch.claims.curves:
            return None
        first, second = getattr(shown, "parameters")  # noqa: B009
        with styled():
            return curves_plot(read_curves(bundle, branch, read), (unmarked(first), unmarked(second)))
    labels = Labels(shown.parameter, shown.vector, shown.names).plain
    run = read_run(bundle, read)
    with styled():
        if kind == "lyapunov":
            return lyapunov_plot(run) if run.points else None
        if kind == "branch":
            return pieces_plot(run, labels) if run.pieces else None
        samples = branch_samples(run)
        return None if samples is None else eigenvalues_plot(run, samples, labels)
