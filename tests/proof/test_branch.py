"""Lemma T, Theorem B for one block, the refined eigenvalue and the distance from the axis, against mpmath."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from fields import field
from flint import acb, arb, arb_mat
from networks import PAPER

from proofgen.approx.network import layered_field_approx
from proofgen.codegen.approx import equations_field_approx
from proofgen.codegen.equations import emit_equations
from proofgen.codegen.equations_balls import equations_balls
from proofgen.codegen.network import emit_network, network_balls
from proofgen.numbers.balls import working_precision
from proofgen.proof.crossing import prove_crossing
from proofgen.proof.eigenvectors import eigenvalue_of, eigenvector_bounds, enclose_pair
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.field import FieldBalls
from proofgen.proof.hopf_system import NewtonWitness, hopf_system, hopf_system_derivative, prove_newton_ball
from proofgen.proof.locus import (
    IMAGINARY_AXIS,
    UNIT_CIRCLE,
    Locus,
    clearance,
    distance,
    require_clear,
    require_isolated,
    unstable,
)
from proofgen.proof.pieces import inside
from proofgen.proof.spectrum import Basis, Witness, enclose_spectrum, isolated, prepare_basis
from proofgen.proof.tube import BranchWitness, Tube, TubeTooNarrow, enclose_branch
from proofgen.search.eigenbasis import eigenbasis_approx
from proofgen.search.local_witness import LocalWitness, local_witness
from proofgen.spec.load import load
from proofgen.strategy.workshop import branch_witness, exact_matrix_of_limbs, point_of_fraction, with_wide_tube

NETWORKS = PAPER.parent / "networks"


def basis_of(A: np.ndarray) -> Basis:
    w = eigenbasis_approx(A)
    assert w is not None
    X, Y, d = (exact_matrix_of_limbs(part) for part in (w.X, w.Y, w.d))
    return prepare_basis(Witness(w.pairs, X, Y, [acb(re, im) for re, im in d.table()]))


def random_matrix(seed: int, n: int = 7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((n, n))
    return np.asarray(A - A.T + 0.3 * rng.standard_normal((n, n)))


@pytest.mark.parametrize("seed", range(6))
def test_eigenvectors_of_every_block(seed: int) -> None:
    """q and p of pairs and of real eigenvalues hold the exact vectors with u_k = 1; λ by one row holds the eigenvalue."""
    A = random_matrix(seed)
    with working_precision(160), mp.workdps(50):
        basis = basis_of(A)
        ball = arb_mat(A.tolist())
        spectrum = enclose_spectrum(ball, basis.witness, basis)
        values, left, right = mp.eig(mp.matrix(A.tolist()), left=True, right=True)
        X = np.array(mp.matrix([[mp.mpf(x) for x in row] for row in np.asarray(basis.witness.X.tolist(), dtype=float)]).tolist())
        for k, d in enumerate(spectrum.d):
            target = mp.mpc(float(d.real.mid()), float(d.imag.mid()))
            j = min(range(len(values)), key=lambda i: abs(values[i] - target))
            bounds = eigenvector_bounds(spectrum, k)
            q, p_bar = enclose_pair(basis, k, bounds)
            exact = [right[i, j] for i in range(7)]
            # normalise so that the k-th coefficient in the basis X (complex indices) is 1
            column = 2 * k if k < spectrum.m else k + spectrum.m
            y = mp.lu_solve(mp.matrix(X.tolist()), mp.matrix(exact))
            scale = (y[column] - 1j * y[column + 1]) / 2 if k < spectrum.m else y[column]
            for ball_, value in zip(q, exact, strict=True):
                assert near(ball_, value / scale) and float(ball_.real.rad()) < 1e-12
            pq = sum((acb(a) * b for a, b in zip(p_bar, q, strict=True)), acb(0))
            assert abs(pq - 1) < 1e-11
            exact_left = [left[j, i] for i in range(7)]
            factor = mp.mpc(*(mp.mpf(part.mid().str(40, radius=False)) for part in (p_bar[0].real, p_bar[0].imag))) / exact_left[0]
            assert all(near(b, value * factor, 1e-10) for b, value in zip(p_bar, exact_left, strict=True))
            refined = eigenvalue_of(ball, basis, spectrum, bounds, k)
            assert near(refined, values[j]) and float(refined.real.rad()) <= float(spectrum.g[k].mid()) * 1.1


def near(ball: acb, value: mp.mpc, slack: float = 1e-25) -> bool:
    """The ball (with a little room for the reference's rounding) holds the value."""
    re, im = (mp.mpf(part.mid().str(45, radius=False)) for part in (ball.real, ball.imag))
    wide = [mp.mpf(str(part.rad().mid().str(20, radius=False))) * mp.mpf("1.001") + slack for part in (ball.real, ball.imag)]
    return abs(re - mp.re(value)) <= wide[0] and abs(im - mp.im(value)) <= wide[1]


def test_refined_distance_from_the_axis() -> None:
    """A wide interval matrix: Gershgorin's disc meets the axis, the bound by Theorem B does not, and it is right."""
    A = np.array([[0.05, -2.0, 0, 0], [2.0, 0.05, 0, 0], [0, 0, -3.0, -5.0], [0, 0, 5.0, -3.0]])
    r = random.Random(1)
    with working_precision(128):
        basis = basis_of(A)
        wide = arb_mat([[arb(float(x), 0.04 if (i < 2) != (j < 2) else 0.001) for j, x in enumerate(row)] for i, row in enumerate(A)])
        spectrum = enclose_spectrum(wide, basis.witness, basis)
        k = int(np.argmin([abs(float(d.imag.mid()) - 2) for d in spectrum.d]))
        assert not (abs(spectrum.d[k].real) - spectrum.g[k] > 0)
        away = distance(spectrum, k)
        assert away > 0.03
        for _ in range(200):
            M = A + np.array([[r.uniform(-1, 1) * (0.04 if (i < 2) != (j < 2) else 0.001) for j in range(4)] for i in range(4)])
            values = np.linalg.eigvals(M)
            assert min(abs(values.real)) >= float(away.mid())
        require_clear(spectrum, None)


@pytest.mark.parametrize(("locus", "side"), [(IMAGINARY_AXIS, np.real), (UNIT_CIRCLE, lambda z: np.abs(1 + z) - 1)])
def test_eigenvalues_stay_away_from_a_locus(locus: Locus, side: Callable[[np.ndarray], np.ndarray]) -> None:
    """For every matrix in a box: no nearer than proved, and as many unstable ones as counted."""
    r = random.Random(2)
    proved = 0
    with working_precision(128):
        for _ in range(12):
            A = np.array([[r.uniform(-1, 1) for _ in range(5)] for _ in range(5)])
            basis = basis_of(A)
            wide = arb_mat([[arb(float(x), 0.002) for x in row] for row in A])
            spectrum = enclose_spectrum(wide, basis.witness, basis)
            gap, touching = clearance(spectrum, None, locus)
            if touching:
                with pytest.raises(ProofFailure, match=locus.name):
                    require_clear(spectrum, None, locus)
                continue
            proved += 1
            assert gap is not None
            for _ in range(20):
                values = np.linalg.eigvals(A + np.array([[r.uniform(-0.002, 0.002) for _ in range(5)] for _ in range(5)]))
                assert np.min(np.abs(side(values))) >= float(gap.mid())
                assert np.sum(side(values) > 0) == unstable(spectrum, -1, locus)
    assert proved >= 4


def test_an_eigenvalue_on_a_locus_is_never_clear_of_it() -> None:
    """Of a map whose multipliers are those of a rotation, and 1/4; of a flow with a pair ±0.8i."""
    rotation = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 0.25]])
    with working_precision(128):
        for A, locus in ((rotation - np.eye(3), UNIT_CIRCLE), (rotation - np.diag([0.6, 0.6, 0]), IMAGINARY_AXIS)):
            basis = basis_of(A)
            spectrum = enclose_spectrum(arb_mat(A.tolist()), basis.witness, basis)
            with pytest.raises(ProofFailure, match=locus.name) as caught:
                require_clear(spectrum, None, locus)
            assert caught.value.failure.code is locus.not_clear
            assert unstable(spectrum, 0, locus) == (0 if locus is UNIT_CIRCLE else 1)


@pytest.mark.parametrize("locus", [IMAGINARY_AXIS, UNIT_CIRCLE])
def test_the_speed_is_the_derivative_of_the_level(locus: Locus) -> None:
    """And the level has the sign of the distance."""
    r = random.Random(3)
    with working_precision(256):
        step = arb(2) ** -60
        for _ in range(20):
            z, w = (acb(arb(r.uniform(-2, 2)), arb(r.uniform(-2, 2))) for _ in range(2))
            difference = (locus.level(z + w * step) - locus.level(z - w * step)) / (2 * step)
            assert abs(locus.speed(z, w) - difference) < 1e-30
            assert locus.level(z) * locus.side(z) > 0


def test_where_a_map_crosses_the_unit_circle() -> None:
    """The delayed logistic map (x, y) → (γx(1 − y), x): |μ|² = γ − 1 at its fixed point, so γ* = 2 with speed 1/2."""
    problem = field("x; y", "gamma*x*(1 - y) - x; x - y", "1.5, 2.5", more='start = ["0.4", "0.4"]')
    emission = emit_equations(problem, "0" * 64)
    approx, h = equations_field_approx(problem, emission), 2.0**-8
    w = local_witness(approx, 1.999, np.array([0.5, 0.5]), h)
    assert w is not None and w.basis.pairs == 1
    with working_precision(128):
        balls, Gamma = equations_balls(problem, emission), arb(1.999, h)
        _, crossing = with_wide_tube(w, lambda basis, b: prove_crossing(balls, basis, b, Gamma, 0, UNIT_CIRCLE))
        assert crossing.parameter.contains(2) and float(crossing.parameter.rad()) < 1e-4
        assert crossing.slope.contains(arb("0.5")) and crossing.clearance is None
        with pytest.raises(ProofFailure, match=r"speed .* is not proved nonzero"):
            with_wide_tube(w, lambda basis, b: prove_crossing(balls, basis, b, Gamma, 0))


def test_discs_that_overlap_are_not_isolated() -> None:
    A = np.diag([1.0, 1.0 + 1e-9, -2.0])
    with working_precision(128):
        basis = basis_of(A)
        wide = arb_mat([[arb(float(x), 1e-6) for x in row] for row in A])
        spectrum = enclose_spectrum(wide, basis.witness, basis)
        assert sum(isolated(spectrum, k) for k in range(3)) == 1
        with pytest.raises(ProofFailure) as caught:
            require_isolated(spectrum, next(k for k in range(3) if not isolated(spectrum, k)))
        assert caught.value.failure.code is FailureCode.REAL_PARTS_NOT_SEPARATED


# --- Lemma T -----------------------------------------------------------------------------------------


def tube_at(name: str, gamma: float, h: float, widening: float = 1.0) -> tuple[Tube, FieldBalls, LocalWitness]:
    problem = load(NETWORKS / f"{name}.toml")
    field = layered_field_approx(problem)
    start = np.array([float(x) for x in problem.start or [0] * problem.dimension])
    low = float(problem.interval[0])  # type: ignore[index]
    x = start
    for g in np.linspace(low, gamma, 200):  # follow the branch
        w = local_witness(field, float(g), x, 0.0)
        assert w is not None and w.x is not None
        x = w.x[0]
    w = local_witness(field, gamma, x, h)
    assert w is not None
    evaluator = network_balls(problem, emit_network(problem, "0" * 64))
    X, Y, d = (exact_matrix_of_limbs(part) for part in (w.basis.X, w.basis.Y, w.basis.d))
    basis = prepare_basis(Witness(w.basis.pairs, X, Y, [acb(re, im) for re, im in d.table()]))
    witness = branch_witness(w)
    Gamma = arb(point_of_fraction(Fraction(gamma)), h)
    for _ in range(4):
        try:
            return enclose_branch(evaluator, basis, witness, Gamma), evaluator, w
        except TubeTooNarrow as error:
            witness = BranchWitness(witness.gamma, witness.x, witness.slope, arb(1.5 * widening * float(error.needed)))
    raise AssertionError("no tube")


@pytest.mark.parametrize(("name", "gamma"), [("arctan-unequal-leaks", 0.25), ("adversarial-two-layer", -0.6), ("logistic-node", 0.5)])
def test_the_tube_holds_the_branch(name: str, gamma: float) -> None:
    """Equilibria found numerically at several γ of the window lie in the tube and in its enclosures, which are narrow."""
    h = 2.0**-11
    with working_precision(128):
        tube, evaluator, w = tube_at(name, gamma, h)
        field = layered_field_approx(load(NETWORKS / f"{name}.toml"))
        assert tube.eta is not None and tube.beta is not None and tube.witness.radius is not None
        assert tube.eta / tube.beta < tube.witness.radius
        for share in (-1.0, -0.3, 0.0, 0.7, 1.0):
            g = gamma + share * h
            found = local_witness(field, g, np.asarray(w.x[0]), 0.0)  # type: ignore[index]
            assert found is not None and found.x is not None
            exact = [arb(float(v), 1e-14) for v in found.x[0]]
            point = arb(g)
            assert tube.contains(point, exact)
            for enclosure in (tube.equilibrium(point), tube.equilibrium_at(evaluator, point)):
                assert all(a.overlaps(b) for a, b in zip(enclosure, exact, strict=True))
            assert max(float(x.rad()) for x in tube.equilibrium_at(evaluator, point)) < 1e-7
        elsewhere = [x + arb(1) for x in exact]
        assert not tube.contains(arb(gamma), elsewhere)


def test_a_narrow_tube_proves_nothing() -> None:
    with working_precision(128):
        tube, evaluator, _ = tube_at("arctan-unequal-leaks", 0.25, 2.0**-11)
        old = tube.witness
        small = BranchWitness(old.gamma, old.x, old.slope, arb(float((tube.eta / tube.beta).mid()) / 2))  # type: ignore[operator]
        with pytest.raises(TubeTooNarrow):
            enclose_branch(evaluator, tube.basis, small, tube.Gamma)
        shifted = BranchWitness(old.gamma, [x + arb(0.01) for x in old.x or []], old.slope, old.radius)
        with pytest.raises(ProofFailure):
            enclose_branch(evaluator, tube.basis, shifted, tube.Gamma)
        with pytest.raises(ProofFailure):
            enclose_branch(evaluator, tube.basis, old, arb(old.gamma, 0.5))


def test_nothing_that_is_not_finite_passes() -> None:
    assert not inside(arb("nan"), (Fraction(-1), Fraction(1)))
    assert not inside(arb(0, 2), (Fraction(-1), Fraction(1)))
    with working_precision(128):
        tube, evaluator, _ = tube_at("arctan-unequal-leaks", 0.25, 2.0**-11)
        assert not tube.contains(arb(0.25), [arb("nan")] * tube.basis.n)
        bad = BranchWitness(tube.witness.gamma, [arb("nan")] * tube.basis.n, tube.witness.slope, tube.witness.radius)
        with pytest.raises(ProofFailure):
            enclose_branch(evaluator, tube.basis, bad, tube.Gamma)


# --- Method N ----------------------------------------------------------------------------------------


def test_derivative_of_the_hopf_system() -> None:
    """DF(u) column by column against central differences of F at 60 digits."""
    problem = load(NETWORKS / "adversarial-two-layer.toml")
    r = random.Random(5)
    with working_precision(260):
        evaluator = network_balls(problem, emit_network(problem, "0" * 64))
        values = [arb(r.randint(-100, 100)) / 64 for _ in range(2 + 9)]
        phi = [arb(r.randint(-100, 100)) / 64 for _ in range(3)]

        def split(u: list[arb]) -> tuple[arb, arb, list[arb], list[arb], list[arb]]:
            return u[0], u[1], u[2:5], u[5:8], u[8:11]

        DF = hopf_system_derivative(evaluator, *split(values), phi)
        step = arb(2) ** -70
        for column in range(11):
            ahead, behind = list(values), list(values)
            ahead[column], behind[column] = ahead[column] + step, behind[column] - step
            difference = [
                (a - b) / (2 * step)
                for a, b in zip(
                    hopf_system(evaluator, *split(ahead), phi), hopf_system(evaluator, *split(behind), phi), strict=True
                )
            ]
            for row in range(11):
                assert abs(DF[row, column] - difference[row]) < 1e-30


def test_a_ball_without_contraction_proves_nothing() -> None:
    """A radius of uniqueness that is too large, or an inverse that is none, is refused."""
    problem = load(NETWORKS / "adversarial-two-layer.toml")
    with working_precision(128):
        evaluator = network_balls(problem, emit_network(problem, "0" * 64))
        zero = NewtonWitness(
            arb(-0.63), arb(1.03), [arb(-1.66), arb(-1.39), arb(-2.1)], [arb(0)] * 3, [arb(1)] * 3, [arb(1) / 4] * 3,
            arb_mat([[arb(int(i == j)) for j in range(11)] for i in range(11)]), arb(0.1),
        )  # fmt: skip
        with pytest.raises(ProofFailure) as caught:
            prove_newton_ball(evaluator, zero)
        assert caught.value.failure.code is FailureCode.NEWTON_NOT_CONTRACTING
