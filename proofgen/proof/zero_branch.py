"""Method S: all Hopf points on the branch W(γ)x + b = 0 of x' = σ(W(γ)x + b), W(γ) = W⁰ + γI.

On it A = σ_1(W⁰ + γI). With the discs K_k = {|z − d_k| ≤ g_k} of Theorem A for W⁰:

H2  if Im d_k > g_k and |Re d_j − Re d_k| > g_j + g_k for every other block j, exactly one eigenvalue μ lies in
    K_k, and at γ* = −Re μ the spectrum of A meets the axis in ±iω only, ω = |σ_1| Im μ, both simple;
H1  W(γ*) is then invertible and x* = −W(γ*)⁻¹b;
H3  λ(γ) = σ_1(μ + γ), so d = σ_1;
H4  Theorem B and the closed form of ℓ1.

Every block is accounted for, so the whole branch is classified for all real γ (MATHEMATICS.md, section 8).
Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb, arb_mat

from ..numbers.balls import enclosure, largest, proves_nonzero, proves_positive, smallest
from ..progress import Progress
from .eigenvectors import EigenvectorTheorem, enclose_eigenvectors
from .failure import Failure, FailureCode, ProofFailure
from .field import FieldBalls
from .lyapunov import criticality, enclose_on_zero_branch
from .normal_form import ZeroBranchNormalForm
from .resolvent import Resolvent
from .spectrum import BOUND_BITS, Basis, Spectrum, Witness, enclose_spectrum, prepare_basis, real_part_separation


@dataclass(frozen=True)
class ZeroBranchPointProof:
    """One proved nondegenerate Hopf point; every field is an enclosure or a bound over the weight box.

    parameter γ*, omega, first_lyapunov_coefficient, crossing_speed; spectral_gap: lower bound of |Re λ| over
    the other eigenvalues of A (None when n = 2); equilibrium: n balls, or None for x* = 0. The rest are
    the numbers of the verified inequalities (FORMAT.md, section 6, "bounds").
    """

    pair: int
    parameter: arb
    omega: arb
    first_lyapunov_coefficient: arb
    crossing_speed: arb
    unstable_eigenvalues: int
    stable_eigenvalues: int
    criticality: str
    spectral_gap: arb | None
    equilibrium: list[arb] | None
    eigenvalue: acb
    disc_radius: arb
    isolation: arb
    separation: arb | None
    delta_right: arb
    delta_left: arb
    pq_defect: arb
    q_norm_squared: arb
    im_S: arb
    resolvent_gap: arb | None


@dataclass(frozen=True)
class Undecided:
    """A parameter enclosure in which something stayed open. omega: where a pair is concerned."""

    parameter: arb
    failure: Failure
    omega: arb | None = None
    first_lyapunov_coefficient: arb | None = None


@dataclass(frozen=True)
class ZeroBranchProof:
    """The classification of the branch over all real γ.

    points, undecided, real_crossings: in no particular order; a crossing is (block, parameter); spectrum, basis
    None when no eigenbasis was verified, and then axis_bound bounds |γ| for every γ with an eigenvalue on the axis.
    """

    points: list[ZeroBranchPointProof]
    undecided: list[Undecided]
    real_crossings: list[tuple[int, arb]]
    spectrum: Spectrum | None
    axis_bound: arb
    basis: Basis | None = None


def prove_zero_branch(
    W: arb_mat,
    bias: list[arb] | None,
    normal_form: ZeroBranchNormalForm,
    witness: Witness | None,
    degenerate: Failure | None,
    progress: Progress,
) -> ZeroBranchProof:
    """Apply Method S at the working precision in force. Never raises for mathematical reasons.

    W, bias: balls of W⁰ and b (with their boxes), None for b = 0; witness: untrusted; degenerate: a reason known in
    advance why ℓ1 cannot be nonzero (exact antisymmetry), reported with every point.
    """
    axis_bound = largest(sum((abs(x) for x in row), arb(0)) for row in W.table())
    if witness is None:
        failure = Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
        return _nothing(axis_bound, degenerate or failure)
    try:
        progress("spectrum", 0, 1)
        basis = prepare_basis(witness, BOUND_BITS)
        spectrum = enclose_spectrum(W, witness, basis, by_entries=False, bits=BOUND_BITS)
    except ProofFailure as error:
        return _nothing(axis_bound, degenerate or error.failure)
    progress("spectrum", 1, 1)
    separated: dict[int, arb | None] = {}
    undecided: list[Undecided] = []
    real_crossings: list[tuple[int, arb]] = []
    for k in range(len(spectrum.d)):
        gap, nearest = real_part_separation(spectrum, k)
        if gap is not None and not proves_positive(gap):
            undecided.append(_not_separated(normal_form, spectrum, k, nearest, degenerate))
        elif k >= spectrum.m:
            real_crossings.append((k, _parameter(spectrum, k)))
        elif not proves_positive(smallest([spectrum.d[k].imag - spectrum.g[k]])):
            failure = Failure(
                FailureCode.EIGENVALUE_TYPE, "the eigenvalue could be a complex pair or two real eigenvalues"
            )
            undecided.append(Undecided(_parameter(spectrum, k), failure))
        elif degenerate is not None:
            undecided.append(Undecided(_parameter(spectrum, k), degenerate, _omega(normal_form, spectrum, k)))
        else:
            separated[k] = gap
    points, open_points = _hopf_points(spectrum, witness, bias, normal_form, separated, progress)
    return ZeroBranchProof(points, undecided + open_points, real_crossings, spectrum, axis_bound, basis)


def _nothing(axis_bound: arb, failure: Failure) -> ZeroBranchProof:
    whole = Undecided(arb(0, axis_bound), failure)
    return ZeroBranchProof([], [whole], [], None, axis_bound)


def _parameter(spectrum: Spectrum, k: int) -> arb:
    return -arb(spectrum.d[k].real, spectrum.g[k])


def _omega(normal_form: ZeroBranchNormalForm, spectrum: Spectrum, k: int) -> arb:
    return abs(normal_form.sigma_at_zero()[0]) * arb(spectrum.d[k].imag, spectrum.g[k])


def _not_separated(
    normal_form: ZeroBranchNormalForm, spectrum: Spectrum, k: int, nearest: int | None, degenerate: Failure | None
) -> Undecided:
    kinds = sorted("pair" if block < spectrum.m else "real" for block in (k, nearest or 0))
    meaning = {
        ("pair", "pair"): "two complex pairs reach the imaginary axis within the same enclosure; a double Hopf "
        "point cannot be excluded",
        ("pair", "real"): "a complex pair and a real eigenvalue reach the imaginary axis within the same enclosure; "
        "a fold-Hopf point cannot be excluded",
        ("real", "real"): "two real eigenvalues reach 0 within the same enclosure",
    }[kinds[0], kinds[1]]
    failure = degenerate or Failure(FailureCode.REAL_PARTS_NOT_SEPARATED, meaning)
    omega = _omega(normal_form, spectrum, k) if k < spectrum.m else None
    return Undecided(_parameter(spectrum, k), failure, omega)


def _hopf_points(
    spectrum: Spectrum,
    witness: Witness,
    bias: list[arb] | None,
    normal_form: ZeroBranchNormalForm,
    separated: dict[int, arb | None],
    progress: Progress,
) -> tuple[list[ZeroBranchPointProof], list[Undecided]]:
    open_points: list[Undecided] = []
    theorem = EigenvectorTheorem(spectrum, BOUND_BITS)
    ks, bounds = [], []
    for k in separated:
        try:
            bounds.append(theorem.bounds(k))
            ks.append(k)
        except ProofFailure as error:
            open_points.append(Undecided(_parameter(spectrum, k), error.failure, _omega(normal_form, spectrum, k)))
    qs, p_bars = enclose_eigenvectors(witness, ks, bounds)
    sigma1 = normal_form.sigma_at_zero()[0]
    conjugate = not proves_positive(sigma1)
    resolvent = None
    if normal_form.quadratic or bias is not None:
        resolvent = Resolvent(spectrum, witness.X, witness.Y)
    points: list[ZeroBranchPointProof] = []
    for index, (k, bound, q, p_bar) in enumerate(zip(ks, bounds, qs, p_bars, strict=True)):
        progress("Hopf points", index, len(ks))
        gamma, omega = _parameter(spectrum, k), _omega(normal_form, spectrum, k)
        if conjugate:  # σ_1 < 0: A q̄ = iω q̄
            q, p_bar = [x.conjugate() for x in q], [x.conjugate() for x in p_bar]
        ell1 = None
        try:
            if not proves_positive(omega):
                raise ProofFailure(FailureCode.NOT_FINITE, "ω is not proved positive")
            lyapunov = enclose_on_zero_branch(
                normal_form, resolvent, gamma, omega, q, p_bar, bound.pq_defect
            )
            ell1 = lyapunov.first_lyapunov_coefficient
            kind = criticality(ell1)
            equilibrium = None
            if bias is not None and resolvent is not None:
                # (−γ* − W⁰)x* = b
                solution, _ = resolvent.solve(acb(-gamma), [acb(b) for b in bias])
                equilibrium = [x.real for x in solution]
        except ProofFailure as error:
            finite = ell1 if ell1 is not None and ell1.is_finite() else None
            open_points.append(Undecided(gamma, error.failure, omega, finite))
            continue
        n_u = unstable_others(spectrum, k, conjugate)
        gap = separated[k]
        points.append(
            ZeroBranchPointProof(
                pair=k,
                parameter=gamma,
                omega=omega,
                first_lyapunov_coefficient=ell1,
                crossing_speed=sigma1,
                unstable_eigenvalues=n_u,
                stable_eigenvalues=spectrum.n - 2 - n_u,
                criticality=kind,
                spectral_gap=None if gap is None else abs(sigma1) * gap,
                equilibrium=equilibrium,
                eigenvalue=acb(
                    arb(spectrum.d[k].real, spectrum.g[k]), arb(spectrum.d[k].imag, spectrum.g[k])
                ),
                disc_radius=spectrum.g[k],
                isolation=spectrum.d[k].imag - spectrum.g[k],
                separation=gap,
                delta_right=bound.delta_right,
                delta_left=bound.delta_left,
                pq_defect=bound.pq_defect,
                q_norm_squared=lyapunov.q_norm_squared,
                im_S=lyapunov.im_S,
                resolvent_gap=lyapunov.resolvent_gap,
            )
        )
    progress("Hopf points", len(ks), len(ks))
    return points, open_points


def unstable_others(spectrum: Spectrum, k: int, sigma1_negative: bool) -> int:
    """n_u: separation is proved, so the sign of σ_1(Re d_j − Re d_k) is that of the eigenvalue."""
    count = 0
    for j, d in enumerate(spectrum.d):
        if j != k and proves_positive(spectrum.d[k].real - d.real if sigma1_negative else d.real - spectrum.d[k].real):
            count += spectrum.multiplicity(j)
    return count


def on_zero_branch(field: FieldBalls, normal_form: ZeroBranchNormalForm, gamma: arb, x: list[arb]) -> bool:
    """Whether every equilibrium (γ, x) in the balls certainly has W(γ)x + b = 0.

    σ' ≠ 0 between 0 and every z_i: then σ(z) = 0 = σ(0) gives z = 0.
    """
    z = field.expand(gamma, x, 0).z[0]
    return all(proves_nonzero(normal_form.slope(y.union(arb(0)))) for y in z)


def widest_relative(proof: ZeroBranchProof) -> Fraction | None:
    """max g_k/‖N‖ as an exact number (for deciding whether to refine), None without a spectrum."""
    if proof.spectrum is None or not proves_positive(proof.spectrum.norm_N):
        return None
    return enclosure(largest(proof.spectrum.g) / proof.spectrum.norm_N)[1]
