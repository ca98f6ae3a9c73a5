"""Further branches of a bundle (section 24): whole bundles in branches/, of which no two are the same branch."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from .budget import OPERATION
from .context import Checker
from .files import Bundle
from .intervals import ZERO, Interval
from .reading import Spec, enclosure, one_of, optional, parse, short, text
from .reports import Item, Report, show
from .verdicts import MAX_JSON, Rejected, Undecided
from .whole import check_bundle

FOLDER, MOST = "branches", 64
METHODS = ("pieces", "lyapunov-pieces", "arcs")
NOTES = {"summary.json", "MANIFEST.sha256"}  # which a manifest does not list
ROW: dict[str, Spec] = {"id": text, "status": one_of("proved", "incomplete"), "start": optional([enclosure])}


def check_branches(checker: Checker, report: Report) -> None:
    """Check each of them, and that they begin at different equilibria of one problem."""
    item = Item(FOLDER)
    item.guard(check_all, checker, item, report)
    report.items.append(item)


def check_all(checker: Checker, item: Item, report: Report) -> None:
    outer = checker.bundle
    item.begin("folders")
    names = outer.names(FOLDER)
    if not 0 < len(names) < MOST or names != [f"branch-{k:04d}" for k in range(2, len(names) + 2)]:
        raise Rejected(f"{FOLDER}/ holds something else than branch-0002, branch-0003, ..., at most branch-{MOST:04d}")
    item.facts["branches"] = len(names) + 1
    if not outer.claims:
        raise Undecided("rests on the branch of this bundle, which is not accepted")
    ends = left_ends(checker, "this bundle", outer.claims[0])
    rows = list[dict[str, Any]]()
    for name in names:
        item.begin("bundles")
        claims = check_inner(checker, f"{FOLDER}/{name}", report)
        item.begin("starts")
        ends += left_ends(checker, name, claims)
        status = "proved" if claims["complete"] else "incomplete"
        rows.append({"id": name, "status": status, "start": claims["start"]})
    for (one, x), (other, y) in combinations(ends, 2):
        outer.budget.spend(10 * OPERATION * (checker.problem.n + 1))
        if not any(a.hi < b.lo or b.hi < a.lo for a, b in zip(x, y, strict=True)):
            raise Rejected(f"{one} and {other} are not shown to be two branches, not one: their enclosures of the "
                           "equilibria at the left end of the interval overlap")  # fmt: skip
    if outer.exists("summary.json"):
        item.begin("summary")
        summary = outer.json("summary.json", floats=True)[0]
        found = summary.get(FOLDER) if isinstance(summary, dict) else None
        named = parse(found, [ROW], f"summary.json: {FOLDER}")
        item.require(named == rows, f"the branches that summary.json names are not those in {FOLDER}/")


def check_inner(checker: Checker, path: str, report: Report) -> dict[str, Any]:
    """What a further branch claims, all of it checked, within the budget of the whole."""
    outer = checker.bundle
    if FOLDER in {name.lower() for name in outer.names(path)}:
        raise Rejected(f"{path} has branches of its own")
    if outer.digest(f"{path}/problem.json", MAX_JSON) != checker.problem.sha256:
        raise Rejected(f"{path}: problem.json is not that of this bundle")
    inner, part, budget = Bundle(outer.root / path, outer.parts), Report(path), outer.budget
    inner.budget, kept = budget, budget.kept
    check_bundle(inner, None, checker.problem.multiply, part, checker.jobs)
    budget.kept = kept
    for item in part.items:
        item.name = f"{path}/{item.name}"
    report.items += part.items
    outer.used |= {f"{path}/{name}" for name in inner.used - NOTES}
    if part.verdict != "accepted" or not inner.claims:
        raise Undecided(f"rests on {path}, which is not accepted")
    return inner.claims[0]


def left_ends(checker: Checker, name: str, claims: dict[str, Any]) -> list[tuple[str, list[Interval]]]:
    """Enclosures of the equilibria at the left end of the interval that a branch is shown to pass through: where it
    begins, and where its last arc leads back."""
    if claims["method"] not in METHODS:
        raise Rejected(f"{name}: a branch of the method {short(claims['method'])} is the only one of its bundle")
    witness, left = claims["witness"], claims["interval"].lo
    if not witness or witness["pieces"][0]["interval"].lo != left:
        raise Rejected(f"{name} is not shown to begin at the left end of the interval, {show(left)}")
    start = claims["start"] or [ZERO] * checker.problem.n  # null: the branch is x = 0
    back = claims["method"] == "arcs" and len(witness["arcs"]) % 2 == 1
    return [(name, start), *([(name, claims["end"])] if back else [])]


def all_proved(checker: Checker, value: Any) -> bool:
    """Whether the branches that summary.json names are complete, which `check_all` compares with what they claim."""
    if not checker.bundle.exists(FOLDER):
        raise Rejected(f"summary.json names branches, but there is no folder {FOLDER}/")
    return all(row["status"] == "proved" for row in parse(value, [ROW], f"summary.json: {FOLDER}"))
