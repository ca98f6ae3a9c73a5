"""The standing attack: random problems and forgeries, with fixed seeds.

`pytest tests/attack` tries a small sample; `pytest tests/attack -m "slow or not slow" --attack-size 20 -s` tries 20 problems of
each kind and 20 times the usual forgeries; `--attack-seed N` makes others of them. Every finding prints the spec that
reproduces it; `python tests/attack/campaign.py KIND FROM TO` does the same for a range of one kind, without pytest.

problems.py makes the problems; compare.py computes independently what is true of them; campaign.py puts one through prover and
checkers; forgeries.py changes bundles into false or unproved ones.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "check"), str(HERE.parent / "batch")]

TRIED: Counter[str] = Counter()


@pytest.fixture(scope="session")
def tried() -> Counter[str]:
    """What this session has tried, by kind; shown at its end."""
    return TRIED


@pytest.fixture(params=[pytest.param(12, id="sample"), pytest.param(None, id="all", marks=pytest.mark.slow)])
def count(request: pytest.FixtureRequest) -> int | None:
    """How many forgeries of one kind are tried; all of them are slow."""
    return None if request.param is None else int(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TRIED:
        terminalreporter.write_line("attack: " + ", ".join(f"{count} {name}" for name, count in sorted(TRIED.items())))
