"""Theorem L: the quadratic form, definiteness, what is enclosed around the predictor, and pieces that must be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat
from networks import two_layers

from proofgen.codegen.network import NetworkEmission
from proofgen.numbers.balls import working_precision
from proofgen.problem.network import Problem
from proofgen.proof.definite import Factor, Scaled, integers, least_eigenvalue_bound
from proofgen.proof.failure import ProofFailure
from proofgen.proof.form_piece import (
    DefectTooLarge,
    FormTube,
    FormWitness,
    defect,
    remainder,
    settle_form,
)
from proofgen.proof.tube_field import FieldOnPiece, norm, sizes, times
from proofgen.search.form_width import Experience, FormCandidate, form_candidate
from proofgen.search.predictor import cubic_along, newton_approx, value_at
from proofgen.search.quadratic_form import cholesky_approx, forms_near_the_axis, quadratic_form, rounded_form
from proofgen.spec.load import load_text
from proofgen.strategy.fields import emit_field, field_approx, field_balls
from proofgen.strategy.forms import layered_field

TWO_LAYERS = two_layers("-1", "1")
W1 = np.array([[0.5, -1, 0.25, 0], [1, 0.25, 0, -0.5], [0, 0.75, -0.5, 1]])
E1 = np.array([[1, 0, 0.5, 0], [0, -0.5, 0, 0], [0.25, 0, 0, 1]])
W2 = np.array([[1, 0.5, -0.25], [-0.75, 1, 0.5], [0.25, -1, 0.75], [0, 0.5, 1]])
B1, B2, LEAK = np.array([0.1, -0.2, 0.3]), np.array([0.2, 0, -0.1, 0.4]), np.array([1, 1.25, 0.75, 1.5])


def f(x: Any, gamma: float) -> Any:
    return np.arctan(W2 @ np.tanh((W1 + gamma * E1) @ x + B1) + B2) - LEAK * x


def jacobian(x: Any, gamma: float) -> Any:
    W = W1 + gamma * E1
    h = np.tanh(W @ x + B1)
    z = W2 @ h + B2
    return (1 / (1 + z * z))[:, None] * (W2 @ ((1 - h * h)[:, None] * W)) - np.diag(LEAK)


class Bench:
    """A problem with all that a piece needs, at 128 bits."""

    def __init__(self, problem: Problem) -> None:
        emission = emit_field(problem, "0" * 64)
        assert isinstance(emission, NetworkEmission)
        self.problem, self.field = problem, field_approx(problem, emission)
        self.evaluator: Any = field_balls(problem, emission)
        self.layers = layered_field(problem, emission)

    def candidate(self, gamma: float, half: float, experience: Experience | None = None) -> FormCandidate:
        x = newton_approx(self.field, np.zeros(self.field.n), gamma)
        found = form_candidate(self.field, gamma, half, x, experience or Experience(), False)
        assert found is not None
        return found

    def settle(self, c: FormCandidate, **changes: Any) -> FormTube:
        ends = Fraction(c.gamma) - Fraction(c.half), Fraction(c.gamma) + Fraction(c.half)
        factors = changes.pop("factors", tuple(factor(*pair) for pair in c.factors))
        return settle_form(self.layers, replace(witness(c), **changes), changes.pop("ends", ends), factors)


def scaled(P: Any, exponent: int = 20) -> Scaled:
    return Scaled(integers(np.rint(P * 2.0**exponent).astype(np.int64).tolist()), exponent)


def factor(L: Any, theta: float) -> Factor:
    return Factor(integers(np.rint(L * 2.0**28).astype(np.int64).tolist()), 28, Fraction(theta))


def columns(curve: Any) -> Any:
    return tuple([arb(x) for x in row] for row in curve.tolist())


def witness(c: FormCandidate) -> FormWitness:
    curve = None if c.curve is None else columns(c.curve)
    radius = None if c.curve is None else arb(c.radius)
    return FormWitness(Fraction(c.gamma), curve, radius, Fraction(c.margin), scaled(c.P))


@pytest.fixture(scope="module")
def bench() -> Any:
    with working_precision(128):
        problem = load_text(TWO_LAYERS)
        assert isinstance(problem, Problem)
        yield Bench(problem)


# --- untrusted: P and the predictor -------------------------------------------------------------


@pytest.mark.parametrize("n_right", [0, 2, 5])
def test_the_form_solves_lyapunovs_equation_in_each_half_plane(n_right: int) -> None:
    """Against the eigenvectors; λ_i + λ_j = 0 does no harm."""
    rng = np.random.default_rng(5)
    V = rng.standard_normal((5, 5)) + 3 * np.eye(5)
    values = np.array([1.0, 2, 0.5, 3, 0.25]) * np.where(np.arange(5) < n_right, 1, -1)
    values[-1] = -values[0] if n_right == 2 else values[-1]
    A = V @ np.diag(values) @ np.linalg.inv(V)
    P = quadratic_form(A)
    assert P is not None and np.array_equal(P, P.T)
    assert np.max(np.abs(rounded_form(P) - P)) <= 2.0**-23 * np.max(np.abs(P))
    sign = V @ np.diag(np.sign(values)) @ np.linalg.inv(V)
    expected = (np.eye(5) + sign.T @ sign) / 2
    assert np.allclose(P @ A + A.T @ P, expected, atol=1e-4)
    assert np.sum(np.linalg.eigvalsh(P) > 0) == n_right


def test_forms_near_the_axis() -> None:
    """One pair at −α ± i, α = 1e-6: definite forms of moderate size, about s·α at the pair; none without such a pair."""
    rng = np.random.default_rng(7)
    X = rng.standard_normal((5, 5)) + 2 * np.eye(5)
    D = np.diag([-1e-6, -1e-6, -1.0, -0.5, 2.0])
    D[0, 1], D[1, 0] = 1.0, -1.0
    A = X @ D @ np.linalg.inv(X)
    plain = quadratic_form(A)
    found = forms_near_the_axis(A)
    assert plain is not None and len(found) == 2 and np.linalg.norm(plain, 2) > 1e5
    for P in found:
        assert np.linalg.norm(P, 2) < 1e3
        M = P @ A + A.T @ P
        assert 1e-9 < np.linalg.eigvalsh(M)[0] < 1e-3
    assert forms_near_the_axis(X @ np.diag([-1.0, -1.5, 2, 3, 4]) @ np.linalg.inv(X)) == []



def test_the_cubic_is_taylors(bench: Bench) -> None:
    """x' and the distance from the branch, which goes with h⁴."""
    x = newton_approx(bench.field, np.zeros(4), 0.25)
    assert x is not None
    W = W1 + 0.25 * E1
    h = np.tanh(W @ x + B1)
    z = W2 @ h + B2
    moved = (1 / (1 + z * z)) * (W2 @ ((1 - h * h) * (E1 @ x)))
    slope = -np.linalg.solve(jacobian(x, 0.25), moved)
    far = []
    for half in (0.1, 0.05):
        c = cubic_along(bench.field, 0.25, x, half)
        assert c is not None
        assert np.allclose(c[0], x) and np.allclose(c[1], slope, atol=1e-3)
        far.append(max(np.max(np.abs(f(value_at(c, s * half), 0.25 + s * half))) for s in (-1, 1)))
    assert 10 < far[0] / far[1] < 25


# --- definiteness ---------------------------------------------------------------------------------


def test_least_eigenvalue() -> None:
    rng = np.random.default_rng(1)
    B = rng.standard_normal((12, 12))
    M = scaled(np.rint((B @ B.T + 0.1 * np.eye(12)) * 2.0**20) / 2.0**20)
    exact = np.array([[int(x) for x in row] for row in M.entries.tolist()]) / 2.0**20
    true = float(np.linalg.eigvalsh(exact)[0])
    found = cholesky_approx(exact)
    assert found is not None
    bound = float(least_eigenvalue_bound(M, factor(*found)))
    assert 0.97 * true < bound < true
    L, theta = found
    assert float(least_eigenvalue_bound(M, factor(L, 5 * theta))) < true  # a wrong claim gives a poor bound, never a false one
    assert float(least_eigenvalue_bound(M, factor(0 * L, theta))) < true
    with pytest.raises(ValueError):
        least_eigenvalue_bound(Scaled(integers([[1, 2], [3, 4]]), 0), factor(np.eye(2), 0.5))


# --- around the predictor -------------------------------------------------------------------------


def piece_of(bench: Bench, half: float, r: float) -> tuple[FieldOnPiece, Any]:
    x = newton_approx(bench.field, np.zeros(4), 0.25)
    assert x is not None
    curve = cubic_along(bench.field, 0.25, x, half)
    return bench.layers.on_piece(arb(0.25), columns(curve), arb(half), arb(r)), curve


def test_f_along_the_predictor_is_enclosed_narrowly(bench: Bench) -> None:
    half = 0.125
    piece, curve = piece_of(bench, half, 0.0)
    for i, part in enumerate(piece.parts):
        t = half * (2 * i + 1 - len(piece.parts)) / len(piece.parts)
        for epsilon in np.linspace(-1, 1, 9) * half / len(piece.parts):
            true = f(value_at(curve, t + epsilon), 0.25 + t + epsilon)
            step = arb(float(epsilon))
            for j, (v0, v1, v2, v3, d) in enumerate(zip(*part.f.at, part.f.drift, strict=True)):
                enclosed = v0 + step * (v1 + step * (v2 + step * arb(v3, d)))
                assert abs(float(enclosed.mid()) - true[j]) <= float(enclosed.rad()) + 1e-14
    P = np.diag([1.0, 2, 3, 4])
    true = max(float(np.linalg.norm(P @ f(value_at(curve, s), 0.25 + s))) for s in np.linspace(-half, half, 33))
    eta = float(defect(arb_mat(P.tolist()), arb_mat(P.tolist()), piece.parts))
    assert true <= eta < 2 * true


def test_the_jacobian_over_the_tube(bench: Bench) -> None:
    """|A(γ, x) − A_0 − δA_1| ≤ Ē at random places of the tube, and Ē is not far from it."""
    half, r, rng = 0.125, 0.02, np.random.default_rng(3)
    piece, curve = piece_of(bench, half, r)
    rows = [[float(x) for x in piece.rest.times([arb(int(i == j)) for i in range(4)])] for j in range(4)]
    again = [[float(x) for x in piece.rest.turned([arb(int(i == j)) for i in range(4)])] for j in range(4)]
    allowed = np.array(rows).T
    assert np.allclose(allowed, np.array(again), rtol=1e-12)  # Ēᵀ is the transpose of Ē
    A0, A1 = (np.array([[float(x) for x in row] for row in M.tolist()]) for M in (piece.A0, piece.A1))
    assert np.allclose(A0, jacobian(curve[0], 0.25), atol=1e-12)
    t = 1e-5
    numeric = (jacobian(value_at(curve, t), 0.25 + t) - jacobian(value_at(curve, -t), 0.25 - t)) / (2 * t)
    assert np.allclose(A1, numeric, atol=1e-8)
    worst = np.zeros((4, 4))
    for _ in range(400):
        delta = half * rng.choice([-1, 1, rng.uniform(-1, 1)])
        y = rng.standard_normal(4)
        x = value_at(curve, delta) + r * y / np.linalg.norm(y)
        worst = np.maximum(worst, np.abs(jacobian(x, 0.25 + delta) - A0 - delta * A1))
    assert np.all(worst <= allowed) and np.sum(allowed) < 8 * np.sum(worst)


def test_the_norm_of_the_remainder(bench: Bench) -> None:
    """ε is at least |PE + EᵀP|_2 for signs of E at random, and at most the Frobenius norm of |P|Ē + Ēᵀ|P|."""
    piece, _ = piece_of(bench, 0.125, 0.02)
    rng = np.random.default_rng(4)
    B = rng.standard_normal((4, 4))
    P = B + B.T
    E = np.array([[float(x) for x in piece.rest.times([arb(int(i == j)) for i in range(4)])] for j in range(4)]).T + 1e-3
    epsilon = float(remainder(sizes(arb_mat(P.tolist())), piece.rest, arb(1e-3)).most)
    for _ in range(200):
        S = E * rng.choice([-1, 1], (4, 4))
        assert np.linalg.norm(P @ S + S.T @ P, 2) <= epsilon
    whole = np.abs(P) @ E
    top = float(np.max(np.linalg.eigvalsh(whole + whole.T)))
    assert top <= epsilon < 1.1 * top


def test_a_box_of_weights_is_enclosed() -> None:
    text = TWO_LAYERS + '[proof]\nweight_radius = "1e-3"\n'
    with working_precision(128):
        problem = load_text(text)
        assert isinstance(problem, Problem)
        boxed = Bench(problem)
        piece, curve = piece_of(boxed, 0.05, 0.0)
        rng = np.random.default_rng(6)
        for _ in range(20):
            moved = [M + 1e-3 * rng.choice([-1, 1], M.shape) for M in (W1, W2, B1, B2)]
            gamma = 0.25 + 0.05 * float(rng.uniform(-1, 1))
            x = value_at(curve, gamma - 0.25)
            h = np.tanh((moved[0] + gamma * E1) @ x + moved[2])
            true = np.arctan(moved[1] @ h + moved[3]) - LEAK * x
            part = piece.parts[min(3, int((gamma - 0.2) / 0.025))]
            t = 0.05 * (2 * piece.parts.index(part) - 3) / 4
            step = arb(gamma - 0.25 - t)
            for value, v0, v1, v2, v3, d in zip(true.tolist(), *part.f.at, part.f.drift, strict=True):
                enclosed = v0 + step * (v1 + step * (v2 + step * arb(v3, d)))
                assert abs(float(enclosed.mid()) - value) <= float(enclosed.rad()) + 1e-14


# --- the theorem ----------------------------------------------------------------------------------


def test_a_piece_is_settled_and_holds_the_equilibria(bench: Bench) -> None:
    c = bench.candidate(0.25, 0.05)
    tube = bench.settle(c)
    for s in np.linspace(-1, 1, 5).tolist():
        gamma = c.gamma + s * c.half
        x = newton_approx(bench.field, value_at(c.curve, s * c.half), gamma)
        assert x is not None
        box = tube.equilibrium_near(bench.evaluator, Fraction(gamma), [arb(v) for v in x.tolist()])
        assert tube.holds(Fraction(gamma), box) and max(float(b.rad()) for b in box) < 1e-13
    far = [arb(v) for v in (value_at(c.curve, 0.0) + 2 * c.radius).tolist()]
    assert not tube.holds(Fraction(c.gamma), far)
    assert not tube.holds(Fraction(c.gamma + 2 * c.half), [arb(v) for v in value_at(c.curve, 0.0).tolist()])
    with pytest.raises(ProofFailure):
        tube.equilibrium_near(bench.evaluator, Fraction(c.gamma), far)


def _moved(c: FormCandidate, row: int, by: float) -> Any:
    curve = np.array(c.curve)
    curve[row] += by
    return columns(curve)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: {"form": scaled(-c.P)},
        lambda c: {"form": scaled(c.P + np.diag([20.0, 0, 0, 0]))},
        lambda c: {"curve": _moved(c, 0, 1e-2)},
        lambda c: {"curve": _moved(c, 1, 0.5)},
        lambda c: {"curve": _moved(c, 0, float("nan"))},
        lambda c: {"radius": arb(c.radius) / 1000},
        lambda c: {"radius": arb(100)},
        lambda c: {"radius": arb("nan")},
        lambda c: {"radius": arb(0)},
        lambda c: {"margin": Fraction(2)},
        lambda c: {"margin": Fraction(1, 10**9)},
        lambda c: {"factors": (factor(0 * c.factors[0][0], 0.5), factor(*c.factors[1]))},
    ],
)  # fmt: skip
def test_a_wrong_witness_is_refused(bench: Bench, change: Callable[[FormCandidate], dict[str, Any]]) -> None:
    c = bench.candidate(0.25, 0.05)
    bench.settle(c)
    with pytest.raises((ProofFailure, ValueError)):
        bench.settle(c, **change(c))


def test_too_wide_a_piece_is_refused(bench: Bench) -> None:
    c = bench.candidate(0.25, 0.05)
    w = witness(c)
    factors = tuple(factor(*pair) for pair in c.factors)
    ends = Fraction(c.gamma) - 1, Fraction(c.gamma) + 1
    with pytest.raises(ProofFailure):
        settle_form(bench.layers, w, ends, factors)
    with pytest.raises(ValueError, match="in the piece"):
        settle_form(bench.layers, w, (Fraction(1), Fraction(2)), factors)


ROTATION = """
[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = [["1", "-2", "0"], ["2", "1", "0"], ["0", "0", "0.5"]]
bias = ["0", "0", "0.25"]
activation = "tanh"
enters = "identity"
[parameter]
interval = ["-1", "1"]
"""


def test_no_piece_over_a_crossing() -> None:
    """The pair γ ± 2i at x = (0, 0, x_3) crosses the axis at γ = 0: no form whatever settles a piece around it."""
    with working_precision(128):
        problem = load_text(ROTATION)
        assert isinstance(problem, Problem)
        bench = Bench(problem)
        for half in (0.1, 1e-3, 1e-6):
            near = bench.candidate(0.5, 0.05)
            c = bench.field
            x = newton_approx(c, np.array([0, 0, 0.5]), half / 2)
            assert x is not None
            curve = cubic_along(c, half / 2, x, half)
            assert curve is not None
            for P in (near.P, np.diag([1.0, 1, -1]), np.diag([-1.0, -1, -1])):
                w = FormWitness(Fraction(half / 2), columns(curve), arb(1e-3), Fraction(1, 10**9), scaled(P))
                A = c.jacobian(x, half / 2)
                M = P @ A + A.T @ P
                found = cholesky_approx(M + 2 * np.eye(3))
                assert found is not None
                L, theta = found
                ends = Fraction(-half / 2), Fraction(half * 1.5)
                with pytest.raises((DefectTooLarge, ProofFailure)):
                    settle_form(bench.layers, w, ends, (factor(L, theta), factor(L, theta)))


def test_the_trivial_branch() -> None:
    """x = 0: nothing but the matrix. The pair γ − 1/2 ± i of x' = −x + tanh((W + γI)x) is left of the axis for γ < 1/2."""
    text = ROTATION.replace('bias = ["0", "0", "0.25"]\n', "").replace('["1", "-2", "0"], ["2", "1", "0"]', '["0.5", "-1", "0"], ["1", "0.5", "0"]')
    with working_precision(128):
        problem = load_text(text)
        assert isinstance(problem, Problem)
        bench = Bench(problem)
        for middle, settled in ((0.0, True), (0.45, False)):
            found = form_candidate(bench.field, middle, 0.1, None, Experience(), False)
            assert found is not None
            if settled:
                tube = bench.settle(found)
                assert tube.holds(Fraction(0), [arb(0)] * 3) and not tube.holds(Fraction(0), [arb(0, 1e-9)] * 3)
            else:
                assert found.share < 1 and len(found.factors) < 2


def test_norm_and_product_of_balls() -> None:
    assert 5 <= float(norm([arb(3, 0), arb(-4, 0)])) < 5 + 1e-9
    assert float(norm([arb(0, 1)] * 4)) >= 2
    product = times(arb_mat([[1, 2], [3, 4]]), [arb(1), arb(0)], [arb(0), arb(1)])
    assert [[float(x) for x in column] for column in product] == [[1, 3], [2, 4]]
