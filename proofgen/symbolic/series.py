"""Truncated power series through a graph: all the derivatives of a field along chosen directions at once.

An algebra is a finite set of monomials in nilpotent variables, closed under divisors; what falls outside is dropped.
The numbers are of any ring (balls, binary64): it gives constants, and the Taylor coefficients of functions, so that
φ(z_0 + d) = Σ φ^(k)(z_0)/k! d^k, a finite sum, since d has no constant term. A coefficient None is an exact 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product
from math import comb
from typing import Any, Protocol

from .graph import Graph

Monomial = tuple[int, ...]  # exponents
Series = list[Any]  # coefficients by the monomials of the algebra; None is 0


class Ring(Protocol):
    """Numbers. elementary: exp, log, sin, cos, tan, tanh, sinh, cosh, atan, sqrt, erf at z; exprel: its derivatives of
    the orders 0 to m at z; erf_slope: 2/√π e^(−z²)."""

    def number(self, value: Fraction) -> Any: ...
    def power(self, z: Any, exponent: int) -> Any: ...
    def elementary(self, name: str, z: Any) -> Any: ...
    def exprel(self, z: Any, m: int) -> list[Any]: ...
    def erf_slope(self, z: Any) -> Any: ...


@dataclass(frozen=True)
class Algebra:
    """monomials: the first one is 1."""

    monomials: tuple[Monomial, ...]

    @cached_property
    def index(self) -> dict[Monomial, int]:
        return {monomial: i for i, monomial in enumerate(self.monomials)}

    @cached_property
    def order(self) -> int:
        return max(map(sum, self.monomials))

    @cached_property
    def products(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each monomial the pairs of monomials whose product it is."""
        pairs: list[list[tuple[int, int]]] = [[] for _ in self.monomials]
        for (i, x), (j, y) in product(enumerate(self.monomials), repeat=2):
            target = self.index.get(tuple(a + b for a, b in zip(x, y, strict=True)))
            if target is not None:
                pairs[target].append((i, j))
        return tuple(tuple(found) for found in pairs)

    @property
    def zero(self) -> Series:
        return [None] * len(self.monomials)

    def multiply(self, x: Series, y: Series) -> Series:
        return [_total(x[i] * y[j] for i, j in pairs if x[i] is not None and y[j] is not None)
                for pairs in self.products]  # fmt: skip

    def compose(self, coefficients: Sequence[Any], z: Series) -> Series:
        """Σ coefficients[k] (z − z_0)^k, by Horner's rule; coefficients[0] is φ(z_0)."""
        d = [None, *z[1:]]
        degree = self.order if any(x is not None for x in d) else 0
        result = self.zero
        for c in reversed(coefficients[: degree + 1]):
            result = self.multiply(result, d)
            result[0] = c  # the product has no constant term
        return result


@lru_cache(maxsize=64)
def algebra(*monomials: Monomial) -> Algebra:
    """The smallest algebra with these monomials."""
    found = {divisor for top in monomials for divisor in product(*(range(e + 1) for e in top))}
    return Algebra(tuple(sorted(found, key=lambda m: (sum(m), tuple(-e for e in m)))))


def evaluate(graph: Graph, through: Algebra, inputs: Sequence[Series], ring: Ring) -> list[Series]:
    """The series of every node: inputs are those of the variables. The nodes of the outputs are graph.outputs."""
    values: list[Series] = []
    for node in graph.nodes:
        if node.op == "variable":
            values.append(list(inputs[node.index]))
            continue
        operands = [values[a] for a in node.args]
        if node.op == "rational":
            values.append([ring.number(node.value), *through.zero[1:]])
        elif node.op == "sum":
            terms = [(None if c == 1 else ring.number(c), x) for c, x in zip(node.coefficients, operands, strict=True)]
            own = [_total(x[i] if c is None else c * x[i] for c, x in terms if x[i] is not None)
                   for i in range(len(through.monomials))]  # fmt: skip
            if node.value:
                own[0] = _total(x for x in (own[0], ring.number(node.value)) if x is not None)
            values.append(own)
        elif node.op == "product":
            values.append(through.multiply(*operands))
        else:
            z0 = ring.number(Fraction(0)) if operands[0][0] is None else operands[0][0]
            m = through.order if any(x is not None for x in operands[0][1:]) else 0
            name = node.index if node.op == "power" else node.name
            values.append(through.compose(taylor(name, z0, m, ring), operands[0]))
    return values


def taylor(function: str | int, z: Any, m: int, ring: Ring) -> list[Any]:
    """φ^(k)(z)/k! for k = 0, …, m; an integer stands for that power."""
    if isinstance(function, int):
        return [_power_coefficient(function, k, z, ring) for k in range(m + 1)]
    one = ring.number(Fraction(1))
    if function == "exprel":
        return [x / _factorial(k) for k, x in enumerate(ring.exprel(z, m))]
    value = ring.elementary(function, z)
    if function in ("exp", "sin", "cos", "sinh", "cosh"):
        return _periodic(function, value, z, m, ring)
    c = [value]
    if function in ("tan", "tanh"):  # φ' = 1 ± φ²
        sign = 1 if function == "tan" else -1
        for k in range(m):
            square = _total(c[i] * c[k - i] for i in range(k + 1))
            c.append(((one if k == 0 else one * 0) + sign * square) / (k + 1))
    elif function == "log":
        c += [(one if k % 2 else -one) / (k * ring.power(z, k)) for k in range(1, m + 1)]
    elif function == "sqrt":  # z φ' = φ/2
        for k in range(m):
            c.append(c[k] * ring.number(Fraction(1 - 2 * k, 2)) / ((k + 1) * z))
    elif function == "atan":  # (1 + z²) φ' = 1
        below = 1 + z * z
        slope: list[Any] = []
        for k in range(m):
            slope.append((one if k == 0 else -(2 * z * slope[k - 1] + (slope[k - 2] if k > 1 else 0))) / below)
            c.append(slope[k] / (k + 1))
    elif function == "erf":  # φ'' = −2z φ'
        slope = [ring.erf_slope(z)] if m else []
        for k in range(m):
            if k:
                slope.append(-2 * (z * slope[k - 1] + (slope[k - 2] if k > 1 else 0)) / k)
            c.append(slope[k] / (k + 1))
    else:
        raise ValueError(f"no Taylor coefficients of {function}")
    return c


def _periodic(function: str, value: Any, z: Any, m: int, ring: Ring) -> list[Any]:
    """Of functions whose derivatives come again."""
    partner, sign = {"exp": ("exp", 1), "sin": ("cos", -1), "cos": ("sin", -1), "sinh": ("cosh", 1),
                     "cosh": ("sinh", 1)}[function]  # fmt: skip
    other = value if partner == function else ring.elementary(partner, z)
    first = -other if function == "cos" else other
    own = [value, first, sign * value, sign * first]
    return [own[k % 4] / _factorial(k) for k in range(m + 1)]


def _power_coefficient(exponent: int, k: int, z: Any, ring: Ring) -> Any:
    """The coefficient of d^k in (z + d)^exponent."""
    if exponent >= 0:
        return ring.number(Fraction(comb(exponent, k))) * ring.power(z, max(exponent - k, 0))
    return ring.number(Fraction((-1) ** k * comb(k - exponent - 1, k))) / ring.power(z, k - exponent)


def _factorial(k: int) -> int:
    result = 1
    for i in range(2, k + 1):
        result *= i
    return result


def _total(terms: Iterable[Any]) -> Any:
    result = None
    for x in terms:
        result = x if result is None else result + x
    return result
