"""From candidates to proved points and settled pieces of the parameter interval, in one process or several.

Decides where to try (untrusted: candidates, subdivision) and lets `proofgen.proof` decide what is proved. Every
function that a worker runs takes and returns plain values; the outcome does not depend on the number of processes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from flint import acb, arb, arb_mat

from .balls import ball, working_precision
from .certificate_general import (
    BranchContent,
    NewtonData,
    OpenPiece,
    OpenPoint,
    PieceContent,
    PointContent,
    point_content,
)
from .claims import claim
from .codegen.emit_layered import LayeredEmission, LayeredEvaluator
from .decimals import enclosure_decimals, floor_log10
from .exact import parse_printed_decimal
from .problem import Problem
from .proof.branch import BranchWitness, enclose_branch
from .proof.completeness import (
    Ends,
    SettledPiece,
    interval_ball,
    joined,
    settle_clear,
    settle_hopf,
    settle_real,
)
from .proof.crossing import clearance, enclose_slope
from .proof.failure import Failure, FailureCode, ProofFailure
from .proof.hopf_point import UndecidedPoint, prove_by_newton_ball, prove_by_window
from .proof.newton_kantorovich import NewtonWitness, prove_newton_ball
from .proof.spectrum import Basis, Witness, prepare_basis
from .search.candidates import Candidates, Crossing, hopf_system_jacobian, hopf_system_zero
from .search.field import layered_field_approx
from .search.local_witness import LocalWitness, inverse_approx, local_witness
from .search.witness import WitnessLimbs

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]
WINDOWS = (-8, -13, -18, -24, -30, -36)  # half-widths tried, as powers of two times the interval's length
LARGE = 50  # dimension from which fewer windows are tried
CHUNKS = 8  # parts of the interval that are settled independently
SMALLEST_PIECE = Fraction(1, 2**30)  # of the interval; a piece that needs to be smaller stays unsettled
MOST_PIECES = 4000  # per chunk
CARVED = Fraction(1, 10**6)  # of the interval: half-width left unsettled around a point that is not proved


@dataclass(frozen=True)
class Setting:
    """What every worker needs. trivial: the branch is x = 0 (established exactly)."""

    problem: Problem
    emission: LayeredEmission
    precision: int
    trivial: bool
    method: str


class Workshop:
    """A setting with its evaluator at the working precision and its binary64 field; one per process."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.field = layered_field_approx(setting.problem)
        with working_precision(setting.precision):
            self.evaluator = LayeredEvaluator(setting.problem, setting.emission)

    @property
    def length(self) -> Fraction:
        low, high = _range(self.setting.problem)
        return high - low


def _range(problem: Problem) -> Ends:
    if problem.interval is None:
        raise ValueError("a parameter interval is needed")
    return problem.interval


# --- witnesses as balls --------------------------------------------------------------------------


def _basis(limbs: WitnessLimbs) -> Basis:
    """The exact eigenbasis with its bounds. Raises ProofFailure."""
    X, Y = arb_mat(limbs.X[0].tolist()), arb_mat(limbs.Y[0].tolist())
    return prepare_basis(Witness(limbs.pairs, X, Y, [acb(re, im) for re, im in limbs.d[0].tolist()]))


def _branch_witness(w: LocalWitness) -> BranchWitness:
    if w.x is None or w.slope is None or w.radius is None:
        return BranchWitness(arb(w.gamma), None, None, None)
    x, slope = ([arb(v) for v in array.tolist()] for array in (w.x, w.slope))
    return BranchWitness(arb(w.gamma), x, slope, arb(w.radius))


def _newton_witness(data: NewtonData) -> NewtonWitness:
    x, a, b, phi = ([arb(v) for v in part.tolist()] for part in (data.x, data.a, data.b, data.phi))
    A = arb_mat(data.A.tolist())
    return NewtonWitness(arb(data.gamma), arb(data.omega), x, a, b, phi, A, arb(data.R))


def _printed_ball(pair: Sequence[str]) -> arb:
    low, high = (parse_printed_decimal(text) for text in pair)
    return ball(low) if low == high else interval_ball((low, high))


# --- points --------------------------------------------------------------------------------------


def prove_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    """One candidate: proved and printed, or open with the reason."""
    with working_precision(shop.setting.precision):
        if shop.setting.method == "newton-kantorovich":
            return _newton_point(shop, crossing)
        return _window_point(shop, crossing)


def _window_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    unit = math.floor(math.log2(float(shop.length)))
    ends = _range(shop.setting.problem)
    last: ProofFailure | None = None
    windows = WINDOWS[2::2] if shop.field.n >= LARGE else WINDOWS
    for power in windows:
        h = 2.0 ** (unit + power)
        gamma = Fraction(crossing.gamma)
        if gamma - Fraction(h) < ends[0] or gamma + Fraction(h) > ends[1]:
            continue
        for widening in (1.0, 8.0):
            guess = None if shop.setting.trivial else crossing.x
            w = local_witness(shop.field, crossing.gamma, guess, h, widening)
            if w is None or (k := w.nearest_pair(crossing.omega)) < 0:
                break
            try:
                basis = _basis(w.basis)
                proof = prove_by_window(shop.evaluator, basis, _branch_witness(w), arb(w.gamma, h), k)
            except UndecidedPoint as error:
                return _open_known(crossing, error, shop.setting.precision)
            except ProofFailure as error:
                last = error
                if error.failure.code is not FailureCode.BRANCH_NOT_VERIFIED or w.x is None:
                    break
                continue
            content = point_content(proof, w, h, shop.setting.precision)
            if isinstance(content, PointContent):
                return content
            last = ProofFailure(content, "the printed enclosures do not prove it any more")
    if last is None:
        near_end = min(abs(crossing.gamma - float(end)) for end in ends) <= 2.0 ** (unit + windows[-1] + 1)
        last = (
            ProofFailure(FailureCode.INTERVAL_END, "the point is too close to an end of the parameter interval")
            if near_end
            else ProofFailure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
        )
    return _open(crossing, last.failure, shop)


def _newton_point(shop: Workshop, crossing: Crossing) -> PointContent | OpenPoint:
    try:
        zero = hopf_system_zero(shop.field, crossing)
        if shop.setting.trivial:
            zero = zero._replace(x=np.zeros(shop.field.n))
        inverse = inverse_approx(hopf_system_jacobian(shop.field, zero.u, zero.phi))
    except (ValueError, np.linalg.LinAlgError) as error:
        return _open(crossing, Failure(FailureCode.NEWTON_NOT_CONTRACTING, f"no numerical zero: {error}"), shop)
    w = local_witness(shop.field, zero.gamma, None if shop.setting.trivial else zero.x, 0.0)
    if w is None or (k := w.nearest_pair(zero.omega)) < 0:
        return _open(crossing, Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found"), shop)
    last = Failure(FailureCode.NEWTON_NOT_CONTRACTING, "no radius tried makes the map contract")
    scale = 2.0 ** math.floor(math.log2(max(1.0, float(np.max(np.abs(zero.u))))))
    for power in (-20, -28, -34) if shop.field.n >= LARGE else (-6, -10, -14, -20, -28, -34):
        R = scale * 2.0**power
        data = NewtonData(zero.gamma, zero.omega, zero.x, zero.a, zero.b, zero.phi, inverse, R, w.basis)
        witness = _newton_witness(data)
        try:
            basis = _basis(w.basis)
            proof = prove_by_newton_ball(
                shop.evaluator, basis, prove_newton_ball(shop.evaluator, witness), k, shop.setting.trivial
            )
        except UndecidedPoint as error:
            return _open_known(crossing, error, shop.setting.precision)
        except ProofFailure as error:
            last = error.failure
            continue
        content = point_content(proof, data, None, shop.setting.precision)
        if isinstance(content, PointContent):
            return content
        last = Failure(content, "the printed enclosures do not prove it any more")
    return _open(crossing, last, shop)


def _open_known(crossing: Crossing, error: UndecidedPoint, precision: int) -> OpenPoint:
    ell1 = error.first_lyapunov_coefficient
    return OpenPoint(
        crossing.gamma,
        error.failure.code,
        error.failure.reason,
        claim(error.parameter, precision),
        claim(error.omega, precision),
        None if ell1 is None else claim(ell1, precision),
        proved_crossing=True,
    )


def _open(crossing: Crossing, failure: Failure, shop: Workshop) -> OpenPoint:
    """An undecided candidate; its parameter interval is where it was looked for, no enclosure of anything proved."""
    gamma, half = Fraction(crossing.gamma), shop.length * CARVED
    return OpenPoint(crossing.gamma, failure.code, failure.reason, list(enclosure_decimals(gamma - half, gamma + half)))


# --- pieces --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Special:
    """A place on the main sheet that needs more than `clear`: a proved point, or a real crossing (point None)."""

    gamma: float
    omega: float
    x: Any
    point: PointContent | None


@dataclass(frozen=True)
class Chunk:
    """A part of the interval with its special places and the branch nodes (γ increasing, x row by row) near it."""

    ends: Ends
    specials: tuple[Special, ...]
    gammas: Any
    xs: Any


@dataclass
class _Settled:
    content: PieceContent | OpenPiece
    piece: SettledPiece | None


def settle_chunk(shop: Workshop, chunk: Chunk) -> list[PieceContent | OpenPiece]:
    """Subdivide until every piece is settled or too small; neighbours are joined. In increasing γ."""
    smallest = shop.length * SMALLEST_PIECE
    result: list[_Settled] = []
    budget = MOST_PIECES
    stack = [(chunk.ends, chunk.specials)]
    with working_precision(shop.setting.precision):
        while stack:
            ends, specials = stack.pop()
            budget -= 1
            failure = Failure(FailureCode.BRANCH_NOT_VERIFIED, "several crossings on one piece")
            if len(specials) <= 1:
                settled = _try_piece(shop, chunk, ends, specials[0] if specials else None)
                if isinstance(settled, _Settled):
                    result.append(_joined_to(shop, chunk, result, settled, specials[0] if specials else None))
                    continue
                failure = settled
            if ends[1] - ends[0] <= smallest or budget <= 0:
                if budget <= 0:
                    failure = Failure(failure.code, f"{failure.reason} (no more pieces are tried)")
                else:
                    failure = _diagnosed(shop, chunk, ends, failure)
                result.append(_Settled(OpenPiece(ends, failure.code, failure.reason), None))
                continue
            middle = _split(ends, specials)
            right = tuple(s for s in specials if Fraction(s.gamma) > middle)
            stack.append(((middle, ends[1]), right))
            stack.append(((ends[0], middle), specials[: len(specials) - len(right)]))
    return [item.content for item in result]


def _joined_to(
    shop: Workshop, chunk: Chunk, before: list[_Settled], settled: _Settled, special: Special | None
) -> _Settled:
    """The piece, made again with a wider tube where it does not join its neighbour at first."""
    left = before[-1].piece if before else None
    if left is None or settled.piece is None or joined(shop.evaluator, left, settled.piece):
        return settled
    wider = _try_piece(shop, chunk, settled.piece.ends, special, widening=16.0)
    if isinstance(wider, _Settled) and wider.piece is not None and joined(shop.evaluator, left, wider.piece):
        return wider
    reason = "the branch of this piece is not proved to be that of the piece before it"
    return _Settled(OpenPiece(settled.piece.ends, FailureCode.BRANCH_NOT_VERIFIED, reason), None)


def _try_piece(
    shop: Workshop, chunk: Chunk, ends: Ends, special: Special | None, widening: float = 1.0
) -> _Settled | Failure:
    centre = _centre(ends, special)
    half = max(float(ends[1]) - centre, centre - float(ends[0])) * (1 + 1e-12)
    failure = Failure(FailureCode.NO_EIGENBASIS, "no approximate equilibrium with an eigenbasis was found")
    for wider in (widening, 6 * widening):
        guess = None if shop.setting.trivial else _interpolated(chunk, centre)
        w = local_witness(shop.field, centre, guess, half, wider)
        if w is None:
            return failure
        try:
            return _settled(shop, w, ends, special)
        except ProofFailure as error:
            failure = error.failure
            if failure.code is not FailureCode.BRANCH_NOT_VERIFIED or w.x is None:
                return failure
    return failure


def _settled(shop: Workshop, w: LocalWitness, ends: Ends, special: Special | None) -> _Settled:
    basis, witness = _basis(w.basis), _branch_witness(w)
    if special is None:
        piece = settle_clear(shop.evaluator, basis, witness, ends)
        return _Settled(PieceContent(ends, w, "clear", None), piece)
    if special.point is None:
        if (k := w.nearest_real()) < 0:
            raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "no real eigenvalue near 0")
        piece = settle_real(shop.evaluator, basis, witness, ends, k)
        if piece.crossing is None:
            raise ValueError("a real piece has a crossing")
        printed = claim(piece.crossing, shop.setting.precision)
        low, high = (parse_printed_decimal(text) for text in printed)
        if not (ends[0] < low and high < ends[1]):
            raise ProofFailure(FailureCode.NO_CROSSING, "the printed crossing leaves the piece")
        return _Settled(PieceContent(ends, w, "real", k, crossing=printed), piece)
    claims = special.point.claims
    if (k := w.nearest_pair(special.omega)) < 0:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "no pair of eigenvalues near iω")
    parameter = _printed_ball(claims["parameter"])
    equilibrium = [_printed_ball(pair) for pair in claims["equilibrium"]]
    piece = settle_hopf(shop.evaluator, basis, witness, ends, k, parameter, equilibrium)
    return _Settled(PieceContent(ends, w, "hopf", k, point=special.point.gamma), piece)


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


def _diagnosed(shop: Workshop, chunk: Chunk, ends: Ends, failure: Failure) -> Failure:
    """What a piece that stays unsettled looks like: a pair alone near the axis whose speed is not proved nonzero?"""
    if failure.code is not FailureCode.AXIS_NOT_CLEAR:
        return failure
    centre = _centre(ends, None)
    w = local_witness(shop.field, centre, None if shop.setting.trivial else _interpolated(chunk, centre),
                      float(ends[1] - ends[0]), 6.0)  # fmt: skip
    if w is None:
        return failure
    try:
        tube = enclose_branch(shop.evaluator, _basis(w.basis), _branch_witness(w), interval_ball(ends))
        _, touching = clearance(tube.spectrum, None)
        if len(touching) != 1 or touching[0] >= w.basis.pairs:
            return failure
        speed = enclose_slope(shop.evaluator, tube.basis, tube.spectrum, tube.expansion, touching[0]).value.real
    except ProofFailure:
        return failure
    if speed.contains(0):
        near = float(tube.spectrum.g[touching[0]].mid())
        reason = f"a pair within {near:.2g} of the imaginary axis has a speed Re λ' in {speed.str(4)}"
        return Failure(FailureCode.NOT_TRANSVERSAL, reason)
    return failure


# --- the whole interval --------------------------------------------------------------------------


@contextmanager
def workers(setting: Setting, jobs: int) -> Iterator[Callable[[Callable[[Workshop, T], R], Iterable[T]], Iterator[R]]]:
    """A map of worker functions over values, in order; in this process when jobs is 1."""
    if jobs <= 1:
        shop = Workshop(setting)
        yield lambda function, values: (function(shop, value) for value in values)
        return
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(setting,)) as pool:
        yield lambda function, values: pool.map(_run, [(function, value) for value in values])


_shop: list[Workshop] = []  # of a worker process, set once by its initializer


def _start_worker(setting: Setting) -> None:
    _shop.append(Workshop(setting))


def _run(task: tuple[Callable[[Workshop, T], R], T]) -> R:
    function, value = task
    return function(_shop[0], value)


def prove_all(
    setting: Setting, candidates: Candidates, jobs: int, progress: Progress
) -> tuple[list[PointContent], list[OpenPoint], BranchContent]:
    """All points, proved or open, and the covering of the interval by pieces."""
    hopf = [crossing for crossing in candidates.crossings if crossing.kind == "hopf"]
    with workers(setting, jobs) as run:
        proved, opened, sheets = _points(run, hopf, progress)
        chunks, fixed = _chunks(setting, candidates, proved, opened, sheets)
        branch = BranchContent()
        items: list[PieceContent | OpenPiece] = list(fixed)
        for index, settled in enumerate(run(settle_chunk, chunks)):
            progress("pieces of the interval", index + 1, len(chunks))
            items += settled
    items.sort(key=lambda item: item.ends)
    with working_precision(setting.precision):
        _assemble(Workshop(setting), items, branch, proved)
    return proved, opened, branch


def prove_points(
    setting: Setting, crossings: Sequence[Crossing], jobs: int, progress: Progress
) -> tuple[list[PointContent], list[OpenPoint], dict[float, int]]:
    """The points alone: proved (in increasing γ), open, and the sheet of each proved γ̃."""
    with workers(setting, jobs) as run:
        return _points(run, crossings, progress)


def _points(
    run: Callable[..., Iterator[Any]], crossings: Sequence[Crossing], progress: Progress
) -> tuple[list[PointContent], list[OpenPoint], dict[float, int]]:
    proved: list[PointContent] = []
    opened: list[OpenPoint] = []
    sheets: dict[float, int] = {}
    for index, (crossing, outcome) in enumerate(zip(crossings, run(prove_point, crossings), strict=True)):
        progress("Hopf points", index + 1, len(crossings))
        if isinstance(outcome, OpenPoint):
            opened.append(outcome)
        elif not _repeated(outcome, proved):
            proved.append(outcome)
            sheets[outcome.gamma] = crossing.sheet
    proved.sort(key=lambda content: content.parameter)
    return proved, opened, sheets


def _repeated(content: PointContent, proved: list[PointContent]) -> bool:
    """Whether a proved point cannot be told from an earlier one (the search met it twice)."""
    low, high = content.parameter
    omega = [parse_printed_decimal(x) for x in content.claims["omega"]]
    for other in proved:
        other_omega = [parse_printed_decimal(x) for x in other.claims["omega"]]
        meets = other.parameter[0] <= high and low <= other.parameter[1]
        if meets and other_omega[0] <= omega[1] and omega[0] <= other_omega[1]:
            boxes = zip(content.claims["equilibrium"], other.claims["equilibrium"], strict=True)
            return all(
                parse_printed_decimal(a[0]) <= parse_printed_decimal(b[1])
                and parse_printed_decimal(b[0]) <= parse_printed_decimal(a[1])
                for a, b in boxes
            )
    return False


def _chunks(
    setting: Setting,
    candidates: Candidates,
    proved: list[PointContent],
    opened: list[OpenPoint],
    sheets: dict[float, int],
) -> tuple[list[Chunk], list[OpenPiece]]:
    """Parts of the interval to be settled, and pieces that are open from the beginning."""
    low, high = _range(setting.problem)
    length = high - low
    nodes = candidates.branch.points
    if not nodes:
        return [], [OpenPiece((low, high), FailureCode.NO_CANDIDATE, candidates.branch.detail)]
    fold = next((crossing for crossing in candidates.crossings if crossing.kind == "fold"), None)
    s_end = math.inf if fold is None else fold.s
    main = [node for node in nodes if node.s <= s_end]
    gammas: list[float] = []
    xs: list[Any] = []
    for node in main:
        if not gammas or node.gamma > gammas[-1]:
            gammas.append(node.gamma)
            xs.append(node.x)
    fixed: list[OpenPiece] = []
    top = high
    if fold is not None:
        top = _rounded(Fraction(fold.gamma) - length * CARVED, length)
        reason = f"the branch of equilibria that starts at the left end turns around near {fold.gamma:.9g}"
        fixed.append(OpenPiece((max(low, top), high), FailureCode.FOLD, reason))
    elif candidates.branch.end != "right":
        top = _rounded(Fraction(gammas[-1]), length)
        reason = f"the branch is not followed further than {gammas[-1]:.9g}: {candidates.branch.detail}"
        fixed.append(OpenPiece((max(low, min(top, high)), high), FailureCode.BRANCH_NOT_VERIFIED, reason))
    specials = [
        Special(content.gamma, float(parse_printed_decimal(content.claims["omega"][0])), None, content)
        for content in proved
        if sheets[content.gamma] == 0
    ]
    specials += [
        Special(crossing.gamma, 0.0, crossing.x, None) for crossing in candidates.crossings if crossing.kind == "real"
    ]
    specials.sort(key=lambda special: special.gamma)
    cuts = [low, *(_away(low + length * i / CHUNKS, specials, length) for i in range(1, CHUNKS)), high]
    for point in opened:
        a, b = (_rounded(Fraction(point.gamma) + side * length * CARVED, length) for side in (-1, 1))
        if low < a and b < high:
            fixed.append(OpenPiece((a, b), point.code, point.reason))
            cuts += [a, b]
    cuts = sorted({cut for cut in cuts if low <= cut <= min(top, high)} | {min(max(top, low), high)})
    arrays = np.array(gammas), np.array(xs).reshape(len(gammas), -1)
    chunks = []
    for a, b in pairwise(cuts):
        if any(piece.ends[0] <= a and b <= piece.ends[1] for piece in fixed):
            continue
        inner = tuple(special for special in specials if a < Fraction(special.gamma) < b)
        chunks.append(Chunk((a, b), inner, *arrays))
    return chunks, fixed


def _rounded(x: Fraction, length: Fraction) -> Fraction:
    unit = Fraction(10) ** (floor_log10(length) - 9)
    return round(x / unit) * unit


def _away(cut: Fraction, specials: Sequence[Special], length: Fraction) -> Fraction:
    """A cut moved away from special places."""
    for shift in (0, 1, -1, 2, -2, 3, -3):
        moved = _rounded(cut + length * shift / 60, length)
        if all(abs(Fraction(special.gamma) - moved) > length / 300 for special in specials):
            return moved
    return _rounded(cut, length)


def _assemble(
    shop: Workshop, items: list[PieceContent | OpenPiece], branch: BranchContent, proved: list[PointContent]
) -> None:
    """Join the chunks, merge open neighbours, and decide completeness; fills ``branch``."""
    low, high = _range(shop.setting.problem)
    previous: PieceContent | OpenPiece | None = None
    for item in items:
        if isinstance(item, PieceContent) and isinstance(previous, PieceContent) and not shop.setting.trivial:
            left, right = (_tube_again(shop, piece) for piece in (previous, item))
            if not joined(shop.evaluator, left, right):
                end = item.ends[0]
                reason = "the branch of the next piece is not proved to be that of the piece before it"
                branch.open_pieces.append(OpenPiece((end, end), FailureCode.BRANCH_NOT_VERIFIED, reason))
        if isinstance(item, PieceContent):
            branch.pieces.append(item)
        else:
            _merge(branch.open_pieces, item)
        previous = item
    if branch.pieces and not shop.setting.trivial:
        first = branch.pieces[0]
        tube = _tube_again(shop, first).tube
        at_end = tube.equilibrium_at(shop.evaluator, ball(first.ends[0]))
        branch.start = [claim(x, shop.setting.precision, Fraction(2)) for x in at_end]
    gapless = bool(items) and items[0].ends[0] == low and items[-1].ends[1] == high
    gapless &= all(a.ends[1] == b.ends[0] for a, b in pairwise(items))
    used = [piece.point for piece in branch.pieces if piece.point is not None]
    everything = sorted(used) == sorted(content.gamma for content in proved)
    branch.complete = gapless and not branch.open_pieces and everything


def _merge(pieces: list[OpenPiece], item: OpenPiece) -> None:
    """Append an open piece; neighbours with the same code become one."""
    if pieces and pieces[-1].ends[1] == item.ends[0] and pieces[-1].code is item.code:
        before = pieces.pop()
        item = OpenPiece((before.ends[0], item.ends[1]), item.code, item.reason)
    pieces.append(item)


def _tube_again(shop: Workshop, piece: PieceContent) -> SettledPiece:
    """The tube of a piece that a worker settled (it is verified again)."""
    witness = _branch_witness(piece.witness)
    tube = enclose_branch(shop.evaluator, _basis(piece.witness.basis), witness, interval_ball(piece.ends), order=1)
    return SettledPiece(piece.ends, piece.kind, piece.k, tube)
