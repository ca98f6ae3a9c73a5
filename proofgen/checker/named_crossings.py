"""Certificates of section 22 among the points of a branch on the whole line (sections 23 and 25)."""

from __future__ import annotations

from typing import Any

from .documents import Proved
from .reports import Item
from .verdicts import Rejected

CROSSING_KINDS = {"transcritical", "pitchfork"}  # how the names of certificates of real crossings begin


def names_crossing(point: dict[str, Any]) -> bool:
    return str(point["id"]).rpartition("-")[0] in CROSSING_KINDS


def check_named(item: Item, claims: dict[str, Any], checked: dict[str, Proved | None]) -> None:
    """A certificate of section 22 is about the real crossing whose enclosure its window holds, or which holds its
    gamma*: in the window there is one gamma with an eigenvalue of A on the axis (of a map: a multiplier on the circle),
    in the enclosure one with the eigenvalue 0 (the multiplier 1)."""
    named: dict[int, str] = {}
    for point in claims["points"]:
        if not names_crossing(point):
            continue
        c = checked.get(point["id"])
        if c is None:
            raise Rejected(f"{point['id']} is not a certificate of a real crossing")
        item.require(point["pair"] is None, f"{point['id']} belongs to no pair of the witness")
        held = [i for i, x in enumerate(claims["real_crossings"])
                if x.within(c.claims["window"]) or c.claims["parameter"].within(x)]  # fmt: skip
        if len(held) != 1:
            raise Rejected(f"{point['id']} is not shown to be about exactly one listed real crossing")
        if held[0] in named:
            raise Rejected(f"{point['id']} and {named[held[0]]} are about the same real crossing")
        named[held[0]] = point["id"]
