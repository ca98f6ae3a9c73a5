"""Bounds of the derivatives of a field given by equations on a complex neighbourhood, by discs with real centres.

MATHEMATICS.md, section 16: every operation maps discs into discs; where a function is not holomorphic on one, nothing
is proved. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, arb_mat

from ..numbers.balls import ball, integer_power, proves_less, proves_positive
from ..symbolic.graph import Graph, Node
from .failure import FailureCode, ProofFailure
from .orbit_polynomials import PieceWitness
from .orbit_strip import (
    Neighbourhood,
    StripBounds,
    largest_moves,
    largest_parameter_change,
    require_neighbourhood,
    upper,
)


@dataclass(frozen=True)
class Disc:
    """All complex z with |z − c| ≤ r, c real."""

    c: arb
    r: arb

    @property
    def size(self) -> arb:
        return (abs(self.c) + self.r).upper()

    def __add__(self, other: Disc) -> Disc:
        return Disc(self.c + other.c, (self.r + other.r).upper())

    def __mul__(self, other: Disc) -> Disc:
        radius = abs(self.c) * other.r + abs(other.c) * self.r + self.r * other.r
        return Disc(self.c * other.c, radius.upper())

    def times(self, x: arb) -> Disc:
        return Disc(self.c * x, (self.r * abs(x)).upper())

    def inverse(self) -> Disc:
        """Of a disc with r < |c| the inverses fill a disc."""
        _require(proves_less(self.r, abs(self.c)), "a denominator may vanish")
        square = self.c * self.c - self.r * self.r
        _require(proves_positive(square), "a denominator may vanish")
        return Disc(self.c / square, (self.r / square).upper())

    def power(self, k: int) -> Disc:
        if k < 0:
            return self.inverse().power(-k)
        size = abs(self.c)
        return Disc(integer_power(self.c, k), (integer_power(size + self.r, k) - integer_power(size, k)).upper())


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, f"on the complex neighbourhood of the orbit {reason}")


ONE = arb(1)


def _exp(z: Disc) -> tuple[Disc, Disc]:
    e = z.c.exp()
    value = Disc(e, (e * z.r.expm1()).upper())
    return value, value


def _log(z: Disc) -> tuple[Disc, Disc]:
    """−log(1 − r/c) is the sum of the moduli of the series."""
    _require(proves_positive(z.c) and proves_less(z.r, z.c), "the argument of a log may leave the right half-plane")
    return Disc(z.c.log(), (-(ONE - z.r / z.c).log()).upper()), z.inverse()


def _sqrt(z: Disc) -> tuple[Disc, Disc]:
    """|√z − √c| = |z − c|/|√z + √c| ≤ r/√c."""
    _require(proves_positive(z.c) and proves_less(z.r, z.c), "the argument of a sqrt may leave the right half-plane")
    root = z.c.sqrt()
    value = Disc(root, (z.r / root).upper())
    return value, value.times(arb(2)).inverse()


def _wave(c: arb, slope: arb, r: arb) -> Disc:
    """f(c + w) with f'' = ±f, f(c) = c, f'(c) = slope: f(c)·(cos or cosh w) + f'(c)·(sin or sinh w)."""
    return Disc(c, (abs(c) * (r.cosh() - 1) + abs(slope) * r.sinh()).upper())


def _sin(z: Disc) -> tuple[Disc, Disc]:
    s, c = z.c.sin(), z.c.cos()
    return _wave(s, c, z.r), _wave(c, s, z.r)


def _cos(z: Disc) -> tuple[Disc, Disc]:
    s, c = _sin(z)
    return c, s.times(arb(-1))


def _sinh(z: Disc) -> tuple[Disc, Disc]:
    s, c = z.c.sinh(), z.c.cosh()
    return _wave(s, c, z.r), _wave(c, s, z.r)


def _cosh(z: Disc) -> tuple[Disc, Disc]:
    s, c = _sinh(z)
    return c, s


def _tangent(t: arb, square: arb, r: arb, pole: str) -> Disc:
    """(t + w)/(1 + stw) = t + w(1 − st²)/(1 + stw), s = ±1, |w| ≤ tan r; square: |1 − st²|."""
    _require(proves_less(r, arb.pi() / 2), pole)
    w = r.tan()
    rest = ONE - abs(t) * w
    _require(proves_positive(rest), pole)
    return Disc(t, (w * square / rest).upper())


def _tanh(z: Disc) -> tuple[Disc, Disc]:
    t = z.c.tanh()
    value = _tangent(t, ONE - t * t, z.r, "a tanh may have a pole")
    return value, _one_plus(value, -1)


def _tan(z: Disc) -> tuple[Disc, Disc]:
    t = z.c.tan()
    _require(t.is_finite(), "a tan may have a pole")
    value = _tangent(t, ONE + t * t, z.r, "a tan may have a pole")
    return value, _one_plus(value, 1)


def _one_plus(z: Disc, sign: int) -> Disc:
    """1 ± z²."""
    return Disc(ONE, arb(0)) + z.power(2).times(arb(sign))


def _atan(z: Disc) -> tuple[Disc, Disc]:
    """atan(c + w) − atan c = atan(w/(1 + c² + cw)), |atan u| ≤ artanh |u|."""
    rest = ONE + z.c * z.c - abs(z.c) * z.r
    _require(proves_positive(rest) and proves_less(z.r, rest), "an atan may have a singularity")
    return Disc(z.c.atan(), (z.r / rest).atanh().upper()), _one_plus(z, 1).inverse()


def _erf(z: Disc) -> tuple[Disc, Disc]:
    """|erf'| ≤ (2/√π)e^{r²}, as Re −z² ≤ (Im z)² ≤ r²."""
    slope = 2 / arb.pi().sqrt()
    square = z.power(2).times(arb(-1))
    return Disc(z.c.erf(), (z.r * slope * (z.r * z.r).exp()).upper()), _exp(square)[0].times(slope)


def _exprel(z: Disc) -> tuple[Disc, Disc]:
    """|exprel^(k)(z)| ≤ exprel^(k)(c + r), the integral of t^k e^{tz}."""
    def at(k: int, x: arb) -> arb:
        found: arb = x.hypgeom_1f1(arb(k + 1), arb(k + 2)) / (k + 1)
        return found

    last = z.c + z.r
    return Disc(at(0, z.c), (z.r * at(1, last)).upper()), Disc(at(1, z.c), (z.r * at(2, last)).upper())


# value and derivative
_FUNCTIONS: dict[str, Callable[[Disc], tuple[Disc, Disc]]] = {
    "exp": _exp, "log": _log, "sqrt": _sqrt, "sin": _sin, "cos": _cos, "tan": _tan, "sinh": _sinh, "cosh": _cosh,
    "tanh": _tanh, "atan": _atan, "erf": _erf, "exprel": _exprel,
}  # fmt: skip


def derivatives_on_discs(graph: Graph, x: Sequence[Disc], gamma: Disc) -> list[list[arb]]:
    """Bounds of |∂_1f_i|, …, |∂_nf_i|, |∂_γf_i| (row i). Raises ProofFailure where f is not shown holomorphic."""
    n, needed = graph.dimension, graph.needed()
    values: dict[int, Disc] = {}
    slopes: dict[int, dict[int, Disc]] = {}  # by x_1 … x_n and γ (number n), those that are not 0
    for i, node in enumerate(graph.nodes):
        if i in needed:
            values[i], slopes[i] = _derived(node, x, gamma, values, slopes, n)
    rows = [[slopes[i][j].size if j in slopes[i] else arb(0) for j in range(n + 1)] for i in graph.outputs]
    if not all(entry.is_finite() for row in rows for entry in row):
        raise ProofFailure(FailureCode.NOT_FINITE, "a bound of the field is not finite")
    return rows


def _derived(
    node: Node, x: Sequence[Disc], gamma: Disc, values: dict[int, Disc], slopes: dict[int, dict[int, Disc]], n: int
) -> tuple[Disc, dict[int, Disc]]:
    one = Disc(ONE, arb(0))
    if node.op == "variable":
        return x[node.index], {node.index: one}
    if node.op == "parameter":
        return gamma, {n: one}
    if node.op in ("rational", "sum"):
        total, moved = Disc(ball(node.value), arb(0)), dict[int, Disc]()
        for a, coefficient in zip(node.args, node.coefficients, strict=True):
            factor = ball(coefficient)
            total = total + values[a].times(factor)
            _add(moved, {j: s.times(factor) for j, s in slopes[a].items()})
        return total, moved
    if node.op == "product":
        a, b = node.args
        moved = {j: s * values[b] for j, s in slopes[a].items()}
        _add(moved, {j: s * values[a] for j, s in slopes[b].items()})
        return values[a] * values[b], moved
    z = values[node.args[0]]
    if node.op == "power":
        value, slope = z.power(node.index), z.power(node.index - 1).times(arb(node.index))
    else:
        value, slope = _FUNCTIONS[node.name](z)
    return value, {j: s * slope for j, s in slopes[node.args[0]].items()}


def _add(total: dict[int, Disc], more: dict[int, Disc]) -> None:
    for j, s in more.items():
        total[j] = total[j] + s if j in total else s


@dataclass(frozen=True)
class EquationsField:
    """A field given by equations."""

    graph: Graph
    has_box = False

    @property
    def exponent(self) -> int:
        return self.graph.dimension + 1

    def bounds(self, witness: PieceWitness, omega: Neighbourhood) -> StripBounds:
        require_neighbourhood(witness, omega)
        n, moving = self.graph.dimension, witness.moving
        moved = largest_moves(witness, omega)
        centres = [arb(0)] * n if moving is None else [z.real for z in moving.y.coefficient(0, 0).entries()]
        x = [Disc(c, moved[i, 0].upper()) for i, c in enumerate(centres)]
        gamma = Disc(witness.gamma.coefficient(0, 0)[0, 0].real, largest_parameter_change(witness, omega))
        rows = derivatives_on_discs(self.graph, x, gamma)
        M, m = arb_mat([row[:n] for row in rows]), arb_mat([[row[n]] for row in rows])
        return StripBounds(upper(M), upper(m), arb_mat(n, 1))
