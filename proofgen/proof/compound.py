"""The second additive compound of A over a piece: pairs of eigenvalues with the sum 0 (MATHEMATICS.md, section 24).

Its eigenvalues are λ_i + λ_j, i < j. Where A is invertible and the compound is, too, no eigenvalue of A is on the
imaginary axis. Elimination in B = X⁻¹AX = (I + S)YAX shows it, entry by entry a function of γ that is known by its
value at γ̃ and its derivative over Γ: the determinant is 0 where the last pivot is. If that is monotone on Γ, there is
one such γ at most. Arithmetic: balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flint import acb, arb, arb_mat

from ..numbers.balls import largest, proves_less, proves_nonzero
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .spectrum import Basis
from .tube import Tube, tangent_over

MOST_COMPOUND = 8  # dimension up to which a checker looks at a compound: it has n(n − 1)/2 rows


class Moving(NamedTuple):
    """A function of γ: at γ̃, its derivative and its values over Γ."""

    at: arb
    by: arb
    over: arb


Rows = list[list[Moving | None]]


def require_no_pair(tube: Tube) -> None:
    """No two eigenvalues of A have the sum 0 over Γ. Raises ProofFailure (AXIS_NOT_CLEAR)."""
    if tube.turn is None:
        raise ValueError("a tube with the derivative of A is needed")
    last = _last_pivot(tube, tube.turn)
    if not proves_nonzero(last.over):
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "two eigenvalues may have the sum 0")


def require_one_pair(field: FieldBalls, tube: Tube) -> None:
    """Two eigenvalues of A(x(γ), γ) have the sum 0 for at most one γ ∈ Γ. Raises ProofFailure (NOT_TRANSVERSAL)."""
    moving = field.jacobian_along(tube.expansion, [acb(x) for x in tangent_over(tube)], 1)
    last = _last_pivot(tube, moving)
    if not proves_nonzero(last.by):
        raise ProofFailure(FailureCode.NOT_TRANSVERSAL, "the sum of two eigenvalues is not proved to be monotone")


def _last_pivot(tube: Tube, along: arb_mat) -> Moving:
    """That of the compound of A. along: the derivative of A over Γ."""
    if tube.start is None or tube.basis.n > MOST_COMPOUND:
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "the compound is for few dimensions")
    s = _defect(tube.basis)
    rows = zip(*(_similar(tube.basis, W, s) for W in (tube.start, along)), strict=True)
    return last_pivot([list(zip(*pair, strict=True)) for pair in rows], tube.Gamma - tube.witness.gamma)


def last_pivot(B: Sequence[Sequence[tuple[arb, arb]]], step: arb) -> Moving:
    """Of the compound of a matrix, whose entries are given by values at γ̃ and derivatives over γ̃ + step; det is 0 where
    it is.

    Raises ProofFailure (AXIS_NOT_CLEAR) unless the other pivots are proved not to be 0 over γ̃ + step.
    """
    G = _compound(B, step)
    if not G:  # nothing to sum
        return Moving(arb(1), arb(0), arb(1))
    while len(G) > 1:
        _, i, j = max((_size(x), i, j) for i, row in enumerate(G) for j, x in enumerate(row))
        row, p = G[i], G[i][j]
        if p is None or not proves_nonzero(p.over):
            raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "a pivot of the compound may be 0")
        G = [_eliminated(other, row, p, j, step) for other in G if other is not row]
    if (last := G[0][0]) is None:
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "a pivot of the compound may be 0")
    return last


def _eliminated(
    other: Sequence[Moving | None], row: Sequence[Moving | None], p: Moving, j: int, step: arb
) -> list[Moving | None]:
    """Of another row, without the column j of the pivot p."""
    entry = other[j]
    pairs = [pair for k, pair in enumerate(zip(other, row, strict=True)) if k != j]
    if entry is None:
        return [x for x, _ in pairs]
    over = entry.over / p.over
    at, by = entry.at / p.at, (entry.by - over * p.by) / p.over
    over = at + step * by
    result: list[Moving | None] = []
    for x, y in pairs:
        if y is not None:
            change, moved = at * y.at, by * y.over + over * y.by
            value, slope = (-change, -moved) if x is None else (x.at - change, x.by - moved)
            x = Moving(value, slope, value + step * slope)
        result.append(x)
    return result


def _size(x: Moving | None) -> float:
    return -1.0 if x is None else float(abs(x.at).mid())


def _compound(B: Sequence[Sequence[tuple[arb, arb]]], step: arb) -> Rows:
    """On e_j ∧ e_k, j < k: Be_j ∧ e_k + e_j ∧ Be_k."""
    n = len(B)
    pairs = [(j, k) for k in range(n) for j in range(k)]
    place = {pair: index for index, pair in enumerate(pairs)}
    G: Rows = [[None] * len(pairs) for _ in pairs]
    for column, (j, k) in enumerate(pairs):
        for i in range(n):
            for a, b, (at, by) in ((i, k, B[i][j]), (j, i, B[i][k])):
                if a == b:
                    continue
                if a > b:
                    at, by = -at, -by
                row = place[min(a, b), max(a, b)]
                if (known := G[row][column]) is not None:
                    at, by = known.at + at, known.by + by
                G[row][column] = Moving(at, by, at + step * by)
    return G


def _defect(basis: Basis) -> arb:
    """An upper bound of |S|_∞, X⁻¹ = (I + S)Y: |R|_∞/(1 − |R|_∞)."""
    r = largest(sum((abs(x) for x in row), arb(0)) for row in basis.R.table())
    if not proves_less(r, arb(1)):
        raise ProofFailure(FailureCode.NO_EIGENBASIS, "|I − YX| < 1 is not proved")
    return r / (1 - r)


def _similar(basis: Basis, W: arb_mat, s: arb) -> list[list[arb]]:
    """X⁻¹WX = (I + S)YWX, row by row; s: `_defect`."""
    N = (basis.witness.Y * (W * basis.witness.X)).table()
    errors = [largest(s * abs(x) for x in column) for column in zip(*N, strict=True)]
    return [[x + arb(0, e) for x, e in zip(row, errors, strict=True)] for row in N]
