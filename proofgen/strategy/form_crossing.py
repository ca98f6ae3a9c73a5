"""A piece around a proved Hopf point with quadratic forms (Theorem H): widths, candidates, and the proof of one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from flint import arb

from ..approx.field import Array, FieldApprox
from ..claims.form_pieces import FormPiece
from ..claims.hopf_point import PointContent
from ..numbers.decimals import floor_log10
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.form_crossing import AxisWitness, CrossingNotExcluded, settle_crossing
from ..proof.form_piece import DefectTooLarge, FormTube, FormWitness, settle_branch
from ..proof.tube_field import TubeField
from ..search.form_crossing import CrossingCandidate, crossing_candidate, crossing_factors
from .forms import exact_form, factors_as_integers, form_witness, near_ends

Ends = tuple[Fraction, Fraction]
TRIES = 24
LEAST_SHRINKAGE, REPEAT = 0.3, 0.85  # of widths
RADIUS_ROOM = 1.2  # r over what a proof asks for
WIDENINGS = 3  # of r at one width


def hopf_form(
    approx: FieldApprox,
    field: TubeField,
    content: PointContent,
    guess: Array | None,
    limits: Ends,
    first: Fraction,
    printed: tuple[arb, list[arb]],
) -> tuple[FormPiece, FormTube] | Failure:
    """The widest of some pieces around the point that is settled, of about the width ``first`` first.

    printed: the point's γ* and x* as claimed. Its window must say that it is alone near γ̃.
    """
    failure = Failure(FailureCode.BRANCH_NOT_VERIFIED, "no quadratic forms were found for a piece around a Hopf point")
    gamma, window = Fraction(float(content.witness.gamma)), content.claims.window
    if window is None:
        return failure
    certified = min(gamma - window.low, window.high - gamma)
    if certified <= 0:  # γ̃ in binary64 is not in a window this narrow
        return failure
    room = min(gamma - limits[0], limits[1] - gamma)
    width, radius = min(first, room), None
    grown, widened = False, 0
    for _ in range(TRIES):
        if width < certified / 2:  # pieces with discs are as wide
            break
        unit = Fraction(10) ** (floor_log10(width) - 2)
        ends = max((gamma - width) // unit * unit, limits[0]), min(-((-gamma - width) // unit) * unit, limits[1])
        half = float(max(gamma - ends[0], ends[1] - gamma)) * (1 + 2.0**-50)
        c = crossing_candidate(approx, float(gamma), half, guess, float(content.claims.omega.low))
        if c is None:
            width /= 2
            continue
        if c.share > 1.3 and not grown and width < room:
            width = min(room, width * Fraction(min(c.share, 1e3)))
            continue
        grown = True
        if c.share < 1 or len(c.factors[0]) < 2 or len(c.factors[1]) < 2:
            width *= Fraction(max(LEAST_SHRINKAGE, min(c.share, REPEAT)))
            continue
        if radius is not None:
            c = replace(c, radius=max(c.radius, radius))
        witness = branch_witness_of(c)
        factors = factors_as_integers(c.factors[0]), factors_as_integers(c.factors[1])
        try:
            tube = settle_crossing(field, witness, axis_witness(c), ends, factors, certified)
            if not tube.holds_over(*printed):
                needed = RADIUS_ROOM * float(tube.away(*printed)) if c.curve is not None else 0.0
                if c.radius < needed and widened < WIDENINGS:  # with a box of weights x* is a wide box
                    radius, widened = needed, widened + 1
                    continue
                raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "the proved point is not certainly on this branch")
        except DefectTooLarge as error:
            failure, widened = error.failure, widened + 1
            radius = 2 * RADIUS_ROOM * float(error.eta) / c.branch_margin
            if widened > WIDENINGS:
                width, widened, radius = width * Fraction(REPEAT), 0, None
            continue
        except CrossingNotExcluded as error:
            failure, width = error.failure, width * Fraction(max(LEAST_SHRINKAGE, min(REPEAT, 0.95 / error.share)))
            continue
        except ProofFailure as error:
            failure, width = error.failure, width * Fraction(REPEAT)
            continue
        near = near_ends(approx, c.curve, gamma, ends)
        return FormPiece(ends, replace(c, factors=([], [])), near, point=content.candidate), tube
    return failure


def branch_witness_of(c: CrossingCandidate) -> FormWitness:
    """What Theorem L says of the branch is proved with G."""
    return form_witness(c, c.G, c.branch_margin)


def axis_witness(c: CrossingCandidate) -> AxisWitness:
    (u, v), (p, q) = ([[arb(x) for x in column] for column in M.T.tolist()] for M in (c.U, c.V))
    return AxisWitness(exact_form(c.P), Fraction(c.margin), Fraction(c.shift), (u, v), (p, q))


def crossing_tube_of(piece: FormPiece, approx: FieldApprox, field: TubeField) -> FormTube:
    """The tube of a piece that was settled before, proved again."""
    assert isinstance(piece.candidate, CrossingCandidate)
    c = crossing_factors(approx, piece.candidate)
    if len(c.factors[0]) < 2:
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "a quadratic form has no Cholesky factor")
    return settle_branch(field, branch_witness_of(c), piece.ends, factors_as_integers(c.factors[0])).tube
