"""A second computation of Hopf data with mpmath: no jets, no closed form, no proofgen code.

Directional derivatives come from numerical differentiation of f along complex lines and polarisation,
eigenvectors and linear systems from mpmath's dense solvers, at 50 digits (30 or more correct).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import CodeType

import mpmath as mp

Vector = list[mp.mpc]
Field = Callable[[Sequence[mp.mpc]], Vector]


@dataclass(frozen=True)
class HopfData:
    """γ, ω, ℓ1 (q^H q = p^H q = 1), the value of the planar formula, and the unstable count."""

    gamma: mp.mpf
    omega: mp.mpf
    ell1: mp.mpf
    planar: mp.mpf
    unstable: int


def derivative_along(
    f: Field, x: Sequence[mp.mpf], u: Vector, order: int, radius: mp.mpf | None = None, nodes: int = 8
) -> Vector:
    """D^k f(x)[u, …, u]: the k-th derivative of t ↦ f(x + tu) at 0, for any complex u (Cauchy sums).

    radius: of the circle. Without one a tenth of the digits are small: eight nodes are wrong by its eighth power, and the
    third derivative loses its third power of digits.
    """
    radius = (mp.mpf(10) ** (-mp.mp.dps // 10) if radius is None else radius) / max(1, max(abs(c) for c in u))
    total: Vector = []
    for j in range(nodes):
        t = radius * mp.expjpi(mp.mpf(2) * j / nodes)
        value = f([a + t * b for a, b in zip(x, u, strict=True)])
        weight = mp.expjpi(-mp.mpf(2) * j * order / nodes)
        total = [s + v * weight for s, v in zip(total or [mp.mpc(0)] * len(value), value, strict=True)]
    return [mp.factorial(order) * s / (nodes * radius**order) for s in total]


def bilinear(f: Field, x: Sequence[mp.mpf], u: Vector, v: Vector, radius: mp.mpf | None = None, nodes: int = 8) -> Vector:
    plus = derivative_along(f, x, [a + b for a, b in zip(u, v, strict=True)], 2, radius, nodes)
    minus = derivative_along(f, x, [a - b for a, b in zip(u, v, strict=True)], 2, radius, nodes)
    return [(a - b) / 4 for a, b in zip(plus, minus, strict=True)]


def trilinear_uuv(f: Field, x: Sequence[mp.mpf], u: Vector, v: Vector, radius: mp.mpf | None = None, nodes: int = 8) -> Vector:
    plus = derivative_along(f, x, [a + b for a, b in zip(u, v, strict=True)], 3, radius, nodes)
    minus = derivative_along(f, x, [a - b for a, b in zip(u, v, strict=True)], 3, radius, nodes)
    alone = derivative_along(f, x, v, 3, radius, nodes)
    return [(a - b - 2 * c) / 6 for a, b, c in zip(plus, minus, alone, strict=True)]


def hopf_at(f: Field, x: Sequence[mp.mpf], A: mp.matrix, gamma: mp.mpf) -> HopfData:
    """ℓ1 by the n-dimensional formula at an equilibrium x whose Jacobian A has a pair ±iω."""
    return hopf_terms(f, x, A, gamma)[0]


def hopf_terms(
    f: Field, x: Sequence[mp.mpf], A: mp.matrix, gamma: mp.mpf, radius: mp.mpf | None = None, nodes: int = 8
) -> tuple[HopfData, list[mp.mpf], Vector]:
    """The same, with the real parts of the three terms of G21 and q (q^H q = p^H q = 1)."""
    n = A.rows
    values, left, right = mp.eig(A, left=True, right=True)
    k = min((k for k in range(n) if mp.im(values[k]) > 0), key=lambda k: abs(mp.re(values[k])))
    omega = mp.im(values[k])
    q = [right[i, k] for i in range(n)]
    norm = mp.sqrt(sum(abs(c) ** 2 for c in q))
    q = [c / norm for c in q]
    pH = [left[k, i] for i in range(n)]  # mpmath's left eigenvectors satisfy left·A = λ left
    scale = sum(a * b for a, b in zip(pH, q, strict=True))
    pH = [c / scale for c in pH]
    q_bar = [mp.conj(c) for c in q]

    def dot(v: Sequence[mp.mpc]) -> mp.mpc:
        return sum(a * b for a, b in zip(pH, v, strict=True))

    def solved(M: mp.matrix, v: Vector) -> Vector:
        solution = mp.lu_solve(M, mp.matrix(v))
        return [solution[i] for i in range(n)]

    B_q_qbar, B_qq = bilinear(f, x, q, q_bar, radius, nodes), bilinear(f, x, q, q, radius, nodes)
    cubic = dot(trilinear_uuv(f, x, q, q_bar, radius, nodes))
    first = dot(bilinear(f, x, q, solved(A.apply(mp.mpc), B_q_qbar), radius, nodes))
    second = dot(bilinear(f, x, q_bar, solved(2j * omega * mp.eye(n) - A, B_qq), radius, nodes))
    ell1 = mp.re(cubic - 2 * first + second) / (2 * omega)
    g20, g11, g21 = dot(B_qq), dot(B_q_qbar), cubic
    planar = mp.re(1j * g20 * g11 + omega * g21) / (2 * omega**2)
    unstable = sum(1 for j in range(n) if abs(mp.re(values[j])) > 1e-20 and mp.re(values[j]) > 0)
    terms = [mp.re(cubic), mp.re(-2 * first), mp.re(second)]
    return HopfData(gamma, omega, ell1, planar, unstable), terms, q


def zero_branch(
    W: mp.matrix, sigma: Callable[[mp.mpc], mp.mpc], slope: mp.mpf, bias: Sequence[mp.mpf]
) -> list[HopfData]:
    """All Hopf points of x' = σ((W + γI)x + b) on (W + γI)x + b = 0, in increasing γ; slope = σ'(0)."""
    n = W.rows
    found = []
    for value in mp.eig(W)[0]:
        if mp.im(value) <= mp.mpf(10) ** -30:
            continue
        gamma = -mp.re(value)
        W_gamma = W + gamma * mp.eye(n)
        x = mp.lu_solve(W_gamma, -mp.matrix(bias))

        def f(y: Sequence[mp.mpc], M: mp.matrix = W_gamma) -> Vector:
            return [sigma(sum(M[i, j] * y[j] for j in range(n)) + bias[i]) for i in range(n)]

        found.append(hopf_at(f, [x[i] for i in range(n)], slope * W_gamma, gamma))
    return sorted(found, key=lambda point: point.gamma)


# --- layered networks ----------------------------------------------------------------------------

SIGMA: dict[str, Callable[[mp.mpc], mp.mpc]] = {
    "tanh": mp.tanh,
    "sin": mp.sin,
    "arctan": mp.atan,
    "erf": mp.erf,
    "logistic": lambda z: 1 / (1 + mp.exp(-z)),
    "softplus": lambda z: mp.log(1 + mp.exp(z)),
    "silu": lambda z: z / (1 + mp.exp(-z)),
    "gelu": lambda z: z * (1 + mp.erf(z / mp.sqrt(2))) / 2,
    "identity": lambda z: z,
}


def rational(x: object) -> mp.mpf:
    return mp.mpf(x.numerator) / x.denominator  # type: ignore[attr-defined]


def layered_field(problem: object) -> Callable[[Sequence[mp.mpc], mp.mpf], Vector]:
    """f(x, γ) of a `Problem` with mpmath, from its exact numbers; no derivative anywhere."""
    layers = []
    for layer, shape in zip(problem.layers, problem.shapes, strict=True):  # type: ignore[attr-defined]
        W0, E = (problem.combine(terms, shape).fractions() for terms in (layer.weights, layer.parameter))  # type: ignore[attr-defined]
        b = [0] * shape[0] if layer.bias is None else [row[0] for row in problem.arrays[layer.bias].fractions()]  # type: ignore[attr-defined]
        c = [0] * shape[0] if layer.bias_parameter is None else [row[0] for row in problem.arrays[layer.bias_parameter].fractions()]  # type: ignore[attr-defined]
        rows = [[(rational(w), rational(e)) for w, e in zip(*pair, strict=True)] for pair in zip(W0, E, strict=True)]
        biases = [(rational(x) if x else mp.mpf(0), rational(y) if y else mp.mpf(0)) for x, y in zip(b, c, strict=True)]
        layers.append((SIGMA[layer.activation], rows, biases))
    leak = [rational(x) for x in problem.leak_entries()]  # type: ignore[attr-defined]

    def f(x: Sequence[mp.mpc], gamma: mp.mpf) -> Vector:
        h = list(x)
        for sigma, rows, b in layers:
            z = [mp.fsum((w + gamma * e) * y for (w, e), y in zip(row, h, strict=True)) for row in rows]
            h = [sigma(y + p + gamma * q) for y, (p, q) in zip(z, b, strict=True)]
        return [y - d * c for y, d, c in zip(h, leak, x, strict=True)]

    return f


FUNCTIONS = {name: getattr(mp, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")}
FUNCTIONS["exprel"] = lambda u: mp.expm1(u) / u if u != 0 else mp.mpf(1)
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")


@cache
def _compiled(text: str) -> CodeType:
    return compile(_NUMBER.sub(lambda found: f"mpf('{found[0]}')", text), text[:40], "eval")


@cache
def _number(text: str, bits: int) -> mp.mpf:
    return mp.mpf(text)


def evaluated(text: str, names: dict[str, object]) -> mp.mpc:
    """The value of an expression by Python itself, every number an mpf (for texts of these tests only)."""
    known = {"__builtins__": {}, "mpf": lambda number: _number(number, mp.mp.prec), **FUNCTIONS, **names}
    return eval(_compiled(text), known)


def equations_field(problem: object) -> Callable[[Sequence[mp.mpc], mp.mpf], Vector]:
    """f(x, γ) of an `EquationsProblem` with mpmath, from its texts; no derivative anywhere."""

    def f(x: Sequence[mp.mpc], gamma: mp.mpf) -> Vector:
        names: dict[str, object] = {}
        for name, text in problem.constants:  # type: ignore[attr-defined]
            names[name] = evaluated(text, names)
        names |= dict(zip(problem.variables, x, strict=True))  # type: ignore[attr-defined]
        names[problem.parameter_name] = gamma  # type: ignore[attr-defined]
        for name, text in problem.definitions:  # type: ignore[attr-defined]
            names[name] = evaluated(text, names)
        return [evaluated(text, names) for text in problem.equations]  # type: ignore[attr-defined]

    return f


def jacobian_of(f: Field, x: Sequence[mp.mpf]) -> mp.matrix:
    n = len(x)
    columns = [derivative_along(f, x, [mp.mpf(i == j) for i in range(n)], 1) for j in range(n)]
    return mp.matrix([[mp.re(columns[j][i]) for j in range(n)] for i in range(n)])


def general_hopf(problem: object, gamma: float, x: Sequence[float], omega: float) -> tuple[HopfData, list[mp.mpf], mp.mpf]:
    """The Hopf point near binary64 values: its data, x*, and d = dReλ/dγ (a symmetric difference along the branch)."""
    field = equations_field(problem) if hasattr(problem, "equations") else layered_field(problem)

    def equilibrium(g: mp.mpf, start: Sequence[mp.mpf]) -> list[mp.mpf]:
        y = [mp.mpf(v) for v in start]
        for _ in range(60):
            A = jacobian_of(lambda u: field(u, g), y)
            step = mp.lu_solve(A, mp.matrix([mp.re(v) for v in field(y, g)]))
            y = [a - b for a, b in zip(y, step, strict=True)]
            if mp.norm(step) < mp.mpf(10) ** (-mp.mp.dps + 8):
                return y
        raise ArithmeticError("no equilibrium")

    def eigenvalue(g: mp.mpf, start: Sequence[mp.mpf]) -> tuple[mp.mpc, list[mp.mpf]]:
        y = equilibrium(g, start)
        values = mp.eig(jacobian_of(lambda u: field(u, g), y))[0]
        return min(values, key=lambda v: abs(v - 1j * omega)), y

    g0, g1 = mp.mpf(gamma), mp.mpf(gamma) + mp.mpf("1e-8")
    v0, y = eigenvalue(g0, x)
    v1, y = eigenvalue(g1, y)
    for _ in range(8):
        if mp.re(v1) == mp.re(v0) or abs(g1 - g0) < mp.mpf(10) ** (-mp.mp.dps + 10):
            break
        g0, g1, v0 = g1, g1 - mp.re(v1) * (g1 - g0) / (mp.re(v1) - mp.re(v0)), v1
        v1, y = eigenvalue(g1, y)
    h = mp.mpf(10) ** (-mp.mp.dps // 4)
    speed = mp.re(eigenvalue(g1 + h, y)[0] - eigenvalue(g1 - h, y)[0]) / (2 * h)
    A = jacobian_of(lambda u: field(u, g1), y)
    return hopf_at(lambda u: field(u, g1), y, A, g1), y, speed
