"""The command line, called in this process as `proofgen` would call it; a few tests start a real process instead."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from unittest import mock

import typer.main

from proofgen.command import main as cli
from proofgen.command import terminal

ROOT = Path(__file__).parent.parent
_built = cache(typer.main.get_command)  # from their annotations, which takes longer than many a command


def run(*arguments: object, cwd: Path | None = None, width: int = 160, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    """Exit code, stdout and stderr; whatever is not an expected error is raised here, as a traceback of the test."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", write_through=True) for _ in range(2)]
    argv = ["proofgen", *map(str, arguments)]
    with contextlib.ExitStack() as stack:
        for name, value in (("argv", argv), ("stdout", streams[0]), ("stderr", streams[1])):
            stack.enter_context(mock.patch.object(sys, name, value))
        stack.enter_context(mock.patch.object(typer.main, "get_command", _built))
        for console in (terminal.output, terminal.errors):
            stack.enter_context(mock.patch.object(console, "_width", width))
        if cwd is not None:
            stack.enter_context(contextlib.chdir(cwd))
        try:
            cli.main()
            code: object = 0
        except SystemExit as stopped:
            code = stopped.code or 0
    texts = [stream.buffer.getvalue().decode(encoding) for stream in streams]  # type: ignore[attr-defined]
    assert isinstance(code, int), code
    return subprocess.CompletedProcess(argv, code, *texts)


def start(*arguments: object, environment: dict[str, str] | None = None, **options: object) -> subprocess.Popen[str]:
    """A process of its own, with this checkout of proofgen."""
    settings = {**os.environ, "COLUMNS": "160", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), **(environment or {})}
    command = [sys.executable, "-m", "proofgen", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings, **options)  # type: ignore[call-overload,no-any-return]


def shorter(line: str) -> str:
    """With nine digits of every number that goes on, and single blanks: the last ones depend on the machine's LAPACK."""
    return " ".join(re.sub(r"(-?0?\.?0*(?:[0-9]\.?){9})[0-9]*…", r"\1…", line).split())
