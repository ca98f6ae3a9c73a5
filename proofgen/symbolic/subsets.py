"""Subsets of {1, …, m}: they number the square-free monomials in ε_1, …, ε_m, the coefficients of a jet."""

from __future__ import annotations

from itertools import combinations

Subset = tuple[int, ...]


def subsets(order: int) -> list[Subset]:
    """Non-empty subsets of {1, …, order}, small ones first."""
    return parts(tuple(range(1, order + 1)))


def parts(subset: Subset) -> list[Subset]:
    """The non-empty parts of a set, small ones first."""
    return [part for size in range(1, len(subset) + 1) for part in combinations(subset, size)]
