"""The ordinary run tries a sample of many cases of one kind, the same in every run; the others are slow."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest


def some(cases: Iterable[Any], count: int, always: Iterable[Any] = ()) -> list[Any]:
    """The cases of a parametrisation: `count` of them drawn, and those that are `always` tried, as they are; all others
    marked as slow.  A tuple is a case of several arguments."""
    cases, kept = list(cases), list(always)
    drawn = set(random.Random(17).sample(range(len(cases)), min(count, len(cases))))
    missing = [case for case in kept if case not in cases]
    if missing:
        raise ValueError(f"no such cases: {missing}")
    return [case if i in drawn or case in kept else _slow(case) for i, case in enumerate(cases)]


def _slow(case: Any) -> Any:
    if hasattr(case, "marks"):  # pytest.param
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, pytest.mark.slow])
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
