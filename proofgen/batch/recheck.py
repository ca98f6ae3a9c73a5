"""`proofgen check` for what a run writes: every bundle by the independent checker, and the tables against the bundles.

A run is untrusted: it is read with bounded sizes, and nothing of it is believed that a checked bundle does not say.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, get_args

from ..bundle.codec import Json
from ..bundle.disk import read_manifest
from ..bundle.problem import describe
from ..bundle.summary import read_summary
from ..check import Report, check_path
from ..errors import InputError
from ..spec.form import MAX_TITLE
from .engines import LocalEngine, NoWorkersError
from .form import Packing, load_run
from .items import Item, Shard, count_items, item_name, items
from .packing import MAX_FILES, content_digest, unpack, unpacked
from .parquet_tables import compare
from .record import Record, empty_record, record_of
from .report import RESULTS, Totals, file_digest, listed_files
from .run import bundle_at, place, read_contents
from .tables import (
    cell,
    failure_cells,
    failure_columns,
    has_parquet,
    network_cells,
    network_columns,
    point_cells,
    point_columns,
)
from .work import first_failure, status_of

SHOWN = 20
MAX_RESULTS, MAX_LINE = 64 * 2**20, 2**20
MAX_TABLES = 8 * 2**30  # bytes of all tables together: half a minute for their digests
TIME_LIMIT = 24 * 3600
COLUMNS = {"points": point_columns({}), "failures": failure_columns({}), "networks": network_columns({})}
HEAD = ("format", "version", "title", "run_sha256", "shard", "versions")  # of results.json, beside its counts
Cells = dict[str, str]


def is_run(path: Path) -> bool:
    """Whether a directory holds the results of a run rather than a bundle."""
    try:
        return (path / RESULTS).is_file() and not (path / "branch.json").exists()
    except OSError:  # a name that is too long
        return False


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
    """The rows of one network, as the tables have them, and the item of the run file that it should be, if known."""

    row: Cells
    points: list[Cells]
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
        results = _results(path)
        report["title"] = results["title"]
        report["parquet"] = any(name.endswith(".parquet") for name in listed_files(path))
        expected, note = _expected(path, results)
        if note:
            say(f"proofgen: {note}")
        totals = Totals()
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
    except (NoWorkersError, _UnreadableError, OSError) as error:  # this machine's fault, not the run's
        wrong, stopped = False, True
        fail(None, f"the check did not come to its end: {error}")
    except InputError as error:
        fail(None, str(error))
    wrong = wrong or report["rejected"] > 0
    code = 1 if wrong else 3 if stopped or report["incomplete"] else 0
    return report | {"exit_code": code, "verdict": {0: "accepted", 1: "rejected", 3: "incomplete"}[code]}


class _Wrong(InputError):
    """Something of a run that does not hold."""


class _UnreadableError(InputError):
    """The operating system does not let something be read that is there."""


def _results(path: Path) -> Json:
    """`results.json`, after the manifest has been compared with the files that are there."""
    listed = read_manifest(path)
    if listed is None:
        raise _Wrong("there is no MANIFEST.sha256: the run is not finished")
    there = listed_files(path)
    if set(listed) != set(there):
        raise _Wrong(f"MANIFEST.sha256 lists other files than those of a run: {min(set(listed) ^ set(there))[:80]}")
    for name in there:
        if (path / name).is_symlink() or not (path / name).is_file():
            raise _Wrong(f"{name} is not a regular file")
    if sum((path / name).stat().st_size for name in there) > MAX_TABLES:
        raise _UnreadableError(f"its tables have more than {MAX_TABLES >> 30} GiB, which is beyond this check")
    for name in there:
        if listed[name] != file_digest(path / name):
            raise _Wrong(f"the digest of {name} is not that of MANIFEST.sha256")
    for name in ("points.csv", "failures.csv", "networks.csv", RESULTS, "run.toml"):
        if name not in listed:
            raise _Wrong(f"{name} is missing")
    with (path / RESULTS).open("rb") as stream:
        text = stream.read(MAX_RESULTS + 1)
    try:
        results = json.loads(text)
    except (ValueError, RecursionError):
        results = None
    if not isinstance(results, dict) or results.get("format") != "proofgen-run" or results.get("version") != 1:
        raise _Wrong(f"{RESULTS} is not what a run writes")
    title, tools = results.get("title"), results.get("versions")
    texts = [title, *(tools.values() if isinstance(tools, dict) else [None])]
    if not all(isinstance(text, str) and len(text) <= MAX_TITLE and text.isprintable() for text in texts):
        raise _Wrong(f"{RESULTS} has no title and versions of one line of text each")
    match results.get("shard", [1, 1]):
        case [int(number), int(count)] if 1 <= number <= count:
            pass
        case _:
            raise _Wrong(f"{RESULTS}: shard is not [i, n]")
    if results.get("run_sha256") != listed["run.toml"]:
        raise _Wrong("run.toml is not the run file of results.json")
    return results


def read_results(path: Path) -> Json:
    """`results.json` of a finished run whose tables have the digests of the manifest. Raises InputError."""
    if not is_run(path):
        raise InputError("expected the directory of a finished run (proofgen batch)", source=str(path))
    try:
        return _results(path)
    except _Wrong as error:
        raise error.within(source=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", source=str(error.filename or path)) from None


def _expected(path: Path, results: Json) -> tuple[Iterator[Item] | None, str | None]:
    """The items that the run file describes, or None and why they cannot be known from the directory alone."""
    try:
        run = load_run(path / "run.toml")
        count_items(run)
    except InputError as error:
        return None, f"networks are not compared with the run file ({error})"
    if run.title != results["title"]:
        raise _Wrong(f"the title of {RESULTS} is not that of the run file")
    return items(run, Shard(*results.get("shard", (1, 1)))), None


def _networks(path: Path, expected: Iterator[Item] | None, totals: Totals) -> Iterator[Network]:
    """The rows of the three tables, network by network; counted on the way."""
    points, failures = _Grouped(path / "points.csv"), _Grouped(path / "failures.csv")
    last: tuple[str, int] | None = None
    for row in table_rows(path / "networks.csv"):
        name = row["network"]
        last = _after(last, row, totals)
        item = None
        if expected is not None:
            item = next(expected, None)
            if item is None or item.name != name:
                raise _Wrong(f"networks.csv: {name!r} is not the next network of the run file")
            chosen = {"group": item.group} | {key: cell(value) for key, value in item.values}
            keys = {"group", *(set(row) - set(COLUMNS["networks"])), *chosen}
            if any(row.get(key) != chosen.get(key, "") for key in keys):
                raise _Wrong(f"networks.csv: {name!r} has not the values of the run file")
        network = Network(row, points.of(name), failures.of(name), item)
        for other in (*network.points, *network.failures):
            if any(row.get(key) != other.get(key) for key in {"group", *(set(other) | set(row)) - _FIXED}):
                raise _Wrong(f"the tables do not agree on the swept values of {name!r}")
        try:
            counted = {key: int(row[key]) for key in ("points", "supercritical", "subcritical", "real_crossings")}
            flags = {"status": row["status"], "complete": row["complete"] == "true", "check": row["check"]}
            totals.add(row["group"], counted | flags, [failure["code"] for failure in network.failures])
        except (KeyError, ValueError):
            raise _Wrong(f"networks.csv: the row of {name[:80]!r} is not as expected") from None
        yield network
    if expected is not None and next(expected, None) is not None:
        raise _Wrong("networks.csv ends before the run file does")
    if points.rest() or failures.rest():
        raise _Wrong("points.csv or failures.csv has rows of networks that networks.csv does not have in this order")


_FIXED = {name for columns in COLUMNS.values() for name in columns}


def _after(last: tuple[str, int] | None, row: Cells, totals: Totals) -> tuple[str, int]:
    """Group and number of a row. Groups come one after another, with rising numbers: no network is there twice."""
    name = row["network"]
    group, _, number = name.rpartition("-")
    if group == row["group"] and number.isdecimal() and len(number) < 12 and name == item_name(group, int(number)):
        here = (group, int(number))
        if here > last if last is not None and last[0] == group else group not in totals.groups:
            return here
    raise _Wrong(f"networks.csv: {name[:80]!r} is not the name of a network in its order")


def table_rows(path: Path) -> Iterator[Cells]:
    """The rows of a table of a run, which has its columns and those of swept values, none twice. Raises InputError."""
    fixed = list(COLUMNS[path.stem])
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(_lines(stream), strict=True)
            names = list(reader.fieldnames or ())
            if names[:2] + names[2 + len(names) - len(fixed) :] != fixed or len(set(names)) < len(names):
                raise _Wrong(f"{path.name} has not the columns of a run")
            for row in reader:
                if None in row or None in row.values():
                    raise _Wrong(f"{path.name}: line {reader.line_num} has another number of cells")
                yield row
    except OSError as error:
        raise _UnreadableError(f"cannot be read ({error.strerror or error})", source=str(path)) from None
    except (ValueError, csv.Error) as error:
        raise _Wrong(f"{path.name} cannot be read ({error})") from None


def _parquet_tables(path: Path) -> list[tuple[str, str]]:
    """The Parquet tables that can be compared here, as tasks."""
    names = [name for name in listed_files(path) if name.endswith(".parquet")] if has_parquet() else []
    return [(str(path), name) for name in names]


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise ValueError("a line is too long")
        yield line


class _Grouped:
    """Rows of a table, taken network by network in order."""

    def __init__(self, path: Path) -> None:
        self.rows = table_rows(path)
        self.next: Cells | None = next(self.rows, None)

    def of(self, network: str) -> list[Cells]:
        found: list[Cells] = []
        size = 0
        while self.next is not None and self.next["network"] == network:
            found.append(self.next)
            size += sum(map(len, self.next.values()))
            if len(found) > MAX_FILES or size > MAX_RESULTS:
                raise _Wrong(f"{network[:80]!r} has more rows, or longer ones, than a bundle can give")
            self.next = next(self.rows, None)
        return found

    def rest(self) -> bool:
        return self.next is not None


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
            names = next(csv.reader(_lines(stream), strict=True), [])
        difference = compare(path, names, COLUMNS[path.stem], table_rows(table))
    except _Wrong as error:
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
        due = network_cells(empty_record(())) | dict.fromkeys(("check", "content_sha256"))
        due["failures"] = len(network.failures)
        if network.points or any(row[key] != cell(value) for key, value in (due | {"status": "failed"}).items()):
            raise _Wrong("claims without a bundle")
        return Verdict(name, "failed")
    number = int(name.rpartition("-")[2])
    if row["bundle"] not in (place(row["group"], number, packing) for packing in get_args(Packing)):
        raise _Wrong(f"{row['bundle'][:80]!r} is not the place of its bundle")
    bundle = bundle_at(root, row["bundle"])
    if bundle is None:
        raise _Wrong("the bundle is behind a link")
    contents = read_contents(bundle)
    if contents is None:
        raise _Wrong("the bundle is missing or damaged")
    if content_digest(contents) != row["content_sha256"]:
        raise _Wrong("the bundle is not that of content_sha256")
    compared = network.item is not None and _is_problem_of(network.item, contents["problem.json"])
    with unpacked(contents) as directory:
        report = check_path(directory, engine)
    if report.verdict != "accepted":
        verdict = "incomplete" if report.verdict == "incomplete" else "rejected"
        return Verdict(name, verdict, first_failure(report, report.usage or "no reason given"), compared)
    if not {"branch.json", "summary.json"} <= set(contents):
        raise _Wrong("branch.json or summary.json is missing")
    _compare(network, record_of(read_summary(json.loads(contents["summary.json"]))))
    return Verdict(name, "accepted", None, compared)


def _is_problem_of(item: Item, problem: bytes) -> bool:
    """Whether the bundle is about the item's network. False where that cannot be known; raises where it is not."""
    try:
        files, _ = describe(item.load())
    except InputError:
        return False  # data files of the run are not here
    if files.contents["problem.json"] != problem:
        raise _Wrong("the bundle is about another network than the run file")
    return True


def _compare(network: Network, record: Record) -> None:
    """The rows of the tables are those that the bundle gives."""
    verdict = network.row["check"]  # of the run's own re-check
    again = [] if verdict in ("", "accepted") else [f"check-{verdict}"]
    count = len(network.failures) - len(again)
    stated, own = network.failures[:count], network.failures[count:]
    if [failure["code"] for failure in own] != again:
        raise _Wrong("the tables do not agree on the verdict of the re-check")
    whole = network_cells(record) | {"failures": len(network.failures)}
    whole["status"] = status_of(record.complete, verdict or None)
    for rows, derived in (
        ([network.row], [whole]), (network.points, list(point_cells(record))), (stated, list(failure_cells(record)))
    ):  # fmt: skip
        if len(rows) != len(derived):
            raise _Wrong("the tables have another number of rows than the bundle gives")
        for row, cells in zip(rows, derived, strict=True):
            for key, value in cells.items():
                if row.get(key) != cell(value):
                    raise _Wrong(f"the tables have another value of {key} than the bundle gives")


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
