"""What all commands share: where and how they print, their exit codes, and options that mean the same everywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from ..errors import printable
from ..plain import plain
from ..progress import quiet

if TYPE_CHECKING:
    from rich.table import Table

    from ..progress import Progress as ProgressCallback

PROVED, REJECTED, BAD_INPUT, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

Spec = Annotated[Path, typer.Argument(metavar="SPEC.toml", help="the network and its parameter")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document on stdout")]
Jobs = Annotated[int, typer.Option(min=1, help="how many processes may run at once")]
NoCheck = Annotated[bool, typer.Option("--no-check", help="leave out the independent check of what is written")]


class _Terminal(Console):
    """Prints text as it is, without markup; each string, also in a cell of a table, is one line of `printable` text,
    `plain` where the console has no more."""

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, width=width, highlight=False, markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(plain(printable(text), self.encoding), **options)


errors = _Terminal(stderr=True, soft_wrap=True)
output = _Terminal()


def new_table(*heads: str) -> Table:
    from rich.table import Table  # many commands print none

    return Table(*heads, box=None, pad_edge=False, header_style="bold")


def print_table(table: Table) -> None:
    """A table whose cells are never shortened, however narrow the console is."""
    for column in table.columns:
        column.no_wrap = True
    needed = table.__rich_measure__(output, output.options.update(width=10_000)).maximum
    _Terminal(width=max(output.width, needed)).print(table, crop=False)


def print_json(document: object) -> None:
    """A document on stdout, with JSON's escapes for what is not printable or not in the console's encoding."""
    encoding = sys.stdout.encoding or "ascii"
    text = json.dumps(document, ensure_ascii=False, indent=1)
    print("".join(c if c == "\n" or _shows(c, encoding) else json.dumps(c)[1:-1] for c in text))


def print_lines(text: str) -> None:
    """Lines of text on stdout, each made `printable`."""
    sys.stdout.write("".join(printable(line) + "\n" for line in text.removesuffix("\n").split("\n")))


def _shows(character: str, encoding: str) -> bool:
    if character.isascii():
        return character.isprintable()
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return character.isprintable()


@contextmanager
def progress_bars() -> Iterator[ProgressCallback]:
    """A bar per stage on stderr, where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report
