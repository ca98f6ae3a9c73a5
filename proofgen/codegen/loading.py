"""Load what this package has emitted: the only place where generated text is executed.

The text comes from the emitters of the same run, never from a file.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def load_emitted(source: str) -> Any:
    """The emitted module."""
    module = ModuleType("proofgen_emitted_evaluator")
    exec(compile(source, "<emitted evaluator>", "exec"), module.__dict__)  # our own text
    return module
