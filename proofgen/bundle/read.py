"""Read a bundle back: the JSON documents and the problem they describe (proofs/FORMAT.md).

A bundle is untrusted input: sizes are bounded, no path leaves the directory, nothing is unpickled, and
whatever is missing or malformed becomes an InputError that names the file and the key. Nothing is proved
here; that the claims follow is the checker's business.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import InputError
from ..problem.equations import EquationsProblem
from ..problem.problem import AnyProblem
from .equations_reader import read_equations_problem
from .network_reader import read_problem
from .schema import first_error
from .untrusted import ARRAY_FILE, Json, count, decimal, enclosure, get, optional, read_json, within

MAX_POINTS = 100_000
_IDENTIFIER = re.compile(r"hopf-[0-9]{4,6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def load_bundle(directory: str | Path) -> tuple[Json, Json, dict[str, Json], Json, AnyProblem]:
    """(problem document, branch, points, summary, problem) of a bundle.

    points: id → certificate in the order of `branch.json`. Raises InputError for anything that is not a bundle.
    """
    base = Path(directory)
    if not base.is_dir():
        raise InputError("expected a directory written by 'proofgen prove'", source=str(directory))
    problem_document, digest = read_json(base, "problem.json", "proofgen-problem", "proofgen-equations")
    problem: AnyProblem = within(base / "problem.json", lambda: _read_problem(base, problem_document))
    branch, _ = read_json(base, "branch.json", "proofgen-branch")
    within(base / "branch.json", lambda: _check_branch(branch, digest, problem))
    points: dict[str, Json] = {}
    for row in branch["claims"]["points"]:
        path = f"points/{row['id']}.json"
        certificate, _ = read_json(base, path, "proofgen-certificate")
        within(base / path, lambda c=certificate, r=row: _check_certificate(c, r["id"], digest, problem))  # type: ignore[misc]
        points[row["id"]] = certificate
    summary, _ = read_json(base, "summary.json", "proofgen-summary")
    within(base / "summary.json", lambda: _check_summary(summary, points))
    return problem_document, branch, points, summary, problem


def _read_problem(base: Path, document: Json) -> AnyProblem:
    if document["format"] == "proofgen-equations":
        return read_equations_problem(document)
    return read_problem(base, document)


# --- claims ----------------------------------------------------------------------------------


def _check_reference(document: Json, digest: str) -> None:
    reference = get(document, "problem", dict)
    if reference.get("sha256") != digest:
        raise InputError("belongs to another problem: the digest is not that of problem.json", key="problem.sha256")


def _check_branch(branch: Json, digest: str, problem: AnyProblem) -> None:
    _check_reference(branch, digest)
    if branch.get("method") == "pieces":
        _check_schema("branch", branch)
        start = branch["claims"]["start"]
        if start is not None and len(start) != problem.dimension:
            raise InputError(f"expected {problem.dimension} enclosures", key="claims.start")
    elif isinstance(problem, EquationsProblem):
        raise InputError('expected "pieces": the equations are not those of a network', key="method")
    claims = get(branch, "claims", dict)
    optional(enclosure, get(claims, "interval", (list, type(None)), "claims"), "claims.interval")
    get(claims, "complete", bool, "claims")
    rows = get(claims, "points", list, "claims")
    if len(rows) > MAX_POINTS:
        raise InputError(f"expected at most {MAX_POINTS} points", key="claims.points")
    for row in rows:
        identifier = get(row, "id", str, "claims.points")
        if not _IDENTIFIER.fullmatch(identifier):
            raise InputError('expected an identifier such as "hopf-0001"', key="claims.points.id", value=identifier)
        enclosure(row.get("parameter"), "claims.points.parameter")
    for crossing in get(claims, "real_crossings", list, "claims"):
        enclosure(crossing, "claims.real_crossings")
    for piece in get(claims, "unsettled", list, "claims"):
        enclosure(get(piece, "interval", list, "claims.unsettled"), "claims.unsettled.interval")
        get(piece, "reason", str, "claims.unsettled")
    bounds = get(branch, "bounds", (dict, type(None)))
    if bounds is not None:
        for key in ("rho", "norm_N", "max_disc_radius"):
            decimal(bounds.get(key), f"bounds.{key}")
    count(branch, "precision")


def _check_schema(kind: str, document: Json) -> None:
    """A document of the general methods: its schema says all that rendering relies on but the order of ends."""
    error = first_error(kind, document)
    if error is not None:
        raise InputError(f"breaks the schema of its method: {error[1]}", key=error[0].removeprefix("$."))
    for key, value in [*document["claims"].items(), *(document["bounds"] or {}).items()]:
        if isinstance(value, list):
            for item in [value] if len(value) == 2 and isinstance(value[0], str) else value:
                if isinstance(item, list):
                    enclosure(item, key)


def _check_certificate(certificate: Json, identifier: str, digest: str, problem: AnyProblem) -> None:
    _check_reference(certificate, digest)
    if certificate.get("id") != identifier:
        raise InputError(f'expected "{identifier}", the name of the file', key="id")
    if certificate.get("method") != "zero-branch":
        _check_schema("certificate", certificate)
        if len(certificate["claims"]["equilibrium"]) != problem.dimension:
            raise InputError(f"expected {problem.dimension} enclosures", key="claims.equilibrium")
        return
    if isinstance(problem, EquationsProblem):
        raise InputError("this method is for networks", key="method")
    claims, bounds = get(certificate, "claims", dict), get(certificate, "bounds", dict)
    for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
        enclosure(claims.get(key), f"claims.{key}")
    optional(decimal, claims.get("spectral_gap"), "claims.spectral_gap")
    for key in ("unstable_eigenvalues", "stable_eigenvalues"):
        count(claims, key, "claims")
    get(claims, "criticality", str, "claims")
    equilibrium = get(claims, "equilibrium", list, "claims")
    if len(equilibrium) != problem.dimension:
        raise InputError(f"expected {problem.dimension} enclosures", key="claims.equilibrium")
    for entry in equilibrium if problem.layers[0].bias is not None else ():
        enclosure(entry, "claims.equilibrium")
    for key in ("rho", "norm_N", "disc_radius", "isolation", "delta_right", "delta_left", "pq_defect"):
        decimal(bounds.get(key), f"bounds.{key}")
    for key in ("separation", "resolvent_gap"):
        optional(decimal, bounds.get(key), f"bounds.{key}")
    for key in ("q_norm_squared", "im_S"):
        enclosure(bounds.get(key), f"bounds.{key}")
    eigenvalue = get(bounds, "eigenvalue", list, "bounds")
    if len(eigenvalue) != 2:
        raise InputError("expected two enclosures", key="bounds.eigenvalue")
    for part in eigenvalue:
        enclosure(part, "bounds.eigenvalue")
    if problem.dimension > 2 and (claims.get("spectral_gap") is None or bounds.get("separation") is None):
        raise InputError("expected a decimal, since n > 2", key="claims.spectral_gap or bounds.separation")
    witness = get(certificate, "witness", dict)
    for key in ("X", "Y", "d"):
        for reference in get(witness, key, list, "witness"):
            file = get(reference, "file", str, f"witness.{key}")
            value = get(reference, "sha256", str, f"witness.{key}")
            if not ARRAY_FILE.fullmatch(file) or not _DIGEST.fullmatch(value):
                raise InputError("expected array references", key=f"witness.{key}")
    count(certificate, "precision")


def _check_summary(summary: Json, points: dict[str, Json]) -> None:
    seen = set()
    for row in get(summary, "points", list):
        identifier = get(row, "id", str, "points")
        seen.add(identifier)
        optional(enclosure, row.get("omega"), "points.omega")
        optional(enclosure, row.get("first_lyapunov_coefficient"), "points.first_lyapunov_coefficient")
        enclosure(row.get("parameter"), "points.parameter")
        for key in ("omega", "first_lyapunov_coefficient"):
            if key not in row:
                raise InputError("this key is missing", key=f"points.{key}")
    if not points.keys() <= seen:
        raise InputError("a point of branch.json is missing", key="points")
