"""Where W(γ) is singular along the branch W(γ)x + b = 0: a line of equilibria, or a pole (MATHEMATICS.md, section 20).

μ: a simple real eigenvalue of W⁰ whose real part no other has; γ_k = −μ; with the eigenvectors q, p of Theorem B

    b = 0:    the solutions at γ_k are the points of the line Rq;
    pb ≠ 0:   x(γ) = r/(γ − γ_k) + O(1),   r = −(pb)q/(pq),   |r| = |pb| √(qᵀq)/|pq| .

Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from ..numbers.balls import dot, proves_nonzero, proves_positive
from .eigenvectors import eigenvector_bounds, enclose_pair
from .failure import FailureCode, ProofFailure
from .spectrum import Basis, Spectrum, real_part_separation
from .zero_branch import unstable_others


@dataclass(frozen=True)
class SingularProof:
    """block: of the eigenvalue; parameter γ_k; speed σ_1; unstable, stable: numbers of the other eigenvalues, of which
    |Re λ| ≥ spectral_gap; vector: of a line the direction, of length 1, of a pole r; left_bias pb and coefficient |r|:
    of a pole, else None. The rest are the numbers of the verified inequalities (FORMAT.md, section 27, "bounds")."""

    block: int
    parameter: arb
    speed: arb
    unstable: int
    stable: int
    spectral_gap: arb
    eigenvalue: arb
    disc_radius: arb
    separation: arb
    delta_right: arb
    delta_left: arb
    pq_defect: arb
    q_norm_squared: arb
    vector: list[arb]
    left_bias: arb | None
    coefficient: arb | None


def prove_singular(spectrum: Spectrum, basis: Basis, bias: list[arb] | None, sigma_1: arb, k: int) -> SingularProof:
    """k: a real block of the classification, alone with its real part; bias: b with its box, None for 0. Raises
    ProofFailure."""
    gap, _ = real_part_separation(spectrum, k)
    if k < spectrum.m or gap is None or not proves_positive(gap):
        raise ProofFailure(FailureCode.REAL_PARTS_NOT_SEPARATED, "the real eigenvalue is not alone with its real part")
    bounds = eigenvector_bounds(spectrum, k)
    q, p = ([x.real for x in vector] for vector in enclose_pair(basis, k, bounds))
    norm_squared = dot(q, q)
    if not proves_positive(norm_squared) or not proves_positive(1 - bounds.pq_defect):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q = 0 or pq = 0 is not excluded")
    left_bias = coefficient = None
    if bias is None:
        length = norm_squared.sqrt()
        vector = [x / length for x in q]
    else:
        left_bias, pq = dot(p, bias), arb(1, bounds.pq_defect)
        if not proves_nonzero(left_bias):
            raise ProofFailure(FailureCode.COEFFICIENT_ENCLOSES_ZERO, "pb encloses 0, and b = 0 is not known")
        vector = [-left_bias * x / pq for x in q]
        coefficient = abs(left_bias) * norm_squared.sqrt() / pq
    eigenvalue = arb(spectrum.d[k].real, spectrum.g[k])
    unstable = unstable_others(spectrum, k, not proves_positive(sigma_1))
    return SingularProof(
        block=k,
        parameter=-eigenvalue,
        speed=sigma_1,
        unstable=unstable,
        stable=spectrum.n - 1 - unstable,
        spectral_gap=abs(sigma_1) * gap,
        eigenvalue=eigenvalue,
        disc_radius=spectrum.g[k],
        separation=gap,
        delta_right=bounds.delta_right,
        delta_left=bounds.delta_left,
        pq_defect=bounds.pq_defect,
        q_norm_squared=norm_squared,
        vector=vector,
        left_bias=left_bias,
        coefficient=coefficient,
    )
