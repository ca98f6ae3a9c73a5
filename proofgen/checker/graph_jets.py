"""The value of a node of a graph, and its coefficients along directions, from those of its operands."""

from __future__ import annotations

from fractions import Fraction

from .functions import power_of
from .graph import Node
from .intervals import Real

Coefficient = Real | None  # None is 0
Coefficients = list[Coefficient]  # of the nodes, each after its operands
Calls = dict[int, list[Real]]  # f and its first three derivatives at the argument, for every node f(.)


def total(*terms: Coefficient) -> Coefficient:
    result: Coefficient = None
    for x in terms:
        result = x if result is None else result if x is None else result + x
    return result


def product(*factors: Coefficient) -> Coefficient:
    result = factors[0]
    for x in factors[1:]:
        if result is None or x is None:
            return None
        result = result * x
    return result


def value(node: Node, v: list[Real], inputs: list[Real]) -> Real:
    """Of a node that is no call; the last input is the parameter."""
    op, a, b, f = node
    match op:
        case "+":
            return v[a] + v[b]
        case "*":
            return v[a] * v[b]
        case "neg":
            return -v[a]
        case "variable":
            return inputs[a]
        case "parameter":
            return inputs[-1]
    return inputs[-1].of(Fraction(f))


def linear(i: int, node: Node, v: list[Real], calls: Calls, d: Coefficients) -> Coefficient:
    """What the coefficients d of the operands contribute: to the first order the product rule and the chain rule."""
    op, a, b, _ = node
    if op == "+":
        x, y = d[a], d[b]
        return y if x is None else x if y is None else x + y
    if op == "*":
        x, y = d[a], d[b]
        if x is None:
            return None if y is None else v[a] * y
        return x * v[b] if y is None else x * v[b] + v[a] * y
    if op == "call":
        return None if (x := d[a]) is None else calls[i][1] * x
    return -x if op == "neg" and (x := d[a]) is not None else None


def first(i: int, node: Node, v: list[Real], calls: Calls, d: Coefficients, u: Coefficients) -> Coefficient:
    """The coefficient at node i of a direction, u at the inputs."""
    if node.op in ("variable", "parameter"):
        return u[node.a if node.op == "variable" else -1]
    return linear(i, node, v, calls, d)


def second(i: int, node: Node, v: list[Real], calls: Calls, x: Coefficients, y: Coefficients,
           d: Coefficients) -> Coefficient:  # fmt: skip
    """The same of two directions: Leibniz' rule, and (f(g))'' = f'' g' g' + f' g''."""
    own, (op, a, b, _) = linear(i, node, v, calls, d), node
    if op == "*":
        return total(own, product(x[a], y[b]), product(y[a], x[b]))
    return total(own, product(calls[i][2], power(x[a], y[a]))) if op == "call" else own


def third(i: int, node: Node, v: list[Real], calls: Calls, split: list[tuple[Coefficients, Coefficients]],
          d: Coefficients) -> Coefficient:  # fmt: skip
    """The same of three directions: `split` holds each with the second coefficients of the other two.  Leibniz, and
    Faa di Bruno: (f(g))''' = f''' g' g' g' + f'' g' g'' for each of the three + f' g'''."""
    own, (op, a, b, _) = linear(i, node, v, calls, d), node
    if op == "*":
        return total(own, *(product(p[s], q[t]) for p, q in split for s, t in ((a, b), (b, a))))
    if op == "call":
        mixed = total(*(product(p[a], q[a]) for p, q in split))
        return total(own, product(calls[i][2], mixed), product(calls[i][3], power(*(p[a] for p, _ in split))))
    return own


def power(*factors: Coefficient) -> Coefficient:
    """Their product, by monotonicity if they are one number."""
    x = factors[0]
    return power_of(x, len(factors)) if x is not None and all(y is x for y in factors) else product(*factors)
