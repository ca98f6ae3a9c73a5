"""All that a bundle claims, or one certificate of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .context import Checker
from .files import Bundle
from .parts import Parts, rests_on
from .points import check_points
from .problem import Problem, read_problem
from .products import Engine, engine_of
from .reading import short
from .reports import Item, Report
from .verdicts import Usage


def check_bundle(bundle: Bundle, single: str | None, engine: Engine, report: Report, jobs: int = 1) -> None:
    """Check all that a bundle claims, or one certificate of it."""
    start = Item("problem")
    start.begin("format")
    problems: list[Problem] = []
    if not start.guard(lambda: problems.append(read_problem(bundle, engine))):
        report.items.append(start)
        return
    report.title, report.parameter, report.box = problems[0].title, problems[0].parameter, problems[0].box
    checker = Checker(bundle, problems[0], jobs)
    if single is not None:
        report.items += [item for item, _ in check_points(checker, [single])]
        return
    files: list[str] = []
    listing = Item("points")
    listing.begin("format")
    if not listing.guard(lambda: files.extend(x[:-5] for x in bundle.names("points") if x.endswith(".json"))):
        report.items.append(listing)
        return
    results = check_points(checker, files)
    report.items += [item for item, _ in results]
    if bundle.budget.exhausted:
        return
    accepted = {name: c if item.verdict == "accepted" else None
                for name, (item, c) in zip(files, results, strict=True)}  # fmt: skip
    orbits: dict[str, Any] = {}
    if bundle.exists("orbits"):
        orbits = bundle.parts("orbit_rows").check_orbits(checker, report, accepted)
        if bundle.budget.exhausted:
            return
    if bundle.exists("branch.json"):
        item, part = Item("branch"), bundle.parts(problems[0].branch)
        item.guard(lambda: bundle.claims.append(part.check_branch(checker, item, files, accepted)))
        report.items.append(item)
        if bundle.budget.exhausted:
            return
    elif not files:
        start.fail("the bundle is empty: it has no points and no branch.json")
        report.items.append(start)
    if bundle.exists("branches"):
        bundle.parts("branches").check_branches(checker, report)
    if bundle.exists("summary.json"):
        item = Item("summary")
        item.guard(bundle.parts("summary").check_summary, checker, item, accepted, orbits)
        if any(i.verdict == "incomplete" for i in report.items):  # then it rests on something not decided
            for failure in item.failures:
                failure.verdict = "incomplete"
        report.items.append(item)
    if files and not bundle.exists("branch.json"):
        start.fail("there is no branch.json: nothing is said about completeness", verdict="incomplete")
        report.items.append(start)
    if bundle.exists("MANIFEST.sha256"):
        item = Item("manifest")
        item.guard(bundle.parts("summary").check_manifest, checker, item)
        report.items.append(item)


def require_bundle(root: Path) -> None:
    """Where nothing is claimed, nothing can be refuted.  Raises Usage, which says what is missing."""
    there = {name: os.path.lexists(root / name) for name in ("problem.json", "branch.json", "points")}
    points = root / "points"
    there["points"] &= points.is_symlink() or not points.is_dir() or any(os.scandir(points))
    if there["problem.json"] and (there["branch.json"] or there["points"]):
        return
    missing = ", ".join(name for name, found in there.items() if not found)
    known = {"results.json": "it holds a run: proofgen check DIR",
             "state.sqlite": "it holds a run that is not finished",
             "summary.json": "a summary alone proves nothing: proofgen prove SPEC makes the rest"}  # fmt: skip
    hints = [text for name, text in known.items() if os.path.lexists(root / name)]
    below = sorted(entry.name for entry in os.scandir(root) if os.path.lexists(Path(entry.path) / "problem.json"))
    hints += [f"bundles are below it: {', '.join(map(short, below[:3]))}{', ...' * (len(below) > 3)}"] if below else []
    raise Usage(f"{short(str(root))}: not a bundle: missing {missing}{''.join(f' ({hint})' for hint in hints[:1])}")


def check_path(path: str | os.PathLike[str], engine: str = "auto", jobs: int = 1) -> Report:
    """Check a bundle directory or one certificate points/NAME.json of a bundle.  jobs: processes at once; more than
    one is only for a process that has no other threads."""
    report, target, parts = Report(os.fspath(path)), Path(path), Parts({"command"})
    try:
        if not __debug__:
            raise Usage("Python runs with -O, which leaves out tests of this checker; run it without")
        multiply = engine_of(engine)
        if target.is_dir():
            require_bundle(target)
            check_bundle(Bundle(target, parts), None, multiply, report, jobs)
        elif not target.is_file():
            raise Usage(f"{short(report.path)}: no such directory or certificate")
        elif target.suffix != ".json" or target.absolute().parent.name != "points":
            raise Usage(f"{short(report.path)}: not a bundle directory and not a certificate points/NAME.json of one")
        else:
            require_bundle(target.absolute().parent.parent)
            check_bundle(Bundle(target.absolute().parent.parent, parts), target.stem, multiply, report)
    except Usage as error:
        report.usage = str(error)
    except (OSError, ValueError) as error:
        report.usage = f"{short(report.path)}: cannot be read ({short(str(error))})"
    else:
        report.rests_on = rests_on(parts.names)
    return report
