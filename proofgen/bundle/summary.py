"""`summary.json`: what a run has proved, for people and tables; no certificate rests on it (FORMAT.md, section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..numbers.printed import Enclosure
from .codec import Json, read_as, written
from .hopf_point import SUBCRITICAL, SUPERCRITICAL, HopfClaims
from .json_text import VERSION
from .listing import Unsettled

PROVED, UNDECIDED, INCOMPLETE = "proved", "undecided", "incomplete"


@dataclass(frozen=True)
class SummaryRow:
    """A point. status: "proved", with what its certificate claims, or "undecided", with what is known of it."""

    id: str
    status: str
    reason: str | None
    code: str | None
    parameter: Enclosure
    omega: Enclosure | None
    first_lyapunov_coefficient: Enclosure | None
    crossing_speed: Enclosure | None
    unstable_eigenvalues: int | None
    stable_eigenvalues: int | None
    criticality: str | None
    certificate: str | None
    tex: str | None

    @property
    def proved(self) -> bool:
        return self.status == PROVED

    def repeats(self, claims: HopfClaims) -> bool:
        """Whether the row of a proved point says what its certificate says."""
        return self == replace(proved_row(self.id, claims), tex=self.tex)


def proved_row(name: str, claims: HopfClaims) -> SummaryRow:
    return SummaryRow(
        name, PROVED, None, None, claims.parameter, claims.omega, claims.first_lyapunov_coefficient,
        claims.crossing_speed, claims.unstable_eigenvalues, claims.stable_eigenvalues, claims.criticality,
        f"points/{name}.json", f"points/{name}.tex",
    )  # fmt: skip


def undecided_row(
    name: str, reason: str, code: str, parameter: Enclosure, omega: Enclosure | None, ell1: Enclosure | None
) -> SummaryRow:
    return SummaryRow(name, UNDECIDED, reason, code, parameter, omega, ell1, *[None] * 6)


@dataclass(frozen=True)
class Summary:
    """status: "proved" or "incomplete"; unsettled: reasons with their remedies; timing: seconds by stage; options: what
    was asked, with the precision used."""

    title: str
    status: str
    complete: bool
    interval: Enclosure | None
    dimension: int
    method: str
    points: tuple[SummaryRow, ...]
    real_crossings: tuple[Enclosure, ...]
    unsettled: tuple[Unsettled, ...]
    options: Mapping[str, Any]
    timing: Mapping[str, Any]
    versions: Mapping[str, Any]

    @property
    def proved(self) -> tuple[SummaryRow, ...]:
        """The rows of the proved points."""
        return tuple(row for row in self.points if row.proved)

    def without_documents(self) -> Summary:
        """Of a bundle that has certificates only."""
        return replace(self, points=tuple(replace(row, tex=None) for row in self.points))

    def kinds(self) -> tuple[int, int]:
        """How many proved points are supercritical, and subcritical."""
        kinds = [row.criticality for row in self.proved]
        return kinds.count(SUPERCRITICAL), kinds.count(SUBCRITICAL)


def write_summary(summary: Summary) -> Json:
    return {"format": "proofgen-summary", "version": VERSION, **written(summary)}


def read_summary(document: Json) -> Summary:
    """Raises InputError. Times and versions, on which nothing rests, may be missing."""
    notes: Json = {"timing": {}, "versions": {}}
    notes |= {key: document[key] for key in notes if isinstance(document.get(key), dict)}
    return read_as(Summary, {**document, **notes})
