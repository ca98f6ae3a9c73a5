"""That pieces of several workers continue one branch, and the equilibria at its ends as they are printed."""

from __future__ import annotations

from ..claims.form_pieces import FormPiece
from ..claims.pieces import PieceContent
from ..numbers.outward import DERIVED, claim, roomy
from ..numbers.printed import Enclosure
from ..proof.failure import ProofFailure
from ..proof.form_piece import FormTube
from ..proof.pieces import SettledPiece, interval_ball
from ..proof.tube import enclose_branch
from .form_cover import are_joined, equilibrium_of, holds
from .form_crossing import crossing_tube_of
from .forms import tube_of
from .workshop import Workshop, basis_balls, branch_witness, printed_ball

Settled = PieceContent | FormPiece


def joins(shop: Workshop, left: Settled, right: Settled, steps: int = 1) -> bool:
    """Whether two pieces that workers settled certainly continue one branch."""
    if shop.setting.trivial or right.joined:
        return True
    try:
        return are_joined(shop, left, proof_again(shop, left), right, proof_again(shop, right), steps)
    except ProofFailure:
        return False


def printed_end(shop: Workshop, piece: Settled, side: int) -> tuple[Enclosure, ...] | None:
    """The equilibrium at an end of a piece (0: the left one) as printed; None where that is not certainly inside its
    tube."""
    end, precision = piece.ends[side], shop.setting.precision
    try:
        proof = proof_again(shop, piece)
        box = equilibrium_of(shop, piece, proof, end, side)
    except ProofFailure:
        return None
    start = tuple(claim(roomy(x, precision), precision, DERIVED) for x in box)
    return start if holds(proof, end, [printed_ball(entry) for entry in start]) else None


def proof_again(shop: Workshop, piece: Settled) -> SettledPiece | FormTube:
    """The tube of a piece that a worker settled (it is verified again)."""
    if isinstance(piece, FormPiece):
        again = tube_of if piece.point is None else crossing_tube_of
        return again(piece, shop.field, shop.tube_field)
    witness = branch_witness(piece.witness)
    basis = basis_balls(piece.witness.basis)
    tube = enclose_branch(shop.evaluator, basis, witness, interval_ball(piece.ends), order=1, weighted=True)
    return SettledPiece(piece.ends, piece.kind, piece.k, tube)

