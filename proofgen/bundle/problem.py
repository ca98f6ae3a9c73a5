"""`problem.json` of any kind of field: the table of kinds, written and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..problem.problem import AnyProblem
from . import cell, equations, network
from .codec import ArrayReference, Json
from .json_text import Files


@dataclass(frozen=True)
class Kind:
    """A kind of field. form: the format that its documents name; stored: the arrays of a document that are files."""

    form: str
    write: Callable[[Any, Files], Json]
    read: Callable[[Path, Json], AnyProblem]
    stored: Callable[[Json], Mapping[str, ArrayReference]]


KINDS = {
    "network": Kind(network.FORMAT, network.write_network, network.read_network, network.stored_arrays),
    "equations": Kind(
        equations.FORMAT,
        lambda problem, files: equations.write_equations(problem),
        lambda base, document: equations.read_equations(document),
        lambda document: {},
    ),
    "plane": Kind(
        equations.PLANE,
        lambda problem, files: equations.write_plane(problem),
        lambda base, document: equations.read_plane(document),
        lambda document: {},
    ),
    "cell": Kind(cell.FORMAT, cell.write_cell, cell.read_cell, cell.stored_arrays),
}
FORMATS = {kind.form: kind for kind in KINDS.values()}


@dataclass(frozen=True)
class ProblemFile:
    """A problem with its document. sha256: of the file, by which certificates name it; arrays: those that are files."""

    problem: AnyProblem
    document: Json
    sha256: str
    arrays: Mapping[str, ArrayReference]


def describe(problem: AnyProblem) -> tuple[Files, ProblemFile]:
    """A new bundle with `problem.json` and its arrays, and what certificates need to know of it."""
    files, kind = Files(), KINDS[problem.kind]
    document = kind.write(problem, files)
    digest = files.add_json("problem.json", document)
    return files, ProblemFile(problem, document, digest, kind.stored(document))


def read_problem(base: Path, document: Json, digest: str) -> ProblemFile:
    """The problem of a bundle in a directory; its document is of one of `FORMATS`. Raises InputError."""
    kind = FORMATS[document["format"]]
    return ProblemFile(kind.read(base, document), document, digest, kind.stored(document))
