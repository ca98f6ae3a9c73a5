"""f(-x, gamma) = -f(x, gamma), by the parity of every subexpression (section 22)."""

from __future__ import annotations

from typing import Any

from .activation_texts import activation
from .functions import Function
from .graph import Graph

ODD, EVEN = 1, 0
ODD_FUNCTIONS, EVEN_FUNCTIONS = {"sin", "tan", "tanh", "sinh", "atan", "erf"}, {"cos", "cosh"}


def parities(graph: Graph) -> list[set[int]]:
    """What is known of every node: that it is odd, that it is even, both (then it is 0), or neither."""
    known = list[set[int]]()
    for i, (op, _, _, f) in enumerate(graph.nodes):
        operands = [known[j] for j in graph.operands(i)]
        if op == "variable":
            found = {ODD}
        elif op in ("number", "parameter"):
            found = {ODD, EVEN} if op == "number" and f == 0 else {EVEN}
        elif op == "+":
            found = operands[0] & operands[1]
        elif op == "*":
            found = {a ^ b for a in operands[0] for b in operands[1]}
        elif op == "neg":
            found = operands[0]
        else:
            found = {parity for x in operands[0] for parity in of_call(f, x)}
        known.append(found)
    return known


def of_call(f: Function, x: int) -> set[int]:
    """Of f at something odd or even."""
    if x == EVEN:
        return {EVEN}
    if isinstance(f, int):
        return {ODD if f % 2 else EVEN}
    return {ODD} if f in ODD_FUNCTIONS else {EVEN} if f in EVEN_FUNCTIONS else set()


def is_odd(problem: Any) -> bool:
    """Every component of the field is odd; of a network: no layer has a bias, and every sigma is
    odd; a cell says it itself."""
    if hasattr(problem, "roots"):
        known = parities(problem.graph)
        return all(ODD in known[root] for root in problem.roots)
    if not hasattr(problem, "layers"):
        return bool(problem.odd)
    for layer in problem.layers:
        graph, root = activation(layer.activation)
        if not layer.b is layer.c is None or ODD not in parities(graph)[root]:
            return False
    return True
