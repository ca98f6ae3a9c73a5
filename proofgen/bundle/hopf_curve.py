"""What a bundle says of curves of Hopf points through a box of two parameters (FORMAT.md, section 28)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..errors import InputError
from ..numbers.printed import Enclosure
from .codec import ArrayReference

BOX, CLOSED, OPEN = "box", "closed", "open"  # how a curve ends
SUPERCRITICAL, SUBCRITICAL, CHANGES = "supercritical", "subcritical", "changes"


@dataclass(frozen=True)
class Direction:
    """+1 or −1; counts are not negative."""

    sign: int

    def as_json(self) -> int:
        return self.sign

    @classmethod
    def from_json(cls, value: object, where: str) -> Direction:
        if type(value) is not int or value not in (1, -1):
            raise InputError("expected 1 or -1", key=where)
        return cls(value)


@dataclass(frozen=True)
class CurvePiece:
    """Over an interval of the parameter of index ``along``, exactly one Hopf point of the curve for each value.

    other, omega: enclosures over the interval; unstable: eigenvalues with positive real part beside the pair;
    criticality: "changes" where ℓ1 has exactly one zero, the point of that name; direction: +1 or −1, in which the
    curve passes through the interval.
    """

    along: int
    interval: Enclosure
    other: Enclosure
    omega: Enclosure
    unstable: int
    criticality: str
    point: str | None
    direction: Direction

    @property
    def place(self) -> tuple[Enclosure, Enclosure]:
        """Enclosures of both parameters."""
        return (self.interval, self.other) if self.along == 0 else (self.other, self.interval)


@dataclass(frozen=True)
class Curve:
    """Pieces, each of which goes on where the one before it ends; ends: of the first one and the last one; reasons: why
    they are open."""

    pieces: tuple[CurvePiece, ...]
    ends: tuple[str, ...]
    reasons: tuple[str | None, ...]

    def of_sign(self, criticality: str) -> int:
        """How many pieces are of it."""
        return sum(piece.criticality == criticality for piece in self.pieces)


@dataclass(frozen=True)
class ListedBautin:
    id: str
    parameters: tuple[Enclosure, Enclosure]

    @property
    def parameter(self) -> Enclosure:
        return self.parameters[0]


@dataclass(frozen=True)
class UnsettledCurve:
    """What stayed open, of a curve or of the whole."""

    reason: str
    code: str


@dataclass(frozen=True)
class CurvesClaims:
    """complete: every curve goes from border to border of the box, or is closed, and its ℓ1 has the signs and the zeros
    that are listed. It is not claimed that the box holds no other curve."""

    interval: ClassVar[None] = None  # of one parameter
    real_crossings: ClassVar[tuple[Enclosure, ...]] = ()

    box: tuple[Enclosure, Enclosure]
    complete: bool
    curves: tuple[Curve, ...]
    points: tuple[ListedBautin, ...]
    unsettled: tuple[UnsettledCurve, ...]


@dataclass(frozen=True)
class PieceNumbers:
    """What is not in the arrays of a curve, of one of its pieces."""

    along: int
    s: Fraction
    h: Fraction
    pairs: int
    pair: int


@dataclass(frozen=True)
class CurveWitness:
    """The witnesses of all pieces of a curve, their arrays one below the other: of m pieces centre, direction, begin,
    end and R are m × (3n + 2), phi m × n, A m(3n + 2) × (3n + 2), X and Y mn × n, d mn × 2. begin, end: exact points
    near the first and the last point of a piece."""

    pieces: tuple[PieceNumbers, ...]
    centre: ArrayReference
    direction: ArrayReference
    begin: ArrayReference
    end: ArrayReference
    phi: ArrayReference
    A: ArrayReference
    R: ArrayReference
    X: ArrayReference
    Y: ArrayReference
    d: ArrayReference


@dataclass(frozen=True)
class CurvesWitness:
    curves: tuple[CurveWitness, ...]


@dataclass(frozen=True)
class HopfCurves:
    fields: ClassVar[tuple[str, ...]] = ("plane",)
    method: ClassVar[str] = "hopf-curve"

    claims: CurvesClaims
    witness: CurvesWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Nothing in the claims has as many entries as there are variables."""
