"""What Theorem L asks of a field: f along a cubic predictor, and its Jacobian on a tube around it (MATHEMATICS.md, 14).

c(γ) = c_0 + δc_1 + δ²c_2 + δ³c_3 with δ = γ − γ̃, |δ| ≤ h on the piece Γ. The tube is |x − c(γ)|_2 ≤ r. Around a centre
t a vector v(γ) is known for |δ − t| ≤ η by its Taylor coefficients v_0, …, v_k at γ̃ + t, k at most 3, and by
D ≥ |v_k(ξ) − v_k| for the last of them at all those ξ. Arithmetic: balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flint import arb, arb_mat

Column = list[arb]
Coefficients = tuple[Column, Column, Column, Column]


@dataclass(frozen=True)
class Series:
    """v_0, …, v_k and D of a vector around one centre."""

    at: tuple[Column, ...]
    drift: Column

    def over(self, eta: arb) -> Coefficients:
        """Enclosures of v, v_1, v_2, v_3 over |ε| ≤ η, ε = δ − t, of a series of order k = 3: for some ξ between

        v = v_0 + εv_1 + ε²v_2 + ε³v_3(ξ),   v_1(γ) = v_1 + 2εv_2 + 3ε²v_3(ξ),   v_2(γ) = v_2 + 3εv_3(ξ).
        """
        zeroth, first, second, third = self.at
        step = arb(0, eta)
        third = [arb(v, d) for v, d in zip(third, self.drift, strict=True)]
        value = [
            v + step * (t + step * (u + step * w)) for v, t, u, w in zip(zeroth, first, second, third, strict=True)
        ]
        moving = [v + step * (2 * u + 3 * step * w) for v, u, w in zip(first, second, third, strict=True)]
        return value, moving, [v + 3 * step * w for v, w in zip(second, third, strict=True)], third


@dataclass(frozen=True)
class Part:
    """f around the centre t, for |δ − t| ≤ η."""

    f: Series
    eta: arb


class Rest(Protocol):
    """Ē ≥ |A − A_0 − δA_1|, or with A_0 + C, entry by entry on the tube."""

    def times(self, v: Column) -> Column:
        """Ēv for v ≥ 0."""
        ...

    def turned(self, v: Column) -> Column:
        """Ēᵀv for v ≥ 0."""
        ...

    def still(self, share: arb) -> Rest:
        """What is left of it at δ = 0 where |x − c| ≤ share·r: with the distance (r_0 + s(r − r_0)) and |δ| = sh the
        deviation is at most still(r_0/r) + s·Ē (MATHEMATICS.md, section 15)."""
        ...


@dataclass(frozen=True)
class FieldOnPiece:
    """f along the predictor: whole around γ̃, and parts that cover Γ (None and none on the trivial branch).

    A0, A1: D_x f and its derivative along the predictor at γ̃; rest: what is left of it on the tube. centre: A_0 + C
    with the C that was asked for; around_centre: Ē ≥ |A − A_0 − C − δA_1| on the tube.
    """

    whole: Part | None
    parts: tuple[Part, ...]
    A0: arb_mat
    A1: arb_mat
    rest: Rest
    centre: arb_mat
    around_centre: Rest


class TubeField(Protocol):
    """A field that can be enclosed around a predictor. has_centre: whether less is left of A around A_0 + C."""

    @property
    def has_centre(self) -> bool: ...

    def on_piece(
        self, gamma: arb, curve: Sequence[Column] | None, h: arb, r: arb, bend: arb_mat | None = None
    ) -> FieldOnPiece:
        """Everything over |γ − γ̃| ≤ h and |x − c(γ)|_2 ≤ r. gamma: γ̃, exact; curve: c_0, …, c_3, exact; None: c = 0.
        bend: C, near a quarter of h² times the second derivative of A along the predictor; None: 0.

        On the trivial branch (curve None) there are no parts. Raises ProofFailure where f is not proved defined; what
        is not finite comes out as such balls.
        """
        ...


def recentred(curve: Sequence[Column], t: arb) -> Coefficients:
    """The coefficients of the same polynomial around t."""
    c0, c1, c2, c3 = curve
    return (
        [a + t * (b + t * (c + t * d)) for a, b, c, d in zip(c0, c1, c2, c3, strict=True)],
        [b + t * (2 * c + 3 * t * d) for b, c, d in zip(c1, c2, c3, strict=True)],
        [c + 3 * t * d for c, d in zip(c2, c3, strict=True)],
        list(c3),
    )


def centres(h: arb, parts: int) -> list[tuple[arb, arb]]:
    """(t, η) of so many parts of |δ| ≤ h of one width."""
    return [(h * (2 * i + 1 - parts) / parts, h / parts) for i in range(parts)]


# --- matrices and vectors of balls ----------------------------------------------------------------


def times(W: arb_mat, *columns: Sequence[arb]) -> list[Column]:
    """Wv for each v."""
    product = W * arb_mat([list(row) for row in zip(*columns, strict=True)])
    return [list(column) for column in zip(*product.table(), strict=True)]


def sizes(W: arb_mat) -> arb_mat:
    """Upper bounds of the moduli of the entries, as points."""
    return arb_mat([[x.abs_upper() for x in row] for row in W.table()])


def norm(v: Sequence[arb]) -> arb:
    """An upper bound of |v|_2, as a point."""
    return sum((x.abs_upper() * x.abs_upper() for x in v), arb(0)).sqrt().upper()


def scaled_rows(factors: Sequence[arb], W: arb_mat) -> arb_mat:
    return arb_mat([[s * x for x in row] for s, row in zip(factors, W.table(), strict=True)])
