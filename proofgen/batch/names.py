"""The files of a run by their names, and whether there is a run: nothing more is loaded to see what is at a path."""

from __future__ import annotations

from pathlib import Path

RESULTS, PERFORMANCE = "results.json", "performance.json"
STATE = "state.sqlite"


def is_run(path: Path) -> bool:
    """Whether a directory holds the results of a run rather than a bundle."""
    try:
        return (path / RESULTS).is_file() and not (path / "branch.json").exists()
    except OSError:  # a name that is too long
        return False
