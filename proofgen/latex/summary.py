"""The numbers and the wording of the summary of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..bundle.bundle import Bundle
from ..bundle.circle_branch import CircleBranch
from ..bundle.gain_branch import GainBranch
from ..bundle.kinds import HopfPoint
from ..bundle.listing import Unsettled
from ..bundle.zero_branch import ZeroBranch
from . import numbers as nb
from .numbers import Printed, enclosure

OPEN_DIGITS = 10  # of the ends of intervals that stayed open


@dataclass(frozen=True)
class Piece:
    """An interval of γ in which something stayed open."""

    interval: Printed
    reason: str


@dataclass(frozen=True)
class Run:
    """A whole run. complete: the list of points is proved complete; proved: how many are, of all kinds; hopf: of these
    the Hopf points; named: those that say what a real crossing is; crossings: the other real ones; lines: at
    these all points of a line are equilibria."""

    complete: bool
    proved: int
    hopf: int
    named: int
    lines: bool
    crossings: tuple[Printed, ...]
    unsettled: tuple[Piece, ...]
    disc_radius: Printed | None
    rho: Printed | None
    precision: int


def zero_branch_run(bundle: Bundle, branch: ZeroBranch | GainBranch | CircleBranch, style: str) -> Run:
    """The classification of the branch, with the bounds of its spectrum."""
    run, bounds = run_of(bundle, branch.claims.unsettled, style), branch.bounds
    if bounds is None:
        return run
    radius, rho = nb.upper_bound(bounds.max_disc_radius.value), nb.upper_bound(bounds.rho.value, nb.below_one)
    return replace(run, disc_radius=radius, rho=rho)


def run_of(bundle: Bundle, unsettled: Sequence[Unsettled], style: str) -> Run:
    """The claims of the branch."""
    claims, named = bundle.branch.claims, bundle.named_crossings
    return Run(
        complete=claims.complete and not claims.unsettled,
        proved=len(bundle.points),
        hopf=sum(isinstance(point, HopfPoint) for point in bundle.points.values()),
        named=len(named),
        lines=bundle.lines,
        crossings=tuple(
            enclosure(*crossing.ends, style=style)
            for number, crossing in enumerate(claims.real_crossings)
            if number not in named
        ),
        unsettled=tuple(
            Piece(enclosure(*piece.interval.ends, digits=OPEN_DIGITS, style=style), piece.reason) for piece in unsettled
        ),
        disc_radius=None,
        rho=None,
        precision=bundle.branch.precision,
    )
