"""What is missing is told before any work, with the command that installs it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import run
from networks import PAPER

from proofgen import api, needs
from proofgen.errors import InputError

SPEC = PAPER / "n4-printed.toml"
BUNDLE = Path(__file__).resolve().parents[2] / "proofs" / "certificates" / "n4-printed"
RUN = """
title = "one"
[output]
packing = "PACKING"
[[group]]
name = "a"
spec = "n4-printed.toml"
"""


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A machine that lacks modules or programs, and on which nothing is ever proved or rendered."""
    find, which = importlib.util.find_spec, shutil.which

    def never(*arguments: Any, **options: Any) -> None:
        raise AssertionError("work was done")

    def lack(*names: str) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name in names else find(name, *rest))
        monkeypatch.setattr(shutil, "which", lambda name, *rest, **options: None if name in names else which(name, *rest, **options))
        for module, function in ((api, "_prove"), (api, "load"), ("proofgen.documents", "make_documents"), ("proofgen.coq.source", "coq_source_and_files")):
            target = f"{module}.{function}" if isinstance(module, str) else None
            monkeypatch.setattr(target, never) if target else monkeypatch.setattr(module, function, never)
        monkeypatch.setattr("proofgen.batch.run._prove", never)

    return lack


@pytest.mark.parametrize(
    ("missing", "command", "install"),
    [
        (needs.TEX_ENGINES, ("prove", SPEC, "--pdf"), ["apt-get install texlive-latex-recommended"]),
        (("matplotlib",), ("prove", SPEC, "--figures"), ["pip install 'proofgen[figures]'"]),
        (("matplotlib", *needs.TEX_ENGINES), ("prove", SPEC, "--figures", "--pdf"), ["proofgen[figures]", "apt-get install texlive"]),
        (needs.TEX_ENGINES, ("render", "bundle", "--pdf"), ["apt-get install texlive-latex-recommended"]),
        (("pypandoc", "pandoc"), ("render", "bundle", "--html"), ["version 3 or later", "pip install 'proofgen[pages]'"]),
        (("matplotlib",), ("render", "bundle", "--figures"), ["pip install 'proofgen[figures]'"]),
        (("zstandard",), ("batch", "run.toml", "--out", "out"), ["pip install 'proofgen[batch]'"]),
        (("distributed",), ("batch", "zip.toml", "--out", "out", "--dask", "tcp://127.0.0.1:1"), ["pip install 'proofgen[dask]'"]),
        (needs.TEX_ENGINES, ("tally", "run", "--by", "seed", "--pdf"), ["apt-get install texlive-latex-recommended"]),
        (("coqc",), ("coq", "bundle", "--check"), ["apt-get install coq "]),
    ],
)  # fmt: skip
def test_needs_come_first(
    without: Callable[..., None], missing: tuple[str, ...], command: tuple[object, ...], install: list[str], tmp_path: Path
) -> None:
    shutil.copytree(BUNDLE, tmp_path / "bundle")
    for name, packing in (("run.toml", "tar.zst"), ("zip.toml", "zip")):
        (tmp_path / name).write_text(RUN.replace("PACKING", packing))
    shutil.copy(SPEC, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    without(*missing)
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done
    for text in install:
        assert text in done.stderr
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_an_engine_without_its_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A TeX that has the engine and not AMS-LaTeX would fail after the proof."""
    for name, text in (("pdflatex", "exit 0"), ("kpsewhich", "echo /x/amsmath.sty; exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="with AMS-LaTeX, which is not installed: apt-get install"):
        needs.require("tex")


def test_python_says_the_same(without: Callable[..., None]) -> None:
    import proofgen

    without("matplotlib")
    problem = proofgen.network([[0, 1], [-1, 0]])
    with pytest.raises(InputError, match=r"pip install 'proofgen\[figures\]'"):
        proofgen.prove(problem, "out", figures=True)


def test_every_need_can_be_asked_for() -> None:
    for name, need in needs.NEEDS.items():
        assert isinstance(needs.has(name), bool) and "install" in need.message
    needs.require()
