"""Two parameters: curves of Hopf points through the box, and the Bautin points on them (MATHEMATICS.md, section 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ..approx.plane import PlaneApprox
from ..numbers.balls import working_precision
from ..proof.bautin import BautinProof
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.hopf_curve import require_in
from ..proof.plane_field import PlaneField
from ..search.curve_witness import CurveData
from ..search.hopf_curve import CurveApprox, HopfApprox, curves_approx, newton
from ..symbolic.graph import Graph
from .bautin import bautin_point
from .hopf_curve import CHANGES, OPEN, CurveOutcome, ExactBox, PlacedPiece, apart, follow_curve

PIECE_BITS = 96


@dataclass(frozen=True)
class BautinFound:
    """curve, piece: where it was found."""

    data: CurveData
    proof: BautinProof
    precision: int
    curve: int
    piece: int


@dataclass
class PlaneOutcome:
    """points: in the order of curves and pieces; open_pieces: (curve, piece) on which ℓ1 changes its sign but no Bautin
    point is proved, with the reason; failures: of the whole."""

    curves: list[CurveOutcome] = field(default_factory=list)
    points: list[BautinFound] = field(default_factory=list)
    open_pieces: list[tuple[int, int, Failure]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        every = [end for curve in self.curves for end in curve.ends]
        return bool(every) and "open" not in every and not self.open_pieces and not self.failures


def prove_plane(
    graph: Graph, box: ExactBox, start: Sequence[float] | None, precision: int, max_precision: int, digits: int
) -> PlaneOutcome:
    """precision: bits with which points begin; digits: significant ones wanted of their numbers."""
    approx, balls, outcome = PlaneApprox(graph), PlaneField(graph), PlaneOutcome()
    floats = tuple((float(low), float(high)) for low, high in box)
    found = curves_approx(approx, (floats[0], floats[1]), None if start is None else np.array(start, dtype=float))
    if not found:
        reason = "no Hopf point was found on lines through the box"
        outcome.failures.append(Failure(FailureCode.NO_CANDIDATE, reason))
    for curve in (part for guess in found for part in _followed(balls, approx, box, guess)):
        if not curve.pieces:
            outcome.failures.append(curve.failures[1] or Failure(FailureCode.NO_CANDIDATE, "no piece was proved"))
            continue
        for number, placed in enumerate(curve.pieces):
            if placed.criticality != CHANGES:
                continue
            try:
                data, proof, bits = _point(balls, approx, placed, precision, max_precision, digits)
            except ProofFailure as error:
                outcome.open_pieces.append((len(outcome.curves), number, error.failure))
                continue
            outcome.points.append(BautinFound(data, proof, bits, len(outcome.curves), number))
        outcome.curves.append(curve)
    return outcome


def _followed(balls: PlaneField, approx: PlaneApprox, box: ExactBox, guess: CurveApprox) -> list[CurveOutcome]:
    """From its first end, and where it stays open before the other one from there too: two parts."""
    with working_precision(PIECE_BITS):
        one = follow_curve(balls, approx, box, guess)
        if one.ends[1] != OPEN:
            return [one]
        other = follow_curve(balls, approx, box, guess.backwards)
        if other.ends[1] != OPEN or len(other.pieces) * len(one.pieces) == 0 or not apart(one, other):
            return [max(one, other, key=lambda part: (part.ends[1] != OPEN, len(part.pieces)))]
        return [one, other]


def _point(
    balls: PlaneField, approx: PlaneApprox, placed: PlacedPiece, precision: int, max_precision: int, digits: int
) -> tuple[CurveData, BautinProof, int]:
    """At a precision that gives the digits asked for, or the largest one."""
    guess, bits, best = _guess(approx, placed), precision, None
    while True:
        with working_precision(bits):
            try:
                best = (*bautin_point(balls, guess), bits)
            except ProofFailure:
                if best is None and bits >= max_precision:
                    raise
        if bits >= max_precision or (best is not None and _narrow(best[1], digits)):
            break
        bits = min(2 * bits, max_precision)
    if best is None:
        raise ProofFailure(FailureCode.NO_CROSSING, "no Bautin point was proved")
    with working_precision(PIECE_BITS):
        require_in(placed.piece.tube, best[1].point)
    return best


def _guess(approx: PlaneApprox, placed: PlacedPiece) -> HopfApprox:
    """Where Re c_1 = 0 on the piece, by bisection of its values."""
    data = placed.data
    point = newton(approx, data.centre[0], float(data.s), data.along, data.phi)
    low, high = (float(s) for s in placed.interval)
    if point is None:
        raise ProofFailure(FailureCode.NO_CANDIDATE, "the centre of a piece is not found again")

    def at(s: float) -> HopfApprox:
        found = newton(approx, point.at(s), s, data.along, data.phi)
        if found is None:
            raise ProofFailure(FailureCode.NO_CANDIDATE, "Newton's method for a Hopf point fails")
        return found

    def value(p: HopfApprox) -> float:
        return approx.re_c1(np.array([*p.x, *p.parameters]), float(p.u[1]), p.q)

    sign = value(at(low)) > 0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if (value(at(middle)) > 0) == sign else (low, middle)
    return at((low + high) / 2)


def _narrow(proof: BautinProof, digits: int) -> bool:
    """Whether the numbers are known to the digits asked for; those of parameters in units of the larger one."""
    goal, scale = Fraction(1, 10**digits), max(abs(x) for x in proof.parameters)
    relative = [(x, abs(x)) for x in (proof.second_lyapunov_coefficient, proof.determinant)]
    return all(float(x.rad()) <= float(goal) * float(size.mid()) for x, size in
               [*relative, *((x, scale) for x in proof.parameters)])  # fmt: skip
