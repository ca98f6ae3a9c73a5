"""Whether the Parquet tables of a run say the same as its CSV tables. Read row by row, and bounded by the CSV.

A Parquet file is untrusted and its reader is not written in Python: call `compare` in a process that may die.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .tables import Columns, cell

BATCH = 1000
_KINDS = {"string": "text", "int64": "integer", "double": "real", "bool": "flag"}


def compare(path: Path, names: list[str], kinds: Columns, rows: Iterable[Mapping[str, str]]) -> str | None:
    """What differs between a Parquet table and its CSV, which has columns of these names and these rows; or None.

    kinds: of the columns that every run has; others are text or integers.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        with path.open("rb") as stream, parquet.ParquetFile(stream) as table:  # names need not be UTF-8
            if list(table.schema_arrow.names) != names:
                return "has other columns than its CSV table"
            for field in table.schema_arrow:
                kind = _KINDS.get(str(field.type))
                if kind not in ([kinds[field.name]] if field.name in kinds else ["text", "integer"]):
                    return f"has entries of another kind in {field.name[:80]!r}"
            for number, (row, due) in enumerate(zip_longest(_cells(table), rows), 1):
                if row is None or due is None:
                    return "has another number of rows than its CSV table"
                if row != due:
                    where = next(name for name in names if row[name] != due[name])
                    return f"differs from its CSV table in row {number}, {where[:80]!r}"
            return None
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        return f"cannot be read as Parquet ({str(error).splitlines()[0][:100] if str(error) else type(error).__name__})"


def _cells(table: Any) -> Iterator[dict[str, str]]:
    for batch in table.iter_batches(batch_size=BATCH):
        for row in batch.to_pylist():
            yield {key: cell(value) for key, value in row.items()}
