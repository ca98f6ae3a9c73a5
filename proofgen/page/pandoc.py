"""LaTeX to HTML with MathML, by pandoc: run without shell, in its sandbox (it reads nothing but what it is given)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from ..errors import InputError
from ..needs import pandoc_path, require

TIMEOUT = 900.0  # seconds; two hundred certificates take about one minute
_MARK = "proofgenpart"  # no document has this word as a paragraph of its own
_BETWEEN = re.compile(rf"<p>{_MARK}</p>\s*")
_SOURCE = re.compile(r'<annotation encoding="application/x-tex">.*?</annotation>', re.DOTALL)


def to_html(parts: Sequence[str], references: bytes) -> tuple[list[Markup], Markup]:
    """Bodies in LaTeX as HTML, with one numbering of theorems, and the list of what they cite.

    references: BibTeX. Raises InputError without pandoc, and where it does not finish.
    """
    require("pandoc")
    source = f"\n\n{_MARK}\n\n".join([_HEAD, *parts, ""])
    with tempfile.TemporaryDirectory(prefix="proofgen-page-") as name:
        bib = Path(name) / "references.bib"
        bib.write_bytes(references)
        command = [
            pandoc_path() or "pandoc", "--sandbox", "--from=latex", "--to=html5", "--mathml", "--wrap=none",
            "--citeproc", f"--bibliography={bib}", "--metadata=link-citations:true", "--metadata=lang:en",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, input=source.encode(), capture_output=True, timeout=TIMEOUT, check=False, cwd=name
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"pandoc did not finish within {TIMEOUT:.0f} seconds") from None
        except OSError as error:
            raise InputError(f"pandoc cannot be run ({error.strerror})") from None
    if done.returncode:
        raise InputError(f"pandoc failed: {done.stderr.decode('utf-8', 'replace').strip()[:200]}")
    _, *found = _BETWEEN.split(_SOURCE.sub("", done.stdout.decode()))
    if len(found) != len(parts) + 1:
        raise InputError("pandoc did not return the parts of the documents")
    return [Markup(part) for part in found[:-1]], Markup(found[-1])


_HEAD = r"\newtheorem{theorem}{Theorem}\newtheorem{corollary}[theorem]{Corollary}"
