"""The arrays of pieces with a quadratic form (section 17)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .budget import bytes_of
from .context import Checker
from .fields import stacked_arrays
from .files import Stored, binary64
from .form_motion import TubeField
from .form_piece import FormTube, Witness
from .quadratic_form import Form
from .reports import Item
from .verdicts import Matrix, Rejected, Undecided

# A quadratic form costs about 125 n^3 at n = 256 (2.1 10^9 counted, 2.1 seconds measured), one with a Hopf point twice
# as much in addition: its file, n(n + 1)/2 numbers for each, limits how many there are.
WORK_PER_FORM = 200  # n^3


def form_arrays(checker: Checker, witness: dict[str, Any], K: int, H: int) -> dict[str, Stored | None]:
    """Of K pieces with a quadratic form, H of them with a Hopf point."""
    n = checker.problem.n
    shapes = {"curve": (4 * K, n), "P": (K, n * (n + 1) // 2), "ends": (2 * K, n)}
    more = {"G": (H * n, n), "U": (2 * H, n), "V": (2 * H, n)}
    if not H:
        if any(witness[key] is not None for key in more):
            raise Rejected("branch.json: G, U or V without a piece that has a quadratic form and a Hopf point")
        more = {}
    arrays = stacked_arrays(checker, witness, shapes | more, ("curve", "ends"))
    if (arrays["curve"] is None) != (arrays["ends"] is None):
        raise Rejected("branch.json: curve and ends are not null together")
    checker.bundle.budget.extra += WORK_PER_FORM * n**3 * (K + 2 * H)
    return arrays


def part_of(checker: Checker, arrays: dict[str, Stored | None], key: str, rows: int, width: int, place: int,
            name: str) -> tuple[Matrix, int]:  # fmt: skip
    """Rows of integers and s with unit 2^-s."""
    array = arrays[key]
    if array is None:
        raise Rejected(f"branch.json: {key} is null")
    size = 8 * rows * width
    flat, unit = binary64(array.data[size * place : size * (place + 1)], name, checker.bundle.budget)
    return [flat[i : i + width] for i in range(0, len(flat), width)], unit.bit_length() - 1


def symmetric(n: int, rows: Matrix, shift: int) -> Form:
    """The form with this lower triangle, row by row."""
    (flat,) = rows
    return Form.of([flat[i * (i + 1) // 2 : (i + 1) * (i + 2) // 2] for i in range(n)], shift)


def check_unstable(checker: Checker, item: Item, arrays: dict[str, Stored | None], pieces: list[Any],
                   claim: int) -> None:  # fmt: skip
    """As many eigenvalues of A are on the right of the axis, over all of the first piece, as of its P are positive."""
    if not pieces or pieces[0]["margin"] is None or pieces[0]["kind"] != "clear":
        raise Rejected("unstable_eigenvalues is claimed, but the first piece is not clear by a quadratic form")
    n, problem = checker.problem.n, checker.problem
    form = symmetric(n, *part_of(checker, arrays, "P", 1, n * (n + 1) // 2, 0, "piece 0"))
    found = checker.parts("inertia").positive_eigenvalues(form, problem.product, problem.budget)
    item.require(found == claim, f"unstable_eigenvalues is {claim}, but {found} eigenvalues of P are positive")


def form_tube(checker: Checker, field: TubeField, arrays: dict[str, Stored | None], position: int, hopf: int,
              piece: dict[str, Any], trivial: bool, name: str) -> FormTube:  # fmt: skip
    """Theorem L over a piece, or Theorem H over one of kind hopf; `hopf` is the position among the latter."""
    n, budget = checker.problem.n, checker.bundle.budget
    crossing = piece["kind"] == "hopf"
    if piece["pairs"] is not None:
        raise Rejected(f"{name}: both discs and a quadratic form")
    if (piece["radius"] is None) != trivial:
        raise Rejected(f"{name}: the radius is null on the branch x = 0 only")
    if [piece["branch_margin"] is not None, piece["shift"] is not None] != [crossing, crossing]:
        raise Rejected(f"{name}: branch_margin and shift belong to a piece of kind hopf")

    def part(key: str, rows: int, width: int, place: int) -> tuple[Matrix, int]:
        return part_of(checker, arrays, key, rows, width, place, name)

    def fractions(key: str, rows: int, place: int) -> list[list[Fraction]]:
        found, shift = part(key, rows, n, place)
        return [[Fraction(x, 1 << shift) for x in row] for row in found]

    budget.hold((12 if crossing else 6) * bytes_of(n * n, 2 * field.net.F))
    form = symmetric(n, *part("P", 1, n * (n + 1) // 2, position))
    curve, ends = (None if trivial else fractions(key, rows, position) for key, rows in (("curve", 4), ("ends", 2)))
    interval, centre, radius, margin = (piece[key] for key in ("interval", "centre", "radius", "margin"))
    try:
        if not crossing:
            clear = FormTube(field, Witness(interval, centre, curve, radius, margin, form, ends))
            del clear.motion  # which takes as much room as all the rest
            return clear
        parts = checker.parts("form_crossing")
        G = Form.general(*part("G", n, n, hopf))
        axis = parts.Axis(form, margin, piece["shift"], fractions("U", 2, hopf), fractions("V", 2, hopf))
        tube: FormTube = parts.CrossingTube(
            field, Witness(interval, centre, curve, radius, piece["branch_margin"], G, ends), axis
        )
        return tube
    except (Rejected, Undecided) as error:
        raise type(error)(f"{name}: {error}") from None
