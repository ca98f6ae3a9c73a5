"""What a proof run returns, and how long its stages took."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..bundle.json_text import Json
from ..codegen.equations import EquationsEmission
from ..codegen.layered import LayeredEmission
from ..codegen.one_layer import Emission
from ..problem.problem import AnyProblem
from .stopwatch import Stopwatch


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
    """Everything a run has proved, as the documents that are written.

    files: relative path → bytes of problem.json, branch.json, points/*.json, arrays/*.npy and evaluator.py;
    points: id → certificate, in the order of their numbers; summary: `summary.json` (times are filled in on writing);
    check: of the bundle that was written, None where it was not asked for. A rejected bundle has no result.
    """

    problem: AnyProblem
    emission: Emission | LayeredEmission | EquationsEmission
    problem_document: Json
    branch: Json
    points: dict[str, Json]
    summary: Json
    files: dict[str, bytes]
    stopwatch: Stopwatch
    check: Check | None = None

    @property
    def proved(self) -> bool:
        """Everything is proved and, where the bundle was checked, accepted."""
        return bool(self.summary["status"] == "proved") and (self.check is None or self.check.verdict == "accepted")
