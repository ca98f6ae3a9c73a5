"""branch.json (section 5): the list of points is complete, or what is not settled is listed."""

from __future__ import annotations

from typing import Any

from .context import Checker
from .documents import Proved
from .points import KINDS
from .reading import Spec, short
from .reports import Item
from .verdicts import Rejected

METHODS = {"zero-branch": "zero_list", "gain-branch": "gain_list", "pieces": "pieces", "lyapunov-pieces": "pieces",
           "arcs": "arcs", "circle-branch": "circle_list", "hopf-curve": "hopf_curves"}  # fmt: skip


def check_branch(checker: Checker, item: Item, files: list[str], checked: dict[str, Proved | None]) -> dict[str, Any]:
    """Check branch.json and return its claims.  `files` are the names in points/; `checked` holds None for a
    certificate that was not accepted."""

    def spec(method: str) -> Spec | None:
        return checker.parts(METHODS[method]).SPECS.get(method) if method in METHODS else None

    item.begin("format")
    branch = checker.read("branch.json", "proofgen-branch", spec)
    claims: dict[str, Any] = branch["claims"] | {key: branch[key] for key in ("method", "witness")}
    crossings = claims["real_crossings"]
    listed, pieces = claims["points"], [piece["interval"] for piece in claims["unsettled"]]
    item.facts |= {"complete": claims["complete"], "points": len(listed), "real_crossings": len(crossings),
                   "unsettled": len(pieces)}  # fmt: skip
    item.begin("points")
    item.require(claims["interval"] == checker.problem.interval, "the interval is not the one of problem.json")
    item.require(not (claims["complete"] and pieces), "`complete` is true although something is unsettled")
    ids = [point["id"] for point in listed]
    if sorted(ids) != files or len(set(ids)) != len(ids):
        raise Rejected(f"the listed points are not the certificates in points/: {short(ids)} and {short(files)}")
    for kind in KINDS:
        own = [name for name in ids if name.startswith(f"{kind}-")]
        item.require(own == sorted(own, key=lambda s: (len(s), s)), "the points are not numbered in increasing order")
    checker.parts(METHODS[branch["method"]]).check_list(checker, item, branch, checked)
    return claims
