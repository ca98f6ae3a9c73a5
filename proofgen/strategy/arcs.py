"""A branch with folds from its start to its other end: an arc around each fold, sheets of pieces between them
(MATHEMATICS.md, section 19)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import arb, arb_mat

from ..approx.field import Array, FieldApprox, jacobian_along
from ..claims.arcs import ArcContent, ArcsContent
from ..claims.fold import FoldContent
from ..claims.hopf_point import PointContent
from ..claims.map_point import MapContent
from ..claims.pieces import PieceContent
from ..claims.rows import Located
from ..numbers.balls import ball, enclosure, working_precision
from ..numbers.decimals import floor_log10
from ..progress import Progress
from ..proof.arc import ArcTube, ArcWitness, prove_arc
from ..proof.failure import ProofFailure
from ..proof.fold import BELOW
from ..proof.pieces import Ends, SettledPiece
from ..search.arc import ArcApprox, FoldChart, away_from_fold, fold_chart, on_arc
from ..search.balance import balanced
from ..search.candidates import Candidates
from ..search.location import FOLD, CrossingApprox
from ..search.witness import WitnessLimbs
from .joints import joins, printed_end, proof_again
from .pieces import CHUNKS, NEWTON_STEPS, Chunk, Special, settle_by_discs
from .workshop import Setting, Workshop, basis_balls, parameter_range, point_of_fraction, printed_ball

SHORTER, LENGTHS = 0.6, 60  # half-widths that are tried for an arc: each by this factor less, so many
ARCS = 0, 1  # the longest arcs first, and shorter ones where sheets between these stay open
JOINT = 0.7  # of the half-width of an arc: where sheets end
GUESS = 0.6  # of the half-width: where guesses for the pieces of a sheet begin
FAR = Fraction(1, 100)  # of the interval: where they end
NEAR = 1e-4  # a cut is rounded to this share of its distance from the fold

Run = Callable[..., Iterator[Any]]


@dataclass(frozen=True)
class _Fold:
    """A proved fold with its arc, which has an eigenbasis of its own. forward: t grows along the branch of the search;
    cut: where its sheets end."""

    crossing: CrossingApprox
    content: FoldContent
    chart: FoldChart
    arc: ArcApprox
    basis: WitnessLimbs
    tube: ArcTube
    forward: bool
    cut: Fraction


def with_arcs(
    run: Run,
    setting: Setting,
    candidates: Candidates,
    crossings: Sequence[CrossingApprox],
    proved: Sequence[Located],
    progress: Progress,
) -> ArcsContent | None:
    """The whole branch; None where it has no fold, or not all of it is proved. crossings: that are to be points."""
    if not _applies(setting, candidates, crossings, proved):
        return None
    setting = setting.of_pieces
    shop = Workshop(setting)
    for leave_out in ARCS:
        with working_precision(setting.precision):
            folds = [content for content in proved if isinstance(content, FoldContent)]
            arcs = [_fold(shop, candidates, crossings[content.candidate], content, leave_out) for content in folds]
        found = sorted((arc for arc in arcs if arc is not None), key=lambda fold: fold.crossing.s)
        if len(found) < len(folds):
            return None
        whole = _with_sheets(run, shop, candidates, crossings, proved, found, progress)
        if whole is not None:
            return whole
    return None


def _with_sheets(
    run: Run,
    shop: Workshop,
    candidates: Candidates,
    crossings: Sequence[CrossingApprox],
    proved: Sequence[Located],
    found: Sequence[_Fold],
    progress: Progress,
) -> ArcsContent | None:
    """The arcs, with the sheets between them in pieces."""
    setting = shop.setting
    ranges = _ranges(parameter_range(setting.problem), candidates, found)
    if ranges is None:
        return None
    chunks = [
        (sheet, chunk)
        for sheet, ends in enumerate(ranges)
        for chunk in _chunks(shop, candidates, crossings, proved, found, sheet, ends)
    ]
    sheets: list[list[PieceContent]] = [[] for _ in ranges]
    settled = run(settle_by_discs, [chunk for _, chunk in chunks])
    for index, ((sheet, _), pieces) in enumerate(zip(chunks, settled, strict=True)):
        progress("pieces of the interval", index + 1, len(chunks))
        if not all(isinstance(piece, PieceContent) for piece in pieces):
            return None
        sheets[sheet] += pieces
    on_it = [fold.content.candidate for fold in found]
    on_it += [piece.point for pieces in sheets for piece in pieces if piece.point is not None]
    if sorted(on_it) != sorted(content.candidate for content in proved):
        return None  # a point is on no piece: nothing shows that it lies on this branch
    with working_precision(setting.precision):
        return _joined(shop, found, sheets)


def _applies(
    setting: Setting, candidates: Candidates, crossings: Sequence[CrossingApprox], proved: Sequence[Located]
) -> bool:
    """Whether the search has followed a branch with folds to another end, and everything on it is proved."""
    problem, branch = setting.problem, candidates.branch
    if setting.trivial or problem.has_box or branch.unlike or branch.end not in ("left", "right"):
        return False
    everything = {content.candidate for content in proved} == set(range(len(crossings)))
    return everything and len(crossings) == len(candidates.crossings) and any(c.kind == FOLD for c in crossings)


def _fold(
    shop: Workshop, candidates: Candidates, crossing: CrossingApprox, content: FoldContent, leave_out: int = 0
) -> _Fold | None:
    """With the longest of some arcs around it that are proved, but for so many of them."""
    data, n = content.data, shop.field.n
    chart = fold_chart(shop.field, float(data.gamma), data.x[0], data.v[0], data.phi, data.R[: n + 1])
    if chart is None:
        return None
    claims, half = content.claims, chart.widest
    parameter, equilibrium = printed_ball(claims.parameter), [printed_ball(x) for x in claims.equilibrium]
    low, high = parameter_range(shop.setting.problem)
    limbs = _basis(shop.field, chart, data.basis, data.index)
    try:
        basis = basis_balls(limbs)
    except ProofFailure:
        return None
    for _ in range(LENGTHS):
        half *= SHORTER
        arc = chart.arc(half)
        try:
            tube = prove_arc(shop.evaluator, basis, arc_witness(arc), data.index, shop.locus)
        except ProofFailure:
            continue
        reach = enclosure(tube.parameter)
        if not (low <= reach[0] and reach[1] <= high and tube.contains(parameter, equilibrium)):
            continue
        cut = _cut(shop, chart, half)
        if cut is not None and leave_out:
            leave_out -= 1
        elif cut is not None:
            before = [node for node in candidates.branch.points if node.s < crossing.s][-1]
            forward = float(chart.phi @ before.dx_ds) * float(chart.phi @ chart.v) > 0
            return _Fold(crossing, content, chart, arc, limbs, tube, forward, cut)
    return None


def _basis(field: FieldApprox, chart: FoldChart, basis: WitnessLimbs, k: int) -> WitnessLimbs:
    """With eigenvectors of such lengths that discs grow slowly along the arc; that of the eigenvalue 0 has room up to
    the nearest other one."""
    d = np.sum(basis.d, axis=0)
    sizes = np.hypot(d[:, 0], d[:, 1])
    if len(sizes) == 1:
        return basis
    sizes[k] = np.min(np.delete(sizes, k))
    with np.errstate(all="ignore"):
        motion = jacobian_along(field, chart.x, chart.gamma, chart.v, 0.0)
    return balanced(basis, motion, sizes) if np.all(np.isfinite(motion)) and np.all(sizes > 0) else basis


def arc_witness(arc: ArcApprox) -> ArcWitness:
    """As exact balls."""
    x, v, phi, R = ([arb(y) for y in part.tolist()] for part in (arc.x, arc.v, arc.phi, arc.R))
    return ArcWitness(
        point_of_fraction(Fraction(arc.gamma)), x, v, phi, arb_mat(arc.C.tolist()), R, arb(arc.half)
    )


def _cut(shop: Workshop, chart: FoldChart, half: float) -> Fraction | None:
    """A value of γ at which the arc passes on both sides of the fold, the nearer one of two."""
    ends = [on_arc(shop.field, chart, side * JOINT * half) for side in (-1, 1)]
    away = [end[0] - chart.gamma for end in ends if end is not None]
    if len(away) < 2 or not away[0] * away[1] > 0:
        return None
    nearer = Fraction(min(away, key=abs))
    unit = Fraction(10) ** floor_log10(abs(nearer) * Fraction(NEAR))
    return round((Fraction(chart.gamma) + nearer) / unit) * unit


def _ranges(interval: Ends, candidates: Candidates, folds: Sequence[_Fold]) -> list[Ends] | None:
    """Of the sheets; None where the folds do not open to the left and to the right in turn."""
    low, high = interval
    if any((fold.content.claims.solutions_for == BELOW) != (i % 2 == 0) for i, fold in enumerate(folds)):
        return None
    if (candidates.branch.end == "left") != (len(folds) % 2 == 1):
        return None
    cuts = {i: fold.cut for i, fold in enumerate(folds)}
    ranges = []
    for sheet in range(len(folds) + 1):
        right, left = (sheet, sheet - 1) if sheet % 2 == 0 else (sheet - 1, sheet)
        ranges.append((cuts.get(left, low), cuts.get(right, high)))
    return ranges if all(low <= a < b <= high for a, b in ranges) else None


def _chunks(
    shop: Workshop,
    candidates: Candidates,
    crossings: Sequence[CrossingApprox],
    proved: Sequence[Located],
    folds: Sequence[_Fold],
    sheet: int,
    ends: Ends,
) -> list[Chunk]:
    """Parts of a sheet, with its points and guesses of its equilibria."""
    specials = [
        Special(content.centre, content.eigenvalue, None, content)
        for content in proved
        if isinstance(content, PointContent | MapContent) and crossings[content.candidate].sheet == sheet
    ]
    specials.sort(key=lambda special: special.gamma)
    gammas, xs = _guesses(shop, candidates, folds, sheet)
    length = ends[1] - ends[0]
    parts = max(1, round(CHUNKS * length / shop.length))
    unit = Fraction(10) ** (floor_log10(length) - 3)
    inner = [round((ends[0] + length * i / parts) / unit) * unit for i in range(1, parts)]
    inner = [cut for cut in inner if all(abs(Fraction(s.gamma) - cut) > length / 300 for s in specials)]
    return [
        Chunk((a, b), tuple(s for s in specials if a < Fraction(s.gamma) < b), gammas, xs, near_fold=True)
        for a, b in pairwise([ends[0], *inner, ends[1]])
    ]


def _guesses(
    shop: Workshop, candidates: Candidates, folds: Sequence[_Fold], sheet: int
) -> tuple[Array, Array]:
    """Equilibria of a sheet in increasing γ: those of the search, and near folds those of the arcs."""
    before = folds[sheet - 1] if sheet > 0 else None
    after = folds[sheet] if sheet < len(folds) else None
    found = [
        (node.gamma, node.x)
        for node in candidates.branch.points
        if (before is None or node.s > before.crossing.s) and (after is None or node.s < after.crossing.s)
    ]
    for fold, later in ((before, True), (after, False)):
        if fold is not None:
            side = 1 if fold.forward == later else -1
            far = float(FAR * shop.length)
            found += away_from_fold(shop.field, fold.chart, side * GUESS * fold.arc.half, far)
    found.sort(key=lambda pair: pair[0])
    kept = [pair for i, pair in enumerate(found) if i == 0 or pair[0] > found[i - 1][0]]
    return np.array([gamma for gamma, _ in kept]), np.array([x for _, x in kept])


def _joined(shop: Workshop, folds: Sequence[_Fold], sheets: list[list[PieceContent]]) -> ArcsContent | None:
    """That all parts continue one branch, and its ends; None where that is not proved."""
    for sheet, pieces in enumerate(sheets):
        if not all(joins(shop, left, right, NEWTON_STEPS) for left, right in pairwise(pieces)):
            return None
        for i in (sheet - 1, sheet):
            if 0 <= i < len(folds):
                side = 1 if i % 2 == 0 else 0
                if not _on(shop, folds[i].tube, pieces[-1 if side else 0], side):
                    return None
    start = printed_end(shop, sheets[0][0], 0)
    left = len(folds) % 2 == 1
    end = printed_end(shop, sheets[-1][0], 0) if left else printed_end(shop, sheets[-1][-1], 1)
    if start is None or end is None:
        return None
    if left and not any(one.disjoint(two) for one, two in zip(start, end, strict=True)):
        return None
    arcs = [
        ArcContent(fold.content.candidate, fold.arc, fold.basis, fold.content.data.index) for fold in folds
    ]
    return ArcsContent(parameter_range(shop.setting.problem), sheets, arcs, start, end)


def _on(shop: Workshop, tube: ArcTube, piece: PieceContent, side: int) -> bool:
    """Whether the equilibrium at an end of a piece is one of the arc."""
    try:
        proof = proof_again(shop, piece)
        assert isinstance(proof, SettledPiece)
        gamma = ball(piece.ends[side])
        return tube.contains(gamma, proof.tube.equilibrium_at(shop.evaluator, gamma, NEWTON_STEPS))
    except ProofFailure:
        return False
