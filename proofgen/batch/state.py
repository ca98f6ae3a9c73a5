"""The state of a run on disk: a SQLite database with one row for each finished item, and one writer.

What a killed run has committed is there after it; whatever else it left behind is done again. The database is no part
of a run's results, which `tables` makes from it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..bundle.codec import Json, read_as, written
from ..bundle.kinds import kinds_shown
from ..bundle.summary import OrbitRow
from ..errors import InputError
from .items import Item
from .names import STATE
from .record import Kind, Record
from .work import Outcome

VERSION = 1
RESUME = "; --resume goes on when that is mended"  # what every message of a stopped run ends with
COMMIT_SECONDS = 0.25
PATIENCE_SECONDS = 600  # with readers of a large database
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    name TEXT PRIMARY KEY, number INTEGER NOT NULL, grouped TEXT NOT NULL, chosen TEXT NOT NULL, status TEXT NOT NULL,
    key TEXT, digest TEXT, path TEXT, points INTEGER NOT NULL, failures INTEGER NOT NULL, record TEXT NOT NULL,
    seconds TEXT NOT NULL, memory TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_number ON items (number);
CREATE INDEX IF NOT EXISTS by_status ON items (status, points, failures);
CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY, started REAL NOT NULL, seen REAL NOT NULL, ended REAL, facts TEXT NOT NULL,
    done INTEGER NOT NULL
);
"""


@dataclass(frozen=True)
class Row:
    """A finished item: `items.Item` and `work.Outcome`. path: of its bundle in the run's directory, None for none."""

    name: str
    number: int
    group: str
    values: tuple[tuple[str, object], ...]
    status: str
    key: str | None
    digest: str | None
    path: str | None
    record: Record
    seconds: dict[str, float]
    memory: dict[str, int]


class State:
    """The database of a run, open for writing by the process that holds the lock, or for reading."""

    def __init__(self, directory: Path, *, readonly: bool = False) -> None:
        self.path = directory / STATE
        if self.path.is_symlink():
            raise InputError("is a link; expected the state of a run", source=str(self.path))
        with self._errors():
            if readonly:  # mode=rw: what a killed run left in the journal is rolled back first
                address = f"{self.path.absolute().as_uri()}?mode=rw"
                self.connection = sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)
                self.connection.execute("PRAGMA query_only = ON")
            else:
                directory.mkdir(parents=True, exist_ok=True)
                self.connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS)
                self.connection.execute("PRAGMA synchronous = FULL")
                self.connection.executescript(_TABLES)
                self.connection.execute("CREATE TEMP TABLE wanted (name TEXT PRIMARY KEY) WITHOUT ROWID")
                if self.get("version") is None:
                    self.set("version", VERSION)
            if self.get("version") != VERSION:
                raise InputError(f"written by another version of proofgen; expected {VERSION}", source=str(self.path))
        self._committed = time.monotonic()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, RecursionError, InputError) as error:
            raise InputError(f"could not be read or written ({error}){RESUME}", source=str(self.path)) from None

    def get(self, name: str) -> Any:
        with self._errors():
            found = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return None if found is None else json.loads(found[0])

    def set(self, name: str, value: object) -> None:
        with self._errors():
            self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value)))
            self.connection.commit()

    def save(self, item: Item, outcome: Outcome, path: str | None) -> None:
        """Record an item whose bundle is written. Becomes lasting with the next `commit`, a moment later."""
        seconds = {stage: round(s, 6) for stage, s in outcome.seconds.items()}
        self.save_row(
            Row(item.name, item.index, item.group, item.values, outcome.status, outcome.key, outcome.digest, path,
                outcome.record, seconds, outcome.memory)
        )  # fmt: skip

    def save_row(self, row: Row) -> None:
        with self._errors():
            self.connection.execute(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (row.name, row.number, row.group, json.dumps(row.values), row.status, row.key, row.digest, row.path,
                 row.record.hopf_points, len(row.record.failures),
                 json.dumps(written(row.record), separators=(",", ":")), json.dumps(row.seconds),
                 json.dumps(row.memory)),
            )  # fmt: skip
        if time.monotonic() - self._committed > COMMIT_SECONDS:
            self.commit()

    def keep(self, item: Item) -> None:
        """A known item stays as it is; its place in the run may have changed."""
        with self._errors():
            self.connection.execute(
                "UPDATE items SET number = ?, grouped = ?, chosen = ? WHERE name = ?",
                (item.index, item.group, json.dumps(item.values), item.name),
            )

    def mark(self, name: str) -> None:
        """Remember that the run as it is now has this item."""
        with self._errors():
            self.connection.execute("INSERT OR REPLACE INTO temp.wanted VALUES (?)", (name,))

    def unwanted(self) -> list[Row]:
        """The items that were not marked since the database was opened."""
        with self._errors():
            found = self.connection.execute(f"SELECT {_COLUMNS} FROM items WHERE name NOT IN temp.wanted").fetchall()
            return [_row(row) for row in found]

    def remove(self, name: str) -> None:
        with self._errors():
            self.connection.execute("DELETE FROM items WHERE name = ?", (name,))

    def commit(self) -> None:
        with self._errors():
            self.connection.commit()
        self._committed = time.monotonic()

    def row(self, name: str) -> Row | None:
        with self._errors():
            found = self.connection.execute(f"SELECT {_COLUMNS} FROM items WHERE name = ?", (name,)).fetchone()
            return None if found is None else _row(found)

    def has(self, name: str, path: str) -> bool:
        """Whether an item has its bundle there."""
        with self._errors():
            found = self.connection.execute("SELECT 1 FROM items WHERE name = ? AND path = ?", (name, path))
            return found.fetchone() is not None

    def rows(self) -> Iterator[Row]:
        """All finished items in the order of the run, one at a time."""
        with self._errors():
            for found in self.connection.execute(f"SELECT {_COLUMNS} FROM items ORDER BY number"):
                yield _row(found)

    def chosen(self) -> Iterator[tuple[tuple[str, object], ...]]:
        """The swept values of all items."""
        with self._errors():
            for (values,) in self.connection.execute("SELECT chosen FROM items ORDER BY number"):
                yield tuple((key, value) for key, value in json.loads(values))

    def reasons(self) -> dict[str, int]:
        """How often each code of a failure occurs."""
        found: dict[str, int] = {}
        with self._errors():
            for (record,) in self.connection.execute("SELECT record FROM items WHERE failures > 0 ORDER BY number"):
                for failure in json.loads(record)["failures"]:
                    found[failure["code"]] = found.get(failure["code"], 0) + 1
        return dict(sorted(found.items()))

    def kinds(self) -> list[Kind]:
        """What has been proved, in the order of the table of kinds; the first of these in every run. Orbits come last
        where any were asked for."""
        query = "SELECT DISTINCT substr(id, 1, instr(id, '-') - 1) FROM (SELECT json_extract(point.value, '$.id') AS id"
        query += " FROM items, json_each(items.record, '$.points') AS point)"
        with self._errors():
            found = {prefix for (prefix,) in self.connection.execute(query)}
            asked = "SELECT 1 FROM items WHERE json_array_length(record, '$.orbits') > 0 LIMIT 1"
            orbits = self.connection.execute(asked).fetchone() is not None
        return [*kinds_shown(lambda kind: kind.prefix in found), *([OrbitRow] if orbits else [])]

    def counts(self) -> dict[str, int]:
        """Items by status, all that are "done", and Hopf points ("points") and "failures" of all together."""
        with self._errors():
            found = dict(self.connection.execute("SELECT status, COUNT(*) FROM items GROUP BY status"))
            sums = self.connection.execute("SELECT COALESCE(SUM(points), 0), COALESCE(SUM(failures), 0) FROM items")
            points, failures = sums.fetchone()
        by_status = {"proved": 0, "incomplete": 0, "failed": 0} | found
        return {"done": sum(found.values())} | by_status | {"points": points, "failures": failures}

    # Sessions: who worked on the run, and when it was last seen alive ------------------------------

    def begin(self, facts: Json) -> int:
        now = time.time()
        with self._errors():
            cursor = self.connection.execute(
                "INSERT INTO sessions (started, seen, facts, done) VALUES (?, ?, ?, 0)", (now, now, json.dumps(facts))
            )
        self.commit()
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def forget_sessions(self) -> None:
        with self._errors():
            self.connection.execute("DELETE FROM sessions")

    def add_session(self, session: Json) -> None:
        """A session of a shard."""
        facts = {key: value for key, value in session.items() if key not in ("started", "seen", "ended", "done")}
        values = (session["started"], session["seen"], session["ended"], json.dumps(facts), session["done"])
        with self._errors():
            self.connection.execute(
                "INSERT INTO sessions (started, seen, ended, facts, done) VALUES (?, ?, ?, ?, ?)", values
            )

    def seen(self, session: int, done: int, *, ended: bool = False, facts: Json | None = None) -> None:
        now = time.time()
        with self._errors():
            values = (now, done, now if ended else None, session)
            self.connection.execute("UPDATE sessions SET seen = ?, done = ?, ended = ? WHERE id = ?", values)
            if facts is not None:
                self.connection.execute("UPDATE sessions SET facts = ? WHERE id = ?", (json.dumps(facts), session))
        self.commit()

    def sessions(self) -> list[Json]:
        with self._errors():
            columns = "started, seen, ended, facts, done"
            found = self.connection.execute(f"SELECT {columns} FROM sessions ORDER BY id").fetchall()
            return [
                {"started": started, "seen": seen, "ended": ended, "done": done, **json.loads(facts)}
                for started, seen, ended, facts, done in found
            ]

    def close(self) -> None:
        self.connection.close()


_COLUMNS = "name, number, grouped, chosen, status, key, digest, path, record, seconds, memory"


def _row(found: tuple[Any, ...]) -> Row:
    name, number, group, chosen, status, key, digest, path, record, seconds, memory = found
    values = tuple((key, value) for key, value in json.loads(chosen))
    costs = json.loads(seconds), json.loads(memory)
    return Row(name, number, group, values, status, key, digest, path, read_as(Record, json.loads(record)), *costs)
