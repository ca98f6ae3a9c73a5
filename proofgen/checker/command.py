"""The command."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .branch import check_branch
from .context import Checker
from .files import Bundle
from .network_problem import Problem
from .points import check_points
from .problem import read_problem
from .products import Engine, engine_of
from .reading import short
from .reports import Item, Report, table
from .summary import check_manifest, check_summary
from .verdicts import Usage


def check_bundle(root: Path, single: str | None, engine: Engine, report: Report, jobs: int = 1) -> None:
    """Check all that a bundle claims, or one certificate of it."""
    bundle, start = Bundle(root), Item("problem")
    start.begin("format")
    problems: list[Problem] = []
    if not start.guard(lambda: problems.append(read_problem(bundle, engine))):
        report.items.append(start)
        return
    report.title, report.box = problems[0].title, problems[0].box
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
    branch: list[dict[str, Any]] = []
    if bundle.exists("branch.json"):
        item = Item("branch")
        item.guard(lambda: branch.append(check_branch(checker, item, files, accepted)))
        report.items.append(item)
        if bundle.budget.exhausted:
            return
    elif not files:
        start.fail("the bundle is empty: it has no points and no branch.json")
        report.items.append(start)
    if bundle.exists("summary.json"):
        item = Item("summary")
        item.guard(check_summary, checker, item, branch[0] if branch else None, accepted)
        if any(i.verdict == "incomplete" for i in report.items):  # then it rests on something not decided
            for failure in item.failures:
                failure.verdict = "incomplete"
        report.items.append(item)
    if files and not bundle.exists("branch.json"):
        start.fail("there is no branch.json: nothing is said about completeness", verdict="incomplete")
        report.items.append(start)
    if bundle.exists("MANIFEST.sha256"):
        item = Item("manifest")
        item.guard(check_manifest, checker, item)
        report.items.append(item)


def check_path(path: str | os.PathLike[str], engine: str = "auto", jobs: int = 1) -> Report:
    """Check a bundle directory or one certificate points/NAME.json of a bundle.  jobs: processes at once; more than
    one is only for a process that has no other threads."""
    report, target = Report(os.fspath(path)), Path(path)
    try:
        multiply = engine_of(engine)
        if target.is_dir():
            check_bundle(target, None, multiply, report, jobs)
        elif not target.is_file():
            raise Usage(f"{short(report.path)}: no such directory or certificate")
        elif target.suffix != ".json" or target.absolute().parent.name != "points":
            raise Usage(f"{short(report.path)}: not a bundle directory and not a certificate points/NAME.json of one")
        else:
            check_bundle(target.absolute().parent.parent, target.stem, multiply, report)
    except Usage as error:
        report.usage = str(error)
    except (OSError, ValueError) as error:
        report.usage = f"{short(report.path)}: cannot be read ({short(str(error))})"
    return report


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check.py", description="Check bundles of proofgen (proofs/FORMAT.md).")
    parser.add_argument("paths", nargs="+", metavar="DIR_OR_CERTIFICATE")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--engine", choices=("auto", "python", "flint"), default="auto", help="integer matrix products")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes may run at once")
    arguments = parser.parse_args(argv)
    reports = [check_path(path, arguments.engine, arguments.jobs) for path in arguments.paths]
    codes = {report.exit_code for report in reports}
    code = next(c for c in (2, 1, 3, 0) if c in codes)
    if arguments.json:
        print(json.dumps({"format": "proofgen-check", "version": 1, "exit_code": code,
                          "reports": [report.to_dict() for report in reports]}, indent=1))  # fmt: skip
    else:
        for report in reports:
            print(table(report), file=sys.stderr if report.usage else sys.stdout)
    return code
