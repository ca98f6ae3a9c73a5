"""A bundle as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..problem.problem import AnyProblem
from .codec import Json
from .hopf_curve import HopfCurves
from .kinds import (
    SOUGHT,
    SOUGHT_IN_PLANE,
    SOUGHT_OF_MAP,
    Branch,
    Point,
    SingularPoint,
    ZeroCrossing,
    write_branch,
    write_point,
)
from .orbit import Orbit, write_orbit
from .problem import ProblemFile
from .rows import RowClaims
from .summary import Summary, SummaryRow, write_summary
from .zero_crossing import is_about


@dataclass(frozen=True)
class Bundle:
    """What a bundle says. points: by their names, in the order of the branch; digests: path → SHA-256 of problem.json,
    branch.json and the certificates, where it was read from these; orbits: by their names; number: among the branches
    of a bundle (FORMAT.md, section 24)."""

    file: ProblemFile
    branch: Branch
    points: Mapping[str, Point]
    summary: Summary
    digests: Mapping[str, str] = field(default_factory=dict, compare=False)
    orbits: Mapping[str, Orbit] = field(default_factory=dict)
    number: int = 1

    @property
    def problem(self) -> AnyProblem:
        return self.file.problem

    @property
    def rows_by_kind(self) -> dict[type[RowClaims], list[SummaryRow]]:
        """The rows of the summary by what they are about; also the empty ones of what was looked for."""
        if isinstance(self.branch, HopfCurves):
            return self.summary.by_kind(SOUGHT_IN_PLANE)
        return self.summary.by_kind(SOUGHT_OF_MAP if self.problem.discrete else SOUGHT)

    @cached_property
    def named_crossings(self) -> frozenset[int]:
        """The places in `real_crossings` of those of which a certificate says what happens there."""
        pieces = getattr(self.branch.witness, "pieces", None)
        if pieces is None:
            named = [point.claims for point in self.points.values() if isinstance(point, ZeroCrossing)]
            singular = [point.claims.parameter for point in self.points.values() if isinstance(point, SingularPoint)]
            crossings = enumerate(self.branch.claims.real_crossings)
            return frozenset(
                number
                for number, x in crossings
                if any(is_about(claims, x) for claims in named) or any(not x.disjoint(gamma) for gamma in singular)
            )
        return frozenset(piece.crossing for piece in pieces if None not in (piece.crossing, piece.point))

    @property
    def lines(self) -> bool:
        """Whether at every real crossing all points of a line are equilibria (MATHEMATICS.md, section 20)."""
        crossings = bool(self.branch.claims.real_crossings)
        return crossings and bool(getattr(self.problem, "lines_of_equilibria", False))

    @property
    def methods(self) -> set[str]:
        return {self.branch.method, *(point.method for point in self.points.values())}

    @cached_property
    def branch_document(self) -> Json:
        return write_branch(self.branch, self.file.sha256)

    @cached_property
    def point_documents(self) -> dict[str, Json]:
        return {name: write_point(point, self.file.sha256) for name, point in self.points.items()}

    @cached_property
    def orbit_documents(self) -> dict[str, Json]:
        return {name: write_orbit(orbit, self.file.sha256) for name, orbit in self.orbits.items()}

    @cached_property
    def summary_document(self) -> Json:
        return write_summary(self.summary)
