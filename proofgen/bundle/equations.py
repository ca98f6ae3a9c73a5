"""`problem.json` of a vector field or map given by its equations (FORMAT.md, sections 14, 20 and 28), written and read.

What is read is untrusted input: bounded, or InputError; the same limits as those of a spec.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..numbers.printed import Enclosure
from ..problem.equations import EquationsProblem
from ..problem.plane import PlaneProblem
from ..spec.equations import check_name
from ..symbolic.graph import Graph, build_graph, build_plane_graph
from ..symbolic.parse import EQUATION
from .codec import Json, enclosure, written
from .json_text import VERSION, head
from .schema import first_error

FORMAT = "proofgen-equations"


PLANE = "proofgen-plane"  # with two parameters


def write_equations(problem: EquationsProblem) -> Json:
    """`problem.json`."""
    return {**head(problem, FORMAT), **_texts(problem)}


def write_plane(problem: PlaneProblem) -> Json:
    """`problem.json` of two parameters (FORMAT.md, section 28)."""
    ranges = zip(problem.parameters, problem.box, strict=True)
    parameters = [{"name": name, "interval": written(Enclosure.exactly(*ends))} for name, ends in ranges]
    named = {"title": problem.title, "dimension": problem.dimension, "parameters": parameters}
    return {"format": PLANE, "version": VERSION, **named, **_texts(problem)}


def _texts(problem: EquationsProblem | PlaneProblem) -> Json:
    def named(pairs: Sequence[tuple[str, str]]) -> list[Json]:
        return [{"name": name, "expression": text} for name, text in pairs]

    return {
        "variables": list(problem.variables),
        "constants": named(problem.constants),
        "definitions": named(problem.definitions),
        "equations": list(problem.equations),
    }


def read_equations(document: Json) -> EquationsProblem:
    """The exact problem of a document; every text is parsed, none is evaluated."""
    _check_schema(document)
    parameter = document["parameter"]["name"]
    ends = _range(document["parameter"], "parameter")
    _check_names(document, [("parameter.name", parameter, "the parameter")])
    problem = EquationsProblem(
        title=document["title"],
        interval=ends,
        parameter_name=parameter,
        discrete="time" in document,
        **_read_texts(document),
    )
    _build(lambda: build_graph(problem))
    return problem


def read_plane(document: Json) -> PlaneProblem:
    """The same with two parameters."""
    _check_schema(document)
    one, two = document["parameters"]
    _check_names(document, [("parameters", row["name"], "a parameter") for row in (one, two)])
    problem = PlaneProblem(
        title=document["title"],
        parameters=(one["name"], two["name"]),
        box=(_range(one, "parameters"), _range(two, "parameters")),
        **_read_texts(document),
    )
    _build(lambda: build_plane_graph(problem))
    return problem


def _check_schema(document: Json) -> None:
    error = first_error("problem", document)
    if error is not None:
        raise InputError(f"breaks its schema: {error[1]}", key=error[0].removeprefix("$."))
    for key in ("variables", "equations"):
        if len(document[key]) != document["dimension"]:
            raise InputError(f"expected {document['dimension']}, the dimension", key=key)


def _range(row: Json, key: str) -> tuple[Fraction, Fraction]:
    low, high = enclosure(row["interval"], f"{key}.interval").ends
    if low == high:
        raise InputError("expected LO < HI", key=f"{key}.interval")
    return low, high


def _check_names(document: Json, parameters: list[tuple[str, str, str]]) -> None:
    """parameters: (key, name, what it is)."""
    taken: dict[str, str] = {}
    names = [*parameters, *(("variables", name, "a variable") for name in document["variables"])]
    names += [(key, row["name"], f"a {key[:-1]}") for key in ("constants", "definitions") for row in document[key]]
    for key, name, what in names:
        try:
            check_name(name, EQUATION.functions, taken)
        except InputError as wrong:
            raise wrong.within(key=key) from None
        taken[name] = what


def _read_texts(document: Json) -> dict[str, Any]:
    return {
        "variables": tuple(document["variables"]),
        "constants": _named(document["constants"]),
        "definitions": _named(document["definitions"]),
        "equations": tuple(document["equations"]),
    }


def _build(graph: Callable[[], Graph]) -> None:
    try:
        graph()
    except InputError as wrong:
        raise InputError(wrong.expected, key=(wrong.key or "").removeprefix("network."), value=wrong.value) from None


def _named(rows: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((row["name"], row["expression"]) for row in rows)
