"""What a command may need beside the package's own requirements. All of it is looked at before any work is done."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import InputError
from .resources import proofs_directory

TEX_ENGINES = ("pdflatex", "lualatex", "tectonic")
OLDEST_PANDOC = 3
_TEX_FILES = ("amsart.cls", "amsmath.sty", "amssymb.sty", "amsthm.sty", "longtable.sty")


@dataclass(frozen=True)
class Need:
    """what: in a message; present: whether it is there; install: the command that installs it."""

    what: str
    present: Callable[[], bool]
    install: Callable[[], str]

    @property
    def message(self) -> str:
        return f"{self.what}: {self.install()}"


def _module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


def _extra(name: str) -> Callable[[], str]:
    return lambda: f"pip install 'proofgen[{name}]'"


def _coq_packages() -> str:
    lines = (proofs_directory() / "coq" / "PACKAGES").read_text("utf-8").splitlines()
    return "apt-get install " + " ".join(line.split()[0] for line in lines)


def tex_engine() -> tuple[str, str] | None:
    """The name and the executable of the first TeX engine on the path."""
    return next(((name, path) for name in TEX_ENGINES if (path := shutil.which(name)) is not None), None)


def _tex_is_whole() -> bool:
    """An engine, with the few packages that every document needs (tectonic fetches its own)."""
    found = tex_engine()
    if found is None:
        return False
    finder = shutil.which("kpsewhich")
    if found[0] == "tectonic" or finder is None:
        return True
    try:
        done = subprocess.run([finder, *_TEX_FILES], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return True  # then the engine itself says what is missing
    return len(done.stdout.split("\n")) > len(_TEX_FILES)


def pandoc_path() -> str | None:
    """The executable of pandoc: that of the package pypandoc_binary, else the first on the path."""
    found = importlib.util.find_spec("pypandoc")
    inside = [Path(place) / "files" / "pandoc" for place in (found.submodule_search_locations or [])] if found else []
    return next((str(path) for path in inside if os.access(path, os.X_OK)), None) or shutil.which("pandoc")


@cache
def _pandoc_is_new_enough(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"pandoc\S* ([0-9]+)\.", done.stdout)
    return version is not None and int(version[1]) >= OLDEST_PANDOC


NEEDS = {
    "tex": Need(
        "PDF files need a TeX engine (pdflatex, lualatex or tectonic) with AMS-LaTeX, which is not installed",
        _tex_is_whole,
        lambda: "apt-get install texlive-latex-recommended texlive-fonts-recommended lmodern "
        "(or https://tectonic-typesetting.github.io); without --pdf, the .tex files are written all the same",
    ),
    "pandoc": Need(
        f"HTML pages need pandoc, version {OLDEST_PANDOC} or later, which is not installed",
        lambda: (path := pandoc_path()) is not None and _pandoc_is_new_enough(path),
        _extra("pages"),
    ),
    "pictures": Need(
        "pictures need matplotlib, which is not installed", _module("matplotlib"), _extra("figures")
    ),
    "zstandard": Need(
        "tar.zst needs zstandard, which is not installed", _module("zstandard"), _extra("batch")
    ),
    "parquet": Need(
        "Parquet tables need pyarrow, which is not installed", _module("pyarrow"), _extra("batch")
    ),
    "dask": Need(
        "a Dask cluster needs distributed, which is not installed", _module("distributed"), _extra("dask")
    ),
    "coq": Need(
        "checking in Coq needs coqc, which is not installed", lambda: shutil.which("coqc") is not None, _coq_packages
    ),
}  # fmt: skip


def require(*names: str) -> None:
    """Raise InputError, which names everything that is missing and how to install it. No name: nothing is needed."""
    missing = [NEEDS[name].message for name in names if not NEEDS[name].present()]
    if missing:
        raise InputError("; ".join(missing))


def has(name: str) -> bool:
    return NEEDS[name].present()
