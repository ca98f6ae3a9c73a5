"""Checks of runs work in this process, where a test does not ask for `processes`: these cost seconds to start."""

from __future__ import annotations

import pytest
from runs import HereEngine

from proofgen.batch import recheck


@pytest.fixture
def processes() -> None:
    """The check works in processes of its own, as `proofgen check` does."""


@pytest.fixture(autouse=True)
def _engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "processes" not in request.fixturenames:
        monkeypatch.setattr(recheck, "LocalEngine", HereEngine)
