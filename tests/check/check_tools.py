"""Helpers of the checker's tests.  The checker is loaded by path, so that nothing of the prover is imported."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
CHECKER, SHORT_CHECKER = ROOT / "proofgen" / "check.py", ROOT / "proofgen" / "check_zero_branch.py"
CERTIFICATES = ROOT / "tests" / "certificates"
T = TypeVar("T")
GOOD = sorted(p for p in (CERTIFICATES / "good").iterdir() if p.is_dir())
BAD = sorted(p for p in (CERTIFICATES / "bad").iterdir() if p.is_dir())


def load(path: Path = CHECKER) -> ModuleType:
    """A checker as its file, not as a part of the package; with the names of all files of the long one."""
    name = f"proofgen_{path.stem}_under_test"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        for file in sorted((path.parent / "checker").glob("[a-z]*.py")) if path == CHECKER else []:
            importlib.import_module(f"checker.{file.stem}")  # which it would load when a bundle needs it
        for part in [m for key, m in sys.modules.items() if key.startswith("checker.") and path == CHECKER]:
            vars(module).update({key: value for key, value in vars(part).items() if not key.startswith("__")})
    return sys.modules[name]


def sampled(mutants: Iterable[T], share: int, keep: int = 0) -> list[T]:
    """About one in `share`, the same in every run, and the first `keep`."""
    draw = random.Random(16)
    return [mutant for i, mutant in enumerate(mutants) if draw.randrange(share) == 0 or i < keep]


@contextmanager
def few_calls(most: int = 3_000_000) -> Iterator[None]:
    """The work in a block stays bounded: counted in calls of functions, which do not depend on the machine or its load."""
    count, before = 0, sys.getprofile()

    def called(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        if count > most:
            sys.setprofile(before)
            raise AssertionError(f"more than {most} calls of functions")

    sys.setprofile(called)
    try:
        yield
    finally:
        sys.setprofile(before)


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def references(value: Any) -> Iterator[dict[str, Any]]:
    """All array references inside a JSON value."""
    if isinstance(value, dict):
        if "sha256" in value and "shape" in value:
            yield value
        for v in value.values():
            yield from references(v)
    elif isinstance(value, list):
        for v in value:
            yield from references(v)


def rehash(root: Path) -> None:
    """Make every digest of a bundle consistent with its files, as a forger would."""
    certificates = [p for p in [root / "branch.json", *sorted((root / "points").glob("*.json"))] if p.is_file()]
    for path in [root / "problem.json", *certificates]:
        value = read(path)
        for ref in references(value):
            if (root / ref["file"]).is_file():
                ref["sha256"] = digest(root / ref["file"])
        if path in certificates and isinstance(value.get("problem"), dict):
            value["problem"]["sha256"] = digest(root / "problem.json")
        write(path, value)
    write_manifest(root)


def write_manifest(root: Path) -> None:
    files = sorted(
        p for p in root.rglob("*") if p.is_file() and p.name not in ("MANIFEST.sha256", "summary.json", "TITLE")
    )
    lines = (f"{digest(p)}  {p.relative_to(root).as_posix()}\n" for p in files)
    (root / "MANIFEST.sha256").write_text("".join(lines))


def apply_patch(patch: dict[str, Any], target: Path) -> None:
    """Build a forged bundle: a copy of a good one with a few changes, its digests made consistent.

    Keys of a patch: `base`, a good bundle; `write`, whole files; `set`, a list of [file, [key, ...], value]; `remove`, a list of files
    or of [file, [key, ...]]; `copy`, a list of [from, to]; `rehash`, default true; `expect`, the verdict.
    """
    shutil.copytree(CERTIFICATES / "good" / patch["base"], target, dirs_exist_ok=True)
    for source, destination in patch.get("copy", []):
        shutil.copy(target / source, target / destination)
    for name, value in patch.get("write", {}).items():
        (target / name).parent.mkdir(exist_ok=True)
        write(target / name, value)
    for name, keys, value in patch.get("set", []):
        document = read(target / name)
        place = document
        for key in keys[:-1]:
            place = place[key]
        if isinstance(place, list) and keys[-1] == len(place):
            place.append(value)
        else:
            place[keys[-1]] = value
        write(target / name, document)
    for entry in patch.get("remove", []):
        if isinstance(entry, str):
            (target / entry).unlink()
            continue
        document = read(target / entry[0])
        place = document
        for key in entry[1][:-1]:
            place = place[key]
        del place[entry[1][-1]]
        write(target / entry[0], document)
    if patch.get("rehash", True):
        rehash(target)


def materialise(bad: Path, target: Path) -> Path:
    """A bad bundle is stored in full, or as patch.json over a good one."""
    if (bad / "patch.json").is_file():
        apply_patch(read(bad / "patch.json"), target)
    else:
        shutil.copytree(bad, target, dirs_exist_ok=True)
    return target
