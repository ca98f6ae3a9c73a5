"""Second additive compounds in prover and checker: their eigenvalues, what elimination encloses, and what it must not show."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from check_tools import load as load_checker
from flint import arb

from proofgen.numbers.balls import ball, enclosure, working_precision
from proofgen.proof import compound
from proofgen.proof.failure import ProofFailure

check = load_checker()
F = 128


def drawn(r: random.Random, n: int) -> list[list[Fraction]]:
    return [[Fraction(r.randint(-64, 64), 32) for _ in range(n)] for _ in range(n)]


def of_checker(B: list[list[Fraction]], by: list[list[tuple[Fraction, Fraction]]], h: Fraction) -> Any:
    """The elimination of the checker, and its matrix; by: ends of the derivative of each entry."""
    pivots = check.Pivots(-(-(h.numerator << F) // h.denominator), F)
    real = check.real
    moving = [[(real(x, F), real(lo, F).up_to(real(hi, F))) for x, (lo, hi) in zip(*rows, strict=True)]
              for rows in zip(B, by, strict=True)]  # fmt: skip
    return pivots, check.compound(moving, pivots.moving)


def of_prover(B: list[list[Fraction]], by: list[list[tuple[Fraction, Fraction]]]) -> list[list[tuple[arb, arb]]]:
    return [[(ball(x), ball(lo).union(ball(hi))) for x, (lo, hi) in zip(*rows, strict=True)] for rows in zip(B, by, strict=True)]


def still(n: int) -> list[list[tuple[Fraction, Fraction]]]:
    return [[(Fraction(0), Fraction(0))] * n for _ in range(n)]


@pytest.mark.parametrize("n", range(2, 7))
def test_the_eigenvalues_are_sums_of_two(n: int) -> None:
    r = random.Random(n)
    B = drawn(r, n)
    expected = np.array([x + y for x, y in combinations(np.linalg.eigvals(np.array(B, dtype=float)), 2)])
    _, G = of_checker(B, still(n), Fraction(0))
    with working_precision(F):
        H = compound._compound(of_prover(B, still(n)), arb(0))
        rows = [[0.0 if x is None else float(x.at) for x in row] for row in H]
    theirs = [[0.0 if x is None else float(x.at.exact.lo) for x in row] for row in G]
    for matrix in (rows, theirs):
        found = np.linalg.eigvals(np.array(matrix))
        assert all(np.min(np.abs(found - x)) < 1e-9 for x in expected)
        assert abs(np.prod(found) - np.prod(expected)) < 1e-8 * (1 + abs(np.prod(expected)))


def curve(r: random.Random, level: list[Fraction]) -> Any:
    """A family with the pair level(δ) ± i, a pair −1 ± 2i and the eigenvalue −3, in a basis that hides this, and its
    derivative over |δ| ≤ h; level: coefficients of a polynomial."""
    n = 5
    P = [[x / 8 + (i == j) for j, x in enumerate(row)] for i, row in enumerate(drawn(r, n))]
    Q = [[Fraction(x).limit_denominator(10**12) for x in row] for row in np.linalg.inv(np.array(P, dtype=float)).tolist()]
    residual = max(sum(abs(sum(P[i][k] * Q[k][j] for k in range(n)) - (i == j)) for j in range(n)) for i in range(n))
    assert residual < Fraction(1, 10**9)

    def product(A: Any, B: Any) -> Any:
        return [[sum(A[i][k] * B[k][j] for k in range(n)) for j in range(n)] for i in range(n)]

    def block(a: Fraction, motion: Fraction) -> Any:
        D = [[Fraction(0)] * n for _ in range(n)]
        D[0][0] = D[1][1] = a
        if not motion:
            D[0][1], D[1][0], D[2][3], D[3][2] = Fraction(-1), Fraction(1), Fraction(-2), Fraction(2)
            D[2][2] = D[3][3] = Fraction(-1)
            D[4][4] = Fraction(-3)
        return D

    def at(delta: Fraction) -> Any:
        return product(product(P, block(sum((c * delta**k for k, c in enumerate(level)), Fraction(0)), Fraction(0))), Q)

    def derivative(h: Fraction) -> Any:
        rates = [sum((k * c * d ** (k - 1) for k, c in enumerate(level) if k), Fraction(0)) for d in (-h, Fraction(0), h)]
        ends = [product(product(P, block(x, Fraction(1))), Q) for x in (min(rates), max(rates))]
        return [[(min(a, b), max(a, b)) for a, b in zip(*rows, strict=True)] for rows in zip(*ends, strict=True)]

    return at, derivative


def shown(at: Any, derivative: Any, h: Fraction) -> list[tuple[bool, bool]]:
    """Of checker and prover: whether no two eigenvalues have the sum 0, and whether two have it once at most."""
    B, by = at(Fraction(0)), derivative(h)
    result = []
    pivots, G = of_checker(B, by, h)
    try:
        last = pivots.last(G)
        result.append((not last.over.lo <= 0 <= last.over.hi, not last.by.lo <= 0 <= last.by.hi))
    except check.Rejected:
        result.append((False, False))
    with working_precision(F):
        try:
            found = compound.last_pivot(of_prover(B, by), arb(0, h.numerator) / h.denominator)
            ends = [enclosure(found.over), enclosure(found.by)]
            result.append((not ends[0][0] <= 0 <= ends[0][1], not ends[1][0] <= 0 <= ends[1][1]))
        except ProofFailure:
            result.append((False, False))
    return result


@pytest.mark.parametrize("seed", range(6))
def test_what_a_compound_shows(seed: int) -> None:
    """A pair beside the axis is clear of it; one that crosses is not, but crosses once; one that turns back does neither."""
    r, small = random.Random(seed), Fraction(1, 1000)
    assert shown(*curve(r, [Fraction(1, 10), Fraction(1)]), small) == [(True, True)] * 2
    assert shown(*curve(r, [small / 2, Fraction(1)]), small) == [(False, True)] * 2
    assert shown(*curve(r, [-(small**2) / 4, Fraction(0), Fraction(1)]), small) == [(False, False)] * 2
    touching = shown(*curve(r, [Fraction(0), Fraction(0), Fraction(1)]), small)
    assert touching == [(False, False)] * 2


def test_two_real_eigenvalues_with_the_sum_0_are_no_pair_on_the_axis() -> None:
    """Nothing is shown of them: undecided, not wrong."""
    B = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(-1)]]
    assert shown(lambda _: B, lambda _: still(2), Fraction(1, 8)) == [(False, False)] * 2
