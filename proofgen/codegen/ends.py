"""Closed intervals of the operations of a graph over a box, kept by their ends so that no sign is lost.

A ball of a value between 1e-12 and 1 contains 0, so that log, sqrt and quotients of values which are positive by their
form (exp, even powers, sums and products of such, 1 + tanh) would count as undefined on a moderate box. Where a ball
does not prove the domain of a function, these intervals decide it. Slow, and needed for wide boxes only.
Arithmetic: balls at points, rounded outwards to an end.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from flint import arb

from ..numbers.balls import ball
from ..proof.failure import FailureCode, ProofFailure
from ..symbolic.graph import Graph

Interval = tuple[arb, arb]  # two points, low ≤ high, possibly infinite
_MAX_DEGREE = 4096  # exponents of the factors of a product
_INCREASING = {"exp": arb.exp, "log": arb.log, "sinh": arb.sinh, "tanh": arb.tanh, "atan": arb.atan, "sqrt": arb.sqrt,
               "erf": arb.erf}  # fmt: skip
_SATURATING: dict[str, Callable[[arb], arb]] = {  # |φ| ≤ 1 and φ odd: 1 + φ(u) without cancellation, increasing
    "tanh": lambda u: 2 / (1 + (-2 * u).exp()),
    "erf": lambda u: (-u).erfc(),
}
_BOUNDED = (*_SATURATING, "sin", "cos")  # |φ| ≤ 1


class Ends:
    """Intervals of the operations of ``graph`` over the boxes of γ and x.

    gamma, x: None and [] where only constant operations are asked for; known: other enclosures of all operations;
    module: the emitted module, for exprel.
    """

    def __init__(self, graph: Graph, module: Any, gamma: arb | None, x: list[arb], known: list[arb] | None = None):
        self._graph, self._module, self._gamma, self._x, self._known = graph, module, gamma, x, known
        self._found: dict[int, Interval] = {}

    def __call__(self, node: int, z: arb) -> Interval:
        """That of the argument of a function or power, of which z is another enclosure."""
        argument = self._graph.nodes[node].args[0]
        return _meet(self.interval(argument), z)

    def interval(self, node: int) -> Interval:
        wanted, stack = set[int](), [node]
        while stack:
            i = stack.pop()
            if i not in wanted and i not in self._found:
                wanted.add(i)
                stack.extend(self._graph.nodes[i].args)
        for i in sorted(wanted):  # arguments come before results
            own = self._own(i)
            self._found[i] = own if self._known is None else _meet(own, arb(self._known[i]))
        return self._found[node]

    def _own(self, number: int) -> Interval:
        node = self._graph.nodes[number]
        match node.op:
            case "variable":
                return _outwards(self._x[node.index], self._x[node.index])
            case "parameter":
                assert self._gamma is not None
                return _outwards(self._gamma, self._gamma)
            case "rational":
                return _outwards(ball(node.value), ball(node.value))
            case "sum":
                top = self._least(-node.value, [(-c, a) for c, a in zip(node.coefficients, node.args, strict=True)])
                bottom = self._least(node.value, list(zip(node.coefficients, node.args, strict=True)))
                return _outwards(bottom, -top)
            case "function":
                return self._function(node.name, node.args[0])
        return self._factors(number)

    def _least(self, constant: Fraction, terms: list[tuple[Fraction, int]]) -> arb:
        """Encloses a lower bound of constant + Σ coefficient · node.

        Where the constant allows it, c φ(u) with |φ| ≤ 1 takes |c| of it: |c| + c φ(u) = |c|(1 + φ(±u)) ≥ 0.
        """
        bounded = [(c, a) for c, a in terms if self._graph.nodes[a].name in _BOUNDED]
        rest, total = constant - sum(abs(c) for c, _ in bounded), arb(0)
        saturated = rest >= 0
        for c, a in terms:
            name = self._graph.nodes[a].name
            if saturated and name in _SATURATING:
                low, high = self._found[self._graph.nodes[a].args[0]]
                total += ball(abs(c)) * _SATURATING[name](low if c > 0 else -high)
            elif saturated and name in _BOUNDED:
                low, high = self._found[a]
                total += ball(abs(c)) * (1 + (low if c > 0 else -high))
            elif c:
                total += ball(c) * self._found[a][0 if c > 0 else 1]
        return total + ball(rest if saturated else constant)

    def _function(self, name: str, argument: int) -> Interval:
        low, high = self._found[argument]
        if name == "exprel":
            return _outwards(*(self._module.function_exprel(end, 0, 0)[0] for end in (low, high)))
        if name == "cosh":
            return _outwards(*(end.cosh() for end in _absolute((low, high))))
        if name in ("sin", "cos", "tan"):
            value = getattr(low.union(high), name)()
            return _outwards(value, value) if name == "tan" else _meet((arb(-1), arb(1)), value)
        if name in ("log", "sqrt") and not low > 0:
            return _outwards(arb.nan(), _INCREASING[name](high))
        return _outwards(*(_INCREASING[name](end) for end in (low, high)))

    def _factors(self, number: int) -> Interval:
        """A product or power from its factors, equal ones together: x·y·x is x²·y."""
        low, high = arb(1), arb(1)
        for factor, exponent in self._flattened(number).items():
            bottom, top = _power(self._found[factor], exponent)
            ends = [bottom * low, bottom * high, top * low, top * high]
            if not all(end.is_finite() for end in ends):
                return _outwards(arb.nan(), arb.nan())
            low, high = min(end.lower() for end in ends), max(end.upper() for end in ends)
        return low, high

    def _flattened(self, number: int) -> dict[int, int]:
        """Exponents of the factors; those of a reciprocal are no factors of their own."""
        found, exponents, heap = dict[int, int](), {number: 1}, [-number]
        while heap:  # an operation comes after all that it is a factor of, so once
            i = -heappop(heap)
            node, exponent = self._graph.nodes[i], exponents[i]
            times = node.index if node.op == "power" else 1
            divides = node.op == "product" or (node.op == "power" and (times > 0 or i == number))
            if not divides or abs(exponent * times) > _MAX_DEGREE:
                found[i] = exponent
                continue
            for a in node.args:
                if a not in exponents:
                    heappush(heap, -a)
                exponents[a] = exponents.get(a, 0) + exponent * times
        return found


def _outwards(low: arb, high: arb) -> Interval:
    """From the lower end of one ball to the upper end of another; NaN is no bound."""
    return (arb.neg_inf() if low.is_nan() else low.lower()), (arb.pos_inf() if high.is_nan() else high.upper())


def _meet(interval: Interval, z: arb) -> Interval:
    """The intersection with a ball, which is another enclosure of the same value."""
    if not z.is_finite():
        return interval
    low, high = max(interval[0], z.lower()), min(interval[1], z.upper())
    if low > high:
        raise disjoint()
    return low, high


def _absolute(interval: Interval) -> Interval:
    """The absolute values of the numbers of an interval."""
    low, high = interval
    return max(low, -high, arb(0)), max(-low, high)


def _power(interval: Interval, exponent: int) -> Interval:
    """x^k: [min |x|^k, max |x|^k] for an even k; everything if k < 0 and the interval holds 0."""
    low, high = interval
    if exponent < 0:
        if not (low > 0 or high < 0):
            return _outwards(arb.nan(), arb.nan())
        return _power(_outwards(1 / high, 1 / low), -exponent)
    if exponent % 2 == 0:
        low, high = _absolute(interval)
    return _outwards(_multiplied(low, exponent), _multiplied(high, exponent))


def _multiplied(x: arb, exponent: int) -> arb:
    """x^k for k ≥ 1 at a point, by repeated squaring."""
    result = None
    while exponent:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        x = x * x
    return arb(1) if result is None else result


def disjoint() -> ProofFailure:
    """One of two enclosures is wrong (those of a tube hold only where it exists), and nothing follows from them."""
    return ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "two enclosures of one subexpression are disjoint")
