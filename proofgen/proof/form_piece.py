"""Theorem L: one symmetric matrix P proves a piece of the branch clear (MATHEMATICS.md, section 14).

If PA + AᵀP ⪰ qI, q > 0, for A = D_x f on the tube |x − c(γ)|_2 ≤ r over Γ and 2|Pf(c(γ), γ)|_2 < qr there, then at
every γ ∈ Γ exactly one equilibrium lies in the tube, |x(γ) − x̂|_2 ≤ (2/q)|Pf(x̂, γ)|_2 for every x̂ of the tube, x is
analytic, and A(x(γ), γ) has no eigenvalue on the imaginary axis.

A lies between the two control matrices A_0 + C ± hA_1 up to a remainder of entries at most Ē; so the first condition
follows from PA_s + A_sᵀP ⪰ (q + ε)I for both, ε ≥ |PE + EᵀP|_2 for all |E| ≤ Ē. Arithmetic: balls and integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat, fmpz_mat

from ..numbers.balls import ball, largest, proves_less, proves_positive
from .definite import Factor, Scaled, is_symmetric, least_eigenvalue_bound
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .pieces import inside
from .tube_field import Column, FieldOnPiece, Part, Rest, TubeField, norm, sizes, times

Ends = tuple[Fraction, Fraction]
ROOM = 1.0625  # η and ε are smaller than they must be by so much: room for a checker that bounds them in another way
CONTROL_BITS = 48  # of the entries of a control matrix, behind the point
STEPS = 4  # of the iteration for a vector in the Collatz bound


class DefectTooLarge(ProofFailure):
    """2η ≥ qr, with the η that was proved: a larger r or a shorter piece may do."""

    def __init__(self, eta: arb) -> None:
        super().__init__(FailureCode.BRANCH_NOT_VERIFIED, "the tube around the cubic predictor is too narrow (2η ≥ qr)")
        self.eta = eta


class NotDefinite(ProofFailure):
    """PA + AᵀP ⪰ (q + ε)I is not proved, with the ε of the remainder: a smaller r or a shorter piece may do."""

    def __init__(self, epsilon: Remainder) -> None:
        super().__init__(FailureCode.AXIS_NOT_CLEAR, "PA + AᵀP ⪰ qI is not proved over the piece")
        self.epsilon = epsilon


@dataclass(frozen=True)
class FormWitness:
    """γ̃, c_0, …, c_3, r, q and P: exact and untrusted. On the trivial branch curve and radius are None.

    Of a piece with a crossing only the branch is proved in this way: its P, there named G, need not be symmetric.
    bend: C of `tube_field.TubeField`, an untrusted guess.
    """

    gamma: Fraction
    curve: tuple[Column, ...] | None
    radius: arb | None
    margin: Fraction
    form: Scaled
    bend: arb_mat | None = None


@dataclass(frozen=True)
class Remainder:
    """most: ε; beside: about the part of it that is there because x is not on the predictor."""

    most: arb
    beside: arb


@dataclass(frozen=True)
class FormTube:
    """The branch over a piece. P: the form as a ball matrix; epsilon: ε of its remainder; eta: η."""

    ends: Ends
    witness: FormWitness
    P: arb_mat
    epsilon: Remainder
    eta: arb

    def centre(self, gamma: arb) -> Column:
        """c(γ)."""
        curve = self.witness.curve
        if curve is None:
            return [arb(0)] * self.P.nrows()
        step = gamma - ball(self.witness.gamma)
        return [a + step * (b + step * (c + step * d)) for a, b, c, d in zip(*curve, strict=True)]

    def holds(self, gamma: Fraction, x: Sequence[arb], distance: arb | None = None) -> bool:
        """Certainly all that is no further than ``distance`` from the box x lies in the tube at γ."""
        return self.ends[0] <= gamma <= self.ends[1] and self._around(ball(gamma), x, distance)

    def holds_over(self, gamma: arb, x: Sequence[arb]) -> bool:
        """Certainly every γ of the ball lies in the open piece, and every point of the box x in the tube there."""
        return inside(gamma, self.ends) and self._around(gamma, x)

    def away(self, gamma: arb, x: Sequence[arb]) -> arb:
        """An upper bound of |x − c(γ)|_2."""
        return norm([a - c for a, c in zip(x, self.centre(gamma), strict=True)])

    def _around(self, gamma: arb, x: Sequence[arb], distance: arb | None = None) -> bool:
        if self.witness.radius is None:
            return all(entry.is_zero() for entry in x)
        away = self.away(gamma, x)
        return proves_less(away if distance is None else away + distance, self.witness.radius)

    def distance(self, evaluator: FieldBalls, gamma: Fraction, near: Sequence[arb]) -> arb:
        """Of x(γ) from a point near it, at most (2/q)|Pf(near, γ)|_2; 0 on the trivial branch.

        Raises ProofFailure unless ``near`` certainly lies in the tube.
        """
        if not self.holds(gamma, near):
            raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "an approximate equilibrium lies outside of its tube")
        if self.witness.radius is None:
            return arb(0)
        value = evaluator.expand(ball(gamma), list(near), 0).value
        return largest([2 * norm(times(self.P, value)[0]) / ball(self.witness.margin)])

    def equilibrium_near(self, evaluator: FieldBalls, gamma: Fraction, near: Sequence[arb]) -> Column:
        """An enclosure of x(γ), from a point near it. Raises ProofFailure as `distance`."""
        distance = self.distance(evaluator, gamma, near)
        return [arb(0) if self.witness.radius is None else x + arb(0, distance) for x in near]


@dataclass(frozen=True)
class Branch:
    """What is known of the branch and the field after its form is proved definite. h: of the piece."""

    tube: FormTube
    piece: FieldOnPiece
    h: arb


def settle_form(field: TubeField, witness: FormWitness, ends: Ends, factors: tuple[Factor, Factor]) -> FormTube:
    """Theorem L over the piece. factors: Cholesky factors for A_0 − hA_1 and for A_0 + hA_1, untrusted.

    Raises ProofFailure (BRANCH_NOT_VERIFIED, AXIS_NOT_CLEAR, NOT_FINITE).
    """
    if not is_symmetric(witness.form.entries):
        raise ValueError("a symmetric form is expected")
    return settle_branch(field, witness, ends, factors).tube


def settle_branch(field: TubeField, witness: FormWitness, ends: Ends, factors: tuple[Factor, Factor]) -> Branch:
    """Only (1) of Theorem L, for which the form need not be symmetric. Raises ProofFailure as `settle_form`."""
    if not ends[0] <= witness.gamma <= ends[1] or witness.margin <= 0:
        raise ValueError("γ̃ in the piece and a positive q are expected")
    h = largest([ball(max(ends[1] - witness.gamma, witness.gamma - ends[0]))])
    r = arb(0) if witness.radius is None else witness.radius
    piece = field.on_piece(ball(witness.gamma), witness.curve, h, r, witness.bend)
    P = form_ball(witness.form)
    size_P = sizes(P)
    eta = defect(P, size_P, piece.parts)
    if witness.radius is not None and not proves_less(2 * ROOM * eta, ball(witness.margin) * witness.radius):
        raise DefectTooLarge(eta)
    epsilon = require_definite(piece, h, witness.form, size_P, witness.margin, factors)
    return Branch(FormTube(ends, witness, P, epsilon, eta), piece, h)


def form_ball(form: Scaled) -> arb_mat:
    return arb_mat(form.entries) * arb(2) ** -form.exponent


def require_definite(
    piece: FieldOnPiece,
    h: arb,
    form: Scaled,
    size_P: arb_mat,
    margin: Fraction,
    factors: tuple[Factor, Factor],
    shift: arb_mat | None = None,
) -> Remainder:
    """PA + AᵀPᵀ ⪰ qI on the tube, for A less a constant ``shift``; the ε of the remainder. size_P: |P|. Raises
    NotDefinite."""
    controls = [piece.centre + piece.A1 * (s * h) for s in (-1, 1)]
    rounded = [rounded_matrix(A if shift is None else A - shift) for A in controls]
    epsilon = remainder(size_P, piece.around_centre, largest(change for _, change in rounded))
    for (A, _), factor in zip(rounded, factors, strict=True):
        product = form.entries * A.entries
        M = Scaled(product + product.transpose(), form.exponent + A.exponent)
        if not proves_less(ball(margin) + ROOM * epsilon.most, ball(least_eigenvalue_bound(M, factor))):
            raise NotDefinite(epsilon)
    return epsilon


def defect(P: arb_mat, size_P: arb_mat, parts: Sequence[Part]) -> arb:
    """η ≥ |Pf(c(γ), γ)|_2 over all parts."""
    return largest(defect_on(P, size_P, part) for part in parts)


def defect_on(P: arb_mat, size_P: arb_mat, part: Part) -> arb:
    """Σ_j η^j|Pf_j|_2 + η^k||P|D|_2 around the centre, k the order of the last coefficient."""
    near = sum((part.eta**j * norm(column) for j, column in enumerate(times(P, *part.f.at))), arb(0))
    return near + part.eta ** (len(part.f.at) - 1) * norm(times(size_P, part.f.drift)[0])


def remainder(size_P: arb_mat, rest: Rest, change: arb) -> Remainder:
    """ε ≥ |PE + EᵀPᵀ|_2 for all E with |E_ij| ≤ Ē_ij + change: by Collatz max_i (Fv)_i/v_i for any v > 0 and

    F = |P|(Ē + change·11ᵀ) + (Ē + change·11ᵀ)ᵀ|P|ᵀ, which is symmetric and entry by entry at least |PE + EᵀPᵀ|.
    """
    turned_P = size_P.transpose()
    n = size_P.nrows()
    v, best = [arb(1)] * n, arb.pos_inf()
    judge = v
    sums = times(size_P, v)[0]
    for _ in range(STEPS):
        weighted = times(turned_P, v)[0]
        straight, turned = times(size_P, rest.times(v))[0], rest.turned(weighted)
        total_v, total_w = change * sum(v, arb(0)), change * sum(weighted, arb(0))
        image = [x + y + total_v * s + total_w for x, y, s in zip(straight, turned, sums, strict=True)]
        quotient = largest(x / y for x, y in zip(image, v, strict=True))
        if bool(quotient < best):
            best, judge = quotient, v
        top = largest(image)
        if not top.is_finite():
            raise ProofFailure(FailureCode.NOT_FINITE, "the Jacobian is not bounded over the tube")
        if not proves_positive(top):
            return Remainder(arb(0), arb(0))
        v = [(x.upper() / top + arb(2) ** -20).upper() for x in image]
    beside = rest.still(arb(1))
    turned = beside.turned(times(turned_P, judge)[0])
    image = [x + y for x, y in zip(times(size_P, beside.times(judge))[0], turned, strict=True)]
    return Remainder(best, largest(x / y for x, y in zip(image, judge, strict=True)))


def rounded_matrix(A: arb_mat) -> tuple[Scaled, arb]:
    """Integers close to A, and a bound of what the rounding (and a box of weights) changes in any entry."""
    if not all(x.is_finite() for x in A.entries()):
        raise ProofFailure(FailureCode.NOT_FINITE, "an entry of the Jacobian is not finite")
    unit = 2.0**CONTROL_BITS
    entries = fmpz_mat(A.nrows(), A.ncols(), [round(float(x.mid()) * unit) for x in A.entries()])
    rest = (A - arb_mat(entries) * arb(2) ** -CONTROL_BITS).entries()
    return Scaled(entries, CONTROL_BITS), largest(abs(x) for x in rest)
