"""Pictures with two parameters: the curves of Hopf points as they are proved, and what is near a Bautin point.

The bands are the claims of `branch.json`; the points of the curves are witnesses, far closer to them than a line is
thick. The curves of folds of periodic orbits are the leading order at a Bautin point, which proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..bundle.bautin import BautinPoint
from ..bundle.bundle import Bundle
from ..bundle.hopf_curve import CHANGES, SUBCRITICAL, SUPERCRITICAL, Curve, CurveWitness, HopfCurves
from ..numbers.printed import Enclosure
from .data import Array, ReadFile, array_of
from .style import BLACK, DARK, LIGHT, MIDDLE, PALE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHADES = {SUPERCRITICAL: BLACK, SUBCRITICAL: MIDDLE, CHANGES: DARK}
WORDS = {SUPERCRITICAL: r"$\ell_1<0$: soft", SUBCRITICAL: r"$\ell_1>0$: hard"}
FOLDS = "folds of orbits, leading order, not proved"
DASHED = (0, (4, 2))
NEAR = 0.25  # of the box: how far the picture of a point goes
LEAST_BAND = 0.004  # of the box: a thinner band is drawn so wide


@dataclass(frozen=True)
class PieceData:
    """low, high: corners of the claimed rectangle; points: of the curve, in its order, one below the other."""

    criticality: str
    along: int
    low: Array
    high: Array
    points: Array


@dataclass(frozen=True)
class BautinData:
    """place: of the parameters; curve, piece: where it lies; law: of δ = law·(s − s*)², how far the folds of orbits are
    from the curve of Hopf points in the parameter that does not run; side: the sign of s − s* there."""

    id: str
    place: Array
    along: int
    curve: int
    piece: int
    law: float
    side: int
    outer_stable: bool
    n_u: int


@dataclass(frozen=True)
class CurvesData:
    """box: rows low, high."""

    box: Array
    curves: tuple[tuple[PieceData, ...], ...]
    points: tuple[BautinData, ...]


def read_curves(bundle: Bundle, branch: HopfCurves, read: ReadFile) -> CurvesData:
    """What a bundle shows; arrays are read with ``read``. Raises InputError."""
    n = bundle.problem.dimension
    curves = []
    for curve, witness in zip(branch.claims.curves, branch.witness.curves, strict=True):
        points = _points(curve, witness, read, n)
        pieces = []
        for piece, own in zip(curve.pieces, points, strict=True):
            corners = np.array([[float(end) for end in x.ends] for x in piece.place])
            pieces.append(PieceData(piece.criticality, piece.along, corners[:, 0], corners[:, 1], own))
        curves.append(tuple(pieces))
    where = {
        piece.point: (i, k) for i, curve in enumerate(branch.claims.curves) for k, piece in enumerate(curve.pieces)
    }
    found = [
        _bautin(point, *where[point.id])
        for point in bundle.points.values()
        if isinstance(point, BautinPoint) and point.id in where
    ]
    box = np.array([[float(end) for end in x.ends] for x in branch.claims.box]).T
    return CurvesData(box, tuple(curves), tuple(found))


def _points(curve: Curve, witness: CurveWitness, read: ReadFile, n: int) -> list[Array]:
    """Begin, centre and end of every piece, as points of the plane."""
    shape = (len(witness.pieces), 3 * n + 2)
    others = [array_of(x, read, shape)[:, 0] for x in (witness.begin, witness.centre, witness.end)]
    found = []
    for piece, numbers, *three in zip(curve.pieces, witness.pieces, *others, strict=True):
        first, last = piece.interval.ends[:: piece.direction.sign]
        rows = np.array([[float(first), three[0]], [float(numbers.s), three[1]], [float(last), three[2]]])
        found.append(rows if piece.along == 0 else rows[:, ::-1])
    return found


def _bautin(point: BautinPoint, curve: int, piece: int) -> BautinData:
    claims, bounds = point.claims, point.bounds
    slope = _middle(bounds.re_c1_slope) / _middle(bounds.q_norm_squared)
    re_c2 = _middle(claims.second_lyapunov_coefficient) * _middle(claims.omega)
    return BautinData(
        id=point.id,
        place=np.array([_middle(x) for x in claims.parameters]),
        along=point.witness.along,
        curve=curve,
        piece=piece,
        law=slope**2 / (4 * re_c2 * _middle(claims.crossing_speed)),
        side=1 if slope * re_c2 < 0 else -1,
        outer_stable=re_c2 < 0,
        n_u=claims.unstable,
    )


def _middle(x: Enclosure) -> float:
    return float(Fraction(x.low + x.high) / 2)


def folds_of_orbits(data: CurvesData, point: BautinData) -> Array:
    """The leading order of the curve of folds of orbits from a point, as far as the stretch of the curve of Hopf points
    beside it and the box go; rows of both parameters."""
    along, pieces = point.along, data.curves[point.curve]
    rows = [point.place]
    for piece in _beside(pieces, point):
        for place in piece:
            t = place[along] - point.place[along]
            if t * point.side <= 0:
                continue
            moved = place.copy()
            moved[1 - along] += point.law * t**2
            if not np.all((data.box[0] <= moved) & (moved <= data.box[1])):
                return np.array(rows)
            rows.append(moved)
    return np.array(rows)


def _beside(pieces: tuple[PieceData, ...], point: BautinData) -> Iterator[Array]:
    """Points of the pieces from a point on, towards its side, as long as its parameter runs and ℓ1 keeps its sign."""
    own = pieces[point.piece]
    if own.along != point.along:
        return
    step = 1 if (own.points[-1] - own.points[0])[point.along] * point.side > 0 else -1
    yield own.points[::step]
    k = point.piece + step
    while 0 <= k < len(pieces) and pieces[k].along == point.along and pieces[k].criticality != CHANGES:
        yield pieces[k].points[::step]
        k += step


def curves_plot(data: CurvesData, parameters: tuple[str, str]) -> Figure:
    """The plane of the parameters: proved bands by the sign of ℓ1, Bautin points, leading-order folds of orbits."""
    from matplotlib.patches import Rectangle

    figure = new_figure(3.6)
    axes = figure.add_subplot()
    least = LEAST_BAND * (data.box[1] - data.box[0])
    shown: set[str] = set()
    for number, pieces in enumerate(data.curves, 1):
        for piece in pieces:
            middle, size = (piece.low + piece.high) / 2, np.maximum(piece.high - piece.low, least)
            axes.add_patch(Rectangle(
                (float(middle[0] - size[0] / 2), float(middle[1] - size[1] / 2)), float(size[0]), float(size[1]),
                facecolor=LIGHT if piece.criticality == SUPERCRITICAL else PALE, edgecolor="none", zorder=1,
            ))  # fmt: skip
        for criticality, line in _lines(pieces):
            label = WORDS.get(criticality) if criticality not in shown else None
            shown.add(criticality)
            axes.plot(
                line[:, 0], line[:, 1], color=SHADES[criticality], linewidth=1.6, label=label, zorder=3,
                gid=f"curve-{number}-{criticality}", solid_capstyle="butt",
            )  # fmt: skip
    dashed = False
    for point in data.points:
        line = folds_of_orbits(data, point)
        if len(line) > 1:
            axes.plot(
                line[:, 0], line[:, 1], color=DARK, linewidth=0.9, linestyle=DASHED, zorder=2, gid=f"{point.id}-folds",
                label=None if dashed else FOLDS,
            )  # fmt: skip
            dashed = True
    for number, point in enumerate(data.points):
        axes.plot(
            [point.place[0]], [point.place[1]], "D", color=BLACK, markerfacecolor="white", markersize=5, zorder=5,
            gid=point.id, linestyle="none", label=None if number else "Bautin point",
        )  # fmt: skip
    axes.set_xlim(*data.box[:, 0])
    axes.set_ylim(*data.box[:, 1])
    axes.set_xlabel(f"${parameters[0]}$")
    axes.set_ylabel(f"${parameters[1]}$")
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside upper center", ncols=2)
    return figure


def _lines(pieces: tuple[PieceData, ...]) -> Iterator[tuple[str, Array]]:
    """Stretches of one criticality; of a piece with a Bautin point both halves go to their neighbours."""
    rows: list[Array] = []
    last = ""
    for piece in pieces:
        if piece.criticality == CHANGES:
            rows.append(piece.points[:2])
            if last:
                yield last, np.vstack(rows)
            rows, last = [piece.points[1:]], ""
            continue
        if last not in ("", piece.criticality):
            yield last, np.vstack(rows)
            rows = []
        last = piece.criticality
        rows.append(piece.points)
    if rows and last:
        yield last, np.vstack(rows)


def unfolding_plot(data: CurvesData, point: BautinData, parameters: tuple[str, str]) -> Figure:
    """Near a Bautin point to leading order: s − s* against the distance from the curve of Hopf points."""
    figure = new_figure(2.8)
    axes = figure.add_subplot()
    reach = NEAR * float(data.box[1, point.along] - data.box[0, point.along])
    t = np.linspace(0, reach, 100) * point.side
    y = point.law * t**2
    hard_right = (point.side > 0) == point.outer_stable  # where ℓ1 > 0
    halves = ((SUBCRITICAL, 1 if hard_right else -1), (SUPERCRITICAL, -1 if hard_right else 1))
    for criticality, side in halves:
        label = f"Hopf points, {WORDS[criticality]}"
        axes.plot(
            [0, side * reach], [0, 0], color=SHADES[criticality], linewidth=1.6, label=label,
            gid=f"hopf-{criticality}", solid_capstyle="butt", zorder=3,
        )  # fmt: skip
    axes.plot(t, y, color=DARK, linewidth=0.9, linestyle=DASHED, label=FOLDS, gid="folds", zorder=2)
    axes.fill_between(t, y, 0, color=PALE, linewidth=0, gid="two", zorder=1)
    top = abs(point.law) * reach**2
    sign = 1 if point.law > 0 else -1
    axes.text(0.72 * point.side * reach, 0.22 * sign * top, "two orbits", ha="center", va="center", fontsize=8)
    axes.text(-0.5 * point.side * reach, 0.6 * sign * top, "no orbit", ha="center", va="center", fontsize=8)
    axes.text(-0.5 * point.side * reach, -0.4 * sign * top, "one orbit", ha="center", va="center", fontsize=8)
    axes.plot([0], [0], "D", color=BLACK, markerfacecolor="white", markersize=5, zorder=5, gid="proved")
    axes.set_xlim(-reach, reach)
    axes.set_ylim(*sorted((-0.8 * sign * top, 1.1 * sign * top)))
    s, other = parameters[point.along], parameters[1 - point.along]
    axes.set_xlabel(f"${s}-{s}^*$")
    axes.set_ylabel(f"${other}-{{{other}}}^{{\\mathrm{{Hopf}}}}({s})$")
    figure.legend(loc="outside upper center", ncols=2)
    return figure
