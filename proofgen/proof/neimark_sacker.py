"""A nondegenerate Neimark–Sacker point of a map: N1 to N5 (MATHEMATICS.md, section 18).

N1, N2 and N4 are those of a crossing of the unit circle by one pair; N3: the multiplier e^(iθ) has k-th powers other
than 1 for k = 1, 2, 3, 4, that is sin θ > 0 and cos θ is neither 0 nor −1/2; N5: a ≠ 0. Of an odd map at x = 0 the
resonance k = 3 is none, as B = 0 there. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_negative, proves_nonzero, proves_positive
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .map_point import OnCircle, projected, prove_on_circle
from .normal_form import NeimarkSackerNormalForm
from .resolvent import Resolvent
from .spectrum import Basis
from .tube import BranchWitness

Terms = tuple[arb, arb, arb]
Coefficient = tuple[arb, Terms, tuple[arb | None, arb | None]]


@dataclass(frozen=True)
class NeimarkSackerProof:
    """theta: of the multiplier e^(iθ), 0 < θ < π; coefficient: a (q^H q = p^H q = 1); terms: its three terms for the q
    used; gap_1, gap_2: β of Lemma C for I − D_xF and e^(2iθ)I − D_xF, None where B = 0 and cos θ may be −1/2;
    isolation: a lower bound of sin θ."""

    point: OnCircle
    theta: arb
    cosine: arb
    isolation: arb
    coefficient: arb
    terms: Terms
    gap_1: arb | None
    gap_2: arb | None

    @property
    def supercritical(self) -> bool:
        return proves_negative(self.coefficient)


def prove_neimark_sacker(
    field: FieldBalls,
    normal_form: NeimarkSackerNormalForm,
    basis: Basis,
    witness: BranchWitness,
    Gamma: arb,
    k: int,
    odd: bool = False,
) -> NeimarkSackerProof:
    """k: the pair that crosses in the window Γ; odd: x* = 0 and F(−x, γ) = −F(x, γ) are established.

    Raises ProofFailure.
    """
    point = prove_on_circle(field, basis, witness, Gamma, k)
    spectrum, mu = point.spectrum, point.multiplier
    cubic = odd and not proves_nonzero(2 * mu.real + 1)
    _require_no_strong_resonance(mu, quadratic=not cubic)
    a, terms, gaps = _cubic(field, normal_form, point) if cubic else _coefficient(field, normal_form, basis, point)
    if not proves_nonzero(a):
        raise ProofFailure(
            FailureCode.COEFFICIENT_ENCLOSES_ZERO, "the coefficient a of the Neimark–Sacker point encloses 0"
        )
    isolation = spectrum.d[k].imag - spectrum.g[k]
    return NeimarkSackerProof(point, mu.arg(), mu.real, isolation, a, terms, *gaps)


def _cubic(field: FieldBalls, normal_form: NeimarkSackerNormalForm, point: OnCircle) -> Coefficient:
    """a where B = 0: the second and the third term are 0, and no linear system is solved."""
    q = point.slope.q
    cubic = field.C(point.expansion, q, q, [x.conjugate() for x in q])
    terms = ((point.multiplier.conjugate() * projected(point, cubic)).real, arb(0), arb(0))
    return normal_form.neimark_sacker_coefficient(point.q_norm_squared, *terms), terms, (None, None)


def _coefficient(
    field: FieldBalls, normal_form: NeimarkSackerNormalForm, basis: Basis, point: OnCircle
) -> Coefficient:
    """a, its terms, and β of both linear systems."""
    spectrum, mu = point.spectrum, point.multiplier
    q, e = point.slope.q, point.expansion
    q_bar = [x.conjugate() for x in q]
    resolvent = Resolvent(spectrum, basis.witness.X, basis.witness.Y)
    # (I − D_xF)h = −Ah, and (μ²I − D_xF)h = ((μ² − 1)I − A)h with μ² − 1 = λ(2 + λ)
    h11, gap_1 = resolvent.solve(acb(0), field.B(e, q, q_bar))
    h20, gap_2 = resolvent.solve((mu - 1) * (mu + 1), field.B(e, q, q))
    turned = mu.conjugate()
    terms = (
        (turned * projected(point, field.C(e, q, q, q_bar))).real,
        (2 * turned * projected(point, field.B(e, q, [acb(x.real) for x in h11]))).real,
        (turned * projected(point, field.B(e, q_bar, h20))).real,
    )
    return normal_form.neimark_sacker_coefficient(point.q_norm_squared, *terms), terms, (gap_1, gap_2)


def _require_no_strong_resonance(mu: acb, quadratic: bool) -> None:
    """e^(ikθ) ≠ 1 for k = 1, …, 4, without a quadratic part but 3. The last leaves no trace in the formula of a."""
    if not proves_positive(mu.imag):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "sin θ is not proved positive")
    if quadratic and not proves_nonzero(2 * mu.real + 1):
        raise ProofFailure(FailureCode.STRONG_RESONANCE, "a strong resonance 1:3: cos θ = −1/2 is not excluded")
    if not proves_nonzero(mu.real):
        raise ProofFailure(FailureCode.STRONG_RESONANCE, "a strong resonance 1:4: cos θ = 0 is not excluded")
