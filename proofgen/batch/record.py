"""What the tables of a run are made from: for each network, what its bundle says and what was not proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..bundle.summary import Summary, SummaryRow
from ..numbers.printed import Enclosure


@dataclass(frozen=True)
class Failure:
    """Something that is not proved, and where. code: of a failure of the proof, or of `work.CODES`."""

    code: str
    reason: str
    parameter: Enclosure | None = None


@dataclass(frozen=True)
class ProvedPoint:
    id: str
    parameter: Enclosure
    omega: Enclosure
    first_lyapunov_coefficient: Enclosure
    crossing_speed: Enclosure
    unstable_eigenvalues: int
    stable_eigenvalues: int
    criticality: str


@dataclass(frozen=True)
class Record:
    """dimension, method: None where there is no bundle; check: the verdict of the re-check, None without one."""

    dimension: int | None
    complete: bool
    method: str | None
    check: str | None
    points: tuple[ProvedPoint, ...]
    real_crossings: tuple[Enclosure, ...]
    failures: tuple[Failure, ...]


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
        points=tuple(_point(row) for row in summary.proved),
        real_crossings=summary.real_crossings,
        failures=tuple(failures),
    )


def _point(row: SummaryRow) -> ProvedPoint:
    claims: Any = row  # a proved row has them all
    return ProvedPoint(
        row.id, row.parameter, claims.omega, claims.first_lyapunov_coefficient, claims.crossing_speed,
        claims.unstable_eigenvalues, claims.stable_eigenvalues, claims.criticality,
    )  # fmt: skip
