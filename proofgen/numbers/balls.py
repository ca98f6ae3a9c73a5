"""Ball arithmetic (python-flint's Arb): precision, exact conversion, one-sided predicates.

The only module that touches ``flint.ctx``. A ball ``arb`` is a midpoint and a radius; every
operation returns a ball that contains the exact result. A predicate here answers True only
when the statement is certain for every point of the balls; NaN and infinities never pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from threading import RLock

import flint
import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat, fmpz_mat

from .exact import ExactMatrix

_one_thread = RLock()  # Arb's precision belongs to the process: other threads wait until a block ends


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Set Arb's global working precision for a block and restore the old one after it."""
    if bits < 2:
        raise ValueError(f"precision of {bits} bits")
    with _one_thread:
        old = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = old


def current_precision() -> int:
    return int(flint.ctx.prec)


# --- exact values to balls -------------------------------------------------------------------


def ball(value: Fraction | int) -> arb:
    """A ball containing the rational ``value`` (a point when it is an integer or short dyadic)."""
    if isinstance(value, int):
        return arb(value)
    return arb(value.numerator) / value.denominator


def ball_with_radius(centre: arb, radius: arb) -> arb:
    """The smallest Arb ball containing ``centre + [−r, r]`` for every r in ``radius``."""
    return arb(centre, radius)


def exact_matrix_ball(matrix: ExactMatrix) -> arb_mat:
    """A ball matrix containing ``matrix``; exact for dyadic entries."""
    rows, columns = matrix.shape
    integers = arb_mat(fmpz_mat(rows, columns, matrix.numerators.ravel().tolist()))
    denominator = matrix.denominator
    if denominator & (denominator - 1) == 0:
        return integers * arb(2) ** (1 - denominator.bit_length()) if denominator > 1 else integers
    return integers / denominator


def binary64_matrix(limbs: Sequence[npt.NDArray[np.float64]], bits: int) -> arb_mat:
    """The exact sum of binary64 arrays ("limbs") as a matrix.

    bits: precision at which the limbs are added; inexact additions would make the matrix an
    enclosure of the sum, which is still valid.
    """
    with working_precision(bits):
        total = arb_mat(np.asarray(limbs[0]).tolist())
        for limb in limbs[1:]:
            total = total + arb_mat(np.asarray(limb).tolist())
        return total


# --- predicates ------------------------------------------------------------------------------


def proves_positive(x: arb) -> bool:
    """Certainly x > 0 (and finite)."""
    return bool(x.is_finite()) and bool(x > 0)


def proves_negative(x: arb) -> bool:
    """Certainly x < 0 (and finite)."""
    return bool(x.is_finite()) and bool(x < 0)


def proves_nonzero(x: arb) -> bool:
    return proves_positive(x) or proves_negative(x)


def proves_less(x: arb, y: arb) -> bool:
    """Certainly x < y, both finite."""
    return proves_positive(y - x) and bool(x.is_finite()) and bool(y.is_finite())


def square(x: arb) -> arb:
    """x², with no negative number in it, for a ball around 0 too."""
    if x.rel_accuracy_bits() >= 10 or not x.is_finite():
        return x * x
    between = (x.abs_lower() * x.abs_lower()).union(x.abs_upper() * x.abs_upper())
    if between > 0:
        return between
    around_zero = arb(0, between.upper() / 2)
    return around_zero + around_zero.rad()  # exact, so that it begins at 0


def integer_power(x: arb, exponent: int) -> arb:
    """x^k, k ≥ 0; arb's own power is not defined for balls around 0."""
    if exponent == 0:
        return arb(1)
    half = square(integer_power(x, exponent // 2))
    return half * x if exponent % 2 else half


def dot(u: Sequence[arb], v: Sequence[arb]) -> arb:
    return sum((x * y for x, y in zip(u, v, strict=True)), arb(0))


def image(matrix: arb_mat, v: Sequence[arb]) -> list[arb]:
    """The product with a column."""
    return [row[0] for row in (matrix * arb_mat([[x] for x in v])).table()]


# --- bounds ----------------------------------------------------------------------------------


def largest(values: Iterable[arb]) -> arb:
    """An upper bound of all the values, as a point; infinite when one has none that is finite."""
    best: arb | None = None
    rivals: list[arb] = []  # what is not certainly less than the best
    for value in values:
        if best is None or best < value:
            best = value
            rivals = [value, *[rival for rival in rivals if not rival < value]]
        elif not value < best:
            rivals.append(value)
    uppers = [rival.upper() for rival in rivals]
    if not all(upper.is_finite() for upper in uppers):
        return arb.pos_inf()
    return max(uppers, default=arb(0))


def smallest(values: Iterable[arb]) -> arb:
    """A lower bound of all the values, as a point; −∞ when one has none that is finite, or there are no values."""
    best: arb | None = None
    rivals: list[arb] = []  # what is not certainly larger than the best
    for value in values:
        if best is None or best > value:
            best = value
            rivals = [value, *[rival for rival in rivals if not rival > value]]
        elif not value > best:
            rivals.append(value)
    lowers = [rival.lower() for rival in rivals]
    if not all(lower.is_finite() for lower in lowers):
        return arb.neg_inf()
    return min(lowers, default=arb.neg_inf())


def point_fraction(x: arb) -> Fraction:
    """The exact value of a point (a ball of radius 0)."""
    mantissa, exponent = x.man_exp()
    shift = int(exponent)
    return Fraction(int(mantissa) << shift) if shift >= 0 else Fraction(int(mantissa), 1 << -shift)


def dyadic_ends(x: arb) -> tuple[int, int, int]:
    """Exact ends of a finite ball as integers, and the exponent e of the unit 2^e that they are in. Raises ValueError
    for a ball that is not finite."""
    if not x.is_finite():
        raise ValueError("no enclosure: the ball is not finite")
    mantissa, exponent = x.mid().man_exp()
    middle, unit = int(mantissa), int(exponent)
    mantissa, exponent = x.rad().man_exp()
    radius, finer = int(mantissa), int(exponent)
    if not radius:
        return middle, middle, unit
    if not middle:
        return -radius, radius, finer
    if unit > finer:
        middle, unit = middle << (unit - finer), finer
    else:
        radius <<= finer - unit
    return middle - radius, middle + radius, unit


def enclosure(x: arb) -> tuple[Fraction, Fraction]:
    """Exact ends of a finite ball. Raises ValueError for a ball that is not finite."""
    low, high, unit = dyadic_ends(x)
    if unit >= 0:
        return Fraction(low << unit), Fraction(high << unit)
    return Fraction(low, 1 << -unit), Fraction(high, 1 << -unit)


# --- out of the balls (untrusted use) ----------------------------------------------------------


def midpoints_approx(matrix: arb_mat) -> npt.NDArray[np.float64]:
    """Midpoints rounded to binary64, for untrusted refinement."""
    flat = [float(x.mid()) for x in matrix.entries()]
    return np.array(flat, dtype=np.float64).reshape(matrix.nrows(), matrix.ncols())
