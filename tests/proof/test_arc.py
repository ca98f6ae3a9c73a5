"""Theorem K where it applies, against closed forms, and where it must not: other turns, other eigenvalues, tubes too wide."""

from __future__ import annotations

import numpy as np
import pytest
from fields import field
from flint import acb, arb, arb_mat

from proofgen.bundle.problem import describe
from proofgen.numbers.balls import working_precision
from proofgen.proof.arc import ArcTube, ArcWitness, prove_arc
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.spectrum import Witness, prepare_basis
from proofgen.search.arc import away_from_fold, fold_chart, on_arc
from proofgen.search.balance import balanced, levelled
from proofgen.search.witness import WitnessLimbs
from proofgen.strategy import branch
from proofgen.strategy.workshop import Setting, Workshop


@pytest.fixture(autouse=True)
def bits() -> object:
    with working_precision(128):
        yield


def shop(equations: str, variables: str = "x; y") -> Workshop:
    problem = field(variables, equations, "-1, 1")
    emission = branch.emit(problem, describe(problem)[1].sha256)
    return Workshop(Setting(problem, emission, 128, False, "spectral"))


def proved(
    equations: str, half: float, R: tuple[float, ...], centres: list[complex], *, variables: str = "x; y",
    k: int | None = None, inverse: float = 1.0,
) -> ArcTube:  # fmt: skip
    """At γ = 0, x = 0, with v = φ = e_1, the coordinates as eigenvectors (pairs first) and the best C there is."""
    own = shop(equations, variables)
    m, n = sum(c.imag > 0 for c in centres), own.field.n
    v = np.eye(n)[2 * m]
    zero = np.zeros(n)
    DG = np.vstack([np.column_stack([own.field.f_gamma(zero, 0.0), own.field.jacobian(zero, 0.0)]), np.append(0.0, v)])
    C = arb_mat((inverse * np.linalg.pinv(DG)).tolist())
    identity = arb_mat(np.eye(n).tolist())
    basis = prepare_basis(Witness(m, identity, identity, [acb(c) for c in centres]))
    e = [arb(x) for x in v.tolist()]
    witness = ArcWitness(arb(0), [arb(0)] * n, e, e, C, [arb(r) for r in R], arb(half))
    return prove_arc(own.evaluator, basis, witness, m if k is None else k)


def code(*arguments: object, **options: object) -> FailureCode:
    with pytest.raises(ProofFailure) as caught:
        proved(*arguments, **options)  # type: ignore[arg-type]
    return caught.value.failure.code


GOOD = ("gamma + x**2; -y", 0.1, (0.04, 0.01, 0.03), [0, -1])


def test_a_parabola() -> None:
    """γ = −t², x = t: inside of the tube for |t| ≤ 1/10; the enclosure of γ holds all of it."""
    tube = proved(*GOOD)
    assert tube.parameter.contains(arb(0)) and tube.parameter.contains(arb("-0.01"))
    for t in ("-0.0999", "-0.05", "0", "0.07", "0.0999"):
        assert tube.contains(-arb(t) ** 2, [arb(t), arb(0)])
    assert not tube.contains(arb("-0.0121"), [arb("0.11"), arb(0)])  # |t| > h
    assert not tube.contains(arb("-0.05"), [arb("0.05"), arb(0)])  # γ too far
    assert not tube.contains(arb("-0.0025"), [arb("0.05"), arb("0.04")])  # y too far
    assert not tube.contains(-arb(0, 1), [arb(0), arb(0)])


def test_a_tube_must_be_mapped_into_itself() -> None:
    equations, half, R, centres = GOOD
    for other in ((0.005, 0.01, 0.03), (0.04, 3.0, 0.03)):  # smaller than γ moves; too wide for Z
        assert code(equations, half, other, centres) is FailureCode.FOLD_NOT_VERIFIED
    assert code(equations, 1.0, R, centres) is FailureCode.FOLD_NOT_VERIFIED
    for inverse in (0.0, -1.0, 3.0):
        assert code(equations, half, R, centres, inverse=inverse) is FailureCode.FOLD_NOT_VERIFIED
    assert code(equations, half, (0.04, 0.0, 0.03), centres) is FailureCode.FOLD_NOT_VERIFIED
    assert code(equations, -half, R, centres) is FailureCode.FOLD_NOT_VERIFIED


@pytest.mark.parametrize("equations", ["gamma + x**3; -y", "gamma + x**2*(x - 0.05); -y", "gamma - x**4; -y"])
def test_more_or_fewer_turns_than_one(equations: str) -> None:
    """A cusp, two folds on one arc, a fold of higher order: g' is not bounded away from 0."""
    assert code(equations, 0.1, (0.03, 0.03, 0.03), [0, -1]) is FailureCode.FOLD_NOT_VERIFIED


def test_no_arc_where_branches_cross() -> None:
    assert code("gamma*x - x**2; -y", 0.1, (0.03, 0.03, 0.03), [0, -1]) is FailureCode.FOLD_NOT_VERIFIED


def test_other_eigenvalues_stay_off_the_axis() -> None:
    """The second one is x − 1/20, so that DG is singular on the arc; the pair is x/2 ± i: both cross."""
    assert code("gamma + x**2; (x - 0.05)*y", *GOOD[1:3], [0, -0.05]) is FailureCode.FOLD_NOT_VERIFIED
    pair = "x/2*y + z; -y + x/2*z; gamma + x**2"
    assert code(pair, 0.1, (0.04, 0.03, 0.03, 0.01), [1j, 0], variables="y; z; x") is FailureCode.FOLD_HOPF
    assert code("gamma + x**2; -y", *GOOD[1:3], [0, -1], k=1) is FailureCode.AXIS_NOT_CLEAR
    proved("x/2*y + 5*z - 9*y; -5*y + x/2*z - 9*z; gamma + x**2", 0.1, (0.04, 0.03, 0.03, 0.01), [-9 + 5j, 0], variables="y; z; x")


def test_the_search_follows_the_curve_on_both_sides() -> None:
    """u = x − 2 tanh x: at tanh x = 1/√2 it turns around."""
    own = shop("-x + 2*tanh(x) + gamma; -y")
    x = float(np.arctanh(np.sqrt(0.5)))
    chart = fold_chart(own.field, x - np.sqrt(2), np.array([x, 0.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.ones(3))
    assert chart is not None and abs(chart.curve[0] - np.sqrt(2)) < 1e-9  # u″ = 2·√½ of 4 tanh/cosh²
    for side in (-1, 1):
        found = away_from_fold(own.field, chart, side * 1e-3, 0.1)
        assert abs(found[-1][0] - chart.gamma) >= 0.1 and len(found) > 10
        for gamma, (first, second) in found:
            assert side * (first - x) > 0 and abs(gamma - (first - 2 * np.tanh(first))) < 1e-12 and second == 0
        z = on_arc(own.field, chart, side * 0.25)
        assert z is not None and abs(z[1][0] - (x + side * 0.25)) < 1e-12


def test_lengths_of_eigenvectors() -> None:
    """The largest sum of a row of M/|d|, which limits a piece, becomes smaller; the best there is, is 100."""
    basis = WitnessLimbs(0, [np.eye(2)], [np.eye(2)], [np.array([[1e-4, 0.0], [-1.0, 0.0]])])
    made = balanced(basis, np.array([[0.0, 1.0], [1.0, 0.0]]))
    lengths = np.diag(made.X[0])
    assert np.array_equal(made.X[0] @ made.Y[0], np.eye(2)) and all(np.frexp(lengths)[0] == 0.5)
    sums = np.array([1e4 * lengths[1] / lengths[0], lengths[0] / lengths[1]])
    assert sums.max() < 1e3 and sums.max() / sums.min() < 100  # before: 10⁴ and 1


def test_lengths_where_eigenvalues_are_orders_of_magnitude_apart() -> None:
    """A pair 2^40 times smaller than the real eigenvalue: its columns keep their length, the other is 2^5 times longer."""
    d = np.array([[0.0, 2.0**-10], [-(2.0**30), 0.0]])
    basis = WitnessLimbs(1, [np.eye(3), np.zeros((3, 3))], [np.eye(3), np.zeros((3, 3))], [d])
    made = levelled(basis)
    assert made is not None and np.array_equal(np.diag(made.X[0]), [1, 1, 32]) and len(made.X) == 2
    assert np.array_equal(made.X[0] @ made.Y[0], np.eye(3))
    assert levelled(WitnessLimbs(1, [np.eye(3)], [np.eye(3)], [np.array([[0.0, 1.0], [-(2.0**20), 0.0]])])) is None
    assert levelled(WitnessLimbs(0, [np.eye(1)], [np.eye(1)], [np.array([[0.0, 0.0]])])) is None
