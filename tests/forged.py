"""Forged bundles of this package's own prover, and that the checker refuses them for the right reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from check_tools import read, rehash, write

from proofgen.check import check_path, table


def without_arrays(*keys: str) -> Callable[[Path], None]:
    """Arrays of the branch's witness are missing."""

    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        branch["witness"] |= dict.fromkeys(keys)
        write(root / "branch.json", branch)

    return change


def assert_refused(genuine: Path, change: Callable[[Path], None], root: Path) -> None:
    """Rejected with one line of reason, not by a defect of the checker."""
    shutil.copytree(genuine, root)
    change(root)
    rehash(root)
    report = check_path(root)
    assert report.exit_code == 1, table(report)
    assert "defect of the checker" not in table(report)
