"""Activations that are expressions in the one variable z, and named ones that are read like these (section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .activations import FUNCTIONS_OF_Z, sigma_over
from .budget import OPERATION, Budget, digits_in
from .expressions import Reader
from .functions import cost_of, derivatives
from .graph import Graph, Node
from .graph_jets import Coefficients, first, second, third, value
from .intervals import ZERO, Interval, Real, real
from .verdicts import BITS, Rejected, Undecided

NAMES = {name: f"{f}(z)" for name, f in FUNCTIONS_OF_Z.items()} | {
    "identity": "z", "logistic": "(1 + tanh(z/2))/2", "softplus": "log(1 + exp(z))", "silu": "z*(1 + tanh(z/2))/2",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2",
}  # fmt: skip
POWER = re.compile(r"\*\* *(?:[+-]? *[0-9]{1,2}|\( *[+-]? *[0-9]{1,2} *\)) *(?=[-+/)]|$|\*(?!\*))")


@lru_cache(64)
def activation(text: str) -> tuple[Graph, int]:
    """The nodes of an activation, and the last one."""
    text = NAMES.get(text, text)
    if len(text) > 2000 or "exprel" in text or "**" in POWER.sub("", text):
        raise Rejected("the activation is too long, or holds `exprel` or a power that is not an integer literal")
    graph = Graph()
    graph.budget.allowance //= 100  # as a problem has up to MAX_LAYERS of them, which are read once
    z = graph.add(Node("variable"), "z")
    return graph, Reader(graph, {"z": (z, None)}, text, "the activation").read().node


def steps_of(text: str, z: Real, spend: Callable[[int], None]) -> list[list[Real]]:
    """Value and derivatives of every node, sigma last: coefficients along the direction 1, once, twice, three times."""
    (graph, root), v, calls = activation(text), list[Real](), dict[int, list[Real]]()
    d1, d2, d3, u, none = Coefficients(), Coefficients(), Coefficients(), [z.of(1), None], z.of(0)
    for i, node in enumerate(graph.nodes):
        if node.op == "call":
            spend(cost_of(node.f, v[node.a]))
            calls[i] = derivatives(node.f, v[node.a])
        v.append(calls[i][0] if node.op == "call" else value(node, v, [z]))
        d1.append(first(i, node, v, calls, d1, u))
        d2.append(second(i, node, v, calls, d1, d1, d2))
        d3.append(third(i, node, v, calls, [(d1, d2)] * 3, d3))
        bits = max(x.size.bit_length() for x in (v[i], d1[i], d2[i], d3[i]) if x)
        spend(40 * OPERATION + 40 * digits_in(bits) ** 2)
    steps = [[v[i], *(d[i] or none for d in (d1, d2, d3))] for i in range(len(v))]
    return [*steps, steps[root]]


def vanishes(text: str, spend: Callable[[int], None]) -> bool:
    """sigma(0) = 0, exactly."""
    graph, root = activation(text)
    return graph.at_zero()[root] == 0 or sigma_over(text, real(0, BITS), spend)[0].zero


def sigma_at_zero(text: str, spend: Callable[[int], None] | None = None) -> tuple[Interval, Interval, Interval]:
    """sigma_1, sigma_2, sigma_3; sigma(0) = 0 and sigma_1 != 0 are proved."""
    spend = spend or Budget().spend
    c = [x.exact for x in sigma_over(text, real(0, BITS), spend)]
    if 0 not in c[0] or c[1] == ZERO:
        raise Rejected("the activation has sigma(0) != 0 or sigma'(0) = 0, to which the method does not apply")
    if not vanishes(text, spend) or 0 in c[1]:
        raise Undecided("sigma(0) = 0 and sigma'(0) != 0 could not be established for this activation")
    return c[1], c[2], c[3]
