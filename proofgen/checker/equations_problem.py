"""A system of equations (section 14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from .budget import Budget
from .expressions import Graph, Node, Reader, Value, name_of, source
from .network_problem import Problem
from .products import Engine
from .reading import HEAD, count, document, enclosure, text
from .verdicts import MAX_FIELD, MAX_LIST, Rejected

EQUATIONS = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": name_of, "interval": enclosure}, "variables": [name_of],
    "constants": [{"name": name_of, "expression": source}], "definitions": [{"name": name_of, "expression": source}],
    "equations": [source],
}  # fmt: skip


@dataclass
class Equations(Problem):
    """x_i' = the node roots[i]; no layers, and exact."""

    graph: Graph = field(default_factory=Graph)
    constants: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)

    def require_zero_branch(self) -> None:
        raise Rejected("the method zero-branch is only for networks")

    @cached_property
    def trivial(self) -> bool:
        """Every equation is the known number 0 at x = 0."""
        known = self.graph.at_zero()
        return all(known[root] == 0 for root in self.roots)


def read_equations(raw: Any, sha256: str, engine: Engine, where: str, budget: Budget | None = None) -> Equations:
    p = document(raw, "proofgen-equations", EQUATIONS, where)
    n, interval, parameter = p["dimension"], p["parameter"]["interval"], p["parameter"]["name"]
    if not 2 <= n <= MAX_FIELD or len(p["title"]) > 500 or interval.lo >= interval.hi:
        raise Rejected(f"{where}: the dimension is not 2 to {MAX_FIELD}, or the title too long, or the interval empty")
    if len(p["variables"]) != n or len(p["equations"]) != n:
        raise Rejected(f"{where}: expected {n} variables and {n} equations")
    if max(len(p["constants"]), len(p["definitions"])) > MAX_LIST:
        raise Rejected(f"{where}: more than {MAX_LIST} constants or definitions")
    every = [*p["variables"], parameter, *(x["name"] for kind in ("constants", "definitions") for x in p[kind])]
    if len(set(every)) != len(every):
        raise Rejected(f"{where}: the names of variables, parameter, constants and definitions are not distinct")
    budget = budget or Budget()
    graph, names, constants = Graph(budget), dict[str, tuple[int, Fraction | None]](), list[int]()

    def read(expression: str, place: str) -> Value:
        return Reader(graph, names, expression, f"{where}: {place}").read()

    for x in p["constants"]:
        value = read(x["expression"], f"constant {x['name']}")
        names[x["name"]] = value.node, value.rational
        constants.append(value.node)
    for j, name in enumerate(p["variables"]):
        names[name] = graph.add(Node("variable", j), name), None
    names[parameter] = graph.add(Node("parameter"), parameter), None
    for x in p["definitions"]:
        value = read(x["expression"], f"definition {x['name']}")
        names[x["name"]] = value.node, value.rational
    roots = [read(text, f"equation {i + 1}").node for i, text in enumerate(p["equations"])]
    return Equations(p["title"], n, interval, [], [], sha256, engine, {}, budget, graph, constants, roots)
