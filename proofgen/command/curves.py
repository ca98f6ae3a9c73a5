"""Curves of Hopf points in two parameters, for the terminal: every digit shown is proved."""

from __future__ import annotations

from collections.abc import Iterator

from ..bundle.hopf_curve import OPEN, Curve, HopfCurves
from ..bundle.stretches import Stretch, stretches
from ..numbers.printed import Enclosure
from ..numbers.shown import proved_digits

STRETCHES_SHOWN = 40


def curve_lines(branch: HopfCurves, names: tuple[str, str]) -> Iterator[str]:
    """Each curve in stretches between its Bautin points. names: of the parameters."""
    for number, curve in enumerate(branch.claims.curves, 1):
        many = "s" * (len(curve.pieces) > 1)
        yield f"curve {number}: {len(curve.pieces)} piece{many}, {_ends(curve)}"
        found = list(stretches(curve))
        for stretch in found[:STRETCHES_SHOWN]:
            yield f"  {_stretch(stretch, names)}"
        if len(found) > STRETCHES_SHOWN:
            yield f"  … and {len(found) - STRETCHES_SHOWN} more"


def _ends(curve: Curve) -> str:
    if curve.ends == ("box", "box"):
        return "from border to border of the box"
    if OPEN not in curve.ends:
        return "closed"
    first, last = (f"{word} {'open' if end == OPEN else 'on the border'}" for word, end in
                   zip(("begin", "end"), curve.ends, strict=True))  # fmt: skip
    return f"{first}, {last}"


def _stretch(stretch: Stretch, names: tuple[str, str]) -> str:
    if stretch.point is not None:
        return f"{stretch.point}: ℓ1 changes its sign"
    return (
        f"{stretch.criticality} from {_place(stretch.start, names)} to {_place(stretch.end, names)}, "
        f"n_u = {stretch.unstable}"
    )


def _place(parameters: tuple[Enclosure, Enclosure], names: tuple[str, str]) -> str:
    values = ", ".join(proved_digits(x, 6) for x in parameters)
    return f"({', '.join(names)}) = ({values})"
