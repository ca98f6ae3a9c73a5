"""Truncated series of real functions of a complex number w and a real e over a graph (section 28): coefficients of
w^i w-^j e^k, of which that of w^j w-^i e^k is the conjugate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from .budget import OPERATION, digits_in
from .complexes import Complex
from .functions import Function
from .higher import cost_of_taylor, taylor
from .intervals import Real
from .jets import State
from .plane_field import PlaneField
from .verdicts import Rejected, Undecided

Monomial = tuple[int, int, int]  # i, j, k of w^i w-^j e^k
Series = dict[Monomial, Complex]  # without a constant term, i >= j only; what is absent is 0


@dataclass(frozen=True)
class Truncation:
    """The divisors of a monomial, and for each with i >= j the pairs whose products make it."""

    order: int
    pairs: dict[Monomial, list[tuple[Monomial, Monomial]]]


@lru_cache
def below(top: Monomial) -> Truncation:
    def divisors(m: Monomial) -> list[Monomial]:
        return [(i, j, k) for i, j, k in product(*(range(x + 1) for x in m)) if i + j + k]

    pairs = dict[Monomial, list[tuple[Monomial, Monomial]]]()
    for m in divisors(top):
        if m[0] >= m[1]:
            rest = ((d, (m[0] - d[0], m[1] - d[1], m[2] - d[2])) for d in divisors(m))
            pairs[m] = [(d, e) for d, e in rest if any(e)]
    return Truncation(sum(top), pairs)


def coefficient(u: Series, m: Monomial) -> Complex | None:
    if m[0] >= m[1]:
        return u.get(m)
    x = u.get((m[1], m[0], m[2]))
    return None if x is None else x.conjugate


def added(u: Series, v: Series) -> Series:
    result = dict(u)
    for m, x in v.items():
        result[m] = result[m] + x if m in result else x
    return result


def scaled(u: Series, c: Real) -> Series:
    return {} if c.zero else {m: x.times(c) for m, x in u.items()}


class Expansion:
    """Series of the values of f, for series of its inputs around a state."""

    def __init__(self, net: PlaneField, at: State, top: Monomial) -> None:
        self.net, self.at, self.truncation = net, at, below(top)
        self.functions: dict[int, list[Real]] = {}
        self.products = sum(map(len, self.truncation.pairs.values())) + 1

    def of(self, inputs: Sequence[Series]) -> list[Series]:
        """Of the components of f."""
        graph, v, done = self.net.graph, self.at.values, dict[int, Series]()
        none: Series = {}
        for i, (op, a, b, f) in self.net.active:
            match op:
                case "variable":
                    done[i] = {m: x for m, x in inputs[a].items() if m in self.truncation.pairs}
                case "+":
                    done[i] = added(done.get(a, none), done.get(b, none))
                case "neg":
                    done[i] = {m: -x for m, x in done.get(a, none).items()}
                case "*":
                    x, y = done.get(a, none), done.get(b, none)
                    done[i] = added(added(scaled(x, v[b]), scaled(y, v[a])), self.times(x, y))
                case "call":
                    done[i] = self.composed(i, f, v[a], graph.origin[i], done.get(a, none))
            self.count(done[i])
        return [done.get(root, none) for root in self.net.roots]

    def times(self, u: Series, v: Series) -> Series:
        result: Series = {}
        if not u or not v:
            return result
        self.spend(self.products, u, v)
        for m, pairs in self.truncation.pairs.items():
            total: Complex | None = None
            for d, e in pairs:
                x = coefficient(u, d)
                y = None if x is None else coefficient(v, e)
                if x is not None and y is not None:
                    total = x * y if total is None else total + x * y
            if total is not None:
                result[m] = total if m[0] != m[1] else Complex(total.re, total.re.of(0))
        return result

    def composed(self, i: int, f: Function, z: Real, origin: str, d: Series) -> Series:
        """phi(z + d) - phi(z) = sum phi^(k)(z)/k! d^k."""
        if i not in self.functions:
            self.net.budget.spend(cost_of_taylor(f, z))
            try:
                self.functions[i] = taylor(f, z, self.at.calls[i], self.truncation.order)
            except (Rejected, Undecided) as error:
                raise Undecided(f"{origin}, derivatives to the order {self.truncation.order}: {error}") from None
        factors = self.functions[i]
        result, power = scaled(d, factors[1]), d
        for factor in factors[2:]:
            power = self.times(power, d)
            if not power:
                break
            result = added(result, scaled(power, factor))
        return result

    def spend(self, products: int, *series: Series) -> None:
        """Of complex products of their coefficients."""
        bits = max(end.bit_length() for u in series for x in u.values() for y in (x.re, x.im) for end in (y.lo, y.hi))
        self.net.budget.spend(4 * products * (3 * OPERATION + 4 * digits_in(bits) ** 2))

    def count(self, u: Series) -> None:
        """Memory and the smaller work of one node."""
        self.net.budget.spend((len(u) + 1) * 12 * OPERATION)
        if u:
            self.spend(len(u), u)
        self.net.budget.fits(len(self.net.active) * (len(u) + 1) * (300 + self.net.F))


def series_of(vectors: Iterable[tuple[Monomial, Sequence[Complex]]], inputs: int) -> list[Series]:
    """By the vectors of coefficients, i >= j."""
    result: list[Series] = [{} for _ in range(inputs)]
    for m, vector in vectors:
        for u, x in zip(result, vector, strict=False):  # vectors of the state alone say nothing of the parameters
            u[m] = x
    return result
