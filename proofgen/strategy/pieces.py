"""Adaptive subdivision of a part of the interval into settled pieces (the proofs: `proofgen.proof.pieces`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from flint import arb

from ..approx.field import Array
from ..claims.form_pieces import FormPiece
from ..claims.hopf_point import PointContent
from ..claims.map_point import MapContent
from ..claims.pieces import OpenPiece, PieceContent
from ..claims.zero_crossing import ZeroCrossingContent
from ..errors import AbandonedError
from ..numbers.balls import working_precision
from ..numbers.decimals import floor_log10
from ..numbers.outward import DERIVED, claim, roomy
from ..proof.compound import MOST_COMPOUND
from ..proof.crossing import enclose_slope, shown, speed_across
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.locus import clearance
from ..proof.pieces import (
    Ends,
    PointOutsideTube,
    interval_ball,
    settle_clear,
    settle_point,
    settle_real,
)
from ..proof.tube import enclose_branch
from ..search.local_witness import LocalWitness, local_witness
from ..search.location import PAIRS
from .fields import KINDS
from .form_cover import MOST_NUMBERS, Covered, Place, continues, cover_with_forms, not_joined
from .form_crossing import hopf_form
from .workshop import Workshop, printed_ball, with_forms, with_wide_tube

SMALLEST_PIECE = Fraction(1, 2**30)  # of the interval; a piece that needs to be smaller stays unsettled
SMALLEST_NEAR_FOLD = Fraction(1, 2**44)  # the same on sheets, whose pieces are the shorter the nearer a fold is
BOX_WIDENING = 8.0  # with a weight box the tubes must hold the equilibria of all networks, enclosed from outside too
PATIENCE = 300, 20  # a chunk is given up after 300 attempts more than 20 for each settled piece
CHUNKS = 16  # parts of the interval that are settled independently
MOST_PIECES = 1000  # per chunk
MORE_NEAR_FOLD = 3  # times as many on sheets: they have fewer chunks, and pieces that are the shorter the nearer a fold
MOST_LARGE_PIECES = 200  # the same, of a field for which quadratic forms were tried first
MOST_ROWS = 10**6  # a count of FORMAT.md, section 1
LARGE, ENOUGH, HOPELESS = 20, 40, 8  # see `_hopeless`
FIRST_CROSSING = 256  # the first piece with forms around a point is tried with this share of the interval
NEARBY = 0.01  # of the interval: a place where the field is not defined is named from so far
MOST_APART = 8  # halvings of a piece that does not join the one before it
NEWTON_STEPS = 12  # for the equilibrium where pieces join, beside a fold
CLEAR_SHARE, POINT_SHARE = 0.02, 2e-4  # of the distance from the locus, see `_room`
MUCH_WIDER = 3  # than the clear piece before it: halved without a try


@dataclass(frozen=True)
class Special:
    """A place on the main sheet that needs more than `clear`: a proved point, or a real crossing (point None).

    eigenvalue: that is on the axis or the circle there; named: what is proved of a real crossing, if anything."""

    gamma: float
    eigenvalue: complex
    x: Any
    point: PointContent | MapContent | None
    named: ZeroCrossingContent | None = None


@dataclass(frozen=True)
class Chunk:
    """A part of the interval with its special places and the branch nodes (γ increasing, x row by row) near it.
    near_fold: see `local_witness`; linear: around chords, not around cubic curves."""

    ends: Ends
    specials: tuple[Special, ...]
    gammas: Any
    xs: Any
    near_fold: bool = False
    linear: bool = False


def settle_chunk(shop: Workshop, chunk: Chunk) -> list[PieceContent | FormPiece | OpenPiece]:
    """Pieces that cover the chunk, in increasing γ; neighbours are joined."""
    shop = shop.of_pieces
    if not with_forms(shop.setting.problem):
        return settle_by_discs(shop, chunk)

    def place(special: Special) -> Place:
        return Place(
            Fraction(special.gamma),
            None if special.point is None else partial(_around_point, shop, special.point, guess(special.gamma)),
            lambda ends: _try_piece(shop, chunk, ends, special),
        )

    def by_discs(ends: Ends) -> list[Covered]:
        rest = replace(chunk, ends=ends, specials=())
        return _by_discs(shop, rest, MOST_LARGE_PIECES)

    def guess(gamma: float) -> Any:
        return None if shop.setting.trivial else _interpolated(chunk, gamma)

    places = list(map(place, chunk.specials))
    with working_precision(shop.setting.precision):
        return cover_with_forms(shop, chunk.ends, places, guess, by_discs)


def settle_by_discs(shop: Workshop, chunk: Chunk) -> list[PieceContent | FormPiece | OpenPiece]:
    """The same, by pieces with discs alone."""
    return [item.content for item in _by_discs(shop.of_pieces, chunk)]


def _around_point(shop: Workshop, point: PointContent | MapContent, x: Any, limits: Ends) -> Covered | Failure:
    """A piece with forms around a proved point."""
    if not isinstance(point, PointContent):
        raise ValueError("quadratic forms are for Hopf points")
    claims = point.claims
    printed = printed_ball(claims.parameter), [printed_ball(entry) for entry in claims.equilibrium]
    found = hopf_form(shop.field, shop.tube_field, point, x, limits, shop.length / FIRST_CROSSING, printed)
    return found if isinstance(found, Failure) else Covered(*found)


def _by_discs(shop: Workshop, chunk: Chunk, at_most: int = MOST_PIECES) -> list[Covered]:
    """Pieces around cubic curves; where some stay open, around chords, unless more stays open then."""
    if _room(shop, chunk, None) is None:
        return _divided(shop, chunk, at_most)
    try:
        found = _divided(shop, chunk, at_most)
    except AbandonedError:
        found = []
    if found and not _open_length(found):
        return found
    again = _divided(shop, replace(chunk, linear=True), at_most)
    return found if found and _open_length(found) < _open_length(again) else again


def _open_length(found: Sequence[Covered]) -> Fraction:
    return sum((x.content.ends[1] - x.content.ends[0] for x in found if isinstance(x.content, OpenPiece)), Fraction(0))


def _divided(shop: Workshop, chunk: Chunk, at_most: int) -> list[Covered]:
    """Subdivide until every piece is settled or too small; neighbours are joined."""
    smallest = shop.length * (SMALLEST_NEAR_FOLD if chunk.near_fold else SMALLEST_PIECE)
    most = min(at_most, most_pieces(shop.field.n)) * (MORE_NEAR_FOLD if chunk.near_fold else 1)
    result: list[Covered] = []
    attempts, settled_pieces, apart = 0, 0, 0
    lately: Fraction | None = None  # the width of the last piece that was settled as clear
    last = Failure(FailureCode.BRANCH_NOT_VERIFIED, "not tried")
    tried, given_up = chunk.ends, False
    stack = [(chunk.ends, chunk.specials)]
    with working_precision(shop.setting.precision):
        while stack:
            ends, specials = stack.pop()
            clear = not given_up and not specials  # beside a point clear pieces are short, and one around it is not
            if clear and lately is not None and ends[1] - ends[0] > MUCH_WIDER * lately:
                stack += _halves(ends, specials)
                continue
            attempts += 1
            out_of_patience = attempts > PATIENCE[0] + PATIENCE[1] * settled_pieces or settled_pieces >= most
            out_of_patience = out_of_patience or given_up or _hopeless(shop.field.n, result, chunk.ends[1], most)
            failure = Failure(FailureCode.BRANCH_NOT_VERIFIED, "several crossings on one piece")
            if len(specials) <= 1 and not out_of_patience:
                settled = _try_piece(shop, chunk, ends, specials[0] if specials else None)
                if isinstance(settled, Covered):
                    joined = _joined_to(shop, chunk, result, settled, specials[0] if specials else None)
                    if isinstance(joined.content, OpenPiece) and ends[1] - ends[0] > smallest and apart < MOST_APART:
                        apart += 1  # the tube of a shorter piece may be widened more
                        stack += _halves(ends, specials)
                        continue
                    apart = 0
                    settled_pieces += 1
                    if not specials:
                        lately = ends[1] - ends[0]
                    result.append(joined)
                    if len(result) > 2:  # a tube is large; only the first and the last are asked for again
                        result[-2] = replace(result[-2], proof=None)
                    continue
                failure = settled
            if out_of_patience and shop.setting.all_or_nothing:
                raise AbandonedError("a piece of the interval stays open")
            if out_of_patience:
                if not given_up:
                    last = _domain_failure(shop, chunk, tried) or last
                    given_up = True
                result.append(Covered(OpenPiece(ends, last.code, f"{last.reason} (no more is tried)"), None))
                continue
            last, tried = failure, ends
            if shop.setting.all_or_nothing and ends[1] - ends[0] <= smallest:
                raise AbandonedError("a piece of the interval stays open")
            if ends[1] - ends[0] <= smallest:
                failure = _domain_failure(shop, chunk, ends) or _diagnosed(shop, chunk, ends, failure)
                result.append(Covered(OpenPiece(ends, failure.code, failure.reason), None))
                continue
            stack += _halves(ends, specials)
    return result


def most_pieces(n: int) -> int:
    """Of one part of the interval, so that neither rows nor numbers of the arrays of all of them are too many."""
    return max(1, min(MOST_PIECES, MOST_ROWS // n // CHUNKS, MOST_NUMBERS // (n * n) // CHUNKS))


def _hopeless(n: int, result: list[Covered], end: Fraction, most: int) -> bool:
    """Whether a large field needs many times more pieces than there may be, by the widest of the last ones."""
    settled = [item for item in result if isinstance(item.content, PieceContent)]
    if n < LARGE or len(settled) < ENOUGH:
        return False
    widest = max(item.content.ends[1] - item.content.ends[0] for item in settled[-ENOUGH:])
    return (end - settled[-1].content.ends[1]) / widest > HOPELESS * most


def _halves(ends: Ends, specials: tuple[Special, ...]) -> list[tuple[Ends, tuple[Special, ...]]]:
    """Right and left part of a piece."""
    middle = _split(ends, specials)
    right = tuple(s for s in specials if Fraction(s.gamma) > middle)
    return [((middle, ends[1]), right), ((ends[0], middle), specials[: len(specials) - len(right)])]


def _joined_to(
    shop: Workshop, chunk: Chunk, before: list[Covered], settled: Covered, special: Special | None
) -> Covered:
    """The piece, made again with a wider tube where it does not join its neighbour at first."""
    left = before[-1] if before else None
    if left is None or left.proof is None or settled.proof is None:
        return settled
    steps = NEWTON_STEPS if chunk.near_fold else 1
    if continues(shop, left, settled, steps):
        return _continued(settled)
    for widening in (3.0, 10.0, 30.0):
        wider = _try_piece(shop, chunk, settled.content.ends, special, widening)
        if isinstance(wider, Covered) and continues(shop, left, wider, steps):
            return _continued(wider)
    return Covered(not_joined(settled.content.ends), None)


def _continued(settled: Covered) -> Covered:
    assert isinstance(settled.content, PieceContent)
    return replace(settled, content=replace(settled.content, joined=True))


def _try_piece(
    shop: Workshop, chunk: Chunk, ends: Ends, special: Special | None, widening: float = 1.0
) -> Covered | Failure:
    centre = _centre(ends, special)
    half = max(float(ends[1]) - centre, centre - float(ends[0])) * (1 + 1e-12)
    guess = None if shop.setting.trivial else _interpolated(chunk, centre)
    w = local_witness(shop.field, centre, guess, half, chunk.near_fold, _room(shop, chunk, special))
    if w is None:
        return Failure(FailureCode.NO_EIGENBASIS, "no approximate equilibrium with an eigenbasis was found")
    if not ends[0] <= w.gamma <= ends[1]:  # a piece that holds no binary64 number
        w = replace(w, gamma=Fraction(round((ends[0] + ends[1]) * 2**255), 2**256))
    if shop.setting.problem.has_box:
        widening *= BOX_WIDENING
    try:
        return _settled(shop, w, ends, special, widening)
    except ProofFailure as error:
        return error.failure


def _settled(shop: Workshop, w: LocalWitness, ends: Ends, special: Special | None, widening: float) -> Covered:
    evaluator, locus = shop.evaluator, shop.locus
    if special is None:
        w, piece = with_wide_tube(w, lambda basis, b: settle_clear(evaluator, basis, b, ends, locus), widening)
        return Covered(PieceContent(ends, w, "clear", None), piece)
    if special.point is None:
        if (k := w.nearest_real()) < 0:
            raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "no real eigenvalue near 0")
        w, piece = with_wide_tube(w, lambda basis, b: settle_real(evaluator, basis, b, ends, k, locus), widening)
        if piece.crossing is None:
            raise ValueError("a real piece has a crossing")
        printed = claim(roomy(piece.crossing, shop.setting.precision), shop.setting.precision, DERIVED)
        if not (ends[0] < printed.low and printed.high < ends[1]):
            raise ProofFailure(FailureCode.NO_CROSSING, "the printed crossing leaves the piece")
        named = special.named
        if named is not None and not (ends[0] <= named.parameter.low and named.parameter.high <= ends[1]):
            raise ProofFailure(FailureCode.NO_CROSSING, "the crossing of the certificate leaves the piece")
        point = None if named is None else named.candidate
        return Covered(PieceContent(ends, w, "real", k, crossing=printed, point=point), piece)
    claims, kind = special.point.claims, special.point.kind
    k = w.nearest_pair(special.eigenvalue) if kind in PAIRS else w.nearest_real(special.eigenvalue.real)
    if k < 0:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "no such eigenvalue near that of the point")
    parameter = printed_ball(claims.parameter)
    equilibrium = [printed_ball(entry) for entry in claims.equilibrium]
    for wider in (1.0, 4.0, 16.0, 64.0):
        try:
            w, piece = with_wide_tube(
                w,
                lambda basis, b: settle_point(evaluator, basis, b, ends, k, parameter, equilibrium, locus, kind),
                widening * wider,
            )
            break
        except PointOutsideTube:
            if wider == 64.0:
                raise
    return Covered(PieceContent(ends, w, kind, piece.k, point=special.point.candidate), piece)


def _room(shop: Workshop, chunk: Chunk, special: Special | None) -> Callable[[Array], Array] | None:
    """How large discs may become because of the radius of the tube, by their centres; None where the predictor is
    linear: beside a fold, of a field with many variables, and where it offers no second derivatives along a curve."""
    if chunk.near_fold or chunk.linear or shop.field.n > MOST_COMPOUND or shop.setting.problem.kind != "equations":
        return None
    if special is not None:
        return lambda d: POINT_SHARE * np.hypot(d[:, 0], d[:, 1])
    if shop.setting.problem.discrete:
        return lambda d: CLEAR_SHARE * np.abs(np.hypot(1 + d[:, 0], d[:, 1]) - 1)
    return lambda d: CLEAR_SHARE * np.abs(d[:, 0])


def _centre(ends: Ends, special: Special | None) -> float:
    """γ̃: the crossing where its enclosure depends on it, else the middle; inside the piece."""
    if special is not None and special.point is None and ends[0] < Fraction(special.gamma) < ends[1]:
        return special.gamma
    return float((ends[0] + ends[1]) / 2)


def _interpolated(chunk: Chunk, gamma: float) -> Any:
    return np.array([np.interp(gamma, chunk.gammas, column) for column in chunk.xs.T])


def _split(ends: Ends, specials: Sequence[Special]) -> Fraction:
    """A short decimal near the middle, not close to a special place."""
    width = ends[1] - ends[0]
    for share in (Fraction(1, 2), Fraction(3, 8), Fraction(5, 8), Fraction(7, 16), Fraction(9, 16), Fraction(1, 4)):
        exponent = floor_log10(width) - 2
        unit = Fraction(10) ** exponent
        point = round((ends[0] + share * width) / unit) * unit
        if all(abs(Fraction(s.gamma) - point) > width / 20 for s in specials):
            return point
    return (ends[0] + ends[1]) / 2


def _domain_failure(shop: Workshop, chunk: Chunk, ends: Ends) -> Failure | None:
    """What is not defined near a piece that could not be settled: on larger and larger boxes around the branch."""
    centre, reach = float((ends[0] + ends[1]) / 2), float(ends[1] - ends[0])
    x = _interpolated(chunk, centre)
    if shop.setting.trivial or not KINDS[shop.setting.problem.kind].partial:
        return None
    while (reach := 8 * reach) < NEARBY * shop.length:
        sides = [_interpolated(chunk, centre + s * reach) for s in (-1, 1)]
        half = np.max([np.abs(side - x) for side in sides], axis=0) * (1 + 1e-6)
        try:
            box = [arb(float(a), float(b)) for a, b in zip(x, half, strict=True)]
            shop.evaluator.expand(arb(centre, reach), box, 0)
        except ProofFailure as error:
            return error.failure if error.failure.code is FailureCode.OUTSIDE_DOMAIN else None
    return None


def _diagnosed(shop: Workshop, chunk: Chunk, ends: Ends, failure: Failure) -> Failure:
    """What a piece that stays unsettled looks like: a pair alone near the axis whose speed is not proved nonzero?"""
    locus = shop.locus
    if failure.code is not locus.not_clear:
        return failure
    centre = _centre(ends, None)
    w = local_witness(shop.field, centre, None if shop.setting.trivial else _interpolated(chunk, centre),
                      float(ends[1] - ends[0]))  # fmt: skip
    if w is None:
        return failure
    try:
        w, tube = with_wide_tube(w, lambda basis, b: enclose_branch(shop.evaluator, basis, b, interval_ball(ends)))
        _, touching = clearance(tube.spectrum, None, locus)
        if len(touching) != 1 or touching[0] >= w.basis.pairs:
            return failure
        slope = enclose_slope(shop.evaluator, tube.basis, tube.spectrum, tube.expansion, touching[0])
        speed = speed_across(tube.spectrum, touching[0], slope, locus)
    except ProofFailure:
        return failure
    if speed.contains(0):
        near = float(tube.spectrum.g[touching[0]].mid())
        what = "speed of its modulus" if shop.setting.problem.discrete else "speed Re λ'"
        reason = f"a pair within {near:.2g} of {locus.name} has a {what} in {shown(speed)}"
        return Failure(locus.not_crossed, reason)
    return failure
