"""Is x = 0 an equilibrium for every γ? By propagating exact rationals (FORMAT.md, section 14, the trivial branch).

A subexpression at x = 0 is a known rational number or unknown; 0·unknown is 0, because every evaluation of the field
verifies that the unknown exists.
"""

from __future__ import annotations

from fractions import Fraction

from .graph import MAX_RATIONAL, Graph, Node

_AT_ZERO = {"sin": 0, "tan": 0, "tanh": 0, "sinh": 0, "atan": 0, "erf": 0, "exp": 1, "cos": 1, "cosh": 1, "exprel": 1}
_AT_ONE = {"log": 0, "sqrt": 1}


def vanishes_at_zero(graph: Graph) -> bool:
    """Whether every component of f(0, γ) is the known number 0."""
    known: list[Fraction | None] = []
    for node in graph.nodes:
        value = _value(node, known)
        known.append(value if value is None or _moderate(value) else None)
    return all(known[output] == 0 for output in graph.outputs)


def _moderate(value: Fraction) -> bool:
    return max(abs(value.numerator), value.denominator) < MAX_RATIONAL


def _value(node: Node, known: list[Fraction | None]) -> Fraction | None:
    args = [known[a] for a in node.args]
    match node.op:
        case "variable":
            return Fraction(0)
        case "parameter":
            return None
        case "rational":
            return node.value
        case "sum":
            if any(value is None for value in args):
                return None
            pairs = zip(node.coefficients, args, strict=True)
            return node.value + sum((c * v for c, v in pairs if v is not None), Fraction(0))
        case "product":
            if 0 in args:
                return Fraction(0)
            a, b = args
            return None if a is None or b is None else a * b
        case "power":
            value = args[0]
            if value is None or (value == 0 and node.index < 0):
                return None
            return value**node.index
    if args[0] == 0 and node.name in _AT_ZERO:
        return Fraction(_AT_ZERO[node.name])
    return Fraction(_AT_ONE[node.name]) if args[0] == 1 and node.name in _AT_ONE else None
