"""What is printed of a Hopf point that a Newton–Kantorovich ball proves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..approx.field import Array
from ..bundle.json_text import Files
from ..bundle.newton_ball import NewtonBallPoint, NewtonBallWitness
from ..numbers.printed import Decimal
from ..proof.failure import FailureCode
from .hopf_point import WITH_BALL, WITH_BOX, PointContent, printed_point, store_basis, store_limbs

if TYPE_CHECKING:
    from ..proof.hopf_point import HopfPointProof
    from ..search.witness import WitnessLimbs


@dataclass(frozen=True)
class NewtonBallData:
    """The binary64 witness of Method N; see FORMAT.md, section 11."""

    gamma: float
    omega: float
    x: Array
    a: Array
    b: Array
    phi: Array
    A: Array
    R: float
    basis: WitnessLimbs

    def point(self, name: str, content: PointContent, files: Files) -> NewtonBallPoint:
        parts = {key: store_limbs(f"{name}-{key}", [getattr(self, key)], files) for key in ("x", "a", "b", "phi", "A")}
        witness = NewtonBallWitness(
            gamma=Fraction(self.gamma),
            omega=Fraction(self.omega),
            R=Fraction(self.R),
            pairs=self.basis.pairs,
            pair=content.pair,
            **parts,
            **store_basis(name, self.basis, files),
        )
        return NewtonBallPoint(name, content.claims, content.bounds, witness, content.precision)


def newton_ball_content(
    proof: HopfPointProof, data: NewtonBallData, precision: int, digits: int, has_box: bool
) -> PointContent | FailureCode:
    """A certificate, or why its printed form no longer proves the point; see `printed_point`."""
    radius = Decimal.exactly(Fraction(data.R))
    printed = printed_point(proof, WITH_BOX if has_box else WITH_BALL, precision, digits, radius)
    if isinstance(printed, FailureCode):
        return printed
    return PointContent(*printed, data, proof.pair, precision)
