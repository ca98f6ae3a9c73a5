"""What the checker bounds of equations around a curve (FORMAT.md, section 17), against sampled values of the field."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from proofgen.checker.equations_problem import read_equations
from proofgen.checker.form_equations import FormEquations
from proofgen.checker.intervals import real
from proofgen.checker.products import python_product
from proofgen.checker.verdicts import Undecided

GAMMA, H, R = 0.25, 0.125, 0.03125
CURVE = np.array([[0.5, -0.25, 0.125], [1.0, 0.5, -0.75], [0.25, -0.5, 0.5], [1.5, 1.0, -1.0]])
EQUATIONS = ["log(2 + x)*y - g*z", "sqrt(y + 1)/(1 + z**2) + exp(-g*x)", "tanh(g*x*y) - z + g**2"]


def f(v: Any, g: float) -> Any:
    x, y, z = v
    return np.array([np.log(2 + x) * y - g * z, np.sqrt(y + 1) / (1 + z * z) + np.exp(-g * x), np.tanh(g * x * y) - z + g * g])


def jacobian(v: Any, g: float) -> Any:
    x, y, z = v
    root, square, w = np.sqrt(y + 1), 1 + z * z, 1 - np.tanh(g * x * y) ** 2
    return np.array([
        [y / (2 + x), np.log(2 + x), -g],
        [-g * np.exp(-g * x), 1 / (2 * root * square), -2 * z * root / square**2],
        [g * y * w, g * x * w, -1],
    ])  # fmt: skip


def system(equations: list[str] = EQUATIONS) -> FormEquations:
    document = {
        "format": "proofgen-equations", "version": 1, "title": "", "dimension": 3, "variables": ["x", "y", "z"],
        "parameter": {"name": "g", "interval": ["0", "1"]}, "constants": [], "definitions": [], "equations": equations,
    }  # fmt: skip
    return FormEquations(read_equations(document, "0" * 64, python_product, "problem.json"))


def around(field: FormEquations, h: float = H, r: float = R) -> Any:
    """Around the curve."""
    F, one = field.net.F, field.net.one
    curve = [[real(Fraction(x), F) for x in row] for row in CURVE.tolist()]
    return field.around(real(Fraction(GAMMA), F), curve, int(h * one), int(r * one), False)


def on_the_curve(delta: float) -> Any:
    return sum(delta**k * c for k, c in enumerate(CURVE))


def numbers(rows: Any, one: int) -> Any:
    return np.array([[float(Fraction(x, one)) for x in row] for row in rows])


def samples() -> Iterator[tuple[float, Any]]:
    rng = np.random.default_rng(3)
    for delta in (-H, -H / 2, 0.0, H / 3, H, *rng.uniform(-H, H, 20)):
        for y in (*(np.eye(3) * R), *(-np.eye(3) * R), *rng.normal(size=(10, 3))):
            yield float(delta), y * min(1.0, R / np.linalg.norm(y))


def test_the_jacobian_on_the_tube() -> None:
    """E holds everywhere, and what is left of it where x is nearer to c and gamma nearer to the centre."""
    field = system()
    _, motion = around(field)
    one = field.net.one
    A0, A1 = (numbers(matrix[0], one) for matrix in (motion.A0, motion.A1))
    near, moving = numbers(motion.rest.near, one), numbers(motion.rest.moving, one)
    assert np.max(np.abs(A0 - jacobian(CURVE[0], GAMMA))) < 1e-12
    used = 0.0
    for delta, y in samples():
        E = np.abs(jacobian(on_the_curve(delta) + y, GAMMA + delta) - A0 - delta * A1) - 1e-13
        share, s = np.linalg.norm(y) / R, abs(delta) / H
        assert np.all(near * share + s * moving + 1e-12 >= E)
        used = max(used, np.max(E / (near + moving + 1e-9)))
    assert used > 0.1  # of the bound: it is one of this field


def test_the_field_along_the_curve() -> None:
    """Over each part f is within what its series says; the parts cover the piece."""
    field = system()
    parts, motion = around(field)
    one, width = field.net.one, 2 * H / field.parts
    for i, (series, eta) in enumerate([*parts, (motion.whole, int(H * one))]):
        centre = 0.0 if i == len(parts) else -H + width * (i + 0.5)
        reach = float(Fraction(eta, one))
        assert reach >= (H if i == len(parts) else width / 2)
        f0, f1, f2 = ([float(x.exact.lo) for x in column] for column in series.v)
        drift = numbers([series.drift], one)[0]
        for epsilon in np.linspace(-reach, reach, 9):
            rest = f(on_the_curve(centre + epsilon), GAMMA + centre + epsilon) - f0 - epsilon * np.array(f1)
            assert np.all(np.abs(rest - epsilon**2 * np.array(f2)) <= epsilon**2 * drift + 1e-12)


@pytest.mark.parametrize("equation", ["log(x - 0.35)", "sqrt(0.66 - x)", "1/(x - 0.36)", "x**-3 + (0.65 - x)**0.5"])
def test_where_the_field_is_not_defined_on_all_of_the_tube(equation: str) -> None:
    """On the curve and at gamma~ it is, but not at an end of the piece, or beside the curve."""
    narrow = system([equation, *EQUATIONS[1:]])
    around(narrow, h=H / 64, r=R / 64)
    with pytest.raises(Undecided):
        around(narrow)
