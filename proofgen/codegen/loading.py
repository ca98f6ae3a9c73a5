"""Load what this package has emitted: the only place where generated text is executed.

The text comes from the emitters of the same run, never from a file.
"""

from __future__ import annotations

from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any


def load_emitted(source: str) -> Any:
    """The emitted module."""
    module = ModuleType("proofgen_emitted_evaluator")
    exec(_compiled(source), module.__dict__)  # our own text
    return module


@lru_cache(maxsize=8)
def _compiled(source: str) -> CodeType:
    """A search and a proof, and each precision of a proof, have modules of their own with the same text."""
    return compile(source, "<emitted evaluator>", "exec")
