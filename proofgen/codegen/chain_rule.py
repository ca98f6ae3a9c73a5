"""Faà di Bruno's formula as code, for every choice of coefficients that are there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from ..symbolic.kept import kept
from ..symbolic.subsets import Subset, parts, subsets


def _choices() -> Iterator[tuple[Subset, tuple[Subset, ...]]]:
    for subset in subsets(3):
        there = parts(subset)
        for size in range(len(there) + 1):
            for chosen in combinations(there, size):
                yield subset, chosen


@kept(_choices())
def chain_rule(subset: Subset, there: tuple[Subset, ...]) -> dict[str, Any] | None:
    """Code of h_S of a layer from the z's that are not 0. code: in sigma1, … and y_1, y_12, …; sigma: the derivatives
    of σ in it, from 0; z: the coefficients in it, such as "12". None: h_S is 0."""
    import sympy as sp  # slow to import

    from ..symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
    from .printer import flint_code

    absent = {z_symbol(part): 0 for part in parts(subset) if part not in there}
    expression = sp.expand(faa_di_bruno(max(subset))[subset].subs(absent))
    if expression == 0:
        return None
    used = [part for part in there if expression.has(z_symbol(part))]
    labels = {part: "".join(map(str, part)) for part in used}
    return {
        "code": flint_code(expression, {z_symbol(part): f"y_{label}" for part, label in labels.items()}),
        "sigma": [k for k, symbol in enumerate(sigma_derivatives) if expression.has(symbol)],
        "z": list(labels.values()),
    }
