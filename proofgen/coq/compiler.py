"""Running Coq: the development of proofs/coq compiled, and the file of a bundle with the axioms that it rests on."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from ..errors import InputError, ProofgenError, not_written
from ..needs import require
from ..resources import PACKAGE, proofs_directory


class CoqRefusesError(ProofgenError):
    """Coq does not accept the file of a bundle."""


def development() -> Path:
    """The folder of the Coq development: in a checkout, or inside an installed package."""
    folder = proofs_directory() / "coq"
    if not (folder / "ORDER").is_file():
        raise InputError("the Coq development (proofs/coq) is missing from this installation", source=str(folder))
    return folder


def development_files() -> dict[str, bytes]:
    """Name -> bytes of what the development is compiled from."""
    folder = development()
    order = (folder / "ORDER").read_text("utf-8").split()
    names = ["ORDER", "AXIOMS", "PACKAGES", "build.sh", *(f"{name}.v" for name in order)]
    return {name: (folder / name).read_bytes() for name in names}


def development_digest(files: Mapping[str, bytes] | None = None) -> str:
    """SHA-256 of the lines "digest, two spaces, name" of its files, in their order (as sha256sum prints them)."""
    files = development_files() if files is None else files
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _build_folder() -> Path:
    """Where the development is compiled: in place in a checkout; else in a copy in the cache, one for each version."""
    source = development()
    if PACKAGE not in source.parents:
        return source
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    files = development_files()
    folder = cache / "proofgen" / f"coq-{development_digest(files)[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name  # a file with a new date would be compiled again
            if not path.is_file() or path.read_bytes() != data:
                path.write_bytes(data)
    except OSError as error:
        raise not_written(error, folder) from None
    return folder


def _run(command: list[str], folder: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise CoqRefusesError(f"Coq did not finish within {seconds} s") from None


def compile_development() -> Path:
    """The folder of the development, compiled."""
    require("coq")
    folder = _build_folder()
    with FileLock(folder / ".lock"):  # two at once would read half of what the other writes
        done = _run(["sh", "build.sh"], folder, 3600)
    if done.returncode:
        raise CoqRefusesError(f"the Coq development does not compile: {_last(done.stderr or done.stdout)}")
    return folder


def check_with_coq(source: str, seconds: int = 3600) -> list[str]:
    """Compile the development and the file of a bundle; the axioms of its last theorem, all listed in AXIOMS.

    Raises CoqRefusesError where Coq refuses the proof, or where it rests on another axiom."""
    folder = compile_development()
    allowed = set((folder / "AXIOMS").read_text("utf-8").split())
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "bundle.v"
        path.write_text(source, encoding="utf-8")
        done = _run(["coqc", "-w", "none", "-Q", str(folder), "Proofgen", str(path)], Path(temporary), seconds)
    if done.returncode:
        false = "Lemma checked" in source and 'has type "true = true"' in " ".join(done.stderr.split())
        text = "the computation `check` answers false: a claim does not follow" if false else _last(done.stderr)
        raise CoqRefusesError(f"Coq refuses the proof: {text}")
    lines = [line for line in done.stdout.splitlines() if line and not line[0].isspace()]
    if not lines or lines.pop(0) != "Axioms:":
        raise CoqRefusesError(f"Coq does not list the axioms: {_last(done.stdout)}")
    axioms = {line.split()[0] for line in lines}  # what a further line may say of its type is indented
    if others := sorted(axioms - allowed):
        raise CoqRefusesError(f"the theorem rests on axioms that AXIOMS does not list: {' '.join(others)[:200]}")
    return sorted(axioms)


def coq_version() -> str:
    """The version of the installed Coq."""
    return _run(["coqc", "--print-version"], development(), 60).stdout.split()[0]


def _last(text: str) -> str:
    """The end of what Coq printed, on one line."""
    return " ".join(text.split())[-300:]
