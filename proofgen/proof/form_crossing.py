"""Theorem H: on a piece only one pair of eigenvalues meets the axis, at one proved Hopf point (MATHEMATICS.md, 15).

The branch is proved by (1) of Theorem L with a matrix G. For the spectrum a form P is definite for B = A − κUVᵀ, from
which the pair is moved away; U and V hold approximate right and left eigenvectors. A pure imaginary eigenvalue iw of A
makes the 2 × 2 matrix iw − N nearly singular, N = VᵀAU. All its defects are of second order in δ but that of Re tr N,
so that at a distance from the crossing there is none; what is left is the window of the point's own certificate.

Bounds are taken along the branch as g(s) ≤ still + s·moving, s = |δ|/h in [0, 1]. Arithmetic: balls and integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from ..numbers.balls import ball, largest, proves_less, proves_positive
from .definite import Factor, Scaled, is_symmetric
from .failure import FailureCode, ProofFailure
from .form_piece import (
    ROOM,
    Branch,
    DefectTooLarge,
    Ends,
    FormTube,
    FormWitness,
    defect_on,
    form_ball,
    require_definite,
    settle_branch,
)
from .tube_field import Column, TubeField, norm, sizes, times

Factors = tuple[Factor, Factor]


@dataclass(frozen=True)
class AxisWitness:
    """P, q, κ and the two columns of U and of V: exact and untrusted."""

    form: Scaled
    margin: Fraction
    shift: Fraction
    U: tuple[Column, Column]
    V: tuple[Column, Column]


@dataclass(frozen=True)
class Growth:
    """A bound still + s·moving, both not negative, of something that depends on s in [0, 1]."""

    still: arb
    moving: arb

    @property
    def most(self) -> arb:
        return self.still + self.moving

    def __add__(self, other: Growth) -> Growth:
        return Growth(self.still + other.still, self.moving + other.moving)

    def __mul__(self, other: Growth) -> Growth:
        """s² ≤ s."""
        return Growth(self.still * other.still, self.still * other.moving + self.moving * other.most)

    def times(self, factor: arb) -> Growth:
        """For a factor that is not negative."""
        return Growth(self.still * factor, self.moving * factor)


@dataclass(frozen=True)
class Deviations:
    """Of E = A − A_0 − δA_1 on the branch: |VᵀEU| entry by entry, |P||E||U| and |E|ᵀ|V| in Frobenius's norm."""

    VEU: tuple[tuple[Growth, Growth], tuple[Growth, Growth]]
    PEU: Growth
    EV: Growth

    @property
    def size(self) -> Growth:
        """|VᵀEU|."""
        entries = [x for row in self.VEU for x in row]
        return Growth(norm([x.still for x in entries]), norm([x.moving for x in entries]))


class CrossingNotExcluded(ProofFailure):
    """A second crossing is not excluded. share: of the speed, what the bounds use up; too much when 1 or more."""

    def __init__(self, share: float, reason: str) -> None:
        super().__init__(FailureCode.AXIS_NOT_CLEAR, reason)
        self.share = share


def settle_crossing(
    field: TubeField,
    witness: FormWitness,
    axis: AxisWitness,
    ends: Ends,
    factors: tuple[Factors, Factors],
    certified: Fraction,
) -> FormTube:
    """Theorem H: where |γ − γ̃| ≥ ``certified`` A has no eigenvalue on the axis. factors: for G and for P.

    That there is one only where |γ − γ̃| is less is left to the window of a point on the tube. Raises ProofFailure.
    """
    if not is_symmetric(axis.form.entries) or axis.margin <= 0 or certified <= 0:
        raise ValueError("a symmetric form, a positive q and a positive distance are expected")
    if not all(x.is_finite() for column in (*axis.U, *axis.V) for x in column):
        raise ProofFailure(FailureCode.NOT_FINITE, "an approximate eigenvector is not finite")
    branch = settle_branch(field, witness, ends, factors[0])
    U, turned_V = arb_mat([list(row) for row in zip(*axis.U, strict=True)]), arb_mat([list(v) for v in axis.V])
    P = form_ball(axis.form)
    size_P, shift = sizes(P), U * turned_V * ball(axis.shift)
    require_definite(branch.piece, branch.h, axis.form, size_P, axis.margin, factors[1], shift)
    _exclude(branch, axis, P, size_P, U, turned_V, ball(certified))
    return branch.tube


def _exclude(
    branch: Branch, axis: AxisWitness, P: arb_mat, size_P: arb_mat, U: arb_mat, turned_V: arb_mat, certified: arb
) -> None:
    """|½ tr N| > τ + (ε + τ)²/(Im ν − τ) for |δ| ≥ certified: no eigenvalue of A is on the axis there."""
    h, A = branch.h, (branch.piece.A0, branch.piece.A1)
    N = [turned_V * M * U for M in A]
    F = [M * U - U * small for M, small in zip(A, N, strict=True)]
    K = [turned_V * M - small * turned_V for M, small in zip(A, N, strict=True)]
    E = _deviations(branch, size_P, axis)
    D = turned_V * U
    for i in range(2):
        D[i, i] = D[i, i] - 1
    defect, size_PU, two_over_q = frobenius(D), frobenius(P * U), 2 / ball(axis.margin)
    size_N = Growth(frobenius(N[0]), h * frobenius(N[1])) + E.size
    phi = Growth(frobenius(P * F[0]), h * frobenius(P * F[1])) + E.PEU + E.size.times(size_PU)
    phi = (phi + (Growth(abs(ball(axis.shift)), arb(0)) + size_N).times(size_PU * defect)).times(two_over_q)
    k = Growth(frobenius(K[0]), h * frobenius(K[1])) + E.EV + E.size.times(frobenius(turned_V))
    kept = 1 - two_over_q * size_PU * k.most
    if not proves_positive(kept):
        raise CrossingNotExcluded(2.0, "the rest of the spectrum moves too much for the critical pair to be split off")
    tau = (k * phi).times(1 / kept) + size_N.times(defect)
    off = Growth(_off(N[0]), h * _off(N[1])) + E.size + tau
    slow = _imaginary(N[0]).abs_lower() - h * _imaginary(N[1]).abs_upper()
    slow = slow - (E.VEU[0][1].most + E.VEU[1][0].most) / 2 - tau.most
    if not proves_positive(slow):
        raise CrossingNotExcluded(2.0, "the critical pair is too close to the real axis")
    half_trace = [(M[0, 0] + M[1, 1]) / 2 for M in N]
    right = Growth(half_trace[0].abs_upper(), arb(0)) + (E.VEU[0][0] + E.VEU[1][1]).times(arb(0.5))
    right = right + tau + (off * off).times(1 / slow)
    speed = h * half_trace[1].abs_lower()
    if not proves_less(ROOM * h * right.still, certified * (speed - ROOM * right.moving)):
        used = float(right.moving + h * right.still / certified) * ROOM / max(float(speed), 1e-300)
        reason = "on the piece the critical pair is not proved to be on the axis at the Hopf point only"
        raise CrossingNotExcluded(used, reason)


def _deviations(branch: Branch, size_P: arb_mat, axis: AxisWitness) -> Deviations:
    """For Ē at s = 0, where x is as near to c as f(c_0, γ̃) says, and at s = 1: all coefficients of s are positive."""
    whole, levels = branch.piece.rest, []
    sizes_U, sizes_V = ([[x.abs_upper() for x in column] for column in columns] for columns in (axis.U, axis.V))
    for rest in (whole.still(_least_share(branch)), whole):
        EU, EV = [rest.times(list(u)) for u in sizes_U], [rest.turned(list(v)) for v in sizes_V]
        inner = [[sum((a * b for a, b in zip(v, Eu, strict=True)), arb(0)) for Eu in EU] for v in sizes_V]
        PEU = [x for column in times(size_P, *EU) for x in column]
        levels.append((inner, norm(PEU), norm([x for column in EV for x in column])))
    (inner_0, PEU_0, EV_0), (inner_1, PEU_1, EV_1) = levels
    rows = [[Growth(inner_0[i][j], inner_1[i][j]) for j in range(2)] for i in range(2)]
    return Deviations(((rows[0][0], rows[0][1]), (rows[1][0], rows[1][1])), Growth(PEU_0, PEU_1), Growth(EV_0, EV_1))


def _least_share(branch: Branch) -> arb:
    """r_0/r with |x(γ) − c(γ)|_2 ≤ r_0 + s(r − r_0): from Taylor's formula around γ̃ over all of the piece."""
    whole, r = branch.piece.whole, branch.tube.witness.radius
    if whole is None or r is None:
        return arb(0)
    G = branch.tube.P
    eta = defect_on(G, sizes(G), whole)
    two_over_g = 2 / ball(branch.tube.witness.margin)
    if not proves_less(ROOM * two_over_g * eta, r):
        raise DefectTooLarge(largest([eta]))
    return largest([two_over_g * norm(times(G, whole.f.at[0])[0]) / r])


def frobenius(M: arb_mat) -> arb:
    """An upper bound of |M|_F, as a point."""
    return norm(M.entries())


def _imaginary(N: arb_mat) -> arb:
    """Im ν: N = [[Re ν + …, Im ν + …], [−Im ν + …, Re ν + …]]."""
    return (N[0, 1] - N[1, 0]) / 2


def _off(N: arb_mat) -> arb:
    """How far N is from such a matrix in the complex basis (1, ±i)/√2."""
    return norm([N[0, 0] - N[1, 1], N[0, 1] + N[1, 0]]) / 2


