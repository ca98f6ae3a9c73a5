"""Is f(−x, γ) = −f(x, γ)? By the parity of every subexpression (MATHEMATICS.md, section 20); nothing is simplified.

A subexpression is odd in the variables, even in them, or neither is known.
"""

from __future__ import annotations

from fractions import Fraction

from ..problem.equations import EquationsProblem
from .graph import Graph, Node, build_graph
from .named import activation_text

ODD, EVEN = True, False
_ODD_FUNCTIONS = frozenset({"sin", "tan", "tanh", "sinh", "atan", "erf"})
_EVEN_FUNCTIONS = frozenset({"cos", "cosh"})


def is_odd(graph: Graph) -> bool:
    """Whether every component of f is odd in x."""
    known: list[bool | None] = []
    for node in graph.nodes:
        known.append(_parity(node, [known[a] for a in node.args]))
    return all(known[output] is ODD for output in graph.outputs)


def is_odd_activation(text: str) -> bool:
    """Whether σ(−z) = −σ(z)."""
    whole = Fraction(-1), Fraction(1)
    return is_odd(build_graph(EquationsProblem("", ("z",), (activation_text(text),), whole)))


def _parity(node: Node, args: list[bool | None]) -> bool | None:
    match node.op:
        case "variable":
            return ODD
        case "parameter" | "rational":
            return EVEN
        case "sum":
            found = {*args, EVEN} if node.value else set(args)
            return found.pop() if len(found) == 1 else None
    if None in args:
        return None
    if node.op == "product":
        return args[0] is not args[1]
    if args[0] is EVEN:
        return EVEN
    if node.op == "power":
        return ODD if node.index % 2 else EVEN
    return ODD if node.name in _ODD_FUNCTIONS else EVEN if node.name in _EVEN_FUNCTIONS else None
