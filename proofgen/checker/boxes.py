"""Boxes of weights: the radii of arrays, and of the entries of W^0 (section 3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .budget import OPERATION, bytes_of, digits_in
from .files import Array, Bundle
from .reading import decimal, short
from .verdicts import Matrix, Rejected

Radii = dict[str, Fraction | Array]  # of all entries of an array of `weights` and `bias`, or of each; missing: 0


def read_radii(value: Any, bundle: Bundle, arrays: dict[str, Array], used: list[Any], where: str) -> Radii:
    """`weight_radius`: a decimal for all arrays of `weights` and `bias`, or for some of them a decimal or an array."""
    radii: Radii = {}
    if not isinstance(value, dict):
        if decimal(value, f"{where}: weight_radius") < 0:
            raise Rejected(f"{where}: weight_radius < 0")
        value = {name: value for name in arrays if name in used}
    for name, radius in value.items():
        if name not in used or name not in arrays:
            raise Rejected(f"{where}: weight_radius names {short(name)}, which is no array of weights or bias")
        if isinstance(radius, dict):
            array = bundle.exact_array(radius, f"{where}: weight_radius of {short(name)}")
            radii[name] = array
            if array.shape != arrays[name].shape or any(x < 0 for row in array.rows for x in row):
                raise Rejected(f"{where}: weight_radius of {short(name)} has another shape, or a negative entry")
        else:
            uniform = decimal(radius, f"{where}: weight_radius")
            radii[name] = uniform
            if uniform < 0:
                raise Rejected(f"{where}: weight_radius < 0")
    return radii


def delta_of(bundle: Bundle, weights: list[Any], radii: Radii, rows: int, columns: int,
             unit: int) -> tuple[Matrix, int]:  # fmt: skip
    """Delta_ij = sum |c| r over the distinct array entries in W^0_ij, in units 1/(unit * factor), and the factor."""
    coefficients: dict[str, list[Fraction]] = {}  # of the array entries a_ij and a_ji in W^0_ij
    for c, a, transposed, _ in weights:
        if a is not None:
            coefficients.setdefault(a, [Fraction(0), Fraction(0)])[transposed] += c
    total, budget = [[Fraction(0)] * columns for _ in range(rows)], bundle.budget
    budget.fits(rows * columns * 300)
    for a, (plain, flipped) in coefficients.items():
        r = radii.get(a, Fraction(0))

        def radius(i: int, j: int, r: Fraction | Array = r) -> Fraction:
            return r if isinstance(r, Fraction) else Fraction(r.rows[i][j], r.unit)

        for i, row in enumerate(total):
            bits = max(x.numerator.bit_length() + x.denominator.bit_length() for x in row)
            budget.spend(columns * (20 * OPERATION + 16 * digits_in(bits) ** 2))
            budget.fits(rows * columns * (300 + bits // 7))
            for j in range(columns):
                if i == j:
                    row[j] += abs(plain + flipped) * radius(i, j)
                else:
                    row[j] += abs(plain) * radius(i, j) if plain else 0
                    row[j] += abs(flipped) * radius(j, i) if flipped else 0
    factor = bundle.multiple({unit, *(x.denominator for row in total for x in row)}, "weight_radius") // unit
    bits = (unit * factor).bit_length()
    budget.spend(rows * columns * (4 * OPERATION + digits_in(bits) ** 2))
    budget.keep(2 * bytes_of(rows * columns, bits))
    return [[int(x * unit * factor) for x in row] for row in total], factor
