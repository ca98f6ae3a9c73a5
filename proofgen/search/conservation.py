"""Linear combinations of the components of f that vanish everywhere: conserved quantities. Binary64, UNTRUSTED."""

from __future__ import annotations

import numpy as np

from ..approx.field import Array, FieldApprox

PLACES = 6  # where f and its derivatives are looked at
NEGLIGIBLE = 1e-11  # a singular value over the largest
LARGEST = 12  # a coefficient is a fraction with a numerator and a denominator up to this


def conserved(field: FieldApprox, x: Array, gamma: float) -> list[Array]:
    """Independent combinations w with wᵀf = 0, as far as can be seen around (x, γ): small integers where there are any.

    None at all where f is not defined at some places near (x, γ).
    """
    random, columns = np.random.default_rng(0), []
    size = np.where(x == 0, max(1.0, float(np.max(np.abs(x), initial=0.0))), np.abs(x))
    for _ in range(PLACES):
        place, parameter = x + 0.3 * size * random.uniform(-1, 1, field.n), gamma * (1 + 0.1 * random.uniform())
        columns += [field.jacobian(place, parameter) * size, field.f(place, parameter)[:, None]]
    every = np.column_stack(columns)
    rows = np.max(np.abs(every), axis=1, keepdims=True)
    if not np.all(np.isfinite(every)) or not np.all(rows > 0):
        return []
    vectors, values, _ = np.linalg.svd(every / rows)
    null = vectors[:, values <= NEGLIGIBLE * values[0]].T / rows.T
    return [] if len(null) == field.n else list(_with_small_integers(null))


def _with_small_integers(null: Array) -> Array:
    """The same space with a basis in reduced echelon form, each row times a common denominator where one is found."""
    reduced, row = null.copy(), 0
    for column in range(null.shape[1]):
        if row == len(reduced):
            break
        pivot = row + int(np.argmax(np.abs(reduced[row:, column])))
        if abs(reduced[pivot, column]) <= 1e-8 * np.max(np.abs(reduced[row:])):
            continue
        reduced[[row, pivot]] = reduced[[pivot, row]]
        reduced[row] /= reduced[row, column]
        others = np.arange(len(reduced)) != row
        reduced[others] -= np.outer(reduced[others, column], reduced[row])
        row += 1
    for line in reduced:
        for denominator in range(1, LARGEST + 1):
            integers = np.round(denominator * line)
            if np.all(np.abs(denominator * line - integers) <= 1e-7) and np.max(np.abs(integers)) <= LARGEST:
                line[:] = integers
                break
    return reduced
