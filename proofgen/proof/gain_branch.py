"""All Hopf points on x = 0 of x' = −δx + σ(γWx) and of x' = −δx + γWσ(x), δ ≠ 0, for all real γ.

There A = σ_1γW − δI, whose eigenvalues −δ + σ_1γμ have real part 0 at γ = δ/(σ_1 Re μ) alone, and for no γ where
Re μ = 0. With the discs K_k = {|z − d_k| ≤ g_k} of Theorem A for W:

H2  if 0 ∉ Re K_k, Im d_k > g_k and |Re d_j − Re d_k| > g_j + g_k for every other block j, exactly one eigenvalue μ lies
    in K_k, and at γ* = δ/(σ_1 Re μ) the spectrum of A meets the axis in ±iω only, ω = |δ Im μ/Re μ|, both simple;
H1  x* = 0;
H3  λ(γ) = −δ + σ_1γμ, so d = σ_1 Re μ ≠ 0;
H4  Theorem B and the closed form of ℓ1 (`symbolic.gain_branch`).

Arithmetic: balls only (MATHEMATICS.md, section 21).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import enclosure, largest, proves_nonzero, proves_positive, smallest, square
from ..progress import Progress
from .eigenvectors import EigenvectorTheorem, enclose_eigenvectors
from .failure import Failure, FailureCode, ProofFailure
from .lyapunov import criticality
from .normal_form import GainBranchNormalForm
from .resolvent import Resolvent
from .spectrum import BOUND_BITS, Spectrum, Witness, enclose_spectrum, real_part_separation
from .zero_branch import Undecided
from .zero_eigenvalues import all_zero


@dataclass(frozen=True)
class GainPointProof:
    """One proved nondegenerate Hopf point on x = 0. As `ZeroBranchPointProof`; away: a lower bound of |Re μ|; S: over
    p^H q, for the vectors with Wq = μq, Im μ > 0."""

    pair: int
    parameter: arb
    omega: arb
    first_lyapunov_coefficient: arb
    crossing_speed: arb
    unstable_eigenvalues: int
    stable_eigenvalues: int
    criticality: str
    spectral_gap: arb | None
    eigenvalue: acb
    disc_radius: arb
    isolation: arb
    away: arb
    separation: arb | None
    delta_right: arb
    delta_left: arb
    pq_defect: arb
    q_norm_squared: arb
    S: acb
    resolvent_gap: arb | None


@dataclass(frozen=True)
class GainBranchProof:
    """The classification over all real γ. beyond: crossings that are in no list have |γ| ≥ this (None: there are none),
    those of eigenvalues whose real part may be 0, or of all where there is no spectrum."""

    points: list[GainPointProof]
    undecided: list[Undecided]
    real_crossings: list[tuple[int, arb]]
    spectrum: Spectrum | None
    beyond: tuple[arb, Failure] | None


@dataclass(frozen=True)
class GainLaw:
    """How the spectrum of W moves: δ and σ_1 as balls."""

    delta: arb
    sigma_1: arb

    def parameter(self, spectrum: Spectrum, k: int, widened: int = 1) -> arb:
        """γ at which an eigenvalue of K_k, or of a larger disc, has real part 0; not finite where Re μ may be 0."""
        return self.delta / (self.sigma_1 * arb(spectrum.d[k].real, widened * spectrum.g[k]))

    def omega(self, spectrum: Spectrum, k: int) -> arb:
        return abs(self.delta) * arb(spectrum.d[k].imag, spectrum.g[k]) / abs(arb(spectrum.d[k].real, spectrum.g[k]))


def prove_gain_branch(
    W: arb_mat,
    delta: arb,
    normal_form: GainBranchNormalForm,
    witness: Witness | None,
    degenerate: Failure | None,
    progress: Progress,
    dimension: Callable[[], int],
) -> GainBranchProof:
    """Apply the method at the working precision in force. Never raises for mathematical reasons.

    degenerate: a reason known in advance why ℓ1 = 0, reported with every point; dimension: of the kernel of W.
    """
    law = GainLaw(delta, normal_form.sigma_at_zero()[0])
    norm = largest(sum((abs(x) for x in row), arb(0)) for row in W.table())
    nothing = Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
    try:
        if witness is None:
            raise ProofFailure(nothing.code, nothing.reason)
        progress("spectrum", 0, 1)
        spectrum = enclose_spectrum(W, witness, by_entries=False, bits=BOUND_BITS)
    except ProofFailure as error:
        return GainBranchProof([], [], [], None, (_far(law, norm), degenerate or error.failure))
    progress("spectrum", 1, 1)
    separated: dict[int, arb | None] = {}
    undecided: list[Undecided] = []
    real_crossings: list[tuple[int, arb]] = []
    far: dict[int, arb] = {}
    for k in range(len(spectrum.d)):
        re = arb(spectrum.d[k].real, spectrum.g[k])
        if not proves_nonzero(re):
            far[k] = _far(law, abs(re))
            continue
        gap, nearest = real_part_separation(spectrum, k)
        if gap is not None and not proves_positive(gap):
            undecided.append(_not_separated(law, spectrum, k, nearest))
        elif k >= spectrum.m:
            real_crossings.append((k, law.parameter(spectrum, k)))
        elif not proves_positive(smallest([spectrum.d[k].imag - spectrum.g[k]])):
            reason = "the eigenvalue could be a complex pair or two real eigenvalues"
            undecided.append(Undecided(law.parameter(spectrum, k), Failure(FailureCode.EIGENVALUE_TYPE, reason)))
        elif degenerate is not None:
            undecided.append(Undecided(law.parameter(spectrum, k), degenerate, law.omega(spectrum, k)))
        else:
            separated[k] = gap
    beyond = None
    if far and not all_zero(spectrum, list(far), dimension):
        reason = "an eigenvalue of W may have real part 0; if it has not, A has one on the axis for a large γ"
        beyond = smallest(far.values()), Failure(FailureCode.REAL_PART_ENCLOSES_ZERO, reason)
    points, opened = _hopf_points(spectrum, witness, law, normal_form, separated, progress)
    return GainBranchProof(points, undecided + opened, real_crossings, spectrum, beyond)


def _far(law: GainLaw, size: arb) -> arb:
    """A lower bound of |γ| for eigenvalues of W with |Re μ| ≤ size."""
    bound = arb(enclosure(size)[1].numerator) / enclosure(size)[1].denominator
    return (abs(law.delta) / (abs(law.sigma_1) * bound)).lower() if proves_positive(bound) else arb("inf")


def _not_separated(law: GainLaw, spectrum: Spectrum, k: int, nearest: int | None) -> Undecided:
    kinds = sorted("pair" if block < spectrum.m else "real" for block in (k, nearest or 0))
    meaning = {
        ("pair", "pair"): "two complex pairs, a double Hopf point cannot be excluded",
        ("pair", "real"): "a complex pair and a real eigenvalue, a fold-Hopf point cannot be excluded",
        ("real", "real"): "two real eigenvalues",
    }[kinds[0], kinds[1]]
    failure = Failure(
        FailureCode.REAL_PARTS_NOT_SEPARATED, f"{meaning}: they reach the imaginary axis within the same enclosure"
    )
    return Undecided(law.parameter(spectrum, k), failure, law.omega(spectrum, k) if k < spectrum.m else None)


def _hopf_points(
    spectrum: Spectrum,
    witness: Witness,
    law: GainLaw,
    normal_form: GainBranchNormalForm,
    separated: dict[int, arb | None],
    progress: Progress,
) -> tuple[list[GainPointProof], list[Undecided]]:
    opened: list[Undecided] = []
    theorem = EigenvectorTheorem(spectrum, BOUND_BITS)
    ks, bounds = [], []
    for k in separated:
        try:
            bounds.append(theorem.bounds(k))
            ks.append(k)
        except ProofFailure as error:
            opened.append(Undecided(law.parameter(spectrum, k), error.failure, law.omega(spectrum, k)))
    qs, p_bars = enclose_eigenvectors(witness, ks, bounds)
    resolvent = Resolvent(spectrum, witness.X, witness.Y) if normal_form.quadratic else None
    points: list[GainPointProof] = []
    for index, (k, bound, q, p_bar) in enumerate(zip(ks, bounds, qs, p_bars, strict=True)):
        progress("Hopf points", index, len(ks))
        gamma, omega, ell1 = law.parameter(spectrum, k), law.omega(spectrum, k), None
        alpha = arb(spectrum.d[k].real, spectrum.g[k])
        try:
            if not (proves_positive(omega) and gamma.is_finite() and proves_positive(1 - bound.pq_defect)):
                raise ProofFailure(FailureCode.NOT_FINITE, "ω is not proved positive, or p^H q not nonzero")
            mu = acb(alpha, arb(spectrum.d[k].imag, spectrum.g[k]))
            ell1, S, norm_squared, beta = _lyapunov(
                law, normal_form, resolvent, mu, omega, q, p_bar, bound.pq_defect
            )
            kind = criticality(ell1)
        except ProofFailure as error:
            finite = ell1 if ell1 is not None and ell1.is_finite() else None
            opened.append(Undecided(gamma, error.failure, omega, finite))
            continue
        gap = separated[k]
        n_u = _unstable(spectrum, k, law)
        points.append(
            GainPointProof(
                pair=k,
                parameter=gamma,
                omega=omega,
                first_lyapunov_coefficient=ell1,
                crossing_speed=law.sigma_1 * alpha,
                unstable_eigenvalues=n_u,
                stable_eigenvalues=spectrum.n - 2 - n_u,
                criticality=kind,
                spectral_gap=None if gap is None else abs(law.delta / alpha) * gap,
                eigenvalue=acb(alpha, arb(spectrum.d[k].imag, spectrum.g[k])),
                disc_radius=spectrum.g[k],
                isolation=spectrum.d[k].imag - spectrum.g[k],
                away=abs(spectrum.d[k].real) - spectrum.g[k],
                separation=gap,
                delta_right=bound.delta_right,
                delta_left=bound.delta_left,
                pq_defect=bound.pq_defect,
                q_norm_squared=norm_squared,
                S=S,
                resolvent_gap=beta,
            )
        )
    progress("Hopf points", len(ks), len(ks))
    return points, opened


def _lyapunov(
    law: GainLaw,
    normal_form: GainBranchNormalForm,
    resolvent: Resolvent | None,
    mu: acb,
    omega: arb,
    q: list[acb],
    p_bar: list[acb],
    pq_defect: arb,
) -> tuple[arb, acb, arb, arb | None]:
    """ℓ1, S, q^H q and β of Lemma C (None where there is no quadratic part). Raises ProofFailure.

    q, p belong to μ; where σ_1γ* < 0, iω belongs to its conjugate, with the conjugates of all numbers here: Re c1 is
    the same.
    """
    pq = acb(arb(1, pq_defect), arb(0, pq_defect))
    S, norm_squared = normal_form.lyapunov_sums(p_bar, q)
    S = S / pq
    if not proves_positive(norm_squared):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    U, beta = acb(0), None
    if resolvent is not None:
        alpha, zeta = mu.real, acb(mu.real, 2 * mu.imag)
        g, beta_g = resolvent.solve(acb(alpha), [acb(square(x.real) + square(x.imag)) for x in q])
        h, beta_h = resolvent.solve(zeta, [x * x for x in q])
        beta = smallest([beta_g, beta_h])
        U = normal_form.quadratic_sum(alpha, zeta, p_bar, q, g, h) / pq
    kappa = acb(law.delta, law.delta * mu.imag / mu.real) / law.sigma_1
    ell1 = normal_form.first_lyapunov_coefficient_on_gain_branch(omega, kappa, S, U, norm_squared)
    return ell1, S, norm_squared, beta


def _unstable(spectrum: Spectrum, k: int, law: GainLaw) -> int:
    """n_u: Re λ_j = δ(Re μ_j − Re μ)/Re μ, and separation is proved."""
    own = law.delta * spectrum.d[k].real
    return sum(
        spectrum.multiplicity(j)
        for j, d in enumerate(spectrum.d)
        if j != k and proves_positive(own * (d.real - spectrum.d[k].real))
    )
