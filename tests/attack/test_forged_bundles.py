"""Forgeries of what earlier campaigns left out: Newton-Kantorovich bundles, boxes of weights in the general methods, the largest
radius, packed bundles. None is accepted, and none is a defect of the checker.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from bases import Base, base
from campaign import full
from forgeries import accepted, branch_forgeries, certificate_forgeries, foreign_forgeries, forged, problem_forgeries

from proofgen.batch.packing import pack
from proofgen.batch.recheck import check_packed

NK = "newton-kantorovich"
BASES: dict[str, tuple[str, str, str | None, bool]] = {
    "two-layers-nk": ("two-layers", NK, None, False), "field-nk": ("field", NK, None, False), "space-nk": ("space", NK, None, False),
    "two-points-nk": ("two points", NK, None, False), "zero-branch-nk": ("zero branch", NK, None, False),
    "rate-box": ("rate", "spectral", "1e-7", False), "rate-box-nk": ("rate", NK, "1e-8", False),
    "rate-largest": ("rate", "spectral", None, True), "two-points": ("two points", "spectral", None, False),
}  # fmt: skip
SMOKE = 12  # forgeries of the ordinary run
USUAL = 40  # of each kind and base in a round of the slow run; --attack-size rounds


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Base]:
    made: dict[str, Base] = {}

    def get(name: str) -> Base:
        if name not in made:
            what, method, radius, largest = BASES[name]
            made[name] = base(what, method, tmp_path_factory.mktemp("base") / name, radius, largest)
        return made[name]

    return get


def slow(names: Iterable[str], quick: str) -> list[object]:
    return [pytest.param(name, marks=[] if name == quick else pytest.mark.slow) for name in names]


def many(request: pytest.FixtureRequest, name: str) -> tuple[int, str]:
    """How many forgeries of a kind, and the seed."""
    size, seed = (request.config.getoption(key) for key in ("--attack-size", "--attack-seed"))
    full_size = "slow" in request.config.getoption("-m").replace("not slow", "") or request.node.get_closest_marker("slow")
    return USUAL * size if full_size else SMOKE, f"{name} {seed}"


@pytest.mark.parametrize("name", slow(BASES, "two-points-nk"))
def test_certificates(name: str, bases: Callable[[str], Base], request: pytest.FixtureRequest, tmp_path: Path, tried: Counter[str]) -> None:
    here = bases(name)
    count, seed = many(request, name)
    for identifier, truth in here.truths.items():
        forgeries = certificate_forgeries(here.root, identifier, truth, truth.eigenvalues)
        found = accepted(forgeries, here.root, tmp_path, tried, "forgeries", checked=f"points/{identifier}.json", count=count, seed=seed + identifier)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("name", slow(BASES, "two-points-nk"))
def test_branches(name: str, bases: Callable[[str], Base], request: pytest.FixtureRequest, tmp_path: Path, tried: Counter[str]) -> None:
    here = bases(name)
    count, seed = many(request, name)
    found = accepted(branch_forgeries(here.root), here.root, tmp_path, tried, "forgeries", count=count, seed=seed)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", slow(BASES, "rate-box"))
def test_other_problems(name: str, bases: Callable[[str], Base], request: pytest.FixtureRequest, tmp_path: Path, tried: Counter[str]) -> None:
    here = bases(name)
    count, seed = many(request, name)
    forgeries = problem_forgeries(here.root, here.spec, here.truths, 2 + count // 20, random.Random(seed))
    found = accepted(forgeries, here.root, tmp_path, tried, "forgeries", count=count, seed=seed)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "other"), [("two-layers-nk", "space-nk"), ("field-nk", "two-points-nk"), ("two-points-nk", "field-nk"),
                                             ("rate-box", "rate-box-nk"), ("rate-largest", "rate-box"), ("rate-box", "rate-largest")])  # fmt: skip
def test_files_of_another_bundle(name: str, other: str, bases: Callable[[str], Base], tmp_path: Path, tried: Counter[str]) -> None:
    """(The problem of another method's or of a smaller box's bundle would be no lie: it is left out.)"""
    here, there = bases(name), bases(other)
    kept = [f for f in foreign_forgeries(here.root, there.root) if here.spec["network"] != there.spec["network"] or f[0].startswith("points")]
    if here.spec["network"] == there.spec["network"]:
        smaller = full.check_path(there.root).box["W1"] if there.root != here.root else 0
        larger = full.check_path(here.root).box["W1"]
        if larger <= smaller:
            pytest.skip("true as well")
    found = accepted(kept, here.root, tmp_path, tried, "forgeries", count=99, seed=name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("suffix", [".zip", ".tar.zst"])
def test_packed(suffix: str, bases: Callable[[str], Base], request: pytest.FixtureRequest, tmp_path: Path, tried: Counter[str]) -> None:
    """A packed forgery is refused as it is unpacked."""
    here = bases("two-points-nk")
    count, seed = many(request, suffix)
    identifier, truth = next(iter(here.truths.items()))
    forgeries = [*certificate_forgeries(here.root, identifier, truth, truth.eigenvalues), *branch_forgeries(here.root)]

    def packed(root: Path) -> Path:
        contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        (tmp_path / f"bundle{suffix}").write_bytes(pack(contents, suffix))
        return tmp_path / f"bundle{suffix}"

    assert check_packed(packed(here.root)).exit_code == 0
    for what, change in random.Random(seed).sample(forgeries, min(count // 2, len(forgeries))):
        report = check_packed(packed(forged(here.root, tmp_path / "forged", change)))
        tried["packed forgeries"] += 1
        assert report.exit_code in (1, 2, 3), what
        shutil.rmtree(tmp_path / "forged")
