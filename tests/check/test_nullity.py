"""The rank of an integer matrix is never found too small."""

from __future__ import annotations

import random

import pytest
from sympy import Matrix

from proofgen.checker.budget import Budget
from proofgen.checker.nullity import EXPONENTS, rank_at_most


def product(n: int, rank: int, size: int, generator: random.Random) -> list[list[int]]:
    left, right = ([[generator.randint(-size, size) for _ in range(columns)] for _ in range(rows)] for rows, columns in ((n, rank), (rank, n)))
    return [[sum(left[i][k] * right[k][j] for k in range(rank)) for j in range(n)] for i in range(n)]


@pytest.mark.parametrize("seed", range(20))
def test_against_sympy(seed: int) -> None:
    generator = random.Random(seed)
    n = generator.randint(1, 7)
    W = product(n, generator.randint(0, n), generator.choice([1, 3, 10**12]), generator)
    rank = Matrix(W).rank()
    assert [rank_at_most(W, r, Budget()) for r in range(-1, n + 1)] == [r >= rank >= 0 and r >= 0 for r in range(-1, n + 1)]


@pytest.mark.parametrize("exponent", EXPONENTS[:5])
def test_multiples_of_the_modulus_are_not_zero(exponent: int) -> None:
    """A determinant that vanishes modulo 2^e − 1 is too large for this modulus to be taken."""
    N = 2**exponent - 1
    assert not rank_at_most([[N, 0], [0, 1]], 1, Budget()) and rank_at_most([[N, 0], [0, 0]], 1, Budget())
    assert not rank_at_most([[1, N], [1, 2 * N]], 1, Budget())


def test_too_large_numbers_are_not_decided() -> None:
    assert not rank_at_most([[10**20000, 0], [0, 0]], 1, Budget())
