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


def partitions(subset: Subset) -> list[list[Subset]]:
    """Of a set into non-empty sets: the first element alone, or added to one part of a partition of the others."""
    if not subset:
        return [[]]
    found: list[list[Subset]] = []
    for parts in partitions(subset[1:]):
        found.append([subset[:1], *parts])
        found += [[*parts[:i], subset[:1] + part, *parts[i + 1 :]] for i, part in enumerate(parts)]
    return found


def leibniz(subset: Subset) -> list[tuple[Subset, Subset]]:
    """(ab)_S = Σ a_T b_R over all subsets T of S, the largest T first; R is the rest of S. The pairs (T, R)."""
    chosen = [part for size in range(len(subset), -1, -1) for part in combinations(subset, size)]
    return [(part, tuple(i for i in subset if i not in part)) for part in chosen]
