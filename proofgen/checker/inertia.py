"""How many eigenvalues of a form are positive, and so of A on the right of the axis (section 17)."""

from __future__ import annotations

from math import frexp, ldexp, sqrt

from .budget import OPERATION, Budget, bytes_of, size_of
from .products import transpose
from .quadratic_form import Form, Product
from .verdicts import Rejected

CONGRUENCE_BITS = 44  # of W, behind the point, more where P is large
PIVOT = 0.5  # a diagonal entry is taken if it is no smaller than so many times the others of its row


def positive_eigenvalues(form: Form, product: Product, budget: Budget) -> int:
    """Of a symmetric P, with W from floating point and G = W P W^T exactly: where every diagonal entry of G is larger
    in modulus than all others of its row together, G is invertible, and stays so while these others shrink to 0.  So
    P is invertible too, and has as many positive eigenvalues as G (Sylvester) has positive entries there."""
    P, n = form.P, len(form.P)
    budget.spend(n**3 * 80 + n * n * 20 * OPERATION)
    budget.hold(4 * bytes_of(n * n, 256))
    try:
        F = [[ldexp(float(x), -form.shift) for x in row] for row in P]
        bits = CONGRUENCE_BITS + max(0, frexp(max(max(map(abs, row)) for row in F))[1])
        W = [[round(ldexp(x, bits)) for x in row] for row in congruence(F)]
    except (OverflowError, ValueError, ZeroDivisionError):
        raise Rejected("the signs of P's eigenvalues are not shown: no factors") from None
    budget.fits(4 * bytes_of(n * n, 2 * size_of(W) + size_of(P)))
    G, count = product(product(W, P), transpose(W)), 0
    for i, row in enumerate(G):
        if 2 * abs(row[i]) <= sum(map(abs, row)):
            raise Rejected("the signs of P's eigenvalues are not shown: W P W^T is not diagonally dominant")
        count += row[i] > 0
    return count


def congruence(A: list[list[float]]) -> list[list[float]]:
    """W with W A W^T near a diagonal matrix of entries +-1, by Gauss's elimination with symmetric pivots, in floating
    point: a guess.  Where no diagonal entry will do, a row is added to the one whose diagonal entry is the largest."""
    n = len(A)
    left = [[*row, *(float(i == j) for j in range(n))] for i, row in enumerate(A)]  # [A | W], A in its lower right part
    result: list[list[float]] = []
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(left[i][i]))
        exchange(left, k, p)
        off = max(range(k, n), key=lambda j: abs(left[k][j]) if j > k else -1.0)
        if off > k and abs(left[k][k]) < PIVOT * abs(left[k][off]):
            combine(left, k, off, 1.0 if left[k][off] * (left[k][k] + left[off][off]) >= 0 else -1.0)
        pivot = left[k]
        d = pivot[k]
        scale = 1 / sqrt(abs(d))
        result.append([scale * x for x in pivot[n:]])
        tail = pivot[k + 1 :]
        for i in range(k + 1, n):
            row = left[i]
            factor = row[k] / d
            row[k + 1 :] = [x - factor * y for x, y in zip(row[k + 1 :], tail, strict=True)]
    return result


def exchange(rows: list[list[float]], i: int, j: int) -> None:
    """Two variables change places."""
    rows[i], rows[j] = rows[j], rows[i]
    for row in rows:
        row[i], row[j] = row[j], row[i]


def combine(rows: list[list[float]], i: int, j: int, sign: float) -> None:
    """Row j, and column j, times a sign, are added to row and column i."""
    rows[i] = [x + sign * y for x, y in zip(rows[i], rows[j], strict=True)]
    for row in rows:
        row[i] += sign * row[j]
