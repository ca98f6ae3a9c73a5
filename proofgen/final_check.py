"""The last step of `prove`: the independent checker reads the files that were written, in a process of its own.

The process starts with the checker's file alone (`python -I check.py DIR`), so that neither state nor imports of the
prover reach it. Only its report counts, never that it ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .bundle.codec import Json
from .bundle.place import set_aside
from .errors import ProofgenError, printable
from .progress import Progress
from .strategy.result import Check, Result

_CHECKER = Path(__file__).with_name("check.py")
CODES = {"accepted": 0, "rejected": 1, "incomplete": 3}


class RejectedError(ProofgenError):
    """The independent checker rejects what the prover wrote: a defect of proofgen. Nothing of the run is proved."""

    def __init__(self, check: Check) -> None:
        self.check = check
        super().__init__(
            f"REJECTED by the independent checker: {check.reason}. Nothing of this is proved: proofgen has a defect. "
            "Please report it, with the spec and its data files; the bundle, which is for that report only, is now "
            f"{check.directory}"
        )


def checked(result: Result, out: Path, jobs: int, progress: Progress) -> Result:
    """The result with the verdict on its bundle in ``out``.

    Raises RejectedError, with the bundle set aside. An interrupt says that the bundle is not checked.
    """
    progress("independent check", 0, 1)
    try:
        with result.stopwatch("check"):
            verdict, reason = _verdict(out, jobs)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{out} is written, but not checked") from None
    if verdict == "rejected":
        with suppress(OSError):  # what was rejected must be said even where nothing can be moved
            out = set_aside(out)
        raise RejectedError(Check(verdict, reason, out))
    progress("independent check", 1, 1)
    return replace(result, check=Check(verdict, reason, out))


def _verdict(out: Path, jobs: int) -> tuple[str, str | None]:
    """The checker's verdict, and the first reason where it is not "accepted"."""
    try:
        done = _run("--json", "--jobs", str(jobs), str(out.absolute()))
    except (OSError, ValueError) as error:
        return "not checked", _shown(f"the checker cannot be started ({getattr(error, 'strerror', None) or error})")
    try:
        (report,) = json.loads(done.stdout)["reports"]
        verdict = str(report["verdict"])
        if report["usage"]:
            return "not checked", _shown(str(report["usage"]))
        reasons = [reason_of(item["name"], failure) for item in report["items"] for failure in item["failures"]
                   if failure["verdict"] == verdict]  # fmt: skip
        consistent = CODES[verdict] == done.returncode
    except (ValueError, KeyError, TypeError):
        consistent = False
    if not consistent:
        return "not checked", _shown(f"the checker ended without a verdict ({_end(done)})")
    return verdict, None if verdict == "accepted" else _shown([*reasons, "no reason given"][0])


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The checker, in a process of its own."""
    command = [sys.executable or "", "-I", str(_CHECKER), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def reason_of(name: str, failure: Json) -> str:
    """One failure of the checker's report as a sentence."""
    sides = (failure["left"], failure["relation"], failure["right"])
    text = f"{name}: {failure['step']}: {failure['statement']}"
    return text + (": {} {} {} does not hold".format(*sides) if failure["relation"] else "")


def _end(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"stopped by signal {-done.returncode}"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"exit code {done.returncode}" + (f": {lines[-1]}" if lines else "")


def _shown(text: str, longest: int = 500) -> str:
    return printable(text[:longest])
