"""H4: the first Lyapunov coefficient from enclosed eigenvectors, always by the n-dimensional formula.

On the zero branch the formulas are SymPy's closed form; there, where B ≠ 0, the system (2iωI − A)h = B(q, q) is
enclosed by Lemma C. In general B and C come from emitted jets and both systems are enclosed. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_negative, proves_positive, square
from .crossing import Slope
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .normal_form import HopfNormalForm, ZeroBranchNormalForm
from .resolvent import Resolvent
from .spectrum import Basis, Spectrum


@dataclass(frozen=True)
class ZeroBranchLyapunov:
    """ℓ1 (normalised by q^H q = p^H q = 1) with the numbers it was computed from.

    im_S: Im(S/(p^H q)); q_norm_squared: q^H q for the q used; resolvent_gap: β of Lemma C, or None.
    """

    first_lyapunov_coefficient: arb
    im_S: arb
    q_norm_squared: arb
    resolvent_gap: arb | None


def enclose_on_zero_branch(
    normal_form: ZeroBranchNormalForm,
    resolvent: Resolvent | None,
    gamma: arb,
    omega: arb,
    q: list[acb],
    p_bar: list[acb],
    pq_defect: arb,
) -> ZeroBranchLyapunov:
    """ℓ1 over all W in the box. q, p_bar: enclosures with Aq = iωq and |p^H q − 1| ≤ pq_defect.

    resolvent is needed when the emitted formula has a quadratic part. Raises ProofFailure.
    """
    if not proves_positive(1 - pq_defect):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "p^H q is not proved nonzero")
    pq = acb(arb(1, pq_defect), arb(0, pq_defect))
    S, q_norm_squared = normal_form.lyapunov_sums(p_bar, q)
    im_S = (S / pq).imag
    if not proves_positive(q_norm_squared):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    if not normal_form.quadratic:
        ell1 = normal_form.first_lyapunov_coefficient_on_branch(omega, im_S, arb(0), q_norm_squared)
        return ZeroBranchLyapunov(ell1, im_S, q_norm_squared, None)
    if resolvent is None:
        raise ValueError("a formula with a quadratic part needs the resolvent")
    sigma1 = normal_form.sigma_at_zero()[0]
    nu = omega / sigma1
    v = normal_form.B_qq(nu, q)
    # (2iωI − σ_1 W(γ))h = v is (zI − W⁰)h = v/σ_1 with z = 2iω/σ_1 − γ
    z = acb(-gamma, 2 * nu)
    h, beta = resolvent.solve(z, [x / sigma1 for x in v])
    T = normal_form.quadratic_sum(omega, nu, p_bar, q, h) / pq
    ell1 = normal_form.first_lyapunov_coefficient_on_branch(omega, im_S, T.real, q_norm_squared)
    return ZeroBranchLyapunov(ell1, im_S, q_norm_squared, beta)


@dataclass(frozen=True)
class LyapunovEnclosure:
    """ℓ1 with its three terms (real parts, divided by p^H q), q^H q for the q used, and β of both linear systems."""

    first_lyapunov_coefficient: arb
    terms: tuple[arb, arb, arb]
    q_norm_squared: arb
    gap_0: arb
    gap_2: arb
    delta_right: arb
    delta_left: arb
    pq_defect: arb


def enclose_first_lyapunov_coefficient(
    field: FieldBalls,
    normal_form: HopfNormalForm,
    basis: Basis,
    spectrum: Spectrum,
    expansion: Expansion,
    omega: arb,
    slope: Slope,
) -> LyapunovEnclosure:
    """ℓ1 over the boxes of ``expansion`` (order 3), with the eigenvectors of ``slope``. Raises ProofFailure.

    c_1 = p^H C(q,q,q̄), c_2 = −2p^H B(q, g), Ag = B(q,q̄), c_3 = p^H B(q̄, h), (2iω − A)h = B(q,q), each over p^H q.
    """
    q, p_bar = slope.q, slope.p_bar
    q_conjugate = [x.conjugate() for x in q]
    resolvent = Resolvent(spectrum, basis.witness.X, basis.witness.Y)

    def projected(v: list[acb]) -> acb:
        return sum((p * x for p, x in zip(p_bar, v, strict=True)), acb(0)) / slope.pq

    minus_g, gap_0 = resolvent.solve(acb(0), field.B(expansion, q, q_conjugate))  # (0 − A)(−g) = B(q, q̄)
    h, gap_2 = resolvent.solve(acb(0, 2 * omega), field.B(expansion, q, q))
    terms = (
        projected(field.C(expansion, q, q, q_conjugate)).real,
        2 * projected(field.B(expansion, q, [acb(x.real) for x in minus_g])).real,
        projected(field.B(expansion, q_conjugate, h)).real,
    )
    q_norm_squared = sum((square(x.real) + square(x.imag) for x in q), arb(0))
    if not proves_positive(q_norm_squared):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    ell1 = normal_form.first_lyapunov_coefficient(omega, q_norm_squared, *terms)
    bounds = slope.bounds
    return LyapunovEnclosure(
        ell1, terms, q_norm_squared, gap_0, gap_2, bounds.delta_right, bounds.delta_left, bounds.pq_defect
    )


def criticality(ell1: arb) -> str:
    """"supercritical" (ℓ1 < 0) or "subcritical" (ℓ1 > 0); raises ProofFailure when 0 is not excluded."""
    if proves_negative(ell1):
        return "supercritical"
    if proves_positive(ell1):
        return "subcritical"
    raise ProofFailure(
        FailureCode.LYAPUNOV_ENCLOSES_ZERO, "the enclosure of the first Lyapunov coefficient contains 0"
    )
