"""What all commands share: where they print, their exit codes, and options that mean the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

PROVED, REJECTED, BAD_INPUT, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document on stdout")]

errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
output = Console(highlight=False, markup=False)
