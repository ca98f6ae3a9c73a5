"""The references that documents cite, as BibTeX entries for papers of one's own.

The documents themselves list their references without BibTeX, so that one engine is all they need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..resources import templates_directory

_CITE = re.compile(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}")
_ENTRY = re.compile(r"@\w+\{(\w+),.*?\n\}\n", re.DOTALL)


@cache
def entries() -> dict[str, str]:
    """Key → BibTeX entry."""
    text = (templates_directory() / "latex" / "references.bib").read_text(encoding="ascii")
    return {match[1]: match[0] for match in _ENTRY.finditer(text)}


def cited(documents: Iterable[str]) -> set[str]:
    """The keys that LaTeX documents cite."""
    return {key.strip() for text in documents for found in _CITE.findall(text) for key in found.split(",")}


def bibliography(documents: Iterable[str]) -> str:
    """``references.bib``: the entries that the documents cite."""
    keys = cited(documents)
    return "\n".join(entry for key, entry in entries().items() if key in keys)
