"""The curve of Hopf points through a box of two parameters: pieces from border to border, Bautin points where ℓ1
changes its sign. Where pieces begin and end is chosen in binary64 and tried by the proof (MATHEMATICS.md, section 23).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat

from ..approx.field import Array
from ..approx.plane import PlaneApprox
from ..numbers.balls import ball, image, proves_negative, proves_nonzero, proves_positive
from ..proof.bautin import slope_over, value_at_centre
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.hopf_curve import (
    SUBCRITICAL,
    SUPERCRITICAL,
    CurvePiece,
    CurveWitness,
    along_path,
    derivative,
    enclose_end,
    hopf_system,
    prove_piece,
    require_in,
)
from ..proof.plane_field import PlaneField, Unknowns
from ..search.curve_witness import CurveData
from ..search.eigenbasis import eigenbasis_approx
from ..search.hopf_curve import CurveApprox, HopfApprox, newton, turned
from .bautin import curve_witness

FIRST, LARGEST, SMALLEST = 2.0**-6, 2.0**-3, 2.0**-26  # lengths of pieces in widths of the box
MAX_PIECES, GROWTH = 4000, 1.25
INFLATION, FLOOR = 2.5, 2.0**-28  # of the tube: of what Theorem V needs, and of the size of a component
BACK = 0.2  # of the widths of the box: so near is a closed curve coming back to its first piece
SPARE = 0.5  # of the radius of an enclosure, by which its sign has to be clear
TURN = 1.5  # how much faster the other parameter moves where it is made to run
CHANGES = "changes"
BOX, CLOSED, OPEN = "box", "closed", "open"
ExactBox = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]


@dataclass(frozen=True)
class PlacedPiece:
    """interval: of s, a part of J; criticality: "changes" where ℓ1 has one zero on it; start, end: u(s) where it begins
    and ends."""

    data: CurveData
    piece: CurvePiece
    interval: tuple[Fraction, Fraction]
    criticality: str
    start: Unknowns
    end: Unknowns

    @property
    def over(self) -> Unknowns:
        """All points over the interval."""
        low, high = self.interval
        return self.piece.tube.at(ball(low).union(ball(high)))

    @property
    def forward(self) -> int:
        return self.data.forward


@dataclass
class CurveOutcome:
    """Pieces in order; ends: how the curve begins and ends; failures: why where it is open."""

    pieces: list[PlacedPiece] = field(default_factory=list)
    ends: tuple[str, str] = (OPEN, OPEN)
    failures: tuple[Failure | None, Failure | None] = (None, None)


def follow_curve(
    balls: PlaneField, approx: PlaneApprox, box: ExactBox, curve: CurveApprox
) -> CurveOutcome:
    """From its first point, or where no piece is proved there from a later one, at the working precision in force."""
    follower, index = _Follower(balls, approx, box), 0
    outcome = follower.run(curve, 0)
    while not outcome.pieces and 2 * index + 1 < len(curve.points) - 1:
        index = 2 * index + 1
        outcome = follower.run(curve, index)
    return outcome


def apart(first: CurveOutcome, second: CurveOutcome) -> bool:
    """Whether each piece of one is away from each of the other in a parameter, ω or a variable."""
    ones, others = ([(*over.inputs, over.omega) for over in (piece.over for piece in curve.pieces)]
                    for curve in (first, second))  # fmt: skip
    return all(any(not x.overlaps(y) for x, y in zip(one, other, strict=True)) for one in ones for other in others)


@dataclass
class _Follower:
    balls: PlaneField
    approx: PlaneApprox
    box: ExactBox
    goal: PlacedPiece | None = None  # the first piece, where a curve that is closed comes back to it

    def __post_init__(self) -> None:
        self.widths = np.array([float(high - low) for low, high in self.box])

    def run(self, curve: CurveApprox, index: int) -> CurveOutcome:
        outcome, point, length = CurveOutcome(), curve.points[index], FIRST
        towards = curve.points[index + 1].parameters - point.parameters
        failure: Failure | None = Failure(
            FailureCode.BRANCH_NOT_VERIFIED, f"the curve has more than {MAX_PIECES} pieces"
        )
        before: PlacedPiece | None = None
        self.goal = None
        while len(outcome.pieces) < MAX_PIECES:
            try:
                placed, after = self._piece(self._best(point, before), towards, length, before)
            except ProofFailure as error:
                failure, length = error.failure, length / 2
                if length < SMALLEST:
                    break
                continue
            outcome.pieces.append(placed)
            self.goal = outcome.pieces[0] if curve.closed and len(outcome.pieces) > 3 else None
            before, point, towards = placed, after, placed.forward * after.parameter_slope
            if self._outside(placed, 1):
                outcome.ends, failure = (OPEN, BOX), None
                break
            if self.goal is not None and _closes(placed, self.goal):
                outcome.ends, failure = (CLOSED, CLOSED), None
                return outcome
            length = min(length * GROWTH, LARGEST)
        return self._ended(outcome, failure)

    def _ended(self, outcome: CurveOutcome, failure: Failure | None) -> CurveOutcome:
        outcome.failures = (None, failure)
        if outcome.pieces and self._outside(outcome.pieces[0], 0):
            outcome.ends = (BOX, outcome.ends[1])
        else:
            reason = "the curve was not followed from a border of the box"
            outcome.failures = (Failure(FailureCode.BRANCH_NOT_VERIFIED, reason), failure)
        return outcome

    def _best(self, point: HopfApprox, before: PlacedPiece | None) -> HopfApprox:
        """The parameter that runs is the one that moves faster; the first piece keeps that which is on the border, and
        where a closed curve comes back to it, it is that of the first piece."""
        slope, along = point.parameter_slope / self.widths, point.along
        if before is None or before.criticality == CHANGES:  # what overlaps would have the same zero of ℓ1 twice
            return point
        if self.goal is not None and float(np.max(abs(self._from_goal(point)) / self.widths)) < BACK:
            wanted = self.goal.data.along
        else:
            wanted = 1 - along if abs(slope[1 - along]) > TURN * abs(slope[along]) else along
        if wanted == along:
            return point
        moving = before.piece.tube.slope.inputs[point.n + 1 - along]
        return (turned(self.approx, point, 1 - along) or point) if proves_nonzero(moving) else point

    def _from_goal(self, point: HopfApprox) -> Array:
        """In the parameters, from the middle of the first piece; far away where it is no goal."""
        if self.goal is None:
            return self.widths
        data = self.goal.data
        there = [float(data.s), float(data.centre[0][0])]
        return np.asarray(point.parameters - np.array(there if data.along == 0 else there[::-1]), dtype=np.float64)

    def _piece(
        self, point: HopfApprox, towards: Array, length: float, before: PlacedPiece | None
    ) -> tuple[PlacedPiece, HopfApprox]:
        along, way = point.along, 1 if point.parameter_slope @ (towards / self.widths**2) > 0 else -1
        begin, end = self._interval(point, way, length, before)
        middle = float((begin + end) / 2)
        centre, first, last = (self._solved(point, s) for s in (middle, float(begin), float(end)))
        data = self._data(centre, max(abs(begin - Fraction(middle)), abs(end - Fraction(middle))), way)
        data = replace(data, begin=first.u, end=last.u)
        piece = prove_piece(self.balls, curve_witness(data))
        tube, low, high = piece.tube, min(begin, end), max(begin, end)
        criticality = self._sign(piece, (low, high))
        edge = enclose_end(self.balls, tube, ball(end), [arb(x) for x in last.u.tolist()])
        if before is None:
            start = enclose_end(self.balls, tube, ball(begin), [arb(x) for x in first.u.tolist()])
        else:
            start = before.end
            self._require_joint(before, along, way, (low, high))
            require_in(tube, start)
        return PlacedPiece(data, piece, (low, high), criticality, start, edge), last

    def _interval(
        self, point: HopfApprox, way: int, length: float, before: PlacedPiece | None
    ) -> tuple[Fraction, Fraction]:
        """Of s, from where the piece begins; short decimals, and no further than the border."""
        step = length * float(self.widths[point.along])
        unit = Fraction(10) ** (math.floor(math.log10(step)) - 3)
        low, high = self.box[point.along]
        if before is None:
            begin = round(Fraction(point.s) / unit) * unit
            begin = next((x for x in (low, high) if abs(float(x) - point.s) <= 1e-9 * float(high - low)), begin)
        elif before.data.along == point.along:
            begin = before.interval[1 if way > 0 else 0]
        else:  # a little before the point
            begin = round((Fraction(point.s) - way * Fraction(step) / 100) / unit) * unit
        end = round((begin + way * Fraction(step)) / unit) * unit
        for border in (low, high):
            if (begin - border) * (end - border) < 0:
                end = border
        if self.goal is not None and (point.along, way) == (self.goal.data.along, self.goal.forward):
            first, last = self.goal.interval if way > 0 else self.goal.interval[::-1]
            closing = first + (last - first) / 32  # a piece that closes the curve ends on the first one
            if (begin - closing) * (end - closing) < 0:
                end = closing
        return begin, end

    def _solved(self, point: HopfApprox, s: float) -> HopfApprox:
        found = newton(self.approx, point.at(s), s, point.along, point.phi)
        if found is None:
            raise ProofFailure(FailureCode.NO_CANDIDATE, "Newton's method for the next Hopf point fails")
        return found

    def _data(self, centre: HopfApprox, half: Fraction, way: int) -> CurveData:
        inputs = np.array([*centre.x, *centre.parameters])
        basis = eigenbasis_approx(self.approx.jacobian(inputs)[:, : centre.n])
        if basis is None or not basis.pairs:
            raise ProofFailure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
        pair = int(np.argmin(abs(basis.d[0][: basis.pairs] @ np.array([1, 1j]) - 1j * centre.u[1])))
        h = Fraction(_up(float(half)))
        R = _powers(FLOOR * np.maximum(abs(centre.u), 1e-3))
        data = CurveData(
            centre.along, Fraction(centre.s), h, [centre.u], [centre.slope], centre.phi, centre.A, R, basis, pair, way
        )
        for _ in range(2):
            data = replace(data, R=self._radii(curve_witness(data), R))
        return data

    def _radii(self, w: CurveWitness, floor: Array) -> Array:
        """What Theorem V asks for over the tube of the radii that w has, and some more."""
        centre, box = Unknowns.of(w.centre, w.s, w.along), Unknowns.of(w.hull(arb(1)), w.J, w.along)
        F = hopf_system(self.balls.expand(centre.inputs, centre.q), centre, w.phi)
        DF, _ = derivative(self.balls.expand(box.inputs, box.q), box, w.phi, w.along)
        D = along_path(self.balls, box, Unknowns.of(w.direction, arb(1), w.along), w.phi)
        size = [abs(y) + w.h * abs(z) for y, z in zip(image(w.A, F), image(w.A, D), strict=True)]
        product = w.A * DF
        identity = arb_mat([[arb(int(i == j)) for j in range(len(floor))] for i in range(len(floor))])
        far = np.abs(_upper(identity - product)) @ np.array([float(x) for x in w.R])
        R = INFLATION * (np.array([float(x.upper()) for x in size]) + far) + floor
        if not np.all(np.isfinite(R)):
            raise ProofFailure(FailureCode.NEWTON_NOT_CONTRACTING, "no tube around the path was found")
        return _powers(R)

    def _sign(self, piece: CurvePiece, interval: tuple[Fraction, Fraction]) -> str:
        """Of ℓ1, over the piece at once or by mean values; or that it changes once. With some room, since a checker
        rounds and encloses in its own way."""
        if piece.criticality is not None and proves_nonzero(_wider(piece.normal.c1.real)):
            return piece.criticality
        slope, value = slope_over(self.balls, piece), value_at_centre(self.balls, piece)
        ends = [_wider(value + (ball(s) - piece.witness.s) * slope) for s in interval]
        for kind, proves in ((SUPERCRITICAL, proves_negative), (SUBCRITICAL, proves_positive)):
            if all(map(proves, ends)):
                return kind
        signs = [1 if proves_positive(x) else -1 if proves_negative(x) else 0 for x in ends]
        if proves_nonzero(_wider(slope)) and signs[0] * signs[1] < 0:
            return CHANGES
        raise ProofFailure(FailureCode.LYAPUNOV_ENCLOSES_ZERO, "ℓ1 may be 0 on a piece, and is not proved to be once")

    def _require_joint(
        self, before: PlacedPiece, along: int, way: int, interval: tuple[Fraction, Fraction]
    ) -> None:
        """The next piece goes on in the same direction, and the end of the one before is over its interval."""
        if along == before.data.along:
            if way != before.forward:
                raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "the curve turns around in the parameter that runs")
            return
        n = self.balls.n
        moving, s = before.piece.tube.slope.inputs[n + along], before.end.inputs[n + along]
        if not (proves_positive if way == before.forward else proves_negative)(moving):
            raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "the direction in the other parameter is not proved")
        if not (s > ball(interval[0]) and s < ball(interval[1])):
            raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "a piece does not begin where the one before ends")

    def _outside(self, placed: PlacedPiece, which: int) -> bool:
        """Whether the begin (0) or end (1) is proved not to lie in the open box."""
        n, along = self.balls.n, placed.data.along
        s = placed.interval[1 if (which == 1) == (placed.forward > 0) else 0]
        other = (placed.start, placed.end)[which].inputs[n + 1 - along]
        low, high = self.box[1 - along]
        inside = self.box[along][0] < s < self.box[along][1]
        return not inside or bool(other < ball(low)) or bool(other > ball(high))


def _closes(last: PlacedPiece, first: PlacedPiece) -> bool:
    """The end of the last piece is a point of the first one, not its end."""
    if last.data.along != first.data.along or last.forward != first.forward:
        return False
    s = last.interval[1 if last.forward > 0 else 0]
    if not first.interval[0] < s < first.interval[1]:
        return False
    try:
        require_in(first.piece.tube, last.end)
    except ProofFailure:
        return False
    return True


def _wider(x: arb) -> arb:
    return arb(x, SPARE * x.rad())


def _up(x: float) -> float:
    """A number with a short mantissa, somewhat larger."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(math.ceil(mantissa * 512 + 1), exponent - 9)


def _powers(R: Array) -> Array:
    """Radii with short mantissas, somewhat larger."""
    return np.array([_up(x) for x in R.tolist()])


def _upper(matrix: arb_mat) -> Array:
    return np.array([[float(abs(x).upper()) for x in row] for row in matrix.table()])
