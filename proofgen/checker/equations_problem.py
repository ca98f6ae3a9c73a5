"""A system of equations (section 14), or a map given by equations (section 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from typing import Any, ClassVar

from .budget import Budget
from .expressions import Reader, Value, name_of, source
from .files import Bundle
from .functions import MAX_DEGREE
from .graph import Graph, Node
from .problem import Problem
from .products import Engine
from .reading import HEAD, Spec, count, document, enclosure, one_of, text
from .verdicts import MAX_FIELD, MAX_LIST, Rejected


def equation_texts(parameters: dict[str, Spec]) -> dict[str, Spec]:
    """The keys of a problem with these parameters."""
    return HEAD | {"title": text, "dimension": count} | parameters | {
        "variables": [name_of], "constants": [{"name": name_of, "expression": source}],
        "definitions": [{"name": name_of, "expression": source}], "equations": [source],
    }  # fmt: skip


EQUATIONS = equation_texts({"parameter": {"name": name_of, "interval": enclosure}})


class EquationGraph(Graph):
    """The nodes of equations."""

    def reached(self, roots: Iterable[int]) -> list[int]:
        """All nodes that occur in the roots."""
        found = set(roots)
        for i in reversed(range(len(self.nodes))):
            if i in found:
                found.update(self.operands(i))
        return sorted(found)

    def factors(self, i: int) -> tuple[int, dict[int, int]]:
        """A sign, and exponents of nodes whose product is the node i (a product or an integer power other than 0)."""
        sign, found, exponents, heap = 1, dict[int, int](), {i: 1}, [-i]
        while heap:  # a node comes after all that it is a factor of, so once
            j = -heappop(heap)
            k, op, f = exponents[j], self.nodes[j].op, self.nodes[j].f
            times = f if op == "call" and isinstance(f, int) and (f > 0 or j == i) else 0 if op == "call" else 1
            if op not in ("*", "neg", "call") or not times or abs(k * times) > MAX_DEGREE:
                found[j] = k
                continue
            sign = -sign if op == "neg" and k % 2 else sign
            for x in self.operands(j):
                if x not in exponents:
                    heappush(heap, -x)
                exponents[x] = exponents.get(x, 0) + k * times
        return sign, found

    @cached_property
    def constant(self) -> list[bool]:
        """Whether neither a variable nor the parameter occurs in a node."""
        result = list[bool]()
        for i, node in enumerate(self.nodes):
            result.append(node.op not in ("variable", "parameter") and all(result[j] for j in self.operands(i)))
        return result


@dataclass
class Equations(Problem):
    """f_i = the node roots[i]; no layers, and exact."""

    graph: EquationGraph
    constants: list[int]
    roots: list[int]

    tubes: ClassVar[str] = "form_equations"
    jets: ClassVar[str] = "equations_jets"
    orbits: ClassVar[str] = "orbit_equations"

    @cached_property
    def trivial(self) -> bool:
        """Every equation is the known number 0 at x = 0."""
        known = self.graph.at_zero()
        return all(known[root] == 0 for root in self.roots)


def read(bundle: Bundle, raw: Any, sha256: str, engine: Engine, where: str) -> Equations:
    return read_equations(raw, sha256, engine, where, bundle.budget)


def read_equations(raw: Any, sha256: str, engine: Engine, where: str, budget: Budget | None = None) -> Equations:
    discrete = isinstance(raw, dict) and "time" in raw
    p = document(raw, "proofgen-equations", EQUATIONS | ({"time": one_of("discrete")} if discrete else {}), where)
    n, interval, parameter = p["dimension"], p["parameter"]["interval"], p["parameter"]["name"]
    if interval.lo >= interval.hi:
        raise Rejected(f"{where}: the interval is empty")
    budget = budget or Budget()
    graph, constants, roots = texts_of(p, [parameter], {parameter: Node("parameter")}, budget, where)
    if discrete:  # f = F - x
        origins = [f"equation {i + 1}" for i in range(n)]
        opposite = [graph.add(Node("neg", graph.add(Node("variable", i), name)), origin)
                    for i, (name, origin) in enumerate(zip(p["variables"], origins, strict=True))]  # fmt: skip
        roots = [graph.add(Node("+", *pair), origin)
                 for pair, origin in zip(zip(roots, opposite, strict=True), origins, strict=True)]  # fmt: skip
    problem = Equations(p["title"], n, interval, sha256, engine, budget, {}, graph, constants, roots)
    problem.discrete = discrete
    return problem


def texts_of(p: dict[str, Any], parameters: list[str], inputs: dict[str, Node], budget: Budget, where: str,
             ) -> tuple[EquationGraph, list[int], list[int]]:  # fmt: skip
    """The graph of the texts, its constants and the equations.  inputs: the nodes of the parameters."""
    n = p["dimension"]
    if not 1 <= n <= MAX_FIELD or len(p["title"]) > 500:
        raise Rejected(f"{where}: the dimension is not 1 to {MAX_FIELD}, or the title too long")
    if len(p["variables"]) != n or len(p["equations"]) != n:
        raise Rejected(f"{where}: expected {n} variables and {n} equations")
    if max(len(p["constants"]), len(p["definitions"])) > MAX_LIST:
        raise Rejected(f"{where}: more than {MAX_LIST} constants or definitions")
    every = [*p["variables"], *parameters, *(x["name"] for kind in ("constants", "definitions") for x in p[kind])]
    if len(set(every)) != len(every):
        raise Rejected(f"{where}: the names of variables, parameters, constants and definitions are not distinct")
    graph, names, constants = EquationGraph(budget), dict[str, tuple[int, Fraction | None]](), list[int]()

    def parsed(expression: str, place: str) -> Value:
        return Reader(graph, names, expression, f"{where}: {place}").read()

    for x in p["constants"]:
        value = parsed(x["expression"], f"constant {x['name']}")
        names[x["name"]] = value.node, value.rational
        constants.append(value.node)
    for j, name in enumerate(p["variables"]):
        names[name] = graph.add(Node("variable", j), name), None
    for name, node in inputs.items():
        names[name] = graph.add(node, name), None
    for x in p["definitions"]:
        value = parsed(x["expression"], f"definition {x['name']}")
        names[x["name"]] = value.node, value.rational
    roots = [parsed(text, f"equation {i + 1}").node for i, text in enumerate(p["equations"])]
    return graph, constants, roots
