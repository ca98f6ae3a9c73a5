"""Shared fixtures; ``--update`` rewrites golden files."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files from what is produced now")
    parser.addoption("--attack-size", type=int, default=2, help="random problems of each kind, and rounds of forgeries (tests/attack)")
    parser.addoption("--attack-seed", type=int, default=0, help="another number makes other problems (tests/attack)")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)``: compare with tests/golden/NAME, or rewrite it under --update."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        expected = path.read_text(encoding="utf-8")
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), name, "produced", lineterm="")
            pytest.fail("\n".join(["differs from the golden file (see --update):", *lines]))

    return compare
