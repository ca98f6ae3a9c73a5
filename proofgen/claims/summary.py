"""summary.json: what was proved, what was not, and with which versions."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import Any

import flint

from ..bundle.json_text import VERSION, Json
from ..problem.problem import AnyProblem, search_hints
from ..proof.failure import Failure, FailureCode
from . import zero_branch as cert
from .hopf_point import PointContent
from .rows import Row


def versions() -> dict[str, str]:
    """Versions of what took part, for the summary."""
    return dict(_versions())


@cache  # reading the metadata of packages takes milliseconds
def _versions() -> dict[str, str]:
    found: dict[str, Any] = {"proofgen": "0", "python": platform.python_version()}
    for package in ("proofgen", "sympy", "python-flint", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "unknown"
    found["flint"] = str(flint.__FLINT_VERSION__)
    return found


def summary_document(problem: AnyProblem, asked: int, used: int, method: str, claims: Json, points: list[Json]) -> Json:
    """summary.json; ``claims`` are those of branch.json."""
    return {
        "format": "proofgen-summary",
        "version": VERSION,
        "title": problem.title,
        "status": "proved" if claims["complete"] else "incomplete",
        "complete": claims["complete"],
        "interval": claims["interval"],
        "dimension": problem.dimension,
        "method": method,
        "points": points,
        "real_crossings": claims["real_crossings"],
        "unsettled": [
            {
                "interval": piece["interval"],
                "reason": str(Failure(FailureCode(piece["code"]), piece["reason"])),
                "code": piece["code"],
            }
            for piece in claims["unsettled"]
        ],
        "options": {
            "precision": asked,
            "max_precision": problem.proof.max_precision,
            "digits": problem.proof.digits,
            "precision_used": used,
            **search_hints(problem),
        },
        "timing": {},
        "versions": versions(),
    }


def summary_rows(rows: Sequence[Row | tuple[str, cert.PointClaims | cert.OpenItem]]) -> list[Json]:
    """The `points` of summary.json, of all methods."""
    hidden = ("equilibrium", "spectral_gap", "window", "uniqueness_radius")
    result: list[Json] = []
    for name, item in rows:
        if isinstance(item, PointContent | cert.PointClaims):
            claims = {key: value for key, value in item.claims.items() if key not in hidden}
            result.append(
                {"id": name, "status": "proved", "reason": None, "code": None, **claims,
                 "certificate": f"points/{name}.json", "tex": f"points/{name}.tex"}
            )  # fmt: skip
        else:
            result.append(
                {"id": name, "status": "undecided", "reason": item.explanation, "code": item.code.value,
                 "parameter": item.parameter, "omega": item.omega,
                 "first_lyapunov_coefficient": item.first_lyapunov_coefficient, "crossing_speed": None,
                 "unstable_eigenvalues": None, "stable_eigenvalues": None, "criticality": None,
                 "certificate": None, "tex": None}
            )  # fmt: skip
    return result
