"""What is printed of curves of Hopf points in two parameters (FORMAT.md, section 28)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..bundle.codec import ArrayReference
from ..bundle.hopf_curve import CurvePiece, CurveWitness, Direction, PieceNumbers
from ..bundle.json_text import Files
from ..numbers.outward import SHORT, claim
from ..numbers.printed import Enclosure
from ..proof.failure import FailureCode, ProofFailure
from ..proof.plane_field import Unknowns
from ..search.curve_witness import CurveData
from .pieces import spelled_out


@dataclass(frozen=True)
class CurvePieceContent:
    """A proved piece before its point has a name. claims: without that; data: the witness."""

    claims: CurvePiece
    data: CurveData


def printed_curve_piece(
    points: Unknowns,
    data: CurveData,
    interval: tuple[Fraction, Fraction],
    unstable: int,
    criticality: str,
    precision: int,
) -> CurvePieceContent:
    """At the working precision in force. interval: of s, a part of the piece; points: over it. Raises ProofFailure."""
    n = len(points.inputs) - 2
    omega = claim(points.omega, precision, SHORT)
    if omega.low <= 0:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "ω as printed is not positive")
    claims = CurvePiece(
        along=data.along,
        interval=Enclosure.exactly(*interval),
        other=claim(points.inputs[n + 1 - data.along], precision, SHORT),
        omega=omega,
        unstable=unstable,
        criticality=criticality,
        point=None,
        direction=Direction(data.forward),
    )
    return CurvePieceContent(claims, data)


def stacked_curve(name: str, pieces: Sequence[CurveData], files: Files) -> CurveWitness:
    """The witnesses of a curve; its arrays, NAME-centre and so on, are added to ``files``."""

    def stored(key: str, rows: list[Any]) -> ArrayReference:
        return files.add_array(f"{name}-{key}", np.vstack(rows))

    bases = [data.basis for data in pieces]
    return CurveWitness(
        pieces=tuple(PieceNumbers(data.along, data.s, data.h, data.basis.pairs, data.pair) for data in pieces),
        centre=stored("centre", [data.centre[0] for data in pieces]),
        direction=stored("direction", [data.direction[0] for data in pieces]),
        begin=stored("begin", [data.begin for data in pieces]),
        end=stored("end", [data.end for data in pieces]),
        phi=stored("phi", [data.phi for data in pieces]),
        A=stored("A", [data.A for data in pieces]),
        R=stored("R", [data.R for data in pieces]),
        X=stored("X", [basis.X[0] for basis in bases]),
        Y=stored("Y", [basis.Y[0] for basis in bases]),
        d=stored("d", [spelled_out(basis) for basis in bases]),
    )
