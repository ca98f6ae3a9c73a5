"""Theorems A, B and Lemma C: enclosures contain the true values and are narrow; overlaps are not hidden."""

from __future__ import annotations

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from flint import acb, arb, arb_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from proofgen.numbers.balls import binary64_matrix, enclosure, proves_positive, working_precision
from proofgen.proof.eigenvectors import EigenvectorBounds, EigenvectorTheorem, eigenvector_bounds, enclose_eigenvectors
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.resolvent import Resolvent
from proofgen.proof.spectrum import Spectrum, Witness, enclose_spectrum, real_part_separation
from proofgen.search.eigenbasis import eigenbasis_approx


def witness_of(W: np.ndarray) -> Witness:
    limbs = eigenbasis_approx(W)
    assert limbs is not None
    rows = binary64_matrix(limbs.d, 2200).table()
    X, Y = binary64_matrix(limbs.X, 2200), binary64_matrix(limbs.Y, 2200)
    return Witness(limbs.pairs, X, Y, [acb(re, im) for re, im in rows])


def spectrum_of(W: np.ndarray, radius: float = 0.0) -> tuple[Spectrum, Witness]:
    witness = witness_of(W)
    matrix = arb_mat([[arb(float(x), radius) for x in row] for row in W])
    return enclose_spectrum(matrix, witness), witness


def inside(ball: arb, value: mp.mpf) -> bool:
    lower, upper = enclosure(ball)
    return mp.mpf(lower.numerator) / lower.denominator <= value <= mp.mpf(upper.numerator) / upper.denominator


def random_matrix(seed: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, n))


@pytest.mark.parametrize(("seed", "n"), [(1, 2), (2, 3), (3, 5), (4, 8), (5, 9)])
def test_each_isolated_disc_holds_one_eigenvalue_and_is_narrow(seed: int, n: int) -> None:
    W = random_matrix(seed, n)
    with working_precision(128), mp.workdps(40):
        spectrum, _ = spectrum_of(W)
        exact = list(mp.eig(mp.matrix(W.tolist()), left=False, right=False))
        centres = [*spectrum.d, *(d.conjugate() for d in spectrum.d[: spectrum.m])]
        radii = [*spectrum.g, *spectrum.g[: spectrum.m]]
        for d, g in zip(centres, radii, strict=True):
            centre = mp.mpc(float(d.real), float(d.imag))
            radius = mp.mpf(float(g)) * (1 + mp.mpf(2) ** -50)
            assert sum(1 for value in exact if abs(value - centre) <= radius) == 1
            assert radius < 1e-11


@given(st.integers(0, 10**6), st.integers(2, 6), st.floats(1e-9, 1e-3))
@settings(max_examples=40, deadline=None)
def test_discs_hold_the_spectrum_of_every_matrix_in_the_box(seed: int, n: int, radius: float) -> None:
    W = random_matrix(seed, n)
    generator = np.random.default_rng(seed + 1)
    with working_precision(128):
        try:
            spectrum, _ = spectrum_of(W, radius)
        except ProofFailure as error:
            assert error.failure.code is FailureCode.NO_EIGENBASIS
            return
        for _ in range(3):
            corner = W + radius * np.sign(generator.standard_normal((n, n)))
            for value in np.linalg.eigvals(corner):
                value = complex(value.real, abs(value.imag))
                reach = [abs(value - complex(d)) - float(g) for d, g in zip(spectrum.d, spectrum.g, strict=True)]
                assert min(reach) <= 1e-10 * (1 + np.abs(W).max())


def assert_same_bounds(one: EigenvectorBounds, two: EigenvectorBounds) -> None:
    def numbers(bounds: EigenvectorBounds) -> list[arb]:
        sides = [x for side in (bounds.right, bounds.left) for pair in side for x in pair]
        return [*sides, bounds.delta_right, bounds.delta_left, bounds.pq_defect, bounds.left_residual]

    assert [(x.mid(), x.rad()) for x in numbers(one)] == [(x.mid(), x.rad()) for x in numbers(two)]


@pytest.mark.parametrize(("seed", "n"), [(11, 4), (12, 6), (13, 7)])
def test_eigenvectors_and_resolvent_contain_the_true_ones(seed: int, n: int) -> None:
    W = random_matrix(seed, n)
    with working_precision(128), mp.workdps(40):
        spectrum, witness = spectrum_of(W)
        M = mp.matrix(W.tolist())
        values, left, right = mp.eig(M, left=True, right=True)
        X = mp.matrix([[float(x) for x in row] for row in witness.X.table()])
        X_inverse = X**-1
        ks = [k for k in range(spectrum.m) if proves_positive(real_part_separation(spectrum, k)[0])]
        assert ks
        bounds = [eigenvector_bounds(spectrum, k) for k in ks]
        theorem = EigenvectorTheorem(spectrum)
        for k, bound in reversed(list(zip(ks, bounds, strict=True))):  # whatever was asked for before
            assert_same_bounds(theorem.bounds(k), bound)
        qs, p_bars = enclose_eigenvectors(witness, ks, bounds)
        for k, bound, q, p_bar in zip(ks, bounds, qs, p_bars, strict=True):
            index = min(range(n), key=lambda j: abs(values[j] - complex(spectrum.d[k])))
            v = [right[i, index] for i in range(n)]
            w = [left[index, i] for i in range(n)]
            # u = P⁻¹X⁻¹v has u_k = 1, and w^T XP has entry 1 at k
            real = [sum(X_inverse[j, i] * v[i] for i in range(n)) for j in range(n)]
            u_k = (real[2 * k] - 1j * real[2 * k + 1]) / 2
            w_k = sum(w[i] * (X[i, 2 * k] + 1j * X[i, 2 * k + 1]) for i in range(n))
            for i in range(n):
                for ball, value in ((q[i], v[i] / u_k), (p_bar[i], w[i] / w_k)):
                    assert inside(ball.real, value.real)
                    assert inside(ball.imag, value.imag)
                    assert float(ball.real.rad()) < 1e-11
            product = sum(a * b for a, b in zip(v, w, strict=True)) / (u_k * w_k)
            assert abs(product - 1) <= float(bound.pq_defect) * (1 + 1e-9)
            assert float(bound.pq_defect) < 1e-24
        z, rhs = mp.mpc("0.3", "7.25"), [mp.mpc(i + 1, 1 - i) for i in range(n)]
        solution = mp.lu_solve(z * mp.eye(n) - M, mp.matrix(rhs))
        z_ball = acb(arb(3) / 10, arb(29) / 4)
        found, beta = Resolvent(spectrum, witness.X, witness.Y).solve(z_ball, [acb(i + 1, 1 - i) for i in range(n)])
        for i in range(n):
            assert inside(found[i].real, solution[i].real)
            assert inside(found[i].imag, solution[i].imag)
            assert float(found[i].real.rad()) < 1e-10
        assert float(beta) <= min(abs(z - value) for value in values) + mp.mpf("1e-12")


def test_a_witness_that_is_no_basis_is_refused() -> None:
    W = random_matrix(1, 4)
    witness = witness_of(W)
    W_ball = arb_mat(W.tolist())
    for X, Y in ((witness.X, witness.Y * 0), (witness.X * 0, witness.Y), (witness.X, witness.Y * arb("nan"))):
        with pytest.raises(ProofFailure) as caught, working_precision(128):
            enclose_spectrum(W_ball, Witness(witness.pairs, X, Y, witness.d))
        assert caught.value.failure.code is FailureCode.NO_EIGENBASIS


def test_wrong_witnesses_give_wide_discs_not_wrong_ones() -> None:
    """Any witness is allowed; a bad one may only lose precision."""
    W = random_matrix(7, 5)
    witness = witness_of(W)
    noise = 1e-5 * np.random.default_rng(8).standard_normal((5, 5))
    X = witness.X + arb_mat(noise.tolist())
    d = [centre + acb(1e-4, 1e-4) for centre in witness.d[: witness.pairs]] + [c + 1e-4 for c in witness.d[witness.pairs :]]
    with working_precision(128):
        spectrum = enclose_spectrum(arb_mat(W.tolist()), Witness(witness.pairs, X, witness.Y, d))
    for value in np.linalg.eigvals(W):
        value = complex(value.real, abs(value.imag))
        assert min(abs(value - complex(c)) - float(g) for c, g in zip(spectrum.d, spectrum.g, strict=True)) < 0


def test_equal_real_parts_are_never_separated() -> None:
    W = np.array([[0.0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 2], [0, 0, -2, 0]])
    with working_precision(256):
        spectrum, _ = spectrum_of(W)
        gap, nearest = real_part_separation(spectrum, 0)
    assert nearest == 1
    assert not proves_positive(gap)


def test_isolation_is_required_for_eigenvectors() -> None:
    with working_precision(128):
        spectrum, _ = spectrum_of(random_matrix(3, 6), 0.2)
        with pytest.raises(ProofFailure) as caught:
            for k in range(spectrum.m):
                eigenvector_bounds(spectrum, k)
    assert caught.value.failure.code in (FailureCode.EIGENVECTOR_NOT_ISOLATED,)


def test_no_other_block() -> None:
    with working_precision(128):
        spectrum, _ = spectrum_of(np.array([[0.0, 1.0], [-1.0, 0.0]]))
        assert real_part_separation(spectrum, 0) == (None, None)
    assert enclosure(spectrum.d[0].imag)[0] == Fraction(1)
