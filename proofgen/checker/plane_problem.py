"""A vector field with two parameters, given by equations (section 28)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .equations_problem import EquationGraph, equation_texts, texts_of
from .expressions import name_of
from .files import Bundle
from .graph import Node
from .intervals import Interval
from .problem import Problem
from .products import Engine
from .reading import document, enclosure
from .verdicts import Rejected


@dataclass
class Plane(Problem):
    """f_i = the node roots[i]; the parameters are the variables n and n + 1 of the graph."""

    graph: EquationGraph
    constants: list[int]
    roots: list[int]
    ranges: tuple[Interval, Interval]

    jets: ClassVar[str] = "plane_field"
    plane: ClassVar[bool] = True
    branch: ClassVar[str] = "hopf_curves"

    @property
    def trivial(self) -> bool:
        return False


def read(bundle: Bundle, raw: Any, sha256: str, engine: Engine, where: str) -> Plane:
    keys = equation_texts({"parameters": [{"name": name_of, "interval": enclosure}]})
    p = document(raw, "proofgen-plane", keys, where)
    n, parameters = p["dimension"], p["parameters"]
    if len(parameters) != 2 or any(x["interval"].lo >= x["interval"].hi for x in parameters) or n < 2:
        raise Rejected(f"{where}: there are not two parameters with intervals, or fewer than two variables")
    inputs = {x["name"]: Node("variable", n + i) for i, x in enumerate(parameters)}
    graph, constants, roots = texts_of(p, [x["name"] for x in parameters], inputs, bundle.budget, where)
    ranges = parameters[0]["interval"], parameters[1]["interval"]
    return Plane(p["title"], n, None, sha256, engine, bundle.budget, {}, graph, constants, roots, ranges)
