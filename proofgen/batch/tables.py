"""The results of a run as tables: CSV always, Parquet with pyarrow. Streamed: memory does not grow with the run.

Enclosures are exact decimal strings ``_lo``, ``_hi``; ``_mid``, ``_rad`` are binary64 numbers with
[mid − rad, mid + rad] ⊇ [lo, hi].
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from ..bundle.hopf_point import SUBCRITICAL, SUPERCRITICAL
from ..numbers.printed import Enclosure
from .record import ProvedPoint, Record
from .state import Row

ENCLOSURES: dict[str, Callable[[ProvedPoint], Enclosure]] = {
    "parameter": lambda point: point.parameter,
    "omega": lambda point: point.omega,
    "l1": lambda point: point.first_lyapunov_coefficient,
    "crossing_speed": lambda point: point.crossing_speed,
}
CHUNK = 5000
Cells = dict[str, Any]  # of a row, by their columns
Columns = dict[str, str]  # name → "text", "integer", "real", "flag"


def mid_rad(low: Fraction, high: Fraction) -> tuple[float, float]:
    """Binary64 numbers with [mid − rad, mid + rad] ⊇ [low, high]; infinite where binary64 ends."""
    try:
        mid = float((low + high) / 2)
    except OverflowError:
        return math.inf if low + high > 0 else -math.inf, math.inf
    exact = max(high - Fraction(mid), Fraction(mid) - low)
    try:
        rad = float(exact)
    except OverflowError:
        return mid, math.inf
    return mid, rad if Fraction(rad) >= exact else math.nextafter(rad, math.inf)


def value_types(chosen: Iterable[tuple[tuple[str, object], ...]]) -> Columns:
    """The columns of swept values in order of appearance, integer if all are, else text."""
    types: Columns = {}
    for values in chosen:
        for key, value in values:
            types.setdefault(key, "integer")
            if not isinstance(value, int) or not -(2**63) <= value < 2**63:
                types[key] = "text"
    return types


def point_columns(values: Columns) -> Columns:
    columns = {"network": "text", "group": "text", **values, "dimension": "integer", "point": "text"}
    for name in ENCLOSURES:
        columns |= {f"{name}_lo": "text", f"{name}_hi": "text", f"{name}_mid": "real", f"{name}_rad": "real"}
    return columns | {"unstable_eigenvalues": "integer", "stable_eigenvalues": "integer", "criticality": "text"}


def _named(row: Row) -> Cells:
    """The cells that every row of a network begins with."""
    return {"network": row.name, "group": row.group, **dict(row.values)}


def point_rows(row: Row) -> Iterator[Cells]:
    """A row for each proved point of a network."""
    for cells in point_cells(row.record):
        yield _named(row) | cells


def point_cells(record: Record) -> Iterator[Cells]:
    """What certificates say of each proved point."""
    for point in record.points:
        row: Cells = {"dimension": record.dimension, "point": point.id}
        for name, get in ENCLOSURES.items():
            enclosure = get(point)
            mid, rad = mid_rad(*enclosure.ends)
            low, high = enclosure.text
            row |= {f"{name}_lo": low, f"{name}_hi": high, f"{name}_mid": mid, f"{name}_rad": rad}
        counts = {"unstable_eigenvalues": point.unstable_eigenvalues, "stable_eigenvalues": point.stable_eigenvalues}
        yield row | counts | {"criticality": point.criticality}


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


def network_columns(values: Columns) -> Columns:
    return {
        "network": "text", "group": "text", **values, "dimension": "integer", "status": "text", "complete": "flag",
        "method": "text", "points": "integer", "supercritical": "integer", "subcritical": "integer",
        "real_crossings": "integer", "failures": "integer", "check": "text", "bundle": "text", "content_sha256": "text",
    }  # fmt: skip


def network_row(row: Row) -> Cells:
    """A network with what became of it and where its bundle is."""
    return {
        **_named(row), "status": row.status, **network_cells(row.record), "check": row.record.check,
        "bundle": row.path, "content_sha256": row.digest,
    }  # fmt: skip


def network_cells(record: Record) -> Cells:
    """What a bundle says of its network as a whole."""
    kinds = [point.criticality for point in record.points]
    return {
        "dimension": record.dimension, "complete": record.complete, "method": record.method,
        "points": len(kinds), "supercritical": kinds.count(SUPERCRITICAL), "subcritical": kinds.count(SUBCRITICAL),
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


@contextmanager
def writing(directory: Path, values: Columns) -> Iterator[tuple[Table, Table, Table]]:
    """The tables ``points``, ``failures``, ``networks`` of a run; they replace older ones when the block ends well."""
    with ExitStack() as stack:
        tables = (
            Table(directory / "points", point_columns(values), stack),
            Table(directory / "failures", failure_columns(values), stack),
            Table(directory / "networks", network_columns(values), stack),
        )
        yield tables
        for table in tables:
            table.flush()


def cell(value: object) -> str:
    """A value as CSV files have it."""
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
    try:
        import pyarrow
    except ImportError:
        return None
    module: ModuleType = pyarrow
    return module


def has_parquet() -> bool:
    return _pyarrow() is not None
