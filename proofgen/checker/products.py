"""Exact matrix products."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import mul

from .budget import digits_in, size_of
from .verdicts import Matrix, Usage


def added(A: Matrix, B: Matrix, factor: int) -> Matrix:
    return [[a + factor * b for a, b in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)]


Engine = Callable[..., Matrix]  # the product of its arguments, formed from the right


def python_product(*factors: Matrix) -> Matrix:
    return reduce(lambda B, A: packed_product(A, B), reversed(factors))


def small_product(*factors: Matrix) -> Matrix:
    """For a few rows, where packing is not worth its while."""
    A, *others = factors
    for B in others:
        columns = list(zip(*B, strict=True))
        A = [[sum(map(mul, row, column)) for column in columns] for row in A]
    return A


def packed_product(A: Matrix, B: Matrix) -> Matrix:
    """AB with each row of B packed into one long integer (Kronecker substitution): an entry of AB is less than
    2^(8L-1) in absolute value, so the L-byte digits of the packed row of AB, made positive, do not interfere.  The
    packed factor is the one with the longer numbers, as the cost is that of the other's digits."""
    width, a, b = len(B[0]), size_of(A), size_of(B)
    if digits_in(a) > digits_in(b):
        return transpose(packed_product(transpose(B), transpose(A)))
    L = (a + b + len(B).bit_length() + 9) // 8
    bias = int.from_bytes((b"\0" * (L - 1) + b"\x80") * width, "little")  # 2^(8L-1) in every place
    half = 1 << (8 * L - 1)
    packed = [int.from_bytes(b"".join([(x + half).to_bytes(L, "little") for x in row]), "little") - bias for row in B]
    result = []
    for row in A:
        digits = (sum(map(mul, row, packed)) + bias).to_bytes(L * width, "little")
        result.append([int.from_bytes(digits[i : i + L], "little") - half for i in range(0, L * width, L)])
    return result


def engine_of(name: str) -> Engine:
    """`python`, `flint` (FLINT's exact integer matrices), or `auto`: flint where importable."""
    if name == "python":
        return python_product
    try:
        from flint import fmpz_mat
    except ImportError:
        if name == "flint":
            raise Usage("--engine flint: python-flint is not importable") from None
        return python_product

    def flint_product(*factors: Matrix) -> Matrix:
        product = reduce(lambda B, A: A * B, map(fmpz_mat, reversed(factors)))
        return [list(map(int, row)) for row in product.tolist()]

    return flint_product


def transpose(A: Matrix) -> Matrix:
    return [list(column) for column in zip(*A, strict=True)]


def absolute(A: Matrix) -> Matrix:
    return [[abs(x) for x in row] for row in A]
