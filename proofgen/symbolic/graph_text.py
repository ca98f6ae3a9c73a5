"""A node of an expression graph in words, for messages."""

from __future__ import annotations

from fractions import Fraction

from ..problem.equations import EquationsProblem
from .graph import Graph

LONGEST = 80  # characters; longer texts are cut


def node_text(problem: EquationsProblem, graph: Graph, node: int) -> str:
    """The expression of a node, cut where it is long."""
    text = _text(problem, graph, node, 0)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _text(problem: EquationsProblem, graph: Graph, number: int, depth: int) -> str:
    node = graph.nodes[number]
    if depth > 12:
        return "…"

    def inner(argument: int, looser: tuple[str, ...] = ("sum",)) -> str:
        text = _text(problem, graph, argument, depth + 1)
        return f"({text})" if graph.nodes[argument].op in looser else text

    match node.op:
        case "variable":
            return problem.variables[node.index]
        case "parameter":
            return problem.parameter_name
        case "rational":
            return str(node.value)
        case "function":
            return f"{node.name}({_text(problem, graph, node.args[0], depth + 1)})"
        case "power":
            return f"{inner(node.args[0], ('sum', 'product', 'power'))}**{node.index}"
        case "product":
            return "*".join(inner(argument) for argument in node.args)
    terms = [("" if node.value == 0 else str(node.value))]
    for coefficient, argument in zip(node.coefficients, node.args, strict=True):
        sign = " - " if coefficient < 0 else " + "
        terms.append(sign + _factor(abs(coefficient)) + inner(argument))
    return "".join(terms).strip().removeprefix("+ ")


def _factor(value: Fraction) -> str:
    if value == 1:
        return ""
    return f"{value}*" if value.denominator == 1 else f"({value})*"
