"""What the independent checker says, as an object."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from ..batch.paths import Checked, check_all_at
from ..bundle.codec import Json
from ..errors import ArgumentError, InputError
from ..final_check import CODES, reason_of

ENGINES = ("auto", "python", "flint")
_WORST = ("rejected", "incomplete", "accepted")


@dataclass(frozen=True, repr=False)
class Report:
    """The verdict on a bundle, a certificate, a run, or a folder of bundles.

    verdict: "accepted", "rejected" (a claim is refuted) or "incomplete" (something could not be decided); reasons: what
    failed, empty where it is accepted; document: everything, as `proofgen check --json` prints it; text: for a person.
    """

    path: str
    title: str
    verdict: str
    reasons: tuple[str, ...]
    document: Json = field(compare=False)
    text: str = field(compare=False)

    @property
    def accepted(self) -> bool:
        return self.verdict == "accepted"

    @property
    def exit_code(self) -> int:
        """As of `proofgen check`: 0 accepted, 1 rejected, 3 incomplete."""
        return CODES[self.verdict]

    def __bool__(self) -> bool:
        return self.accepted

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        first = f": {self.reasons[0]}" if self.reasons else ""
        more = f" (and {len(self.reasons) - 1} more)" if len(self.reasons) > 1 else ""
        return f"<Report {self.path}: {self.verdict.upper()}{first[:200]}{more}>"

    def _repr_html_(self) -> str:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons[:20])
        head = f"<b>{escape(self.verdict.upper())}</b> {escape(self.path)}: {escape(self.title)}"
        return f"<p>{head}</p>" + (f"<ul>{reasons}</ul>" if reasons else "")


def check(path: str | os.PathLike[str], *, engine: str = "auto", jobs: int = 1) -> Report:
    """See `proofgen.check`."""
    if not isinstance(path, str | os.PathLike):
        raise ArgumentError("expected the name of a file or directory", key="path", value=path)
    if engine not in ENGINES:
        raise ArgumentError(f"expected one of {', '.join(ENGINES)}", key="engine", value=engine)
    positive(jobs, "jobs")
    found = check_all_at(os.fspath(path), engine, jobs)
    for checked in found:
        if checked.document["usage"]:
            raise InputError(str(checked.document["usage"]))
    return _joined(os.fspath(path), found)


def positive(value: object, argument: str) -> None:
    """Raise ArgumentError unless a value is an integer from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ArgumentError("expected an integer from 1 on", key=argument, value=value)


def _joined(path: str, found: Sequence[Checked]) -> Report:
    verdict = next(v for v in _WORST if any(checked.document["verdict"] == v for checked in found))
    reasons = [reason for checked in found for reason in _reasons(checked.document)]
    title = found[0].document["title"] if len(found) == 1 else f"{len(found)} bundles"
    document: dict[str, Any] = found[0].document if len(found) == 1 else {"reports": [c.document for c in found]}
    return Report(path, title, verdict, tuple(reasons), document, "\n".join(checked.text for checked in found))


def _reasons(report: Json) -> list[str]:
    """Of a bundle by its items, of a run by its networks."""
    if "failures" in report:
        return [": ".join(filter(None, (failure["network"], failure["reason"]))) for failure in report["failures"]]
    return [reason_of(item["name"], failure) for item in report["items"] for failure in item["failures"]]
