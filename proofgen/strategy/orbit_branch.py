"""All orbits from a Hopf point on: a piece around it and further pieces, glued, as far as they go. Untrusted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb

from ..bundle.hopf_point import HopfClaims
from ..claims.orbit import ProvedOrbit, ProvedPiece
from ..numbers.balls import ball
from ..numbers.printed import Enclosure
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.orbit import require_joint, require_start
from ..proof.orbit_family import prove_direction
from ..proof.orbit_floquet import enclose_exponents
from ..search.orbit import NoOrbitFound, OrbitApprox, follow, highest_mode, orbit_at_hopf_point, resampled
from ..search.orbit_clusters import follow_past_meetings
from ..search.orbit_witness import piece_nodes, piece_witness, settled
from .orbit import OrbitField, prove_orbits

SAMPLES = (45, 81, 135, 243)  # of a search: the first in which the last modes are small
RESOLVED = 1e-13
STRIP = 0.2  # ν of a piece
DEGREES = (5, 11, 17, 25)  # of cos mθ: the first in which the last coefficients are small
CELLS, SLOPE_CELLS = 32, 64
FIRST = Fraction(1, 10)  # the amplitude that is tried first
SMALLEST, LARGEST, MOST_FIRST = Fraction(1, 3200), Fraction(64), Fraction(64)  # amplitudes; of the first piece
SHORTEST = Fraction(1, 64)  # share of the amplitude below which no further piece is tried
MOST_PIECES = 60

Way = Callable[[OrbitApprox, float], OrbitApprox]  # from one amplitude to another


@dataclass(frozen=True)
class OrbitStart:
    """A Hopf point from which orbits are followed. zero_branch: it lies on the branch x = 0."""

    field: OrbitField
    zero_branch: bool
    name: str
    claims: HopfClaims

    def limit(self, N: int) -> OrbitApprox:
        """The orbit of amplitude 0."""
        c = self.claims
        x, gamma, omega = np.array(list(map(float, c.equilibrium))), float(c.parameter), float(c.omega)
        return orbit_at_hopf_point(self.field.approx, x, gamma, omega, N, self.zero_branch)

    @property
    def crossing_speed(self) -> arb:
        return _printed(self.claims.crossing_speed)

    def orbit(self, amplitude: Fraction, ways: Sequence[Way] = (follow,)) -> tuple[OrbitApprox, OrbitApprox]:
        """The limit at the Hopf point and the orbit, with as many samples as it needs. Raises NoOrbitFound."""
        found: tuple[OrbitApprox, OrbitApprox] | None = None
        failure = NoOrbitFound("no orbit")
        for N in SAMPLES:
            start = self.limit(N)
            for way in ways:
                try:
                    found = start, way(start, float(amplitude))
                except NoOrbitFound as error:
                    failure = error
                    if not _resolved(error.reached):
                        break
                else:
                    if _resolved(found[1]):
                        return found
                    break
            else:
                break  # more samples would not help
        if found is None:
            raise failure
        return found


def _resolved(orbit: OrbitApprox | None) -> bool:
    return orbit is None or highest_mode(orbit) < RESOLVED


def _printed(x: Enclosure) -> arb:
    """Of what is claimed of the point, as the checker knows no more."""
    return ball(x.low).union(ball(x.high))


@dataclass(frozen=True)
class Branch:
    """What is proved, and what keeps it from going further (None at the amplitude that was wanted)."""

    proved: ProvedOrbit
    beyond: str | None


def _not_verified(reason: str) -> Failure:
    return Failure(FailureCode.ORBIT_NOT_VERIFIED, reason)


def one_orbit(start: OrbitStart, amplitude: Fraction) -> ProvedOrbit | Failure:
    try:
        _, orbit = start.orbit(amplitude, (follow, follow_past_meetings))
        approx = piece_witness([orbit], float(amplitude), 0.0)
        piece = prove_orbits(start.field, approx, 0.0, (amplitude, Fraction(0)))
        part = ProvedPiece(piece, approx, enclose_exponents(piece, 1), None)
    except NoOrbitFound as error:
        return _not_verified(str(error))
    except ProofFailure as error:
        return error.failure
    return ProvedOrbit((part,), CELLS, SLOPE_CELLS, start.crossing_speed)


def branch(start: OrbitStart, goal: Fraction | None, seconds: float) -> Branch | Failure:
    """All amplitudes up to the goal, or as far as it goes (None). A Failure where the goal is not reached."""
    end = time.monotonic() + seconds
    found = _first_piece(start, goal, end)
    if isinstance(found, Failure):
        return found
    parts, orbit, last = [found[0]], found[1], found[2]
    last, failure = _further(parts, start, orbit, last, goal, end)
    if goal is not None and last < goal:
        return _not_verified(f"proved only up to the amplitude {float(last):.6g}: {failure}")
    return Branch(ProvedOrbit(tuple(parts), CELLS, SLOPE_CELLS, start.crossing_speed), failure)


def _first_piece(
    start: OrbitStart, goal: Fraction | None, end: float
) -> tuple[ProvedPiece, OrbitApprox, Fraction] | Failure:
    """The piece around the point, with its last orbit and amplitude: about as large as it can be."""
    best: tuple[ProvedPiece, OrbitApprox, Fraction] | None = None
    amplitude = FIRST if goal is None else min(goal, MOST_FIRST)
    failure = _not_verified("the time limit is over")
    while SMALLEST <= amplitude <= LARGEST and time.monotonic() < end:
        try:
            limit, orbit = start.orbit(amplitude)
            part = _piece(start, limit, Fraction(0), amplitude)
            best = part, orbit, amplitude
        except (NoOrbitFound, ProofFailure) as error:
            failure = error.failure if isinstance(error, ProofFailure) else _not_verified(str(error))
            if best is not None:
                break
            amplitude /= 2 if goal is not None else 4
            continue
        if goal is not None or amplitude < FIRST or amplitude == MOST_FIRST:
            break
        amplitude = min(2 * amplitude, MOST_FIRST)
    return failure if best is None else best


def _further(
    parts: list[ProvedPiece], start: OrbitStart, orbit: OrbitApprox, last: Fraction, goal: Fraction | None, end: float
) -> tuple[Fraction, str | None]:
    """Pieces [last, …] are added while they are proved; the largest amplitude, and what keeps it there."""
    half, reason = last / 4, None
    while goal is None or last < goal:
        if time.monotonic() >= end:
            return last, "the time limit is over" if reason is None else f"the time limit is over (before: {reason})"
        if len(parts) == MOST_PIECES or last >= LARGEST:
            return last, "no further piece is tried"
        if half < SHORTEST * last:
            return last, reason
        if goal is not None:
            half = min(half, (goal - last) / 2)
        half = _decimal(half)
        centre = last + half
        try:
            beyond = _followed(orbit, last + 2 * half)
            part = _piece(start, resampled(orbit, beyond.samples), centre, half)
            require_joint(parts[-1].piece, part.piece, last)
        except (NoOrbitFound, ProofFailure) as error:
            reason = str(error.failure) if isinstance(error, ProofFailure) else str(error)
            half /= 2
            continue
        parts.append(part)
        orbit, last, half = beyond, last + 2 * half, half * Fraction(3, 2)
    return last, None


def _decimal(x: Fraction) -> Fraction:
    """A little less, with four significant decimal digits."""
    digits = 4
    while x * 10**digits < 1000:
        digits += 1
    return Fraction(int(x * 10**digits), 10**digits)


def _followed(orbit: OrbitApprox, amplitude: Fraction) -> OrbitApprox:
    """Raises NoOrbitFound."""
    found: OrbitApprox | None = None
    failure = NoOrbitFound("no orbit")
    for N in filter(lambda N: orbit.samples <= N, SAMPLES):
        try:
            found = follow(resampled(orbit, N), float(amplitude))
        except NoOrbitFound as error:  # perhaps for want of samples
            failure = error
            continue
        if highest_mode(found) < RESOLVED:
            break
    if found is None:
        raise failure
    return found


def _piece(start: OrbitStart, near: OrbitApprox, centre: Fraction, half_width: Fraction) -> ProvedPiece:
    """A proved piece; that around 0 is that of the Hopf point. Raises NoOrbitFound, ProofFailure."""
    for degree in DEGREES:
        approx = piece_witness(
            piece_nodes(near, float(centre), float(half_width), degree), float(centre), float(half_width)
        )
        if settled(approx):
            break
    piece = prove_orbits(start.field, approx, STRIP, (centre, half_width))
    floquet = enclose_exponents(piece, CELLS)
    if centre == 0:
        c = start.claims
        require_start(piece, _printed(c.parameter), _printed(c.omega), list(map(_printed, c.equilibrium)))
    try:
        direction = prove_direction(piece, SLOPE_CELLS)
    except ProofFailure:
        direction = None
    return ProvedPiece(piece, approx, floquet, direction)
