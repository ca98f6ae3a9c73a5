"""Run files (TOML): which networks a run proves, and what it does with each.

Text → a frozen `Run`. A run file is data: it is parsed, never executed, and names files beside or below itself only.
Every failure is an InputError whose message names the file, the key, the value and what was expected.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import InputError
from ..spec.data_files import describe
from ..spec.form import dotted, parse_toml
from ..spec.form_values import MAX_TITLE
from ..spec.load import located_in, read_text
from .sweep import Axis, read_axes

MAX_SPECS, MAX_SPECS_TEXT = 10_000, 2**28  # of a group
Packing = Literal["directory", "zip", "tar.zst"]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class OutputTable(_Table):
    packing: Annotated[Packing, Field(description='"directory", "zip" or "tar.zst"')] = "zip"
    documents: Annotated[bool, Field(description="true or false")] = False


class GroupTable(_Table):
    name: Annotated[str, Field(description="a name of letters, digits, _ and -")]
    spec: Annotated[str | None, Field(description="a spec file")] = None
    specs: Annotated[list[str] | None, Field(description='spec files or patterns, such as ["paper/*.toml"]')] = None
    base: Annotated[dict[str, Any] | None, Field(description="the tables of a spec")] = None
    product: Annotated[dict[str, Any], Field(description="a table of spec keys with lists or ranges")] = {}
    zip: Annotated[dict[str, Any], Field(description="a table of spec keys with lists of one length")] = {}


class RunForm(_Table):
    title: Annotated[str, Field(max_length=MAX_TITLE, description=f"text of at most {MAX_TITLE} characters")]
    check: Annotated[bool, Field(description="true or false")] = True
    method: Annotated[
        Literal["spectral", "newton-kantorovich"], Field(description='"spectral" or "newton-kantorovich"')
    ] = "spectral"
    time_limit: Annotated[int, Field(ge=1, le=10**7, description="a positive number of seconds for each network")] = (
        3600
    )
    output: Annotated[OutputTable, Field(description="a table [output]")] = OutputTable()
    group: Annotated[list[GroupTable], Field(min_length=1, description="one or more tables [[group]]")]


@dataclass(frozen=True)
class Base:
    """A spec that sweeps start from. label: its file as the run file names it, None for an inline one."""

    document: dict[str, Any]
    directory: Path
    label: str | None


@dataclass(frozen=True)
class Group:
    name: str
    bases: tuple[Base, ...]
    zipped: tuple[Axis, ...]
    product: tuple[Axis, ...]


@dataclass(frozen=True)
class Run:
    """A run file. text: as read; check: whether every bundle is re-checked by the independent checker."""

    title: str
    text: str
    source: str
    check: bool
    method: str
    time_limit: int
    packing: Packing
    documents: bool
    groups: tuple[Group, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def load_run(path: str | Path) -> Run:
    """The run that a file describes. Raises InputError."""
    text = read_text(path, "a run file (TOML)")
    return located_in(str(path), lambda: _run(text, Path(path).parent, str(path)))


def _run(text: str, directory: Path, source: str) -> Run:
    raw = parse_toml(text)
    if "network" in raw and "group" not in raw:
        raise InputError("this is a spec, which 'proofgen prove' proves; expected a run file", key="network")
    try:
        form = RunForm.model_validate(raw)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        unknown = [error for error in errors if error["type"] == "extra_forbidden"]
        error = (unknown or errors)[0]
        raise _as_input_error(error["loc"], str(error["type"]), error["input"]) from None
    if not form.title.isprintable():
        raise InputError("expected printable text on one line", key="title", value=form.title)
    groups = tuple(_group(table, f"group[{k}]", directory) for k, table in enumerate(form.group, 1))
    names = [group.name for group in groups]
    for k, name in enumerate(names):
        if name.lower() in (other.lower() for other in names[:k]):
            raise InputError("expected a different name for each group", key=f"group[{k + 1}].name", value=name)
    return Run(
        form.title, text, source, form.check, form.method, form.time_limit, form.output.packing,
        form.output.documents, groups,
    )  # fmt: skip


def _group(table: GroupTable, key: str, directory: Path) -> Group:
    if not _NAME.fullmatch(table.name):
        expected = "expected 1 to 40 letters, digits, _ and -, beginning with a letter or digit"
        raise InputError(expected, key=f"{key}.name", value=table.name)
    given = [name for name in ("spec", "specs", "base") if getattr(table, name) is not None]
    if len(given) != 1:
        raise InputError("expected exactly one of spec, specs and base", key=key, value=", ".join(given) or None)
    zipped = read_axes(table.zip, f"{key}.zip")
    if len({len(axis.values) for axis in zipped}) > 1:
        sizes = ", ".join(f"{axis.key}: {len(axis.values)}" for axis in zipped)
        raise InputError(f"expected lists of one length, found {sizes}", key=f"{key}.zip")
    product = read_axes(table.product, f"{key}.product")
    twice = {axis.key for axis in zipped} & {axis.key for axis in product}
    if twice:
        raise InputError(f"{min(twice)} stands in zip and in product; expected one of them", key=key)
    return Group(table.name, _bases(table, key, directory), zipped, product)


def _bases(table: GroupTable, key: str, directory: Path) -> tuple[Base, ...]:
    if table.base is not None:
        return (Base(table.base, directory, None),)
    if table.spec is not None:
        return (_spec_file(table.spec, f"{key}.spec", directory)[0],)
    assert table.specs is not None
    names: list[str] = []
    for k, pattern in enumerate(table.specs, 1):
        place = f"{key}.specs[{k}]"
        _inside(pattern, place)
        if not any(character in pattern for character in "*?["):
            names.append(pattern)
            continue
        try:
            found = sorted(path.relative_to(directory).as_posix() for path in _matches(directory, Path(pattern).parts))
        except OSError as error:
            raise InputError(f"cannot be searched ({error.strerror or error})", key=place, value=pattern) from None
        if not found:
            raise InputError("no such file; expected a pattern of spec files", key=place, value=pattern)
        names += found
    if not 1 <= len(names) <= MAX_SPECS:
        raise InputError(f"{len(names)} files; expected 1 to {MAX_SPECS} spec files", key=f"{key}.specs")
    bases, left = [], MAX_SPECS_TEXT
    for name in names:
        base, size = _spec_file(name, f"{key}.specs", directory)
        left -= size
        if left < 0:
            raise InputError(f"expected spec files of {MAX_SPECS_TEXT // 2**20} MiB together", key=f"{key}.specs")
        bases.append(base)
    return tuple(bases)


def _matches(directory: Path, parts: tuple[str, ...]) -> list[Path]:
    """The files that a pattern names. Links to directories are not followed: they may go in circles, or outside."""
    with os.scandir(directory) as entries:
        found = [(Path(entry.path), entry.is_dir(follow_symlinks=False)) for entry in entries
                 if fnmatchcase(entry.name, parts[0])]  # fmt: skip
    if len(parts) == 1:
        return [path for path, _ in found if path.is_file()]
    return [match for path, is_directory in found if is_directory for match in _matches(path, parts[1:])]


def _spec_file(name: str, key: str, directory: Path) -> tuple[Base, int]:
    """The base that a spec file is, and the length of its text."""
    _inside(name, key)
    path = directory / name
    try:
        inside = path.resolve().is_relative_to(directory.resolve())
    except (OSError, RuntimeError):  # links in a circle
        inside = False
    if not inside:
        raise InputError("expected a file beside or below the run file", key=key, value=name)
    try:
        text = read_text(path)
        return Base(parse_toml(text), path.parent, name), len(text)
    except InputError as error:
        raise InputError(error.expected, source=error.source or str(path), key=error.key, value=error.value) from None


def _inside(name: str, key: str) -> None:
    windows = PureWindowsPath(name)
    outside = PurePosixPath(name).is_absolute() or windows.drive or windows.root or ".." in windows.parts
    if not name or "\0" in name or "**" in name or outside:
        raise InputError("expected a file beside or below the run file, relative to it", key=key, value=name)


def _as_input_error(location: tuple[int | str, ...], kind: str, value: object) -> InputError:
    key = dotted(location)
    *tables, name = [part for part in location if isinstance(part, str)]
    table = _TABLES[tables[-1]] if tables else RunForm
    if kind == "extra_forbidden":
        return InputError(f"unknown key; expected one of {', '.join(table.model_fields)}", key=key)
    expected = f"expected {table.model_fields[name].description}"
    if kind == "missing":
        return InputError(f"missing; {expected}", key=key)
    return InputError(expected, key=key, value=describe(value))


_TABLES: dict[str, type[BaseModel]] = {"output": OutputTable, "group": GroupTable}
