"""How the parameter γ enters a layer: the matrix E of ``W(γ) = W⁰ + γE``. Exact: described, not formed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..errors import InputError
from ..numbers.exact import ExactMatrix
from ..problem.network import Term

ONE = Fraction(1)


@dataclass(frozen=True)
class OneWeight:
    """``e_r e_cᵀ``, or ``e_r e_cᵀ − e_c e_rᵀ`` where antisymmetry is kept (row r, column c, from 1)."""

    row: int
    column: int
    antisymmetric: bool = False


@dataclass(frozen=True)
class NamedMatrix:
    """A matrix and the name under which it stands in the problem's arrays."""

    name: str
    matrix: ExactMatrix


Direction = Literal["identity", "none"] | OneWeight | NamedMatrix


def parameter_terms(direction: Direction, shape: tuple[int, int]) -> tuple[Term, ...]:
    """E as terms, for a layer whose weights have this shape; no terms for "none".

    Raises InputError (key: the place inside the value) where E does not fit the shape or is 0.
    """
    if direction == "none":
        return ()
    if direction == "identity":
        if shape[0] != shape[1]:
            raise InputError(f'"identity" needs a square layer, this one is {size(shape)}; {_ALTERNATIVES}')
        return (Term(ONE),)
    if isinstance(direction, NamedMatrix):
        if direction.matrix.shape != shape:
            found = size(direction.matrix.shape)
            raise InputError(f"{found} entries; expected {size(shape)}, the size of the weights", key="matrix")
        if direction.matrix.is_zero():
            raise InputError('the matrix is zero; expected a nonzero one ("none" where γ does not enter)', key="matrix")
        return (Term(ONE, direction.name),)
    return _one_weight(direction, shape)


_ALTERNATIVES = 'expected "none", { row, column } or { matrix }'


def _one_weight(weight: OneWeight, shape: tuple[int, int]) -> tuple[Term, ...]:
    for key, index, most in (("row", weight.row, shape[0]), ("column", weight.column, shape[1])):
        if not 1 <= index <= most:
            raise InputError(f"expected 1 to {most}; the weights are {size(shape)}", key=key, value=index)
    entry = Term(ONE, unit=(weight.row, weight.column))
    if not weight.antisymmetric:
        return (entry,)
    if shape[0] != shape[1]:
        raise InputError(f"expected a square layer; the weights are {size(shape)}", key="antisymmetric")
    if weight.row == weight.column:
        raise InputError(
            "e_r e_cᵀ − e_c e_rᵀ is zero for row = column; expected two different indices", key="antisymmetric"
        )
    return entry, Term(-ONE, unit=(weight.column, weight.row))


def size(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"
