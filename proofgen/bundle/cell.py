"""`problem.json` of a gated cell (FORMAT.md, section 26), written and read.

What is read is untrusted input: bounded, or InputError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ..errors import InputError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import ExactMatrix
from ..problem.cell import ARRAYS, EULER, MAX_STEP_CHARS, ROWS, STATES, CellProblem, is_step
from ..spec.limits import MAX_DIMENSION
from .codec import ArrayReference, Json, enclosure, fraction, read_as
from .json_text import Files, head
from .network import array_document, exact_array, radius_document, read_radii
from .schema import first_error

FORMAT = "proofgen-cell"
PARTS = {"arrays": "", "directions": "-direction"}  # keys, and what the names of files end with
VECTORS = {"bias_ih", "bias_hh", "input", "alpha"}


def write_cell(problem: CellProblem, files: Files) -> Json:
    """`problem.json`; large arrays are added to ``files``."""

    def documents(part: Mapping[str, ExactMatrix], ending: str) -> Json:
        return {
            name: array_document(name + ending, part[name], files, name in VECTORS) for name in ARRAYS if name in part
        }

    return {
        **head(problem, FORMAT),
        "cell": problem.cell,
        **({} if problem.step == 1 else {"step": exact_decimal(problem.step, MAX_STEP_CHARS)}),
        **{key: documents(getattr(problem, key), ending) for key, ending in PARTS.items()},
        **({"weight_radius": radius_document(problem.weight_radius, files, VECTORS)} if problem.has_box else {}),
    }


def stored_arrays(document: Json) -> Mapping[str, ArrayReference]:
    """The arrays of a document that are files, by their names."""
    return {
        name + ending: read_as(ArrayReference, array)
        for key, ending in PARTS.items()
        for name, array in document[key].items()
        if "file" in array
    }


def read_cell(base: Path, document: Json) -> CellProblem:
    """The problem of a bundle; arrays are read from its directory."""
    error = first_error("problem", document)
    if error is not None:
        raise InputError(f"breaks its schema: {error[1]}", key=error[0].removeprefix("$."))
    low, high = enclosure(document["parameter"]["interval"], "parameter.interval").ends
    if low == high:
        raise InputError("expected LO < HI", key="parameter.interval")
    cell, n = document["cell"], document["dimension"]
    hidden, left = divmod(n, len(STATES[cell]))
    if left or hidden * len(ROWS[cell]) > MAX_DIMENSION:
        raise InputError("not a dimension of this cell, or too large a one", key="dimension", value=n)
    arrays, directions = (
        {name: exact_array(base, array, f"{key}.{name}") for name, array in document[key].items()} for key in PARTS
    )
    problem = CellProblem(
        title=document["title"],
        cell=cell,
        hidden=hidden,
        arrays=arrays,
        directions=directions,
        interval=(low, high),
        parameter_name=document["parameter"]["name"],
        discrete="time" in document,
        step=_step(document),
    )
    if cell == "lstm" and not problem.discrete:
        raise InputError('expected "discrete"', key="time")
    require_shapes(problem)
    shapes = {name: problem.given(name).shape for name in problem.with_radii}
    problem = replace(problem, weight_radius=read_radii(base, document.get("weight_radius", "0"), shapes))
    require_affine(problem)
    return problem


def _step(document: Json) -> Fraction:
    """Of an Euler map, 1 where it is missing."""
    if "step" not in document:
        return Fraction(1)
    if "time" not in document or document["cell"] not in EULER:
        raise InputError("expected none: only a GRU as a map has a step", key="step")
    if len(document["step"]) > MAX_STEP_CHARS or not is_step(step := fraction(document["step"], "step")):
        raise InputError(f"expected a positive decimal of at most {MAX_STEP_CHARS} characters", key="step")
    return step


def require_shapes(problem: CellProblem) -> None:
    """Raise InputError unless the arrays fit together."""
    for key, part in (("arrays", problem.arrays), ("directions", problem.directions)):
        for name, array in part.items():
            rows, columns = problem.shape(name)
            if array.shape != (rows, columns):
                found = " × ".join(map(str, array.shape))
                raise InputError(f"{found} entries; expected {rows} × {columns}", key=f"{key}.{name}")
    moved = problem.directions
    if ("alpha" in problem.arrays or "alpha" in moved) != (problem.cell == "rnn"):
        raise InputError("of an RNN, and of nothing else, alpha is needed", key="arrays")


def require_affine(problem: CellProblem) -> None:
    """Raise InputError unless f is affine in γ before the gates, for every network of the box, and γ occurs."""
    if all(problem.may_move(name) for name in ("weight_ih", "input")):
        raise InputError("both weight_ih and input move, so that γ² occurs", key="directions")
    if not any(gate.moves for gate in problem.gates().values()):
        raise InputError("expected that the parameter enters some gate", key="directions")
