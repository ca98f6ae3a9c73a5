"""Fractions against a number, one curve for each kind: the picture of a tally."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..errors import printable
from .style import BLACK, LIGHT, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = [("o", BLACK, "-"), ("s", "white", "--"), ("^", "0.6", ":"), ("D", "white", "-."), ("v", BLACK, "--")]


@dataclass(frozen=True)
class Curve:
    """Fractions y with bars of half-length ``bars`` at the numbers x."""

    label: str | None
    x: Sequence[float]
    y: Sequence[float]
    bars: Sequence[float]


def draw_fractions(curves: Sequence[Curve], x_label: str, y_label: str) -> Figure:
    """The curves, a little aside of each other on a logarithmic axis, so that no bar hides another."""
    figure = new_figure(3.6)
    axes = figure.add_subplot()
    numbers = [x for curve in curves for x in curve.x]
    logarithmic = bool(numbers) and min(numbers) > 0 and max(numbers) / 50 >= min(numbers)
    if logarithmic:
        axes.set_xscale("log")
    steps = sorted(set(numbers))
    apart = min((b / a for a, b in pairwise(steps)), default=2.0) if logarithmic else 1.0
    for k, curve in enumerate(curves):
        marker, face, line = _LOOKS[k % len(_LOOKS)]
        aside = apart ** (0.7 * (k - (len(curves) - 1) / 2) / len(curves))
        axes.errorbar(
            [aside * x for x in curve.x], curve.y, yerr=curve.bars, marker=marker, markerfacecolor=face, color=BLACK,
            linestyle=line, linewidth=0.8, elinewidth=0.6, capsize=2, label=_plain(curve.label),
        )  # fmt: skip
    axes.axhline(0.5, color=LIGHT, linewidth=0.6, zorder=0)
    axes.set_xlabel(_plain(x_label))
    axes.set_ylabel(_plain(y_label))
    if any(curve.label for curve in curves):
        figure.legend(loc="outside upper center", ncols=min(len(curves), 5))
    return figure


def _plain(text: str | None) -> str:
    """Text that is no formula for matplotlib, on one line of bounded length."""
    return printable(" ".join((text or "").split())[:80]).replace("$", r"\$")
