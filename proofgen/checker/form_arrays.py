"""The arrays of pieces with a quadratic form (section 17)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .budget import bytes_of
from .context import Checker, stacked_arrays
from .files import Stored, binary64
from .form_piece import FormNetwork, FormTube, Witness
from .quadratic_form import Form
from .verdicts import Rejected, Undecided


def form_arrays(checker: Checker, witness: dict[str, Any], K: int) -> dict[str, Stored | None]:
    n = checker.problem.n
    shapes = {"curve": (4 * K, n), "P": (K, n * (n + 1) // 2), "ends": (2 * K, n)}
    arrays = stacked_arrays(checker, witness, shapes, ("curve", "ends"))
    if (arrays["curve"] is None) != (arrays["ends"] is None):
        raise Rejected("branch.json: curve and ends are not null together")
    return arrays


def form_tube(checker: Checker, field: FormNetwork, arrays: dict[str, Stored | None], position: int,
              piece: dict[str, Any], trivial: bool, name: str) -> FormTube:  # fmt: skip
    """Theorem L over a piece."""
    n, budget = checker.problem.n, checker.bundle.budget
    if piece["pairs"] is not None:
        raise Rejected(f"{name}: both discs and a quadratic form")
    if (piece["radius"] is None) != trivial:
        raise Rejected(f"{name}: the radius is null on the branch x = 0 only")

    def part(key: str, rows: int, width: int) -> tuple[list[int], int] | None:
        """Integers and s with unit 2^-s."""
        array = arrays[key]
        if array is None:
            return None
        size = 8 * rows * width
        flat, unit = binary64(array.data[size * position : size * (position + 1)], name, budget)
        return flat, unit.bit_length() - 1

    def fractions(key: str, rows: int) -> list[list[Fraction]] | None:
        found = part(key, rows, n)
        if found is None:
            return None
        exact = [Fraction(x, 1 << found[1]) for x in found[0]]
        return [exact[i : i + n] for i in range(0, len(exact), n)]

    found = part("P", 1, n * (n + 1) // 2)
    if found is None:
        raise Rejected("branch.json: P is null")
    budget.hold(6 * bytes_of(n * n, 2 * 128))
    flat, shift = found
    triangle = [flat[i * (i + 1) // 2 : (i + 1) * (i + 2) // 2] for i in range(n)]
    witness = Witness(piece["interval"], piece["centre"], fractions("curve", 4), piece["radius"], piece["margin"],
                      Form.of(triangle, shift), fractions("ends", 2))  # fmt: skip
    try:
        return FormTube(field, witness)
    except (Rejected, Undecided) as error:
        raise type(error)(f"{name}: {error}") from None
