"""The whole interval: points, chunks that are settled independently, and their assembly into one statement."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from ..claims.arcs import ArcsContent
from ..claims.fold import FoldContent
from ..claims.form_pieces import FormPiece
from ..claims.pieces import BranchContent, OpenPiece
from ..claims.rows import Located, Opened
from ..claims.zero_crossing import PlainCrossing, ZeroCrossingContent
from ..errors import AbandonedError
from ..numbers.balls import ball, working_precision
from ..numbers.decimals import floor_log10
from ..progress import Progress
from ..proof.failure import FailureCode, ProofFailure
from ..search.candidates import Candidates
from ..search.conservation import conserved
from ..search.equilibrium import is_singular
from ..search.location import FOLD, REAL, CrossingApprox
from .arcs import with_arcs
from .form_cover import FORM_CHUNKS, not_joined, not_too_many
from .forms import unstable_over
from .joints import Settled, joins, printed_end
from .open_point import CARVED
from .pieces import CHUNKS, Chunk, Special, settle_chunk
from .points import candidate_points, sought
from .workshop import Setting, Workshop, parameter_range, with_forms, workers
from .zero_crossing import lines_of_equilibria, name_crossings

NO_COEFFICIENT = 1e-9  # of a conserved quantity


def prove_all(
    setting: Setting, candidates: Candidates, jobs: int, progress: Progress
) -> tuple[list[Located], list[Opened], BranchContent | ArcsContent]:
    """All points, proved or open, and the covering of the interval by pieces, or of the branch with its folds."""
    unlike = candidates.branch.unlike
    if unlike and setting.all_or_nothing:
        raise AbandonedError(unlike)
    with workers(setting, jobs) as run:
        crossings = _of_points(setting, candidates)
        proved, opened = candidate_points(run, crossings, progress)
        if not opened and (whole := with_arcs(run, setting, candidates, crossings, proved, progress)) is not None:
            return proved, opened, whole
        if opened and setting.all_or_nothing:
            raise AbandonedError(opened[0].reason)
        named: dict[int, ZeroCrossingContent | PlainCrossing] = {}
        if setting.trivial and not lines_of_equilibria(setting.problem):
            named = name_crossings(run, candidates.crossings, len(crossings))
        chunks, fixed = _chunks(setting, candidates, proved, opened, named)
        if fixed and setting.all_or_nothing:
            raise AbandonedError(fixed[0].reason)
        branch = BranchContent()
        items: list[Settled | OpenPiece] = list(fixed)
        for index, settled in enumerate(run(settle_chunk, chunks)):
            progress("pieces of the interval", index + 1, len(chunks))
            items += settled
    items.sort(key=lambda item: item.ends)
    items = not_too_many(setting.problem.dimension, items)
    proved += [outcome for outcome in named.values() if isinstance(outcome, ZeroCrossingContent)]
    branch.plain = [outcome for outcome in named.values() if isinstance(outcome, PlainCrossing)]
    with working_precision(setting.of_pieces.precision):
        _assemble(Workshop(setting.of_pieces), items, branch, proved, opened)
    if unlike:
        branch.open_pieces.insert(0, OpenPiece(parameter_range(setting.problem), FailureCode.OTHER_BRANCH, unlike))
        branch.complete = False
    return proved, opened, branch


def _of_points(setting: Setting, candidates: Candidates) -> list[CrossingApprox]:
    """The crossings that are to be proved points; a fold beyond an end of the interval is none of it."""
    low, high = parameter_range(setting.problem)
    kinds = sought(setting.problem)
    found = (crossing for crossing in candidates.crossings if crossing.kind in kinds)
    return [crossing for crossing in found if crossing.kind != FOLD or low <= crossing.gamma <= high]


def _chunks(
    setting: Setting,
    candidates: Candidates,
    proved: list[Located],
    opened: list[Opened],
    named: Mapping[int, ZeroCrossingContent | PlainCrossing],
) -> tuple[list[Chunk], list[OpenPiece]]:
    """Parts of the interval to be settled, and pieces that are open from the beginning. named: what is known of real
    crossings, by their positions."""
    low, high = parameter_range(setting.problem)
    length = high - low
    nodes = candidates.branch.points
    laws = _conserved(setting, candidates)
    if laws is not None:
        return [], [laws]
    if not nodes:
        return [], [_no_branch(setting, candidates.branch.detail)]
    fold = next((crossing for crossing in candidates.crossings if crossing.kind == FOLD), None)
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
        top = min(_rounded(Fraction(fold.gamma) - length * CARVED, length), high)
        reason = f"the branch that starts at the left end turns around near {fold.gamma:.9g}"
        if top < high:  # else it turns around beyond the right end
            fixed.append(OpenPiece((max(low, top), high), FailureCode.FOLD, reason))
    elif candidates.branch.end != "right":
        top = _rounded(Fraction(gammas[-1]), length)
        reason = f"the branch is not followed further than {gammas[-1]:.9g}: {candidates.branch.detail}"
        if top < high:
            fixed.append(OpenPiece((max(low, top), high), FailureCode.BRANCH_NOT_VERIFIED, reason))
    of_points = _of_points(setting, candidates)
    main_sheet = {index for index, crossing in enumerate(of_points) if crossing.kind != FOLD and crossing.sheet == 0}
    specials = [
        Special(content.centre, content.eigenvalue, None, content)
        for content in proved
        if not isinstance(content, FoldContent | ZeroCrossingContent) and content.candidate in main_sheet
    ]
    for index, crossing in enumerate(candidates.crossings):
        if crossing.kind == REAL:
            known = named.get(index)
            of = known if isinstance(known, ZeroCrossingContent) else None
            specials.append(Special(crossing.gamma, 0j, crossing.x, None, of))
    specials.sort(key=lambda special: special.gamma)
    parts = FORM_CHUNKS if with_forms(setting.problem) else CHUNKS
    cuts = [low, *(_away(low + length * i / parts, specials, length) for i in range(1, parts)), high]
    for point in opened:
        if point.candidate not in main_sheet:
            continue
        gamma = Fraction(of_points[point.candidate].gamma)
        a, b = (_rounded(gamma + side * length * CARVED, length) for side in (-1, 1))
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


def _conserved(setting: Setting, candidates: Candidates) -> OpenPiece | None:
    """That equilibria are not isolated, where the Jacobian is singular all along the branch because of conserved
    quantities."""
    field, nodes = candidates.branch.curve.field, candidates.branch.points
    variables: Sequence[str] = getattr(setting.problem, "variables", ())
    if not nodes or candidates.trivial or not variables:
        return None
    with np.errstate(all="ignore"):
        if not all(is_singular(field.jacobian(node.x, node.gamma)) for node in (nodes[0], nodes[-1])):
            return None
        laws = conserved(field, nodes[0].x, nodes[0].gamma)
    if not laws:
        return None
    names = [_combination(law.tolist(), variables) for law in laws]
    verb = "is" if len(names) == 1 else "are"
    reason = f"{', '.join(names)} {verb} conserved, as far as binary64 shows, so that no equilibrium is isolated"
    return OpenPiece(parameter_range(setting.problem), FailureCode.CONSERVED, reason)


def _combination(coefficients: list[float], names: Sequence[str]) -> str:
    """2*x - y."""
    text = ""
    for coefficient, name in zip(coefficients, names, strict=True):
        if abs(coefficient) > NO_COEFFICIENT:
            sign = (" - " if text else "-") if coefficient < 0 else " + " if text else ""
            text += sign + ("" if abs(coefficient) == 1 else f"{abs(coefficient):.6g}*") + name
    return text


def _no_branch(setting: Setting, detail: str) -> OpenPiece:
    """Why nothing is proved where no equilibrium was found to begin with."""
    ends = parameter_range(setting.problem)
    start = setting.problem.start or (Fraction(0),) * setting.problem.dimension
    try:
        with working_precision(setting.precision):
            Workshop(setting).evaluator.expand(ball(ends[0]), [ball(x) for x in start], 0)
    except ProofFailure as error:
        return OpenPiece(ends, error.failure.code, f"{detail}; where the search begins, {error.failure.reason}")
    return OpenPiece(ends, FailureCode.NO_CANDIDATE, detail)


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
    shop: Workshop,
    items: list[Settled | OpenPiece],
    branch: BranchContent,
    proved: list[Located],
    opened: list[Opened],
) -> None:
    """Join the chunks, merge open neighbours, and decide completeness; fills ``branch``."""
    low, high = parameter_range(shop.setting.problem)
    previous: Settled | OpenPiece | None = None
    for item in items:
        if isinstance(item, Settled) and isinstance(previous, Settled) and not joins(shop, previous, item):
            item = not_joined(item.ends)
        if not isinstance(item, OpenPiece) and not branch.pieces and not shop.setting.trivial:
            branch.start = printed_end(shop, item, 0)
            if branch.start is None:
                reason = "the printed equilibrium at the left end is not certainly the only one"
                item = OpenPiece(item.ends, FailureCode.BRANCH_NOT_VERIFIED, reason)
        if isinstance(item, FormPiece) and not branch.pieces:
            branch.unstable = unstable_over(item)
        if not isinstance(item, OpenPiece):
            branch.pieces.append(item)
        else:
            _merge(branch.open_pieces, item)
        previous = item
    gapless = bool(items) and items[0].ends[0] == low and items[-1].ends[1] == high
    gapless &= all(a.ends[1] == b.ends[0] for a, b in pairwise(items))
    used = [piece.point for piece in branch.pieces if piece.point is not None]
    everything = sorted(used) == sorted(content.candidate for content in proved)
    # a list with an undecided point is not complete, whatever branch that point is on
    branch.complete = gapless and not branch.open_pieces and everything and not opened


def _merge(pieces: list[OpenPiece], item: OpenPiece) -> None:
    """Append an open piece; neighbours become one, with the reason that says most."""
    if pieces and pieces[-1].ends[1] >= item.ends[0]:
        before = pieces.pop()
        telling = min(item, before, key=lambda piece: _TELLING.index(piece.code) if piece.code in _TELLING else 99)
        ends = (before.ends[0], max(before.ends[1], item.ends[1]))
        item = OpenPiece(ends, telling.code, telling.reason)
    pieces.append(item)


_TELLING = [
    FailureCode.LYAPUNOV_ENCLOSES_ZERO,
    FailureCode.DOUBLE_HOPF,
    FailureCode.FOLD_HOPF,
    FailureCode.FOLD,
    FailureCode.NOT_TRANSVERSAL,
]
