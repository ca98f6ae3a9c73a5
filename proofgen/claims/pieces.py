"""branch.json of the method pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..bundle.json_text import VERSION, Files, Json
from ..numbers.outward import Enclosure
from ..problem.problem import AnyProblem
from ..proof.failure import Failure, FailureCode
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs
from .hopf_point import Array, PointContent, decimal_text, dyadic


@dataclass(frozen=True)
class PieceContent:
    """A settled piece before it is stored. crossing: a printed real crossing; point: the candidate of its Hopf point.

    joined: it is proved to continue the branch of the piece before it.
    """

    ends: tuple[Fraction, Fraction]
    witness: LocalWitness
    kind: str
    k: int | None
    crossing: Enclosure | None = None
    point: int | None = None
    joined: bool = False


@dataclass(frozen=True)
class OpenPiece:
    ends: tuple[Fraction, Fraction]
    code: FailureCode
    reason: str

    @property
    def explanation(self) -> str:
        return str(Failure(self.code, self.reason))


@dataclass
class BranchContent:
    """Everything of `branch.json`: pieces and open pieces in increasing γ; start: the printed first equilibrium."""

    pieces: list[PieceContent] = field(default_factory=list)
    open_pieces: list[OpenPiece] = field(default_factory=list)
    start: list[Enclosure] | None = None
    complete: bool = False


def branch_document(
    problem: AnyProblem,
    branch: BranchContent,
    points: Sequence[tuple[str, PointContent]],
    problem_sha256: str,
    precision: int,
    files: Files,
) -> Json:
    """`branch.json` of the method pieces; the stacked witness arrays are added to ``files``."""
    if problem.interval is None:
        raise ValueError("the method pieces needs an interval")
    names = {content.candidate: identifier for identifier, content in points}
    pieces: list[Json] = []
    crossings: list[Enclosure] = []
    for piece in branch.pieces:
        basis = piece.witness.basis
        if piece.crossing is not None:
            crossings.append(piece.crossing)
        index = piece.k
        if index is not None and piece.kind == "real":
            index += basis.pairs  # a block of the prover is one complex index there
        pieces.append(
            {
                "interval": [decimal_text(end) for end in piece.ends],
                "centre": dyadic(piece.witness.gamma),
                "radius": None if piece.witness.radius is None else dyadic(piece.witness.radius),
                "pairs": basis.pairs,
                "kind": piece.kind,
                "index": index,
                "point": None if piece.point is None else names[piece.point],
                "crossing": None if piece.crossing is None else len(crossings) - 1,
            }
        )
    return {
        "format": "proofgen-branch",
        "version": VERSION,
        "problem": {"file": "problem.json", "sha256": problem_sha256},
        "method": "pieces",
        "claims": {
            "interval": [decimal_text(end) for end in problem.interval],
            "complete": branch.complete,
            "start": branch.start,
            "points": [
                {"id": identifier, "pair": None, "parameter": content.claims["parameter"]}
                for identifier, content in points
            ],
            "real_crossings": crossings,
            "unsettled": [
                {
                    "interval": [decimal_text(end) for end in piece.ends],
                    "reason": piece.reason,
                    "code": piece.code.value,
                }
                for piece in branch.open_pieces
            ],
        },
        "bounds": None,
        "witness": _stacked(branch.pieces, pieces, files) if pieces else None,
        "precision": precision,
    }


def _stacked(pieces: Sequence[PieceContent], documents: list[Json], files: Files) -> Json:
    """The arrays of all pieces, one below the other."""
    trivial = pieces[0].witness.x is None

    def rows(values: list[Any]) -> Array:
        return np.vstack(values)

    def centres(basis: WitnessLimbs) -> Array:
        d, m = basis.d[0], basis.pairs
        pairs = [row for re, im in d[:m].tolist() for row in ([re, im], [re, -im])]
        return np.array(pairs + d[m:].tolist(), dtype=np.float64)

    witnesses = [piece.witness for piece in pieces]
    bases = [w.basis for w in witnesses]
    return {
        "pieces": documents,
        "x": None if trivial else files.add_array("pieces-x", rows([w.x[0] for w in witnesses if w.x])),
        "slope": None if trivial else files.add_array("pieces-slope", rows([w.slope for w in witnesses])),
        "X": files.add_array("pieces-X", rows([basis.X[0] for basis in bases])),
        "Y": files.add_array("pieces-Y", rows([basis.Y[0] for basis in bases])),
        "d": files.add_array("pieces-d", rows([centres(basis) for basis in bases])),
    }
