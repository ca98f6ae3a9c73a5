"""Forged bundles of this package's own prover, and that the checker refuses them for the right reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
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


def refused(genuine: Path, root: Path, name: str, change: Callable[[Any], object]) -> bool:
    """Whether a bundle with one document changed, and nothing that repeats it, is rejected; if not, it is accepted."""
    shutil.copytree(genuine, root)
    document = read(root / name)
    change(document)
    write(root / name, document)
    for path in (root / "summary.json", root / "MANIFEST.sha256"):
        path.unlink()
    rehash(root)
    report = check_path(str(root))
    assert "defect of the checker" not in table(report) and report.exit_code in (0, 1)
    return report.exit_code == 1


def shifted(pair: list[str], least: Fraction = Fraction(0)) -> list[str]:
    """The enclosure beside the one that is right."""
    low, high = map(Fraction, pair)
    step = 2 * (high - low) + abs(low) / 10**12 + least
    with mp.workdps(60):
        return [mp.nstr(mp.mpf(x.numerator) / x.denominator, 40, min_fixed=-60, max_fixed=60) for x in (low + step, high + step)]


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document
