"""Mutants: the ordinary run draws a sample of them, always the same; all of them are slow."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[pytest.param(32, id="sample"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def share(request: pytest.FixtureRequest) -> int:
    """One mutant in so many is tried."""
    return int(request.param)
