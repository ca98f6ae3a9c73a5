"""Where a simple eigenvalue crosses a locus, the imaginary axis of a flow, along a verified branch: slope and Newton.

Slope. With p, q of Theorem B and x'(γ) = −A⁻¹∂_γf (Lemma C),

    λ'(γ) = p^H ((∂_γA) q + B(q, x'(γ))) / p^H q.

Crossing. If over Γ the branch is verified, every disc but that of the pair k is clear of the axis, K_k is isolated and
Re λ'(Γ) excludes 0, at most one γ ∈ Γ has an eigenvalue on the axis; if Γ* = γ̃ − Re λ(γ̃)/Re λ'(Γ) lies in Γ, there is
exactly one, in Γ* (MATHEMATICS.md, section 10; FORMAT.md, section 12). Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import (
    current_precision,
    enclosure,
    proves_nonzero,
    proves_positive,
    working_precision,
)
from ..numbers.decimals import enclosure_decimals
from .eigenvectors import EigenvectorBounds, eigenvalue_of, eigenvector_bounds, enclose_pair
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .locus import IMAGINARY_AXIS, Locus, require_clear, require_isolated
from .resolvent import Resolvent
from .spectrum import Basis, Spectrum
from .tube import BranchWitness, Tube, contained, enclose_branch

WINDOW_BITS = 96  # of what holds over a whole window


@dataclass(frozen=True)
class Slope:
    """λ'(γ) with the eigenvectors it was computed from; gap_0: β of Lemma C for A⁻¹."""

    value: acb
    bounds: EigenvectorBounds
    q: list[acb]
    p_bar: list[acb]
    pq: acb
    gap_0: arb


@dataclass(frozen=True)
class Crossing:
    """The only γ in ``tube.Gamma`` at which an eigenvalue is on the locus. parameter: Γ*; slope: d/dγ level(λ) over Γ;
    level: level(λ(γ̃)).

    clearance: lower bound of |s(d_j)| − g_j over Γ outside the block k, None when there is no other.
    """

    tube: Tube
    k: int
    slope: arb
    level: arb
    parameter: arb
    clearance: arb | None


def enclose_slope(
    field: FieldBalls, basis: Basis, spectrum: Spectrum, expansion: Expansion, k: int, slope: list[arb] | None = None
) -> Slope:
    """λ' of the block k over the boxes of ``expansion`` (of order at least 2). Raises ProofFailure.

    slope: any exact x̃' near x', for a smaller right-hand side: x' = x̃' + y, −Ay = Ax̃' + ∂_γf.
    """
    bounds = eigenvector_bounds(spectrum, k)
    q, p_bar = enclose_pair(basis, k, bounds)
    if not proves_positive(1 - bounds.pq_defect):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "p^H q is not proved nonzero")
    imaginary = bounds.pq_defect if k < spectrum.m else arb(0)
    pq = acb(arb(1, bounds.pq_defect), arb(0, imaginary))
    resolvent = Resolvent(spectrum, basis.witness.X, basis.witness.Y)
    # (0 − A)x' = ∂_γ f; for a real k on the axis (trivial branch) ∂_γ f is exactly 0 and so is x'
    f_gamma = field.parameter_derivative(expansion)
    if all(x.is_zero() for x in f_gamma):
        derivative, gap_0 = [acb(0)] * basis.n, arb(0)
    elif slope is None:
        derivative, gap_0 = resolvent.solve(acb(0), f_gamma)
    else:
        y, gap_0 = resolvent.solve(acb(0), [acb(v) for v in field.tangent(expansion, slope)[1]])
        derivative = [a + b for a, b in zip(slope, y, strict=True)]
    moving = field.B(expansion, q, [acb(x.real) for x in derivative])
    turned = [x + y for x, y in zip(field.jacobian_parameter(expansion, q), moving, strict=True)]
    value = sum((p * v for p, v in zip(p_bar, turned, strict=True)), acb(0)) / pq
    return Slope(value, bounds, q, p_bar, pq, gap_0)


def speed_across(spectrum: Spectrum, k: int, slope: Slope, locus: Locus = IMAGINARY_AXIS) -> arb:
    """d/dγ level(λ) of the block k over the boxes of its slope."""
    d, g = spectrum.d[k], spectrum.g[k]
    value = acb(arb(d.real, g), arb(d.imag, g if k < spectrum.m else 0))
    return locus.speed(value, slope.value)


def prove_crossing(
    field: FieldBalls, basis: Basis, witness: BranchWitness, Gamma: arb, k: int, locus: Locus = IMAGINARY_AXIS
) -> Crossing:
    """Exactly one γ ∈ Γ has an eigenvalue on the locus, that of the block k. Raises ProofFailure.

    k: a pair (Hopf), or a real block on the trivial branch (then the eigenvalue 0).
    """
    bits = current_precision()
    with working_precision(min(WINDOW_BITS, bits)):  # its balls are wide anyway
        tube = enclose_branch(field, basis.coarse(), witness, Gamma, centre_bits=bits)
        gap = require_clear(tube.spectrum, k, locus)
        require_isolated(tube.spectrum, k)
        over_window = enclose_slope(field, tube.basis, tube.spectrum, tube.expansion, k, witness.slope)
        slope = speed_across(tube.spectrum, k, over_window, locus)
    require_transversal(slope, locus)
    # a ball of its own: a field may keep what it made of another one at fewer bits
    A = field.jacobian(tube.expand(field, arb(witness.gamma), 1))
    level = locus.level(eigenvalue_of(A, basis, tube.spectrum, over_window.bounds, k))
    parameter = witness.gamma - level / slope
    if not contained(parameter, Gamma):
        raise ProofFailure(FailureCode.NO_CROSSING, "the interval Newton step leaves the parameter window")
    return Crossing(tube, k, slope, level, parameter, gap)


def require_transversal(slope: arb, locus: Locus = IMAGINARY_AXIS) -> None:
    """The speed is not 0, with room for a checker that bounds it in another way: also when its radius is doubled."""
    if not proves_nonzero(arb(slope, slope.rad())):
        what = "speed Re λ' of the eigenvalue" if locus is IMAGINARY_AXIS else "speed of the multiplier"
        raise ProofFailure(locus.not_crossed, f"the {what} is not proved nonzero: it lies in {shown(slope)}")


def shown(x: arb) -> str:
    """An enclosure for people, rounded outward."""
    if not x.is_finite():
        return "(−∞, ∞)"
    return f"[{', '.join(enclosure_decimals(*enclosure(x)))}]"
