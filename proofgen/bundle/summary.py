"""`summary.json`: what a run has proved, for people and tables; no certificate rests on it (FORMAT.md, section 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..numbers.printed import Decimal, Enclosure
from .codec import Json, read_as, written
from .hopf_curve import UnsettledCurve
from .json_text import VERSION
from .kinds import ROWS, SOUGHT, place, row_kind
from .listing import Unsettled
from .orbit import Orbit, OrbitEnd
from .rows import RowClaims

PROVED, UNDECIDED, INCOMPLETE = "proved", "undecided", "incomplete"


@dataclass(frozen=True)
class _Frame:
    """The keys of a row that do not depend on its kind."""

    id: str
    status: str
    reason: str | None
    code: str | None
    certificate: str | None
    tex: str | None


@dataclass(frozen=True)
class SummaryRow:
    """A row. status: "proved", with what its certificate claims, or "undecided", with what is known; among the keys of
    the row are those of the claims."""

    id: str
    status: str
    reason: str | None
    code: str | None
    claims: RowClaims
    certificate: str | None
    tex: str | None

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def proved(self) -> bool:
        return self.status == PROVED

    def repeats(self, claims: RowClaims) -> bool:
        """Whether the row of something proved says what its certificate says."""
        return self == replace(proved_row(self.id, claims), tex=self.tex)

    def as_json(self) -> Json:
        frame: Json = written(_Frame(self.id, self.status, self.reason, self.code, self.certificate, self.tex))
        last = {key: frame.pop(key) for key in ("certificate", "tex")}
        return {**frame, **written(self.claims), **last}

    @classmethod
    def from_json(cls, value: Any, where: str) -> SummaryRow:
        frame = read_as(_Frame, value, where)
        return cls(**vars(frame), claims=read_as(row_kind(frame.id, f"{where}.id"), value, where))


def proved_row(name: str, claims: RowClaims) -> SummaryRow:
    return SummaryRow(name, PROVED, None, None, claims, f"{place(name)}.json", f"{place(name)}.tex")


def undecided_row(name: str, known: RowClaims, reason: str, code: str) -> SummaryRow:
    return SummaryRow(name, UNDECIDED, reason, code, known, None, None)


@dataclass(frozen=True)
class OrbitRow:
    """Periodic orbits that were asked for. status: "proved", with what the certificate claims, or "undecided"; beyond:
    of a branch that was to go as far as possible, what keeps it from going further (no claim).

    In the tables of a run, as of a kind in `rows.RowClaims`; tabled: its columns, fields or properties."""

    prefix: ClassVar[str] = "orbit"
    noun: ClassVar[str] = "periodic orbit"
    table: ClassVar[str] = "orbits"
    names: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, str | None]] = {
        "orbits": PROVED, "orbits_stable": "stable", "orbits_unstable": "unstable", "orbits_undecided": UNDECIDED,
        "orbits_asked": None,
    }  # fmt: skip
    tabled: ClassVar[tuple[str, ...]] = (
        "hopf", "status", "reason", "amplitude", "parameter", "period", "end_parameter", "end_period", "distance",
        "direction", "unstable_multipliers", "stable",
    )  # fmt: skip

    id: str
    hopf: str
    status: str
    reason: str | None
    amplitude: Enclosure
    parameter: Enclosure | None
    period: Enclosure | None
    end: OrbitEnd | None
    distance: Decimal | None
    direction: str | None
    unstable_multipliers: int | None
    stable: bool | None
    certificate: str | None
    tex: str | None
    beyond: str | None = None

    @property
    def proved(self) -> bool:
        return self.status == PROVED

    @property
    def types(self) -> tuple[str, ...]:
        """Whether there are orbits, and whether they are proved to be stable or unstable."""
        return (self.status, *{True: ("stable",), False: ("unstable",), None: ()}[self.stable])

    @property
    def end_parameter(self) -> Enclosure | None:
        """Of the orbit of the largest amplitude."""
        return None if self.end is None else self.end.parameter

    @property
    def end_period(self) -> Enclosure | None:
        return None if self.end is None else self.end.period


def proved_orbit_row(orbit: Orbit, beyond: str | None = None) -> OrbitRow:
    c = orbit.claims
    return OrbitRow(
        orbit.id, orbit.hopf, PROVED, None, c.amplitude, c.parameter, c.period, c.end, c.distance, c.direction,
        c.unstable_multipliers, c.stable, f"orbits/{orbit.id}.json", f"orbits/{orbit.id}.tex", beyond,
    )  # fmt: skip


def undecided_orbit_row(name: str, hopf: str, reason: str, amplitude: Enclosure) -> OrbitRow:
    return OrbitRow(name, hopf, UNDECIDED, reason, amplitude, *[None] * 9)


@dataclass(frozen=True)
class BranchRow:
    """A further branch, in its folder `branches/ID`. status: of its own summary; start: the equilibrium at the left end
    of the interval with which it begins, None for x = 0."""

    id: str
    status: str
    start: tuple[Enclosure, ...] | None


@dataclass(frozen=True)
class CurveRow:
    """A curve of Hopf points: how many pieces it has, and how many of them are of one criticality."""

    pieces: int
    supercritical: int
    subcritical: int
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """status: "proved" or "incomplete"; unsettled: reasons with their remedies; timing: seconds by stage; options: what
    was asked, with the precision used; orbits: empty where none were asked for; plain_crossings: near which values
    there are real crossings of which nothing more is proved, and why; branches: the further ones of the bundle; box,
    curves, unsettled_curves: with two parameters, instead of interval, real_crossings and unsettled."""

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
    orbits: tuple[OrbitRow, ...] = ()
    plain_crossings: tuple[Unsettled, ...] = ()
    branches: tuple[BranchRow, ...] = ()
    box: tuple[Enclosure, Enclosure] | None = None
    curves: tuple[CurveRow, ...] = ()
    unsettled_curves: tuple[UnsettledCurve, ...] = ()

    def with_branches(self, rows: tuple[BranchRow, ...]) -> Summary:
        """The same with further branches; everything is proved if all of theirs is."""
        whole = self.complete and all(row.status == PROVED for row in rows)
        return replace(self, branches=rows, status=PROVED if whole else INCOMPLETE)

    @property
    def proved(self) -> tuple[SummaryRow, ...]:
        """The rows of what is proved."""
        return tuple(row for row in self.points if row.proved)

    def without_documents(self) -> Summary:
        """Of a bundle that has certificates only."""
        points = tuple(replace(row, tex=None) for row in self.points)
        return replace(self, points=points, orbits=tuple(replace(row, tex=None) for row in self.orbits))

    def by_kind(self, sought: Collection[type[RowClaims]] = SOUGHT) -> dict[type[RowClaims], list[SummaryRow]]:
        """The rows by what they are about, in the order of `kinds.ROWS`; those of ``sought`` also where there are none.
        """
        found = {kind: [row for row in self.points if type(row.claims) is kind] for kind in ROWS.values()}
        return {kind: rows for kind, rows in found.items() if rows or kind in sought}


_OF_ONE, _OF_TWO = ("interval", "real_crossings"), ("box", "curves")  # keys with one parameter, and with two


def write_summary(summary: Summary) -> Json:
    said: Json = written(summary)
    if not summary.orbits:
        del said["orbits"]  # only where some were asked for
    for key in ("plain_crossings", "branches"):
        if not said[key]:
            del said[key]
    open_curves = said.pop("unsettled_curves")
    if summary.box is not None:
        said["unsettled"] = open_curves
    for key in _OF_TWO if summary.box is None else _OF_ONE:
        del said[key]
    for row in said.get("orbits", ()):
        if row["beyond"] is None:
            del row["beyond"]
    return {"format": "proofgen-summary", "version": VERSION, **said}


def read_summary(document: Json) -> Summary:
    """Raises InputError. Times and versions, on which nothing rests, may be missing."""
    notes: Json = {"timing": {}, "versions": {}}
    notes |= {key: document[key] for key in notes if isinstance(document.get(key), dict)}
    if "box" in document:
        moved: Json = {"unsettled": [], "unsettled_curves": document.get("unsettled")}
        notes |= {"interval": None, "real_crossings": [], **moved}
    return read_as(Summary, {**document, **notes})
