"""`proofgen check` for what a run writes: every bundle by the independent checker, and the tables against the bundles.

A run is untrusted: it is read with bounded sizes, and nothing of it is believed that a checked bundle does not say.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from ..bundle.codec import Json
from ..bundle.problem import describe
from ..bundle.summary import read_summary
from ..check import Report, check_path
from ..errors import InputError
from ..needs import has
from .engines import LocalEngine, NoWorkersError
from .form import Packing, load_run
from .items import Item, Shard, count_items, item_name, items
from .names import RESULTS
from .packing import content_digest, unpack, unpacked
from .parquet_tables import compare
from .read import (
    Cells,
    Grouped,
    UnreadableError,
    WrongError,
    columns_of,
    kinds_of,
    lines,
    run_results,
    table_rows,
)
from .record import KINDS, Record, empty_record, record_of
from .report import Totals, listed_files
from .run import bundle_at, place, read_contents
from .tables import (
    Kinds,
    cell,
    counts_of,
    failure_cells,
    network_cells,
    point_cells,
)
from .work import first_failure, status_of

SHOWN = 20
TIME_LIMIT = 24 * 3600
HEAD = ("format", "version", "title", "run_sha256", "shard", "versions")  # of results.json, beside its counts


def check_packed(path: Path, engine: str = "auto") -> Report:
    """Check a bundle in one file."""
    try:
        with unpacked(unpack(path)) as directory:
            report = check_path(directory, engine)
    except InputError as error:
        return Report(str(path), usage=str(error))
    except OSError as error:
        return Report(str(path), usage=f"{path}: cannot be unpacked ({error.strerror or error})")
    report.path = str(path)
    return report


@dataclass(frozen=True)
class Network:
    """The rows of one network, as the tables have them (points: table → its rows), and the item of the run file that it
    should be, if known."""

    row: Cells
    points: dict[str, list[Cells]]
    failures: list[Cells]
    item: Item | None


@dataclass(frozen=True)
class Verdict:
    """verdict: "accepted", "rejected", "incomplete", or "failed" where there is no bundle; compared: with its item."""

    network: str
    verdict: str
    reason: str | None = None
    compared: bool = False


def check_run(path: Path, engine: str = "auto", jobs: int = 1, say: Callable[[str], None] = lambda text: None) -> Json:
    """Check every bundle of a run with the independent checker, and that all its tables follow from the bundles.

    Returns a report with verdict, exit_code (0, 1, 3), counts, and the first failures.
    """
    report: Json = {"path": str(path), "usage": None, "title": "", "parquet": False, "networks": 0,
                    "parquet_compared": False, "points": 0, "accepted": 0, "rejected": 0, "incomplete": 0, "failed": 0,
                    "compared": 0, "failures": []}  # fmt: skip

    def fail(network: str | None, reason: str) -> None:
        if len(report["failures"]) < SHOWN:
            report["failures"].append({"network": network, "reason": reason})

    wrong, stopped = True, False
    try:
        results = run_results(path)
        report["title"] = results["title"]
        report["parquet"] = any(name.endswith(".parquet") for name in listed_files(path))
        expected, note = _expected(path, results)
        if note:
            say(f"proofgen: {note}")
        totals = Totals(kinds_of(path))
        with LocalEngine(jobs, TIME_LIMIT) as workers:
            tasks = ((str(path), network, engine) for network in _networks(path, expected, totals))
            for verdict in workers.results(check_network, tasks, _lost):
                if verdict is None:
                    continue
                report["networks"] += 1
                report[verdict.verdict] += 1
                report["compared"] += verdict.compared
                if verdict.reason is not None:
                    fail(verdict.network, verdict.reason)
            different = False
            for verdict in workers.results(check_parquet, iter(_parquet_tables(path)), _lost_table):
                if verdict is None:
                    continue
                report["parquet_compared"] = True
                different |= verdict.verdict == "rejected"
                stopped |= verdict.verdict == "incomplete"
                if verdict.reason is not None:
                    fail(verdict.network, verdict.reason)
        report["points"] = totals.run["points"]
        due = {key: results[key] for key in HEAD if key in results} | totals.document()
        if json.dumps(results, sort_keys=True) != json.dumps(due, sort_keys=True):
            fail(None, f"{RESULTS} does not have the counts of the tables, or more than them")
        else:
            wrong = different
    except (NoWorkersError, UnreadableError, OSError) as error:  # this machine's fault, not the run's
        wrong, stopped = False, True
        fail(None, f"the check did not come to its end: {error}")
    except InputError as error:
        fail(None, str(error))
    wrong = wrong or report["rejected"] > 0
    code = 1 if wrong else 3 if stopped or report["incomplete"] else 0
    return report | {"exit_code": code, "verdict": {0: "accepted", 1: "rejected", 3: "incomplete"}[code]}


def _expected(path: Path, results: Json) -> tuple[Iterator[Item] | None, str | None]:
    """The items that the run file describes, or None and why they cannot be known from the directory alone."""
    try:
        run = load_run(path / "run.toml")
        count_items(run)
    except InputError as error:
        return None, f"networks are not compared with the run file ({error})"
    if run.title != results["title"]:
        raise WrongError(f"the title of {RESULTS} is not that of the run file")
    return items(run, Shard(*results.get("shard", (1, 1)))), None


def _networks(path: Path, expected: Iterator[Item] | None, totals: Totals) -> Iterator[Network]:
    """The rows of the three tables, network by network; counted on the way."""
    kinds, columns = kinds_of(path), columns_of(path)
    fixed = {name for names in columns.values() for name in names}
    points = {kind.table: Grouped(path / f"{kind.table}.csv") for kind in kinds}
    failures = Grouped(path / "failures.csv")
    last: tuple[str, int] | None = None
    for row in table_rows(path / "networks.csv"):
        name = row["network"]
        last = _after(last, row, totals)
        item = None
        if expected is not None:
            item = next(expected, None)
            if item is None or item.name != name:
                raise WrongError(f"networks.csv: {name!r} is not the next network of the run file")
            chosen = {"group": item.group} | {key: cell(value) for key, value in item.values}
            keys = {"group", *(set(row) - set(columns["networks"])), *chosen}
            if any(row.get(key) != chosen.get(key, "") for key in keys):
                raise WrongError(f"networks.csv: {name!r} has not the values of the run file")
        network = Network(row, {table: rows.of(name) for table, rows in points.items()}, failures.of(name), item)
        for other in (*chain(*network.points.values()), *network.failures):
            if any(row.get(key) != other.get(key) for key in {"group", *(set(other) | set(row)) - fixed}):
                raise WrongError(f"the tables do not agree on the swept values of {name!r}")
        try:
            counted = {key: int(row[key]) for key in counts_of(kinds)}
            flags = {"status": row["status"], "complete": row["complete"] == "true", "check": row["check"]}
            totals.add(row["group"], counted | flags, [failure["code"] for failure in network.failures])
        except (KeyError, ValueError):
            raise WrongError(f"networks.csv: the row of {name[:80]!r} is not as expected") from None
        yield network
    if expected is not None and next(expected, None) is not None:
        raise WrongError("networks.csv ends before the run file does")
    for table, rows in {**points, "failures": failures}.items():
        if rows.rest():
            raise WrongError(f"{table}.csv has rows of networks that networks.csv does not have in this order")


def _after(last: tuple[str, int] | None, row: Cells, totals: Totals) -> tuple[str, int]:
    """Group and number of a row. Groups come one after another, with rising numbers: no network is there twice."""
    name = row["network"]
    group, _, number = name.rpartition("-")
    if group == row["group"] and number.isdecimal() and len(number) < 12 and name == item_name(group, int(number)):
        here = (group, int(number))
        if here > last if last is not None and last[0] == group else group not in totals.groups:
            return here
    raise WrongError(f"networks.csv: {name[:80]!r} is not the name of a network in its order")


def _parquet_tables(path: Path) -> list[tuple[str, str]]:
    """The Parquet tables that can be compared here, as tasks."""
    names = [name for name in listed_files(path) if name.endswith(".parquet")] if has("parquet") else []
    return [(str(path), name) for name in names]


# In the workers -------------------------------------------------------------------------------


def _lost(task: tuple[Any, ...], code: str, reason: str) -> Verdict:
    return Verdict(task[1].row["network"], "incomplete", f"the checker was stopped ({code}: {reason})")


def _lost_table(task: tuple[Any, ...], code: str, reason: str) -> Verdict:
    return Verdict(task[1], "incomplete", f"the comparison with its CSV table was stopped ({code}: {reason})")


def check_parquet(root: str, name: str) -> Verdict:
    """A Parquet table against its CSV. In a worker: a file that makes the reader crash takes nothing else with it."""
    path = Path(root) / name
    table = path.with_suffix(".csv")
    try:
        with table.open(encoding="utf-8", newline="") as stream:
            names = next(csv.reader(lines(stream), strict=True), [])
        difference = compare(path, names, columns_of(path.parent)[path.stem], table_rows(table))
    except WrongError as error:
        return Verdict(name, "rejected", str(error))
    except (InputError, OSError, MemoryError) as error:
        return Verdict(name, "incomplete", f"could not be compared with its CSV table ({error})")
    except Exception as error:  # the reader of a hostile file may raise anything
        return Verdict(name, "rejected", f"cannot be compared with its CSV table ({type(error).__name__})")
    return Verdict(name, "accepted" if difference is None else "rejected", difference)


def check_network(root: str, network: Network, engine: str) -> Verdict:
    """One bundle by the independent checker, and the rows of the tables against it."""
    name = network.row["network"]
    try:
        return _check_network(Path(root), name, network, engine)
    except InputError as error:
        return Verdict(name, "rejected", str(error))
    except OSError as error:
        return Verdict(name, "incomplete", f"could not be read ({error.strerror or error})")
    except Exception as error:  # whatever it is that a bundle brings about must not end the check of a run
        return Verdict(name, "rejected", f"cannot be checked ({type(error).__name__})")


def _check_network(root: Path, name: str, network: Network, engine: str) -> Verdict:
    row = network.row
    if not row["bundle"]:
        due = network_cells(empty_record(()), kinds_of(root)) | dict.fromkeys(("check", "content_sha256"))
        due["failures"] = len(network.failures)
        due["status"] = "failed"
        if any(network.points.values()) or any(row[key] != cell(value) for key, value in due.items()):
            raise WrongError("claims without a bundle")
        return Verdict(name, "failed")
    number = int(name.rpartition("-")[2])
    if row["bundle"] not in (place(row["group"], number, packing) for packing in get_args(Packing)):
        raise WrongError(f"{row['bundle'][:80]!r} is not the place of its bundle")
    bundle = bundle_at(root, row["bundle"])
    if bundle is None:
        raise WrongError("the bundle is behind a link")
    contents = read_contents(bundle)
    if contents is None:
        raise WrongError("the bundle is missing or damaged")
    if content_digest(contents) != row["content_sha256"]:
        raise WrongError("the bundle is not that of content_sha256")
    compared = network.item is not None and _is_problem_of(network.item, contents["problem.json"])
    with unpacked(contents) as directory:
        report = check_path(directory, engine)
    if report.verdict != "accepted":
        verdict = "incomplete" if report.verdict == "incomplete" else "rejected"
        return Verdict(name, verdict, first_failure(report, report.usage or "no reason given"), compared)
    if not {"branch.json", "summary.json"} <= set(contents):
        raise WrongError("branch.json or summary.json is missing")
    _compare(network, kinds_of(root), record_of(read_summary(json.loads(contents["summary.json"]))))
    return Verdict(name, "accepted", None, compared)


def _is_problem_of(item: Item, problem: bytes) -> bool:
    """Whether the bundle is about the item's network. False where that cannot be known; raises where it is not."""
    try:
        files, _ = describe(item.load())
    except InputError:
        return False  # data files of the run are not here
    if files.contents["problem.json"] != problem:
        raise WrongError("the bundle is about another network than the run file")
    return True


def _compare(network: Network, kinds: Kinds, record: Record) -> None:
    """The rows of the tables are those that the bundle gives."""
    verdict = network.row["check"]  # of the run's own re-check
    again = [] if verdict in ("", "accepted") else [f"check-{verdict}"]
    count = len(network.failures) - len(again)
    stated, own = network.failures[:count], network.failures[count:]
    if [failure["code"] for failure in own] != again:
        raise WrongError("the tables do not agree on the verdict of the re-check")
    whole = network_cells(record, kinds) | {"failures": len(network.failures)}
    whole["status"] = status_of(record.proved, verdict or None)
    points = ((network.points.get(kind.table, []), list(point_cells(record, kind))) for kind in KINDS)
    for rows, derived in (([network.row], [whole]), *points, (stated, list(failure_cells(record)))):
        if len(rows) != len(derived):
            raise WrongError("the tables have another number of rows than the bundle gives")
        for row, cells in zip(rows, derived, strict=True):
            for key, value in cells.items():
                if row.get(key) != cell(value):
                    raise WrongError(f"the tables have another value of {key} than the bundle gives")


def run_table(report: Json) -> str:
    """The report for a person, plain ASCII."""
    verdicts = ("accepted", "rejected", "incomplete", "failed")
    counts = ", ".join(f"{report[key]} {key}" for key in verdicts if report[key])
    lines = [
        f"{ascii(report['path'])[1:-1]}: {ascii(report['title'])[1:-1]}",
        f"  {report['networks']} networks ({counts or 'none'}), {report['points']} Hopf points in the tables",
        f"  {report['compared']} networks compared with the run file",
    ]
    others = report["networks"] - report["failed"] - report["compared"]
    if others:
        lines[-1] += f", {others} not: what the tables say of their swept values is not checked"
    if report["parquet_compared"]:
        same = not any((failure["network"] or "").endswith(".parquet") for failure in report["failures"])
        lines += ["  Parquet tables have the rows of the CSV tables"] if same else []
    elif report["parquet"]:
        lines.append("  Parquet tables are not compared with the CSV tables (that needs pip install 'proofgen[batch]')")
    for failure in report["failures"]:
        where = "" if failure["network"] is None else f"{ascii(failure['network'])[1:-1]}: "
        lines.append(f"      {where}{ascii(failure['reason'])[1:-1]}")
    return "\n".join([*lines, f"  {report['verdict'].upper()}"])
