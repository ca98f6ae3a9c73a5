"""What a finished run states: tables, `results.json`, a manifest; and what it took, `performance.json`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from ..bundle.codec import Json
from ..bundle.disk import MANIFEST, digest_lines, file_digest, write_atomically
from ..bundle.json_text import dump
from ..errors import not_written
from .names import PERFORMANCE, RESULTS
from .record import KINDS
from .state import RESUME, Row, State
from .tables import Kinds, counts_of, value_types, writing

TABLES = tuple(
    f"{name}.{ending}"
    for name in ("failures", "networks", *(kind.table for kind in KINDS))
    for ending in ("csv", "parquet")
)
VERSION = 1
PARTS = 10  # of a run, in which memory is shown


def finish(directory: Path, state: State, tabled: Callable[[int], None] = lambda done: None) -> Json:
    """Write everything that a run states, from its state; the manifest comes last. Returns `results.json`.

    tabled: told now and then how many networks stand in the tables.
    """
    state.commit()
    try:
        kinds = state.kinds()
        with writing(directory, value_types(state.chosen()), kinds) as tables:
            totals, costs = Totals(kinds), _Costs(state.counts()["done"])
            for done, row in enumerate(state.rows(), 1):
                costs.add(row)
                totals.add(row.group, tables.add(row), [failure.code for failure in row.record.failures])
                if done % 500 == 0:
                    tabled(done)
        tabled(totals.run["networks"])
        results = {
            "format": "proofgen-run",
            "version": VERSION,
            "title": state.get("title"),
            "run_sha256": state.get("run_sha256"),
            **({"shard": shard} if (shard := state.get("shard")) != [1, 1] else {}),
            **totals.document(),
            "versions": state.get("versions"),
        }
        write_atomically(directory / RESULTS, dump(results).encode())
        write_atomically(directory / PERFORMANCE, dump(costs.document(state.sessions())).encode())
        getattr(os, "sync", lambda: None)()  # the manifest says that everything is there, also after a power failure
        _write_manifest(directory)
    except OSError as error:
        raise not_written(error, error.filename or directory, RESUME) from None
    return results


def listed_files(directory: Path) -> list[str]:
    """The files of the results that are there, bundles aside (`networks.csv` has their digests)."""
    return [name for name in sorted([*TABLES, RESULTS, "run.toml"]) if (directory / name).exists()]


def _write_manifest(directory: Path) -> None:
    digests = {name: file_digest(directory / name) for name in listed_files(directory)}
    write_atomically(directory / MANIFEST, digest_lines(digests))


class Totals:
    """Counts of a run and of each group, without holding rows."""

    def __init__(self, kinds: Kinds) -> None:
        self.counts = counts_of(kinds)
        self.run = self._zero()
        self.groups: dict[str, dict[str, int]] = {}
        self.codes: dict[str, int] = {}

    def _zero(self) -> dict[str, int]:
        names = ("networks", "proved", "incomplete", "failed", *self.counts, "complete", "accepted")
        return dict.fromkeys(names, 0)

    def add(self, group: str, network: Json, codes: Sequence[str]) -> None:
        for counts in (self.run, self.groups.setdefault(group, self._zero())):
            counts["networks"] += 1
            counts[network["status"]] += 1
            counts["complete"] += network["complete"]
            counts["accepted"] += network["check"] == "accepted"
            for key in self.counts:
                counts[key] += network[key]
        for code in codes:
            self.codes[code] = self.codes.get(code, 0) + 1

    def document(self) -> Json:
        """What `results.json` has of it."""
        groups = [{"name": name, **counts} for name, counts in self.groups.items()]
        return {**self.run, "failures_by_code": dict(sorted(self.codes.items())), "groups": groups}


class _Costs:
    """What the items took, added up without holding rows."""

    def __init__(self, total: int) -> None:
        self.total, self.seen, self.points = total, 0, 0
        self.stages: dict[str, float] = {}
        self.peaks: dict[str, int] = {}
        self.memory: list[int] = [0] * min(PARTS, total)

    def add(self, row: Row) -> None:
        self.points += row.record.hopf_points
        for stage, seconds in row.seconds.items():
            self.stages[stage] = self.stages.get(stage, 0.0) + seconds
        part = self.seen * len(self.memory) // self.total
        self.memory[part] = max(self.memory[part], *row.memory.values(), 0)
        for stage, peak in row.memory.items():
            self.peaks[stage] = max(self.peaks.get(stage, 0), peak)
        self.seen += 1

    def document(self, sessions: list[Json]) -> Json:
        """Times, memory and hosts: what no result depends on. Seconds of stages are summed over workers."""
        shown = []
        for session in sessions:
            wall = (session["ended"] or session["seen"]) - session["started"]
            rates = {"wall_seconds": round(wall, 3), "networks_per_second": _rate(session["done"], wall)}
            shown.append(session | rates)
        wall = sum(session["wall_seconds"] for session in shown)
        return {
            "format": "proofgen-run-performance",
            "version": VERSION,
            "sessions": shown,
            "wall_seconds": round(wall, 3),
            "points_per_second": _rate(self.points, wall),
            "stage_seconds": {stage: round(seconds, 3) for stage, seconds in self.stages.items()},
            "stage_memory_bytes": self.peaks,  # the largest memory of a worker by the end of a stage
            "worker_memory_bytes": self.memory,  # the same in each tenth of the run: flat unless something leaks
        }


def _rate(count: int, seconds: float) -> float | None:
    return round(count / seconds, 3) if seconds > 0 else None
