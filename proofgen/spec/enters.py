"""How the parameter γ enters a layer: E of ``W(γ) = W⁰ + γE`` and c of ``b + γc``. Exact: described, not formed."""

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


Direction = Literal["identity", "none", "gain"] | OneWeight | NamedMatrix


@dataclass(frozen=True)
class Entrance:
    """weights: what E is, "gain" meaning ``W(γ) = γW``; bias: the column c, None meaning 0."""

    weights: Direction
    bias: NamedMatrix | None = None

    @property
    def arrays(self) -> dict[str, ExactMatrix]:
        """The arrays that the description brings with it."""
        return {part.name: part.matrix for part in (self.weights, self.bias) if isinstance(part, NamedMatrix)}


IDENTITY = Entrance("identity")


def entering(
    given: Entrance, weights: tuple[Term, ...], shape: tuple[int, int]
) -> tuple[tuple[Term, ...], tuple[Term, ...], str | None]:
    """W⁰, E and the name of c, for a layer with these weights of this shape. Raises InputError as `parameter_terms`."""
    c = given.bias
    if c is not None and c.matrix.shape != (shape[0], 1):
        expected = f"expected {shape[0]}, one for every row of the weights"
        raise InputError(f"{c.matrix.shape[0]} entries; {expected}", key="bias")
    if c is not None and c.matrix.is_zero():
        raise InputError("the vector is zero; expected a nonzero one", key="bias")
    name = None if c is None else c.name
    if given.weights == "gain":
        return (), weights, name
    return weights, parameter_terms(given.weights, shape), name


def parameter_terms(direction: Direction, shape: tuple[int, int]) -> tuple[Term, ...]:
    """E as terms, for a layer whose weights have this shape; no terms for "none". direction: not "gain".

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
    if not isinstance(direction, OneWeight):
        raise ValueError("a gain is no direction of its own")
    return _one_weight(direction, shape)


_ALTERNATIVES = 'expected "none", { row, column }, { matrix }, { gain } or { bias }'


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
