"""A real eigenvalue that crosses 0 on the branch x = 0 (of a map: a multiplier that crosses 1): transcritical points
and pitchforks (MATHEMATICS.md, section 20).

R1 and R2 are those of a crossing of the axis, or the circle, by one real block. Then, for q, p of any length,

    a = |t|/(2|q|),     t = p B(q, q)/pq;           e = t/(6 qᵀq),     t = p C(q, q, q)/pq   (f odd).

Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from ..numbers.balls import proves_nonzero
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .locus import IMAGINARY_AXIS, Locus, require_zero
from .map_point import OnCircle, projected, prove_on_circle
from .spectrum import Basis
from .tube import BranchWitness


@dataclass(frozen=True)
class ZeroCrossingProof:
    """point: on the imaginary axis or the unit circle, at x = 0; speed: λ'(γ*); odd: f is, so that it is a pitchfork
    with the coefficient e, else a transcritical point with a > 0; term: t."""

    point: OnCircle
    speed: arb
    odd: bool
    coefficient: arb
    term: arb


def prove_zero_crossing(
    field: FieldBalls,
    odd: bool,
    basis: Basis,
    witness: BranchWitness,
    Gamma: arb,
    k: int,
    locus: Locus = IMAGINARY_AXIS,
) -> ZeroCrossingProof:
    """k: the real block that crosses in the window Γ; odd: f(−x, γ) = −f(x, γ) is established. Raises ProofFailure."""
    if k < basis.witness.pairs:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue is not a real one of the witness")
    point = prove_on_circle(field, basis, witness, Gamma, k, locus)
    require_zero(point.spectrum, k, locus)
    if not all(x.is_zero() for x in point.equilibrium):
        raise ValueError("the branch is not x = 0")
    q, e = point.slope.q, point.expansion
    term = projected(point, field.C(e, q, q, q) if odd else field.B(e, q, q)).real
    if not proves_nonzero(term):
        reason = "e encloses 0, and a = 0" if odd else "a encloses 0, and the field is not seen to be odd"
        raise ProofFailure(FailureCode.COEFFICIENT_ENCLOSES_ZERO, reason)
    coefficient = term / (6 * point.q_norm_squared) if odd else abs(term) / (2 * point.q_norm_squared.sqrt())
    return ZeroCrossingProof(point, point.slope.value.real, odd, coefficient, term)
