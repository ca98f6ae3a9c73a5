"""All Neimark–Sacker points and flips of x ↦ ρx + ησ(V(γ)x + b) and x ↦ ρx + ηV(γ)σ(x) where the argument of σ is 0.

With the discs K_k of Theorem A for W and the law m(γ) of its eigenvalues (`circle_law`):

N1  V(γ)x + b = 0 with ρ = 1, or b = 0 and x = 0;
N2  if K_k is disjoint from the other discs and their multipliers are off the circle at γ*, the pair is simple, alone;
N3  Re m is neither 0 nor, where σ''(0) ≠ 0, −1/2;  N4  d = Re(m̄ dm/dγ) ≠ 0;
N5  Theorem B and the closed form (`symbolic.circle_branch`); flips the same with m = −1.

Arithmetic: balls only (MATHEMATICS.md, section 22).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import (
    current_precision,
    largest,
    proves_negative,
    proves_nonzero,
    proves_positive,
    smallest,
    square,
)
from ..progress import Progress
from .circle_law import CircleLaw, Crossing, Multipliers, Somewhere
from .eigenvectors import eigenvector_bounds, enclose_pair
from .failure import Failure, FailureCode, ProofFailure
from .normal_form import CircleBranchNormalForm
from .resolvent import Resolvent
from .spectrum import Basis, Spectrum, Witness, enclose_spectrum, prepare_basis
from .zero_eigenvalues import all_zero

ROOM = 16  # radii of an enclosure around the one that will be printed


@dataclass(frozen=True)
class CirclePointProof:
    """One proved point, at a crossing of the circle by a pair or at −1 by a real multiplier.

    other: γ of the other crossing of the block; speed: d; coefficient: a or c; eigenvalue: μ; S: over p^H q; sine,
    isolation: lower bounds of |sin θ| and of Im μ (pairs); resolvent_gap: β of Lemma C, where σ''(0) ≠ 0.
    """

    crossing: Crossing
    other: arb
    pair: bool
    theta: arb
    speed: arb
    coefficient: arb
    equilibrium: list[arb] | None
    eigenvalue: acb
    disc_radius: arb
    isolation: arb
    delta_right: arb
    delta_left: arb
    pq_defect: arb
    q_norm_squared: arb
    S: acb
    resolvent_gap: arb | None

    @property
    def parameter(self) -> arb:
        return self.crossing.parameter

    @property
    def sine(self) -> arb:
        return smallest([abs(self.crossing.multiplier.imag)])


@dataclass(frozen=True)
class Undecided:
    """A parameter enclosure in which something stayed open. pair: whether it would be the point of a pair (False: a
    flip, None: neither)."""

    parameter: arb
    failure: Failure
    pair: bool | None = None


@dataclass(frozen=True)
class CircleBranchProof:
    """The classification over all real γ. real: crossings at 1; multipliers:
    None where no eigenbasis was verified; beyond: crossings that are in no list have |γ| ≥ this
    (None: there are none)."""

    points: list[CirclePointProof]
    undecided: list[Undecided]
    real: list[Crossing]
    multipliers: Multipliers | None
    beyond: tuple[arb, Failure] | None

    @property
    def spectrum(self) -> Spectrum | None:
        return None if self.multipliers is None else self.multipliers.spectrum


def prove_circle_branch(
    W: arb_mat,
    bias: list[arb] | None,
    law: CircleLaw,
    normal_form: CircleBranchNormalForm,
    witness: Witness | None,
    degenerate: Failure | None,
    progress: Progress,
    dimension: Callable[[], int],
) -> CircleBranchProof:
    """Apply the method at the working precision in force. Never raises for mathematical reasons.

    bias: b, None for 0; degenerate: a reason known in advance why no point is nondegenerate, reported with every one;
    dimension: of the kernel of W.
    """
    nothing = Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found")
    try:
        if witness is None:
            raise ProofFailure(nothing.code, nothing.reason)
        progress("spectrum", 0, 1)
        basis = prepare_basis(witness)
        spectrum = enclose_spectrum(W, witness, basis, by_entries=False)
    except ProofFailure as error:
        where = law.all_crossings(largest(sum((abs(x) for x in row), arb(0)) for row in W.table()))
        failure = degenerate or error.failure
        if where.parameter is None:
            return CircleBranchProof([], [], [], None, (where.far, failure))
        return CircleBranchProof([], [Undecided(where.parameter, failure)], [], None, None)
    progress("spectrum", 1, 1)
    multipliers = Multipliers(law, spectrum)
    found = CircleBranchProof([], [], [], multipliers, None)
    ways = _Ways(multipliers, normal_form, basis, bias, degenerate)
    far: list[arb] = []
    near_zero: list[int] = []
    for k in range(len(spectrum.d)):
        progress("points", k, len(spectrum.d))
        crossings = multipliers.crossings(k)
        if isinstance(crossings, Somewhere):
            if crossings.parameter is None:  # K_k holds 0
                near_zero.append(k)
            if crossings.parameter is not None:
                reason = "the multipliers of a pair touch the unit circle, or nearly so"
                failure = Failure(FailureCode.CIRCLE_NOT_CROSSED, reason)
                found.undecided.append(Undecided(crossings.parameter, failure))
            elif crossings.far.is_finite():
                far.append(crossings.far)
            continue
        for crossing in crossings:
            other = next(x.parameter for x in crossings if x is not crossing)
            _settle(found, ways, crossing, other)
    progress("points", len(spectrum.d), len(spectrum.d))
    if not far or all_zero(spectrum, near_zero, dimension):
        return found
    reason = "an eigenvalue of W may be 0; if it is not, it gives a multiplier on the unit circle for a large γ"
    beyond = smallest(far), Failure(FailureCode.EIGENVALUE_ENCLOSES_ZERO, reason)
    return CircleBranchProof(found.points, found.undecided, found.real, multipliers, beyond)


@dataclass(frozen=True)
class _Ways:
    """What all points share."""

    multipliers: Multipliers
    normal_form: CircleBranchNormalForm
    basis: Basis
    bias: list[arb] | None
    degenerate: Failure | None

    @property
    def resolvent(self) -> Resolvent:
        return Resolvent(self.multipliers.spectrum, self.basis.witness.X, self.basis.witness.Y)


def _settle(found: CircleBranchProof, ways: _Ways, crossing: Crossing, other: arb) -> None:
    """Add what a crossing is to a list."""
    isolated, pair = ways.multipliers.isolated[crossing.block], crossing.block < ways.multipliers.spectrum.m
    at_one = not pair and isolated and proves_positive(crossing.multiplier.real)
    kind = None if at_one else pair or (False if isolated else None)
    try:
        _require_alone(ways.multipliers, crossing, other)
        if at_one:
            found.real.append(crossing)
            return
        if ways.degenerate is not None:
            raise ProofFailure(ways.degenerate.code, ways.degenerate.reason)
        found.points.append(_point(ways, crossing, other))
    except ProofFailure as error:
        found.undecided.append(Undecided(crossing.parameter, error.failure, kind))


def _require_alone(multipliers: Multipliers, crossing: Crossing, other: arb) -> None:
    """N2, or what belongs to it of a real multiplier, over a window that is wider than the enclosure of γ*. Raises
    ProofFailure."""
    k, gamma, spectrum = crossing.block, crossing.parameter, multipliers.spectrum
    if not (gamma.is_finite() and other.is_finite()):
        raise ProofFailure(FailureCode.NOT_FINITE, "an enclosure of γ* is not finite")
    if k < spectrum.m and not proves_positive(spectrum.d[k].imag - spectrum.g[k]):
        reason = "the eigenvalue could be a complex pair or two real eigenvalues"
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, reason)
    room = ROOM * gamma.rad() + abs(gamma.mid()) * arb(2) ** (24 - current_precision())
    window = arb(gamma.mid(), room.upper())
    alone = multipliers.isolated[k] and multipliers.others(k, window) is not None
    if not alone or window.overlaps(arb(other.mid(), ROOM * other.rad())):
        reason = "several multipliers reach the unit circle within the same enclosure"
        raise ProofFailure(FailureCode.SEVERAL_ON_CIRCLE, reason)


def _point(ways: _Ways, crossing: Crossing, other: arb) -> CirclePointProof:
    """N3 to N5, or P3 and P4. Raises ProofFailure."""
    law, spectrum, form, k = ways.multipliers.law, ways.multipliers.spectrum, ways.normal_form, crossing.block
    pair, m = k < spectrum.m, crossing.multiplier
    alpha, beta = ways.multipliers.parts[k]
    if pair:
        _require_no_strong_resonance(m, form.quadratic)
    speed = law.speed(m, alpha, beta) * (1 if pair else -1)  # at −1 ln|m| moves against m
    if not proves_nonzero(speed):
        raise ProofFailure(FailureCode.CIRCLE_NOT_CROSSED, "the speed of the multiplier is not proved nonzero")
    bounds = eigenvector_bounds(spectrum, k)
    if not proves_positive(1 - bounds.pq_defect):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "p^H q is not proved nonzero")
    q, p_bar = enclose_pair(ways.basis, k, bounds)
    defect = bounds.pq_defect
    pq = acb(arb(1, defect), arb(0, defect)) if pair else acb(arb(1, defect))
    S, norm_squared = form.lyapunov_sums(p_bar, q)
    S = S / pq
    if not proves_positive(norm_squared):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    U, gap = _quadratic_part(ways, crossing, q, p_bar, pq) if form.quadratic else (acb(0), None)
    c1 = form.normal_form_coefficient(law.step, law.eigenvalue(m), S, U, norm_squared)
    coefficient = (m.conjugate() * c1).real if pair else c1.real / 3
    if not proves_nonzero(coefficient):
        name = "a of the Neimark–Sacker point" if pair else "c of the flip"
        raise ProofFailure(FailureCode.COEFFICIENT_ENCLOSES_ZERO, f"the coefficient {name} encloses 0")
    equilibrium = None
    if ways.bias is not None:  # (−γ − W)x = b
        solution, _ = ways.resolvent.solve(acb(-crossing.parameter), [acb(b) for b in ways.bias])
        equilibrium = [x.real for x in solution]
    return CirclePointProof(
        crossing=crossing,
        other=other,
        pair=pair,
        theta=acb(m.real, abs(m.imag)).arg(),
        speed=speed,
        coefficient=coefficient,
        equilibrium=equilibrium,
        eigenvalue=acb(alpha, beta),
        disc_radius=spectrum.g[k],
        isolation=spectrum.d[k].imag - spectrum.g[k],
        delta_right=bounds.delta_right,
        delta_left=bounds.delta_left,
        pq_defect=defect,
        q_norm_squared=norm_squared,
        S=S,
        resolvent_gap=gap,
    )


def _require_no_strong_resonance(m: acb, quadratic: bool) -> None:
    """e^(ikθ) ≠ 1 for k = 1, 2, 4, which leaves no trace in the formula of a, and for k = 3 where B ≠ 0."""
    if not proves_positive(abs(m.imag)):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "sin θ is not proved positive")
    if quadratic and not proves_nonzero(2 * m.real + 1):
        raise ProofFailure(FailureCode.STRONG_RESONANCE, "a strong resonance 1:3: cos θ = −1/2 is not excluded")
    if not proves_nonzero(m.real):
        raise ProofFailure(FailureCode.STRONG_RESONANCE, "a strong resonance 1:4: cos θ = 0 is not excluded")


def _quadratic_part(
    ways: _Ways, crossing: Crossing, q: list[acb], p_bar: list[acb], pq: acb
) -> tuple[acb, arb]:
    """U over p^H q, and β of Lemma C for both systems. Raises ProofFailure."""
    zeta_1, zeta_2, z_1, z_2 = ways.multipliers.law.poles(crossing)
    resolvent, squares = ways.resolvent, [x * x for x in q]
    g, beta_g = resolvent.solve(z_1, [acb(square(x.real) + square(x.imag)) for x in q])
    h, beta_h = resolvent.solve(z_2, squares)
    U = ways.normal_form.quadratic_sum(zeta_1, zeta_2, p_bar, q, g, h) / pq
    return U, smallest([beta_g, beta_h])


def supercritical(point: CirclePointProof) -> bool:
    """a < 0, or c > 0."""
    return proves_negative(point.coefficient) if point.pair else proves_positive(point.coefficient)
