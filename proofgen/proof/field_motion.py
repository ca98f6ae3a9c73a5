"""Any field along a cubic predictor and around it: what Theorem L asks for, by entries (MATHEMATICS.md, section 14).

f(c(γ), γ) = f_0 + εf_1 + ε²f_2(ξ) around the centre of a part, f_1 = Ac' + ∂_γf, f_2 = ½(D²f[(c', 1)²] + Ac''). With

    |Σ_k y_k ∂_kA| ≤ r·L at γ̃ on |x − c_0| ≤ r,    |A' − A_1| ≤ L_i for A' = B(c', ·) + ∂_γA on the tube, |δ| ≤ ih/m

A is within Ē = rL + (h/m)Σ_i L_i of A_0 + δA_1 on the tube: the integral of A' − A_1 along (γ̃ + t(γ − γ̃), c + y) with
one y. As L_1 ≤ … ≤ L_m, at |δ| = sh the last part is at most s times that. The sums of the enclosures of A' − A_1 say
in which interval the integral lies; where it has one sign Ē is half as large around its middle. Arithmetic: balls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flint import acb, arb, arb_mat

from ..numbers.balls import largest
from .field import FieldBalls
from .tube_field import Coefficients, Column, FieldOnPiece, Part, Series, centres, recentred, sizes, times

PARTS = 8  # of the piece, over which f along the predictor is bounded one by one
STEPS = 4  # m, on either side of γ̃
SPARE, DRIFT_SPARE = 1.2, 1.5  # Ē and D are taken larger by so much: room for a checker that evaluates f in another way


@dataclass(frozen=True)
class EntryRest:
    """Ē as near + moving; near: the part in proportion to the distance from c."""

    near: arb_mat
    moving: arb_mat

    def times(self, v: Column) -> Column:
        return times(self.near + self.moving, v)[0]

    def turned(self, v: Column) -> Column:
        return times((self.near + self.moving).transpose(), v)[0]

    def still(self, share: arb) -> EntryRest:
        return EntryRest(self.near * share, self.moving * arb(0))


@dataclass
class _Bend:
    """What the steps from γ̃ on say of an entry of A' − A_1: the least and the largest sum of its values so far (of no
    step it is 0), and Σ_i L_i."""

    low: arb = field(default_factory=arb)
    high: arb = field(default_factory=arb)
    total: arb = field(default_factory=arb)
    largest: arb = field(default_factory=arb)
    so_far: arb = field(default_factory=arb)

    def add(self, x: arb) -> None:
        self.so_far += x
        self.low, self.high = self.low.min(self.so_far.lower()), self.high.max(self.so_far.upper())
        self.largest = self.largest.max(x.abs_upper())


@dataclass(frozen=True)
class FieldAround:
    """A field that offers `FieldBalls.second_along`."""

    field: FieldBalls

    has_centre = True

    def on_piece(
        self, gamma: arb, curve: Sequence[Column] | None, h: arb, r: arb, bend: arb_mat | None = None
    ) -> FieldOnPiece:
        """As `tube_field.TubeField`."""
        field, n = self.field, self.field.n
        zeros = [arb(0)] * n
        c: Coefficients = recentred(curve or (zeros,) * 4, arb(0))
        whole = None if curve is None else part_along(field, gamma, c, arb(0), h)
        parts = [] if curve is None else parts_along(field, gamma, c, h, PARTS)
        middle = field.expand(gamma, c[0], 2)
        A0, A1 = field.jacobian(middle), field.jacobian_along(middle, _complex(c[1]), 1)
        left, right = (
            self._bends(gamma, [s * h * (2 * i + 1) / (2 * STEPS) for i in range(STEPS)], c, h, r, A1) for s in (-1, 1)
        )
        near = arb_mat(n, n)
        if curve is not None:
            beside = field.expand(gamma, _wider(c[0], r), 2)
            near = sizes(field.jacobian_along(beside, _complex([arb(0, 1)] * n), 0)) * (SPARE * r)
        moving, beside_it, still, step = arb_mat(n, n), arb_mat(n, n), _Bend(), h / STEPS
        for k in {*left, *right}:
            x, y, place = left.get(k, still), right.get(k, still), divmod(k, n)
            C, total = arb(0) if bend is None else bend[place], step * x.total.max(y.total)
            moving[place] = SPARE * total
            far = (step * y.high.max(-x.low) - C).max(C - step * y.low.min(-x.high))
            beside_it[place] = (far + (SPARE - 1) * total).upper()
        rest = EntryRest(near, moving)
        if bend is None:
            return FieldOnPiece(whole, tuple(parts), A0, A1, rest, A0, rest)
        return FieldOnPiece(whole, tuple(parts), A0, A1, rest, A0 + bend, EntryRest(near, beside_it))

    def _bends(
        self, gamma: arb, middles: Sequence[arb], curve: Coefficients, h: arb, r: arb, A1: arb_mat
    ) -> dict[int, _Bend]:
        """Of the entries of A' − A_1 (row by row) that are not 0 everywhere on the tube on one side of γ̃; middles: of
        the steps, from γ̃ on."""
        field, eta = self.field, h / (2 * STEPS)
        bends = defaultdict[int, _Bend](_Bend)
        for t in middles:
            along, slope, _, _ = Series(recentred(curve, t), [arb(0)] * field.n).over(eta)
            tube = field.expand(gamma + t + arb(0, eta), _wider(along, r), 2)
            for k, x in enumerate((field.jacobian_along(tube, _complex(slope), 1) - A1).entries()):
                if not x.is_zero():
                    bends[k].add(x)
            for bend in bends.values():
                bend.total += bend.largest
        return bends


def part_along(field: FieldBalls, gamma: arb, curve: Coefficients, t: arb, eta: arb) -> Part:
    """f along the cubic curve (its coefficients at γ), to the second order around γ + t."""
    c = recentred(curve, t)
    middle = field.expand(gamma + t, c[0], 1)
    along, slope, bend, _ = Series(c, [arb(0)] * field.n).over(eta)
    over = field.expand(gamma + t + arb(0, eta), along, 2)
    second = field.second_along(over, slope)
    if second is None:
        raise ValueError("a field with second derivatives along a curve is needed")
    f2 = [x / 2 + y for x, y in zip(second, times(field.jacobian(over), bend)[0], strict=True)]
    first = field.tangent(middle, c[1])[1]
    return Part(Series((middle.value, first, [x.mid() for x in f2]), [DRIFT_SPARE * x.rad() for x in f2]), eta)


def parts_along(field: FieldBalls, gamma: arb, curve: Coefficients, h: arb, count: int) -> list[Part]:
    """f along the curve over |δ| ≤ h, in so many parts."""
    return [part_along(field, gamma, curve, t, eta) for t, eta in centres(h, count)]


def bound_along(parts: Sequence[Part], norm: Callable[[Column], arb]) -> arb:
    """An upper bound of the norm of f along the curve: on a part Σ_k η^k‖f_k‖, the last f_k over it."""
    bounds = []
    for part in parts:
        *near, last = part.f.at
        over = [arb(x, e.upper()) for x, e in zip(last, part.f.drift, strict=True)]
        bounds.append(sum((part.eta**k * norm(v) for k, v in enumerate([*near, over])), arb(0)))
    return largest(bounds)


def _wider(v: Column, r: arb) -> Column:
    return [x + arb(0, r) for x in v]


def _complex(v: Column) -> list[acb]:
    return [acb(x) for x in v]
