"""A nondegenerate flip (period doubling) of a map: P1 to P4 (MATHEMATICS.md, section 18).

P1 and P3 are those of a crossing of the unit circle by one real multiplier; P2: it is −1 there, and simple; P4: c ≠ 0.
Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_negative, proves_nonzero, proves_positive
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .map_point import OnCircle, projected, prove_on_circle
from .normal_form import FlipNormalForm
from .resolvent import Resolvent
from .spectrum import Basis
from .tube import BranchWitness


@dataclass(frozen=True)
class FlipProof:
    """multiplier_speed: μ'(γ*), real; coefficient: c (qᵀq = lq = 1); terms: its two terms for the q used; gap_1: β of
    Lemma C for I − D_xF."""

    point: OnCircle
    multiplier_speed: arb
    coefficient: arb
    terms: tuple[arb, arb]
    gap_1: arb

    @property
    def supercritical(self) -> bool:
        return proves_positive(self.coefficient)


def prove_flip(
    field: FieldBalls, normal_form: FlipNormalForm, basis: Basis, witness: BranchWitness, Gamma: arb, k: int
) -> FlipProof:
    """k: the real block that crosses in the window Γ. Raises ProofFailure."""
    if k < basis.witness.pairs:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the multiplier is not a real one of the witness")
    point = prove_on_circle(field, basis, witness, Gamma, k)
    if not proves_negative(point.multiplier.real):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the multiplier on the unit circle is not proved to be −1")
    q, e = point.slope.q, point.expansion
    h, gap_1 = Resolvent(point.spectrum, basis.witness.X, basis.witness.Y).solve(acb(0), field.B(e, q, q))
    terms = (
        projected(point, field.C(e, q, q, q)).real,
        3 * projected(point, field.B(e, q, [acb(x.real) for x in h])).real,
    )
    c = normal_form.flip_coefficient(point.q_norm_squared, *terms)
    if not proves_nonzero(c):
        raise ProofFailure(FailureCode.COEFFICIENT_ENCLOSES_ZERO, "the coefficient c of the flip encloses 0")
    return FlipProof(point, point.slope.value.real, c, terms, gap_1)
