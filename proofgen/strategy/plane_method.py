"""The method for two parameters: curves of Hopf points and Bautin points, as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..bundle.bautin import BautinPoint
from ..bundle.hopf_curve import (
    CLOSED,
    OPEN,
    Curve,
    CurvesClaims,
    CurvesWitness,
    HopfCurves,
    ListedBautin,
    UnsettledCurve,
)
from ..bundle.rows import told_apart
from ..claims.bautin import BautinContent, bautin_content, unknown_bautin
from ..claims.hopf_curve import CurvePieceContent, printed_curve_piece, stacked_curve
from ..claims.open_row import OpenRow
from ..claims.rows import named_points, numbered
from ..errors import UnsupportedError
from ..numbers.balls import working_precision
from ..numbers.printed import Enclosure
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..symbolic.graph import build_plane_graph
from .hopf_curve import CurveOutcome, PlacedPiece, apart
from .plane import PIECE_BITS, PlaneOutcome, prove_plane
from .task import EXISTENCE, Found, Reason, Task

POINTS = {existence: frozenset({BautinPoint.method}) for existence in EXISTENCE}


def applies(problem: PlaneProblem) -> PlaneProblem:
    """It is for all of them."""
    return problem


def require(problem: AnyProblem, reasons: Mapping[str, Reason]) -> None:
    """Raise UnsupportedError for what is proved with one parameter only."""
    if problem.proof.orbits.asked:
        raise UnsupportedError("periodic orbits are proved for one parameter", key="orbits")


def emit(problem: AnyProblem, problem_sha256: str) -> Any:
    raise UnsupportedError(
        "no evaluator is emitted for two parameters: their proof goes through the graph of the equations",
        key="parameter.names",
    )


def prove(task: Task, known: PlaneProblem) -> Found:
    """Find the curves of Hopf points in the box, and prove them in pieces, with the Bautin points on them."""
    problem = known
    task.progress("curves of Hopf points", 0, 1)
    with task.watch("proof"):
        start = None if problem.start is None else [float(x) for x in problem.start]
        proof = problem.proof
        outcome = prove_plane(
            build_plane_graph(problem), problem.box, start, task.precision, proof.max_precision, proof.digits
        )
    with task.watch("certificates"):
        return _found(task, problem, outcome)


@dataclass(frozen=True)
class _Part:
    """Pieces that are joined, with their candidates of Bautin points; failures: at both ends."""

    pieces: Sequence[CurvePieceContent]
    candidates: Sequence[int | None]
    ends: tuple[str, str]
    failures: tuple[Failure | None, Failure | None]


def _found(task: Task, problem: PlaneProblem, outcome: PlaneOutcome) -> Found:
    proved: list[BautinContent] = []
    opened: list[OpenRow] = []
    at: dict[tuple[int, int], int] = {}
    failures = [_of_curve(failure) for failure in outcome.failures]
    broken = {(curve, piece): failure for curve, piece, failure in outcome.open_pieces}
    kept = _different(outcome.curves)
    for number, found in enumerate(outcome.points):
        place = found.curve, found.piece
        if found.curve not in kept:
            continue
        with working_precision(found.precision):
            content = bautin_content(found.proof, found.data, found.precision, problem.proof.digits, number)
        if isinstance(content, FailureCode):
            broken[place] = Failure(content, "the printed enclosures do not prove the Bautin point any more")
        elif not all(told_apart(content.claims, other.claims) for other in proved):
            reason = "it is not proved to be another point than that of a neighbouring piece"
            broken[place] = Failure(FailureCode.BAUTIN_NOT_VERIFIED, reason)
        else:
            proved.append(content)
            at[place] = number
    parts = []
    for number in kept:
        curve = outcome.curves[number]
        contents = [_printed(placed) for placed in curve.pieces]
        for k, piece in enumerate(contents):
            failure = broken.get((number, k))
            if failure is not None and isinstance(piece, CurvePieceContent):
                code = FailureCode.BAUTIN_NOT_VERIFIED
                opened.append(OpenRow(code, failure.reason, unknown_bautin(piece.claims.place)))
                contents[k] = Failure(code, f"ℓ1 changes its sign: {failure.reason}")
        candidates = [at.get((number, k)) for k in range(len(contents))]
        ends = tuple(None if failure is None else _of_curve(failure) for failure in curve.failures)
        parts += _parts(contents, candidates, curve.ends, (ends[0], ends[1]))
    rows = numbered(proved, opened)
    points = named_points(rows, task.files)
    names = {candidate: point.id for candidate, point in points}
    failures += [failure for part in parts for failure in part.failures if failure is not None]
    curves = tuple(_curve(part, names) for part in parts)
    claims = CurvesClaims(
        box=(Enclosure.exactly(*problem.box[0]), Enclosure.exactly(*problem.box[1])),
        complete=bool(curves) and not failures,
        curves=curves,
        points=tuple(ListedBautin(point.id, point.claims.parameters) for _, point in points),  # type: ignore[union-attr]
        unsettled=tuple(UnsettledCurve(failure.reason, failure.code.value) for failure in failures),
    )
    witness = CurvesWitness(tuple(
        stacked_curve(f"curve-{number}", [piece.data for piece in part.pieces], task.files)
        for number, part in enumerate(parts, 1)
    ))  # fmt: skip
    return Found(HopfCurves(claims, witness, PIECE_BITS), [point for _, point in points], rows, None)


def _different(curves: Sequence[CurveOutcome]) -> list[int]:
    """The places of curves that are proved to have no point in common, those with the fewest open ends first: what the
    search found twice is one curve, and whether it is need not be known of one that is left out."""
    kept: list[int] = []
    with working_precision(PIECE_BITS):
        for number in sorted(range(len(curves)), key=lambda k: curves[k].ends.count(OPEN)):
            if all(apart(curves[number], curves[other]) for other in kept):
                kept.append(number)
    return sorted(kept)


def _printed(placed: PlacedPiece) -> CurvePieceContent | Failure:
    """A piece, or why its printed form no longer proves it."""
    with working_precision(PIECE_BITS):
        try:
            return printed_curve_piece(
                placed.over, placed.data, placed.interval, placed.piece.unstable, placed.criticality, PIECE_BITS
            )
        except ProofFailure as error:
            return _of_curve(error.failure)


def _parts(
    contents: Sequence[CurvePieceContent | Failure],
    candidates: Sequence[int | None],
    ends: tuple[str, str],
    failures: tuple[Failure | None, Failure | None],
) -> list[_Part]:
    """A curve without the pieces that are not proved, at which it is open."""
    if all(isinstance(content, CurvePieceContent) for content in contents):
        return [_Part([c for c in contents if isinstance(c, CurvePieceContent)], candidates, ends, failures)]
    first = next(content for content in contents if isinstance(content, Failure))
    begin, last = (ends[0], failures[0]), (ends[1], failures[1])
    if ends[0] == CLOSED:
        begin = last = (OPEN, first)
    found: list[_Part] = []
    pieces: list[CurvePieceContent] = []
    own: list[int | None] = []
    for content, candidate in [*zip(contents, candidates, strict=True), (None, None)]:
        if isinstance(content, CurvePieceContent):
            pieces.append(content)
            own.append(candidate)
            continue
        end = last if content is None else (OPEN, content)
        if pieces:
            found.append(_Part(pieces, own, (begin[0], end[0]), (begin[1], end[1])))
        pieces, own, begin = [], [], end
    return found


def _curve(part: _Part, names: Mapping[int, str]) -> Curve:
    pieces = tuple(
        replace(piece.claims, point=None if candidate is None else names[candidate])
        for piece, candidate in zip(part.pieces, part.candidates, strict=True)
    )
    return Curve(pieces, part.ends, tuple(None if failure is None else failure.reason for failure in part.failures))


def _of_curve(failure: Failure) -> Failure:
    """A failure of search or proof, with a remedy that is one for two parameters."""
    nothing = failure.code is FailureCode.NO_CANDIDATE
    return Failure(FailureCode.NO_CURVE if nothing else FailureCode.CURVE_NOT_VERIFIED, failure.reason)
