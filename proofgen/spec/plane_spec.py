"""Specs with two parameters → the exact problem, whose field is given by equations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..problem.plane import PlaneProblem
from .alike import default_title, proof_options, read_start, source_of
from .data_files import at
from .equations import check_name
from .equations_spec import read_texts
from .form import EquationsNetwork, Spec, read_document
from .plane import PlaneParameters, Raw, of_one, read_parameters, specs_of_one, written_out

OfOne = Callable[[Spec], Any]  # the problem of a spec with one parameter


def plane_problem(raw: Raw, of_one_parameter: OfOne, base_dir: Path, source_name: str) -> PlaneProblem:
    """Raises InputError."""
    from ..symbolic.graph import build_plane_graph

    parameters, network = read_parameters(raw), raw.get("network")
    of_equations = isinstance(network, dict) and network.get("family") == "equations"
    made = _equations if of_equations else _network
    problem = made(raw, parameters, of_one_parameter, base_dir, source_name)
    if problem.dimension < 2:
        what = "Hopf points need two of them; expected at least two, or one parameter"
        raise InputError(f"one variable: {what}", key="network.variables" if of_equations else "network")
    try:
        build_plane_graph(problem)
    except InputError as error:
        if of_equations:
            raise
        what = f"this network is too large, or cannot be written out as equations: {error.expected}"
        raise InputError(what, key="network") from None
    return problem


def _equations(
    raw: Raw, parameters: PlaneParameters, of_one_parameter: OfOne, base_dir: Path, source_name: str
) -> PlaneProblem:
    for key in ("enters", "shift"):
        if key in raw["parameter"]:
            raise InputError("equations name their parameters; this key is for networks", key=f"parameter.{key}")
    one = {"name": parameters.names[0], "interval": raw["parameter"]["box"][0]}
    spec = at("parameter", lambda: read_document(raw | {"parameter": one}))
    assert isinstance(spec.network, EquationsNetwork)
    texts = read_texts(spec.network, _named(parameters))
    return PlaneProblem(
        title=spec.title or default_title(source_name),
        variables=texts.variables,
        equations=texts.equations,
        parameters=parameters.names,
        box=parameters.box,
        constants=texts.constants,
        definitions=texts.definitions,
        proof=proof_options(spec),
        start=read_start(spec.network.start, len(texts.variables), base_dir, "variable"),
        source=spec.source,
    )


def _network(
    raw: Raw, parameters: PlaneParameters, of_one_parameter: OfOne, base_dir: Path, source_name: str
) -> PlaneProblem:
    from ..symbolic.parse import EQUATION

    if not isinstance(raw.get("network"), dict) or "family" not in raw["network"]:
        read_document({**raw, "parameter": {}})  # says what is missing
    taken = dict[str, str]()
    for name, key in _named(parameters).items():
        at(key, lambda name=name: check_name(name, EQUATION.functions, taken))  # type: ignore[misc]
        taken[name] = "a parameter"
    found = []
    for which, table in enumerate(specs_of_one(raw, parameters)):
        try:
            spec = read_document(table)
            found.append(of_one_parameter(spec))
        except InputError as error:
            raise of_one(which, error) from None
    one, two = found
    texts = written_out(one, two, raw)
    taken |= dict.fromkeys([*texts.variables, *(name for name, _ in texts.definitions)], "the network written out")
    for name in parameters.names:
        if taken[name] != "a parameter":
            message = "this name is taken by the network written out as equations (x1, a1, …); expected another one"
            raise InputError(message, key="parameter.names", value=name)
    return PlaneProblem(
        title=one.title,
        variables=texts.variables,
        equations=texts.equations,
        parameters=parameters.names,
        box=parameters.box,
        definitions=texts.definitions,
        proof=one.proof,
        start=one.start,
        source=source_of(spec),
    )


def _named(parameters: PlaneParameters) -> dict[str, str]:
    """The names, with the key that gives them. Raises InputError where they are the same."""
    first, second = parameters.names
    if first == second:
        raise InputError("expected two different names", key="parameter.names", value=first)
    return dict.fromkeys(parameters.names, "parameter.names")
