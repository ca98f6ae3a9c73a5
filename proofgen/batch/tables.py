"""The results of a run as tables: CSV always, Parquet with pyarrow. Streamed: memory does not grow with the run.

Enclosures are exact decimal strings ``_lo``, ``_hi``; ``_mid``, ``_rad`` are binary64 numbers with
[mid − rad, mid + rad] ⊇ [lo, hi].
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, cast, get_args, get_type_hints

from ..needs import has
from ..numbers.printed import Decimal, Enclosure
from .record import Kind, Record, tabled
from .state import Row

CHUNK = 5000
Cells = dict[str, Any]  # of a row, by their columns
Columns = dict[str, str]  # name → "text", "integer", "real", "flag"
Kinds = Sequence[Kind]


def mid_rad(low: Fraction, high: Fraction) -> tuple[float, float]:
    """Binary64 numbers with [mid − rad, mid + rad] ⊇ [low, high]; infinite where binary64 ends."""
    # in integers, whose quotients are rounded correctly: fractions would be reduced at each step
    unit = low.denominator * high.denominator
    a, b = low.numerator * high.denominator, high.numerator * low.denominator
    try:
        mid = (a + b) / (2 * unit)
    except OverflowError:
        return math.inf if a + b > 0 else -math.inf, math.inf
    m, parts = mid.as_integer_ratio()
    far, unit = max(b * parts - m * unit, m * unit - a * parts), unit * parts
    try:
        rad = far / unit
    except OverflowError:
        return mid, math.inf
    p, q = rad.as_integer_ratio()
    return mid, rad if p * unit >= far * q else math.nextafter(rad, math.inf)


def value_types(chosen: Iterable[tuple[tuple[str, object], ...]]) -> Columns:
    """The columns of swept values in order of appearance, integer if all are, else text."""
    types: Columns = {}
    for values in chosen:
        for key, value in values:
            types.setdefault(key, "integer")
            if not isinstance(value, int) or not -(2**63) <= value < 2**63:
                types[key] = "text"
    return types


def point_columns(values: Columns, kind: Kind) -> Columns:
    """The columns of what is proved of a kind, or, of orbits, asked for."""
    columns = {"network": "text", "group": "text", **values, "dimension": "integer", tabled(kind).identified: "text"}
    for name, _, type_ in _claimed(cast(Any, kind)):
        if type_ == "enclosure":
            columns |= {f"{name}_lo": "text", f"{name}_hi": "text", f"{name}_mid": "real", f"{name}_rad": "real"}
        else:
            columns[name] = type_
    return columns


@cache
def _claimed(kind: Any) -> tuple[tuple[str, str, str], ...]:
    """(name in tables, key, type) of the claims of a kind; the type is "enclosure" or that of a column."""
    types = {Enclosure: "enclosure", Decimal: "text", int: "integer", str: "text", bool: "flag"}
    found = []
    for key, hint in _columns_said(kind).items():
        (type_,) = {hint, *get_args(hint)} & types.keys()
        found.append((kind.names.get(key, key), key, types[type_]))
    return tuple(found)


def _columns_said(kind: Any) -> dict[str, Any]:
    """The keys of a kind that are columns, with their types; of properties what they return."""
    keys, hints = tabled(kind).keys, get_type_hints(kind)
    properties = {key: getattr(kind, key).fget for key in keys if key not in hints}
    hints |= {key: get_type_hints(get)["return"] for key, get in properties.items()}
    return {key: hints[key] for key in keys}


def _named(row: Row) -> Cells:
    """The cells that every row of a network begins with."""
    return {"network": row.name, "group": row.group, **dict(row.values)}


def point_rows(row: Row, kind: Kind) -> Iterator[Cells]:
    """A row for each proved point of a network that is of this kind, or for each orbit asked for."""
    for cells in point_cells(row.record, kind):
        yield _named(row) | cells


def point_cells(record: Record, kind: Kind) -> Iterator[Cells]:
    """What certificates say of each proved point; of orbits, what their rows say."""
    place = tabled(kind)
    for identifier, claims in place.said(record):
        row: Cells = {"dimension": record.dimension, place.identified: identifier}
        for name, key, type_ in _claimed(cast(Any, kind)):
            value = getattr(claims, key)
            if isinstance(value, Decimal):
                value = value.text
            row |= _enclosed(name, value) if type_ == "enclosure" else {name: value}
        yield row


def _enclosed(name: str, enclosure: Enclosure | None) -> Cells:
    if enclosure is None:
        return dict.fromkeys(f"{name}_{end}" for end in ("lo", "hi", "mid", "rad"))
    mid, rad = mid_rad(*enclosure.ends)
    low, high = enclosure.text
    return {f"{name}_lo": low, f"{name}_hi": high, f"{name}_mid": mid, f"{name}_rad": rad}


def failure_columns(values: Columns) -> Columns:
    texts = dict.fromkeys(("code", "reason", "parameter_lo", "parameter_hi"), "text")
    return {"network": "text", "group": "text", **values, **texts}


def failure_rows(row: Row) -> Iterator[Cells]:
    """A row for each thing that was not proved, with its typed reason and where."""
    for cells in failure_cells(row.record):
        yield _named(row) | cells


def failure_cells(record: Record) -> Iterator[Cells]:
    for failure in record.failures:
        low, high = (None, None) if failure.parameter is None else failure.parameter.text
        yield {"code": failure.code, "reason": failure.reason, "parameter_lo": low, "parameter_hi": high}


def network_columns(values: Columns, kinds: Kinds) -> Columns:
    return {
        "network": "text", "group": "text", **values, "dimension": "integer", "status": "text", "complete": "flag",
        "method": "text", **dict.fromkeys(counts_of(kinds), "integer"), "failures": "integer", "check": "text",
        "bundle": "text", "content_sha256": "text",
    }  # fmt: skip


def counts_of(kinds: Kinds) -> tuple[str, ...]:
    """The columns that count something proved."""
    return (*(column for kind in kinds for column in kind.counts), "real_crossings")


def network_row(row: Row, kinds: Kinds) -> Cells:
    """A network with what became of it and where its bundle is."""
    return {
        **_named(row), "status": row.status, **network_cells(row.record, kinds), "check": row.record.check,
        "bundle": row.path, "content_sha256": row.digest,
    }  # fmt: skip


def network_cells(record: Record, kinds: Kinds) -> Cells:
    """What a bundle says of its network as a whole."""
    counts: Cells = {}
    for kind in kinds:
        place = tabled(kind)
        types = [place.types(claims) for _, claims in place.said(record)]
        counts |= {name: sum(of is None or of in own for own in types) for name, of in kind.counts.items()}
    return {
        "dimension": record.dimension, "complete": record.complete, "method": record.method, **counts,
        "real_crossings": len(record.real_crossings), "failures": len(record.failures),
    }  # fmt: skip


# Writing --------------------------------------------------------------------------------------


class Table:
    """A table in the making, as CSV and, with pyarrow, as Parquet."""

    def __init__(self, path: Path, columns: Columns, stack: ExitStack) -> None:
        self.columns = columns
        self.rows: list[Cells] = []
        self.csv = csv.writer(stack.enter_context(_replaced(path.with_suffix(".csv"))), lineterminator="\n")
        self.csv.writerow(columns)
        self.arrow = _pyarrow()
        if self.arrow is not None:
            import pyarrow.parquet as parquet

            arrow = self.arrow
            kinds = {"text": arrow.string(), "integer": arrow.int64(), "real": arrow.float64(), "flag": arrow.bool_()}
            self.schema = arrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
            stream = stack.enter_context(_replaced(path.with_suffix(".parquet"), binary=True))
            self.parquet = stack.enter_context(parquet.ParquetWriter(stream, self.schema, compression="zstd"))

    def add(self, rows: Iterable[Cells]) -> None:
        for row in rows:
            self.csv.writerow([cell(row.get(name)) for name in self.columns])
            self.rows.append(row)
        if len(self.rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        if self.rows and self.arrow is not None:
            texts = {name for name, kind in self.columns.items() if kind == "text"}
            data = {
                name: [_text(row.get(name)) if name in texts else row.get(name) for row in self.rows]
                for name in self.columns
            }
            self.parquet.write_table(self.arrow.table(data, schema=self.schema))
        self.rows.clear()


class Tables:
    """The tables of a run: `failures`, `networks`, and one for each kind of what is proved."""

    def __init__(self, directory: Path, values: Columns, kinds: Kinds, stack: ExitStack) -> None:
        self.kinds = kinds
        self.failures = Table(directory / "failures", failure_columns(values), stack)
        self.networks = Table(directory / "networks", network_columns(values, kinds), stack)
        self.points = {kind: Table(directory / kind.table, point_columns(values, kind), stack) for kind in kinds}

    def add(self, row: Row) -> Cells:
        """A network; returns its row of `networks`."""
        network = network_row(row, self.kinds)
        for kind, table in self.points.items():
            table.add(point_rows(row, kind))
        self.failures.add(failure_rows(row))
        self.networks.add([network])
        return network

    def flush(self) -> None:
        for table in (self.failures, self.networks, *self.points.values()):
            table.flush()


@contextmanager
def writing(directory: Path, values: Columns, kinds: Kinds) -> Iterator[Tables]:
    """The tables of a run; they replace older ones when the block ends well. kinds: of what the run has proved."""
    with ExitStack() as stack:
        tables = Tables(directory, values, kinds, stack)
        yield tables
        tables.flush()


def cell(value: object) -> str:
    """A value as CSV files have it."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@contextmanager
def _replaced(path: Path, *, binary: bool = False) -> Iterator[Any]:
    """A file that takes its name when the block ends well, and is gone when it does not."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)  # perhaps a link
    stream: io.IOBase = temporary.open("wb") if binary else temporary.open("w", encoding="utf-8", newline="")
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _pyarrow() -> ModuleType | None:
    return import_module("pyarrow") if has("parquet") else None
