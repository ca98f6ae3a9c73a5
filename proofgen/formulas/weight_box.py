"""What a reader is told of the box of weights that a theorem is about. Exact; no claim of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..numbers.exact import ExactMatrix
from ..numbers.radius import format_of, is_zero, largest
from ..problem.cell import CellProblem
from ..problem.network import Problem


@dataclass(frozen=True)
class ArrayBox:
    """One array that is not exact. name: LaTeX; radius: of all entries, or the largest where each has its own;
    format: the number format of which the radii are half units in the last place."""

    name: str
    radius: Fraction
    entrywise: bool
    format: str | None


@dataclass(frozen=True)
class StatedBox:
    """uniform: the radius of all weights and biases, or None where ``arrays`` differ;
    combined: radii of W⁰ (diagonal, off the diagonal) for one layer, None where its entries have their own."""

    uniform: Fraction | None
    arrays: tuple[ArrayBox, ...]
    combined: tuple[Fraction, Fraction] | None


def stated_box(problem: Problem, name: Callable[[str], str]) -> StatedBox | None:
    """The box in words, None where every number is exact. name: LaTeX of an array's name."""
    if not problem.has_box:
        return None
    box = problem.weight_box(problem.layers[0].weights, problem.shapes[0])
    combined = None if isinstance(box, ExactMatrix) or len(problem.layers) > 1 else box
    uniform = problem.weight_radius if isinstance(problem.weight_radius, Fraction) else None
    return StatedBox(uniform, array_boxes(problem, name), combined)


def array_boxes(problem: Problem | CellProblem, name: Callable[[str], str]) -> tuple[ArrayBox, ...]:
    """The arrays that are not exact."""
    arrays = []
    for array in problem.with_radii:
        radius = problem.radius_of(array)
        if not is_zero(radius):
            found = format_of(problem.given(array), radius)
            entrywise = not isinstance(radius, Fraction)
            arrays.append(ArrayBox(name(array), largest(radius), entrywise, None if found is None else found.standard))
    return tuple(arrays)
