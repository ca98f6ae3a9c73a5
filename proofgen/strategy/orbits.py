"""The periodic orbits that a spec asks for, after the Hopf points: which to try. Decides nothing about truth."""

from __future__ import annotations

from collections.abc import Container, Iterator
from fractions import Fraction

from ..approx.threads import one_blas_thread
from ..bundle.hopf_point import HopfClaims
from ..bundle.orbit import Orbit
from ..bundle.summary import OrbitRow, proved_orbit_row, undecided_orbit_row
from ..claims.orbit import ProvedOrbit, printed_orbit
from ..numbers.balls import working_precision
from ..numbers.printed import Enclosure
from ..problem.options import AUTO
from ..proof.failure import Failure, FailureCode
from .fields import KINDS
from .orbit import OrbitField, orbit_field
from .orbit_branch import Branch, OrbitStart, branch, one_orbit
from .task import Found, Task

Proved = tuple[Orbit, str | None] | Failure  # with what keeps a branch from going further


def prove_asked(task: Task, found: Found) -> tuple[list[Orbit], list[OrbitRow]]:
    """The certificates, and a row for each orbit or branch that was asked for."""
    options = task.problem.proof.orbits
    orbits: list[Orbit] = []
    rows: list[OrbitRow] = []
    claims = {point.id: point.claims for point in found.points if isinstance(point.claims, HopfClaims)}
    wanted = list(claims) if options.points is None else list(options.points)
    with task.watch("orbits"), working_precision(task.precision), one_blas_thread():
        field = orbit_field(task.problem, found.emission)
        trivial = KINDS[task.problem.kind].vanishes_at_zero(task.problem)
        for index, hopf in enumerate(wanted):
            task.progress("orbits", index, len(wanted))
            obstacle = field if isinstance(field, Failure) else _absent(hopf, claims)
            start = None
            if isinstance(field, OrbitField) and hopf in claims:
                at_zero = trivial and not any(x.low or x.high for x in claims[hopf].equilibrium)
                start = OrbitStart(field, at_zero, hopf, claims[hopf])
            for span in _asked(task):
                name = f"orbit-{len(rows) + 1:04d}"
                result: Proved | None = obstacle
                if start is not None:
                    result = _proved(start, task, name, span)
                if isinstance(result, tuple):
                    orbits.append(result[0])
                    rows.append(proved_orbit_row(*result))
                else:
                    rows.append(undecided_orbit_row(name, hopf, str(result), _amplitudes(span)))
        task.progress("orbits", len(wanted), len(wanted))
    return orbits, rows


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


def _proved(start: OrbitStart, task: Task, name: str, span: tuple[Fraction, Fraction] | str) -> Proved:
    """With what keeps a branch from going further."""
    found: Branch | ProvedOrbit | Failure
    if not isinstance(span, str) and span[1] == 0:
        found = one_orbit(start, span[0])
    else:
        found = branch(start, None if isinstance(span, str) else span[1], task.problem.proof.orbits.time_limit)
    if isinstance(found, Failure):
        return found
    proved, beyond = (found.proved, found.beyond) if isinstance(found, Branch) else (found, None)
    return printed_orbit(name, start.name, proved, task.precision, task.files), beyond
