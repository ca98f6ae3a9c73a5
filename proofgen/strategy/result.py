"""What a proof run returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..bundle.branches import branch_row
from ..bundle.bundle import Bundle
from ..bundle.codec import Json
from ..bundle.summary import PROVED
from ..problem.problem import AnyProblem
from ..progress import Stopwatch


@dataclass(frozen=True)
class Check:
    """What the independent checker said of a bundle.

    verdict: "accepted", "incomplete", "rejected", or "not checked" where it could not be asked; reason: None where it
    is accepted; directory: where the bundle is now.
    """

    verdict: str
    reason: str | None
    directory: Path

    @property
    def sentence(self) -> str:
        if self.verdict == "incomplete":
            return f"Independent check: INCOMPLETE, the checker cannot decide all of this: {self.reason}"
        if self.verdict == "not checked":
            return f"NOT CHECKED independently: {self.reason}"
        return f"Independent check: {self.verdict}."

    def to_dict(self) -> dict[str, str | None]:
        return {"verdict": self.verdict, "reason": self.reason, "bundle": str(self.directory)}


@dataclass(frozen=True)
class Result:
    """Everything a run has proved, as one value and as the documents that are written.

    bundle: what is proved; files: relative path → bytes of problem.json, branch.json, points/*.json, arrays/*.npy and
    evaluator.py; check: of the bundle that was written, None where it was not asked for; note: for the person who runs
    it, no claim; branches: further ones, each with a bundle of its own. A rejected bundle has no result.
    """

    bundle: Bundle
    files: dict[str, bytes]
    stopwatch: Stopwatch
    check: Check | None = None
    note: str = ""
    branches: tuple[Result, ...] = ()

    def with_branches(self, further: Sequence[Result]) -> Result:
        """The same with the results of further branches, numbered from 2 on."""
        if not further:
            return self
        named = tuple(
            replace(one, bundle=replace(one.bundle, number=number)) for number, one in enumerate(further, start=2)
        )
        summary = self.bundle.summary.with_branches(tuple(branch_row(one.bundle) for one in named))
        return replace(self, bundle=replace(self.bundle, summary=summary), branches=named)

    @property
    def proved(self) -> bool:
        """Everything is proved, on every branch, and, where the bundle was checked, accepted."""
        summary = self.bundle.summary
        everything = summary.status == PROVED and all(row.proved for row in summary.orbits)
        everything = everything and all(one.proved for one in self.branches)
        return everything and (self.check is None or self.check.verdict == "accepted")

    @property
    def problem(self) -> AnyProblem:
        return self.bundle.problem

    @property
    def problem_document(self) -> Json:
        """`problem.json`."""
        return self.bundle.file.document

    @property
    def branch(self) -> Json:
        """`branch.json`."""
        return self.bundle.branch_document

    @property
    def points(self) -> dict[str, Json]:
        """Id → certificate, in the order of their numbers."""
        return self.bundle.point_documents

    @property
    def summary(self) -> Json:
        """`summary.json`; its times are those of when it was written."""
        return self.bundle.summary_document

    def timed(self) -> Result:
        """The result with the seconds of each stage until now in its summary."""
        seconds = self.stopwatch.seconds
        timing = {
            "total_seconds": round(sum(seconds.values()), 3),
            **{stage: round(value, 3) for stage, value in seconds.items()},
        }
        summary = replace(self.bundle.summary, timing=timing)
        return replace(self, bundle=replace(self.bundle, summary=summary))
