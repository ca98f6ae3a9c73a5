"""Exact real numbers and matrices: Python integers over one common denominator.

Arithmetic allowed here: integers and fractions only. Nothing rounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ..errors import InputError

MAX_DECIMAL_CHARS = 400
MAX_DECIMAL_EXPONENT = 400
_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,20}))?")


def parse_decimal(text: str) -> Fraction:
    """The exact value of a decimal literal such as ``-0.082`` or ``1e-3``.

    Raises InputError for anything else, and beyond 400 characters or a decimal
    exponent of 400.
    """
    if len(text) > MAX_DECIMAL_CHARS:
        raise InputError(f"expected a decimal of at most {MAX_DECIMAL_CHARS} characters", value=text)
    literal = text.strip().replace("\N{MINUS SIGN}", "-")
    match = _DECIMAL.fullmatch(literal) if literal.isascii() else None
    if match is None or not (match[2] or match[3]):
        raise InputError('expected a finite decimal number such as "-0.25" or "1e-3"', value=text)
    sign, whole, fraction, exponent = match[1], match[2] or "", match[3] or "", int(match[4] or 0)
    if abs(exponent) > MAX_DECIMAL_EXPONENT:
        raise InputError(f"expected a decimal exponent of at most {MAX_DECIMAL_EXPONENT}", value=text)
    value = Fraction(int(whole + fraction)) * Fraction(10) ** (exponent - len(fraction))
    return -value if sign == "-" else value


_ZERO = Fraction(0)
_PRINTED = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?(?:e(-?(?:0|[1-9][0-9]{0,3})))?")


def parse_printed_decimal(text: str) -> Fraction:
    """The exact value of a decimal that this package printed (FORMAT.md, section 1: up to 4096)."""
    if text == "0":  # nearly all of them, where x* = 0 has hundreds of entries
        return _ZERO
    match = None if len(text) > 4096 else _PRINTED.fullmatch(text)
    if match is None:
        raise InputError("expected a decimal as in proofs/FORMAT.md, section 1", value=text)
    whole, places, exponent = match.groups()
    mantissa, shift = int(whole + places if places else whole), int(exponent or 0) - len(places or "")
    return Fraction(mantissa * 10**shift) if shift >= 0 else Fraction(mantissa, 10**-shift)


def is_dyadic(value: Fraction) -> bool:
    return value.denominator & (value.denominator - 1) == 0


@dataclass(frozen=True)
class ExactMatrix:
    """A real matrix given exactly: ``numerators / denominator``, shape (rows, columns).

    ``numerators`` is an object array of Python integers (read-only), ``denominator`` a
    positive integer. A vector is a matrix with one column.
    """

    numerators: npt.NDArray[np.object_]
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerators.ndim != 2 or self.denominator < 1:
            raise ValueError("an exact matrix is two-dimensional with a positive denominator")
        self.numerators.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        return self.numerators.shape[0], self.numerators.shape[1]

    @staticmethod
    def from_fractions(rows: Sequence[Sequence[Fraction]]) -> ExactMatrix:
        denominator = math.lcm(1, *(entry.denominator for row in rows for entry in row))
        data = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                data[i, j] = entry.numerator * (denominator // entry.denominator)
        return ExactMatrix(data, denominator)

    @staticmethod
    def from_binary64(array: npt.NDArray[np.float64]) -> ExactMatrix:
        """The dyadic rationals that a finite float64 array stores (scaled by one power of two)."""
        if not np.all(np.isfinite(array)):
            raise ValueError("NaN and infinities have no exact value")
        made = ExactMatrix._of_binary64(array)
        made.__dict__["_binary64"] = array.astype(np.float64) + 0.0  # a copy, without −0
        return made

    @staticmethod
    def _of_binary64(array: npt.NDArray[np.float64]) -> ExactMatrix:
        fractions, exponents = np.frexp(array)
        integers = np.ldexp(fractions, 53).astype(np.int64)
        shifts = exponents.astype(np.int64) - 53
        nonzero = integers != 0
        lowest = int(shifts[nonzero].min()) if nonzero.any() else 0
        shifts = np.where(nonzero, shifts - lowest, 0)
        data = integers.astype(object) << shifts.astype(object)
        if lowest >= 0:
            return ExactMatrix(data * (1 << lowest), 1)
        return ExactMatrix(data, 1 << -lowest).reduced()

    @staticmethod
    def identity(n: int, factor: Fraction = Fraction(1)) -> ExactMatrix:
        data = np.zeros((n, n), dtype=object)
        data[np.diag_indices(n)] = factor.numerator
        return ExactMatrix(data, factor.denominator)

    @staticmethod
    def zeros(rows: int, columns: int) -> ExactMatrix:
        return ExactMatrix(np.zeros((rows, columns), dtype=object))

    def reduced(self) -> ExactMatrix:
        """The same matrix with the smallest common denominator."""
        common = math.gcd(self.denominator, *self.numerators.ravel().tolist())
        if common == 1:
            return self
        return ExactMatrix(self.numerators // common, self.denominator // common)

    @property
    def transposed(self) -> ExactMatrix:
        return ExactMatrix(self.numerators.T.copy(), self.denominator)

    def scaled(self, factor: Fraction) -> ExactMatrix:
        if factor == 1:
            return self
        return ExactMatrix(self.numerators * factor.numerator, self.denominator * factor.denominator)

    def __add__(self, other: ExactMatrix) -> ExactMatrix:
        if self.shape != other.shape:
            raise ValueError(f"shapes {self.shape} and {other.shape} do not add")
        common = math.lcm(self.denominator, other.denominator)
        left, right = common // self.denominator, common // other.denominator
        one = self.numerators if left == 1 else self.numerators * left
        two = other.numerators if right == 1 else other.numerators * right
        return ExactMatrix(one + two, common)

    def entry(self, i: int, j: int) -> Fraction:
        return Fraction(self.numerators[i, j], self.denominator)

    def fractions(self) -> list[list[Fraction]]:
        return [[Fraction(entry, self.denominator) for entry in row] for row in self.numerators]

    def is_zero(self) -> bool:
        return not any(self.numerators.flat)

    def to_binary64_approx(self) -> npt.NDArray[np.float64]:
        """Nearest binary64 numbers (for untrusted searches); correctly rounded."""
        denominator = self.denominator
        flat = [entry / denominator for entry in self.numerators.ravel().tolist()]  # int/int rounds correctly
        return np.array(flat, dtype=np.float64).reshape(self.shape)

    def as_binary64(self) -> npt.NDArray[np.float64] | None:
        """The float64 array that stores this matrix exactly, or None when there is none."""
        if self.denominator & (self.denominator - 1):
            return None
        known: npt.NDArray[np.float64] | None = self.__dict__.get("_binary64")  # where it was made from one
        if known is not None:
            return known.copy()
        try:
            array = self.to_binary64_approx()
        except OverflowError:
            return None
        back = ExactMatrix._of_binary64(array)
        common = math.lcm(self.denominator, back.denominator)
        left, right = common // self.denominator, common // back.denominator
        same = np.array_equal(self.numerators * left, back.numerators * right)
        return array if same else None
