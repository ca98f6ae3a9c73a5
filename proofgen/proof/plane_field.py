"""A vector field x' = f(x, α_1, α_2) in balls, with derivatives in any direction by truncated series through its graph.

Inputs are x_1, …, x_n, α_1, α_2, the variables of the graph in this order. Every coefficient that comes back contains
the exact one for all inputs in their balls; where f is not proved defined, ProofFailure is raised. Arithmetic: balls
only (MATHEMATICS.md, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb, arb_mat

from ..numbers.balls import ball, integer_power
from ..symbolic.graph import Graph
from ..symbolic.series import Algebra, Series, algebra, evaluate
from .failure import FailureCode, ProofFailure


@dataclass(frozen=True)
class Expansion:
    """f and its derivatives over boxes of the inputs. value: f, n balls; columns: ∂f for each of the n + 2 inputs;
    q_columns: ∂(Aq) for each of them, for the q that was asked for; image: Aq."""

    value: list[arb]
    columns: list[list[arb]]
    image: list[acb]
    q_columns: list[list[acb]]

    @property
    def jacobian(self) -> arb_mat:
        """A, n × n."""
        return arb_mat([list(row) for row in zip(*self.columns[: len(self.value)], strict=True)])


@dataclass(frozen=True)
class Unknowns:
    """Enclosures of (α, ω, x, q = a + ib) with s: the inputs (x, α_1, α_2) of the field."""

    inputs: list[arb]
    omega: arb
    q: list[acb]

    @staticmethod
    def of(u: Sequence[arb], s: arb, along: int) -> Unknowns:
        n = (len(u) - 2) // 3
        x, a, b = u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :]
        parameters = [s, u[0]] if along == 0 else [u[0], s]
        return Unknowns([*x, *parameters], u[1], [acb(re, im) for re, im in zip(a, b, strict=True)])

    @property
    def a(self) -> list[arb]:
        return [y.real for y in self.q]

    @property
    def b(self) -> list[arb]:
        return [y.imag for y in self.q]


@dataclass(frozen=True)
class PlaneField:
    graph: Graph

    @property
    def n(self) -> int:
        return len(self.graph.outputs)

    def series(self, through: Algebra, inputs: Sequence[Series]) -> list[Series]:
        """f of series, n of them. Raises ProofFailure (OUTSIDE_DOMAIN)."""
        try:
            values = evaluate(self.graph, through, inputs, _Balls())
        except (ZeroDivisionError, ValueError) as error:
            raise _outside(str(error)) from None
        for number, value in enumerate(values):
            if not all(x is None or x.is_finite() for x in value):
                raise _outside(f"in {self.graph.texts.get(number, 'an equation')}")
        return [values[output] for output in self.graph.outputs]

    def expand(self, inputs: Sequence[arb], q: Sequence[acb]) -> Expansion:
        """q: n balls."""
        n, m = self.n, self.n + 2
        unit = [tuple(int(i == j) for j in range(m + 1)) for i in range(m + 1)]
        mixed = [tuple(a + b for a, b in zip(unit[i], unit[m], strict=True)) for i in range(m)]
        through = algebra(*mixed)
        first, turned = [through.index[u] for u in unit], [through.index[u] for u in mixed]
        given = []
        for i, x in enumerate(inputs):
            series = through.zero
            series[0], series[first[i]] = x, arb(1)
            if i < n:
                series[first[m]] = q[i]
            given.append(series)
        f = self.series(through, given)
        zero = arb(0)

        def column(i: int) -> list[Any]:
            return [zero if value[i] is None else value[i] for value in f]

        return Expansion(
            [_real(x) for x in column(0)],
            [[_real(x) for x in column(first[i])] for i in range(m)],
            [acb(x) for x in column(first[m])],
            [[acb(x) for x in column(turned[i])] for i in range(m)],
        )

    def along(self, u: Unknowns, slope: Unknowns) -> tuple[list[arb], list[acb]]:
        """f' and (Aq)' in the direction of (x', α', q'), directly: what cancels along a curve is not bounded apart."""
        through = algebra((1, 1))
        eps, delta, both = (through.index[m] for m in ((1, 0), (0, 1), (1, 1)))
        given = []
        for i, (x, moved) in enumerate(zip(u.inputs, slope.inputs, strict=True)):
            series = through.zero
            series[0], series[eps] = x, moved
            if i < self.n:
                series[delta], series[both] = u.q[i], slope.q[i]
            given.append(series)
        f = self.series(through, given)
        return [_real(_known(y[eps])) for y in f], [acb(_known(y[both])) for y in f]

    def jacobian_along(self, u: Unknowns, slope: Unknowns) -> arb_mat:
        """A' in the direction of (x', α'), n × n."""
        n = self.n
        unit = [tuple(int(i == j) for j in range(n + 1)) for i in range(n + 1)]
        mixed = [tuple(a + b for a, b in zip(unit[i], unit[n], strict=True)) for i in range(n)]
        through = algebra(*mixed)
        given = []
        for i, (x, moved) in enumerate(zip(u.inputs, slope.inputs, strict=True)):
            series = through.zero
            series[0], series[through.index[unit[n]]] = x, moved
            if i < n:
                series[through.index[unit[i]]] = arb(1)
            given.append(series)
        f = self.series(through, given)
        return arb_mat([[_real(_known(y[through.index[m]])) for m in mixed] for y in f])


class _Balls:
    """The ring of balls."""

    def number(self, value: Fraction) -> arb:
        return ball(value)

    def power(self, z: arb, exponent: int) -> arb:
        return integer_power(z, exponent)

    def elementary(self, name: str, z: arb) -> arb:
        result: arb = getattr(z, name)()
        return result

    def erf_slope(self, z: arb) -> arb:
        return 2 / arb.pi().sqrt() * (-z * z).exp()

    def exprel(self, z: arb, m: int) -> list[arb]:
        """∫_0^1 t^k e^{tz} dt is positive and increasing in z: enclosed by its values at both ends."""
        if not z.is_finite():
            return [arb("nan")] * (m + 1)
        return [a.union(b) for a, b in zip(_exprel(z.lower(), m), _exprel(z.upper(), m), strict=True)]


def _exprel(z: arb, m: int) -> list[arb]:
    """At a point: away from 0 upwards, φ_k = (e^z − kφ_{k−1})/z; else downwards from Σ_j z^j/(j!(j + m + 1))."""
    e = z.exp()
    if abs(z) > 1:
        values = [z.expm1() / z]
        for k in range(1, m + 1):
            values.append((e - k * values[-1]) / z)
        return values
    value, term, j, small = arb(1) / (m + 1), arb(1), 0, (arb(1) / 3).rad()
    while not z.is_zero() and abs(term) >= small:
        j += 1
        term = term * z / j
        value += term / (j + m + 1)
    # the rest is at most |term|(1/2 + 1/4 + …), since |z| ≤ 1 and j ≥ 1
    values = [value if z.is_zero() else arb(value, abs(term).upper())]
    for k in range(m, 0, -1):
        values.insert(0, (e - z * values[0]) / k)
    return values


def _known(x: Any) -> Any:
    return arb(0) if x is None else x


def _real(x: Any) -> arb:
    """A number without imaginary part."""
    return x.real if isinstance(x, acb) else x


def _outside(where: str) -> ProofFailure:
    return ProofFailure(FailureCode.OUTSIDE_DOMAIN, f"the equations are not proved smooth over the box ({where})")
