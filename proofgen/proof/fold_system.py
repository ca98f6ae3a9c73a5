"""A point where an equilibrium loses its uniqueness, as the only zero of a system of 2n + 1 equations in a box.

For u = (γ, x, v) and a fixed vector φ let

    F(u) = ( f(x, γ),  A v,  φᵀv − 1 ),   A = D_x f(x, γ).

With A_F ≈ DF(ū)⁻¹, radii R_i > 0 and the norm |u| = max_i |u_i|/R_i: if Y ≥ |A_F F(ū)|, Z ≥ |I − A_F DF(u)| for all u
of the box |u − ū| ≤ 1, and Y + Z < 1, then F has exactly one zero u* in the box, |u* − ū| ≤ r = Y/(1 − Z), and DF is
invertible over the box. At the zero Av = 0, v ≠ 0, and the invertibility of DF is that of a nondegenerate fold: the
kernel of A is a line, l ∂_γf ≠ 0 and l B(v, v) ≠ 0 for lA = 0 (MATHEMATICS.md, section 17). The row of DF(u*)⁻¹ that
belongs to γ begins with the left vector l* with l* A = 0, l* ∂_γf = 1. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import acb, arb, arb_mat

from ..numbers.balls import dot, image, largest, proves_less, proves_positive
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .weighted import defect, step_size


@dataclass(frozen=True)
class FoldWitness:
    """ū = (γ, x, v), φ, A_F, the radii R and the left vector l ≈ l*: exact points, untrusted. A_F is (2n + 1)²."""

    gamma: arb
    x: list[arb]
    v: list[arb]
    phi: list[arb]
    A: arb_mat
    R: list[arb]
    left: list[arb]

    @property
    def u(self) -> list[arb]:
        return [self.gamma, *self.x, *self.v]


@dataclass(frozen=True)
class FoldBox:
    """What is proved: exactly one zero in the box of the radii R around ū, and it lies in that of the radii rR.

    left: an enclosure of l*.
    """

    witness: FoldWitness
    Y: arb
    Z: arb
    r: arb
    left: list[arb]

    def _around(self, values: list[arb], first: int) -> list[arb]:
        return [arb(x, self.r * R) for x, R in zip(values, self.witness.R[first:], strict=False)]

    @property
    def parameter(self) -> arb:
        return self._around([self.witness.gamma], 0)[0]

    @property
    def equilibrium(self) -> list[arb]:
        return self._around(self.witness.x, 1)

    @property
    def vector(self) -> list[arb]:
        return self._around(self.witness.v, 1 + len(self.witness.x))


def prove_fold_box(field: FieldBalls, witness: FoldWitness) -> FoldBox:
    """Y, Z, r and l*. Raises ProofFailure (FOLD_NOT_VERIFIED)."""
    w, R, n = witness, witness.R, len(witness.x)
    if not all(proves_positive(radius) for radius in R):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "a radius of the box is not positive")
    F = fold_system(field, w.gamma, w.x, w.v, w.phi)
    Y = step_size(w.A, F, R, w.u)
    box = [arb(x, radius) for x, radius in zip(w.u, R, strict=True)]
    DF = fold_system_derivative(field, box[0], box[1 : n + 1], box[n + 1 :], w.phi)
    Z = defect(w.A, DF, R)
    if not (proves_less(Z, arb(1)) and proves_less(Y + Z, arb(1))):
        raise ProofFailure(
            FailureCode.FOLD_NOT_VERIFIED, "the system of the fold is not proved to have one zero in a box"
        )
    found = FoldBox(w, Y, Z, largest([Y / (1 - Z)]), [])
    return replace(found, left=_left_vector(field, found))


def _left_vector(field: FieldBalls, found: FoldBox) -> list[arb]:
    """l* = l + e DF(u*)⁻¹ for e = (1 − l ∂_γf, −l A, 0) at u*, and e DF⁻¹ = e (I − E)⁻¹ A_F, E = I − A_F DF, |E| ≤ Z:

        |l*_i − l_i| ≤ Σ_j |e_j| R_j/(1 − Z) · max_j |(A_F)_ji|/R_j .
    """
    w, n = found.witness, len(found.witness.x)
    e = field.expand(found.parameter, found.equilibrium, 1)
    row = arb_mat([w.left])
    slope = dot(w.left, [y.real for y in field.parameter_derivative(e)])
    errors = [1 - slope, *(-x for x in (row * field.jacobian(e)).table()[0])]
    size = dot([abs(x) for x in errors], w.R[: n + 1]) / (1 - found.Z)
    table = w.A.table()
    heights = [largest(abs(A_row[i]) / radius for A_row, radius in zip(table, w.R, strict=True)) for i in range(n)]
    return [arb(x, largest([size * height])) for x, height in zip(w.left, heights, strict=True)]


def fold_system(field: FieldBalls, gamma: arb, x: list[arb], v: list[arb], phi: list[arb]) -> list[arb]:
    """F(u), 2n + 1 components."""
    e = field.expand(gamma, x, 1)
    return [*e.value, *image(field.jacobian(e), v), dot(phi, v) - 1]


def fold_system_derivative(field: FieldBalls, gamma: arb, x: list[arb], v: list[arb], phi: list[arb]) -> arb_mat:
    """DF(u) with the columns γ, x, v."""
    n = len(x)
    e = field.expand(gamma, x, 2)
    A = field.jacobian(e).table()
    direction = [acb(y) for y in v]
    f_gamma, A_gamma = field.parameter_derivative(e), field.jacobian_parameter(e, direction)
    B = field.jacobian_along(e, direction, 0).table()
    zeros = [arb(0)] * n
    rows = [[f_gamma[i].real, *A[i], *zeros] for i in range(n)]
    rows += [[A_gamma[i].real, *B[i], *A[i]] for i in range(n)]
    return arb_mat([*rows, [arb(0), *zeros, *phi]])
