"""The theorem about folds where it must not apply: degenerate points, another eigenvalue on the axis, boxes too large."""

from __future__ import annotations

import numpy as np
import pytest
from fields import field
from flint import acb, arb, arb_mat

from proofgen.bundle.problem import describe
from proofgen.numbers.balls import working_precision
from proofgen.problem.equations import EquationsProblem
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.field import FieldBalls
from proofgen.proof.fold import FoldProof, prove_fold
from proofgen.proof.fold_system import FoldWitness, fold_system_derivative, prove_fold_box
from proofgen.proof.spectrum import Witness, prepare_basis
from proofgen.strategy import branch
from proofgen.strategy.workshop import Setting, Workshop


@pytest.fixture(autouse=True)
def bits() -> object:
    with working_precision(128):
        yield


def evaluator(problem: EquationsProblem) -> FieldBalls:
    emission = branch.emit(problem, describe(problem)[1].sha256)
    return Workshop(Setting(problem, emission, 128, False, "spectral")).evaluator


def at_origin(balls: FieldBalls, direction: int, radius: str, left: int | None = None) -> FoldWitness:
    """γ = 0, x = 0, v = φ = e_direction, the best inverse there is; l = e_left, by default e_direction."""
    n = balls.n
    e = [[arb(int(i == k)) for i in range(n)] for k in range(n)]
    zero = [arb(0)] * n
    D = fold_system_derivative(balls, arb(0), zero, e[direction], e[direction])
    A = np.linalg.pinv(np.array([[float(x.mid()) for x in row] for row in D.table()]))
    R = [arb(radius)] * (2 * n + 1)
    return FoldWitness(arb(0), zero, e[direction], e[direction], arb_mat(A.tolist()), R, e[direction if left is None else left])


def proved(equations: str, radius: str, centres: list[complex], variables: str = "x; y", left: int | None = None) -> FoldProof:
    """With the coordinates as eigenvectors (Re, Im for a pair); the eigenvalue 0 is that of the block behind the pairs."""
    balls = evaluator(field(variables, equations, "-1, 1"))
    m, n = sum(c.imag > 0 for c in centres), balls.n
    identity = arb_mat([[arb(int(i == j)) for j in range(n)] for i in range(n)])
    basis = prepare_basis(Witness(m, identity, identity, [acb(c) for c in centres]))
    return prove_fold(balls, basis, prove_fold_box(balls, at_origin(balls, 2 * m, radius, left)), m)


def code(*arguments: object, **options: object) -> FailureCode:
    with pytest.raises(ProofFailure) as caught:
        proved(*arguments, **options)  # type: ignore[arg-type]
    return caught.value.failure.code


def test_the_normal_form() -> None:
    proof = proved("gamma - 2*x**2; -y", "0.1", [0, -1])
    assert proof.a.overlaps(arb(-2)) and proof.b.overlaps(arb(1)) and (proof.unstable, proof.stable) == (0, 1)
    assert proof.solutions_for == "above" and proof.spectral_gap is not None and 0.99 < float(proof.spectral_gap) <= 1
    assert max(float(x.rad()) for x in (proof.a, proof.b)) < 1e-25


@pytest.mark.parametrize("radius", ["1e-1", "1e-6", "1e-15"])
@pytest.mark.parametrize("equations", ["gamma + x**3; -y", "gamma*x - x**2; -y", "gamma*x - x**3; -y", "gamma**2 + x**2; -y", "gamma + x*y; -y"])
def test_degenerate(equations: str, radius: str) -> None:
    """Cusp, transcritical, pitchfork, isola, and a field with a = 0: no box has one zero with DF invertible."""
    assert code(equations, radius, [0, -1]) is FailureCode.FOLD_NOT_VERIFIED


def test_two_folds_in_one_box() -> None:
    """γ + x(x² − 10^−6): folds at x = ±0.000577; a box that holds both proves neither, and no fold is at the origin."""
    for radius in ("1e-2", "1e-3", "1e-4"):
        assert code("gamma + x*(x**2 - 1e-6); -y", radius, [0, -1]) is FailureCode.FOLD_NOT_VERIFIED


def test_double_zero() -> None:
    """Bogdanov–Takens: the system of the fold has one zero, but 0 is not algebraically simple."""
    assert code("y; gamma + x**2", "0.1", [0, 0], left=1) in (FailureCode.REAL_PARTS_NOT_SEPARATED, FailureCode.AXIS_NOT_CLEAR)


def test_fold_hopf() -> None:
    assert code("y; -x; gamma + z**2", "0.1", [1j, 0], variables="x; y; z") is FailureCode.FOLD_HOPF


def test_a_pair_beside_the_axis_is_counted() -> None:
    proof = proved("x/8 + y; -x + y/8; gamma + z**2", "0.1", [0.125 + 1j, 0], variables="x; y; z")
    assert (proof.unstable, proof.stable, proof.solutions_for) == (2, 0, "below")


def test_a_box_that_is_too_large() -> None:
    assert code("gamma + x**2 + x**3; -y", "0.5", [0, -1]) is FailureCode.FOLD_NOT_VERIFIED
    assert proved("gamma + x**2 + x**3; -y", "0.05", [0, -1]).solutions_for == "below"


def test_a_radius_must_be_positive() -> None:
    for radius in ("0", "-0.1"):
        assert code("gamma + x**2; -y", radius, [0, -1]) is FailureCode.FOLD_NOT_VERIFIED


def test_a_wrong_left_vector_is_no_harm() -> None:
    """l is corrected by the residual: a bad one gives a wide enclosure, never a wrong one."""
    balls = evaluator(field("x; y", "gamma + x**2; -y + x + gamma", "-1, 1"))
    for tilt in (0, 1e-9, 1e-3):
        w = at_origin(balls, 0, "0.05")
        w = FoldWitness(w.gamma, w.x, [arb(1), arb(1)], w.phi, w.A, w.R, [arb(1), arb(tilt)])
        D = fold_system_derivative(balls, arb(0), w.x, w.v, w.phi)
        A = np.linalg.inv(np.array([[float(x.mid()) for x in row] for row in D.table()]))
        box = prove_fold_box(balls, FoldWitness(w.gamma, w.x, w.v, w.phi, arb_mat(A.tolist()), w.R, w.left))
        assert box.left[0].overlaps(arb(1)) and box.left[1].overlaps(arb(0))
        assert float(box.left[1].rad()) >= tilt
