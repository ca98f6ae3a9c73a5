"""Documents, perhaps altered, as the typed values that are rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofgen.bundle.bundle import Bundle
from proofgen.bundle.kinds import read_branch, read_point
from proofgen.bundle.problem import KINDS, ProblemFile
from proofgen.bundle.summary import read_summary
from proofgen.problem.problem import AnyProblem
from proofgen.strategy.result import Result

Json = dict[str, Any]


def bundle_of(problem: AnyProblem, document: Json, branch: Json, points: Mapping[str, Json], summary: Json) -> Bundle:
    kind = problem.kind
    file = ProblemFile(problem, document, branch["problem"]["sha256"], KINDS[kind].stored(document))
    certificates = {name: read_point(point, kind) for name, point in points.items()}
    return Bundle(file, read_branch(branch, kind), certificates, read_summary(summary))


def altered(
    result: Result, branch: Json | None = None, points: Mapping[str, Json] | None = None, summary: Json | None = None
) -> Bundle:
    """The bundle of a result with other documents in place of its own."""
    return bundle_of(
        result.problem, result.problem_document, branch or result.branch,
        result.points if points is None else points, summary or result.summary,
    )  # fmt: skip
