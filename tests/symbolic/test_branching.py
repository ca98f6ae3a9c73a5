"""Transcritical points and pitchforks: the coefficients by Lyapunov-Schmidt reduction in SymPy, and the parity of fields."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from proofgen.problem.equations import EquationsProblem
from proofgen.symbolic.graph import build_graph
from proofgen.symbolic.parity import is_odd, is_odd_activation

s, g, k, d = sp.symbols("s g k d", nonzero=True)
u, v = sp.symbols("u v")


def reduced(f: list[sp.Expr], order: int) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """h(s, g) = f_1/s on the solution v = w(s, g) of f_2 = 0 up to an order in (s, g); the arc g(s) on which it is 0, and
    the small eigenvalue along it, from the determinant and the trace. γ* = 0 here."""
    weight = sp.Symbol("weight")
    w = sp.Integer(0)
    for _ in range(order):  # a fixed point: v = w in f_2 + k v
        w = (f[1].subs({u: s, v: w}) + k * w) / k
        w = sp.series(sp.expand(w).subs({s: weight * s, g: weight * g}), weight, 0, order + 1).removeO().subs(weight, 1)
    h = sp.expand(sp.expand(f[0].subs({u: s, v: w})) / s)
    arc = sp.Integer(0)
    for _ in range(order):
        arc = sp.series(sp.expand(arc - h.subs(g, arc) / d), s, 0, order).removeO()
    J = sp.Matrix(f).jacobian([u, v]).subs({u: s, v: w}).subs(g, arc)
    value = sp.series(sp.simplify(J.det() / J.trace()), s, 0, order).removeO()
    return h, sp.expand(arc), sp.expand(value)


def in_other_coordinates(f: list[sp.Expr], T: sp.Matrix) -> tuple[sp.Matrix, sp.Matrix, sp.Matrix]:
    """The field of y = T(u, v) at g = 0, with unit right and fitting left null vector."""
    y = sp.Matrix(sp.symbols("y1 y2"))
    old = T.inv() * y
    field = (T * sp.Matrix(f)).subs({u: old[0], v: old[1], g: 0}, simultaneous=True)
    q = T[:, 0] / T[:, 0].norm()
    left = sp.Matrix([[1, 0]]) * T.inv()
    return field.applyfunc(sp.expand), q, left / (left * q)[0]


def form(field: sp.Matrix, q: sp.Matrix, order: int) -> sp.Matrix:
    """D^k f(0)[q, …, q]."""
    t = sp.Symbol("t")
    along = field.subs(dict(zip(sp.symbols("y1 y2"), t * q, strict=True)), simultaneous=True)
    return along.applyfunc(lambda entry: sp.diff(entry, t, order).subs(t, 0))


@pytest.mark.slow
def test_transcritical() -> None:
    a1, a2, a3, b1, m = sp.symbols("a1 a2 a3 b1 m")
    f = [d * g * u + a1 * u**2 + a2 * u * v + a3 * v**2 + m * g * v, -k * v + b1 * u**2 + g * u]
    _, arc, value = reduced(f, 2)
    assert sp.simplify(arc.coeff(s, 1) + a1 / d) == 0 and sp.simplify(value.coeff(s, 1) - a1) == 0
    T = sp.Matrix([[1, 2], [-1, 3]])
    field, q, left = in_other_coordinates(f, T)
    a = (left * form(field, q, 2))[0] / 2
    # along T(1, 0), longer than q: a belongs to s as l x measures it
    assert sp.simplify(a * T[:, 0].norm() - a1) == 0


@pytest.mark.slow
def test_pitchfork() -> None:
    c1, c2, c3, b1, b2, m = sp.symbols("c1 c2 c3 b1 b2 m")
    f = [d * g * u + c1 * u**3 + c2 * u**2 * v + c3 * v**3, -k * v + b1 * u**3 + b2 * v**3 + m * g * u]
    _, arc, value = reduced(f, 3)
    assert arc.coeff(s, 1) == 0 and sp.simplify(arc.coeff(s, 2) + c1 / d) == 0
    assert sp.simplify(value.coeff(s, 2) - 2 * c1) == 0
    T = sp.Matrix([[1, 2], [-1, 3]])
    field, q, left = in_other_coordinates(f, T)
    e = (left * form(field, q, 3))[0] / 6
    assert sp.simplify(e * T[:, 0].norm() ** 2 - c1) == 0


def test_where_the_field_is_not_odd_the_cubic_term_is_not_e() -> None:
    """u' = gu + uv, v' = −v + u²: C = 0, but the second arc is g = −s², as of a pitchfork."""
    _, arc, _ = reduced([d * g * u + u * v, -k * v + u**2], 3)
    assert sp.simplify(arc.coeff(s, 2) + 1 / (d * k)) == 0


def odd(*equations: str) -> bool:
    names = ("x", "y", "z")[: len(equations)]
    return is_odd(build_graph(EquationsProblem("", names, equations, (Fraction(-1), Fraction(1)))))


ODD = [
    ("x",), ("gamma*x - x**3",), ("x/(1 + x**2)",), ("sin(x)*cos(x)",), ("tanh(2*x) + erf(x)**3*exp(x**2)", "-y*x**2"),
    ("x*cosh(x) + 0*x**2",), ("atan(x)/cos(x) - tan(y)", "sinh(y)*log(2 + x*y) + gamma*x"), ("x**(-3)*x**4",), ("sqrt(1 + x**2)*x",),
]  # fmt: skip
NOT_SEEN = [
    ("x + 1",), ("x + gamma",), ("x**2",), ("gamma*x - x**2",), ("exp(x) - 1",), ("x - x**3", "y + x*y"), ("exprel(x)*x",),
    ("log(1 + x)",), ("x*exp(y)", "y"), ("cos(x)",), ("x + y**2", "-y"), ("sqrt(1 + x)*x",), ("exp(x) - exp(-x)",),
]  # fmt: skip


@pytest.mark.parametrize("equations", ODD)
def test_odd(equations: tuple[str, ...]) -> None:
    assert odd(*equations)


@pytest.mark.parametrize("equations", NOT_SEEN)
def test_not_odd_or_not_seen_to_be(equations: tuple[str, ...]) -> None:
    assert not odd(*equations)


@pytest.mark.parametrize("text", ["tanh", "sin", "arctan", "erf", "identity", "z/(1 + z**2)", "-tanh(2*z)", "z*cos(z)"])
def test_odd_activations(text: str) -> None:
    assert is_odd_activation(text)


@pytest.mark.parametrize("text", ["logistic", "softplus", "silu", "gelu", "tanh(z) + z**2/9", "tanh(z + 1) - tanh(1)", "exp(z) - 1"])
def test_activations_that_are_not_odd(text: str) -> None:
    assert not is_odd_activation(text)
