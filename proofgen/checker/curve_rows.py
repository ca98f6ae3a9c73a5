"""What summary.json says of curves of Hopf points (section 28)."""

from __future__ import annotations

from typing import Any

from .context import Checker
from .plane_problem import Plane
from .reading import Spec, count, enclosure, one_of, text
from .reports import Item

KINDS = ("supercritical", "subcritical")


def of_curves(keys: dict[str, Spec]) -> dict[str, Spec]:
    """The keys of summary.json, from those of one parameter."""
    return {key: spec for key, spec in keys.items() if key not in ("interval", "real_crossings")} | {
        "method": one_of("hopf-curve"), "box": [enclosure], "unsettled": [{"reason": text, "code": text}],
        "curves": [{"pieces": count, **dict.fromkeys(KINDS, count), "ends": [text]}],
    }  # fmt: skip


def check_curve_rows(checker: Checker, item: Item, summary: dict[str, Any], curves: list[dict[str, Any]]) -> None:
    """What summary.json says of the curves is what branch.json claims."""
    assert isinstance(checker.problem, Plane)
    item.require(summary["box"] == list(checker.problem.ranges), "the box is not the one of problem.json")
    rows = list[dict[str, Any]]()
    for curve in curves:
        kinds = [piece["criticality"] for piece in curve["pieces"]]
        rows.append({"pieces": len(kinds), **{key: kinds.count(key) for key in KINDS}, "ends": curve["ends"]})
    item.require(summary["curves"] == rows, "curves differs from branch.json")
