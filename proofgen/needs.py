"""What a command may need beside the package's own requirements. All of it is looked at before any work is done."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from .errors import InputError
from .resources import proofs_directory

TEX_ENGINES = ("pdflatex", "lualatex", "tectonic")
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


NEEDS = {
    "tex": Need(
        "PDF files need a TeX engine (pdflatex, lualatex or tectonic) with AMS-LaTeX, which is not installed",
        _tex_is_whole,
        lambda: "apt-get install texlive-latex-recommended texlive-fonts-recommended lmodern "
        "(or https://tectonic-typesetting.github.io); without --pdf, the .tex files are written all the same",
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
