"""Bounds of the first derivatives of a polynomial field where |x_j| ≤ X_j and |γ| ≤ G, for complex x and γ.

Every operation is replaced by what it does to moduli, so numbers of any kind that are rounded upward serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .graph import Graph


@dataclass(frozen=True)
class Majorant:
    """Bounds of |∂_jf_i| (row i) and of |∂_γf_i|."""

    jacobian: list[list[Any]]
    by_parameter: list[Any]


def is_polynomial(graph: Graph) -> bool:
    """Whether `majorant` knows every operation that is needed."""
    nodes = [graph.nodes[i] for i in graph.needed()]
    return all(node.op != "function" and not (node.op == "power" and node.index < 0) for node in nodes)


def majorant(graph: Graph, X: Sequence[Any], G: Any, number: Callable[[Fraction], Any]) -> Majorant:
    """X, G and what ``number`` gives for a positive fraction are of one kind, with + and *. Polynomials only."""
    n, zero = graph.dimension, number(Fraction(0))
    values: list[Any] = []
    slopes: list[list[Any]] = []  # by x_1 … x_n, γ
    for node in graph.nodes:
        args = [(values[a], slopes[a]) for a in node.args]
        if node.op in ("variable", "parameter"):
            place = n if node.op == "parameter" else node.index
            value: Any = G if node.op == "parameter" else X[node.index]
            slope = [number(Fraction(int(j == place))) for j in range(n + 1)]
        elif node.op == "rational":
            value, slope = number(abs(node.value)), [zero] * (n + 1)
        elif node.op == "sum":
            value, slope = number(abs(node.value)), [zero] * (n + 1)
            for coefficient, (v, s) in zip(node.coefficients, args, strict=True):
                c = number(abs(coefficient))
                value, slope = value + c * v, [x + c * y for x, y in zip(slope, s, strict=True)]
        elif node.op == "product":
            (v, s), (w, t) = args
            value, slope = v * w, [v * y + w * x for x, y in zip(s, t, strict=True)]
        elif node.op == "power" and node.index > 0:
            ((v, s),) = args
            lower = number(Fraction(1))
            for _ in range(node.index - 1):
                lower = lower * v
            factor = number(Fraction(node.index)) * lower
            value, slope = lower * v, [factor * x for x in s]
        else:
            value, slope = None, []  # of no output, by `is_polynomial`
        values.append(value)
        slopes.append(slope)
    rows = [slopes[i] for i in graph.outputs]
    return Majorant([row[:n] for row in rows], [row[n] for row in rows])
