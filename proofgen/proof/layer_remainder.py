"""How far the Jacobian of a layered field is from A_0 + δA_1 over a tube: Ēv and Ēᵀv (MATHEMATICS.md, section 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flint import arb, arb_mat

from .tube_field import Column, times


@dataclass(frozen=True)
class Stage:
    """A layer M(γ) = diag(s)(W + δE) over the tube: bend ≥ |s − s_0 − δs_1|, swing ≥ |s − s_0|. E None: 0.

    size_W, size_E ≥ |W|, |E|. aside: the part of bend that is there for x beside c, in proportion to r.
    """

    W: arb_mat
    E: arb_mat | None
    size_W: arb_mat
    size_E: arb_mat | None
    s0: Column
    s1: Column
    bend: Column
    swing: Column
    aside: Column


class LayerRest:
    """Ē of the telescoped product of the layers. h: of the piece."""

    def __init__(self, stages: Sequence[Stage], h: arb) -> None:
        self.stages, self.h = stages, h
        self._turned = [(s.size_W.transpose(), None if s.size_E is None else s.size_E.transpose()) for s in stages]

    def times(self, v: Column) -> Column:
        return deviation(self.stages, v, self.h)

    def turned(self, v: Column) -> Column:
        return deviation_turned(self.stages, self._turned, v, self.h)

    def still(self, share: arb) -> LayerRest:
        """That for h = 0, ζ multiplied by ``share``; sup σ'' and so on stay those over the tube."""
        return LayerRest([replace(s, bend=[share * x for x in s.aside]) for s in self.stages], arb(0))


def deviation(stages: Sequence[Stage], v: Column, h: arb) -> Column:
    """Ēv: with |M_0| ≤ a, h|M_1| ≤ b and |M − M_0 − δM_1| ≤ e of the layers so far, from v to the last.

    With M = diag(s)(W + δE): a = |s_0||W|, b = h(|s_1||W| + |s_0||E|), e = bend·|W| + h·swing·|E|.
    """
    zeroth, first, rest = v, [arb(0)] * len(v), [arb(0)] * len(v)
    for stage in stages:
        columns = (zeroth, first, rest)
        W = times(stage.size_W, *columns)
        E = [[arb(0)] * len(W[0])] * 3 if stage.size_E is None else times(stage.size_E, *columns)
        rows = zip(stage.s0, stage.s1, stage.bend, stage.swing, zip(*W, strict=True), zip(*E, strict=True), strict=True)
        zeroth, first, rest = [], [], []
        for s0, s1, bend, swing, w, e in rows:
            low, high = abs(s0), h * abs(s1)
            a = [low * x for x in w]
            b = [high * x + h * low * y for x, y in zip(w, e, strict=True)]
            c = [bend * x + h * swing * y for x, y in zip(w, e, strict=True)]
            zeroth.append(a[0])
            first.append(a[1] + b[0])
            rest.append(a[2] + b[2] + c[2] + b[1] + c[1] + c[0])
    return rest


def deviation_turned(
    stages: Sequence[Stage], turned: Sequence[tuple[arb_mat, arb_mat | None]], v: Column, h: arb
) -> Column:
    """Ēᵀv, from the last layer to the first."""
    zeroth, first, rest = v, [arb(0)] * len(v), [arb(0)] * len(v)
    for stage, (W, E) in zip(reversed(stages), reversed(turned), strict=True):
        s0, s1 = [abs(x) for x in stage.s0], [h * abs(x) for x in stage.s1]
        bend, swing = stage.bend, [h * x for x in stage.swing]
        # columns: what |W|ᵀ, and what |E|ᵀ, is applied to
        of_W = [
            _product(s0, zeroth),
            _sum(_product(s0, first), _product(s1, zeroth)),
            _sum(_product(_sum(s0, s1, bend), rest), _product(_sum(s1, bend), first), _product(bend, zeroth)),
        ]
        h_s0 = [h * x for x in s0]
        of_E = [
            _product(h_s0, zeroth),
            _sum(_product(_sum(h_s0, swing), _sum(rest, first)), _product(swing, zeroth)),
        ]
        columns = times(W, *of_W)
        if E is not None:
            moved = times(E, *of_E)
            columns = [columns[0], _sum(columns[1], moved[0]), _sum(columns[2], moved[1])]
        zeroth, first, rest = columns
    return rest


def _product(a: Column, b: Column) -> Column:
    return [x * y for x, y in zip(a, b, strict=True)]


def _sum(*columns: Column) -> Column:
    return [sum(entries, arb(0)) for entries in zip(*columns, strict=True)]
