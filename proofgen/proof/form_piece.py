"""Theorem L: one symmetric matrix P proves a piece of the branch clear (MATHEMATICS.md, section 14).

If PA + AᵀP ⪰ qI, q > 0, for A = D_x f on the tube |x − c(γ)|_2 ≤ r over Γ and 2|Pf(c(γ), γ)|_2 < qr there, then at
every γ ∈ Γ exactly one equilibrium lies in the tube, |x(γ) − x̂|_2 ≤ (2/q)|Pf(x̂, γ)|_2 for every x̂ of the tube, x is
analytic, and A(x(γ), γ) has no eigenvalue on the imaginary axis.

A lies between the two control matrices A_0 ± hA_1 up to a remainder of entries at most Ē; so the first condition
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
from .layer_motion import Column, FieldOnPiece, LayeredField, Part, Stage, field_on_piece, norm, sizes, times
from .pieces import inside

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

    def __init__(self, epsilon: arb) -> None:
        super().__init__(FailureCode.AXIS_NOT_CLEAR, "PA + AᵀP ⪰ qI is not proved over the piece")
        self.epsilon = epsilon


@dataclass(frozen=True)
class FormWitness:
    """γ̃, c_0, …, c_3, r, q and P: exact and untrusted. On the trivial branch curve and radius are None.

    Of a piece with a crossing only the branch is proved in this way: its P, there named G, need not be symmetric.
    """

    gamma: Fraction
    curve: tuple[Column, ...] | None
    radius: arb | None
    margin: Fraction
    form: Scaled


@dataclass(frozen=True)
class FormTube:
    """The branch over a piece. P: the form as a ball matrix; epsilon: ε of its remainder; eta: η."""

    ends: Ends
    witness: FormWitness
    P: arb_mat
    epsilon: arb
    eta: arb

    def centre(self, gamma: arb) -> Column:
        """c(γ)."""
        curve = self.witness.curve
        if curve is None:
            return [arb(0)] * self.P.nrows()
        step = gamma - ball(self.witness.gamma)
        return [a + step * (b + step * (c + step * d)) for a, b, c, d in zip(*curve, strict=True)]

    def holds(self, gamma: Fraction, x: Sequence[arb]) -> bool:
        """Certainly every point of the box x lies in the tube at γ."""
        return self.ends[0] <= gamma <= self.ends[1] and self._around(ball(gamma), x)

    def holds_over(self, gamma: arb, x: Sequence[arb]) -> bool:
        """Certainly every γ of the ball lies in the open piece, and every point of the box x in the tube there."""
        return inside(gamma, self.ends) and self._around(gamma, x)

    def _around(self, gamma: arb, x: Sequence[arb]) -> bool:
        if self.witness.radius is None:
            return all(entry.is_zero() for entry in x)
        away = norm([a - c for a, c in zip(x, self.centre(gamma), strict=True)])
        return proves_less(away, self.witness.radius)

    def equilibrium_near(self, evaluator: FieldBalls, gamma: Fraction, near: Sequence[arb]) -> Column:
        """An enclosure of x(γ), from a point near it: its distance is at most (2/q)|Pf(near, γ)|_2.

        Raises ProofFailure unless ``near`` certainly lies in the tube.
        """
        if not self.holds(gamma, near):
            raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "an approximate equilibrium lies outside of its tube")
        if self.witness.radius is None:
            return [arb(0)] * len(near)
        value = evaluator.expand(ball(gamma), list(near), 0).value
        distance = largest([2 * norm(times(self.P, value)[0]) / ball(self.witness.margin)])
        return [x + arb(0, distance) for x in near]


@dataclass(frozen=True)
class Branch:
    """What is known of the branch and the field after its form is proved definite. h: of the piece."""

    tube: FormTube
    piece: FieldOnPiece
    h: arb


def settle_form(field: LayeredField, witness: FormWitness, ends: Ends, factors: tuple[Factor, Factor]) -> FormTube:
    """Theorem L over the piece. factors: Cholesky factors for A_0 − hA_1 and for A_0 + hA_1, untrusted.

    Raises ProofFailure (BRANCH_NOT_VERIFIED, AXIS_NOT_CLEAR, NOT_FINITE).
    """
    if not is_symmetric(witness.form.entries):
        raise ValueError("a symmetric form is expected")
    return settle_branch(field, witness, ends, factors).tube


def settle_branch(field: LayeredField, witness: FormWitness, ends: Ends, factors: tuple[Factor, Factor]) -> Branch:
    """Only (1) of Theorem L, for which the form need not be symmetric. Raises ProofFailure as `settle_form`."""
    if not ends[0] <= witness.gamma <= ends[1] or witness.margin <= 0:
        raise ValueError("γ̃ in the piece and a positive q are expected")
    h = largest([ball(max(ends[1] - witness.gamma, witness.gamma - ends[0]))])
    r = arb(0) if witness.radius is None else witness.radius
    piece = field_on_piece(field, ball(witness.gamma), witness.curve, h, r)
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
) -> arb:
    """PA + AᵀPᵀ ⪰ qI on the tube, for A less a constant ``shift``; the ε of the remainder. size_P: |P|. Raises
    NotDefinite."""
    controls = [piece.A0 + piece.A1 * (s * h) for s in (-1, 1)]
    rounded = [rounded_matrix(A if shift is None else A - shift) for A in controls]
    epsilon = remainder(size_P, piece.stages, h, largest(change for _, change in rounded))
    for (A, _), factor in zip(rounded, factors, strict=True):
        product = form.entries * A.entries
        M = Scaled(product + product.transpose(), form.exponent + A.exponent)
        if not proves_less(ball(margin) + ROOM * epsilon, ball(least_eigenvalue_bound(M, factor))):
            raise NotDefinite(epsilon)
    return epsilon


def defect(P: arb_mat, size_P: arb_mat, parts: Sequence[Part]) -> arb:
    """η ≥ |Pf(c(γ), γ)|_2 over all parts: Σ_j η^j|Pf_j|_2 + η³||P|D|_2 around each centre."""
    bounds = []
    for part in parts:
        near = sum((part.eta**j * norm(column) for j, column in enumerate(times(P, *part.f.at))), arb(0))
        bounds.append(near + part.eta**3 * norm(times(size_P, part.f.drift)[0]))
    return largest(bounds)


def remainder(size_P: arb_mat, stages: Sequence[Stage], h: arb, change: arb) -> arb:
    """ε ≥ |PE + EᵀPᵀ|_2 for all E with |E_ij| ≤ Ē_ij + change: by Collatz max_i (Fv)_i/v_i for any v > 0 and

    F = |P|(Ē + change·11ᵀ) + (Ē + change·11ᵀ)ᵀ|P|ᵀ, which is symmetric and entry by entry at least |PE + EᵀPᵀ|.
    """
    turned, turned_P = turned_sizes(stages), size_P.transpose()
    n = size_P.nrows()
    v, best = [arb(1)] * n, arb.pos_inf()
    sums = times(size_P, v)[0]
    for _ in range(STEPS):
        weighted = times(turned_P, v)[0]
        straight = times(size_P, deviation(stages, v, h))[0]
        turned_ = deviation_turned(stages, turned, weighted, h)
        total_v, total_w = change * sum(v, arb(0)), change * sum(weighted, arb(0))
        image = [x + y + total_v * s + total_w for x, y, s in zip(straight, turned_, sums, strict=True)]
        quotient = largest(x / y for x, y in zip(image, v, strict=True))
        best = quotient if bool(quotient < best) else best
        top = largest(image)
        if not top.is_finite():
            raise ProofFailure(FailureCode.NOT_FINITE, "the Jacobian is not bounded over the tube")
        if not proves_positive(top):
            return arb(0)
        v = [(x.upper() / top + arb(2) ** -20).upper() for x in image]
    return best


def turned_sizes(stages: Sequence[Stage]) -> list[tuple[arb_mat, arb_mat | None]]:
    return [(s.size_W.transpose(), None if s.size_E is None else s.size_E.transpose()) for s in stages]


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


def rounded_matrix(A: arb_mat) -> tuple[Scaled, arb]:
    """Integers close to A, and a bound of what the rounding (and a box of weights) changes in any entry."""
    if not all(x.is_finite() for x in A.entries()):
        raise ProofFailure(FailureCode.NOT_FINITE, "an entry of the Jacobian is not finite")
    unit = 2.0**CONTROL_BITS
    entries = fmpz_mat(A.nrows(), A.ncols(), [round(float(x.mid()) * unit) for x in A.entries()])
    rest = (A - arb_mat(entries) * arb(2) ** -CONTROL_BITS).entries()
    return Scaled(entries, CONTROL_BITS), largest(abs(x) for x in rest)


def _product(a: Column, b: Column) -> Column:
    return [x * y for x, y in zip(a, b, strict=True)]


def _sum(*columns: Column) -> Column:
    return [sum(entries, arb(0)) for entries in zip(*columns, strict=True)]
