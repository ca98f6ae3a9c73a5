"""What the files of one bundle have in common."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .budget import OPERATION, digits_in
from .files import Bundle
from .intervals import Interval
from .problem import Problem
from .reading import document
from .verdicts import MAX_PRECISION, Rejected


class Checker:
    """Everything that one bundle's files have in common."""

    def __init__(self, bundle: Bundle, problem: Problem, jobs: int = 1) -> None:
        self.bundle, self.problem, self.jobs, self.parts = bundle, problem, jobs, bundle.parts
        self.spectra: dict[str, Any] = {}  # of witnesses (zero_branch)
        self.fields: dict[int, Any] = {}  # f in different units (fields)

    def read(self, name: str, kind: str, spec: Any) -> dict[str, Any]:
        raw: dict[str, Any] = document(self.bundle.json(name)[0], kind, spec, name)
        if raw["problem"]["sha256"] != self.problem.sha256:
            raise Rejected(f"{name}: the digest is not that of problem.json")
        if raw["precision"] > MAX_PRECISION:
            raise Rejected(f"{name}: a precision above {MAX_PRECISION} bits")
        return raw


def united(checker: Checker, intervals: list[Interval]) -> list[tuple[Fraction, Fraction]]:
    """Their union, as disjoint intervals in increasing order."""
    bits = max((max(x.numerator.bit_length(), x.denominator.bit_length()) for y in intervals for x in (y.lo, y.hi)),
               default=0)  # fmt: skip
    comparisons = len(intervals) * (len(intervals).bit_length() + 2)
    checker.bundle.budget.spend(comparisons * (3 * OPERATION + digits_in(bits) ** 2))
    result = list[tuple[Fraction, Fraction]]()
    for x in sorted(intervals, key=lambda x: x.lo):
        if result and x.lo <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], x.hi)
        else:
            result.append((x.lo, x.hi))
    return result
