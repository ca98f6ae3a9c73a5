"""Pages of the site that stand elsewhere: the documents under proofs/, and the codes that `proofgen explain` knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

PROOFS = Path(__file__).parent / "proofs"
PAGES = {
    "reference/commands.md": "REFERENCE.md",
    "reference/theorems.md": "MATHEMATICS.md",
    "reference/format.md": "FORMAT.md",
    "reference/hodgkin-huxley-figure.png": "hodgkin-huxley-figure.png",
    "reference/two-parameters/fitzhugh-nagumo.png": "two-parameters/fitzhugh-nagumo.png",
    "reference/study/fraction.png": "study/fraction.png",
    "reference/study/orbits.png": "study/orbits.png",
}


def on_files(files: Files, config: Any) -> Files:
    """Called by MkDocs before the pages are read."""
    for page, source in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(PROOFS / source)))
    files.append(File.generated(config, "reference/undecided.md", content=codes()))
    return files


def codes() -> str:
    """Every code, what it means and what to try."""
    from proofgen.command.explain import MEANINGS, remedies

    tries = remedies()
    parts = (f"## {code}\n\n{meaning}\n\n*What to try:* {tries[code]}.\n" for code, meaning in MEANINGS.items())
    return "# Undecided codes\n\n`proofgen explain CODE` says the same.\n\n" + "\n".join(parts)
