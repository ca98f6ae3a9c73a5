"""A bundle as typed values, read back from its documents (proofs/FORMAT.md).

A bundle is untrusted input: sizes are bounded, no path leaves the directory, nothing is unpickled, and
whatever is missing or malformed becomes an InputError that names the file and the key. Nothing is proved
here; that the claims follow is the checker's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from .arcs import Arcs
from .bundle import Bundle
from .circle_branch import CircleBranch
from .codec import Json
from .kinds import Branch, MapPoint, OfBoth, Point, place, read_branch, read_point, row_kind
from .orbit import Orbit, read_orbit
from .pieces import Pieces
from .problem import FORMATS, ProblemFile, read_problem
from .schema import first_error, has_own_schema
from .summary import Summary, read_summary
from .untrusted import get, read_json, within

MAX_POINTS = 100_000
_ORBIT = re.compile(r"orbit-[0-9]{4,6}")


def load_bundle(directory: str | Path) -> Bundle:
    """Raises InputError for anything that is not a bundle."""
    base = Path(directory)
    if not base.is_dir():
        raise InputError("expected a directory written by 'proofgen prove'", source=str(directory))
    document, digest = read_json(base, "problem.json", *FORMATS)
    file: ProblemFile = within(base / "problem.json", lambda: read_problem(base, document, digest))
    branch_document, branch_digest = read_json(base, "branch.json", "proofgen-branch")
    branch: Branch = within(base / "branch.json", lambda: checked_branch(branch_document, file))
    points: dict[str, Point] = {}
    digests = {"problem.json": digest, "branch.json": branch_digest}
    for row in branch.claims.points:
        path = f"{place(row.id)}.json"
        certificate, digests[path] = read_json(base, path, "proofgen-certificate")
        points[row.id] = within(base / path, lambda c=certificate, r=row: checked_point(c, r.id, file))  # type: ignore[misc]
    summary_document, _ = read_json(base, "summary.json", "proofgen-summary")
    summary: Summary = within(base / "summary.json", lambda: checked_summary(summary_document, points))
    orbits: dict[str, Orbit] = {}
    for orbit_row in summary.orbits:
        if orbit_row.proved:
            name, path = orbit_row.id, f"orbits/{orbit_row.id}.json"
            if not _ORBIT.fullmatch(name):
                raise InputError('expected an identifier such as "orbit-0001"', key="orbits.id", value=name)
            found, digests[path] = read_json(base, path, "proofgen-orbit")
            orbits[name] = within(base / path, lambda c=found, n=name: checked_orbit(c, n, file))  # type: ignore[misc]
    return Bundle(file, branch, points, summary, digests, orbits)


def checked_branch(document: Json, file: ProblemFile) -> Branch:
    """The branch of a document, which belongs to the problem. Raises InputError."""
    _check_reference(document, file)
    _check_schema("branch", document)
    branch = read_branch(document, file.problem.kind)
    branch.require_dimension(file.problem.dimension)
    of_maps, of_flows = isinstance(branch, Pieces | Arcs | CircleBranch), not isinstance(branch, CircleBranch)
    if not (of_maps if file.problem.discrete else of_flows):
        what = "maps" if file.problem.discrete else "flows"
        raise InputError(f"the method is not for {what}", key="method", value=branch.method)
    if len(branch.claims.points) > MAX_POINTS:
        raise InputError(f"expected at most {MAX_POINTS} points", key="claims.points")
    for row in branch.claims.points:
        row_kind(row.id, "claims.points.id")
    return branch


def checked_point(document: Json, identifier: str, file: ProblemFile) -> Point:
    """The certificate of a document, which has this name and belongs to the problem. Raises InputError."""
    _check_head(document, identifier, file)
    _check_schema("certificate", document)
    point = read_point(document, file.problem.kind)
    point.require_dimension(file.problem.dimension)
    if not isinstance(point, OfBoth) and isinstance(point, MapPoint) != file.problem.discrete:
        what = "maps" if file.problem.discrete else "flows"
        raise InputError(f"the method is not for {what}", key="method", value=point.method)
    if point.claims.row.prefix != row_kind(identifier).prefix:
        raise InputError("its name is that of another kind of theorem", key="id")
    return point


def checked_orbit(document: Json, identifier: str, file: ProblemFile) -> Orbit:
    """The certificate of orbits of a document, which has this name and belongs to the problem. Raises InputError."""
    _check_head(document, identifier, file)
    orbit = read_orbit(document)
    orbit.require_dimension(file.problem.dimension)
    if file.problem.discrete:
        raise InputError("periodic orbits of differential equations are none of a map", key="method")
    return orbit


def checked_summary(document: Json, points: Mapping[str, Any]) -> Summary:
    """The summary of a document, which lists the points. Raises InputError."""
    summary = read_summary(document)
    if not points.keys() <= {row.id for row in summary.points}:
        raise InputError("a point of branch.json is missing", key="points")
    return summary


def _check_head(document: Json, identifier: str, file: ProblemFile) -> None:
    """That a certificate has the name of its file and belongs to the problem."""
    _check_reference(document, file)
    if document.get("id") != identifier:
        raise InputError(f'expected "{identifier}", the name of the file', key="id")


def _check_reference(document: Json, file: ProblemFile) -> None:
    if get(document, "problem", dict).get("sha256") != file.sha256:
        raise InputError("belongs to another problem: the digest is not that of problem.json", key="problem.sha256")


def _check_schema(kind: str, document: Json) -> None:
    """It says more than the types, such as which keys are null together."""
    error = first_error(kind, document) if has_own_schema(kind, document) else None
    if error is not None:
        raise InputError(f"breaks the schema of its method: {error[1]}", key=error[0].removeprefix("$."))
