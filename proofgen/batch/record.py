"""What the tables of a run are made from: for each network, what its bundle says and what was not proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ..bundle.codec import Json, read_as, written
from ..bundle.hopf_point import HopfRow
from ..bundle.kinds import ROWS, row_kind
from ..bundle.rows import RowClaims
from ..bundle.summary import OrbitRow, Summary
from ..numbers.printed import Enclosure

Kind = type[RowClaims] | type[OrbitRow]  # of what has a table of its own
KINDS: tuple[Kind, ...] = (*ROWS.values(), OrbitRow)


@dataclass(frozen=True)
class Failure:
    """Something that is not proved, and where. code: of a failure of the proof, or of `work.CODES`."""

    code: str
    reason: str
    parameter: Enclosure | None = None


@dataclass(frozen=True)
class ProvedPoint:
    id: str
    claims: RowClaims

    def as_json(self) -> Json:
        return {"id": self.id, **written(self.claims)}

    @classmethod
    def from_json(cls, value: Any, where: str) -> ProvedPoint:
        identifier = value.get("id") if isinstance(value, dict) else None
        kind = row_kind(identifier, f"{where}.id")
        return cls(str(identifier), read_as(kind, value, where))


@dataclass(frozen=True)
class Record:
    """dimension, method: None where there is no bundle; check: the verdict of the re-check, None without one; orbits:
    what was asked for, proved or not."""

    dimension: int | None
    complete: bool
    method: str | None
    check: str | None
    points: tuple[ProvedPoint, ...]
    real_crossings: tuple[Enclosure, ...]
    failures: tuple[Failure, ...]
    orbits: tuple[OrbitRow, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether everything that was asked for is."""
        return self.complete and all(row.proved for row in self.orbits)

    @property
    def hopf_points(self) -> int:
        """How many of the points are Hopf points, which is what `points` counts in the tables."""
        return sum(isinstance(point.claims, HopfRow) for point in self.points)


@dataclass(frozen=True)
class Tabled:
    """How a kind stands in the tables. identified: the column of ids; keys: of its columns, fields or properties; said:
    what a record has of it, by ids; types: under which one of them is counted."""

    identified: str
    keys: tuple[str, ...]
    said: Callable[[Record], list[tuple[str, Any]]]
    types: Callable[[Any], tuple[str | None, ...]]


def _of_points(kind: Any) -> Tabled:
    return Tabled(
        "point",
        tuple(field.name for field in fields(kind)),
        lambda record: [(point.id, point.claims) for point in record.points if type(point.claims) is kind],
        lambda claims: (claims.type,),
    )


# what is not a kind of point
_OTHERS: Mapping[Kind, Tabled] = {
    OrbitRow: Tabled(
        "orbit", OrbitRow.tabled, lambda record: [(row.id, row) for row in record.orbits], lambda row: row.types
    ),
}


def tabled(kind: Kind) -> Tabled:
    """How it stands in the tables."""
    return _OTHERS.get(kind) or _of_points(kind)


def empty_record(failures: Iterable[Failure]) -> Record:
    """What the tables say of a network without a bundle."""
    return Record(None, False, None, None, (), (), tuple(failures))


def record_of(summary: Summary) -> Record:
    """What the tables say of a network with a bundle."""
    failures = [Failure(row.code or "", row.reason or "", row.parameter) for row in summary.points if not row.proved]
    for piece in summary.unsettled:
        if not any(other.code == piece.code and other.parameter == piece.interval for other in failures):
            failures.append(Failure(piece.code, piece.reason, piece.interval))
    return Record(
        dimension=summary.dimension,
        complete=summary.complete,
        method=summary.method,
        check=None,
        points=tuple(ProvedPoint(row.id, row.claims) for row in summary.proved),
        real_crossings=summary.real_crossings,
        failures=tuple(failures),
        orbits=tuple(replace(row, tex=None) for row in summary.orbits),
    )
