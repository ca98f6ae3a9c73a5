"""How well weights are known: one radius for all, one for each array, or one for each entry.

A number format means: each weight within half a unit in its last place (rounding to nearest); `NumberFormat.radius`.
Arithmetic: exact rationals only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..errors import InputError
from .exact import ExactMatrix

MAX_DECIMALS = 300
Radius = Fraction | ExactMatrix  # of all entries of an array alike, or entry by entry
WeightRadius = Fraction | Mapping[str, Radius]  # of all weights and biases, or by array; those not named are exact


@dataclass(frozen=True)
class NumberFormat:
    """A binary format of ``bits`` significant bits and exponents ``lowest … highest`` of normal numbers (1 ≤ m < 2)."""

    name: str
    standard: str  # what people call it in print
    bits: int
    lowest: int
    highest: int

    def radius(self, value: Fraction) -> Fraction:
        """Half the distance of the format's numbers around ``value``, on the side away from 0 where it matters.

        ``value ± radius`` contains what ``value`` is rounded to, and every real number that is rounded to ``value`` if
        it is in the format: just below a power of two the numbers lie closer, so that there the box is wider than need
        be. Below the smallest normal number, and at 0, it is half the smallest positive number of the format.
        Raises InputError where ``value`` is rounded to infinity.
        """
        size = abs(value)
        if size >= (2 - Fraction(1, 2**self.bits)) * Fraction(2) ** self.highest:
            raise InputError(f"beyond the largest {self.name} number", value=str(float(value)))
        exponent = self.lowest if size == 0 else max(_floor_log2(size), self.lowest)
        return Fraction(2) ** (exponent - self.bits)

    def radii(self, matrix: ExactMatrix) -> ExactMatrix:
        """The radius of every entry."""
        rows = matrix.fractions()
        try:
            return ExactMatrix.from_fractions([[self.radius(entry) for entry in row] for row in rows])
        except InputError:
            for i, row in enumerate(rows, 1):
                for j, entry in enumerate(row, 1):
                    try:
                        self.radius(entry)
                    except InputError as error:
                        raise error.within(key=f"entry [{i}, {j}]") from None
            raise


FORMATS = {
    item.name: item
    for item in (
        NumberFormat("float16", "IEEE binary16", 11, -14, 15),
        NumberFormat("bfloat16", "bfloat16", 8, -126, 127),
        NumberFormat("float32", "IEEE binary32", 24, -126, 127),
    )
}
EXPECTED = 'expected a decimal, "float16", "bfloat16", "float32" or "decimal:DIGITS" such as "decimal:4"'


def _floor_log2(x: Fraction) -> int:
    guess = x.numerator.bit_length() - x.denominator.bit_length()
    return guess if Fraction(2) ** guess <= x else guess - 1


def read_format(text: str) -> NumberFormat | Fraction | None:
    """The format of that name, or the radius that ``decimal:DIGITS`` means; None for other texts. Raises InputError."""
    if text in FORMATS:
        return FORMATS[text]
    if not re.match(r"[A-Za-z]", text):
        return None
    match = re.fullmatch(r"decimal:(\d{1,3})", text, re.ASCII)
    if match is None or int(match[1]) > MAX_DECIMALS:
        raise InputError(f"{EXPECTED} (at most {MAX_DECIMALS} digits)", value=text)
    return Fraction(1, 2 * 10 ** int(match[1]))


def format_of(matrix: ExactMatrix, radius: Radius) -> NumberFormat | None:
    """The number format of which the radii are exactly half a unit in the last place of the entries, if any."""
    if isinstance(radius, Fraction):
        return None
    found = radius.fractions()
    for item in FORMATS.values():
        try:
            if item.radii(matrix).fractions() == found:
                return item
        except InputError:
            continue
    return None


def largest(radius: Radius) -> Fraction:
    if isinstance(radius, Fraction):
        return radius
    return Fraction(max(radius.numerators.ravel().tolist()), radius.denominator)


def combined(
    terms: Sequence[tuple[Fraction, Fraction, Radius]], shape: tuple[int, int]
) -> tuple[Fraction, Fraction] | ExactMatrix:
    """Radii of the entries of ``Σ (p A + q Aᵀ)`` for terms (p, q, radius of A).

    Each array entry counts once: in R1 − R1ᵀ the diagonal cancels, off it two distinct entries of R1 meet (FORMAT.md,
    section 3). (diagonal, off diagonal) where every radius is one number, else the matrix of radii.
    """
    if all(isinstance(radius, Fraction) for _, _, radius in terms):
        diagonal = off_diagonal = Fraction(0)
        for p, q, radius in terms:
            assert isinstance(radius, Fraction)
            diagonal += abs(p + q) * radius
            off_diagonal += (abs(p) + abs(q)) * radius
        return diagonal, off_diagonal
    total = ExactMatrix.zeros(*shape)
    for p, q, radius in terms:
        if isinstance(radius, Fraction):
            size = shape if p else shape[::-1]
            radius = ExactMatrix(np.full(size, radius.numerator, dtype=object), radius.denominator)
        if p:
            total = total + radius.scaled(abs(p))
        if q:
            total = total + radius.transposed.scaled(abs(q))
        if p and q:
            excess = [[Fraction(0)] * shape[1] for _ in range(shape[0])]
            for i in range(shape[0]):
                excess[i][i] = (abs(p + q) - abs(p) - abs(q)) * radius.entry(i, i)
            total = total + ExactMatrix.from_fractions(excess)
    return total


def is_zero(radius: Radius) -> bool:
    return radius == 0 if isinstance(radius, Fraction) else radius.is_zero()


