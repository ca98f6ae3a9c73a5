"""`problem.json` of a vector field or map given by its equations (FORMAT.md, sections 14 and 20), written and read.

What is read is untrusted input: bounded, or InputError; the same limits as those of a spec.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import InputError
from ..problem.equations import EquationsProblem
from ..spec.equations import check_name
from ..symbolic.graph import build_graph
from ..symbolic.parse import EQUATION
from .codec import Json, enclosure
from .json_text import head
from .schema import first_error

FORMAT = "proofgen-equations"


def write_equations(problem: EquationsProblem) -> Json:
    """`problem.json`."""

    def named(pairs: Sequence[tuple[str, str]]) -> list[Json]:
        return [{"name": name, "expression": text} for name, text in pairs]

    return {
        **head(problem, FORMAT),
        "variables": list(problem.variables),
        "constants": named(problem.constants),
        "definitions": named(problem.definitions),
        "equations": list(problem.equations),
    }


def read_equations(document: Json) -> EquationsProblem:
    """The exact problem of a document; every text is parsed, none is evaluated."""
    error = first_error("problem", document)
    if error is not None:
        raise InputError(f"breaks its schema: {error[1]}", key=error[0].removeprefix("$."))
    variables, equations = document["variables"], document["equations"]
    for key, items in (("variables", variables), ("equations", equations)):
        if len(items) != document["dimension"]:
            raise InputError(f"expected {document['dimension']}, the dimension", key=key)
    low, high = enclosure(document["parameter"]["interval"], "parameter.interval").ends
    if low == high:
        raise InputError("expected LO < HI", key="parameter.interval")
    parameter = document["parameter"]["name"]
    taken: dict[str, str] = {}
    names = [("parameter.name", parameter, "the parameter"), *(("variables", name, "a variable") for name in variables)]
    names += [(key, row["name"], f"a {key[:-1]}") for key in ("constants", "definitions") for row in document[key]]
    for key, name, what in names:
        try:
            check_name(name, EQUATION.functions, taken)
        except InputError as wrong:
            raise wrong.within(key=key) from None
        taken[name] = what
    problem = EquationsProblem(
        title=document["title"],
        variables=tuple(variables),
        equations=tuple(equations),
        interval=(low, high),
        constants=_named(document["constants"]),
        definitions=_named(document["definitions"]),
        parameter_name=parameter,
        discrete="time" in document,
    )
    try:
        build_graph(problem)
    except InputError as wrong:
        raise InputError(wrong.expected, key=(wrong.key or "").removeprefix("network."), value=wrong.value) from None
    return problem


def _named(rows: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((row["name"], row["expression"]) for row in rows)
