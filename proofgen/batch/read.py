"""The files of a finished run, read: results, tables, manifest. A run is untrusted: everything has a bounded size."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ..bundle.codec import Json
from ..bundle.disk import file_digest, read_manifest
from ..bundle.kinds import kinds_shown
from ..bundle.summary import OrbitRow
from ..errors import InputError
from ..spec.form_values import MAX_TITLE
from .names import RESULTS, is_run
from .packing import MAX_FILES
from .report import listed_files
from .tables import Columns, Kinds, failure_columns, network_columns, point_columns

MAX_RESULTS, MAX_LINE = 64 * 2**20, 2**20
MAX_TABLES = 8 * 2**30  # bytes of all tables together: half a minute for their digests
Cells = dict[str, str]


def kinds_of(directory: Path) -> Kinds:
    """What a run has proved, by the tables that it has; the first of the kinds in every run, orbits last."""
    orbits = [OrbitRow] if (directory / f"{OrbitRow.table}.csv").exists() else []
    return [*kinds_shown(lambda kind: (directory / f"{kind.table}.csv").exists()), *orbits]


def columns_of(directory: Path) -> dict[str, Columns]:
    """Table → the columns that it has beside those of swept values."""
    kinds = kinds_of(directory)
    tables = {kind.table: point_columns({}, kind) for kind in kinds}
    return tables | {"failures": failure_columns({}), "networks": network_columns({}, kinds)}


class WrongError(InputError):
    """Something of a run that does not hold."""


class UnreadableError(InputError):
    """The operating system does not let something be read that is there."""


def run_results(path: Path) -> Json:
    """`results.json`, after the manifest has been compared with the files that are there."""
    listed = read_manifest(path)
    if listed is None:
        raise WrongError("there is no MANIFEST.sha256: the run is not finished")
    there = listed_files(path)
    if set(listed) != set(there):
        raise WrongError(f"MANIFEST.sha256 lists other files than those of a run: {min(set(listed) ^ set(there))[:80]}")
    for name in there:
        if (path / name).is_symlink() or not (path / name).is_file():
            raise WrongError(f"{name} is not a regular file")
    if sum((path / name).stat().st_size for name in there) > MAX_TABLES:
        raise UnreadableError(f"its tables have more than {MAX_TABLES >> 30} GiB, which is beyond this check")
    for name in there:
        if listed[name] != file_digest(path / name):
            raise WrongError(f"the digest of {name} is not that of MANIFEST.sha256")
    for name in ("points.csv", "failures.csv", "networks.csv", RESULTS, "run.toml"):
        if name not in listed:
            raise WrongError(f"{name} is missing")
    with (path / RESULTS).open("rb") as stream:
        text = stream.read(MAX_RESULTS + 1)
    try:
        results = json.loads(text)
    except (ValueError, RecursionError):
        results = None
    if not isinstance(results, dict) or results.get("format") != "proofgen-run" or results.get("version") != 1:
        raise WrongError(f"{RESULTS} is not what a run writes")
    title, tools = results.get("title"), results.get("versions")
    texts = [title, *(tools.values() if isinstance(tools, dict) else [None])]
    if not all(isinstance(text, str) and len(text) <= MAX_TITLE and text.isprintable() for text in texts):
        raise WrongError(f"{RESULTS} has no title and versions of one line of text each")
    match results.get("shard", [1, 1]):
        case [int(number), int(count)] if 1 <= number <= count:
            pass
        case _:
            raise WrongError(f"{RESULTS}: shard is not [i, n]")
    if results.get("run_sha256") != listed["run.toml"]:
        raise WrongError("run.toml is not the run file of results.json")
    return results


def read_results(path: Path) -> Json:
    """`results.json` of a finished run whose tables have the digests of the manifest. Raises InputError."""
    if not is_run(path):
        raise InputError("expected the directory of a finished run (proofgen batch)", source=str(path))
    try:
        return run_results(path)
    except WrongError as error:
        raise error.within(source=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", source=str(error.filename or path)) from None


def table_rows(path: Path) -> Iterator[Cells]:
    """The rows of a table of a run, which has its columns and those of swept values, none twice. Raises InputError."""
    fixed = list(columns_of(path.parent)[path.stem])
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(lines(stream), strict=True)
            names = list(reader.fieldnames or ())
            if names[:2] + names[2 + len(names) - len(fixed) :] != fixed or len(set(names)) < len(names):
                raise WrongError(f"{path.name} has not the columns of a run")
            for row in reader:
                if None in row or None in row.values():
                    raise WrongError(f"{path.name}: line {reader.line_num} has another number of cells")
                yield row
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror or error})", source=str(path)) from None
    except (ValueError, csv.Error) as error:
        raise WrongError(f"{path.name} cannot be read ({error})") from None


def lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise ValueError("a line is too long")
        yield line


class Grouped:
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
                raise WrongError(f"{network[:80]!r} has more rows, or longer ones, than a bundle can give")
            self.next = next(self.rows, None)
        return found

    def rest(self) -> bool:
        return self.next is not None
