"""The box of weights as LaTeX. Radii are rounded down: what is printed is a part of what is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..formulas.weight_box import ArrayBox, StatedBox
from ..numbers.decimals import exact_decimal
from .numbers import Tex, enclosure, lower_bound, upper_bound


@dataclass(frozen=True)
class BoxTex:
    """words: "every entry of $R_1$ within … of its given value"; radius, combined: where one radius is for all."""

    words: Tex
    radius: Tex | None
    combined: tuple[Tex, Tex] | None


def box_tex(box: StatedBox | None) -> BoxTex | None:
    if box is None:
        return None
    if box.uniform is not None:
        radius = proved_radius(box.uniform)
        words = Tex(rf"every entry of the given weights and biases within ${radius}$ of its given value")
    else:
        radius = None
        groups: dict[tuple[Fraction, bool, str | None], list[ArrayBox]] = {}
        for array in box.arrays:
            key = (Fraction(0) if array.format else array.radius, array.entrywise, array.format)
            groups.setdefault(key, []).append(array)
        parts = [_group(arrays) for arrays in groups.values()]
        words = Tex(f"{_listed(parts)} of its given value, all other numbers exact")
    both = None
    if box.combined is not None:
        both = (proved_radius(box.combined[0]), proved_radius(box.combined[1]))
    return BoxTex(words, radius, both)


def _group(arrays: Sequence[ArrayBox]) -> str:
    names = _listed([f"${array.name}$" for array in arrays])
    top = upper_bound(max(array.radius for array in arrays), digits=4).latex
    if arrays[0].format:
        how = f"half a unit in the last place of that value in {arrays[0].format} (at most ${top}$)"
    elif arrays[0].entrywise:
        how = rf"its own radius, given in the file \texttt{{problem.json}} (at most ${top}$),"
    else:
        how = f"${proved_radius(arrays[0].radius)}$"
    return f"every entry of {names} within {how}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def proved_radius(x: Fraction) -> Tex:
    """A nonnegative exact decimal; long ones rounded down."""
    return enclosure(x, x, digits=16).latex if exact_decimal(x, 16) is not None else lower_bound(x, digits=6).latex
