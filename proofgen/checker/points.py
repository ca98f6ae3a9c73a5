"""The certificates in points/, each by its method."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .budget import OPERATION
from .context import Checker
from .documents import Method, Proved
from .reading import Spec, shown
from .reports import Item
from .verdicts import Rejected

# by the kind of point, with which names begin: where its row of summary.json is described; by method: the file
SAME = {name: name for name in ("fold", "flip", "transcritical", "pitchfork", "line", "pole", "bautin")}
KINDS = SAME | {"hopf": "documents", "ns": "neimark_sacker"}
METHODS = SAME | {"spectral": "window", "newton-kantorovich": "newton_ball"} | {x: x.replace("-", "_") for x in (
    "zero-branch", "gain-branch", "neimark-sacker", "circle-pair", "circle-flip")}  # fmt: skip


def method(checker: Checker, name: str) -> Method:
    found: Method = checker.parts(METHODS[name]).METHOD
    return found


def read_certificate(checker: Checker, name: str, item: Item) -> tuple[Method, Proved]:
    """Read points/NAME.json and its witness."""
    where = f"points/{name}.json"

    def spec(key: str) -> Spec | None:
        return method(checker, key).spec if key in METHODS else None

    c = checker.read(where, "proofgen-certificate", spec)
    checker.bundle.budget.spend((checker.problem.n + 40) * 400 * OPERATION)
    found = method(checker, c["method"])
    if c["id"] != name or not re.fullmatch(rf"{found.kind}-[0-9]{{4,6}}", name):
        raise Rejected(f"{where}: `id` is not the name of the file")
    if len(c["claims"].get("equilibrium", range(checker.problem.n))) != checker.problem.n:
        raise Rejected(f"{where}: equilibrium has the wrong length")
    if found.plane != checker.problem.plane or found.of_maps not in (None, checker.problem.discrete):
        other = "two parameters" if checker.problem.plane else "one parameter" if found.plane else None
        kind = other or ("a flow" if found.of_maps else "a map")
        raise Rejected(f"{where}: the method {c['method']} is not for {kind}")
    if found.kind == "hopf" and c["witness"]["pair"] >= c["witness"]["pairs"]:
        raise Rejected(f"{where}: the witness has no such pair; a real eigenvalue is not a Hopf point")
    return found, found.read(checker, c, item, where)


def check_points(checker: Checker, names: Iterable[str]) -> list[tuple[Item, Proved | None]]:
    """Check certificates one by one, then those that passed together."""
    result, groups = list[tuple[Item, Proved | None]](), dict[Method, list[Any]]()
    for name in names:
        item = Item(f"points/{shown(name)}")
        item.begin("format")
        parsed: list[tuple[Method, Proved]] = []
        item.guard(lambda name=name, item=item, to=parsed: to.append(read_certificate(checker, name, item)))
        result.append((item, parsed[0][1] if parsed else None))
        if checker.bundle.budget.exhausted:
            break
        for found, c in parsed:
            if item.guard(found.check, checker, c):
                groups.setdefault(found, []).append(c)
    for found, group in groups.items():
        found.together(checker, group)
    return result
