"""What an inexact Y adds to the rows of N: bounds by entries, in the prover and in the checker, against exact sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import acb, arb, arb_mat, fmpq, fmpq_mat

from proofgen.checker.basis import Basis
from proofgen.checker.budget import Budget
from proofgen.checker.local_spectrum import LocalSpectrum
from proofgen.checker.products import python_product
from proofgen.numbers.balls import working_precision
from proofgen.proof.spectrum import Spectrum, Witness, enclose_spectrum

F, SHIFT = 160, 100  # units of what is computed, and of the matrices
RATES = np.array([-1e9, -0.02, 3e-3])


def example(seed: int, error: float) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """X, Y and A in units 2^-SHIFT: rates from 3e-3 to 1e9, and YX = I up to about ``error``."""
    rng = np.random.default_rng(seed)
    X = np.eye(3) + 0.2 * rng.standard_normal((3, 3))
    Y = np.linalg.inv(X) + error * rng.standard_normal((3, 3))
    A = X @ np.diag(RATES) @ np.linalg.inv(X)
    exact = [[[round(x * 2**SHIFT) for x in row] for row in M.tolist()] for M in (X, Y, A)]
    return exact[0], exact[1], exact[2]


def rational(M: list[list[int]]) -> Any:
    return fmpq_mat([[fmpq(x, 2**SHIFT) for x in row] for row in M])


def true_defects(X: Any, Y: Any, A: Any) -> tuple[list[Fraction], list[Fraction]]:
    """The row sums of |SN|, S = (YX)^-1 - I, exactly; and s_i |N|."""
    n = 3
    identity = fmpq_mat([[fmpq(int(i == j)) for j in range(n)] for i in range(n)])
    R, N = identity - Y * X, Y * A * X
    SN = ((Y * X).inv() - identity) * N

    def sums(M: Any) -> list[Fraction]:
        return [sum((abs(Fraction(int(x.p), int(x.q))) for x in row), Fraction(0)) for row in M.table()]

    r = sums(R)
    return sums(SN), [x / (1 - max(r)) * max(sums(N)) for x in r]


def proved(X: Any, Y: Any, A: Any, by_entries: bool = True) -> Spectrum:
    def balls(M: list[list[int]]) -> arb_mat:
        return arb_mat([[arb(x) / arb(2) ** SHIFT for x in row] for row in M])

    witness = Witness(0, balls(X), balls(Y), [acb(x) for x in RATES])
    return enclose_spectrum(balls(A), witness, by_entries=by_entries)


def checked(X: Any, Y: Any, A: Any) -> LocalSpectrum:
    centres = [[round(x * 2**SHIFT), 0] for x in RATES.tolist()]
    basis = Basis(python_product, Budget(), 0, (X, SHIFT), (Y, SHIFT), (centres, SHIFT))
    shifted = [[x << F - SHIFT for x in row] for row in A]
    return LocalSpectrum(basis, shifted, [[0] * 3 for _ in range(3)], F, None)


@pytest.mark.parametrize("error", [1e-9, 1e-3, 0.05])
@pytest.mark.parametrize("seed", range(4))
def test_row_sums_of_the_defect(seed: int, error: float) -> None:
    """Never below the exact ones, never above s_i |N|, and the same in both programs."""
    X, Y, A = example(seed, error)
    true, plain = true_defects(*map(rational, (X, Y, A)))
    with working_precision(200):
        spectrum = proved(X, Y, A)
        old = proved(X, Y, A, by_entries=False)
    own = checked(X, Y, A)
    for i in range(3):
        bound = Fraction(own.t[i] - own.o[i], own.one)
        assert true[i] <= bound <= plain[i] * (1 + Fraction(1, 10**9))
        assert abs(float(spectrum.t[i]) - own.t[i] / own.one) <= 1e-9 * float(spectrum.t[i])
        assert spectrum.g[i] <= old.g[i] * (1 + 1e-9)


def test_discs_of_slow_eigenvalues_are_not_those_of_the_fastest_rate() -> None:
    """Y exact but for one slow column: |N| = 1e9 has no part in that."""
    X, Y, A = example(0, 0.0)
    Y[1] = [y + (x >> 30) for x, y in zip(Y[2], Y[1], strict=True)]  # a part of 2^-30 of the third row
    own = checked(X, Y, A)
    assert own.s[1] * own.norm_N / own.one > 0.5 * own.one  # what the disc was before
    assert own.t[1] - own.o[1] < 1e-4 * own.one


def test_an_entry_towards_the_fastest_rate_counts_in_full() -> None:
    """A forged Y: a slow row with 2^-30 of the fast one. The disc must hold the eigenvalue of what it is a basis of."""
    X, Y, A = example(0, 0.0)
    Y[1] = [y + (x >> 30) for x, y in zip(Y[0], Y[1], strict=True)]
    true, _ = true_defects(*map(rational, (X, Y, A)))
    own = checked(X, Y, A)
    assert true[1] > Fraction(9, 10)
    assert own.g[1] > 0.9 * own.one  # so it is not clear of the axis at -0.02
    assert own.clearance(1) < 0
