"""What Theorem L asks of a field (section 17): f along a cubic curve, and its Jacobian on a tube around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from .form_series import Series
from .intervals import Real, Vector
from .jets import Field
from .verdicts import Matrix

UNIT = 128  # bits behind the point of all numbers, or more
Matrices = tuple[Matrix, Matrix]  # middles and radii


class Rest(Protocol):
    """E >= |A - A_0 - (gamma - gamma~)A_1|, or with A_0 + C, entry by entry on the tube, in the units of the field."""

    def times(self, v: list[int]) -> list[int]:
        """E v for v >= 0, rounded up."""
        ...

    def turned(self, v: list[int]) -> list[int]:
        """E^T v."""
        ...

    def still(self, share: Fraction) -> Rest:
        """Of it at gamma~, where |x - c| <= share r."""
        ...


@dataclass
class Motion:
    """f around gamma~ (on the trivial branch 0), A_0 and A_1, and what is left over on the tube; and A_0 + C, around
    which less may be left over."""

    whole: Series
    rest: Rest
    A0: Matrices
    A1: Matrices
    centre: Matrices
    around_centre: Rest


class TubeField(Protocol):
    """A field that can be enclosed around a curve; `parts`: of a piece, over which f is bounded one by one."""

    net: Field
    parts: int

    def around(self, gamma: Real, curve: Sequence[Vector], h: int, r: int,
               trivial: bool) -> tuple[list[tuple[Series, int]], Motion]:  # fmt: skip
        """f around the centres of the parts with their half-widths (none on the trivial branch), and all that is known
        around gamma~; c_0, ..., c_3 are given, h is a multiple of `parts`."""
        ...


def sums(A: Matrices, B: Matrices) -> Matrices:
    first, second = ([list(map(sum, zip(*rows, strict=True))) for rows in zip(x, y, strict=True)]
                     for x, y in zip(A, B, strict=True))  # fmt: skip
    return first, second


def product(net: Field, A: Matrices, B: Matrices) -> Matrices:
    """Of two matrices of middles and radii."""
    F, exact = net.F, net.p.product
    size_A = [[abs(x) for x in row] for row in A[0]]
    whole_B = [[abs(x) + r for x, r in zip(*rows, strict=True)] for rows in zip(*B, strict=True)]
    mid, near, far = exact(A[0], B[0]), exact(size_A, B[1]), exact(A[1], whole_B)
    return ([[x >> F for x in row] for row in mid],
            [[((x + y) >> F) + 2 for x, y in zip(*rows, strict=True)]
             for rows in zip(near, far, strict=True)])  # fmt: skip
