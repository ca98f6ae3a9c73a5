"""Activations (section 7): expressions in the one variable z."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import comb

from .budget import OPERATION, Budget, digits_in
from .functions import cost_of, derivatives, power_of
from .graph import Graph, Node
from .intervals import ZERO, Interval, span_of, span_times, span_total
from .verdicts import BITS, Rejected, Span, Undecided

FUNCTIONS_OF_Z = {"tanh": "tanh", "sin": "sin", "arctan": "atan", "erf": "erf"}
NAMES = {name: f"{f}(z)" for name, f in FUNCTIONS_OF_Z.items()} | {
    "identity": "z", "logistic": "(1 + tanh(z/2))/2", "softplus": "log(1 + exp(z))", "silu": "z*(1 + tanh(z/2))/2",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2",
}  # fmt: skip
POWER = re.compile(r"\*\* *(?:[+-]? *[0-9]{1,2}|\( *[+-]? *[0-9]{1,2} *\)) *(?=[-+/)]|$|\*(?!\*))")


@lru_cache(64)
def activation(text: str) -> tuple[Graph, int]:
    """The nodes of an activation, and the last one."""
    if text in FUNCTIONS_OF_Z:
        graph = Graph()
        return graph, graph.add(Node("call", graph.add(Node("variable"), "z"), f=FUNCTIONS_OF_Z[text]), text)
    from .expressions import Reader

    text = NAMES.get(text, text)
    if len(text) > 2000 or "exprel" in text or "**" in POWER.sub("", text):
        raise Rejected("the activation is too long, or holds `exprel` or a power that is not an integer literal")
    graph = Graph()
    graph.budget.allowance //= 100  # as a problem has up to MAX_LAYERS of them, which are read once
    z = graph.add(Node("variable"), "z")
    return graph, Reader(graph, {"z": (z, None)}, text, "the activation").read().node


@lru_cache(1024)
def sigma_over(text: str, z: Span, F: int, spend: Callable[[int], None]) -> list[Span]:
    """sigma and its first three derivatives over z, in finer units where values on the way are large: there quotients
    such as 1/(1 + e^-z) are far below the unit."""
    root, jets = activation(text)[1], activation_jets(text, z, F, spend)
    bits = max(max(-jet[0][0], jet[0][1]).bit_length() for jet in jets) - F
    if bits <= 16:
        return jets[root]
    extra = 3 * min(bits, 1000)
    fine = activation_jets(text, (z[0] << extra, z[1] << extra), F + extra, spend)[root]
    return [(lo >> extra, -(-hi >> extra)) for lo, hi in fine]


def activation_jets(text: str, z: Span, F: int, spend: Callable[[int], None]) -> list[list[Span]]:
    """The same for every node, by Leibniz' rule and Faa di Bruno's formula."""
    (graph, _), jets, one = activation(text), list[list[Span]](), 1 << F

    def times(k: int, x: Span, y: Span) -> Span:
        return span_times((k * x[0], k * x[1]), y, F)

    for op, a, b, f in graph.nodes:
        x, y = (jets[a], jets[b]) if op not in ("variable", "number") else ([], [])
        match op:
            case "+":
                jet = [span_total(p, q) for p, q in zip(x, y, strict=True)]
            case "neg":
                jet = [(-q, -p) for p, q in x]
            case "*":
                jet = [span_total(*(times(comb(k, i), x[i], y[k - i]) for i in range(k + 1))) for k in range(4)]
            case "call":
                spend(cost_of(f, x[0], F))
                s0, s1, s2, s3 = derivatives(f, x[0], F)
                square, cube = power_of(x[1], 2, F), power_of(x[1], 3, F)
                jet = [s0, times(1, s1, x[1]), span_total(times(1, s2, square), times(1, s1, x[2])),
                       span_total(times(1, s3, cube), times(3, s2, times(1, x[1], x[2])), times(1, s1, x[3])),
                       ]  # fmt: skip
            case _:
                jet = [z, (one, one)] if op == "variable" else [span_of(Fraction(f), F), (0, 0)]
                jet += [(0, 0)] * 2
        bits = max(max(abs(lo), abs(hi)).bit_length() for lo, hi in jet)
        spend(40 * OPERATION + 40 * digits_in(bits) ** 2)
        jets.append(jet)
    return jets


def vanishes(text: str, spend: Callable[[int], None]) -> bool:
    """sigma(0) = 0, exactly."""
    graph, root = activation(text)
    return graph.at_zero()[root] == 0 or sigma_over(text, (0, 0), BITS, spend)[0] == (0, 0)


def sigma_at_zero(text: str, spend: Callable[[int], None] | None = None) -> tuple[Interval, Interval, Interval]:
    """sigma_1, sigma_2, sigma_3; sigma(0) = 0 and sigma_1 != 0 are proved."""
    spend = spend or Budget().spend
    c = [Interval(Fraction(lo, 1 << BITS), Fraction(hi, 1 << BITS)) for lo, hi in sigma_over(text, (0, 0), BITS, spend)]
    if 0 not in c[0] or c[1] == ZERO:
        raise Rejected("the activation has sigma(0) != 0 or sigma'(0) = 0, to which the method does not apply")
    if not vanishes(text, spend) or 0 in c[1]:
        raise Undecided("sigma(0) = 0 and sigma'(0) != 0 could not be established for this activation")
    return c[1], c[2], c[3]
