"""What a referee has to read of the checker for one bundle: the lines of `checker/` that ran while it was checked.

The verdict is the work of these lines alone. Statements are quoted whole, under the headers, docstrings and comments
that they stand in. Nothing here is trusted: a referee who doubts it reads `checker/` itself.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from types import FrameType
from typing import Any

from ..checker import command, whole
from ..checker.reading import shown as shown_text
from ..checker.reports import Report

FOLDER = Path(str(command.__file__)).parent


def reading(path: str, engine: str = "auto") -> tuple[Report, str]:
    """Check a bundle or certificate; the report, and the code that gave it, file by file and with line numbers."""
    trees: dict[str, tuple[str, ast.Module]] = {}
    for place in [FOLDER / "command.py", *sorted(FOLDER.glob("[a-z]*.py"))]:
        _files(place.stem, trees)
    ran: dict[str, set[int]] = {str(FOLDER / f"{name}.py"): set() for name in trees}

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename not in ran:
            return None
        ran[frame.f_code.co_filename].add(frame.f_lineno)
        return trace

    for name in trees:  # all of it, so that only the work of this check is traced
        for thing in vars(import_module(f".{name}", command.__package__)).values():
            getattr(thing, "cache_clear", lambda: None)()  # what an earlier check has left would not run again
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        report = whole.check_path(path, engine)
    finally:
        sys.settrace(before)
    shown: dict[str, list[str]] = {}
    for (name, (source, tree)), lines in zip(trees.items(), ran.values(), strict=True):
        constants = not any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))  # they do not run
        if lines or (constants and f"{name}.py" in report.rests_on):
            shown[name] = _quoted(source, tree, lines)
    total = sum(map(len, shown.values()))
    head = (f"{total} lines in {len(shown)} files of proofgen/checker gave the verdict {report.verdict.upper()} "
            f"for {shown_text(path)}:")  # fmt: skip
    files = ", ".join(f"{name} {count}" for name, count in report.rests_on.items())
    rests = f"it rests on {files}: {sum(report.rests_on.values())} lines"
    parts = [f"\n--- {name}.py: {len(quoted)} lines\n\n" + "\n".join(quoted) for name, quoted in shown.items()]
    return report, "\n".join([head, *wrap(rests, 110), *parts])


def _files(name: str, found: dict[str, tuple[str, ast.Module]]) -> dict[str, tuple[str, ast.Module]]:
    """The files of the checker in the order in which they are read: each after those that it imports."""
    source, tree = _parsed(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and node.module and node.module not in found:
            _files(node.module, found)
    found[name] = source, tree
    return found


@cache
def _parsed(name: str) -> tuple[str, ast.Module]:
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return source, ast.parse(source)


def _quoted(source: str, tree: ast.Module, ran: set[int]) -> list[str]:
    lines = source.splitlines()
    shown = _statements(tree, ran)
    quoted: list[str] = []
    last = 0
    for number in sorted(shown):
        first = number
        while first - 1 > last and lines[first - 2].lstrip().startswith("#"):  # a comment belongs to what follows
            first -= 1
        skipped = any(line.strip() for line in lines[last : first - 1])
        if skipped:
            quoted.append("      ...")
        quoted += [f"{k:4}  {lines[k - 1]}".rstrip() for k in range(max(first, last + 1), number + 1)]
        last = number
    return quoted


def _statements(tree: ast.Module, ran: set[int]) -> set[int]:
    """The lines to quote: what ran, the headers around it, docstrings, constants, and the fields of classes."""
    shown: set[int] = set()

    def quote(node: Any) -> None:
        first, last = _head(node)
        shown.update(range(first, last + 1))
        text = node.body[0] if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            shown.update(range(text.lineno, (text.end_lineno or text.lineno) + 1))

    def visit(node: Any) -> bool:
        """Whether anything of a statement ran, which is then quoted."""
        first, last = _head(node)
        inner = [visit(child) for child in _children(node)]
        used = any(inner) or bool(ran & set(range(first, last + 1)))
        if used:
            quote(node)
            for child in _fields(node):
                quote(child)
        return used

    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            quote(node)
        elif not visit(node) and isinstance(node, ast.ClassDef) and len(_fields(node)) >= len(node.body) - 1:
            quote(node)  # a record of fields: nothing in it ever runs
            for child in _fields(node):
                quote(child)
    return shown


def _fields(node: Any) -> list[ast.stmt]:
    """The fields of a class."""
    if not isinstance(node, ast.ClassDef):
        return []
    return [child for child in node.body if isinstance(child, ast.Assign | ast.AnnAssign)]


def _children(node: Any) -> Iterator[Any]:
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield from block


def _head(node: Any) -> tuple[int, int]:
    """The first and last line of a statement, or of its header if it has a block."""
    first = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
    first = min([first, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    block = next(_children(node), None)
    if block is None:
        return first, node.end_lineno
    return first, max(_head(block)[0] - 1, first)
