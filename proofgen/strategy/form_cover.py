"""Parts of the interval covered by pieces with quadratic forms, by discs around crossings or where there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb

from ..approx.field import Array
from ..claims.form_pieces import FormPiece
from ..claims.pieces import OpenPiece, PieceContent
from ..errors import AbandonedError
from ..numbers.balls import ball
from ..numbers.decimals import floor_log10
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.form_piece import FormTube
from ..proof.pieces import SettledPiece, joined
from ..search.form_width import Experience
from .forms import following_width, next_piece, right_end
from .workshop import Workshop, parameter_range

MOST_NUMBERS = 2**25  # in one array of all pieces
FORM_CHUNKS = 4  # parts of the interval that are settled independently
SHARE = 0.5  # of all pieces that one part may need: they are unlike
TOO_MANY = "the interval needs more pieces than a bundle may have; a shorter one may do"
Ends = tuple[Fraction, Fraction]
Piece = PieceContent | FormPiece
Proof = SettledPiece | FormTube
SMALLEST_FORM = Fraction(1, 2**26)  # of the interval
STRETCH, MOST_OPEN = Fraction(1, 2**24), 3  # see `_gap`
DISCS_BELOW = 50  # dimension from which discs with a tube are too narrow to be of use between crossings
BOX_SPREAD, START_SPREAD = 1.2, 2.0  # see `_spread`
ENOUGH, HOPELESS = 8, 4  # see `_too_many`
FIRST_FORM = 32  # the first piece of a part is tried with this share of the interval
CROSSING_WIDTH, CROSSING_STEPS, USUAL_DIMENSION = 64, 14, 20  # around a crossing: see `_around`


@dataclass(frozen=True)
class Covered:
    """A piece, or what stays open, with its proof."""

    content: Piece | OpenPiece
    proof: Proof | None


@dataclass(frozen=True)
class Place:
    """A crossing. with_forms: the widest piece around it with forms, inside of limits, None where there is none for its
    kind; with_discs: tries one piece."""

    gamma: Fraction
    with_forms: Callable[[Ends], Covered | Failure] | None
    with_discs: Callable[[Ends], Covered | Failure]


def cover_with_forms(
    shop: Workshop,
    ends: Ends,
    places: list[Place],
    guess: Callable[[float], Array | None],
    by_discs: Callable[[Ends], list[Covered]],
) -> list[Piece | OpenPiece]:
    """Pieces that cover ``ends``, in increasing γ; neighbours are joined.

    by_discs: a covering where no form is found, with the proofs of its first and last piece.
    """
    chain = _Chain(shop)
    left = ends[0]
    for index, place in enumerate(places):
        limit = ends[1] if index + 1 == len(places) else (place.gamma + places[index + 1].gamma) / 2
        found = _around(shop, place, (left, limit))
        _gap(shop, chain, (left, found.content.ends[0]), guess, by_discs)
        chain.add(found)
        left = found.content.ends[1]
    _gap(shop, chain, (left, ends[1]), guess, by_discs)
    return chain.contents


class _Chain:
    """Pieces from left to right, each marked as joined to the one before it where that is proved.

    Only the last proof is kept: at n = 512 one holds tens of megabytes.
    """

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.contents = shop, list[Piece | OpenPiece]()
        self._last: Covered | None = None

    def add(self, item: Covered) -> None:
        before, content = self._last, item.content
        if not isinstance(content, OpenPiece) and not content.joined and before is not None:
            known = self.shop.setting.trivial and not isinstance(before.content, OpenPiece)
            if known or continues(self.shop, before, item):
                content = replace(content, joined=True)
        self.contents.append(content)
        self._last = item


def _around(shop: Workshop, place: Place, limits: Ends) -> Covered:
    """The widest of some pieces around a crossing that is settled; those with discs are about n^−3 wide."""
    if place.with_forms is not None:
        found = place.with_forms(limits)
        if isinstance(found, Covered):
            return found
    failure = Failure(FailureCode.BRANCH_NOT_VERIFIED, "no piece around a crossing was settled")
    room = min(place.gamma - limits[0], limits[1] - place.gamma)
    width = min(shop.length / CROSSING_WIDTH * Fraction(USUAL_DIMENSION, shop.field.n) ** 2, room)
    ends = limits
    for _ in range(CROSSING_STEPS):
        unit = Fraction(10) ** (floor_log10(width) - 2)
        low, high = ((place.gamma + s * width) // unit * unit for s in (-1, 1))
        ends = max(low, limits[0]), min(high, limits[1])
        found = place.with_discs(ends)
        if isinstance(found, Covered):
            return found
        failure, width = found, width / 4
    return _left_open(shop, ends, failure)


def most_forms(n: int, of_all: float = SHARE) -> int:
    """Of one part of the interval, so that the file of all of them is not too large for a checker."""
    return max(1, int(of_all * MOST_NUMBERS) // (n * (n + 1) // 2))


def not_too_many(n: int, items: list[Piece | OpenPiece]) -> list[Piece | OpenPiece]:
    """The pieces of all parts, in increasing γ; those with forms that are too many for one bundle stay open."""
    most, kept = most_forms(n, 1.0), list[Piece | OpenPiece]()
    for item in items:
        most -= isinstance(item, FormPiece)
        too_many = isinstance(item, FormPiece) and most < 0
        kept.append(OpenPiece(item.ends, FailureCode.BRANCH_NOT_VERIFIED, TOO_MANY) if too_many else item)
    return kept


def _gap(
    shop: Workshop,
    chain: _Chain,
    ends: Ends,
    guess: Callable[[float], Array | None],
    by_discs: Callable[[Ends], list[Covered]],
) -> None:
    """Forms from left to right; where there is none a stretch is covered by discs, or, in large networks, stays open.

    Given up where that has happened several times, or where too many pieces are needed, before the work is done.
    """
    width, stretch, experience, opened = shop.length / FIRST_FORM, shop.length * STRETCH, Experience(), 0
    too_many = last = Failure(FailureCode.BRANCH_NOT_VERIFIED, TOO_MANY)
    widths = list[Fraction]()
    while ends[0] < ends[1]:
        if _too_many(shop.field.n, widths, ends) or opened >= MOST_OPEN:
            stopped = Failure(last.code, f"{last.reason} (no more is tried)")
            chain.add(_left_open(shop, ends, too_many if opened < MOST_OPEN else stopped))
            return
        smallest = min(shop.length * SMALLEST_FORM, ends[1] - ends[0])
        experience = replace(experience, spread=_spread(shop, ends[0]))
        settled = next_piece(shop.field, shop.tube_field, ends, guess, width, smallest, experience)
        if isinstance(settled, Failure):
            part = ends[0], right_end(ends, stretch)
            of_use = shop.field.n < DISCS_BELOW or shop.setting.trivial
            found = by_discs(part) if of_use else [_left_open(shop, part, settled)]
            stuck = [item.content for item in found if isinstance(item.content, OpenPiece)]
            if stuck:
                opened, last = opened + 1, Failure(stuck[-1].code, stuck[-1].reason)
            for item in found:
                chain.add(item)
            width, experience, ends = stretch, Experience(), (found[-1].content.ends[1], ends[1])
            stretch *= 2
            continue
        widths.append(settled.piece.ends[1] - settled.piece.ends[0])
        chain.add(Covered(settled.piece, settled.tube))
        width, experience, ends = following_width(settled), settled.experience, (settled.piece.ends[1], ends[1])


def _spread(shop: Workshop, left: Fraction) -> float:
    """By how much r is to be larger than the distance that a proof knows: with a box of weights there is more in it
    than rounding, and where the branch begins its equilibrium is printed as a box."""
    if not shop.setting.problem.has_box:
        return 1.0
    begins = left == parameter_range(shop.setting.problem)[0]
    return START_SPREAD * math.sqrt(shop.field.n) if begins else BOX_SPREAD


def _too_many(n: int, widths: list[Fraction], rest: Ends) -> bool:
    """Whether there are as many forms as there may be, or the last ones say that many times more would be needed."""
    most = most_forms(n)
    if len(widths) < ENOUGH:
        return len(widths) >= most
    return len(widths) >= most or (rest[1] - rest[0]) / max(widths[-ENOUGH:]) > HOPELESS * most


def _left_open(shop: Workshop, ends: Ends, failure: Failure) -> Covered:
    if shop.setting.all_or_nothing:
        raise AbandonedError("a piece of the interval stays open")
    return Covered(OpenPiece(ends, failure.code, failure.reason), None)


def continues(shop: Workshop, before: Covered, item: Covered, steps: int = 1) -> bool:
    """Whether both are pieces whose proofs are at hand, and certainly continue one branch."""
    if isinstance(before.content, OpenPiece) or isinstance(item.content, OpenPiece):
        return False
    if before.proof is None or item.proof is None:
        return False
    return are_joined(shop, before.content, before.proof, item.content, item.proof, steps)


def not_joined(ends: Ends) -> OpenPiece:
    reason = "the branch of this piece is not proved to be that of the piece before it"
    return OpenPiece(ends, FailureCode.BRANCH_NOT_VERIFIED, reason)


def are_joined(
    shop: Workshop, left: Piece, left_proof: Proof, right: Piece, right_proof: Proof, steps: int = 1
) -> bool:
    """Whether both pieces, which share an end, certainly continue one branch."""
    if isinstance(left_proof, SettledPiece) and isinstance(right_proof, SettledPiece):
        return joined(shop.evaluator, left_proof, right_proof, steps)
    if left.ends[1] != right.ends[0]:
        return False
    gamma = left.ends[1]
    sides = (left, left_proof, 1), (right, right_proof, 0)
    for (piece, proof, side), (_, other, _) in (sides, sides[::-1]):
        try:
            if isinstance(proof, FormTube) and isinstance(other, FormTube):
                near = _near(shop, piece, side)
                if other.holds(gamma, near, proof.distance(shop.evaluator, gamma, near)):
                    return True
            elif holds(other, gamma, equilibrium_of(shop, piece, proof, gamma, side)):
                return True
        except ProofFailure:
            continue
    return False


def equilibrium_of(shop: Workshop, piece: Piece, proof: Proof, gamma: Fraction, side: int) -> list[arb]:
    """An enclosure of the equilibrium at an end: 0 the left, 1 the right one. Raises ProofFailure."""
    if isinstance(proof, SettledPiece):
        return proof.tube.equilibrium_at(shop.evaluator, ball(gamma))
    return proof.equilibrium_near(shop.evaluator, gamma, _near(shop, piece, side))


def _near(shop: Workshop, piece: Piece, side: int) -> list[arb]:
    """The point near the equilibrium at an end of a piece with forms."""
    assert isinstance(piece, FormPiece)
    return [arb(0)] * shop.field.n if piece.near is None else [arb(x) for x in piece.near[side].tolist()]


def holds(proof: Proof, gamma: Fraction, box: list[arb]) -> bool:
    """Certainly the box lies in the tube at γ."""
    return proof.tube.contains(ball(gamma), box) if isinstance(proof, SettledPiece) else proof.holds(gamma, box)
