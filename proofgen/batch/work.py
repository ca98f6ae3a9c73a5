"""One network of a run: load, prove, certify, re-check, pack. What a worker process does, whatever the engine.

A function from values to values: nothing is written, and the outcome depends on the item and the software alone
(its times and memory aside). It never raises: what goes wrong is the outcome.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from dataclasses import dataclass, field, replace
from threading import Lock

from ..api import assembled
from ..bundle.disk import MANIFEST, manifest_bytes
from ..bundle.json_text import dump
from ..bundle.problem import describe
from ..bundle.summary import write_summary
from ..check import Report, check_path
from ..claims.summary import versions
from ..documents import Layout
from ..errors import InputError, ProofgenError, UnsupportedError
from ..problem.problem import search_hints
from ..progress import Stopwatch
from ..proof.failure import FailureCode
from ..strategy.result import Result
from ..strategy.run import prove
from .items import Item
from .packing import content_digest, pack, unpacked
from .record import Failure, Record, empty_record, record_of

_alone = Lock()  # Arb's precision is one for the whole process, so an engine's threads take turns
TRANSIENT = ("time-limit", "worker-died", "memory", "other-software")  # failures that another try may not have


@dataclass(frozen=True)
class Options:
    """What a run does with each network; see `form.Run`."""

    method: str
    check: bool
    packing: str
    documents: bool
    versions: tuple[tuple[str, str], ...]  # of the software that every worker must have


@dataclass(frozen=True)
class Outcome:
    """What became of an item.

    status: "proved" (all of it), "incomplete" (something undecided), "failed" (no bundle), or "unchanged" (as known).
    key: SHA-256 of the problem, the options and the software, None where there is no problem; digest: of the bundle's
    contents; files: to be written below the place of the item, by name ("" for a single packed file); record: what
    tables are made from; seconds: by stage; memory: by stage, the largest of the process by its end, in bytes.
    """

    index: int
    name: str
    status: str
    key: str | None
    digest: str | None
    files: dict[str, bytes]
    record: Record
    seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)


def run_item(item: Item, options: Options, known: str | None = None) -> Outcome:
    """Prove an item, unless its key is the known one."""
    with _alone:
        watch = Stopwatch()
        mine = tuple(sorted(versions().items()))
        if mine != options.versions:
            other = ", ".join(f"{name} {version}" for name, version in sorted(set(mine) - set(options.versions)))
            return failed(item, "other-software", f"the worker has {other}; expected what the run began with")
        try:
            return _run(item, options, known, watch)
        except UnsupportedError as error:
            return failed(item, "unsupported", str(error), watch)
        except InputError as error:
            return failed(item, "input", str(error), watch)
        except MemoryError:
            return failed(item, "memory", "not enough memory", watch)
        except ProofgenError as error:
            return failed(item, "not-proved", str(error), watch)
        except Exception as error:  # a defect of this program must not stop a run of thousands
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {str(error)[:300]} ({where.name}, a defect of proofgen)"
            return failed(item, "internal", reason, watch)


def failed(item: Item, code: str, reason: str, watch: Stopwatch | None = None) -> Outcome:
    """The outcome of an item without a bundle."""
    watch = watch or Stopwatch()
    record = empty_record([Failure(code, reason)])
    return Outcome(item.index, item.name, "failed", None, None, {}, record, watch.seconds, watch.peaks)


def status_of(proved: bool, verdict: str | None) -> str:
    """The status of an item with a bundle. proved: everything; verdict: of the re-check, if there was one."""
    return "proved" if proved and verdict in (None, "accepted") else "incomplete"


def _run(item: Item, options: Options, known: str | None, watch: Stopwatch) -> Outcome:
    with watch("load"):
        problem = item.load()
    with watch("problem"):
        files, file = describe(problem)
        key = _key(file.sha256, problem.proof, search_hints(problem), options)
    if key == known:
        return Outcome(item.index, item.name, "unchanged", key, None, {}, empty_record(()), watch.seconds, watch.peaks)
    result = prove(problem, method=options.method, described=(files, file))
    watch.add(result.stopwatch)
    contents = _contents(result, options, watch)
    record = record_of(result.bundle.summary)
    if options.check:
        with watch("check"):
            record = _rechecked(contents, record)
    with watch("packing"):
        packed = contents if options.packing == "directory" else {"": pack(contents, f".{options.packing}")}
    status = status_of(record.proved, record.check)
    return Outcome(
        item.index, item.name, status, key, content_digest(contents), packed, record, watch.seconds, watch.peaks
    )


def _key(problem_sha256: str, proof: object, hints: object, options: Options) -> str:
    """SHA-256 of all that decides the bundle of a network."""
    said = [problem_sha256, repr(proof), hints, repr(options)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _contents(result: Result, options: Options, watch: Stopwatch) -> dict[str, bytes]:
    """The files of a bundle. Without documents: what the checker reads, and nothing that depends on time."""
    contents, summary = assembled(result, watch, Layout() if options.documents else None), result.bundle.summary
    if not options.documents:
        summary = summary.without_documents()
    contents["summary.json"] = dump(write_summary(summary)).encode()
    contents[MANIFEST] = manifest_bytes(contents)
    return contents


def _rechecked(contents: dict[str, bytes], record: Record) -> Record:
    """The record with the independent checker's verdict; one other than "accepted" is a failure."""
    with unpacked(contents) as directory:
        report = check_path(directory)
    record = replace(record, check=report.verdict)
    if report.verdict == "accepted":
        return record
    return replace(record, failures=(*record.failures, Failure(f"check-{report.verdict}", first_failure(report))))


def first_failure(report: Report, otherwise: str = "no reason given") -> str:
    """The first thing that the checker did not accept."""
    found = [str(failure) for item in report.items for failure in item.failures]
    return (found or [otherwise])[0][:500]


CODES: dict[str, str] = {
    "input": "the spec is not as expected",
    "unsupported": "outside what this version can prove",
    "not-proved": "the proof could not begin",
    "internal": "a defect of proofgen",
    "time-limit": "stopped after the time limit",
    "worker-died": "its process died at every try",
    "memory": "not enough memory",
    "other-software": "a worker has other versions of the software",
    "check-rejected": "the checker rejects the bundle",
    "check-incomplete": "the checker cannot decide the bundle",
    "check-not checked": "the checker cannot read the bundle",
    **{code.value: code.remedy for code in FailureCode},
}
