"""Equations around a cubic predictor, in the prover and in the checker: what is enclosed, against values at random places."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat
from networks import TWO_CELLS

from proofgen.bundle.problem import describe
from proofgen.checker.equations_problem import read_equations
from proofgen.checker.form_equations import FormEquations
from proofgen.checker.intervals import real
from proofgen.checker.products import python_product
from proofgen.numbers.balls import working_precision
from proofgen.proof.form_piece import defect
from proofgen.search.predictor import cubic_along, newton_approx, value_at
from proofgen.spec.load import load_text
from proofgen.strategy.fields import KINDS, emit_field, field_approx

GAMMA, HALF, R = 1.0625, 0.03125, 2.0**-9


def jacobian(x: Any, a: float) -> Any:
    """By hand."""
    (u1, v1, u2, v2), b = x, 2.0
    s1, s2 = (0.25 / math.cosh(u) ** 2 for u in (u1, u2))
    return np.array([
        [-b - 1 + 2 * u1 * v1 - s1, u1 * u1, s2, 0],
        [b - 2 * u1 * v1, -u1 * u1 - 0.5, 0, 0.5],
        [s1, 0, -b - 1 + 2 * u2 * v2 - s2, u2 * u2],
        [0, 0.5, b - 2 * u2 * v2, -u2 * u2 - 0.5],
    ])  # fmt: skip


class Piece:
    """Over |γ − γ̃| ≤ HALF, |x − c| ≤ radius, by both programs."""

    def __init__(self, radius: float = R) -> None:
        problem: Any = load_text(TWO_CELLS)
        emission = emit_field(problem, "0" * 64)
        self.field = field_approx(problem, emission)
        x = newton_approx(self.field, np.array([GAMMA, 2 / GAMMA, GAMMA, 2 / GAMMA]), GAMMA)
        assert x is not None
        curve = cubic_along(self.field, GAMMA, x, HALF)
        assert curve is not None
        curve += 1e-3 * np.arange(16).reshape(4, 4) * [[1], [1], [1], [0]]  # f along it is not nearly 0
        self.curve = curve
        columns = tuple([arb(y) for y in row] for row in curve.tolist())
        A = [jacobian(value_at(curve, d), GAMMA + d) for d in (-HALF, 0, HALF)]
        self.bend = (A[0] + A[2] - 2 * A[1]) / 4
        field = KINDS["equations"].tube_field(problem, emission)
        self.proved = field.on_piece(arb(GAMMA), columns, arb(HALF), arb(radius), arb_mat(self.bend.tolist()))
        document = describe(problem)[1].document
        own = FormEquations(read_equations(document, "", python_product, "problem.json"))
        self.one, F = own.net.one, own.net.F
        reals = [[real(Fraction(y), F) for y in row] for row in curve.tolist()]
        h, r = (int(y * self.one) for y in (HALF, radius))
        self.parts, self.checked = own.around(real(Fraction(GAMMA), F), reals, h, r, False)

    def allowed(self, centred: bool = False) -> list[Any]:
        """Ē of both, around A_0 or around A_0 + C."""
        ours, theirs = (
            (self.proved.around_centre, self.checked.around_centre) if centred else (self.proved.rest, self.checked.rest)
        )
        units = [[arb(int(i == j)) for i in range(4)] for j in range(4)]
        proved = np.array([[float(y) for y in ours.times(e)] for e in units]).T
        turned = np.array([[float(y) for y in ours.turned(e)] for e in units])
        own = [[int(i == j) * self.one for i in range(4)] for j in range(4)]
        checked = np.array([theirs.times(e) for e in own]).T.astype(float) / self.one
        assert np.allclose(proved, turned, rtol=1e-9)
        assert np.allclose(checked, np.array([theirs.turned(e) for e in own]).astype(float) / self.one)
        return [proved, checked]


@pytest.fixture(scope="module")
def piece() -> Any:
    with working_precision(128):
        yield Piece()


def test_f_along_the_predictor(piece: Piece) -> None:
    with working_precision(128):
        P = np.array([[2.0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 3]])
        true = max(
            float(np.linalg.norm(P @ piece.field.f(value_at(piece.curve, s), GAMMA + s))) for s in np.linspace(-HALF, HALF, 33)
        )
        eta = float(defect(arb_mat(P.tolist()), arb_mat(np.abs(P).tolist()), piece.proved.parts))
        assert true <= eta < 1.3 * true
        for part, (series, width) in zip(piece.proved.parts, piece.parts, strict=True):
            assert float(part.eta) == width / piece.one
            for column, vector in list(zip(part.f.at, series.v, strict=True))[:2]:
                assert np.allclose([float(x) for x in column], [(x.lo + x.hi) / 2 / piece.one for x in vector])
            own = np.array(series.drift).astype(float) / piece.one
            assert np.all(own <= [1.001 * float(x) for x in part.f.drift])  # the prover leaves room for the checker


def test_the_jacobian_on_the_tube(piece: Piece) -> None:
    """|A(x, γ) − A_0 − δA_1| ≤ Ē at random places, and Ē is not far from it."""
    A0, A1 = (np.array([[float(x) for x in row] for row in M.tolist()]) for M in (piece.proved.A0, piece.proved.A1))
    for own, M in ((piece.checked.A0, A0), (piece.checked.A1, A1)):
        assert np.allclose(np.array(own[0]).astype(float) / piece.one, M, atol=1e-15)
    assert np.allclose(A0, jacobian(piece.curve[0], GAMMA))
    rng, worst = np.random.default_rng(3), np.zeros((4, 4))
    for _ in range(1000):
        delta = HALF * rng.choice([-1, 1, rng.uniform(-1, 1)])
        y = rng.standard_normal(4)
        x = value_at(piece.curve, delta) + R * y / np.linalg.norm(y)
        worst = np.maximum(worst, np.abs(jacobian(x, GAMMA + delta) - A0 - delta * A1))
    for allowed in piece.allowed():
        assert np.all(worst <= allowed + 1e-15) and np.sum(allowed) < 4 * np.sum(worst)


@pytest.mark.parametrize("radius", [R, 2.0**-40])
def test_the_jacobian_around_a_centre(radius: float) -> None:
    """|A(x, γ) − A_0 − C − δA_1| ≤ Ē with the C of each program; in a narrow tube less of Ē is left of u², which is convex."""
    rng, random = np.random.default_rng(5), []
    with working_precision(128):
        piece = Piece(radius)
        A1 = np.array([[float(x) for x in row] for row in piece.proved.A1.tolist()])
        proved = np.array([[float(x) for x in row] for row in piece.proved.centre.tolist()])
        checked = np.array(piece.checked.centre[0]).astype(float) / piece.one
        assert np.allclose(proved, jacobian(piece.curve[0], GAMMA) + piece.bend, atol=1e-15)
        for _ in range(1000):
            delta = HALF * rng.choice([-1, 0, 1, rng.uniform(-1, 1)])
            y = rng.standard_normal(4)
            random.append((delta, jacobian(value_at(piece.curve, delta) + radius * y / np.linalg.norm(y), GAMMA + delta)))
        for centre, around, rest in zip((proved, checked), piece.allowed(centred=True), piece.allowed(), strict=True):
            left = np.max([np.abs(M - centre - delta * A1) for delta, M in random], axis=0)
            assert np.all(left <= around + 1e-15) and np.sum(around) < 8 * np.sum(left)
            assert np.all(around <= rest) and (radius == R or around[0, 1] < 0.7 * rest[0, 1])


def test_what_is_left_at_the_centre(piece: Piece) -> None:
    """At δ = 0, where x is within a quarter of the radius; the part that moves is not in it."""
    rng, worst = np.random.default_rng(4), np.zeros((4, 4))
    A0 = jacobian(piece.curve[0], GAMMA)
    for _ in range(300):
        y = rng.standard_normal(4)
        worst = np.maximum(worst, np.abs(jacobian(piece.curve[0] + R / 4 * y / np.linalg.norm(y), GAMMA) - A0))
    ones = [arb(1)] * 4
    proved = [float(x) for x in piece.proved.rest.still(arb("0.25")).times(ones)]
    checked = [x / piece.one for x in piece.checked.rest.still(Fraction(1, 4)).times([piece.one] * 4)]
    for found in (proved, checked):
        assert np.all(np.sum(worst, axis=1) <= np.array(found) + 1e-15) and sum(found) < 4 * np.sum(worst)
