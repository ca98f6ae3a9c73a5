"""Shared fixtures; ``--update`` rewrites golden files.

Hypothesis draws the same examples in every run: a tenth of what the tests ask for, ``--hypothesis-profile=full`` all of them;
``--hypothesis-profile=hunt`` looks for new ones, ten times as many.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

GOLDEN = Path(__file__).parent / "golden"

gc.disable()  # until all tests are collected: hardly anything of that is garbage, and looking for it again and again takes seconds

# A found case is kept as an @example, not in a database; machines may be slow.
_untimed = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **_untimed)  # type: ignore[arg-type]
settings.register_profile("full", derandomize=True, **_untimed)  # type: ignore[arg-type]
settings.register_profile("hunt", derandomize=False, print_blob=True, **_untimed)  # type: ignore[arg-type]
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files from what is produced now")
    parser.addoption("--attack-size", type=int, default=2, help="random problems of each kind, and rounds of forgeries (tests/attack)")
    parser.addoption("--attack-seed", type=int, default=0, help="another number makes other problems (tests/attack)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    share = {"full": 1, "hunt": 10}.get(config.getoption("--hypothesis-profile") or "same", 0.1)
    for test in {getattr(item, "function", None) for item in items}:
        if found := getattr(test, "_hypothesis_internal_use_settings", None):
            wanted = max(int(share * found.max_examples), min(found.max_examples, 10))
            test._hypothesis_internal_use_settings = settings(found, max_examples=wanted)  # type: ignore[union-attr]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(params=[pytest.param((8, 3), id="impatient"), pytest.param((300, 20), id="patient", marks=pytest.mark.slow)])
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of an interval that stays open is given up after so few attempts; the number of users takes minutes."""
    monkeypatch.setattr("proofgen.strategy.pieces.PATIENCE", request.param)


@pytest.fixture(scope="session", autouse=True)
def _checker_in_this_process() -> Iterator[None]:
    """`prove` ends with the checker; only tests/command/test_final_check.py starts a process for it, as users do."""
    from proofgen import final_check
    from proofgen.check import main

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = main(["--json", arguments[-1]])
        return subprocess.CompletedProcess(arguments, code, said.getvalue().encode(), b"")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(final_check, "_run", run)
        yield


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
