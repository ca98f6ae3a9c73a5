"""The periodic orbits that a spec asks for, after the Hopf points: which to try. Decides nothing about truth."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..approx.network import LayeredFieldApprox, layered_field_approx
from ..approx.threads import one_blas_thread
from ..bundle.hopf_point import HopfClaims
from ..bundle.orbit import Orbit
from ..bundle.summary import OrbitRow, proved_orbit_row, undecided_orbit_row
from ..claims.orbit import ProvedOrbit, printed_orbit
from ..numbers.balls import working_precision
from ..numbers.printed import Enclosure
from ..problem.options import AUTO
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.orbit_family import prove_direction, require_same_point, start_of
from ..proof.orbit_floquet import enclose_exponents
from ..search.orbit import NoOrbitFound, OrbitApprox, follow, highest_mode, orbit_at_hopf_point
from ..search.orbit_witness import piece_nodes, piece_witness
from .fields import field_balls
from .orbit import OrbitField, orbit_field, prove_orbits
from .task import Found, Task, ZeroStart

SAMPLES = (45, 81, 135, 243)  # of a search: the first in which the last modes are small
RESOLVED = 1e-13
STRIP = 0.2  # ν of a piece around the Hopf point
DEGREES = (11, 17)  # of cos mθ, one after the other
CELLS, SLOPE_CELLS = 32, 64
FIRST, SMALLEST, LARGEST = Fraction(1, 50), Fraction(1, 3200), Fraction(1)  # amplitudes that "auto" tries


@dataclass(frozen=True)
class _Start:
    """A Hopf point from which orbits are followed."""

    task: Task
    zero: ZeroStart
    field: OrbitField
    approx: LayeredFieldApprox
    name: str
    claims: HopfClaims

    def orbit(self, amplitude: Fraction) -> tuple[OrbitApprox, OrbitApprox]:
        """The limit at the Hopf point and the orbit, with as many samples as it needs. Raises NoOrbitFound."""
        gamma, omega = float(self.claims.parameter.middle), float(self.claims.omega.middle)
        for N in SAMPLES:
            start = orbit_at_hopf_point(self.approx, np.zeros(self.approx.n), gamma, omega, N, zero_branch=True)
            orbit = follow(start, float(amplitude))
            if highest_mode(orbit) < RESOLVED:
                break
        return start, orbit


def prove_asked(task: Task, found: Found) -> tuple[list[Orbit], list[OrbitRow]]:
    """The certificates, and a row for each orbit or branch that was asked for."""
    options = task.problem.proof.orbits
    if not options.asked:
        return [], []
    orbits: list[Orbit] = []
    rows: list[OrbitRow] = []
    claims = {point.id: point.claims for point in found.points if isinstance(point.claims, HopfClaims)}
    wanted = list(claims) if options.points is None else list(options.points)
    with task.watch("orbits"), working_precision(task.precision), one_blas_thread():
        field = _field(task, found)
        approx = None if isinstance(field, Failure) else layered_field_approx(task.problem)
        for index, hopf in enumerate(wanted):
            task.progress("orbits", index, len(wanted))
            obstacle = field if isinstance(field, Failure) else _absent(hopf, claims)
            start = None
            if approx is not None and isinstance(field, OrbitField) and found.zero is not None and hopf in claims:
                start = _Start(task, found.zero, field, approx, hopf, claims[hopf])
            for span in _asked(task):
                name = f"orbit-{len(rows) + 1:04d}"
                result: Orbit | Failure | None = obstacle
                if start is not None:
                    result = _proved(start, name, span)
                if isinstance(result, Orbit):
                    orbits.append(result)
                    rows.append(proved_orbit_row(result))
                else:
                    rows.append(undecided_orbit_row(name, hopf, str(result), _amplitudes(span)))
        task.progress("orbits", len(wanted), len(wanted))
    return orbits, rows


def _field(task: Task, found: Found) -> OrbitField | Failure:
    problem = task.problem
    if found.zero is None or any(layer.bias is not None for layer in problem.layers):
        return Failure(
            FailureCode.ORBIT_NOT_VERIFIED,
            "orbits are proved only of one-layer networks without bias on their branch x = 0, with points of the "
            "method zero-branch",
        )
    return orbit_field(problem, field_balls(problem, found.zero.emission))


def _absent(hopf: str, claims: Container[str]) -> Failure | None:
    if hopf in claims:
        return None
    return Failure(FailureCode.ORBIT_NOT_VERIFIED, f"{hopf} is not a proved Hopf point")


def _asked(task: Task) -> Iterator[tuple[Fraction, Fraction] | str]:
    """Centre and half width of each piece that was asked for, or AUTO."""
    options = task.problem.proof.orbits
    for amplitude in options.at:
        yield amplitude, Fraction(0)
    if options.branch is not None:
        yield AUTO if options.branch == AUTO else (Fraction(0), options.branch)


def _amplitudes(span: tuple[Fraction, Fraction] | str) -> Enclosure:
    if isinstance(span, str):
        return Enclosure.exactly(Fraction(0), Fraction(0))
    centre, half_width = span
    return Enclosure.exactly(centre, centre + half_width)


def _proved(start: _Start, name: str, span: tuple[Fraction, Fraction] | str) -> Orbit | Failure:
    proved = _as_far_as_it_goes(start) if isinstance(span, str) else _attempt(start, span)
    if isinstance(proved, Failure):
        return proved
    return printed_orbit(name, start.name, proved, start.task.precision, start.task.files)


def _as_far_as_it_goes(start: _Start) -> ProvedOrbit | Failure:
    """The largest of a few amplitudes up to which one piece is proved."""
    end = time.monotonic() + start.task.problem.proof.orbits.time_limit
    best: ProvedOrbit | None = None
    amplitude = FIRST
    failure = Failure(FailureCode.ORBIT_NOT_VERIFIED, "the time limit is over")
    while SMALLEST <= amplitude <= LARGEST and time.monotonic() < end:
        found = _attempt(start, (Fraction(0), amplitude))
        if isinstance(found, Failure):
            failure = found
            if best is not None:
                break
            amplitude /= 4
        else:
            if best is None and amplitude < FIRST:
                return found
            best = found
            amplitude *= 2
    return failure if best is None else best


def _attempt(start: _Start, span: tuple[Fraction, Fraction]) -> ProvedOrbit | Failure:
    """One orbit, or the piece around the Hopf point."""
    failure = Failure(FailureCode.ORBIT_NOT_VERIFIED, "no approximate orbit was found")
    single = span[1] == 0
    try:
        limit, orbit = start.orbit(span[0] + span[1])
    except NoOrbitFound as error:
        return Failure(FailureCode.ORBIT_NOT_VERIFIED, str(error))
    for degree in (0,) if single else DEGREES:
        try:
            return _piece(start, limit, orbit, span, degree)
        except NoOrbitFound as error:
            failure = Failure(FailureCode.ORBIT_NOT_VERIFIED, str(error))
        except ProofFailure as error:
            failure = error.failure
    return failure


def _piece(
    start: _Start, limit: OrbitApprox, orbit: OrbitApprox, span: tuple[Fraction, Fraction], degree: int
) -> ProvedOrbit:
    centre, half_width = float(span[0]), float(span[1])
    nodes = [orbit] if degree == 0 else piece_nodes(limit, centre, half_width, degree)
    approx = piece_witness(nodes, centre, half_width)
    piece = prove_orbits(start.field, approx, STRIP if degree else 0.0, span)
    floquet = enclose_exponents(piece, CELLS)
    direction = None
    if degree:
        if floquet.outside is None:
            raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "a Floquet exponent may be on the imaginary axis")
        require_same_point(start_of(piece), start.zero.spectrum, start.zero.pairs[start.name], start.zero.sigma_1)
        direction = prove_direction(piece, SLOPE_CELLS)
    return ProvedOrbit(piece, approx, floquet, CELLS, direction, SLOPE_CELLS, start.zero.sigma_1)
