"""PDF from LaTeX: find an engine, run it without shell escape in a temporary directory, reproducibly.

Documents come from templates with escaped text, and are still treated with care: no shell escape, no
reading outside the directory (where the engine supports that), a time limit. Not latexmk: it runs the Perl of the
rc files that it finds, and each document would read its preamble anew. Tectonic repeats by itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from ..bundle.disk import write_atomically
from ..errors import InputError, not_written
from ..needs import require, tex_engine

TIMEOUT = 180.0  # seconds for one run of the engine
MOST_RUNS = 4
FEWEST = 4  # documents with one preamble for which a format is made
EPOCH = "946684800"  # every PDF is dated 2000-01-01
Progress = Callable[[str, int, int], None]
_NAME = "document"
_BEGIN = b"\\begin{document}"
_FIGURES = "figures"
_PICTURE = re.compile(r"\\proofgen(?:if)?picture\{([a-z0-9-]+)\}")
_RERUN = re.compile(r"Rerun to get|Table widths have changed|There were undefined references")


@dataclass(frozen=True)
class Engine:
    """A TeX engine: its name and its executable."""

    name: str
    path: str

    def command(self, *options: str) -> list[str]:
        if self.name == "tectonic":
            return [self.path, "--untrusted", "--chatter", "minimal", f"{_NAME}.tex"]
        return [self.path, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", *options, f"{_NAME}.tex"]


def find_engine() -> Engine:
    """The first engine on the path. Raises InputError saying what to install."""
    require("tex")
    found = tex_engine()
    assert found is not None
    return Engine(*found)


def compile_pdf(
    tex_paths: Sequence[Path], jobs: int = 1, progress: Progress | None = None, engine: Engine | None = None
) -> list[Path]:
    """Compile each .tex file to a .pdf beside it, ``jobs`` at a time; returns the .pdf files.

    Raises InputError when there is no engine, when a file does not compile, or after a time limit. A .pdf
    appears only when it is finished.
    """
    engine = engine or find_engine()
    report = progress or (lambda stage, done, total: None)
    total = len(tex_paths)
    report("PDF", 0, total)
    with (
        tempfile.TemporaryDirectory(prefix="proofgen-tex-") as shared,
        ThreadPoolExecutor(max_workers=max(1, jobs)) as pool,
    ):
        preambles = _Preambles(engine, Path(shared), tex_paths)
        futures = [pool.submit(_compile, engine, Path(path), preambles) for path in tex_paths]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                report("PDF", done, total)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [Path(path).with_suffix(".pdf") for path in tex_paths]


class _Preambles:
    """Preambles that several documents share: read once and stored as a format, from which pdflatex makes the same PDF
    in about half of the time. Other engines, and documents of their own, read theirs."""

    def __init__(self, engine: Engine, directory: Path, tex_paths: Sequence[Path]) -> None:
        self.formats: dict[bytes, Path] = {}
        if engine.name != "pdflatex" or len(tex_paths) < FEWEST:
            return
        counts = Counter(preamble for path in tex_paths if (preamble := _preamble(Path(path))) is not None)
        for number, (preamble, count) in enumerate(counts.items()):
            made = directory / str(number)
            if count < FEWEST:
                continue
            made.mkdir()
            (made / f"{_NAME}.tex").write_bytes(preamble + b"\\dump\n")
            with contextlib.suppress(InputError):  # then every document says what is wrong
                _run(engine, made, made, "-ini", "&pdflatex")
                self.formats[preamble] = made / f"{_NAME}.fmt"

    def apply(self, source: bytes) -> tuple[bytes, tuple[str, ...]]:
        """What the engine reads, and its options."""
        preamble, begin, body = source.partition(_BEGIN)
        found = self.formats.get(preamble)
        if found is None or not found.is_file():
            return source, ()
        return b"\\pdftrailerid{}\n" + begin + body, (f"-fmt={found}",)  # a format does not keep this setting


def _preamble(tex: Path) -> bytes | None:
    try:
        preamble, begin, _ = tex.read_bytes().partition(_BEGIN)
    except OSError:
        return None
    return preamble if begin else None


def _compile(engine: Engine, tex: Path, preambles: _Preambles) -> None:
    try:
        source = tex.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(tex)) from None
    with tempfile.TemporaryDirectory(prefix="proofgen-tex-") as name:
        directory = Path(name)
        read, options = preambles.apply(source)
        (directory / f"{_NAME}.tex").write_bytes(read)
        _copy_pictures(source, tex, directory)
        for run in range(1, MOST_RUNS + 1):
            draft = ("-draftmode",) if run == 1 else ()  # for its labels only
            _run(engine, directory, tex, *options, *draft)
            if engine.name == "tectonic":  # repeats by itself
                break
            if run >= 2 and not _RERUN.search(_log(directory)):
                break
        try:
            write_atomically(tex.with_suffix(".pdf"), (directory / f"{_NAME}.pdf").read_bytes())
        except OSError as error:
            raise not_written(error, tex.with_suffix(".pdf")) from None


def _copy_pictures(source: bytes, tex: Path, directory: Path) -> None:
    """The pictures that a document names, where the engine may read them; those that are missing stay out."""
    root = next((base for base in (tex.parent, tex.parent.parent) if (base / _FIGURES).is_dir()), None)
    names = set(_PICTURE.findall(source.decode("ascii", "replace")))
    if root is None or (root / _FIGURES).is_symlink() or not names:
        return
    (directory / _FIGURES).mkdir()
    for name in names:
        picture = root / _FIGURES / f"{name}.pdf"
        if picture.is_file() and not picture.is_symlink():
            shutil.copyfile(picture, directory / _FIGURES / picture.name)


def _run(engine: Engine, directory: Path, tex: Path, *options: str) -> None:
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": EPOCH,
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        "openout_any": "p",
        "openin_any": "p",
        "TEXMFOUTPUT": str(directory),
        "max_print_line": "1000",
    }
    try:
        finished = subprocess.run(
            engine.command(*options),
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"{engine.name} did not finish within {TIMEOUT:.0f} seconds", source=str(tex)) from None
    except OSError as error:
        raise InputError(f"{engine.name} cannot be run ({error.strerror})", source=str(tex)) from None
    if finished.returncode != 0:
        output = finished.stdout.decode("utf-8", "replace") + _log(directory)
        raise InputError(f"{engine.name} failed: {_first_error(output)}", source=str(tex))


def _log(directory: Path) -> str:
    try:
        return (directory / f"{_NAME}.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _first_error(output: str) -> str:
    for line in output.splitlines():
        if line.startswith("!") or "error:" in line:
            return line.strip("! ").strip()[:200]
    return "see its log"
