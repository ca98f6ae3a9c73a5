"""Newton-like maps u ↦ u − A F(u) in a norm |v| = max |v_i|/R_i with radii R of one's own. Arithmetic: balls only."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, arb_mat

from ..numbers.balls import current_precision, image, largest

ROUNDINGS = 16  # bits of room for roundings


def step_size(A: arb_mat, F: Sequence[arb], R: Sequence[arb], u: Sequence[arb]) -> arb:
    """|A F| at ū = u or along it, with some room: a witness may be an exact zero, and a checker rounds."""
    room = (1 + largest(abs(y) for y in u)) * arb(2) ** (ROUNDINGS - current_precision())
    return largest((abs(y) + room) / radius for y, radius in zip(image(A, F), R, strict=True))


def defect(A: arb_mat, DF: arb_mat, R: Sequence[arb]) -> arb:
    """|I − A DF|."""
    return largest(
        sum((abs((1 if i == j else 0) - x) * R[j] for j, x in enumerate(row)), arb(0)) / R[i]
        for i, row in enumerate((A * DF).table())
    )
