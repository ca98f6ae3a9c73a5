"""What is printed of a Hopf point that a window proves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..bundle.codec import Limbs
from ..bundle.json_text import Files
from ..bundle.window import WindowPoint, WindowWitness
from ..numbers.decimals import ceil_to, floor_log10, floor_to, render_decimal
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode
from .hopf_point import WITH_BOX, WITH_WITNESS, PointContent, printed_point, store_basis, store_limbs

if TYPE_CHECKING:
    from ..proof.hopf_point import HopfPointProof
    from ..search.local_witness import LocalWitness


@dataclass(frozen=True)
class WindowData:
    """The window [γ̃ − h, γ̃ + h]. half_width: h."""

    local: LocalWitness
    half_width: float

    @property
    def gamma(self) -> Fraction:
        return self.local.gamma

    def point(self, name: str, content: PointContent, files: Files) -> WindowPoint:
        witness = WindowWitness(pair=content.pair, **self.stored(name, files))
        return WindowPoint(name, content.claims, content.bounds, witness, content.precision)

    def stored(self, name: str, files: Files) -> dict[str, Any]:
        """The keys of a witness but for the position of the eigenvalue; arrays are added to ``files``."""
        w, basis = self.local, self.local.basis
        x: Limbs | None = None if w.x is None else store_limbs(f"{name}-x", w.x, files)
        slope: Limbs | None = None if w.slope is None else store_limbs(f"{name}-slope", [w.slope], files)
        return {
            "gamma": w.gamma, "half_width": Fraction(self.half_width), "pairs": basis.pairs,
            "radius": None if w.radius is None else Fraction(w.radius), "x": x, "slope": slope,
            **store_basis(name, basis, files),
        }  # fmt: skip


def window_content(
    proof: HopfPointProof, data: WindowData, precision: int, digits: int, has_box: bool
) -> PointContent | FailureCode:
    """A certificate, or why its printed form no longer proves the point; see `printed_point`."""
    printed = printed_point(proof, WITH_BOX if has_box else WITH_WITNESS, precision, digits)
    if isinstance(printed, FailureCode):
        return printed
    claims, bounds = printed
    window = inside_window(data.local.gamma, data.half_width)
    if not (window.low <= claims.parameter.low and claims.parameter.high <= window.high):
        return FailureCode.NO_CROSSING
    return PointContent(replace(claims, window=window), bounds, data, proof.pair, precision)


def inside_window(gamma: Fraction, half_width: float) -> Enclosure:
    """A short decimal interval inside [γ̃ − h, γ̃ + h], of nearly that length."""
    low, high = gamma - Fraction(half_width), gamma + Fraction(half_width)
    exponent = floor_log10(high - low) - 2
    return Enclosure.of(
        render_decimal(ceil_to(low, exponent), exponent), render_decimal(floor_to(high, exponent), exponent)
    )
