"""What a summary says, in a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

from ..problem.problem import AnyProblem
from .bundle import Bundle
from .hopf_curve import CLOSED
from .rows import RowClaims
from .summary import SummaryRow

OTHER_BRANCH = "other-branch"  # the code of what was asked for and is not followed


def parameter_shown(name: str) -> str:
    """The parameter as a person writes it."""
    return "γ" if name == "gamma" else name


def parameters_shown(problem: AnyProblem) -> tuple[str, ...]:
    """One, or two."""
    return tuple(map(parameter_shown, getattr(problem, "parameters", (problem.parameter_name,))))


def sentence(bundle: Bundle, name: str) -> str:
    """What is proved and whether the list is complete. name: of the parameter."""
    summary = bundle.summary
    if summary.box is not None:
        return _of_curves(bundle)
    text = ", ".join(_counted(kind, rows) for kind, rows in bundle.rows_by_kind.items())
    named = len(bundle.named_crossings)
    crossings = len(summary.real_crossings) - named
    if crossings:
        text += f", {crossings} {'other ' if named else ''}real crossing{'' if crossings == 1 else 's'}"
        rests = "fixed points" if bundle.problem.discrete else "equilibria"
        text += f" (a line of {rests})" * bundle.lines
    if summary.complete:
        interval = summary.interval
        where = f"all real {name}" if interval is None else f"{name} in [{', '.join(interval.text)}] on this branch"
        return f"{text}; the list is complete for {where}"
    if not summary.unsettled:
        return f"{text}; a listed point is undecided or not proved to be on the branch, so the list is not complete"
    undecided = [piece for piece in summary.unsettled if piece.code != OTHER_BRANCH]
    if len(undecided) < len(summary.unsettled):
        text += "; not all that was asked for is followed"
    open_ones = f"{len(undecided)} piece{'' if len(undecided) == 1 else 's'} undecided"
    return f"{text}; {open_ones}, the list is not proved complete"


def _of_curves(bundle: Bundle) -> str:
    """With two parameters."""
    curves = bundle.summary.curves
    pieces = sum(curve.pieces for curve in curves)
    text = f"{len(curves)} curve{'s' * (len(curves) != 1)} of Hopf points proved in {pieces} pieces, "
    text += ", ".join(_counted(kind, rows) for kind, rows in bundle.rows_by_kind.items())
    if bundle.summary.complete:
        closed = all(CLOSED in curve.ends for curve in curves)
        whole = "is closed" if closed else "goes from border to border of the box"
        whole = f"it {whole}" if len(curves) == 1 else "each goes from border to border of the box, or is closed"
        other = "other " * bool(bundle.summary.points)
        return f"{text}; {whole}, and no {other}point of it has ℓ1 = 0"
    return f"{text}; {len(bundle.summary.unsettled_curves)} undecided, so that not every curve is whole"


def _counted(kind: type[RowClaims], rows: Sequence[SummaryRow]) -> str:
    """``2 Hopf bifurcations proved (1 supercritical, 1 subcritical)``."""
    types = [row.claims.type for row in rows if row.proved]
    each = ", ".join(f"{types.count(name)} {name}" for name in kind.types)
    return f"{len(types)} {kind.noun}{'' if len(types) == 1 else 's'} proved" + (f" ({each})" if each and types else "")
