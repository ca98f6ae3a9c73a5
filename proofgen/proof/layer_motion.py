"""A layered field along a cubic predictor and around it: what Theorem L asks for (MATHEMATICS.md, section 14).

With a box of weights everything holds for each network in the box. Arithmetic: balls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, arb_mat

from .layer_remainder import LayerRest, Stage
from .tube_field import (
    Coefficients,
    Column,
    FieldOnPiece,
    Part,
    Series,
    centres,
    norm,
    recentred,
    scaled_rows,
    sizes,
    times,
)

ORDER = 3  # of the predictor, and of the derivatives of σ that are used
PARTS = 4  # of the piece, over which f along the predictor is bounded one by one


@dataclass(frozen=True)
class LayerBalls:
    """σ((W + γE)h + b + γc) with its data as balls. E, c None: γ does not enter there.

    sigma(z, k): σ, σ', …, σ^(k) at the ball z.
    """

    W: arb_mat
    E: arb_mat | None
    size_E: arb_mat | None
    b: Column | None
    sigma: Callable[[arb, int], list[arb]]
    c: Column | None = None

    @staticmethod
    def of(
        W: arb_mat,
        E: arb_mat | None,
        b: Column | None,
        sigma: Callable[[arb, int], list[arb]],
        c: Column | None = None,
    ) -> LayerBalls:
        return LayerBalls(W, E, None if E is None else sizes(E), b, sigma, c)

    def bias(self, gamma: arb) -> Column | None:
        """b + γc."""
        if self.c is None:
            return self.b
        moved = [gamma * x for x in self.c]
        return moved if self.b is None else [x + y for x, y in zip(self.b, moved, strict=True)]


@dataclass(frozen=True)
class LayeredField:
    """f = −Dx + h_L, first layer first; leak: the diagonal of D."""

    leak: Column
    layers: tuple[LayerBalls, ...]

    has_centre = False

    @property
    def n(self) -> int:
        return len(self.leak)

    def on_piece(
        self, gamma: arb, curve: Sequence[Column] | None, h: arb, r: arb, bend: arb_mat | None = None
    ) -> FieldOnPiece:
        """As `tube_field.TubeField`; C is 0."""
        if bend is not None:
            raise ValueError("of layers the Jacobian is bounded around A_0")
        return _on_piece(self, gamma, curve, h, r)


def _on_piece(field: LayeredField, gamma: arb, curve: Sequence[Column] | None, h: arb, r: arb) -> FieldOnPiece:
    n = field.n
    zeros = [arb(0)] * n
    places = [(arb(0), h), *(() if curve is None else centres(h, PARTS))]
    moved = [recentred(curve or (zeros,) * 4, t) for t, _ in places]
    along = [Series(c, zeros) for c in moved]
    reach, stages = None, []
    for layer in field.layers:
        E, size_E = layer.E, layer.size_E
        W = layer.W if E is None else layer.W + E * gamma
        size_W = sizes(W)
        arguments = _through_weights((W, E, size_W, size_E), layer.bias(gamma), layer.c, along, places)
        spread = _spread(size_W, size_E, reach, h, r)
        over = arguments[0].over(h)
        tube = _jets(layer.sigma, [x + arb(0, y) for x, y in zip(over[0], spread, strict=True)])
        points = [_jets(layer.sigma, z.at[0]) for z in arguments]
        along = [_through_sigma(points[0], tube, arguments[0], over)]
        for point, z, (_, eta) in zip(points[1:], arguments[1:], places[1:], strict=True):
            part = z.over(eta)
            along.append(_through_sigma(point, _widened(point, tube, z.at[0], part[0]), z, part))
        s1 = [a * b for a, b in zip(points[0][2], arguments[0].at[1], strict=True)]
        bend, swing, aside = [], [], []
        for i, first in enumerate(s1):
            motion = h * h * (tube[3][i] * over[1][i] * over[1][i] / 2 + tube[2][i] * over[2][i])
            aside.append(_upper(abs(tube[2][i]) * spread[i]))
            bend.append(_upper(abs(motion) + abs(tube[2][i]) * spread[i]))
            swing.append(_upper(h * abs(first) + bend[-1]))
        reach = [_upper(abs(a) * b) for a, b in zip(tube[1], spread, strict=True)]
        stages.append(Stage(W, E, size_W, size_E, points[0][1], s1, bend, swing, aside))
    parts = [
        Part(_less_leak(h_L, c, field.leak), eta) for h_L, c, (_, eta) in zip(along, moved, places, strict=True)
    ]
    whole = None if curve is None else parts[0]
    (A0, A1), rest = _jacobian(stages, field.leak), LayerRest(stages, h)
    return FieldOnPiece(whole, tuple(parts[1:]), A0, A1, rest, A0, rest)


def _through_weights(
    matrices: tuple[arb_mat, arb_mat | None, arb_mat, arb_mat | None],
    bias: Column | None,
    c: Column | None,
    vectors: Sequence[Series],
    places: Sequence[tuple[arb, arb]],
) -> list[Series]:
    """z = (W + δE)v + b around each centre t: z_k = (W + tE)v_k + Ev_{k−1}, with b + tc and c
    added to z_0 and z_1, and, by the mean value theorem for v_2,

    z_3(ξ) − z_3 = (W + tE)(v_3(ξ) − v_3) + εE(v_3(ξ) + 3v_3(ξ')), of size at most (|W| + |t||E|)D + 4η(|Ev_3| + |E|D).
    """
    W, E, size_W, size_E = matrices
    columns = [column for v in vectors for column in v.at]
    with_W, with_E = times(W, *columns), None if E is None else times(E, *columns)
    result = []
    for i, (v, (t, eta)) in enumerate(zip(vectors, places, strict=True)):
        z = with_W[4 * i : 4 * i + 4]
        drift = v.drift if all(d.is_zero() for d in v.drift) else None
        far = [[arb(0)] * len(z[0])] * 2 if drift is not None else _sized(size_W, size_E, v.drift)
        total = far[0]
        if with_E is not None:
            moving = with_E[4 * i : 4 * i + 4]
            z = [
                [
                    x + t * y + (moving[k - 1][j] if k else 0)
                    for j, (x, y) in enumerate(zip(z[k], moving[k], strict=True))
                ]
                for k in range(4)
            ]
            total = [d + abs(t) * e + 4 * eta * (abs(x) + e) for d, e, x in zip(far[0], far[1], moving[3], strict=True)]
        if bias is not None:
            z[0] = [x + y for x, y in zip(z[0], bias, strict=True)]
        if c is not None:
            z[0] = [x + t * y for x, y in zip(z[0], c, strict=True)]
            z[1] = [x + y for x, y in zip(z[1], c, strict=True)]
        result.append(Series((z[0], z[1], z[2], z[3]), [_upper(d) for d in total]))
    return result


def _sized(size_W: arb_mat, size_E: arb_mat | None, v: Column) -> list[Column]:
    near = times(size_W, v)[0]
    return [near, [arb(0)] * len(near) if size_E is None else times(size_E, v)[0]]


def _jets(sigma: Callable[[arb, int], list[arb]], z: Column) -> list[Column]:
    """σ, σ', σ'', σ''' at every entry."""
    return [list(column) for column in zip(*(sigma(x, ORDER) for x in z), strict=True)]


def _widened(point: Sequence[Column], tube: Sequence[Column], at: Column, over: Column) -> list[Column]:
    """σ', σ'', σ''' on a part (and σ at its centre): those at the centre, moved by at most the next derivative over the
    tube times how far z moves; σ''' over the tube."""
    far = [_upper(abs(x - y)) for x, y in zip(over, at, strict=True)]
    moved = [
        [x + arb(0, (abs(y) * d).upper()) for x, y, d in zip(point[k], tube[k + 1], far, strict=True)] for k in (1, 2)
    ]
    return [point[0], *moved, tube[3]]


def _through_sigma(still: Sequence[Column], wide: Sequence[Column], z: Series, over: Coefficients) -> Series:
    """h = σ(z) by Faà di Bruno: h_1 = σ'z_1, h_2 = σ'z_2 + ½σ''z_1², h_3 = σ'z_3 + σ''z_1z_2 + ⅙σ'''z_1³.

    still, wide: σ, …, σ''' at the centre and over all its ε (of wide, σ itself is not used).
    """
    first = [s * x for s, x in zip(still[1], z.at[1], strict=True)]
    second = [s * y + t * x * x / 2 for s, t, x, y in zip(still[1], still[2], z.at[1], z.at[2], strict=True)]
    third = _third(still, z.at)
    drift = [_upper(abs(x - y)) for x, y in zip(_third(wide, over), third, strict=True)]
    return Series((list(still[0]), first, second, third), drift)


def _third(sigma: Sequence[Column], z: Sequence[Column]) -> Column:
    return [
        s * z3 + t * z1 * z2 + u * z1 * z1 * z1 / 6
        for s, t, u, z1, z2, z3 in zip(sigma[1], sigma[2], sigma[3], z[1], z[2], z[3], strict=True)
    ]


def _less_leak(h: Series, x: Coefficients, leak: Column) -> Series:
    """f = h_L − Dx."""
    parts = [
        [y - d * u for y, d, u in zip(column, leak, given, strict=True)] for column, given in zip(h.at, x, strict=True)
    ]
    return Series((parts[0], parts[1], parts[2], parts[3]), h.drift)


def _spread(size_W: arb_mat, size_E: arb_mat | None, reach: Column | None, h: arb, r: arb) -> Column:
    """How far z moves with x in the tube at one γ: |(W + δE)v|_i for |v|_2 ≤ r, or for |v| ≤ reach entry by entry."""
    if reach is not None:
        near, far = _sized(size_W, size_E, reach)
        return [_upper(x + h * y) for x, y in zip(near, far, strict=True)]
    lengths = [norm(row) for row in size_W.table()]
    more = [arb(0)] * len(lengths) if size_E is None else [norm(row) for row in size_E.table()]
    return [_upper((x + h * y) * r) for x, y in zip(lengths, more, strict=True)]


def _jacobian(stages: Sequence[Stage], leak: Column) -> tuple[arb_mat, arb_mat]:
    """A_0 = −D + M_L ⋯ M_1 and A_1 = Σ_l M_L ⋯ M_l' ⋯ M_1 with M = diag(s_0)W, M' = diag(s_1)W + diag(s_0)E."""
    A0: arb_mat | None = None
    A1: arb_mat | None = None
    for stage in stages:
        still, moving = scaled_rows(stage.s0, stage.W), scaled_rows(stage.s1, stage.W)
        if stage.E is not None:
            moving = moving + scaled_rows(stage.s0, stage.E)
        A0, A1 = (still, moving) if A0 is None or A1 is None else (still * A0, moving * A0 + still * A1)
    if A0 is None or A1 is None:
        raise ValueError("a field without layers")
    for i, d in enumerate(leak):
        A0[i, i] = A0[i, i] - d
    return A0, A1


def _upper(x: arb) -> arb:
    return x.upper()
