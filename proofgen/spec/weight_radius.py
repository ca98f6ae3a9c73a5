"""How well a spec says that weights are known, as the radii of a problem's arrays. Exact rationals only."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TypeVar

from ..errors import InputError, UnsupportedError
from ..numbers.radius import NumberFormat, Radius
from ..problem.cell import CellProblem
from ..problem.network import Problem
from .data_files import at
from .form_values import GivenRadius

KEY = "proof.weight_radius"
P = TypeVar("P", Problem, CellProblem)


def with_radius(given: GivenRadius, problem: P, gains: bool = False) -> P:
    """The problem with the radii of its arrays; a number format means half a unit in the last place of each entry.

    gains: some weights are those of a gain, of layers, which are exact. Raises InputError.
    """
    if gains and given != 0 and not isinstance(given, dict):
        expected = "expected 0, or a table of the other arrays: the weights of a gain are exact"
        raise UnsupportedError(expected, key=KEY)
    if isinstance(given, Fraction):
        return replace(problem, weight_radius=given)
    if isinstance(given, NumberFormat):
        given = dict.fromkeys(problem.uncertain, given)
    names, radii = problem.with_radii, dict[str, Radius]()
    for name, radius in given.items():
        if name not in names:
            expected = f"expected a number or a table of the arrays of weights and biases: {', '.join(names)}"
            raise InputError(f"no array {name!r} there; {expected}", key=KEY)
        if isinstance(radius, NumberFormat):
            radii[name] = at(f"{KEY}.{name}", partial(radius.radii, problem.given(name)))
        else:
            radii[name] = radius
    return replace(problem, weight_radius={name: radii[name] for name in names if name in radii})
