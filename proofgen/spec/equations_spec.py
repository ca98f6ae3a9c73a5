"""Specs of fields and maps given by their equations, with one parameter. Exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..errors import InputError
from ..problem.equations import EquationsProblem
from .alike import default_title, proof_options, read_start
from .data_files import at
from .equations import check_name, read_box, read_equations, read_names, read_table
from .euler import euler_equations
from .form import EquationsNetwork, EquationsParameterTable, Spec

Named = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Texts:
    """Of a field; the names are checked, the expressions are not read yet."""

    variables: tuple[str, ...]
    constants: Named
    definitions: Named
    equations: tuple[str, ...]


def read_texts(network: EquationsNetwork, parameters: Mapping[str, str]) -> Texts:
    """parameters: their names, each with the key that gives it. Raises InputError."""
    from ..symbolic.parse import EQUATION

    functions, taken = EQUATION.functions, dict[str, str]()
    for name, key in parameters.items():
        at(key, lambda name=name: check_name(name, functions, taken))  # type: ignore[misc]
        taken[name] = "the parameter" if len(parameters) == 1 else "a parameter"
    variables = at("network.variables", lambda: read_names(network.variables, functions, taken))
    taken |= dict.fromkeys(variables, "a variable")
    constants = at("network.constants", lambda: read_table(network.constants, "constant", functions, taken))
    definitions = at("network.definitions", lambda: read_table(network.definitions, "definition", functions, taken))
    equations = at("network.equations", lambda: read_equations(network.equations, variables))
    return Texts(variables, constants, definitions, equations)


def equations_problem(
    network: EquationsNetwork, parameter: EquationsParameterTable, spec: Spec, base_dir: Path, source_name: str
) -> EquationsProblem:
    """Raises InputError."""
    from ..symbolic.graph import build_graph

    if spec.proof.weight_radius != 0:
        expected = "expected 0: the numbers of a field given by equations are exact"
        given = spec.proof.weight_radius
        raise InputError(expected, key="proof.weight_radius", value=str(given) if isinstance(given, Fraction) else None)
    texts = read_texts(network, {parameter.name: "parameter.name"})
    equations = texts.equations
    if isinstance(network.time, Fraction):
        equations = euler_equations(texts.variables, equations, network.time)
    problem = EquationsProblem(
        title=spec.title or default_title(source_name),
        variables=texts.variables,
        equations=equations,
        interval=parameter.interval,
        constants=texts.constants,
        definitions=texts.definitions,
        parameter_name=parameter.name,
        proof=proof_options(spec),
        start=read_start(network.start, len(texts.variables), base_dir, "variable"),
        box=at("network.box", lambda: read_box(network.box, texts.variables)),
        discrete=network.time != "continuous",
        source=spec.source,
    )
    build_graph(problem)
    return problem
