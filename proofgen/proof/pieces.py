"""What a piece of the parameter interval proves of the branch (MATHEMATICS.md, section 12; FORMAT.md, section 12).

On each piece the branch is verified by Lemma T (or is trivial) and Theorem A encloses the spectrum over the piece:

* clear: no disc meets the axis;
* hopf: only an isolated pair may, its Re λ' is nonzero, and a proved Hopf point lies on this piece: it is the only one
  (of a map, with the unit circle in place of the axis: neimark-sacker, and flip with a real eigenvalue);
* real (trivial branch): only an isolated real eigenvalue may, λ' is nonzero and interval Newton finds its zero.

Neighbouring pieces continue one branch when the equilibrium of one of them at the common end lies in the tube of the
other, where it is the only one. Arithmetic: balls, exact ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ..numbers.balls import ball, enclosure, proves_less, smallest
from .compound import MOST_COMPOUND, require_no_pair, require_one_pair
from .crossing import enclose_slope, prove_crossing, require_transversal, speed_across
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .locus import IMAGINARY_AXIS, Locus, require_clear, require_isolated, require_zero
from .spectrum import Basis
from .tube import BranchWitness, Tube, enclose_branch

Ends = tuple[Fraction, Fraction]
ROOM = 0.5  # of a piece's radius, added on either side
CLEAR_ROOM = 16  # min(|s(d_j)| − g_j) is more than min |s(d_j)| over this: room for a checker's roundings in g_j


@dataclass(frozen=True)
class SettledPiece:
    """A piece with its tube. crossing: the enclosure of a real crossing; kind, k as in the module's docstring."""

    ends: Ends
    kind: str
    k: int | None
    tube: Tube
    crossing: arb | None = None


class PointOutsideTube(ProofFailure):
    """The enclosure of a point's equilibrium is not inside the tube; a wider one may do."""


def interval_ball(ends: Ends) -> arb:
    """A ball that contains the interval."""
    low, high = ball(ends[0]), ball(ends[1])
    return low.union(high)


def roomy_ball(ends: Ends) -> arb:
    """A ball around the interval with room on either side: what holds over it leaves a checker room for roundings."""
    ball_ = interval_ball(ends)
    return arb(ball_, ROOM * ball_.rad())


def inside(x: arb, ends: Ends) -> bool:
    """Certainly x lies in the open interval; exact comparison."""
    if not x.is_finite():
        return False
    low, high = enclosure(x)
    return ends[0] < low and high < ends[1]


def settle_clear(
    field: FieldBalls, basis: Basis, witness: BranchWitness, ends: Ends, locus: Locus = IMAGINARY_AXIS
) -> SettledPiece:
    """No eigenvalue on the locus over the piece, with room for a checker's roundings. Raises ProofFailure."""
    tube = enclose_branch(field, basis, witness, roomy_ball(ends), order=1, weighted=True)
    try:
        _require_clear(tube, locus)
    except ProofFailure:
        if not by_compound(tube, locus):
            raise
        require_no_pair(tube)
    return SettledPiece(ends, "clear", None, tube)


def _require_clear(tube: Tube, locus: Locus) -> None:
    gap = require_clear(tube.spectrum, None, locus)
    nearest = smallest(abs(locus.side(d)) for d in tube.spectrum.d)
    if gap is None or not proves_less(nearest / CLEAR_ROOM, gap):
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, f"an eigenvalue enclosure comes too close to {locus.name}")


def by_compound(tube: Tube, locus: Locus) -> bool:
    """Whether the compound of A may say what the discs do not: around a cubic curve, for a flow of few dimensions."""
    return locus is IMAGINARY_AXIS and tube.witness.bends is not None and tube.basis.n <= MOST_COMPOUND


def settle_point(
    field: FieldBalls,
    basis: Basis,
    witness: BranchWitness,
    ends: Ends,
    k: int,
    parameter: arb,
    equilibrium: list[arb],
    locus: Locus = IMAGINARY_AXIS,
    kind: str = "hopf",
) -> SettledPiece:
    """The proved point (its claimed γ* and x*) is the only value on the piece with an eigenvalue on the locus: by the
    discs of the block k, or where the compound shows it, of which k is None."""
    tube = enclose_branch(field, basis, witness, roomy_ball(ends), weighted=True)
    of: int | None = k
    try:
        require_clear(tube.spectrum, k, locus)
        require_isolated(tube.spectrum, k)
        slope = enclose_slope(field, basis, tube.spectrum, tube.expansion, k)
        require_transversal(speed_across(tube.spectrum, k, slope, locus), locus)
    except ProofFailure:
        if kind != "hopf" or not by_compound(tube, locus):
            raise
        require_one_pair(field, tube)
        of = None
    if not inside(parameter, ends):
        raise ProofFailure(FailureCode.NO_CROSSING, "the proved point is not certainly inside this piece")
    if not tube.contains(parameter, equilibrium):
        raise PointOutsideTube(FailureCode.BRANCH_NOT_VERIFIED, "the proved point is not certainly on this branch")
    return SettledPiece(ends, kind, of, tube)


def settle_real(
    field: FieldBalls, basis: Basis, witness: BranchWitness, ends: Ends, k: int, locus: Locus = IMAGINARY_AXIS
) -> SettledPiece:
    """One simple zero eigenvalue on the piece, at a γ that interval Newton encloses (trivial branch only)."""
    if witness.x is not None:
        raise ProofFailure(FailureCode.FOLD, "0 is an eigenvalue on a branch that is not trivial")
    crossing = prove_crossing(field, basis, witness, roomy_ball(ends), k, locus)
    if not inside(crossing.parameter, ends):
        raise ProofFailure(FailureCode.NO_CROSSING, "the interval Newton step leaves the piece")
    require_zero(crossing.tube.spectrum, k, locus)
    return SettledPiece(ends, "real", k, crossing.tube, crossing.parameter)


def joined(field: FieldBalls, left: SettledPiece, right: SettledPiece, steps: int = 1) -> bool:
    """Whether both pieces, which share an end, certainly continue one branch. steps: see `Tube.equilibrium_at`."""
    if left.ends[1] != right.ends[0]:
        return False
    gamma = ball(left.ends[1])
    return any(
        there.tube.contains(gamma, here.tube.equilibrium_at(field, gamma, steps))
        for here, there in ((left, right), (right, left))
    )
