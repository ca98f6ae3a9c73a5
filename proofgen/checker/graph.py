"""Expressions as graphs in which equal subexpressions are one node."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .budget import OPERATION, Budget, digits_in
from .functions import Function

MAX_RATIONAL = 10**4096
AT_ZERO = dict.fromkeys(["sin", "tan", "tanh", "sinh", "atan", "erf"], 0) | dict.fromkeys(
    ["exp", "cos", "cosh", "exprel"], 1
)
AT_ONE = {"log": 0, "sqrt": 1}


class Node(NamedTuple):
    """`number` f, `variable` a, `parameter`, `+` or `*` of the nodes a and b, `neg` of a, or `call` of f at a."""

    op: str
    a: int = 0
    b: int = 0
    f: Function = 0


class Graph:
    """The nodes, each after those that it is made of."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self.nodes: list[Node] = []
        self.index: dict[Node, int] = {}
        self.origin: list[str] = []  # where a node was first read
        self.operations = 0

    def add(self, node: Node, origin: str) -> int:
        if node not in self.index:
            self.index[node] = len(self.nodes)
            self.nodes.append(node)
            self.origin.append(origin)
        return self.index[node]

    def weigh(self, *numbers: Fraction | None, power: int = 1) -> None:
        """Count an operation on rational numbers."""
        bits = [max(x.numerator.bit_length(), x.denominator.bit_length()) for x in numbers if x is not None]
        self.budget.spend(10 * OPERATION + 8 * digits_in(max(bits, default=0) * max(abs(power), 1)) ** 2)

    def operands(self, i: int) -> tuple[int, ...]:
        op, a, b, _ = self.nodes[i]
        return (a, b) if op in ("+", "*") else (a,) if op in ("neg", "call") else ()

    def at_zero(self) -> list[Fraction | None]:
        """The values at x = 0 that are known rational numbers, for all gamma (section 14, The trivial branch)."""
        known = list[Fraction | None]()
        for i, (op, _, _, f) in enumerate(self.nodes):
            values = [known[j] for j in self.operands(i)]
            self.weigh(*values, power=f if isinstance(f, int) and op == "call" else 1)
            x, value = values[0] if values else None, None
            if op == "number":
                value = Fraction(f)
            elif op == "variable" or (op == "*" and 0 in values):
                value = Fraction(0)
            elif op == "call" and f == 0 and isinstance(f, int):
                value = Fraction(1)
            elif x is None or None in values:
                pass
            elif op == "call" and isinstance(f, int):
                value = x**f if x or f >= 0 else None
            elif op == "call":
                table = {0: AT_ZERO, 1: AT_ONE}.get(int(x) if x.denominator == 1 else -1, {})
                found = 1 if isinstance(f, Fraction) and x == 1 else table.get(str(f))
                value = None if found is None else Fraction(found)
            else:
                value = -x if op == "neg" else x + (values[1] or 0) if op == "+" else x * (values[1] or 0)
            known.append(value if value is not None and moderate(value) else None)
        return known


def moderate(x: Fraction) -> bool:
    return max(abs(x.numerator), x.denominator) < MAX_RATIONAL
